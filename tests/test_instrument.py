"""Instruments: the shipped ones against the transcribed tables, and every fault refused."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from sipas.datasets import load_published, worked_instrument_path
from sipas.instrument import Instrument, Item, Text
from survey.errors import SurveyError

SMALL = """
id = "small"
kind = "households"
year = 2023
title = { vi = "Nhỏ", en = "Small" }
population = { vi = "Mọi hộ", en = "All households" }
[provenance]
status = "supplied"
note = { vi = "Thử", en = "Trial" }
[scale]
levels = [1, 2, 3]
labels = { vi = ["Kém", "Vừa", "Tốt"], en = ["Bad", "Fair", "Good"] }
satisfied = [3]
[missing]
9 = "dont_know"
[columns]
id = "So phieu"
[[dimensions]]
code = "D"
label = { vi = "Phần", en = "Part" }
short = { vi = "Phần", en = "Part" }
[[items]]
code = "D.1"
dimension = "D"
text = { vi = "Câu một", en = "One" }
short = { vi = "Một", en = "One" }
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def altered(tmp_path: Path, old: str, new: str) -> Path:
    assert old in SMALL
    path = tmp_path / "altered.toml"
    path.write_text(SMALL.replace(old, new), encoding="utf-8")
    return path


def test_shipped_statements_are_those_of_the_transcribed_annex() -> None:
    table = load_published("vinhlong_sipas")
    printed = table[table.level.eq("statement")].set_index("code")["label_vi"]
    assert len(printed) == 22
    for name in ("sipas-2021", "sipas-2022"):
        services = [i for i in Instrument.load(name).index_items if i.code.startswith("S")]
        assert {item.code: item.text.vi for item in services} == printed.to_dict()


@pytest.mark.parametrize(("year", "maximum", "items"), [(2021, 23.5, 21), (2022, 22.0, 22)])
def test_leader_maxima_are_those_printed(year: int, maximum: float, items: int) -> None:
    instrument = Instrument.load(f"leaders-{year}")
    table = load_published("hue_leader_items")
    printed = table[table.level.eq("item") & table.year.eq(year)].set_index("code")
    points = {item.code: item.max_points for item in instrument.index_items}
    assert points == printed["max_points"].astype(float).to_dict()
    assert len(points) == items
    assert sum(point or 0 for point in points.values()) == maximum


@pytest.mark.parametrize("name", Instrument.list()["id"])
def test_shipped_files_are_named_by_their_id_and_year(name: str) -> None:
    instrument = Instrument.load(name)
    assert instrument.id == name
    assert name.endswith(str(instrument.year))
    assert instrument.missing == {
        "9": "dont_know",
        "Không biết": "dont_know",
        "KB": "dont_know",
        "Don't know": "dont_know",
        "Từ chối": "refused",
        "Refused": "refused",
    }
    assert instrument.provenance.sources


def test_overall_never_enters_the_index() -> None:
    instrument = Instrument.load("sipas-2022")
    assert instrument.item("overall").role == "overall"
    assert "overall" not in [item.code for item in instrument.index_items]
    assert len(instrument.index_items) == 26


def test_worked_instrument_loads_by_path() -> None:
    codes = [item.code for item in Instrument.load(worked_instrument_path()).index_items]
    assert codes == ["S1.1", "S1.2", "S2.1", "S2.2"]


def test_labels_of_every_kind_of_code() -> None:
    household, leaders = Instrument.load("sipas-2022"), Instrument.load("leaders-2022")
    assert household.label("S2", short=True) == "Thủ tục hành chính"
    assert (
        household.label("S1.2", "en") == "The office has enough seats for people and organisations"
    )
    assert household.label("S1.2", short=True) == "Đầy đủ chỗ ngồi"
    assert household.label("policy", "en") == "Making and implementing policies"
    assert leaders.label("hdnd", "vi")
    assert household.dimension("S3").aspect == "services"
    assert [item.code for item in household.items_of("S4")] == ["S4.1", "S4.2", "S4.3"]


def test_unknown_codes_name_the_nearest() -> None:
    instrument = Instrument.load("sipas-2022")
    with pytest.raises(SurveyError, match=r"no item 'S1\.9'.*Did you mean 'S1\.\d'"):
        instrument.item("S1.9")
    with pytest.raises(SurveyError, match="no dimension 'Z'"):
        instrument.items_of("Z")
    with pytest.raises(SurveyError, match="Did you mean 'overall'"):
        instrument.label("overal")
    with pytest.raises(SurveyError, match="Did you mean 'sipas-2022'"):
        Instrument.load("sipas-2202")
    with pytest.raises(SurveyError, match="No instrument file"):
        Instrument.load("nowhere.toml")
    with pytest.raises(SurveyError, match="'fr' is not an option"):
        instrument.label("S1", "fr")  # type: ignore[arg-type]


