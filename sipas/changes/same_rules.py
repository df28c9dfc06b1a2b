"""Two years computed under the same rules, or refused."""

from __future__ import annotations

from inspect import signature
from typing import Any

import pandas as pd

from sipas.changes.years import Year, answers_of
from sipas.indices import satisfaction
from sipas.leaders import LeaderScores, leader_scores
from sipas.responses import Answers
from survey.errors import SurveyError, did_you_mean


def check_rules(answers: Answers, rules: dict[str, Any], *, alone: bool) -> None:
    """Refuse a rule that the computation does not know, before anything else is said.

    ``alone``: the answers come without a computed result, so leaders' need group weights.
    """
    function = satisfaction if answers.instrument.kind == "households" else leader_scores
    known = [name for name in signature(function).parameters if name != "answers"]
    if alone and function is leader_scores and "group_weights" not in rules:
        raise SurveyError(
            "compare: leader answers need group_weights.",
            mend="Give a mapping such as {'so': 40, …}, or 'equal', 'respondents', 'population'.",
        )
    for name in rules:
        if name not in known:
            raise SurveyError(
                f"compare: no rule {name!r}.",
                mend=did_you_mean(name, [*known, "link", "equivalence", "paired"]),
            )


def computed(
    before: Answers | Year, after: Answers | Year, first: Answers, last: Answers, rules: Any
) -> tuple[Year, Year]:
    """Compute both years under the same rules, on the designs that they came with."""
    old = _rules_of(before, rules)
    new = _rules_of(after, rules)
    shown = [{k: v for k, v in each.items() if k != "design"} for each in (old, new)]
    if not _same(*shown):
        raise SurveyError(
            f"compare: the years were computed under different rules: {shown[0]} and {shown[1]}.",
            mend="Pass the cleaned answers, and the rules once, to compare.",
        )
    function = satisfaction if first.instrument.kind == "households" else leader_scores
    asked = _codes(answers_of(before)) | _codes(answers_of(after))
    return (
        function(first, **_on_items_of(first, old, asked)),
        function(last, **_on_items_of(last, new, asked)),
    )


def _rules_of(year: Answers | Year, rules: dict[str, Any]) -> dict[str, Any]:
    """Rules of a computed result, or those given."""
    if isinstance(year, Answers):
        if "design" in rules:
            raise SurveyError(
                "compare(design=): one design cannot serve two years.",
                mend="Compute each year with its own design, and compare the results.",
            )
        return rules
    if rules:
        raise SurveyError(
            f"compare: rules {sorted(rules)} given with results that have rules of their own.",
            mend="Pass the cleaned answers instead of computed results.",
        )
    if isinstance(year, LeaderScores):
        return {"group_weights": year.weights, "design": year.design}
    own = year.rules
    return {
        "design": year.design,
        "by": list(year.by) or None,
        "group_weights": own.group_weights,
        "score": own.score,
        "aggregate": own.aggregate,
        "missing": own.missing,
        "policy_weight": own.policy_weight,
    }


def _on_items_of(year: Answers, rules: dict[str, Any], asked: set[str]) -> dict[str, Any]:
    """Keep of a table of group weights the items that the link left in a year.

    Columns that neither questionnaire ``asked`` stay, to be refused by name.
    """
    table = rules.get("group_weights")
    if not isinstance(table, pd.DataFrame):
        return rules
    unused = asked - _codes(year)
    return {**rules, "group_weights": table.loc[:, ~table.columns.isin(unused)]}


def _codes(year: Answers) -> set[str]:
    """Codes of the index items of a questionnaire."""
    return {item.code for item in year.instrument.index_items}


def _same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Compare rules; tables of weights by their common columns."""
    if first.keys() != second.keys():
        return False
    for name, value in first.items():
        other = second[name]
        if isinstance(value, pd.DataFrame) and isinstance(other, pd.DataFrame):
            both = value.columns.intersection(other.columns)
            if not value[both].equals(other[both]):
                return False
        elif value != other:
            return False
    return True
