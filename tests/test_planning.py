"""Planning against closed forms, statsmodels, brute force and a simulation."""

from __future__ import annotations

import contextlib
import io
import math
import re
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import sipas
import survey
from sipas.planning import plan_next_year
from sipas.planning.measuring import linearised_scores
from survey.errors import SurveyError
from survey.planning import detectable_change, sample_size, variance_components
from survey.planning.clustering import nested_components
from survey.planning.power import noncentrality, power_of
from survey.planning.sampling_error import Spread, Visits, change_error

PAGE = Path(__file__).resolve().parent.parent / "docs" / "planning.md"
RAGGED = [[[3, 2], [4], [1, 5, 2]], [[2, 2], [6, 1], [3]]]


def nested(shape: list[list[list[int]]], seed: int = 5) -> pd.DataFrame:
    """Rows of villages in communes in districts, with effects of both."""
    rng = np.random.default_rng(seed)
    rows = []
    for d, communes in enumerate(shape):
        for c, villages in enumerate(communes):
            commune = rng.normal(0.0, 0.8)
            for v, size in enumerate(villages):
                own = commune + rng.normal(0.0, 0.6)
                rows += [(d, c, v, own + rng.normal()) for _ in range(size)]
    frame = pd.DataFrame(rows, columns=["district", "commune", "village", "y"])
    return frame.assign(weight=rng.integers(1, 5, len(frame)).astype(float))


def design(frame: pd.DataFrame, **options: Any) -> survey.Design:
    return survey.Design(frame, strata="district", psu="commune", nest=True, **options)


EQUAL = [[[5, 5]] * 4] * 3


@pytest.fixture(scope="module")
def households() -> sipas.Answers:
    return sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")


# -- what was measured ---------------------------------------------------------------------


def test_components_of_equal_clusters_are_the_textbook_mean_squares() -> None:
    frame = nested(EQUAL)
    y = frame["y"]
    village = frame.groupby(["district", "commune", "village"])["y"]
    commune = frame.groupby(["district", "commune"])["y"]
    means = {
        "h": frame.groupby("district")["y"].transform("mean"),
        "c": commune.transform("mean"),
        "v": village.transform("mean"),
    }
    between = ((means["c"] - means["h"]) ** 2).sum() / 9
    within = ((means["v"] - means["c"]) ** 2).sum() / 12
    rest = ((y - means["v"]) ** 2).sum() / 96
    made = variance_components(design(frame), "y", units=["commune", "village"])
    expected = [(between - within) / 10, (within - rest) / 5, rest]
    np.testing.assert_allclose(made.variance[0], expected, rtol=1e-12)
    assert made.take.tolist() == [[12.0, 2.0, 5.0]]


def test_components_of_unequal_clusters_solve_their_expectations_worked_out_in_full() -> None:
    frame = nested(RAGGED)
    units = [["district"], ["district", "commune"], ["district", "commune", "village"]]
    dummies = [
        pd.get_dummies(frame.groupby(by).ngroup()).to_numpy(dtype=np.float64) for by in units
    ]
    dummies.append(np.eye(len(frame)))
    projections = [z @ np.linalg.inv(z.T @ z) @ z.T for z in dummies]
    steps = [b - a for a, b in pairwise(projections)]
    expected = np.array([[np.trace(q @ z @ z.T) for z in dummies[1:]] for q in steps])
    sums = np.array([frame["y"] @ q @ frame["y"] for q in steps])
    made = variance_components(design(frame), "y", units=["commune", "village"])
    np.testing.assert_allclose(made.variance[0], np.linalg.solve(expected, sums), rtol=1e-10)


def test_components_agree_with_reml_where_clusters_are_equal() -> None:
    import statsmodels.formula.api as smf

    frame = nested(EQUAL, seed=11)
    frame["unit"] = frame["district"] * 10 + frame["commune"]
    model = smf.mixedlm(
        "y ~ C(district)",
        frame,
        groups="unit",
        re_formula="1",
        vc_formula={"village": "0 + C(village)"},
    )
    fit = model.fit()
    made = variance_components(design(frame), "y", units=["commune", "village"])
    assert (made.variance > 0).all()
    reml = [float(np.asarray(fit.cov_re)[0, 0]), float(fit.vcomp[0]), float(fit.scale)]
    np.testing.assert_allclose(made.variance[0], reml, rtol=2e-3)


