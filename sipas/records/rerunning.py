"""A recorded result made again from clean answers, under the recorded rules and design."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

import survey
from sipas.changes import AFTER, BEFORE, Change, Year, compare
from sipas.indices import satisfaction
from sipas.leaders import leader_scores
from sipas.records.designs import made_again
from sipas.records.results import Record
from sipas.responses import Answers
from survey.errors import SurveyError

_DECLARED = ("link", "equivalence", "paired")
_FOUND = ("psus_in_both", "same_psus")


def rerun(record: Record, *answers: Answers) -> Year | Change:
    """Compute a recorded result again.

    Parameters
    ----------
    record : Record
        What was recorded.
    *answers : Answers
        Clean answers; for a change two of them, the earlier year first.

    Returns
    -------
    SatisfactionIndex, LeaderScores or Change
        As was recorded.

    Raises
    ------
    SurveyError
        Too few or too many answers, and whatever the computation raises, as when a column of
        the design is not in the sheet.

    Examples
    --------
    >>> import sipas
    >>> from sipas.records import record
    >>> answers = sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")
    >>> old = record(sipas.satisfaction(answers, by="district"))
    >>> old.compare(record(rerun(old, answers))).same
    True
    """
    content = record.content
    surveys = content["surveys"]
    if len(answers) != len(surveys):
        raise SurveyError(
            f"rerun: {len(answers)} sheets of answers for a record of {len(surveys)}.",
            mend="Give one; for a change two, the earlier year first.",
        )
    rules = _arguments(content["rules"])
    given = dict(zip(surveys, answers, strict=True))
    if content["result"] != "change":
        ((name, one),) = given.items()
        return _year(one, made_again(one, surveys[name]["design"]), rules)
    declared = {name: content["rules"][name] for name in _DECLARED}
    if given[AFTER].instrument.kind == "leaders" and _plain_leaders(surveys):
        finite = [surveys[name]["design"]["arguments"] for name in (BEFORE, AFTER)]
        apart = any(each.get("superpopulation", False) for each in finite)
        both = {**declared, **rules, "superpopulation": apart}
        return compare(given[BEFORE], given[AFTER], **both)
    before, after = (
        _year(given[name], made_again(given[name], surveys[name]["design"]), rules)
        for name in (BEFORE, AFTER)
    )
    return compare(before, after, **declared)


def _plain_leaders(surveys: Mapping[str, Any]) -> bool:
    """Tell whether both designs are those that `compare` makes itself."""
    designs = [each["design"] for each in surveys.values()]
    return all(
        design["call"] == "answers.design" and design["lonely_psu"] == "fail" for design in designs
    )


def _year(answers: Answers, design: survey.Design, rules: dict[str, Any]) -> Year:
    """Compute one survey."""
    if answers.instrument.kind == "leaders":
        return leader_scores(answers, design=design, **rules)
    return satisfaction(answers, design=design, **rules)


def _arguments(recorded: Mapping[str, Any]) -> dict[str, Any]:
    """Give the arguments of the computation out of the recorded rules."""
    passed_over = (*_DECLARED, *_FOUND)
    rules = {name: value for name, value in recorded.items() if name not in passed_over}
    if "by" in rules:
        return {**rules, "by": rules["by"] or None}
    weights = rules["group_weights"]
    if all(isinstance(part, Mapping) for part in weights.values()):
        return {"group_weights": pd.DataFrame(weights)}
    return {"group_weights": weights}
