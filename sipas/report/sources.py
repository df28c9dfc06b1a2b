"""The user's own files, and the answers and figures read from them.

The command line and the configuration both end here, so that a file is read in one way. Nothing
that was said of a file is passed over: a column that no file has is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from sipas.datasets import load_published
from sipas.formats import read
from sipas.instrument import shipped_ids
from sipas.report.toml_files import numbers_in
from sipas.responses import Answers, clean
from sipas.responses.sheet_rows import Duplicates
from survey.errors import SurveyError, did_you_mean

Sent = int | dict[str, int]
#: Numbers by name, or the TOML file that holds them.
Numbers = Mapping[str, float] | Path
_WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class Source:
    """One file of answers, and what is said of it alone.

    Parameters
    ----------
    file : Path, optional
        The file; a source without one is a survey that was not given.
    instrument : str, optional
        Instrument id or file.
    sent : int or mapping of str to int, optional
        Forms sent, in all or by group.
    sheet : str, optional
        Its sheet, where that is not the sheet of all.
    columns : mapping of str to str
        Its column of a role or item, where that is not the column of all.
    """

    file: Path | None = None
    instrument: str | None = None
    sent: Sent | None = None
    sheet: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is said of every file: its sheet, the rule for repeats, its column names."""

    sheet: str | None = None
    duplicates: Duplicates | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Reading:
        """Take what concerns every file out of a command's options."""
        return cls(given["sheet"], given["duplicates"], given["columns"])


@dataclass(frozen=True, slots=True)
class TargetLines:
    """Targets of the user's own by code, such as ``>=90``; of which document, and due when."""

    goals: Mapping[str, str]
    source: str | None = None
    year: int | None = None


def read_all(sources: Sequence[Source], how: Reading) -> list[Answers]:
    """Read and clean files; a column of all is renamed in every file that has it.

    Raises
    ------
    SurveyError
        A source without file or instrument, a column that no file has, and whatever `sipas.read`
        and `sipas.clean` raise.
    """
    asked = [_asked(source) for source in sources]
    files = [file for file, _ in asked]
    books = any(file.suffix.casefold() in _WORKBOOKS for file in files)
    frames = [
        _frame(file, source.sheet, how.sheet, books)
        for file, source in zip(files, sources, strict=True)
    ]
    _require_used(how.columns, frames)
    cleaned = []
    for (_, instrument), source, frame in zip(asked, sources, frames, strict=True):
        columns = {role: name for role, name in how.columns.items() if name in frame}
        cleaned.append(
            clean(
                frame,
                instrument,
                sent=source.sent,
                duplicates=how.duplicates or "refuse",
                **(columns | dict(source.columns)),
            )
        )
    return cleaned


def leader_weights(given: Numbers | None) -> dict[str, float]:
    """Weights of leader groups, from numbers or a TOML file of ``group = weight`` lines."""
    if not given:
        raise SurveyError(
            "The weights of the leader groups are printed in no source, so they must be given.",
            mend="Pass --group-weights FILE, a TOML file with lines such as hdnd = 25, or write "
            "such lines below [leader_weights] of the configuration.",
        )
    return _numbers(given, "hdnd = 25")


def population_shares(given: Numbers | None) -> dict[str, dict[str, float]] | None:
    """Shares of the population, from numbers or a TOML file of ``district = share`` lines."""
    return {"district": _numbers(given, "'huyện A Lưới' = 0.12")} if given else None


def published_tables(names: Sequence[str]) -> list[pd.DataFrame] | None:
    """Load printed figures: the name of a table that comes with the library, or a file."""
    made = [read(name) if Path(name).suffix else load_published(name) for name in names]
    return made or None


def target_table(given: TargetLines | str | None) -> pd.DataFrame | str | None:
    """Targets as `section_a` takes them; of a file its table, of the library's own the name."""
    if isinstance(given, TargetLines):
        table = pd.DataFrame({"code": list(given.goals), "target": list(given.goals.values())})
        said = {"source": given.source, "year": given.year}
        return table.assign(**{name: value for name, value in said.items() if value is not None})
    return read(given) if given is not None and Path(given).suffix else given


def _numbers(given: Numbers, example: str) -> dict[str, float]:
    """Give numbers, read from their file if they are in one."""
    return numbers_in(given, example) if isinstance(given, Path) else dict(given)


def _asked(source: Source) -> tuple[Path, str]:
    """Give a source's file and instrument, both of which it must have."""
    if source.file is None:
        raise SurveyError("A survey without a file.", mend="Give the file of its answers.")
    if source.instrument is None:
        raise SurveyError(
            f"{source.file}: which instrument?",
            mend=f"Pass --instrument (leaders: --leader-instrument), or write instrument = '…' "
            f"below the file in the configuration: one of {', '.join(shipped_ids())}, or the path "
            "of your own instrument file.",
        )
    return source.file, source.instrument


def _frame(file: Path, own: str | None, shared: str | None, books: bool) -> pd.DataFrame:
    """Read a file; of the sheet said of all, a file without sheets beside workbooks needs none."""
    passed_over = books and file.suffix.casefold() not in _WORKBOOKS
    return read(file, sheet=own or (None if passed_over else shared))


def _require_used(wanted: Mapping[str, str], frames: Sequence[pd.DataFrame]) -> None:
    """Refuse a column that no file has."""
    known = [str(name) for frame in frames for name in frame]
    for role, name in wanted.items():
        if name not in known:
            raise SurveyError(
                f"Column {role}={name}: no sheet has a column {name!r}.",
                mend=did_you_mean(name, known),
            )
