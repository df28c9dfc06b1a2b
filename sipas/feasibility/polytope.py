"""Weights that are compatible with printed totals: a polytope, as arrays.

G weights of 0 or more add up to 1. In each of I rows they mix G rates, each known to an interval,
into a total known to an interval. A set of weights fits a row just when the mean of the rates'
lower ends lies below the total's upper end, and that of their upper ends above its lower end.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from survey.errors import SurveyError
from survey.scores import Bools, Floats

Ints = npt.NDArray[np.int64]
#: Sets of weights on a grid, and sets of edges, that are looked at.
MOST_SETS = 2_000_000
#: Below this, in units of the printed rates, a shortfall is rounding of the solver.
SOLVED = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """What the printed figures can have been, as whole numbers of one unit.

    Parameters
    ----------
    low, high : (I, G) int
        Ends of the rates; the upper end does not belong to the interval.
    total_low, total_high : (I,) int
        Ends of the totals.
    decimals : int
        Decimals of the printed figures; a unit is half of the last.
    """

    low: Ints
    high: Ints
    total_low: Ints
    total_high: Ints
    decimals: int

    @property
    def units(self) -> int:
        """Units that make 1."""
        return int(2 * 10**self.decimals)

    def row(self, k: int) -> Intervals:
        """Give one row by itself."""
        rows = slice(k, k + 1)
        return Intervals(
            self.low[rows],
            self.high[rows],
            self.total_low[rows],
            self.total_high[rows],
            self.decimals,
        )

    def halfspaces(self) -> tuple[Floats, Floats]:
        """Give *A* and *b* such that weights fit where A w ≤ b; shapes (2I, G), (2I,)."""
        left = np.concatenate([self.low, -self.high]) / self.units
        right = np.concatenate([self.total_high, -self.total_low]) / self.units
        return left, right


def fits(intervals: Intervals, weights: Ints) -> Bools:
    """Whether each set of whole-number weights, shape (S, G), fits every row; shape (S,).

    Exact: nothing is divided.
    """
    whole = weights.sum(axis=1, keepdims=True)
    under = weights @ intervals.low.T < whole * intervals.total_high
    over = weights @ intervals.high.T > whole * intervals.total_low
    return np.asarray((under & over).all(axis=1))


def shortfall(left: Floats, right: Floats) -> tuple[float, Floats]:
    """Find by how much every total must be widened for weights to fit, and such weights.

    0 where some fit as it is.
    """
    groups = left.shape[1]
    cost = np.array([*[0.0] * groups, 1.0])
    *weights, needed = _cheapest(cost, np.column_stack([left, -np.ones(len(left))]), right, groups)
    return (float(needed) if needed > SOLVED else 0.0), np.array(weights)


def weight_limits(left: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Least and greatest value of each weight, shapes (G,): two linear programmes a group."""
    groups = left.shape[1]
    costs = np.eye(groups)
    low = [_cheapest(cost, left, right, groups) @ cost for cost in costs]
    high = [_cheapest(-cost, left, right, groups) @ cost for cost in costs]
    return np.array(low), np.array(high)


def _cheapest(cost: Floats, left: Floats, right: Floats, groups: int) -> Floats:
    """Solve for the cheapest weights that fit; a further variable is free upwards."""
    more = len(cost) - groups
    solved = linprog(
        cost,
        A_ub=left,
        b_ub=right,
        A_eq=[[*[1.0] * groups, *[0.0] * more]],
        b_eq=[1.0],
        bounds=[*[(0.0, 1.0)] * groups, *[(0.0, None)] * more],
        method="highs",
    )
    found = solved.x if solved.success else np.full(len(cost), np.nan)
    return np.asarray(found, dtype=np.float64) + 0.0


def vertices(left: Floats, right: Floats) -> Floats:
    """Corners of the polytope, shape (V, G): every point where G − 1 conditions are met exactly.

    Raises
    ------
    SurveyError
        Where there are too many sets of conditions to look at.
    """
    groups = left.shape[1]
    sides = np.concatenate([left, -np.eye(groups)])
    bounds = np.concatenate([right, np.zeros(groups)])
    if comb(len(sides), groups - 1) > MOST_SETS:
        raise SurveyError(
            f"vertices: {len(sides)} conditions on {groups} weights have too many corners.",
            mend="Use the ranges, or fewer rows.",
        )
    chosen = np.array(list(combinations(range(len(sides)), groups - 1)), dtype=np.int64)
    systems = np.concatenate([sides[chosen], np.ones((len(chosen), 1, groups))], axis=1)
    values = np.concatenate([bounds[chosen], np.ones((len(chosen), 1))], axis=1)
    regular = np.abs(np.linalg.det(systems)) > 1e-12
    corners = np.linalg.solve(systems[regular], values[regular][:, :, None])[:, :, 0]
    inside = (corners @ sides.T <= bounds + SOLVED).all(axis=1)
    return np.asarray(np.unique(corners[inside].round(9), axis=0)) + 0.0


def grid(groups: int, parts: int) -> Ints:
    """Every way to share ``parts`` equal parts among groups, shape (S, G).

    Raises
    ------
    SurveyError
        Where there are too many.

    Examples
    --------
    >>> grid(2, 2).tolist(), len(grid(4, 20))
    ([[0, 2], [1, 1], [2, 0]], 1771)
    """
    count = comb(parts + groups - 1, groups - 1)
    if count > MOST_SETS:
        raise SurveyError(
            f"step: {count:,} sets of weights are too many to look at.", mend="Use a wider step."
        )
    bars = np.array(list(combinations(range(parts + groups - 1), groups - 1)), dtype=np.int64)
    ends = np.column_stack([np.full(count, -1), bars, np.full(count, parts + groups - 1)])
    return np.asarray(np.diff(ends, axis=1) - 1)