def test_equal_clusters_planned_again_have_the_error_that_was_measured() -> None:
    frame = nested(EQUAL)
    made = variance_components(design(frame), "y", units=["commune", "village"])
    planned = detectable_change((12, 2, 5), sd=made.sd, icc=made.icc, strata=3).table()
    se = survey.mean(design(frame), "y").se["y"]
    assert planned.loc["y", "se"] == pytest.approx(math.sqrt(2.0) * se, rel=1e-12)
    assert planned.loc["y", "df"] == pytest.approx(18.0)


def test_homogeneity_is_that_of_kishs_formula() -> None:
    frame = nested(RAGGED)
    made = variance_components(design(frame, weights="weight"), "y", units=["commune", "village"])
    w = frame["weight"]
    sizes = frame.groupby(["district", "commune"])["weight"].sum()
    b = (sizes**2).sum() / (w**2).sum()
    factor = len(w) * (w**2).sum() / w.sum() ** 2
    deff = survey.mean(design(frame, weights="weight"), "y").deff["y"]
    assert made.weighting[0] == pytest.approx(factor, rel=1e-12)
    assert made.roh["y"] == pytest.approx((deff / factor - 1.0) / (b - 1.0), rel=1e-12)


def test_effective_units_give_the_variance_of_unequal_weights_and_sizes() -> None:
    frame = nested(RAGGED)
    made = variance_components(design(frame, weights="weight"), "y", units=["commune", "village"])
    w = frame["weight"]
    groups = [["district", "commune"], ["district", "commune", "village"]]
    squares = [(frame.groupby(by)["weight"].sum() ** 2).sum() for by in groups]
    icc = (0.1, 0.05)
    expected = (0.1 * squares[0] + 0.05 * squares[1] + 0.85 * (w**2).sum()) / w.sum() ** 2
    planned = detectable_change(made.take[0].tolist(), sd=1.0, icc=icc, df=6).table()
    assert planned.loc["change", "se"] ** 2 / 2 == pytest.approx(expected, rel=1e-12)


def test_a_stage_below_zero_is_left_out_and_the_others_fitted_again() -> None:
    frame = nested(EQUAL)
    frame["y"] -= frame.groupby(["district", "commune"])["y"].transform("mean")
    units = ["commune", "village"]
    kept = variance_components(design(frame), "y", units=units)
    assert kept.icc.loc["y", "commune"] < 0
    assert kept.table().loc["y", "icc_commune"] == 0
    assert kept.notes == ("1 ICC estimated below 0, shown as 0.",)
    fitted = variance_components(design(frame), "y", units=units, negative="refit")
    frame["place"] = frame["commune"].astype(str) + "-" + frame["village"].astype(str)
    alone = variance_components(design(frame), "y", units="place")
    if alone.variance[0, 0] >= 0:
        np.testing.assert_allclose(fitted.variance[0], [0.0, *alone.variance[0]], rtol=1e-12)
    else:
        within = frame["y"].groupby(frame["district"]).var().mean()
        np.testing.assert_allclose(fitted.variance[0], [0.0, 0.0, within], rtol=1e-12)


def test_items_with_blanks_are_measured_each_on_its_own_rows() -> None:
    frame = nested(EQUAL)
    frame["holes"] = frame["y"].mask(np.arange(len(frame)) % 7 == 3)
    both = variance_components(design(frame), ["y", "holes"], units=["commune", "village"])
    short = frame.dropna()
    alone = variance_components(design(short), "holes", units=["commune", "village"])
    np.testing.assert_allclose(both.variance[1], alone.variance[0], rtol=1e-12)


def test_a_domain_is_measured_on_its_rows() -> None:
    frame = nested(EQUAL)
    inside = frame["weight"] < 4
    domain = variance_components(design(frame).domain(inside), "y", units=["commune", "village"])
    codes = [
        frame[inside].groupby(by).ngroup().to_numpy()
        for by in (["district"], ["district", "commune"], ["district", "commune", "village"])
    ]
    values = frame.loc[inside, ["y"]].to_numpy()
    np.testing.assert_allclose(
        domain.variance, nested_components(values, np.ones_like(values, dtype=bool), codes)
    )


# -- power ---------------------------------------------------------------------------------


