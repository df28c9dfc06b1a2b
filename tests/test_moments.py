"""Variances and covariances against numpy, loops over replicates, and the linearised variable."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import survey
from survey import Design, ReplicateDesign, SurveyError
from survey.delta_method import function_of
from survey.moments import variance


@pytest.fixture
def design(province: pd.DataFrame) -> Design:
    return Design(province, strata="district", psu="commune", weights="weight")


def weighted(frame: pd.DataFrame, a: str, b: str) -> float:
    """Weighted covariance of the rows that have both, with the divisor n − 1."""
    rows = frame[frame[a].notna() & frame[b].notna()]
    w = rows["weight"] / rows["weight"].sum()
    centred = [(rows[name] - (w * rows[name]).sum()) for name in (a, b)]
    return float((w * centred[0] * centred[1]).sum() * len(rows) / (len(rows) - 1))


def test_without_weights_it_is_numpys(province: pd.DataFrame) -> None:
    got = variance(Design(province), ["y", "x"]).point.reshape(2, 2)
    np.testing.assert_allclose(got, np.cov(province["y"], province["x"]), rtol=1e-12)


def test_pairs_rest_on_the_rows_that_have_both(design: Design) -> None:
    names = ["y", "holes", "x"]
    result = variance(design, names)
    for a, b in result.labels:
        assert result.estimate.loc[(a, b)] == pytest.approx(weighted(design.data, a, b))
    assert result.n.loc[("y", "x")] == len(design.data)
    assert result.n.loc[("holes", "x")] == design.data["holes"].notna().sum()
    complete = variance(design, names, missing="listwise")
    kept = design.data.dropna(subset=names)
    assert complete.estimate.loc[("y", "x")] == pytest.approx(weighted(kept, "y", "x"))


def test_the_whole_matrix_is_symmetric(design: Design) -> None:
    result = variance(design, ["y", "x", "q"])
    assert len(result) == 9
    matrix = result.point.reshape(3, 3)
    np.testing.assert_array_equal(matrix, matrix.T)
    covariance = result.covariance
    assert covariance.loc[("y", "x"), ("q", "q")] == covariance.loc[("x", "y"), ("q", "q")]


def test_domains_have_their_own_centre(design: Design) -> None:
    result = variance(design, ["y", "x"], by="sex")
    for sex in ("F", "M"):
        own = design.data[design.data["sex"] == sex]
        assert result.estimate.loc[("y", "x", sex)] == pytest.approx(weighted(own, "y", "x"))
        mask = (design.data["sex"] == sex).to_numpy()
        alone = variance(design.domain(mask), ["y", "x"])
        np.testing.assert_allclose(
            result.table().xs(sex, level=-1).to_numpy(), alone.table().to_numpy(), rtol=1e-12
        )


def test_the_standard_error_is_that_of_the_centred_square(design: Design) -> None:
    centre = survey.mean(design, "y").point[0]
    n = len(design.data)
    square = ((design.data["y"] - centre) ** 2 * n / (n - 1)).to_frame("square")
    want = survey.mean(design, square)
    got = variance(design, "y")
    np.testing.assert_allclose(got.se, want.se, rtol=1e-12)
    np.testing.assert_allclose(got.deff, want.deff, rtol=1e-12)
    assert got.labels.tolist() == ["y"]


def test_replicates_centre_anew(province: pd.DataFrame) -> None:
    factors = np.random.default_rng(8).uniform(0.2, 1.8, (len(province), 12))
    design = ReplicateDesign(
        province, weights="weight", replicate_weights=factors, combined=False, scale=0.25
    )
    result = variance(design, ["y", "holes"], by="sex")
    for a, b, sex in result.labels:
        own = province["sex"] == sex
        each = [weighted(province.assign(weight=w)[own], a, b) for w in design.row_weights().T]
        se = np.sqrt(0.25 * ((np.array(each) - np.mean(each)) ** 2).sum())
        assert result.se.loc[(a, b, sex)] == pytest.approx(se)


def test_one_row_has_no_variance() -> None:
    sheet = pd.DataFrame({"g": ["a", "b", "b"], "y": [1.0, 2.0, 4.0]})
    result = variance(Design(sheet), "y", by="g")
    assert result.estimate.isna().tolist() == [True, False]
    assert result.estimate.loc["b"] == 2.0


def test_correlation_is_a_function_of_the_matrix(design: Design) -> None:
    moments = variance(design, ["y", "x"])
    made = function_of(
        moments, lambda v: v[("y", "x")] / np.sqrt(v[("y", "y")] * v[("x", "x")]), "r"
    )
    rows = design.data
    w = rows["weight"] / rows["weight"].sum()
    z = {k: rows[k] - (w * rows[k]).sum() for k in ("y", "x")}
    sd = {k: np.sqrt((w * z[k] ** 2).sum()) for k in z}
    r = (w * z["y"] * z["x"]).sum() / sd["y"] / sd["x"]
    assert made.point[0] == pytest.approx(r)
    u, v = z["y"] / sd["y"], z["x"] / sd["x"]
    influence = u * v - r * (u**2 + v**2) / 2  # the derivative of a correlation
    assert made.se.iloc[0] == pytest.approx(
        survey.mean(design, influence.to_frame("r")).se.iloc[0]
    )


def test_what_is_refused(design: Design) -> None:
    with pytest.raises(SurveyError, match=r"variance\(y=\): not numeric: 'sex'"):
        variance(design, ["y", "sex"])
    with pytest.raises(SurveyError, match="given twice: 'y'"):
        variance(design, ["y", "y"])
    with pytest.raises(SurveyError, match=r"answers are missing: 'holes"):
        variance(design, ["y", "holes"], missing="refuse")
