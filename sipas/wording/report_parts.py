"""What a report is made from, and which tables and figures follow from it, in printed order.

The order is fixed here once, so that "Bảng 3" is the same table in text, Word and Excel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from sipas.wording.left_out import Refused, Unanswered, unanswered_sentences
from sipas.wording.target_table import Goals, target_table

#: Tables and figures that stand in the annex.
ANNEX = ("leader_items", "statements", "forest", "heat_map", "answers")
#: Tables of household indices, which say what these leave out.
INDICES = ("dimensions", "weighted", "summary", "statements")
#: How the names of figures of targets begin; the kind of survey follows.
TARGETS = "targets_"
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
    places : SatisfactionIndex or None
        Index of this year's households by district.
    level : float
        Confidence of intervals and verdicts.
    goals : Goals or None
        Targets set beside the results.
    refused : Refused or None
        Last year's households, where they were given and cannot be compared.
    unanswered : tuple of Unanswered
        Statements of the household survey that nobody answered.
    """

    households: Years | None = None
    leaders: Years | None = None
    printed: Printed | None = None
    accounts: Mapping[str, Contributions] = field(default_factory=dict)
    places: SatisfactionIndex | None = None
    level: float = 0.95
    goals: Goals | None = None
    refused: Refused | None = None
    unanswered: tuple[Unanswered, ...] = ()

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
        two = self.households
        compared = two is not None and two.change is not None
        there = {
            "leaders": self.leaders is not None,
            "change": compared,
            "contributions": "dimension" in self.accounts,
            **dict.fromkeys(self.target_figures, True),
            "forest": compared and two is not None and bool(two.statements),
            "heat_map": self.places is not None,
            "answers": two is not None,
        }
        return [name for name, drawn in there.items() if drawn]

    @property
    def target_figures(self) -> list[str]:
        """Names of the figures of targets, households first."""
        judged = () if self.goals is None else self.goals.tables
        return [f"{TARGETS}{kind}" for kind in ("households", "leaders") if kind in judged]

    def number(self, table: str) -> int:
        """Give the number of a table."""
        return self.table_names.index(table) + 1

    def see(self, voice: Voice, *tables: str, figures: Sequence[str] = ()) -> str:
        """Say where to look: "Bảng 3, Hình 2"; tables and figures that there are not fall out."""
        numbered = [("table", self.number(name)) for name in tables if name in self.table_names]
        drawn = self.figure_names
        numbered += [("figure", drawn.index(name) + 1) for name in figures if name in drawn]
        words = [
            voice.say("unit", "numbered", word=voice.say("file", kind), number=number)
            for kind, number in numbered
        ]
        return ", ".join(words)

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
    return {name: table_of(parts, name, lang) for name in parts.table_names}


def table_of(parts: Parts, name: str, lang: Lang) -> Table:
    """Make one table, with the notes that are due."""
    voice = Voice(lang)
    note = parts.note(voice)
    left_out = unanswered_sentences(parts.unanswered, voice) if name in INDICES else ()
    made = _TABLES[name](parts, lang)
    return replace(made, notes=(*made.notes, *left_out, *(() if note is None else (note,))))


def _has(parts: Parts, name: str) -> bool:
    """Say whether the results for a table were given."""
    household = parts.households
    after = None if household is None else household.after
    if name.startswith("contributions_"):
        return name.removeprefix("contributions_") in parts.accounts
    if name == "targets":
        return parts.goals is not None
    if name == "official":
        return parts.printed is not None and bool(parts.printed.parts())
    if name == "weighted":
        return isinstance(after, SatisfactionIndex) and after.weighted is not None
    if name in ("dimensions", "statements"):
        return household is not None and (name == "dimensions" or bool(household.statements))
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


def _targets(parts: Parts, lang: Lang) -> Table:
    assert parts.goals is not None
    return target_table(parts.goals, parts.surveys[::-1], lang=lang)


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
    "targets": _targets,
    "official": _official,
    "response": lambda parts, lang: tables.response(*each_answers(parts.surveys), lang=lang),
    "designs": lambda parts, lang: tables.designs(*parts.surveys, level=parts.level, lang=lang),
    "leader_items": lambda parts, lang: tables.leader_items(_result(parts.leaders), lang=lang),
    "statements": lambda parts, lang: tables.statements(
        _result(parts.households), level=parts.level, lang=lang
    ),
}
