"""From last year's index to this year's, part by part: an exact account.

What is left out of sight is summed, never dropped; a part that its interval cannot tell from
nothing is drawn hollow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sipas.charts import particulars
from sipas.charts.findings import account_title, index_name, split_nouns
from sipas.charts.look import (
    AFTER_INK,
    BEFORE_INK,
    FAINT,
    FALL_INK,
    INK,
    MUTED,
    PAPER,
    RISE_INK,
    style,
)
from sipas.charts.sheet import Caption, Sheet, attach, open_sheet, sheet_width
from sipas.charts.typesetting import EDGE, SMALL, Row, stacked_rows
from sipas.charts.words import change as points
from sipas.charts.words import interval, opened, per_cent, share, word
from sipas.drivers import Contributions
from sipas.numerals import Lang
from survey.errors import SurveyError
from survey.intervals import check_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Name of the row that sums what is not shown by itself.
OTHERS = "others"


def contributions(
    account: Contributions,
    *,
    most: int = 10,
    level: float = 0.95,
    ax: Axes | None = None,
    lang: Lang = "vi",
) -> Axes:
    """Show how parts add up from the index before to the index after.

    Parameters
    ----------
    account : Contributions
        From `sipas.contributions`.
    most : int
        Parts shown by themselves, those with the largest contributions either way; the others
        are summed in one bar.
    level : float
        Confidence of the intervals.
    ax : Axes, optional
        Whose place to fill; a new figure 16 cm wide without.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Axes
        `plotted` gives back the bars: the rows of ``account.table()`` shown, the row
        ``"others"`` where there is one, and where each bar starts and ends.

    Raises
    ------
    SurveyError
        No contributions, a confidence outside (0, 1), ``most`` below 1, axes that are too small.
    """
    make = "sipas.contributions(change)"
    particulars.require_result(account, Contributions, "contributions", make)
    check_level(level)
    if most < 1:
        raise SurveyError(f"contributions(most={most}): no bar to show.", mend="Give 1 or more.")
    bars = waterfall_rows(account, most, level, lang)
    with style():
        return _drawn(account, bars, level, ax, lang)


def waterfall_rows(account: Contributions, most: int, level: float, lang: Lang) -> pd.DataFrame:
    """Bars from the largest fall to the largest rise, then the others, and where each starts."""
    table = account.table(level=level, lang=lang)
    names = particulars.row_names(table, account.change.after.instrument, lang)
    table.index = _flat(table.index)
    table["label"] = names
    shown = table["estimate"].abs().sort_values(ascending=False, kind="stable").index[:most]
    rest = table.index.difference(shown, sort=False)
    bars = table.loc[shown].sort_values("estimate", kind="stable")
    if len(rest) == 1:
        bars = pd.concat([bars, table.loc[rest]]).sort_values("estimate", kind="stable")
    elif len(rest):
        nouns = split_nouns(account, lang)
        noun = nouns[0] if len(nouns) == 1 else word("noun", "part", lang)
        text = word("contributions", "others", lang, count=len(rest), noun=noun)
        summed = table.loc[rest, "estimate"].sum()
        whole = {"level": table["level"].iloc[0], "label": opened(text), "estimate": summed}
        bars = pd.concat([bars, pd.DataFrame(whole, index=[OTHERS])])
    bars["end"] = account.before + bars["estimate"].cumsum()
    bars.insert(len(bars.columns) - 1, "start", bars["end"] - bars["estimate"])
    return bars


def _flat(index: pd.Index) -> pd.Index:
    """Join crossed labels to one text."""
    return pd.Index(
        [" × ".join(map(str, key)) if isinstance(key, tuple) else str(key) for key in index]
    )


def _caption(account: Contributions, bars: pd.DataFrame, level: float, lang: Lang) -> Caption:
    """Say the finding, of whom, and how to read it."""
    facts = particulars.of_two_years(account.change, lang)
    noun = " × ".join(split_nouns(account, lang))
    name = "note" if OTHERS in bars.index else "note_all"
    note = word("contributions", name, lang, level=per_cent(level, lang))
    note += " " + word("contributions", "axis", lang)
    return Caption(
        account_title(account, level, lang),
        word("contributions", "subtitle", lang, noun=noun, **facts),
        (note, *particulars.notes_of_change(account.change, lang)),
    )


def _drawn(
    account: Contributions, bars: pd.DataFrame, level: float, ax: Axes | None, lang: Lang
) -> Axes:
    """Lay out the two totals, the bars between them, and their numbers."""
    width = sheet_width(ax)
    index = index_name(account, lang)
    years = particulars.years_of(account.change)
    ends = [word("contributions", "before", lang, index=index, year=year) for year in years]
    labels = [ends[0], *bars["label"], ends[1]]
    rows = stacked_rows(labels, 0.4 * width - EDGE, least=0.31)
    sheet = open_sheet(ax, _caption(account, bars, level, lang), rows, above=0.34, below=0.04)
    sheet.place(0.415 * width, 0.395 * width)
    sheet.write_labels()
    _limits(sheet.axes, account, bars)
    _totals(sheet, account, bars, lang)
    for row, (key, bar) in zip(rows[1:-1], bars.iterrows(), strict=True):
        _bar(sheet.axes, row, bar, bar_kind(key, bar))
        _numbers(sheet, row, bar, bar_kind(key, bar), lang)
    heading = word("contributions", "column", lang, level=per_cent(level, lang))
    how = {"ha": "right", "va": "bottom", "fontsize": SMALL, "color": MUTED, "label": "key"}
    sheet.write(width - EDGE, sheet.plot_top - 0.03, heading, **how)
    attach(sheet.axes, bars)
    return sheet.axes


def bar_kind(key: object, bar: pd.Series) -> str:
    """Tell bars that leave out 0, that cover it, and the sum of the others."""
    if key == OTHERS:
        return "sum"
    return "solid" if bar["low"] > 0 or bar["high"] < 0 else "hollow"


def _limits(ax: Axes, account: Contributions, bars: pd.DataFrame) -> None:
    """Make room for the numbers of the totals at both sides."""
    reached = [account.before, account.after, *bars["end"]]
    span = max(max(reached) - min(reached), 1.0)
    ax.set_xlim(min(reached) - 0.12 * span, max(reached) + 0.12 * span)
    ax.set_axis_off()


def _totals(sheet: Sheet, account: Contributions, bars: pd.DataFrame, lang: Lang) -> None:
    """Mark the index of each year, and carry the running sum from bar to bar."""
    ax, first, last = sheet.axes, sheet.rows[0], sheet.rows[-1]
    for row, number, marker, fill, ink in (
        (first, account.before, "o", PAPER, BEFORE_INK),
        (last, account.after, "D", AFTER_INK, AFTER_INK),
    ):
        ax.plot([number], [row.centre], marker=marker, markerfacecolor=fill, markeredgecolor=ink)
        how = {"ha": "right", "va": "center_baseline", "fontweight": "bold", "label": "total"}
        sheet.write(sheet.width - EDGE, sheet.row_y(row), share(number, lang), **how)
    reached = [account.before, *bars["end"]]
    for above, below, number in zip(sheet.rows, sheet.rows[1:], reached, strict=False):
        ax.plot([number] * 2, [above.centre, below.centre], color=MUTED, linewidth=0.6, zorder=0)


def _bar(ax: Axes, row: Row, bar: pd.Series, kind: str) -> None:
    """Draw one part from where the sum stood to where it stands."""
    ink = FALL_INK if bar["estimate"] < 0 else RISE_INK
    looks: dict[str, dict[str, Any]] = {
        "solid": {"facecolor": ink, "edgecolor": ink},
        "hollow": {"facecolor": PAPER, "edgecolor": ink},
        "sum": {"facecolor": FAINT, "edgecolor": INK, "hatch": "////"},
    }
    ax.barh(row.centre, bar["estimate"], left=bar["start"], height=0.16, **looks[kind])


def _numbers(sheet: Sheet, row: Row, bar: pd.Series, kind: str, lang: Lang) -> None:
    """Write the part, and beside it the interval."""
    y = sheet.row_y(row)
    told = points(bar["estimate"], lang)
    bold = "bold" if kind == "solid" else "normal"
    how: dict[str, Any] = {"ha": "right", "va": "center_baseline"}
    sheet.write(0.868 * sheet.width, y, told, fontweight=bold, label="part", **how)
    if kind != "sum":
        ends = interval(bar["low"], bar["high"], lang)
        how |= {"fontsize": 6.5, "color": MUTED}
        sheet.write(sheet.width - EDGE, y, ends, label="interval", **how)
