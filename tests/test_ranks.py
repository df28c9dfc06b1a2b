"""Ranks with intervals, against brute force, exact results and a published example."""

from __future__ import annotations

import re
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import survey
from survey.errors import SurveyError
from survey.ranks import rank_intervals
from survey.ranks.differences import of_figures
from survey.ranks.rank_sets import third_shares
from survey.scores import Floats

#: PISA 2018, mathematics, OECD countries: mean and standard error (OECD).
PISA = pd.DataFrame(
    {
        "Australia": (491.3600252, 1.939833031), "Austria": (498.9423138, 2.970998694),
        "Belgium": (508.0703063, 2.262662011), "Canada": (512.0169429, 2.357475749),
        "Chile": (417.4065563, 2.41588757), "Colombia": (390.9322732, 2.989559274),
        "Czech Republic": (499.4676508, 2.460661531), "Denmark": (509.3983746, 1.735002337),
        "Estonia": (523.4145802, 1.743602224), "Finland": (507.3013618, 1.967920411),
        "France": (495.4075794, 2.320214487), "Germany": (500.0437805, 2.647083096),
        "Greece": (451.3703438, 3.091228197), "Hungary": (481.0826364, 2.319596741),
        "Iceland": (495.1873762, 1.953082603), "Ireland": (499.632894, 2.198621128),
        "Israel": (463.0345488, 3.498563228), "Italy": (486.5898573, 2.780045867),
        "Japan": (526.9732502, 2.471475318), "Korea": (525.933002, 3.121394315),
        "Latvia": (496.1263306, 1.962766789), "Lithuania": (481.1911884, 1.953282039),
        "Luxembourg": (483.421485, 1.097632409), "Mexico": (408.8014734, 2.493225544),
        "Netherlands": (519.2309824, 2.632277885), "New Zealand": (494.489676, 1.705942856),
        "Norway": (500.9637885, 2.219044878), "Poland": (515.6478747, 2.602085176),
        "Portugal": (492.4874062, 2.684570081), "Slovak Republic": (486.1648542, 2.555595707),
        "Slovenia": (508.8975441, 1.363877596), "Spain": (481.3926126, 1.462417763),
        "Sweden": (502.3877022, 2.654250935), "Switzerland": (515.3147131, 2.908003898),
        "Turkey": (453.5077774, 2.260406789), "United Kingdom": (501.7698992, 2.564428111),
        "United States": (478.2447174, 3.235444099),
    },
    index=["score", "se"],
).T  # fmt: skip


def ends(*given: Any, **options: Any) -> list[tuple[int, int]]:
    found = rank_intervals(*given, **options)
    return list(zip(found.low.tolist(), found.high.tolist(), strict=True))


def brute_force(x: Floats, cov: Floats, level: float, *, joint: bool) -> list[tuple[int, int]]:
    """Step-down sets, hypothesis by hypothesis: (j, k) says that j is not above k."""
    errors = np.random.default_rng(99).multivariate_normal(np.zeros(len(x)), cov, 20_000)
    units = range(len(x))

    def studentised(values: Floats, j: int, k: int) -> Any:
        return (values[..., j] - values[..., k]) / np.sqrt(cov[j, j] + cov[k, k] - 2 * cov[j, k])

    def rejected(family: list[tuple[int, int]]) -> set[tuple[int, int]]:
        left = list(family)
        while left:
            largest = np.max([studentised(errors, j, k) for j, k in left], axis=0)
            bound = np.quantile(largest, level)
            more = [h for h in left if studentised(x, *h) > bound]
            if not more:
                break
            left = [h for h in left if h not in more]
        return set(family) - set(left)

    every = list(permutations(units, 2))
    made = []
    for j in units:
        real = rejected(every if joint else [h for h in every if j in h])
        above = sum((k, j) in real for k in units)
        below = sum((j, k) in real for k in units)
        made.append((1 + above, len(x) - below))
    return made


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("method", ["marginal", "joint"])
def test_sets_against_brute_force(seed: int, method: Any) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 3, 5)
    half = rng.normal(size=(5, 5))
    cov = half @ half.T / 5 + 0.3 * np.eye(5)
    made = ends(x, covariance=cov, method=method, draws=20_000)
    assert made == brute_force(x, cov, 0.95, joint=method == "joint")


