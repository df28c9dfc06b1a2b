"""Tables in Word: headings that are merged and repeat on every page, numbers at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from sipas.documents.word_style import Style
from sipas.documents.word_widths import Layout, layout
from sipas.documents.word_xml import element, put
from sipas.plain_text import inert
from sipas.tables import Table

#: Space at the left and right of a cell, in twentieths of a point.
_CELL_MARGIN = "50"
#: Rows of a table that is kept on one page with its notes.
_SHORT = 12
#: Rows of a longer one that are not parted from its notes.
_LAST = 3
#: Height of a line, in parts of the size of its letters.
_LEADING = 1.17
#: Most characters of the words for those who cannot see a table.
_MOST_WORDS = 250
#: Cells of a table, row by row.
Grid = Sequence[Sequence[Any]]


def add_table(document: Any, table: Table, room: float, style: Style) -> None:
    """Add a table as wide as the text.

    Parameters
    ----------
    document : docx.document.Document
        It is put at the end.
    table : Table
        The table.
    room : float
        Width of the text in millimetres.
    style : Style
        Of the cells, but for their size and place.
    """
    set_as = layout(table, room)
    grouped = any(column.group for column in table.columns)
    top = 2 if grouped else 1
    made = document.add_table(rows=top + len(table.frame), cols=len(table.columns))
    made.autofit = False
    cells = [row.cells for row in made.rows]
    _properties(made, table, set_as)
    _widths(made, cells, set_as)
    style = replace(style, size=set_as.size)
    _heading(cells[:top], table, replace(style, align="center", bold=True, keep_next=True))
    for row in made.rows:
        _flag(row, "cantSplit")
    for row in made.rows[:top]:
        _flag(row, "tblHeader")
    if grouped:
        _room_for_merged(made.rows[1], table, set_as)
    loose = 0 if len(table.frame) <= _SHORT else len(table.frame) - _LAST
    for place, (row, (texts, strong)) in enumerate(zip(cells[top:], table.rows(), strict=True)):
        for cell, column, text in zip(row, table.columns, texts, strict=True):
            align: Any = (
                "left" if column.is_words else "center" if column.key == "place" else "right"
            )
            look = replace(style, align=align, bold=strong, keep_next=place >= loose)
            look.apply(cell.paragraphs[0], text)


def _properties(made: Any, table: Table, set_as: Layout) -> None:
    """Set borders, narrow cell margins and a title, whatever styles the document has."""
    borders, margins = element("tblBorders"), element("tblCellMar")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(side, val="single", sz="4", space="0", color="000000"))
    for side in ("left", "right"):
        margins.append(element(side, w=_CELL_MARGIN, type="dxa"))
    width = element("tblW", w=str(round(sum(set_as.widths) / 25.4 * 1440)), type="dxa")
    title = element("tblCaption", val=inert(table.title)[:_MOST_WORDS])
    for one in (width, element("tblInd", w="0", type="dxa"), borders, margins, title):
        put(made._tbl.tblPr, one)


def _widths(made: Any, cells: Grid, set_as: Layout) -> None:
    """Set the width of every column, and of every cell, which Word goes by."""
    from docx.shared import Mm

    for column, width in zip(made.columns, set_as.widths, strict=True):
        column.width = Mm(width)
    for row in cells:
        for cell, width in zip(row, set_as.widths, strict=True):
            cell.width = Mm(width)


def _heading(cells: Grid, table: Table, style: Style) -> None:
    """Fill the heading rows; a heading over several columns is one merged cell."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

    for row in cells:
        for cell in row:
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    first = 0
    for group, members in table.groups:
        last = first + len(members) - 1
        over = cells[0][first].merge(cells[0][last] if group else cells[-1][first])
        style.apply(over.paragraphs[0], group or members[0].head)
        for place in range(first, last + 1) if group else ():
            style.apply(cells[1][place].paragraphs[0], table.columns[place].head)
        first = last + 1


def _room_for_merged(row: Any, table: Table, set_as: Layout) -> None:
    """Make the second heading row as tall as the headings merged over both rows need.

    Word and LibreOffice repeat a heading with the height of its rows, not of merged cells.
    """
    above, below, merged = 1, 1, 1
    first = 0
    for group, members in table.groups:
        last = first + len(members) - 1
        if group:
            above = max(above, set_as.lines(group, first, last))
            heads = (set_as.lines(one.head, first + k, first + k) for k, one in enumerate(members))
            below = max(below, *heads)
        else:
            merged = max(merged, set_as.lines(members[0].head, first, last))
        first = last + 1
    lines = max(merged - above, below)
    twips = ceil(lines * set_as.size * _LEADING * 20) + 40
    row._tr.get_or_add_trPr().append(element("trHeight", val=str(twips), hRule="atLeast"))


def _flag(row: Any, name: str) -> None:
    """Set a yes-or-no property of a table row."""
    row._tr.get_or_add_trPr().append(element(name))
