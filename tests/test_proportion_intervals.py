"""Intervals of one share: closed forms, root finders of scipy, exact ends, and refusals.

Over 300 lines: many small tests of one module.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import interpolate, optimize, stats

import survey
from survey import Design, ReplicateDesign, SurveyError
from survey.intervals.share_limits import Shares, beta_limits, likelihood_limits, share_limits
from survey.presentation_standards import presentation

ORACLES = Path(__file__).parent / "oracles"
METHODS = ("logit", "xlogit", "likelihood", "asin", "beta", "wilson", "mean")


@pytest.fixture
def share(province: pd.DataFrame) -> survey.Estimates:
    design = Design(province, strata="district", psu="commune", weights="weight")
    return survey.proportion(design, "q", event=(4, 5))


def limits(result: survey.Estimates, method: str, **options: object) -> list[float]:
    return result.confidence_interval(method=method, **options).iloc[0].tolist()  # type: ignore[arg-type]


def known(result: survey.Estimates) -> tuple[float, float, float, int]:
    return result.point[0], result.se.iloc[0], result.df.iloc[0], int(result.n.iloc[0])


# -- formulas ---------------------------------------------------------------------------------


def test_transformed_limits_by_hand(share: survey.Estimates) -> None:
    p, se, df, _ = known(share)
    t = stats.t.ppf(0.975, df)
    angle, half = math.asin(math.sqrt(p)), t * se / (2 * math.sqrt(p * (1 - p)))
    want = [math.sin(angle - half) ** 2, math.sin(angle + half) ** 2]
    np.testing.assert_allclose(limits(share, "asin"), want, rtol=1e-12)
    centre, half = math.log(p / (1 - p)), t * se / (p * (1 - p))
    want = [1 / (1 + math.exp(half - centre)), 1 / (1 + math.exp(-half - centre))]
    for method in ("logit", "xlogit"):
        np.testing.assert_allclose(limits(share, method), want, rtol=1e-12)
    np.testing.assert_allclose(limits(share, "mean"), [p - t * se, p + t * se], rtol=1e-12)


def test_wilson_limits_solve_their_equation(share: survey.Estimates) -> None:
    p, se, df, _ = known(share)
    effective, t = p * (1 - p) / se**2, stats.t.ppf(0.975, df)
    for limit in limits(share, "wilson"):
        assert abs(p - limit) == pytest.approx(t * math.sqrt(limit * (1 - limit) / effective))


def test_wilson_limits_of_a_simple_sample_are_scipys() -> None:
    p, n = 0.3, 50
    shares = Shares(*(np.array([v]) for v in (p, math.sqrt(p * (1 - p) / n), np.inf, n, n, 1)))
    want = stats.binomtest(15, n).proportion_ci(0.95, method="wilson")
    np.testing.assert_allclose(
        np.ravel(share_limits(shares, "wilson", 0.95)), [want.low, want.high], rtol=1e-12
    )


def test_beta_limits_of_a_simple_sample_are_clopper_pearson() -> None:
    want = stats.binomtest(15, 50).proportion_ci(0.95, method="exact")
    got = np.ravel(beta_limits(np.array([0.3]), np.array([50.0]), 0.95))
    np.testing.assert_allclose(got, [want.low, want.high], rtol=1e-10)


def test_beta_counts_rows_before_missing_answers_are_left_out(province: pd.DataFrame) -> None:
    sheet = province.assign(ok=(province["y"] > 3).astype(float).where(province["holes"].notna()))
    design = Design(sheet, strata="district", psu="commune", weights="weight")
    result = survey.proportion(design, "ok", event=(1,))
    p, se, df, n = known(result)
    assert n < len(sheet)
    few = stats.t.ppf(0.025, len(sheet) - 1) / stats.t.ppf(0.025, df)
    size = p * (1 - p) / se**2 * few**2
    want = [
        stats.beta.ppf(0.025, size * p, size * (1 - p) + 1),
        stats.beta.ppf(0.975, size * p + 1, size * (1 - p)),
    ]
    np.testing.assert_allclose(limits(result, "beta"), want, rtol=1e-12)


def fall(p: float, logit: float) -> float:
    """Twice the fall of the mean log-likelihood from p to the share of a logit."""
    yes, no = -math.log1p(math.exp(-logit)), -math.log1p(math.exp(logit))
    return 2 * (p * (math.log(p) - yes) + (1 - p) * (math.log1p(-p) - no))


@pytest.mark.parametrize("p", [0.001, 0.2, 0.5, 0.93, 0.98])
@pytest.mark.parametrize("effective", [5.0, 400.0])
def test_likelihood_limits_against_a_root_finder(p: float, effective: float) -> None:
    t, se = 2.2, math.sqrt(p * (1 - p) / effective)
    got = np.ravel(likelihood_limits(np.array([p]), np.array([se]), np.array([t])))
    centre, drop = math.log(p / (1 - p)), t**2 / effective
    span = (drop + 5) / min(p, 1 - p)
    for limit, far in zip(got, (max(centre - span, -700), min(centre + span, 700)), strict=True):
        root = optimize.brentq(lambda b: fall(p, b) - drop, far, centre, xtol=1e-13, rtol=1e-14)
        assert limit == pytest.approx(1 / (1 + math.exp(-root)), rel=1e-9)


@pytest.mark.parametrize("case", ["dclus2/ciprop_likelihood", "dclus2_wr/ciprop_likelihood"])
def test_r_interpolates_the_likelihood_that_is_solved_here(case: str) -> None:
    cases = json.loads((ORACLES / "cases.json").read_text(encoding="utf-8"))
    expect = next(one for one in cases if one["id"] == case)["expect"]
    p, se, n = expect["estimate"][0], expect["se"][0], 126
    t, dispersion = stats.t.ppf(0.975, expect["df"]), n / (n - 1)
    centre, slope = math.log(p / (1 - p)), se / (p * (1 - p))
    scale = n * se**2 / (p * (1 - p))
    tail = stats.norm.cdf(-t * math.sqrt(scale)) / 2
    widest = math.sqrt(stats.f.ppf(1 - tail, 1, n - 1))
    places, roots = [centre], [0.0]
    for sign in (-1, 1):
        step = 0
        while step < 10 and abs(roots[-1] if step else 0) < widest:
            step += 1
            places.append(centre + sign * step * widest / 5 * slope)
            roots.append(sign * math.sqrt(n * fall(p, places[-1]) / dispersion))
    order = np.argsort(places)
    spline = interpolate.CubicSpline(np.array(places)[order], np.array(roots)[order])
    fine = np.linspace(min(places), max(places), 3 * len(places))
    cut = t * math.sqrt(scale)
    read = np.interp([-cut, cut], spline(fine), fine)
    wanted = [expect["ci_low"][0], expect["ci_high"][0]]
    np.testing.assert_allclose(1 / (1 + np.exp(-read)), wanted, rtol=1e-5)
    solved = np.ravel(
        likelihood_limits(np.array([p]), np.array([se]), np.array([t * math.sqrt(dispersion)]))
    )
    assert 1e-4 < abs(solved[0] / wanted[0] - 1) < 4e-4
    for limit in solved:
        drop = dispersion * t**2 * se**2 / (p * (1 - p))
        assert fall(p, math.log(limit / (1 - limit))) == pytest.approx(drop, rel=1e-10)


def test_the_limits_of_a_replicate_design_rest_on_its_own_logits(province: pd.DataFrame) -> None:
    communes = province["commune"].unique()
    factors = np.stack([np.where(province["commune"] == c, 0.0, 9 / 8) for c in communes], axis=1)
    design = ReplicateDesign(
        province,
        weights="weight",
        replicate_weights=factors,
        combined=False,
        scale=8 / 9,
    )
    result = survey.proportion(design, "q", event=(4, 5))
    hit, weight = province["q"].isin([4, 5]).to_numpy(), province["weight"].to_numpy()
    shares = np.array([(w * hit).sum() / w.sum() for w in (factors * weight[:, None]).T])
    logits = np.log(shares / (1 - shares))
    se = math.sqrt(8 / 9 * ((logits - logits.mean()) ** 2).sum())
    p = (weight * hit).sum() / weight.sum()
    half = stats.t.ppf(0.975, design.df) * se
    want = 1 / (1 + np.exp(-np.array([-half, half]) - math.log(p / (1 - p))))
    np.testing.assert_allclose(limits(result, "logit"), want, rtol=1e-12)
    assert limits(result, "xlogit") != limits(result, "logit")
    picked = survey.proportion(design, "q", event=(4, 5), by="district").pick([2, 0])
    alone = survey.proportion(design, "q", event=(4, 5), by="district")
    pd.testing.assert_frame_equal(
        picked.confidence_interval(), alone.confidence_interval().iloc[[2, 0]]
    )
    both = survey.stack(result, alone, keys=["all", "district"])
    np.testing.assert_allclose(both.confidence_interval().iloc[0], want, rtol=1e-12)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    p=st.floats(0.01, 0.99),
    effective=st.floats(3, 1e5),
    df=st.floats(1, 500),
    level=st.floats(0.5, 0.99),
)
def test_limits_hold_the_share_and_its_mirror(
    p: float, effective: float, df: float, level: float
) -> None:
    se = math.sqrt(p * (1 - p) / effective)
    one, other = (
        Shares(*(np.array([v]) for v in (q, se, df, 1000.0, 1100.0, 1.0))) for q in (p, 1 - p)
    )
    for method in METHODS:
        low, high = (float(x[0]) for x in share_limits(one, method, level))  # type: ignore[arg-type]
        assert low <= p <= high
        assert method == "mean" or (low >= 0 and high <= 1)
        mirrored = np.ravel(share_limits(other, method, level))  # type: ignore[arg-type]
        np.testing.assert_allclose([1 - high, 1 - low], mirrored, rtol=1e-7, atol=1e-9)


def test_asin_limits_stop_at_the_ends_of_the_range() -> None:
    shares = Shares(*(np.array([v]) for v in (0.02, 0.05, 2.0, 30.0, 30.0, 1.0)))
    low, high = share_limits(shares, "asin", 0.95)
    assert low[0] == 0
    assert 0.02 < high[0] < 1


# -- at 0 and 1 -------------------------------------------------------------------------------


@pytest.fixture
def unanimous() -> survey.Estimates:
    sheet = pd.DataFrame({"psu": [1, 1, 2, 2, 3], "q": [1] * 5, "w": [0.1, 0.2, 0.3, 0.7, 0.9]})
    return survey.proportion(Design(sheet, psu="psu", weights="w"), "q", event=(1,))


@pytest.mark.parametrize("method", METHODS)
def test_a_share_of_all_has_exact_limits_by_any_method(
    unanimous: survey.Estimates, method: str
) -> None:
    want = stats.binomtest(5, 5).proportion_ci(0.95, method="exact")
    np.testing.assert_allclose(limits(unanimous, method), [want.low, want.high], atol=2e-12)


@pytest.mark.parametrize("method", METHODS)
def test_what_the_formulas_leave_at_the_ends(unanimous: survey.Estimates, method: str) -> None:
    got = limits(unanimous, method, at_ends="formula")
    if method in ("logit", "mean"):
        assert got == [1.0, 1.0]
    else:
        assert np.isnan(got).all()


def test_a_census_has_no_width_inside_the_range() -> None:
    sheet = pd.DataFrame({"q": [1, 0, 1, 1], "N": [4] * 4})
    result = survey.proportion(Design(sheet, fpc="N"), "q", event=(1,))
    for method in METHODS:
        np.testing.assert_allclose(limits(result, method), [0.75, 0.75], rtol=1e-9)


# -- refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["xlogit", "likelihood", "asin", "beta", "wilson"])
def test_an_index_has_no_effective_number_of_answers(province: pd.DataFrame, method: str) -> None:
    shares = survey.proportion(Design(province), ["q", "sex"], event=(4, 5, "F"))
    index = shares.smooth(
        np.array([shares.point.mean()]),
        np.array([[0.5, 0.5]]),
        pd.Index(["index"]),
        what="Index of service",
        bounds=(0.0, 1.0),
    )
    with pytest.raises(SurveyError, match=r"Index of service: .* effective number .*'logit'"):
        index.confidence_interval(method=method)  # type: ignore[arg-type]
    with pytest.raises(SurveyError, match=r"Mean of y: .* need a range.*survey\.proportion"):
        survey.mean(Design(province), "y").confidence_interval(method=method)  # type: ignore[arg-type]


def test_an_index_at_the_end_of_its_range_has_no_limits() -> None:
    sheet = pd.DataFrame({"psu": [1, 2, 3], "a": [5, 5, 5]})
    shares = survey.proportion(Design(sheet, psu="psu"), "a", event=(5,))
    index = shares.smooth(
        shares.point, np.eye(1), pd.Index(["index"]), what="i", bounds=(0.0, 1.0)
    )
    for method in ("logit", "mean"):
        assert np.isnan(limits(index, method)).all()


def test_an_unknown_rule_for_the_ends(share: survey.Estimates) -> None:
    with pytest.raises(SurveyError, match=r"at_ends=\): 'wide' is not an option.*'exact'"):
        share.confidence_interval(at_ends="wide")  # type: ignore[arg-type]


# -- presentation -----------------------------------------------------------------------------


def simple(yes: int, n: int, psus: int = 30) -> survey.Estimates:
    """Spread a simple share evenly over PSUs, each row a PSU where there are as many."""
    sheet = pd.DataFrame({"q": [1] * yes + [0] * (n - yes), "psu": [k % psus for k in range(n)]})
    return survey.proportion(Design(sheet, psu="psu" if psus < n else None), "q", event=(1,))


@pytest.mark.parametrize(
    ("yes", "n", "decision", "reason"),
    [
        (10, 29, "suppress", "fewer than 30 effective answers"),
        (18, 36, "suppress", "interval of 30 points or more"),
        (3, 80, "suppress", "interval over 130 % of the share"),
        (150, 300, "present", ""),
        (300, 300, "review", "0 or 100 %"),
        (0, 29, "suppress", "fewer than 30 effective answers"),
    ],
)
def test_when_a_share_may_be_printed(yes: int, n: int, decision: str, reason: str) -> None:
    row = presentation(simple(yes, n, psus=1000)).iloc[0]
    assert (row["decision"], row["reason"]) == (decision, reason)


def test_few_degrees_of_freedom_are_reviewed() -> None:
    rows = pd.DataFrame({"q": ([1] * 90 + [0] * 10) * 8, "psu": np.repeat(range(8), 100)})
    row = presentation(survey.proportion(Design(rows, psu="psu"), "q", event=(1,))).iloc[0]
    assert (row["decision"], row["df"]) == ("review", 7)


def test_the_complement_of_a_large_share_needs_a_footnote() -> None:
    row = presentation(simple(78, 80, psus=1000)).iloc[0]
    assert row["decision"] == "present"
    assert not row["complement"]
    assert row["width"] / (1 - 78 / 80) > 1.3


def test_only_shares_are_judged(province: pd.DataFrame) -> None:
    with pytest.raises(SurveyError, match=r"Mean of y is no share.*survey\.proportion"):
        presentation(survey.mean(Design(province), "y"))
    with pytest.raises(SurveyError, match="level"):
        presentation(simple(10, 20, psus=1000), level=95)
