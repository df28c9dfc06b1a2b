"""The annex of the leader survey: every item of both years, numbered as the plans do."""

from __future__ import annotations

import pandas as pd

from sipas.numerals import Lang
from sipas.phrases import Voice
from sipas.tables.leader_columns import (
    LIMITS,
    Leaders,
    by_year,
    changes,
    joined,
    label_column,
    place_column,
    years_in_words,
)
from sipas.tables.table_parts import Column, Table, numbered
from sipas.tables.two_years import Years, as_given, years
from sipas.tables.uncertainty import Uncertainty, change_columns, interval, notes_of, speaks_of


def leader_items(
    scores: Leaders,
    *,
    uncertainty: Uncertainty = "none",
    level: float = 0.95,
    lang: Lang = "vi",
) -> Table:
    """Every item of the leader survey, by domain: the annex of the plans.

    Parameters
    ----------
    scores : Change, LeaderScores, or two LeaderScores
        Two years, or one.
    uncertainty : {"none", "interval", "se", "both"}
        What stands beside the change of each rate, with the verdict, where the two years have
        comparable items; elsewhere what stands beside the rate of the year reported. Nothing by
        default, as in the plans.
    level : float
        Confidence of the intervals.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Table
        As `leader_domains`, all items of both years; those asked in one year only are blank in
        the other. ``difference`` is that of the rates in the sample, in percentage points.
        Numbered as the plans do: domains 1, 2, …, the items of each (1), (2), ….
    """
    two, voice = years(joined(scores)), Voice(lang)
    codes = [*two.wholes, *(c for part in two.dimensions for c in (part, *_items(two, part)))]
    frame, columns = by_year(two, codes, voice)
    frame, columns, notes = _trusted(two, frame, columns, voice, level, uncertainty)
    return Table(
        name="leader_items",
        title=voice.say("title", "leader_items", years=years_in_words(two, voice)),
        frame=numbered(frame, two.dimensions, inside=codes),
        columns=(place_column(voice), label_column(voice, "item"), *columns),
        notes=(voice.say("note", as_given("leader_weights", *two.all)), *notes),
        strong=(*two.wholes, *two.dimensions),
        lang=lang,
    )


def _trusted(
    two: Years,
    frame: pd.DataFrame,
    columns: list[Column],
    voice: Voice,
    level: float,
    uncertainty: Uncertainty,
) -> tuple[pd.DataFrame, list[Column], tuple[str, ...]]:
    """Add the difference of the years, and how far it, or this year's rate, can be trusted."""
    spoken = () if uncertainty == "none" else (speaks_of(two, voice, level, uncertainty),)
    own = frame.join(two.rates(level)[LIMITS])
    if two.change is None:
        return own, [*columns, *interval(voice, level, uncertainty=uncertainty)], spoken
    difference = Column("difference", voice.say("head", "change"), kind="signed")
    moved = frame["rate_after"] - frame["rate_before"]
    if two.statements and uncertainty != "none":
        made = frame.assign(difference=moved).join(changes(two, list(frame.index), voice, level))
        columns = [*columns, difference, *change_columns(voice, level, uncertainty)[1:]]
        return made, columns, notes_of(two, voice, level, uncertainty)
    columns += interval(voice, level, uncertainty=uncertainty, year=two.year)
    untested = voice.say("note", "leader_items")
    return own.assign(difference=moved), [*columns, difference], (untested, *spoken)


def _items(two: Years, dimension: str) -> list[str]:
    """Items of a domain in any year: those of the later year first."""
    codes = [
        item.code
        for year in reversed(two.all)
        for item in year.instrument.index_items
        if item.dimension == dimension
    ]
    return list(dict.fromkeys(codes))
