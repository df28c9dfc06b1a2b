r"""Limits of quantiles by testing values: which of them could be the quantile.

The statistic :math:`(p - \hat F(q)) / se(\hat F(q))` falls as *q* grows. The limits are the first
and the last observed value at which it lies within plus and minus *t*. Francisco & Fuller (1991),
*Annals of Statistics* 19, 454–469.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from survey.estimates import Estimates
from survey.scores import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Distinct values of J items in D domains, and P shares asked for.

    Parameters
    ----------
    values : (J, D, V) float
        Distinct values in ascending order, missing at the end.
    last : (J, P, D) int
        Place of the largest value.
    goal : (P, 1) float
        The shares.
    """

    values: Floats
    last: Ints
    goal: Floats

    @classmethod
    def of(cls, values: Sequence[Floats], probs: Floats, n_domains: int) -> Grid:
        """Lay out sets of distinct values, items slowest."""
        lengths = np.array([len(own) for own in values])
        padded = np.full((len(values), max(int(lengths.max()), 1)), np.nan)
        for k, own in enumerate(values):
            padded[k, : len(own)] = own
        n_items = len(values) // n_domains
        last = np.maximum(lengths - 1, 0).reshape(n_items, 1, n_domains)
        shape = (n_items, len(probs), n_domains)
        laid_out = padded.reshape(n_items, n_domains, -1)
        return cls(laid_out, np.broadcast_to(last, shape), probs[:, None])

    def at(self, place: Ints) -> Floats:
        """Values at places of shape (J, P, D)."""
        found = np.take_along_axis(self.values, place.swapaxes(1, 2), axis=2)
        return np.asarray(found.swapaxes(1, 2))


def score_limits(
    grid: Grid, below: Callable[[Floats], Estimates], t: Floats
) -> tuple[Floats, Floats]:
    """First and last value that is not significantly different from the quantile, shape (K,).

    Parameters
    ----------
    grid : Grid
        Values to test, and the shares.
    below : callable
        Estimates the share at or below thresholds of shape (J, P, D).
    t : (K,) float
        Bound of the statistic.

    Notes
    -----
    In R: ``svyquantile(interval.type = "score")``, whose root finder stops near the step of the
    statistic, on either side of it.
    """
    width = t.reshape(grid.last.shape)

    def score(place: Ints) -> Floats:
        share = below(grid.at(place))
        with np.errstate(divide="ignore", invalid="ignore"):
            value = (grid.goal - share.point.reshape(width.shape)) / share.se.to_numpy().reshape(
                width.shape
            )
        return np.asarray(value)

    first = _first(grid.last, lambda place: score(place) <= width)
    beyond = _first(grid.last + 1, lambda place: score(np.minimum(place, grid.last)) < -width)
    final = np.clip(beyond - 1, 0, grid.last)
    low, high = (np.where(np.isnan(width), np.nan, grid.at(p)) for p in (first, final))
    return low.ravel(), high.ravel()


def _first(last: Ints, holds: Callable[[Ints], Bools]) -> Ints:
    """First place at which a condition holds that stays true beyond it, by halving."""
    start, end = np.zeros_like(last), last.copy()
    while (start < end).any():
        middle = (start + end) // 2
        yes = holds(middle)
        open_ = start < end
        end = np.where(open_ & yes, middle, end)
        start = np.where(open_ & ~yes, middle + 1, start)
    return start
