"""Of whom answers speak: groups, forms sent, and the design of each population."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from sipas.datasets import (
    load_hue_households,
    load_hue_leaders,
    load_worked,
    worked_instrument_path,
)
from sipas.indices import satisfaction
from sipas.instrument import Instrument
from sipas.responses import clean
from survey.errors import SurveyError

CAPITAL = "thành phố Huế"


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


def test_groups_by_code_and_label() -> None:
    sheet = load_hue_leaders(2022)
    labels = {g.code: g.label.vi.upper() for g in Instrument.load("leaders-2022").groups}
    answers = clean(sheet.assign(group=sheet["group"].map(labels)), "leaders-2022")
    assert answers.data["group"].value_counts().to_dict() == {
        "phong": 264,
        "so": 65,
        "hdnd": 46,
        "huyen": 29,
    }
    assert answers.log.loc[answers.log["column"].eq("group"), "count"].tolist() == [404]
    bad = with_cells(sheet, {(5, "group"): "sở", (6, "group"): "hdn"})
    with pytest.raises(SurveyError, match=r"group: 'hdn' in row 6. Did you mean 'hdnd'"):
        clean(bad, "leaders-2022")
    with pytest.raises(SurveyError, match="no column for the group"):
        clean(sheet.drop(columns="group"), "leaders-2022")


def test_items_not_asked_of_a_group() -> None:
    instrument = Instrument.load("leaders-2022")
    items = tuple(
        replace(item, groups=("hdnd", "so")) if item.code == "L2.1" else item
        for item in instrument.items
    )
    narrow = replace(instrument, items=items)
    sheet = load_hue_leaders(2022)
    assert "L2.1: answered in rows" in problems_of(sheet, narrow)
    sheet.loc[sheet["group"].isin(["phong", "huyen"]), "L2.1"] = ""
    counts = clean(sheet, narrow).item_counts().loc["L2.1"]
    assert counts["not_applicable"] == 264 + 29
    assert counts["answered"] + counts["blank"] + counts["dont_know"] == 46 + 65


def test_forms_sent_by_group() -> None:
    sheet = load_hue_leaders(2022)
    sent = {"hdnd": 50, "so": 65, "phong": 264, "huyen": 29}
    answers = clean(sheet, "leaders-2022", sent=sent)
    assert answers.response.sent == 408
    assert answers.response.by_group.loc["hdnd", "rate"] == pytest.approx(0.92)
    design = answers.design()
    assert design.fpc is not None
    assert design.strata == "group"
    assert design.psu is None
    assert design.population_label == "the 408 leaders who were sent a form, in 4 groups"
    assert answers.design(superpopulation=True).fpc is None
    assert "408" in answers.population_text()
    assert clean(sheet, "leaders-2022").design().fpc is None
    with pytest.raises(SurveyError, match="one population"):
        answers.design("province")


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"hdnd": 46, "so": 65, "phong": 264, "huyen": 28}, "more forms.*'huyen'"),
        ({"hdnd": 46, "so": 65, "phong": 264}, "group 'huyen' left out"),
        ({"hdnd": 46, "so": 65, "phong": 264, "huyn": 29}, "Did you mean 'huyen'"),
        (403, "more forms are in the sheet than were sent"),
        (0, "sent: 0 forms"),
    ],
)
def test_forms_sent_that_cannot_be(sent: Any, message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        clean(load_hue_leaders(2022), "leaders-2022", sent=sent)


def test_forms_sent_by_district(worked: Instrument) -> None:
    answers = clean(load_worked(), worked, sent={"huyện Đông": 8, "huyện Tây": 6})
    assert answers.response.by_group["rate"].to_dict() == {"huyện Tây": 1.0, "huyện Đông": 0.75}


def test_designs_of_the_household_sheet() -> None:
    answers = clean(load_hue_households(2022), "sipas-2022")
    design = answers.design()
    assert (design.strata, design.psu, design.weights, design.nest) == (
        "district",
        "commune",
        None,
        True,
    )
    assert design.df == 9 - 3
    assert design.population_label == (
        "the 3 sampled districts (huyện A Lưới, huyện Nam Đông, thành phố Huế)"
    )
    assert answers.design(psu="village").df == 18 - 3
    assert answers.population_text().startswith("3 đơn vị cấp huyện được chọn mẫu")


def test_the_capital_is_in_the_province_with_certainty() -> None:
    answers = clean(load_hue_households(2022), "sipas-2022")
    design = answers.design("province", capital=CAPITAL)
    assert design.df == (3 - 1) + (2 - 1)  # communes of the capital; two other districts
    assert f"{CAPITAL} always in the sample" in str(design.population_label)
    with pytest.raises(SurveyError, match=r"capital= is needed.*'huyện A Lưới'"):
        answers.design("province")
    with pytest.raises(SurveyError, match="'Huế' is no district"):
        answers.design("province", capital="Huế")


def test_the_nation_is_stratified_by_province() -> None:
    one = load_hue_households(2022)
    two = one.assign(province="Tỉnh khác", id="B" + one["id"])
    answers = clean(pd.concat([one, two]), "sipas-2022")
    capitals = {"Thừa Thiên Huế": CAPITAL, "Tỉnh khác": "huyện A Lưới"}
    assert answers.design("nation", capital=capitals).df == 2 * 3
    assert "2 provinces" in answers.population_text("nation", "en", capital=capitals)
    with pytest.raises(SurveyError, match="has several"):
        answers.design("province", capital=CAPITAL)
    with pytest.raises(SurveyError, match="needed for each province"):
        answers.design("nation", capital=CAPITAL)
    with pytest.raises(SurveyError, match=r"1 provinces without one .'Tỉnh khác'"):
        answers.design("nation", capital={"Thừa Thiên Huế": CAPITAL})


def test_communes_of_one_name_in_two_districts_are_two_units(worked: Instrument) -> None:
    sheet = load_worked()
    sheet["commune"] = sheet["commune"].replace({"xã Cát": "xã An"})
    design = clean(sheet, worked).design()
    assert design.nest
    assert design.weights == "weight"
    assert design.df == 4 - 2


def test_a_name_that_repeats_in_one_year_only_leaves_the_years_matched(
    worked: Instrument,
) -> None:
    last, now = load_worked(before=True).assign(year="2022"), load_worked()
    assert set(last["commune"]) == set(now["commune"])
    now["commune"] = now["commune"].replace({"xã Cát": "xã An"})
    designs = [clean(sheet, worked).design() for sheet in (last, now)]
    names = [design.sample.names or () for design in designs]
    assert set(names[0]) & set(names[1]) == {
        ("huyện Đông", "xã An"),
        ("huyện Đông", "xã Bình"),
        ("huyện Tây", "xã Dừa"),
    }


def test_strata_of_one_unit_are_refused_unless_the_design_says_otherwise(
    worked: Instrument,
) -> None:
    sheet = load_worked()
    answers = clean(sheet[sheet["commune"].ne("xã Cát")], worked)
    with pytest.raises(SurveyError, match="huyện Tây"):
        satisfaction(answers)
    design = answers.design(lonely_psu="adjust")
    assert design.lonely_psu == "adjust"
    assert satisfaction(answers, design=design)["services"].se.gt(0).all()
    with pytest.raises(SurveyError, match="lonely_psu"):
        answers.design(lonely_psu="skip")  # type: ignore[arg-type]


def test_a_sheet_without_districts(worked: Instrument) -> None:
    design = clean(load_worked().drop(columns="district"), worked).design()
    assert design.strata is None
    assert design.df == 4 - 1
    assert design.population_label == "the 4 sampled communes (xã An, xã Bình, xã Cát, xã Dừa)"


def test_what_a_design_lacks(worked: Instrument) -> None:
    answers = clean(load_worked(), worked)
    with pytest.raises(SurveyError, match=r"no column 'village'.*or choose psu='commune'"):
        answers.design(psu="village")
    placeless = clean(load_worked().drop(columns="commune"), worked)
    with pytest.raises(SurveyError, match=r"no column 'commune'.*commune='its column', or"):
        placeless.design()
    with pytest.raises(SurveyError, match="no column 'province'"):
        answers.design("nation")
    with pytest.raises(SurveyError, match="'region' is not an option"):
        answers.design("region")  # type: ignore[arg-type]
