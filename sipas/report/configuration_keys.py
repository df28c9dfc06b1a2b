"""What a configuration may say: its tables, and the reader of each of their keys.

A misspelt key would otherwise be a silent default, so every table and key is listed here once.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from sipas.numerals import Lang
from sipas.report import configuration_values as read
from sipas.report.configuration_values import Place, Reader, wrong
from sipas.report.files import KNOWN
from sipas.report.sources import TargetLines
from sipas.report.toml_files import is_number, numbers, parsed, toml_text
from sipas.responses.sheet_rows import Duplicates
from survey.errors import SurveyError, did_you_mean
from survey.scores import LonelyRule


def read_tables(table: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Read a whole configuration: every table known, every key and value of the right kind.

    Raises
    ------
    SurveyError
        With the place of the first that is not.
    """
    made = {}
    for name, value in table.items():
        inner = place.under(name)
        if name not in TABLES and isinstance(value, Mapping):
            raise SurveyError(f"{inner}: no such table.", mend=did_you_mean(name, TABLES))
        if name not in TABLES:
            raise _unknown(name, place)
        made[name] = TABLES[name](_mapping(value, inner), inner)
    return made


def read_target_file(file: Path) -> TargetLines | str | None:
    """Read a TOML file of ``code = target`` lines, as below ``[targets]`` of a configuration."""
    lines = toml_text(file)
    return _targets(parsed(lines, file), Place(file, lines))


def _unknown(name: str, place: Place) -> SurveyError:
    """Refuse a key that a table has not; one of another table is told whose it is."""
    homes = [table for table, keys in KEYS.items() if name in keys]
    known = KEYS.get(place.table, {name: 0 for keys in KEYS.values() for name in keys})
    mend = f"It belongs below [{homes[-1]}]." if homes else did_you_mean(name, known)
    return SurveyError(f"{place.at(name)}: no such key.", mend=mend)


def _keyed(keys: Mapping[str, Reader]) -> Reader:
    """Read a table of known keys."""

    def reader(value: Mapping[str, Any], place: Place) -> dict[str, Any]:
        for name in value:
            if name not in keys:
                raise _unknown(name, place)
        return {name: keys[name](part, place.at(name)) for name, part in value.items()}

    return reader


def _mapping(value: Any, place: Place) -> Mapping[str, Any]:
    """Accept a table only."""
    if not isinstance(value, Mapping):
        mend = f"lines below the heading [{place.table}]"
        raise wrong(value, Place(place.path, place.lines, "", place.table), mend)
    return value


def _numbers(example: str) -> Reader:
    """Read numbers by name, or ``file`` for those of another TOML file."""

    def reader(value: Mapping[str, Any], place: Place) -> dict[str, float] | Path | None:
        if "file" in value:
            _alone("file", value, place)
            return read.path(value["file"], place.at("file"))
        _refuse_ours(value, place)
        return numbers(value, str(place), example) if value else None

    return reader


def _targets(value: Mapping[str, Any], place: Place) -> TargetLines | str | None:
    """Read targets by code with their source and year, or ``table`` for those of a table."""
    if "table" in value:
        _alone("table", value, place)
        named: str = read.named_or_path(value["table"], place.at("table"))
        return named
    _refuse_ours(value, place)
    said = {
        key: reader(value[key], place.at(key)) for key, reader in _CITED.items() if key in value
    }
    goals = {name: part for name, part in value.items() if name not in _CITED}
    for name, part in goals.items():
        if not is_number(part) and not isinstance(part, str):
            raise wrong(part, place.at(name), "a target such as 90 or '>=90'")
    if said and not goals:
        raise SurveyError(f"{place}: no target.", mend="Write lines such as services = 90.")
    written = {name: str(part).strip() for name, part in goals.items()}
    return TargetLines(written, **said) if goals else None


def _alone(key: str, value: Mapping[str, Any], place: Place) -> None:
    """Refuse lines beside the file that holds such lines."""
    if len(value) > 1:
        raise SurveyError(f"{place}: {key}, and lines of its own.", mend="Keep one or the other.")


def _refuse_ours(value: Mapping[str, Any], place: Place) -> None:
    """Refuse, among the user's own names, a key of ours that stands in the wrong table."""
    for name in value:
        if name in KEYS["reading"] or name in KEYS["report"]:
            raise _unknown(name, place)


#: What is said of all targets, beside the targets.
_CITED: dict[str, Reader] = {"source": read.text, "year": read.year}
_SOURCE: dict[str, Reader] = {
    "file": read.path,
    "instrument": read.named_or_path,
    "sent": read.sent,
    "sheet": read.text,
    "columns": read.columns,
}
#: Keys of each table that has keys of ours.
KEYS: dict[str, dict[str, Reader]] = {
    "households": _SOURCE,
    "households_before": _SOURCE,
    "leaders": _SOURCE,
    "leaders_before": _SOURCE,
    "reading": {
        "sheet": read.text,
        "duplicates": read.one_of(*get_args(Duplicates)),
        "columns": read.columns,
    },
    "report": {
        "lang": read.one_of(*get_args(Lang)),
        "level": read.number,
        "lonely_psu": read.one_of(*get_args(LonelyRule)),
        "published": read.many(read.named_or_path, "['hue_par_parts']"),
        "out": read.path,
        "formats": read.many(read.one_of(*KNOWN), "['docx', 'xlsx']"),
        "append_to": read.path,
        "bookmark": read.text,
    },
}
TABLES: dict[str, Reader] = {
    **{name: _keyed(keys) for name, keys in KEYS.items()},
    "leader_weights": _numbers("hdnd = 25"),
    "population_weights": _numbers("'huyện A Lưới' = 0.12"),
    "targets": _targets,
}
