"""The page docs/change.md is what its script writes, and its sentences say what the table says."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

import sipas
from sipas import datasets
from sipas.numerals import number
from sipas.wording.change_sentences import sentences_of
from survey.errors import SurveyError

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def script() -> ModuleType:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        return importlib.import_module("make_change")
    finally:
        sys.path.remove(str(ROOT / "docs"))


def test_the_page_is_what_the_script_writes(script: ModuleType) -> None:
    assert (ROOT / "docs" / "change.md").read_text(encoding="utf-8") == script.page()


def test_a_sentence_for_each_dimension_and_statement(script: ModuleType) -> None:
    moved = script.compared()
    table, said = moved.table(level=0.9), sentences_of(moved, level=0.9)
    levels = table["level"].value_counts()
    assert (levels["dimension"], levels["statement"], len(said)) == (5, 22, len(table))
    for code, row in table.iterrows():
        for value in (row["before"], abs(row["estimate"]), abs(row["low"]), abs(row["high"])):
            assert number(value) in said[code]
        sure = row["verdict"] in ("fell", "rose")
        assert ("vượt sai số chọn mẫu với mức tin cậy 90%" in said[code]) == sure
        assert ("chưa đủ bằng chứng" in said[code]) == (not sure)


def test_sentences_of_a_change_by_domain_are_refused() -> None:
    years = [sipas.clean(datasets.load_hue_households(y), f"sipas-{y}") for y in (2021, 2022)]
    places = sipas.compare(*years, link="items", by="district")
    with pytest.raises(SurveyError, match="by domain"):
        sentences_of(places)
