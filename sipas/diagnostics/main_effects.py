r"""How much of the variation of a composite goes with one of its parts.

The first-order effect, Pearson's correlation ratio :math:`S_d = V(E[y \mid x_d]) / V(y)`, says
what weight a part has in effect: Paruolo, Saisana & Saltelli (2013), *JRSS A* 176, 609–634.
:math:`E[y \mid x_d]` is fitted here by weighted isotonic regression: a composite does not fall
when a part of it rises, and a monotone fit has no bandwidth to choose.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import isotonic_regression

from survey.scores import Floats

#: Decimals to which values of a part are told apart.
DIGITS = 9


def main_effects(part: Floats, whole: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Share of the variance of a composite that an increasing function of a part explains.

    Parameters
    ----------
    part, whole : (n,) float
        The part and the composite of each respondent.
    weights : (n, R) float
        Sets of weights of the respondents, such as replicates.

    Returns
    -------
    isotonic, linear : (R,) float
        The shares under the best increasing function and under the best line; missing where
        the composite does not vary.

    Examples
    --------
    >>> part, other = np.array([0.0, 0, 1, 1]), np.array([0.0, 1, 0, 1])
    >>> main_effects(part, 3 * part + other, np.ones((4, 1)))
    (array([0.9]), array([0.9]))
    """
    levels, place = np.unique(np.round(part, DIGITS), return_inverse=True)
    n = len(part)
    to_levels = sparse.csr_array((np.ones(n), (place, np.arange(n))), shape=(len(levels), n))
    size = np.asarray((to_levels @ weights).T)
    sums = np.asarray((to_levels @ (weights * whole[:, None])).T)
    total = size.sum(axis=1, keepdims=True)
    centre = sums.sum(axis=1, keepdims=True) / total
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.where(size > 0, sums / size, 0.0) - centre * (size > 0)
        variance = (weights.T * (whole - centre) ** 2).sum(axis=1)
        away = levels - (size * levels).sum(axis=1, keepdims=True) / total
        cross = (size * away * means).sum(axis=1)
        linear = cross**2 / (size * away**2).sum(axis=1) / variance
        isotonic = np.array([_explained(*each) for each in zip(means, size, strict=True)])
        return isotonic / variance, linear


def _explained(means: Floats, size: Floats) -> float:
    """Weighted sum of squares of the increasing fit to the means of the levels."""
    there = size > 0
    fit = isotonic_regression(means[there], weights=size[there]).x
    return float((size[there] * fit**2).sum())
