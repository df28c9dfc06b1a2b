"""The report as an Excel workbook: one sheet a table, numbers as numbers, an editable chart.

Text from data is written as text only: a label that looks like a formula or an address stays a
label.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd

from sipas.documents.drawn_numbers import in_words
from sipas.documents.pictures import Contents, Picture, needed
from sipas.documents.word_style import inert
from sipas.numerals import MINUS
from sipas.phrases import Voice
from sipas.tables.table_parts import Column, Kind, Table

_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
_HEAD = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
#: Excel takes this many characters in a cell and in a sheet's name.
_MOST, _NAME = 32_767, 31
#: Rows above the heading: the title, and a blank one.
_TOP = 2
#: Height of a line in points, and width of a column in the sheets of drawn numbers.
_LINE, _DATA_WIDTH = 16.5, 14


def write_excel(path: str | Path, contents: Contents) -> Path:
    """Write tables, and the numbers behind the pictures, to an .xlsx file.

    Parameters
    ----------
    path : str or Path
        The file to write.
    contents : Contents
        The tables and pictures.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    SurveyError
        If xlsxwriter is not installed.
    """
    xlsxwriter = needed("xlsxwriter", "xlsxwriter", "excel")
    target, voice = Path(path), contents.voice
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        title = voice.say("file", "title", year=contents.year)
        book.set_properties({"title": title, "author": "sipas", "created": contents.dated})
        for number, table in enumerate(contents.tables.values(), start=1):
            _sheet(book, table, number, voice)
        for number, picture in enumerate(contents.pictures.values(), start=1):
            _data(book, picture, number, voice)
    return target


def _sheet(book: Any, table: Table, number: int, voice: Voice) -> None:
    """Write one table."""
    word = voice.say("file", "table")
    name = f"{word} {number}"[:_NAME]
    sheet = book.add_worksheet(name)
    bold = book.add_format({**_FONT, "bold": True, "font_size": 13})
    sheet.write_string(0, 0, _cell(f"{word} {number}. {table.title}"), bold)
    top = _heading(book, sheet, table.columns)
    strong = set(table.strong)
    for place, column in enumerate(table.columns):
        formats = {heavy: _format(book, column, heavy) for heavy in (False, True)}
        sheet.set_column(place, place, _width(column, table))
        for row, (label, value) in enumerate(table.frame[column.key].items(), start=top):
            _write(sheet, row, place, column, value, formats[label in strong])
    for row, lines in enumerate(_lines(table), start=top):
        sheet.set_row(row, _LINE * lines)
    italic = book.add_format({**_FONT, "italic": True, "font_size": 11, "text_wrap": True})
    across = [_width(column, table) for column in table.columns]
    for row, note in enumerate(table.notes, start=top + len(table.frame) + 1):
        _across(sheet, row, note, across, italic)
    sheet.freeze_panes(top, min(2, len(table.columns) - 1))
    _print_setup(sheet, top)
    if table.name == "dimensions":
        _chart(book, sheet, table, name, top)


def _heading(book: Any, sheet: Any, columns: tuple[Column, ...]) -> int:
    """Write two rows of headings, the upper one merged over its group; return the next row."""
    style = book.add_format({**_FONT, **_HEAD})
    first = 0
    while first < len(columns):
        group = columns[first].group
        last = first
        while group and last + 1 < len(columns) and columns[last + 1].group == group:
            last += 1
        if not group:
            sheet.merge_range(_TOP, first, _TOP + 1, first, _cell(columns[first].head), style)
        elif last > first:
            sheet.merge_range(_TOP, first, _TOP, last, _cell(group), style)
        else:
            sheet.write_string(_TOP, first, _cell(group), style)
        for place in range(first, last + 1) if group else ():
            sheet.write_string(_TOP + 1, place, _cell(columns[place].head), style)
        first = last + 1
    sheet.set_row(_TOP + 1, 48)
    return _TOP + 2


def _format(book: Any, column: Column, bold: bool) -> Any:
    """Format of a column: decimals by the reader's own settings, changes with their sign."""
    shape = {**_FONT, "bold": bold, "border": 1}
    if column.kind == "text":
        return book.add_format({**shape, "text_wrap": True})
    decimals = 3 if column.kind == "p" else column.decimals
    plain = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    pattern = f'+{plain};"{MINUS}"{plain};{plain}' if column.kind == "signed" else plain
    return book.add_format({**shape, "num_format": pattern})


