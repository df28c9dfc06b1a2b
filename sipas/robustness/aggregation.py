r"""An index as a two-level mean of statement rates, for many sets of statements at once.

Statements are averaged within parts, then parts are averaged: dimensions of an index, each
statement a part of its own (pooled), or one part whose statements weigh their maximum points.
Every set of statements kept is one row of a matrix, so leaving each out in turn is one product.
"""

from __future__ import annotations

import numpy as np

from survey.scores import Floats


def aggregated(
    rates: Floats, kept: Floats, parts: Floats, *, geometric: bool
) -> tuple[Floats, Floats]:
    r"""Average rates within parts and then over parts, with the derivatives.

    Parameters
    ----------
    rates : (J,) float
        Statement rates.
    kept : (L, J) float
        1 where a set holds a statement, else 0; every set holds one.
    parts : (D, J) float
        Weight of each statement inside each part; 0 where it does not belong.
    geometric : bool
        Geometric instead of arithmetic mean of the parts.

    Returns
    -------
    value : (L,) float
        The index on each set. A part without statements left is no part.
    gradient : (L, J) float
        Its derivatives by the rates; missing where a geometric mean is 0.

    Notes
    -----
    With part means :math:`m_d = \sum_j a_{dj} r_j / \sum_j a_{dj}` and *D* parts,
    :math:`D^{-1} \sum_d m_d`, or :math:`G = \exp(D^{-1} \sum_d \log m_d)` with
    :math:`\partial G / \partial r_j = G D^{-1} \sum_d a_{dj} / (m_d \sum_j a_{dj})`.

    Examples
    --------
    >>> value, gradient = aggregated(np.array([90.0, 70.0, 20.0]), np.ones((1, 3)),
    ...                              np.array([[1.0, 1, 0], [0, 0, 1]]), geometric=True)
    >>> value, gradient
    (array([40.]), array([[0.125, 0.125, 1.   ]]))
    """
    size = kept @ parts.T
    there = size > 0
    share = there / there.sum(axis=1, keepdims=True)
    inside = np.divide(share, size, out=np.zeros_like(share), where=there)
    if not geometric:
        weights = kept * (inside @ parts)
        return weights @ rates, weights
    means = np.divide((kept * rates) @ parts.T, size, out=np.ones_like(size), where=there)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.exp((share * np.log(means)).sum(axis=1))
        gradient = value[:, None] * kept * ((inside / means) @ parts)
    return value, np.where(value[:, None] > 0, gradient, np.nan)