@pytest.mark.parametrize("method", ["marginal", "joint"])
def test_two_units_are_a_two_sided_test(method: Any) -> None:
    """1.96 standard errors apart, or not."""
    se = np.full(2, np.sqrt(0.5))
    assert ends([0.0, 1.90], se, method=method, draws=20_000) == [(1, 2), (1, 2)]
    assert ends([0.0, 2.02], se, method=method, draws=20_000) == [(2, 2), (1, 1)]


@pytest.mark.parametrize("method", ["marginal", "joint", "bootstrap"])
def test_far_apart_ranks_are_known_and_equal_ones_are_not(method: Any) -> None:
    assert ends(100.0 * np.arange(5), np.ones(5), method=method) == [
        (k, k) for k in range(5, 0, -1)
    ]
    if method != "bootstrap":
        assert ends(np.full(5, 3.0), np.ones(5), method=method) == [(1, 5)] * 5


def test_published_example_of_csranks() -> None:
    """Vignette *Inference for Ranks* of csranks 1.2.2: ranks, and what it says of the sets."""
    each = rank_intervals(PISA["score"], PISA["se"], draws=5_000).table()
    printed = [24, 18, 10, 7, 35, 37, 17, 8, 3, 11, 20, 15, 34, 30, 21, 16, 32, 25, 1, 2, 19, 29,
               27, 36, 4, 22, 14, 5, 23, 26, 9, 28, 12, 6, 33, 13, 31]  # fmt: skip
    assert list(each["rank"]) == printed
    assert list(each.loc["United Kingdom", ["low", "rank", "high"]]) == [8, 13, 23]
    once = rank_intervals(PISA["score"], PISA["se"], method="joint", draws=5_000).table()
    last = ["Chile", "Mexico", "Colombia"]
    assert once.loc[last, "low"].min() > once.drop(index=last)["high"].max()
    assert once.loc["Germany", "low"] == once.loc["Korea", "high"] == 7
    loose = rank_intervals(PISA["score"], PISA["se"], method="joint", level=0.75).table()
    assert loose.loc["Germany", "low"] > loose.loc["Korea", "high"]


def test_joint_sets_are_the_wider() -> None:
    each = rank_intervals(PISA["score"], PISA["se"])
    once = rank_intervals(PISA["score"], PISA["se"], method="joint")
    assert (once.low <= each.low).all()
    assert (once.high >= each.high).all()
    assert (once.high - once.low).sum() > (each.high - each.low).sum()


@pytest.mark.parametrize("method", ["marginal", "joint"])
def test_coverage_with_ties(method: Any) -> None:
    """Ten units in two tied groups; a tied unit may have any rank of its group."""
    true = np.repeat([0.0, 4.0], 5)
    rng = np.random.default_rng(7)
    inside = []
    for k in range(300):
        found = rank_intervals(
            rng.normal(true, 1.0), np.ones(10), method=method, draws=500, seed=k
        )
        better, last = 1 + (true == 0.0) * 5, 5 + (true == 0.0) * 5
        inside.append((found.low <= better) & (found.high >= last))
    covered = np.array(inside)
    assert covered.mean(axis=0).min() >= 0.93
    if method == "joint":
        assert covered.all(axis=1).mean() >= 0.93


def test_bootstrap_of_two_units_is_the_normal_distribution() -> None:
    found = rank_intervals([1.0, 0.0], [0.6, 0.8], method="bootstrap", draws=40_000)
    first = stats.norm.cdf(1.0)
    assert found.thirds[0, 0] == 0.0  # of two ranks none is in the top third: ⌈3/2⌉ = 2
    assert found.thirds[0] == pytest.approx([0.0, first, 1 - first], abs=0.01)


