"""Estimates: contrasts, functions, stacks and tables follow from the scores alone."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import survey
from survey import Design, SurveyError


@pytest.fixture
def design(province: pd.DataFrame) -> Design:
    return Design(province, strata="district", psu="commune", weights="weight")


@pytest.fixture
def by_sex(design: Design) -> survey.Estimates:
    return survey.mean(design, "y", by="sex")


# -- combinations -----------------------------------------------------------------------------


def test_a_contrast_by_name(by_sex: survey.Estimates) -> None:
    got = by_sex.contrast({"F − M": {"F": 1, "M": -1}})
    v = by_sex.covariance
    assert got.estimate["F − M"] == by_sex.estimate["F"] - by_sex.estimate["M"]
    want = math.sqrt(v.loc["F", "F"] + v.loc["M", "M"] - 2 * v.loc["F", "M"])
    np.testing.assert_allclose(got.se["F − M"], want, rtol=1e-12)


def test_three_ways_to_write_a_contrast(by_sex: survey.Estimates) -> None:
    named = by_sex.contrast({"gap": {"F": 1, "M": -1}})
    matrix = by_sex.contrast([[1, -1]])
    frame = by_sex.contrast(pd.DataFrame({"M": [-1], "F": [1]}, index=["gap"]))
    for other in (matrix, frame):
        np.testing.assert_allclose(other.point, named.point, rtol=1e-15)
        np.testing.assert_allclose(other.se, named.se, rtol=1e-12)
    assert list(frame.labels) == ["gap"]


def test_the_df_of_a_contrast_is_that_of_the_union(province: pd.DataFrame) -> None:
    province["area"] = province["district"].replace({"district 2": "district 1"})
    design = Design(province, strata="district", psu="commune", weights="weight")
    areas = survey.mean(design, "y", by="area")
    assert areas.df.tolist() == [3 - 1, 6 - 2]
    assert areas.contrast([[1, -1]]).df.tolist() == [9 - 3]


def test_a_contrast_leaves_out_what_it_does_not_name(province: pd.DataFrame) -> None:
    province["holes"] = province["y"].where(province["district"] != "district 2")
    design = Design(province, strata="district", psu="commune", weights="weight")
    means = survey.mean(design, "holes", by="district")
    assert math.isnan(means.estimate["district 2"])
    assert math.isnan(means.se["district 2"])
    gap = means.contrast({"gap": {"district 0": 1, "district 1": -1}})
    assert math.isfinite(gap.estimate["gap"])
    assert gap.df["gap"] == 6 - 2


def test_a_smooth_function_is_the_ratio(design: Design) -> None:
    totals = survey.total(design, ["y", "x"])
    y, x = totals.point
    got = totals.smooth(
        np.array([y / x]), np.array([[1 / x, -y / x**2]]), pd.Index(["y/x"]), what="Ratio"
    )
    want = survey.ratio(design, "y", "x")
    np.testing.assert_allclose(got.se, want.se, rtol=1e-12)
    np.testing.assert_allclose(got.deff, want.deff, rtol=1e-12)


def test_picked_estimates_are_the_same_estimates(design: Design) -> None:
    shares = survey.proportion(design, "q", event=(4, 5), by="district")
    picked = shares.pick([2, 0])
    columns = ["estimate", "se", "low", "high", "n", "deff", "df"]
    got = picked.table(deff=True, df=True)
    assert list(got.columns) == columns
    want = shares.table(deff=True, df=True).iloc[[2, 0]]
    pd.testing.assert_frame_equal(got, want, rtol=1e-12)


def test_other_labels(by_sex: survey.Estimates) -> None:
    renamed = by_sex.labelled(pd.Index(["women", "men"]), what="Answers")
    assert renamed.estimate["women"] == by_sex.estimate["F"]
    assert renamed.what == "Answers"


# -- stacks of one sample ---------------------------------------------------------------------


def test_a_stack_of_one_sample_is_one_joint_call(design: Design) -> None:
    apart = survey.stack(survey.mean(design, "y"), survey.mean(design, "holes"))
    joint = survey.mean(design, ["y", "holes"])
    np.testing.assert_allclose(apart.covariance, joint.covariance, rtol=1e-12)
    np.testing.assert_allclose(apart.deff, joint.deff, rtol=1e-12)
    assert apart.df.tolist() == joint.df.tolist() == [6, 5]  # one commune's only row is blank
    assert apart.shared_psus == 0, "one sample shares nothing with another"


def test_a_share_and_a_domain_stack_too(design: Design, province: pd.DataFrame) -> None:
    women = survey.mean(design.domain(province["sex"] == "F"), "y")
    whole = survey.mean(design, "y", by="sex")
    both = survey.stack(women, whole, keys=["domain", "by"])
    gap = both.contrast({"none": {("domain", "y"): 1, ("by", "F"): -1}})
    np.testing.assert_allclose(gap.table()[["estimate", "se"]], 0.0, atol=1e-15)


def test_a_stack_keeps_what_all_parts_have(design: Design) -> None:
    share, mean = survey.proportion(design, "q", event=(4, 5)), survey.mean(design, "y")
    assert survey.stack(share, share, keys=["a", "b"]).bounds == (0.0, 1.0)
    assert survey.stack(share, mean).bounds is None
    assert survey.stack(share, mean).what == "Share of q in (4, 5) and Mean of y"


# -- what it shows ----------------------------------------------------------------------------


def test_the_order_of_columns(by_sex: survey.Estimates) -> None:
    assert list(by_sex.table().columns) == ["estimate", "se", "low", "high", "n"]
    assert list(by_sex.table(df=True, deff=True).columns[5:]) == ["deff", "df"]


def test_full_precision_inside_four_decimals_shown(by_sex: survey.Estimates) -> None:
    exact = by_sex.table().loc["F", "estimate"]
    assert exact != round(exact, 4)
    assert f"{exact:.4f}" in repr(by_sex)
    assert str(exact) not in repr(by_sex)


def test_html_escapes_labels(province: pd.DataFrame) -> None:
    province["sex"] = province["sex"].replace({"F": "<b>women & girls</b>"})
    html = survey.mean(Design(province), "y", by="sex")._repr_html_()
    assert "&lt;b&gt;women &amp; girls" in html
    assert "<b>women" not in html


def test_the_caption_names_what_it_speaks_of(province: pd.DataFrame) -> None:
    design = Design(province, psu="commune", population_label="three districts")
    assert survey.mean(design, "y").caption == "Mean of y; 9 PSUs, 1 stratum; three districts"


def test_items_slowest_domains_fastest(design: Design) -> None:
    got = survey.mean(design, ["y", "x"], by="sex")
    assert list(got.labels) == [("y", "F"), ("y", "M"), ("x", "F"), ("x", "M")]
    assert list(got.labels.names) == ["item", "sex"]


# -- what it refuses --------------------------------------------------------------------------


def test_an_unknown_label(by_sex: survey.Estimates) -> None:
    with pytest.raises(SurveyError, match=r"contrast 'gap': no estimate labelled 'W'.*'F', 'M'"):
        by_sex.contrast({"gap": {"W": 1, "M": -1}})


def test_a_misspelt_label(design: Design) -> None:
    districts = survey.mean(design, "y", by="district")
    with pytest.raises(SurveyError, match=r"labelled 'distrct 1'. Did you mean 'district 1'\?"):
        districts.contrast({"gap": {"distrct 1": 1}})


def test_a_matrix_that_does_not_fit(by_sex: survey.Estimates) -> None:
    with pytest.raises(SurveyError, match=r"3 columns for 2 estimates.*order"):
        by_sex.contrast([[1, 0, -1]])


def test_labels_that_occur_twice(by_sex: survey.Estimates) -> None:
    with pytest.raises(SurveyError, match=r"stack: the label 'F' occurs twice.*keys="):
        survey.stack(by_sex, by_sex)


def test_a_key_too_few(by_sex: survey.Estimates) -> None:
    with pytest.raises(SurveyError, match=r"stack\(keys=\): 1 keys for 2 results"):
        survey.stack(by_sex, by_sex, keys=["first"])


def test_an_empty_stack() -> None:
    with pytest.raises(SurveyError, match="nothing to stack"):
        survey.stack()
