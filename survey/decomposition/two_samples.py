"""Two samples side by side: their outcomes row by row, and effects from linearised rows.

A second sample may be another year, or another domain of the same design; either way the
covariance between the two is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast, get_args

import numpy as np
import pandas as pd

from survey.design import Design
from survey.errors import SurveyError, first_five, require_columns, require_option
from survey.estimates import Estimates
from survey.linearization import influence_part
from survey.row_counts import KnownCounts
from survey.rows import Rows
from survey.samples import merge, unmatched
from survey.scores import Floats
from survey.variables import Asked, Variables, number_domains, read_columns, rows_of

MissingRule = Literal["item", "listwise"]
#: Columns of both samples, or a frame on the index of each.
Outcomes = str | Sequence[str] | tuple[pd.DataFrame, pd.DataFrame]

TOTAL = "total"


@dataclass(frozen=True, slots=True, eq=False)
class TwoSamples:
    """Both designs, and the outcomes of every row.

    Parameters
    ----------
    designs : (Design, Design)
        The first and the second sample.
    rows : (Rows, Rows)
        Outcomes, which of them are valid, and weights, zero outside the domain.
    names : Index
        Names of the outcomes.
    single : bool
        Whether one column was named, so that effects need no outcome in their labels.
    """

    designs: tuple[Design, Design]
    rows: tuple[Rows, Rows]
    names: pd.Index
    single: bool

    def labels(self, effects: Sequence[str]) -> pd.Index:
        """Labels by outcome (slowest) and effect."""
        if self.single:
            return pd.Index(list(effects), name="effect")
        return pd.MultiIndex.from_product([self.names, effects], names=["item", "effect"])


def read_two(
    first: Design, second: Design, y: Outcomes, missing: MissingRule, where: str
) -> TwoSamples:
    """Read the outcomes of both samples.

    Raises
    ------
    SurveyError
        As `survey.mean`; also designs without rows or with replicate weights, outcomes that
        differ, and one that nobody answered in a sample.
    """
    require_option(missing, get_args(MissingRule), where=f"{where}(missing=)")
    given = y if isinstance(y, tuple) else (y, y)
    rows, names = [], []
    for design, own in zip((first, second), given, strict=True):
        if not isinstance(design, Design) or design.cells is not None:
            raise SurveyError(
                f"{where}: needs two designs with rows, got a {type(design).__name__}.",
                mend="Make each with survey.Design(data, …); effects are linearised, so replicate "
                "weights are not used.",
            )
        columns = read_columns(design, cast(Variables, own), where)
        plain = replace(columns, coded=None)
        asked = Asked(where, plain, missing=missing)
        rows.append(cast(Rows, rows_of(asked, design, number_domains(design, None))))
        names.append(columns.names)
    _refuse_other(names, rows, where)
    return TwoSamples((first, second), (rows[0], rows[1]), names[0], isinstance(y, str))


def _refuse_other(names: list[pd.Index], rows: list[Rows], where: str) -> None:
    """Refuse outcomes that differ between the samples, or that one of them never answered."""
    if list(names[0]) != list(names[1]):
        other = names[0].symmetric_difference(names[1])
        raise SurveyError(
            f"{where}(y=): the outcomes of the two samples differ: {first_five(other)}.",
            mend="Give both the same columns, in the same order.",
        )
    for which, own in zip(("first", "second"), rows, strict=True):
        blank = names[0][(own.weight @ own.valid) == 0]
        if len(blank):
            raise SurveyError(
                f"{where}(y=): no answer to {first_five(blank)} in the {which} sample.",
                mend="Leave them out.",
            )


def read_groups(pair: TwoSamples, columns: Sequence[str], where: str) -> list[pd.DataFrame]:
    """Read grouping columns or predictors of both samples, complete inside the domain.

    Raises
    ------
    SurveyError
        For a column that is not there, and for rows without a value.
    """
    frames = []
    for which, design in zip(("first", "second"), pair.designs, strict=True):
        require_columns(design.data.columns, list(columns), where=where)
        frame = design.data[list(columns)]
        blank = frame[design.inside].isna().sum()
        if blank.any():
            lacking = {str(name): int(count) for name, count in blank[blank > 0].items()}
            raise SurveyError(
                f"{where}: rows of the {which} sample without a value: {lacking}.",
                mend="Give them a group of their own (such as 'not stated'), or restrict both "
                "samples with design.domain, so that the account closes.",
            )
        frames.append(frame)
    return frames


def effects_of(
    pair: TwoSamples,
    point: Floats,
    scores: Sequence[Floats],
    effects: Sequence[str],
    *,
    paired: bool,
    what: str,
    notes: Sequence[str] = (),
) -> Estimates:
    """Put effects together with their covariance.

    Parameters
    ----------
    pair : TwoSamples
        The samples.
    point : (J, R) float
        Effects of each outcome.
    scores : pair of (n, J, R) float
        Weighted linearised value of each row.
    effects : sequence of str
        Names of the effects.
    paired : bool
        Whether PSUs of different samples are matched by name.
    what, notes
        Caption, and sentences beneath the table.
    """
    made: list[Any] = [
        influence_part(design, own.reshape(len(own), -1))
        for design, own in zip(pair.designs, scores, strict=True)
    ]
    parts = merge(made)
    if not paired:
        parts = unmatched(parts)
    counted = [((r.weight > 0)[:, None] & r.valid).sum(axis=0) for r in pair.rows]
    spoken = [d.population_label for d in pair.designs if d.population_label]
    return Estimates(
        point=point.ravel(),
        labels=pair.labels(effects),
        parts=parts,
        counts=KnownCounts(
            np.repeat(np.sum(counted, axis=0).astype(np.float64), len(effects)),
            np.full(point.size, np.nan),
        ),
        what=what,
        population="; ".join(dict.fromkeys(spoken)) or None,
        size_known=all(d.has_weights for d in pair.designs),
        notes=tuple(notes),
    )
