"""Replicate variance of a division of R²: the same arithmetic on every replicate's matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from survey.estimates import Estimates
from survey.importance.correlation_input import COMPOSITE, fewest_rows
from survey.reliability.item_answers import Items
from survey.reliability.second_moments import replicate_moments
from survey.replicates import ReplicateDesign, spread
from survey.row_counts import KnownCounts
from survey.scores import Bools, Floats, Ints

#: A variance below this share of a squared mean is rounding.
ROUNDING = 1e-12


class ReplicateMatrices(NamedTuple):
    """Correlations of the different replicates, each computed once.

    Parameters
    ----------
    design : ReplicateDesign
        Where they are from.
    matrices : (N, p + 1, p + 1) float
        Those that have an importance.
    usable : (R,) bool
        Replicates that have one.
    which : (usable R,) int
        The matrix of each of them.
    constants : (N,) float
        Constant of each matrix: those of its replicates added up.
    """

    design: ReplicateDesign
    matrices: Floats
    usable: Bools
    which: Ints
    constants: Floats

    def spread_out(self, values: Floats) -> Floats:
        """Values of the different matrices, (N, K), as replicates, (R, K); missing without one."""
        made = np.full((len(self.usable), values.shape[1]), np.nan)
        made[self.usable] = values[self.which]
        return made

    def variance(self, changes: Floats) -> Floats:
        """Replicate variance of changes from the full estimate, (N, K), shape (K,)."""
        none = np.zeros(changes.shape[1])
        return spread(self.design, self.spread_out(changes), none).stages[0].variance()


def replicate_matrices(items: Items, design: ReplicateDesign) -> ReplicateMatrices:
    """Correlations in the replicates of a design.

    Few primary units allow few different replicates (three of three strata: 216), so equal ones
    are computed together.
    """
    made = replicate_moments(items, design)
    matrices = made.correlation
    varying = made.spread > ROUNDING * made.mean**2  # else everybody left gave one answer
    known = np.asarray((varying & np.isfinite(matrices)).all(axis=(1, 2)))
    smallest = np.linalg.eigvalsh(np.where(known[:, None, None], matrices, 0.0))[:, 0]
    usable = known & (smallest > 1.0 - COMPOSITE)
    factors = design.factors.factor.T[usable].round(12)
    _, first, which = np.unique(factors, axis=0, return_index=True, return_inverse=True)
    which = which.ravel()
    constants = np.zeros(len(first))
    np.add.at(constants, which, design.constants[usable])
    return ReplicateMatrices(design, matrices[usable][first], usable, which, constants)


def replicate_values(items: Items, statistic: Callable[[Floats], Floats]) -> Floats | None:
    """Compute a statistic of matrices in every replicate, (R, K); None for a design without."""
    if not isinstance(items.design, ReplicateDesign):
        return None
    found = replicate_matrices(items, items.design)
    return found.spread_out(statistic(found.matrices))


def estimated(items: Items, labels: pd.Index, value: Floats, replicates: Floats) -> Estimates:
    """Estimates with the variance of their replicates, (R, K)."""
    design = items.design
    assert isinstance(design, ReplicateDesign)
    lost = int(np.isnan(replicates).any(axis=1).sum())
    return Estimates(
        point=value,
        labels=labels,
        parts=(spread(design, replicates, value),),
        counts=KnownCounts(
            np.full(len(value), float(fewest_rows(items))), np.full(len(value), np.nan)
        ),
        what=f"Importance for {items.names[-1]}",
        population=design.population_label,
        notes=(f"{lost} replicates had no importance and are left out.",) if lost else (),
    )
