"""From columns of names to the coded stages of a design.

Names become integers once. Units of a later stage are numbered within the unit of the stage
before, which is (part of) their stratum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from survey.coding import SIGNED, CodeBook, number_values
from survey.errors import SurveyError, first_five
from survey.samples import Sample
from survey.scores import Floats, Ints, Stage


def code_stages(
    book: CodeBook,
    *,
    strata: Sequence[str],
    units: Sequence[str],
    fpc: Sequence[str],
    nest: bool,
    certainty: str | None,
) -> tuple[tuple[Stage, ...], Sample]:
    """Code every stage that weighs in the variance, and name the first-stage units.

    Columns of the codebook's frame are numbered there, so that a ``by`` finds them again.

    Returns
    -------
    stages : tuple of Stage
        The first, and each later one whose earlier stages have a sampling fraction.
    sample : Sample
        Stratum and name of each PSU; rows have no names.
    """
    frame = book.frame
    _refuse_missing(frame, [*strata, *units])
    _refuse_surplus(strata, units, fpc)
    stratum_keys: list[pd.Series] = [frame[name] for name in strata]
    unit_keys: list[pd.Series] = [frame[name] for name in units] or [_rows(frame)]
    counts = [pd.to_numeric(frame[name], errors="coerce") for name in fpc]
    if certainty is not None:
        stratum_keys, unit_keys, counts = _promote(
            frame, certainty, stratum_keys, unit_keys, counts
        )
    known = book if certainty is None else None
    stages: list[Stage] = []
    before: Ints = np.zeros(len(frame), dtype=np.int64)
    for number, key in enumerate(unit_keys, start=1):
        own = stratum_keys[number - 1] if number <= len(stratum_keys) else None
        count = counts[number - 1] if number <= len(counts) else None
        place = _Place(number, before, own, key, count, nest or number > 1, known)
        stage = _stage(frame, place, stages[-1] if stages else None)
        if not (stage.multiplier > 0).any():
            break
        stages.append(stage)
        before = stage.unit + 1
    names = None
    if units and nest:
        names = _nested_names(stages[0], unit_keys[0])
    elif units:
        names = tuple(_codes(unit_keys[0], known)[1])
    return tuple(stages), Sample(stages[0].stratum, names)


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """The columns of one stage, and the units of the stage before (0 where there is none).

    The codebook numbers columns that are the frame's own.
    """

    number: int
    before: Ints
    stratum: pd.Series | None
    key: pd.Series
    count: pd.Series | None
    nested: bool
    book: CodeBook | None


def _stage(frame: pd.DataFrame, place: _Place, parent: Stage | None) -> Stage:
    """Code strata and units of one stage."""
    own, names = _codes(place.stratum, place.book)
    stratum_row, strata = _combined(place.before, own)
    label = names if parent is None else _later_names(strata, own, parent, place.before)
    key, unit_names = _codes(place.key, place.book)
    unit, firsts = (
        _combined(stratum_row, key) if place.nested else (key, _first_rows(key, len(unit_names)))
    )
    stratum = stratum_row[firsts]
    if not place.nested:
        _refuse_crossing(stratum_row, stratum[unit], place, unit_names)
    sampled = np.bincount(stratum, minlength=len(strata))
    population = _population(place, stratum_row, strata, sampled, label, frame)
    multiplier = np.ones(len(strata))
    if parent is not None:
        above = parent.stratum[place.before[strata] - 1]
        multiplier = parent.multiplier[above] * parent.fraction[above]
    return Stage(unit, stratum, population, multiplier, label, place.number)


def _codes(key: pd.Series | None, book: CodeBook | None) -> tuple[Ints, Sequence[object]]:
    """Code the values of a column in sorted order; no column is one value."""
    if key is None:
        return np.zeros(1, dtype=np.int64), ["the whole sample"]
    if book is None or key.name is None:  # made up here: rows, or units taken with certainty
        codes, names = number_values(key)
    else:
        codes, names = book.number(key.name)
    return codes, names.tolist()


def _combined(outer: Ints, inner: Ints) -> tuple[Ints, Ints]:
    """Code the pairs that occur, and give the first row of each."""
    if not outer.any():
        codes = np.broadcast_to(inner, outer.shape)
        return codes, _first_rows(codes, int(inner.max()) + 1)
    codes, values = number_values(pd.Series(outer * (int(inner.max()) + 1) + inner))
    return codes, _first_rows(codes, len(values))


def _first_rows(codes: Ints, size: int) -> Ints:
    """First row of each code; where rows are mixed, the first few hold them all."""
    firsts = np.full(size, -1, dtype=np.int64)
    for rows in (min(len(codes), 16 * size), len(codes)):
        firsts[codes[:rows][::-1]] = np.arange(rows - 1, -1, -1)
        if (firsts >= 0).all():
            break
    return firsts


def _later_names(strata: Ints, own: Ints, parent: Stage, before: Ints) -> list[object]:
    """Call a later stratum by the number of its unit and its own code."""
    own = np.broadcast_to(own, before.shape)
    return [f"unit {before[row]} of stage {parent.number}, {own[row]}" for row in strata]


def _population(
    place: _Place,
    stratum_row: Ints,
    strata: Ints,
    sampled: Ints,
    names: Sequence[object],
    frame: pd.DataFrame,
) -> Floats:
    """Read the population count of each stratum; shares sampled when no value is above 1."""
    if place.count is None:
        return np.full(len(strata), np.inf)
    values = place.count.to_numpy(np.float64)
    column = place.count.name
    bad = ~(values > 0)
    if bad.any():
        raise SurveyError(
            f"Design(fpc={column!r}): {int(bad.sum())} missing or not positive, in rows "
            f"{first_five(frame.index[bad])}.",
            mend="Give the number of units in the population stratum.",
        )
    given = values[strata]
    uneven = np.unique(stratum_row[values != given[stratum_row]])
    if len(uneven):
        raise SurveyError(
            f"Design(fpc={column!r}): differs within {len(uneven)} strata: "
            f"{first_five(names[code] for code in uneven)}.",
            mend="Every row of a stratum must carry the same population count.",
        )
    population = sampled / given if values.max() <= 1 else given
    over = sampled > population * (1 + 1e-12)
    if over.any():
        raise SurveyError(
            f"Design(fpc={column!r}): more units sampled than there are in the population of "
            f"{first_five(names[int(code)] for code in np.flatnonzero(over))}.",
            mend="fpc counts units of that stage (not persons); check the column.",
        )
    return np.asarray(population)


def _promote(
    frame: pd.DataFrame,
    certainty: str,
    strata: list[pd.Series],
    units: list[pd.Series],
    counts: list[pd.Series],
) -> tuple[list[pd.Series], list[pd.Series], list[pd.Series]]:
    """Make units taken with certainty strata, and the units beneath them PSUs."""
    taken = frame[certainty]
    if taken.isna().any() or not set(taken.unique()) <= {True, False}:
        raise SurveyError(
            f"Design(certainty={certainty!r}): must be true or false in every row.",
            mend="Mark rows whose primary unit was taken with certainty with True.",
        )
    if len(units) < 2:
        raise SurveyError(
            "Design(certainty=): needs units of at least two stages.",
            mend="Pass psu=[primary unit, next unit], such as ['district', 'commune'].",
        )
    mixed = taken.astype(bool).groupby(units[0]).nunique()
    if (mixed > 1).any():
        raise SurveyError(
            f"Design(certainty={certainty!r}): both true and false within "
            f"{first_five(mixed.index[mixed > 1])}.",
            mend="A primary unit is taken with certainty or it is not; mark all its rows alike.",
        )
    here = taken.astype(bool)
    base = strata[0].astype(str) if strata else pd.Series("rest", index=frame.index)
    taken_whole = units[0].astype(str) + " (certainty)"
    if len(strata) > 1:  # the next stage's strata are strata of the units within
        taken_whole = taken_whole + " × " + strata[1].astype(str)
    later = [
        own.astype(str).where(~here, below.astype(str))
        for own, below in pairwise([*strata[1:], *strata[-1:]])
    ]
    stratum = [base.where(~here, taken_whole), *later]
    shifted = [*units[1:], _rows(frame)]
    unit_keys = [
        own.astype(str).where(~here, below.astype(str))
        for own, below in zip(units, shifted, strict=True)
    ]
    open_end = pd.Series(np.inf, index=frame.index)
    lower = [*counts[1:], open_end][: len(counts)]
    populations = [own.where(~here, below) for own, below in zip(counts, lower, strict=True)]
    return stratum, unit_keys, populations


def _rows(frame: pd.DataFrame) -> pd.Series:
    """Each row a unit of its own."""
    return pd.Series(np.arange(len(frame)), index=frame.index)


def _nested_names(first: Stage, key: pd.Series) -> tuple[object, ...]:
    """Name each PSU by its stratum and its own name, which starts again in each stratum."""
    rows = _first_rows(first.unit, len(first.stratum))
    strata = [first.stratum_names[code] for code in first.stratum]
    return tuple(zip(strata, key.iloc[rows].tolist(), strict=True))


def _refuse_missing(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Every row must say to which stratum and unit it belongs."""
    for name in columns:
        if frame[name].dtype in SIGNED:  # whole numbers have no holes
            continue
        rows = frame[name].isna().to_numpy()
        if rows.any():
            raise SurveyError(
                f"Design: column {name!r} is missing in {int(rows.sum())} rows: "
                f"{first_five(frame.index[rows])}.",
                mend="Every row needs its stratum and PSU; fill them in or set the rows aside.",
            )


def _refuse_surplus(strata: Sequence[str], units: Sequence[str], fpc: Sequence[str]) -> None:
    """Refuse columns for more stages than there are units."""
    stages = max(1, len(units))
    for name, columns in (("strata", strata), ("fpc", fpc)):
        if len(columns) > stages:
            raise SurveyError(
                f"Design({name}=): {len(columns)} columns for {stages} stages: "
                f"{first_five(columns)}.",
                mend="Give one column a stage; to cross two strata make one column of both.",
            )


def _refuse_crossing(given: Ints, own: Ints, place: _Place, names: Sequence[object]) -> None:
    """Refuse a PSU in two strata, unless names start again in each."""
    crossing = given != own
    if crossing.any():
        codes = np.unique(_codes(place.key, place.book)[0][crossing])
        raise SurveyError(
            f"Design(psu={place.key.name!r}): {len(codes)} PSUs lie in more than one stratum: "
            f"{first_five(names[code] for code in codes)}.",
            mend="If PSU names start again in each stratum pass nest=True; else correct them.",
        )
