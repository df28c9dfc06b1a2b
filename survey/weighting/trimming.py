"""Trimming: weights brought within limits, what is cut off spread equally over the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.errors import SurveyError
from survey.replicates import ReplicateDesign
from survey.scores import Bools, Floats, Ints
from survey.weighting.steps import SomeDesign, Step, inside_weight, multiply, no_residuals, take

#: Rounds of strict trimming before giving up.
ROUNDS = 1000


def trim(
    design: SomeDesign,
    *,
    lower: float | None = None,
    upper: float | None = None,
    strict: bool = False,
) -> SomeDesign:
    """Bring weights within limits and keep their sum.

    Parameters
    ----------
    design : Design or ReplicateDesign
        The sample; replicate weights above zero are trimmed too.
    lower, upper : float, optional
        Limits of the weights.
    strict : bool
        Trim again until what was spread pushes no weight beyond a limit.

    Returns
    -------
    Design or ReplicateDesign
        The same sample under the new weights. Variances keep the residuals of any calibration
        before, though its totals no longer hold exactly.

    Raises
    ------
    SurveyError
        Limits that leave no room for the sum of weights.

    Notes
    -----
    The excess is added in equal parts, not in proportion, to the weights within the limits.
    In R: ``trimWeights(design, upper, lower, strict)``.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"w": [1.0, 2.0, 9.0]})
    >>> trim(survey.Design(frame, weights="w"), upper=6).weight
    array([2.5, 3.5, 6. ])
    """
    plan = _Limits(
        -np.inf if lower is None else float(lower),
        np.inf if upper is None else float(upper),
        strict,
    )
    if not plan.lower < plan.upper:
        raise SurveyError(
            f"trim: lower={lower} and upper={upper}.", mend="The lower limit must be below."
        )
    if isinstance(design, ReplicateDesign):
        return plan.again(design)
    before = inside_weight(design)
    live = (before > 0).astype(np.float64)
    weight = plan.trimmed(before[:, None], live[:, None])[:, 0]
    step = Step(*no_residuals(design), plan, before)
    return take(design, weight, step)


@dataclass(frozen=True, slots=True, eq=False)
class _Limits:
    """Limits of the weights."""

    lower: float
    upper: float
    strict: bool

    def again(self, design: ReplicateDesign) -> ReplicateDesign:
        """Trim the full sample and every replicate, by classes of rows with the same weights."""
        base = np.where(design.inside, design.base, 0.0)
        full = inside_weight(design)
        code, first = _same(design.factors.unit, base, full)
        count = np.bincount(code).astype(np.float64)
        each = base[first, None] * design.factors.factor[design.factors.unit[first]]
        both = np.column_stack([full[first], each])
        live = np.where(both > 0, count[:, None], 0.0)
        new = self.trimmed(both, live)
        ratio = np.where(both > 0, new / np.where(both > 0, both, 1.0), 1.0)
        return multiply(design, code, ratio[:, 0], ratio[:, 1:])

    def sums(self, weight: Floats) -> pd.DataFrame:
        """Trimming aims at no total."""
        return pd.DataFrame({"total": [], "sum": []}, dtype=np.float64)

    def trimmed(self, weights: Floats, count: Floats) -> Floats:
        """Trim each column of weights (C, R), of classes of ``count`` rows."""
        for _ in range(ROUNDS):
            outside = ((weights < self.lower) | (weights > self.upper)) & (count > 0)
            if not outside.any():
                return weights
            weights = self._once(weights, count, outside)
            if not self.strict:
                return weights
        raise self._no_room()

    def _once(self, weights: Floats, count: Floats, outside: Bools) -> Floats:
        """Cut what is outside, and add the excess to the rest in equal parts."""
        cut = np.where(outside, np.clip(weights, self.lower, self.upper), weights)
        excess = ((weights - cut) * count).sum(axis=0)
        room = np.where(outside, 0.0, count).sum(axis=0)
        if ((room == 0) & outside.any(axis=0)).any():
            raise self._no_room()
        share = excess / np.where(room > 0, room, 1.0)
        return np.where(outside | (count == 0), cut, cut + share)

    def _no_room(self) -> SurveyError:
        return SurveyError(
            f"trim: no weights between {self.lower:g} and {self.upper:g} keep the sum.",
            mend="Widen the limits: the mean weight must lie between them.",
        )


def _same(unit: Ints, base: Floats, full: Floats) -> tuple[Ints, Ints]:
    """Code rows with the same unit and weights, and give a row of each class."""
    table = np.column_stack([unit.astype(np.float64), base, full])
    _, first, code = np.unique(table, axis=0, return_index=True, return_inverse=True)
    return code.ravel().astype(np.int64), first.astype(np.int64)
