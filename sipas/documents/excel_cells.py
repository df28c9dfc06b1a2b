"""What every sheet of the workbook shares: text that stays text, formats, paper and names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd

from sipas.numerals import MINUS
from sipas.plain_text import inert
from sipas.sentences import word

#: ``said(part, name, lang, **filled)`` fills in one text of ``excel.toml``.
said = partial(word, Path(__file__).with_name("excel.toml"))

FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
HEAD = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
#: Excel takes this many characters in a cell, in a sheet's name and in the words of a chart.
MOST_TEXT, MOST_NAME, MOST_ALT = 32_767, 31, 2_000
#: Height of a line of text in points.
LINE = 16.5
#: Width of a letter of that text, in the characters that widths of columns are counted in.
_LETTER = 0.86
#: What a sheet's name may not hold, and the one name that Excel keeps for itself.
_REFUSED = re.compile(r"[\[\]:*?/\\]")
_KEPT = "history"


@dataclass(frozen=True, slots=True)
class Block:
    """Cells of one table on a sheet: where each column and row stands, counted from 0.

    Parameters
    ----------
    sheet : str
        Name of the sheet.
    keys : tuple
        Its columns, from the left.
    top : int
        Row of its first values; the heading is the row above.
    count : int
        Rows of values.
    left : int
        Column of the first key.
    """

    sheet: str
    keys: tuple[object, ...]
    top: int
    count: int
    left: int = 0

    def place(self, key: object) -> int:
        """Column of a key."""
        return self.left + self.keys.index(key)

    def values(self, key: object) -> list[str | int]:
        """Range of a column, as charts are given it."""
        return [self.sheet, self.top, self.place(key), self.top + self.count - 1, self.place(key)]

    def head(self, key: object) -> list[str | int]:
        """Cell of a heading, as charts are given it."""
        return [self.sheet, self.top - 1, self.place(key)]

    def series(self, key: object) -> dict[str, Any]:
        """Name, labels and values of a column as a series of a chart."""
        return {
            "name": self.head(key),
            "categories": self.values("label"),
            "values": self.values(key),
        }

    def cell(self, key: object, row: int) -> str:
        """Address of a value inside a formula of the same sheet."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        address: str = xl_rowcol_to_cell(self.top + row, self.place(key))
        return address

    def range(self, key: object, first: int, last: int) -> str:
        """Address of neighbouring rows of a column, as SUM takes it."""
        return f"{self.cell(key, first)}:{self.cell(key, last)}"

    def formula(self, key: object) -> str:
        """Range of a column as a formula, as error bars are given it."""
        from xlsxwriter.utility import xl_range_formula

        made: str = xl_range_formula(*self.values(key))
        return made


def cell_text(text: object) -> str:
    """Text that a cell can hold."""
    return inert(str(text))[:MOST_TEXT]


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Make names that Excel takes: short enough, without what it refuses, no two alike.

    Examples
    --------
    >>> sheet_names(["Bảng 1", "bảng 1", "a/b", "n" * 40])[1:]
    ['bảng 1 (2)', 'a b', 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn']
    """
    made: list[str] = []
    taken = {_KEPT}
    for text in wanted:
        plain = " ".join(_REFUSED.sub(" ", inert(text)).split()).strip("' ") or "–"
        name, again = plain[:MOST_NAME].rstrip("' "), 1
        while name.lower() in taken:
            again += 1
            mark = f" ({again})"
            name = plain[: MOST_NAME - len(mark)].rstrip("' ") + mark
        taken.add(name.lower())
        made.append(name)
    return made


def pattern(decimals: int, *, signed: bool = False) -> str:
    """Write a number format: decimals by the reader's own settings, a change with its sign."""
    plain = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    return f'+{plain};"{MINUS}"{plain};{plain}' if signed else plain


def write(sheet: Any, row: int, place: int, value: Any, style: Any, formula: str = "") -> None:
    """Write one cell: text as text, a number at full precision, nothing where nothing is."""
    if isinstance(value, str):
        sheet.write_string(row, place, cell_text(value), style)
    elif pd.isna(value):
        sheet.write_blank(row, place, None, style)
    elif formula:
        sheet.write_formula(row, place, formula, style, float(value))
    else:
        sheet.write_number(row, place, float(value), style)


def lines(text: str, width: float) -> int:
    """Count the lines that a text takes in a column of so many characters."""
    return sum(max(1, ceil(_LETTER * len(part) / width)) for part in text.split("\n"))


def across(sheet: Any, row: int, text: str, widths: Sequence[float], style: Any) -> None:
    """Write a long text over neighbouring columns, on as many lines as it takes."""
    told = cell_text(text)
    if len(widths) > 1:
        sheet.merge_range(row, 0, row, len(widths) - 1, "", style)
    sheet.write_string(row, 0, told, style)
    sheet.set_row(row, LINE * lines(told, sum(widths)))


def print_setup(sheet: Any, heads: tuple[int, int] | None, *, upright: bool = False) -> None:
    """Print on A4, one page wide, headings and page numbers on every page."""
    sheet.set_paper(9)
    if not upright:
        sheet.set_landscape()
    sheet.set_margins(left=0.6, right=0.6, top=0.75, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.set_header("&C&P/&N")
    if heads is not None:
        sheet.repeat_rows(*heads)
