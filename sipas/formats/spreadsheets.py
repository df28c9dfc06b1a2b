"""Workbooks, looked over before they are opened.

A workbook of 5 KB with one cell at the far corner makes the fast reader end the process, and a
zip bomb fills the memory; so the parts are scanned as streams first, and only a file of sane
size is handed to a reader.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from survey.errors import SurveyError, did_you_mean, first_five

MOST_BYTES, MOST_RATIO, MOST_PARTS = 300 * 2**20, 200, 2_000
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 300_000, 2_000, 20_000_000
# what the readers raise on damaged bytes; the standard library lists no narrower set
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
_CHUNK, _OVERLAP = 2**20, 2**14
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]*)(\d+)["']""")
_NO_VALUE = re.compile(
    rb"<c\b(?![^>]*\bt=.str)[^>]*?\br=.([A-Z]+\d+)[^>]*>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)"
    rb"\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_sheet(file: Path, sheet: str | None) -> list[list[Any]]:
    """Read the rows of one sheet from cell A1 on, all of one length.

    Raises
    ------
    SurveyError
        If the workbook is damaged, unsafe or too big, the sheet is absent or not named though
        several have cells, or formulas were saved without their values.
    """
    parts = _parts_of_sheets(file)
    tables = _tables(file, [sheet] if sheet in parts else None)
    filled = [name for name, rows in tables.items() if _has_cells(rows)]
    if sheet is not None and sheet not in tables:
        raise SurveyError(f"{file.name}: no sheet {sheet!r}.", mend=did_you_mean(sheet, tables))
    if sheet is None and len(filled) > 1:
        raise SurveyError(
            f"{file.name}: several sheets have cells: {first_five(filled)}.",
            mend="Name the one to read with sheet=.",
        )
    chosen = sheet if sheet is not None else (filled or list(tables))[0]
    _refuse_formulas_without_value(file, chosen, parts[chosen])
    rows = tables[chosen]
    width = max((len(row) for row in rows), default=0)
    return [[*row, *[None] * (width - len(row))] for row in rows]


def sheet_names(file: Path) -> tuple[str, ...]:
    """Name the sheets in the workbook's order."""
    return tuple(_parts_of_sheets(file))


def look_over(file: Path) -> None:
    """Refuse a workbook that would harm its reader.

    Raises
    ------
    SurveyError
        If it is no workbook or damaged, unpacks to too much, declares entities, or has cells
        beyond the limits of this module.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _sizes(archive, file.name)
            for part in archive.infolist():
                if part.filename.casefold().endswith((".xml", ".rels")):
                    _scan(archive, part, file.name)
    except SurveyError:
        raise
    except _DAMAGE as bad:
        raise SurveyError(
            f"{file.name} is damaged, has a password, or is not an .xlsx workbook.",
            mend="Open it in Excel and save it again as .xlsx, without a password.",
        ) from bad


def _sizes(archive: zipfile.ZipFile, where: str) -> None:
    """Check what the archive says of itself; `_scan` reads whether it is true."""
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if len(parts) > MOST_PARTS or total > MOST_BYTES or total > max(2**20, MOST_RATIO * packed):
        raise SurveyError(
            f"{where} unpacks to {total:,} bytes in {len(parts)} parts: too big to open safely.",
            mend="Save the answers alone, as .csv.",
        )


def _scan(archive: zipfile.ZipFile, part: zipfile.ZipInfo, where: str) -> None:
    """Read one part as a stream, and refuse entities and far cells."""
    columns: set[bytes] = set()
    last_row = 0
    for chunk in _chunks(archive, part):
        if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk or b"\0" in chunk:
            raise SurveyError(f"{where}: {part.filename} declares entities or is not UTF-8.")
        if "worksheets/" not in part.filename:
            continue
        places = set(_PLACE.findall(chunk))
        columns |= {letters for letters, _ in places}
        last_row = max([last_row, *(int(row) for _, row in places)])
        width = max((_column_number(letters) for letters in columns), default=0)
        if last_row > MOST_ROWS or width > MOST_COLUMNS or last_row * width > MOST_CELLS:
            raise SurveyError(
                f"{where}: {part.filename} has cells as far as row {last_row:,}, column "
                f"{width:,}; the limits are {MOST_ROWS:,} and {MOST_COLUMNS:,}.",
                mend="Delete the empty rows and columns beyond the data, or save it as .csv.",
            )


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a part piece by piece, each with the end of the one before."""
    with archive.open(part) as stream:
        before = b""
        while piece := stream.read(_CHUNK):
            yield before + piece
            before = (before + piece)[-_OVERLAP:]


def _column_number(letters: bytes) -> int:
    """Give the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters[:8]:
        number = number * 26 + letter - 64
    return number


def _parts_of_sheets(file: Path) -> dict[str, str]:
    """Look the workbook over, and give the archive's part of each sheet in its order."""
    look_over(file)
    try:
        with zipfile.ZipFile(file) as archive:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
            links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError) as bad:
        raise SurveyError(f"{file.name} is not an .xlsx workbook.") from bad
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    return {
        sheet.get("name", ""): targets.get(sheet.get(_LINK), "").removeprefix("/xl/")
        for sheet in book.iter(f"{_MAIN}sheet")
    }


def _refuse_formulas_without_value(file: Path, sheet: str, target: str) -> None:
    """Refuse formulas whose results were not saved: they would read as blanks."""
    part = f"xl/{target}"
    with zipfile.ZipFile(file) as archive:
        if part not in archive.namelist():
            return
        found: dict[str, None] = {}
        for chunk in _chunks(archive, archive.getinfo(part)):
            found |= dict.fromkeys(place.decode() for place in _NO_VALUE.findall(chunk))
    if found:
        raise SurveyError(
            f"{file.name}, sheet {sheet!r}: formulas saved without their values in cells "
            f"{first_five(found)}.",
            mend="Open it in Excel, save it, and read it again; or paste as values.",
        )


def _tables(file: Path, sheets: list[str] | None) -> dict[str, list[list[Any]]]:
    """Read the cells of some sheets or all, with whichever reader is installed."""
    if find_spec("python_calamine") is not None:
        return _by_calamine(file, sheets)
    if find_spec("openpyxl") is not None:
        return _by_openpyxl(file, sheets)
    raise SurveyError(
        f"{file.name}: reading workbooks needs python-calamine or openpyxl.",
        mend='pip install "sipas[excel]"',
    )


def _by_calamine(file: Path, sheets: list[str] | None) -> dict[str, list[list[Any]]]:
    """Read with python-calamine; blank cells are empty text."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(file)) as book:
            return {
                name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in sheets or book.sheet_names
            }
    except CalamineError as bad:
        raise SurveyError(f"{file.name} is damaged: {bad}.") from bad


def _by_openpyxl(file: Path, sheets: list[str] | None) -> dict[str, list[list[Any]]]:
    """Read with openpyxl; blank cells are None."""
    load_workbook = import_module("openpyxl").load_workbook
    try:
        with closing(load_workbook(file, read_only=True, data_only=True)) as book:
            return {
                name: [list(row) for row in book[name].iter_rows(values_only=True)]
                for name in sheets or book.sheetnames
            }
    except _DAMAGE as bad:
        raise SurveyError(f"{file.name} is damaged: {bad}.") from bad


def _has_cells(rows: list[list[Any]]) -> bool:
    """Tell whether any cell holds something."""
    return any(cell not in (None, "") for row in rows for cell in row)
