"""Workbooks: what is read, and what is refused before a reader opens it."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sipas.formats import read, sheet_names
from survey.errors import SurveyError


def as_lists(frame: pd.DataFrame) -> list[list[Any]]:
    return [list(frame.columns), *frame.to_numpy().tolist()]


def book(path: Path, **sheets: pd.DataFrame) -> Path:
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        for name, frame in sheets.items():
            frame.to_excel(writer, sheet_name=name, index=False)
    return path


def test_a_workbook_gives_cells_as_they_are(tmp_path: Path) -> None:
    frame = pd.DataFrame({" mã ": ["01", "NA"], "S1.1": [5, None], "ngày": ["a", "b"]})
    got = read(book(tmp_path / "a.xlsx", phieu=frame))
    assert list(got.columns) == ["mã", "S1.1", "ngày"]
    assert got["mã"].tolist() == ["01", "NA"]
    assert got["S1.1"].tolist()[0] == 5
    assert got["S1.1"].tolist()[1] in ("", None)
    assert got.attrs == {"source": "a.xlsx"}


def test_the_sheet_is_named_if_several_have_cells(tmp_path: Path) -> None:
    one, two = pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [2]})
    path = book(tmp_path / "a.xlsx", one=one, two=two, none=pd.DataFrame())
    with pytest.raises(SurveyError, match="several sheets have cells: 'one', 'two'"):
        read(path)
    assert read(path, sheet="two")["b"].tolist() == [2]
    with pytest.raises(SurveyError, match=r"no sheet 'on'\. Did you mean 'one'"):
        read(path, sheet="on")
    with pytest.raises(SurveyError, match="the sheet is empty"):
        read(path, sheet="none")
    assert sheet_names(path) == ("one", "two", "none")
    alone = book(tmp_path / "b.xlsx", one=one, none=pd.DataFrame())
    assert read(alone)["a"].tolist() == [1]


def test_openpyxl_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "a.xlsx", one=pd.DataFrame({"a": ["x", "y"], "b": [1, 2]}))
    real = importlib.util.find_spec
    without(monkeypatch, "python_calamine", real)
    assert as_lists(read(path)) == [["a", "b"], ["x", 1], ["y", 2]]
    monkeypatch.setattr("sipas.formats.spreadsheets.find_spec", lambda name: None)
    with pytest.raises(SurveyError, match=r'pip install "sipas\[excel\]"'):
        read(path)


def without(monkeypatch: pytest.MonkeyPatch, name: str, real: Callable[[str], Any]) -> None:
    def found(asked: str) -> Any:
        return None if asked == name else real(asked)

    monkeypatch.setattr("sipas.formats.spreadsheets.find_spec", found)


def rewritten(path: Path, old: str, new: str) -> Path:
    """Change the XML of the first sheet, as no spreadsheet program would."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert old.encode() in parts[sheet]
    parts[sheet] = parts[sheet].replace(old.encode(), new.encode(), 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return path


FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("</sheetData>", FAR, "row 1,048,576, column 16,384"),
        ("</sheetData>", FAR.replace('"', "'"), "row 1,048,576, column 16,384"),
        ("</sheetData>", '<row r="9"><c r="CCC9"><v>1</v></c></row></sheetData>', "column 2,109"),
        ("</sheetData>", '<row r="150000"><c r="GR9"><v>1</v></c></row></sheetData>', "150,000"),
        ("<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet', "declares entities"),
        ("</sheetData>", f"</sheetData>{' ' * 9_000_000}", "too big to open safely"),
    ],
)
def test_workbooks_that_harm_their_reader(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = book(tmp_path / "a.xlsx", one=pd.DataFrame({"a": [1]}))
    before = time.monotonic()
    with pytest.raises(SurveyError, match=message):
        read(rewritten(path, old, new))
    assert time.monotonic() - before < 5


def test_a_wrong_dimension_does_no_harm(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", one=pd.DataFrame({"a": [1], "b": [2]}))
    assert as_lists(read(rewritten(path, 'ref="A1:B2"', 'ref="A1:XFD1048576"'))) == [
        ["a", "b"],
        [1, 2],
    ]


def test_formulas_without_values_are_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", one=pd.DataFrame({"a": [1], "b": ["=A2+1"]}))
    with pytest.raises(SurveyError, match="formulas saved without their values in cells 'B2'"):
        read(path)


def test_damaged_workbooks(tmp_path: Path) -> None:
    good = book(tmp_path / "good.xlsx", one=pd.DataFrame({"a": range(50)})).read_bytes()
    for name, data in {"cut": good[:-200], "text": b"a,b\n1,2\n", "none": b""}.items():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(data)
        with pytest.raises(SurveyError, match="damaged"):
            read(path)
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "hello")
    (tmp_path / "zip.xlsx").write_bytes(other.getvalue())
    with pytest.raises(SurveyError, match=r"not an \.xlsx workbook"):
        read(tmp_path / "zip.xlsx")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 4000), st.integers(0, 255))
def test_a_changed_byte_never_escapes_our_error(tmp_path: Path, at: int, value: int) -> None:
    path = tmp_path / "a.xlsx"
    data = bytearray(book(path, one=pd.DataFrame({"a": [1, 2]})).read_bytes())
    data[at % len(data)] = value
    path.write_bytes(bytes(data))
    with contextlib.suppress(SurveyError):
        assert len(read(path).columns) >= 1
