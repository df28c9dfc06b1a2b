"""A record, as it is kept and read again, and what comparing two of them gives."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sipas.desk_words import ShownWithNotes
from sipas.numerals import Lang, signed
from sipas.records.comparing import BESIDE, compared
from sipas.records.r_scripts import r_script
from sipas.records.words import worded
from survey.errors import SurveyError

#: Version of the layout of ``record.json``; another layout gets another number.
SCHEMA = 1
_PARTS = ("schema", "result", "surveys", "rules", "estimates", "versions")
_OF_EACH = {
    "instrument": ("id", "kind"),
    "answers": ("file", "rows", "sha256", "source_sha256", "sent"),
    "design": ("call", "arguments", "psus", "strata_count"),
}
_FILE, _SCRIPT = "record.json", "reproduce.R"
_MOST_MOVED = 12


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Record(ShownWithNotes):
    """What made a result: answers by their hash, questionnaire, rules, design, and its numbers.

    Parameters
    ----------
    content : dict
        What ``record.json`` holds: ``schema result surveys rules estimates versions``, without
        times, names of persons or places on a disk.
    files : mapping of str to str
        The answers used, as CSV, by file name; empty when read from a file.
    """

    content: dict[str, Any]
    files: Mapping[str, str]

    @property
    def r_code(self) -> str:
        """R code (package survey) that gives the same estimates and standard errors.

        Raises
        ------
        SurveyError
            For a design that the package can't express; see ``docs/record.md``.
        """
        return r_script(self.content)

    def to_json(self) -> str:
        """Write the record as JSON, always in the same order and without a time."""
        return json.dumps(self.content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write ``record.json``, the answers used and ``reproduce.R``.

        Parameters
        ----------
        folder : path
            Made if it is not there. Files of the same names are replaced.

        Returns
        -------
        tuple of Path
            What was written.

        Raises
        ------
        SurveyError
            If the record was read from a file and so holds no answers, or as `r_code`.
        """
        if not self.files:
            raise SurveyError(
                "Record.write: this record was read from a file and holds no answers.",
                mend="Copy the folder it came from, or record the result again.",
            )
        texts = {_FILE: self.to_json(), **self.files, _SCRIPT: self.r_code}
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (place / name).write_text(text, encoding="utf-8", newline="\n")
        return tuple(place / name for name in texts)

    @classmethod
    def read(cls, path: str | Path) -> Record:
        """Read a ``record.json``, or the folder that holds one.

        Raises
        ------
        SurveyError
            If there is none, it is no JSON, or it is of another layout.
        """
        place = Path(path)
        file = place / _FILE if place.is_dir() else place
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise SurveyError(f"No record {str(file)!r}.", mend="Check the path.") from error
        except ValueError as error:
            raise SurveyError(f"{file.name} is not JSON in UTF-8: {error}.") from error
        if not _is_record(content):
            raise SurveyError(
                f"{file.name} is not a record.", mend="Give the record.json of Record.write."
            )
        if content["schema"] != SCHEMA:
            raise SurveyError(
                f"{file.name}: layout {content['schema']!r}; this version reads {SCHEMA}.",
                mend="Use the version of sipas that the record names.",
            )
        return cls(content, {})

    def compare(self, other: Record, *, tolerance: float = 1e-9) -> RecordComparison:
        """Compare with another record, such as one made again from the same sheet.

        Parameters
        ----------
        other : Record
            What was found now.
        tolerance : float
            How far a number may move, in its own unit (per cent or percentage points).

        Returns
        -------
        RecordComparison
        """
        return RecordComparison(compared(self.content, other.content, tolerance))

    def _caption(self, lang: Lang) -> str:
        surveys = self.content["surveys"].values()
        named = ", ".join(survey["instrument"]["id"] for survey in surveys)
        result = worded("result", self.content["result"])[lang]
        return worded("record", "caption", result=result, instruments=named)[lang]

    def _shown(self, lang: Lang) -> pd.DataFrame:
        rows = {
            f"{part}: {label}": numbers
            for part, estimates in self.content["estimates"].items()
            for label, numbers in estimates.items()
        }
        names = ("estimate", "se", "df", "n")
        heads = {name: worded("columns", name)[lang] for name in names}
        return pd.DataFrame.from_dict(rows, orient="index")[list(names)].rename(columns=heads)

    def _notes(self, lang: Lang) -> tuple[str, ...]:
        notes = []
        for survey in self.content["surveys"].values():
            design = survey["design"]
            counts = {"psus": design["psus"], "strata": design["strata_count"]}
            given = {name: survey["answers"][name] for name in ("file", "rows", "sha256")}
            notes.append(worded("record", "answers", **given)[lang])
            notes.append(worded("record", "speaks", **counts)[lang])
        versions = ", ".join(f"{name} {v}" for name, v in self.content["versions"].items())
        return (*notes, worded("record", "versions", versions=versions)[lang])


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RecordComparison(ShownWithNotes):
    """What agrees with a record, and what moved, by how much.

    Parameters
    ----------
    table : DataFrame
        One row for each thing recorded: columns ``what name recorded now moved same``, where
        ``what`` is *answers, instrument, design, rules, estimates, source* or *versions*.
    """

    table: pd.DataFrame

    @property
    def same(self) -> bool:
        """Whether the result is the same; versions and the source file may be others."""
        return bool(self.table.loc[~self.table["what"].isin(BESIDE), "same"].all())

    @property
    def moved(self) -> pd.DataFrame:
        """The rows that differ."""
        return self.table[~self.table["same"]].drop(columns="same")

    def _caption(self, lang: Lang) -> str:
        verdict = worded("comparison", "same" if self.same else "different")[lang]
        return f"{worded('comparison', 'caption')[lang]}: {verdict}"

    def _shown(self, lang: Lang) -> pd.DataFrame:
        counts = self.table.groupby("what", sort=False)["same"].agg(["size", "sum"])
        heads = [worded("columns", name)[lang] for name in ("checked", "agree", "differ")]
        cells = zip(counts["size"], counts["sum"], counts["size"] - counts["sum"], strict=True)
        names = [worded("what", str(what))[lang] for what in counts.index]
        return pd.DataFrame([map(str, row) for row in cells], index=names, columns=heads)

    def _notes(self, lang: Lang) -> tuple[str, ...]:
        moved = self.moved
        size = moved["moved"].abs().where(moved["what"] == "estimates", np.inf)
        first = moved.loc[size.sort_values(ascending=False, kind="stable").index]
        notes = [_sentence(row, lang) for row in first.head(_MOST_MOVED).to_dict("records")]
        if len(moved) > _MOST_MOVED:
            notes.append(worded("comparison", "more", count=len(moved) - _MOST_MOVED)[lang])
        if self.same and len(moved):
            notes.append(worded("comparison", "beside")[lang])
        return tuple(notes)


