"""Importance against performance: points with ellipses, quadrants with their probabilities.

A point near a line is in no quadrant for sure; the table beneath says how sure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from sipas.changes import year_of
from sipas.charts import particulars
from sipas.charts.ellipses import outlines
from sipas.charts.findings import SURE, priorities_title
from sipas.charts.label_places import Named, beside
from sipas.charts.look import AFTER_INK, BEFORE_INK, INK, MUTED, PAPER, style
from sipas.charts.marks import dot, heads, key, limits, looks, scale
from sipas.charts.sheet import Caption, Sheet, attach, frame, open_sheet, sheet_width
from sipas.charts.typesetting import BODY, EDGE, SMALL, stacked_rows
from sipas.charts.words import inert, per_cent, value, word
from sipas.key_drivers import Priorities, quadrant_label
from sipas.key_drivers.quadrants import QUADRANTS
from sipas.numerals import Lang
from survey.design import Design
from survey.intervals import check_level, t_quantile
from survey.scores import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: More ellipses than this are not drawn.
FEW = 8
#: Height of the plot in inches, and what stands above and below it.
PLOT, ABOVE, BELOW = 3.2, 0.42, 0.68
#: Corner of each quadrant in shares of the plot, and how its name is set there.
CORNERS = {
    "concentrate here": (0.0, 1.0, "left", "top"),
    "keep up": (1.0, 1.0, "right", "top"),
    "low priority": (0.0, 0.0, "left", "bottom"),
    "possible overkill": (1.0, 0.0, "right", "bottom"),
}


def priorities(
    found: Priorities, *, level: float = 0.95, ax: Axes | None = None, lang: Lang = "vi"
) -> Axes:
    r"""Show importance against performance, with the uncertainty of both.

    Parameters
    ----------
    found : Priorities
        From `sipas.priorities`; with an earlier year that year is drawn hollow, and an arrow
        leads from it where both years had one instrument.
    level : float
        Confidence of the interval that an ellipse throws on each axis.
    ax : Axes, optional
        Whose place to fill; a new figure 16 cm wide without.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    Axes
        `plotted` gives back ``found.table()``.

    Raises
    ------
    SurveyError
        No priorities, a confidence outside (0, 1), axes that are too small.

    Notes
    -----
    Ellipses are :math:`(x - \hat\theta)^T V^{-1} (x - \hat\theta) = t_d^2` with the covariance
    *V* of both axes and Student's quantile on *d* degrees of freedom, so that their shadows are
    the intervals of each axis; as joint regions they hold less than ``level``.
    """
    make = "sipas.priorities(answers)"
    particulars.require_result(found, Priorities, "priorities", make)
    check_level(level)
    with style():
        return _drawn(found, found.table(lang=lang), level, ax, lang)


def described(found: Priorities, lang: Lang) -> str:
    """Say in words what the chart shows, for `alt_text`."""
    table = found.table(lang=lang)
    listed = [
        f"{particulars.short_name(code, table, found.instrument, lang)}: "
        f"{quadrant_label(quadrant, lang)}"
        for code, quadrant in zip(table.index, table["quadrant"], strict=True)
    ]
    filled = {"title": priorities_title(found, table, lang), "listed": "; ".join(listed)}
    noun = word("noun", found.importance.by, lang)
    return word("alt", "priorities", lang, count=len(table), noun=noun, **filled)


def _caption(found: Priorities, level: float, lang: Lang) -> Caption:
    """Say the finding, of whom, and how to read it."""
    read = found.importance.predictors
    facts = particulars.of_one_year(read.answers, cast(Design, read.design), lang)
    outcome = inert(found.instrument.label(read.outcome, lang, short=True))
    df = particulars.degrees(found.estimates.df, lang)
    notes = [word("priorities", "lines", lang), *found.notes(lang)[:1]]
    if len(found.codes) <= FEW:
        notes.insert(0, word("priorities", "note", lang, level=per_cent(level, lang), df=df))
    if found.before is not None and not _one_instrument(found):
        notes.append(word("priorities", "not_joined", lang))
    years = [found] if found.before is None else [found.before, found]
    answers = [year.importance.predictors.answers for year in years]
    notes.append(particulars.source([year.instrument for year in years], lang))
    return Caption(
        priorities_title(found, found.table(lang=lang), lang),
        word("priorities", "subtitle", lang, outcome=outcome, **facts),
        (*notes, *particulars.made_up(answers, lang)),
    )


def _one_instrument(found: Priorities) -> bool:
    """Whether the earlier year had the same questionnaire and population."""
    before = found.before
    return before is not None and before.instrument.differences(found.instrument).empty


def _drawn(
    found: Priorities, table: pd.DataFrame, level: float, ax: Axes | None, lang: Lang
) -> Axes:
    """Lay out the plot, and beneath it a row for each point."""
    width = sheet_width(ax)
    short = [particulars.short_name(code, table, found.instrument, lang) for code in table.index]
    names = [
        word("common", "coded", lang, code=code, label=text)
        for code, text in zip(table.index, short, strict=True)
    ]
    rows = stacked_rows(names, 0.46 * width - EDGE, least=0.175)
    caption = _caption(found, level, lang)
    sheet = open_sheet(ax, caption, rows, above=ABOVE + PLOT + BELOW, below=0.04)
    frame(sheet, 0.09 * width, sheet.plot_top - PLOT - BELOW, 0.9 * width, PLOT)
    sheet.write_labels()
    _key(sheet, found, lang)
    _points(sheet.axes, found, table, level, lang)
    _rows(sheet, table, lang)
    attach(sheet.axes, table)
    return sheet.axes


def ellipses(found: Priorities, level: float) -> Floats:
    """Outline of each point's ellipse, performance across and importance up, (K, 73, 2)."""
    size = len(found.codes)
    places = np.arange(size)[:, None] + np.array([size, 0])
    whole = found.estimates.covariance.to_numpy()
    df = found.estimates.df.to_numpy().reshape(2, size).min(axis=0)
    radius = np.asarray(t_quantile(level, df))
    return outlines(found.axes[::-1].T, whole[places[:, :, None], places[:, None, :]], radius)


