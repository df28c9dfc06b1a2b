"""The results behind a report, under the rules that its text states."""

from __future__ import annotations

from typing import Any

from sipas import drivers
from sipas.changes import Change, Year, compare
from sipas.indices import GroupWeights, SatisfactionIndex, satisfaction
from sipas.leader_weights import LeaderWeights
from sipas.leaders import leader_scores
from sipas.linking import Link
from sipas.responses import Answers
from sipas.tables.two_years import year_of
from survey.errors import SurveyError
from survey.scores import LonelyRule

Given = Answers | tuple[Answers, Answers] | None
#: Districts whose names fit above the columns of the heat map, on a page 16 cm wide.
MOST_PLACES = 9


def household_result(
    given: Given, population: GroupWeights | None, lonely: LonelyRule = "fail"
) -> Change | Year | None:
    """Index of one year, or the change of two on the statements both asked."""
    if given is None:
        return None
    if isinstance(given, Answers):
        design = given.design(lonely_psu=lonely)
        return satisfaction(given, design=design, group_weights=population)
    before, after = in_order(given, "households")
    return _compared(before, after, "items", lonely, group_weights=population)


def leader_result(
    given: Given, weights: LeaderWeights | None, lonely: LonelyRule = "fail"
) -> Change | Year | None:
    """Scores of one year, or the change of two as rates of each maximum."""
    if given is None or weights is None:
        return None
    if isinstance(given, Answers):
        design = given.design(lonely_psu=lonely)
        return leader_scores(given, design=design, group_weights=weights)
    before, after = in_order(given, "leaders")
    return _compared(before, after, "rates", lonely, group_weights=weights)


def _compared(
    before: Answers, after: Answers, link: Link, lonely: LonelyRule, **rules: Any
) -> Change:
    """Compare two years, each computed on its own design where strata of one unit are allowed."""
    declared = _link(before, after, link)
    if lonely == "fail":
        return compare(before, after, link=declared, **rules)
    compute: Any = satisfaction if before.instrument.kind == "households" else leader_scores
    made = [compute(one, design=one.design(lonely_psu=lonely), **rules) for one in (before, after)]
    return compare(*made, link=declared)


def in_order(given: tuple[Answers, Answers], name: str) -> tuple[Answers, Answers]:
    """Check that the earlier year comes first; swapped, every fall would be a rise."""
    before, after = given
    when = year_of(before), year_of(after)
    if when[0] >= when[1]:
        raise SurveyError(
            f"section_a({name}=): the years are {when[0]} and {when[1]}.",
            mend="Give (last year's answers, this year's), each sheet with its own year.",
        )
    return before, after


def _link(before: Answers, after: Answers, link: Link) -> Link | None:
    """Declare a link only where the questionnaires differ."""
    return None if before.instrument.differences(after.instrument).empty else link


def accounts(result: Change | Year | None) -> dict[str, drivers.Contributions]:
    """Split among dimensions and districts the change of the household index."""
    if not isinstance(result, Change):
        return {}
    made = {"dimension": drivers.contributions(result, by="dimension")}
    designs = (result.before.design.data, result.after.design.data)
    if all("district" in data for data in designs):
        made["district"] = drivers.contributions(result, by="district")
    return made


def places(result: Change | Year | None) -> SatisfactionIndex | None:
    """Give this year's household index by district, where there are districts to tell apart."""
    after = result.after if isinstance(result, Change) else result
    if not isinstance(after, SatisfactionIndex) or "district" not in after.design.data:
        return None
    found = after.design.data["district"].nunique()
    if not 1 < found <= MOST_PLACES:
        return None
    return satisfaction(after.answers, design=after.design, by="district")
