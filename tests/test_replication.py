"""Replicate weights made from designs, against the linearised variance, R and counting."""

from __future__ import annotations

from collections.abc import Callable
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey
from survey import Design, SurveyError, SurveyWarning
from survey.replication import MadeReplicates, as_replicates
from survey.replication.hadamard_matrices import hadamard_above
from survey.weighting import poststratify, rake

Draw = Callable[..., pd.DataFrame]
FOLDER = Path(__file__).resolve().parent / "oracles"


def sheet(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, keep_default_na=False, na_values=[""])


def designed(frame: pd.DataFrame, **options: object) -> Design:
    return Design(frame, strata="district", psu="commune", weights="weight", **options)  # type: ignore[arg-type]


def pairs(draw_province: Draw) -> Design:
    return designed(draw_province(((4, 3), (2, 6), (4, 4), (3, 3), (2, 5)), 8))


# -- jackknife -----------------------------------------------------------------------------------


def test_the_jackknife_of_a_total_is_the_linearised_one(province: pd.DataFrame) -> None:
    design = designed(province)
    linear, made = (
        survey.total(d, ["y", "x"], by="sex") for d in (design, as_replicates(design, "JKn"))
    )
    np.testing.assert_allclose(made.covariance, linear.covariance, rtol=1e-10)
    plain = Design(province, psu="commune", weights="weight")
    one = as_replicates(plain, "JK1")
    np.testing.assert_allclose(survey.total(one, "y").se, survey.total(plain, "y").se, rtol=1e-12)
    assert (one.df, plain.df, one.distinct) == (8, 8, 9)


@pytest.mark.parametrize("mse", [False, True])
def test_the_jackknife_with_population_sizes(province: pd.DataFrame, mse: bool) -> None:
    province["communes"] = province["district"].map(
        {"district 0": 3, "district 1": 9, "district 2": 12}
    )
    design = designed(province, fpc="communes")
    made = as_replicates(design, "JKn", mse=mse)
    assert len(made.constants) == 6, "the district taken whole needs no replicate"
    np.testing.assert_allclose(
        survey.total(made, "y").se, survey.total(design, "y").se, rtol=1e-12
    )


@pytest.mark.parametrize("rule", ["certainty", "remove", "average"])
def test_single_units_by_the_rule(draw_province: Draw, rule: str) -> None:
    frame = draw_province(((4, 3, 5), (6,), (4, 4, 3)), 1)
    design = designed(frame, lonely_psu=rule)
    made = as_replicates(design, "JKn")
    np.testing.assert_allclose(
        survey.total(made, "y").se, survey.total(design, "y").se, rtol=1e-12
    )


def test_a_single_unit_without_a_rule_is_named(draw_province: Draw) -> None:
    design = designed(draw_province(((4, 3, 5), (6,), (4, 4, 3)), 1))
    for method in ("JKn", "bootstrap"):
        with pytest.raises(SurveyError, match="1 strata have only one PSU: 'district 1'"):
            as_replicates(design, method)  # type: ignore[arg-type]
    adjusted = designed(design.data, lonely_psu="adjust")
    assert survey.mean(as_replicates(adjusted, "JKn"), "y").se["y"] > 0
    with pytest.raises(SurveyError, match="only one PSU"):
        as_replicates(adjusted, "bootstrap")


@pytest.mark.parametrize(
    ("name", "data", "options", "call"),
    [
        ("JK1", "apiclus1", {"psu": "dnum", "fpc": "fpc", "weights": "pw"}, {}),
        ("JKn", "apistrat", {"strata": "stype", "fpc": "fpc", "weights": "pw"}, {}),
        ("BRR", "scd", {"strata": "ESA", "psu": "ambulance", "nest": True, "weights": "w"}, {}),
        (
            "Fay",
            "scd",
            {"strata": "ESA", "psu": "ambulance", "nest": True, "weights": "w"},
            {"rho": 0.3},
        ),
    ],
)
def test_replicate_weights_are_rs(
    name: str, data: str, options: dict[str, object], call: dict[str, float]
) -> None:
    design = Design(sheet(f"{data}.csv"), **options)  # type: ignore[arg-type]
    made = as_replicates(design, name, **call)  # type: ignore[arg-type]
    expected = sheet(f"rep_{data}_{name}.csv")
    np.testing.assert_allclose(made.row_weights(), expected.drop(columns="pw"), rtol=1e-12)


