"""Single cells made plain: text tidied, answers recognised, and every change put on record.

Nothing here drops a value. A cell is a level of the scale, a declared kind of no answer, blank,
or a problem that names its column, its value and its rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sipas.instrument.parts import Fields, Item
from survey.errors import did_you_mean, first_five, plain

LOG_COLUMNS = ["what", "column", "row", "count", "detail"]
_WHOLE = re.compile(r"([+-]?[0-9]+)(?:[.,]0+)?")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+|,(?:[0-9]{1,2}|[0-9]{4,}))?")
_LOOKALIKES = str.maketrans("Ðð", "Đđ")  # the Icelandic letter, typed for the Vietnamese one
_DATE = "date "


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was done to a sheet, and what is wrong with it, as both are found."""

    log: list[tuple[str, str, int | None, int, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def note(
        self, what: str, detail: str, *, column: str = "", row: int | None = None, count: int = 1
    ) -> None:
        """Put one change on record."""
        self.log.append((what, column, row, count, detail))

    def table(self) -> pd.DataFrame:
        """Give the record as a table."""
        return pd.DataFrame(self.log, columns=LOG_COLUMNS).astype({"row": "Int64"})


def in_rows(rows: Iterable[object]) -> str:
    """Name rows of the sheet.

    Examples
    --------
    >>> in_rows([5, 9])
    'rows 5, 9'
    """
    listed = list(rows)
    return f"{'row' if len(listed) == 1 else 'rows'} {first_five(listed)}"


def tidy(text: str) -> str:
    """Give text in NFC, trimmed, inner spaces collapsed.

    Examples
    --------
    >>> tidy("  phường  An Cựu ")
    'phường An Cựu'
    """
    return " ".join(unicodedata.normalize("NFC", text).translate(_LOOKALIKES).split())


def token(value: object) -> str:
    """Write a cell as tidy text, blank as ``""``; 5.0 is written 5.

    Examples
    --------
    >>> token(5.0), token(" Hài  lòng"), token(None), token(True)
    ('5', 'Hài lòng', '', 'TRUE')
    """
    if isinstance(value, str):
        return tidy(value)
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return ""
    value = plain(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return f"{_DATE}{value.isoformat()[:10]}" if isinstance(value, date) else str(value)


def tokens(column: pd.Series) -> pd.Series:
    """Write every cell of a column as tidy text."""
    if column.dtype == object:  # 1, 1.0 and True are equal, and written each in its way
        written = [token(cell) for cell in column.tolist()]
    else:
        codes, cells = pd.factorize(column, use_na_sentinel=False)
        once = [token(cell) for cell in cells]
        written = [once[code] for code in codes.tolist()]
    return pd.Series(written, index=column.index, name=column.name, dtype="str")


def tidy_text(column: pd.Series, ledger: Ledger) -> pd.Series:
    """Write a column of names as tidy text, and record how many cells that changed."""
    written = tokens(column)
    changed = [
        isinstance(before, str) and before != after
        for before, after in zip(column.tolist(), written.tolist(), strict=True)
    ]
    if any(changed):
        detail = "trimmed, spaces collapsed, letters in NFC"
        ledger.note("text tidied", detail, column=str(column.name), count=sum(changed))
    return written


def one_spelling(column: pd.Series, within: pd.Series, ledger: Ledger) -> pd.Series:
    """Write names that differ only in case or spaces alike, within each larger place.

    The commonest spelling is kept, of equals the first.

    Examples
    --------
    >>> names = pd.Series(["xã An", "Xã An", "xã An", "Xã An"], name="commune")
    >>> one_spelling(names, pd.Series(["A", "A", "A", "B"]), Ledger()).tolist()
    ['xã An', 'xã An', 'xã An', 'Xã An']
    """
    once = {name: "".join(name.casefold().split()) for name in column.unique()}
    made = column.copy()
    for _, alike in column.groupby([within, column.map(once)], sort=False):
        counts = alike.value_counts(sort=False)
        if len(counts) == 1:
            continue
        kept = str(counts.idxmax())  # the first of equals
        for name, count in counts.drop(kept).items():
            detail = f"{name!r} read as {kept!r}, written in {counts[kept]} rows"
            ledger.note("spelling unified", detail, column=str(column.name), count=int(count))
        made[alike.index] = kept
    return made


def as_numbers(column: pd.Series) -> pd.Series | None:
    """Read a column of tidy text as numbers, if every filled cell plainly is one.

    Codes with leading zeros are not numbers, nor is ``1,234`` (a decimal comma or thousands?).
    """
    filled = column[column.ne("")]
    if filled.empty or not all(_NUMBER.fullmatch(cell) for cell in filled.unique()):
        return None
    return pd.to_numeric(column.where(column.ne(""), np.nan).str.replace(",", "."))


def pass_through(column: pd.Series, ledger: Ledger) -> pd.Series:
    """Tidy a column the instrument does not name: text stays text, plain numbers are read."""
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return column
    if column.map(lambda cell: isinstance(cell, date | bool)).any():
        return column
    written = tidy_text(column, ledger)
    numbers = as_numbers(written)
    if numbers is None:
        return written.where(written.ne(""), np.nan)
    if any(isinstance(cell, str) for cell in column.tolist()):
        ledger.note("read as numbers", "", column=str(column.name), count=len(numbers))
    return numbers


@dataclass(frozen=True, slots=True)
class Codebook:
    """How cells of an item are read: levels, labels of levels, and codes of no answer."""

    levels: Mapping[str, float]
    labels: Mapping[str, float]
    missing: Mapping[str, str]

    @classmethod
    def of(cls, instrument: Fields) -> Codebook:
        """Take the codebook out of an instrument."""
        scale = instrument.scale
        labels = {
            tidy(label).casefold(): float(level)
            for lang in scale.labels
            for level, label in zip(scale.levels, scale.labels[lang], strict=True)
        }
        missing = {whole(code): meaning for code, meaning in instrument.missing.items()}
        return cls({str(level): float(level) for level in scale.levels}, labels, missing)

    def read(self, written: str) -> tuple[float, str] | None:
        """Read one cell as (level, reason of no answer), or None where it is neither."""
        code = whole(written)
        if written == "" or code in self.missing:
            return np.nan, self.missing.get(code, "blank")
        level = self.levels.get(code, self.labels.get(code))
        return None if level is None else (level, "")


def whole(written: str) -> str:
    """Write a whole number in one way (5 for 5.0, 5,0 and +5), other text in lower case."""
    found = _WHOLE.fullmatch(written)
    return str(int(found[1])) if found else tidy(written).casefold()


def read_item(
    column: pd.Series, item: Item, codebook: Codebook, ledger: Ledger
) -> tuple[pd.Series, pd.Series]:
    """Read the answers to one item.

    Returns
    -------
    values : Series of float
        The level, NaN where there is no answer.
    reasons : Series of str
        Why there is none: blank, dont_know, refused, not_applicable; ``""`` where there is one.
    """
    written = tokens(column)
    seen = {cell: codebook.read(cell) for cell in written.unique()}
    for cell in (cell for cell, read in seen.items() if read is None):
        rows = written.index[written.eq(cell)]
        ledger.problems.append(_strange(item.code, cell, rows, codebook))
    labelled = written.isin([cell for cell in seen if whole(cell) in codebook.labels])
    if labelled.any():
        ledger.note("label read", "", column=item.code, count=int(labelled.sum()))
    values = written.map({cell: (read or (np.nan, ""))[0] for cell, read in seen.items()})
    reasons = written.map({cell: (read or (np.nan, ""))[1] for cell, read in seen.items()})
    return values.astype("float64"), reasons.astype("str")


def _strange(code: str, cell: str, rows: Iterable[Any], codebook: Codebook) -> str:
    """Say what a cell holds that is no answer, where, and how to mend it."""
    shown = whole(cell) if _WHOLE.fullmatch(cell) else cell  # 99, not the 99.0 of an export
    if cell.startswith(_DATE):
        mend = "A spreadsheet turned it into a date: format the column as Text and type it again."
    elif whole(cell).lstrip("-").isdigit():
        mend = "Declare it under [missing] in the instrument if it means no answer."
    else:
        mend = f"{did_you_mean(cell.casefold(), codebook.labels)} Or declare it under [missing]."
    return f"{code}: {shown!r} in {in_rows(rows)} is not on the scale. {mend}"
