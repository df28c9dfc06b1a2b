"""Rotations of loadings to simple structure: varimax, then oblimin."""

from __future__ import annotations

import numpy as np

from survey.scores import Floats


def varimax(loadings: Floats) -> Floats:
    """Kaiser's rotation of normalised loadings. In R: ``varimax``."""
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    a = loadings / np.maximum(length, 1e-300)
    turn, reached = np.eye(a.shape[1]), 0.0
    for _ in range(1000):
        z = a @ turn
        u, d, vt = np.linalg.svd(a.T @ (z**3 - z * (z**2).mean(axis=0)))
        turn = u @ vt
        if d.sum() < reached * (1.0 + 1e-5):
            break
        reached = d.sum()
    return np.asarray(loadings @ turn)


def oblimin(loadings: Floats) -> tuple[Floats, Floats]:
    r"""Turn to quartimin simple structure: the pattern, and the correlations of the factors.

    Gradient projection on :math:`\frac14 \sum_{j \ne l} \sum_i \lambda_{ij}^2 \lambda_{il}^2`;
    Bernaards & Jennrich (2005), *Educational and Psychological Measurement* 65, 676–696.
    In R: ``GPArotation::oblimin``, which stops at 1e-5 where this goes on to 1e-9.
    """
    turn = np.eye(loadings.shape[1])
    size, (value, pattern, slope) = 1.0, _quartimin(loadings, turn)
    for _ in range(5000):
        down = slope - turn * (turn * slope).sum(axis=0)
        length = np.sqrt((down**2).sum())
        if length < 1e-9:
            break
        size *= 2.0
        for _ in range(30):
            trial = turn - size * down
            trial = trial / np.sqrt((trial**2).sum(axis=0))
            there = _quartimin(loadings, trial)
            if value - there[0] > 0.5 * length**2 * size:
                break
            size /= 2.0
        if not there[0] < value:
            break
        turn, (value, pattern, slope) = trial, there
    return pattern, turn.T @ turn


def _quartimin(loadings: Floats, turn: Floats) -> tuple[float, Floats, Floats]:
    """Criterion, pattern and the criterion's derivative by the turn."""
    inverse = np.linalg.inv(turn)
    pattern = loadings @ inverse.T
    squares = pattern**2
    others = squares.sum(axis=1, keepdims=True) - squares
    slope = -(pattern.T @ (pattern * others) @ inverse).T
    return float((squares * others).sum() / 4.0), pattern, slope
