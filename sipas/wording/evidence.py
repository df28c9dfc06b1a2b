"""Sentences that tell a fall in the sample from one beyond sampling error."""

from __future__ import annotations

import pandas as pd

from sipas.phrases import Voice
from sipas.tables.printed_figures import Printed
from sipas.tables.two_years import FELL, ROSE, Years
from sipas.tables.uncertainty import VERDICTS, per_cent
from sipas.wording.forms import whole


def evidence(verdict: object, level: float, voice: Voice) -> str:
    """Say what one verdict means."""
    return voice.say("evidence", VERDICTS[str(verdict)], level=per_cent(level, voice))


def tested(
    two: Years, changes: pd.DataFrame, codes: list[str], voice: Voice, level: float, name: str
) -> str:
    """Say which changes are beyond sampling error, and which are not."""
    rows = changes.loc[codes]
    groups = {
        f"fell_{name}": rows["verdict"].isin(FELL),
        f"rose_{name}": rows["verdict"].isin(ROSE),
        f"unsure_{name}": rows["verdict"].eq("not enough evidence"),
    }
    shown = per_cent(level, voice)
    return " ".join(
        voice.say(
            "tests",
            phrase,
            level=shown,
            count=voice.count(int(chosen.sum())),
            all=voice.count(len(codes)),
            list=labels(two, list(rows.index[chosen]), voice),
        )
        for phrase, chosen in groups.items()
        if chosen.any()
    )


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
