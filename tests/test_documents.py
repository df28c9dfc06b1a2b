"""Word and Excel files, opened again."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from sipas import report
from sipas.documents import Contents, Picture, pictures, write_excel, write_word
from sipas.numerals import half_up
from sipas.tables import Column, Table
from sipas.wording.paragraphs import Paragraph
from survey.errors import SurveyError

#: One white dot.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f00010101001bb6ee560000000049454e44ae426082"
)
HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "<script>alert(1)</script>",
    "{{ 7*7 }} {level}",
    "n" * 300,
    "Chi\u0309 số ha\u0300i lo\u0300ng",
    "+1-1 @SUM(A1) http://example.org",
    "bell \x07 and tab \t",
]


def picture() -> Picture:
    data = pd.DataFrame({"label": HOSTILE, "estimate": range(len(HOSTILE))})
    return Picture("change", "Chỉ số", {"png": DOT}, 'Hình: "một" & <hai>', data)


def hostile_table() -> Table:
    frame = pd.DataFrame({"label": HOSTILE, "after": [79.165] * len(HOSTILE)})
    columns = (Column("label", "=1+1", kind="text"), Column("after", "Tỷ lệ (%)", "Năm 2022"))
    return Table("hostile", "=cmd|' /C calc'!A0", frame, columns, notes=("=2+2",), strong=(0,))


@cache
def saved(tmp: Path) -> dict[str, Path]:
    return {path.name: path for path in report.demo().save(tmp, formats=("docx", "xlsx"))}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return saved(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def document(files: dict[str, Path]) -> Any:
    return docx.Document(str(files["section_a.docx"]))


def test_page_is_a4_with_official_margins(document: Any) -> None:
    (section,) = document.sections
    sides = ("page_width", "page_height", "top_margin", "bottom_margin", "left_margin")
    found = [round(getattr(section, side) / Mm(1)) for side in sides]
    assert found == [210, 297, 20, 20, 30]
    assert 15 <= section.right_margin / Mm(1) <= 20


def test_every_run_names_the_font_in_all_four_slots(document: Any) -> None:
    cells = [c for t in document.tables for r in t.rows for c in r.cells]
    paragraphs = [*document.paragraphs, *(p for cell in cells for p in cell.paragraphs)]
    runs = [run for paragraph in paragraphs for run in paragraph.runs if run.text]
    assert len(runs) > 500
    for run in runs:
        fonts = run._element.rPr.rFonts
        for slot in ("ascii", "hAnsi", "cs", "eastAsia"):
            assert fonts.get(qn(f"w:{slot}")) == "Times New Roman"


def test_body_is_justified_and_13_points(document: Any) -> None:
    body = [p for p in document.paragraphs if p.text.startswith("Kết quả đánh giá được đo lường")]
    assert len(body) == 1
    assert body[0].paragraph_format.alignment == docx.enum.text.WD_ALIGN_PARAGRAPH.JUSTIFY
    assert body[0].runs[0].font.size.pt == 13


def test_page_number_is_a_field_on_top_and_not_on_page_one(document: Any) -> None:
    (section,) = document.sections
    assert section.different_first_page_header_footer
    header = section.header.paragraphs[0]
    assert header.alignment == docx.enum.text.WD_ALIGN_PARAGRAPH.CENTER
    instructions = [e.text for e in header._element.iter(qn("w:instrText"))]
    assert instructions == [" PAGE "]
    assert section.first_page_header.paragraphs[0].text == ""


def test_captions_are_sequence_fields_in_order(document: Any) -> None:
    captions = [p for p in document.paragraphs if p.style.name == "Caption"]
    text = [p.text for p in captions]
    assert len([one for one in text if one.startswith("Bảng")]) == 12
    for word, kind in (("Bảng", "SEQ Bảng"), ("Hình", "SEQ Hình")):
        chosen = [p for p in captions if p.text.startswith(word)]
        for number, paragraph in enumerate(chosen, start=1):
            assert paragraph.text.startswith(f"{word} {number}. ")
            (field,) = [e.text for e in paragraph._element.iter(qn("w:instrText"))]
            assert kind in field


def test_heading_rows_repeat_and_tables_fit_the_text(document: Any) -> None:
    assert len(document.tables) == 12
    for table in document.tables:
        marked = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows[:3]]
        assert marked[0]
        assert not marked[-1]
        width = sum(column.width for column in table.columns)
        assert width <= Mm(162.5)


def test_pictures_have_words(document: Any) -> None:
    shapes = document.inline_shapes
    assert len(shapes) == 6
    words = [shape._inline.docPr.get("descr") for shape in shapes]
    assert all(len(one) > 40 for one in words)
    assert any("13,26" in one for one in words)


def test_properties_of_the_word_file(document: Any) -> None:
    core = document.core_properties
    assert core.title.startswith("Phần A. Kết quả khảo sát")
    assert core.language == "vi-VN"
    assert core.created.year == core.modified.year == 2022


def test_word_tables_show_decimal_commas(document: Any) -> None:
    cells = [c.text for c in document.tables[2].rows[-1].cells]
    assert cells[2:7] == ["88,60", "17", "79,56", "41", "−9,04"]


def test_text_of_the_word_file_is_that_of_the_report(document: Any) -> None:
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for paragraph in report.demo().paragraphs():
        if paragraph.kind in ("heading", "body", "note"):
            assert paragraph.text in text


def test_files_are_the_same_every_time(tmp_path: Path) -> None:
    contents = Contents({"hostile": hostile_table()}, {"change": picture()}, 2022)
    pieces = [Paragraph("table", "hostile"), Paragraph("figure", "change")]
    made = [
        (
            write_word(tmp_path / f"{k}.docx", pieces, contents).read_bytes(),
            write_excel(tmp_path / f"{k}.xlsx", contents).read_bytes(),
        )
        for k in (1, 2)
    ]
    assert made[0] == made[1]


def test_hostile_labels_stay_labels_in_word(tmp_path: Path) -> None:
    pieces = [
        Paragraph("heading", HOSTILE[1], level=1),
        *(Paragraph("body", text) for text in HOSTILE),
        Paragraph("table", "t"),
        Paragraph("figure", "change"),
    ]
    contents = Contents({"t": hostile_table()}, {"change": picture()}, 2022)
    path = write_word(tmp_path / "x.docx", pieces, contents)
    document = docx.Document(str(path))
    assert_labels([row.cells[0].text for row in document.tables[0].rows[2:]])
    assert_labels([p.text for p in document.paragraphs[1 : 1 + len(HOSTILE)]])
    fields = [e.text for e in document.element.body.iter(qn("w:instrText"))]
    assert all(re.match(r" SEQ (Bảng|Hình) ", field) for field in fields)
    assert document.inline_shapes[0]._inline.docPr.get("descr") == 'Hình: "một" & <hai>'


def assert_labels(found: list[str]) -> None:
    """Whole, composed, and nothing but text."""
    expected = [unicodedata.normalize("NFC", text) for text in HOSTILE]
    expected[-1] = expected[-1].replace("\x07", "\ufffd")
    assert [text.replace("_x0007_", "\ufffd") for text in found] == expected


def test_half_up_is_done_at_display(tmp_path: Path) -> None:
    assert hostile_table().shown()["Năm 2022: Tỷ lệ (%)"].iloc[0] == "79,17"
    assert str(half_up(79.165, 2)) == "79.17"


def test_a_missing_package_names_its_extra() -> None:
    with pytest.raises(SurveyError, match=r"sipas\[word\]"):
        pictures.needed("no_such_module_here", "python-docx", "word")
