"""A table ready to print: numbers stay numbers until the moment they are shown.

One `Table` feeds the notebook, Word, Excel and LaTeX, so a figure cannot differ between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal, NamedTuple

import pandas as pd

from sipas.numerals import NOT_ESTIMABLE, Lang, number, p_value, signed
from sipas.plain_text import inert
from sipas.tables.html_table import STYLE, as_html
from sipas.tables.latex_table import longtable
from sipas.tables.plain_table import as_plain
from survey.errors import SurveyError

Kind = Literal["text", "number", "signed", "p"]


@dataclass(frozen=True, slots=True)
class Column:
    """How one column is headed and shown.

    Parameters
    ----------
    key : str
        Name in the frame.
    head : str
        Heading, with the unit.
    group : str
        Heading over several neighbouring columns, ``""`` for none.
    kind : {"text", "number", "signed", "p"}
        Words, a number, a change (with its sign), or a p-value.
    decimals : int
        Digits shown.
    """

    key: str
    head: str
    group: str = ""
    kind: Kind = "number"
    decimals: int = 2

    @property
    def title(self) -> str:
        """Group and heading in one."""
        return f"{self.group}: {self.head}" if self.group else self.head

    @property
    def is_words(self) -> bool:
        """Whether it holds words: not numbers, and not the running number of a row."""
        return self.kind == "text" and self.key != "place"

    def show(self, value: Any, lang: Lang) -> str:
        """Write one cell; nothing to show is a dash."""
        if self.kind == "text":
            return NOT_ESTIMABLE if pd.isna(value) else inert(str(value))
        if pd.isna(value):
            return NOT_ESTIMABLE
        if self.kind == "p":
            return p_value(float(value), lang=lang)
        write = signed if self.kind == "signed" else number
        return write(float(value), self.decimals, lang=lang)


class Row(NamedTuple):
    """Cells of one row as text, and whether they are printed bold."""

    cells: tuple[str, ...]
    strong: bool


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Table:
    """A table of a report.

    Parameters
    ----------
    name : str
        Short name, such as ``"dimensions"``.
    title : str
        Caption, without a number.
    frame : DataFrame
        Full precision, one row an entity.
    columns : tuple of Column
        What is printed of the frame, in order.
    notes : tuple of str
        Printed beneath.
    strong : tuple
        Index labels of the rows printed bold.
    lang : {"vi", "en"}
        Language of the headings, and of the decimal mark.
    """

    name: str
    title: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    strong: tuple[object, ...] = ()
    lang: Lang = "vi"

    def __post_init__(self) -> None:
        lacking = [part.key for part in self.columns if part.key not in self.frame]
        if lacking:
            raise SurveyError(f"Table {self.name!r}: no column {lacking[0]!r} in its frame.")
        object.__setattr__(self, "title", inert(self.title))
        object.__setattr__(self, "notes", tuple(map(inert, self.notes)))

    @property
    def groups(self) -> list[tuple[str, tuple[Column, ...]]]:
        """Headings over neighbouring columns; a column without one stands alone, under ``""``."""
        keyed = [(one.group or f"\0{place}", one) for place, one in enumerate(self.columns)]
        return [
            ("" if group.startswith("\0") else group, tuple(column for _, column in members))
            for group, members in groupby(keyed, key=lambda pair: pair[0])
        ]

    @property
    def heading_column(self) -> int | None:
        """Place of the column of words that name the rows."""
        return next((place for place, one in enumerate(self.columns) if one.is_words), None)

    def rows(self) -> list[Row]:
        """Give every row as it is printed: text, rounded half-up, in the language of the table."""
        cells = [
            [column.show(value, self.lang) for value in self.frame[column.key]]
            for column in self.columns
        ]
        strong = set(self.strong)
        return [
            Row(row, label in strong)
            for label, row in zip(self.frame.index, zip(*cells, strict=True), strict=True)
        ]

    def shown(self) -> pd.DataFrame:
        """Give every cell as text, rounded half-up, in the language of the table.

        Returns
        -------
        DataFrame
            Columns are the headings, rows those of ``frame``.
        """
        return pd.DataFrame(
            [row.cells for row in self.rows()],
            index=self.frame.index,
            columns=[column.title for column in self.columns],
            dtype="str",
        )

    def latex(self, caption: str | None = None, label: str | None = None) -> str:
        r"""Write the table for LaTeX, as `sipas.tables.latex_table.longtable` describes.

        Parameters
        ----------
        caption : str, optional
            Caption, which LaTeX numbers; the title by default, none for ``""``.
        label : str, optional
            Name for ``\ref``; ``tab:`` and the name of the table by default.

        Returns
        -------
        str
            A ``longtable``, for XeLaTeX or LuaLaTeX with the packages ``array``, ``booktabs`` and
            ``longtable``; `sipas.tables.LATEX_PREAMBLE` is a preamble that has them.
        """
        return longtable(self, caption=caption, label=label)

    def __repr__(self) -> str:
        return as_plain(self)

    def _repr_html_(self) -> str:
        return f"{STYLE}\n{as_html(self)}"


def counts(keys: Sequence[str], heads: Mapping[str, str], group: str = "") -> tuple[Column, ...]:
    """Columns of whole numbers."""
    return tuple(Column(key, heads[key], group, decimals=0) for key in keys)


def numbered(
    frame: pd.DataFrame, plain: Iterable[object], inside: Iterable[object] = ()
) -> pd.DataFrame:
    """Put the running number of the plain rows in front; totals have none.

    Rows inside a plain one are numbered anew under each: (1), (2), ….
    """
    counted, within = set(plain), set(inside)
    marks, outer, inner = [], 0, 0
    for name in frame.index:
        if name in counted:
            outer, inner = outer + 1, 0
            marks.append(str(outer))
        elif name in within and outer:
            inner += 1
            marks.append(f"({inner})")
        else:
            marks.append("")
    made = frame.copy()
    made.insert(0, "place", marks)
    return made
