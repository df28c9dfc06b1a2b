"""The columns and footnotes that say how far a number can be trusted, the same in every table."""

from __future__ import annotations

import pandas as pd

from sipas.numerals import number
from sipas.phrases import Voice
from sipas.responses.populations import named
from sipas.tables.table_parts import Column, Kind
from sipas.tables.two_years import Years

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


def interval(voice: Voice, level: float, kind: Kind = "number") -> list[Column]:
    """Columns of standard error and limits."""
    group = voice.say("head", "interval", level=per_cent(level, voice))
    return [
        Column("se", voice.say("head", "se")),
        Column("low", voice.say("head", "low"), group, kind),
        Column("high", voice.say("head", "high"), group, kind),
    ]


def change_columns(voice: Voice, level: float) -> list[Column]:
    """Columns of a change in percentage points, its uncertainty and verdict."""
    return [
        Column("estimate", voice.say("head", "change"), kind="signed"),
        *interval(voice, level, kind="signed"),
        Column("verdict_words", voice.say("head", "verdict"), kind="text"),
    ]


def verdict_words(verdicts: pd.Series, voice: Voice) -> list[str]:
    """Write verdicts in the language of the table."""
    return [voice.say("verdict", VERDICTS[str(one)]) for one in verdicts]


def notes_of(two: Years, voice: Voice, level: float) -> tuple[str, ...]:
    """Footnotes: what an interval speaks of, how tests were adjusted, rounding."""
    shown = per_cent(level, voice)
    notes = [
        voice.say(
            "note",
            "speaks",
            population=named(two.after.design, voice.lang),
            level=shown,
        )
    ]
    if two.change is not None:
        margin = two.change.equivalence
        notes.append(voice.say("note", "verdict", level=shown))
        if margin is not None:
            notes.append(voice.say("note", "margin", margin=number(margin, lang=voice.lang)))
        notes.append(voice.say("note", "rounding"))
    return tuple(notes)
