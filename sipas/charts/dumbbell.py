"""Two years side by side, and in a panel of its own the interval of the change.

Overlapping intervals of two years mislead; the interval of the difference does not. Years of
different questionnaires are never joined by a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from sipas.changes import Change
from sipas.charts import particulars
from sipas.charts.findings import change_rows, change_title, has_evidence
from sipas.charts.look import AFTER_INK, BEFORE_INK, FAINT, INK, MUTED, PAPER, style
from sipas.charts.sheet import Caption, Sheet, attach, open_sheet, sheet_width
from sipas.charts.typesetting import BODY, EDGE, SMALL, Row, stacked_rows
from sipas.charts.words import change as points
from sipas.charts.words import interval, opened, per_cent, value, word
from sipas.composites import Level
from sipas.numerals import Lang
from sipas.verdicts import ADJUSTMENT
from survey.errors import require_option
from survey.intervals import check_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ORDERS = ("change", "questionnaire")


def change(
    moved: Change,
    *,
    level_of: Level = "dimension",
    order: str = "change",
    level: float = 0.95,
    ax: Axes | None = None,
    lang: Lang = "vi",
) -> Axes:
    """Show two years, and the change of each row with its interval.

    Parameters
    ----------
    moved : Change
        From `sipas.compare`; with domains, a row each.
    level_of : {"dimension", "statement", "aspect", "overall", "total"}
        Which rows.
    order : {"change", "questionnaire"}
        Largest fall first, or as asked.
    level : float
        Confidence of the intervals and of the verdicts.
    ax : Axes, optional
        Whose place to fill; a new figure 16 cm wide without.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Axes
        The main axes; `plotted` gives back the rows of ``moved.table()`` that are shown.

    Raises
    ------
    SurveyError
        No change, a confidence outside (0, 1), no rows of that level, axes that are too small.

    Notes
    -----
    Solid markers in the panel: the verdict of the row is *fell* or *rose*, after adjustment for
    the number of rows tested, or both years are a census.
    """
    particulars.require_result(moved, Change, "change", "sipas.compare(before, after)")
    check_level(level)
    require_option(order, ORDERS, where="order")
    table = change_rows(moved, level_of, level, lang)
    if order == "change":
        table = table.sort_values("estimate", kind="stable")
    with style():
        return _drawn(moved, table, level_of, level, ax, lang)


def _caption(
    moved: Change, table: pd.DataFrame, level_of: Level, level: float, lang: Lang
) -> Caption:
    """Say the finding, of whom, and how to read it."""
    facts = particulars.of_two_years(moved, lang)
    measured = particulars.measure_of(moved.after, table, lang)
    degrees = particulars.degrees(table["df"], lang)
    filled = {"level": per_cent(level, lang), "df": degrees, "count": len(table)}
    if (table["verdict"] == "census").all():
        note = word("change", "note_census", lang)
    elif level_of in ADJUSTMENT and len(table) > 1:
        method = word("method", level_of, lang)
        note = word("change", "note", lang, method=method, **filled)
    else:
        note = word("change", "note_plain", lang, **filled)
    return Caption(
        opened(change_title(moved, table, level_of, lang)),
        word("change", "subtitle", lang, measure=measured, **facts),
        (note, *particulars.notes_of_change(moved, lang)),
    )


def _drawn(
    moved: Change,
    table: pd.DataFrame,
    level_of: Level,
    level: float,
    ax: Axes | None,
    lang: Lang,
) -> Axes:
    """Lay out labels, the two years, the panel of changes and their numbers."""
    width = sheet_width(ax)
    names = particulars.row_names(table, moved.after.instrument, lang)
    rows = stacked_rows(names, 0.33 * width - EDGE, least=0.33)
    caption = _caption(moved, table, level_of, level, lang)
    sheet = open_sheet(ax, caption, rows, above=0.36, below=0.16)
    sheet.place(0.335 * width, 0.33 * width)
    sheet.write_labels()
    _years(sheet, moved, table, lang)
    _changes(sheet, table, level, lang)
    attach(sheet.axes, table)
    return sheet.axes


def _years(sheet: Sheet, moved: Change, table: pd.DataFrame, lang: Lang) -> None:
    """Draw both years of each row, numbers on the outer sides."""
    ax, joined = sheet.axes, moved.differences(lang).empty
    both = table[["before", "after"]].to_numpy(dtype=float)
    span = max(float(both.max() - both.min()), 2.0)
    ax.set_xlim(both.min() - 0.3 * span, both.max() + 0.3 * span)
    ax.set_axis_off()
    for row, (before, after) in zip(sheet.rows, both, strict=True):
        ax.axhline(row.centre, color=FAINT, linewidth=0.5, zorder=0)
        if joined:
            ax.plot([before, after], [row.centre] * 2, color=MUTED, linewidth=1.6, zorder=1)
        _dot(ax, before, row.centre, "o", PAPER, BEFORE_INK)
        _dot(ax, after, row.centre, "D", AFTER_INK, AFTER_INK)
        for number, other in ((before, after), (after, before)):
            left = number < other or (number == other and number is before)
            ax.annotate(
                value(number, lang),
                (number, row.centre),
                xytext=(-6 if left else 6, 0),
                textcoords="offset points",
                ha="right" if left else "left",
                va="center_baseline",
                fontsize=SMALL,
                parse_math=False,
                label="value",
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.6},
            )
    _key(sheet, particulars.years_of(moved))


def _key(sheet: Sheet, years: Sequence[str]) -> None:
    """Say which marker is which year."""
    ax, y = sheet.axes, -0.2
    for place, year, marker, fill, ink in (
        (0.18, years[0], "o", PAPER, BEFORE_INK),
        (0.6, years[1], "D", AFTER_INK, AFTER_INK),
    ):
        across = ax.get_yaxis_transform()
        _dot(ax, place, y, marker, fill, ink, transform=across, clip_on=False)
        ax.annotate(
            year,
            (place, y),
            xycoords=across,
            xytext=(7, 0),
            textcoords="offset points",
            va="center_baseline",
            fontsize=BODY,
            fontweight="bold",
            label="key",
        )


def _changes(sheet: Sheet, table: pd.DataFrame, level: float, lang: Lang) -> None:
    """Draw and write the change of each row with its interval."""
    width = sheet.width
    panel = sheet.panel(0.675 * width, 0.175 * width)
    ends = table[["low", "high", "estimate"]].astype(float)
    low, high = min(float(ends.min().min()), 0.0), max(float(ends.max().max()), 0.0)
    pad = 0.06 * max(high - low, 1.0)
    panel.set_xlim(low - pad, high + pad)
    panel.set_axis_off()
    panel.axvline(0.0, color=INK, linewidth=0.8, zorder=0)
    foot = panel.get_xaxis_transform()
    how: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "va": "top"}
    panel.annotate("0", (0.0, 0.0), (0, -2), foot, fontsize=6.5, color=MUTED, **how)
    records: Iterable[Any] = table.itertuples()
    for row, shown in zip(sheet.rows, records, strict=True):
        sure = has_evidence(shown.verdict, shown.estimate)
        if shown.low == shown.low:
            panel.plot([shown.low, shown.high], [row.centre] * 2, color=INK, linewidth=1.2)
        _dot(panel, shown.estimate, row.centre, "s", INK if sure else PAPER, INK)
        _numbers(sheet, row, shown, sure, lang)
    heading = word("change", "panel", lang, level=per_cent(level, lang))
    sheet.write(
        width - EDGE,
        sheet.plot_top - 0.05,
        heading,
        ha="right",
        va="bottom",
        fontsize=SMALL,
        color=MUTED,
        label="key",
    )


def _numbers(sheet: Sheet, row: Row, shown: Any, sure: bool, lang: Lang) -> None:
    """Write the change, and below it the interval."""
    right, y = sheet.width - EDGE, sheet.row_y(row)
    bold = "bold" if sure else "normal"
    told = points(shown.estimate, lang)
    sheet.write(right, y - 0.005, told, ha="right", va="bottom", fontweight=bold, label="change")
    ends = interval(shown.low, shown.high, lang)
    sheet.write(right, y + 0.015, ends, ha="right", fontsize=6.5, color=MUTED, label="interval")


def _dot(ax: Axes, x: float, y: float, marker: str, fill: str, ink: str, **how: Any) -> None:
    """Draw one marker."""
    ax.plot([x], [y], marker=marker, markerfacecolor=fill, markeredgecolor=ink, **how)
