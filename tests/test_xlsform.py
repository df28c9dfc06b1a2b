"""Questionnaires read from XLSForms, and what such a form leaves unsaid."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sipas.instrument import Instrument
from survey.errors import SurveyError


def write_form(path: Path, **changes: pd.DataFrame | None) -> Path:
    survey = pd.DataFrame(
        [
            ["select_one gender", "gender", "Giới tính", "Gender", ""],
            ["begin_group", "S1", "Tiếp cận", "Access", ""],
            ["select_one muc", "S1.1", "Biển hiệu", "Signs", ""],
            ["select_one muc", "S1.2", "Chỗ ngồi", "Seats", ""],
            ["end_group", "", "", "", ""],
            ["begin group", "S2", "Thủ tục", "Procedures", ""],
            ["select_one muc", "S2.1", "Niêm yết", "Posted", ""],
            ["end group", "", "", "", ""],
            ["select_one muc", "overall", "Chung", "Overall", "overall"],
            ["text", "note", "Ghi chú", "Note", ""],
        ],
        columns=["type", "name", "label::Tiếng Việt (vi)", "label::English (en)", "role"],
    )
    choices = pd.DataFrame(
        [
            ["muc", 1, "Kém", "Bad", "", ""],
            ["muc", 2, "Vừa", "Fair", "", ""],
            ["muc", 3, "Tốt", "Good", "yes", ""],
            ["muc", 9, "Không biết", "Don't know", "", "dont_know"],
            ["gender", "nam", "Nam", "Male", "", ""],
        ],
        columns=[
            "list_name",
            "name",
            "label::Tiếng Việt (vi)",
            "label::English (en)",
            "satisfied",
            "missing",
        ],
    )
    settings = pd.DataFrame(
        {"form_title": ["Khảo sát"], "form_id": ["ks"], "version": ["2023050100"]}
    )
    sheets = {"survey": survey, "choices": choices, "settings": settings} | changes
    with pd.ExcelWriter(path) as book:
        for name, frame in sheets.items():
            if frame is not None:
                frame.to_excel(book, sheet_name=name, index=False)
    return path


def test_an_xlsform_becomes_an_instrument(tmp_path: Path) -> None:
    instrument = Instrument.load(write_form(tmp_path / "form.xlsx"))
    assert (instrument.id, instrument.year, instrument.provenance.status) == (
        "ks",
        2023,
        "supplied",
    )
    assert [item.code for item in instrument.index_items] == ["S1.1", "S1.2", "S2.1"]
    assert [item.dimension for item in instrument.index_items] == ["S1", "S1", "S2"]
    assert instrument.item("overall").role == "overall"
    assert instrument.scale.levels == (1, 2, 3)
    assert instrument.scale.satisfied == (3,)
    assert instrument.missing == {"9": "dont_know"}
    assert instrument.label("S2", "en") == "Procedures"
    assert instrument.label("S1.1") == "Biển hiệu"


def test_what_an_xlsform_does_not_say_is_asked_for(tmp_path: Path) -> None:
    bare = write_form(tmp_path / "bare.xlsx", settings=None)
    with pytest.raises(SurveyError, match="Give year="):
        Instrument.from_xlsform(bare)
    assert Instrument.from_xlsform(bare, year=2024).year == 2024
    assert Instrument.from_xlsform(bare, year=2024).id == "bare"
    with pytest.raises(SurveyError, match=r"no question uses the list 'mucs'. Did you mean"):
        Instrument.from_xlsform(bare, year=2024, scale_list="mucs")
    choices = pd.DataFrame({"list_name": ["muc", "muc"], "name": [1, 2], "label": ["a", "b"]})
    unmarked = write_form(tmp_path / "unmarked.xlsx", choices=choices)
    with pytest.raises(SurveyError, match="which levels of 'muc' count as satisfied"):
        Instrument.from_xlsform(unmarked)
    assert Instrument.from_xlsform(unmarked, satisfied=[2]).scale.satisfied == (2,)
    words = write_form(tmp_path / "words.xlsx", choices=choices.assign(name=["low", "high"]))
    with pytest.raises(SurveyError, match="choices that are no level: 'low', 'high'"):
        Instrument.from_xlsform(words, satisfied=[2])