def test_thirds_of_three_units_are_probabilities_of_orders() -> None:
    x, se = np.array([1.0, 0.4, 0.0]), np.array([0.5, 1.0, 0.8])
    found = rank_intervals(x, se, draws=40_000)
    for j, others in ((0, (1, 2)), (1, (0, 2)), (2, (0, 1))):
        contrast = np.eye(3)[list(others)] - np.eye(3)[j]
        below = stats.multivariate_normal(contrast @ x, contrast @ np.diag(se**2) @ contrast.T)
        assert found.thirds[j, 0] == pytest.approx(below.cdf(np.zeros(2)), abs=0.01)
    assert found.thirds.sum(axis=1) == pytest.approx(np.ones(3))
    assert found.thirds.sum(axis=0) == pytest.approx(np.ones(3))


def test_thirds_of_thirty_four() -> None:
    shares = third_shares(np.arange(1, 35)[None])
    assert list(shares.sum(axis=0)) == [11, 11, 12]
    assert list(third_shares(np.arange(1, 64)[None]).sum(axis=0)) == [21, 21, 21]


def test_ties_share_the_better_rank() -> None:
    assert rank_intervals([3.0, 5.0, 5.0, 1.0], np.ones(4)).rank.tolist() == [3, 1, 1, 4]


def test_the_lowest_can_be_first() -> None:
    x = PISA["score"]
    up = rank_intervals(x, PISA["se"], highest_first=False)
    down = rank_intervals(-x, PISA["se"])
    pd.testing.assert_frame_equal(up.table().drop(columns="estimate"),
                                  down.table().drop(columns="estimate"))  # fmt: skip
    assert list(up.estimate) == list(x)


def test_order_of_rows_and_of_labels_is_irrelevant() -> None:
    straight = rank_intervals(PISA["score"], PISA["se"]).table()
    mixed = PISA.sample(frac=1.0, random_state=1)
    turned = rank_intervals(mixed["score"], PISA["se"]).table()
    pd.testing.assert_frame_equal(turned.loc[straight.index], straight)


def test_covariance_is_read_by_label() -> None:
    x = pd.Series({"a": 3.0, "b": 2.0, "c": 0.0})
    cov = pd.DataFrame([[1.0, 0.9, 0], [0.9, 1.0, 0], [0, 0, 1.0]], index=x.index, columns=x.index)
    straight = rank_intervals(x, covariance=cov)
    turned = rank_intervals(x, covariance=cov.loc[["c", "a", "b"], ["b", "c", "a"]])
    pd.testing.assert_frame_equal(straight.table(), turned.table())
    assert list(straight.se) == pytest.approx([1, 1, 1])
    assert list(straight.low) == [1, 2, 2]  # 1 apart, with a standard error of 0.45
    assert list(rank_intervals(x, np.ones(3)).low) == [1, 1, 1]


def test_known_figures_have_known_ranks() -> None:
    found = rank_intervals([2.0, 1.0, 2.0], np.zeros(3))
    assert found.table()[["rank", "low", "high"]].to_numpy().tolist() == [
        [1, 1, 2], [3, 3, 3], [1, 1, 2],
    ]  # fmt: skip


def test_estimates_bring_their_degrees_of_freedom() -> None:
    """A difference of 2.2 standard errors is real with many df, not with 6 (t = 2.447)."""
    gap = np.array([-1.0, 1, -1, 1, -1, 1, 0])
    gap += 2.2 * np.std(gap, ddof=1) / np.sqrt(7)
    other = np.random.default_rng(1).normal(size=7)
    frame = pd.DataFrame({"psu": range(7), "a": other + gap, "b": other})
    made = survey.mean(survey.Design(frame, psu="psu"), ["a", "b"])
    assert ends(made, draws=20_000) == [(1, 2), (1, 2)]
    assert ends(made.estimate, covariance=made.covariance, draws=20_000) == [(1, 1), (2, 2)]
    assert ends(made.estimate, covariance=made.covariance, df=6, draws=20_000) == [(1, 2), (1, 2)]


