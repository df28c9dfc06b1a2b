"""The sheet of paper: title above, notes below, labels wrapped at the left, all in inches.

A chart fills the place of the axes it was given, or a figure 16 cm wide whose height follows from
its rows, so that text never meets text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pandas as pd

from sipas.charts.look import INK, MUTED
from sipas.charts.typesetting import (
    BODY,
    EDGE,
    LEADING,
    SMALL,
    SUBTITLE,
    TITLE,
    WIDTH,
    Row,
    natural_height,
    text_height,
    text_width,
    wrapped,
)
from survey.errors import SurveyError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Below this share of the natural height of its rows, a chart is not legible.
TIGHTEST = 0.85
#: Below this width in inches, columns run into each other.
NARROWEST = 14.0 / 2.54

_plotted: WeakKeyDictionary[Axes, pd.DataFrame] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands around a chart: the finding, what was measured of whom, and notes."""

    title: str
    subtitle: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The place of a chart: positions are in inches from its top left corner."""

    axes: Axes
    left: float
    top: float
    width: float
    plot_top: float
    plot_height: float
    rows: tuple[Row, ...]

    def place(self, x: float, width: float) -> None:
        """Put the main axes beside the labels, one row of the chart a row of the axes."""
        across, up = _size(self.axes)
        bottom = up - self.top - self.plot_top - self.plot_height
        self.axes.set_position(
            ((self.left + x) / across, bottom / up, width / across, self.plot_height / up)
        )
        self.axes.set_ylim(natural_height(self.rows), 0.0)

    def panel(self, x: float, width: float) -> Axes:
        """Add axes of the same rows at the right of the main ones."""
        across, _ = _size(self.axes)
        main = self.axes.get_position(original=True)
        start = ((self.left + x) / across - main.x0) / main.width
        added = self.axes.inset_axes((start, 0.0, width / across / main.width, 1.0))
        added.set_ylim(natural_height(self.rows), 0.0)
        return added

    def row_y(self, row: Row) -> float:
        """Height of a row's centre below the top of the sheet."""
        return self.plot_top + row.centre * self.plot_height / natural_height(self.rows)

    def write(self, x: float, y: float, text: str, **how: Any) -> None:
        """Write at a place of the sheet; top left of the text unless told otherwise."""
        across, up = _size(self.axes)
        told: dict[str, Any] = {"ha": "left", "va": "top", "fontsize": BODY, "color": INK}
        self.axes.text(
            (self.left + x) / across,
            1.0 - (self.top + y) / up,
            text,
            transform=self.axes.figure.transSubfigure,
            linespacing=LEADING,
            clip_on=False,
            parse_math=False,
            **(told | how),
        )

    def swatch(self, x: float, y: float, width: float, height: float, **how: Any) -> None:
        """Draw a small rectangle at a place of the sheet."""
        from matplotlib.patches import Rectangle

        across, up = _size(self.axes)
        corner = ((self.left + x) / across, 1.0 - (self.top + y + height) / up)
        shape = Rectangle(corner, width / across, height / up, label="_key", **how)
        shape.set(transform=self.axes.figure.transSubfigure, clip_on=False)
        self.axes.add_artist(shape)

    def key(
        self, y: float, entries: Sequence[tuple[str, dict[str, Any]]], x: float = EDGE
    ) -> None:
        """Write a key from left to right: a swatch and its meaning each."""
        for name, how in entries:
            self.swatch(x, y + 0.015, 0.17, 0.11, **how)
            self.write(x + 0.22, y, name, fontsize=SMALL, label="key")
            x += 0.22 + text_width(name, SMALL) + 0.16

    def write_labels(self) -> None:
        """Write the label of each row at the left."""
        for row in self.rows:
            self.write(
                EDGE,
                self.row_y(row),
                "\n".join(row.lines),
                va="center_baseline" if len(row.lines) == 1 else "center",
                label="heading" if row.heading else "label",
                fontweight="bold" if row.heading else "normal",
            )


