"""Explanations: every step counted by hand from the sheet, under every rule."""

from __future__ import annotations

import importlib
import itertools
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import sipas
import survey
from sipas import datasets, demonstration
from sipas.explaining import Explanation, Step, explain
from sipas.explaining.formulas import Formula, Term
from sipas.sentences import Text
from survey.errors import SurveyError

ROOT = Path(__file__).resolve().parent.parent
FORM = sipas.Instrument.load(datasets.worked_instrument_path())
ITEMS = ["S1.1", "S1.2", "S2.1", "S2.2"]
SHARES = {"huyện A": 3.0, "huyện B": 1.0}


def draw(seed: int = 11) -> pd.DataFrame:
    """Two districts of three communes, weighted, with blanks and don't knows."""
    rng = np.random.default_rng(seed)
    n = 60
    sheet = pd.DataFrame(
        {
            "id": [f"{seed}-{k}" for k in range(n)],
            "district": np.repeat(list(SHARES), 30),
            "commune": np.repeat([f"xã {c}" for c in range(6)], 10),
            "gender": np.tile(["Nam", "Nữ"], 30),
            "weight": rng.integers(1, 6, n) / 2.0,
        }
    )
    for item in ITEMS:
        level = rng.integers(1, 6, n).astype(float)
        level[rng.random(n) < 0.1] = 9
        level[rng.random(n) < 0.1] = np.nan
        sheet[item] = level
    return sheet


SHEET = draw()
ANSWERS = sipas.clean(SHEET, FORM)
VALUES = SHEET[ITEMS].where(SHEET[ITEMS] < 9)


def leaves(why: Explanation) -> list[Step]:
    return [step for step in why.steps if step.level == "answer"]


def bottom_up(step: Step) -> float:
    """The number, from weights and answers alone."""
    if step.level == "answer":
        return step.value
    return sum(under.weight * bottom_up(under) for under in step.steps)


# -- the arithmetic ---------------------------------------------------------------------------


RULES = list(
    itertools.product(("top2", "mean"), ("dimensions", "pooled"), ("item", "listwise"), (0, 1))
)


@pytest.mark.parametrize(("score", "aggregate", "missing", "plain"), RULES)
def test_answers_times_weights_give_the_index(
    score: Any, aggregate: Any, missing: Any, plain: int
) -> None:
    answers = sipas.clean(SHEET.drop(columns="weight"), FORM) if plain else ANSWERS
    index = sipas.satisfaction(answers, score=score, aggregate=aggregate, missing=missing)
    used = VALUES.dropna() if missing == "listwise" else VALUES
    weight = pd.Series(1.0, SHEET.index) if plain else SHEET["weight"]
    for code in index.scheme.codes:
        why = explain(index, code)
        want = index[code]
        assert why.top.value == want.point[0]
        assert bottom_up(why.top) == pytest.approx(want.point[0], abs=1e-10)
        assert why.top.precision is not None
        assert why.top.precision.se == want.se.iloc[0]
        for step in why.steps:
            if step.level != "statement":
                continue
            for answer in step.steps:
                rows = used.index[used[step.code] == int(answer.code)]
                assert answer.counts["n"] == len(rows)
                assert answer.counts["weighted"] == pytest.approx(weight[rows].sum())
            assert step.precision is not None
            assert step.counts["answered"] == used[step.code].count() == step.precision.n
            assert step.counts["satisfied"] == (used[step.code] >= 4).sum()


def test_kinds_of_no_answer_add_up_to_the_forms_asked() -> None:
    why = explain(sipas.satisfaction(ANSWERS), "services")
    counts = ANSWERS.item_counts()
    for step in why.steps:
        if step.level == "statement":
            for name in ("asked", "answered", "blank", "dont_know"):
                assert step.counts[name] == counts.loc[step.code, name]
    assert counts["blank"].gt(0).all()
    assert why.top.counts["asked"] == 240
    assert why.top.counts["dont_know"] == (SHEET[ITEMS] == 9).sum().sum()


def test_listwise_says_how_many_answers_were_set_aside() -> None:
    why = explain(sipas.satisfaction(ANSWERS, missing="listwise"), "S1.1")
    complete = VALUES.notna().all(axis=1)
    aside = (VALUES["S1.1"].notna() & ~complete).sum()
    assert why.top.counts["set_aside"] == aside > 0
    assert f"answered but not used, the form lacks another answer {aside}" in " ".join(
        str(why).split()
    )


