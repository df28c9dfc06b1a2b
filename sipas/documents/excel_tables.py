"""One table on a sheet of its own: numbers as numbers, and formulas where one makes another."""

from __future__ import annotations

from typing import Any

from sipas.charts.look import AFTER_INK, BEFORE_INK
from sipas.documents.excel_cells import (
    FONT,
    HEAD,
    LINE,
    MOST_ALT,
    Block,
    across,
    cell_text,
    lines,
    pattern,
    print_setup,
    said,
    write,
)
from sipas.documents.excel_live import live_formulas
from sipas.tables.table_parts import Column, Table

#: Rows above the heading: the title, and a blank one; rows of the heading.
_ABOVE, _HEADS = 2, 2
#: Widths of columns in characters.
_PLACE, _NUMBER, _LEAST_WORDS, _MOST_WORDS = 6.0, 11.0, 16.0, 46.0


def write_table(book: Any, sheet: Any, name: str, table: Table, title: str) -> None:
    """Write one table: title, two rows of headings, values, notes; a chart of the dimensions."""
    widths = [_width(column, table) for column in table.columns]
    style = {**FONT, "bold": True, "font_size": 13, "text_wrap": True}
    across(sheet, 0, title, widths, book.add_format(style))
    _heading(book, sheet, table, widths)
    top = _ABOVE + _HEADS
    keys = tuple(column.key for column in table.columns)
    block = Block(name, keys, top, len(table.frame))
    _values(book, sheet, table, block)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    for row, count in enumerate(_lines(table, widths), start=top):
        sheet.set_row(row, LINE * count)
    small = {**FONT, "italic": True, "font_size": 11, "text_wrap": True}
    under = top + block.count + 1
    notes = [*table.notes, *_of_blanks(table)]
    for row, note in enumerate(notes, start=under):
        across(sheet, row, note, widths, book.add_format(small))
    last_head = table.heading_column
    sheet.freeze_panes(top, 0 if last_head is None else last_head + 1)
    print_setup(sheet, (_ABOVE, top - 1))
    if table.name == "dimensions":
        _chart(book, sheet, table, block, under + len(notes) + 1)


def _values(book: Any, sheet: Any, table: Table, block: Block) -> None:
    """Write the values, with their formulas."""
    live, strong = live_formulas(table, block), set(table.strong)
    for place, column in enumerate(table.columns):
        formats = {bold: book.add_format(_look(column, bold)) for bold in (False, True)}
        for row, (label, value) in enumerate(table.frame[column.key].items()):
            told = str(value) if column.kind == "text" and value == value else value
            formula = live.get((row, column.key), "")
            write(sheet, block.top + row, place, told, formats[label in strong], formula)


def _of_blanks(table: Table) -> list[str]:
    """Say that an empty cell is the dash of the printed table, which its own notes speak of."""
    numbers = [column.key for column in table.columns if column.kind != "text"]
    empty = bool(table.frame[numbers].isna().to_numpy().any())
    return [said("block", "blank", table.lang)] if empty else []


def _heading(book: Any, sheet: Any, table: Table, widths: list[float]) -> None:
    """Write two rows of headings, the upper one merged over its group."""
    style = book.add_format({**FONT, **HEAD})
    place, upper, lower = 0, 1, 1
    for group, columns in table.groups:
        last = place + len(columns) - 1
        if not group:
            sheet.merge_range(_ABOVE, place, _ABOVE + 1, place, "", style)
            sheet.write_string(_ABOVE, place, cell_text(columns[0].head), style)
            lower = max(lower, lines(columns[0].head, widths[place] - 1) - 1)
        else:
            if last > place:
                sheet.merge_range(_ABOVE, place, _ABOVE, last, "", style)
            sheet.write_string(_ABOVE, place, cell_text(group), style)
            upper = max(upper, lines(group, sum(widths[place : last + 1]) - 1))
            for own, column in enumerate(columns, start=place):
                sheet.write_string(_ABOVE + 1, own, cell_text(column.head), style)
                lower = max(lower, lines(column.head, widths[own] - 1))
        place = last + 1
    sheet.set_row(_ABOVE, LINE * upper)
    sheet.set_row(_ABOVE + 1, LINE * lower)


def _look(column: Column, bold: bool) -> dict[str, Any]:
    """Look of the cells of a column."""
    shape = {**FONT, "bold": bold, "border": 1}
    if column.kind == "text":
        return {**shape, "text_wrap": True, **_side(column)}
    decimals = 3 if column.kind == "p" else column.decimals
    return {**shape, "num_format": pattern(decimals, signed=column.kind == "signed")}


def _side(column: Column) -> dict[str, Any]:
    """Set words a little off the number before them."""
    return {"align": "center"} if column.key == "place" else {"align": "left", "indent": 1}


def _width(column: Column, table: Table) -> float:
    """Width of a column in characters."""
    if column.key == "place":
        return _PLACE
    if column.kind != "text":
        return _NUMBER
    longest = max((len(str(value)) for value in table.frame[column.key]), default=0)
    return min(max(1.05 * longest + 2.0, _LEAST_WORDS), _MOST_WORDS)


def _lines(table: Table, widths: list[float]) -> list[int]:
    """Count the lines that each row takes."""
    return [
        max(lines(text, width) for text, width in zip(row.cells, widths, strict=True))
        for row in table.rows()
    ]


def _chart(book: Any, sheet: Any, table: Table, block: Block, row: int) -> None:
    """Add a native bar chart of the dimensions, each year a series, fed by the cells above."""
    chart = book.add_chart({"type": "bar"})
    for key, fill in (("before", BEFORE_INK), ("after", AFTER_INK)):
        if key in block.keys:
            place = block.place(key)
            grouped = table.columns[place].group
            heading = _ABOVE if grouped else _ABOVE + 1
            chart.add_series(
                {
                    "name": [block.sheet, heading, place],
                    "categories": block.values("label"),
                    "values": block.values(key),
                    "fill": {"color": fill if key == "after" else "#ffffff"},
                    "border": {"color": fill},
                    "data_labels": {"value": True, "num_format": "0.00"},
                    "gap": 60,
                }
            )
    chart.set_title({"name": [block.sheet, 0, 0], "name_font": {"size": 12}, "overlay": False})
    chart.set_y_axis({"reverse": True, "crossing": "max"})
    chart.set_x_axis({"min": 0, "max": 100, "num_format": "0", "name": "%"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 460})
    sheet.insert_chart(row, 0, chart, {"description": cell_text(table.title)[:MOST_ALT]})