# -- half-samples --------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 3, 4, 7, 11, 12, 19, 20, 23, 27, 35, 36, 43, 51, 70])
def test_hadamard_matrices(n: int) -> None:
    matrix = hadamard_above(n)
    size = len(matrix)
    assert size > n
    assert size % 4 == 0
    np.testing.assert_array_equal(matrix.T @ matrix, size * np.eye(size))
    np.testing.assert_array_equal(np.abs(matrix), 1)
    np.testing.assert_array_equal(matrix[0], 1)


@pytest.mark.parametrize(("method", "rho"), [("BRR", None), ("Fay", 0.5)])
def test_balance(draw_province: Draw, method: str, rho: float | None) -> None:
    design = pairs(draw_province)
    made = as_replicates(design, method, rho=rho)  # type: ignore[arg-type]
    assert made.factors.factor.shape == (10, 8)
    np.testing.assert_allclose(made.factors.factor.sum(axis=1), 8)
    low = 0.0 if rho is None else rho
    assert set(made.factors.factor.ravel()) == {low, 2.0 - low}
    for mse in (False, True):
        again = as_replicates(design, method, rho=rho, mse=mse)  # type: ignore[arg-type]
        np.testing.assert_allclose(
            survey.total(again, ["y", "x"]).covariance,
            survey.total(design, ["y", "x"]).covariance,
            rtol=1e-10,
        )


def test_half_samples_need_two_units(province: pd.DataFrame) -> None:
    with pytest.raises(SurveyError, match=r"3 strata have another number: 'district 0 \(3\)'"):
        as_replicates(designed(province), "BRR")


# -- bootstraps ----------------------------------------------------------------------------------


def test_rao_wu_has_the_linearised_variance_on_average(province: pd.DataFrame) -> None:
    province["communes"] = province["district"].map(
        {"district 0": 4, "district 1": 9, "district 2": 12}
    )
    for options in ({}, {"fpc": "communes"}):
        design = designed(province, **options)
        made = as_replicates(design, "bootstrap", n=20_000, seed=5)
        ratio = survey.total(made, ["y", "x"]).se / survey.total(design, ["y", "x"]).se
        assert (abs(ratio - 1) < 4 / np.sqrt(2 * 20_000)).all()
        assert (made.factors.factor >= 0).all()
        np.testing.assert_allclose(
            made.factors.factor.reshape(3, 3, -1).sum(axis=1), 3.0, rtol=1e-12
        )


def test_canty_davison_has_the_linearised_variance_on_average(province: pd.DataFrame) -> None:
    design = designed(province)
    made = as_replicates(design, "canty-davison", n=20_000, seed=5)
    ratio = survey.total(made, "y").se / survey.total(design, "y").se
    assert (abs(ratio - 1) < 4 / np.sqrt(2 * 20_000)).all()


def test_the_multistage_bootstrap_has_the_variance_of_all_stages() -> None:
    frame = sheet("sipas_synth.csv")
    design = Design(
        frame,
        strata="district",
        psu=["commune", "village", "hh"],
        weights="w",
        fpc=["N_commune", "N_village", "N_hh"],
    )
    made = as_replicates(design, "mrb", n=8_000, seed=2)
    ratio = survey.total(made, "sipas").se / survey.total(design, "sipas").se
    assert abs(ratio["sipas"] - 1) < 0.035
    first = Design(frame, strata="district", psu="commune", weights="w", fpc="N_commune")
    only = survey.total(first, "sipas").se["sipas"] / survey.total(design, "sipas").se["sipas"]
    assert only < 0.99, "later stages do add variance here"


def test_three_of_three_communes_have_216_replicates(province: pd.DataFrame) -> None:
    made = as_replicates(designed(province), "bootstrap", n=5_000, seed=1)
    assert made.distinct == 216 == comb(4, 2) ** 3
    assert as_replicates(designed(province), "bootstrap", n=10, seed=1).distinct <= 10


@pytest.mark.parametrize("seed", [1.5, -1, "one", True])
def test_a_seed_is_a_whole_number(province: pd.DataFrame, seed: Any) -> None:
    design = designed(province)
    with pytest.raises(SurveyError, match=r"as_replicates\(seed=\): got .* whole number"):
        as_replicates(design, "bootstrap", n=5, seed=seed)
    with pytest.raises(SurveyError, match=r"rank_intervals\(seed=\)"):
        survey.rank_intervals([1.0, 2.0], [1.0, 1.0], seed=seed)
    with pytest.raises(SurveyError, match=r"fell_most\(seed=\)"):
        survey.fell_most(survey.mean(design, ["x", "y"]), seed=seed)
    with pytest.raises(SurveyError, match=r"lmg\(seed=\)"):
        survey.lmg(design, "y", ["x", "q"], seed=seed)


