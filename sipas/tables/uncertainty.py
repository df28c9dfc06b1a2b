"""The columns and footnotes that say how far a number can be trusted, the same in every table."""

from __future__ import annotations

from typing import Literal, get_args

import pandas as pd

from sipas.numerals import number
from sipas.phrases import Voice
from sipas.responses.populations import named
from sipas.tables.table_parts import Column, Kind
from sipas.tables.table_words import word
from sipas.tables.two_years import Years
from survey.errors import require_option

#: What stands beside an estimate: nothing, its interval, its standard error, or both.
Uncertainty = Literal["none", "interval", "se", "both"]

#: Name in ``wording.toml`` of each verdict of `sipas.compare`.
VERDICTS = {
    "fell": "fell",
    "rose": "rose",
    "fell, but by less than the margin": "fell_little",
    "rose, but by less than the margin": "rose_little",
    "equivalent": "equivalent",
    "not enough evidence": "unsure",
    "census": "census",
    "no degrees of freedom": "no_df",
}


def per_cent(level: float, voice: Voice) -> str:
    """Write a confidence level: 95%."""
    shown = f"{100 * level:.10g}".replace(".", "," if voice.lang == "vi" else ".")
    return f"{shown}%"


def interval(
    voice: Voice,
    level: float,
    kind: Kind = "number",
    *,
    uncertainty: Uncertainty = "both",
    year: int | None = None,
) -> list[Column]:
    """Columns of standard error and limits, as many as are asked for, and of which year."""
    require_option(uncertainty, get_args(Uncertainty), where="uncertainty")
    group, se = voice.say("head", "interval", level=per_cent(level, voice)), ""
    if year is not None:
        group = word("head", "of_year", voice.lang, head=group, year=year)
        se = voice.say("head", "year", year=year)
    columns = {
        "se": [Column("se", voice.say("head", "se"), se)],
        "interval": [
            Column("low", voice.say("head", "low"), group, kind),
            Column("high", voice.say("head", "high"), group, kind),
        ],
    }
    return [one for name in columns if uncertainty in (name, "both") for one in columns[name]]


def change_columns(voice: Voice, level: float, uncertainty: Uncertainty = "both") -> list[Column]:
    """Columns of a change in percentage points, its uncertainty and verdict."""
    columns = [
        Column("estimate", voice.say("head", "change"), kind="signed"),
        *interval(voice, level, "signed", uncertainty=uncertainty),
    ]
    if uncertainty != "none":
        columns.append(Column("verdict_words", voice.say("head", "verdict"), kind="text"))
    return columns


def verdict_words(verdicts: pd.Series, voice: Voice) -> list[str]:
    """Write verdicts in the language of the table."""
    return [voice.say("verdict", VERDICTS[str(one)]) for one in verdicts]


def speaks_of(two: Years, voice: Voice, level: float, uncertainty: Uncertainty = "both") -> str:
    """Say of whom the numbers speak, and how what stands beside them was computed."""
    population = named(two.after.design, voice.lang)
    if uncertainty in ("none", "se"):
        return word("note", f"speaks_{uncertainty}", voice.lang, population=population)
    return voice.say("note", "speaks", population=population, level=per_cent(level, voice))


def notes_of(
    two: Years, voice: Voice, level: float, uncertainty: Uncertainty = "both"
) -> tuple[str, ...]:
    """Footnotes: of whom the numbers speak, how tests were adjusted, rounding."""
    notes = [speaks_of(two, voice, level, uncertainty)]
    if two.change is None:
        return tuple(notes)
    if uncertainty != "none":
        margin = two.change.equivalence
        notes.append(voice.say("note", "verdict", level=per_cent(level, voice)))
        if margin is not None:
            notes.append(voice.say("note", "margin", margin=number(margin, lang=voice.lang)))
    notes.append(voice.say("note", "rounding"))
    return tuple(notes)
