"""Statement rates under every rule on answers: what counts as satisfied, as answered, as weight.

Each year is computed once for each set of these rules by `sipas.satisfaction` or
`sipas.leader_scores`; what the index does with its statements comes later, by matrices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

import survey
from sipas.changes import Year
from sipas.indices import GroupWeights, SatisfactionIndex, satisfaction, statement_rates
from sipas.leader_weights import LeaderWeights
from sipas.leaders import item_scores, leader_scores
from sipas.responses import Answers

MakeDesign = Callable[[Answers], survey.Design]
Schemes = Mapping[str, LeaderWeights]
#: Score, and what a don't know is: it has no place among mean scores.
SCORED = (("top2", "missing"), ("top2", "not satisfied"), ("mean", "missing"))
#: Groups as they came in the sample.
SAMPLE = "sample"


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """The years under one set of rules on answers.

    Parameters
    ----------
    choices : dict
        The rules, by name.
    years : tuple of SatisfactionIndex or LeaderScores
        One year, or two.
    by_group : bool
        Whether the index weighted by group is meant.
    """

    choices: dict[str, str]
    years: tuple[Year, ...]
    by_group: bool = False

    def rates(self, year: Year) -> survey.Estimates:
        """Statement rates of one year, in per cent."""
        weighted = year.weighted if isinstance(year, SatisfactionIndex) else None
        made = weighted if self.by_group and weighted is not None else year.estimates
        return made.pick(range(len(year.scheme.items)))


def valid_answers(year: Year) -> pd.DataFrame:
    """Who gave a valid answer to what under the rules of a year, shape (n, J)."""
    if isinstance(year, SatisfactionIndex):
        return statement_rates(year.answers, year.rules).notna()
    return item_scores(year.answers).notna()


def household_variants(
    sheets: Sequence[Answers], design: MakeDesign, group_weights: GroupWeights | None
) -> Iterator[Variant]:
    """Cross the rules on answers of households; the reference rules come first."""
    has_weights = any("weight" in sheet.data for sheet in sheets)
    weights = ("sheet", "none") if has_weights else ("none",)
    groups = (SAMPLE, *(group_weights or {}))
    made = {
        (unknown, weight): [_prepared(sheet, unknown, weight, design) for sheet in sheets]
        for unknown, weight in product(("missing", "not satisfied"), weights)
    }
    for (score, unknown), missing, weight in product(SCORED, ("item", "listwise"), weights):
        rules: dict[str, Any] = {"score": score, "missing": missing}
        years = tuple(
            satisfaction(sheet, design=plan, group_weights=group_weights, **rules)
            for sheet, plan in made[unknown, weight]
        )
        choices = {"score": score, "dont_know": unknown, "missing": missing, "weights": weight}
        for group in groups:
            yield Variant({**choices, "groups": group}, years, group != SAMPLE)


def leader_variants(
    sheets: Sequence[Answers], design: MakeDesign, schemes: Schemes
) -> Iterator[Variant]:
    """Weigh the groups of leaders by every scheme; the reference comes first."""
    plans = [design(sheet) for sheet in sheets]
    for name, weights in schemes.items():
        years = tuple(
            leader_scores(sheet, group_weights=weights, design=plan)
            for sheet, plan in zip(sheets, plans, strict=True)
        )
        yield Variant({"groups": name}, years)


def leader_schemes(sheets: Sequence[Answers], given: object) -> dict[str, LeaderWeights]:
    """Name the weights that were given, then the rules that can be applied to all years."""
    own: dict[str, Any] = {}
    if isinstance(given, str):
        own = {given: given}
    elif isinstance(given, pd.DataFrame):
        own = {"given": given}
    elif isinstance(given, Mapping):
        one = all(np.isscalar(value) and not isinstance(value, str) for value in given.values())
        own = {"given": given} if one else dict(given)
    sent = all(sheet.response.by_group["sent"].notna().all() for sheet in sheets)
    presets = ("equal", "respondents", *(["population"] if sent else []))
    return own | {name: name for name in presets if name not in own}


def _prepared(
    answers: Answers, unknown: str, weight: str, design: MakeDesign
) -> tuple[Answers, survey.Design]:
    """Answers and design under two of the rules."""
    made = with_dont_know_as_lowest(answers) if unknown == "not satisfied" else answers
    if weight == "none" and "weight" in made.data:
        made = replace(made, data=made.data.drop(columns="weight"))
    return made, design(made)


def with_dont_know_as_lowest(answers: Answers) -> Answers:
    """Put the least satisfied answer where somebody did not know.

    Under ``score="top2"`` only this matters: that it is an answer, and not a satisfied one.
    """
    scale = answers.instrument.scale
    filled = {
        item.code: answers.data[item.code].mask(
            answers.reasons[item.code] == "dont_know",
            max(scale.levels) if item.reverse else min(scale.levels),
        )
        for item in answers.instrument.index_items
    }
    return replace(answers, data=answers.data.assign(**filled))
