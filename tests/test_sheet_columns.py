"""Columns of a sheet: matched by name, tidied, checked, and refused where they do not fit."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sipas.datasets import (
    load_hue_households,
    load_hue_leaders,
    load_worked,
    worked_instrument_path,
)
from sipas.instrument import Instrument
from sipas.responses import clean
from survey.errors import SurveyError


@pytest.fixture
def worked() -> Instrument:
    return Instrument.load(worked_instrument_path())


def with_cells(sheet: pd.DataFrame, cells: dict[tuple[int, str], Any]) -> pd.DataFrame:
    """Change cells named by their row in the sheet (the header is row 1)."""
    changed = sheet.astype(object)
    for (row, column), value in cells.items():
        changed.iloc[row - 2, changed.columns.get_loc(column)] = value
    return changed


def problems_of(sheet: pd.DataFrame, instrument: Instrument, **more: Any) -> str:
    with pytest.raises(SurveyError) as caught:
        clean(sheet, instrument, **more)
    return str(caught.value)


def test_roles_may_have_other_names(worked: Instrument) -> None:
    sheet = load_worked().rename(columns={"district": " Huyện", "S1.1": "Câu 1", "weight": "w"})
    overrides = {"district": "Huyện", "weight": "w", "S1.1": unicodedata.normalize("NFD", "Câu 1")}
    answers = clean(sheet, worked, **overrides)
    pd.testing.assert_frame_equal(answers.data, clean(load_worked(), worked).data, check_like=True)
    renamed = answers.log[answers.log["what"].eq("renamed")]
    assert set(renamed["column"]) == {"district", "S1.1", "weight"}


def test_roles_that_cannot_be(worked: Instrument) -> None:
    sheet = load_worked()
    with pytest.raises(
        SurveyError, match=r"clean\(wieght=\): no such role. Did you mean 'weight'"
    ):
        clean(sheet, worked, wieght="w")
    with pytest.raises(SurveyError, match=r"no such column. Did you mean 'commune'"):
        clean(sheet, worked, commune="comune")
    with pytest.raises(SurveyError, match="there is a column 'district' too"):
        clean(sheet, worked, district="commune")
    twice = sheet.set_axis(["id", " id", *sheet.columns[2:]], axis="columns")
    with pytest.raises(SurveyError, match="Columns of the same name: 'id'"):
        clean(twice, worked)


def test_a_sheet_of_another_instrument_is_told(worked: Instrument) -> None:
    with pytest.raises(SurveyError) as caught:
        clean(load_hue_households(2021), "sipas-2022")
    assert "lacks 4 of the 27 item columns of 'sipas-2022': 'P1.1'" in str(caught.value)
    assert "matches best is 'sipas-2021'" in str(caught.value)
    with pytest.raises(SurveyError, match="'leaders-2021'"):
        clean(load_hue_leaders(2021), "sipas-2021")
    misspelt = load_worked().rename(columns={"S1.1": "S11"})
    with pytest.raises(SurveyError, match=r"lacks 1 of the 4.*Did you mean"):
        clean(misspelt, worked)


def test_a_near_name_is_a_column_that_is_no_item_itself() -> None:
    sheet = load_hue_households(2022).rename(columns={"S3.1": "S3_1"})
    with pytest.raises(SurveyError, match=r"'S3\.1'\. Did you mean 'S3_1'\?"):
        clean(sheet, "sipas-2022")


def test_a_path_is_no_sheet(worked: Instrument) -> None:
    for path in ("answers.csv", Path("answers.csv")):
        with pytest.raises(SurveyError, match=r"'answers\.csv'.*Pass sipas\.read\(path\)"):
            clean(path, worked)  # type: ignore[arg-type]


def test_spellings_that_differ_in_case_or_spaces_become_the_commonest(worked: Instrument) -> None:
    cells = {
        (2, "commune"): "Xã An",
        (3, "commune"): "xã  AN",
        (8, "commune"): "XÃ CÁT",  # another district
        (9, "commune"): "XÃ CÁT",
        (13, "district"): "Huyện Tây",
    }
    sheet = with_cells(load_worked(), cells)
    assert sheet["commune"].tolist()[:3] == ["Xã An", "xã  AN", "xã An"]
    answers = clean(sheet, worked)
    communes = answers.data["commune"].tolist()
    assert communes == ["Xã An"] * 3 + ["xã Bình"] * 3 + ["XÃ CÁT"] * 3 + ["xã Dừa"] * 3
    assert sorted(answers.data["district"].unique()) == ["huyện Tây", "huyện Đông"]
    logged = answers.log[answers.log["what"].eq("spelling unified")]
    assert logged[["column", "count", "detail"]].to_numpy().tolist() == [
        ["district", 1, "'Huyện Tây' read as 'huyện Tây', written in 5 rows"],
        ["commune", 1, "'xã AN' read as 'Xã An', written in 1 rows"],
        ["commune", 1, "'xã An' read as 'Xã An', written in 1 rows"],
        ["commune", 1, "'xã Cát' read as 'XÃ CÁT', written in 2 rows"],
    ]


def test_spellings_stay_apart_in_different_districts(worked: Instrument) -> None:
    sheet = load_worked()
    sheet["commune"] = sheet["commune"].replace({"xã Cát": "XÃ AN"})
    answers = clean(sheet, worked)
    assert set(answers.data["commune"]) == {"xã An", "xã Bình", "XÃ AN", "xã Dừa"}
    assert not answers.log["what"].eq("spelling unified").any()


def test_names_are_tidied_and_counted(worked: Instrument) -> None:
    cells = {
        (2, "district"): unicodedata.normalize("NFD", "huyện Đông"),
        (3, "district"): " huyện\u00a0 Đông ",
        (4, "district"): "huyện Ðông",  # the Icelandic letter
    }
    answers = clean(with_cells(load_worked(), cells), worked)
    assert sorted(answers.data["district"].unique()) == ["huyện Tây", "huyện Đông"]
    logged = answers.log[answers.log["what"].eq("text tidied")]
    assert logged[["column", "count"]].to_numpy().tolist() == [["district", 3]]


def test_places_called_na_and_codes_with_zeros_stay_text(worked: Instrument) -> None:
    sheet = load_worked().assign(district="NA", commune=["None"] * 6 + ["01"] * 6, postcode="0123")
    answers = clean(sheet, worked)
    assert answers.data["district"].unique().tolist() == ["NA"]
    assert answers.data["commune"].unique().tolist() == ["None", "01"]
    assert answers.data["postcode"].unique().tolist() == ["0123"]


def test_numbers_among_the_other_columns_are_read(worked: Instrument) -> None:
    ages = [str(20 + at) for at in range(11)] + [""]
    sheet = load_worked().assign(age=ages, income="1,5", doubt="1,234", note=[" a  b"] + [""] * 11)
    answers = clean(sheet, worked)
    assert answers.data["age"].tolist()[:11] == list(range(20, 31))
    assert np.isnan(answers.data["age"].iloc[11])
    assert answers.data["income"].tolist() == [1.5] * 12
    assert answers.data["doubt"].unique().tolist() == ["1,234"]  # 1.234 or 1234?
    assert answers.data["note"].iloc[0] == "a b"
    assert answers.data["note"].isna().sum() == 11


@pytest.mark.parametrize("bad", ["", None, "0", 0, "-2", -2.0, np.inf, "inf", "nhiều", "nan"])
def test_weights_that_are_none(worked: Instrument, bad: Any) -> None:
    message = problems_of(with_cells(load_worked(), {(6, "weight"): bad}), worked)
    assert "weight: 1 missing, not a number, infinite, zero or negative, in row 6" in message


def test_weights_with_decimal_commas(worked: Instrument) -> None:
    answers = clean(load_worked().assign(weight=["1,5"] * 12), worked)
    assert answers.data["weight"].tolist() == [1.5] * 12


@pytest.mark.parametrize("place", ["district", "commune"])
def test_blank_places(worked: Instrument, place: str) -> None:
    sheet = with_cells(load_worked(), {(3, place): " ", (8, place): None})
    assert f"{place}: blank in rows 3, 8" in problems_of(sheet, worked)


def test_another_year_is_on_record(worked: Instrument) -> None:
    answers = clean(load_worked(before=True), worked)
    logged = answers.log[answers.log["what"].eq("another year")]
    assert logged[["column", "count"]].to_numpy().tolist() == [["year", 12]]
