r"""Calibration: the weights nearest to the old ones that reproduce known totals.

.. math:: \min \sum_i w_i G(g_i) \quad\text{subject to}\quad \sum_i w_i g_i x_i = t.

The variance is that of the residuals from the weighted regression on *x* (generalised regression
estimator): :math:`z - L R'z` with :math:`L = g w B`, :math:`R = B / (g \sigma^2)` and *B* an
orthonormal basis of the auxiliary variables. Deville & Särndal (1992), *JASA* 87, 376–382;
Särndal, Swensson & Wretman (1992), ch. 6. In R: ``calibrate``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args
from warnings import warn

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.design import Design
from survey.errors import SurveyError, SurveyWarning, first_five, require_option
from survey.replicates import ReplicateDesign
from survey.scores import Floats, Ints
from survey.weighting.auxiliaries import Auxiliaries, KnownTotals, read_auxiliaries
from survey.weighting.distances import (
    Bounds,
    Distance,
    DistanceName,
    Equations,
    equations_for,
    linear_ratios,
    newton,
    read_distance,
)
from survey.weighting.margins import AnyDesign
from survey.weighting.row_classes import like_rows, residual_spread, shared_ratio
from survey.weighting.steps import (
    SomeDesign,
    Step,
    class_sums,
    class_weights,
    inside_weight,
    multiply,
    take,
)

#: Rounding error that a sum of many weights may carry.
ROUNDING = 1e-9


def calibrate(
    design: SomeDesign,
    variables: str | Sequence[str],
    totals: KnownTotals,
    *,
    distance: DistanceName = "linear",
    bounds: Bounds | None = None,
    variance: str | npt.ArrayLike | None = None,
    aggregate: int | str | None = None,
    tolerance: float = 1e-10,
    max_iterations: int = 200,
) -> SomeDesign:
    """Change weights as little as possible so that known population totals are reproduced.

    Parameters
    ----------
    design : Design or ReplicateDesign
        The sample; replicate weights are calibrated anew in each replicate.
    variables : str or list of str
        A formula such as ``"~ sex + age"``, or columns.
    totals : mapping or Series
        With a formula, the total of each of its columns under R's names (``"(Intercept)"``,
        ``"sexM"``, ``"age"``). With columns, one number for a measurement and the count of each
        class for classes: ``{"sex": {"F": 60, "M": 40}, "age": 4000}``. ``"(Intercept)"`` may be
        added there for the size of the population.
    distance : {"linear", "raking", "logit"}
        Distance from the old weights. Linear is generalised regression; raking keeps weights
        positive; logit also keeps them within ``bounds``.
    bounds : (low, high), optional
        Bounds for the ratio of new to old weight.
    variance : str or (n,) array, optional
        Column to which the residual variance is proportional; constant by default. With one
        variable and its own column here, the result is the ratio estimator.
    aggregate : int or str, optional
        Rows that share one ratio: a stage (1 for primary units), or a column.
    tolerance : float
        Largest relative error of any total.
    max_iterations : int
        Newton steps.

    Returns
    -------
    Design or ReplicateDesign
        The same sample under the new weights; on a `Design` variances rest on residuals.

    Raises
    ------
    SurveyError
        Totals that do not match the variables, disagree, or cannot be reached within the bounds:
        the error names the variable that misses most, and by how much. Negative weights of a
        `ReplicateDesign`.

    Warns
    -----
    SurveyWarning
        Weights of a `Design` that became negative (unbounded linear distance).

    Notes
    -----
    In R: ``calibrate(design, ~ sex + age, totals, calfun = "linear", bounds = c(L, U))``.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"w": [10.0, 10, 10], "age": [20.0, 40, 60]})
    >>> design = survey.Design(frame, weights="w")
    >>> known = calibrate(design, "~ age", {"(Intercept)": 30, "age": 1300})
    >>> known.weight.round(4)
    array([ 7.5, 10. , 12.5])
    >>> survey.total(known, "age").table()[["estimate", "se"]].round(6)
         estimate   se
    age    1300.0  0.0
    """
    require_option(distance, get_args(DistanceName), where="calibrate(distance=)")
    known = read_auxiliaries(design, variables, totals, "calibrate")
    values, own = shared_ratio(design, known.values, residual_spread(design, variance), aggregate)
    code, first = like_rows(values, own)
    plan = _Calibration(
        known=known,
        code=code,
        x=values[first],
        spread=own[first],
        distance=read_distance(distance, bounds),
        tolerance=tolerance,
        max_iterations=max_iterations,
    )
    if isinstance(design, ReplicateDesign):
        return plan.again(design)
    return _calibrated(design, plan)


def _calibrated(design: Design, plan: _Calibration) -> Design:
    """Calibrate the weights of a design, and keep the projection on the auxiliary variables."""
    before = inside_weight(design)
    equations, _, ratio = plan.full(before)
    weight = before * ratio[plan.code]
    _mind_negative(design, weight)
    basis = equations.basis[plan.code]
    left = weight[:, None] * basis
    below = ratio * plan.spread
    scale = np.where(below != 0, 1.0 / np.where(below != 0, below, 1.0), 0.0)[plan.code]
    right = np.where(before > 0, scale, 0.0)[:, None] * basis
    return take(design, weight, Step(left, right, plan, before))


@dataclass(frozen=True, slots=True, eq=False)
class _Calibration:
    """Variables, totals and distance, over classes of rows with the same variables."""

    known: Auxiliaries
    code: Ints
    x: Floats
    spread: Floats
    distance: Distance
    tolerance: float
    max_iterations: int

    def again(self, design: ReplicateDesign) -> ReplicateDesign:
        """Calibrate the full sample and every replicate."""
        equations, start, full = self.full(inside_weight(design))
        weights = class_weights(design, self.code, len(self.x))
        if self.distance.closed:
            each = linear_ratios(equations, weights)
        else:
            each = np.column_stack([self._solved(equations, w, start)[1] for w in weights.T])
        self._check(weights * each, "replicate ")
        made = multiply(design, self.code, full, each)
        _mind_negative(made, made.weight)
        return made

    def sums(self, weight: Floats) -> pd.DataFrame:
        """List the totals beside the sums under some weights."""
        return self.known.sums(weight)

    def full(self, weight: Floats) -> tuple[Equations, Floats, Floats]:
        """Equations, multipliers and ratios of the full sample."""
        weights = class_sums(self.code, weight, len(self.x))
        equations = equations_for(self.x, self.known.totals, weights, self.spread)
        if self.distance.closed:
            multipliers = np.zeros(equations.basis.shape[1])
            ratio = linear_ratios(equations, weights[:, None])[:, 0]
        else:
            start = np.zeros(equations.basis.shape[1])
            multipliers, ratio = self._solved(equations, weights, start)
        self._check((weights * ratio)[:, None], "")
        return equations, multipliers, ratio

    def _solved(
        self, equations: Equations, weights: Floats, start: Floats
    ) -> tuple[Floats, Floats]:
        """Multipliers and ratios by Newton's method."""
        return newton(
            equations,
            self.distance,
            weights,
            start,
            tolerance=self.tolerance,
            max_iterations=self.max_iterations,
        )

    def _check(self, weights: Floats, which: str) -> None:
        """Refuse weights (C, R) that miss a total, and name it."""
        got = self.x.T @ weights
        want = self.known.totals[:, None]
        off = np.abs(got - want) / (1.0 + np.abs(want))
        off = np.where(np.isfinite(off), off, np.inf)
        if (off <= max(self.tolerance, ROUNDING)).all():
            return
        row, column = (int(k) for k in np.unravel_index(int(off.argmax()), off.shape))
        place = f"{which}{column + 1}: " if which else ""
        reached, asked = float(got[row, column]), float(want[row, 0])
        raise SurveyError(
            f"calibrate ({self.distance.name}): {place}{self.known.names[row]!r} is not reached: "
            f"{reached:.10g} where {asked:.10g} is asked, {reached - asked:+.3g}.",
            mend="Check that the totals are of one population; widen the bounds; use fewer "
            "variables or merge small classes.",
        )


def _mind_negative(design: AnyDesign, weight: Floats) -> None:
    """Warn of negative weights on a design; refuse them in replicates, which cannot hold them."""
    rows = weight < 0
    if not rows.any():
        return
    text = (
        f"calibrate: {int(rows.sum())} weights became negative (lowest {weight.min():.4g}), in "
        f"rows {first_five(design.data.index[rows])}."
    )
    if isinstance(design, ReplicateDesign):
        raise SurveyError(text, mend="Pass bounds=, or distance='raking'.")
    warn(
        f"{text} Quantiles and models leave such rows out. Pass bounds=, or distance='raking'.",
        SurveyWarning,
        stacklevel=4,
    )
