"""More than two years: lines only where the questionnaire stayed the same, a mark where it broke.

Every row has its own middle and all have one scale, so that slopes can be compared; the figures
are printed at the points.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from sipas.changes import SeveralYears, Year
from sipas.charts import particulars
from sipas.charts.findings import change_title, has_evidence
from sipas.charts.look import AFTER_INK, FAINT, INK, MUTED, PAPER, style
from sipas.charts.marks import TINY, dot, heads
from sipas.charts.sheet import Caption, Sheet, attach, open_sheet, sheet_width
from sipas.charts.typesetting import BODY, EDGE, SMALL, Row, stacked_rows
from sipas.charts.words import change as points
from sipas.charts.words import interval, opened, per_cent, value, word
from sipas.charts.year_steps import consecutive, marks_of, widest_span, year_steps
from sipas.composites import Level
from sipas.numerals import Lang
from survey.intervals import check_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Where the panel begins and its width, in widths of the sheet; height of a row in inches.
PANEL_FROM, PANEL, TALL = 0.25, 0.555, 0.72
#: Share of a row that intervals may take up or down of its middle; inches that they stand below
#: it, for the figures; inches that two figures of one year stand apart.
REACH, LIFT, APART = 0.26, 0.03, 0.44


def years(
    several: SeveralYears,
    *,
    codes: Sequence[str] | None = None,
    level: float = 0.95,
    ax: Axes | None = None,
    lang: Lang = "vi",
) -> Axes:
    """Show how indices went over several years, with a break where the instrument changed.

    Parameters
    ----------
    several : SeveralYears
        From `sipas.compare_years`, without domains.
    codes : sequence of str, optional
        Indices to show; by default dimensions and what they make up, as far as every pair of
        consecutive years has them.
    level : float
        Confidence of the intervals and of the verdicts.
    ax : Axes, optional
        Whose place to fill; a new figure 16 cm wide without.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Axes
        `plotted` gives back the rows of ``several.table()`` of consecutive years that are shown,
        row by row from the top, with year and interval of both ends ``before_year before_low
        before_high after_year after_low after_high`` and ``joined``, whether a line joins them.

    Raises
    ------
    SurveyError
        No comparison of years, one by domain, a code that not all pairs have, a confidence
        outside (0, 1), axes that are too small.

    Notes
    -----
    A pair of years is joined by a line only where nothing differs between the two instruments.
    What is compared across a break is what its link made comparable: the figure of a year may
    then differ on its two sides, and both are shown.
    """
    make = "sipas.compare_years(first, second, third)"
    particulars.require_result(several, SeveralYears, "years", make)
    check_level(level)
    table = year_steps(several, codes, level, lang)
    with style():
        return _drawn(several, table, level, ax, lang)


def years_title(several: SeveralYears, table: pd.DataFrame, lang: Lang) -> str:
    """Say what the last of the changes shows of the dimensions, or of the rows there are."""
    (first, last), change = consecutive(several)[-1]
    rows = particulars.at(table, f"{first} → {last}", "change")
    levels = rows["level"].tolist()
    chosen: Level = "dimension" if "dimension" in levels else levels[0]
    told = change_title(change, rows[rows["level"] == chosen], chosen, lang)
    return word("years", "title", lang, before=first, after=last, told=told)


def described(several: SeveralYears, lang: Lang, level: float) -> str:
    """Say in words what the chart shows, for `alt_text`."""
    table = year_steps(several, None, level, lang)
    when = list(_results(several))
    broken = table.loc[~table["joined"], ["before_year", "after_year"]].drop_duplicates()
    breaks = ", ".join(f"{first}–{last}" for first, last in broken.itertuples(index=False))
    return word(
        "alt",
        "years",
        lang,
        count=table.index.get_level_values("code").nunique(),
        first=when[0],
        last=when[-1],
        title=opened(years_title(several, table, lang)),
        breaks=breaks or word("alt", "no_breaks", lang),
    )


def _caption(several: SeveralYears, table: pd.DataFrame, level: float, lang: Lang) -> Caption:
    """Say the finding, of whom, and how to read it."""
    steps = consecutive(several)
    results = list(_results(several).values())
    answers = [year.answers for year in results]
    when = [str(year) for year in _results(several)]
    spoken = dict.fromkeys(particulars.population(year.design, lang) for year in results)
    told = word("years", "listed", lang, first=", ".join(when[:-1]), last=when[-1])
    filled = {"place": particulars.place(answers, told, lang), "population": "; ".join(spoken)}
    filled["measure"] = particulars.measure(results[-1], lang)
    notes = [word("years", "note", lang, level=per_cent(level, lang))]
    for (first, last), change in steps:
        notes += [f"{first} → {last}: {note}" for note in particulars.comparability(change, lang)]
    instruments = [one for _, change in steps for one in change.instruments]
    notes.append(particulars.source(instruments, lang))
    return Caption(
        opened(years_title(several, table, lang)),
        word("years", "subtitle", lang, **filled),
        (*notes, *particulars.made_up(answers, lang)),
    )


def _results(several: SeveralYears) -> dict[int, Year]:
    """Give the result of each year, in order."""
    (years_of, first), *_ = steps = consecutive(several)
    return {years_of[0]: first.before, **{pair[1]: change.after for pair, change in steps}}


def _drawn(
    several: SeveralYears, table: pd.DataFrame, level: float, ax: Axes | None, lang: Lang
) -> Axes:
    """Lay out labels, the years and the change from the first to the last."""
    width = sheet_width(ax)
    codes = list(dict.fromkeys(table.index.get_level_values("code")))
    one = particulars.at(table, table.index[0][1], "change")
    names = particulars.row_names(one, several.changes[-1].after.instrument, lang)
    rows = stacked_rows(names, PANEL_FROM * width - EDGE - 0.05, least=TALL)
    caption = _caption(several, table, level, lang)
    sheet = open_sheet(ax, caption, rows, above=0.5, below=0.05)
    sheet.place(PANEL_FROM * width, PANEL * width)
    sheet.write_labels()
    when = list(_results(several))
    margin = 0.12 * (when[-1] - when[0])
    sheet.axes.set_xlim(when[0] - margin, when[-1] + margin)
    sheet.axes.set_axis_off()
    unit = 2.0 * REACH * min(row.height for row in rows) / max(widest_span(table), 1.0)
    for row, code in zip(rows, codes, strict=True):
        _row(sheet, row, particulars.at(table, code, "code"), unit, lang)
    _heads(sheet, several, lang)
    _breaks(sheet, table, lang)
    _whole(sheet, several, codes, level, lang)
    attach(sheet.axes, table)
    return sheet.axes


def _row(sheet: Sheet, row: Row, steps: pd.DataFrame, unit: float, lang: Lang) -> None:
    """Draw one index: points with intervals, and lines where the instrument stayed."""
    ax = sheet.axes
    left, right = ax.get_xlim()
    marks = marks_of(steps, APART / 2.0 / (PANEL * sheet.width) * (right - left))
    middle = (marks["low"].min() + marks["high"].max()) / 2.0
    for name in ("figure", "low", "high"):
        marks[f"{name}_y"] = row.centre + LIFT - unit * (marks[name] - middle)
    foot = row.centre + row.height / 2.0
    ax.axhline(foot, color=FAINT, linewidth=0.5, zorder=0)
    for k, joined in enumerate(steps["joined"]):
        if joined:
            pair = marks.iloc[2 * k : 2 * k + 2]
            ax.plot(pair["x"], pair["figure_y"], color=AFTER_INK, linewidth=1.6, label="joined")
    records: Iterable[Any] = marks.drop_duplicates("x").itertuples()
    for mark in records:
        ax.plot([mark.x] * 2, [mark.low_y, mark.high_y], color=MUTED, linewidth=0.9, zorder=1)
        dot(ax, mark.x, mark.figure_y, "o", ink=AFTER_INK, markersize=4.5)
        place = (mark.x, mark.high_y)
        _write(ax, value(mark.figure, lang), place, label="value", fontsize=BODY)
    changes: Iterable[Any] = steps.itertuples()
    for step in changes:
        bold = "bold" if has_evidence(step.verdict, step.estimate) else "normal"
        place = ((step.before_year + step.after_year) / 2.0, foot)
        told = points(step.estimate, lang)
        _write(ax, told, place, label="change", fontsize=SMALL, fontweight=bold)


def _write(ax: Axes, text: str, place: tuple[float, float], **how: Any) -> None:
    """Write above a place of the panel, on paper so that no line runs through."""
    how |= {"xytext": (0, 2), "textcoords": "offset points", "ha": "center", "va": "bottom"}
    ax.annotate(text, place, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}, **how)


def _heads(sheet: Sheet, several: SeveralYears, lang: Lang) -> None:
    """Write the years with their n."""
    across = sheet.axes.get_xaxis_transform()
    how: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "va": "bottom"}
    how |= {"xycoords": across, "label": "key"}
    for year, result in _results(several).items():
        n = value(int(result.design.inside.sum()), lang, 0)
        told = word("common", "n", lang, n=n)
        look: dict[str, Any] = {"fontsize": BODY, "fontweight": "bold"}
        sheet.axes.annotate(str(year), (year, 1.0), (0, 12), **look, **how)
        sheet.axes.annotate(told, (year, 1.0), (0, 3), fontsize=TINY, color=MUTED, **how)


def _breaks(sheet: Sheet, table: pd.DataFrame, lang: Lang) -> None:
    """Mark where the instrument broke."""
    how: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "va": "bottom"}
    how |= {"xycoords": sheet.axes.get_xaxis_transform(), "label": "break"}
    records: Iterable[Any] = table[~table["joined"]].itertuples()
    for middle in {(step.before_year + step.after_year) / 2.0 for step in records}:
        dashes = (0, (4, 3))
        sheet.axes.axvline(middle, color=INK, linewidth=0.9, linestyle=dashes, label="break")
        told = word("years", "break", lang)
        sheet.axes.annotate(told, (middle, 1.0), (0, 3), fontsize=TINY, **how)


def _whole(
    sheet: Sheet, several: SeveralYears, codes: Sequence[str], level: float, lang: Lang
) -> None:
    """Write the change from the first to the last year, where that pair has the row."""
    table = several.changes[-1].table(level=level, lang=lang)
    records: dict[object, Any] = dict(zip(table.index, table.itertuples(), strict=True))
    right, how = sheet.width - EDGE, {"ha": "right"}
    for row, code in zip(sheet.rows, codes, strict=True):
        if code not in records:
            continue
        shown, y = records[code], sheet.row_y(row)
        bold = {"fontweight": "bold" if has_evidence(shown.verdict, shown.estimate) else "normal"}
        told = points(shown.estimate, lang)
        sheet.write(right, y - 0.005, told, va="bottom", label="whole", **bold, **how)
        small: dict[str, Any] = {"fontsize": TINY, "color": MUTED, "label": "interval"}
        sheet.write(right, y + 0.015, interval(shown.low, shown.high, lang), **small, **how)
    first, last = several.pairs[-1]
    filled = {"first": first, "last": last, "level": per_cent(level, lang)}
    heads(sheet, {right: word("years", "column", lang, **filled)})
