"""One year or two of a survey, seen alike by tables and text.

A report is written whether or not last year's answers are at hand; what needs them asks
``two.change`` first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sipas.changes import Change, Year
from sipas.changes import year_of as year_of
from sipas.composites import OVERALL, TOTAL
from sipas.labelling import label
from sipas.leaders import LeaderScores
from sipas.phrases import Voice, known_phrase, within
from sipas.responses import Answers
from sipas.tables.printed_figures import HEADLINE
from survey.errors import SurveyError

FELL = ("fell", "fell, but by less than the margin")
ROSE = ("rose", "rose, but by less than the margin")


@dataclass(frozen=True, slots=True, eq=False)
class Years:
    """A survey of one year, or its change over two.

    Parameters
    ----------
    after : SatisfactionIndex or LeaderScores
        The year reported.
    change : Change or None
        The change to it, when the year before was given.
    """

    after: Year
    change: Change | None

    @property
    def result(self) -> Change | Year:
        """What was looked at: the change, or the one year."""
        return self.after if self.change is None else self.change

    @property
    def before(self) -> Year | None:
        """The year before."""
        return None if self.change is None else self.change.before

    @property
    def all(self) -> list[Year]:
        """The years given, earlier first."""
        return [self.after] if self.change is None else [self.change.before, self.after]

    @property
    def year(self) -> int:
        """The year reported."""
        return year_of(self.after.answers)

    @property
    def year_before(self) -> int:
        """The year compared with; the preceding one when none was given."""
        return self.year - 1 if self.before is None else year_of(self.before.answers)

    @property
    def headline(self) -> str:
        """Code of the index of the whole."""
        codes = self.after.scheme.codes
        for code in (OVERALL, HEADLINE, TOTAL):
            if code in codes:
                return code
        return codes[-1]

    @property
    def wholes(self) -> list[str]:
        """Codes above the dimensions: aspects and the whole."""
        return [code for code in self._codes("aspect", "overall", "total") if self._has(code)]

    @property
    def dimensions(self) -> list[str]:
        """Codes of the dimensions."""
        return [code for code in self._codes("dimension") if self._has(code)]

    @property
    def statements(self) -> list[str]:
        """Codes of the statements that can be compared; all of them for one year."""
        return [code for code in self._codes("statement") if self._has(code)]

    def rates(self, level: float) -> pd.DataFrame:
        """Estimates of the year reported: ``estimate se low high n``, in per cent."""
        return self.after.estimates.table(level=level)

    def changes(self, level: float) -> pd.DataFrame:
        """Give changes as `Change.table` lists them; an error when there is one year."""
        if self.change is None:
            raise SurveyError("No change: the year before was not given.")
        return self.change.table(level=level)

    def row(self, code: str, level: float) -> dict[str, Any]:
        """Give one row of `changes`; for one year, of `rates`."""
        table = self.rates(level) if self.change is None else self.changes(level)
        rows: Any = table.to_dict("index")
        return dict(rows[code])

    def label(self, code: str, voice: Voice) -> str:
        """Name a code; the index of the whole, and its aspects, as official documents do."""
        if self._whole(code):
            return voice.say("row", "services")
        printed = self._printed(code, Voice("vi"))
        if code in self.wholes and known_phrase("named", printed):
            named = voice.say("named", printed)
            return named[:1].upper() + named[1:]
        return self._printed(code, voice)

    def inside(self, code: str, voice: Voice) -> str:
        """Name a code inside a sentence, in small letters."""
        if self._whole(code) or code == OVERALL:
            return voice.say("index", "overall")
        printed = self._printed(code, Voice("vi"))
        if known_phrase("named", printed):
            return voice.say("named", printed)
        return within(self.label(code, voice))

    def index(self, voice: Voice) -> str:
        """Name the index of the whole inside a sentence."""
        return self.inside(self.headline, voice)

    def _whole(self, code: str) -> bool:
        """Whether a code is the services, and nothing but the services is reported."""
        return code == HEADLINE and self.wholes == [HEADLINE]

    def _printed(self, code: str, voice: Voice) -> str:
        """Label of a code in its questionnaire, the later year's first."""
        for year in reversed(self.all):
            known = {*year.scheme.codes, *(group.code for group in year.instrument.groups)}
            if code in known:
                return label(year.instrument, code, voice.lang)
        return code

    def _codes(self, *levels: str) -> list[str]:
        scheme = self.after.scheme
        pairs = zip(scheme.codes, scheme.levels, strict=True)
        return [code for code, level in pairs if level in levels]

    def _has(self, code: str) -> bool:
        return self.change is None or code in self.change.estimates.labels


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of one level fell or rose in the sample, and beyond sampling error."""

    rows: int
    down: int
    up: int
    surely_down: int
    surely_up: int
    unsure: int


def years(result: Change | Year) -> Years:
    """Look at a result as a survey of one year or two.

    Raises
    ------
    SurveyError
        If the result is by domain: a report speaks of the whole.
    """
    change = result if isinstance(result, Change) else None
    after = change.after if change is not None else result
    assert not isinstance(after, Change)
    if after.estimates.labels.nlevels > 1:
        raise SurveyError(
            "This result is by domain; a report table speaks of the whole.",
            mend="Compute it without by=.",
        )
    return Years(after, change)


def scores_of(two: Years) -> list[LeaderScores]:
    """Years of a leader survey.

    Raises
    ------
    SurveyError
        For a survey of households.
    """
    made = [year for year in two.all if isinstance(year, LeaderScores)]
    if not made:
        raise SurveyError(
            f"{two.after.instrument.id} is a survey of households.",
            mend="Pass leader scores, or the change of two years of them.",
        )
    return made


def groups_of(scored: LeaderScores) -> list[str]:
    """Codes of the groups of leaders, in the order of the questionnaire."""
    return [one.code for one in scored.instrument.groups if one.code in scored.weights.index]


def tally(changes: pd.DataFrame, codes: list[str]) -> Tally:
    """Count falls and rises among some rows of a change table."""
    rows = changes.loc[codes]
    verdicts = rows["verdict"]
    return Tally(
        rows=len(rows),
        down=int((rows["estimate"] < 0).sum()),
        up=int((rows["estimate"] > 0).sum()),
        surely_down=int(verdicts.isin(FELL).sum()),
        surely_up=int(verdicts.isin(ROSE).sum()),
        unsure=int((~verdicts.isin([*FELL, *ROSE, "census"])).sum()),
    )


def survey_key(answers: Answers) -> str:
    """Name a survey in the index of a table; two years may share a questionnaire."""
    year, instrument = year_of(answers), answers.instrument
    return instrument.id if year == instrument.year else f"{instrument.id} {year}"


def as_given(name: str, *years: Year) -> str:
    """Name of a phrase on weights: those of made-up data are illustrative, others are given."""
    return name if made_up(*(year.answers for year in years)) is None else f"{name}_made_up"


def made_up(*answers: Answers | None) -> str | None:
    """Give what the data say of being made up, None for real data."""
    for one in answers:
        if one is not None and "made_up" in one.data and len(one.data):
            return str(one.data["made_up"].iloc[0])
    return None
