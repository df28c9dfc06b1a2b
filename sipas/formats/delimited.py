"""Text files of rows: which encoding, which separator, and whether every row has all its fields.

Both are found out from the bytes and refused when they cannot be told, because a wrong guess
turns names into others or puts answers under the wrong question.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from pathlib import Path

from survey.errors import SurveyError, first_five

SEPARATORS = (",", ";", "\t", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD_CODE_PAGES = ["utf_16_le", "utf_16_be", "cp1258", "cp1252"]
# UTF-8 bytes read as Latin-1 or Windows-1252 leave these pairs, which no Vietnamese word has
_READ_TWICE = re.compile("áº|á»|Ä‘|Æ°|Æ¡|Ã¡")
# TCVN3 fonts draw Vietnamese letters at the places of these signs
_FONT_SIGNS = re.compile("[µ¸¶·¹¨»¾¼½®©ß]")


def read_delimited(file: Path) -> list[list[str]]:
    """Read the rows of a delimited text file, all of one length.

    Raises
    ------
    SurveyError
        If the encoding is unknown, a quote is left open, or rows differ in length.
    """
    text = _decode(file)
    if _READ_TWICE.search(text):
        shown = _READ_TWICE.search(text)
        assert shown is not None
        raise SurveyError(
            f"{file.name}: letters are garbled, for example {text[shown.start() :][:12]!r}.",
            mend="The file was once read in a wrong encoding; export it again as UTF-8.",
        )
    separator = _separator(text)
    return _even(_parse(text, separator, file.name), separator, file.name)


def _decode(file: Path) -> str:
    """Decode by byte-order mark, as UTF-8, or as an old Vietnamese code page."""
    data = file.read_bytes()
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _strict(data, name, file.name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_old(data, file.name)
    if "\0" in text:
        return _decode_old(data, file.name)
    return text


def _strict(data: bytes, encoding: str, where: str) -> str:
    """Decode in a known encoding, or say that the file is damaged."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as bad:
        raise SurveyError(f"{where}: damaged {encoding} text: {bad}.") from bad


def _decode_old(data: bytes, where: str) -> str:
    """Decode text without a mark that is not UTF-8."""
    try:
        from charset_normalizer import from_bytes
    except ImportError as absent:
        raise SurveyError(
            f"{where} is not UTF-8, and telling its encoding needs charset-normalizer.",
            mend='Save it as UTF-8, or pip install "sipas[all]".',
        ) from absent
    best = from_bytes(data, cp_isolation=_OLD_CODE_PAGES).best()
    if best is None:
        raise SurveyError(f"{where}: the encoding cannot be told.", mend="Save it as UTF-8.")
    text = unicodedata.normalize("NFC", data.decode(best.encoding))
    if len(_FONT_SIGNS.findall(text)) > max(3, 0.005 * len(text)):
        raise SurveyError(
            f"{where} looks like text in an old font encoding (TCVN3), not letters.",
            mend="Convert it to Unicode (UTF-8) and export it again.",
        )
    return text


def _parse(text: str, separator: str, where: str) -> list[list[str]]:
    """Split text into rows of fields, with quotes as in RFC 4180."""
    rows, fault = _rows(text, separator)
    if fault:
        raise SurveyError(
            f"{where}, row {len(rows) + 1}: {fault}.", mend="Look for a stray quote in that row."
        )
    while rows and not any(field.strip() for field in rows[-1]):
        rows.pop()
    return rows


def _rows(text: str, separator: str) -> tuple[list[list[str]], str]:
    """Split text into rows as far as that goes, and say what stopped it."""
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows.extend(reader)
    except csv.Error as bad:
        return rows, str(bad)
    return rows, ""


def _separator(text: str) -> str:
    """Find the separator under which all rows have the same number of fields, two or more.

    Where there is none, the one that parts the header most; the rows that do not fit it are
    then named.
    """
    even: dict[str, int] = {}
    header: dict[str, int] = {}
    for candidate in SEPARATORS:
        rows, fault = _rows(text, candidate)
        lengths = [len(row) for row in rows if row]
        header[candidate] = lengths[0] if lengths else 0
        if not fault and len(set(lengths)) == 1 and lengths[0] > 1:
            even[candidate] = lengths[0]
    return max(even or header, key=(even or header).__getitem__)


def _even(rows: list[list[str]], separator: str, where: str) -> list[list[str]]:
    """Refuse rows of another length than the header; a blank line is a row of blanks."""
    if not rows:
        return rows
    wanted = len(rows[0])
    uneven = [at for at, row in enumerate(rows, 1) if row and len(row) != wanted]
    if uneven:
        got = len(rows[uneven[0] - 1])
        raise SurveyError(
            f"{where}: the header has {wanted} fields (separator {separator!r}), row "
            f"{uneven[0]} has {got}; rows of another length: {first_five(uneven)}.",
            mend="Put quotes around fields that hold the separator, or add what is missing.",
        )
    return [row or [""] * wanted for row in rows]
