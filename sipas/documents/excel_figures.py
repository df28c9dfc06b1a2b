"""One figure on a sheet of its own: a native chart or coloured cells, and the numbers drawn.

The chart stands on top, where it is seen first; it is fed by the cells beneath it. A figure that
is not listed here has its numbers alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import pandas as pd

from sipas.documents import excel_bars, excel_dots, excel_grids, excel_targets
from sipas.documents.drawn_numbers import YEARS, decimals_of, in_words
from sipas.documents.excel_canvas import LABEL_WIDTH, WIDTH, Canvas
from sipas.documents.excel_cells import (
    FONT,
    HEAD,
    LINE,
    Block,
    across,
    cell_text,
    lines,
    pattern,
    print_setup,
    write,
)
from sipas.documents.pictures import Picture
from sipas.phrases import Voice

#: First row below title and words, and pixels of an empty row.
_BELOW_WORDS, _ROW = 3, 20
#: Columns over which title and words are written.
_ACROSS = 9
#: Widest column of words that are not labels, in characters.
_MOST_WORDS = 30.0
#: Columns of a change that fit on paper at a size that can be read, up to its interval. The others
#: stay on the screen, with the cells that only feed the chart.
_PRINTED = 9


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a figure is shown: the columns it needs, rows it takes, and what draws it."""

    needs: frozenset[str]
    rows: Callable[[pd.DataFrame], int]
    draw: Callable[[Canvas], None]
    printed: int | None = None


def _tall(pixels: Callable[[pd.DataFrame], int]) -> Callable[[pd.DataFrame], int]:
    """Turn the height of a chart into rows of a sheet, with one left free."""
    return lambda data: ceil(pixels(data) / _ROW) + 1


_LIMITS = {"label", "estimate", "low", "high"}
_TARGETS = _Kind(
    frozenset({*_LIMITS, "figure", "sense", "target", "by", "verdict"}),
    _tall(lambda _: excel_dots.HEIGHT),
    excel_targets.targets,
    excel_targets.PRINTED,
)
_KINDS = {
    "answers": _Kind(frozenset({"label", "n"}), _tall(excel_bars.bars_height), excel_bars.answers),
    "change": _Kind(
        frozenset({*_LIMITS, "before", "after", "verdict"}),
        _tall(lambda _: excel_dots.HEIGHT),
        excel_dots.change,
        _PRINTED,
    ),
    "contributions": _Kind(
        frozenset({*_LIMITS, "start", "end", "index"}),
        _tall(excel_bars.waterfall_height),
        excel_bars.contributions,
    ),
    "forest": _Kind(
        frozenset({*_LIMITS, "before", "after", "level", "verdict"}),
        _tall(excel_bars.bars_height),
        excel_bars.forest,
        _PRINTED,
    ),
    "leaders": _Kind(
        frozenset({*_LIMITS, "code", "group"}),
        lambda data: _tall(lambda _: excel_dots.HEIGHT)(data) + excel_grids.leader_rows(data),
        excel_grids.leaders,
    ),
    "targets_households": _TARGETS,
    "targets_leaders": _TARGETS,
    "heat_map": _Kind(
        frozenset({"label", "estimate", "difference", "withheld", "code", "domain"}),
        excel_grids.heat_rows,
        excel_grids.heat_map,
    ),
}


def write_figure(
    book: Any,
    sheet: Any,
    name: str,
    picture: Picture,
    title: str,
    voice: Voice,
    names: Mapping[str, str],
) -> None:
    """Write one figure: title, words, chart or coloured cells, and the numbers drawn."""
    data = picture.data.reset_index()
    kind = _KINDS.get(picture.name)
    shown = kind is not None and not data.empty and kind.needs <= set(data.columns)
    top = _BELOW_WORDS + 1 + (kind.rows(data) if kind is not None and shown else 0)
    block = Block(name, tuple(data.columns), top, len(data))
    frame = in_words(picture, voice)
    widths = _columns(sheet, frame, block)
    widths = (widths + [WIDTH] * _ACROSS)[:_ACROSS]
    for row, (text, look) in enumerate(((title, {"bold": True}), (picture.alt, {}))):
        across(sheet, row, text, widths, book.add_format({**FONT, **look, "text_wrap": True}))
    _numbers(book, sheet, frame, block)
    if kind is not None and shown:
        kind.draw(Canvas(book, sheet, picture, data, block, voice, _BELOW_WORDS, names))
    else:
        sheet.freeze_panes(top, 1)
    print_setup(sheet, (top - 1, top - 1))
    if kind is not None and shown and kind.printed:
        sheet.print_area(0, 0, block.top + block.count - 1, kind.printed - 1)


def _columns(sheet: Any, frame: pd.DataFrame, block: Block) -> list[float]:
    """Set the widths: wide for the label, as needed for other words, alike for numbers."""
    widths = [
        LABEL_WIDTH if key == "label" else _width(frame.iloc[:, place])
        for place, key in enumerate(block.keys)
    ]
    sheet.set_column(0, len(widths) + _ACROSS, WIDTH)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    return widths


def _width(values: pd.Series) -> float:
    """Width of a column of numbers, or of words that are not labels."""
    longest = max((len(one) for one in values if isinstance(one, str)), default=0)
    return min(max(WIDTH, longest + 2.0), _MOST_WORDS)


def _numbers(book: Any, sheet: Any, frame: pd.DataFrame, block: Block) -> None:
    """Write the numbers that were drawn, every row as high as its words need."""
    head = book.add_format({**FONT, **HEAD})
    tallest, heights = 1, [1] * block.count
    for place, (heading, key) in enumerate(zip(frame.columns, block.keys, strict=True)):
        sheet.write_string(block.top - 1, place, cell_text(heading), head)
        values = frame.iloc[:, place]
        width = LABEL_WIDTH if key == "label" else _width(values)
        tallest = max(tallest, lines(str(heading), width - 1))
        style = book.add_format(_look(key, values))
        for row, value in enumerate(values):
            number = pd.isna(value) or pd.api.types.is_number(value)
            told = value if number else str(value)
            write(sheet, block.top + row, place, told, style)
            heights[row] = max(heights[row], 1 if number else lines(told, width))
    sheet.set_row(block.top - 1, LINE * tallest)
    for row, count in enumerate(heights, start=block.top):
        sheet.set_row(row, LINE * count)


def _look(key: object, values: pd.Series) -> dict[str, Any]:
    """Look of a column: decimals as its numbers need them, words wrapped."""
    if not pd.api.types.is_numeric_dtype(values):
        return {
            **FONT,
            "text_wrap": True,
            "border": 1,
            "align": "left",
            "indent": int(key != "label"),
        }
    if key in YEARS:
        return {**FONT, "num_format": "0", "border": 1}
    shape = pattern(decimals_of(key, values), signed=bool((values < 0).any()))
    return {**FONT, "num_format": shape, "border": 1}
