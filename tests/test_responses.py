"""From raw sheet to answers: the shipped sheets, and no row lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sipas.datasets import (
    list_datasets,
    load_hue_households,
    load_hue_leaders,
    load_published,
    load_worked,
    worked_instrument_path,
)
from sipas.instrument import Instrument
from sipas.responses import Answers, clean
from survey.errors import SurveyError

ITEMS = ["S1.1", "S1.2", "S2.1", "S2.2"]


@pytest.fixture
def worked() -> Instrument:
    return Instrument.load(worked_instrument_path())


def set_aside(answers: Answers) -> pd.DataFrame:
    return answers.log[answers.log["what"].eq("set aside")]


def problems_of(sheet: pd.DataFrame, instrument: Instrument, **more: Any) -> str:
    with pytest.raises(SurveyError) as caught:
        clean(sheet, instrument, **more)
    return str(caught.value)


def test_the_worked_sheet_by_hand(worked: Instrument) -> None:
    raw = load_worked()
    untouched = raw.copy(deep=True)
    answers = clean(raw, worked)
    pd.testing.assert_frame_equal(raw, untouched)
    counts = answers.item_counts()
    assert counts["asked"].tolist() == [12, 12, 12, 12]
    assert counts["answered"].tolist() == [12, 10, 10, 10]
    assert counts["blank"].tolist() == [0, 2, 2, 1]
    assert counts["dont_know"].tolist() == [0, 0, 0, 1]
    assert answers.data["S1.1"].tolist() == [5, 4, 4, 4, 2, 5, 4, 3, 4, 2, 4, 5]
    assert answers.data["weight"].tolist() == [1.0] * 3 + [3.0] * 3 + [2.0] * 3 + [4.0] * 3
    assert answers.data.index.tolist() == list(range(2, 14))
    assert answers.reasons.loc[5, "S2.2"] == "dont_know"
    assert np.isnan(answers.data.loc[5, "S2.2"])
    assert answers.reasons.loc[3].tolist() == ["", "blank", "", ""]
    assert set_aside(answers).empty
    assert (answers.response.returned, answers.response.used) == (12, 12)


@pytest.mark.parametrize("year", [2021, 2022])
def test_household_sheets_reproduce_the_published_index(year: int) -> None:
    answers = clean(load_hue_households(year), f"sipas-{year}", sent=486)
    instrument = answers.instrument
    table = load_published("hue_sipas_dimensions")
    printed = table[table.level.eq("dimension") & table.year.eq(year)].set_index("code")[
        "rate_pct"
    ]
    for code, rate in printed.items():
        items = [item.code for item in instrument.items_of(str(code))]
        valid = answers.data[items]
        rates = [valid[item].dropna().isin(instrument.scale.satisfied).mean() for item in items]
        assert round(100 * float(np.mean(rates)), 2) == pytest.approx(rate, abs=1e-9)
    assert len(answers.data) == 486
    assert answers.data["age"].between(15, 110).all()


def test_leader_sheets() -> None:
    answers = clean(load_hue_leaders(2022), "leaders-2022", sent=404)
    assert answers.response.by_group["used"].to_dict() == {
        "hdnd": 46,
        "so": 65,
        "phong": 264,
        "huyen": 29,
    }
    assert answers.response.by_group["rate"].isna().all()
    assert answers.response.sent == 404


def test_every_shipped_sheet_has_rows() -> None:
    listed = list_datasets().set_index("name")
    assert listed.loc["hue_worked_12", ["kind", "made_up", "rows"]].tolist() == [
        "worked",
        True,
        12,
    ]
    assert not listed.loc["hue_sipas_dimensions", "made_up"]
    assert (listed["rows"] > 0).all()
    with pytest.raises(
        SurveyError, match=r"No made-up sheet hue_households of 1999.*'2021', '2022'"
    ):
        load_hue_households(1999)
    with pytest.raises(SurveyError, match="Did you mean 'hue_targets'"):
        load_published("hue_target")


def test_rows_in_are_rows_used_plus_rows_set_aside(worked: Instrument) -> None:
    sheet = load_worked()
    blank = pd.DataFrame([dict.fromkeys(sheet.columns, "")])
    silent = sheet.iloc[[0]].assign(id="W22-13", **dict.fromkeys(ITEMS, " "))
    unsure = sheet.iloc[[0]].assign(id="W22-14", **dict.fromkeys(ITEMS, "9"))
    again = sheet.iloc[[1]].assign(**{"S1.1": "1"})
    raw = pd.concat([sheet, blank, silent, unsure, again])
    answers = clean(raw, worked, duplicates="last")
    aside = set_aside(answers)
    assert aside[["row", "detail"]].to_numpy().tolist() == [
        [14, "blank row"],
        [3, "same id 'W22-02'; the last is used"],
        [15, "no item answered"],
    ]
    assert len(raw) == len(answers.data) + len(aside)
    assert answers.data.loc[17, "S1.1"] == 1
    assert 16 in answers.data.index  # only don't knows is an answer of a kind
    assert (answers.response.returned, answers.response.used) == (14, 13)


@pytest.mark.parametrize(
    ("rule", "rows", "value"),
    [("first", 12, [4.0]), ("last", 12, [1.0]), ("keep", 13, [4.0, 1.0])],
)
def test_the_same_id_twice(worked: Instrument, rule: Any, rows: int, value: list[float]) -> None:
    sheet = load_worked()
    raw = pd.concat([sheet, sheet.iloc[[1]].assign(**{"S1.1": "1", "id": " W22-02 "})])
    assert "Say duplicates=" in problems_of(raw, worked)
    answers = clean(raw, worked, duplicates=rule)
    assert len(answers.data) == rows
    assert answers.data.loc[answers.data["id"].eq("W22-02"), "S1.1"].tolist() == value
    assert len(raw) == len(answers.data) + len(set_aside(answers))


def test_rows_that_are_set_aside_need_no_mending(worked: Instrument) -> None:
    sheet = load_worked()
    raw = pd.concat([sheet.assign(**{"S1.1": ["99"] + ["4"] * 11}), sheet.iloc[[0]]])
    assert clean(raw, worked, duplicates="last").data["S1.1"].tolist() == [4.0] * 11 + [5.0]


def test_rows_without_an_id_are_not_each_others_repeat(worked: Instrument) -> None:
    assert len(clean(load_worked().assign(id=""), worked).data) == 12


def test_a_sheet_without_any_answer(worked: Instrument) -> None:
    sheet = load_worked().assign(**dict.fromkeys(ITEMS, ""))
    with pytest.raises(SurveyError, match="No row of the sheet has an answer"):
        clean(sheet, worked)


def test_an_unknown_rule_for_repeats(worked: Instrument) -> None:
    with pytest.raises(SurveyError, match="'all' is not an option"):
        clean(load_worked(), worked, duplicates="all")  # type: ignore[arg-type]


def test_display_is_escaped(worked: Instrument) -> None:
    answers = clean(load_worked(), worked, sent=15)
    assert repr(answers).startswith(
        "Answers to worked: 12 forms used of 15 sent, 0 rows set aside"
    )
    assert "<table" in answers._repr_html_()


def test_cleaning_twice_changes_nothing(worked: Instrument) -> None:
    once = clean(load_worked(), worked)
    again = clean(once.data, worked)
    pd.testing.assert_frame_equal(again.data, once.data)


def test_the_instrument_may_be_a_path() -> None:
    assert len(clean(load_worked(), worked_instrument_path()).data) == 12
    assert len(clean(load_worked(), str(worked_instrument_path())).data) == 12
