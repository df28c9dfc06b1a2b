"""Answers counted by level, group and statement, and why there is no answer: what lies beneath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sipas.responses.answers import REASONS
from survey.errors import SurveyError, first_five
from survey.rows import complete_rows
from survey.scores import Floats, Ints, indicator


@dataclass(frozen=True, slots=True, eq=False)
class Tabulation:
    """Counts of the answers to J statements by G groups.

    Parameters
    ----------
    plain, weighted : (L, G, J) float
        Number, and sum of weights, of each answer that is used.
    asked : (G, J) float
        Forms.
    without : mapping of str to (G, J) float
        Forms without an answer, by reason.
    set_aside : (G, J) float
        Answers not used because the same form lacks another one (listwise).
    even : (G,) bool
        Whether all forms of the group weigh the same.
    """

    plain: Floats
    weighted: Floats
    asked: Floats
    without: dict[str, Floats]
    set_aside: Floats
    even: list[bool]


def tabulate(
    given: pd.DataFrame,
    reasons: pd.DataFrame,
    *,
    levels: Sequence[int],
    group: Ints,
    n_groups: int,
    weight: Floats,
    listwise: bool,
) -> Tabulation:
    """Count answers.

    Parameters
    ----------
    given, reasons : DataFrame
        Answers as given, and why there is none, shape (n, J).
    levels : sequence of L int
        The answers that the scale allows.
    group : (n,) int
        Group of each row, -1 outside all.
    n_groups : int
        Number of groups.
    weight : (n,) float
        Weight of each row.
    listwise : bool
        Whether only forms with every answer are used.

    Raises
    ------
    SurveyError
        If answers and missing answers do not add up to the forms.
    """
    inside = np.flatnonzero(group >= 0)
    own, own_weight = group[inside], weight[inside]
    values, why = given.to_numpy(np.float64)[inside], reasons.to_numpy()[inside]
    answered = ~np.isnan(values)
    used = complete_rows(answered) if listwise else answered
    count, add = indicator(own, n_groups), indicator(own, n_groups, own_weight)
    chosen = [((values == level) & used).astype(np.float64) for level in levels]
    made = Tabulation(
        plain=np.stack([count @ one for one in chosen]),
        weighted=np.stack([add @ one for one in chosen]),
        asked=np.asarray(count @ np.ones(values.shape)),
        without={
            reason: np.asarray(count @ (why == reason).astype(np.float64)) for reason in REASONS
        },
        set_aside=np.asarray(count @ (answered & ~used).astype(np.float64)),
        even=_even(own, own_weight, n_groups),
    )
    _check(made, given.columns)
    return made


def _even(group: Ints, weight: Floats, n_groups: int) -> list[bool]:
    """Say of each group whether its forms weigh the same."""
    low, high = np.full(n_groups, np.inf), np.full(n_groups, -np.inf)
    np.minimum.at(low, group, weight)
    np.maximum.at(high, group, weight)
    return [bool(same) for same in low >= high]


def _check(made: Tabulation, items: pd.Index) -> None:
    """Refuse counts that do not add up to the forms."""
    missing = np.sum(list(made.without.values()), axis=0)
    off = (made.plain.sum(axis=0) + missing + made.set_aside != made.asked).any(axis=0)
    if off.any():
        raise SurveyError(
            f"explain: answers to {first_five(items[off])} do not add up to the forms.",
            mend="Its answers are not on the scale, or the data were changed after cleaning.",
        )
