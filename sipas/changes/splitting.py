"""What a change and its years must be to be split, and which index is split."""

from __future__ import annotations

from collections.abc import Sequence

from sipas.changes.results import Change
from sipas.composites import index_code
from sipas.indices import SatisfactionIndex
from survey.errors import SurveyError, require_columns


def index_to_split(change: Change, of: str | None, where: str) -> str:
    """Give the code of the index that is split; refuse a change without statements of its own.

    Raises
    ------
    SurveyError
        Not a change, a change by domain, one between questionnaires without common statements,
        or an unknown index.
    """
    if not isinstance(change, Change):
        raise SurveyError(
            f"{where}: got a {type(change).__name__}.", mend="Pass the result of sipas.compare."
        )
    if change.estimates.labels.nlevels > 1:
        raise SurveyError(
            f"{where}: the change is by domain.",
            mend=f"Compare without by=, then pass the column to {where}.",
        )
    if change.link not in (None, "items"):
        raise SurveyError(
            f"{where}: this change has no statement rows (link={change.link!r}).",
            mend="Compare with link='items'.",
        )
    return index_code(change.scheme, of, f"{where}(of=)")


def refuse_unfilled(
    year: SatisfactionIndex, columns: Sequence[str], where: str, *, words: Sequence[str] = ()
) -> None:
    """Refuse columns to split by that a year lacks, or that some of its rows leave blank.

    ``words`` are what else may be meant by a misspelt column.

    Raises
    ------
    SurveyError
        Naming the nearest column, or the questionnaire and the number of blank rows.
    """
    data = year.design.data
    require_columns([*words, *data.columns], columns, where=f"{where}(by=)")
    blank = data.loc[year.design.inside, list(columns)].isna().sum()
    if blank.any():
        counts = ", ".join(f"{name!r} ({rows} rows)" for name, rows in blank[blank > 0].items())
        raise SurveyError(
            f"{where}(by=): no value of {counts} in {year.instrument.id}.",
            mend="Give those rows a group of their own in the sheet (such as 'not stated'), so "
            "that the account closes.",
        )