def test_pooled_aspects_are_made_of_statements() -> None:
    pooled = explain(sipas.satisfaction(ANSWERS, aggregate="pooled"), "services").top
    assert [step.code for step in pooled.steps] == ITEMS
    assert pooled.formula.in_symbols() == "services = (S1.1 + S1.2 + S2.1 + S2.2) / 4"
    assert [s.code for s in explain(sipas.satisfaction(ANSWERS), "services").top.steps] == [
        "S1",
        "S2",
    ]


def test_a_domain_counts_its_own_rows() -> None:
    index = sipas.satisfaction(ANSWERS, by=["district", "gender"])
    why = explain(index, "S2.1", domain=("huyện B", "Nữ"))
    rows = (SHEET["district"] == "huyện B") & (SHEET["gender"] == "Nữ")
    place = index["S2.1"].labels.get_loc(("S2.1", "huyện B", "Nữ"))
    assert why.top.value == index["S2.1"].point[place]
    assert [s.counts["n"] for s in leaves(why)] == [
        (VALUES.loc[rows, "S2.1"] == level).sum() for level in range(1, 6)
    ]
    assert why.top.counts["asked"] == rows.sum()
    assert why.source.en.endswith("district = huyện B, gender = Nữ")
    assert why.top.precision is not None
    assert (why.top.precision.units, why.top.precision.strata) == (3, 1)
    assert why.top.precision.df == 2


def test_a_restricted_design_leaves_out_the_rows_outside() -> None:
    women = SHEET["gender"].eq("Nữ").to_numpy()
    design = ANSWERS.design().domain(women, label="women")
    why = explain(sipas.satisfaction(ANSWERS, design=design), "S1.1")
    assert why.top.counts["asked"] == 30
    assert "Restricted to: women." in str(why)


def test_group_weights_of_households() -> None:
    index = sipas.satisfaction(ANSWERS, group_weights={"district": SHARES})
    why = explain(index, "S1", weighted=True)
    assert index.weighted is not None
    position = index.scheme.codes.index("S1")
    assert why.top.value == index.weighted.point[position]
    rate = {
        (item, name): 100 * np.average(own.dropna() >= 4, weights=weight[own.notna()])
        for item in ("S1.1", "S1.2")
        for name in SHARES
        for own, weight in [
            (
                VALUES.loc[SHEET["district"] == name, item],
                SHEET.loc[SHEET["district"] == name, "weight"],
            )
        ]
    }
    groups = [step for step in why.steps if step.level == "group"]
    assert [s.value for s in groups] == pytest.approx(list(rate.values()))
    assert [s.weight for s in groups] == [0.75, 0.25, 0.75, 0.25]
    assert bottom_up(why.top) == pytest.approx(why.top.value, abs=1e-10)
    assert "weighted by district" in why.source.en
    assert "Groups are combined with weights W" in str(why)
    assert "(weighted=True)" in explain(index, "S1").notes[-1].en
    number = f"{index.weighted.point[position]:.2f}"
    assert number in explain(index, "S1").notes[-1].en


def test_policy_weight() -> None:
    index = sipas.satisfaction(demonstration.households(2022), policy_weight=0.25)
    why = explain(index, "sipas").top
    assert [(s.code, s.weight) for s in why.steps] == [("services", 0.75), ("policy", 0.25)]
    assert why.formula.with_numbers(lang="vi").startswith("0,75 × 79,56 + 0,25 × ")
    alone = explain(sipas.satisfaction(index.answers, policy_weight=1.0), "sipas").top
    assert [s.code for s in alone.steps] == ["policy"]
    assert bottom_up(alone) == pytest.approx(alone.value, abs=1e-10)


def test_items_in_reverse_count_their_low_answers() -> None:
    turned = replace(FORM, items=tuple(replace(i, reverse=i.code == "S1.1") for i in FORM.items))
    index = sipas.satisfaction(sipas.clean(SHEET.drop(columns="weight"), turned))
    why = explain(index, "S1.1")
    assert why.top.formula.in_symbols() == "S1.1 = 100 × (n1 + n2) / n"
    low = (VALUES["S1.1"] <= 2).sum()
    assert why.top.counts["satisfied"] == low
    assert why.top.value == pytest.approx(100 * low / VALUES["S1.1"].count())
    assert "Worded in reverse, low answers being the good ones: S1.1." in str(why)
    assert "reverse" not in str(explain(index, "S2"))


