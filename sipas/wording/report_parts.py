"""What a report is made from, and which tables and figures follow from it, in printed order.

The order is fixed here once, so that "Bảng 3" is the same table in text, Word and Excel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sipas import tables
from sipas.changes import Change, Year
from sipas.drivers import Contributions
from sipas.indices import SatisfactionIndex
from sipas.numerals import Lang
from sipas.phrases import Voice
from sipas.tables import Table
from sipas.tables.fieldwork_tables import each_answers
from sipas.tables.printed_figures import Printed
from sipas.tables.two_years import Years, made_up

#: Tables and figures that stand in the annex.
ANNEX = ("leader_items", "statements", "answers")
_Made = Callable[["Parts", Lang], Table]


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Results that a report is written from.

    Parameters
    ----------
    households, leaders : Years or None
        The two surveys.
    printed : Printed or None
        Printed figures, for ranks and appraisal points.
    accounts : mapping of str to Contributions
        Contributions to the change of the household index, by what they are split.
    level : float
        Confidence of intervals and verdicts.
    """

    households: Years | None = None
    leaders: Years | None = None
    printed: Printed | None = None
    accounts: Mapping[str, Contributions] = field(default_factory=dict)
    level: float = 0.95

    @property
    def surveys(self) -> list[Years]:
        """The surveys given, leaders first."""
        return [two for two in (self.leaders, self.households) if two is not None]

    @property
    def year(self) -> int:
        """The year reported."""
        return max(two.year for two in self.surveys)

    @property
    def made_up(self) -> bool:
        """Whether any of the data say that they are made up."""
        return made_up(*each_answers(self.surveys)) is not None

    @property
    def table_names(self) -> list[str]:
        """Names of the tables, in printed order."""
        return [name for name in _TABLES if _has(self, name)]

    @property
    def figure_names(self) -> list[str]:
        """Names of the figures, in printed order."""
        named = []
        if self.leaders is not None:
            named.append("leaders")
        if self.households is not None:
            compared = self.households.change is not None
            named += ["change"] if compared else []
            named += ["contributions"] if "dimension" in self.accounts else []
            named.append("answers")
        return named

    def number(self, table: str) -> int:
        """Give the number of a table."""
        return self.table_names.index(table) + 1

    def note(self, voice: Voice) -> str | None:
        """Sentence for data that are made up."""
        if not self.made_up:
            return None
        years = [two.year_before for two in self.surveys if two.change is not None]
        if not years:
            return voice.say("note", "made_up_one")
        return voice.say("note", "made_up", before=min(years))


def tables_of(parts: Parts, lang: Lang) -> dict[str, Table]:
    """Make every table, in printed order, each with the note of made-up data where it is due."""
    note = parts.note(Voice(lang))
    made = {name: _TABLES[name](parts, lang) for name in parts.table_names}
    if note is None:
        return made
    return {name: replace(one, notes=(*one.notes, note)) for name, one in made.items()}


def _has(parts: Parts, name: str) -> bool:
    """Say whether the results for a table were given."""
    household = parts.households
    after = None if household is None else household.after
    if name.startswith("contributions_"):
        return name.removeprefix("contributions_") in parts.accounts
    if name == "official":
        return parts.printed is not None and bool(parts.printed.parts())
    if name == "weighted":
        return isinstance(after, SatisfactionIndex) and after.weighted is not None
    if name in ("dimensions", "statements"):
        return household is not None
    return parts.leaders is not None if name.startswith("leader_") else True


def _result(two: Years | None) -> Change | Year:
    """Give the result behind a survey that is known to be there."""
    assert two is not None
    return two.result


def _account(by: str) -> _Made:
    """Give the maker of the table of one account."""
    return lambda parts, lang: tables.contributions(
        parts.accounts[by], level=parts.level, lang=lang
    )


def _official(parts: Parts, lang: Lang) -> Table:
    assert parts.printed is not None
    return tables.official(parts.printed, year=parts.year, lang=lang)


_TABLES: dict[str, _Made] = {
    "leader_groups": lambda parts, lang: tables.leader_groups(
        _result(parts.leaders), published=parts.printed, level=parts.level, lang=lang
    ),
    "leader_domains": lambda parts, lang: tables.leader_domains(
        _result(parts.leaders), level=parts.level, lang=lang
    ),
    "dimensions": lambda parts, lang: tables.dimensions(
        _result(parts.households), published=parts.printed, level=parts.level, lang=lang
    ),
    "contributions_dimension": _account("dimension"),
    "contributions_district": _account("district"),
    "weighted": lambda parts, lang: tables.weighted(_result(parts.households), lang=lang),
    "summary": lambda parts, lang: tables.summary(*parts.surveys, level=parts.level, lang=lang),
    "official": _official,
    "response": lambda parts, lang: tables.response(*each_answers(parts.surveys), lang=lang),
    "designs": lambda parts, lang: tables.designs(*parts.surveys, level=parts.level, lang=lang),
    "leader_items": lambda parts, lang: tables.leader_items(_result(parts.leaders), lang=lang),
    "statements": lambda parts, lang: tables.statements(
        _result(parts.households), level=parts.level, lang=lang
    ),
}
