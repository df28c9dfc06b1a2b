"""Tables of Section A, from results to something ready to print; nothing is estimated here.

The tables of each kind are made in their own module and reached from this one.
"""

from __future__ import annotations

import pandas as pd

from sipas.numerals import Lang
from sipas.phrases import Voice
from sipas.tables.driver_tables import contributions, weighted
from sipas.tables.fieldwork_tables import designs, official, response
from sipas.tables.household_tables import dimensions, statements
from sipas.tables.html_table import as_html
from sipas.tables.latex_table import LATEX_PREAMBLE, as_latex
from sipas.tables.leader_annex import leader_items
from sipas.tables.leader_tables import leader_domains, leader_groups
from sipas.tables.table_parts import Column, Table, counts
from sipas.tables.two_years import Tally, Years, tally
from sipas.tables.uncertainty import Uncertainty, interval, per_cent, verdict_words

__all__ = [
    "LATEX_PREAMBLE",
    "Column",
    "Table",
    "Uncertainty",
    "as_html",
    "as_latex",
    "contributions",
    "designs",
    "dimensions",
    "leader_domains",
    "leader_groups",
    "leader_items",
    "official",
    "response",
    "statements",
    "summary",
    "weighted",
]


def summary(*surveys: Years, level: float = 0.95, lang: Lang = "vi") -> Table:
    """One row for each survey: its index of the whole, and how many of its parts moved.

    Parameters
    ----------
    *surveys : Years
        Surveys of one year or two, from `sipas.tables.two_years.years`.
    level : float
        Confidence of the intervals.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Table
        ``before`` and ``after`` in per cent, ``estimate low high`` of the change in percentage
        points; counts of the dimensions or statements that fell and rose, in the sample and
        beyond sampling error.
    """
    voice = Voice(lang)
    rows: dict[str, dict[str, object]] = {}
    labels: list[str] = []
    for two in surveys:
        kind = two.after.instrument.kind
        labels.append(voice.say("row", f"{kind}_dimensions", index=two.index(voice)))
        rows[f"{kind}_dimensions"] = _headline(two, level) | _counted(two, two.dimensions, level)
        if kind == "households" and two.statements:
            labels.append(voice.say("row", f"{kind}_statements"))
            rows[f"{kind}_statements"] = _counted(two, two.statements, level)
    names = ("before", "after", "estimate", "low", "high", "verdict", *Tally.__slots__)
    frame = pd.DataFrame.from_dict(rows, orient="index").reindex(columns=list(names))
    frame["verdict_words"] = [
        verdict_words(pd.Series([one]), voice)[0] if isinstance(one, str) else float("nan")
        for one in frame["verdict"]
    ]
    frame.insert(0, "label", labels)
    compared = any(two.change is not None for two in surveys)
    note = "summary" if compared else "summary_one"
    return Table(
        name="summary",
        title=voice.say("title", "summary"),
        frame=frame,
        columns=_columns(voice, level, compared, surveys),
        notes=(voice.say("note", note, level=per_cent(level, voice)),),
        lang=lang,
    )


def _headline(two: Years, level: float) -> dict[str, object]:
    """Index of the whole, both years and the change."""
    code = two.headline
    if two.change is None:
        return {"after": two.rates(level).loc[code, "estimate"]}
    row = two.changes(level).loc[code]
    return {name: row[name] for name in ("before", "after", "estimate", "low", "high", "verdict")}


def _counted(two: Years, codes: list[str], level: float) -> dict[str, object]:
    """Count what fell and rose."""
    if two.change is None:
        return {"rows": len(codes)}
    made = tally(two.changes(level), codes)
    return {name: getattr(made, name) for name in Tally.__slots__}


def _columns(
    voice: Voice, level: float, compared: bool, surveys: tuple[Years, ...]
) -> tuple[Column, ...]:
    """Columns of the summary; for one year, the index and the number of parts."""
    label = Column("label", voice.say("head", "measure"), kind="text")
    after = voice.say("head", "year", year=max(two.year for two in surveys))
    rate = Column("after", voice.say("head", "rate"), after)
    number = counts(["rows"], {"rows": voice.say("head", "number_of")})
    if not compared:
        return label, rate, *number
    before = voice.say("head", "year", year=min(two.year_before for two in surveys))
    heads = {
        name: voice.say("head", name.removeprefix("surely_"))
        for name in ("down", "up", "surely_down", "surely_up", "unsure")
    }
    return (
        label,
        Column("before", voice.say("head", "rate"), before),
        rate,
        Column("estimate", voice.say("head", "change"), kind="signed"),
        *interval(voice, level, "signed", uncertainty="interval"),
        Column("verdict_words", voice.say("head", "verdict"), kind="text"),
        *number,
        *counts(["down", "up"], heads, voice.say("head", "sample_group")),
        *counts(["surely_down", "surely_up"], heads, voice.say("head", "sure_group")),
        *counts(["unsure"], heads),
    )
