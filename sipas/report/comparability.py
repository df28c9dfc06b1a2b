"""What of two years can be compared, decided before anything is computed, and said in the text.

A report is written all the same: a year that cannot be compared is left out, and so is a
statement that nobody answered. Neither happens in silence.
"""

from __future__ import annotations

import warnings

from sipas.linking import linked, restricted
from sipas.report.results import Given, in_order
from sipas.responses import Answers
from sipas.tables.two_years import year_of
from sipas.wording.left_out import Reason, Refused, Unanswered
from survey.errors import SurveyError, SurveyWarning, first_five


def comparable(given: Given) -> tuple[Given, Refused | None]:
    """Keep this year alone where its statements cannot be compared with last year's.

    Parameters
    ----------
    given : Answers or (Answers, Answers) or None
        Answers of households.

    Returns
    -------
    Answers or (Answers, Answers) or None
        What can be reported together.
    Refused or None
        Why last year's answers were left out.

    Raises
    ------
    SurveyError
        Years in the wrong order, or answers of another kind of survey.
    """
    if given is None or isinstance(given, Answers):
        return given, None
    before, after = in_order(given, "households")
    if before.instrument.kind != after.instrument.kind:
        linked(before, after, "items")
    if before.instrument.differences(after.instrument).empty:
        return given, None
    try:
        linked(before, after, "items")
    except SurveyError as refused:
        warnings.warn(
            f"section_a: {year_of(before)} is left out and the text says so. {refused}",
            SurveyWarning,
            stacklevel=3,
        )
        return after, Refused(year_of(before), _reason(before, after))
    return given, None


def answered(given: Given) -> tuple[Given, tuple[Unanswered, ...]]:
    """Leave out, of every year given, the statements that nobody answered in one of them.

    Parameters
    ----------
    given : Answers or (Answers, Answers) or None
        Answers of households.

    Returns
    -------
    Answers or (Answers, Answers) or None
        The same answers with the statements that have any.
    tuple of Unanswered
        What was left out, the earlier year first.
    """
    if given is None:
        return given, ()
    years = (given,) if isinstance(given, Answers) else given
    blank = [_unanswered(one) for one in years]
    out = {code for codes in blank for code in codes}
    if not out:
        return given, ()
    found = tuple(
        Unanswered(year_of(one), one.instrument, codes)
        for one, codes in zip(years, blank, strict=True)
        if codes
    )
    when = " and ".join(str(one.year) for one in found)
    warnings.warn(
        f"section_a: nobody answered {first_five(sorted(out))} in {when}; no index counts them, "
        "and the text says so. If there are answers, check the names of these columns.",
        SurveyWarning,
        stacklevel=3,
    )
    kept = [_without(one, out) for one in years]
    return (kept[0] if len(kept) == 1 else (kept[0], kept[1])), found


def _unanswered(answers: Answers) -> tuple[str, ...]:
    """Statements of the index without a single answer; none where nothing was answered at all."""
    codes = [item.code for item in answers.instrument.index_items]
    blank = tuple(code for code in codes if answers.data[code].isna().all())
    return blank if len(blank) < len(codes) else ()


def _without(answers: Answers, codes: set[str]) -> Answers:
    """Take statements out of a questionnaire, with the parts that have no other."""
    return restricted(answers, {item.code for item in answers.instrument.index_items} - codes)


def _reason(before: Answers, after: Answers) -> Reason:
    """Say which difference forbids the comparison of statements."""
    old, new = before.instrument.scale, after.instrument.scale
    if old.levels != new.levels:
        return "scale"
    return "satisfied" if old.satisfied != new.satisfied else "items"
