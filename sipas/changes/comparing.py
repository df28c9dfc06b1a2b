r"""The change from one year to the next: both years stacked, and one contrast of them.

Both years are recomputed under the same rules and stacked with their covariance. The standard
error of a change knows whether the same communes were visited, and its degrees of freedom are
those of the communes.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

import survey
from sipas.changes.results import Change
from sipas.changes.same_rules import check_rules, computed
from sipas.changes.years import AFTER, BEFORE, Year, answers_of, mind_order
from sipas.indices import SatisfactionIndex
from sipas.linking import Link, linked
from sipas.responses import Answers
from sipas.verdicts import levels_of
from survey.errors import SurveyError, SurveyWarning, first_five
from survey.stacking import label_parts


def compare(
    before: Answers | Year,
    after: Answers | Year,
    *,
    link: Link | None = None,
    equivalence: float | None = None,
    paired: bool = True,
    **rules: Any,
) -> Change:
    r"""Compare two years under the same rules, with the covariance between them.

    Parameters
    ----------
    before, after : Answers, SatisfactionIndex or LeaderScores
        The two years. Computed results must have been computed under the same rules.
    link : {"items", "rates", "dimensions"}, optional
        What makes years of different instruments comparable; see `sipas.linking.linked`.
        Statement rows come only with ``"items"`` or the same instrument.
    equivalence : float, optional
        Margin δ in percentage points, for the verdicts *equivalent* and *by less than the
        margin*; to be set before looking.
    paired : bool
        Match communes by name (True), or declare that they were drawn anew. One single commune
        in common tells no covariance: the years then count as independent, with a warning.
    **rules
        Arguments of `sipas.satisfaction` or `sipas.leader_scores`. A table of group weights may
        hold items that only one year asked, or that the link leaves out. For leaders
        ``superpopulation=True`` leaves out the finite population correction, so that years in
        which everyone answered are tested as samples of leaders like them; without it they are
        a census, and have a change but no p. (A census of households is one by its design:
        leave out ``fpc=`` there.)

    Returns
    -------
    Change

    Raises
    ------
    SurveyError
        Different instruments without a link, results under different rules, a margin that is not
        positive.

    Notes
    -----
    :math:`\hat\Delta = \hat\theta_2 - \hat\theta_1`, variance :math:`V_1 + V_2 - 2 C_{12}` with
    the covariance over PSUs that both years hold; t with the degrees of freedom of
    `survey.samples`. Dimensions adjusted by Holm (1979), statements by Benjamini & Hochberg
    (1995), the index itself not. Equivalence by two one-sided tests (Schuirmann 1987). In R:
    ``svycontrast`` on both years in one design, ``p.adjust``.

    Examples
    --------
    >>> import sipas
    >>> years = [sipas.clean(sipas.datasets.load_hue_households(y), f"sipas-{y}")
    ...          for y in (2021, 2022)]
    >>> moved = sipas.compare(*years, link="items")
    >>> moved.table().loc["services", ["before", "after", "estimate"]].astype(float).round(2)
    before      88.60
    after       79.56
    estimate    -9.04
    Name: services, dtype: float64
    """
    _check_margin(equivalence)
    check_rules(answers_of(after), rules, alone=isinstance(after, Answers))
    first, last = linked(answers_of(before), answers_of(after), link)
    mind_order(first, last, "compare")
    years = computed(before, after, first, last, rules)
    stacked, paired = _stacked(years, paired)
    labels = _common_labels(years, statements=link in (None, "items"))
    difference = _difference(stacked, labels)
    return Change(
        estimates=replace(difference, notes=(*difference.notes, *_notes(years, difference))),
        stacked=stacked,
        weighted=_weighted_change(years, labels, paired),
        before=years[0],
        after=years[1],
        instruments=(answers_of(before).instrument, answers_of(after).instrument),
        link=link,
        equivalence=equivalence,
        paired=paired,
    )


def _check_margin(equivalence: float | None) -> None:
    """Refuse a margin that is no positive number."""
    if equivalence is None:
        return
    if not (isinstance(equivalence, Real) and 0.0 < equivalence < np.inf):
        raise SurveyError(
            f"compare(equivalence=): got {equivalence!r}.",
            mend="Give a positive margin in percentage points, such as 3.",
        )


def _stacked(years: tuple[Year, Year], paired: bool) -> tuple[survey.Estimates, bool]:
    """Stack the years, paired where more than one PSU is in both."""
    results = [year.estimates for year in years]
    stacked = survey.stack(*results, keys=[BEFORE, AFTER], paired=paired)
    if stacked.shared_psus != 1:
        return stacked, paired
    named = [set(part.sample.names or ()) for part in stacked.parts]
    said = f"Only one PSU, {first_five(named[0] & named[1])}, is in both years"
    warnings.warn(
        f"compare: {said}, and one tells no covariance: the years are taken as independent. "
        "Declare it with paired=False.",
        SurveyWarning,
        stacklevel=3,
    )
    alone = survey.stack(*results, keys=[BEFORE, AFTER], paired=False)
    return replace(alone, notes=(*alone.notes, f"{said}; taken as independent.")), False


def _common_labels(years: tuple[Year, Year], *, statements: bool) -> pd.Index:
    """Labels that both years have, without statements where these are not comparable."""
    old, new = (year.estimates.labels for year in years)
    labels = new[new.isin(old)]
    levels = levels_of(years[1].scheme, labels)
    return labels if statements else labels[(levels != "statement").to_numpy()]


def _notes(years: tuple[Year, Year], difference: survey.Estimates) -> tuple[str, ...]:
    """Say which domains only one of the years holds, and which changes have no test."""
    names = [
        {label[1:] for label in year.estimates.labels if isinstance(label, tuple)}
        for year in years
    ]
    alone = sorted(" × ".join(map(str, label)) for label in names[0] ^ names[1])
    few = difference.labels[(difference.df < 1).to_numpy()]
    said = (
        f"In one year only, and not compared: {first_five(alone)}." if alone else "",
        f"Less than one degree of freedom, so no test: {first_five(few)}." if len(few) else "",
    )
    return tuple(note for note in said if note)


def _difference(stacked: survey.Estimates, labels: pd.Index) -> survey.Estimates:
    """Contrast the later with the earlier year."""
    place = {label: k for k, label in enumerate(stacked.labels)}
    matrix = np.zeros((len(labels), len(stacked)))
    for row, label in enumerate(labels):
        matrix[row, place[(AFTER, *label_parts(label))]] = 1.0
        matrix[row, place[(BEFORE, *label_parts(label))]] = -1.0
    return stacked.contrast(matrix, what="Change (percentage points)").labelled(labels)


def _weighted_change(
    years: tuple[Year, Year], labels: pd.Index, paired: bool
) -> survey.Estimates | None:
    """Change of the group-weighted indices, where both years have them."""
    made = [year.weighted for year in years if isinstance(year, SatisfactionIndex)]
    if len(made) < 2 or made[0] is None or made[1] is None:
        return None
    stacked = survey.stack(made[0], made[1], keys=[BEFORE, AFTER], paired=paired)
    return _difference(stacked, labels)
