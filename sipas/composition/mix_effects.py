"""The mix of those who answered, and what it did to an index.

Three questions are easily confused. *Accounting* (`sipas.contributions`): which statements,
places or groups make up the change. *Composition* (here): how much of it is there because other
people answered. *Importance*: which aspects go with overall satisfaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
import pandas as pd

import survey
from sipas.changes import AFTER, BEFORE, Change, index_to_split
from sipas.composition.factors import check_factors, speaking_as_mix_effect
from sipas.composition.results import MIX, TOTAL, UNEXPLAINED, WITHIN, Method, MixEffect
from sipas.indices import SatisfactionIndex, statement_rates
from sipas.leaders import GROUP, LeaderScores
from survey.decomposition import kitagawa, oaxaca
from survey.decomposition.standardised_rates import standardised
from survey.errors import SurveyError, require_option
from survey.scores import Floats

#: Effects must add up to the change within this, in percentage points.
CLOSES = 1e-9


def mix_effect(
    change: Change,
    by: str | Sequence[str],
    *,
    of: str | None = None,
    method: Method = "das_gupta",
) -> MixEffect:
    r"""Split a change into change inside groups and change of the mix of groups.

    Parameters
    ----------
    change : Change
        From `sipas.compare`, without domains and with statement rows (same instrument, or
        ``link="items"``).
    by : str or list of str
        Columns that say who answered, filled in every row: up to four, crossed with each other;
        with ``method="oaxaca"`` any number, also of numbers such as age. For leaders
        ``"group"``.
    of : str, optional
        The index; the overall one by default, else services, else the leaders' total.
    method : {"das_gupta", "oaxaca"}
        Standardisation of the rates of the crossed groups (Kitagawa 1955 for one factor, Das
        Gupta 1993 for several), or linear models on the predictors (Oaxaca 1973, Blinder 1973).

    Returns
    -------
    MixEffect

    Raises
    ------
    SurveyError
        No statement rows, an unknown index or column, rows without a group, more than four
        factors.

    Notes
    -----
    The index is a weighted mean of statements; every statement is split with the shares of those
    who answered it, and the splits are weighed alike, so the effects sum to the change under any
    pattern of missing answers: see `survey.kitagawa` and `survey.oaxaca`, also for the groups that
    only one year has (their arrival is mix). Standard errors by linearisation, with the covariance
    of the years.

    Who answered is not why: a mix effect says what the change would have been without it only if
    groups would have answered as they did in other proportions.

    Leaders: the weights of the groups are the mix. They are fixed numbers, so there is a mix
    effect only where they differ between the years (``group_weights="respondents"``).

    Examples
    --------
    >>> import sipas
    >>> from sipas.composition import mix_effect
    >>> years = [sipas.clean(sipas.datasets.load_hue_households(y), f"sipas-{y}")
    ...          for y in (2021, 2022)]
    >>> moved = sipas.compare(*years, link="items")
    >>> mix_effect(moved, ["gender", "education"]).table()["estimate"].round(2).to_dict()
    {'within': -9.11, 'gender': -0.02, 'education': 0.09, 'mix': 0.07, 'total': -9.04}
    """
    require_option(method, get_args(Method), where="mix_effect(method=)")
    code = index_to_split(change, of, "mix_effect")
    factors = [by] if isinstance(by, str) else list(by)
    check_factors(change, factors, method)
    if isinstance(change.before, LeaderScores):
        made = _of_leaders(change, code, factors, method)
    else:
        made = _of_households(change, code, factors, method)
    return MixEffect(_closed(made, change, code), change, code, tuple(factors), method)


def _of_households(
    change: Change, code: str, factors: list[str], method: Method
) -> survey.Estimates:
    """Split every statement, and weigh the splits as the index weighs the statements."""
    before, after = change.before, change.after
    assert isinstance(before, SatisfactionIndex)
    assert isinstance(after, SatisfactionIndex)
    items = list(change.scheme.items)
    rates = [statement_rates(year.answers, year.rules)[items] for year in (before, after)]
    arguments = (before.design, after.design, (rates[0], rates[1]), factors)
    rule, split_by = after.rules.missing, oaxaca if method == "oaxaca" else kitagawa
    with speaking_as_mix_effect(factors):
        split = split_by(*arguments, missing=rule, paired=change.paired)
    order = list(range(len(factors) + 1))
    if method == "oaxaca":
        order = [order[-1], *order[:-1]]  # what is not explained comes first
    size = len(factors) + 2
    matrix = np.asarray(np.kron(change.scheme.row(code), np.eye(size)[order]), dtype=np.float64)
    return _summed(split, matrix, factors, method)


def _of_leaders(change: Change, code: str, factors: list[str], method: Method) -> survey.Estimates:
    """Split every item by group of leaders, whose weights are the mix."""
    before, after = change.before, change.after
    assert isinstance(before, LeaderScores)
    assert isinstance(after, LeaderScores)
    if factors != [GROUP] or method != "das_gupta":
        raise SurveyError(
            f"mix_effect(by={factors}, method={method!r}): leader scores are made of groups.",
            mend=f"Use by={GROUP!r}.",
        )
    items = list(change.scheme.items)
    groups = before.weights.index.union(after.weights.index)
    stacked = survey.stack(before.groups, after.groups, keys=[BEFORE, AFTER], paired=change.paired)
    shape = (len(items), len(groups))
    places = [
        stacked.labels.get_indexer(pd.MultiIndex.from_product([[key], items, groups]))
        for key in (BEFORE, AFTER)
    ]
    rates = [np.where(place >= 0, stacked.point[place], np.nan).reshape(shape) for place in places]
    shares = [
        year.weights.reindex(index=groups, columns=items).fillna(0.0).to_numpy().T
        for year in (before, after)
    ]
    effects = standardised(rates[0], shares[0], rates[1], shares[1])
    weights = change.scheme.row(code)
    jacobian = np.zeros((2, len(stacked)))
    for place, slopes in zip(places, effects.rates, strict=True):
        there = place >= 0
        weighed = (slopes * weights[:, None]).reshape(2, -1)
        jacobian[:, place[there]] += weighed[:, there]
    labels = pd.Index([WITHIN, GROUP])
    split = stacked.smooth(effects.value @ weights, jacobian, labels, what="Mix effect")
    return _summed(split, np.eye(2), factors, method)


def _summed(
    split: survey.Estimates, matrix: Floats, factors: list[str], method: Method
) -> survey.Estimates:
    """Add the mix of all factors and the total to the effects that the matrix makes."""
    factor_rows = matrix[1:]
    mix = factor_rows.sum(axis=0, keepdims=True)
    whole = np.vstack([matrix, mix, matrix[:1] + mix])
    first = UNEXPLAINED if method == "oaxaca" else WITHIN
    labels = pd.Index([first, *factors, MIX, TOTAL], name="effect")
    return split.contrast(whole, what="Mix effect (percentage points)").labelled(labels)


def _closed(made: survey.Estimates, change: Change, code: str) -> survey.Estimates:
    """Check that the effects add up to the change."""
    moved = change.estimates.point[change.estimates.labels.get_loc(code)]
    if not abs(made.point[-1] - moved) <= CLOSES:
        raise SurveyError(
            f"mix_effect: the effects add up to {made.point[-1]:.10f}, the change is "
            f"{moved:.10f}.",
            mend="Some rows have no value in the split columns; fill them in for every row.",
        )
    return made
