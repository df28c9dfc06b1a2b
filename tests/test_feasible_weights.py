"""Weights that printed totals allow: Huế 2022, closed forms, brute force and drawn tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sipas.datasets import load_published
from sipas.feasibility import feasible_policy_weight, feasible_weights
from sipas.feasibility.polytope import grid
from survey.errors import SurveyError

GROUPS = load_published("hue_leader_groups").set_index("code")
RATES = GROUPS.loc[GROUPS["level"].eq("group"), "rate_pct"]
SENT = GROUPS.loc[GROUPS["level"].eq("group"), "n"]
TOTAL = float(GROUPS.loc["all", "rate_pct"])


def test_hue_2022_excludes_equal_and_respondents() -> None:
    made = feasible_weights(RATES, TOTAL, sizes=SENT, step=0.05)
    schemes = made.schemes.droplevel("row")
    assert schemes["estimate"].round(2).to_dict() == {"equal": 81.6, "respondents": 76.78}
    assert not schemes["fits"].any()
    # Only division leaders lie below the total: their least weight is against department leaders,
    # the nearest above it, their greatest against district leaders, the farthest.
    low = (80.165 - 79.165) / (80.165 - 73.495)
    high = (90.655 - 79.155) / (90.655 - 73.505)
    assert made.ranges.loc["phong"].tolist() == pytest.approx([low, high])
    assert made.ranges.round(2).loc[["hdnd", "so", "huyen"], "high"].tolist() == [0.66, 0.85, 0.33]
    assert made.ranges.loc[["hdnd", "so", "huyen"], "low"].tolist() == [0, 0, 0]
    sets = [(0, 85, 15, 0), (5, 40, 40, 15), (15, 40, 35, 10), (25, 40, 30, 5), (35, 40, 25, 0)]
    assert [tuple(s) for s in (100 * made.grid).round().astype(int).to_numpy()] == sets
    assert made.tried == 1771


def test_vertices_span_the_ranges_and_fit() -> None:
    made = feasible_weights(RATES, TOTAL)
    corners = made.vertices()
    assert corners.sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert corners.min().to_numpy() == pytest.approx(made.ranges["low"].to_numpy(), abs=1e-7)
    assert corners.max().to_numpy() == pytest.approx(made.ranges["high"].to_numpy(), abs=1e-7)
    assert np.abs(corners.to_numpy() @ RATES.to_numpy() - TOTAL).max() < 0.01 + 1e-7


def test_named_schemes_and_the_illustrative_set() -> None:
    schemes = {
        "root": {group: n**0.5 for group, n in SENT.items()},
        "set": {"hdnd": 25, "so": 40, "phong": 30, "huyen": 5},
    }
    made = feasible_weights(RATES, TOTAL, schemes=schemes)  # type: ignore[arg-type]
    assert made.schemes["fits"].droplevel("row").to_dict() == {
        "equal": False,
        "root": False,
        "set": True,
    }
    assert "Weights “set” give 79.17: they fit." in repr(made)
    assert "Trọng số “bằng nhau” cho 81,60: bị loại" in made.text("vi")


def test_what_cannot_be_says_by_how_much() -> None:
    made = feasible_weights(RATES, 95.0)
    assert not made.feasible
    assert made.shortfall == pytest.approx(95 - 0.005 - (90.65 + 0.005))
    assert made.ranges.isna().all(axis=None)
    assert made.nearest["huyen"] == pytest.approx(1.0)
    assert "wider by 4.3400" in repr(made)


def test_an_edge_is_judged_exactly() -> None:
    # 0.5 · 10.00 + 0.5 · 20.00 = 15.00; at 15.01 the open ends just do not meet, at 15.00 they do.
    rates = {"a": 10.0, "b": 20.0}
    for total, fits in [(15.0, True), (15.01, False), (14.99, False)]:
        made = feasible_weights(rates, total, step=0.5)
        assert bool(made.schemes["fits"].iloc[0]) is fits
        assert len(made.grid) == int(fits)
    assert feasible_weights({"a": 10.01, "b": 20.0}, 15.01).schemes["fits"].all()


@settings(deadline=None, max_examples=10)
@given(st.integers(2, 4), st.integers(1, 6), st.randoms(use_true_random=False))
def test_the_weights_that_made_a_table_fit_it(groups: int, items: int, random: object) -> None:
    rng = np.random.default_rng(random.randint(0, 2**31))  # type: ignore[attr-defined]
    weights = rng.multinomial(20, np.ones(groups) / groups) / 20
    exact = rng.uniform(60, 95, (items, groups))
    names = [f"group {g}" for g in range(groups)]
    rates = pd.DataFrame(exact.round(2), columns=names)
    totals = pd.Series((exact @ weights).round(2))
    made = feasible_weights(
        rates, totals, step=0.05, schemes={"true": dict(zip(names, weights, strict=True))}
    )
    assert made.feasible
    assert made.schemes.loc["true", "fits"].all()
    assert (made.ranges["low"] <= weights + 1e-6).all()
    assert (made.ranges["high"] >= weights - 1e-6).all()
    found = np.isclose(made.grid.to_numpy(), weights).all(axis=1)
    assert found.sum() == 1
    joint, alone = made.ranges, made.by_row()
    assert (alone["low"].groupby("group").max()[names] <= joint["low"] + 1e-6).all()
    assert (alone["high"].groupby("group").min()[names] >= joint["high"] - 1e-6).all()


def test_a_table_of_items_narrows_the_weights() -> None:
    weights = np.array([0.25, 0.40, 0.30, 0.05])
    exact = np.random.default_rng(5).uniform(60, 95, (22, 4))
    rates = pd.DataFrame(exact.round(2), columns=[*RATES.index])
    totals = pd.Series((exact @ weights).round(2))
    made = feasible_weights(rates, totals, step=0.05)
    assert made.grid.round(2).to_numpy().tolist() == [weights.tolist()]
    assert (made.ranges["high"] - made.ranges["low"]).max() < 0.002
    wrong = totals.copy()
    wrong[3] += 1.0
    assert not feasible_weights(rates, wrong).feasible


def test_policy_weight_of_two_years() -> None:
    years = pd.DataFrame(
        {"policy": [82.49, 83.84], "services": [82.97, 84.09], "overall": [82.66, 83.94]},
        index=[2023, 2024],
    )
    made = feasible_policy_weight(years, derived=[2023])
    alone = made.by_row()[["low", "high"]]
    # p (services − policy) lies between services − overall at the ends of the intervals.
    assert alone.loc[(2024, "policy")].tolist() == pytest.approx([0.14 / 0.25, 0.16 / 0.25])
    assert alone.loc[(2023, "policy")].tolist() == pytest.approx([0.295 / 0.48, 0.325 / 0.48])
    assert made.ranges.loc["policy"].tolist() == pytest.approx([0.295 / 0.48, 0.16 / 0.25])
    assert not made.schemes["fits"].any()
    with pytest.raises(SurveyError, match="no such year: 2022"):
        feasible_policy_weight(years, derived=[2022])
    with pytest.raises(SurveyError, match="no column 'overall'"):
        feasible_policy_weight(years[["policy", "services"]])


def test_the_grid_has_every_set_once() -> None:
    sets = grid(3, 7)
    assert len(sets) == 36 == len(np.unique(sets, axis=0))
    assert (sets.sum(axis=1) == 7).all()
    assert sets.min() == 0


def test_figures_are_read_as_they_are_printed() -> None:
    printed = feasible_weights({"a": "80,00", "b": "90,50"}, "85,25")
    pd.testing.assert_frame_equal(
        printed.ranges, feasible_weights({"a": 80.0, "b": 90.5}, 85.25).ranges
    )


def test_callers_tables_stay_as_they_are() -> None:
    rates = pd.DataFrame({"a": [10.0, 11.0], "b": [20.0, 22.0]}, index=["x", "y"])
    kept = rates.copy()
    feasible_weights(rates, {"y": 16.0, "x": 15.0}, sizes={"b": 1, "a": 1})
    pd.testing.assert_frame_equal(rates, kept)


@pytest.mark.parametrize(
    ("rates", "total", "options", "says"),
    [
        ({"a": 80.0}, 80.0, {}, "two groups"),
        ({"a": 80.0, "b": np.nan}, 80.0, {}, "missing for 'b'"),
        (pd.DataFrame({"a": [1.0], "b": [2.0]}), 1.5, {}, "total of each row"),
        ({"a": 80.123, "b": 90.0}, 80.0, {}, "written with 3"),
        ({"a": 80.0, "b": 90.0}, 85.0, {"step": 0.3}, "does not divide 1"),
        ({"a": 80.0, "b": 90.0}, 85.0, {"step": 5}, "does not divide 1"),
        ({"a": 80.0, "b": 90.0}, 85.0, {"sizes": {"a": 3}}, "sizes: got"),
        ({"a": 80.0, "b": 90.0}, 85.0, {"schemes": {"s": {"a": -1, "b": 2}}}, "schemes"),
        ({"a": "8O", "b": 90.0}, 85.0, {}, "'8O' is no number"),
        ({"a": 80.0, "b": 90.0}, "x", {}, "'x' is no number"),
        (dict.fromkeys("abcdefgh", 80.0), 80.0, {"step": 0.01}, "too many to look at"),
    ],
)
def test_what_cannot_be_asked(
    rates: object, total: object, options: dict[str, object], says: str
) -> None:
    with pytest.raises(SurveyError, match=says):
        feasible_weights(rates, total, **options)  # type: ignore[arg-type]
