"""Re-weighting: known totals reproduced, residual variance, clear refusals.

Over 300 lines: many small tests of one module.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import survey
from survey import Design, ReplicateDesign, SurveyError, SurveyWarning
from survey.replication import as_replicates
from survey.weighting import (
    calibrate,
    nonresponse,
    poststratify,
    rake,
    trim,
    weight_summary,
)

Draw = Callable[..., pd.DataFrame]

FOLDER = Path(__file__).resolve().parent / "oracles"
SHAPE = ((4, 3, 5), (3, 6, 3), (4, 4, 3))
SEX = {"F": 60.0, "M": 45.0}
modest = settings(max_examples=20, derandomize=True, deadline=None)


def designed(frame: pd.DataFrame) -> Design:
    return Design(frame, strata="district", psu="commune", weights="weight")


@pytest.fixture
def frame(draw_province: Draw) -> pd.DataFrame:
    made = draw_province(SHAPE, 5)
    made["area"] = np.where(np.arange(len(made)) % 3 == 0, "urban", "rural")
    return made


@pytest.fixture
def design(frame: pd.DataFrame) -> Design:
    return designed(frame)


def own_totals(design: Design, formula_names: list[str]) -> dict[str, float]:
    """Totals that the sample has already."""
    columns = {
        "(Intercept)": np.ones(len(design.data)),
        "sexM": (design.data["sex"] == "M").to_numpy(float),
        "x": design.data["x"].to_numpy(),
    }
    return {name: float(design.weight @ columns[name]) for name in formula_names}


# -- property: what must hold whatever the sample ------------------------------------------------


@modest
@given(seed=st.integers(0, 10_000), distance=st.sampled_from(["linear", "raking", "logit"]))
def test_calibrating_to_its_own_totals_changes_no_weight(
    draw_province: Draw, seed: int, distance: str
) -> None:
    design = designed(draw_province(SHAPE, seed))
    totals = own_totals(design, ["(Intercept)", "sexM", "x"])
    bounds = (0.2, 5.0) if distance == "logit" else None
    made = calibrate(design, "~ sex + x", totals, distance=distance, bounds=bounds)
    np.testing.assert_allclose(made.weight, design.weight, rtol=1e-8)
    total = survey.total(made, ["x"])
    assert total.se["x"] < 1e-8 * total.estimate["x"]


@modest
@given(seed=st.integers(0, 10_000))
def test_raking_is_calibration_with_the_raking_distance(draw_province: Draw, seed: int) -> None:
    frame = draw_province(SHAPE, seed)
    frame["half"] = np.arange(len(frame)) % 2
    design = designed(frame)
    known = {"sex": {"F": 50.0, "M": 70.0}, "half": {0: 65.0, 1: 55.0}}
    assume(frame["sex"].nunique() == 2)
    raked = rake(design, known)
    calibrated = calibrate(design, ["sex", "half"], known, distance="raking")
    np.testing.assert_allclose(raked.weight, calibrated.weight, rtol=1e-8)
    assert (raked.weight > 0).all()


@modest
@given(seed=st.integers(0, 10_000))
def test_poststratification_is_calibration_on_indicators(draw_province: Draw, seed: int) -> None:
    design = designed(draw_province(SHAPE, seed))
    assume(design.data["sex"].nunique() == 2)
    classes = poststratify(design, "sex", SEX)
    columns = calibrate(design, ["sex"], {"sex": SEX})
    formula = calibrate(design, "~ sex", {"(Intercept)": 105.0, "sexM": 45.0})
    for other in (columns, formula):
        np.testing.assert_allclose(other.weight, classes.weight, rtol=1e-9)
        np.testing.assert_allclose(
            survey.total(other, ["y", "x"]).covariance,
            survey.total(classes, ["y", "x"]).covariance,
            rtol=1e-7,
        )


@pytest.mark.parametrize(
    ("distance", "bounds"),
    [
        ("linear", None),
        ("linear", (0.5, 2.0)),
        ("raking", None),
        ("raking", (0.5, 2.0)),
        ("logit", (0.5, 2.0)),
    ],
)
def test_known_totals_are_reproduced_without_error(
    design: Design, distance: str, bounds: tuple[float, float] | None
) -> None:
    totals = own_totals(design, ["(Intercept)", "sexM", "x"])
    totals = {name: value * factor for (name, value), factor in zip(
        totals.items(), (1.1, 1.2, 1.12), strict=True)}  # fmt: skip
    made = calibrate(design, "~ sex + x", totals, distance=distance, bounds=bounds)
    got = survey.total(made, "x")
    assert got.estimate["x"] == pytest.approx(totals["x"], rel=1e-9)
    assert got.se["x"] < 1e-8 * totals["x"]
    assert made.weight.sum() == pytest.approx(totals["(Intercept)"], rel=1e-9)
    if bounds:
        ratio = made.weight / design.weight
        assert bounds[0] - 1e-12 <= ratio.min()
        assert ratio.max() <= bounds[1] + 1e-12


# -- closed forms --------------------------------------------------------------------------------


def test_linear_calibration_is_the_regression_estimator(design: Design) -> None:
    totals = {"(Intercept)": 130.0, "x": 760.0}
    made = calibrate(design, "~ x", totals)
    w, y = design.weight, design.data["y"].to_numpy()
    x = np.column_stack([np.ones(len(w)), design.data["x"]])
    beta = np.linalg.solve(x.T @ (w[:, None] * x), x.T @ (w * y))
    by_hand = w @ y + (np.array([130.0, 760.0]) - x.T @ w) @ beta
    got = survey.total(made, "y")
    assert got.estimate["y"] == pytest.approx(by_hand, rel=1e-11)
    scores = pd.Series(made.weight * (y - x @ beta), design.data.index)
    variance = 0.0
    for _, rows in design.data.groupby("district"):
        sums = scores[rows.index].groupby(rows["commune"]).sum()
        variance += len(sums) / (len(sums) - 1) * ((sums - sums.mean()) ** 2).sum()
    assert got.se["y"] == pytest.approx(np.sqrt(variance), rel=1e-10)


def test_the_ratio_estimator(design: Design) -> None:
    made = calibrate(design, "~ x - 1", {"x": 900.0}, variance="x")
    np.testing.assert_allclose(
        made.weight, design.weight * 900.0 / (design.weight @ design.data["x"]), rtol=1e-12
    )
    ratio = survey.ratio(design, "y", "x")
    assert survey.total(made, "y").estimate["y"] == pytest.approx(
        900.0 * ratio.estimate.iloc[0], rel=1e-12
    )
    assert survey.total(made, "y").se["y"] == pytest.approx(900.0 * ratio.se.iloc[0], rel=1e-10)


def test_rows_of_a_unit_share_a_ratio(design: Design) -> None:
    totals = own_totals(design, ["(Intercept)", "x"])
    totals["x"] *= 1.05
    for made in (
        calibrate(design, "~ x", totals, aggregate=1),
        calibrate(design, "~ x", totals, aggregate="commune"),
    ):
        ratio = pd.Series(made.weight / design.weight)
        assert ratio.groupby(design.data["commune"].to_numpy()).std().max() < 1e-12
        assert made.weight @ design.data["x"] == pytest.approx(totals["x"], rel=1e-10)


def test_trimming_keeps_the_sum_and_the_limits() -> None:
    frame = pd.DataFrame({"w": [1.0, 2.0, 3.0, 14.0]})
    once = trim(Design(frame, weights="w"), upper=5.0)
    np.testing.assert_allclose(once.weight, [4.0, 5.0, 6.0, 5.0])
    strict = trim(Design(frame, weights="w"), upper=5.5, strict=True)
    np.testing.assert_allclose(strict.weight, [4.0, 5.0, 5.5, 5.5])
    with pytest.raises(SurveyError, match="keep the sum"):
        trim(Design(frame, weights="w"), upper=4.0, strict=True)


def test_a_domain_of_a_calibrated_design_keeps_every_row(design: Design) -> None:
    made = poststratify(design, "sex", SEX)
    women = made.domain(made.data["sex"] == "F", label="women")
    whole = survey.mean(made, "y", by="sex").table()
    part = survey.mean(women, "y").table()
    np.testing.assert_allclose(
        part.loc["y", ["estimate", "se"]].astype(float),
        whole.loc["F", ["estimate", "se"]].astype(float),
        rtol=1e-12,
    )
    assert survey.total(women, women.data.assign(one=1.0)[["one"]]).se["one"] < 1e-10


def test_a_domain_can_be_calibrated_to_its_own_totals(design: Design) -> None:
    women = design.domain(design.data["sex"] == "F", label="women")
    known = {"area": {"urban": 20.0, "rural": 40.0}, "x": 330.0}
    made = calibrate(women, ["area", "x"], known)
    alone = calibrate(Design(women.data[women.inside], weights="weight"), ["area", "x"], known)
    np.testing.assert_allclose(made.weight[women.inside], alone.weight, rtol=1e-10)
    assert (made.weight[~women.inside] == 0).all()
    assert survey.total(made, "x").se["x"] < 1e-8 * 330.0
    jackknife = as_replicates(poststratify(women, "area", known["area"]), "JKn")
    sums = (design.data["area"] == "urban").to_numpy() @ jackknife.row_weights()
    np.testing.assert_allclose(sums, 20.0)


# -- one re-weighting after another --------------------------------------------------------------


def lopsided() -> Design:
    """A sample in which one class grows with another, as women with age."""
    rng = np.random.default_rng(4)
    group = rng.integers(0, 4, 600)
    sex = np.where(rng.random(600) < 0.2 + 0.18 * group, "F", "M")
    y = 5.0 + group + rng.normal(size=600)
    return Design(pd.DataFrame({"group": group, "sex": sex, "y": y, "women": sex == "F"}))


def test_a_total_set_free_again_has_variance_again() -> None:
    first = poststratify(lopsided(), "sex", {"F": 290.0, "M": 310.0})
    second = poststratify(first, "group", dict.fromkeys(range(4), 150.0))
    columns = second.data[["women", "y"]].astype(float)
    linear = survey.total(second, columns)
    jackknife = survey.total(as_replicates(second, "JK1"), columns)
    np.testing.assert_allclose(linear.se, jackknife.se, rtol=0.03)
    assert survey.total(first, columns).se["women"] < 1e-10
    forward = copy(second)  # R's order: from the first step to the last
    object.__setattr__(forward, "adjustments", second.adjustments[::-1])
    assert survey.total(forward, columns).se["women"] < linear.se["women"] / 5.0


def test_nonresponse_adds_the_variance_of_answering() -> None:
    rng = np.random.default_rng(11)
    kind = rng.integers(0, 3, 900)
    came = rng.random(900) < np.array([0.9, 0.6, 0.3])[kind]
    y = np.where(came, kind + rng.normal(size=900), np.nan)
    frame = pd.DataFrame({"kind": kind, "came": came, "y": y})
    made = nonresponse(Design(frame), "came", "kind")
    assert (made.weight[~came] == 0).all()
    np.testing.assert_allclose(np.bincount(kind, made.weight), np.bincount(kind))
    share, size = np.bincount(kind) / 900, np.bincount(kind, came)
    means = frame.groupby("kind")["y"].mean()
    within = (share**2 * frame.groupby("kind")["y"].var() / size).sum()
    between = (share * (means - share @ means) ** 2).sum() / 900
    got = survey.mean(made, "y")
    assert got.estimate["y"] == pytest.approx(share @ means, rel=1e-12)
    assert got.se["y"] == pytest.approx(np.sqrt(within + between), rel=0.01)
    jackknife = survey.mean(as_replicates(made, "JK1"), "y")
    assert got.se["y"] == pytest.approx(jackknife.se["y"], rel=0.01)
    later = poststratify(made, "kind", {0: 300.0, 1: 300.0, 2: 300.0})
    both = [survey.mean(d, "y").se["y"] for d in (later, as_replicates(later, "JK1"))]
    assert both[0] == pytest.approx(both[1], rel=0.01)
    assert both[0] < got.se["y"]


# -- replicate designs ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["poststratify", "rake", "linear", "raking", "nonresponse", "trim"]
)
def test_every_replicate_is_reweighted_as_a_sample_of_its_own(
    frame: pd.DataFrame, kind: str
) -> None:
    frame["came"] = np.arange(len(frame)) % 5 > 0
    known = {"sex": SEX, "area": {"urban": 40.0, "rural": 65.0}}

    def change(design: Design | ReplicateDesign) -> Design | ReplicateDesign:
        if kind == "poststratify":
            return poststratify(design, "sex", SEX)
        if kind == "rake":
            return rake(design, known)
        if kind == "nonresponse":
            return nonresponse(design, "came", "area")
        if kind == "trim":
            return trim(design, lower=1.0, upper=3.5)
        return calibrate(design, ["sex", "area"], known, distance=kind)

    replicates = as_replicates(designed(frame), "JKn")
    made = change(replicates)
    table, before = made.row_weights(), replicates.row_weights()
    for r in (0, 4, 8):
        kept = before[:, r] > 0
        alone = Design(frame[kept].assign(weight=before[kept, r]), weights="weight")
        np.testing.assert_allclose(table[kept, r], change(alone).weight, rtol=1e-8)
        assert (table[~kept, r] == 0).all()
    np.testing.assert_allclose(made.weight, change(designed(frame)).weight, rtol=1e-9)


def sheet(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, keep_default_na=False, na_values=[""])


def test_replicates_calibrated_in_r() -> None:
    data = sheet("apiclus1.csv")
    jackknife = as_replicates(Design(data, psu="dnum", fpc="fpc", weights="pw"), "JK1")
    totals = {"(Intercept)": 6194, "stypeH": 755, "stypeM": 1018, "api99": 3914069}
    pairs = {
        "rep_apiclus1_JK1_cal.csv": calibrate(jackknife, "~ stype + api99", totals),
        "rep_apiclus1_JK1_ps.csv": poststratify(
            jackknife, "stype", {"E": 4421, "H": 755, "M": 1018}
        ),
    }
    for name, made in pairs.items():
        expected = sheet(name)
        np.testing.assert_allclose(made.weight, expected["pw"], rtol=1e-9)
        np.testing.assert_allclose(
            made.row_weights(), expected.drop(columns="pw"), rtol=1e-9, atol=1e-9
        )


def test_a_replicate_without_a_class_is_refused(frame: pd.DataFrame) -> None:
    frame["rare"] = np.where(frame["commune"] == "commune 0-0", "here", "elsewhere")
    jackknife = as_replicates(designed(frame), "JKn")
    totals = {"here": 10.0, "elsewhere": 90.0}
    with pytest.raises(SurveyError, match=r"1 of 9 replicates .*rare = here"):
        poststratify(jackknife, "rare", totals)
    with pytest.raises(SurveyError, match="rare = here"):
        calibrate(jackknife, ["rare"], {"rare": totals})


# -- refusals and warnings -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("totals", "message"),
    [
        ({"F": 60.0}, "no total for 1 classes of 'sex' that the sample has: 'M'"),
        ({"F": 60.0, "M": 40.0, "X": 5.0}, "no row of the sample .*: 'X'"),
        ({"F": 60.0, "M": -1.0}, "must be positive numbers; got 'M: -1.0'"),
        ({"F": 60.0, "M": 0.0}, "must be positive"),
        (100.0, "totals of 'sex' are a float"),
    ],
)
def test_totals_that_do_not_fit(design: Design, totals: object, message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        poststratify(design, "sex", totals)  # type: ignore[arg-type]


def test_a_missing_class_is_refused(frame: pd.DataFrame) -> None:
    frame["sex"] = frame["sex"].mask(frame.index == "row 3")
    for change in (
        lambda d: poststratify(d, "sex", SEX),
        lambda d: calibrate(d, "~ sex", {"(Intercept)": 1.0, "sexM": 1.0}),
    ):
        with pytest.raises(SurveyError, match="missing in 1 rows: 'row 3'"):
            change(designed(frame))


def test_margins_of_different_populations(design: Design) -> None:
    known = {"sex": SEX, "area": {"urban": 40.0, "rural": 66.0}}
    for change in (
        lambda: rake(design, known),
        lambda: calibrate(design, ["sex", "area"], known, distance="raking"),
    ):
        with pytest.raises(SurveyError, match="'sex' adds up to 105, 'area' to 106"):
            change()


def test_margins_that_cannot_be_met_name_the_class(design: Design) -> None:
    frame = pd.DataFrame({"a": list("xxy"), "b": list("ppq")})
    known = {"a": {"x": 6.0, "y": 4.0}, "b": {"p": 3.0, "q": 7.0}}
    with pytest.raises(SurveyError, match=r"rake: not there after 50 rounds: a = . adds up to"):
        rake(Design(frame), known, max_iterations=50)
    with pytest.raises(SurveyError, match=r"is not reached: .* is asked"):
        calibrate(Design(frame), ["a", "b"], known, distance="raking")


def test_bounds_that_are_too_tight_name_the_total(design: Design) -> None:
    totals = own_totals(design, ["(Intercept)", "x"])
    totals["x"] *= 1.5
    for distance in ("linear", "raking", "logit"):
        with pytest.raises(SurveyError, match=r"'x' is not reached|'\(Intercept\)' is not"):
            calibrate(design, "~ x", totals, distance=distance, bounds=(0.9, 1.1))


def test_negative_weights_are_a_warning(design: Design) -> None:
    totals = own_totals(design, ["(Intercept)", "x"])
    totals["x"] *= 1.25
    with pytest.warns(SurveyWarning, match=r"weights became negative .*bounds="):
        made = calibrate(design, "~ x", totals)
    assert survey.total(made, "x").estimate["x"] == pytest.approx(totals["x"], rel=1e-10)
    assert survey.total(made, "x").se["x"] < 1e-8 * totals["x"]
    with pytest.raises(SurveyError, match="weights became negative"):
        calibrate(as_replicates(design, "JKn"), "~ x", totals)


@pytest.mark.parametrize(
    ("variables", "totals", "options", "message"),
    [
        ("~ sexx", {"(Intercept)": 1.0}, {}, "no column 'sexx'. Did you mean 'sex'"),
        ("~ sex", {"(Intercept)": 1.0}, {}, "no total for 1 columns of '~ sex': 'sexM'"),
        ("~ sex", {"(Intercept)": 1.0, "sexM": 1.0, "sexF": 1.0}, {}, "not calibrated on: 'sexF'"),
        ("~ x", {"(Intercept)": 1.0, "x": np.nan}, {}, "total of 'x' is nan"),
        (["sex"], {"sex": 1.0}, {}, "'sex' is not numeric"),
        (["x"], {"y": 1.0}, {}, "no total for 'x'"),
        ("x", {"x": 900.0}, {"bounds": (1.2, 2.0)}, "must enclose 1"),
        ("x", {"x": 900.0}, {"distance": "logit"}, "needs finite bounds"),
        ("x", {"x": 900.0}, {"distance": "cubic"}, "not an option"),
        ("x", {"x": 900.0}, {"variance": "y2"}, "no column 'y2'"),
        ("x", {"x": 900.0}, {"aggregate": 3}, "the design keeps 1 stages"),
    ],
)
def test_requests_that_cannot_be_read(
    design: Design,
    variables: str,
    totals: dict[str, float],
    options: dict[str, object],
    message: str,
) -> None:
    with pytest.raises(SurveyError, match=message):
        calibrate(design, variables, totals, **options)  # type: ignore[arg-type]


def test_nobody_answered(frame: pd.DataFrame) -> None:
    came = frame["area"] == "urban"
    with pytest.raises(SurveyError, match="nobody answered in 1 classes: 'area = rural'"):
        nonresponse(designed(frame), came, "area")
    with pytest.raises(SurveyError, match="booleans in the order of the data"):
        nonresponse(designed(frame), came.to_numpy()[:3], "area")


# -- what weights look like ----------------------------------------------------------------------


def test_weight_summary(design: Design) -> None:
    made = poststratify(design, "sex", SEX)
    summary = weight_summary(made)
    w, before = made.weight, design.weight
    values = summary.values
    assert values["deff"] == pytest.approx(1 + w.var() / w.mean() ** 2)
    assert values["n_effective"] == pytest.approx(w.sum() ** 2 / (w**2).sum())
    assert values["g_max"] == pytest.approx((w / before).max())
    assert values["distance"] == pytest.approx(np.average((w / before - 1) ** 2, weights=before))
    pd.testing.assert_frame_equal(
        summary.totals,
        pd.DataFrame({"total": [60.0, 45.0], "sum": [60.0, 45.0]}, ["sex = F", "sex = M"]),
    )
    assert "sex = F" in repr(summary)
    assert "<table" in summary._repr_html_()
    same = weight_summary(design, base=design).values
    assert (same["g_min"], same["g_max"], same["distance"]) == (1.0, 1.0, 0.0)
    with pytest.raises(SurveyError, match="3 weights for"):
        weight_summary(design, base=[1.0, 2.0, 3.0])


def test_the_callers_data_are_not_changed(frame: pd.DataFrame) -> None:
    kept = frame.copy(deep=True)
    design = designed(frame)
    before = design.weight.copy()
    poststratify(design, "sex", SEX)
    trim(design, upper=3.0)
    pd.testing.assert_frame_equal(frame, kept)
    np.testing.assert_array_equal(design.weight, before)
    assert design.adjustments == ()
