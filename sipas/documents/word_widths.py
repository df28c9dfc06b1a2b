"""How wide the columns of a Word table are, and how small its letters: judged before it is set.

Word would measure the letters itself, but a table left to it changes from machine to machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sipas.tables import Column, Table

#: Sizes of letters that are tried, in points; a table of many rows begins small.
_SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5)
_LONG, _LARGEST_LONG = 20, 9.0
#: Most millimetres that a column of words is given before others have theirs.
_MOST_FAIR = 55.0
#: Lines that a heading, and the words of a row, may take.
_HEADING_LINES, _ROW_LINES = 5, 3
#: Space at both sides of a cell and for rounding, in millimetres.
_PADDING = 2.2
_POINT = 25.4 / 72
#: Widths of letters of Times New Roman, in parts of their size, on the safe side.
_WIDE, _NARROW = "mwMW%@—", "iljtfrI.,:;()/'’ -–"
_HORNED = "ưừứửữựơờớởỡợ"
#: Bold letters are wider by at most this.
_BOLD = 1.14


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is set.

    Parameters
    ----------
    size : float
        Of its letters, in points.
    widths : list of float
        Of its columns, in millimetres.
    """

    size: float
    widths: list[float]

    def lines(self, text: str, first: int, last: int) -> int:
        """Count the lines of a heading over columns from one to another."""
        return _lines(text, self.size, sum(self.widths[first : last + 1]) - _PADDING / 2)


def layout(table: Table, room: float) -> Layout:
    """Choose the largest letters at which the words of a table keep a fair width.

    Parameters
    ----------
    table : Table
        The table.
    room : float
        Width of the text in millimetres.
    """
    most = _LARGEST_LONG if len(table.frame) > _LONG else _SIZES[0]
    sizes = [size for size in _SIZES if size <= most]
    for size in sizes:
        fair = [_fair(column, table, size) for column in table.columns]
        if sum(fair) <= room:
            return Layout(size, _shared(fair, table, size, room))
    return Layout(sizes[-1], [one * room / sum(fair) for one in fair])


def _shared(fair: Sequence[float], table: Table, size: float, room: float) -> list[float]:
    """Give what is left over to the words, then to every column alike."""
    whole = [max(f, _whole(c, table, size)) for f, c in zip(fair, table.columns, strict=True)]
    wanting = [full - now for full, now in zip(whole, fair, strict=True)]
    left = room - sum(fair)
    part = min(1.0, left / sum(wanting)) if sum(wanting) else 0.0
    made = [now + part * more for now, more in zip(fair, wanting, strict=True)]
    rest = (room - sum(made)) / len(made)
    return [one + rest for one in made]


def _fair(column: Column, table: Table, size: float) -> float:
    """Width at which nothing breaks inside a word and long words take a few lines."""
    least = _in_lines(column.head, size, _HEADING_LINES)
    group = [one for one in table.columns if one.group and one.group == column.group]
    if group:
        least = max(least, _in_lines(column.group, size, _ROW_LINES) / len(group))
    texts = _texts(column, table)
    if not column.is_words:
        return max(least, *(_wide(text, size) for text in texts)) + _PADDING
    words = max(_in_lines(text, size, _ROW_LINES) for text in texts)
    return min(max(least, words), _MOST_FAIR) + _PADDING


def _whole(column: Column, table: Table, size: float) -> float:
    """Width at which every cell of a column of words is one line."""
    if not column.is_words:
        return 0.0
    return min(max(_wide(text, size) for text in _texts(column, table)), 90) + _PADDING


def _texts(column: Column, table: Table) -> list[str]:
    return [column.show(value, table.lang) for value in table.frame[column.key]] or [""]


def _in_lines(text: str, size: float, most: int) -> float:
    """Least width, to a twentieth, at which a bold text takes so many lines and no word breaks."""
    words = [_wide(word, size, bold=True) for word in text.split()]
    width = max([*words, _wide(text, size, bold=True) / most])
    while _lines(text, size, width) > most:
        width *= 1.05
    return width


def _lines(text: str, size: float, room: float) -> int:
    """Count the lines of a bold text, word by word."""
    lines, filled, space = 1, 0.0, _wide(" ", size)
    for word in text.split():
        wide = _wide(word, size, bold=True)
        if filled and filled + space + wide > room:
            lines, filled = lines + 1, wide
        else:
            filled += wide + (space if filled else 0)
    return lines


def _wide(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a text on one line, in millimetres."""
    ems = sum(
        0.82
        if one in _WIDE
        else 0.31
        if one in _NARROW
        else 0.7
        if one.isupper()
        else 0.58
        if one in _HORNED
        else 0.5
        for one in text
    )
    return ems * size * _POINT * (_BOLD if bold else 1.0)
