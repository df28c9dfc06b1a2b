"""A table in a terminal: headings on several lines, words wrapped, numbers in line.

Nothing is cut off and nothing wider than the window, unless the numbers alone are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from math import ceil
from shutil import get_terminal_size
from textwrap import wrap
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from sipas.plain_text import inert

if TYPE_CHECKING:
    from sipas.tables.table_parts import Column, Table

#: Columns of the window where it is not known, and of a column of words at least.
_WINDOW, _LEAST = 100, 10
_GAP = "  "
#: Lines that a heading over numbers takes where there is room.
_HEAD_LINES = 2.5
_Side = Callable[[str, int], str]


def as_plain(table: Table, *, width: int | None = None) -> str:
    """Write a table as plain text.

    Parameters
    ----------
    table : Table
        The table.
    width : int, optional
        Characters of a line; those of the terminal by default.

    Returns
    -------
    str
        Title, table and notes. A row of words over several lines keeps its numbers in the first.

    Examples
    --------
    >>> import pandas as pd
    >>> from sipas.tables import Column, Table
    >>> columns = (Column("name", "Name", kind="text"), Column("rate", "Rate (%)", "2022"))
    >>> frame = pd.DataFrame({"name": ["Access", "Results"], "rate": [83.08, 79.69]})
    >>> print(as_plain(Table("t", "Rates", frame, columns, lang="en"), width=40))
    Rates
    ──────────────
              2022
             ─────
              Rate
    Name       (%)
    ──────────────
    Access   83.08
    Results  79.69
    ──────────────
    """
    window = width or get_terminal_size((_WINDOW, 24)).columns
    cells = [[_one_line(text) for text in row.cells] for row in table.rows()]
    widths = _widths(table, cells, window)
    rule = "─" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    body = [line for row in cells for line in _lines(row, widths, table.columns)]
    notes = [line for note in table.notes for line in _wrapped(note, window)]
    title = _wrapped(table.title, window)
    return "\n".join([*title, rule, *_head(table, widths), rule, *body, rule, *notes])


def _widths(table: Table, cells: list[list[str]], window: int) -> list[int]:
    """Give every column what it needs; the widest columns of words give way."""
    widths, least = [], []
    for place, column in enumerate(table.columns):
        longest = max((_breadth(row[place]) for row in cells), default=0)
        word = max((_breadth(part) for part in column.head.split()), default=0)
        head = ceil(len(column.head) / (1 if column.is_words else _HEAD_LINES))
        widths.append(max(longest, word, head))
        needed = min(longest, _LEAST) if column.is_words else longest
        least.append(max(needed, word))
    room = window - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room:
        spare = [wide - low for wide, low in zip(widths, least, strict=True)]
        if not any(spare):
            break
        widths[max((k for k, one in enumerate(spare) if one), key=widths.__getitem__)] -= 1
    return widths


def _head(table: Table, widths: list[int]) -> Iterator[str]:
    """Headings, those over several columns above a rule of their own."""
    spans, groups, rules, first = [], [], [], 0
    for group, members in table.groups:
        part = widths[first : first + len(members)]
        spans.append(sum(part) + len(_GAP) * (len(part) - 1))
        groups.append(group)
        rules.append("─" * spans[-1] if group else "")
        first += len(members)
    if any(groups):
        yield from _stacked([_wrapped(*one) for one in zip(groups, spans, strict=True)], spans)
        yield _GAP.join(map(_left, rules, spans)).rstrip()
    heads = [_wrapped(one.head, width) for one, width in zip(table.columns, widths, strict=True)]
    sides = [_left if column.is_words else _right for column in table.columns]
    yield from _stacked(heads, widths, sides)


def _stacked(
    cells: list[list[str]], widths: list[int], sides: Sequence[_Side] = ()
) -> Iterator[str]:
    """Lines of headings, standing on the same ground."""
    deep = max(map(len, cells), default=0)
    padded = [[""] * (deep - len(lines)) + lines for lines in cells]
    sides = sides or [_middle] * len(cells)
    for line in zip(*padded, strict=True):
        parts = [side(text, wide) for side, text, wide in zip(sides, line, widths, strict=True)]
        yield _GAP.join(parts).rstrip()


def _lines(row: list[str], widths: list[int], columns: tuple[Column, ...]) -> Iterator[str]:
    """Lines of one row, as many as its longest words take."""
    sides = [_left if column.is_words else _right for column in columns]
    wrapped = [_wrapped(text, width) or [""] for text, width in zip(row, widths, strict=True)]
    for line in zip_longest(*wrapped, fillvalue=""):
        parts = [side(text, wide) for side, text, wide in zip(sides, line, widths, strict=True)]
        yield _GAP.join(parts).rstrip()


def _one_line(text: str) -> str:
    """Text without line ends or characters that a terminal obeys."""
    return " ".join(inert(text).split())


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(_one_line(text), max(width, 1), break_on_hyphens=False)


def _breadth(text: str) -> int:
    """Count the columns that text takes in a terminal: marks none, East Asian letters two."""
    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


def _left(text: str, width: int) -> str:
    return text + " " * (width - _breadth(text))


def _right(text: str, width: int) -> str:
    return " " * (width - _breadth(text)) + text


def _middle(text: str, width: int) -> str:
    before = max(width - _breadth(text), 0) // 2
    return _left(" " * before + text, width)
