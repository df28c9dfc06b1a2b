"""What re-weighting leaves behind: new weights, residuals for the variance, and how to repeat it.

A change of weights is a plan, made once from the full sample. On a `Design` it gives new weights
and a projection that the variance then rests on; on a `ReplicateDesign` it is carried out anew in
every replicate. A `Step` keeps the plan with the design, so that replicates can follow later.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import pandas as pd
from scipy import sparse

from survey.design import Design, reweighted
from survey.errors import SurveyError, first_five
from survey.replicates import Factors, ReplicateDesign
from survey.scores import Adjustment, Bools, Floats, Ints

SomeDesign = TypeVar("SomeDesign", Design, ReplicateDesign)


class Plan(Protocol):
    """A way of changing weights."""

    def again(self, design: ReplicateDesign) -> ReplicateDesign:
        """Change the weights of the full sample and of every replicate."""
        ...

    def sums(self, weight: Floats) -> pd.DataFrame:
        """List the totals aimed at beside the sums under some weights."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Step(Adjustment):
    """A change of weights that a design has been through.

    Parameters
    ----------
    plan : Plan
        How it was done.
    before : (n,) float
        The weights that it found.
    """

    plan: Plan
    before: Floats


def take(design: Design, weight: Floats, step: Step) -> Design:
    """Give a design the weights of a step, and its residuals.

    Residuals are taken from the last step back to the first: what the last one leaves is what the
    steps before still act on. (R goes from the first to the last, and then finds no variance in
    totals that a later calibration has set free again; see ``docs/differs_from_r.md``.)
    """
    changed = reweighted(design, weight, step)
    object.__setattr__(changed, "adjustments", (step, *design.adjustments))
    return changed


def history(design: Design) -> list[Step]:
    """List the steps of a design in the order in which they were made."""
    steps = [step for step in reversed(design.adjustments) if isinstance(step, Step)]
    if len(steps) < len(design.adjustments):
        raise SurveyError(
            "The design was re-weighted by other means than survey.weighting.",
            mend="Use survey.calibrate and the like, which can be done again.",
        )
    return steps


def no_residuals(design: Design) -> tuple[Floats, Floats]:
    """Projection that takes nothing out of the scores."""
    empty = np.zeros((len(design.weight), 0))
    return empty, empty


def without(design: SomeDesign, rows: Bools) -> SomeDesign:
    """Leave rows out of the estimates, in a copy; their units stay."""
    smaller = copy(design)
    object.__setattr__(smaller, "inside", design.inside & ~rows)
    return smaller


def class_weights(design: ReplicateDesign, code: Ints, size: int) -> Floats:
    """Sum replicate weights within classes of rows, shape (C, R)."""
    base = np.where(design.inside, design.base, 0.0)
    factors = design.factors
    shape = (size, len(factors.factor))
    table = sparse.coo_array((base, (code, factors.unit)), shape=shape).tocsr()
    return np.asarray(table @ factors.factor)


def multiply(design: ReplicateDesign, code: Ints, full: Floats, each: Floats) -> ReplicateDesign:
    """Multiply weights class by class, in the full sample and in each replicate.

    Parameters
    ----------
    design : ReplicateDesign
        The sample.
    code : (n,) int
        Class of each row.
    full : (C,) float
        Factor of each class in the full sample.
    each : (C, R) float
        Factor of each class in each replicate.
    """
    factors = design.factors
    pair, pairs = pd.factorize(factors.unit * len(full) + code)
    unit, own = np.divmod(pairs, len(full))
    made = Factors(pair.astype(np.int64), factors.factor[unit] * each[own])
    changed = copy(design)
    object.__setattr__(changed, "weight", np.where(design.inside, design.weight * full[code], 0.0))
    object.__setattr__(changed, "factors", made)
    return changed


def refuse_empty(sums: Floats, names: list[str], where: str) -> None:
    """Refuse replicates in which a class that has a total has no weight, shape (C, R)."""
    empty = ~(sums > 0)
    if empty.any():
        kinds = [names[k] for k in np.flatnonzero(empty.any(axis=1))]
        raise SurveyError(
            f"{where}: in {int(empty.any(axis=0).sum())} of {sums.shape[1]} replicates no row has "
            f"any weight in {first_five(kinds)}.",
            mend="Merge small classes, so that each lies in several PSUs of a stratum.",
        )


def class_sums(code: Ints, weight: Floats, size: int) -> Floats:
    """Sum weights of rows within classes, shape (C,)."""
    return np.bincount(code, weight, size).astype(np.float64)


def inside_weight(design: Design | ReplicateDesign) -> Floats:
    """Weights of the full sample, zero outside the domain."""
    return np.where(design.inside, design.weight, 0.0)
