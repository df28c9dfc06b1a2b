"""Every defensible rule crossed: the index, or its change, under each.

What an index says should not hang on a choice that could as well have been made otherwise:
Simonsohn, Simmons & Nelson (2020), *Nature Human Behaviour* 4, 1208–1214 (specification curve);
Steegen et al. (2016), *Perspectives on Psychological Science* 11, 702–712 (multiverse).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

import survey
from sipas.changes import AFTER, BEFORE, Change, Year, compare
from sipas.composites import TOTAL
from sipas.indices import GroupWeights, SatisfactionIndex
from sipas.leader_weights import LeaderWeights
from sipas.linking import Link, linked
from sipas.responses import Answers
from sipas.robustness.answer_rules import (
    MakeDesign,
    Schemes,
    Variant,
    household_variants,
    leader_schemes,
    leader_variants,
)
from sipas.robustness.evaluation import evaluate_all
from sipas.robustness.index_parts import check_index, default_index
from sipas.robustness.results import SpecificationGrid
from survey.errors import SurveyError


def specification_grid(
    before: Answers,
    after: Answers | None = None,
    *,
    of: str | None = None,
    link: Link | Sequence[Link] | None = None,
    group_weights: GroupWeights | LeaderWeights | Schemes | None = None,
    design: MakeDesign = Answers.design,
    paired: bool = True,
) -> SpecificationGrid:
    r"""Compute an index, or its change between two years, under every defensible rule.

    Parameters
    ----------
    before : Answers
        Clean answers; the only year, or the earlier one.
    after : Answers, optional
        The later year: the grid is then of the change.
    of : str, optional
        The index: for households an aspect (by default the first of the questionnaire), for
        leaders ``"total"``.
    link : {"items", "rates", "dimensions"} or a sequence of them, optional
        What makes two years comparable, as in `sipas.compare`; several are crossed.
    group_weights : optional
        Households: ``{"district": {name: share}}`` adds the index weighted by group. Leaders:
        weights as in `sipas.leader_scores`, or several by name, ``{"plan": {…}, "old": {…}}``;
        ``equal``, ``respondents`` and, where forms sent are known, ``population`` are always
        tried. The first is the reference.
    design : callable, optional
        Gives the design of a year's answers; ``Answers.design`` by default.
    paired : bool
        Match communes of two years by name.

    Returns
    -------
    SpecificationGrid

    Raises
    ------
    SurveyError
        Answers that are not clean, a link without a second year, an index that there is not,
        and whatever `sipas.compare`, `sipas.satisfaction` and `sipas.leader_scores` raise.

    Notes
    -----
    Households: score (share satisfied; mean score) × *don't know* (no answer; not satisfied,
    which a mean score cannot express) × missing (item; listwise) × weights (the sheet's; none,
    where there are any) × groups × aggregate (dimensions; pooled) × mean (arithmetic; geometric)
    × left out (nothing; each dimension; each statement) × link. Leaders: group weights × left out
    × link. The reference is the first option of each, the rules of `sipas.satisfaction` by
    default. Listwise rows answered every statement, also one that is left out.

    Statement rates are estimated once for each rule on answers; everything else is a linear or a
    smooth function of them, with the covariance between the years (delta method). Verdicts are
    those of `sipas.compare`, one test a rule: the rules are not a family of claims, and the share
    of rules that agree is not a probability.

    Examples
    --------
    >>> import sipas
    >>> years = [sipas.clean(sipas.datasets.load_hue_households(y), f"sipas-{y}")
    ...          for y in (2021, 2022)]
    >>> grid = specification_grid(*years, link="items")
    >>> len(grid), grid.keeps_sign, grid.keeps_verdict
    (672, 672, 558)
    """
    _check(before, after, link)
    links: Sequence[Link | None] = [link] if link is None or isinstance(link, str) else list(link)
    sheets = [before] if after is None else [before, after]
    code = default_index(before.instrument) if of is None else of
    pairs, repeated = _pairs(sheets, links, code)
    variants = [
        replace(each, choices=each.choices | ({} if after is None else {"link": one or "same"}))
        for one, pair in pairs.items()
        for each in _variants(pair, design, group_weights)
    ]
    reference = _reference(variants[0].years, sheets, links[0], paired)
    matched = not isinstance(reference, Change) or reference.paired
    made = evaluate_all(variants, code, paired=matched)
    return SpecificationGrid(made.rules, made.estimates, made.years, code, reference, repeated)


def _pairs(
    sheets: Sequence[Answers], links: Sequence[Link | None], of: str
) -> tuple[dict[Link | None, Sequence[Answers]], dict[str, str]]:
    """Years on what each link makes comparable; links that compare the same are set aside."""
    pairs: dict[Link | None, Sequence[Answers]] = {}
    seen: dict[object, str] = {}
    repeated: dict[str, str] = {}
    for one in links:
        pair = sheets if len(sheets) == 1 else linked(sheets[0], sheets[1], one)
        check_index([sheet.instrument for sheet in pair], of)
        key = tuple(sheet.instrument.index_items for sheet in pair)
        if key in seen:
            repeated[str(one)] = seen[key]
            continue
        seen[key], pairs[one] = str(one), pair
    return pairs, repeated


def _variants(
    sheets: Sequence[Answers], design: MakeDesign, group_weights: Any
) -> Iterator[Variant]:
    """Rules on answers, of households or of leaders."""
    if sheets[0].instrument.kind == "leaders":
        return leader_variants(sheets, design, leader_schemes(sheets, group_weights))
    return household_variants(sheets, design, group_weights)


def _reference(
    years: tuple[Year, ...], sheets: Sequence[Answers], link: Link | None, paired: bool
) -> Change | Year:
    """Compute the result under the reference rules, with all that it warns of or refuses."""
    whole = [replace(year, answers=sheet) for year, sheet in zip(years, sheets, strict=True)]
    if len(years) == 1:
        return whole[0]
    if isinstance(years[0], SatisfactionIndex):
        return compare(whole[0], whole[1], link=link, paired=paired)
    stacked = survey.stack(*(year.estimates for year in years), keys=[BEFORE, AFTER])
    moved = stacked.contrast({TOTAL: {(AFTER, TOTAL): 1.0, (BEFORE, TOTAL): -1.0}})
    return Change(
        estimates=moved.labelled(pd.Index([TOTAL], name="code")),
        stacked=stacked,
        weighted=None,
        before=years[0],
        after=years[1],
        instruments=(sheets[0].instrument, sheets[1].instrument),
        link=link,
        equivalence=None,
        paired=paired,
    )


def _check(before: object, after: object, link: object) -> None:
    """Refuse what is not clean answers, and a link of one year."""
    for given in (before, after):
        if not isinstance(given, Answers) and (given is not None or given is before):
            raise SurveyError(
                f"specification_grid: got a {type(given).__name__}.",
                mend="Pass clean answers: sipas.clean(sheet, instrument).",
            )
    if after is None and link is not None:
        raise SurveyError(
            f"specification_grid(link={link!r}): there is one year only.",
            mend="Pass after= too, or leave link out.",
        )
