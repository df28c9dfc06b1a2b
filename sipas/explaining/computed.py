"""What was computed, in one form for households and leaders: nothing is estimated here.

Rates of the groups behind a weighted household index are not kept with it; the function that made
the index gives them, under the same rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

import survey
from sipas.composites import Scheme, oriented
from sipas.explaining.words import column_word, worded
from sipas.indices import SatisfactionIndex, satisfaction, statement_rates
from sipas.leaders import GROUP, LeaderScores, item_scores
from sipas.responses import Answers
from sipas.sentences import Text
from survey.errors import SurveyError, did_you_mean, first_five
from survey.scores import Bools, Floats, Ints
from survey.stacking import label_parts

Index = SatisfactionIndex | LeaderScores
Domain = str | tuple[object, ...] | None

#: Of what each level is made; pooled aspects are made of statements.
BELOW = {"overall": "aspect", "aspect": "dimension", "dimension": "statement"}


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """The numbers of an index, or of one domain of it.

    Parameters
    ----------
    answers, design, scheme
        As in the index.
    estimates : survey.Estimates
        One estimate a code, in the order of the scheme.
    groups : survey.Estimates or None
        One estimate a code and group, code slowest, where groups are weighed.
    names : tuple of str
        The groups.
    labels : tuple of Text
        How the groups are called.
    shares : (G, J) float
        Weight of each group in each statement.
    group : (n,) int
        Group of each row (0 without groups), -1 outside.
    domain : Text or None
        The domain, or the weighting, in words.
    scores : (L, J) float
        What each answer as it was given counts, 0 to 100.
    satisfied : (L, J) bool
        Whether that answer counts as satisfied.
    below : mapping of str to str
        Of what each level is made.
    maxima, points : (K,) float or None
        Maximum points, and points computed, of each code; leaders only.
    listwise : bool
        Whether only complete forms are used.
    """

    answers: Answers
    design: survey.Design
    scheme: Scheme
    estimates: survey.Estimates
    groups: survey.Estimates | None
    names: tuple[str, ...]
    labels: tuple[Text, ...]
    shares: Floats
    group: Ints
    domain: Text | None
    scores: Floats
    satisfied: Bools
    below: dict[str, str]
    maxima: Floats | None
    points: Floats | None
    listwise: bool


def computed(index: Index, domain: Domain, *, weighted: bool) -> Computed:
    """Take the numbers out of an index."""
    if isinstance(index, LeaderScores):
        return _leaders(index, domain, weighted=weighted)
    if not weighted:
        return _households(index, domain)
    if index.weighted is None or domain is not None:
        why = "the index is not weighted by group" if index.weighted is None else "got domain="
        raise SurveyError(
            f"explain(weighted=True): {why}.",
            mend="Compute the index with group_weights={column: shares}, and leave out domain=.",
        )
    return _weighted(index, index.weighted)


def _households(index: SatisfactionIndex, domain: Domain) -> Computed:
    """Take an index, or one domain of it."""
    rows = index.design.inside.copy()
    estimates: survey.Estimates = index.estimates
    said = None
    if index.by or domain is not None:
        place, key = _domain_place(index.estimates.labels, index.by, domain)
        estimates = estimates.pick(np.flatnonzero(place))
        for column, value in zip(index.by, key, strict=True):
            rows &= np.asarray(index.design.data[column] == value, dtype=bool)
        said = _said({c: Text(str(v), str(v)) for c, v in zip(index.by, key, strict=True)})
    return _of_households(index, estimates, np.where(rows, 0, -1), said)


def _weighted(index: SatisfactionIndex, estimates: survey.Estimates) -> Computed:
    """Take the index weighted by group, with the rates of its groups."""
    rules = index.rules
    ((column, given),) = (rules.group_weights or {}).items()
    by_group = satisfaction(
        index.answers,
        design=index.design,
        by=column,
        score=rules.score,
        aggregate=rules.aggregate,
        missing=rules.missing,
        policy_weight=rules.policy_weight,
    ).estimates
    names = [str(name) for name in by_group.labels.get_level_values(column).unique()]
    said = worded("heading", "weighted", column=column_word(column))
    share = np.array([given[name] for name in names], dtype=np.float64)
    made = _of_households(index, estimates, _numbered(index.design, column, names), said)
    return replace(
        made,
        groups=by_group,
        names=tuple(names),
        labels=tuple(Text(name, name) for name in names),
        shares=np.repeat((share / share.sum())[:, None], len(index.scheme.items), axis=1),
    )


def _of_households(
    index: SatisfactionIndex, estimates: survey.Estimates, group: Ints, said: Text | None
) -> Computed:
    """Gather what all household indices have."""
    pooled = {"aspect": "statement"} if index.rules.aggregate == "pooled" else {}
    sheet = _every_answer(index.answers)
    return Computed(
        answers=index.answers,
        design=index.design,
        scheme=index.scheme,
        estimates=estimates,
        groups=None,
        names=(),
        labels=(),
        shares=np.zeros((0, len(index.scheme.items))),
        group=group,
        domain=said,
        scores=_scores(sheet, partial(statement_rates, rules=index.rules)),
        satisfied=_satisfied(sheet),
        below=BELOW | pooled,
        maxima=None,
        points=None,
        listwise=index.rules.missing == "listwise",
    )


def _leaders(scores: LeaderScores, domain: Domain, *, weighted: bool) -> Computed:
    """Take leader scores, or those of one group."""
    if weighted:
        raise SurveyError(
            "explain(weighted=True): leader scores are always weighted.", mend="Leave it out."
        )
    instrument, sheet = scores.instrument, _every_answer(scores.answers)
    names = tuple(str(name) for name in scores.weights.index)
    every = Computed(
        answers=scores.answers,
        design=scores.design,
        scheme=scores.scheme,
        estimates=scores.estimates,
        groups=scores.groups,
        names=names,
        labels=tuple(
            Text(instrument.label(name, "vi"), instrument.label(name, "en")) for name in names
        ),
        shares=scores.weights.to_numpy(dtype=np.float64),
        group=_numbered(scores.design, GROUP, names),
        domain=None,
        scores=_scores(sheet, item_scores),
        satisfied=_satisfied(sheet),
        below={"total": "dimension", "dimension": "statement"},
        maxima=scores.max_points.to_numpy(),
        points=scores.points.point,
        listwise=False,
    )
    return every if domain is None else _one_group(every, domain)


def _one_group(every: Computed, domain: Domain) -> Computed:
    """Take the scores of one group of leaders."""
    assert every.groups is not None
    place, (name,) = _domain_place(every.groups.labels, (GROUP,), domain)
    number = every.names.index(str(name))
    return replace(
        every,
        estimates=every.groups.pick(np.flatnonzero(place)),
        groups=None,
        names=(),
        labels=(),
        shares=every.shares[:0],
        group=np.where(every.group == number, 0, -1),
        domain=_said({GROUP: every.labels[number]}),
        points=None,
    )


def _said(values: dict[str, Text]) -> Text:
    """Name a domain in both languages."""
    vi = ", ".join(f"{column_word(column).vi} = {value.vi}" for column, value in values.items())
    en = ", ".join(f"{column_word(column).en} = {value.en}" for column, value in values.items())
    return Text(vi, en)


def _domain_place(
    labels: pd.Index, by: tuple[str, ...], domain: Domain
) -> tuple[Bools, tuple[object, ...]]:
    """Find the estimates of one domain, and its values as the data hold them."""
    if not by:
        raise SurveyError(
            f"explain(domain={domain!r}): the index has no domains.",
            mend="Compute it with by=column, or leave domain= out.",
        )
    keys = pd.MultiIndex.from_arrays([labels.get_level_values(column) for column in by])
    known = {tuple(map(str, key)): key for key in keys.unique()}
    wanted = tuple(str(part) for part in label_parts(domain))
    if domain is None or wanted not in known:
        shown = [" × ".join(key) for key in known]
        got = "" if domain is None else f" no domain {domain!r};"
        raise SurveyError(
            f"explain(domain=):{got} the index is by {' × '.join(by)}.",
            mend=f"Choose one of {first_five(shown)}."
            if domain is None
            else did_you_mean(" × ".join(wanted), shown),
        )
    key = known[wanted]
    return np.asarray(keys == key), tuple(key)


def _numbered(design: survey.Design, column: str, names: list[str] | tuple[str, ...]) -> Ints:
    """Give each row the number of its group, -1 outside."""
    place = pd.Index(names).get_indexer(pd.Index(design.data[column].astype(str)))
    return np.where(design.inside, place, -1).astype(np.int64)


def _every_answer(answers: Answers) -> Answers:
    """Make a sheet on which each answer of the scale is given once to every item."""
    levels = np.array(answers.instrument.scale.levels, dtype=np.float64)
    items = [item.code for item in answers.instrument.index_items]
    return replace(answers, data=pd.DataFrame(dict.fromkeys(items, levels)))


def _scores(sheet: Answers, rule: Callable[[Answers], pd.DataFrame]) -> Floats:
    """Let the rule of the index itself say what each answer counts, shape (L, J)."""
    return rule(sheet).to_numpy(dtype=np.float64)


def _satisfied(sheet: Answers) -> Bools:
    """Say which answers count as satisfied, shape (L, J)."""
    return oriented(sheet).isin(sheet.instrument.scale.satisfied).to_numpy(dtype=bool)
