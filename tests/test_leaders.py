"""Leader scores of a small questionnaire, groups combined and errors computed by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sipas
import survey
from survey.errors import SurveyError

SHIPPED = sipas.Instrument.load("leaders-2022")
GROUPS = [group.code for group in SHIPPED.groups]
D2 = [item for item in SHIPPED.index_items if item.dimension == "D2"][:2]
D4 = next(item for item in SHIPPED.index_items if item.dimension == "D4")
A, B, C = (item.code for item in (*D2, D4))
MAXIMA = {A: 1.0, B: 3.0, C: 4.0}
#: Asked of two groups only.
ASKED = {A: (), B: ("so", "phong"), C: ()}
FORM = replace(
    SHIPPED,
    items=tuple(
        replace(item, max_points=MAXIMA[item.code], groups=ASKED[item.code]) for item in (*D2, D4)
    ),
    dimensions=tuple(part for part in SHIPPED.dimensions if part.code in {"D2", "D4"}),
)
SIZES = {"hdnd": 3, "so": 5, "phong": 6, "huyen": 4}
SENT = {"hdnd": 5, "so": 5, "phong": 12, "huyen": 8}
WEIGHTS = {"hdnd": 25.0, "so": 40.0, "phong": 30.0, "huyen": 5.0}
#: Levels 1 to 5, 9 for don't know; None where the group was not asked.
LEVELS: dict[str, dict[str, list[int | None]]] = {
    "hdnd": {A: [5, 4, 9], B: [None] * 3, C: [3, 4, 5]},
    "so": {A: [2, 3, 4, 4, 5], B: [5, 5, 4, 9, 3], C: [1, 2, 2, 4, 5]},
    "phong": {A: [9, 9, 3, 4, 5, 2], B: [1, 2, 3, 4, 4, 5], C: [5, 5, 4, 4, 3, 9]},
    "huyen": {A: [1, 1, 2, 5], B: [None] * 4, C: [4, 4, 5, 3]},
}


def sheet(form: dict[str, dict[str, list[int | None]]] = LEVELS) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"group": group, **{code: form[group][code] for code in (A, B, C)}})
        for group in GROUPS
    ]
    made = pd.concat(parts, ignore_index=True)
    return made.astype({code: "float64" for code in (A, B, C)})


def answers(sent: Any = SENT, form: Any = LEVELS) -> sipas.Answers:
    return sipas.clean(sheet(form), FORM, sent=sent)


def rate(group: str, code: str) -> float:
    """Mean share of the maximum in per cent; level 1 earns nothing and level 5 all."""
    given = [25.0 * (x - 1) for x in LEVELS[group][code] if x is not None and x != 9]
    return float(np.mean(given))


def rates(weights: dict[str, float]) -> dict[str, float]:
    """Rate of each code, the weights renormalised over the groups asked."""
    made = {}
    for code in (A, B, C):
        asked = ASKED[code] or tuple(GROUPS)
        whole = sum(weights[group] for group in asked)
        made[code] = sum(weights[group] / whole * rate(group, code) for group in asked)
    made["D2"] = (made[A] * 1 + made[B] * 3) / 4
    made["D4"] = made[C]
    made["total"] = (made[A] * 1 + made[B] * 3 + made[C] * 4) / 8
    return made


def check(scores: sipas.LeaderScores, weights: dict[str, float]) -> None:
    for code, want in rates(weights).items():
        assert scores[code].point[0] == pytest.approx(want, rel=1e-12)


# -- weights of the groups --------------------------------------------------------------------


def test_equal_weights_are_those_of_the_groups_present() -> None:
    check(sipas.leader_scores(answers(), group_weights="equal"), dict.fromkeys(GROUPS, 1.0))
    kept = sheet()[lambda s: s["group"] != "hdnd"]
    three = sipas.leader_scores(sipas.clean(kept, FORM), group_weights="equal")
    want = np.mean([rate(group, C) for group in GROUPS[1:]])
    assert three[C].point[0] == pytest.approx(want)


def test_respondents_weigh_by_forms_used() -> None:
    check(
        sipas.leader_scores(answers(), group_weights="respondents"),
        {group: float(size) for group, size in SIZES.items()},
    )


def test_the_population_weighs_by_forms_sent() -> None:
    check(
        sipas.leader_scores(answers(), group_weights="population"),
        {group: float(count) for group, count in SENT.items()},
    )


@pytest.mark.parametrize("sent", [None, 30])
def test_the_population_needs_the_forms_sent_to_each_group(sent: Any) -> None:
    with pytest.raises(SurveyError, match=r"not known.*sent="):
        sipas.leader_scores(answers(sent), group_weights="population")


def test_per_cent_and_shares_are_the_same_weights() -> None:
    check(sipas.leader_scores(answers(), group_weights=WEIGHTS), WEIGHTS)
    shares = {group: weight / 100 for group, weight in WEIGHTS.items()}
    check(sipas.leader_scores(answers(), group_weights=shares), WEIGHTS)


def test_an_item_asked_of_some_groups_shares_out_their_weights() -> None:
    scores = sipas.leader_scores(answers(), group_weights=WEIGHTS)
    assert scores.weights[B].to_dict() == pytest.approx(
        {"hdnd": 0.0, "so": 4 / 7, "phong": 3 / 7, "huyen": 0.0}
    )
    assert scores.weights[A].to_dict() == pytest.approx({g: w / 100 for g, w in WEIGHTS.items()})
    assert scores[B].point[0] == pytest.approx((4 * rate("so", B) + 3 * rate("phong", B)) / 7)


def table_of_weights() -> pd.DataFrame:
    own = {A: [0.1, 0.2, 0.3, 0.4], B: [0.1, 0.6, 0.2, 0.1], C: [70, 10, 10, 10]}
    return pd.DataFrame(own, index=GROUPS)


def test_a_table_weighs_each_item_on_its_own() -> None:
    scores = sipas.leader_scores(answers(), group_weights=table_of_weights())
    want = {
        A: np.dot([0.1, 0.2, 0.3, 0.4], [rate(group, A) for group in GROUPS]),
        B: 0.75 * rate("so", B) + 0.25 * rate("phong", B),
        C: np.dot([0.7, 0.1, 0.1, 0.1], [rate(group, C) for group in GROUPS]),
    }
    for code, value in want.items():
        assert scores[code].point[0] == pytest.approx(value)
    assert scores["total"].point[0] == pytest.approx((want[A] + 3 * want[B] + 4 * want[C]) / 8)


def test_the_order_of_a_table_does_not_matter() -> None:
    one = sipas.leader_scores(answers(), group_weights=table_of_weights())
    other = sipas.leader_scores(answers(), group_weights=table_of_weights().iloc[::-1, ::-1])
    np.testing.assert_array_equal(one.estimates.point, other.estimates.point)


@pytest.mark.parametrize("unit", [0.01, 1.0])
def test_weights_that_do_not_add_up_say_their_sum(unit: float) -> None:
    off = {group: unit * weight for group, weight in WEIGHTS.items()} | {"so": unit * 25}
    with pytest.raises(SurveyError, match=f"add up to {85 * unit:g}"):
        sipas.leader_scores(answers(), group_weights=off)


def test_a_table_that_does_not_add_up_names_the_item() -> None:
    off = table_of_weights()
    off.loc["so", B] = 0.45
    with pytest.raises(SurveyError, match=r"add up to 0\.85") as caught:
        sipas.leader_scores(answers(), group_weights=off)
    assert repr(B) in str(caught.value)
    assert repr(A) not in str(caught.value)


def test_unknown_groups_and_items_are_named() -> None:
    with pytest.raises(SurveyError, match=r"no such group.*'tinh'"):
        sipas.leader_scores(answers(), group_weights={**WEIGHTS, "tinh": 0.0})
    with pytest.raises(SurveyError, match=r"'L9\.9'"):
        sipas.leader_scores(answers(), group_weights=table_of_weights().assign(**{"L9.9": 0.25}))


@pytest.mark.parametrize("wrong", [None, -5.0, np.nan])
def test_a_group_without_a_proper_weight_is_named(wrong: float | None) -> None:
    given = {group: weight for group, weight in WEIGHTS.items() if group != "huyen"}
    if wrong is not None:
        given = {**given, "huyen": wrong, "so": 40.0 + (5.0 - wrong if wrong == wrong else 5.0)}
    with pytest.raises(SurveyError, match="missing or negative for 'huyen'"):
        sipas.leader_scores(answers(), group_weights=given)


def test_an_unknown_preset_is_refused() -> None:
    wrong: Any = "equall"
    with pytest.raises(SurveyError, match=r"'equall'.*'equal'"):
        sipas.leader_scores(answers(), group_weights=wrong)


# -- blanks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", [None, SENT])
def test_an_item_that_a_whole_group_left_blank_is_named_with_the_group(sent: Any) -> None:
    blank = {**LEVELS, "huyen": {**LEVELS["huyen"], A: [9, None, 9, 9]}}
    with pytest.raises(SurveyError) as caught:
        sipas.leader_scores(answers(sent, blank), group_weights=WEIGHTS)
    assert A in str(caught.value)
    assert "huyen" in str(caught.value)
    assert C not in str(caught.value)


def test_a_table_without_that_group_mends_it() -> None:
    blank = {**LEVELS, "huyen": {**LEVELS["huyen"], A: [9, None, 9, 9]}}
    table = pd.DataFrame(dict.fromkeys((A, B, C), pd.Series(WEIGHTS)))
    table[A] = [0.5, 0.3, 0.2, 0.0]
    scores = sipas.leader_scores(answers(form=blank), group_weights=table)
    want = 0.5 * rate("hdnd", A) + 0.3 * rate("so", A) + 0.2 * rate("phong", A)
    assert scores[A].point[0] == pytest.approx(want)
    assert scores[A].se.iloc[0] > 0
    assert np.isfinite(scores["total"].se.iloc[0])


def test_an_item_whose_groups_all_weigh_nothing_is_refused_by_name() -> None:
    none = {"hdnd": 60.0, "so": 0.0, "phong": 0.0, "huyen": 40.0}
    with pytest.raises(SurveyError) as caught:
        sipas.leader_scores(answers(), group_weights=none)
    assert B in str(caught.value)


def test_numbers_answering_and_blank() -> None:
    table = sipas.leader_scores(answers(), group_weights=WEIGHTS).group_table()
    assert table.loc[(A, "phong"), ["n", "missing"]].tolist() == [4, 2]
    assert table.loc[(C, "hdnd"), ["n", "missing"]].tolist() == [3, 0]
    assert table.loc[(A, "huyen"), "estimate"] == pytest.approx(rate("huyen", A))


# -- errors -----------------------------------------------------------------------------------


def variance(group: str, code: str, *, whole: int | None) -> float:
    """(1 − n/N) s²/n over those who answered the item; without N, s²/n."""
    y = np.array([25.0 * (x - 1) for x in LEVELS[group][code] if x is not None and x != 9])
    left = 1.0 if whole is None else 1.0 - len(y) / whole
    return float(left * y.var(ddof=1) / len(y))


def test_those_who_answered_are_a_sample_of_their_group() -> None:
    scores = sipas.leader_scores(answers(), group_weights=WEIGHTS)
    for code in (A, C):
        want = sum(
            (WEIGHTS[group] / 100) ** 2 * variance(group, code, whole=SENT[group])
            for group in GROUPS
        )
        assert scores[code].se.iloc[0] == pytest.approx(np.sqrt(want), rel=1e-10)
    pair = sum(
        (share / 7) ** 2 * variance(group, B, whole=SENT[group])
        for group, share in (("so", 4), ("phong", 3))
    )
    assert scores[B].se.iloc[0] == pytest.approx(np.sqrt(pair), rel=1e-10)
    one = scores.groups.se.loc[(A, "phong")]
    assert one == pytest.approx(np.sqrt(variance("phong", A, whole=12)), rel=1e-10)


def test_a_group_that_all_answered_has_no_error_and_one_blank_brings_it_back() -> None:
    scores = sipas.leader_scores(answers(), group_weights=WEIGHTS)
    assert SENT["so"] == SIZES["so"]
    assert scores.groups.se.loc[(C, "so")] == pytest.approx(0.0, abs=1e-10)
    want = np.sqrt((1 - 4 / 5) * variance("so", B, whole=None))
    assert scores.groups.se.loc[(B, "so")] == pytest.approx(want, rel=1e-10)


@pytest.mark.parametrize("unknown", [True, False])
def test_without_forms_sent_or_for_a_wider_population_there_is_no_correction(
    unknown: bool,
) -> None:
    given = answers(None) if unknown else answers()
    scores = sipas.leader_scores(given, group_weights=WEIGHTS, superpopulation=not unknown)
    want = sum((WEIGHTS[g] / 100) ** 2 * variance(g, C, whole=None) for g in GROUPS)
    assert scores[C].se.iloc[0] == pytest.approx(np.sqrt(want), rel=1e-10)


def test_the_error_of_the_total_knows_that_one_leader_answers_several_items() -> None:
    scores = sipas.leader_scores(answers(), group_weights=WEIGHTS)
    share = {group: WEIGHTS[group] / 100 for group in GROUPS}
    own = {A: share, B: {"so": 4 / 7, "phong": 3 / 7}, C: share}
    want = 0.0
    for group in GROUPS:
        z = np.zeros(SIZES[group])
        for code in (A, B, C):
            if group not in own[code]:
                continue
            y = np.array(
                [np.nan if x in (None, 9) else 25.0 * (x - 1) for x in LEVELS[group][code]],
                dtype=float,
            )
            n = int((~np.isnan(y)).sum())
            scale = np.sqrt((1 - n / SENT[group]) * n / (n - 1)) / n
            z += MAXIMA[code] / 8 * own[code][group] * scale * np.nan_to_num(y - np.nanmean(y))
        want += (z**2).sum()
    assert scores["total"].se.iloc[0] == pytest.approx(np.sqrt(want), rel=1e-10)


# -- points -----------------------------------------------------------------------------------


def test_points_are_the_maximum_times_the_rate() -> None:
    scores = sipas.leader_scores(answers(), group_weights=WEIGHTS)
    table = scores.table()
    most = {**MAXIMA, "D2": 4.0, "D4": 4.0, "total": 8.0}
    assert table["max_points"].to_dict() == most
    for code, value in rates(WEIGHTS).items():
        row = table.loc[code]
        assert row["rate"] == pytest.approx(value)
        assert row["estimate"] == pytest.approx(most[code] * value / 100)
        assert row["se"] == pytest.approx(most[code] * scores[code].se.iloc[0] / 100)
        assert row["estimate"] == pytest.approx(scores.points.estimate[code])
    parts = table.loc[[A, B, C], "estimate"].sum()
    assert table.loc["total", "estimate"] == pytest.approx(parts)


def test_a_reversed_item_is_turned_round() -> None:
    turned = replace(FORM, items=tuple(replace(i, reverse=i.code == C) for i in FORM.items))
    scores = sipas.leader_scores(sipas.clean(sheet(), turned), group_weights=WEIGHTS)
    assert scores[C].point[0] == pytest.approx(100 - rates(WEIGHTS)[C])
    assert scores[A].point[0] == pytest.approx(rates(WEIGHTS)[A])


# -- refusals ---------------------------------------------------------------------------------


def test_a_design_of_other_answers_is_refused() -> None:
    other = {**LEVELS, "so": {**LEVELS["so"], C: [5, 5, 5, 5, 4]}}
    with pytest.raises(SurveyError, match="other answers"):
        sipas.leader_scores(answers(), group_weights="equal", design=answers(form=other).design())


def test_a_design_of_these_answers_is_used() -> None:
    given = answers()
    design = survey.Design(given.data, strata="group")
    one = sipas.leader_scores(given, group_weights=WEIGHTS, design=design)
    other = sipas.leader_scores(given, group_weights=WEIGHTS, superpopulation=True)
    np.testing.assert_allclose(one.estimates.se, other.estimates.se, rtol=1e-12)


def test_households_and_raw_sheets_are_sent_elsewhere() -> None:
    households = sipas.Instrument.load("sipas-2021")
    raw = pd.DataFrame({"id": ["1", "2"], "district": "huyện A", "commune": ["xã 1", "xã 2"]})
    for item in households.items:
        raw[item.code] = 4
    with pytest.raises(SurveyError, match=r"sipas\.satisfaction"):
        sipas.leader_scores(sipas.clean(raw, households), group_weights="equal")
    unclean: Any = sheet()
    with pytest.raises(SurveyError, match=r"sipas\.clean"):
        sipas.leader_scores(unclean, group_weights="equal")


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(SurveyError, match="no score 'D9'"):
        sipas.leader_scores(answers(), group_weights="equal")["D9"]
