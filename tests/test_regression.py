"""Models: against closed forms, brute force, other libraries, and bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.miscmodels.ordinal_model import OrderedModel

import survey
from survey.errors import SurveyError
from survey.formulas.model_matrix import model_matrix, read_formula, term_name
from survey.hypothesis_tests import wald
from survey.regression import glm
from survey.regression.ordinal_models import ordinal


def made_up(n: int = 240, seed: int = 5) -> pd.DataFrame:
    """Made-up rows: 24 PSUs in 4 strata, unequal weights."""
    rng = np.random.default_rng(seed)
    psu = np.arange(n) % 24
    x = rng.normal(size=n) + 0.3 * (psu % 5)
    area = np.array(["city", "hills", "plain"])[rng.integers(0, 3, n)]
    eta = 0.4 * x + 0.6 * (area == "hills") + 0.5 * np.sin(psu)
    return pd.DataFrame(
        {
            "psu": psu,
            "stratum": psu % 4,
            "w": rng.uniform(1, 5, n),
            "x": x,
            "area": area,
            "year": np.where(psu % 2, 2021, 2022),
            "y": eta + rng.normal(size=n),
            "hit": (rng.uniform(size=n) < 1 / (1 + np.exp(-eta))).astype(int),
            "count": rng.poisson(np.exp(0.3 * eta)),
            "answer": np.clip(np.round(3 + eta + rng.logistic(size=n)), 1, 5).astype(int),
        }
    )


def design(frame: pd.DataFrame) -> survey.Design:
    return survey.Design(frame, weights="w", strata="stratum", psu="psu")


def jackknife(frame: pd.DataFrame) -> survey.ReplicateDesign:
    """Delete-one jackknife of the PSUs in their strata (JKn)."""
    psus = sorted(frame["psu"].unique())
    stratum = frame.groupby("psu")["stratum"].first()
    weights = np.repeat(frame["w"].to_numpy()[:, None], len(psus), axis=1)
    size = stratum.value_counts()
    for r, psu in enumerate(psus):
        h = stratum[psu]
        in_stratum = (frame["stratum"] == h).to_numpy()
        weights[in_stratum, r] *= size[h] / (size[h] - 1)
        weights[(frame["psu"] == psu).to_numpy(), r] = 0.0
    constants = np.array([(size[stratum[p]] - 1) / size[stratum[p]] for p in psus])
    return survey.ReplicateDesign(
        frame, weights="w", replicate_weights=weights, rscales=constants, degrees=20
    )


def test_linear_model_is_weighted_least_squares_with_the_sandwich_by_hand() -> None:
    frame = made_up()
    fit = glm(design(frame), "y ~ x + area")
    x = np.column_stack(
        [np.ones(len(frame)), frame["x"], frame["area"] == "hills", frame["area"] == "plain"]
    ).astype(float)
    w, y = frame["w"].to_numpy(), frame["y"].to_numpy()
    inverse = np.linalg.inv(x.T @ (x * w[:, None]))
    beta = inverse @ x.T @ (w * y)
    scores = (x * (w * (y - x @ beta))[:, None]) @ inverse
    total = np.zeros((4, 4))
    for h in range(4):
        z = np.array([scores[frame["psu"] == p].sum(axis=0) for p in range(24) if p % 4 == h])
        centred = z - z.mean(axis=0)
        total += len(z) / (len(z) - 1) * centred.T @ centred
    assert list(fit.estimate.index) == ["(Intercept)", "x", "areahills", "areaplain"]
    np.testing.assert_allclose(fit.estimate, beta, rtol=1e-12)
    np.testing.assert_allclose(fit.covariance, total, rtol=1e-10)
    assert fit.df_residual == 24 - 4 - 3


def test_intercept_only_models_are_means_and_shares() -> None:
    made = design(made_up())
    mean, share = survey.mean(made, "y"), survey.mean(made, "hit")
    linear = glm(made, "y ~ 1")
    assert linear.estimate.iloc[0] == pytest.approx(mean.point[0], rel=1e-13)
    assert linear.se.iloc[0] == pytest.approx(mean.se.iloc[0], rel=1e-12)
    logit, p = glm(made, "hit ~ 1", family="binomial"), share.point[0]
    assert logit.estimate.iloc[0] == pytest.approx(np.log(p / (1 - p)), rel=1e-12)
    assert logit.se.iloc[0] == pytest.approx(share.se.iloc[0] / (p * (1 - p)), rel=1e-10)
    log = glm(made, "count ~ 1", family="poisson")
    assert np.exp(log.estimate.iloc[0]) == pytest.approx(survey.mean(made, "count").point[0])


def test_saturated_logit_gives_the_shares_of_the_groups() -> None:
    made = design(made_up())
    fit = glm(made, "hit ~ area - 1", family="quasibinomial")
    shares = survey.mean(made, "hit", by="area")
    np.testing.assert_allclose(1 / (1 + np.exp(-fit.estimate)), shares.point, rtol=1e-10)
    slope = shares.point * (1 - shares.point)
    np.testing.assert_allclose(fit.se * slope, shares.se, rtol=1e-9)


@pytest.mark.parametrize(
    ("formula", "family"),
    [("y ~ x + area", "gaussian"), ("hit ~ x + area", "binomial"), ("count ~ x", "poisson")],
)
def test_replicates_are_refitted_one_by_one(formula: str, family: str) -> None:
    frame = made_up()
    made = jackknife(frame)
    fit = glm(made, formula, family=family)  # type: ignore[arg-type]
    weights = made.row_weights()
    refits = []
    for r in range(weights.shape[1]):
        kept = frame.assign(w=weights[:, r])[weights[:, r] > 0]
        refits.append(glm(design(kept), formula, family=family).estimate)  # type: ignore[arg-type]
    deviations = np.array(refits) - np.mean(refits, axis=0)
    expected = (deviations * made.constants[:, None]).T @ deviations
    np.testing.assert_allclose(fit.covariance, expected, rtol=1e-6, atol=1e-12)
    taylor = glm(design(frame), formula, family=family)  # type: ignore[arg-type]
    np.testing.assert_allclose(fit.se, taylor.se, rtol=0.15)


def test_cumulative_logit_agrees_with_statsmodels_where_weights_are_equal() -> None:
    frame = made_up()
    fit = ordinal(survey.Design(frame, psu="psu"), "answer ~ x + C(year)")
    exog = pd.DataFrame({"x": frame["x"], "later": (frame["year"] == 2022).astype(float)})
    model = OrderedModel(frame["answer"], exog, distr="logit")
    reference = model.fit(method="bfgs", disp=0, gtol=1e-9, maxiter=500)
    slopes = reference.params.to_numpy()[:2]
    cuts = model.transform_threshold_params(reference.params.to_numpy()[2:])[1:-1]
    np.testing.assert_allclose(fit.estimate, [*slopes, *cuts], rtol=1e-5)
    assert list(fit.estimate.index) == ["x", "C(year)2022", "1|2", "2|3", "3|4", "4|5"]


def test_cumulative_logit_scores_sum_to_zero_and_replicates_agree() -> None:
    frame = made_up()
    by_influence, by_replicates = (
        ordinal(made, "answer ~ x + area") for made in (design(frame), jackknife(frame))
    )
    np.testing.assert_allclose(by_influence.estimate, by_replicates.estimate, rtol=1e-8)
    np.testing.assert_allclose(by_influence.se, by_replicates.se, rtol=0.2)
    moved = frame.assign(x=frame["x"] * 1000 + 5)
    shifted = ordinal(design(moved), "answer ~ x + area")
    assert shifted.estimate["x"] == pytest.approx(by_influence.estimate["x"] / 1000, rel=1e-7)
    assert shifted.se["x"] == pytest.approx(by_influence.se["x"] / 1000, rel=1e-7)


def test_two_answers_are_logistic_and_refused() -> None:
    with pytest.raises(SurveyError, match="at least three"):
        ordinal(design(made_up()), "hit ~ x")


@settings(max_examples=10, deadline=None)
@given(st.floats(0.01, 1000.0), st.integers(0, 10_000))
def test_weight_scale_and_row_order_do_not_matter(scale: float, seed: int) -> None:
    frame = made_up(120)
    first = glm(design(frame), "hit ~ x + area", family="binomial")
    shuffled = frame.sample(frac=1.0, random_state=seed).assign(w=lambda d: d["w"] * scale)
    second = glm(design(shuffled), "hit ~ x + area", family="binomial")
    np.testing.assert_allclose(first.estimate, second.estimate, rtol=1e-8)
    np.testing.assert_allclose(first.covariance, second.covariance, rtol=1e-7, atol=1e-14)


def test_missing_rows_are_a_domain_and_are_counted() -> None:
    frame = made_up()
    frame.loc[frame.index % 7 == 0, "x"] = np.nan
    made = design(frame)
    fit = glm(made, "y ~ x")
    inside = glm(made.domain(frame["x"].notna()), "y ~ x")
    np.testing.assert_allclose(fit.se, inside.se, rtol=1e-12)
    assert fit.n == frame["x"].notna().sum()
    assert fit.notes == (f"{int(frame['x'].isna().sum())} rows lack a variable of the model.",)
    assert frame.equals(made.data)


def test_a_stopped_fit_is_rs_and_close_to_the_full_one() -> None:
    made = design(made_up())
    full = glm(made, "hit ~ x + area", family="binomial")
    stopped = glm(made, "hit ~ x + area", family="binomial", tolerance=1e-8)
    np.testing.assert_allclose(full.estimate, stopped.estimate, rtol=1e-5)
    np.testing.assert_allclose(full.se, stopped.se, rtol=1e-3)


def test_names_and_contrasts_are_rs() -> None:
    frame = made_up().assign(old=lambda d: d["x"] > 0)
    names = {
        "y ~ area * C(year)": [
            "(Intercept)", "areahills", "areaplain", "C(year)2022",
            "areahills:C(year)2022", "areaplain:C(year)2022",
        ],
        "y ~ area + C(year) - 1": ["areacity", "areahills", "areaplain", "C(year)2022"],
        "y ~ x + x:area": ["(Intercept)", "x", "x:areahills", "x:areaplain"],
        "y ~ x:area": ["(Intercept)", "x:areacity", "x:areahills", "x:areaplain"],
        "y ~ old": ["(Intercept)", "oldTRUE"],
    }  # fmt: skip
    for formula, expected in names.items():
        made = model_matrix(read_formula(formula), frame, intercept=True)
        assert list(made.names) == expected, formula
        assert np.linalg.matrix_rank(made.values) == len(expected)


def test_categoricals_keep_their_order_and_words_may_be_a_response() -> None:
    frame = made_up()
    order = pd.CategoricalDtype(["plain", "hills", "city", "never"], ordered=True)
    fit = glm(design(frame.assign(area=frame["area"].astype(order))), "y ~ area")
    assert list(fit.estimate.index) == ["(Intercept)", "areahills", "areacity"]
    words = frame.assign(hit=np.where(frame["hit"] == 1, "yes", "no"))
    np.testing.assert_allclose(
        glm(design(words), "hit ~ x", family="binomial").estimate,
        glm(design(frame), "hit ~ x", family="binomial").estimate,
    )


@pytest.mark.parametrize(
    "text",
    [
        "y ~ np.log(x)",
        "y ~ I(x)",
        "y ~ {x + 1}",
        "y ~ __import__('os').getcwd()",
        "log(y) ~ x",
        "y ~ C(area, Treatment('hills'))",
        "y ~ x[0]",
    ],
)
def test_formulas_are_never_evaluated(text: str) -> None:
    with pytest.raises(SurveyError, match=r"not evaluated|cannot be read"):
        read_formula(text)


@pytest.mark.parametrize("text", ["y ~", "~ x", "y ~ x +", "y + hit ~ x", "y ~ x | area", "y ~ ."])
def test_formulas_that_are_none(text: str) -> None:
    with pytest.raises(SurveyError, match="formula"):
        read_formula(text)


def test_quoted_names_are_columns() -> None:
    frame = made_up().rename(columns={"x": "thu nhập (triệu)"})
    with pytest.raises(SurveyError, match="not evaluated"):
        read_formula("y ~ `thu nhập (triệu)`")
    renamed = frame.rename(columns={"thu nhập (triệu)": "thu nhập"})
    fit = glm(design(renamed), "y ~ `thu nhập`")
    assert list(fit.estimate.index) == ["(Intercept)", "thu nhập"]
    assert [term_name(term) for term in read_formula("y ~ C(`năm học`)").terms][1] == (
        "C(`năm học`)"
    )


def test_bad_input_says_what_is_wrong() -> None:
    frame = made_up()
    made = design(frame.assign(twice=frame["x"] * 2, same=1, hole=np.nan, all_hit=frame["hit"]))
    with pytest.raises(SurveyError, match=r"no column 'aera'.*Did you mean 'area'"):
        glm(made, "y ~ aera")
    with pytest.raises(SurveyError, match="'twice' follow exactly"):
        glm(made, "y ~ x + twice")
    with pytest.raises(SurveyError, match="'same' follow exactly"):
        glm(made, "y ~ same")
    with pytest.raises(SurveyError, match="only one level"):
        glm(made, "y ~ C(same)")
    with pytest.raises(SurveyError, match="no row of the domain has all of"):
        glm(made, "y ~ hole")
    with pytest.raises(SurveyError, match=r"must be 0 or 1.*values are not"):
        glm(made, "answer ~ x", family="binomial")
    with pytest.raises(SurveyError, match="does not settle"):
        glm(made, "hit ~ all_hit", family="binomial")
    with pytest.raises(SurveyError, match="'cauchy' is not an option"):
        glm(made, "y ~ x", family="cauchy")  # type: ignore[arg-type]


def test_too_large_a_model_has_no_limits_and_no_p() -> None:
    frame = made_up(48).assign(psu=lambda d: d["psu"] % 4, stratum=0)
    table = glm(design(frame), "y ~ x + area").table()
    assert (table["df"] == 0).all()
    assert table[["low", "high", "p"]].isna().to_numpy().all()
    assert table["se"].notna().all()


def test_replicates_that_cannot_estimate_are_counted() -> None:
    frame = made_up(96)
    frame["rare"] = np.where(frame["psu"] == 3, "only here", "elsewhere")
    fit = glm(jackknife(frame), "y ~ rare")
    assert fit.notes == ("1 replicates cannot estimate the model and are left out.",)
    assert np.isfinite(fit.se).all()


def test_shown_as_text_and_html() -> None:
    fit = glm(design(made_up()), "y ~ x + area")
    assert repr(fit).startswith("gaussian regression: y ~ x + area; Coefficients; 24 PSUs")
    assert "<table" in fit._repr_html_()
    assert len(fit) == 4
    assert wald(fit, "area").df == (2.0, 17.0)
