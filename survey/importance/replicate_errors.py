"""Replicate variance of a division of R²: the same arithmetic on every replicate's matrix."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from survey.estimates import Estimates
from survey.importance.correlation_input import COMPOSITE, correlation_matrix, fewest_rows
from survey.reliability.item_answers import Items
from survey.reliability.second_moments import replicate_moments
from survey.replicates import ReplicateDesign, spread
from survey.scores import Floats


def replicated(
    items: Items, labels: pd.Index, value: Floats, statistic: Callable[[Floats], Floats]
) -> Estimates | None:
    """Estimate with replicate weights; None for a design that has none.

    The statistic may be cheaper than the one that made ``value``: replicates are taken as
    ``value`` plus the statistic's own change, so what it misses in every replicate alike cancels.
    """
    design = items.design
    if not isinstance(design, ReplicateDesign):
        return None
    matrices = replicate_moments(items, design).correlation
    known = np.asarray(np.isfinite(matrices).all(axis=(1, 2)))
    smallest = np.linalg.eigvalsh(np.where(known[:, None, None], matrices, 0.0))[:, 0]
    usable = known & (smallest > 1.0 - COMPOSITE)
    made = np.full((len(matrices), len(value)), np.nan)
    made[usable] = value + statistic(matrices[usable]) - statistic(correlation_matrix(items)[None])
    unknown = np.full(len(value), np.nan)
    lost = int((~usable).sum())
    return Estimates(
        point=value,
        labels=labels,
        parts=(spread(design, made, value),),
        size=np.full(len(value), float(fewest_rows(items))),
        missing_rows=unknown,
        what=f"Importance for {items.names[-1]}",
        population=design.population_label,
        notes=(f"{lost} replicates had no importance and are left out.",) if lost else (),
    )
