"""What python-docx has no call for: fields, tables with repeated heading rows, column widths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sipas.documents.word_style import Style
from sipas.tables import Column, Table

#: Width of the text in millimetres, shared out among the columns of a table.
_TEXT_WIDTH = 162
#: Millimetres that words keep, however many columns of numbers there are.
_LEAST_WORDS = 32.0
#: Height of the second heading row, in twentieths of a point: Word and LibreOffice repeat a
#: heading with the height of its rows, not of the cells merged over them.
_HEAD_HEIGHT = "760"
#: Space at the left and right of a cell, in twentieths of a point.
_CELL_MARGIN = "50"
#: Rows of a table that is kept on one page with its notes.
_SHORT = 12
#: Rows of a table that is printed small.
_LONG = 20


def add_field(paragraph: Any, instruction: str, shown: str, style: Style) -> None:
    """Add a field such as PAGE or SEQ, with what it shows until Word updates it."""
    for kind, text in (
        ("begin", ""),
        ("instr", instruction),
        ("separate", ""),
        ("", shown),
        ("end", ""),
    ):
        run = style.run(paragraph, text if not kind else "")
        if kind == "instr":
            run._element.append(_instruction(text))
        elif kind:
            run._element.append(_mark(kind))


def add_table(document: Any, table: Table) -> None:
    """Add a table: heading rows that repeat on every page, numbers at the right."""
    columns = table.columns
    grouped = any(column.group for column in columns)
    top = 2 if grouped else 1
    size = _size(table)
    made = document.add_table(rows=top + len(table.frame), cols=len(columns))
    made.style = "Table Grid"
    made.autofit = False
    _margins(made)
    _widths(made, table)
    _heading(made, columns, grouped, size)
    shown = table.shown()
    strong = set(table.strong)
    together = len(table.frame) <= _SHORT
    for place, (label, *cells) in enumerate(shown.itertuples(name=None), start=top):
        row = made.rows[place]
        _flag(row, "cantSplit")
        for cell, column, text in zip(row.cells, columns, cells, strict=True):
            words = column.kind == "text" and column.key != "place"
            align: Any = "left" if words else "center" if column.key == "place" else "right"
            style = Style(size, align, bold=label in strong, keep_next=together)
            style.apply(cell.paragraphs[0], text)


def _heading(made: Any, columns: Sequence[Column], grouped: bool, size: float) -> None:
    """Fill the heading rows; a heading over several columns is one merged cell."""
    style = Style(size, "center", bold=True, keep_next=True)
    for row in made.rows[: 2 if grouped else 1]:
        _flag(row, "tblHeader")
        _flag(row, "cantSplit")
    if grouped:
        height = _element("trHeight", val=_HEAD_HEIGHT, hRule="atLeast")
        made.rows[1]._tr.get_or_add_trPr().append(height)
    for group, first, last in _spans(columns):
        if not grouped:
            style.apply(made.cell(0, first).paragraphs[0], columns[first].head)
        elif group:
            style.apply(made.cell(0, first).merge(made.cell(0, last)).paragraphs[0], group)
            for place in range(first, last + 1):
                style.apply(made.cell(1, place).paragraphs[0], columns[place].head)
        else:
            both = made.cell(0, first).merge(made.cell(1, first))
            style.apply(both.paragraphs[0], columns[first].head)
    _centre(made, 2 if grouped else 1)


def _centre(made: Any, rows: int) -> None:
    """Centre the headings from top to bottom."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

    for row in made.rows[:rows]:
        for cell in row.cells:
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _margins(made: Any) -> None:
    """Narrow the space inside cells, which takes four millimetres of a column otherwise."""
    margins = _element("tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(side, w=_CELL_MARGIN, type="dxa"))
    made._tbl.tblPr.append(margins)


def _spans(columns: Sequence[Column]) -> Iterator[tuple[str, int, int]]:
    """Give runs of neighbouring columns under one group; columns without a group stand alone."""
    keyed = [(column.group or f"\0{place}", place) for place, column in enumerate(columns)]
    for group, members in groupby(keyed, key=lambda pair: pair[0]):
        places = [place for _, place in members]
        yield ("" if group.startswith("\0") else group), places[0], places[-1]


def _widths(made: Any, table: Table) -> None:
    """Share the width of the text among the columns: numbers what they need, words the rest."""
    from docx.shared import Mm

    shares = [_wanted(column, table) for column in table.columns]
    words = [_words(column, table) for column in table.columns]
    rest = max(_TEXT_WIDTH - sum(shares), _LEAST_WORDS)
    wanted = [share or rest * word / sum(words) for share, word in zip(shares, words, strict=True)]
    for column, width in zip(made.columns, wanted, strict=True):
        fitted = Mm(width * _TEXT_WIDTH / sum(wanted))
        column.width = fitted
        for cell in column.cells:
            cell.width = fitted


def _wanted(column: Column, table: Table) -> float:
    """Width of a column of numbers in millimetres; 0 for words, which take the rest."""
    if column.key == "place":
        return 8.5
    if column.key == "verdict_words":
        return 17.0
    if column.kind == "text":
        return 0.0
    longest = max(len(column.show(value, table.lang)) for value in table.frame[column.key])
    word = max(len(part) for part in column.title.split())
    if len(table.columns) > 9:
        return max(10.5, 2.0 + 1.85 * min(word, 5), 2.5 + 1.4 * longest)
    return max(14.5, 3.0 + 1.7 * longest)


def _words(column: Column, table: Table) -> float:
    """Weight of a column of words: the longer its cells, the more of the rest."""
    if _wanted(column, table):
        return 0.0
    return float(min(max(len(str(value)) for value in table.frame[column.key]), 60))


def _size(table: Table) -> float:
    """Size of the letters: smaller where there are many columns or rows."""
    columns = len(table.columns)
    if columns > 8:
        return 8.5
    return 9 if len(table.frame) > _LONG else 11 if columns <= 6 else 10


def _flag(row: Any, name: str) -> None:
    """Set a yes-or-no property of a table row."""
    row._tr.get_or_add_trPr().append(_element(name, val="true"))


def _mark(kind: str) -> Any:
    return _element("fldChar", fldCharType=kind)


def _instruction(text: str) -> Any:
    from docx.oxml.ns import qn

    made = _element("instrText")
    made.set(qn("xml:space"), "preserve")
    made.text = f" {text} "
    return made


def _element(name: str, **attributes: str) -> Any:
    """Make an element of WordprocessingML."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made
