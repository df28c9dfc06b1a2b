"""Tests of means, ranks, tables and coefficients: closed forms, other libraries, bad input.

Over 300 lines: many small tests of one module.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import survey
from survey.errors import SurveyError
from survey.hypothesis_tests import chisquare, rank_test, t_test, wald
from survey.regression import glm


def made_up(n: int = 240, seed: int = 8) -> pd.DataFrame:
    """Made-up rows: 24 PSUs in 4 strata, unequal weights, many ties."""
    rng = np.random.default_rng(seed)
    psu = np.arange(n) % 24
    area = np.array(["city", "hills", "plain"])[rng.integers(0, 3, n)]
    score = 3 + np.sin(psu) + 0.4 * (area == "hills") + rng.normal(size=n)
    return pd.DataFrame(
        {
            "psu": psu,
            "stratum": psu % 4,
            "w": rng.integers(1, 6, n).astype(float),
            "area": area,
            "sex": np.where(rng.uniform(size=n) < 0.5, "F", "M"),
            "answer": np.clip(np.round(score), 1, 5),
            "score": score,
        }
    )


def design(frame: pd.DataFrame) -> survey.Design:
    return survey.Design(frame, weights="w", strata="stratum", psu="psu")


def jackknife(frame: pd.DataFrame) -> survey.ReplicateDesign:
    """Delete-one jackknife of the PSUs in their strata, six PSUs each."""
    weights = np.repeat(frame["w"].to_numpy()[:, None], 24, axis=1)
    for r in range(24):
        weights[(frame["stratum"] == r % 4).to_numpy(), r] *= 6 / 5
        weights[(frame["psu"] == r).to_numpy(), r] = 0.0
    return survey.ReplicateDesign(
        frame, weights="w", replicate_weights=weights, rscales=np.full(24, 5 / 6), degrees=20
    )


both_kinds = pytest.mark.parametrize("kind", [design, jackknife])


@both_kinds
def test_difference_of_two_groups_is_the_slope_of_a_linear_model(kind) -> None:  # type: ignore[no-untyped-def]
    made = kind(made_up())
    result = t_test(made, "score", by="sex")
    row = glm(made, "score ~ sex").table().loc["sexM"]
    assert result.estimates.point[0] == pytest.approx(row["estimate"], rel=1e-10)
    assert result.statistic == pytest.approx(row["t"], rel=1e-9)
    assert result.p == pytest.approx(row["p"], rel=1e-8)
    assert result.df == (row["df"],)
    limits = result.confidence_interval().iloc[0]
    assert limits.tolist() == pytest.approx([row["low"], row["high"]], rel=1e-9)


def test_one_mean_uses_all_degrees_of_freedom() -> None:
    frame = made_up()
    result = t_test(design(frame), "score", mu=3.0)
    mean = survey.mean(design(frame), "score")
    t = (mean.point[0] - 3.0) / mean.se.iloc[0]
    assert result.df == (20.0,)
    assert result.statistic == pytest.approx(t, rel=1e-12)
    assert result.p == pytest.approx(2 * stats.t.sf(abs(t), 20), rel=1e-12)
    assert t_test(design(frame), "score", mu=3.0, df=19).p > result.p


def test_independent_equal_weights_are_the_classical_test() -> None:
    frame = made_up()
    result = t_test(survey.Design(frame), "score", mu=2.9)
    classical = stats.ttest_1samp(frame["score"], 2.9)
    assert result.statistic == pytest.approx(classical.statistic, rel=1e-12)
    assert result.p == pytest.approx(classical.pvalue, rel=1e-10)


def test_census_has_no_sampling_error() -> None:
    frame = pd.DataFrame({"g": ["a"] * 4, "N": 4, "y": [1.0, 2.0, 3.0, 4.0]})
    whole = survey.Design(frame, strata="g", fpc="N")
    assert t_test(whole, "y", mu=2.0).p == 0.0
    assert np.isnan(t_test(whole, "y", mu=2.5).statistic)


@pytest.mark.parametrize("test", ["wilcoxon", "vanderWaerden", "median"])
def test_ranks_with_equal_weights_are_midranks(test: str) -> None:
    frame = made_up()
    result = rank_test(survey.Design(frame), "answer", "sex", test=test)  # type: ignore[arg-type]
    share = (stats.rankdata(frame["answer"]) - 0.5) / len(frame)
    scores = {"wilcoxon": share, "vanderWaerden": stats.norm.ppf(share), "median": share > 0.5}
    by_hand = t_test(survey.Design(frame.assign(s=scores[test].astype(float))), "s", by="sex")
    assert result.statistic == pytest.approx(by_hand.statistic, rel=1e-10)
    assert result.p == pytest.approx(by_hand.p, rel=1e-9)


def test_a_weight_is_as_good_as_so_many_rows() -> None:
    frame = made_up()
    repeated = frame.loc[frame.index.repeat(frame["w"].astype(int))].reset_index(drop=True)
    weighted = rank_test(design(frame), "answer", "sex")
    flat = rank_test(design(repeated.assign(w=1.0)), "answer", "sex")
    assert weighted.statistic == pytest.approx(flat.statistic, rel=1e-10)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_ranks_do_not_depend_on_row_order_or_on_the_scale_of_answers(seed: int) -> None:
    frame = made_up()
    first = rank_test(design(frame), "answer", "area", test="KruskalWallis")
    mixed = frame.sample(frac=1.0, random_state=seed).assign(answer=lambda d: d["answer"] ** 3)
    second = rank_test(design(mixed), "answer", "area", test="KruskalWallis")
    assert first.statistic == pytest.approx(second.statistic, rel=1e-9)


def test_rs_ranks_depend_on_the_order_of_rows() -> None:
    frame = made_up()
    straight, reversed_rows = (
        rank_test(design(rows), "answer", "sex", ties="row order").statistic
        for rows in (frame, frame.iloc[::-1])
    )
    assert abs(straight - reversed_rows) > 1e-6


@both_kinds
def test_several_groups_are_a_wald_test_of_scores(kind) -> None:  # type: ignore[no-untyped-def]
    result = rank_test(kind(made_up()), "answer", "area")
    assert result.kind == "F"
    assert result.df == (2.0, 18.0)
    b, v = result.estimates.point, result.estimates.covariance.to_numpy()
    assert result.statistic == pytest.approx(b @ np.linalg.inv(v) @ b / 2, rel=1e-9)


def test_categorical_answers_are_ranked_in_their_order() -> None:
    frame = made_up()
    words = pd.Categorical.from_codes(
        frame["answer"].astype(int) - 1, ["never", "at times", "often", "mostly", "always"], True
    )
    ranked = rank_test(design(frame.assign(words=words)), "words", "sex")
    assert ranked.statistic == pytest.approx(rank_test(design(frame), "answer", "sex").statistic)


def test_pearson_statistic_is_the_classical_one_for_equal_weights() -> None:
    frame = made_up()
    result = chisquare(survey.Design(frame), "sex", "area", statistic="Chisq")
    counts = pd.crosstab(frame["sex"], frame["area"])
    classical = stats.chi2_contingency(counts, correction=False)
    assert result.pearson == pytest.approx(classical.statistic, rel=1e-11)
    # independent rows: every design effect is close to n / (n - 1)
    np.testing.assert_allclose(result.eigenvalues, 240 / 239, rtol=0.2)
    assert result.eigenvalues.mean() == pytest.approx(1.0, abs=0.05)
    np.testing.assert_allclose(result.observed, counts / 240, rtol=1e-12)
    np.testing.assert_allclose(result.expected, classical.expected_freq / 240, rtol=1e-12)


@both_kinds
@pytest.mark.parametrize("statistic", ["F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint"])
def test_association_is_symmetric_and_blind_to_labels(kind, statistic: str) -> None:  # type: ignore[no-untyped-def]
    frame = made_up()
    first = chisquare(kind(frame), "sex", "area", statistic=statistic)  # type: ignore[arg-type]
    renamed = frame.assign(area=frame["area"].map({"city": "z", "hills": "y", "plain": "x"}))
    second = chisquare(kind(renamed), "area", "sex", statistic=statistic)  # type: ignore[arg-type]
    assert first.p == pytest.approx(second.p, rel=1e-8)
    assert first.statistic == pytest.approx(second.statistic, rel=1e-9)


def test_two_by_two_wald_statistic_is_the_squared_t_of_the_residual_count() -> None:
    frame = made_up().assign(hills=lambda d: np.where(d["area"] == "hills", "yes", "no"))
    result = chisquare(design(frame), "sex", "hills", statistic="Wald")
    cell = ((frame["sex"] == "M") & (frame["hills"] == "yes")).astype(float)
    row, column = (frame["sex"] == "M").astype(float), (frame["hills"] == "yes").astype(float)
    parts = pd.DataFrame({"cell": cell, "row": row, "column": column, "all": 1.0})
    totals = survey.total(design(frame), parts)
    n, r, c, every = totals.point
    jacobian = np.array([1.0, -c / every, -r / every, r * c / every**2])
    variance = jacobian @ totals.covariance.to_numpy() @ jacobian
    assert result.statistic == pytest.approx((n - r * c / every) ** 2 / variance, rel=1e-9)
    assert result.df == (1.0, 20.0)


def test_one_eigenvalue_gives_the_f_test_exactly() -> None:
    frame = made_up().assign(hills=lambda d: d["area"] == "hills")
    exact, by_f = (chisquare(design(frame), "sex", "hills", statistic=s) for s in ("lincom", "F"))
    assert exact.p == pytest.approx(by_f.p, rel=1e-10)


def test_rows_without_an_answer_leave_as_a_domain() -> None:
    frame = made_up()
    frame.loc[::9, "sex"] = None
    there = frame["sex"].notna()
    result = chisquare(design(frame), "sex", "area")
    inside = chisquare(design(frame).domain(there), "sex", "area")
    assert result.p == pytest.approx(inside.p, rel=1e-12)


def test_wald_of_one_constraint_is_t_squared_and_matrices_equal_terms() -> None:
    fit = glm(design(made_up()), "score ~ sex + area")
    table = fit.table()
    assert wald(fit, "sex").statistic == pytest.approx(table.loc["sexM", "t"] ** 2, rel=1e-10)
    assert wald(fit, "sex").p == pytest.approx(table.loc["sexM", "p"], rel=1e-9)
    by_term = wald(fit, "area")
    matrix = np.eye(4)[2:]
    assert wald(fit, matrix).statistic == pytest.approx(by_term.statistic, rel=1e-10)
    assert wald(fit, ["areahills", "areaplain"]).p == pytest.approx(by_term.p, rel=1e-12)
    adjusted = wald(fit, "area", adjusted=True)
    d = fit.df_residual
    assert adjusted.df == (2.0, d - 1)
    assert adjusted.statistic == pytest.approx(by_term.statistic * (d - 1) / d, rel=1e-12)


@both_kinds
def test_wald_of_means(kind) -> None:  # type: ignore[no-untyped-def]
    means = survey.mean(kind(made_up()), "score", by="area")
    equal = {"hills": {"hills": 1, "city": -1}, "plain": {"plain": 1, "city": -1}}
    result = wald(means, equal)
    b = np.array([means.point[1] - means.point[0], means.point[2] - means.point[0]])
    c = np.array([[-1, 1, 0], [-1, 0, 1]])
    v = c @ means.covariance.to_numpy() @ c.T
    assert result.statistic == pytest.approx(b @ np.linalg.inv(v) @ b / 2, rel=1e-9)
    assert result.df[0] == 2.0


def test_bad_input_says_what_is_wrong() -> None:
    frame = made_up().assign(same="x", none=np.nan)
    made = design(frame)
    with pytest.raises(SurveyError, match=r"3 groups: 'city', 'hills', 'plain'"):
        t_test(made, "score", by="area")
    with pytest.raises(SurveyError, match="only one group"):
        t_test(made, "score", by="same")
    with pytest.raises(SurveyError, match="not numeric"):
        t_test(made, "area")
    with pytest.raises(SurveyError, match="no valid answer at all"):
        t_test(made, "none")
    with pytest.raises(SurveyError, match="Did you mean 'score'"):
        rank_test(made, "scores", "sex")
    with pytest.raises(SurveyError, match="'logrank' is not an option"):
        rank_test(made, "score", "sex", test="logrank")  # type: ignore[arg-type]
    with pytest.raises(SurveyError, match="another index"):
        t_test(made, frame["score"].iloc[:5])
    with pytest.raises(SurveyError, match="'same' has fewer than two levels"):
        chisquare(made, "same", "sex")
    with pytest.raises(SurveyError, match="'G' is not an option"):
        chisquare(made, "sex", "area", statistic="G")  # type: ignore[arg-type]


def test_more_constraints_than_the_covariance_has_rank_are_refused() -> None:
    frame = made_up(96).assign(psu=lambda d: d["psu"] % 4, stratum=0, many=lambda d: d.index % 6)
    made = design(frame)
    means = survey.mean(made, "score", by="many")
    with pytest.raises(SurveyError, match="6 constraints, but the design has 3"):
        wald(means, np.eye(6))
    with pytest.raises(SurveyError, match=r"5 degrees of freedom of association.*has 3"):
        chisquare(made, "many", "sex", statistic="Wald")
    assert 0 < chisquare(made, "many", "sex").p < 1
    with pytest.raises(SurveyError, match="no term or estimate 'aera'"):
        wald(glm(design(made_up()), "score ~ area"), "aera")
    with pytest.raises(SurveyError, match="singular"):
        wald(glm(design(made_up()), "score ~ area"), np.array([[0, 1, 0], [0, 2, 0.0]]))


def test_shown_as_text_and_html() -> None:
    made = design(made_up())
    for result in (
        t_test(made, "score", by="sex"),
        rank_test(made, "score", "area"),
        wald(glm(made, "score ~ area"), "area"),
        chisquare(made, "sex", "area"),
    ):
        assert result.verdict in repr(result)
        assert "<table" in result._repr_html_()
    assert list(t_test(made, "score").table().columns) == [
        "estimate", "se", "low", "high", "n", "df", "p", "statistic",
    ]  # fmt: skip


def test_words_of_any_kind_are_groups() -> None:
    frame = made_up()
    kinds = {
        "text": frame["sex"].astype("string"),
        "category": frame["sex"].astype("category"),
        "truth": frame["sex"] == "M",
    }
    expected = t_test(design(frame), "score", by="sex").p
    for name, column in kinds.items():
        with_gap = frame.assign(kind=column.where(frame.index != 3))
        gap = frame.assign(sex=frame["sex"].where(frame.index != 3))
        assert t_test(design(frame.assign(kind=column)), "score", by="kind").p == pytest.approx(
            expected
        ), name
        assert chisquare(design(with_gap), "kind", "area").p == pytest.approx(
            chisquare(design(gap), "sex", "area").p
        ), name
    mixed = frame.assign(kind=[1, "two"] * 120)
    with pytest.raises(SurveyError, match="'kind' mixes words and numbers"):
        t_test(design(mixed), "score", by="kind")
