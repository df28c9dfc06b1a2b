r"""Confidence sets for ranks from all differences at once.

The rank of *j* is one more than the number of units above it. If every difference that is called
real is real, with the confidence stated, so is the count of the units surely above *j*, and that
of those surely below:

.. math:: r_j \in \{\#\{k: \hat\theta_k \gg \hat\theta_j\} + 1, \dots,
   p - \#\{k: \hat\theta_k \ll \hat\theta_j\}\}.

A difference is called real when its studentised value exceeds a quantile of the largest that
would arise if none were real. The quantile is over the differences of one unit (marginal sets) or
of all pairs (joint sets), and is taken anew over the hypotheses left until nothing more is
rejected: :math:`\theta_j \le \theta_k` and :math:`\theta_k \le \theta_j` are two hypotheses.
Mogstad, Romano, Shaikh & Wilhelm (2024), *Review of Economic Studies* 91, 476–518, section 3;
Romano & Wolf (2005), *Econometrica* 73, 1237–1282.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri, stdtr

from survey.ranks.differences import Compared, gaps, ratios
from survey.ranks.drawn_estimates import PLENTY, blocks
from survey.scores import Bools, Floats, Ints


def rank_limits(
    compared: Compared, drawn: Floats, level: float, *, joint: bool
) -> tuple[Ints, Ints]:
    """Find the ends of the rank sets, with rank 1 for the highest, shape (K,) each.

    Parameters
    ----------
    compared : Compared
        The estimates.
    drawn : (draws, K) float
        Sampling errors drawn with their covariance.
    level : float
        Confidence.
    joint : bool
        Hold all ranks at once, or each for itself.
    """
    observed = normal_scores(compared)
    se = np.sqrt(compared.variance)
    above = np.isposinf(observed)
    below = np.isneginf(observed)
    while True:
        bound = critical(drawn, se, above, below, level, joint=joint)
        more, less = observed > bound[:, None], -observed > bound[:, None]
        if not ((more & ~above) | (less & ~below)).any():
            break
        above, below = above | more, below | less
    size = len(observed)
    return below.sum(axis=1) + 1, size - above.sum(axis=1)


def normal_scores(compared: Compared) -> Floats:
    """Studentised differences, each as the normal deviate with the tail that its t has."""
    t = ratios(gaps(compared.point), np.sqrt(compared.variance))
    few = np.isfinite(t) & (compared.difference_df < PLENTY)
    tail = stdtr(compared.difference_df[few], -np.abs(t[few]))
    made = t.copy()
    made[few] = np.copysign(-ndtri(tail), t[few])
    return made


def critical(
    drawn: Floats, se: Floats, above: Bools, below: Bools, level: float, *, joint: bool
) -> Floats:
    """Quantile of the largest difference over the hypotheses left, for each unit, shape (K,).

    ``above[j, k]`` and ``below[j, k]``: it is settled that *j* is above, below *k*.
    """
    scale = np.where(se > 0.0, se, np.inf)
    upward, downward = np.where(above, -np.inf, 0.0), np.where(below, -np.inf, 0.0)
    largest = np.empty(drawn.shape)
    start = 0
    for count in blocks(len(drawn), len(se)):
        z = gaps(drawn[start : start + count]) / scale
        largest[start : start + count] = np.maximum(z + upward, downward - z).max(axis=-1)
        start += count
    if joint:
        largest = np.broadcast_to(largest.max(axis=1, keepdims=True), largest.shape)
    return np.asarray(np.quantile(largest, level, axis=0, method="higher"))


def drawn_ranks(drawn: Floats) -> Ints:
    """Rank of each in every draw, 1 for the highest, shape (draws, K); the better of tied ones."""
    from scipy import stats

    return np.asarray(stats.rankdata(-drawn, method="min", axis=1), dtype=np.int64)


def third_shares(ranks: Ints) -> Floats:
    r"""Share of draws in which each is in the top, middle and bottom third, shape (K, 3).

    Rank *r* of *p* is in third :math:`\lceil 3r/p \rceil`: of 34, 11, 11 and 12.
    """
    third = -(-3 * ranks // ranks.shape[1])
    return np.stack([(third == k).mean(axis=0) for k in (1, 2, 3)], axis=1)