def test_differences_of_the_leader_years() -> None:
    before, after = Instrument.load("leaders-2021"), Instrument.load("leaders-2022")
    found = before.differences(after, lang="en")
    assert list(found.columns) == ["what", "code", "before", "after"]
    added = found.loc[found.what.eq("item added"), "code"].tolist()
    dropped = found.loc[found.what.eq("item dropped"), "code"].tolist()
    assert sorted(added) == ["L4.2", "L5.3", "L5.4", "L5.5", "L7.1"]
    assert sorted(dropped) == ["L7.a", "L7.b", "L7.c", "L7.d"]
    scored = found[found.what.eq("item maximum")].set_index("code")
    assert scored.loc["L2.3", ["before", "after"]].tolist() == ["1.5", "1"]
    assert before.differences(before).empty


def test_differences_see_wording_scale_and_frame(small: Path) -> None:
    before = Instrument.load(small)
    item = replace(before.items[0], text=Text("Câu khác", "Another"), reverse=True)
    scale = replace(before.scale, satisfied=(2, 3))
    after = replace(before, items=(item,), scale=scale, population=Text("Người dùng", "Users"))
    found = before.differences(after, lang="en").set_index("what")
    assert list(found.index) == ["population", "satisfied", "item re-worded", "item reversed"]
    assert found.loc["item re-worded", ["code", "before", "after"]].tolist() == [
        "D.1",
        "One",
        "Another",
    ]
    assert found.loc["population", "after"] == "Users"


def test_text_is_nfc_and_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bom.toml"
    decomposed = unicodedata.normalize("NFD", SMALL)
    assert decomposed != SMALL
    path.write_text(decomposed, encoding="utf-8-sig")
    assert Instrument.load(path).scale.labels["vi"][2] == "Tốt"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "households"', 'kind = "household"', "kind: 'household' is unknown.*households"),
        ("satisfied = [3]", "satisfid = [3]", "unknown key 'satisfid'. Did you mean 'satisfied'"),
        ("satisfied = [3]", "satisfied = [4]", r"scale.satisfied: \[4\] must be some of"),
        ("levels = [1, 2, 3]", "levels = [1, 3, 2]", "must be two or more rising"),
        ("levels = [1, 2, 3]", "levels = [1, 2, 3, 4]", "3 labels for 4 levels"),
        ("levels = [1, 2, 3]", "levels = [1, 2, 3.5]", "3.5 is not a whole number"),
        ('"Bad", "Fair"', '"Fair", "fair"', "two levels have the same label"),
        ('dimension = "D"', 'dimension = "E"', "item 'D.1': dimension: 'E' is unknown"),
        ('code = "D.1"', 'code = "D"', "codes used more than once: 'D'"),
        ('code = "D.1"', 'code = "weight"', "items named as a column role: 'weight'"),
        ('9 = "dont_know"', '9 = "dunno"', "missing.9: 'dunno' is unknown"),
        ('9 = "dont_know"', '3 = "dont_know"', "missing: '3' are levels"),
        ('id = "So phieu"', 'idd = "So phieu"', "columns: role: 'idd' is unknown"),
        ('{ vi = "Câu một", en = "One" }', '{ vi = "Câu một" }', r"text: 'en' missing"),
        ("year = 2023", 'year = "2023"', "'2023' is not a whole number"),
        ("year = 2023", "", "'year' missing"),
        ('title = { vi = "Nhỏ", en = "Small" }', 'title = "Nhỏ"', "title: 'Nhỏ' is not a table"),
        ('status = "supplied"', 'status = "official"', "provenance.status: 'official' is unknown"),
        ('kind = "households"', 'kind = "leaders"', "max_points is None"),
        ('short = { vi = "Một"', 'role = "total"\nshort = { vi = "Một"', "role: 'total'"),
        ('short = { vi = "Một"', 'reverse = 1\nshort = { vi = "Một"', "neither true nor false"),
        ("[missing]", "[missing", "is not TOML"),
    ],
)
def test_faults_of_a_file(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        Instrument.load(altered(tmp_path, old, new))


def test_all_faults_come_in_one_error(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    text = SMALL.replace('dimension = "D"', 'dimension = "E"').replace("[3]", "[7]")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SurveyError) as caught:
        Instrument.load(path)
    assert "3 fault(s)" in str(caught.value)  # unknown E, D left without an item, level 7
    assert "'E'" in str(caught.value)
    assert "[7]" in str(caught.value)


def test_a_changed_instrument_is_checked_too(small: Path) -> None:
    instrument = Instrument.load(small)
    with pytest.raises(SurveyError, match="codes used more than once"):
        replace(instrument, items=instrument.items * 2)


def test_html_is_escaped(small: Path) -> None:
    instrument = Instrument.load(small)
    nasty = "<img src=x onerror=alert(1)>"
    item = Item("D.1", Text(nasty, nasty), Text("a", "a"), dimension="D")
    shown = replace(instrument, items=(item,), title=Text(nasty, nasty))._repr_html_()
    assert "<img" not in shown
    assert "&lt;img" in shown
    assert repr(instrument).count("\n") < 20


def test_provenance_is_told_in_both_languages() -> None:
    instrument = Instrument.load("sipas-2022")
    assert instrument.provenance_text().startswith("Bảng hỏi dựng lại, không phải bản chính thức.")
    assert "another province's 2020 plan" in instrument.provenance_text("en")
    assert "003_9c6d76e332e3ef66.txt" in instrument.provenance_text("en")
