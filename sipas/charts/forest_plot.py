"""The change of every statement with its interval, dimension by dimension, on one scale.

Behind each row stands the band of changes that the survey could not have told from none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from sipas.changes import Change
from sipas.charts import particulars
from sipas.charts.findings import change_title, has_evidence
from sipas.charts.look import INK, MUTED, style
from sipas.charts.marks import BAND, TINY, dot, heads, key, limits, looks, scale, whisker
from sipas.charts.sheet import Caption, Sheet, attach, open_sheet, sheet_width
from sipas.charts.typesetting import EDGE, Row, stacked_rows
from sipas.charts.words import change as points
from sipas.charts.words import interval, opened, per_cent, word
from sipas.numerals import Lang
from survey.errors import SurveyError, first_five, require_option
from survey.intervals import check_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ORDERS = ("questionnaire", "change")
#: Where the panel begins and its width, and where the changes end, in widths of the sheet.
PANEL_FROM, PANEL, NUMBERS = 0.44, 0.315, 0.845


def forest(
    moved: Change,
    *,
    order: str = "questionnaire",
    level: float = 0.95,
    ax: Axes | None = None,
    lang: Lang = "vi",
) -> Axes:
    """Show the change of every statement with its interval, beneath that of its dimension.

    Parameters
    ----------
    moved : Change
        From `sipas.compare`, without domains, with ``link="items"`` or of one questionnaire.
    order : {"questionnaire", "change"}
        As asked; or the dimension that fell most first, and so within each.
    level : float
        Confidence of the intervals and of the verdicts.
    ax : Axes, optional
        Whose place to fill; a new figure 16 cm wide without.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Axes
        `plotted` gives back the rows of ``moved.table()`` that are shown, from the top.

    Raises
    ------
    SurveyError
        No change, a change by domain or without statements, a confidence outside (0, 1), axes
        that are too small.

    Notes
    -----
    Solid: the verdict of the row, adjusted within statements and within dimensions, is *fell* or
    *rose*. The band is ``detectable`` of the table, the smallest change that the unadjusted test
    would call real.
    """
    particulars.require_result(moved, Change, "forest", "sipas.compare(before, after)")
    check_level(level)
    require_option(order, ORDERS, where="order")
    table = forest_rows(moved, order, level, lang)
    with style():
        return _drawn(moved, table, level, ax, lang)


def forest_rows(moved: Change, order: str, level: float, lang: Lang) -> pd.DataFrame:
    """Rows of the chart: each dimension, then its statements."""
    table = moved.table(level=level, lang=lang)
    if table.index.nlevels > 1 or not (table["level"] == "statement").any():
        raise SurveyError(
            f"charts.forest: the change has rows of {first_five(table['level'].unique())}"
            + (" by domain." if table.index.nlevels > 1 else ", and no statements."),
            mend='Compare without by=, with link="items".',
        )
    shown = table[table["level"].isin(("dimension", "statement"))]
    own = {item.code: item.dimension for item in moved.after.instrument.items}
    above = pd.Series([own.get(str(c), str(c)) or "" for c in shown.index], shown.index)
    tops = list(dict.fromkeys(above))
    within = pd.Series(range(len(shown)), shown.index, dtype=float)
    if order == "change":
        within = shown["estimate"]
        tops.sort(key=lambda code: within.get(code, float("inf")))
    place = {code: k for k, code in enumerate(tops)}
    keys = pd.DataFrame({"top": above.map(place), "below": shown["level"] == "statement"})
    keys = keys.assign(within=within).sort_values(["top", "below", "within"], kind="stable")
    return shown.loc[keys.index]


def described(moved: Change, lang: Lang, level: float) -> str:
    """Say in words what the chart shows, for `alt_text`."""
    table = forest_rows(moved, "questionnaire", level, lang)
    table = table[table["level"] == "statement"]
    before, after = particulars.years_of(moved)
    return word(
        "alt",
        "forest",
        lang,
        count=len(table),
        before=before,
        after=after,
        title=opened(change_title(moved, table, "statement", lang)),
        low=points(table["estimate"].min(), lang),
        high=points(table["estimate"].max(), lang),
    )


def _caption(moved: Change, table: pd.DataFrame, level: float, lang: Lang) -> Caption:
    """Say the finding among statements, of whom, and how to read it."""
    statements = table[table["level"] == "statement"]
    facts = particulars.of_two_years(moved, lang)
    measured = particulars.measure(moved.after, lang)
    if (table["verdict"] == "census").all():
        note = word("change", "note_census", lang)
    else:
        filled = {"level": per_cent(level, lang), "count": len(statements)}
        filled |= {"dimensions": len(table) - len(statements)}
        note = word("forest", "note", lang, df=particulars.degrees(table["df"], lang), **filled)
    return Caption(
        opened(change_title(moved, statements, "statement", lang)),
        word("forest", "subtitle", lang, measure=measured, **facts),
        (note, *particulars.notes_of_change(moved, lang)),
    )


def _drawn(moved: Change, table: pd.DataFrame, level: float, ax: Axes | None, lang: Lang) -> Axes:
    """Lay out labels, the panel of changes and their numbers."""
    width = sheet_width(ax)
    names = particulars.row_names(table, moved.after.instrument, lang)
    tops = (table["level"] == "dimension").tolist()
    room = PANEL_FROM * width - EDGE - 0.06
    rows = stacked_rows(names, room, least=0.2, headings=tops, heading_width=room)
    sheet = open_sheet(ax, _caption(moved, table, level, lang), rows, above=0.58, below=0.18)
    sheet.place(PANEL_FROM * width, PANEL * width)
    sheet.write_labels()
    panel = sheet.axes
    ends = table.assign(band=table["detectable"], foot=-table["detectable"])
    ends = ends[["low", "high", "estimate", "band", "foot"]].astype(float)
    panel.set_xlim(*limits([0.0, *ends.to_numpy().ravel()], pad=0.03))
    panel.set_axis_off()
    scale(panel, lang)
    panel.axvline(0.0, color=INK, linewidth=0.8, zorder=1)
    records: Iterable[Any] = table.itertuples()
    for row, shown in zip(rows, records, strict=True):
        _row(sheet, row, shown, lang)
    _key(sheet, lang)
    heads(
        sheet,
        {
            NUMBERS * width: word("forest", "column", lang),
            width - EDGE: word("forest", "interval", lang, level=per_cent(level, lang)),
        },
    )
    attach(panel, table)
    return panel


def _row(sheet: Sheet, row: Row, shown: Any, lang: Lang) -> None:
    """Draw the band, the interval and the change of one row, and write its numbers."""
    ax, y = sheet.axes, sheet.row_y(row)
    sure = has_evidence(shown.verdict, shown.estimate)
    if shown.detectable == shown.detectable:
        ends = [-shown.detectable, shown.detectable]
        place = row.centre - row.height / 2.0, row.centre + row.height / 2.0
        ax.fill_between(ends, *place, color=BAND, linewidth=0.0, zorder=-1, label="detectable")
    whisker(ax, shown.low, shown.high, row.centre)
    dot(ax, shown.estimate, row.centre, "D" if row.heading else "s", solid=sure)
    bold = "bold" if sure else "normal"
    how: dict[str, Any] = {"ha": "right", "va": "center_baseline"}
    told = points(shown.estimate, lang)
    sheet.write(NUMBERS * sheet.width, y, told, fontweight=bold, label="change", **how)
    ends_told = interval(shown.low, shown.high, lang)
    how |= {"fontsize": TINY, "color": MUTED}
    sheet.write(sheet.width - EDGE, y, ends_told, label="interval", **how)


def _key(sheet: Sheet, lang: Lang) -> None:
    """Say what the markers and the band mean."""
    entries = [
        (word("forest", "dimension", lang), looks("D")),
        (word("forest", "evidence", lang), looks("s")),
        (word("forest", "doubt", lang), looks("s", solid=False)),
        (word("forest", "band", lang), {"facecolor": BAND, "edgecolor": "none"}),
    ]
    key(sheet, sheet.plot_top - 0.58, entries)
