"""TOML files written by hand: read, or refused with the line and what to write there instead.

The usual slips of a first TOML file are not faults of reasoning but of notation (a Windows path in
double quotes, a decimal comma, Word's curly quotes), so each has its own mend.
"""

from __future__ import annotations

import codecs
import math
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unicodedata import normalize

from survey.errors import SurveyError

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEADING = re.compile(r"\s*\[+([^\[\]]+)\]")
_KEY = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|[^\s=\[#\"']+)\s*=")
#: A line that cannot be read, by its look, and the mend.
_SLIPS = (
    (r"[“”‘’]", "Use straight quotes, ' or \", instead of curly ones."),
    (
        r"\"[^\"]*\\",
        "In double quotes a backslash begins an escape: write the path in single quotes, such as "
        r"'D:\khaosat\2022.xlsx', or with forward slashes.",
    ),
    (r"=\s*[-+]?\d+,\d+\s*(#.*)?$", "Write decimals with a point, such as 0.95."),
    (r"=\s*(#.*)?$", "Write the value after =, or put # before the line."),
    (
        r"^(?![\"'\[#])(?![A-Za-z0-9_.\-]+\s*=)[^=]*=",
        "Write a name with spaces or accents in quotes, such as 'huyện A Lưới' = 0.12.",
    ),
    (r"=\s*[^\W\d]", "Write text in quotes, such as 'sipas-2022'."),
)


def toml_text(path: Path) -> str:
    """Read the text of a TOML file in UTF-8, with or without a byte-order mark.

    Raises
    ------
    SurveyError
        If it is absent, a folder, cannot be opened, or is in another encoding.
    """
    if path.is_dir():
        raise SurveyError(f"{path} is a folder.", mend="Give the TOML file in it.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SurveyError(
            f"{path} cannot be read ({error.strerror or error}).", mend="Check the path."
        ) from error
    mend = "Save it again as UTF-8 (Notepad: Save as, Encoding)."
    if data.startswith(_UTF16) or b"\0" in data[:2]:
        raise SurveyError(f"{path} is in UTF-16, and TOML is written in UTF-8.", mend=mend)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"{path} is not in UTF-8, in which TOML is written."
        raise SurveyError(what, mend=mend) from error


def parsed(text: str, path: Path) -> dict[str, Any]:
    r"""Parse TOML.

    Raises
    ------
    SurveyError
        If it is none, with the line and how to write it.

    Examples
    --------
    >>> parsed("level = 0,95", Path("a.toml"))
    Traceback (most recent call last):
    ...
    survey.errors.SurveyError: a.toml, line 1 cannot be read as TOML: level = 0,95. Write...
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        lines = text.rstrip().split("\n")
        found = re.search(r"line (\d+)", str(error))
        at = min(int(found[1]), len(lines)) if found else len(lines)
        shown = lines[at - 1].strip()
        told = "It is said twice: keep one." if "Cannot" in str(error) else f"({error})"
        mend = next((mend for slip, mend in _SLIPS if re.search(slip, shown)), told)
        raise SurveyError(
            f"{path}, line {at} cannot be read as TOML: {shown[:80]}.", mend=mend
        ) from error


def line_of(text: str, table: str, key: str = "") -> int | None:
    r"""Find the line, from 1, of a key below a table's heading, or of the heading.

    Examples
    --------
    >>> written = "[a]\nx = 1\n[b]\nx = 2"
    >>> line_of(written, "b", "x"), line_of(written, "b"), line_of(written, "c")
    (4, 3, None)
    """
    inside = ""
    for at, line in enumerate(text.split("\n"), 1):
        heading, named = _HEADING.match(line), _KEY.match(line)
        inside = heading[1].strip() if heading else inside
        found = named[1].strip("\"'") if named else ""
        if inside == table and found == key and bool(heading) == (not key):
            return at
    return None


def numbers_in(path: Path, example: str) -> dict[str, float]:
    """Read a TOML file of ``name = number`` lines; ``example`` is one of them, for the error."""
    return numbers(parsed(toml_text(path), path), str(path), example)


def numbers(table: Mapping[str, Any], where: str, example: str) -> dict[str, float]:
    """Read a table of finite numbers; true and false are none, nor are inf and nan.

    Raises
    ------
    SurveyError
        If there is none, or one is no number.
    """
    wrong = [name for name, value in table.items() if not is_number(value)]
    if wrong or not table:
        found = f"not a number: {', '.join(wrong)}" if wrong else "there is no line in it"
        raise SurveyError(f"{where}: {found}.", mend=f"Write lines such as {example}.")
    return {normalize("NFC", name): float(value) for name, value in table.items()}


def is_number(value: object) -> bool:
    """Tell whether a TOML value is a finite number."""
    whole = isinstance(value, int | float) and not isinstance(value, bool)
    return whole and math.isfinite(float(str(value)))
