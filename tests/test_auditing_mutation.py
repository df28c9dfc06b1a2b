"""Slips put into clean tables by a generator that knows nothing of the audit; a small run."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from sipas.auditing.blame import search
from sipas.auditing.interval_arithmetic import compiled, implied
from sipas.auditing.relations import Relation


@pytest.fixture(scope="module")
def mutation() -> ModuleType:
    path = Path(__file__).parent / "benchmarks" / "mutation.py"
    spec = importlib.util.spec_from_file_location("mutation", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutation"] = module
    spec.loader.exec_module(module)
    return module


def test_no_alarm_on_clean_tables(mutation: ModuleType) -> None:
    assert mutation.clean_alarms(8, seed=11) == 0


def test_slips_that_rounding_cannot_hide_are_seen(mutation: ModuleType) -> None:
    rows = mutation.trial(15, seed=12)
    visible = rows[rows["visible"]]
    assert len(visible) >= 10
    assert visible["outcome"].ne("missed").mean() >= 0.9
    assert visible["outcome"].isin(["named", "suspected"]).mean() >= 0.8


def test_intervals_hold_every_value_that_satisfies_a_relation() -> None:
    rng = np.random.default_rng(5)
    relations = [
        Relation("sum", "t", (0, 1, 2), (-1.0, 1.0, 1.0)),
        Relation("rate", "t", (3, 4, 5), factor=100.0),
    ]
    low, high = np.array([0, 1, 2, 60, 3, 4.0]), np.array([10, 2, 3, 80, 4, 5.0])
    (sum_low, sum_high), (rate_low, rate_high) = implied(compiled(relations), relations, low, high)
    assert (sum_low[0], sum_high[0]) == (3, 5)
    assert (sum_low[1], sum_high[1]) == (-3, 8)
    assert (rate_low[0], rate_high[0]) == (60, 100)
    drawn = rng.uniform(low, high, size=(20_000, 6))
    rates = 100 * drawn[:, 4] / drawn[:, 5]
    assert (rates.min(), rates.max()) == pytest.approx((60, 100), abs=0.7)
    assert rate_low[0] <= rates.min() < rates.max() <= rate_high[0]
    points = drawn[:, 3] * drawn[:, 5] / 100
    assert rate_low[1] <= points.min() < points.max() <= rate_high[1]


def test_search_repairs_until_nothing_fails() -> None:
    # 5 = 2 + 3 and 5 = 1 + 4 hold but for the whole, printed 7
    relations = [
        Relation("a", "t", (0, 1, 2), (-1.0, 1.0, 1.0)),
        Relation("b", "t", (0, 3, 4), (-1.0, 1.0, 1.0)),
    ]
    value = np.array([7.0, 2, 3, 1, 4])
    state = search(relations, value, value, np.zeros(5), lambda *_: 0.0)
    assert [(one.cell, one.low, one.high) for one in state.blamed] == [(0, 5.0, 5.0)]