def open_sheet(
    ax: Axes | None, caption: Caption, rows: Sequence[Row], *, above: float, below: float
) -> Sheet:
    """Write title, subtitle and notes, and keep room for the rows between them.

    Parameters
    ----------
    ax : Axes or None
        Whose place to fill; a new figure without.
    caption : Caption
        Texts; wrapped here.
    rows : sequence of Row
        From `stacked_rows`.
    above, below : float
        Inches for column headers and for the axis with its ticks.

    Raises
    ------
    SurveyError
        If the axes given are too small for the rows.
    """
    width = sheet_width(ax)
    room = width - 2 * EDGE
    texts = [
        ("title", wrapped(caption.title, room, TITLE, bold=True), TITLE),
        ("subtitle", wrapped(caption.subtitle, room, SUBTITLE), SUBTITLE),
        (
            "note",
            [line for note in caption.notes for line in wrapped(note, 0.97 * room, SMALL)],
            SMALL,
        ),
    ]
    title, subtitle, notes = (text_height(len(lines), size) for _, lines, size in texts)
    head = EDGE + title + 0.04 + subtitle + 0.1
    around = head + above + below + 0.08 + notes + EDGE
    natural = natural_height(rows)
    axes = ax if ax is not None else _new_figure(width, around + natural)
    left, top, height = _corner(axes) if ax is not None else (0.0, 0.0, around + natural)
    if height - around < TIGHTEST * natural or width < NARROWEST:
        raise SurveyError(
            f"ax: {2.54 * width:.1f} × {2.54 * height:.1f} cm is too small for {len(rows)} rows.",
            mend=f"Give 16 × {2.54 * (around + natural):.0f} cm, or leave ax out.",
        )
    made = Sheet(axes, left, top, width, head + above, height - around, tuple(rows))
    starts = (EDGE, EDGE + title + 0.04, height - notes - EDGE)
    for (name, lines, size), start in zip(texts, starts, strict=True):
        how = {"fontweight": "bold"} if name == "title" else {"color": MUTED}
        made.write(EDGE, start, "\n".join(lines), fontsize=size, label=name, **how)
    return made


def sheet_width(ax: Axes | None) -> float:
    """Width of the chart in inches: that of the axes given, or of a page's text."""
    return WIDTH if ax is None else float(ax.get_position(original=True).width * _size(ax)[0])


def frame(sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
    """Put the main axes at a place of the sheet, apart from the rows."""
    across, up = _size(sheet.axes)
    foot = 1.0 - (sheet.top + y + height) / up
    sheet.axes.set_position(((sheet.left + x) / across, foot, width / across, height / up))


def attach(ax: Axes, table: pd.DataFrame) -> None:
    """Keep the plotted numbers with the axes."""
    _plotted[ax] = table


def plotted(ax: Axes) -> pd.DataFrame:
    """Give back the numbers that a chart of this library shows, row by row from the top.

    Parameters
    ----------
    ax : Axes
        What the chart returned.

    Returns
    -------
    DataFrame
        A copy, at full precision.

    Raises
    ------
    SurveyError
        If the axes hold no chart of this library.
    """
    if ax not in _plotted:
        raise SurveyError(
            "plotted: these axes hold no chart of sipas.charts.",
            mend="Pass what a chart returned.",
        )
    return _plotted[ax].copy()


def _size(ax: Axes) -> tuple[float, float]:
    """Width and height of the (sub)figure in inches."""
    box, dpi = ax.figure.bbox, ax.figure.dpi
    return box.width / dpi, box.height / dpi


def _corner(ax: Axes) -> tuple[float, float, float]:
    """Left, top and height of the place of the axes, in inches from the figure's top left."""
    across, up = _size(ax)
    box = ax.get_position(original=True)
    return box.x0 * across, (1.0 - box.y1) * up, box.height * up


def _new_figure(width: float, height: float) -> Axes:
    """Open a figure that notebooks show by themselves."""
    from matplotlib import pyplot

    return pyplot.figure(figsize=(width, height)).add_axes((0.0, 0.0, 1.0, 1.0))
