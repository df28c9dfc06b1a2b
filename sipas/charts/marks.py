"""Marks that several charts share: dots, intervals, a light scale, heads of columns, and the key.

Solid means that there is evidence and hollow that there is not, in every chart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sipas.charts.look import FAINT, INK, MUTED, PAPER
from sipas.charts.sheet import Sheet
from sipas.charts.typesetting import EDGE, SMALL, text_width
from sipas.charts.words import value
from sipas.numerals import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Shade of bands behind the marks: light enough for black figures on a photocopy.
BAND = "#e2e2e2"
#: Size of the numbers on a scale and of intervals.
TINY = 6.5


def dot(
    ax: Axes, x: float, y: float, marker: str, *, solid: bool = True, ink: str = INK, **how: Any
) -> None:
    """Draw one marker, filled or hollow."""
    fill = ink if solid else PAPER
    ax.plot([x], [y], marker=marker, markerfacecolor=fill, markeredgecolor=ink, **how)


def whisker(ax: Axes, low: float, high: float, y: float, **how: Any) -> None:
    """Draw an interval across, where there is one."""
    if low == low and high == high:
        look: dict[str, Any] = {"color": INK, "linewidth": 1.2} | how
        ax.plot([low, high], [y, y], **look)


def limits(
    values: Iterable[float], *, pad: float = 0.06, least: float = 1.0
) -> tuple[float, float]:
    """Find the ends of an axis that holds all values, with a margin.

    Examples
    --------
    >>> limits([0.0, 10.0, float("nan")], pad=0.1)
    (-1.0, 11.0)
    """
    known = np.array(list(values), dtype=float)
    low, high = float(np.nanmin(known)), float(np.nanmax(known))
    margin = pad * max(high - low, least)
    return low - margin, high + margin


def round_numbers(low: float, high: float, most: int = 5) -> list[float]:
    """Choose few round numbers between two ends.

    Examples
    --------
    >>> round_numbers(-23.0, 4.0)
    [-20.0, -10.0, 0.0]
    """
    from matplotlib.ticker import MaxNLocator

    ticks = MaxNLocator(nbins=most, steps=[1, 2, 5, 10]).tick_values(low, high)
    return [round(float(tick), 9) for tick in ticks if low <= tick <= high]


def scale(ax: Axes, lang: Lang, *, upright: bool = False, most: int = 5) -> None:
    """Draw hairlines at round numbers, and write the numbers at the foot or at the left."""
    low, high = sorted(ax.get_ylim() if upright else ax.get_xlim())
    ticks = round_numbers(low, high, most)
    decimals = max((len(f"{tick:g}".partition(".")[2]) for tick in ticks), default=0)
    edge = ax.get_yaxis_transform() if upright else ax.get_xaxis_transform()
    how: dict[str, Any] = {"textcoords": "offset points", "fontsize": TINY, "color": MUTED}
    for tick in ticks:
        line = ax.axhline if upright else ax.axvline
        line(tick, color=FAINT, linewidth=0.5, zorder=0)
        at, shift = ((0.0, tick), (-3, 0)) if upright else ((tick, 0.0), (0, -2))
        ha, va = ("right", "center") if upright else ("center", "top")
        text = value(tick, lang, decimals)
        ax.annotate(text, at, shift, edge, ha=ha, va=va, label="tick", **how)


def heads(sheet: Sheet, texts: Mapping[float, str], *, lift: float = 0.04) -> None:
    """Write the heads of columns of numbers, each ending at its place in inches."""
    for x, text in texts.items():
        how = {"ha": "right", "va": "bottom", "fontsize": SMALL, "color": MUTED}
        sheet.write(x, sheet.plot_top - lift, text, label="head", **how)


def key(sheet: Sheet, y: float, entries: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Write a key of markers and swatches, in as many lines as it needs."""
    figure, x = sheet.axes.figure, EDGE
    across, up = figure.bbox.width / figure.dpi, figure.bbox.height / figure.dpi
    for text, how in entries:
        room = 0.22 + text_width(text, SMALL) + 0.16
        if x > EDGE and x + room > sheet.width:
            x, y = EDGE, y + 0.17
        if "facecolor" in how:
            sheet.swatch(x, y + 0.015, 0.17, 0.11, **how)
        else:
            place: dict[str, Any] = {"transform": figure.transSubfigure, "clip_on": False}
            place |= {"linestyle": "None", "label": "_key"}
            across_at, up_at = sheet.left + x + 0.085, sheet.top + y + 0.07
            sheet.axes.plot([across_at / across], [1.0 - up_at / up], **place, **how)
        sheet.write(x + 0.22, y, text, fontsize=SMALL, label="key")
        x += room


def looks(marker: str, *, solid: bool = True, ink: str = INK) -> dict[str, Any]:
    """Marker of a key."""
    return {
        "marker": marker,
        "markerfacecolor": ink if solid else PAPER,
        "markeredgecolor": ink,
    }
