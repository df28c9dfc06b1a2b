"""A table ready to print: numbers stay numbers until the moment they are shown.

One `Table` feeds the notebook, Word and Excel, so a figure cannot differ between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal
from unicodedata import normalize

import pandas as pd

from sipas.numerals import NOT_ESTIMABLE, Lang, number, p_value, signed
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

    def show(self, value: Any, lang: Lang) -> str:
        """Write one cell; nothing to show is a dash."""
        if self.kind == "text":
            return NOT_ESTIMABLE if pd.isna(value) else normalize("NFC", str(value))
        if pd.isna(value):
            return NOT_ESTIMABLE
        if self.kind == "p":
            return p_value(float(value), lang=lang)
        write = signed if self.kind == "signed" else number
        return write(float(value), self.decimals, lang=lang)


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
        object.__setattr__(self, "title", normalize("NFC", self.title))
        object.__setattr__(self, "notes", tuple(normalize("NFC", one) for one in self.notes))

    def shown(self) -> pd.DataFrame:
        """Give every cell as text, rounded half-up, in the language of the table.

        Returns
        -------
        DataFrame
            Columns are the headings, rows those of ``frame``.
        """
        cells = {
            part.title: [part.show(value, self.lang) for value in self.frame[part.key]]
            for part in self.columns
        }
        return pd.DataFrame(cells, index=self.frame.index, dtype="str")

    def __repr__(self) -> str:
        body = self.shown().to_string(index=False)
        return "\n".join([self.title, body, *self.notes])

    def _repr_html_(self) -> str:
        body = self.shown().to_html(escape=True, border=0, index=False)
        foot = "".join(f"<p><small>{escape(note)}</small></p>" for note in self.notes)
        return f"<div><p><b>{escape(self.title)}</b></p>{body}{foot}</div>"


def counts(keys: Sequence[str], heads: Mapping[str, str], group: str = "") -> tuple[Column, ...]:
    """Columns of whole numbers."""
    return tuple(Column(key, heads[key], group, decimals=0) for key in keys)


def numbered(frame: pd.DataFrame, plain: Iterable[object]) -> pd.DataFrame:
    """Put the running number of the plain rows in front; totals have none."""
    wanted = set(plain)
    places = iter(range(1, len(frame) + 1))
    marks = [str(next(places)) if name in wanted else "" for name in frame.index]
    made = frame.copy()
    made.insert(0, "place", marks)
    return made
