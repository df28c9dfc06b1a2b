"""How a table shares out the line: a size of letters in which its words have room, and widths.

Widths are counted in letters, half as broad as they are high; bold capitals take more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sipas.numerals import MINUS

if TYPE_CHECKING:
    from sipas.tables.table_parts import Table

#: Letters in a line of text 162 mm wide, for each size; the first that holds the table is taken.
_LINES = {r"\small": 84.0, r"\footnotesize": 92.0, r"\scriptsize": 115.0}
#: Letters that the space between two columns takes.
_GAP = 1.4
#: Letters of a column of words beyond which it rather takes another line.
_WORDS = 30.0
#: Breadth of a bold letter, and of a capital beside it, in the widest font in use.
_BOLD, _CAPITAL = 1.28, 1.5


def size_of(table: Table) -> str:
    r"""Choose the largest size in which words have room beside the numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> from sipas.tables import Column, Table
    >>> columns = (Column("name", "Name", kind="text"), Column("rate", "Rate"))
    >>> frame = pd.DataFrame({"name": ["A", "B"], "rate": [1.0, 2.0]})
    >>> size_of(Table("t", "Rates", frame, columns))
    '\\small'
    """
    wanted = sum(max(least, most) for least, most in _letters(table))
    return next((size for size, line in _LINES.items() if wanted <= line), r"\scriptsize")


def shares_of(table: Table) -> list[float]:
    """Share out the line: every column what its longest word takes, then what it wants.

    What is left goes to the words.
    """
    letters = _letters(table)
    rest = max(_LINES[size_of(table)] - sum(least for least, _ in letters), 0.0)
    more = [max(wanted - least, 0.0) for least, wanted in letters]
    part = min(rest / max(sum(more), 1.0), 1.0)
    words = [
        most * column.is_words for column, (_, most) in zip(table.columns, letters, strict=True)
    ]
    left = (rest - part * sum(more)) / max(sum(words), 1.0)
    made = [
        least + part * one + left * wordy
        for (least, _), one, wordy in zip(letters, more, words, strict=True)
    ]
    return [one / sum(made) for one in made]


def _letters(table: Table) -> list[tuple[float, float]]:
    """Count the letters that each column needs, and those it would like to have.

    Words would like to stand on two lines, a heading over numbers on three.
    """
    rows = table.rows()
    needed = []
    for place, column in enumerate(table.columns):
        texts = [row.cells[place] for row in rows]
        parts = [part for text in texts for part in (text.split() if column.is_words else [text])]
        widest = max(_breadth(part) for part in ["", *parts, *column.head.split()])
        longest = max((len(text) for text in texts), default=0)
        wanted = min(0.5 * longest, _WORDS) if column.is_words else _breadth(column.head) / 3
        needed.append((min(widest, _WORDS) + _GAP, wanted + _GAP))
    return needed


def _breadth(word: str) -> float:
    """Breadth of a bold word, in letters."""
    broad = sum(_CAPITAL if one.isupper() or one in f"mw%+{MINUS}" else 1.0 for one in word)
    return _BOLD * broad
