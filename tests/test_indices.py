"""Indices of small sheets, counted and composed by hand under every rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sipas
import survey
from sipas import datasets
from sipas.instrument.parts import Aspect
from survey.errors import SurveyError

FORM = sipas.Instrument.load(datasets.worked_instrument_path())
ITEMS = ["S1.1", "S1.2", "S2.1", "S2.2"]
CODES = [*ITEMS, "S1", "S2", "services"]
MEAN_OF_DIMENSIONS = np.vstack(
    [np.eye(4), [0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5], np.full(4, 0.25)],
)


def draw(seed: int = 7, blank: float = 0.15) -> pd.DataFrame:
    """Six communes of two districts, ten rows each, weighted, some answers missing."""
    rng = np.random.default_rng(seed)
    n = 60
    sheet = pd.DataFrame(
        {
            "id": [f"{seed}-{k}" for k in range(n)],
            "district": np.repeat(["huyện A", "huyện B"], 30),
            "commune": np.repeat([f"xã {c}" for c in range(6)], 10),
            "gender": np.tile(["Nam", "Nữ"], 30),
            "weight": rng.integers(1, 6, n) / 2.0,
        }
    )
    pull = np.repeat(rng.normal(0, 0.6, 6), 10)
    for item in ITEMS:
        level = (3.5 + pull + rng.normal(0, 1.1, n)).round().clip(1, 5)
        sheet[item] = np.where(rng.random(n) < blank, 9, level).astype(int)
    return sheet


SHEET = draw()
ANSWERS = sipas.clean(SHEET, FORM)
VALUES = SHEET[ITEMS].replace(9, np.nan).to_numpy(float)
WEIGHT = SHEET["weight"].to_numpy()
FEMALE = (SHEET["gender"] == "Nữ").to_numpy()


def mean(scored: np.ndarray, weight: np.ndarray = WEIGHT) -> np.ndarray:
    """Weighted mean of each statement over valid answers, shape (4,)."""
    valid = ~np.isnan(scored)
    return (weight @ np.nan_to_num(scored)) / (weight @ valid)


def top2(values: np.ndarray = VALUES) -> np.ndarray:
    return np.where(np.isnan(values), np.nan, 100.0 * (values >= 4))


def by_hand(scored: np.ndarray, scheme: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Composed indices and their standard errors, communes in districts."""
    valid = ~np.isnan(scored)
    rates = mean(scored)
    z = np.where(valid, scored - rates, 0.0) * WEIGHT[:, None] / (WEIGHT @ valid)
    towns = (z @ scheme.T).reshape(2, 3, 10, -1).sum(axis=2)
    spread = ((towns - towns.mean(axis=1, keepdims=True)) ** 2).sum(axis=(0, 1))
    return scheme @ rates, np.sqrt(3 / 2 * spread)


def close(table: pd.DataFrame, scored: np.ndarray, scheme: np.ndarray) -> None:
    estimate, se = by_hand(scored, scheme)
    np.testing.assert_allclose(table["estimate"], estimate, rtol=1e-10)
    np.testing.assert_allclose(table["se"], se, rtol=1e-10)


# -- rules ------------------------------------------------------------------------------------


def test_the_share_satisfied_of_valid_answers() -> None:
    table = sipas.satisfaction(ANSWERS).table(df=True).loc[CODES]
    close(table, top2(), MEAN_OF_DIMENSIONS)
    assert table["df"].tolist() == [4] * 7


def test_the_mean_score_runs_from_0_to_100() -> None:
    table = sipas.satisfaction(ANSWERS, score="mean").table().loc[CODES]
    close(table, (VALUES - 1) * 25.0, MEAN_OF_DIMENSIONS)
    assert abs(table["estimate"] - by_hand(top2(), MEAN_OF_DIMENSIONS)[0]).max() > 5