def test_replicate_weights() -> None:
    design = survey.as_replicates(ANSWERS.design(), "JKn")
    why = explain(sipas.satisfaction(ANSWERS, design=design), "S1")
    assert "replicates 6;" in str(why)
    assert bottom_up(why.top) == pytest.approx(why.top.value, abs=1e-10)


# -- leaders ----------------------------------------------------------------------------------


SHIPPED = sipas.Instrument.load("leaders-2022")
GROUPS = ["hdnd", "huyen", "phong", "so"]
A, B, C = (SHIPPED.index_items[k].code for k in (0, 1, 4))
SMALL = replace(
    SHIPPED,
    items=tuple(
        replace(item, max_points=points, groups=("so", "phong") if item.code == B else ())
        for item, points in zip(
            (SHIPPED.index_items[k] for k in (0, 1, 4)), (1.0, 3.0, 4.0), strict=True
        )
    ),
    dimensions=tuple(part for part in SHIPPED.dimensions if part.code in {"D2", "D4"}),
)


def leader_sheet() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    made = pd.DataFrame({"group": np.repeat(GROUPS, [3, 4, 6, 5])})
    for code in (A, B, C):
        made[code] = rng.integers(1, 6, len(made)).astype(float)
    made.loc[[4, 9], A] = 9
    made.loc[made["group"].isin(["hdnd", "huyen"]), B] = np.nan
    return made


def test_leader_scores_through_their_groups() -> None:
    sheet = leader_sheet()
    sent = {"hdnd": 5, "huyen": 8, "phong": 12, "so": 5}
    weights = {"hdnd": 20.0, "huyen": 10.0, "phong": 30.0, "so": 40.0}
    scores = sipas.leader_scores(sipas.clean(sheet, SMALL, sent=sent), group_weights=weights)
    why = explain(scores, "total")
    assert why.top.value == scores["total"].point[0]
    assert bottom_up(why.top) == pytest.approx(why.top.value, abs=1e-10)
    assert why.top.formula.in_symbols() == "total = (M[D2] × D2 + M[D4] × D4) / M[total]"
    assert why.top.formula.divisor == 8.0
    assert why.top.points is not None
    assert why.top.points.value == pytest.approx(scores.points.point[-1], abs=1e-10)
    asked_of_two = next(step for step in why.steps if step.code == B)
    assert {s.code: s.weight for s in asked_of_two.steps} == pytest.approx(
        {"phong": 3 / 7, "so": 4 / 7}
    )
    assert asked_of_two.counts["not_applicable"] == 7
    for group in asked_of_two.steps:
        given = sheet.loc[sheet["group"] == group.code, B]
        assert group.value == pytest.approx(25.0 * (given - 1).mean())
    item_a = next(step for step in why.steps if step.code == A)
    assert sum(s.counts["dont_know"] for s in item_a.steps) == 2


def test_a_group_of_leaders_by_its_name() -> None:
    answers = sipas.clean(leader_sheet(), SMALL)
    scores = sipas.leader_scores(answers, group_weights="equal")
    so = explain(scores, "so")
    assert so.top.value == scores.groups.estimate[("total", "so")]
    assert bottom_up(so.top) == pytest.approx(so.top.value, abs=1e-10)
    assert so.top.value == explain(scores, "total", domain="so").top.value
    assert so.top.counts["asked"] == 15
    # two groups were not asked one item: their totals are not known, and say so
    lacking = explain(scores, "hdnd").top
    assert np.isnan(lacking.value)
    assert "total  Total: – %" in str(explain(scores, "hdnd"))


def test_a_group_that_weighs_nothing_is_shown_all_the_same() -> None:
    answers = sipas.clean(leader_sheet(), SMALL)
    weights = {"hdnd": 0.0, "huyen": 0.2, "phong": 0.3, "so": 0.5}
    why = explain(sipas.leader_scores(answers, group_weights=weights), A)
    assert {s.code: s.weight for s in why.top.steps} == pytest.approx(weights)
    assert why.top.formula.with_numbers().startswith("0 × ")
    assert sum(s.counts["asked"] for s in why.top.steps) == why.top.counts["asked"]


