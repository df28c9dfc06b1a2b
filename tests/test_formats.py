"""Files as they arrive: what is read, and what is refused with which words."""

from __future__ import annotations

import builtins
import unicodedata
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sipas.formats import read
from survey.errors import SurveyError

ROWS = [["id", "huyện", "S1.1"], ["01", "NA", "5"], ["02", "None", "4,5"], ["03", "Huế", ""]]


def csv_file(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def as_lists(frame: pd.DataFrame) -> list[list[Any]]:
    return [list(frame.columns), *frame.to_numpy().tolist()]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_as_written(tmp_path: Path, separator: str, encoding: str) -> None:
    lines = [separator.join(f'"{cell}"' if "," in cell else cell for cell in row) for row in ROWS]
    frame = read(csv_file(tmp_path, "\r\n".join(lines) + "\r\n", encoding))
    assert as_lists(frame) == ROWS
    assert frame.attrs["source"] == "a.csv"


def test_decimal_commas_do_not_hide_a_semicolon(tmp_path: Path) -> None:
    frame = read(csv_file(tmp_path, "a;b\n1,5;2,5\n3,5;4,5\n"))
    assert as_lists(frame) == [["a", "b"], ["1,5", "2,5"], ["3,5", "4,5"]]


@pytest.mark.parametrize("encoding", ["cp1258", "utf-16-le"])
def test_old_encodings_without_a_mark(tmp_path: Path, encoding: str) -> None:
    districts = ["huyện Phú Lộc", "thành phố Huế", "thị xã Hương Trà", "huyện A Lưới"] * 40
    text = "id,huyện\n" + "".join(f"{at},{name}\n" for at, name in enumerate(districts))
    # Windows-1258 writes a base letter and its tone apart
    apart = unicodedata.normalize("NFC", text)
    if encoding == "cp1258":
        apart = "".join(_apart(letter) for letter in apart)
    frame = read(csv_file(tmp_path, apart, encoding))
    assert frame["huyện"].tolist() == districts


def _apart(letter: str) -> str:
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
        return unicodedata.normalize("NFC", parts.replace(tone, "")) + tone
    return letter


def test_names_are_nfc_and_trimmed(tmp_path: Path) -> None:
    frame = read(csv_file(tmp_path, unicodedata.normalize("NFD", " huyện ,b\nHuế,1\n")))
    assert list(frame.columns) == ["huyện", "b"]
    assert frame.iloc[0, 0] == unicodedata.normalize("NFD", "Huế")  # values stay as they are


def test_blank_lines_keep_the_row_numbers(tmp_path: Path) -> None:
    frame = read(csv_file(tmp_path, "a,b\n1,2\n\n3,4\n\n\n"))
    assert as_lists(frame) == [["a", "b"], ["1", "2"], ["", ""], ["3", "4"]]


def test_empty_columns_without_a_name_are_left_out(tmp_path: Path) -> None:
    assert list(read(csv_file(tmp_path, "a,b,,\n1,2,,\n")).columns) == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b,c\n1,2,3\n1,2\n1,2,3\n", r"header has 3 fields.*row 3 has 2"),
        ("a,b,c\n1,2,3\n1,2,3,4\n", r"row 3 has 4"),
        ("a,b\n1,2,3\n4,5,6\n", r"header has 2 fields.*row 2 has 3.*2, 3"),
        ("a,b,a\n1,2,3\n", "two columns have the same name: 'a'"),
        ("a,,c\n1,2,3\n", "columns without a name, number 2"),
        ("a,b\n", "no rows below the header"),
        ("", "the sheet is empty"),
        ("\n\n", "the sheet is empty"),
        ('a,b\n1,"2\n', "row 2: .*stray quote"),
        ("a,b\nRáº¥t hÃ\xa0i lÃ²ng,2\n", "letters are garbled"),
    ],
)
def test_text_that_would_lose_data(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        read(csv_file(tmp_path, text))


def test_font_encoded_text_is_named(tmp_path: Path) -> None:
    text = "id,tr¶ lêi\n" + "".join(f"{at},RÊt hµi lßng ®Çy ®ñ\n" for at in range(40))
    with pytest.raises(SurveyError, match="TCVN3"):
        read(csv_file(tmp_path, text, "latin-1"))


def test_absent_and_unknown_files(tmp_path: Path) -> None:
    with pytest.raises(SurveyError, match="No file"):
        read(tmp_path / "nothing.csv")
    with pytest.raises(SurveyError, match=r"'\.docx' are not read"):
        read(csv_file(tmp_path, "x", name="a.docx"))
    with pytest.raises(SurveyError, match="has no sheets"):
        read(csv_file(tmp_path, "a\n1\n"), sheet="x")


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(alphabet='ab,;|\t"\n1 ế', max_size=40))
def test_any_text_is_read_or_refused_in_our_words(tmp_path: Path, text: str) -> None:
    path = csv_file(tmp_path, text)
    try:
        frame = read(path)
    except SurveyError:
        return
    assert frame.columns.is_unique
    assert len(frame) >= 1


def test_spss_keeps_user_missing_codes(tmp_path: Path) -> None:
    frame = pd.DataFrame({"huyện": ["Huế", "NA"], "S1": [5.0, 9.0], "S2": [4.0, None]})
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(frame, str(path), missing_ranges={"S1": [9.0]})
    got = read(path)
    assert got["huyện"].tolist() == ["Huế", "NA"]
    assert got["S1"].tolist() == [5.0, 9.0]
    assert got["S2"].isna().tolist() == [False, True]


def test_stata_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.dta"
    pd.DataFrame({"q1": [1, 2], "place": ["Huế", ""]}).to_stata(
        path, write_index=False, version=118
    )
    got = read(path)
    assert got["q1"].tolist() == [1, 2]
    assert got["place"].tolist() == ["Huế", ""]


@pytest.mark.parametrize("suffix", [".sav", ".dta", ".zsav"])
def test_damaged_statistical_files(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"$FL2@(#) SPSS DATA FILE" + bytes(range(256)) * 4)
    with pytest.raises(SurveyError, match="damaged"):
        read(path)


def test_without_pyreadstat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv_file(tmp_path, "x", name="a.sav")
    monkeypatch.setattr("sipas.formats.statistical_files.find_spec", lambda name: None)
    with pytest.raises(SurveyError, match=r'pip install "sipas\[spss\]"'):
        read(path)


def test_without_charset_normalizer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv_file(tmp_path, "a,b\nHuế Ã,1\n".replace("ế", "ê"), "latin-1")
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name == "charset_normalizer":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(SurveyError, match=r'pip install "sipas\[all\]"'):
        read(path)


def test_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "a.parquet"
    pd.DataFrame({" a": [1, None], "b": ["NA", None]}).to_parquet(path)
    got = read(path)
    assert list(got.columns) == ["a", "b"]
    assert got["b"].tolist()[0] == "NA"
    path.write_bytes(b"PAR1 nothing")
    with pytest.raises(SurveyError, match="damaged or not Parquet"):
        read(path)