def _points(ax: Axes, found: Priorities, table: pd.DataFrame, level: float, lang: Lang) -> None:
    """Draw quadrants, ellipses, last year's points and this year's."""
    outlines = ellipses(found, level)
    earlier = found.before.axes[::-1].T if found.before is not None else np.empty((0, 2))
    across, up = np.concatenate([outlines.reshape(-1, 2), earlier]).T
    ax.set_xlim(*limits(across, least=1e-9))
    ax.set_ylim(*limits(up, least=1e-9, pad=0.1))
    ax.set_axis_off()
    scale(ax, lang, most=7)
    scale(ax, lang, upright=True)
    _quadrants(ax, found, lang)
    for outline in outlines if len(found.codes) <= FEW else ():
        ax.plot(*outline.T, color=MUTED, linewidth=0.8, zorder=1, label="ellipse")
    now = found.axes[::-1].T
    joined = _one_instrument(found)
    for start, end in zip(earlier, now, strict=False):
        dot(ax, start[0], start[1], "o", solid=False, ink=BEFORE_INK, markersize=4.5, zorder=2)
        if joined:
            arrow = {"arrowstyle": "-|>", "color": BEFORE_INK, "linewidth": 0.8}
            ax.annotate("", end, start, arrowprops=arrow | {"shrinkA": 4, "shrinkB": 5})
    for point, sure in zip(now, table["probability"] >= SURE, strict=True):
        dot(ax, point[0], point[1], "D", solid=bool(sure), ink=AFTER_INK, zorder=3)
    beside(ax, [*_named(table, now, "bold", INK), *_named(table, earlier, "normal", MUTED)])


def _named(table: pd.DataFrame, points: Floats, weight: str, ink: str) -> list[Named]:
    """Codes of the points there are, and how to write them."""
    pairs = zip(table.index, points, strict=False)
    return [(str(code), float(x), float(y), weight, ink) for code, (x, y) in pairs]


def _quadrants(ax: Axes, found: Priorities, lang: Lang) -> None:
    """Draw the dividing lines, and name the corners."""
    importance, performance = found.crosshairs
    ax.axvline(performance, color=INK, linewidth=0.8, linestyle=(0, (5, 3)), zorder=1)
    ax.axhline(importance, color=INK, linewidth=0.8, linestyle=(0, (5, 3)), zorder=1)
    for name in QUADRANTS:
        x, y, ha, va = CORNERS[name]
        shift = (4 if ha == "left" else -4, -3 if va == "top" else 3)
        how: dict[str, Any] = {"ha": ha, "va": va, "fontsize": BODY, "color": MUTED}
        how["bbox"] = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.8}
        how |= {"xycoords": "axes fraction", "textcoords": "offset points", "label": "quadrant"}
        ax.annotate(quadrant_label(name, lang), (x, y), shift, fontstyle="italic", **how)


def _year(found: Priorities) -> str:
    """Year of the answers."""
    return str(year_of(found.importance.predictors.answers))


def _key(sheet: Sheet, found: Priorities, lang: Lang) -> None:
    """Name the axes, and say what the markers mean."""
    top = sheet.plot_top - PLOT - BELOW
    year, least = _year(found), per_cent(SURE, lang)
    told = word("priorities", "sure_quadrant", lang, least=least)
    entries = [
        (f"{year}, {told}", looks("D", ink=AFTER_INK)),
        (word("priorities", "unsure_quadrant", lang), looks("D", solid=False, ink=AFTER_INK)),
    ]
    if found.before is not None:
        entries.append((_year(found.before), looks("o", solid=False, ink=BEFORE_INK)))
    key(sheet, top - 0.4, entries)
    how: dict[str, Any] = {"fontsize": SMALL, "color": MUTED, "label": "axis"}
    sheet.write(EDGE, top - 0.05, word("priorities", "importance", lang), va="bottom", **how)
    told = word("priorities", "performance", lang)
    sheet.write(0.99 * sheet.width, top + PLOT + 0.16, told, ha="right", **how)


def _rows(sheet: Sheet, table: pd.DataFrame, lang: Lang) -> None:
    """Write both figures and the quadrant of each point."""
    width = sheet.width
    places = [0.535 * width, 0.625 * width, width - EDGE]
    for row, (_, shown) in zip(sheet.rows, table.iterrows(), strict=True):
        told = word(
            "priorities",
            "quadrant",
            lang,
            quadrant=quadrant_label(shown["quadrant"], lang),
            share=value(100.0 * shown["probability"], lang, 0),
        )
        texts = [value(shown["performance"], lang), value(shown["importance"], lang, 3), told]
        names = ("performance", "importance", "chance")
        for x, text, name in zip(places, texts, names, strict=True):
            how = {"ha": "right", "va": "center_baseline", "label": name}
            how["fontweight"] = "bold" if shown["probability"] >= SURE else "normal"
            sheet.write(x, sheet.row_y(row), text, **how)
    columns = ("column_performance", "column_importance", "column_quadrant")
    texts = [word("priorities", name, lang) for name in columns]
    heads(sheet, dict(zip(places, texts, strict=True)))
