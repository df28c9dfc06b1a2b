"""Points split by what was answered and by what was asked: by hand, from print, from answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sipas
from sipas import datasets
from sipas.instrument_effects import InstrumentEffect, instrument_effect
from survey.errors import SurveyError, SurveyWarning

PARTS = ["rate", "maxima", "added", "dropped"]
WEIGHTS = {"hdnd": 25.0, "so": 40.0, "phong": 30.0, "huyen": 5.0}


def printed(points: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """A table of code: (maximum, points)."""
    rows = [(code, *pair) for code, pair in points.items()]
    return pd.DataFrame(rows, columns=["code", "max_points", "points"])


OLD = printed({"A": (1.0, 0.8), "B": (2.0, 1.0), "C": (1.0, 0.9)})
NEW = printed({"A": (1.0, 0.7), "B": (1.0, 0.6), "D": (3.0, 1.5)})


@pytest.fixture(scope="module")
def hue() -> pd.DataFrame:
    return datasets.load_published("hue_leader_items")


@pytest.fixture(scope="module")
def leaders() -> list[sipas.Answers]:
    return [
        sipas.clean(datasets.load_hue_leaders(year), f"leaders-{year}") for year in (2021, 2022)
    ]


@pytest.fixture(scope="module")
def answered(leaders: list[sipas.Answers]) -> InstrumentEffect:
    return instrument_effect(*leaders, group_weights=WEIGHTS)


def test_four_items_worked_by_hand() -> None:
    made = instrument_effect(OLD, NEW)
    # A: kept, rate .8 to .7; B: rate .5 to .6 and maximum 2 to 1; C dropped; D added
    want = {"rate": -0.1 + 1.5 * 0.1, "maxima": 0.55 * -1.0, "added": 1.5, "dropped": -0.9}
    parts = made.parts()["estimate"]
    for part, points in want.items():
        assert parts[part] == pytest.approx(points, abs=1e-12)
    assert made.total == pytest.approx(2.8 - 2.7, abs=1e-12)
    assert made.items["kind"].to_dict() == {
        "A": "kept",
        "B": "rescaled",
        "C": "dropped",
        "D": "added",
    }
    assert made.common_rate_change == pytest.approx((-10.0 * 1 + 10.0 * 1) / 2)
    assert made.parts()["se"].isna().all()


def test_the_fall_of_086_points_in_print(hue: pd.DataFrame) -> None:
    made = instrument_effect(*(hue[hue["year"] == year] for year in (2021, 2022)))
    assert (made.items["kind"].isin(["kept", "rescaled"])).sum() == 17
    assert round(made.total, 2) == -0.86
    assert made.parts().loc[PARTS, "estimate"].sum() == pytest.approx(made.total, abs=1e-9)
    items = hue[hue["level"] == "item"].groupby("year")["points"].sum()
    assert made.total == pytest.approx(items[2022] - items[2021], abs=1e-9)
    assert round(made.common_rate_change, 2) == 1.46
    assert made.parts()["estimate"].round(2).to_dict() == {
        "rate": 0.31,
        "maxima": -1.97,
        "added": 4.09,
        "dropped": -3.29,
        "change": -0.86,
    }


def test_printed_contradictions_are_named_and_printed_rounding_is_not(hue: pd.DataFrame) -> None:
    notes = instrument_effect(*(hue[hue["year"] == year] for year in (2021, 2022))).notes
    assert len(notes) == 2
    assert "L4.4 66.67 (points give 75.33)" in notes[0]
    assert "L5.9 66.69 (points give 66.96)" in notes[1]
    total = pd.DataFrame(
        {"code": ["D0"], "max_points": [4.0], "points": [2.55], "level": ["total"]}
    )
    told = instrument_effect(pd.concat([OLD.assign(level="item"), total]), NEW).notes
    assert "2.55" in told[0]
    assert "2.7000" in told[0]


def test_answers_agree_with_print_within_its_rounding(
    hue: pd.DataFrame, answered: InstrumentEffect
) -> None:
    read = instrument_effect(*(hue[hue["year"] == year] for year in (2021, 2022)))
    # items of 2021 are printed to 0.005, those of 2022 to 0.00005
    assert abs(answered.total - read.total) < 21 * 0.005 + 22 * 0.00005
    both = answered.table()["estimate"], read.table()["estimate"]
    items = answered.items.index
    assert (both[0][items] - both[1][items]).abs().max() < 0.0051
    assert round(answered.total, 2) == -0.86
    assert answered.common_rate_change == pytest.approx(read.common_rate_change, abs=0.34)


def test_rate_change_and_errors_are_those_of_the_linked_comparison(
    leaders: list[sipas.Answers], answered: InstrumentEffect
) -> None:
    row = sipas.compare(*leaders, link="items", group_weights=WEIGHTS).table().loc["total"]
    assert answered.common is not None
    assert answered.common_rate_change == pytest.approx(row["estimate"], abs=1e-9)
    assert answered.common.se.iloc[0] == pytest.approx(row["se"], rel=1e-9)
    scores = [sipas.leader_scores(year, group_weights=WEIGHTS) for year in leaders]
    points = [year.points for year in scores]
    at = [list(year.scheme.codes).index("total") for year in scores]
    want = points[1].point[at[1]] - points[0].point[at[0]]
    assert answered.total == pytest.approx(want, abs=1e-9)
    error = np.hypot(points[0].se.iloc[at[0]], points[1].se.iloc[at[1]])  # no ids: independent
    assert answered.parts().loc["change", "se"] == pytest.approx(error, rel=1e-9)
    from_scores = instrument_effect(*scores)
    pd.testing.assert_frame_equal(from_scores.parts(), answered.parts())


def test_error_of_an_added_item_is_that_of_its_points(
    leaders: list[sipas.Answers], answered: InstrumentEffect
) -> None:
    later = sipas.leader_scores(leaders[1], group_weights=WEIGHTS).table()
    row = answered.parts("L4.2")
    assert row.loc["added", "se"] == pytest.approx(later.loc["L4.2", "se"], rel=1e-9)
    assert row.loc["rate", "se"] == 0.0
    assert np.isnan(row.loc["rate", "low"])


def test_every_level_of_the_table_adds_up(answered: InstrumentEffect) -> None:
    table = answered.table()
    np.testing.assert_allclose(table[PARTS].sum(axis=1), table["estimate"], atol=1e-9)
    columns = ["estimate", *PARTS, "max_before", "max_after", "points_before", "points_after"]
    for level in ("statement", "dimension", "kind"):
        sums = table.loc[table["level"] == level, columns].sum()
        np.testing.assert_allclose(sums, table.loc["total", columns].astype(float), atol=1e-9)
    assert table.loc["D7", "label"] == answered.table(lang="en").loc["D7", "label"]
    assert table.loc["total", ["max_before", "max_after"]].tolist() == [23.5, 22.0]


POINTS = st.dictionaries(
    st.sampled_from("ABCDEF"),
    st.tuples(st.integers(1, 8), st.integers(0, 100)),
    min_size=2,
)


@settings(max_examples=12, deadline=None)
@given(POINTS, POINTS)
def test_parts_close_mirror_and_mind_no_order(
    old: dict[str, tuple[int, int]], new: dict[str, tuple[int, int]]
) -> None:
    tables = [
        printed({"common": (1.0, 0.5)} | {c: (m / 2, m * p / 200) for c, (m, p) in year.items()})
        for year in (old, new)
    ]
    made, back = instrument_effect(*tables), instrument_effect(*tables[::-1])
    change = tables[1]["points"].sum() - tables[0]["points"].sum()
    assert made.total == pytest.approx(change, abs=1e-9)
    there, again = made.parts()["estimate"], back.parts()["estimate"]
    assert there[PARTS].sum() == pytest.approx(change, abs=1e-9)
    assert again["rate"] == pytest.approx(-there["rate"], abs=1e-9)
    assert again["maxima"] == pytest.approx(-there["maxima"], abs=1e-9)
    assert again["added"] == pytest.approx(-there["dropped"], abs=1e-9)
    shuffled = instrument_effect(*(table.iloc[::-1] for table in tables))
    np.testing.assert_allclose(shuffled.parts()["estimate"], there, atol=1e-9)


def test_moved_group_weights_are_told(leaders: list[sipas.Answers]) -> None:
    assert "weights differ" in instrument_effect(*leaders, group_weights="respondents").notes[-1]
    assert not any(
        "weights differ" in note
        for note in instrument_effect(*leaders, group_weights="equal").notes
    )


def test_shown_with_its_equation(answered: InstrumentEffect) -> None:
    text = repr(answered)
    assert "points = +0.3145 (rate) -1.9739 (maxima) +4.0851 (added) -3.2901 (dropped)" in text
    assert "17 common items: +1.45 percentage points" in text
    assert "câu hỏi bị bỏ" in answered.parts(lang="vi")["label"].tolist()
    assert "<table" in answered._repr_html_()


def test_refusals_of_printed_tables() -> None:
    text = OLD.assign(points=["0,8", "1,0", "0,9"])
    with pytest.raises(SurveyError, match=r"'points' holds text.*'0,8'.*decimal"):
        instrument_effect(text, NEW)
    with pytest.raises(SurveyError, match="no item in common"):
        instrument_effect(OLD, NEW.assign(code=["X", "Y", "Z"]))


def test_refusals(leaders: list[sipas.Answers]) -> None:
    with pytest.raises(SurveyError, match="need group_weights"):
        instrument_effect(*leaders)
    households = sipas.clean(datasets.load_hue_households(2022), "sipas-2022")
    with pytest.raises(SurveyError, match=r"sipas-2022 is a survey of households.*sipas\.compare"):
        instrument_effect(households, households)
    with pytest.raises(SurveyError, match="weighted already"):
        instrument_effect(OLD, NEW, group_weights="equal")
    scores = sipas.leader_scores(leaders[0], group_weights="equal")
    with pytest.raises(SurveyError, match="weighted already"):
        instrument_effect(scores, leaders[1], group_weights="equal")
    with pytest.raises(SurveyError, match="got a DataFrame"):
        instrument_effect(scores, NEW)
    with pytest.raises(SurveyError, match="'points'"):
        instrument_effect(OLD.drop(columns="points"), NEW)
    with pytest.raises(SurveyError, match="'A' more than once"):
        instrument_effect(pd.concat([OLD, OLD.iloc[:1]]), NEW)
    with pytest.raises(SurveyError, match="0 ≤ points ≤ maximum: 'B'"):
        instrument_effect(OLD.assign(points=[0.8, 2.1, 0.9]), NEW)
    with pytest.raises(SurveyError, match="no row of level 'item'"):
        instrument_effect(OLD.assign(level="total"), NEW)
    with pytest.raises(SurveyError, match="Did you mean 'total'"):
        instrument_effect(OLD, NEW).parts("totl")


def test_a_code_turned_round_is_refused(leaders: list[sipas.Answers]) -> None:
    form = leaders[1].instrument
    items = tuple(replace(item, reverse=item.code == "L2.1") for item in form.items)
    turned = replace(leaders[1], instrument=replace(form, items=items))
    with pytest.raises(SurveyError, match=r"'L2.1' are worded in reverse"):
        instrument_effect(leaders[0], turned, group_weights="equal")


def test_years_the_wrong_way_round_are_told(leaders: list[sipas.Answers]) -> None:
    with pytest.warns(SurveyWarning, match="instrument_effect: .*backwards in time"):
        back = instrument_effect(*leaders[::-1], group_weights=WEIGHTS)
    assert back.total == pytest.approx(0.86, abs=0.005)
