"""Confidence limits against scipy's own, and against formulas worked here."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import survey
from survey import Design, SurveyError
from survey.intervals import exact_limits, logit_limits, mean_limits, t_quantile

RTOL = 1e-12
#: `binomtest` looks for its limits with a root finder that stops at this distance.
SOLVER = 2e-12


@pytest.mark.parametrize("n", [1, 3, 27, 486])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_clopper_pearson_at_both_ends(n: int, level: float) -> None:
    for count in (0, n):
        got = np.ravel(exact_limits(np.array([count / n]), np.array([float(n)]), level))
        want = stats.binomtest(count, n).proportion_ci(level, method="exact")
        np.testing.assert_allclose(got, [want.low, want.high], rtol=0, atol=SOLVER)
        tail = (1 - level) / 2
        closed = [stats.beta.ppf(tail, n, 1), 1] if count else [0, stats.beta.ppf(1 - tail, 1, n)]
        np.testing.assert_allclose(got, closed, rtol=RTOL)


def test_logit_limits_by_hand() -> None:
    p, se, df = 0.9, 0.04, 2.0
    t = stats.t.ppf(0.975, df)
    centre, half = math.log(p / (1 - p)), t * se / (p * (1 - p))
    want = [1 / (1 + math.exp(-centre + half)), 1 / (1 + math.exp(-centre - half))]
    got = logit_limits(np.array([p]), np.array([se]), np.array([df]), 0.95, (0.0, 1.0))
    np.testing.assert_allclose(np.ravel(got), want, rtol=RTOL)


def test_logit_limits_on_another_range_are_the_same_limits() -> None:
    share = logit_limits(np.array([0.8]), np.array([0.03]), np.array([6.0]), 0.95, (0.0, 1.0))
    percent = logit_limits(np.array([80.0]), np.array([3.0]), np.array([6.0]), 0.95, (0.0, 100.0))
    np.testing.assert_allclose(percent, 100 * np.array(share), rtol=RTOL)
    scale = logit_limits(np.array([4.2]), np.array([0.12]), np.array([6.0]), 0.95, (1.0, 5.0))
    np.testing.assert_allclose(scale, 1 + 4 * np.array(share), rtol=RTOL)


def test_mean_limits_use_t() -> None:
    got = mean_limits(np.array([10.0]), np.array([2.0]), np.array([6.0]), 0.9)
    half = 2 * stats.t.ppf(0.95, 6)
    np.testing.assert_allclose(np.ravel(got), [10 - half, 10 + half], rtol=RTOL)


def test_infinite_df_give_the_normal_quantile() -> None:
    np.testing.assert_allclose(t_quantile(0.95, np.array([np.inf])), stats.norm.ppf(0.975), RTOL)


def test_without_degrees_of_freedom_there_is_no_interval() -> None:
    sheet = pd.DataFrame({"psu": [1, 1, 2, 2], "y": [1.0, 2, 3, 4]})
    one = survey.mean(Design(sheet, psu="psu"), "y", by="psu").table(df=True)
    assert one["df"].tolist() == [0, 0]
    assert one[["low", "high"]].isna().to_numpy().all()


def test_each_domain_has_its_own_quantile(province: pd.DataFrame) -> None:
    design = Design(province, strata="district", psu="commune", weights="weight")
    got = survey.mean(design, "y", by="district")
    table = got.table()
    half = (table["high"] - table["low"]) / 2 / table["se"]
    np.testing.assert_allclose(half, stats.t.ppf(0.975, 2), rtol=1e-9)
    design_wide = got.confidence_interval(df=design.df)
    half = (design_wide["high"] - design_wide["low"]) / 2 / table["se"]
    np.testing.assert_allclose(half, stats.t.ppf(0.975, 6), rtol=1e-9)


def test_a_share_of_none_or_all_has_exact_limits() -> None:
    sheet = pd.DataFrame({"psu": [1, 1, 2, 2, 3, 3, 3], "sex": list("FMFMFMF")})
    sheet["q"] = sheet["sex"].map({"F": 5, "M": 3})
    table = survey.proportion(Design(sheet, psu="psu"), "q", event=(5,), by="sex").table()
    for sex, n, count in (("F", 4, 4), ("M", 3, 0)):
        want = stats.binomtest(count, n).proportion_ci(0.95, method="exact")
        got = table.loc[sex, ["low", "high"]].to_numpy(float)
        np.testing.assert_allclose(got, [want.low, want.high], rtol=0, atol=SOLVER)


def test_an_index_of_all_or_none_is_not_estimable() -> None:
    sheet = pd.DataFrame({"psu": [1, 2, 3], "a": [5, 5, 5], "b": [5, 4, 5]})
    shares = survey.proportion(Design(sheet, psu="psu"), ["a", "b"], event=(4, 5))
    index = shares.smooth(
        np.array([1.0]), np.array([[0.5, 0.5]]), pd.Index(["index"]), what="i", bounds=(0.0, 1.0)
    )
    assert index.table()[["low", "high"]].isna().to_numpy().all()


# -- what they refuse -------------------------------------------------------------------------


@pytest.fixture
def means(province: pd.DataFrame) -> survey.Estimates:
    return survey.mean(Design(province), "y")


@pytest.mark.parametrize("level", [95, 1, 0, -0.5, float("nan")])
def test_a_level_that_is_no_share(means: survey.Estimates, level: float) -> None:
    with pytest.raises(SurveyError, match=r"level: got .*level=0\.95"):
        means.table(level=level)


def test_logit_limits_without_a_range(means: survey.Estimates) -> None:
    with pytest.raises(SurveyError, match=r"Mean of y: logit limits need a range.*method='mean'"):
        means.confidence_interval(method="logit")


def test_a_method_that_does_not_exist(means: survey.Estimates) -> None:
    with pytest.raises(SurveyError, match=r"method=\): 'wald' is not an option.*'logit', 'mean'"):
        means.confidence_interval(method="wald")  # type: ignore[arg-type]