def test_the_published_leader_total() -> None:
    scores = sipas.leader_scores(
        demonstration.leaders(2022), group_weights=demonstration.LEADER_WEIGHTS
    )
    text = explain(scores, "total").text("vi", depth=0)
    assert "total  Tổng điểm: 79,16 %" in text
    assert "= 22 × 79,16 / 100" in text
    assert "= 17,42" in text


# -- numbers that do not hold -----------------------------------------------------------------


def test_arithmetic_that_does_not_give_the_number_is_refused() -> None:
    index = sipas.satisfaction(ANSWERS)
    moved = replace(index.estimates, point=index.estimates.point + 2e-9)
    with pytest.raises(SurveyError, match=r"S1\.1 was computed as .* but its parts give"):
        explain(replace(index, estimates=moved), "S1")
    nearly = replace(index.estimates, point=index.estimates.point + 1e-11)
    explain(replace(index, estimates=nearly), "S1")


def test_answers_that_do_not_add_up_to_the_forms_are_refused() -> None:
    reasons = ANSWERS.reasons.copy()
    reasons.loc[reasons.index[VALUES["S1.1"].isna()][0], "S1.1"] = ""
    index = sipas.satisfaction(replace(ANSWERS, reasons=reasons))
    with pytest.raises(SurveyError, match=r"answers to 'S1\.1' do not add up"):
        explain(index, "S1")


# -- what is refused --------------------------------------------------------------------------


INDEX = sipas.satisfaction(ANSWERS)
PLACES = sipas.satisfaction(ANSWERS, by="district")


