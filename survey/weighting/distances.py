r"""Distances of calibration, and Newton's method for their multipliers.

New weights are :math:`w_i F(x_i'\lambda / \sigma_i^2)` with *F* the inverse derivative of a
distance from 1: linear, raking (exponential) or logit, each within bounds. Deville & Särndal
(1992), *JASA* 87, 376–382; Deville, Särndal & Sautory (1993), *JASA* 88, 1013–1020.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.linalg import qr, solve_triangular

from survey.errors import SurveyError
from survey.scores import Floats

DistanceName = Literal["linear", "raking", "logit"]
Bounds = tuple[float, float]

#: Beyond this the square of the exponential overflows.
LARGEST_EXPONENT = 300.0
HALVINGS = 30
#: A variable whose part not explained by those before is below this share is redundant (as in R).
REDUNDANT = 1e-7


@dataclass(frozen=True, slots=True)
class Distance:
    """One distance within bounds for the ratio of new to old weight."""

    name: DistanceName
    low: float
    high: float

    @property
    def closed(self) -> bool:
        """Whether the multipliers solve one linear system."""
        return self.name == "linear" and self.low == -np.inf and self.high == np.inf

    def ratio(self, u: Floats) -> Floats:
        """Ratio of new to old weight."""
        if self.name == "logit":
            return self._logit(u)[0]
        free = 1.0 + u if self.name == "linear" else np.exp(np.minimum(u, LARGEST_EXPONENT))
        return np.clip(free, self.low, self.high)

    def slope(self, u: Floats) -> Floats:
        """Slope of the ratio; zero where a bound holds."""
        if self.name == "logit":
            return self._logit(u)[1]
        ratio = self.ratio(u)
        free = (ratio > self.low) & (ratio < self.high)
        return np.where(free, 1.0 if self.name == "linear" else ratio, 0.0)

    def _logit(self, u: Floats) -> tuple[Floats, Floats]:
        """Logistic curve through 1 at 0 with slope 1 there, between the bounds."""
        low, high = self.low, self.high
        steep = (high - low) / ((1.0 - low) * (high - 1.0))
        grown = np.exp(np.clip(steep * u, -LARGEST_EXPONENT, LARGEST_EXPONENT))
        below = high - 1.0 + (1.0 - low) * grown
        ratio = (low * (high - 1.0) + high * (1.0 - low) * grown) / below
        slope = steep * grown * (1.0 - low) * (high - 1.0) * (high - low) / below**2
        return ratio, slope


def read_distance(name: DistanceName, bounds: Bounds | None) -> Distance:
    """Check a distance and its bounds.

    Raises
    ------
    SurveyError
        Bounds that do not enclose 1; a logit distance without finite bounds.
    """
    low, high = (-np.inf, np.inf) if bounds is None else (float(bounds[0]), float(bounds[1]))
    if name == "raking":
        low = max(low, 0.0)
    if not low < 1.0 < high:
        raise SurveyError(
            f"calibrate(bounds=): got ({low:g}, {high:g}).",
            mend="They bound the ratio of new to old weight and must enclose 1, such as (0.5, 2).",
        )
    if name == "logit" and not (np.isfinite(low) and np.isfinite(high)):
        raise SurveyError(
            "calibrate(distance='logit'): needs finite bounds.", mend="Pass bounds=(0.5, 2)."
        )
    return Distance(name, low, high)


@dataclass(frozen=True, slots=True, eq=False)
class Equations:
    """Calibration equations in an orthonormal basis, over classes of like rows.

    Parameters
    ----------
    basis : (C, r) float
        Auxiliary variables, with unit cross-product under the weights of the full sample.
    aim : (r,) float
        Their totals.
    spread : (C,) float
        Residual variance of each class, up to a constant.
    back : (r, p) float
        From errors in the basis to relative errors of the totals asked for.
    """

    basis: Floats
    aim: Floats
    spread: Floats
    back: Floats


def equations_for(x: Floats, totals: Floats, weights: Floats, spread: Floats) -> Equations:
    """Orthonormal basis of the variables under the full sample's weights, redundant ones left."""
    root = np.sqrt(np.maximum(weights, 0.0) / spread)
    scaled = x * root[:, None]
    length = np.linalg.norm(scaled, axis=0)
    length = np.where(length > 0, length, 1.0)
    upper, order = qr(scaled / length, mode="r", pivoting=True)
    diagonal = np.abs(np.diag(upper))
    rank = int((diagonal > REDUNDANT * diagonal[0]).sum())
    kept = order[:rank]
    corner = upper[:rank, :rank]
    basis = solve_triangular(corner, (x[:, kept] / length[kept]).T, trans="T").T
    aim = solve_triangular(corner, totals[kept] / length[kept], trans="T")
    back = np.empty((rank, x.shape[1]))
    back[:, order] = upper[:rank]
    return Equations(basis, aim, spread, back * length / (1.0 + np.abs(totals)))


def newton(
    equations: Equations,
    distance: Distance,
    weights: Floats,
    start: Floats,
    *,
    tolerance: float,
    max_iterations: int,
) -> tuple[Floats, Floats]:
    """Solve for the multipliers; stop where the equations hold or no step brings them nearer.

    Parameters
    ----------
    equations : Equations
        What must hold.
    distance : Distance
        From multipliers to ratios.
    weights : (C,) float
        Weights of the classes.
    start : (r,) float
        First multipliers.
    tolerance : float
        Largest relative error of any total.
    max_iterations : int
        Newton steps.

    Returns
    -------
    multipliers : (r,) float
    ratio : (C,) float
    """
    basis, spread = equations.basis, equations.spread
    here = np.asarray(start, dtype=np.float64)
    ratio, gap = _gap(equations, distance, weights, here)
    for _ in range(max_iterations):
        if float(np.abs(gap @ equations.back).max()) < tolerance:
            break
        slope = weights * distance.slope(basis @ here / spread) / spread
        step = np.linalg.lstsq(basis.T @ (basis * slope[:, None]), gap, rcond=1e-12)[0]
        for _ in range(HALVINGS):
            there = here + step
            new_ratio, new_gap = _gap(equations, distance, weights, there)
            if np.linalg.norm(new_gap) < np.linalg.norm(gap):
                break
            step = step / 2.0
        else:
            break
        here, ratio, gap = there, new_ratio, new_gap
    return here, ratio


def _gap(
    equations: Equations, distance: Distance, weights: Floats, multipliers: Floats
) -> tuple[Floats, Floats]:
    """Ratios under some multipliers, and how far the totals are from their aim."""
    ratio = distance.ratio(equations.basis @ multipliers / equations.spread)
    return ratio, equations.aim - (weights * ratio) @ equations.basis


def linear_ratios(equations: Equations, weights: Floats) -> Floats:
    """Ratios of the unbounded linear distance for many sets of weights at once, shape (C, R)."""
    basis, spread = equations.basis, equations.spread
    n, rank = basis.shape
    products = (basis / spread[:, None])[:, :, None] * basis[:, None, :]
    matrices = (weights.T @ products.reshape(n, rank * rank)).reshape(-1, rank, rank)
    gaps = equations.aim - weights.T @ basis
    try:
        multipliers = np.linalg.solve(matrices, gaps[:, :, None])[:, :, 0]
    except np.linalg.LinAlgError:
        inverse = np.linalg.pinv(matrices, hermitian=True)
        multipliers = (inverse @ gaps[:, :, None])[:, :, 0]
    return np.asarray(1.0 + (basis @ multipliers.T) / spread[:, None])
