r"""The least movement between ordered answers that turns one distribution into another.

Two surveys show how the shares of the answers changed, not who changed an answer. The smallest
movement that accounts for the shares is what optimal transport finds, and on a line it is one
plan for every convex cost: answers keep their order. Pure functions on arrays.
"""

from __future__ import annotations

import numpy as np

from survey.scores import Floats


def transport_plan(first: Floats, second: Floats) -> Floats:
    r"""Net flow from each answer to each other one.

    Parameters
    ----------
    first, second : (..., L) float
        Shares of the L ordered answers, lowest first; each row adds up to 1.

    Returns
    -------
    (..., L, L) float
        Share that goes from answer *j* (first) to answer *k* (second); rows add up to ``first``,
        columns to ``second``; the diagonal stays.

    Notes
    -----
    The monotone coupling: with cumulative shares *F* and *G*,
    :math:`\pi_{jk} = \max(0, \min(F_j, G_k) - \max(F_{j-1}, G_{k-1}))`. It has the least cost for
    every convex cost of the distance, alone so where that is strictly convex: Villani (2003),
    *Topics in Optimal Transportation*, theorem 2.18. In R: ``transport::transport1d``.

    Examples
    --------
    >>> transport_plan(np.array([0.1, 0.3, 0.6]), np.array([0.3, 0.3, 0.4])).round(4)
    array([[0.1, 0. , 0. ],
           [0.2, 0.1, 0. ],
           [0. , 0.2, 0.4]])
    """
    upto_first, upto_second = np.cumsum(first, axis=-1), np.cumsum(second, axis=-1)
    highest = np.minimum(upto_first[..., :, None], upto_second[..., None, :])
    start_first, start_second = upto_first - first, upto_second - second
    lowest = np.maximum(start_first[..., :, None], start_second[..., None, :])
    return np.asarray(np.maximum(highest - lowest, 0.0))
