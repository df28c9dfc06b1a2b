"""Ranks with their intervals: what can be said of an order, and what cannot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sipas.charts import particulars
from sipas.charts.look import AFTER_INK, FAINT, INK, MUTED, style
from sipas.charts.marks import BAND, TINY, dot, heads, whisker
from sipas.charts.sheet import Caption, Sheet, attach, open_sheet, sheet_width
from sipas.charts.typesetting import BODY, EDGE, Row, stacked_rows
from sipas.charts.words import inert, per_cent, value, word
from sipas.numerals import Lang
from survey.errors import SurveyError, did_you_mean
from survey.ranks import RankIntervals
from survey.stacking import label_parts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Where the panel begins and its width, and where the figures end, in widths of the sheet.
PANEL_FROM, PANEL, FIGURES = 0.3, 0.44, 0.825
#: More rows than this are set small, so that 63 provinces fit on a page.
MANY = 40


def ranks(
    ranked: RankIntervals,
    *,
    own: object = None,
    measure: str = "",
    source: str = "",
    ax: Axes | None = None,
    lang: Lang = "vi",
) -> Axes:
    """Show the rank of each unit with its interval, the best first.

    Parameters
    ----------
    ranked : RankIntervals
        From `survey.rank_intervals`.
    own : object, optional
        Label of the reader's own unit: in bold, and named in the title.
    measure : str
        What was ranked, of whom and when, for the subtitle; ranks do not know it.
    source : str
        Where the figures come from, for the note.
    ax : Axes, optional
        Whose place to fill; a new figure 16 cm wide without.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Axes
        `plotted` gives back ``ranked.table()``, the best rank first.

    Raises
    ------
    SurveyError
        No rank intervals, an unknown unit, axes that are too small.
    """
    make = "survey.rank_intervals(estimates)"
    particulars.require_result(ranked, RankIntervals, "ranks", make)
    table = rank_rows(ranked)
    if own is not None and own not in table.index:
        known = [str(label) for label in table.index]
        raise SurveyError(
            f"charts.ranks(own={own!r}): no such unit.", mend=did_you_mean(own, known)
        )
    with style():
        return _drawn(ranked, table, own, (measure, source), ax, lang)


def rank_rows(ranked: RankIntervals) -> pd.DataFrame:
    """Rows of the chart: the best rank first, and where ranks tie the better interval."""
    return ranked.table().sort_values(["rank", "low", "high"], kind="stable")


def rank_names(labels: pd.Index) -> dict[object, str]:
    """Name each unit by the parts of its label in which the units differ.

    Examples
    --------
    >>> rank_names(pd.MultiIndex.from_product([["S3"], ["north", "south"]])).values()
    dict_values(['north', 'south'])
    """
    parts = pd.DataFrame([label_parts(label) for label in labels]).astype(str)
    differing = parts.loc[:, (parts != parts.iloc[0]).any()]
    named = (parts if differing.empty else differing).agg(" – ".join, axis="columns")
    return dict(zip(labels, map(inert, named), strict=True))


def ranks_title(ranked: RankIntervals, own: object, lang: Lang) -> str:
    """Say the interval of the reader's own unit, or how many may be first and last."""
    table = ranked.table()
    count = len(table)
    if own is None:
        first, last = int((table["low"] == 1).sum()), int((table["high"] == count).sum())
        return word("ranks", "ends", lang, first=first, last=last, count=count)
    shown = {name: table[name].to_dict()[own] for name in ("rank", "low", "high")}
    return word("ranks", "own", lang, row=rank_names(table.index)[own], count=count, **shown)


def described(ranked: RankIntervals, lang: Lang, own: object = None) -> str:
    """Say in words what the chart shows, for `alt_text`."""
    table = ranked.table()
    filled = {"count": len(table), "title": ranks_title(ranked, own, lang)}
    names = rank_names(table.index)
    filled |= {"level": per_cent(ranked.level, lang), "first": names[table["rank"].idxmin()]}
    return word("alt", "ranks", lang, **filled)


