"""Figures of rows by groups: cells coloured by their values, and a chart fed by them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sipas.charts.by_domain import ABOVE, BELOW, SAME
from sipas.charts.domain_cells import ALL
from sipas.charts.look import AFTER_INK, FAINT, FALL_INK, INK, PAPER
from sipas.documents.excel_canvas import LABEL_WIDTH, WIDTH, Canvas, axis, grid_lines
from sipas.documents.excel_cells import FONT, HEAD, LINE, Block, cell_text, lines, pattern, write
from sipas.documents.excel_dots import HEIGHT, PALE, dot, ends, row_name, shortened
from sipas.numerals import NOT_ESTIMABLE

#: Width of the chart of leaders in pixels, and its rows with one left free.
_CHART = 1120
#: Rows of a grid besides its values: its name, its heading, one left free.
_REST = 3
#: Markers and inks of groups, in the order of the columns; all together first.
_MARKS = (
    ("diamond", INK),
    ("square", AFTER_INK),
    ("triangle", FALL_INK),
    ("circle", PALE),
    ("square", ABOVE),
    ("diamond", BELOW),
)


def leader_rows(data: pd.DataFrame) -> int:
    """Rows of the sheet that the grid of leaders takes."""
    return data["code"].nunique() + _REST


def heat_rows(data: pd.DataFrame) -> int:
    """Rows of the sheet that the heat map takes."""
    return data["code"].nunique() + _REST


def leaders(canvas: Canvas) -> None:
    """Show the rate of every domain by group: a dot a group, and cells the darker the higher."""
    at = _grid(canvas, "rates_leaders", "group", "estimate")
    colours = {"type": "2_color_scale", "min_color": SAME, "max_color": ABOVE}
    canvas.sheet.conditional_format(*_area(at), colours)
    chart = canvas.chart("line")
    for k, key in enumerate(at.keys[1:]):
        kind, ink = _MARKS[k % len(_MARKS)]
        chart.add_series(
            {
                **at.series(key),
                "line": {"none": True},
                "marker": dot(kind, ink),
            }
        )
    scale = ends(canvas.data["estimate"], most=100)
    chart.set_y_axis(axis(canvas.say("axis", "rate_cut"), major_gridlines=grid_lines(), **scale))
    chart.set_x_axis(axis())
    canvas.insert(chart, (_CHART, HEIGHT))


def heat_map(canvas: Canvas) -> None:
    """Show every rate, and beside it the difference from all together, coloured by its size."""
    rates = _grid(canvas, "rates", "domain", "estimate")
    right = rates.left + len(rates.keys) + 1
    apart = _grid(canvas, "differences", "domain", "difference", beside=right)
    widest = max(float(canvas.data["difference"].abs().max()), 1.0)
    canvas.sheet.conditional_format(*_area(apart), _diverging(widest))


def _area(at: Block) -> tuple[int, int, int, int]:
    """Values of a grid, without its labels."""
    labels = int("label" in at.keys)
    return at.top, at.left + labels, at.top + at.count - 1, at.left + len(at.keys) - 1


def _diverging(widest: float) -> dict[str, Any]:
    """Colours from far below all together to far above, white at no difference."""
    return {
        "type": "3_color_scale",
        "min_type": "num",
        "mid_type": "num",
        "max_type": "num",
        "min_value": -widest,
        "mid_value": 0,
        "max_value": widest,
        "min_color": BELOW,
        "mid_color": SAME,
        "max_color": ABOVE,
    }


def _grid(canvas: Canvas, name: str, across: str, value: str, *, beside: int = 0) -> Block:
    """Write a grid just above the numbers: a row a code, a column a group.

    Beside another grid it has no labels of its own, and no column of all together.
    """
    data = canvas.data
    codes = list(dict.fromkeys(data["code"]))
    groups = [one for one in dict.fromkeys(data[across]) if not (beside and one == ALL)]
    keys = tuple(groups) if beside else ("label", *groups)
    left = beside or canvas.block.place("label")
    at = Block(canvas.block.sheet, keys, canvas.block.top - 2 - len(codes), len(codes), left)
    bold = canvas.book.add_format({**FONT, "bold": True})
    canvas.sheet.write_string(at.top - 2, left, canvas.say("block", name), bold)
    _heads(canvas, at)
    if not beside:
        _labels(canvas, at)
    for k, (code, group) in enumerate(zip(data["code"], data[across], strict=True)):
        if group in groups:
            row, place = at.top + codes.index(code), at.place(group)
            shape = pattern(2, signed=value == "difference")
            _value(canvas, (row, place), data[value].iloc[k], canvas.block.cell(value, k), shape)
    return at


def _heads(canvas: Canvas, at: Block) -> None:
    """Write the names of the groups."""
    style = canvas.book.add_format({**FONT, **HEAD})
    names = [_name(canvas, str(key)) for key in at.keys]
    for key, name in zip(at.keys, names, strict=True):
        canvas.sheet.write_string(at.top - 1, at.place(key), cell_text(name), style)
    tallest = max(lines(name, WIDTH - 1) for name in names)
    canvas.sheet.set_row(at.top - 1, LINE * tallest)


def _name(canvas: Canvas, key: str) -> str:
    """Name of a column of a grid."""
    if key == "label":
        return canvas.say("series", "label")
    if key == ALL:
        return canvas.voice.say("code", "all")
    return canvas.names.get(key, key)


def _labels(canvas: Canvas, at: Block) -> None:
    """Write the labels of the rows."""
    style = canvas.book.add_format({**FONT, "text_wrap": True, "border": 1})
    first = canvas.data.drop_duplicates("code").to_dict("records")
    for row, named in enumerate(first, start=at.top):
        label = (
            row_name(named)
            if canvas.picture.name == "heat_map"
            else shortened(str(named["label"]))
        )
        canvas.sheet.write_string(row, at.left, cell_text(label), style)
        canvas.sheet.set_row(row, LINE * lines(label, LABEL_WIDTH))


def _value(canvas: Canvas, at: tuple[int, int], value: float, cell: str, shape: str) -> None:
    """Write one value as the number below that it repeats; what is not shown is hatched."""
    look = {**FONT, "border": 1, "align": "center"}
    if pd.isna(value):
        hatched = {"pattern": 14, "fg_color": FAINT, "bg_color": PAPER}
        style = canvas.book.add_format({**look, **hatched})
        canvas.sheet.write_string(*at, NOT_ESTIMABLE, style)
    else:
        style = canvas.book.add_format({**look, "num_format": shape})
        write(canvas.sheet, *at, value, style, f"={cell}")