def test_domains_and_results_that_hold_estimates(province: pd.DataFrame) -> None:
    design = survey.Design(province, strata="district", psu="commune", weights="weight")
    made = survey.mean(design, "y", by="district")

    class Holder:
        estimates = made

    pd.testing.assert_frame_equal(rank_intervals(made).table(), rank_intervals(Holder()).table())
    assert list(rank_intervals(made).labels) == list(made.labels)


def test_degrees_of_freedom_of_independent_figures_are_welch_s() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(0, 1, 5), rng.normal(0, 4, 8)
    variance = np.diag([a.var(ddof=1) / 5, b.var(ddof=1) / 8])
    made = of_figures(np.zeros(2), variance, np.array([4.0, 7.0]))
    welch = stats.ttest_ind(a, b, equal_var=False).df
    assert made.difference_df[0, 1] == pytest.approx(welch)


def test_what_is_shown() -> None:
    found = rank_intervals(pd.Series({"A": 90.0, "B": 81.0}), [1.0, 1.5], seed=5)
    text = repr(found)
    assert "Ranks of 2, 1 = highest; 95 % intervals, marginal" in text
    assert "seed 5" in text
    assert re.search(r"B +81\.0000 +1\.5000 +2 +2 +2 ", text)
    assert "<table" in found._repr_html_()
    named = ["estimate", "se", "rank", "low", "high", "top_third", "middle_third", "bottom_third"]
    assert list(found.table().columns) == named


def test_the_callers_figures_are_not_changed() -> None:
    before = PISA.copy()
    rank_intervals(PISA["score"], PISA["se"], method="joint")
    pd.testing.assert_frame_equal(PISA, before)


SERIES = pd.Series({"a": 1.0, "b": 2.0})
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"estimate": SERIES}, "no sources"),
    ({"estimate": SERIES, "se": [1, 1], "covariance": np.eye(2)}, "two sources"),
    ({"estimate": SERIES, "se": [1.0]}, "shape \\(1,\\) for 2 estimates"),
    ({"estimate": SERIES, "se": [1.0, -1]}, "negative for 'b'"),
    ({"estimate": SERIES, "se": [np.nan, 1]}, "missing or negative for 'a'"),
    ({"estimate": SERIES, "se": pd.Series({"a": 1.0, "z": 1.0})}, "labels differ.*'b', 'z'"),
    ({"estimate": SERIES, "se": ["x", "y"]}, "not numbers"),
    ({"estimate": SERIES, "covariance": np.eye(3)}, "shape \\(3, 3\\)"),
    ({"estimate": SERIES, "covariance": [[1, 2], [2, 1]]}, "not a covariance"),
    ({"estimate": [1.0, np.nan], "se": [1, 1]}, "1 estimates are missing: 1"),
    ({"estimate": [1.0], "se": [1.0]}, "has no order"),
    ({"estimate": np.eye(2), "se": [1.0, 1]}, "shape \\(2, 2\\)"),
    ({"estimate": pd.Series([1.0, 2], index=["a", "a"]), "se": [1, 1]}, "occur twice: 'a'"),
    ({"estimate": SERIES, "se": [1, 1], "df": 0}, "1 or more"),
    ({"estimate": SERIES, "se": [1, 1], "df": [3, 3, 3]}, "1 or more"),
    ({"estimate": SERIES, "se": [1, 1], "method": "exact"}, "not an option"),
    ({"estimate": SERIES, "se": [1, 1], "level": 95}, "level"),
    ({"estimate": SERIES, "se": [1, 1], "draws": 5}, "draws"),
]


@pytest.mark.parametrize(("given", "said"), REFUSED)
def test_refusals(given: dict[str, Any], said: str) -> None:
    with pytest.raises(SurveyError, match=said):
        rank_intervals(**given)


def test_estimates_take_no_second_standard_errors(province: pd.DataFrame) -> None:
    made = survey.mean(survey.Design(province, psu="commune"), ["y", "x"])
    with pytest.raises(SurveyError, match="their own covariance"):
        rank_intervals(made, [1.0, 1.0])