def _write(sheet: Any, row: int, place: int, column: Column, value: Any, style: Any) -> None:
    """Write one cell at full precision; what is not there stays empty."""
    if pd.isna(value):
        sheet.write_blank(row, place, None, style)
    elif column.kind == "text":
        sheet.write_string(row, place, _cell(str(value)), style)
    else:
        sheet.write_number(row, place, float(value), style)


def _width(column: Column, table: Table) -> float:
    """Width of a column in characters."""
    if column.key == "place":
        return 6
    if column.kind != "text":
        return 12
    longest = max((len(str(value)) for value in table.frame[column.key]), default=10)
    return min(max(longest + 2, 14), 60)


def _lines(table: Table) -> list[int]:
    """Count the lines that the words of each row take."""
    words = [column for column in table.columns if column.kind == "text"]
    return [
        max(
            ceil(len(column.show(value, table.lang)) / _width(column, table))
            for column, value in zip(words, row, strict=True)
        )
        for row in zip(*(table.frame[column.key] for column in words), strict=True)
    ]


def _across(sheet: Any, row: int, text: str, widths: Sequence[float], style: Any) -> None:
    """Write a long text over all columns, on as many lines as it takes."""
    if len(widths) > 1:
        sheet.merge_range(row, 0, row, len(widths) - 1, _cell(text), style)
    else:
        sheet.write_string(row, 0, _cell(text), style)
    sheet.set_row(row, _LINE * ceil(1.1 * len(text) / sum(widths)))


def _print_setup(sheet: Any, top: int) -> None:
    """Print on A4 across, one page wide, headings on every page."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_TOP, top - 1)


def _chart(book: Any, sheet: Any, table: Table, name: str, top: int) -> None:
    """Add a native bar chart of the dimensions, each year a series, fed by the cells above."""
    keys = [column.key for column in table.columns]
    chart = book.add_chart({"type": "bar"})
    last = top + len(table.frame) - 1
    fills = {"before": "#9FB8CC", "after": "#1F4E79"}
    for key, fill in fills.items():
        if key in keys:
            place = keys.index(key)
            chart.add_series(
                {
                    "name": table.columns[place].group,
                    "categories": [name, top, keys.index("label"), last, keys.index("label")],
                    "values": [name, top, place, last, place],
                    "fill": {"color": fill},
                    "border": {"color": "#000000"},
                    "data_labels": {"value": True, "num_format": "0.00"},
                }
            )
    chart.set_title({"name": table.title, "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"min": 0, "max": 100, "num_format": "0", "name": "%"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 460})
    sheet.insert_chart(last + len(table.notes) + 4, 0, chart, {"description": table.title})


def _data(book: Any, picture: Picture, number: int, voice: Voice) -> None:
    """Write the numbers behind one picture."""
    sheet = book.add_worksheet(voice.say("file", "data", number=number)[:_NAME])
    bold = book.add_format({**_FONT, "bold": True})
    head = book.add_format({**_FONT, **_HEAD})
    plain = book.add_format({**_FONT})
    word = voice.say("file", "figure")
    sheet.write_string(0, 0, _cell(f"{word} {number}. {picture.caption}"), bold)
    frame = in_words(picture, voice)
    wrapped = book.add_format({**_FONT, "text_wrap": True})
    _across(sheet, 1, picture.alt, [_DATA_WIDTH] * len(frame.columns), wrapped)
    for place, key in enumerate(frame.columns):
        sheet.write_string(_TOP + 1, place, _cell(str(key)), head)
        sheet.set_column(place, place, _DATA_WIDTH)
        for row, value in enumerate(frame[key], start=_TOP + 2):
            kind: Kind = "number" if pd.api.types.is_number(value) else "text"
            _write(sheet, row, place, Column(str(key), str(key), kind=kind), value, plain)
    sheet.freeze_panes(_TOP + 2, 1)
    _print_setup(sheet, _TOP + 2)


def _cell(text: str) -> str:
    """Text that a cell can hold."""
    return inert(text)[:_MOST]
