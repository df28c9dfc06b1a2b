"""What the options of the command line say of the user's files, and the files read that way.

Nothing an option says is passed over: an option that no file can use is refused.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar
from unicodedata import normalize

import click
import pandas as pd

import sipas
from sipas.responses import Answers
from sipas.responses.sheet_rows import Duplicates
from survey.errors import SurveyError, did_you_mean

Sent = int | dict[str, int]
_Value = TypeVar("_Value")
_WORKBOOKS = (".xlsx", ".xlsm")
#: Options that mean nothing without another one.
_NEEDS = {
    "by": "households",
    "psu": "households",
    "population_weights": "households",
    "households_before": "households",
    "instrument_before": "households_before",
    "sent_before": "households_before",
    "group_weights": "leaders",
    "leader_instrument": "leaders",
    "leader_sent": "leaders",
    "leaders_before": "leaders",
    "leader_instrument_before": "leaders_before",
    "leader_sent_before": "leaders_before",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the user's own, what it was asked with, and how many forms were sent."""

    path: Path
    instrument: str | None
    sent: Sent | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the options say of every file: its sheet, the rule for repeats, its column names."""

    sheet: str | None = None
    duplicates: Duplicates | None = None
    columns: Mapping[str, str] | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Reading:
        """Take what concerns every file out of a command's options."""
        return cls(given["sheet"], given["duplicates"], given["columns"])


def read_all(sources: Sequence[Source], how: Reading) -> list[Answers]:
    """Read and clean files; a column is renamed in every file that has it.

    Raises
    ------
    SurveyError
        A file without an instrument, a column that no file has, and whatever `sipas.read` and
        `sipas.clean` raise.
    """
    for source in sources:
        _require_instrument(source)
    books = any(source.path.suffix.casefold() in _WORKBOOKS for source in sources)
    frames = [_frame(source.path, how.sheet, books) for source in sources]
    wanted = how.columns or {}
    _require_used(wanted, frames)
    cleaned = []
    for source, frame in zip(sources, frames, strict=True):
        columns = {role: name for role, name in wanted.items() if name in frame}
        rule = how.duplicates or "refuse"
        cleaned.append(
            sipas.clean(
                frame, str(source.instrument), sent=source.sent, duplicates=rule, **columns
            )
        )
    return cleaned


def refuse_beside_demo(given: Mapping[str, object]) -> None:
    """Refuse options about the user's own files together with the demonstration."""
    own = [option(name) for name, value in given.items() if value]
    if own:
        raise SurveyError(
            f"--demo uses the data that come with sipas, not {', '.join(own)}.",
            mend="Leave out --demo for your own files, or leave out the others.",
        )


def refuse_useless(
    given: Mapping[str, object], *, also: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Refuse options that mean nothing without another one that was not given."""
    for name, other in {**_NEEDS, **also}.items():
        if given.get(name) and not given.get(other):
            raise SurveyError(
                f"{option(name)} without {option(other)}.",
                mend=f"Give {option(other)} too, or leave out {option(name)}.",
            )


def option(name: str) -> str:
    """Write a parameter's name as it is typed."""
    return "--column" if name == "columns" else f"--{name.replace('_', '-')}"


def parse_columns(
    context: click.Context, parameter: click.Parameter, given: Sequence[str]
) -> dict[str, str]:
    """Read ``role=name`` pairs."""
    pairs = [text.partition("=") for text in given]
    for (role, _, name), text in zip(pairs, given, strict=True):
        if not role.strip() or not name.strip():
            raise click.BadParameter(f"{text!r} is not ROLE=NAME, such as commune=Xã.")
    return _once((role.strip(), normalize("NFC", name).strip()) for role, _, name in pairs)


def parse_sent(
    context: click.Context, parameter: click.Parameter, given: str | None
) -> Sent | None:
    """Read a number of forms, or ``group=N,…``."""
    if given is None:
        return None
    try:
        if "=" not in given:
            return _forms(given)
        pairs = [part.rpartition("=") for part in given.split(",") if part.strip()]
        return _once((normalize("NFC", name).strip(), _forms(count)) for name, _, count in pairs)
    except ValueError as error:
        raise click.BadParameter(f"{given!r} is neither a number nor GROUP=N,GROUP=N,…") from error


def weights(path: Path | None) -> dict[str, float]:
    """Read weights of leader groups from a TOML file of ``group = weight`` lines."""
    if path is None:
        raise SurveyError(
            "The weights of the leader groups are printed in no source, so they must be given.",
            mend="Pass --group-weights FILE, a TOML file with lines such as hdnd = 25.",
        )
    return _numbers(path, "hdnd = 25")


def shares(path: Path | None) -> dict[str, dict[str, float]] | None:
    """Read shares of the population from a TOML file of ``district = share`` lines."""
    return None if path is None else {"district": _numbers(path, '"huyện A Lưới" = 0.12')}


def published(names: Sequence[str]) -> list[pd.DataFrame] | None:
    """Load printed figures: the name of a table that comes with the library, or a file."""
    made = [
        sipas.read(name) if Path(name).suffix else sipas.datasets.load_published(name)
        for name in names
    ]
    return made or None


def _once(pairs: Iterable[tuple[str, _Value]]) -> dict[str, _Value]:
    """Make a mapping of pairs, each name once."""
    listed = list(pairs)
    made = dict(listed)
    if len(made) < len(listed):
        raise click.BadParameter(f"the same name twice: {', '.join(name for name, _ in listed)}")
    return made


def _forms(written: str) -> int:
    """Read a number of forms, 1 or more."""
    count = int(written)
    if count < 1:
        raise ValueError(written)
    return count


def _require_instrument(source: Source) -> None:
    """Ask for the instrument of a file."""
    if source.instrument is None:
        raise SurveyError(
            f"{source.path}: which instrument?",
            mend=f"Pass --instrument (leaders: --leader-instrument) with one of "
            f"{', '.join(sipas.Instrument.list()['id'])}, or the path of your own instrument "
            "file.",
        )


def _frame(path: Path, sheet: str | None, books: bool) -> pd.DataFrame:
    """Read a file; beside workbooks, a file without sheets needs none."""
    passed_over = books and path.suffix.casefold() not in _WORKBOOKS
    return sipas.read(path, sheet=None if passed_over else sheet)


def _require_used(wanted: Mapping[str, str], frames: Sequence[pd.DataFrame]) -> None:
    """Refuse a column that no file has."""
    known = [str(name) for frame in frames for name in frame]
    for role, name in wanted.items():
        if name not in known:
            raise SurveyError(
                f"--column {role}={name}: no sheet has a column {name!r}.",
                mend=did_you_mean(name, known),
            )


def _numbers(path: Path, example: str) -> dict[str, float]:
    """Read a TOML file of numbers; true and false are none, nor are inf and nan."""
    mend = f"Write lines such as {example}."
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SurveyError(f"{path}: cannot be read as TOML ({error}).", mend=mend) from error
    wrong = [name for name, value in table.items() if not _is_number(value)]
    if wrong or not table:
        found = f"not a number: {', '.join(wrong)}" if wrong else "there is no line in it"
        raise SurveyError(f"{path}: {found}.", mend=mend)
    return {normalize("NFC", name): float(value) for name, value in table.items()}


def _is_number(value: object) -> bool:
    """Tell whether a TOML value is a finite number."""
    whole = isinstance(value, int | float) and not isinstance(value, bool)
    return whole and math.isfinite(float(str(value)))