def test_pooled_statements_weigh_alike_whatever_their_dimension() -> None:
    one = replace(
        FORM,
        items=tuple(replace(i, dimension="S1") if i.code == "S2.1" else i for i in FORM.items),
    )
    given = sipas.clean(SHEET, one)
    third = [1 / 3, 1 / 3, 1 / 3, 0]
    for aggregate, index in (
        ("pooled", np.full(4, 1 / 4)),
        ("dimensions", [1 / 6, 1 / 6, 1 / 6, 1 / 2]),
    ):
        scheme = np.vstack([np.eye(4), third, [0, 0, 0, 1], index])
        rule: Any = aggregate
        close(sipas.satisfaction(given, aggregate=rule).table().loc[CODES], top2(), scheme)


def test_listwise_counts_complete_rows_only() -> None:
    complete = ~np.isnan(VALUES).any(axis=1)
    assert 20 < complete.sum() < 40
    kept = np.where(complete[:, None], VALUES, np.nan)
    table = sipas.satisfaction(ANSWERS, missing="listwise").table().loc[CODES]
    close(table, top2(kept), MEAN_OF_DIMENSIONS)
    assert table["n"].tolist() == [complete.sum()] * 7
    assert table.loc[ITEMS, "missing"].tolist() == [len(SHEET) - complete.sum()] * 4


def test_listwise_by_domain_counts_the_domains_complete_rows() -> None:
    complete = ~np.isnan(VALUES).any(axis=1)
    table = sipas.satisfaction(ANSWERS, missing="listwise", by="gender").table()
    for name, inside in (("Nữ", FEMALE), ("Nam", ~FEMALE)):
        for code in ("S1.1", "services"):
            assert table.loc[(code, name), "n"] == (complete & inside).sum()
        assert table.loc[("S1.1", name), "missing"] == (~complete & inside).sum()


def test_an_unanswered_statement_leaves_its_own_row_out_of_that_statement() -> None:
    table = sipas.satisfaction(ANSWERS).table()
    blanks = np.isnan(VALUES)
    assert table.loc[ITEMS, "n"].tolist() == (~blanks).sum(axis=0).tolist()
    assert table.loc[ITEMS, "missing"].tolist() == blanks.sum(axis=0).tolist()
    assert table.loc["S1", "n"] == (~blanks[:, :2]).any(axis=1).sum()
    assert table.loc["S1", "missing"] == blanks[:, :2].sum()
    assert table.loc["services", "missing"] == blanks.sum()


def two_aspects() -> sipas.Instrument:
    """The same questionnaire, its second dimension made the policy aspect."""
    policy = Aspect("policy", FORM.aspects[0].label)
    return replace(
        FORM,
        aspects=(*FORM.aspects, policy),
        dimensions=tuple(
            replace(d, aspect="policy") if d.code == "S2" else d for d in FORM.dimensions
        ),
    )


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_policy_aspect_weighs_what_it_is_given(share: float) -> None:
    index = sipas.satisfaction(sipas.clean(SHEET, two_aspects()), policy_weight=share)
    halves = np.array([[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]])
    scheme = np.vstack([halves, (1 - share) * halves[0] + share * halves[1]])
    close(index.table().loc[["services", "policy", "sipas"]], top2(), scheme)


def test_without_a_policy_weight_there_is_no_overall_index() -> None:
    given = sipas.clean(SHEET, two_aspects())
    assert "sipas" not in sipas.satisfaction(given).table().index
    for share in (-0.1, 1.1):
        with pytest.raises(SurveyError, match="policy_weight"):
            sipas.satisfaction(given, policy_weight=share)
    with pytest.raises(SurveyError, match="policy_weight"):
        sipas.satisfaction(ANSWERS, policy_weight=0.5)


