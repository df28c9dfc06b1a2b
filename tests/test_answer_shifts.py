"""The least movement between answers against a linear programme that knows only the cost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from survey.answer_shifts import transport_plan

COUNTS = st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any)


def cheapest(first: np.ndarray, then: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """Plan of least cost by the simplex method."""
    size = len(first)
    rows = np.kron(np.eye(size), np.ones(size))
    columns = np.kron(np.ones(size), np.eye(size))
    made = linprog(
        cost.ravel(), A_eq=np.vstack([rows, columns]), b_eq=np.concatenate([first, then])
    )
    assert made.success
    return np.asarray(made.x.reshape(size, size))


@settings(max_examples=30, derandomize=True, deadline=None)
@given(first=COUNTS, then=COUNTS)
def test_the_plan_is_the_cheapest_for_a_convex_cost(first: list[int], then: list[int]) -> None:
    one, other = (np.array(counts) / sum(counts) for counts in (first, then))
    distance = np.abs(np.subtract.outer(np.arange(4.0), np.arange(4.0)))
    plan = transport_plan(one, other)
    np.testing.assert_allclose(plan, cheapest(one, other, distance**2), atol=1e-7)
    np.testing.assert_allclose(plan.sum(axis=1), one, atol=1e-12)
    np.testing.assert_allclose(plan.sum(axis=0), other, atol=1e-12)
    least = (cheapest(one, other, distance) * distance).sum()
    assert (plan * distance).sum() == pytest.approx(least, abs=1e-7)


def test_what_crosses_a_border_is_the_difference_of_the_cumulative_shares() -> None:
    first, then = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.3, 0.1, 0.5, 0.1])
    plan = transport_plan(first, then)
    for k in range(3):
        up, down = plan[: k + 1, k + 1 :].sum(), plan[k + 1 :, : k + 1].sum()
        assert up - down == pytest.approx((first - then)[: k + 1].sum(), abs=1e-12)


def test_many_statements_at_once() -> None:
    rng = np.random.default_rng(1)
    first, then = rng.dirichlet(np.ones(5), 6), rng.dirichlet(np.ones(5), 6)
    one_by_one = [transport_plan(a, b) for a, b in zip(first, then, strict=True)]
    np.testing.assert_array_equal(transport_plan(first, then), one_by_one)
