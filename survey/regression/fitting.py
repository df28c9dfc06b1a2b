r"""Fisher scoring for many columns of weights at once.

Each step is the weighted regression of the working response
:math:`z = \eta + (y - \mu) / V(\mu)` with weights :math:`w V(\mu)`; replicates differ only in
*w*, so one step for all of them is two matrix products and a batch of small systems.
McCullagh & Nelder (1989), *Generalized Linear Models*, section 2.5. In R: ``glm.fit``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.errors import SurveyError
from survey.regression.link_functions import Family
from survey.scores import Bools, Floats, Ints, indicator

#: Steps after which a fit is given up, and the change (in standard units) at which it is done.
STEPS, STILL = 60, 1e-10
#: A system worse conditioned than this cannot be solved for a replicate.
SINGULAR = 1e10
#: Rows × replicates fitted at once.
AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What is fitted, whatever the weights.

    Parameters
    ----------
    basis : (n, p) float
        Columns of the model, orthonormal under the full weights.
    y : (n,) float
        Response.
    family : Family
        Mean and variance.
    tolerance : float or None
        Relative change of the deviance at which to stop, as R; None goes on until the
        coefficients stand still.
    """

    basis: Floats
    y: Floats
    family: Family
    tolerance: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Coefficients in the basis, fitted means, and the working variance of the last step."""

    gamma: Floats
    mean: Floats
    working: Floats

    def influence(self, problem: Problem, weight: Floats) -> Floats:
        """Influence of each row on the coefficients, times its weight; shape (n, p)."""
        basis, variance = problem.basis, problem.family.variance(self.mean)
        information = (basis * (weight * self.working)[:, None]).T @ basis
        with np.errstate(divide="ignore", invalid="ignore"):
            residual = np.where(variance > 0, (problem.y - self.mean) / variance, 0.0)
        scores = basis * (weight * self.working * residual)[:, None]
        return np.asarray(np.linalg.solve(information, scores.T).T)


@dataclass(slots=True, eq=False)
class _State:
    """Where the fit of each column of weights has got to."""

    gamma: Floats
    working: Floats
    deviance: Floats
    settled: Bools
    lost: Bools


def fit_full(problem: Problem, weight: Floats) -> Fit:
    """Fit with the full-sample weights.

    Raises
    ------
    SurveyError
        When the fit does not settle, or the information is singular.
    """
    eta = problem.family.start(problem.y, weight)
    state = _scored(problem, weight[:, None], eta[:, None], np.zeros((1, problem.basis.shape[1])))
    if state.lost[0] or not state.settled[0]:
        raise SurveyError(
            f"glm({problem.family.name}): the fit does not settle in {STEPS} steps.",
            mend="A predictor (or a level) that separates the outcomes perfectly has no finite "
            "coefficient: cross-tabulate the response with each predictor.",
        )
    mean = problem.family.mean(problem.basis @ state.gamma[0])
    return Fit(state.gamma[0], mean, state.working[:, 0])


def fit_replicates(
    problem: Problem, base: Floats, unit: Ints, factor: Floats, start: Floats
) -> Floats:
    """Fit every replicate from the full fit; shape (R, p).

    Parameters
    ----------
    problem : Problem
        What is fitted.
    base : (n,) float
        Weight of each row before its unit's factor.
    unit : (n,) int
        Unit of each row.
    factor : (U, R) float
        Factor of each unit in each replicate.
    start : (p,) float
        The full fit.

    Returns
    -------
    (R, p) array
        Missing for a replicate in which the model cannot be estimated.
    """
    if problem.family.link == "identity":
        return _linear(problem, base, unit, factor)
    size = max(1, AT_ONCE // len(base))
    fits = []
    for first in range(0, factor.shape[1], size):
        weights = base[:, None] * factor[unit, first : first + size]
        gamma = np.repeat(start[None, :], weights.shape[1], axis=0)
        state = _scored(problem, weights, problem.basis @ gamma.T, gamma)
        fits.append(np.where((state.settled & ~state.lost)[:, None], state.gamma, np.nan))
    return np.concatenate(fits)


def _linear(problem: Problem, base: Floats, unit: Ints, factor: Floats) -> Floats:
    """Fit linear models from cross-products by unit: rows are read once for all replicates."""
    to_units = indicator(unit, len(factor), base)
    matrices = factor.T @ (to_units @ _pairs(problem.basis))
    targets = factor.T @ (to_units @ (problem.basis * problem.y[:, None]))
    width = problem.basis.shape[1]
    fits, solvable = _solved(matrices.reshape(-1, width, width), targets)
    return np.where(solvable[:, None], fits, np.nan)


def _scored(problem: Problem, weights: Floats, eta: Floats, gamma: Floats) -> _State:
    """Step until every column of weights has settled, was lost, or the steps are used up."""
    count = weights.shape[1]
    state = _State(
        gamma=gamma,
        working=np.empty_like(eta),
        deviance=_deviance(problem, weights, eta),
        settled=np.zeros(count, dtype=bool),
        lost=np.zeros(count, dtype=bool),
    )
    pairs = _pairs(problem.basis)
    for _ in range(STEPS):
        eta = _advance(problem, pairs, weights, eta, state)
        if (state.settled | state.lost).all():
            break
    return state


def _advance(
    problem: Problem, pairs: Floats, weights: Floats, eta: Floats, state: _State
) -> Floats:
    """Take one step in the columns that have not settled, and give the new predictors."""
    active = ~(state.settled | state.lost)
    mean = problem.family.mean(eta)
    state.working = problem.family.variance(mean)
    pull = weights * (state.working * eta + problem.y[:, None] - mean)
    width = problem.basis.shape[1]
    matrices = ((weights * state.working).T @ pairs).reshape(-1, width, width)
    new, solvable = _solved(matrices, pull.T @ problem.basis)
    state.lost |= active & ~solvable
    active &= solvable
    moved = np.abs(new - state.gamma).max(axis=1, initial=0.0)
    state.gamma = np.where(active[:, None], new, state.gamma)
    eta = problem.basis @ state.gamma.T
    if problem.tolerance is None:
        state.settled |= active & (moved < STILL * (1.0 + np.abs(new).max(axis=1, initial=0.0)))
        return eta
    before, state.deviance = state.deviance, _deviance(problem, weights, eta)
    change = np.abs(state.deviance - before) / (np.abs(state.deviance) + 0.1)
    state.settled |= active & (change < problem.tolerance)
    return eta


def _pairs(basis: Floats) -> Floats:
    """Products of all pairs of columns, shape (n, p * p)."""
    return (basis[:, :, None] * basis[:, None, :]).reshape(len(basis), -1)


def _solved(matrices: Floats, targets: Floats) -> tuple[Floats, Bools]:
    """Solve a batch of normal equations (R, p, p); say for which it can be done."""
    solvable = np.asarray(
        np.isfinite(matrices).all(axis=(1, 2)) & np.isfinite(targets).all(axis=1)
    )
    unit = np.eye(matrices.shape[1])
    safe = np.where(solvable[:, None, None], matrices, unit)
    solvable &= np.linalg.cond(safe) < SINGULAR
    safe = np.where(solvable[:, None, None], safe, unit)
    right = np.where(solvable[:, None], targets, 0.0)[:, :, None]
    return np.asarray(np.linalg.solve(safe, right)[:, :, 0], dtype=np.float64), solvable


def _deviance(problem: Problem, weights: Floats, eta: Floats) -> Floats:
    """Deviance of each column of weights; not needed where the coefficients decide."""
    if problem.tolerance is None:
        return np.zeros(weights.shape[1])
    mean = problem.family.mean(eta)
    return np.asarray((weights * problem.family.deviance(problem.y[:, None], mean)).sum(axis=0))