def test_a_reversed_statement_is_turned_round_in_the_index_only() -> None:
    turned = replace(FORM, items=tuple(replace(i, reverse=i.code == "S2.1") for i in FORM.items))
    given = sipas.clean(SHEET, turned)
    np.testing.assert_array_equal(given.data[ITEMS].to_numpy(), VALUES)
    flipped = VALUES.copy()
    flipped[:, 2] = 6 - flipped[:, 2]
    close(sipas.satisfaction(given).table().loc[CODES], top2(flipped), MEAN_OF_DIMENSIONS)
    score = sipas.satisfaction(given, score="mean").table().loc[CODES]
    close(score, 25.0 * (flipped - 1), MEAN_OF_DIMENSIONS)


@pytest.mark.parametrize("rule", ["score", "aggregate", "missing"])
def test_an_unknown_rule_is_refused(rule: str) -> None:
    wrong: Any = {rule: "items"}
    with pytest.raises(SurveyError, match=rule):
        sipas.satisfaction(ANSWERS, **wrong)


# -- groups and domains -----------------------------------------------------------------------


def test_the_index_weighted_by_group() -> None:
    shares = {"huyện A": 30.0, "huyện B": 10.0}
    table = sipas.satisfaction(ANSWERS, group_weights={"district": shares}).table().loc[CODES]
    rates, variance = np.zeros(4), np.zeros(7)
    for k, share in enumerate((0.75, 0.25)):
        own = slice(30 * k, 30 * k + 30)
        scored, weight = top2()[own], WEIGHT[own]
        rate = mean(scored, weight)
        valid = ~np.isnan(scored)
        z = np.where(valid, scored - rate, 0) * weight[:, None] / (weight @ valid)
        towns = (z @ MEAN_OF_DIMENSIONS.T).reshape(3, 10, 7).sum(axis=1)
        rates += share * rate
        variance += share**2 * 3 / 2 * ((towns - towns.mean(axis=0)) ** 2).sum(axis=0)
    np.testing.assert_allclose(table["weighted"], MEAN_OF_DIMENSIONS @ rates, rtol=1e-10)
    np.testing.assert_allclose(table["weighted_se"], np.sqrt(variance), rtol=1e-10)
    close(table, top2(), MEAN_OF_DIMENSIONS)  # the official index is unchanged beside it


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"huyện A": 1.0}, "no weight for 'huyện B'"),
        ({"huyện A": 1.0, "huyện B": 0.0}, "not positive 'huyện B'"),
        ({"huyện A": 1.0, "huyện B": np.nan}, "not positive 'huyện B'"),
        ({"huyện A": 1.0, "huyện B": 1.0, "huyện C": 1.0}, "not in the data 'huyện C'"),
    ],
)
def test_wrong_weights_of_groups_are_named(shares: dict[str, float], said: str) -> None:
    with pytest.raises(SurveyError, match=said):
        sipas.satisfaction(ANSWERS, group_weights={"district": shares})


def test_weights_of_groups_need_one_known_column_and_no_domains() -> None:
    both = {"huyện A": 1.0, "huyện B": 1.0}
    with pytest.raises(SurveyError, match="one column"):
        sipas.satisfaction(ANSWERS, group_weights={"district": both, "gender": both})
    with pytest.raises(SurveyError, match="'distrct'"):
        sipas.satisfaction(ANSWERS, group_weights={"distrct": both})
    with pytest.raises(SurveyError, match="by="):
        sipas.satisfaction(ANSWERS, group_weights={"district": both}, by="gender")


def test_two_columns_make_a_domain_of_each_pair() -> None:
    index = sipas.satisfaction(ANSWERS, by=["gender", "district"])
    table = index.table()
    assert table.index.names == ["code", "gender", "district"]
    assert len(table) == 7 * 4
    first = (SHEET["district"] == "huyện A").to_numpy()
    for gender, own in (("Nam", ~FEMALE), ("Nữ", FEMALE)):
        for district, there in (("huyện A", first), ("huyện B", ~first)):
            inside = own & there
            want = MEAN_OF_DIMENSIONS @ mean(top2(), WEIGHT * inside)
            for code, value in zip(CODES, want, strict=True):
                row = table.loc[(code, gender, district)]
                assert row["estimate"] == pytest.approx(value)
            answered = inside & ~np.isnan(VALUES[:, 0])
            assert table.loc[("S1.1", gender, district), "n"] == answered.sum()
    assert len(index["S2"].table()) == 4


