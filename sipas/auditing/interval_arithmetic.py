"""Interval arithmetic on relations: what each figure must be, given the others.

All relations at once, as flat arrays; a relation is linear (a signed sum that is zero) or a
product (first × third = factor × second).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sipas.auditing.printed_numbers import Floats
from sipas.auditing.relations import Relation

_Ints = NDArray[np.int64]
#: What two intervals may miss each other by and still be said to meet (binary fractions).
SLACK = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """Relations as flat arrays: one entry a member, and where each relation begins."""

    relation: _Ints
    cell: _Ints
    coefficient: Floats
    starts: _Ints
    products: _Ints
    factor: Floats


def compiled(relations: Sequence[Relation]) -> Compiled:
    """Put relations into flat arrays; those without arithmetic (*between*) have no entry."""
    lengths = [len(one.members) if one.coefficients else 0 for one in relations]
    product = [at for at, one in enumerate(relations) if one.factor == one.factor]
    flat = [one for one in relations if one.coefficients]
    return Compiled(
        relation=np.repeat(np.arange(len(relations)), lengths),
        cell=np.array([cell for one in flat for cell in one.members], dtype=np.int64),
        coefficient=np.array([c for one in flat for c in one.coefficients], dtype=float),
        starts=np.cumsum([0, *lengths]),
        products=np.array(product, dtype=np.int64),
        factor=np.array([relations[at].factor for at in product], dtype=float),
    )


def implied(
    compiled: Compiled, relations: Sequence[Relation], low: Floats, high: Floats
) -> list[tuple[Floats, Floats]]:
    """Give for each relation the interval that the others imply for each of its members.

    Parameters
    ----------
    low, high : array of float, shape (figures,)
        The interval of each figure; infinite where nothing is known.

    Returns
    -------
    list of (low, high)
        One pair of arrays a relation, in the order of its members; empty without arithmetic.
    """
    lows, highs = _linear(compiled, low, high, len(relations))
    bounds = compiled.starts
    made = [(lows[a:b], highs[a:b]) for a, b in pairwise(bounds.tolist())]
    members = np.array([relations[at].members for at in compiled.products], dtype=np.int64)
    for at, pair in zip(
        compiled.products, _products(members, compiled.factor, low, high), strict=True
    ):
        made[at] = pair
    return made


def _linear(compiled: Compiled, low: Floats, high: Floats, count: int) -> tuple[Floats, Floats]:
    """Solve each linear relation for each of its members."""
    c, relation = compiled.coefficient, compiled.relation
    ends = np.sort(np.stack([c * low[compiled.cell], c * high[compiled.cell]]), axis=0)
    rest = []
    for end in ends:
        open_ = ~np.isfinite(end)
        shut = np.where(open_, 0.0, end)
        total = np.bincount(relation, shut, minlength=count)[relation] - shut
        others_open = np.bincount(relation, open_, minlength=count)[relation] - open_ > 0
        rest.append((total, others_open))
    (least, least_open), (most, most_open) = rest
    # c·x = −(the rest): its ends, then divided by c, which may turn them round
    ends = np.stack([np.where(most_open, -np.inf, -most), np.where(least_open, np.inf, -least)])
    solved = np.sort(ends / c, axis=0)
    return solved[0], solved[1]


def _products(
    members: _Ints, factor: Floats, low: Floats, high: Floats
) -> list[tuple[Floats, Floats]]:
    """Solve first × third = factor × second for each of the three; nothing is negative."""
    if not len(members):
        return []
    lo, hi = np.maximum(low[members], 0.0), np.maximum(high[members], 0.0)
    k = factor
    with np.errstate(divide="ignore", invalid="ignore"):
        lows = [k * lo[:, 1] / hi[:, 2], lo[:, 0] * lo[:, 2] / k, k * lo[:, 1] / hi[:, 0]]
        highs = [k * hi[:, 1] / lo[:, 2], hi[:, 0] * hi[:, 2] / k, k * hi[:, 1] / lo[:, 0]]
    low3 = np.nan_to_num(np.stack(lows, axis=1), nan=0.0, posinf=0.0)
    high3 = np.nan_to_num(np.stack(highs, axis=1), nan=np.inf, posinf=np.inf)
    return list(zip(low3, high3, strict=True))


def meets(low: float, high: float, other_low: float, other_high: float) -> bool:
    """Say whether two intervals have more than an end in common.

    What is rounded half-up never reaches the upper end of its interval, so two that only touch
    cannot both hold. A single value may lie on an end: nobody knows how a tie was settled.

    Examples
    --------
    >>> meets(79.155, 79.165, 79.16, 79.2), meets(79.155, 79.165, 79.165, 79.175)
    (True, False)
    >>> meets(79.155, 79.165, 79.165, 79.165)
    True
    """
    slack = SLACK * max(1.0, abs(low) if np.isfinite(low) else 1.0)
    common = min(high, other_high) - max(low, other_low)
    single = min(high - low, other_high - other_low) <= slack
    return bool(common >= -slack) if single else bool(common > slack)
