"""What a change must be to be split into parts, and which index of it is split."""

from __future__ import annotations

from sipas.changes.results import Change
from sipas.composites import index_code
from survey.errors import SurveyError


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
