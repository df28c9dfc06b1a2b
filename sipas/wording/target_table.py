"""Results beside their targets as a table; whose targets they are, the caller says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from sipas.numerals import Lang
from sipas.phrases import Voice
from sipas.tables import Column, Table
from sipas.tables.printed_figures import Printed
from sipas.tables.two_years import Years
from sipas.tables.uncertainty import per_cent
from sipas.targeting import TargetTable
from sipas.verdicts import NO_ERROR, took_everyone
from sipas.wording.evidence import bare

#: What can be said of a target: reached or missed by test, else whether the result meets it.
Standing = Literal[
    "reached",
    "missed",
    "unsure_met",
    "unsure_unmet",
    "untested_met",
    "untested_unmet",
    "census_met",
    "census_unmet",
]
_SENSES = {">=": "at_least", ">": "above", "<=": "at_most", "<": "below", "=": "exactly"}
#: Targets named among those that are about no result.
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Goals:
    """Targets that the caller gave, beside the results that they are about.

    Parameters
    ----------
    tables : mapping of str to TargetTable
        By kind of survey, from `sipas.targets`.
    sources : tuple of str
        The documents that the targets stand in; empty where the caller named none.
    aside : DataFrame
        Targets about neither survey: columns ``code label_vi label_en``.
    """

    tables: Mapping[str, TargetTable]
    sources: tuple[str, ...]
    aside: pd.DataFrame

    def source(self, voice: Voice) -> str:
        """Say whose targets they are."""
        if not self.sources:
            return voice.say("targets", "given")
        cited = Printed(pd.DataFrame({"source": list(self.sources)}))
        return voice.say("targets", "cited", source=cited.source(voice))

    def rows(self, two: Years, voice: Voice) -> pd.DataFrame:
        """Give the rows of one survey, as `sipas.targets` computes them.

        ``name`` is the index in the words of the report, ``goal`` and ``due`` the target in words,
        ``standing`` what can be said.
        """
        kind = two.after.instrument.kind
        if kind not in self.tables:
            return pd.DataFrame()
        made = self.tables[kind].table(lang=voice.lang).reset_index()
        made["name"] = [_name(two, str(code), voice) for code in made["figure"]]
        made["goal"] = [
            voice.say("targets", _SENSES[sense], target=f"{voice.points(target)}%")
            for sense, target in zip(made["sense"], made["target"], strict=True)
        ]
        made["due"] = [
            voice.say("targets", "due", by=f"{by:.0f}") if np.isfinite(by) else ""
            for by in made["by"]
        ]
        made["standing"] = _standings(made, took_everyone(two.after.design))
        return made


def target_table(goals: Goals, surveys: Sequence[Years], *, lang: Lang = "vi") -> Table:
    """Tabulate results and their targets.

    Parameters
    ----------
    goals : Goals
        The targets.
    surveys : sequence of Years
        The surveys reported.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Table
        One row a target; ``target estimate low high`` in per cent, ``distance`` (result less
        target) and ``yearly`` in percentage points.
    """
    voice = Voice(lang)
    frame = pd.concat([goals.rows(two, voice) for two in surveys], ignore_index=True)
    frame["worded"] = [
        voice.say("targets", "worded", index=row["name"], goal=row["goal"], due=row["due"])
        for row in frame.to_dict("records")
    ]
    frame["verdict_words"] = [voice.say("target_verdict", name) for name in frame["standing"]]
    level = next(iter(goals.tables.values())).level
    return Table(
        name="targets",
        title=voice.say("targets", "title"),
        frame=frame,
        columns=_columns(frame, max(two.year for two in surveys), level, voice),
        notes=_notes(goals, frame, level, voice),
        lang=lang,
    )


def _columns(frame: pd.DataFrame, year: int, level: float, voice: Voice) -> tuple[Column, ...]:
    """Columns; the change a year only where a target has a year."""
    head = {
        name: voice.say("target_head", name, year=year)
        for name in ("index", "target", "result", "distance", "yearly", "verdict")
    }
    limits = voice.say("head", "interval", level=per_cent(level, voice))
    due = frame["by"].notna().any()
    return (
        Column("worded", head["index"], kind="text"),
        Column("target", head["target"]),
        Column("estimate", head["result"]),
        Column("low", voice.say("head", "low"), limits),
        Column("high", voice.say("head", "high"), limits),
        Column("distance", head["distance"], kind="signed"),
        *([Column("yearly", head["yearly"], kind="signed")] if due else []),
        Column("verdict_words", head["verdict"], kind="text"),
    )


def _notes(goals: Goals, frame: pd.DataFrame, level: float, voice: Voice) -> tuple[str, ...]:
    """Whose targets, in what words, how they were tested, and what is about neither survey."""
    notes = [
        voice.say("note", "targets_source", source=goals.source(voice)),
        voice.say("note", "targets", level=per_cent(level, voice)),
    ]
    words = _quoted(frame["label"], voice)
    if words:
        notes.append(voice.say("note", "targets_worded", list=words))
    if frame["code"].eq("sipas").any() and frame["figure"].eq("services").any():
        notes.append(voice.say("note", "targets_services"))
    others = goals.aside[f"label_{voice.lang}"].where(lambda s: s.ne(""), goals.aside["code"])
    if len(others):
        listed = _quoted(others.iloc[:_MOST_NAMED], voice)
        count = voice.count(len(others))
        notes.append(voice.say("note", "targets_aside", count=count, list=listed))
    return tuple(notes)


def _quoted(texts: pd.Series, voice: Voice) -> str:
    """Quote texts, each once."""
    kept = dict.fromkeys(bare(text) for text in texts if text.strip())
    return voice.listed([voice.say("unit", "quoted", label=text) for text in kept], long=True)


def _name(two: Years, code: str, voice: Voice) -> str:
    """Name an index; the total of leaders is told from other totals."""
    if code != two.headline:
        return bare(two.label(code, voice))
    if two.after.instrument.kind == "leaders":
        return voice.say("targets", "total")
    index = two.index(voice)
    return index[:1].upper() + index[1:]


def _standings(rows: pd.DataFrame, everyone: bool) -> list[Standing]:
    """Say of each row what its verdict, its error and its design allow.

    Without sampling error the figure decides in a census only; elsewhere nothing varied in the
    sample, and there is nothing to test with.
    """
    made: list[Standing] = []
    for row in rows.to_dict("records"):
        lower_is_better = row["sense"].startswith("<")
        met = row["distance"] <= 0 if lower_is_better else row["distance"] >= 0
        if not row["se"] > NO_ERROR:
            made.append(_sided("census" if everyone else "untested", met))
        elif pd.isna(row["p"]):
            made.append(_sided("untested", met))
        elif row["verdict"] in ("reached", "missed"):
            made.append("reached" if row["verdict"] == "reached" else "missed")
        else:
            made.append(_sided("unsure", met))
    return made


def _sided(name: Literal["unsure", "untested", "census"], met: bool) -> Standing:
    """Add whether the result itself meets the target."""
    sides: dict[str, tuple[Standing, Standing]] = {
        "unsure": ("unsure_met", "unsure_unmet"),
        "untested": ("untested_met", "untested_unmet"),
        "census": ("census_met", "census_unmet"),
    }
    return sides[name][0 if met else 1]