def test_whole_numbers_of_numpy_are_seeds(province: pd.DataFrame) -> None:
    design = designed(province)
    one, other = (as_replicates(design, "bootstrap", n=5, seed=seed) for seed in (7, np.int64(7)))
    np.testing.assert_array_equal(one.factors.factor, other.factors.factor)


def test_seeds_are_kept_and_repeat(province: pd.DataFrame) -> None:
    design = designed(province)
    drawn = as_replicates(design, "bootstrap", n=20)
    again = as_replicates(design, "bootstrap", n=20, seed=drawn.seed)
    np.testing.assert_array_equal(drawn.factors.factor, again.factors.factor)
    assert isinstance(drawn, MadeReplicates)
    assert repr(again).endswith(f"; bootstrap, seed {drawn.seed}>")
    other = as_replicates(design, "bootstrap", n=20, seed=(drawn.seed or 0) + 1)
    assert (drawn.factors.factor != other.factors.factor).any()


# -- designs that went through something ---------------------------------------------------------


def test_a_reweighted_design_is_reweighted_in_every_replicate(province: pd.DataFrame) -> None:
    design = designed(province)
    known = {"F": 60.0, "M": 40.0}
    late = poststratify(as_replicates(design, "JKn"), "sex", known)
    early = as_replicates(poststratify(design, "sex", known), "JKn")
    np.testing.assert_allclose(early.row_weights(), late.row_weights(), rtol=1e-12)
    np.testing.assert_allclose(early.weight, late.weight, rtol=1e-12)
    assert (early.method, early.df) == ("JKn", 6)
    sums = [early.row_weights()[province["sex"] == sex].sum(axis=0) for sex in known]
    np.testing.assert_allclose(sums[0], 60.0)
    linear = survey.mean(poststratify(design, "sex", known), "y").se["y"]
    assert survey.mean(early, "y").se["y"] == pytest.approx(linear, rel=0.15)


def test_a_domain_stays_a_domain(province: pd.DataFrame) -> None:
    design = designed(province)
    raked = rake(design, {"sex": {"F": 60.0, "M": 40.0}})
    for base in (design, raked):
        women = base.domain(base.data["sex"] == "F", label="women")
        inner = survey.total(as_replicates(women, "JKn"), "y")
        outer = survey.total(
            as_replicates(base, "JKn").domain(base.data["sex"] == "F", label="women"), "y"
        )
        np.testing.assert_allclose(inner.se, outer.se, rtol=1e-12)
        np.testing.assert_allclose(inner.point, outer.point, rtol=1e-12)


def test_weights_changed_by_other_means_cannot_be_repeated(province: pd.DataFrame) -> None:
    from survey.design import reweighted
    from survey.scores import Adjustment

    empty = np.zeros((len(province), 0))
    design = designed(province)
    other = reweighted(design, design.weight, Adjustment(empty, empty))
    with pytest.raises(SurveyError, match="re-weighted by other means"):
        as_replicates(other, "JKn")


# -- refusals and warnings -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "options", "message"),
    [
        ("jkn", {}, "not an option"),
        ("JK1", {}, "JK1 knows no strata; the design has 3"),
        ("JKn", {"n": 10}, "n and seed belong to a bootstrap"),
        ("JKn", {"rho": 0.3}, "Fay's method, and only that"),
        ("Fay", {}, "Fay's method, and only that"),
        ("Fay", {"rho": 1.0}, "Fay's method, and only that"),
        ("bootstrap", {"n": 1}, "at least 2"),
    ],
)
def test_requests_that_do_not_fit(
    province: pd.DataFrame, method: str, options: dict[str, float], message: str
) -> None:
    with pytest.raises(SurveyError, match=message):
        as_replicates(designed(province), method, **options)  # type: ignore[arg-type]


def test_a_census_has_nothing_to_replicate(province: pd.DataFrame) -> None:
    design = designed(province.assign(communes=3), fpc="communes")
    with pytest.raises(SurveyError, match="taken whole"):
        as_replicates(design, "JKn")


def test_what_a_method_leaves_out_is_said(draw_province: Draw) -> None:
    frame = sheet("apiclus2.csv")
    design = Design(frame, psu=["dnum", "snum"], fpc=["fpc1", "fpc2"])
    with pytest.warns(SurveyWarning, match="first stage only"):
        as_replicates(design, "JK1")
    two = pairs(draw_province).data.assign(communes=9)
    with pytest.warns(SurveyWarning, match="fpc is left out"):
        as_replicates(designed(two, fpc="communes"), "BRR")


def test_too_many_factors_are_refused() -> None:
    frame = pd.DataFrame({"y": np.zeros(20_000)})
    with pytest.raises(SurveyError, match="too many"):
        as_replicates(Design(frame), "JK1")