def _caption(ranked: RankIntervals, own: object, given: tuple[str, str], lang: Lang) -> Caption:
    """Say the finding, and what the intervals hold."""
    measure, source = map(inert, given)
    level = per_cent(ranked.level, lang)
    notes = [
        word("ranks", "highest" if ranked.highest_first else "lowest", lang),
        word("ranks", ranked.method, lang, level=level),
        word("ranks", "bands", lang),
    ]
    about = f" {measure}" if measure else ""
    return Caption(
        ranks_title(ranked, own, lang),
        word("ranks", "subtitle", lang, level=level, measure=about),
        (" ".join(notes), *([word("common", "source", lang, titles=source)] if source else [])),
    )


def _drawn(
    ranked: RankIntervals,
    table: pd.DataFrame,
    own: object,
    given: tuple[str, str],
    ax: Axes | None,
    lang: Lang,
) -> Axes:
    """Lay out names, intervals and figures."""
    width, count = sheet_width(ax), len(table)
    names = list(rank_names(table.index).values())
    size, pad = (BODY, 0.05) if count <= MANY else (TINY, 0.015)
    rows = stacked_rows(names, PANEL_FROM * width - EDGE - 0.06, least=0.12, size=size, pad=pad)
    caption = _caption(ranked, own, given, lang)
    sheet = open_sheet(ax, caption, rows, above=0.24, below=0.18)
    sheet.place(PANEL_FROM * width, PANEL * width)
    panel = sheet.axes
    panel.set_xlim(0.5, count + 0.5)
    panel.set_axis_off()
    _grid(panel, count)
    records: Iterable[Any] = table.itertuples()
    for row, label, shown in zip(rows, table.index, records, strict=True):
        bold = "bold" if own is not None and label == own else "normal"
        _row(sheet, row, shown, lang, fontweight=bold, fontsize=size)
    texts = {FIGURES * width: word("ranks", "figure", lang)}
    heads(sheet, texts | {width - EDGE: word("ranks", "column", lang)})
    attach(panel, table)
    return panel


def _grid(panel: Axes, count: int) -> None:
    """Write ranks at the foot, and divide them into thirds."""
    foot = panel.get_xaxis_transform()
    how: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "va": "top"}
    step = next(s for s in (1, 2, 5, 10, 20, 50) if count <= 10 * s)
    ticks = [1, *[t for t in range(step, count + 1, step) if t > 1]]
    for tick in ticks:
        panel.axvline(tick, color=FAINT, linewidth=0.4, zorder=0)
        panel.annotate(
            str(tick), (tick, 0.0), (0, -2), foot, fontsize=TINY, color=MUTED, label="tick", **how
        )
    for cut in np.array([count / 3.0, 2.0 * count / 3.0]) + 0.5:
        panel.axvline(cut, color=MUTED, linewidth=0.8, linestyle=(0, (5, 3)), zorder=0)


def _row(sheet: Sheet, row: Row, shown: Any, lang: Lang, **look: Any) -> None:
    """Draw one interval, and write the name, the figure and the ranks."""
    y, bold = sheet.row_y(row), look["fontweight"] == "bold"
    if bold:
        ends = row.centre - row.height / 2.0, row.centre + row.height / 2.0
        sheet.axes.axhspan(*ends, color=BAND, linewidth=0.0, zorder=-1)
    ink = AFTER_INK if bold else INK
    whisker(sheet.axes, shown.low, shown.high, row.centre, color=ink)
    dot(sheet.axes, shown.rank, row.centre, "D" if bold else "o", ink=ink, markersize=4.0)
    name = {"va": "center_baseline" if len(row.lines) == 1 else "center", "label": "label"}
    sheet.write(EDGE, y, "\n".join(row.lines), **name, **look)
    how: dict[str, Any] = {"ha": "right", "va": "center_baseline"} | look
    sheet.write(FIGURES * sheet.width, y, value(shown.estimate, lang), label="figure", **how)
    ends_told = {"rank": shown.rank, "low": shown.low, "high": shown.high}
    told = word("ranks", "rank", lang, **ends_told)
    sheet.write(sheet.width - EDGE, y, told, label="rank", **how)