@pytest.mark.parametrize("df", [2.0, 6.0, 30.0, 400.0])
def test_power_is_that_of_statsmodels_but_for_the_wrong_side(df: float) -> None:
    from statsmodels.stats.power import TTestPower

    change = np.array([1.0, 2.0, 3.5])
    theirs = TTestPower().power(
        change / math.sqrt(df + 1.0), nobs=df + 1.0, alpha=0.05, df=df, alternative="two-sided"
    )
    wrong = stats.nct.sf(stats.t.ppf(0.975, df), df, -change)
    ours = power_of(change, np.ones(3), np.full(3, df), 0.95)
    np.testing.assert_allclose(ours, theirs - wrong, atol=1e-9)


@pytest.mark.parametrize("power", [0.5, 0.8, 0.95])
def test_noncentrality_undoes_power(power: float) -> None:
    df = np.array([1.0, 2.0, 6.0, 57.5, 3000.0, np.inf])
    made = noncentrality(power, df, 0.9)
    np.testing.assert_allclose(power_of(made, np.ones(6), df, 0.9), power, atol=1e-6)
    large = noncentrality(power, np.array([1e5]), 0.9)
    assert large[0] == pytest.approx(noncentrality(power, np.array([np.inf]), 0.9)[0], rel=1e-4)


# -- what a design sees --------------------------------------------------------------------


def test_the_printed_reference_case() -> None:
    plain = 100 * detectable_change(486, share=0.85).table().loc["change", "se"]
    assert round(plain, 1) == 2.3
    made = 100 * detectable_change(486, share=0.85, deff=2, df=30).table().loc["change"]
    assert made[["se", "mdc", "mde"]].round(1).tolist() == [3.2, 6.6, 9.4]


def test_years_of_their_own_have_welchs_degrees_of_freedom() -> None:
    made = detectable_change((20, 10), sd=1.0, icc=(0.1,), before=(8, 30)).table().loc["change"]
    v1, v2 = 0.1 / 8 + 0.9 / 240, 0.1 / 20 + 0.9 / 200
    assert made["se"] == pytest.approx(math.sqrt(v1 + v2))
    assert made["df"] == pytest.approx((v1 + v2) ** 2 / (v1**2 / 7 + v2**2 / 19))


def test_the_same_units_share_what_their_effects_share() -> None:
    options: dict[str, Any] = {"sd": 2.0, "icc": (0.1, 0.06), "strata": 3, "overlap": 1.0}
    level = 4.0 * (0.1 / 9 + 0.06 / 18 + 0.84 / 486)
    communes = detectable_change((9, 2, 27), rho=0.7, **options).table().loc["change"]
    assert communes["se"] ** 2 == pytest.approx(2 * level - 2 * 4.0 * 0.7 * 0.1 / 9)
    assert communes["df"] == pytest.approx(6.0)
    villages = detectable_change((9, 2, 27), rho=(0.7, 0.5), **options).table().loc["change"]
    shared = 4.0 * (0.7 * 0.1 / 9 + 0.5 * 0.06 / 18)
    assert villages["se"] ** 2 == pytest.approx(2 * level - 2 * shared)


def test_degrees_of_freedom_under_partial_overlap_are_those_of_the_engine() -> None:
    rng = np.random.default_rng(3)
    effect = rng.normal(size=16)
    units = [list(range(12)), [*range(7, 12), *range(12, 16)]]
    frames = [
        pd.DataFrame(
            {"psu": [f"u{k}" for k in each], "y": effect[each] + rng.normal(size=len(each))}
        )
        for each in units
    ]
    years = [survey.mean(survey.Design(frame, psu="psu"), "y") for frame in frames]
    both = survey.stack(*years, keys=["a", "b"])
    change = both.contrast({"change": {("b", "y"): 1, ("a", "y"): -1}})
    covariance = both.covariance.to_numpy()
    sds = [math.sqrt(covariance[k, k] * len(units[k])) for k in range(2)]
    rho = covariance[0, 1] * 12 * 9 / (5 * sds[0] * sds[1])
    spread = Spread(np.array([sds[0]]), np.array([sds[1]]), (np.ones(1),), 1.0, np.inf)
    takes = [(np.array([float(n)]), np.ones(1)) for n in (12, 9)]
    se, df = change_error(spread, Visits(1, 5 / 9, (rho,)), *takes)
    assert both.shared_psus == 5
    assert se[0] == pytest.approx(change.se["change"], rel=1e-10)
    assert df[0] == pytest.approx(change.df["change"], rel=1e-10)


