"""LMG from orders drawn at random, in pairs of an order and its reverse.

One Cholesky factor of the reordered correlations holds all increments of an order.
"""

from __future__ import annotations

import numpy as np

from survey.scores import Floats, Ints

#: Numbers held at a time while orders are factored.
BLOCK = 4_000_000


def draw_orders(p: int, pairs: int, seed: int) -> Ints:
    """Draw orders, each followed by its reverse, shape (pairs, 2, p)."""
    rng = np.random.default_rng(seed)
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


def by_orders(matrices: Floats, orders: Ints) -> Floats:
    """LMG estimated from drawn orders, shape (N, p)."""
    return np.asarray(increments(matrices, orders).mean(axis=1))
