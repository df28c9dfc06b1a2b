"""How results are shown: rounded half-up once, at display, never inside.

Shown text holds no ids, times or colours, so that documents and doctests can pin it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from math import isfinite

import pandas as pd

#: Columns that count things or degrees of freedom, and the decimals they are shown with.
WHOLE = {"n": 0, "n_before": 0, "n_after": 0, "missing": 0, "df": 1, "deff": 2, "p": 4}


def half_up(value: float, decimals: int) -> Decimal:
    """Round half away from zero on the decimal value that a reader sees.

    The number is first read with twelve significant digits, because 79.165 is stored as
    79.1649999…, and nobody who prints two decimals means that.

    Examples
    --------
    >>> half_up(79.165, 2), half_up(-0.125, 2), half_up(0.5, 0)
    (Decimal('79.17'), Decimal('-0.13'), Decimal('1'))
    """
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(format(float(value), ".12g")).quantize(step, rounding=ROUND_HALF_UP)
    return rounded.copy_abs() if rounded.is_zero() else rounded


def shown(value: object, decimals: int) -> str:
    """Write one cell: numbers half-up, missing as a dash, words as they are."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "–" if value is None or value is pd.NA else str(value)
    return f"{half_up(value, decimals):f}" if isfinite(value) else "–"


def shown_frame(table: pd.DataFrame, decimals: int = 4) -> pd.DataFrame:
    """Write a whole table as text, column by column."""
    places = {name: WHOLE.get(str(name), decimals) for name in table.columns}
    columns = {
        name: [shown(_plain(cell), places[name]) for cell in table[name]] for name in table.columns
    }
    return pd.DataFrame(columns, index=table.index, columns=table.columns)


def as_text(caption: str, table: pd.DataFrame, notes: Sequence[str] = ()) -> str:
    """Caption, table and notes as plain text."""
    body = shown_frame(table).to_string(justify="right")
    return "\n".join([caption, body, *notes])


def as_html(caption: str, table: pd.DataFrame, notes: Sequence[str] = ()) -> str:
    """Caption, table and notes as HTML; every label is escaped."""
    body = shown_frame(table).to_html(escape=True, border=0)
    foot = "".join(f"<p><small>{escape(note)}</small></p>" for note in notes)
    return f"<div><p><b>{escape(caption)}</b></p>{body}{foot}</div>"


def listed(counts: Mapping[str, int]) -> str:
    """Write counts in words: ``'9 PSUs, 3 strata'``.

    Examples
    --------
    >>> listed({"PSU": 9, "stratum": 1})
    '9 PSUs, 1 stratum'
    """
    return ", ".join(f"{count:,} {_plural(word, count)}" for word, count in counts.items())


def _plural(word: str, count: int) -> str:
    """English plural of the few words used in captions."""
    irregular = {"stratum": "strata"}
    return word if count == 1 else irregular.get(word, f"{word}s")


def _plain(cell: object) -> object:
    """Strip numpy's scalar type so that the formatting rules see plain numbers."""
    item = getattr(cell, "item", None)
    return item() if callable(item) else cell