@pytest.mark.parametrize(
    ("index", "arguments", "said"),
    [
        (INDEX, {"code": "S1.9"}, r"no index 'S1\.9'.*Did you mean 'S1\.2'"),
        (INDEX, {"code": "S1", "domain": "huyện A"}, "has no domains"),
        (INDEX, {"code": "S1", "weighted": True}, "not weighted by group"),
        (INDEX, {"code": "S1", "level": 95}, "level"),
        (PLACES, {"code": "S1"}, r"by district\. Choose one of 'huyện A', 'huyện B'"),
        (PLACES, {"code": "S1", "domain": "huyen A"}, "no domain 'huyen A'.*Did you mean"),
        (ANSWERS, {"code": "S1"}, "got a Answers"),
    ],
)
def test_refusals(index: Any, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(SurveyError, match=said):
        explain(index, **arguments)


def test_refusals_of_leaders() -> None:
    scores = sipas.leader_scores(sipas.clean(leader_sheet(), SMALL), group_weights="equal")
    with pytest.raises(SurveyError, match="always weighted"):
        explain(scores, "total", weighted=True)
    with pytest.raises(SurveyError, match="'so' is a group"):
        explain(scores, "so", domain="phong")
    with pytest.raises(SurveyError, match="no domain 'sở'"):
        explain(scores, "total", domain="sở")


def test_refusals_of_what_is_shown() -> None:
    why = explain(INDEX, "S1")
    language: Any = "fr"
    for call in (why.text, why.html):
        with pytest.raises(SurveyError, match="lang"):
            call(language)
    with pytest.raises(SurveyError, match="decimals"):
        why.table(decimals=-1)
    with pytest.raises(SurveyError, match="depth"):
        why.text(depth=-1)


# -- how it is shown --------------------------------------------------------------------------


def test_the_table_has_a_row_a_step_that_adds_up() -> None:
    table = explain(INDEX, "services").table(lang="vi")
    assert len(table) == 1 + 2 + 4 * 6
    beneath = table[table["level"] != "answer"].index
    for place in beneath:
        own = table[table.index.str.match(rf"{place.replace('.', chr(92) + '.')}\.\d+$")]
        total = (own["weight"] * own["estimate"]).sum()
        assert total == pytest.approx(table.loc[place, "estimate"], abs=1e-10)
    names = list(table.columns)
    assert names[names.index("estimate") :][:5] == ["estimate", "se", "low", "high", "n"]
    want = INDEX.table().loc["services", ["estimate", "se", "low", "high", "n"]]
    pd.testing.assert_series_equal(
        table.loc["1", want.index], want, check_names=False, check_dtype=False
    )
    assert table.loc["1.1.1", "formula"] == "S1.1 = 100 × (w4 + w5) / w"
    assert "points" not in table


def test_other_languages_and_decimals() -> None:
    why = explain(INDEX, "S1.1", level=0.9)
    assert f"{why.top.value:.4f}".replace(".", ",") in why.text("vi", decimals=4)
    assert "khoảng tin cậy 90 %" in why.text()
    assert "90 % interval" in repr(why) == str(why)
    assert "tổng trọng số" in why.text("vi")
    assert "Speaks of: " in str(why)


def test_long_formulas_break_between_terms() -> None:
    index = sipas.satisfaction(demonstration.households(2022), aggregate="pooled")
    why = explain(index, "services")
    lines = why.text("vi", depth=0).split("\n")
    assert max(map(len, lines)) <= 100
    start = next(k for k, line in enumerate(lines) if "services = (" in line)
    assert lines[start + 1].index("+") == lines[start].index("(")
    joined = " ".join(" ".join(lines).split())
    assert why.top.formula.in_symbols(lang="vi") in joined
    assert why.top.formula.with_numbers(lang="vi") in joined


def test_a_dimension_of_one_statement_is_that_statement() -> None:
    index = sipas.satisfaction(demonstration.households(2022))
    lines = [line.strip() for line in explain(index, "P1").text("en", depth=0).split("\n")]
    start = lines.index("P1 = P1.1")
    assert lines[start + 1] == f"= {index['P1'].point[0]:.2f}"
    assert lines[start + 2].startswith("standard error")


def test_depth_says_what_it_leaves_out() -> None:
    why = explain(INDEX, "services")
    assert "(26 more steps beneath)" in why.text("en", depth=0)
    one = why.text("en", depth=1)
    assert one.count("(12 more steps beneath)") == 2
    assert "S1.1" not in one.replace("S1.1 +", "").replace("(S1.1", "")
    assert why.text("en", depth=2) == why.text("en")


def test_html_is_whole_escaped_and_prints_unfolded() -> None:
    evil = Text("<script>alert(1)</script>", "<script>alert(1)</script>")
    form = replace(
        FORM, items=tuple(replace(i, text=evil, short=evil) for i in FORM.items), title=evil
    )
    sheet = SHEET.replace({"district": {"huyện A": "<b>A & B</b>"}})
    index = sipas.satisfaction(sipas.clean(sheet, form), by="district")
    why = explain(index, "services", domain="<b>A & B</b>")
    for page in (why.html("vi"), why._repr_html_()):
        assert "<script" not in page
        tree = ElementTree.fromstring(page.replace("<br>", "<br/>").replace(" open", ' open=""'))
        assert len(list(tree.iter("details"))) == 1 + 2 + 4
        assert len(list(tree.iter("table"))) == 4
        assert all(len(heading) == 0 for heading in tree.iter("b"))
    assert why.html().count("<details open") == 7
    assert why._repr_html_().count("<details open") == 1


def test_formulas_write_counts_rates_and_weights_each_in_their_way() -> None:
    counts = Formula("S", (Term("n4", 1234.0), Term("n5", 75.0)), 1500.0, "n", 100.0, counts=True)
    assert counts.with_numbers(lang="vi") == "100 × (1.234 + 75) / 1.500"
    rates = Formula("S", (Term("a", 75.0, 0.125, "W[a]"), Term("b", 100.0, 0.875, "W[b]")))
    assert rates.in_symbols() == "S = W[a] × a + W[b] × b"
    assert rates.with_numbers() == "0.125 × 75.00 + 0.875 × 100.00"
    assert np.isnan(Formula("S", (Term("n4", 0.0),), 0.0, "n").value)


def test_the_answers_are_not_changed() -> None:
    before = ANSWERS.data.copy()
    explain(INDEX, "services").html()
    pd.testing.assert_frame_equal(ANSWERS.data, before)


# -- the page ---------------------------------------------------------------------------------


def test_the_page_is_what_the_script_writes() -> None:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        script = importlib.import_module("make_explain")
    finally:
        sys.path.remove(str(ROOT / "docs"))
    assert (ROOT / "docs" / "explain.md").read_text(encoding="utf-8") == script.page()
    for why, _ in script.explained().values():
        assert bottom_up(why.top) == pytest.approx(why.top.value, abs=1e-10)
