"""Setting type: text measured in the font in use, wrapped to a width, stacked into rows.

All lengths are inches, so that no label meets another whatever its length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sipas.charts.words import inert

WIDTH = 16.0 / 2.54
EDGE = 0.06
#: Inches between a heading and the row above it.
HEADING_GAP = 0.07
TITLE, SUBTITLE, BODY, SMALL = 10.5, 8.0, 7.5, 7.0
LEADING = 1.22
#: Hinting at low resolution makes text up to this much wider than its outlines.
HINTING = 1.03
#: Words side by side are at most this much wider or narrower than each by itself.
KERNING = 0.05


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its label in lines, and where it stands, in inches from the first row's top."""

    lines: tuple[str, ...]
    centre: float
    height: float
    heading: bool = False


def stacked_rows(
    labels: Sequence[str],
    width: float,
    *,
    least: float = 0.3,
    headings: Sequence[bool] = (),
    heading_width: float = WIDTH / 2.0,
    size: float = BODY,
    pad: float = 0.05,
) -> tuple[Row, ...]:
    """Wrap labels to a width, and stack the rows, each as high as its label needs."""
    rows, top = [], 0.0
    for k, text in enumerate(labels):
        heading = bool(headings) and headings[k]
        room = max(heading_width, width) if heading else width
        lines = tuple(wrapped(text, room, size, bold=heading))
        above = HEADING_GAP if heading and k else 0.0
        height = above + max(least, text_height(len(lines), size) + pad)
        rows.append(Row(lines, top + (above + height) / 2.0, height, heading))
        top += height
    return tuple(rows)


def natural_height(rows: Sequence[Row]) -> float:
    """Height of all rows in inches."""
    return sum(row.height for row in rows)


def text_height(lines: int, size: float) -> float:
    """Height of some lines of text in inches."""
    return lines * size * LEADING / 72.0


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than ``width`` inches, at spaces where there are any."""
    lines = [""]
    for piece in inert(text).split(" "):
        longer = f"{lines[-1]} {piece}".strip()
        if _fits(longer, width, size, bold):
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in piece:
            if lines[-1] and text_width(lines[-1] + letter, size, bold=bold) > width:
                lines.append("")
            lines[-1] += letter
    return lines


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of one line in inches, in the font of the present style."""
    import matplotlib as mpl

    return HINTING * size / 72.0 * _unit_width(text, tuple(mpl.rcParams["font.family"]), bold)


def _fits(text: str, width: float, size: float, bold: bool) -> bool:
    """Whether a line is no wider; it is measured whole only where its words leave a doubt.

    Measuring is what takes time in setting type, and the words of a text come again and again.
    """
    words = text.split(" ")
    sum_of_words = sum(text_width(word, size, bold=bold) for word in words if word)
    guess = sum_of_words + (len(words) - 1) * text_width(" ", size, bold=bold)
    if abs(guess - width) > KERNING * width:
        return guess <= width
    return text_width(text, size, bold=bold) <= width


@lru_cache(maxsize=4096)
def _unit_width(text: str, family: tuple[str, ...], bold: bool) -> float:
    """Width of a line in letters of one point, in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    face = FontProperties(family=family, size=1.0, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(text, face, False)[0])