def test_several_items_at_once_are_the_items_one_by_one() -> None:
    sd = pd.Series({"a": 0.3, "b": 0.5})
    icc = pd.DataFrame({"psu": [0.02, 0.2]}, index=sd.index)
    both = detectable_change((30, 20), sd=sd, icc=icc).table()
    for name in sd.index:
        one = detectable_change((30, 20), sd=sd[name], icc=icc.loc[name].tolist()).table()
        np.testing.assert_allclose(both.loc[name], one.loc["change"])


def found_by_the_engine(
    rng: np.random.Generator, repeats: int, icc: float, change: float, rho: float | None
) -> float:
    """How often two years of 18 units of 6 rows in 3 strata show the change; rho if the same."""
    effect = rng.normal(size=(2, 18, repeats)) * math.sqrt(icc)
    if rho is not None:
        effect[1] = rho * effect[0] + math.sqrt(1 - rho**2) * effect[1]
    years = []
    for year in range(2):
        rest = rng.normal(size=(108, repeats)) * math.sqrt(1 - icc)
        values = pd.DataFrame(np.repeat(effect[year], 6, axis=0) + rest + year * change)
        frame = pd.DataFrame({"psu": np.repeat(np.arange(18), 6)})
        frame["stratum"] = frame["psu"] % 3
        years.append(survey.mean(survey.Design(frame, strata="stratum", psu="psu"), values))
    both = survey.stack(*years, keys=["a", "b"], paired=rho is not None)
    made = both.contrast(np.hstack([-np.eye(repeats), np.eye(repeats)]))
    return float((made.estimate > stats.t.ppf(0.975, made.df) * made.se).mean())


@pytest.mark.parametrize("rho", [None, 0.8])
def test_planned_power_is_how_often_the_engine_finds_the_change(rho: float | None) -> None:
    rng = np.random.default_rng(2023)
    rounds, repeats = 10, 400
    again: dict[str, float] = {} if rho is None else {"overlap": 1.0, "rho": rho}
    seen = detectable_change((18, 6), sd=1.0, icc=(0.2,), strata=3, **again).table()
    change = float(seen.loc["change", "mde"])
    found = [found_by_the_engine(rng, repeats, 0.2, change, rho) for _ in range(rounds)]
    assert np.mean(found) == pytest.approx(0.8, abs=3.5 * math.sqrt(0.16 / (rounds * repeats)))


# -- which designs do ----------------------------------------------------------------------


def test_rows_drawn_one_by_one_are_as_many_as_statsmodels_says() -> None:
    from statsmodels.stats.power import TTestIndPower

    theirs = TTestIndPower().solve_power(effect_size=0.25, alpha=0.05, power=0.8)
    made = sample_size(delta=0.5, sd=2.0).table()
    assert made["rows"].tolist() == [math.ceil(theirs)]
    assert made.loc[0, "rows"] == pytest.approx(16 * 2.0**2 / 0.5**2, rel=0.02)  # Lehr


@pytest.mark.parametrize("delta", [-0.03, 0.03])
def test_two_shares_need_the_rows_of_the_textbook(delta: float) -> None:
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    p, q = 0.85, 0.85 + delta
    textbook = z**2 * (p * (1 - p) + q * (1 - q)) / delta**2
    rows = sample_size(delta=delta, share=0.85).table().loc[0, "rows"]
    assert textbook <= rows <= textbook + 4


def test_a_margin_in_a_finite_population_is_cochrans() -> None:
    n0 = stats.norm.ppf(0.975) ** 2 * 0.8 * 0.2 / 0.05**2
    cochran = n0 / (1 + (n0 - 1) / 264)
    rows = sample_size(margin=0.05, share=0.8, population=264).table().loc[0, "rows"]
    assert cochran <= rows <= cochran + 3
    level = sample_size(margin=0.05, share=0.8, population=264).table().iloc[0]
    error = np.sqrt(0.8 * 0.2 / rows * (264 - rows) / 263)
    assert level["se"] == pytest.approx(error)
    assert level["df"] == rows - 1
    assert level["margin"] == pytest.approx(stats.t.ppf(0.975, rows - 1) * error)
    assert np.isnan(level["power"])  # no change was asked about
    whole = detectable_change(29, share=0.9, population=29).table().loc["change"]
    assert whole[["se", "margin", "mdc", "mde"]].tolist() == [0.0] * 4


