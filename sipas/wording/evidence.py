"""Sentences that tell a fall in the sample from one beyond sampling error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

import survey
from sipas.phrases import Voice
from sipas.tables.printed_figures import Printed
from sipas.tables.two_years import FELL, ROSE, Years
from sipas.tables.uncertainty import VERDICTS, per_cent
from sipas.verdicts import NO_ERROR, took_everyone
from sipas.wording.forms import whole

#: Phrase of the verdicts that are told together.
_GROUPS = {
    "fell": FELL,
    "rose": ROSE,
    "same": ("equivalent",),
    "unsure": ("not enough evidence",),
    "no_df": ("no degrees of freedom",),
    "census": ("census",),
}


def evidence(verdict: object, level: float, voice: Voice) -> str:
    """Say what one verdict means."""
    return voice.say("evidence", VERDICTS[str(verdict)], level=per_cent(level, voice))


def tested(
    two: Years, changes: pd.DataFrame, codes: list[str], voice: Voice, level: float, name: str
) -> str:
    """Say which changes are beyond sampling error, and which are not.

    ``name`` is what the rows are, ``"dimensions"`` or ``"domains"``.
    """
    verdicts, moves = changes.loc[codes, "verdict"], changes.loc[codes, "estimate"]
    filled = {
        "level": per_cent(level, voice),
        "all": voice.count(len(codes)),
        "noun": voice.say("tests", name),
    }
    said = []
    for phrase, known in _GROUPS.items():
        chosen = verdicts.isin(known)
        if chosen.all():
            return voice.say("tests", f"{phrase}_all", **filled)
        if chosen.any():
            listed = labels(two, list(verdicts.index[chosen]), voice)
            filled |= {"count": voice.count(int(chosen.sum())), "list": listed}
            sides = {"fell": moves < 0, "rose": moves > 0}
            every = chosen.sum() > 1 and phrase in sides and chosen.equals(sides[phrase])
            said.append(voice.say("tests", f"{phrase}_these" if every else phrase, **filled))
    return " ".join(said)


def in_sample(changes: pd.DataFrame, codes: list[str], voice: Voice) -> str:
    """Say that a rise or fall is one in the sample, unless everyone was asked in both years."""
    if changes.loc[codes, "verdict"].eq("census").all():
        return ""
    return voice.say("unit", "in_sample")


def limits_of_rate(
    row: Mapping[Any, Any], design: survey.Design, level: float, voice: Voice
) -> str:
    """Give the interval of an index, or why there is none; nothing where everyone was asked.

    ``row`` has ``estimate se low high`` in per cent.
    """
    shown = per_cent(level, voice)
    if design.df <= 0:
        return voice.say("limits", "no_df", level=shown)
    if row["se"] > NO_ERROR and not pd.isna(row["low"]):
        interval = voice.between(row["low"], row["high"])
        return voice.say("limits", "rate", level=shown, interval=interval)
    if took_everyone(design):
        return ""
    ends = {0.0: "lowest", 100.0: "highest"}
    return voice.say("limits", ends.get(round(row["estimate"], 9), "no_error"), level=shown)


def limits_of_change(row: Mapping[Any, Any], level: float, voice: Voice) -> str:
    """Give the interval of a change, or why there is none where the verdict does not say it."""
    if row["verdict"] in ("census", "no degrees of freedom"):
        return ""
    shown = per_cent(level, voice)
    if pd.isna(row["low"]):
        return voice.say("limits", "no_spread", level=shown)
    interval = voice.between_changes(row["low"], row["high"])
    return voice.say("limits", "change", level=shown, interval=interval)


def bracketed(*parts: str) -> str:
    """Put what there is into brackets, with a space before.

    Examples
    --------
    >>> bracketed("95%", "", "Bảng 3"), bracketed("")
    (' (95%; Bảng 3)', '')
    """
    kept = "; ".join(part for part in parts if part)
    return f" ({kept})" if kept else ""


def labels(two: Years, codes: list[str], voice: Voice) -> str:
    """List the labels of some codes, quoted."""
    return voice.listed(
        [voice.say("unit", "quoted", label=bare(two.label(code, voice))) for code in codes],
        long=True,
    )


def bare(label: str) -> str:
    """Leave out a statement's full stop, which would end the sentence it is quoted in."""
    return label.strip().removesuffix(".")


def sizes(two: Years, rows: pd.Series, voice: Voice, phrase: str = "brackets") -> str:
    """List labels with the size of their change."""
    return voice.listed(
        [
            voice.say(
                "unit", phrase, label=bare(two.label(str(code), voice)), size=voice.gap(value)
            )
            for code, value in rows.items()
        ],
        long=phrase == "brackets",
    )


def sizes_of_rates(two: Years, rates: pd.Series, voice: Voice) -> str:
    """List labels with their rate."""
    named = {code: bare(two.label(str(code), voice)) for code in rates.index}
    return voice.listed(
        [
            voice.say("unit", "brackets", label=named[code], size=voice.rate(rate))
            for code, rate in rates.items()
        ],
        long=True,
    )


def moves(two: Years, rows: pd.Series, voice: Voice) -> str:
    """List labels with whether they rose or fell, and by how much."""
    return voice.listed(
        [
            voice.say(
                "unit", "brackets", label=bare(two.label(str(c), voice)), size=voice.moved(v)
            )
            for c, v in rows.items()
        ],
        long=True,
    )


def official_points(
    printed: Printed, codes: tuple[str, ...], year: int, voice: Voice
) -> dict[str, str] | None:
    """Give printed points and rank of a part, and their moves since the year before.

    The part may stand under several codes; the first that is printed counts. None when there are
    no points or no rank for the year; no ``moved`` when there are none for the year before.
    """
    for code in codes:
        now, then = (
            [
                printed.figure(("part", "par_points"), code, when, what)
                for what in ("points", "rank")
            ]
            for when in (year, year - 1)
        )
        if not pd.isna(now).any():
            made = {
                "source": printed.source(voice),
                "points": whole(
                    printed.figure(("part", "par_points"), code, year, "max_points"), now[0], voice
                ),
                "rank": voice.points(now[1]),
            }
            if not pd.isna(then).any():
                made["moved"] = voice.moved(now[0] - then[0], "point")
                made["places"] = places(then[1] - now[1], voice)
            return made
    return None


def places(gained: float, voice: Voice) -> str:
    """Say by how many places a rank rose (towards the first) or fell."""
    if gained == 0:
        return voice.say("move", "same")
    size = voice.say("unit", "place", value=voice.points(abs(gained)))
    return voice.say("move", "rose" if gained > 0 else "fell", size=size)


def cited(printed: Printed, codes: tuple[str, ...], year: int, voice: Voice) -> str:
    """Name the source; in short where the points of the same part have just named it."""
    if official_points(printed, codes, year, voice) is None:
        return printed.source(voice)
    return voice.say("unit", "same_source")
