"""An index against its target: a dot with its interval and a line, never a dial.

A dial shows one number as if it were known; here the interval says what the sample can tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from sipas.charts import particulars
from sipas.charts.look import AFTER_INK, INK, MUTED, style
from sipas.charts.marks import BAND, TINY, dot, heads, key, limits, looks, scale, whisker
from sipas.charts.sheet import Caption, Sheet, attach, open_sheet, sheet_width
from sipas.charts.typesetting import EDGE, Row, stacked_rows
from sipas.charts.words import inert, interval, opened, per_cent, value, word
from sipas.composites import OVERALL, TOTAL
from sipas.desk_words import word as desk_word
from sipas.labelling import label
from sipas.numerals import Lang
from sipas.sentences import sentence
from sipas.targeting import TargetTable
from sipas.targeting.goals import SIGNS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Verdicts that the test supports.
DECIDED = ("reached", "missed")
#: Where the panel begins and its width, and where columns end, in widths of the sheet.
PANEL_FROM, PANEL = 0.33, 0.31
FIGURE, GOAL = 0.795, 0.895


def targets(
    judged: TargetTable, *, source: str = "", ax: Axes | None = None, lang: Lang = "vi"
) -> Axes:
    """Show each index with its interval against its target.

    Parameters
    ----------
    judged : TargetTable
        From `sipas.targets`, which also sets the confidence.
    source : str
        What else is to be said of the figures, in the line of the source.
    ax : Axes, optional
        Whose place to fill; a new figure 16 cm wide without.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Axes
        `plotted` gives back ``judged.table()``.

    Raises
    ------
    SurveyError
        No targets, axes that are too small.

    Notes
    -----
    Solid: the verdict is *reached* or *missed*. The band covers the values that meet the target.
    """
    particulars.require_result(judged, TargetTable, "targets", "sipas.targets(index, targets=90)")
    table = judged.table(lang=lang)
    with style():
        return _drawn(judged, table, source, ax, lang)


def target_names(judged: TargetTable, table: pd.DataFrame, lang: Lang) -> list[str]:
    """Name each row: as the plan words its target, else as the questionnaire names the index."""
    return [
        inert(text) or _figure_name(judged, str(figure), str(code), lang)
        for code, text, figure in zip(table.index, table["label"], table["figure"], strict=True)
    ]


def _figure_name(judged: TargetTable, figure: str, code: str, lang: Lang) -> str:
    """Name an index by its questionnaire, where there is one."""
    instrument = judged.figures.instrument
    if figure in (OVERALL, TOTAL):
        return sentence("rows", figure)[lang]
    if instrument is None:
        return inert(code)
    return inert(label(instrument, figure, lang, short=True))


def targets_title(judged: TargetTable, table: pd.DataFrame, lang: Lang) -> str:
    """Count what is reached, missed and open; of a single target give its figures."""
    found = table["verdict"].value_counts().to_dict()
    reached, missed = (int(found.get(name, 0)) for name in DECIDED)
    if len(table) > 1:
        counts = {"reached": reached, "missed": missed, "unclear": len(table) - reached - missed}
        parts = [word("targets", name, lang, n=n) for name, n in counts.items() if n]
        return word("targets", "several", lang, count=len(table), parts=", ".join(parts))
    shown = table.iloc[0]
    return word(
        "targets",
        "one",
        lang,
        row=target_names(judged, table, lang)[0],
        verdict=desk_word("reaching", shown["verdict"], lang),
        figure=value(shown["estimate"], lang),
        sense=SIGNS[shown["sense"]],
        target=value(shown["target"], lang),
    )


def described(judged: TargetTable, lang: Lang) -> str:
    """Say in words what the chart shows, for `alt_text`."""
    table = judged.table(lang=lang)
    low, high = (value(end, lang) for end in (table["distance"].min(), table["distance"].max()))
    title = opened(targets_title(judged, table, lang))
    return word("alt", "targets", lang, count=len(table), title=title, low=low, high=high)


def chance(probability: float, lang: Lang) -> str:
    """Write a probability, never as 0 or 1.

    Examples
    --------
    >>> chance(0.0003, "vi"), chance(0.9999, "en"), chance(0.5, "en")
    ('< 0,001', '> 0.999', '0.500')
    """
    for side, end in (("below", 0.001), ("above", 0.999)):
        if (probability < end) if side == "below" else (probability > end):
            return word("targets", side, lang, number=value(end, lang, 3))
    return value(probability, lang, 3)


def _caption(judged: TargetTable, table: pd.DataFrame, source: str, lang: Lang) -> Caption:
    """Say the finding, and how to read it."""
    instrument, year = judged.figures.instrument, judged.figures.year
    parts = [inert(name) for name in judged.matched["province"].unique() if name]
    parts += [str(year)] if year is not None else []
    n = table["n"].max()
    parts += [word("common", "n", lang, n=value(n, lang, 0))] if n == n else []
    level = per_cent(judged.level, lang)
    notes = [word("targets", "note", lang, count=len(table))]
    known = [inert(source)] if source else []
    known += [inert(instrument.title[lang])] if instrument is not None else []
    notes += [word("common", "source", lang, titles="; ".join(known))] if known else []
    return Caption(
        opened(targets_title(judged, table, lang)),
        word("targets", "subtitle", lang, level=level, facts="; ".join(parts)).strip(),
        tuple(notes),
    )


def _drawn(
    judged: TargetTable, table: pd.DataFrame, source: str, ax: Axes | None, lang: Lang
) -> Axes:
    """Lay out names, dots, targets and figures."""
    width = sheet_width(ax)
    names = target_names(judged, table, lang)
    rows = stacked_rows(names, PANEL_FROM * width - EDGE - 0.08, least=0.4)
    caption = _caption(judged, table, source, lang)
    sheet = open_sheet(ax, caption, rows, above=0.56, below=0.18)
    sheet.place(PANEL_FROM * width, PANEL * width)
    sheet.write_labels()
    panel = sheet.axes
    ends = table[["low", "high", "estimate", "target"]].to_numpy(float).ravel()
    panel.set_xlim(*limits(ends, pad=0.12))
    panel.set_axis_off()
    scale(panel, lang)
    records: Iterable[Any] = table.itertuples()
    for row, shown in zip(rows, records, strict=True):
        _row(sheet, row, shown, lang)
    _key(sheet, judged.level, lang)
    attach(panel, table)
    return panel


def _row(sheet: Sheet, row: Row, shown: Any, lang: Lang) -> None:
    """Draw one index with its interval, its target, and the side that meets it."""
    panel, y = sheet.axes, sheet.row_y(row)
    low, high = panel.get_xlim()
    met = (low, shown.target) if shown.sense.startswith("<") else (shown.target, high)
    ends = row.centre - 0.12, row.centre + 0.12
    panel.fill_between(met, *ends, color=BAND, linewidth=0.0, zorder=-1, label="met")
    goal: dict[str, Any] = {"color": INK, "linewidth": 2.2, "label": "target"}
    panel.plot([shown.target] * 2, ends, **goal)
    whisker(panel, shown.low, shown.high, row.centre, color=AFTER_INK, linewidth=1.6)
    dot(panel, shown.estimate, row.centre, "o", solid=shown.verdict in DECIDED, ink=AFTER_INK)
    right, width = {"ha": "right"}, sheet.width
    told = value(shown.estimate, lang)
    sheet.write(FIGURE * width, y - 0.005, told, va="bottom", label="figure", **right)
    small = {"fontsize": TINY, "color": MUTED, "label": "interval"}
    told = interval(shown.low, shown.high, lang)
    sheet.write(FIGURE * width, y + 0.015, told, **small, **right)
    aim = {"sense": SIGNS[shown.sense], "target": value(shown.target, lang)}
    dated = shown.by == shown.by
    told = word("targets", "due_by" if dated else "due", lang, **aim, year=f"{shown.by:.0f}")
    place = {"va": "center" if dated else "center_baseline"} | right
    sheet.write(GOAL * width, y, told, label="target", **place)
    told = chance(shown.probability, lang)
    place = {"va": "center_baseline"} | right
    sheet.write(width - EDGE, y, told, label="probability", **place)


def _key(sheet: Sheet, level: float, lang: Lang) -> None:
    """Say what the marks mean, and head the columns."""
    stroke = looks("|") | {"markeredgewidth": 2.2}
    entries: list[tuple[str, dict[str, Any]]] = [
        (word("targets", "evidence", lang), looks("o", ink=AFTER_INK)),
        (word("targets", "doubt", lang), looks("o", solid=False, ink=AFTER_INK)),
        (word("targets", "target", lang), stroke),
        (word("targets", "side", lang), {"facecolor": BAND, "edgecolor": "none"}),
    ]
    key(sheet, sheet.plot_top - 0.56, entries)
    texts = {FIGURE * sheet.width: word("targets", "column_figure", lang)}
    texts |= {GOAL * sheet.width: word("targets", "column_target", lang)}
    texts |= {sheet.width - EDGE: word("targets", "column_probability", lang)}
    heads(sheet, texts)
