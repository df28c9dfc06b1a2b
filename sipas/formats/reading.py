"""Reading a file as it is: every cell kept as written, every shape that loses data refused.

Nothing is guessed into numbers or missing values here; the instrument decides that later. A row
with a field too many, two columns of one name, or a second sheet are errors, because the usual
readers lose data over them without a word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sipas.formats import spreadsheets
from sipas.formats.delimited import read_delimited
from sipas.formats.statistical_files import read_statistical
from survey.errors import SurveyError, first_five

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".sav", ".zsav", ".dta", ".parquet")


def read(path: str | Path, *, sheet: str | None = None) -> pd.DataFrame:
    r"""Read a sheet of answers, leaving every value as it is written.

    Parameters
    ----------
    path : str or Path
        A ``.csv``, ``.tsv`` or ``.txt`` file (comma, semicolon, tab or bar between the fields;
        UTF-8, UTF-16 or a Vietnamese code page), ``.xlsx``, ``.sav``, ``.dta`` or ``.parquet``.
    sheet : str, optional
        Sheet of a workbook; may be left out if only one sheet has cells.

    Returns
    -------
    DataFrame
        One row a line below the header, in order, so that row 0 is row 2 of the sheet. Text
        files give text, with ``""`` where blank; workbooks the cell's value; SPSS and Stata
        the codes, user-missing ones included. Column names are NFC and trimmed.
        ``attrs["source"]`` is the file's name.

    Raises
    ------
    SurveyError
        If the file is absent, damaged, too big to open safely, of another kind, or of a shape
        that would lose data: two columns of one name, a row of another length, no rows.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "hue.csv")
    ...     _ = file.write_text("id;S1.1\n01;5\nNA;4,0\n", encoding="utf-8")
    ...     read(file).values.tolist()
    [['01', '5'], ['NA', '4,0']]
    """
    file = Path(path)
    if not file.is_file():
        raise SurveyError(f"No file {str(path)!r}.", mend="Check the path.")
    suffix = file.suffix.casefold()
    if suffix not in SUFFIXES:
        raise SurveyError(
            f"{file.name}: files ending in {suffix!r} are not read.",
            mend=f"Save it as one of {', '.join(SUFFIXES)}.",
        )
    if sheet is not None and suffix not in (".xlsx", ".xlsm"):
        raise SurveyError(f"{file.name} has no sheets.", mend="Leave out sheet=.")
    try:
        frame = _read(file, suffix, sheet)
    except PermissionError as locked:
        raise SurveyError(
            f"{file.name} cannot be opened ({locked.strerror}).",
            mend="Close it in the program that has it open, or ask for the right to read it.",
        ) from locked
    frame.attrs = {"source": file.name}
    return frame


def sheet_names(path: str | Path) -> tuple[str, ...]:
    """Name the sheets of a workbook, hidden ones included."""
    return spreadsheets.sheet_names(Path(path))


def _read(file: Path, suffix: str, sheet: str | None) -> pd.DataFrame:
    """Read by kind of file, and name the columns."""
    if suffix in (".csv", ".tsv", ".txt"):
        return _table(read_delimited(file), file.name, dtype="str")
    if suffix in (".xlsx", ".xlsm"):
        return _table(spreadsheets.read_sheet(file, sheet), file.name, dtype=None)
    frame = _parquet(file) if suffix == ".parquet" else read_statistical(file)
    names = _names(list(frame.columns), file.name)
    if frame.empty:
        raise SurveyError(f"{file.name} has no rows.", mend="Check that this is the right file.")
    return frame.reset_index(drop=True).set_axis(names, axis="columns")


def _parquet(file: Path) -> pd.DataFrame:
    """Read a Parquet file, if the library for it is there."""
    try:
        return pd.read_parquet(file)
    except ImportError as absent:
        raise SurveyError(
            f"{file.name}: reading Parquet needs pyarrow.", mend='pip install "sipas[all]"'
        ) from absent
    except (OSError, ValueError) as bad:
        raise SurveyError(f"{file.name} is damaged or not Parquet: {bad}.") from bad


def _table(rows: Sequence[Sequence[Any]], where: str, *, dtype: str | None) -> pd.DataFrame:
    """Make a frame of rows whose first is the header."""
    filled = list(rows)
    while filled and _is_blank(filled[-1]):
        filled.pop()
    if len(filled) < 2:
        raise SurveyError(
            f"{where}: {'no rows below the header' if filled else 'the sheet is empty'}.",
            mend="Check that this is the right file and sheet.",
        )
    header, body = filled[0], filled[1:]
    kept = [at for at in range(len(header)) if not _is_blank([header[at], *(r[at] for r in body)])]
    names = _names([header[at] for at in kept], where)
    cells = {name: [row[at] for row in body] for name, at in zip(names, kept, strict=True)}
    return pd.DataFrame(cells, dtype=dtype)


def _is_blank(cells: Sequence[object]) -> bool:
    """Tell whether no cell holds anything."""
    return all(cell is None or not str(cell).strip() for cell in cells)


def _names(header: Sequence[object], where: str) -> list[str]:
    """Column names in NFC, trimmed; each there, each once."""
    names = [unicodedata.normalize("NFC", str(name or "")).strip() for name in header]
    blank = [at for at, name in enumerate(names, 1) if not name]
    if blank:
        raise SurveyError(
            f"{where}: columns without a name, number {first_five(blank)}.",
            mend="Use one header row, without merged cells, and name every column.",
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SurveyError(
            f"{where}: two columns have the same name: {first_five(twice)}.",
            mend="Rename one of them.",
        )
    return names
