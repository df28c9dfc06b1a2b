"""What fell most: the confidence set against closed forms, brute force and simulation."""

from __future__ import annotations

import contextlib
import importlib
import io
import re
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import sipas
import survey
from sipas import datasets
from survey.errors import SurveyError
from survey.ranks import FellMost, fell_most
from survey.ranks.differences import of_estimates
from survey.ranks.moderated_contrasts import fewest
from survey.scores import Floats

DOCS = Path(__file__).resolve().parent.parent / "docs"


@pytest.fixture(scope="module")
def simulation() -> ModuleType:
    sys.path.insert(0, str(DOCS))
    try:
        return importlib.import_module("order_simulation")
    finally:
        sys.path.remove(str(DOCS))


def means(values: Floats, strata: int = 1, **options: Any) -> survey.Estimates:
    """Means of columns a, b, …, of PSUs in strata of the same size."""
    names = list("abcdefgh")[: values.shape[1]]
    frame = pd.DataFrame(values, columns=names).assign(
        psu=np.arange(len(values)),
        stratum=np.repeat(np.arange(strata), len(values) // strata),
        everyone=len(values),
    )
    return survey.mean(survey.Design(frame, strata="stratum", psu="psu", **options), names)


def sample(seed: int, psus: int = 7, columns: int = 4, shift: tuple[float, ...] = ()) -> Floats:
    drawn = np.random.default_rng(seed).normal(size=(psus, columns))
    return drawn + np.array([*shift, *[0.0] * (columns - len(shift))])


def by_label(found: FellMost, column: str) -> dict[object, float]:
    return dict(found.table()[column])


@pytest.mark.parametrize("psus", [3, 7, 30])
def test_two_components_are_a_one_sided_t_test(psus: int) -> None:
    values = sample(1, psus, 2, (-0.7,))
    found = fell_most(means(values), draws=40_000)
    test = stats.ttest_rel(values[:, 0], values[:, 1], alternative="greater")
    error = 4 * np.sqrt(0.25 / 40_000)
    assert found.p == pytest.approx([test.pvalue, 1 - test.pvalue], abs=error)


def test_many_degrees_of_freedom_give_the_largest_of_correlated_normals() -> None:
    values = sample(2, 4_000, 4, (-0.03, 0.01))
    estimates = means(values)
    found = fell_most(estimates, draws=40_000)
    cov = estimates.covariance.to_numpy()
    for j in range(4):
        contrast = np.delete(-np.eye(4), j, axis=0)
        contrast[:, j] = 1.0
        spread = contrast @ cov @ contrast.T
        se = np.sqrt(np.diag(spread))
        t = (contrast @ estimates.point / se).max()
        normal = stats.multivariate_normal(np.zeros(3), spread / np.outer(se, se))
        assert found.p[j] == pytest.approx(1 - normal.cdf(np.full(3, t)), abs=0.012)


def test_few_degrees_of_freedom_against_samples_drawn_one_by_one() -> None:
    """Whole samples of 7 PSUs with the estimated covariance and equal means, and their T."""
    values = sample(3, 7, 3, (-0.8, 0.2))
    found = fell_most(means(values), draws=20_000)
    rng = np.random.default_rng(9)
    cov, df = np.cov(values.T), 6

    def largest(x: Floats, j: int) -> float:
        s2 = [np.var(x[:, j] - x[:, k], ddof=1) / 7 for k in range(3) if k != j]
        gaps = [x[:, j].mean() - x[:, k].mean() for k in range(3) if k != j]
        scale = [np.sqrt((df * own + 6 * np.mean(s2)) / (df + 6)) for own in s2]
        return max(gap / s for gap, s in zip(gaps, scale, strict=True))

    drawn = [rng.multivariate_normal(np.zeros(3), cov, 7) for _ in range(1_500)]
    for j in range(3):
        p = np.mean([largest(x, j) >= largest(values, j) for x in drawn])
        assert found.p[j] == pytest.approx(p, abs=4 * np.sqrt(0.25 / 1_500))


def test_every_truly_worst_component_is_covered(simulation: ModuleType) -> None:
    """Seeded and small, with five tied; docs/order.md has 1,000 samples of every scenario."""
    tied = simulation.held(np.zeros(5), simulation.ALIKE, (3, 3), 120, seed=1)
    assert 0.93 <= tied.mean() <= 0.975  # 600 dependent cases


def test_the_set_is_small_when_one_truly_falls_six_points(simulation: ModuleType) -> None:
    truth = np.array([-6.0, 0, 0, 0, 0])
    one = simulation.held(truth, simulation.ALIKE, (3, 3), 120, seed=2)
    assert one[:, 0].mean() >= 0.95
    assert one.sum(axis=1).mean() <= 2.6


def test_a_set_at_a_level_that_is_too_low_would_be_found_out(simulation: ModuleType) -> None:
    tied = simulation.held(np.zeros(5), simulation.ALIKE, (3, 3), 60, seed=1, level=0.8)
    assert tied.mean() < 0.88


def test_a_clear_fall_stands_alone() -> None:
    found = fell_most(means(sample(4, 9, 4, (0.0, -20.0))))
    assert found.members == ("b",)
    assert found.share_of_draws[1] == pytest.approx(1.0, abs=1e-3)


def test_the_lowest_is_always_a_member() -> None:
    for seed in range(20):
        found = fell_most(means(sample(seed, 5)), level=0.1, draws=500)
        assert found.estimates.estimate.idxmin() in found.members


def test_shares_of_draws() -> None:
    """Two estimates: Student's t of the difference where both have the same few df and se."""
    values = np.array([[1.0, -1.0], [-1, -1], [1, 1], [-1, 1]])  # orthogonal, equal means
    found = fell_most(means(values), draws=40_000)
    assert found.share_of_draws == pytest.approx([0.5, 0.5], abs=0.01)
    assert fell_most(means(sample(5))).share_of_draws.sum() == pytest.approx(1.0)


def test_order_and_labels_do_not_matter() -> None:
    estimates = means(sample(6, 9, 5, (-1.0, -0.5)))
    straight, turned = fell_most(estimates), fell_most(estimates, among=list("edcba"))
    for column in ("p", "share_of_draws", "in_set"):
        assert by_label(straight, column) == pytest.approx(by_label(turned, column))
    renamed = fell_most(estimates.labelled(pd.Index(list("vwxyz"))))
    assert list(renamed.p) == list(straight.p)


def test_rising_is_falling_upside_down() -> None:
    values = sample(7, 9, 4, (-1.0,))
    down, up = fell_most(means(values)), fell_most(means(-values), direction="rose")
    assert list(down.p) == list(up.p)
    assert list(down.share_of_draws) == list(up.share_of_draws)
    assert down.members == up.members


def test_seed_is_recorded_and_decides() -> None:
    estimates = means(sample(8))
    first, again = fell_most(estimates, seed=3), fell_most(estimates, seed=3)
    assert first.seed == 3
    assert list(first.p) == list(again.p)
    assert list(first.p) != list(fell_most(estimates, seed=4).p)


def test_more_components_than_degrees_of_freedom() -> None:
    found = fell_most(means(sample(10, 3, 8, (-30.0,))))
    assert "a" in found.members
    assert np.isfinite(found.p).all()


def test_a_census_is_a_fact() -> None:
    values = np.array([[-1.0, -3, -3], [-2, -2, -2]])
    estimates = means(values, fpc="everyone")
    found = fell_most(estimates)
    assert np.isnan(found.p).all()
    assert found.members == ("b", "c")
    assert list(found.share_of_draws) == [0.0, 0.5, 0.5]
    assert "the order is a fact" in repr(found)


def test_what_is_certainly_beaten_is_out_and_the_rest_is_tested() -> None:
    values = np.column_stack([np.full(6, -1.0), np.full(6, -2.0), sample(11, 6, 1) - 2.0])
    found = fell_most(means(values))
    assert np.isnan(found.p[0])
    assert not found.in_set[0]
    assert found.p[1] > 0.05


def test_degrees_of_freedom_are_the_fewest_of_any_difference() -> None:
    """District a has 5 PSUs, b and c have 2: the contrast of b and c has 2 df, others 5."""
    rng = np.random.default_rng(12)
    sizes = {"a": 5, "b": 2, "c": 2}
    frame = pd.DataFrame(
        [(d, f"{d}{k}", rng.normal()) for d, n in sizes.items() for k in range(n)],
        columns=["district", "commune", "y"],
    )
    made = survey.mean(survey.Design(frame, strata="district", psu="commune"), "y", by="district")
    compared = of_estimates(made, where="test")
    assert compared.difference_df[0, 1] == 5.0
    assert compared.difference_df[1, 2] == 2.0
    assert fewest(compared) == 2.0


def test_bundled_years() -> None:
    years = [
        sipas.clean(datasets.load_hue_households(year), f"sipas-{year}") for year in (2021, 2022)
    ]
    moved = sipas.compare(*years, link="items")
    found = fell_most(moved, among=["S1", "S2", "S3", "S4", "S5"])
    assert found.members == ("S5", "S3", "S4", "S2")
    table = found.table()
    whole = moved.table().loc[table.index]
    for column in ("estimate", "se", "low", "high", "df"):
        assert list(table[column]) == pytest.approx(list(whole[column]))
    assert list(table.columns[:4]) == ["estimate", "se", "low", "high"]
    text = repr(found)
    assert "95 % set: S5, S3, S4, S2." in text
    assert "not the probability that it did" in text
    assert "<table" in found._repr_html_()


def test_the_page_shows_what_its_code_prints() -> None:
    """docs/order.md: numbers to a hundredth, since p-values and shares are drawn."""
    page = (DOCS / "order.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    shown = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    for block, text in zip(code, shown, strict=True):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(block, names)
        got, want = out.getvalue().split(), text.split()
        assert len(got) == len(want)
        for a, b in zip(got, want, strict=True):
            assert a == b or float(a) == pytest.approx(float(b), abs=0.0101)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"among": ["a", "B"]}, "no estimate labelled 'B'"),
        ({"among": ["a", "a"]}, "given twice"),
        ({"among": ["a"]}, "1 estimate has no order"),
        ({"direction": "down"}, "not an option"),
        ({"level": 95}, "level"),
        ({"draws": 10}, "draws"),
    ],
)
def test_refusals(options: dict[str, Any], said: str) -> None:
    with pytest.raises(SurveyError, match=said):
        fell_most(means(sample(13)), **options)


def test_missing_estimates_and_things_without_estimates_are_refused() -> None:
    made = means(sample(14))
    with pytest.raises(SurveyError, match="1 estimates are missing: 'c'"):
        fell_most(replace(made, point=np.array([1.0, 2.0, np.nan, 4.0])))
    with pytest.raises(SurveyError, match="DataFrame holds no estimates"):
        fell_most(pd.DataFrame())  # type: ignore[arg-type]


def test_no_degrees_of_freedom() -> None:
    estimates = means(sample(15, 2, 3), strata=2, lonely_psu="adjust")
    with pytest.raises(SurveyError, match="'a' less 'b' has 0 degrees of freedom"):
        fell_most(estimates)
