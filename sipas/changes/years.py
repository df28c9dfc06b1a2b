"""A year of a survey, computed or only cleaned: its answers, its year, its census."""

from __future__ import annotations

import warnings

from sipas.indices import SatisfactionIndex
from sipas.leaders import LeaderScores
from sipas.responses import Answers
from survey.errors import SurveyError, SurveyWarning

Year = SatisfactionIndex | LeaderScores
#: Keys of the two years in stacked estimates.
BEFORE, AFTER = "before", "after"


def answers_of(year: Answers | Year) -> Answers:
    """Answers of a year, given as such or inside a result."""
    if isinstance(year, Answers):
        return year
    if isinstance(year, SatisfactionIndex | LeaderScores):
        return year.answers
    raise SurveyError(
        f"compare: a {type(year).__name__} is no year.",
        mend="Pass cleaned answers, or results of satisfaction or leader_scores.",
    )


def year_of(answers: Answers) -> int:
    """Year of the answers: the sheet's own, else that of the questionnaire, which may be older.

    Examples
    --------
    >>> import sipas
    >>> sheet = sipas.datasets.load_hue_households(2022).assign(year=2023)
    >>> year_of(sipas.clean(sheet, "sipas-2022"))
    2023
    """
    if "year" not in answers.data:
        return answers.instrument.year
    known = answers.data["year"].dropna().unique()
    return int(known[0]) if len(known) == 1 else answers.instrument.year


def mind_order(before: Answers, after: Answers, where: str) -> None:
    """Warn when the later year was passed first, or one year twice."""
    if before.data is after.data:
        warnings.warn(
            f"{where}: {before.instrument.id} ({year_of(before)}) is compared with itself.",
            SurveyWarning,
            stacklevel=3,
        )
    if year_of(before) > year_of(after):
        warnings.warn(
            f"{where}: {before.instrument.id} ({year_of(before)}) is later than "
            f"{after.instrument.id} ({year_of(after)}); the change runs backwards in time.",
            SurveyWarning,
            stacklevel=3,
        )
