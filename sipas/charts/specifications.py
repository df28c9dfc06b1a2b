"""The specification curve: the estimate under every rule in order, and below it which rule it is.

Above, estimates with their intervals; below, one row for each option and a tick for each rule
that takes it. The reference rule is a diamond in both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sipas.changes import Change
from sipas.charts import particulars
from sipas.charts.look import FAINT, INK, MUTED, PAPER, style
from sipas.charts.sheet import Caption, Sheet, attach, open_sheet, sheet_width
from sipas.charts.typesetting import BODY, EDGE, stacked_rows
from sipas.charts.words import change as points
from sipas.charts.words import inert, per_cent, share, value
from sipas.labelling import label
from sipas.numerals import Lang
from sipas.robustness import SpecificationGrid
from sipas.robustness.words import option_name, word
from survey.intervals import check_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Inches of the upper panel, and between it and the rows of options.
CURVE, GAP = 2.2, 0.12
#: Where the panels begin, as a share of the width of the sheet.
LABELS = 0.36


def specification_curve(
    grid: SpecificationGrid,
    *,
    level: float = 0.95,
    ax: Axes | None = None,
    lang: Lang = "vi",
) -> Axes:
    """Show the index, or its change, under every rule in order, and the options of each.

    Parameters
    ----------
    grid : SpecificationGrid
        From `sipas.specification_grid`.
    level : float
        Confidence of the intervals and of the verdicts.
    ax : Axes, optional
        Whose place to fill; a new figure 16 cm wide without.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Axes
        The axes of the options; `plotted` gives back ``grid.table()`` in the order drawn.

    Raises
    ------
    SurveyError
        No grid, a confidence outside (0, 1), axes that are too small.
    """
    made = "sipas.specification_grid(before, after)"
    particulars.require_result(grid, SpecificationGrid, "specification_curve", made)
    check_level(level)
    table = grid.table(level=level).sort_values("estimate", kind="stable")
    with style():
        return _drawn(grid, table, level, ax, lang)


def described(grid: SpecificationGrid, lang: Lang, level: float) -> str:
    """Say in words what the chart shows, for `alt_text`."""
    title = _title(grid, grid.table(level=level), lang)
    return word("chart", "alt", lang, count=len(grid), title=title)


def _drawn(
    grid: SpecificationGrid, table: pd.DataFrame, level: float, ax: Axes | None, lang: Lang
) -> Axes:
    """Lay out the rows of options, with room above them for the curve."""
    width = sheet_width(ax)
    names, headings, keys = _rows(grid, lang)
    rows = stacked_rows(names, LABELS * width - EDGE, least=0.165, headings=headings)
    caption = Caption(
        _title(grid, table, lang),
        _subtitle(grid, lang),
        (word("chart", "note", lang), *_notes(grid, lang)),
    )
    sheet = open_sheet(ax, caption, rows, above=CURVE + GAP + 0.16, below=0.05)
    sheet.place(LABELS * width, (1.0 - LABELS) * width - 2.0 * EDGE)
    sheet.write_labels()
    _options(sheet, table, keys)
    _curve(sheet, table, level, lang, of_change=isinstance(grid.reference, Change))
    attach(sheet.axes, table)
    return sheet.axes


def _rows(
    grid: SpecificationGrid, lang: Lang
) -> tuple[list[str], list[bool], list[tuple[str, str]]]:
    """Name a row for each choice, and beneath it one for each of its options."""
    keys = [
        (choice, option)
        for choice in grid.choices
        for option in ["", *map(str, grid.rules[choice].unique())]
    ]
    names = [
        inert(option_name(choice, option, lang)) if option else word("choice", choice, lang)
        for choice, option in keys
    ]
    return names, [not option for _, option in keys], keys


def _options(sheet: Sheet, table: pd.DataFrame, keys: list[tuple[str, str]]) -> None:
    """Tick the options of each rule, and mark those of the reference."""
    ax = sheet.axes
    ax.set_xlim(-0.5, len(table) - 0.5)
    ax.set_axis_off()
    place = int(np.flatnonzero(table["reference"])[0])
    ax.axvline(place, color=INK, linewidth=0.6, zorder=0)
    for row, (choice, option) in zip(sheet.rows, keys, strict=True):
        if not option:
            continue
        taken = np.flatnonzero(table[choice] == option)
        ends = (row.centre - 0.05, row.centre + 0.05)
        ax.axhline(row.centre, color=FAINT, linewidth=0.4, zorder=0)
        ax.vlines(taken, *ends, color=MUTED, linewidth=_thin(len(table)), label="tick")
        if place in taken:
            _diamond(ax, place, row.centre, 4.5)


def _curve(
    sheet: Sheet, table: pd.DataFrame, level: float, lang: Lang, *, of_change: bool
) -> None:
    """Draw the estimates in order, each with its interval."""
    from matplotlib.ticker import MaxNLocator

    up = sheet.plot_height
    panel = sheet.axes.inset_axes((0.0, 1.0 + GAP / up, 1.0, CURVE / up))
    place = np.arange(len(table))
    low, high, estimate = (table[name].to_numpy() for name in ("low", "high", "estimate"))
    dark = (low > 0) | (high < 0) if of_change else np.zeros(len(table), dtype=bool)
    inks = np.where(dark, MUTED, FAINT).tolist()  # in order, so that none hides the others
    panel.vlines(place, low, high, colors=inks, linewidth=_thin(len(table)))
    panel.plot(place, estimate, ".", color=PAPER, markersize=4.5)  # apart from the lines
    panel.plot(place, estimate, ".", color=INK, markersize=2.0, label="curve")
    panel.set_xlim(*sheet.axes.get_xlim())
    panel.set_xticks([])
    panel.spines["bottom"].set_visible(False)
    if of_change:
        panel.axhline(0.0, color=INK, linewidth=0.8)
    panel.margins(y=0.06)
    panel.autoscale(axis="y")
    write = points if of_change else value
    panel.yaxis.set_major_locator(MaxNLocator(6))
    panel.yaxis.set_major_formatter(lambda number, _: _tick(number, write, lang))
    first = int(np.flatnonzero(table["reference"])[0])
    panel.axvline(first, color=INK, linewidth=0.6, zorder=0)
    _diamond(panel, first, estimate[first], 6.5)
    _keys(sheet, estimate[first], level, lang, of_change=of_change)


def _tick(number: float, write: Any, lang: Lang) -> str:
    """Write a tick, with a decimal only where there is one; zero has no sign."""
    decimals = 0 if float(number).is_integer() else 1
    return value(0.0, lang, 0) if number == 0 else str(write(number, lang, decimals))


def _keys(sheet: Sheet, first: float, level: float, lang: Lang, *, of_change: bool) -> None:
    """Say what the diamond and the lines are, above the curve."""
    y = sheet.plot_top - CURVE - GAP - 0.16
    told = points(first, lang) if of_change else share(first, lang)
    sheet.write(
        EDGE,
        y + 0.35,
        "\n".join(word("chart", "reference", lang, value=told).rsplit(" ", 1)),
        fontsize=BODY,
        fontweight="bold",
        label="value",
    )
    entries = [(word("chart", "interval", lang, level=per_cent(level, lang)), FAINT)]
    if of_change:
        entries.append((word("chart", "evidence", lang), MUTED))
    inks: list[tuple[str, dict[str, Any]]] = [
        (name, {"facecolor": ink, "edgecolor": "none"}) for name, ink in entries
    ]
    sheet.key(y, inks, LABELS * sheet.width)


def _diamond(ax: Axes, x: float, y: float, size: float) -> None:
    """Mark the reference."""
    ax.plot([x], [y], "D", color=INK, markersize=size, markeredgecolor=PAPER, label="reference")


def _thin(count: int) -> float:
    """Width of a line in points: few stay apart, many merge into a band."""
    across = 72.0 * (1.0 - LABELS) * sheet_width(None) / count
    return float(np.clip(0.7 * across, 0.6, 1.6))


def _title(grid: SpecificationGrid, table: pd.DataFrame, lang: Lang) -> str:
    """Say how far the finding depends on the rules."""
    low, high = grid.range
    if not isinstance(grid.reference, Change):
        told = [value(number, lang) for number in (low, high, grid.point[0])]
        return word("chart", "one_year", lang, low=told[0], high=told[1], first=told[2])
    first = table.loc[table["reference"], "verdict"].iloc[0]
    same = int((table["verdict"] == first).sum())
    everyone = grid.keeps_sign == len(grid)
    name = "some" if not everyone else "same_sign" if same < len(grid) else "all_agree"
    filled = {"count": len(grid), "sign": grid.keeps_sign, "same": same}
    ends = {"low": points(low, lang), "high": points(high, lang)}
    return word("chart", name, lang, verdict=word("verdict", first, lang), **filled, **ends)


def _subtitle(grid: SpecificationGrid, lang: Lang) -> str:
    """Say what was measured, of whom."""
    name = inert(label(grid.instrument, grid.of, lang))
    mixed = "_mixed" if "score" in grid.choices else ""
    made = grid.reference
    if isinstance(made, Change):
        facts = particulars.of_two_years(made, lang)
        unit = word("chart", f"points{mixed}", lang)
        return word("chart", "subtitle_change", lang, name=name, unit=unit, **facts)
    facts = particulars.of_one_year(made.answers, made.design, lang)
    unit = word("chart", f"per_cent{mixed}", lang)
    return word("chart", "subtitle_index", lang, name=name, unit=unit, **facts)


def _notes(grid: SpecificationGrid, lang: Lang) -> tuple[str, ...]:
    """Caveats, source and the mark of made-up data."""
    made = grid.reference
    if isinstance(made, Change):
        return particulars.notes_of_change(made, lang)
    source = particulars.source([made.instrument], lang)
    return (source, *particulars.made_up([made.answers], lang))
