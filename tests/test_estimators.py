"""Means, shares, totals, ratios: every variance is written out again with loops.

The loops follow the textbook formulas stratum by stratum and unit by unit, and share no code with
the library.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import survey
from survey import Design, SurveyError

RTOL = 1e-12


def close(got: pd.Series | float, want: float | list[float]) -> None:
    np.testing.assert_allclose(np.asarray(got), np.asarray(want), rtol=RTOL)


def between_psus(frame: pd.DataFrame, score: pd.Series) -> float:
    """Sum over strata of n/(n-1) times the squared deviations of the PSU sums of a score."""
    variance = 0.0
    for _, stratum in frame.groupby("district"):
        sums = [score[rows.index].sum() for _, rows in stratum.groupby("commune")]
        n, average = len(sums), sum(sums) / len(sums)
        variance += n / (n - 1) * sum((z - average) ** 2 for z in sums)
    return variance


@pytest.fixture
def design(province: pd.DataFrame) -> Design:
    return Design(province, strata="district", psu="commune", weights="weight")


# -- one stage of clusters in strata ----------------------------------------------------------


def test_mean(province: pd.DataFrame, design: Design) -> None:
    w, y = province["weight"], province["y"]
    want = sum(w * y) / sum(w)
    score = w * (y - want) / sum(w)
    got = survey.mean(design, "y")
    close(got.estimate, [want])
    close(got.se, [math.sqrt(between_psus(province, score))])
    assert got.df.tolist() == [6]
    assert got.n.tolist() == [len(province)]


def test_total(province: pd.DataFrame, design: Design) -> None:
    score = province["weight"] * province["y"]
    got = survey.total(design, "y")
    close(got.estimate, [sum(score)])
    close(got.se, [math.sqrt(between_psus(province, score))])


def test_ratio(province: pd.DataFrame, design: Design) -> None:
    w, y, x = (province[name] for name in ("weight", "y", "x"))
    want = sum(w * y) / sum(w * x)
    score = w * (y - want * x) / sum(w * x)
    got = survey.ratio(design, "y", "x")
    assert list(got.labels) == ["y/x"]
    close(got.estimate, [want])
    close(got.se, [math.sqrt(between_psus(province, score))])


def test_a_domain_keeps_all_psus(province: pd.DataFrame, design: Design) -> None:
    inside = (province["commune"] != "commune 0-0") & (province["sex"] == "F")
    w, y = province["weight"] * inside, province["y"]
    want = sum(w * y) / sum(w)
    se = math.sqrt(between_psus(province, w * (y - want) / sum(w)))
    got = survey.mean(design.domain(inside, label="women elsewhere"), "y")
    close(got.estimate, [want])
    close(got.se, [se])
    filtered = Design(province[inside], strata="district", psu="commune", weights="weight")
    assert abs(survey.mean(filtered, "y").se["y"] / se - 1) > 0.01, "filtering is another number"


def test_by_gives_the_domains_and_their_covariance(province: pd.DataFrame, design: Design) -> None:
    got = survey.mean(design, "y", by="sex")
    scores = {}
    for sex in ("F", "M"):
        w = province["weight"] * (province["sex"] == sex)
        mean = sum(w * province["y"]) / sum(w)
        close(got.estimate[sex], mean)
        scores[sex] = w * (province["y"] - mean) / sum(w)
        close(got.se[sex], math.sqrt(between_psus(province, scores[sex])))
    both = between_psus(province, scores["F"] + scores["M"])
    apart = sum(between_psus(province, score) for score in scores.values())
    close(got.covariance.loc["F", "M"], (both - apart) / 2)


def test_a_blank_leaves_its_item_not_the_design(province: pd.DataFrame, design: Design) -> None:
    got = survey.mean(design, ["y", "holes"])
    valid = province["holes"].notna()
    w = province["weight"] * valid
    want = sum(w * province["y"]) / sum(w)
    score = w * (province["y"] - want) / sum(w)
    close(got.estimate["holes"], want)
    close(got.se["holes"], math.sqrt(between_psus(province, score)))
    close(got.se["y"], survey.mean(design, "y").se["y"])
    assert got.n["holes"] == valid.sum()
    assert got.missing.tolist() == [0, (~valid).sum()]


def test_listwise_leaves_out_a_row_with_any_blank(province: pd.DataFrame, design: Design) -> None:
    got = survey.mean(design, ["y", "holes"], missing="listwise")
    alone = survey.mean(design.domain(province["holes"].notna()), "y")
    close(got.estimate["y"], alone.estimate["y"])
    close(got.se["y"], alone.se["y"])


def test_blanks_refused(design: Design, province: pd.DataFrame) -> None:
    holes = int(province["holes"].isna().sum())
    with pytest.raises(SurveyError, match=rf"mean: .*'holes \({holes}\)'.*missing='item'"):
        survey.mean(design, ["y", "holes"], missing="refuse")


def test_those_who_answered_as_a_sample_of_their_stratum() -> None:
    """Asked in full, two of five left blank: 3 of 5 is then a simple random sample."""
    sheet = pd.DataFrame({"group": ["a"] * 5, "N": 5, "y": [1.0, 2.0, 6.0, np.nan, np.nan]})
    census = Design(sheet, strata="group", fpc="N")
    assert survey.mean(census, "y").se["y"] == 0
    answered = survey.mean(census, "y", missing="respondents")
    s2 = ((1 - 3) ** 2 + (2 - 3) ** 2 + (6 - 3) ** 2) / 2
    close(answered.se, [math.sqrt((1 - 3 / 5) * s2 / 3)])


# -- other designs ----------------------------------------------------------------------------


def test_stratified_sample_of_rows_with_population_counts() -> None:
    """V = Σ (N_h/N)² (1 − n_h/N_h) s²_h / n_h (Särndal et al. 1992, result 3.7.2)."""
    answers = {"A": ([2.0, 4.0, 9.0], 30), "B": ([1.0, 1.0, 3.0, 7.0], 10), "C": ([5.0, 6.0], 4)}
    rows = [(h, N, y) for h, (values, N) in answers.items() for y in values]
    sheet = pd.DataFrame(rows, columns=["h", "N", "y"])
    everyone = sum(N for _, N in answers.values())
    want = variance = 0.0
    for values, N in answers.values():
        n, mean = len(values), sum(values) / len(values)
        s2 = sum((y - mean) ** 2 for y in values) / (n - 1)
        want += N / everyone * mean
        variance += (N / everyone) ** 2 * (1 - n / N) * s2 / n
    got = survey.mean(Design(sheet, strata="h", fpc="N"), "y")
    close(got.estimate, [want])
    close(got.se, [math.sqrt(variance)])


def test_two_stages_with_population_counts() -> None:
    """V = N²(1−f)s²_t/n + (N/n) Σ M_i²(1−f_i)s²_i/m_i (Särndal et al. 1992, result 4.3.1)."""
    drawn = {1: ([2.0, 3.0, 7.0], 12), 2: ([4.0, 4.0, 5.0, 8.0], 8), 3: ([1.0, 6.0], 5)}
    N, n = 10, len(drawn)
    rows = [(i, k, N, M, y) for i, (ys, M) in drawn.items() for k, y in enumerate(ys)]
    sheet = pd.DataFrame(rows, columns=["psu", "row", "N", "M", "y"])
    totals, within = [], 0.0
    for ys, M in drawn.values():
        m, mean = len(ys), sum(ys) / len(ys)
        totals.append(M * mean)
        within += M**2 * (1 - m / M) * sum((y - mean) ** 2 for y in ys) / (m - 1) / m
    average = sum(totals) / n
    s2 = sum((t - average) ** 2 for t in totals) / (n - 1)
    variance = N**2 * (1 - n / N) * s2 / n + N / n * within
    got = survey.total(Design(sheet, psu=["psu", "row"], fpc=["N", "M"]), "y")
    close(got.estimate, [N / n * sum(totals)])
    close(got.se, [math.sqrt(variance)])
    without = survey.total(Design(sheet.assign(w=1.0), psu=["psu", "row"], weights="w"), "y")
    ultimate = survey.total(Design(sheet.assign(w=1.0), psu="psu", weights="w"), "y")
    close(without.se, ultimate.se.tolist())  # later stages count only after a finite first one


def test_a_census_has_no_sampling_error() -> None:
    sheet = pd.DataFrame({"N": 4, "y": [1.0, 2.0, 6.0, 9.0]})
    assert survey.mean(Design(sheet, fpc="N"), "y").se["y"] == 0


def lonely_by_hand(rule: str, sums: dict[str, list[float]], mean_of_all: float) -> float:
    """Variance of a total: every stratum with at least two units, and the lonely one by rule."""
    variance, lonely = 0.0, 0
    for z in sums.values():
        n, average = len(z), sum(z) / len(z)
        if n > 1:
            variance += n / (n - 1) * sum((v - average) ** 2 for v in z)
            continue
        lonely += 1
        if rule == "adjust":
            variance += (z[0] - mean_of_all) ** 2
    if rule == "average":
        variance *= len(sums) / (len(sums) - lonely)
    return variance


@pytest.fixture
def lonely() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "h": ["A", "A", "B", "B", "B", "C"],
            "psu": [1, 2, 3, 4, 5, 6],
            "y": [1.0, 4, 2, 5, 5, 8],
        }
    )


@pytest.mark.parametrize("rule", ["remove", "certainty", "adjust", "average"])
def test_a_stratum_of_one_psu(lonely: pd.DataFrame, rule: str) -> None:
    design = Design(lonely, strata="h", psu="psu", lonely_psu=rule)
    mean = lonely["y"].sum() / 6
    scores = {
        h: [(y - mean) / 6 for y in lonely.loc[lonely["h"] == h, "y"]] for h in ("A", "B", "C")
    }
    # linearised scores add up to zero, which is therefore the mean that "adjust" measures from
    want = lonely_by_hand(rule, scores, 0.0)
    close(survey.mean(design, "y").se, [math.sqrt(want)])


def test_a_stratum_of_one_psu_is_refused_by_name(lonely: pd.DataFrame) -> None:
    design = Design(lonely, strata="h", psu="psu")
    with pytest.raises(SurveyError, match=r"only one PSU.*: 'C'\..*lonely_psu='adjust'.*'remove'"):
        survey.mean(design, "y")


def test_a_stratum_of_one_psu_that_was_taken_whole_never_fails(lonely: pd.DataFrame) -> None:
    counts = lonely.assign(N=[5, 5, 6, 6, 6, 1])
    got = survey.total(Design(counts, strata="h", psu="psu", fpc="N"), "y")
    z = {"A": [2.5, 10.0], "B": [4.0, 10.0, 10.0]}  # answers times N/n; C brings nothing
    a = (1 - 2 / 5) * 2 / 1 * sum((v - 6.25) ** 2 for v in z["A"])
    b = (1 - 3 / 6) * 3 / 2 * sum((v - 8.0) ** 2 for v in z["B"])
    close(got.se, [math.sqrt(a + b)])


# -- shares -----------------------------------------------------------------------------------


def test_a_share_is_the_mean_of_an_indicator(province: pd.DataFrame, design: Design) -> None:
    share = survey.proportion(design, "q", event=(4, 5))
    indicator = survey.mean(design, pd.DataFrame({"q": province["q"].isin([4, 5]).astype(float)}))
    close(share.estimate, indicator.estimate.tolist())
    close(share.se, indicator.se.tolist())
    assert share.bounds == (0.0, 1.0)


def test_shares_of_all_answers_add_up_to_one(design: Design, province: pd.DataFrame) -> None:
    shares = survey.proportion(design, "q")
    assert list(shares.labels) == sorted(province["q"].unique())
    close(shares.estimate.sum(), 1.0)
    whole = shares.contrast([[1.0] * len(shares)])
    np.testing.assert_allclose(whole.se, 0.0, atol=1e-15)


def test_a_word_is_one_answer_not_its_letters() -> None:
    sheet = pd.DataFrame({"used": ["Yes", "No", "Yes", "Yes"]})
    assert survey.proportion(Design(sheet), "used", event=("Yes",)).estimate["used"] == 0.75
    with pytest.raises(SurveyError, match=r"event='Yes'.*\('Yes',\)"):
        survey.proportion(Design(sheet), "used", event="Yes")


def test_an_event_that_nobody_could_have_answered(design: Design) -> None:
    with pytest.raises(SurveyError, match=r"no answer to.*'4', '5'"):
        survey.proportion(design, "q", event=("4", "5"))


# -- design effects ---------------------------------------------------------------------------


def test_design_effect_with_and_without_replacement(
    province: pd.DataFrame, design: Design
) -> None:
    w, y, n = province["weight"], province["y"], len(province)
    mean = sum(w * y) / sum(w)
    spread = sum(w * (y - mean) ** 2) / sum(w) * n / (n - 1)
    got = survey.mean(design, "y")
    variance = got.se["y"] ** 2
    close(got.design_effect(replacement=True), [variance / (spread / n)])
    close(got.deff, [variance / (spread / n * (1 - n / sum(w)))])


def test_design_effect_without_weights_is_against_draws_with_replacement(
    province: pd.DataFrame,
) -> None:
    got = survey.mean(Design(province, strata="district", psu="commune"), "y")
    spread = province["y"].var(ddof=1)
    close(got.deff, [got.se["y"] ** 2 / (spread / len(province))])