def _is_record(content: object) -> bool:
    """Tell whether parsed JSON has the parts that every record has."""
    if not isinstance(content, dict) or any(part not in content for part in _PARTS):
        return False
    surveys = content["surveys"]
    return isinstance(surveys, dict) and all(
        isinstance(survey, dict)
        and all(part in survey.get(name, {}) for name, parts in _OF_EACH.items() for part in parts)
        for survey in surveys.values()
    )


def _sentence(row: dict[Hashable, Any], lang: Lang) -> str:
    """Say what was recorded and what it is now."""
    filled = {name: _cell(row[name], lang) for name in ("recorded", "now")}
    what = worded("what", row["what"])[lang]
    kind = "differs" if np.isnan(row["moved"]) else "moved"
    shift = _shift(row["moved"], lang)
    return worded("comparison", kind, what=what, name=row["name"], moved=shift, **filled)[lang]


def _cell(value: object, lang: Lang) -> str:
    """Write a recorded value: hashes shortened, numbers with six decimals."""
    if value is None:
        return "–"
    text = str(value)
    if isinstance(value, float):
        return text if value.is_integer() else signed(value, 6, lang=lang).lstrip("+")
    return f"{text[:21]}…" if len(text) > 22 else text


def _shift(moved: float, lang: Lang) -> str:
    """Write by how much a number moved; what six decimals hide, by its size."""
    return signed(moved, 6, lang=lang) if abs(moved) >= 1e-6 else f"{moved:+.0e}"
