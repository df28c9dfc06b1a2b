r"""Raking: weights scaled to one margin after the other until all margins hold.

Deming & Stephan (1940), *Annals of Mathematical Statistics* 11, 427–444. The variance takes the
class means of the linearised variable out, margin by margin, in ten rounds of alternating
projections, as R does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.design import Design
from survey.errors import SurveyError
from survey.replicates import ReplicateDesign
from survey.scores import Floats, Ints
from survey.weighting.margins import Margin, Totals, read_margin, require_agreement
from survey.weighting.steps import (
    SomeDesign,
    Step,
    class_sums,
    class_weights,
    inside_weight,
    multiply,
    refuse_empty,
    take,
)

#: Rounds of alternating projections in the variance, as in R's ``svyrecvar``.
ROUNDS = 10

Margins = Mapping[str | tuple[str, ...], Totals]


def rake(
    design: SomeDesign,
    margins: Margins,
    *,
    tolerance: float = 1e-10,
    max_iterations: int = 1000,
) -> SomeDesign:
    """Scale weights until several population margins hold at once.

    Parameters
    ----------
    design : Design or ReplicateDesign
        The sample; replicate weights are raked anew in each replicate.
    margins : mapping
        For each column, or tuple of columns, the population count of each of its classes.
    tolerance : float
        Largest relative distance to any count at which to stop. (R's default stops at a change
        of one person.)
    max_iterations : int
        Rounds over all margins.

    Returns
    -------
    Design or ReplicateDesign
        The same sample under the new weights.

    Raises
    ------
    SurveyError
        Margins of different populations, classes that do not match, no convergence: the error
        names the class that misses most, and by how much.

    Notes
    -----
    The weights equal those of ``calibrate(..., distance="raking")`` with the same margins.
    In R: ``rake(design, list(~a, ~b), list(totals_a, totals_b))``.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"sex": list("FFMM"), "area": list("urur")})
    >>> raked = rake(survey.Design(frame), {"sex": {"F": 6, "M": 4}, "area": {"u": 7, "r": 3}})
    >>> raked.weight.round(6)
    array([4.2, 1.8, 2.8, 1.2])
    """
    if not margins:
        raise SurveyError("rake: no margin given.", mend="Pass {column: {class: count}}.")
    read = [
        read_margin(design, by if isinstance(by, str) else list(by), totals, "rake")
        for by, totals in margins.items()
    ]
    require_agreement({one.name: float(one.totals.sum()) for one in read}, "rake")
    plan = _Margins(tuple(read), tolerance, max_iterations)
    if isinstance(design, ReplicateDesign):
        return plan.again(design)
    return _raked(design, plan)


def _raked(design: Design, plan: _Margins) -> Design:
    """Rake the weights of a design, and keep the projections for its residuals."""
    before = inside_weight(design)
    code, cells = plan.cells()
    weights = class_sums(code, before, len(cells))
    weight = before * plan.fitted(weights[:, None], cells)[code, 0]
    left, right = _projections(plan.margins, weight)
    return take(design, weight, Step(left, right, plan, before))


@dataclass(frozen=True, slots=True, eq=False)
class _Margins:
    """Margins and when to stop."""

    margins: tuple[Margin, ...]
    tolerance: float
    max_iterations: int

    def again(self, design: ReplicateDesign) -> ReplicateDesign:
        """Rake the full sample and every replicate at once."""
        code, cells = self.cells()
        weights = class_weights(design, code, len(cells))
        for k, margin in enumerate(self.margins):
            refuse_empty(_sums(margin, cells[:, k], weights), margin.names, "rake")
        full = class_sums(code, inside_weight(design), len(cells))
        ratio = self.fitted(np.column_stack([full, weights]), cells)
        return multiply(design, code, ratio[:, 0], ratio[:, 1:])

    def sums(self, weight: Floats) -> pd.DataFrame:
        """List the counts of the classes beside the sums of weights."""
        tables = [
            pd.DataFrame(
                {"total": m.totals, "sum": class_sums(m.code, weight, len(m.labels))}, m.names
            )
            for m in self.margins
        ]
        return pd.concat(tables)

    def cells(self) -> tuple[Ints, Ints]:
        """Code the combinations of all margins; each row of the second is one combination."""
        table = np.column_stack([margin.code for margin in self.margins])
        cells, code = np.unique(table, axis=0, return_inverse=True)
        return code.ravel().astype(np.int64), cells

    def fitted(self, weights: Floats, cells: Ints) -> Floats:
        """Factor of each combination for each column of weights, shape (C, R)."""
        ratio = np.ones_like(weights)
        for _ in range(self.max_iterations):
            for k, margin in enumerate(self.margins):
                sums = _sums(margin, cells[:, k], weights * ratio)
                ratio *= (margin.totals[:, None] / sums)[cells[:, k]]
            if max(self._distances(weights * ratio, cells)) < self.tolerance:
                return ratio
        raise self._failure(weights * ratio, cells)

    def _distances(self, weights: Floats, cells: Ints) -> list[float]:
        """Largest relative distance of each margin."""
        return [
            float(np.abs(_sums(m, cells[:, k], weights) / m.totals[:, None] - 1.0).max())
            for k, m in enumerate(self.margins)
        ]

    def _failure(self, weights: Floats, cells: Ints) -> SurveyError:
        """Name the class that misses most."""
        k = int(np.argmax(self._distances(weights, cells)))
        margin = self.margins[k]
        sums = _sums(margin, cells[:, k], weights)
        off = np.abs(sums / margin.totals[:, None] - 1.0)
        row, column = np.unravel_index(int(off.argmax()), off.shape)
        got, want = float(sums[row, column]), float(margin.totals[row])
        return SurveyError(
            f"rake: not there after {self.max_iterations} rounds: {margin.names[int(row)]} adds "
            f"up to {got:.10g} where {want:.10g} is asked, {got - want:+.3g}.",
            mend="Empty combinations of classes may make the margins impossible to meet: merge "
            "classes or leave a margin out. Else raise max_iterations.",
        )


def _sums(margin: Margin, cell: Ints, weights: Floats) -> Floats:
    """Sum weights of combinations by class of one margin, shape (classes, R)."""
    member = cell[None, :] == np.arange(len(margin.labels))[:, None]
    return np.asarray(member.astype(np.float64) @ weights)


def _projections(margins: Sequence[Margin], weight: Floats) -> tuple[Floats, Floats]:
    """Ten rounds of taking out the plain class means of z/w, margin by margin, in two factors."""
    live = weight > 0
    left, right, block = [], [], []
    for k, margin in enumerate(margins):
        member = margin.indicators() * live[:, None]
        left.append(weight[:, None] * member)
        scale = np.where(live, 1.0 / np.where(live, weight, 1.0), 0.0)
        right.append(scale[:, None] * member / member.sum(axis=0))
        block.append(np.full(len(margin.labels), k))
    lefts, rights, blocks = np.hstack(left), np.hstack(right), np.concatenate(block)
    overlap = rights.T @ lefts
    taken = np.zeros_like(overlap)
    start = np.eye(len(overlap))
    for _ in range(ROUNDS):
        for k in range(len(margins)):
            own = blocks == k
            taken[own] += (start - overlap @ taken)[own]
    return lefts, rights @ taken.T
