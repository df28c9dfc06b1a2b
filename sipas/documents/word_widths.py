"""How wide the columns of a Word table are, and how small its letters: judged before it is set.

Word would measure the letters itself, but a table left to it changes from machine to machine.
Text is measured as if all of it were bold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

from sipas.tables import Column, Table

#: Sizes of letters that are tried, in points; a table of many rows begins small.
_SIZES = (10.0, 9.5, 9.0, 8.5)
_LONG, _LARGEST_LONG = 20, 9.0
#: Most millimetres that a column of words is given before others have theirs.
_MOST_FAIR = 55.0
#: Lines that a heading, and the words of a row, may take.
_HEADING_LINES, _ROW_LINES = 5, 3
#: Sizes of letters of a table that has too many columns for a fair width of each.
_CRAMPED = (8.5, 8.0, 7.5, 7.0)
#: Space at both sides of a cell and for rounding, in millimetres.
_PADDING = 2.0
_POINT = 25.4 / 72
#: Widths of letters of Times New Roman Bold, in parts of their size; capitals are the rest.
_LETTERS = {
    0.28: "ijl.,:;|'’ ",
    0.34: "ft()[]-/I",
    0.45: 'cersz"“”',
    0.5: "0123456789agkovxy–",
    0.57: "bdhnpquđSP+−<=",
    0.84: "mw",
    1.0: "MW%…@—",
}
_CAPITAL = 0.75
#: Vietnamese letters that substitutes of the font lack and borrow from a wider one, by how much.
_BORROWED, _WIDER = ("\u1ea0", "\u1ef9"), 0.2
_EMS = {letter: width for width, letters in _LETTERS.items() for letter in letters}


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
    for size in _CRAMPED:
        least = [_least(column, table, size) for column in table.columns]
        if sum(least) <= room:
            break
    fair = [_fair(column, table, size) for column in table.columns]
    return Layout(size, _squeezed(least, fair, room))


def _shared(fair: Sequence[float], table: Table, size: float, room: float) -> list[float]:
    """Give what is left over to the words, then to every column alike."""
    whole = [max(f, _whole(c, table, size)) for f, c in zip(fair, table.columns, strict=True)]
    wanting = [full - now for full, now in zip(whole, fair, strict=True)]
    left = room - sum(fair)
    part = min(1.0, left / sum(wanting)) if sum(wanting) else 0.0
    made = [now + part * more for now, more in zip(fair, wanting, strict=True)]
    rest = (room - sum(made)) / len(made)
    return [one + rest for one in made]


def _squeezed(least: Sequence[float], fair: Sequence[float], room: float) -> list[float]:
    """Give every column what it cannot do without, and of the rest a part of what is fair."""
    wanting = [max(more - now, 0.0) for now, more in zip(least, fair, strict=True)]
    spare = room - sum(least)
    if spare <= 0 or not sum(wanting):
        return [one * room / sum(least) for one in least]
    return [now + spare / sum(wanting) * more for now, more in zip(least, wanting, strict=True)]


def _least(column: Column, table: Table, size: float) -> float:
    """Width at which no number and no word breaks, however many lines there are."""
    texts = _texts(column, table)
    longest = max(_in_lines(text, size, len(text)) for text in (column.head, *texts) if text)
    return min(longest, _MOST_FAIR) + _PADDING


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
    words = [_widest(word, size) for word in text.split()]
    width = max([*words, _wide(text, size) / most])
    while _lines(text, size, width) > most:
        width *= 1.05
    return width


def _lines(text: str, size: float, room: float) -> int:
    """Count the lines of a bold text, word by word."""
    lines, filled, space = 1, 0.0, _wide(" ", size)
    for word in text.split():
        wide = _wide(word, size)
        if filled and filled + space + wide > room:
            lines, filled = lines + 1, wide
        else:
            filled += wide + (space if filled else 0)
    return lines


def _widest(word: str, size: float) -> float:
    """Width of a bold word where the font is a substitute, in millimetres: it must not break."""
    first, last = _BORROWED
    borrowed = sum(first <= one <= last for one in normalize("NFC", word))
    return _wide(word, size) + borrowed * _WIDER * size * _POINT


def _wide(text: str, size: float) -> float:
    """Width of a bold text on one line, in millimetres; marks over a letter take none."""
    letters = (one for one in normalize("NFD", text) if not combining(one))
    return sum(_EMS.get(one, _CAPITAL) for one in letters) * size * _POINT
