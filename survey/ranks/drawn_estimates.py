"""Draws of estimates around their values, and of the covariances that such samples would give.

A covariance from few PSUs has few ranks. Draws need a root of it only, never its inverse.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import ndtr, stdtrit

from survey.scores import Floats

#: Numbers held at a time while differences are drawn.
BLOCK = 2_000_000
#: Eigenvalues below this share of the largest are rounding error.
NO_RANK = 1e-12
#: More degrees of freedom than this are as good as infinitely many.
PLENTY = 1e6


def root(covariance: Floats) -> Floats:
    """Give a matrix *R* of full column rank with *RR′* the covariance, shape (K, rank).

    Eigenvectors are turned the same way everywhere, so that a seed gives the same draws.
    """
    value, vector = np.linalg.eigh(covariance)
    kept = value > NO_RANK * max(float(value[-1]), 0.0)
    turn = np.where(vector.sum(axis=0) < 0.0, -1.0, 1.0)
    return np.asarray((vector * turn)[:, kept] * np.sqrt(value[kept]))


def blocks(draws: int, size: int) -> Iterator[int]:
    """Divide the draws so that few enough differences of ``size`` estimates are held at once."""
    step = max(1, BLOCK // size**2)
    for start in range(0, draws, step):
        yield min(step, draws - start)


def errors(half: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """Draw sampling errors with covariance *RR′*, shape (draws, K)."""
    return np.asarray(rng.standard_normal((draws, half.shape[1])) @ half.T)


def stretched(error: Floats, se: Floats, df: Floats) -> Floats:
    """Give normal errors the heavier tails of t, each with its own degrees of freedom."""
    few = (df < PLENTY) & (se > 0)
    made = error.copy()
    share = ndtr(error[:, few] / se[few])
    made[:, few] = se[few] * stdtrit(df[few], share)
    return made


def covariances(half: Floats, df: float, draws: int, rng: np.random.Generator) -> Floats:
    r"""Draw covariances as samples with ``df`` degrees of freedom give, shape (draws, K, K).

    :math:`R W R' / \nu` with *W* a Wishart matrix, made as *TT′* with *T* lower triangular;
    Bartlett (1933), *Proceedings of the Royal Society of Edinburgh* 53, 260–283. With fewer
    degrees of freedom than ranks *T* has as many columns as there are (whole) degrees of freedom.
    """
    rank = half.shape[1]
    free = min(df, PLENTY) if df >= rank else np.floor(df)
    columns = int(min(rank, free))
    triangle = np.tril(rng.standard_normal((draws, rank, columns)), -1)
    step = np.arange(columns)
    triangle[:, step, step] = np.sqrt(rng.chisquare(free - step, (draws, columns)))
    spread = half @ triangle
    return np.asarray(spread @ spread.transpose(0, 2, 1) / free)
