"""Which importances can be told apart: tests of all pairs, and the tiers that follow from them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from survey.adjusted_p_values import holm
from survey.estimates import Estimates
from survey.intervals import t_quantile
from survey.scores import Bools, Floats, Ints

#: Tiers that one letter names; the next have two.
LETTERS = 26


def pair_differences(
    estimates: Estimates, drawing: Floats, names: pd.Index, level: float
) -> pd.DataFrame:
    """Differences of every pair, the more important first, with Holm's adjustment.

    Parameters
    ----------
    estimates : Estimates
        K importances with their covariance.
    drawing : (K, K) float
        Covariance of the error of drawing orders.
    names : Index
        Their K names.
    level : float
        Confidence of the limits, each for its own pair.
    """
    higher, lower = ordered_pairs(estimates.point)
    eye = np.eye(len(names))
    matrix = eye[higher] - eye[lower]
    made = estimates.contrast(matrix)
    value, se, df = made.point, made.se.to_numpy(), made.df.to_numpy()
    half = t_quantile(level, df) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.asarray(2.0 * stats.t.sf(np.abs(value) / se, df))
    columns = {"estimate": value, "se": se, "low": value - half, "high": value + half}
    n = estimates.counts.valid
    columns |= {"n": np.minimum(n[higher], n[lower]), "df": df}
    columns |= {"p": p, "p_adjusted": holm(p)}
    columns["monte_carlo_se"] = np.sqrt(np.einsum("pk,kl,pl->p", matrix, drawing, matrix))
    index = pd.MultiIndex.from_arrays([names[higher], names[lower]], names=["higher", "lower"])
    return pd.DataFrame(columns, index=index)


def ordered_pairs(value: Floats) -> tuple[Ints, Ints]:
    """Positions of the two members of every pair, by falling importance."""
    order = falling(value)
    first, second = np.triu_indices(len(value), 1)
    return order[first], order[second]


def falling(value: Floats) -> Ints:
    """Positions by falling importance; equal ones as they come."""
    return np.argsort(-value, kind="stable").astype(np.int64)


def tiers_of(value: Floats, apart: Bools) -> pd.DataFrame:
    """Tier and range of ranks of each of K importances, from the pairs told apart.

    Parameters
    ----------
    value : (K,) float
        Importances.
    apart : (K (K − 1) / 2,) bool
        Whether the pair is told apart, in the order of `ordered_pairs`.

    Notes
    -----
    From the most important downwards, an importance opens a new tier when it is told apart from
    any member of the current one; so no two of a tier are told apart. Its rank is at least one
    more than the importances above that it is told apart from, and at most K less those below.
    """
    size, order = len(value), falling(value)
    told = np.zeros((size, size), dtype=np.bool_)
    told[np.triu_indices(size, 1)] = apart
    tier, start = np.zeros(size, dtype=np.int64), 0
    for k in range(1, size):
        if told[start:k, k].any():
            start = k
        tier[k] = tier[k - 1] + (start == k)
    found = {
        "tier": [_letter(int(number)) for number in tier],
        "rank_low": 1 + told.sum(axis=0),
        "rank_high": size - told.sum(axis=1),
    }
    return pd.DataFrame(found, index=order)


def _letter(number: int) -> str:
    """Name a tier: A to Z, then AA, AB and so on."""
    before = "" if number < LETTERS else _letter(number // LETTERS - 1)
    return before + chr(ord("A") + number % LETTERS)