def test_a_domain_keeps_the_whole_design() -> None:
    """A domain's error counts every commune, as in the same index of the whole."""
    row = sipas.satisfaction(ANSWERS, by="gender").table(df=True).loc[("services", "Nữ")]
    kept = np.where(FEMALE[:, None], VALUES, np.nan)
    estimate, se = by_hand(top2(kept), MEAN_OF_DIMENSIONS)
    assert row["estimate"] == pytest.approx(estimate[-1], rel=1e-10)
    assert row["se"] == pytest.approx(se[-1], rel=1e-10)
    assert row["df"] == 4


# -- the design -------------------------------------------------------------------------------


def test_a_design_made_from_these_answers_is_used() -> None:
    given = survey.Design(ANSWERS.data, weights="weight")
    table = sipas.satisfaction(ANSWERS, design=given).table(df=True)
    np.testing.assert_array_equal(table["df"], table["n"] - 1)  # rows are the units
    assert table.loc["services", "estimate"] == pytest.approx(
        by_hand(top2(), MEAN_OF_DIMENSIONS)[0][-1]
    )


def test_a_domain_of_the_design_is_used() -> None:
    inside = ANSWERS.data["gender"] == "Nữ"
    part = ANSWERS.design().domain(inside, label="Nữ")
    got = sipas.satisfaction(ANSWERS, design=part).table(df=True)
    want = sipas.satisfaction(ANSWERS, by="gender").table(df=True).xs("Nữ", level="gender")
    columns = ["estimate", "se", "low", "high", "n", "df", "missing"]
    np.testing.assert_allclose(got.loc[CODES, columns], want.loc[CODES, columns], rtol=1e-10)


@pytest.mark.parametrize("missing", ["item", "listwise"])
def test_a_design_of_other_answers_is_refused(missing: Any) -> None:
    other = sipas.clean(draw(8), FORM)
    assert other.data.index.equals(ANSWERS.data.index)
    with pytest.raises(SurveyError, match="other answers"):
        sipas.satisfaction(ANSWERS, design=other.design(), missing=missing)


def test_a_design_of_fewer_rows_is_refused() -> None:
    fewer = sipas.clean(SHEET.drop(index=[3, 14]), FORM)
    with pytest.raises(SurveyError, match="other answers"):
        sipas.satisfaction(ANSWERS, design=fewer.design())


# -- asking the result ------------------------------------------------------------------------


def test_one_index_by_its_code() -> None:
    index = sipas.satisfaction(ANSWERS)
    assert index["S2"].table()["estimate"].tolist() == [index.table().loc["S2", "estimate"]]
    with pytest.raises(SurveyError, match=r"no index 'S1\.9'.*'S1\.[12]'"):
        index["S1.9"]


def test_leaders_and_raw_sheets_are_sent_elsewhere() -> None:
    raw = pd.DataFrame({"group": ["hdnd", "so", "phong", "huyen"]})
    leaders = sipas.Instrument.load("leaders-2022")
    for item in leaders.items:
        raw[item.code] = 4
    with pytest.raises(SurveyError, match="leader_scores"):
        sipas.satisfaction(sipas.clean(raw, leaders))
    unclean: Any = SHEET
    with pytest.raises(SurveyError, match=r"sipas\.clean"):
        sipas.satisfaction(unclean)


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(SurveyError, match=r"'gendre'.*'gender'"):
        sipas.satisfaction(ANSWERS, by="gendre")


def test_the_answers_are_left_alone() -> None:
    kept = ANSWERS.data.copy()
    sipas.satisfaction(ANSWERS, by=["gender", "district"], missing="listwise", score="mean")
    pd.testing.assert_frame_equal(ANSWERS.data, kept)
