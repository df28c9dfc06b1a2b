r"""Shapley values of R² from every subset of the predictors, by exact Schur complements.

Sweeping predictors out of the correlation matrix one after the other, each time keeping the matrix
with and without the predictor, leaves in the outcome's corner what each subset does not explain.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from survey.scores import Floats, Ints

#: Most predictors for which every subset is taken.
EXACT = 24

#: Subsets taken in one sweep: 2 to this power.
SWEEP = 16


def sweep(matrices: Floats, size: int = 1) -> Floats:
    """Follow each matrix without its first rows by the same with them swept out, (2N, q, q)."""
    head, side, rest = (
        matrices[:, :size, :size],
        matrices[:, :size, size:],
        matrices[:, size:, size:],
    )
    across = side / head if size == 1 else np.linalg.solve(head, side)
    return np.concatenate([rest, rest - np.swapaxes(side, 1, 2) @ across])


class Shares(NamedTuple):
    """Weight of a subset of each size: in what it holds, and in what it lacks."""

    held: Floats
    lacking: Floats


def subset_weights(p: int) -> Shares:
    """Give (s−1)!(p−s)!/p! for subsets that hold a predictor, s!(p−s−1)!/p! for the others."""
    size = np.arange(p + 1)
    choose = np.ones(p + 1)
    for s in range(1, p + 1):
        choose[s] = choose[s - 1] * (p - s + 1) / s
    held = np.where(size > 0, 1.0 / (np.maximum(size, 1) * choose), 0.0)
    lacking = np.where(size < p, 1.0 / (np.maximum(p - size, 1) * choose), 0.0)
    return Shares(held, lacking)


def shapley(matrices: Floats) -> Floats:
    r"""LMG of matrices (N, p + 1, p + 1) whose last row is the outcome, shape (N, p).

    With :math:`t(S) = R^2(S) \{a_{|S|} + b_{|S|}\}` the value of predictor *j* is
    :math:`\sum_{S \ni j} t(S) - \sum_S b_{|S|} R^2(S)`, and the sums over the subsets that hold
    *j* come from halving the list of subsets once for each predictor.
    """
    p = matrices.shape[1] - 1
    first = max(0, p - SWEEP)
    blocks = []
    for whole in [matrix[None] for matrix in matrices] if first else [matrices]:
        heads, held = whole, np.zeros(1, dtype=np.int64)
        for _ in range(first):
            heads, held = sweep(heads), np.concatenate([held, held + 1])
        blocks.append(_summed(whole, heads, held, first))
    return np.concatenate(blocks)


def _summed(whole: Floats, heads: Floats, held: Ints, first: int) -> Floats:
    """Sum over the subsets beneath each head: those that hold a predictor, less all."""
    p, n_heads = whole.shape[1] - 1, len(held)
    weights = subset_weights(p)
    step = max(1, 2**SWEEP // 2 ** (p - first))
    beneath = np.zeros((len(heads), p - first))
    total, lacking = np.zeros(len(heads)), np.zeros(len(heads))
    outcome = np.tile(whole[:, -1, -1], n_heads)
    size_of = np.repeat(held, len(whole))
    for start in range(0, len(heads), step):
        part = slice(start, start + step)
        r2, size = _subsets(heads[part], outcome[part], size_of[part])
        t = r2 * (weights.held + weights.lacking)[size]
        lacking[part] = (r2 * weights.lacking[size]).sum(axis=0)
        total[part] = t.sum(axis=0)
        beneath[part] = _halved(t)
    upper = _halved(total.reshape(n_heads, len(whole)))
    lower = beneath.reshape(n_heads, len(whole), -1).sum(axis=0)
    missing = lacking.reshape(n_heads, len(whole)).sum(axis=0)
    return np.asarray(np.concatenate([upper, lower], axis=1) - missing[:, None])


def _subsets(heads: Floats, outcome: Floats, size: Ints) -> tuple[Floats, Ints]:
    """R² and size of every subset beneath each of N heads, shapes (subsets, N)."""
    n, batch, held = len(heads), heads, size
    for _ in range(heads.shape[1] - 1):
        batch, held = sweep(batch), np.concatenate([held, held + 1])
    return 1.0 - batch.reshape(-1, n) / outcome, held.reshape(-1, n)


def _halved(t: Floats) -> Floats:
    """Sum *t* (2^k, N) over the subsets that hold each of k predictors, shape (N, k).

    The predictor swept last splits the list in two halves; added up, they are the list of the
    others.
    """
    sums = []
    while len(t) > 1:
        half = len(t) // 2
        sums.append(t[half:].sum(axis=0))
        t = t[:half] + t[half:]
    return np.stack(sums[::-1], axis=1) if sums else np.zeros((t.shape[1], 0))
