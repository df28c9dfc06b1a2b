"""Rates of leaders by group and domain: a heat map that prints every value with its interval.

Colour only helps the eye along; a photocopy loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from sipas.charts import particulars
from sipas.charts.findings import ALL, group_names, leaders_title
from sipas.charts.look import INK, MUTED, PAPER, style
from sipas.charts.sheet import Caption, Sheet, attach, open_sheet, sheet_width
from sipas.charts.typesetting import BODY, EDGE, SMALL, stacked_rows, text_height, wrapped
from sipas.charts.words import interval, per_cent, share, value, word
from sipas.composites import TOTAL
from sipas.leaders import GROUP, LeaderScores
from sipas.numerals import Lang
from survey.errors import require_option
from survey.intervals import check_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Where the cells begin, and their width, in widths of the sheet.
CELLS_FROM, CELLS = 0.405, 0.585
#: From the lowest to the highest rate: light to dark, all light enough for black figures.
LIGHT, DARK = "#f5f9fc", "#6ea6d6"


def leaders(
    scores: LeaderScores,
    *,
    level_of: str = "dimension",
    level: float = 0.95,
    ax: Axes | None = None,
    lang: Lang = "vi",
) -> Axes:
    """Show the rate of each group of leaders in each domain.

    Parameters
    ----------
    scores : LeaderScores
        From `sipas.leader_scores`.
    level_of : {"dimension", "statement"}
        Domains and the total, or single criteria and the total.
    level : float
        Confidence of the intervals.
    ax : Axes, optional
        Whose place to fill; a new figure 16 cm wide without.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Axes
        `plotted` gives back one row a cell: index ``code, group`` (the groups together are
        ``"all"``), columns ``estimate low high n``, in per cent of the maximum.

    Raises
    ------
    SurveyError
        No leader scores, a confidence outside (0, 1), axes that are too small.
    """
    make = "sipas.leader_scores(answers, group_weights=…)"
    particulars.require_result(scores, LeaderScores, "leaders", make)
    check_level(level)
    require_option(level_of, ("dimension", "statement"), where="level_of")
    cells = group_cells(scores, level_of, level, lang)
    with style():
        return _drawn(scores, cells, level, ax, lang)


def group_cells(scores: LeaderScores, level_of: str, level: float, lang: Lang) -> pd.DataFrame:
    """Cells of the chart, the total first, the groups together first in each row."""
    groups = scores.group_table(level=level, lang=lang)
    whole = scores.table(level=level, lang=lang)
    names = {"rate": "estimate", "rate_low": "low", "rate_high": "high"}
    whole = whole.drop(columns=["estimate", "low", "high"]).rename(columns=names)
    whole.index = pd.MultiIndex.from_product([whole.index, [ALL]], names=["code", GROUP])
    columns = ["level", "label", "estimate", "low", "high", "n"]
    both = pd.concat([whole[columns], groups[columns]])
    codes = [TOTAL, *whole.index[whole["level"] == level_of].get_level_values(0)]
    order = pd.MultiIndex.from_product([codes, group_names(scores, lang)])
    return both.reindex(order).rename_axis(index=["code", GROUP])


def _caption(scores: LeaderScores, cells: pd.DataFrame, level: float, lang: Lang) -> Caption:
    """Say the finding, of whom, and how to read it."""
    facts = particulars.of_one_year(scores.answers, scores.design, lang)
    names, weights = group_names(scores, lang), scores.weights.round(9)
    if weights.nunique(axis="columns").eq(1).all():
        shares = (100.0 * weights.iloc[:, 0]).to_dict()
        each = [f"{names[str(g)]} {share(w, lang, 0)}" for g, w in shares.items()]
        combined = word("leaders", "weights", lang, weights="; ".join(each))
    else:
        combined = word("leaders", "weights_items", lang)
    measured = particulars.measure(scores, lang)
    return Caption(
        leaders_title(cells, scores, lang),
        word("leaders", "subtitle", lang, measure=measured, **facts),
        (
            word("leaders", "note", lang, level=per_cent(level, lang)),
            combined,
            particulars.source([scores.instrument], lang),
            *particulars.made_up([scores.answers], lang),
        ),
    )


def _drawn(
    scores: LeaderScores, cells: pd.DataFrame, level: float, ax: Axes | None, lang: Lang
) -> Axes:
    """Lay out labels, heads of the columns and cells."""
    width = sheet_width(ax)
    whole = cells[cells.index.get_level_values(GROUP) == ALL].droplevel(GROUP)
    labels = particulars.row_names(whole, scores.instrument, lang)
    rows = stacked_rows(labels, 0.395 * width - EDGE, least=0.3)
    heads = [
        wrapped(name, CELLS / (len(scores.weights) + 1) * width - 0.02, SMALL)
        for name in group_names(scores, lang).values()
    ]
    tallest = text_height(max(map(len, heads)) + 1, SMALL)
    caption = _caption(scores, cells, level, lang)
    sheet = open_sheet(ax, caption, rows, above=tallest + 0.08, below=0.04)
    sheet.place(CELLS_FROM * width, CELLS * width)
    sheet.write_labels()
    sheet.axes.set_xlim(0.0, len(heads))
    sheet.axes.set_axis_off()
    sizes = [particulars.cell(cells, (TOTAL, group), "n") for group in group_names(scores, lang)]
    _heads(sheet, heads, sizes, lang)
    _cells(sheet, cells, len(heads), lang)
    attach(sheet.axes, cells)
    return sheet.axes


def _heads(sheet: Sheet, heads: list[list[str]], sizes: Sequence[float], lang: Lang) -> None:
    """Write the name and the size of each group above its column."""
    step = CELLS * sheet.width / len(heads)
    for k, (lines, n) in enumerate(zip(heads, sizes, strict=True)):
        size = word("common", "n", lang, n=value(n, lang, 0))
        sheet.write(
            CELLS_FROM * sheet.width + (k + 0.5) * step,
            sheet.plot_top - 0.04,
            "\n".join([*lines, size]),
            ha="center",
            va="bottom",
            fontsize=SMALL,
            fontweight="bold" if k == 0 else "normal",
            label="group",
        )


def _cells(sheet: Sheet, cells: pd.DataFrame, count: int, lang: Lang) -> None:
    """Draw every cell, darker for higher rates, and print its value and interval."""
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    shades = LinearSegmentedColormap.from_list("rates", [LIGHT, DARK])
    known = cells["estimate"].dropna()
    spread = Normalize(float(known.min()), max(float(known.max()), float(known.min()) + 1.0))
    records: Iterable[Any] = cells.itertuples()
    for k, cell in enumerate(records):
        row, column = sheet.rows[k // count], k % count
        place = spread(float(cell.estimate))
        asked = cell.estimate == cell.estimate
        _cell(sheet, row.centre, row.height, column, shades(place) if asked else None)
        if asked:
            _value(sheet, row.centre, column, cell, lang)


def _cell(sheet: Sheet, centre: float, height: float, column: int, fill: Any) -> None:
    """Draw one cell; hatched where the group was not asked."""
    from matplotlib.patches import Rectangle

    look = {"facecolor": PAPER, "hatch": "////", "edgecolor": MUTED} if fill is None else {}
    gap = 0.035 if column == 0 else 0.0
    sheet.axes.add_patch(
        Rectangle(
            (column, centre - height / 2.0),
            1.0 - gap,
            height,
            **({"facecolor": fill, "edgecolor": PAPER, "linewidth": 1.0} | look),
        )
    )


def _value(sheet: Sheet, centre: float, column: int, cell: Any, lang: Lang) -> None:
    """Print the rate, and its interval below."""
    ends = interval(cell.low, cell.high, lang, 1)
    for text, size, va, shift, name in (
        (value(cell.estimate, lang), BODY, "bottom", -1.0, "rate"),
        (ends, 6.0, "top", -2.0, "interval"),
    ):
        sheet.axes.annotate(
            text,
            (column + 0.48, centre),
            xytext=(0.0, shift),
            textcoords="offset points",
            ha="center",
            va=va,
            fontsize=size,
            fontweight="bold" if column == 0 and name == "rate" else "normal",
            color=INK,
            parse_math=False,
            label=name,
        )
