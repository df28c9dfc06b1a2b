"""The best fit of a number of factors to correlations, by Newton steps on the uniquenesses."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from survey.errors import SurveyError
from survey.reliability.scale_coefficients import squared_multiple
from survey.scores import Floats

Fit = Literal["minres", "ml"]

#: Uniquenesses stay between these, as in R's ``psych::fa``.
UNIQUE = (0.005, 1.0)


class Spectrum(NamedTuple):
    """Objective, gradient and Hessian of a factor model at uniquenesses *x*, and its parts."""

    value: float
    gradient: Floats
    hessian: Floats
    kernel: Floats
    vectors: Floats
    loadings: Floats


def spectrum(r: Floats, x: Floats, factors: int, fit: Fit) -> Spectrum:
    r"""Objective of a factor model as a function of the uniquenesses alone.

    Minres: *x* are the uniquenesses, :math:`F = \frac12 \sum \theta_m^2` over the last
    eigenvalues of :math:`R - \Psi`. ML: *x* are their logs, :math:`F = \sum (\theta_m - \log
    \theta_m - 1)` over those of :math:`\Psi^{-1/2} R \Psi^{-1/2}`. Jöreskog (1977), in
    *Statistical Methods for Digital Computers*. In both the gradient is
    :math:`\sum \varphi(\theta_m) v_m^2` with :math:`\varphi' = -1`, so one kernel carries a
    change of *R* and of *x*.
    """
    scale = np.ones(len(x)) if fit == "minres" else np.exp(-0.5 * x)
    inner = r - np.diag(x) if fit == "minres" else r * np.outer(scale, scale)
    theta, v = np.linalg.eigh(inner)
    last = np.arange(len(x)) < len(x) - factors
    t = theta[last]
    if fit == "minres":
        value, phi, kept = 0.5 * (t**2).sum(), -theta, theta[~last]
    else:
        t = np.maximum(t, 1e-12)
        value, phi, kept = (t - np.log(t) - 1.0).sum(), 1.0 - theta, theta[~last] - 1.0
    gap = theta[:, None] - theta[None, :]
    mixed = last[:, None] & ~last[None, :] & (gap != 0)
    half = np.where(mixed, phi[:, None] / np.where(mixed, gap, 1.0), 0.0)
    kernel = np.where(last[:, None] & last[None, :], -1.0, half + half.T)
    moved = -kernel if fit == "minres" else -0.5 * kernel * (theta[:, None] + theta[None, :])
    crossed = v[:, None, :] * v[None, :, :]
    hessian = ((crossed @ moved) * crossed).sum(axis=-1)
    loadings = v[:, ~last] * np.sqrt(np.maximum(kept, 0.0)) / scale[:, None]
    gradient = (v[:, last] ** 2) @ phi[last]
    return Spectrum(float(value), gradient, hessian, kernel, v, loadings[:, ::-1])


def fit_factors(
    r: Floats, factors: int, fit: Fit, start: Floats | None = None
) -> tuple[Floats, Floats]:
    """Uniquenesses (on the scale of *x*) and loadings of the best fit: projected Newton steps."""
    low, high = UNIQUE if fit == "minres" else (np.log(UNIQUE[0]), np.log(UNIQUE[1]))
    if start is None:
        first = np.clip(1.0 - squared_multiple(r), *UNIQUE)
        start = first if fit == "minres" else np.log(first)
    x, now = start, spectrum(r, start, factors, fit)
    for _ in range(500):
        held = ((x <= low) & (now.gradient > 0)) | ((x >= high) & (now.gradient < 0))
        free = ~held
        if not free.any() or np.abs(now.gradient[free]).max() < 1e-13:
            return x, now.loadings
        values, vectors = np.linalg.eigh(now.hessian[np.ix_(free, free)])
        curved = np.maximum(np.abs(values), 1e-6)  # downhill also where the surface is not convex
        step = np.zeros_like(x)
        step[free] = -vectors @ ((vectors.T @ now.gradient[free]) / curved)
        better = _downhill(r, x, step, now.value, (low, high), (factors, fit))
        if better is None:
            return x, now.loadings
        x, now = better
    raise SurveyError(
        f"omega: the model of {factors} factors did not converge.", mend="Ask for fewer factors."
    )


def _downhill(
    r: Floats,
    x: Floats,
    step: Floats,
    value: float,
    bounds: tuple[float, float],
    model: tuple[int, Fit],
) -> tuple[Floats, Spectrum] | None:
    """Halve a step until the objective falls; None when it cannot fall any more."""
    for halving in range(40):
        trial = np.clip(x + step * 0.5**halving, *bounds)
        there = spectrum(r, trial, *model)
        if there.value < value:
            return trial, there
    return None