def test_listed_designs_do_and_one_row_less_does_not() -> None:
    options: dict[str, Any] = {"sd": 1.0, "icc": (0.03, 0.02), "strata": 2}
    made = sample_size(delta=0.25, most=(20, 3, 12), **options)
    assert made.found
    for design_ in made.table().itertuples():
        take = (design_.psus, design_.units, design_.rows)
        seen = detectable_change(take, **options).table().loc["change"]
        assert seen["mde"] <= 0.25
        assert seen["mde"] == pytest.approx(design_.mde)
        assert design_.n == math.prod(take)
        assert design_.psus % 2 == 0
        if design_.rows > 1:
            less = (*take[:2], design_.rows - 1)
            assert detectable_change(less, **options).table().loc["change", "mde"] > 0.25


def test_the_first_design_is_the_cheapest_of_all() -> None:
    options: dict[str, Any] = {"sd": 1.0, "icc": (0.03, 0.02)}
    costs = (40.0, 9.0, 1.0)
    made = sample_size(delta=0.4, most=(14, 3, 10), costs=costs, **options).table()
    cheapest = math.inf
    for take in product(range(2, 15), range(1, 4), range(1, 11)):
        if detectable_change(take, **options).table().loc["change", "mde"] <= 0.4:
            a, b, c = take
            cheapest = min(cheapest, a * (costs[0] + b * (costs[1] + c * costs[2])))
    assert made.loc[0, "cost"] == cheapest
    assert made["cost"].is_monotonic_increasing


def test_no_design_says_how_far_the_largest_is() -> None:
    made = sample_size(delta=0.01, sd=1.0, icc=(0.05,), most=(10, 10))
    assert not made.found
    assert made.table().empty
    assert made.largest["psus"] == 10
    assert made.largest["mde"] > 0.01
    assert "No design within the limits does" in repr(made)


def test_an_earlier_year_that_is_done_keeps_its_error() -> None:
    before = (9, 2, 27)
    options: dict[str, Any] = {"sd": 24.0, "icc": (0.02, 0.05), "strata": 3}
    alone = detectable_change(before, **options).table().loc["change", "se"] / math.sqrt(2.0)
    floor = noncentrality(0.8, np.array([6.0]), 0.95)[0] * alone
    made = sample_size(delta=0.9 * floor, before=before, most=(60, 6, 60), **options)
    assert not made.found
    assert made.largest["mde"] > 0.9 * floor


# -- next year's survey from this year's ---------------------------------------------------


def test_linearised_scores_carry_the_errors_of_the_indices(households: sipas.Answers) -> None:
    index = sipas.satisfaction(households)
    means = survey.mean(index.design, linearised_scores(index))
    np.testing.assert_allclose(means.estimate, 0.0, atol=1e-10)
    np.testing.assert_allclose(means.se, index.estimates.se, rtol=1e-10)
    np.testing.assert_allclose(means.deff, index.estimates.deff, rtol=5e-3)


def test_the_same_design_next_year_has_this_years_errors(households: sipas.Answers) -> None:
    plan = plan_next_year(households)
    table = plan.table()
    expected = stats.t.ppf(0.975, 12) * math.sqrt(2.0) * table["se"]
    np.testing.assert_allclose(table["mdc_redrawn"], expected.to_numpy(dtype=float), rtol=1e-9)
    assert plan.floor == pytest.approx(3.3669 * table.loc["services", "se"], rel=1e-4)
    first = plan.design_table().iloc[0]
    assert first["mde"] <= 3.0
    assert first["n"] == first["communes"] * first["villages"] * first["households"]


def test_weights_and_unequal_communes_keep_the_errors_that_were_measured() -> None:
    sheet = sipas.datasets.load_hue_households(2022).iloc[40:]
    sheet["weight"] = 1.0 + np.arange(len(sheet)) % 3
    plan = plan_next_year(sipas.clean(sheet, "sipas-2022"), policy_weight=0.3, rho=0.0)
    table = plan.table()
    assert plan.code == "sipas"
    assert plan.components.weighting[0] == pytest.approx(7 / 6, rel=0.01)
    se = table["se"].to_numpy(dtype=float)
    for name, df in (("redrawn", table["df"] * 2), ("same", table["df"])):
        expected = stats.t.ppf(0.975, df.to_numpy(dtype=float)) * math.sqrt(2.0) * se
        np.testing.assert_allclose(table[f"mdc_{name}"], expected, rtol=1e-9)


