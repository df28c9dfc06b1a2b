"""Section A as a configuration file says it: files, rules, and what is written where.

The command line says the same things by options and ends in the same `Configuration`, so that a
report made from a file, from options or from a notebook is one and the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from sipas.numerals import Lang
from sipas.report.configuration_keys import KEYS, read_target_file
from sipas.report.section import SectionA, section_a
from sipas.report.sources import (
    Numbers,
    Reading,
    Source,
    TargetLines,
    leader_weights,
    population_shares,
    published_tables,
    read_all,
    target_table,
)
from sipas.responses import Answers
from survey.errors import SurveyError
from survey.scores import LonelyRule

_SURVEYS = ("households", "leaders")
_SOURCES = ("households", "households_before", "leaders", "leaders_before")
_Part = TypeVar("_Part", Source, Reading, "Report")


@dataclass(frozen=True, slots=True)
class Report:
    """How the report is computed and written; without ``formats``, those of `SectionA.save`."""

    lang: Lang = "vi"
    level: float = 0.95
    lonely_psu: LonelyRule = "fail"
    published: tuple[str, ...] = ()
    out: Path = Path("out")
    formats: tuple[str, ...] | None = None
    append_to: Path | None = None
    bookmark: str | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """All that one Section A is told.

    Parameters
    ----------
    households, households_before, leaders, leaders_before : Source
        Files of both surveys, this year's and last year's; a source without a file is not given.
    reading : Reading
        What holds for every file.
    leader_weights, population_weights : mapping of str to float, or Path, optional
        Numbers by group of leaders and by district, or the TOML file that holds them.
    targets : TargetLines or str, optional
        Targets by code, the name of a published table, or a file.
    report : Report
        Language, rules, and what is written where.
    """

    households: Source = field(default_factory=Source)
    households_before: Source = field(default_factory=Source)
    leaders: Source = field(default_factory=Source)
    leaders_before: Source = field(default_factory=Source)
    reading: Reading = field(default_factory=Reading)
    leader_weights: Numbers | None = None
    population_weights: Numbers | None = None
    targets: TargetLines | str | None = None
    report: Report = field(default_factory=Report)

    def changed(self, tables: Mapping[str, Any]) -> Configuration:
        """Give this configuration with other values for some keys.

        Parameters
        ----------
        tables : mapping
            Values by table and key, as ``{"report": {"lang": "en"}}``. Columns are replaced role
            by role; a sheet or a column for every file takes the place of those that single files
            had.

        Examples
        --------
        >>> Configuration().changed({"report": {"lang": "en"}}).report.lang
        'en'
        """
        shared = tables.get("reading", {})
        old: dict[str, Any] = {
            name: _overruled(getattr(self, name), shared) for name in _SOURCES
        } | {"reading": self.reading, "report": self.report}
        new = {
            name: _replaced(old[name], part) if name in old else part
            for name, part in tables.items()
        }
        return replace(self, **(old | new))

    def section_a(self) -> SectionA:
        """Read the files and make the report.

        Raises
        ------
        SurveyError
            No file, something said that no file can use, and whatever `sipas.read`,
            `sipas.clean` and `sipas.section_a` raise.
        """
        self._refuse_places()
        self._refuse_useless()
        # small files first: a slip in one is told before the sheets are read
        rules: dict[str, Any] = {
            "population_weights": population_shares(self.population_weights),
            "targets": self._targets(),
            "published": published_tables(self.report.published),
            "lonely_psu": self.report.lonely_psu,
            "lang": self.report.lang,
            "level": self.report.level,
        }
        if self.leaders.file:
            rules["group_weights"] = leader_weights(self.leader_weights)
        sources = {name: self._source(name) for name in _SOURCES if getattr(self, name).file}
        read = read_all(list(sources.values()), self.reading)
        answers = dict(zip(sources, read, strict=True))
        households, leaders = (_years(answers, name) for name in _SURVEYS)
        return section_a(households=households, leaders=leaders, **rules)

    def save(self, section: SectionA) -> list[Path]:
        """Write a report's files, in the folder and formats that are said here.

        Parameters
        ----------
        section : SectionA
            The report, of `section_a`.

        Returns
        -------
        list of Path
            The files written.
        """
        self._refuse_places()
        said = {name: getattr(self.report, name) for name in ("formats", "append_to", "bookmark")}
        chosen: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
        return section.save(self.report.out, **chosen)

    def _targets(self) -> Any:
        """Read the targets; a TOML file has the lines of a configuration."""
        given = self.targets
        if isinstance(given, str) and given.casefold().endswith(".toml"):
            given = read_target_file(Path(given))
        return target_table(given)

    def _source(self, name: str) -> Source:
        """Give a source; last year's instrument is this year's where it is not said."""
        source: Source = getattr(self, name)
        this_year: Source = getattr(self, name.removesuffix("_before"))
        return replace(source, instrument=source.instrument or this_year.instrument)

    def _refuse_places(self) -> None:
        """Refuse, before anything is computed, what the report cannot be written to."""
        if self.report.out.is_file():
            what = f"out: {self.report.out} is a file."
            raise SurveyError(what, mend="Give the folder of the report.")
        if self.report.bookmark and not self.report.append_to:
            raise SurveyError(
                "bookmark given, but no document to put the report into.",
                mend="Give append_to (--append-to FILE) too, or leave out the bookmark.",
            )

    def _refuse_useless(self) -> None:
        """Refuse what no file can use, and a report of nothing."""
        for name in _SOURCES:
            source: Source = getattr(self, name)
            this_year: Source = getattr(self, name.removesuffix("_before"))
            said = [key for key in KEYS[name] if getattr(source, key)]
            if said and not source.file:
                raise _no_file(name, f"{name}: {' and '.join(said)} given, but no file.")
            if source.file and not this_year.file:
                kind = name.removesuffix("_before")
                raise _no_file(kind, f"{name}: a file given, but none for this year's {kind}.")
        for weights, name in (("leader_weights", "leaders"), ("population_weights", "households")):
            if getattr(self, weights) and not getattr(self, name).file:
                raise _no_file(name, f"{weights} given, but no file for {name}.")
        if not any(getattr(self, name).file for name in _SURVEYS):
            raise _no_file("households", "households: no file given, and none for leaders.")


def _overruled(source: Source, shared: Mapping[str, Any]) -> Source:
    """Take from a file its own sheet and columns where others are said for every file."""
    columns = {k: v for k, v in source.columns.items() if k not in shared.get("columns", {})}
    return replace(source, sheet=None if "sheet" in shared else source.sheet, columns=columns)


def _replaced(old: _Part, part: Mapping[str, Any]) -> _Part:
    """Replace values by key, and columns by role."""
    values = dict(part)
    if "columns" in values and not isinstance(old, Report):
        values["columns"] = {**old.columns, **values["columns"]}
    return replace(old, **values)


def _no_file(name: str, what: str) -> SurveyError:
    """Ask for the file of a survey."""
    option = f"--{name.replace('_', '-')}"
    return SurveyError(
        what, mend=f"Pass {option} FILE, or write file = '…' below [{name}] of the configuration."
    )


def _years(answers: Mapping[str, Answers], name: str) -> tuple[Answers, Answers] | Answers | None:
    """Give one survey's answers: this year's, and last year's before them when given."""
    if name not in answers:
        return None
    before = answers.get(f"{name}_before")
    return answers[name] if before is None else (before, answers[name])
