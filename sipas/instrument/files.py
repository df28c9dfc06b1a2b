"""Reading a questionnaire written as TOML: every key known, every value of the right kind.

A misspelt key would otherwise be a silent default, so each table's keys are listed once here,
with the reader of each.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from sipas.instrument.parts import (
    Aspect,
    Dimension,
    Fields,
    Group,
    Item,
    Provenance,
    Scale,
    Source,
)
from sipas.sentences import Text
from survey.errors import SurveyError, did_you_mean, first_five

Reader = Callable[[Any, str], Any]


def read_toml(path: str | Path) -> Fields:
    """Read an instrument file.

    Parameters
    ----------
    path : str or Path
        A TOML file in UTF-8, with or without a byte-order mark.

    Returns
    -------
    Fields
        The parts as written; relations between them are checked by `Instrument`.

    Raises
    ------
    SurveyError
        If the file is absent or no TOML, a key is unknown or missing, a value of the wrong kind.
    """
    place = Path(path)
    try:
        table = tomllib.loads(place.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as absent:
        raise SurveyError(f"No instrument file {str(path)!r}.", mend="Check the path.") from absent
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as bad:
        raise SurveyError(f"{place.name} is not TOML in UTF-8: {bad}.") from bad
    return from_table(table, where=place.name)


def from_table(table: Mapping[str, Any], *, where: str) -> Fields:
    """Turn a parsed table (from TOML or an XLSForm) into the parts of an instrument."""
    made = _record(Fields)(table, where)
    assert isinstance(made, Fields)
    return made


def _string(value: Any, where: str) -> str:
    """Text in NFC, trimmed, and not empty."""
    if not isinstance(value, str) or not value.strip():
        raise SurveyError(f"{where}: {value!r} is not a text.", mend="Write it in quotes.")
    return unicodedata.normalize("NFC", value.strip())


def _code(value: Any, where: str) -> str | None:
    """Text, or nothing where the code is left empty."""
    return None if value == "" else _string(value, where)


def _integer(value: Any, where: str) -> int:
    """Whole number; true and false are none."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise SurveyError(f"{where}: {value!r} is not a whole number.")
    return value


def _real(value: Any, where: str) -> float:
    """Read any number as a float."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise SurveyError(f"{where}: {value!r} is not a number.")
    return float(value)


def _flag(value: Any, where: str) -> bool:
    """Accept true or false only."""
    if not isinstance(value, bool):
        raise SurveyError(f"{where}: {value!r} is neither true nor false.")
    return value


def _many(read: Reader) -> Reader:
    """Read a list whose elements all have one reader."""

    def reader(value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise SurveyError(f"{where}: {value!r} is not a list.", mend="Write it as [ ... ].")
        return tuple(read(part, f"{where}, number {at}") for at, part in enumerate(value, 1))

    return reader


def _mapping(read: Reader) -> Reader:
    """Read a table of the writer's own keys whose values have one reader."""

    def reader(value: Any, where: str) -> dict[str, Any]:
        _require_table(value, where)
        return {_string(key, where): read(part, f"{where}.{key}") for key, part in value.items()}

    return reader


def _require_table(value: Any, where: str) -> None:
    """Complain when a table was expected and something else is there."""
    if not isinstance(value, Mapping):
        raise SurveyError(f"{where}: {value!r} is not a table.", mend="Write { vi = …, en = … }.")


def _record(kind: type[Any]) -> Reader:
    """Read a table into a record: no unknown key, no missing one."""

    def reader(value: Any, where: str) -> Any:
        _require_table(value, where)
        place = f"{where} {value['code']!r}" if isinstance(value.get("code"), str) else where
        readers = _KEYS[kind]
        for key in value:
            if key not in readers:
                raise SurveyError(
                    f"{place}: unknown key {key!r}.", mend=did_you_mean(key, readers)
                )
        absent = [name for name in _required(kind) if name not in value]
        if absent:
            raise SurveyError(
                f"{place}: {first_five(absent)} missing.", mend="Add what is missing."
            )
        return kind(**{key: readers[key](part, f"{place}.{key}") for key, part in value.items()})

    return reader


def _required(kind: type[Any]) -> list[str]:
    """Name the fields of a record that have no default."""
    return [
        part.name
        for part in fields(kind)
        if part.default is MISSING and part.default_factory is MISSING
    ]


_TEXT = _record(Text)
_KEYS: dict[type[Any], dict[str, Reader]] = {
    Text: {"vi": _string, "en": _string},
    Source: {"document": _string, "place": _string},
    Provenance: {"status": _string, "note": _TEXT, "sources": _many(_record(Source))},
    Scale: {
        "levels": _many(_integer),
        "labels": _mapping(_many(_string)),
        "satisfied": _many(_integer),
        "scores": _many(_real),
    },
    Aspect: {"code": _string, "label": _TEXT},
    Dimension: {"code": _string, "label": _TEXT, "short": _TEXT, "aspect": _code},
    Group: {"code": _string, "label": _TEXT},
    Item: {
        "code": _string,
        "text": _TEXT,
        "short": _TEXT,
        "dimension": _code,
        "max_points": _real,
        "groups": _many(_string),
        "role": _string,
        "reverse": _flag,
        "source": _record(Source),
    },
    Fields: {
        "id": _string,
        "kind": _string,
        "year": _integer,
        "title": _TEXT,
        "population": _TEXT,
        "provenance": _record(Provenance),
        "scale": _record(Scale),
        "missing": _mapping(_string),
        "columns": _mapping(_string),
        "items": _many(_record(Item)),
        "dimensions": _many(_record(Dimension)),
        "aspects": _many(_record(Aspect)),
        "groups": _many(_record(Group)),
    },
}
