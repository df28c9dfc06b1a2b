"""LMG from orders drawn at random, in pairs of an order and its reverse.

One Cholesky factor of the reordered correlations holds all increments of an order. What drawing
leaves uncertain is estimated from the spread between pairs, and pairs are added until it is a
tenth of the standard error.
"""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

import numpy as np

from survey.importance.replicate_errors import ReplicateMatrices
from survey.scores import Floats, Ints

#: Numbers held at a time while orders are factored.
BLOCK = 4_000_000

#: The error of drawing orders may be this share of the standard error.
TOLERATED = 0.1

#: Most pairs of orders drawn, and most drawn times replicates (half a minute's work).
MOST, MOST_WORK = 20_000, 1_000_000

#: Pairs of orders that replicates share, before more are needed.
SHARED = 200


class Drawn(NamedTuple):
    """LMG of one matrix, (p,), covariance of its error of drawing, (p, p), and the pairs drawn."""

    value: Floats
    covariance: Floats
    pairs: int


class DrawnChanges(NamedTuple):
    """Changes of LMG in N replicates and the variance left by drawing, (N, p); the pairs drawn."""

    value: Floats
    variance: Floats
    pairs: int


def draw_orders(p: int, pairs: int, rng: np.random.Generator) -> Ints:
    """Draw orders, each followed by its reverse, shape (pairs, 2, p)."""
    drawn = rng.permuted(np.tile(np.arange(p), (pairs, 1)), axis=1)
    return np.stack([drawn, drawn[:, ::-1]], axis=1)


def increments(matrices: Floats, orders: Ints) -> Floats:
    """Mean gain of R² in each pair of orders, shape (N, pairs, p).

    The outcome's row in the Cholesky factor of a reordered matrix holds the square roots of what
    each predictor adds.
    """
    p, n = orders.shape[2], len(matrices)
    flat = orders.reshape(-1, p)
    full = np.concatenate([flat, np.full((len(flat), 1), p)], axis=1)
    gains = np.empty((n, len(flat), p))
    step = max(1, BLOCK // (n * (p + 1) ** 2))
    for start in range(0, len(flat), step):
        order = full[start : start + step]
        factor = np.linalg.cholesky(matrices[:, order[:, :, None], order[:, None, :]])
        gain = factor[:, :, -1, :-1] ** 2
        back = np.argsort(order[:, :-1], axis=1)
        gains[:, start : start + step] = np.take_along_axis(gain, back[None], axis=2)
    return np.asarray(gains.reshape(n, -1, 2, p).mean(axis=2))


def by_orders(matrix: Floats, pairs: int, seed: int, variance: Floats | None) -> Drawn:
    """LMG of a matrix (p + 1, p + 1) from at least so many pairs of orders.

    Pairs are added while the error of drawing exceeds its tolerated share of the standard error
    whose square is ``variance``, (p,), but not beyond `MOST`.
    """
    p, rng = len(matrix) - 1, np.random.default_rng(seed)
    found = increments(matrix[None], draw_orders(p, pairs, rng))[0]
    if variance is not None:
        more = _lacking(found.var(axis=0, ddof=1) / pairs, variance, pairs, MOST)
        if more:
            added = increments(matrix[None], draw_orders(p, more, rng))[0]
            found = np.concatenate([found, added])
    covariance = np.atleast_2d(np.cov(found, rowvar=False)) / len(found)
    return Drawn(found.mean(axis=0), covariance, len(found))


def changes_by_orders(found: ReplicateMatrices, whole: Floats, seed: int) -> DrawnChanges:
    r"""Change of LMG from the whole sample's matrix to each replicate's, orders shared by all.

    Sharing cancels most of the error of drawing. What is left adds at most
    :math:`\sum_r c_r \operatorname{var}_r` to the replicate variance, *c* being the replicates'
    constants; pairs are added while that exceeds its tolerated share.
    """
    p, rng = len(whole) - 1, np.random.default_rng(seed)
    both = np.concatenate([whole[None], found.matrices])
    total, squares = _summed_changes(both, draw_orders(p, SHARED, rng))
    made = _mean_change(total, squares, SHARED)
    variance = found.variance(made.value)
    most = min(MOST, MOST_WORK // len(both))
    more = _lacking(found.constants @ made.variance, variance, SHARED, most)
    if not more:
        return made
    added, added_squares = _summed_changes(both, draw_orders(p, more, rng))
    return _mean_change(total + added, squares + added_squares, SHARED + more)


def share_of_error(error: Floats, variance: Floats) -> float:
    """Largest error of drawing in standard errors, from the variances of both, (p,)."""
    known = variance > 0
    return float(np.sqrt((error[known] / variance[known]).max(initial=0.0)))


def _lacking(error: Floats, variance: Floats, pairs: int, most: int) -> int:
    """Pairs to add so that the error falls to its tolerated share, with a tenth to spare."""
    ratio = (share_of_error(error, variance) / TOLERATED) ** 2
    return 0 if ratio <= 1.0 else max(0, min(ceil(1.1 * ratio * pairs), most) - pairs)


def _summed_changes(both: Floats, orders: Ints) -> tuple[Floats, Floats]:
    """Sum, over pairs of orders, changes from the first matrix and their squares, (N − 1, p)."""
    total = np.zeros((len(both) - 1, orders.shape[2]))
    squares = np.zeros_like(total)
    step = max(1, BLOCK // total.size)
    for start in range(0, len(orders), step):
        gain = increments(both, orders[start : start + step])
        change = gain[1:] - gain[:1]
        total += change.sum(axis=1)
        squares += (change**2).sum(axis=1)
    return total, squares


def _mean_change(total: Floats, squares: Floats, pairs: int) -> DrawnChanges:
    """Turn sums over pairs into a mean and the variance of that mean."""
    mean = total / pairs
    return DrawnChanges(mean, (squares / pairs - mean**2) / (pairs - 1), pairs)
