"""Values of a configuration: each read, or refused with its line and what was expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import normalize

from sipas.report.toml_files import is_number, line_of
from survey.errors import SurveyError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: in which file, its lines, table and key."""

    path: Path
    lines: str
    table: str = ""
    key: str = ""

    def __str__(self) -> str:
        line = line_of(self.lines, self.table, self.key)
        named = [f"{self.path}" if line is None else f"{self.path}, line {line}"]
        named += [f"[{self.table}]"] if self.table else []
        return " ".join([*named, *([self.key] if self.key else [])])

    def at(self, key: str) -> Place:
        """Give the place of a key in this table."""
        return Place(self.path, self.lines, self.table, key)

    def under(self, table: str) -> Place:
        """Give the place of a table in this table."""
        return Place(self.path, self.lines, f"{self.table}.{table}".strip("."))

    def resolved(self, written: str) -> Path:
        """Take a path for one beside the configuration."""
        return self.path.parent / written


Reader = Callable[[Any, Place], Any]


def wrong(value: object, place: Place, expected: str) -> SurveyError:
    """Say what was got and what was expected."""
    return SurveyError(f"{place}: got {value!r}.", mend=f"Expected {expected}.")


def text(value: Any, place: Place) -> str:
    """Text in NFC, trimmed, and not empty."""
    if not isinstance(value, str) or not value.strip():
        raise wrong(value, place, "text in quotes")
    return normalize("NFC", value.strip())


def _path_text(value: Any, place: Place) -> str:
    r"""Text of a path; a tab or line break in it was a backslash: "D:\new" is not D:\new."""
    if not isinstance(value, str) or not value.strip():
        raise wrong(value, place, "the path of a file, in single quotes")
    if any(not letter.isprintable() for letter in value):
        raise SurveyError(
            f"{place}: got {value!r}, where a backslash was read as an escape.",
            mend="Write the path in single quotes, such as 'D:\\new\\2022.xlsx', or with forward "
            "slashes.",
        )
    return value


def path(value: Any, place: Place) -> Path:
    """Path, relative to the configuration's folder."""
    return place.resolved(_path_text(value, place))


def named_or_path(value: Any, place: Place) -> str:
    """Name of what comes with the library as it is; a path, which has an ending, resolved."""
    written = _path_text(value, place)
    return str(place.resolved(written)) if Path(written).suffix else text(written, place)


def number(value: Any, place: Place) -> float:
    """Finite number; true and false are none."""
    if not is_number(value):
        raise wrong(value, place, "a number such as 0.95, without quotes")
    return float(value)


def one_of(*options: str) -> Reader:
    """Read one of some words."""

    def reader(value: Any, place: Place) -> str:
        if value not in options:
            raise wrong(value, place, f"one of {', '.join(map(repr, options))}")
        return str(value)

    return reader


def many(read: Reader, example: str) -> Reader:
    """Read a list whose elements all have one reader."""

    def reader(value: Any, place: Place) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise wrong(value, place, f"a list such as {example}")
        return tuple(read(part, place) for part in value)

    return reader


def columns(value: Any, place: Place) -> dict[str, str]:
    """Names of columns by role."""
    inner = place.under(place.key)
    if not isinstance(value, Mapping):
        raise wrong(value, place, "roles and columns such as { commune = 'Xã' }")
    return {text(role, place): text(name, inner.at(role)) for role, name in value.items()}


def sent(value: Any, place: Place) -> int | dict[str, int]:
    """Forms sent, in all or by group."""
    inner = place.under(place.key)
    if isinstance(value, Mapping) and value:
        counts = {name: _count(part, inner.at(name)) for name, part in value.items()}
        return {normalize("NFC", name): count for name, count in counts.items()}
    return _count(value, place)


def _count(value: Any, place: Place) -> int:
    """Whole number of 1 or more."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise wrong(value, place, "a number of forms such as 486, or one for each group")
    return value


def year(value: Any, place: Place) -> int:
    """Year."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong(value, place, "a year such as 2025")
    return value
