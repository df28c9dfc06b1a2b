"""``sipas check --against record.json DATA``: a recorded result made again from the user's sheet.

What the record says (questionnaire, forms sent, design, rules) is not asked again; how the sheet
is read (its name, columns, repeats) still is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from sipas import cli_sheets
from sipas.cli_options import FILE
from sipas.instrument import shipped_ids
from sipas.numerals import Lang
from sipas.records import Record, RecordComparison, record, rerun
from sipas.report.sources import Reading, Source, read_all
from survey.errors import SurveyError

_Command = TypeVar("_Command", bound=Callable[..., Any])
#: Options whose answer stands in the record.
_RECORDED = ("sent", "psu", "lonely_psu")
_OPTIONS = (
    click.option(
        "--against",
        type=click.Path(path_type=Path),
        help="record.json (or its folder): compute that result again from the sheet.",
    ),
    click.option("--before", type=FILE, help="Sheet of the year before, for a recorded change."),
    click.option("--instrument-before", help="Its instrument, where the record's is a file."),
)


def against_options(command: _Command) -> _Command:
    """Add the options about a record to a command."""
    for add in reversed(_OPTIONS):
        command = add(command)
    return command


def refuse_without_record(instrument: str | None, given: Mapping[str, Any]) -> None:
    """Refuse options about a record where there is none, and ask for the instrument."""
    for name in ("before", "instrument_before"):
        if given[name]:
            raise SurveyError(
                f"{cli_sheets.option(name)} without --against.",
                mend="Give the record too, or check one sheet at a time.",
            )
    if instrument is None:
        raise SurveyError(
            "sipas check: which instrument?",
            mend=f"Pass --instrument with one of {', '.join(shipped_ids())}, or the path of your "
            "own instrument file.",
        )


def check_against(
    file: Path, instrument: str | None, given: Mapping[str, Any], lang: Lang
) -> bool:
    """Compute a recorded result again, print what agrees and what moved, and tell if it is same.

    Raises
    ------
    SurveyError
        An unusable record or sheet, or options that the record answers itself.
    """
    _refuse_recorded(given)
    old = Record.read(given["against"])
    again = _again(old, file, instrument, given)
    click.echo(again.text(lang))
    return again.same


def _again(
    old: Record, file: Path, instrument: str | None, given: Mapping[str, Any]
) -> RecordComparison:
    """Read the sheets, compute the result again, and compare."""
    surveys = old.content["surveys"]
    _refuse_count(len(surveys), given)
    paths = [file] if len(surveys) == 1 else [given["before"], file]
    asked = [instrument] if len(surveys) == 1 else [given["instrument_before"], instrument]
    sources = [
        Source(path, own or _shipped(survey["instrument"]["id"]), survey["answers"]["sent"])
        for path, own, survey in zip(paths, asked, surveys.values(), strict=True)
    ]
    made = rerun(old, *read_all(sources, Reading.of(given)))
    hashed = all(survey["answers"]["source_sha256"] for survey in surveys.values())
    return old.compare(record(made, source=paths if hashed else None))


def _shipped(instrument: str) -> str:
    """Give the id of a shipped instrument; another's file must be named."""
    if instrument not in shipped_ids():
        raise SurveyError(
            f"The record was made with the instrument {instrument!r}, which does not come with "
            "sipas.",
            mend="Pass its file with --instrument (of the year before: --instrument-before).",
        )
    return instrument


def _refuse_recorded(given: Mapping[str, Any]) -> None:
    """Refuse options that the record answers."""
    said = [cli_sheets.option(name) for name in _RECORDED if given[name]]
    if said:
        raise SurveyError(
            f"{', '.join(said)} together with --against: the record says it.",
            mend="Leave it out; to see the effect of another rule, compute the index itself.",
        )


def _refuse_count(count: int, given: Mapping[str, Any]) -> None:
    """Refuse too few or too many sheets for a record."""
    if count == 1 and (given["before"] or given["instrument_before"]):
        raise SurveyError(
            "--before: the record is of one survey.", mend="Leave out the year before."
        )
    if count == 2 and not given["before"]:
        raise SurveyError(
            "The record is of a change, and one sheet was given.",
            mend="Pass the earlier year with --before FILE, and the later as DATA.",
        )
