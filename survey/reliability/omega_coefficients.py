"""Omega total and omega hierarchical as functions of correlations, with their derivatives."""

from __future__ import annotations

import numpy as np

from survey.reliability.factor_fit import UNIQUE, Fit, spectrum
from survey.reliability.general_factor import Solution, solve_factors
from survey.scores import Floats


def omega_values(matrices: Floats, factors: int, fit: Fit, near: Solution) -> Floats:
    """Refit each matrix, starting from the solution of the whole sample, shape (R, 2)."""
    known = np.isfinite(matrices).all(axis=(1, 2))
    made = np.full((len(matrices), 2), np.nan)
    for place in np.flatnonzero(known):
        r = matrices[place]
        made[place] = _omega_of(r, solve_factors(r, factors, fit, near))
    return made if factors > 1 else made[:, :1]


def _omega_of(r: Floats, solution: Solution) -> Floats:
    """Omega total and omega hierarchical."""
    total = float(solution.key @ r @ solution.key)
    unique = (1.0 - solution.communality).sum()
    return np.array([1.0 - unique / total, solution.general.sum() ** 2 / total])


def omega_gradients(r: Floats, factors: int, fit: Fit, near: Solution) -> Floats:
    """Differentiate omega total by the correlations, through the fit's own equations.

    The uniquenesses solve gradient(x, R) = 0, so dx = −H⁻¹ d gradient. Omega hierarchical also
    depends on the rotation and has replicate standard errors only.
    """
    here = spectrum(r, near.x, factors, fit)
    unique = near.x if fit == "minres" else np.exp(near.x)
    held = (unique < UNIQUE[0] * (1 + 1e-9)) | (unique > UNIQUE[1] * (1 - 1e-9))
    total = float(near.key @ r @ near.key)
    aim = -(np.ones_like(unique) if fit == "minres" else unique) / total
    y = np.full(len(aim), np.nan) if held.any() else -np.linalg.solve(here.hessian, aim)
    v = here.vectors / (1.0 if fit == "minres" else np.sqrt(unique)[:, None])
    turned = here.kernel * (here.vectors.T @ (y[:, None] * here.vectors))
    made = v @ turned @ v.T + np.outer(near.key, near.key) * unique.sum() / total**2
    np.fill_diagonal(made, 0.0)
    return made[None] if factors == 1 else np.stack([made, np.full_like(made, np.nan)])
