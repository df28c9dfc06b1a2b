r"""Definitions of a weighted quantile, named as R's ``qrule``.

All of them read a quantile off points :math:`(p_k, x_{(k)})`, where :math:`C_k` is the sum of
the first *k* weights and :math:`p_k` is made of it. The rules of Hyndman & Fan (1996), *American
Statistician* 50, 361–365, with weights as in R's ``survey``:

========================  ======================================================
``math``, ``hf1``         smallest *x* that reaches :math:`C_k \ge pC_n`
``school``, ``hf2``       the same; halfway to the next *x* where it is met exactly
``hf3``                   the same on distinct values; the even one where met exactly (R's
                          ``survey``; Hyndman and Fan's own rule 3 takes the nearest value)
``hf4``                   linear between :math:`C_k / C_n`
``hf5``                   linear between :math:`(C_k - w_k/2) / C_n`
``hf6``                   linear between :math:`C_k / (C_n + w_n)`
``hf7``                   linear between :math:`C_{k-1} / C_{n-1}`
``hf8``                   linear between :math:`(C_{k-1} + 2C_k) / (3C_n + w_n)`
``hf9``                   linear between :math:`(3C_{k-1} + 5C_k) / (8C_n + 2w_n)`
``shahvaish``             largest *x* with :math:`(C_k + 1/2 - w_k/2) / (n+1) \le p`, weights
                          scaled to mean 1 (R's ``survey`` scales the sum but not the term)
========================  ======================================================

The linear rules depend on the order of rows where values tie and weights differ, here as in R.
Below the first point every rule gives the smallest value. Where the weights up to a value are
just the share asked for, every value up to the next is a quantile, and rounding of the weights'
sum may decide between the two, here as in R.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from survey.scores import Bools, Floats, Ints

Rule = Literal[
    "math", "school", "shahvaish", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9"
]  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """Values of one item in one domain in ascending order, with their weights.

    Parameters
    ----------
    x, w : (n,) float
        Values and positive weights.
    """

    x: Floats
    w: Floats


def ordered(values: Floats, weight: Floats) -> Ordered:
    """Order values, rows of equal value as they come, and leave out rows of no weight."""
    used = np.flatnonzero(weight > 0)
    order = used[np.argsort(values[used], kind="stable")]
    return Ordered(values[order], weight[order])


def quantiles_of(data: Ordered, probs: Floats, rule: Rule) -> Floats:
    """Quantiles of one set of values; missing where the share asked for is outside 0 to 1.

    Parameters
    ----------
    data : Ordered
        Values and weights.
    probs : (P,) float
        Shares asked for.
    rule : str
        Name of the definition.

    Examples
    --------
    >>> data = ordered(np.array([1.0, 2, 3, 4]), np.ones(4))
    >>> {rule: float(quantiles_of(data, np.array([0.5]), rule)[0]) for rule in ("math", "hf2")}
    {'math': 2.0, 'hf2': 2.5}
    """
    possible = (probs >= 0) & (probs <= 1)
    if not len(data.x):
        return np.full(probs.shape, np.nan)
    found = RULES[rule](data, np.where(possible, probs, 0.0))
    return np.where(possible, found, np.nan)


def _left(data: Ordered, probs: Floats) -> Floats:
    """Smallest value that reaches the share."""
    reached, met, last = _reached(data.w, probs)
    return data.x[np.where(met, reached - 1, np.minimum(reached, last))]


def _school(data: Ordered, probs: Floats) -> Floats:
    """Halfway between two values where the share is met exactly."""
    reached, met, last = _reached(data.w, probs)
    after = data.x[np.minimum(reached, last)]
    return np.where(met, (data.x[np.maximum(reached - 1, 0)] + after) / 2.0, after)


def _even(data: Ordered, probs: Floats) -> Floats:
    """Of two distinct values the even one where the share is met exactly."""
    distinct, place = np.unique(data.x, return_inverse=True)
    weight: Floats = np.bincount(place, weights=data.w).astype(np.float64)
    reached, met, last = _reached(weight, probs)
    return distinct[np.where(met & (reached % 2 == 0), reached - 1, np.minimum(reached, last))]


def _reached(weight: Floats, probs: Floats) -> tuple[Ints, Bools, int]:
    """How many cumulated weights lie within the share, whether the last meets it, the last row."""
    upto = _cumulated(weight)
    reached = np.searchsorted(upto, probs * upto[-1], side="right")
    met = (reached > 0) & (upto[np.maximum(reached - 1, 0)] / upto[-1] == probs)
    return reached, met, len(upto) - 1


def _cumulated(weight: Floats) -> Floats:
    """Cumulate in extended precision, as R does where it can: ties hang on the last digit."""
    return np.cumsum(weight, dtype=np.longdouble).astype(np.float64)


def _linear(points: Callable[[Floats, Floats, Floats], Floats]) -> Callable[..., Floats]:
    """Make a rule that interpolates between points made of sums before, sums up to, weights."""

    def rule(data: Ordered, probs: Floats) -> Floats:
        if len(data.x) == 1:
            return np.full(probs.shape, data.x[0])
        upto = _cumulated(data.w)
        before = np.append(0.0, upto[:-1])
        return np.interp(probs, points(before, upto, data.w), data.x)

    return rule


def _shah_vaish(data: Ordered, probs: Floats) -> Floats:
    """Largest value whose adjusted share does not exceed the one asked for."""
    weight = data.w / data.w.mean()
    points = (np.cumsum(weight) + 0.5 - weight / 2.0) / (len(weight) + 1.0)
    return data.x[np.maximum(np.searchsorted(points, probs, side="right") - 1, 0)]


RULES: dict[str, Callable[[Ordered, Floats], Floats]] = {
    "math": _left,
    "hf1": _left,
    "school": _school,
    "hf2": _school,
    "hf3": _even,
    "hf4": _linear(lambda before, upto, w: upto / upto[-1]),
    "hf5": _linear(lambda before, upto, w: (upto - w / 2.0) / upto[-1]),
    "hf6": _linear(lambda before, upto, w: upto / (upto[-1] + w[-1])),
    "hf7": _linear(lambda before, upto, w: before / upto[-2]),
    "hf8": _linear(lambda before, upto, w: (before + 2.0 * upto) / (3.0 * upto[-1] + w[-1])),
    "hf9": _linear(
        lambda before, upto, w: (3.0 * before + 5.0 * upto) / (8.0 * upto[-1] + 2.0 * w[-1])
    ),
    "shahvaish": _shah_vaish,
}
