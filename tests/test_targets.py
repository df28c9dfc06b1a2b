"""Points and targets: worked by hand, against the intervals, and against the printed tables."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import sipas
from sipas.indices import SatisfactionIndex
from sipas.leaders import LeaderScores
from sipas.targeting import par_points, par_total, published_par_totals, targets
from sipas.targeting.goals import read_targets
from survey.errors import SurveyError

WEIGHTS = {"hdnd": 25, "so": 40, "phong": 30, "huyen": 5}


@pytest.fixture(scope="module")
def index() -> SatisfactionIndex:
    return sipas.satisfaction(sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022"))


@pytest.fixture(scope="module")
def scores() -> LeaderScores:
    answers = sipas.clean(sipas.datasets.load_hue_leaders(2022), "leaders-2022")
    return sipas.leader_scores(answers, group_weights=WEIGHTS)


# -- points -----------------------------------------------------------------------------------


def test_points_of_the_published_indices() -> None:
    printed = sipas.datasets.load_published("hue_sipas_dimensions")
    whole = printed[printed["level"].eq("overall")].set_index("year")["rate_pct"]
    points = [
        round(par_points(whole[year]).table()["estimate"].iloc[0], 2) for year in (2021, 2022)
    ]
    assert points == [8.86, 7.96]  # printed 8.86; and 7.92, which is another quantity


def test_points_are_the_index_rescaled(index: SatisfactionIndex) -> None:
    made = par_points(index).table(level=0.9)
    rate = index["services"].table(level=0.9)
    for name in ("estimate", "se", "low", "high"):
        assert made[name].to_numpy() == pytest.approx(rate[name].to_numpy() / 10)
    assert made.index.tolist() == ["services"]
    assert "services index only" in repr(par_points(index))


def test_with_a_policy_weight_points_are_of_the_whole() -> None:
    answers = sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")
    whole = sipas.satisfaction(answers, policy_weight=0.62)
    assert par_points(whole).table().index.tolist() == ["sipas"]
    assert "services" not in repr(par_points(whole))


def test_total_adds_independent_errors(index: SatisfactionIndex, scores: LeaderScores) -> None:
    made = par_total(
        appraisal=61.21, leaders=scores, satisfaction=index, max_points={"appraisal": 68}
    )
    table = made.table()
    v = table.loc[["leaders", "satisfaction"], "se"].to_numpy() ** 2
    d = table.loc[["leaders", "satisfaction"], "df"].to_numpy()
    assert table.loc["total", "estimate"] == pytest.approx(61.21 + 17.4161 + 7.956, abs=1e-3)
    assert table.loc["total", "se"] == pytest.approx(math.sqrt(v.sum()))
    assert table.loc["total", "df"] == pytest.approx(v.sum() ** 2 / (v**2 / d).sum())
    assert table.loc["total", "max_points"] == 100
    leaders = scores.table().loc["total"]
    for name in ("estimate", "se", "low", "high"):
        assert table.loc["leaders", name] == pytest.approx(leaders[name])
    half = stats.t.ppf(0.975, table.loc["total", "df"]) * table.loc["total", "se"]
    assert table.loc["total", "high"] == pytest.approx(table.loc["total", "estimate"] + half)


def test_total_of_numbers_has_no_error() -> None:
    made = par_total(appraisal=62.18, leaders=18.28, satisfaction=8.86)
    assert made.table().loc["total", "estimate"] == pytest.approx(89.32)
    assert made.table()[["se", "low", "high"]].isna().all(axis=None)
    with pytest.raises(SurveyError, match="maximum of 'appraisal', 'leaders', 'satisfaction'"):
        targets(made, targets=90)


# -- the printed totals -----------------------------------------------------------------------


def test_printed_totals_and_what_contradicts_them() -> None:
    table = published_par_totals().table()
    wrong = table[~table["agrees"]].reset_index()
    assert len(table) == 24
    assert list(zip(wrong["year"], wrong["printed"], strict=True)) == [
        (2019, 63.5), (2019, 20.5), (2019, 33.5), (2021, 18.28), (2022, 7.92),
    ]  # fmt: skip
    assert wrong["note"].ne("").all()
    assert table.loc[table["check"].eq("total = parts"), "printed"].tolist() == [
        83.06,
        89.32,
        86.55,
    ]
    assert table.loc[table["agrees"], "note"].eq("").all()


def test_a_printed_total_of_another_year() -> None:
    assert set(published_par_totals(2022).table().index) == {2022}
    assert "7 trong 8 phép kiểm tra khớp" in published_par_totals(2022).text("vi")
    with pytest.raises(SurveyError, match="nothing is printed of 2020"):
        published_par_totals(2020)


# -- targets ----------------------------------------------------------------------------------


def test_probability_and_test_by_hand() -> None:
    row = targets(80.0, se=2.0, df=6, targets=84, year=2022).table().loc["sipas"]
    logit = math.log(0.80 / 0.20) - math.log(0.84 / 0.16)
    t = logit / (0.02 / (0.80 * 0.20))
    assert row["probability"] == pytest.approx(stats.t.cdf(t, 6))
    assert row["p"] == pytest.approx(1 - stats.t.cdf(t, 6))
    assert row["repeat"] == pytest.approx(stats.t.cdf(t / math.sqrt(2), 6))
    assert row["distance"] == -4.0
    assert row["verdict"] == "missed"  # 0.036 below the target


def test_the_test_agrees_with_the_interval(index: SatisfactionIndex) -> None:
    """A one-sided 5 % test rejects just when the target lies outside the 90 % interval."""
    low, high = index["services"].table(level=0.90)[["low", "high"]].iloc[0]
    verdicts = {
        value: targets(index, targets=value).table()["verdict"].iloc[0]
        for value in (low - 0.01, low + 0.01, high - 0.01, high + 0.01)
    }
    assert list(verdicts.values()) == [
        "reached", "not enough evidence", "not enough evidence", "missed",
    ]  # fmt: skip


def test_probability_is_the_share_of_drawn_indices() -> None:
    """Estimates about a true index: the posterior of a flat prior, drawn without the formula."""
    rng = np.random.default_rng(7)
    drawn = rng.normal(79.0, 3.0, 400_000)
    made = targets(79.0, se=3.0, targets={"sipas": 80.0}).table().iloc[0]
    # On the logit scale the figure differs from the plain one by its curvature only.
    assert made["probability"] == pytest.approx((drawn >= 80).mean(), abs=0.01)


def test_lower_is_better_turns_the_sign() -> None:
    up = targets(30.0, se=2.0, df=9, targets={"sipas": 33.0}).table().iloc[0]
    rows = pd.DataFrame({"code": ["sipas"], "target": ["<=33"], "year": ["2023-2025"]})
    down = targets(30.0, se=2.0, df=9, targets=rows, year=2023).table().iloc[0]
    assert down["probability"] == pytest.approx(1 - up["probability"])
    assert (down["by"], down["yearly"]) == (2025, 0.0)


def test_yearly_change_that_is_needed() -> None:
    rows = pd.DataFrame({"code": ["sipas", "S1"], "target": [">=90", "=80"], "year": [2025, 2020]})
    table = targets(84.0, se=1.0, targets=rows.iloc[:1], year=2022).table()
    assert table["yearly"].tolist() == [2.0]
    late = targets(84.0, se=1.0, targets=rows.iloc[:1], year=2025).table()
    assert late["yearly"].isna().all()


def test_several_rows_are_adjusted_by_holm(index: SatisfactionIndex) -> None:
    made = targets(index, targets={"S1": 70.0, "S2": 70.0, "S3": 70.0}).table()
    p = np.sort(made["p"].to_numpy())
    expected = np.maximum.accumulate(p * [3, 2, 1])
    assert np.sort(made["p_adjusted"].to_numpy()) == pytest.approx(expected)


def test_one_index_may_have_targets_for_several_years(index: SatisfactionIndex) -> None:
    given = pd.DataFrame(
        {
            "code": ["services", "services", "S1"],
            "target": [80, 85, 90],
            "year": [2024, 2025, 2025],
        }
    )
    table = sipas.targets(index, targets=given).table()
    assert table.index.tolist() == given["code"].tolist()
    assert table["target"].tolist() == given["target"].tolist()
    apart = pd.concat(
        [sipas.targets(index, targets=given.iloc[[k]]).table() for k in range(len(given))]
    )
    columns = ["estimate", "se", "distance", "yearly", "probability", "repeat", "p"]
    pd.testing.assert_frame_equal(table[columns], apart[columns])


def test_without_sampling_error_the_estimate_decides() -> None:
    table = targets(90.0, se=0.0, targets=90.0).table().iloc[0]
    assert (table["probability"], table["verdict"]) == (1.0, "reached")
    assert math.isnan(table["p"])
    none = targets(90.0, targets=90.0).table().iloc[0]
    assert none["verdict"] == "no standard error"
    assert math.isnan(none["probability"])


def test_targets_of_the_plans(index: SatisfactionIndex, scores: LeaderScores) -> None:
    plan = targets(index, targets="binhdinh_targets")
    assert plan.table()[["target", "by", "figure"]].iloc[0].tolist() == [90.0, 2025.0, "services"]
    assert len(plan.table()) + len(plan.unmatched) == 19
    assert "par_rank_national" in repr(plan)
    leaders = targets(scores, targets="binhdinh_targets").table()
    assert leaders.index.tolist() == ["leader_survey"]
    assert "division leaders" in leaders["note"].iloc[0]
    vinhlong = targets(index, targets="vinhlong_sipas").table(lang="vi")
    assert vinhlong["target"].tolist() == [83, 80, 80, 81, 82, 82]
    assert vinhlong["figure"].tolist() == ["S1", "S2", "S3", "S4", "S5", "S1"]
    assert vinhlong["label"].iloc[0] == "Chỉ số hài lòng về tiếp cận dịch vụ"
    total = par_total(
        appraisal=61.21, leaders=scores, satisfaction=index, max_points={"appraisal": 68}
    )
    assert targets(total, targets="binhdinh_targets").table().index.tolist() == ["par_index"]
    with pytest.raises(SurveyError, match="they are about 'par_rank_national'"):
        targets(index, targets="hue_targets")


def test_targets_are_read_as_they_are_written() -> None:
    rows = pd.DataFrame(
        {"code": list("abcdef"), "target": [">=90", "> 95 %", "<=10", "=100", "90,5", ""]}
    )
    made = read_targets(rows, "a")
    assert made["sense"].tolist() == [">=", ">", "<=", "=", ">="]
    assert made["target"].tolist() == [90, 95, 10, 100, 90.5]
    assert made["by"].isna().all()


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: targets(101.0, targets=90), "per cent from 0 to 100"),
        (lambda: targets(80.0, se=-1, targets=90), "standard error of 0 or more"),
        (lambda: targets(80.0, targets={"sipas": "ninety"}), "'ninety' of 'sipas'"),  # type: ignore[dict-item]
        (lambda: targets("80", targets=90), "got a str"),  # type: ignore[arg-type]
        (lambda: targets(80.0, targets="binhdinh_target"), "binhdinh_targets"),
        (lambda: targets(80.0, targets=pd.DataFrame({"code": ["a"]})), "no column 'target'"),
        (lambda: targets(80.0, targets=90, level=95), "level"),
        (lambda: par_points(80.0, 0), "max_points: got 0"),
        (lambda: par_total(appraisal=-1, leaders=1, satisfaction=1), "appraisal: got -1"),
        (lambda: par_total(appraisal=1, leaders=1, satisfaction=1, max_points={"p": 1}), "'p'"),
    ],
)
def test_what_cannot_be_asked(ask: object, says: str) -> None:
    with pytest.raises(SurveyError, match=says):
        ask()  # type: ignore[operator]


def test_results_that_are_no_index(index: SatisfactionIndex, scores: LeaderScores) -> None:
    places = sipas.satisfaction(index.answers, by="district")
    with pytest.raises(SurveyError, match="without by="):
        targets(places, targets=90)
    with pytest.raises(SurveyError, match="se and df come with the result"):
        par_points(index, se=1.0)
    with pytest.raises(SurveyError, match="maximum points of its own"):
        par_points(scores)  # type: ignore[arg-type]
    with pytest.raises(SurveyError, match="is no index in per cent"):
        targets(scores.points, targets=90)
