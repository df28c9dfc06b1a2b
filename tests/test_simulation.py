"""A small seeded run of the simulation study, and the tables of its page against its results."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("simulated_years", "simulated_answers", "change_tests", "interval_coverage", "simulate")


@pytest.fixture(scope="module", autouse=True)
def study() -> Iterator[dict[str, ModuleType]]:
    """Modules of the study, by name."""
    sys.path.insert(0, str(ROOT / "docs" / "simulation"))
    try:
        yield {name: importlib.import_module(name) for name in (*NAMES, "pages")}
    finally:
        sys.path.remove(str(ROOT / "docs" / "simulation"))


def shares(counts: dict[tuple[str, ...], list[int]]) -> dict[tuple[str, ...], float]:
    return {key: came / asked for key, (came, asked) in counts.items()}


@pytest.mark.parametrize("repeated", [3, 2, 1, 0])
def test_a_true_null_is_rejected_once_in_twenty(
    study: dict[str, ModuleType], repeated: int
) -> None:
    """10,000 pairs: the Monte-Carlo standard error is 0.2 points."""
    scenario = study["simulated_years"].Scenario(0.85, repeated=repeated)
    rng = np.random.default_rng(100 + repeated)
    made = shares(study["simulate"].rejection_counts(scenario, rng, 10_000))
    assert 0.035 <= made["test", "default"] <= 0.065
    assert made["test", "respondents"] > 0.09


def test_one_design_of_both_years_is_timid_where_districts_differ(
    study: dict[str, ModuleType],
) -> None:
    scenario = study["simulated_years"].Scenario(0.95, repeated=1, apart=True)
    made = shares(study["simulate"].rejection_counts(scenario, np.random.default_rng(9), 1000))
    assert made["test", "stacked by hand"] < 0.02 < made["test", "default"]


def test_villages_as_rows_give_the_tests_of_households(study: dict[str, ModuleType]) -> None:
    years, tests = study["simulated_years"], study["change_tests"]
    drawn = years.draw_years(years.Scenario(0.85, repeated=2), 20, np.random.default_rng(1))
    people = tuple(years.households(year) for year in drawn)
    assert [len(year) for year in people] == [486 * 20, 486 * 20]
    for test in (tests.change, tests.stacked_by_hand):
        one, other = (tests.p_values(test(each)) for each in (drawn, people))
        np.testing.assert_allclose(one, other, rtol=1e-9)


def test_two_designs_share_the_communes_that_they_should(study: dict[str, ModuleType]) -> None:
    years = study["simulated_years"]
    for scenario, shared in (
        (years.Scenario(0.85, repeated=2), 6),
        (years.Scenario(0.85, repeated=2, replaced=True), 4),
        (years.Scenario(0.85, repeated=0), 0),
    ):
        first, then = years.draw_years(scenario, 1, np.random.default_rng(1))
        assert len(set(first["commune"]) & set(then["commune"])) == shared
        assert not set(first["village"]) & set(then["village"])
        assert then.groupby("district")["commune"].nunique().tolist() == [3, 3, 3]


def test_intervals_hold_the_truth_19_times_in_20(study: dict[str, ModuleType]) -> None:
    """400 pairs: Monte-Carlo standard errors of 1.1 points, and 0.6 for districts."""
    scenario = study["simulated_years"].Scenario(0.85, repeated=2, fall=0.06)
    made = shares(study["simulate"].coverage_counts(scenario, np.random.default_rng(5), 400))
    for key in (
        ("level", "province", "logit"),
        ("level", "district", "logit"),
        ("change", "province", "t"),
        ("change", "province", "mover"),
        ("change", "district", "t"),
        ("change", "district", "mover"),
    ):
        assert 0.92 <= made[key] <= 0.98, key
    assert made["level", "province", "beta"] >= 0.92
    assert made["level", "district", "logit, df of the province"] < 0.91
    assert made["level", "province", "respondents"] < 0.90


def test_the_set_of_what_fell_most(study: dict[str, ModuleType]) -> None:
    answers, years = study["simulated_answers"], study["simulated_years"]
    fall = answers.Fall(years.Scenario(0.85, repeated=3), (6, 6, 0, 0, 0))
    made = shares(study["simulate"].fell_most_counts(fall, np.random.default_rng(6), 40))
    assert made[("each truly worst is in the set",)] >= 0.90
    assert 2.0 <= made[("size of the set",)] <= 4.0


def test_contributions_hold_the_truth(study: dict[str, ModuleType]) -> None:
    """8 pairs of sheets through compare and contributions: a rough check of the whole path."""
    answers, years = study["simulated_answers"], study["simulated_years"]
    fall = answers.Fall(years.Scenario(0.85, repeated=3), (6, 3, 0, 3, 3))
    made = shares(study["simulate"].contribution_counts(fall, np.random.default_rng(7), 8))
    assert made[("statement",)] >= 0.85
    assert made[("dimension",)] >= 0.80


def test_the_tables_of_the_page_are_those_of_the_results(study: dict[str, ModuleType]) -> None:
    pages = study["pages"]
    page = pages.PAGE.read_text(encoding="utf-8")
    assert page.count("<!-- end -->") == len(pages.TABLES)
    assert pages.filled(page) == page