def test_no_change_is_planned_on_an_index_that_does_not_vary(households: sipas.Answers) -> None:
    sheet = sipas.datasets.load_hue_households(2022).assign(**{"S1.1": 5})
    answers = sipas.clean(sheet, "sipas-2022")
    table = plan_next_year(answers).table()
    assert table.loc["S1.1", ["icc_commune", "mde_same"]].isna().all()
    with pytest.raises(SurveyError, match="every form gave the same"):
        plan_next_year(answers, code="S1.1")


def test_villages_as_units_have_one_stage(households: sipas.Answers) -> None:
    plan = plan_next_year(households, design=households.design(psu="village"))
    assert plan.stages == ("villages", "households")
    assert "icc_village" in plan.table()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"code": "service"}, "Did you mean 'services'"),
        ({"costs": {"comune": 3}}, "Did you mean 'communes'"),
        ({"most": {"communes": 4}}, "at least two a stratum"),
        ({"delta": 0.0}, "other than 0"),
        ({"rho": 1.5}, "from -1 to 1"),
        ({"power": 80}, "power=0.8"),
    ],
)
def test_refusals_of_plan_next_year(
    households: sipas.Answers, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(SurveyError, match=re.escape(said)):
        plan_next_year(households, **options)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: detectable_change(486), "either share= or sd="),
        (lambda: detectable_change(486, share=85), "between 0 and 1"),
        (lambda: detectable_change((9, 27), share=0.8), "icc has 0"),
        (lambda: detectable_change((3, 27), share=0.8, icc=(0.1,), strata=3), "no degree"),
        (lambda: detectable_change(486, share=0.8, overlap=1.0), "without clusters"),
        (lambda: detectable_change((9, 9), sd=1.0, icc=(0.1,), rho=0.5), "overlap=0.0"),
        (lambda: detectable_change((9, 9), sd=1.0, icc=(1.2,)), "at most 1"),
        (lambda: detectable_change((9, 9), sd=1.0, icc=(-0.5,)), "variance comes out below"),
        (lambda: detectable_change(300, share=0.8, population=264), "Take fewer"),
        (lambda: detectable_change(486, share=0.8, df=0.5), "Give 1 or more"),
        (lambda: detectable_change(486, share=0.8, level=95), "level=0.95"),
        (lambda: detectable_change(486, share=0.8, deff=0), "positive factor"),
        (lambda: detectable_change("many", share=0.8), "take: got 'many'"),
        (lambda: detectable_change(486, share="high"), "share: got 'high'"),
        (lambda: sample_size(delta="3", share=0.8), "got '3'"),
        (lambda: sample_size(share=0.8), "either delta= or margin="),
        (lambda: sample_size(delta=0.3, share=0.8), "between 0 and 1"),
        (lambda: sample_size(margin=-0.3, share=0.8), "positive margin"),
        (lambda: sample_size(delta=0.03, share=0.8, icc=(-0.1,)), "negative='refit'"),
        (lambda: sample_size(delta=0.03, share=0.8, costs=(1, 2)), "for 1 stages"),
        (lambda: sample_size(delta=0.03, share=0.8, icc=(0.1,), population=9), "with clusters"),
        (
            lambda: sample_size(delta=0.03, share=0.8, icc=(0.1,), most=(9_000, 900)),
            "Lower the limits",
        ),
        (
            lambda: variance_components(design(nested(EQUAL)), "y", units="comune"),
            "Did you mean 'commune'",
        ),
        (
            lambda: variance_components(
                design(nested([[[5], [4]], [[3], [2]]])), "y", units=["commune", "village"]
            ),
            "one village in every commune",
        ),
    ],
)
def test_refusals(call: Any, said: str) -> None:
    with pytest.raises(SurveyError, match=re.escape(said)):
        call()


# -- the page ------------------------------------------------------------------------------


def test_the_page_prints_what_it_says() -> None:
    blocks = re.findall(
        r"```python\n(.*?)```\n\n```\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL
    )
    assert len(blocks) >= 4
    names: dict[str, Any] = {}
    for code, output in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, names)  # the page's own code, read from this repository
        assert [line.rstrip() for line in printed.getvalue().splitlines()] == [
            line.rstrip() for line in output.splitlines()
        ]
