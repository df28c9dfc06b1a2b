"""Functions of estimates: derivatives to the last digits, and functions that are not smooth."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import survey
from survey import Design, SurveyError
from survey.delta_method import function_of


@pytest.fixture
def means(province: pd.DataFrame) -> survey.Estimates:
    design = Design(province, strata="district", psu="commune", weights="weight")
    return survey.mean(design, ["y", "x"])


def test_derivatives_are_exact(means: survey.Estimates) -> None:
    a, b = means.point
    made = function_of(
        means,
        lambda m: [np.log(m["x"] / m["y"]), m["y"] ** 3 / m["x"], np.exp(-m["y"])],
        ["log ratio", "cubic", "exp"],
    )
    by_hand = np.array([[-1 / a, 1 / b], [3 * a**2 / b, -(a**3) / b**2], [-math.exp(-a), 0]])
    want = by_hand @ means.covariance.to_numpy() @ by_hand.T
    np.testing.assert_allclose(made.covariance, want, rtol=1e-12)
    np.testing.assert_allclose(made.point, [math.log(b / a), a**3 / b, math.exp(-a)], rtol=1e-14)
    assert made.labels.tolist() == ["log ratio", "cubic", "exp"]


def test_a_linear_function_is_a_contrast(means: survey.Estimates) -> None:
    made = function_of(means, lambda m: 2 * m["y"] - m["x"], "difference")
    want = means.contrast({"difference": {"y": 2, "x": -1}})
    pd.testing.assert_frame_equal(made.table(df=True), want.table(df=True))


def test_a_ratio_of_means_is_a_ratio(province: pd.DataFrame, means: survey.Estimates) -> None:
    design = Design(province, strata="district", psu="commune", weights="weight")
    made = function_of(means, lambda m: m["y"] / m["x"], "y/x")
    np.testing.assert_allclose(made.se, survey.ratio(design, "y", "x").se, rtol=1e-12)


def test_a_change_between_two_years(province: pd.DataFrame) -> None:
    later = province.assign(y=province["y"] + 0.5 * province["x"])
    years = [
        survey.mean(Design(one, strata="district", psu="commune", weights="weight"), "y")
        for one in (province, later)
    ]
    both = survey.stack(*years, keys=["before", "after"])
    made = function_of(both, lambda m: m[("after", "y")] / m[("before", "y")] - 1, "growth")
    a, b = both.point
    slope = np.array([-b / a**2, 1 / a])
    want = math.sqrt(slope @ both.covariance.to_numpy() @ slope)
    assert made.se.iloc[0] == pytest.approx(want, rel=1e-12)
    assert made.df.iloc[0] == 6


def test_given_derivatives(means: survey.Estimates) -> None:
    made = function_of(
        means,
        lambda m: abs(m["y"] - m["x"]),
        "distance",
        derivatives=lambda m: np.sign(m["y"] - m["x"]) * np.array([1.0, -1.0]),
    )
    want = means.contrast({"x − y": {"x": 1, "y": -1}})
    np.testing.assert_allclose(made.se, want.se, rtol=1e-14)


def test_bounds_lead_to_logit_limits(means: survey.Estimates) -> None:
    made = function_of(means, lambda m: m["y"] / (m["y"] + m["x"]), "part", bounds=(0.0, 1.0))
    low, high = made.table()[["low", "high"]].iloc[0]
    assert made.point[0] - low != pytest.approx(high - made.point[0])


@pytest.mark.parametrize(
    "function",
    [
        lambda m: abs(m["y"] - m["x"]),
        lambda m: math.log(m["y"]),
        lambda m: float(m["y"].real) ** 2,
        lambda m: "no number",
    ],
)
def test_functions_that_are_not_smooth(means: survey.Estimates, function: object) -> None:
    with pytest.raises(SurveyError, match=r"function_of\(function=\): .*derivatives="):
        function_of(means, function, "f")  # type: ignore[arg-type]


def test_what_does_not_fit(means: survey.Estimates) -> None:
    with pytest.raises(SurveyError, match="2 labels for 1 values"):
        function_of(means, lambda m: m["y"], ["a", "b"])
    with pytest.raises(SurveyError, match=r"shape \(1, 1\), wanted \(1, 2\)"):
        function_of(means, lambda m: m["y"], "a", derivatives=lambda _: [1.0])
    with pytest.raises(KeyError):
        function_of(means, lambda m: m["z"], "a")
