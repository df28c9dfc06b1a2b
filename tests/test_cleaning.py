"""Single cells: what is an answer, what is none, and what is refused with its rows."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sipas.datasets import (
    load_worked,
    worked_instrument_path,
)
from sipas.instrument import Instrument
from sipas.responses import Answers, clean
from sipas.responses.cleaning import Codebook
from survey.errors import SurveyError

ITEMS = ["S1.1", "S1.2", "S2.1", "S2.2"]


@pytest.fixture
def worked() -> Instrument:
    return Instrument.load(worked_instrument_path())


def with_cells(sheet: pd.DataFrame, cells: dict[tuple[int, str], Any]) -> pd.DataFrame:
    """Change cells named by their row in the sheet (the header is row 1)."""
    changed = sheet.astype(object)
    for (row, column), value in cells.items():
        changed.iloc[row - 2, changed.columns.get_loc(column)] = value
    return changed


def set_aside(answers: Answers) -> pd.DataFrame:
    return answers.log[answers.log["what"].eq("set aside")]


def problems_of(sheet: pd.DataFrame, instrument: Instrument, **more: Any) -> str:
    with pytest.raises(SurveyError) as caught:
        clean(sheet, instrument, **more)
    return str(caught.value)


def test_what_counts_as_an_answer(worked: Instrument) -> None:
    cells = {
        (2, "S1.1"): "5.0",
        (3, "S1.1"): "4,0",
        (4, "S1.1"): 3,
        (5, "S1.1"): 2.0,
        (6, "S1.1"): " RẤT  hài lòng ",
        (7, "S1.1"): unicodedata.normalize("NFD", "Không hài lòng"),
        (8, "S1.1"): "very dissatisfied",
        (9, "S1.1"): 9,
        (10, "S1.1"): "9.0",
        (11, "S1.1"): None,
        (12, "S1.1"): "  ",
        (13, "S1.1"): np.nan,
    }
    answers = clean(with_cells(load_worked(), cells), worked)
    read = answers.data["S1.1"].tolist()
    assert read[:7] == [5, 4, 3, 2, 5, 2, 1]
    assert all(np.isnan(value) for value in read[7:])
    reasons = answers.reasons["S1.1"].tolist()
    assert reasons == [""] * 7 + ["dont_know"] * 2 + ["blank"] * 3
    logged = answers.log[answers.log["what"].eq("label read")]
    assert logged[["column", "count"]].to_numpy().tolist() == [["S1.1", 3]]


@pytest.mark.parametrize(
    ("value", "shown", "mend"),
    [
        (99, "'99'", "Declare it under [missing]"),
        ("99.0", "'99'", "Declare it under [missing]"),
        ("6", "'6'", "Declare it under [missing]"),
        ("0", "'0'", "Declare it under [missing]"),
        (-1, "'-1'", "Declare it under [missing]"),
        ("4,5", "'4,5'", "[missing]"),
        ("1e0", "'1e0'", "[missing]"),
        ("٥", "'٥'", "[missing]"),
        ("NA", "'NA'", "[missing]"),
        ("-", "'-'", "[missing]"),
        (True, "'TRUE'", "[missing]"),
        (np.inf, "'inf'", "[missing]"),
        ("Rất hài lon", "'Rất hài lon'", "Did you mean 'rất hài lòng'?"),
        (datetime(2022, 5, 1), "'date 2022-05-01'", "format the column as Text"),
        (pd.Timestamp("2022-05-01"), "'date 2022-05-01'", "format the column as Text"),
    ],
)
def test_what_does_not(worked: Instrument, value: Any, shown: str, mend: str) -> None:
    sheet = with_cells(load_worked(), {(4, "S2.1"): value, (9, "S2.1"): value})
    message = problems_of(sheet, worked)
    assert f"S2.1: {shown} in rows 4, 9 is not on the scale." in message
    assert mend in message


def test_a_declared_code_is_no_answer_of_its_kind(worked: Instrument) -> None:
    declared = {"9": "dont_know", "99": "refused", "KB": "dont_know", "7": "not_applicable"}
    instrument = replace(worked, missing=declared)
    cells = {(2, "S1.1"): 99, (3, "S1.1"): "kb", (4, "S1.1"): "7", (5, "S1.1"): ""}
    answers = clean(with_cells(load_worked(), cells), instrument)
    assert answers.reasons["S1.1"].tolist()[:4] == [
        "refused",
        "dont_know",
        "not_applicable",
        "blank",
    ]
    row = answers.item_counts().loc["S1.1"]
    assert row.to_dict() == {
        "asked": 12,
        "answered": 8,
        "blank": 1,
        "dont_know": 1,
        "refused": 1,
        "not_applicable": 1,
    }


@pytest.mark.parametrize("name", Instrument.list()["id"])
def test_shipped_instruments_know_the_usual_words_of_no_answer(name: str) -> None:
    codebook = Codebook.of(Instrument.load(name))
    words = {"không BIẾT": "dont_know", "kb": "dont_know", "DON'T KNOW": "dont_know"}
    refusals = {"TỪ CHỐI": "refused", "refused": "refused"}
    for written, kind in (words | refusals | {"9": "dont_know", "9,0": "dont_know"}).items():
        read = codebook.read(unicodedata.normalize("NFC", written))
        assert read is not None
        assert read[1] == kind


def test_all_problems_come_at_once(worked: Instrument) -> None:
    cells = {
        (2, "S1.1"): 6,
        (3, "S2.2"): "x",
        (4, "weight"): "-1",
        (5, "commune"): "",
        (7, "id"): "W22-01",
    }
    message = problems_of(with_cells(load_worked(), cells), worked)
    assert "5 problem(s)" in message
    for part in (
        "S1.1: '6' in row 2",
        "S2.2: 'x' in row 3",
        "weight: 1",
        "commune: blank in row 5",
    ):
        assert part in message
    assert "'W22-01' in rows 2, 7" in message


def test_very_many_problems_are_counted(worked: Instrument) -> None:
    sheet = load_worked()
    for item in ITEMS:
        sheet[item] = [f"x{item}{row}" for row in range(12)]
    message = problems_of(sheet, worked)
    assert "48 problem(s)" in message
    assert "and 8 more" in message


def test_six_rows_are_named_by_five_and_a_count(worked: Instrument) -> None:
    sheet = with_cells(load_worked(), {(row, "S1.1"): 6 for row in range(2, 9)})
    assert "S1.1: '6' in rows 2, 3, 4, 5, 6 and 2 more" in problems_of(sheet, worked)


CELLS = st.sampled_from(["1", "5", 3, 4.0, "9", "", None, "Hài lòng", "x", 6, "4,0", np.nan])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(2, 13), st.sampled_from(ITEMS), CELLS), max_size=12))
def test_any_cells_are_counted_or_refused(
    worked: Instrument, cells: list[tuple[int, str, Any]]
) -> None:
    sheet = with_cells(load_worked(), {(row, item): cell for row, item, cell in cells})
    wrong = any(sheet[item].isin(["x", 6]).any() for item in ITEMS)
    try:
        answers = clean(sheet, worked)
    except SurveyError:
        assert wrong
        return
    assert not wrong
    assert len(sheet) == len(answers.data) + len(set_aside(answers))
    assert answers.item_counts()["asked"].eq(len(answers.data)).all()
    assert (answers.data[ITEMS].isna() == answers.reasons.ne("")).all(axis=None)
