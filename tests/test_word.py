"""The Word file: references, a template of one's own, what Word's schema asks, hostile text."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pytest
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from lxml import etree

from sipas import report
from sipas.documents import Contents, Picture, write_word
from sipas.documents.word_fields import last_number
from sipas.documents.word_references import captions, references
from sipas.documents.word_widths import layout
from sipas.numerals import Lang
from sipas.tables import Column, Table
from sipas.wording.paragraphs import Paragraph
from sipas.wording.report_parts import tables_of
from survey.errors import SurveyError

#: One white dot.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f00010101001bb6ee560000000049454e44ae426082"
)
Made = tuple[list[Paragraph], Contents]


def table(name: str, *labels: str) -> Table:
    frame = pd.DataFrame({"label": labels or ("Huế",), "after": [79.5] * max(len(labels), 1)})
    columns = (Column("label", "Chỉ số", kind="text"), Column("after", "Tỷ lệ (%)"))
    return Table(name, f"Kết quả {name}", frame, columns, notes=("Ghi chú.",))


def small(*labels: str) -> Contents:
    """Three tables and one figure."""
    tables = {"a": table("a", *labels), "b": table("b"), "c": table("c")}
    figure = Picture("f", "Chỉ số", {"png": DOT}, "Một hình", pd.DataFrame({"x": [1]}))
    return Contents(tables, {"f": figure}, 2022)


def placed(*texts: str) -> list[Paragraph]:
    """Texts, then every table and the figure."""
    made = [Paragraph("heading", "Phần A", level=1), *(Paragraph("body", one) for one in texts)]
    return [*made, *(Paragraph("table", name) for name in "abc"), Paragraph("figure", "f")]


@pytest.fixture(scope="module")
def demos() -> dict[Lang, Made]:
    """The demonstration in both languages, with dots in place of figures."""
    made: dict[Lang, Made] = {}
    langs: tuple[Lang, ...] = ("vi", "en")
    parts = report.demo().parts
    for lang in langs:
        one = report.SectionA(parts, lang)
        names = parts.figure_names
        dots = {
            name: Picture(name, name, {"png": DOT}, "…", pd.DataFrame({"x": [1]}))
            for name in names
        }
        contents = Contents(tables_of(parts, lang), dots, parts.year, lang)
        made[lang] = (one.paragraphs(), contents)
    return made


@pytest.fixture(scope="module")
def demo(demos: dict[Lang, Made], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_word(tmp_path_factory.mktemp("word") / "demo.docx", *demos["vi"])


def body_of(path: Path) -> Any:
    return docx.Document(str(path)).element.body


def instructions(body: Any) -> list[str]:
    return [" ".join(one.text.split()) for one in body.iter(qn("w:instrText"))]


def bookmarks(body: Any) -> dict[str, str]:
    """Text under every bookmark."""
    found = {}
    for mark in body.iter(qn("w:bookmarkStart")):
        text = ""
        for one in mark.itersiblings():
            if one.tag == qn("w:bookmarkEnd") and one.get(qn("w:id")) == mark.get(qn("w:id")):
                break
            text += "".join(part.text or "" for part in one.iter(qn("w:t")))
        found[mark.get(qn("w:name"))] = text
    return found


def texts(path: Path) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]


# --- references -----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_text_is_that_of_the_report_and_every_reference_a_field(
    demos: dict[Lang, Made], lang: Lang, tmp_path: Path
) -> None:
    paragraphs, contents = demos[lang]
    path = write_word(tmp_path / "x.docx", paragraphs, contents)
    shown, body = texts(path), body_of(path)
    told = [one.text for one in paragraphs if one.kind in ("heading", "annex", "body", "note")]
    found = iter(shown)
    assert all(text in found for text in told), "the same texts in the same order"
    words = "Bảng|Hình" if lang == "vi" else "Table|Figure"
    said = [m[0] for text in told for m in re.finditer(rf"(?:{words}) \d+", text)]
    fields = [one.split() for one in instructions(body) if one.startswith("REF")]
    marks = bookmarks(body)
    assert len(said) > 15
    assert [marks[field[1]] for field in fields] == said
    assert {tuple(field[2:]) for field in fields} == {("\\h", "\\*", "CHARFORMAT")}


def test_bookmarks_are_of_the_kind_word_takes(demo: Path) -> None:
    body = body_of(demo)
    names = [one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))]
    ids = [one.get(qn("w:id")) for one in body.iter(qn("w:bookmarkStart"))]
    assert len(names) == len(set(names)) == len(set(ids)) == 18
    assert all(re.fullmatch(r"_[A-Za-z0-9_]{1,39}", name) for name in names)
    assert sorted(ids) == sorted(one.get(qn("w:id")) for one in body.iter(qn("w:bookmarkEnd")))


HOSTILE = (
    "“Niêm yết Bảng 1 tại bộ phận”, “Bảng 2”.",
    "mục tiêu của Bảng 2 Quyết định số 12",
    "theo mục A.3, Bảng 2. Chỉ số",
    "Bảng 1.1, Bảng 1a, Bảng 04, Bảng 9, bảng 1, Hình 2, Bảng 12",
    "công khai Hình 1 ở trụ sở: 79,50%",
    "{ REF x } Bảng",
    "Bảng 2 của Thông tư 05 quy định chỉ tiêu.",
    "theo Bảng 2, Hình 1 Quyết định số 12",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_other_documents_tables_stay_as_they_are(text: str, tmp_path: Path) -> None:
    contents = small("công khai Hình 1 ở trụ sở", "Bảng 3")
    source, path = template(tmp_path), tmp_path / "x.docx"
    write_word(path, placed(text), contents, append_to=source)
    assert text in texts(path)
    assert not [one for one in instructions(body_of(path)) if one.startswith("REF")]


@pytest.mark.parametrize(
    ("text", "renumbered"),
    [
        ("Theo Bảng 1, Hình 1, tỷ lệ tăng.", "Theo Bảng 3, Hình 2, tỷ lệ tăng."),
        ("Tăng (Bảng 2; Hình 1).", "Tăng (Bảng 4; Hình 2)."),
        ("nêu tại Bảng 1 và Bảng 3.", "nêu tại Bảng 3 và Bảng 5."),
        ("Bảng 2 trình bày kết quả.", "Bảng 4 trình bày kết quả."),
        ("Bảng 3 của ai? “Bảng 1”; Bảng 3", "Bảng 5 của ai? “Bảng 1”; Bảng 5"),
        ("Bảng 1 và Bảng 2 trình bày kết quả.", "Bảng 3 và Bảng 4 trình bày kết quả."),
    ],
)
def test_references_follow_a_template_that_has_captions(
    text: str, renumbered: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.docx"
    write_word(path, placed(text), small("Bảng 3"), append_to=template(tmp_path))
    assert renumbered in texts(path)


def test_nothing_refers_to_what_is_not_there(tmp_path: Path) -> None:
    path = write_word(tmp_path / "x.docx", [Paragraph("body", "Theo Hình 1.")], small())
    assert texts(path) == ["Theo Hình 1."]
    assert instructions(body_of(path)) == []


def test_the_number_in_the_text_is_that_of_the_table_named() -> None:
    contents = small()
    pieces = [Paragraph("table", "c"), Paragraph("table", "a")]
    words = {"table": "Bảng", "figure": "Hình"}
    known = references(contents, captions(pieces, words, {"table": 0, "figure": 0}, "_x"))
    assert [getattr(one, "number", one) for one in known.split("Bảng 3 và Bảng 1")] == [
        *("", 1, " và ", 2, ""),
    ]


# --- a template of one's own ----------------------------------------------------------------


def marked(paragraph: Any, name: str, number: int = 41) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for one in (start, end):
        one.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    paragraph._p.append(start)
    paragraph._p.append(end)


def captioned(document: Any, word: str, number: int) -> None:
    made = document.add_paragraph(f"{word} ")
    instruction = rf" SEQ {word} \* ARABIC "
    made._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr="{instruction}">'
            f"<w:r><w:t>{number}</w:t></w:r></w:fldSimple>"
        )
    )
    made.add_run(". Của kế hoạch")


def template(folder: Path, *, bare: bool = False, box: bool = False) -> Path:
    """A plan of two sections, the second turned, with captions, a header, fonts of its own."""
    document = docx.Document()
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Arial", Pt(14)
    first = document.sections[0]
    first.page_width, first.page_height = Mm(210), Mm(297)
    first.left_margin, first.right_margin = Mm(35), Mm(25)
    first.top_margin = first.bottom_margin = Mm(25)
    first.header.paragraphs[0].text = "ỦY BAN NHÂN DÂN TỈNH"
    document.add_heading("Kế hoạch", 1)
    captioned(document, "Bảng", 1)
    captioned(document, "Bảng", 2)
    captioned(document, "Hình", 1)
    marked(document.add_paragraph("A. Kết quả", style="Heading 1"), "Section_A")
    document.add_paragraph("B. Nhiệm vụ")
    captioned(document, "Bảng", 3)
    cell = document.add_table(1, 1).cell(0, 0)
    if box:
        marked(cell.paragraphs[0], "in_table", 42)
    second = document.add_section(WD_SECTION.NEW_PAGE)
    second.orientation, second.page_width, second.page_height = (
        WD_ORIENT.LANDSCAPE,
        Mm(297),
        Mm(210),
    )
    marked(document.add_paragraph("C. Phụ lục"), "annex", 43)
    if bare:
        for name in ("Heading 1", "Heading 2", "Caption", "Table Grid"):
            element = document.styles[name].element
            element.getparent().remove(element)
    path = folder / "plan.docx"
    document.save(str(path))
    return path


def canonical(element: Any) -> bytes:
    made: bytes = etree.tostring(element, method="c14n")
    return made


def test_nothing_of_the_template_changes(demos: dict[Lang, Made], tmp_path: Path) -> None:
    source = template(tmp_path)
    held = source.read_bytes()
    path = write_word(tmp_path / "out.docx", *demos["vi"], append_to=source)
    assert source.read_bytes() == held
    old, new = ([canonical(one) for one in body_of(each)] for each in (source, path))
    assert new[:5] == old[:5]
    assert new[-len(old[5:]) :] == old[5:]
    assert len(new) > len(old) + 40
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(path) as after:
        names = set(before.namelist())
        assert names <= set(after.namelist())
        assert all("media" in name for name in set(after.namelist()) - names)
        kept = names - {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
        assert len(kept) > 8
        for name in kept:
            parsed = [each.read(name) for each in (before, after)]
            if name.endswith((".xml", ".rels")):
                parsed = [canonical(etree.fromstring(one)) for one in parsed]
            assert parsed[0] == parsed[1], name


def test_captions_count_on_from_those_before(demos: dict[Lang, Made], tmp_path: Path) -> None:
    path = write_word(tmp_path / "out.docx", *demos["vi"], append_to=template(tmp_path))
    shown = list(bookmarks(body_of(path)).values())
    tables = [one for one in shown if one.startswith("Bảng")]
    figures = [one for one in shown if one.startswith("Hình")]
    assert tables == [f"Bảng {k}" for k in range(3, 15)]
    assert figures == [f"Hình {k}" for k in range(2, 8)]


@pytest.mark.parametrize(("bookmark", "room"), [("section_a", 150.0), ("annex", 297 - 60.0)])
def test_tables_and_pictures_fit_the_section_they_are_put_in(
    demos: dict[Lang, Made], bookmark: str, room: float, tmp_path: Path
) -> None:
    path = write_word(
        tmp_path / "out.docx", *demos["vi"], append_to=template(tmp_path), bookmark=bookmark
    )
    document = docx.Document(str(path))
    made = [one for one in document.tables if len(one.columns) > 1]
    assert len(made) == 12
    for one in made:
        assert sum(column.width for column in one.columns) / Mm(1) == pytest.approx(room, abs=0.1)
    for shape in document.inline_shapes:
        assert shape.width <= Mm(room + 0.05)
        assert [shape._inline.get(f"dist{side}") for side in "TBLR"] == ["0"] * 4


def test_styles_that_a_template_lacks_are_not_needed(tmp_path: Path) -> None:
    source = template(tmp_path, bare=True)
    path = write_word(tmp_path / "x.docx", placed("Theo Bảng 1."), small(), append_to=source)
    document = docx.Document(str(path))
    (heading,) = [one for one in document.paragraphs if one.text == "Phần A"]
    assert heading.style is not None
    assert heading.style.name == "Normal"
    assert heading._p.xpath("w:pPr/w:outlineLvl/@w:val") == ["0"]
    assert document.tables[0]._tbl.xpath("w:tblPr/w:tblBorders/w:insideV")


def test_a_heading_style_that_numbers_does_not_number_ours(tmp_path: Path) -> None:
    source = template(tmp_path)
    document = docx.Document(str(source))
    numbers = parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="1"/></w:numPr>')
    document.styles["Heading 1"].element.get_or_add_pPr().append(numbers)
    document.save(str(source))
    path = write_word(tmp_path / "x.docx", placed(), small(), append_to=source)
    (heading,) = [one for one in docx.Document(str(path)).paragraphs if one.text == "Phần A"]
    assert heading._p.xpath("w:pPr/w:numPr/w:numId/@w:val") == ["0"]


def test_letters_are_as_large_as_the_templates(tmp_path: Path) -> None:
    path = write_word(
        tmp_path / "x.docx", placed("Nội dung."), small(), append_to=template(tmp_path)
    )
    (body,) = [one for one in docx.Document(str(path)).paragraphs if one.text == "Nội dung."]
    assert body.runs[0].font.size == Pt(14)


def test_a_section_that_ends_at_the_bookmark_ends_after_the_report(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("A. Kết quả")
    marked(paragraph, "section_a")
    second = document.add_section(WD_SECTION.NEW_PAGE)
    second.page_width, second.page_height = Mm(297), Mm(210)
    paragraph._p.get_or_add_pPr().append(document.paragraphs[-1]._p.pPr.sectPr)
    document.element.body.remove(document.paragraphs[-1]._p)
    document.add_paragraph("Sau")
    document.save(str(tmp_path / "t.docx"))
    path = tmp_path / "x.docx"
    write_word(path, placed("Nội dung."), small(), append_to=tmp_path / "t.docx")
    blocks = list(body_of(path))
    broken = [k for k, one in enumerate(blocks) if one.xpath("w:pPr/w:sectPr")]
    after = [k for k, one in enumerate(blocks) if "".join(one.xpath(".//w:t/text()")) == "Sau"]
    assert broken == [after[0] - 1]
    assert texts(path)[-2].startswith("Hình 1")


def test_without_a_bookmark_it_stands_at_the_end(tmp_path: Path) -> None:
    source = template(tmp_path)
    path = write_word(
        tmp_path / "x.docx", placed("Theo Bảng 1."), small(), append_to=source, bookmark=None
    )
    old, new = texts(source), texts(path)
    assert new[: len(old)] == old
    assert new[len(old) + 1] == "Theo Bảng 4."
    assert body_of(path)[-1].tag == qn("w:sectPr")


def test_put_in_twice_nothing_has_the_same_name(tmp_path: Path) -> None:
    source, first, second = template(tmp_path), tmp_path / "1.docx", tmp_path / "2.docx"
    write_word(first, placed("Theo Bảng 1."), small(), append_to=source)
    write_word(second, placed("Theo Bảng 1."), small(), append_to=first, bookmark="annex")
    body = body_of(second)
    for tag, key in (("bookmarkStart", "id"), ("bookmarkStart", "name")):
        values = [one.get(qn(f"w:{key}")) for one in body.iter(qn(f"w:{tag}"))]
        assert len(values) == len(set(values)) == 2 + 2 * 4
    pictures = [one.get("id") for one in body.iter(qn("wp:docPr"))]
    assert len(pictures) == len(set(pictures)) == 2
    assert [one for one in texts(second) if one.startswith("Theo")] == [
        "Theo Bảng 3.",
        "Theo Bảng 7.",
    ]


def test_a_bookmark_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    source = template(tmp_path, box=True)
    with pytest.raises(SurveyError, match=r"no bookmark 'phan_a'; it has 'Section_A', 'in_table'"):
        write_word(tmp_path / "x.docx", placed(), small(), append_to=source, bookmark="phan_a")
    with pytest.raises(SurveyError, match=r"'in_table'.*in a table.*'Section_A', 'annex'"):
        write_word(tmp_path / "x.docx", placed(), small(), append_to=source, bookmark="in_table")
    docx.Document().save(str(tmp_path / "empty.docx"))
    with pytest.raises(SurveyError, match=r"it has none at all.*bookmark=None"):
        write_word(tmp_path / "x.docx", placed(), small(), append_to=tmp_path / "empty.docx")
    assert not (tmp_path / "x.docx").exists()


def damaged(folder: Path, name: str) -> bytes:
    """A file of each kind that is mistaken for a .docx."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        zipped.writestr("x.txt", "x")
    if name == "macros.docm":
        old, new = zipfile.ZipFile(template(folder)), BytesIO()
        with zipfile.ZipFile(new, "w") as zipped:
            for each in old.namelist():
                held = old.read(each).replace(
                    b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
                )
                zipped.writestr(each, held)
        return new.getvalue()
    compound = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    return {
        "old.doc": compound,
        "locked.docx": compound + "EncryptedPackage".encode("utf-16-le"),
        "text.docx": b"not a zip",
        "zip.docx": packed.getvalue(),
        "cut.docx": template(folder).read_bytes()[:4000],
    }[name]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("old.doc", r"of the old kind \(\.doc\).*save it as \.docx"),
        ("locked.docx", r"under a password.*take the password off"),
        ("text.docx", r"is not a Word file\. Give a \.docx"),
        ("cut.docx", r"is not a Word file\. Give a \.docx"),
        ("zip.docx", r"is not a whole Word document.*Word Document \(\.docx\)"),
        ("macros.docm", r"is not a whole Word document.*Word Document \(\.docx\)"),
    ],
)
def test_what_is_no_docx_is_said_to_be_none(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(damaged(tmp_path, name))
    with pytest.raises(SurveyError, match=said):
        write_word(tmp_path / "x.docx", placed(), small(), append_to=tmp_path / name)


def test_a_template_not_there_or_written_over_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SurveyError, match=r"none\.docx' cannot be read \(No such file"):
        write_word(tmp_path / "x.docx", placed(), small(), append_to=tmp_path / "none.docx")
    with pytest.raises(SurveyError, match=r"cannot be read \(Is a directory\)"):
        write_word(tmp_path / "x.docx", placed(), small(), append_to=tmp_path)
    source = template(tmp_path)
    held = source.read_bytes()
    with pytest.raises(SurveyError, match="would be written to"):
        write_word(tmp_path / "." / "plan.docx", placed(), small(), append_to=source)
    assert source.read_bytes() == held


def field(*instruction: str) -> str:
    """A field whose instruction is split over several runs."""
    runs = "".join(
        f'<w:r><w:instrText xml:space="preserve">{one}</w:instrText></w:r>' for one in instruction
    )
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return mark.format("begin") + runs + mark.format("separate") + mark.format("end")


@pytest.mark.parametrize(
    ("fields", "reached"),
    [
        ([], 0),
        ([field(" SE", "Q Bảng \\* ARABIC ")], 1),
        ([field(' SEQ "BẢNG" '), field(" SEQ Hình ")], 1),
        ([field("SEQ Bảng \\r 7"), field("SEQ Bảng"), field("SEQ Bảng \\c")], 8),
        ([field("SEQ Bảng_2"), field("PAGE"), field("REF Bảng")], 0),
    ],
)
def test_captions_are_counted_as_word_counts(fields: list[str], reached: int) -> None:
    block = parse_xml(f"<w:p {nsdecls('w')}>{''.join(fields)}</w:p>")
    assert last_number([block], "Bảng") == reached


# --- what Word's schema asks ----------------------------------------------------------------

#: Children in the order of ECMA-376, of those that are written here.
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore numPr spacing ind contextualSpacing jc "
    "outlineLvl",
    "rPr": "rFonts b i color sz lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "left right",
    "tcPr": "tcW gridSpan vMerge vAlign",
    "tr": "trPr tc",
    "tc": "tcPr p",
    "r": "rPr fldChar instrText t tab br drawing",
}


@pytest.mark.parametrize("appended", [False, True])
def test_elements_stand_in_the_order_of_the_schema(
    demos: dict[Lang, Made], appended: bool, tmp_path: Path
) -> None:
    source = template(tmp_path) if appended else None
    path = write_word(tmp_path / "x.docx", *demos["vi"], append_to=source)
    seen: dict[str, set[str]] = {name: set() for name in ORDERS}
    for one in body_of(path).iter(*(qn(f"w:{name}") for name in ORDERS)):
        name = etree.QName(one).localname
        if appended and name == "pPr" and one.find(qn("w:sectPr")) is not None:
            continue
        children = [etree.QName(child).localname for child in one]
        order = ORDERS[name].split()
        assert set(children) <= set(order), name
        places = [order.index(child) for child in children]
        assert places == sorted(places), (name, children)
        assert len(set(children)) == len(children) or name in ("tr", "tc")
        seen[name] |= set(children)
    assert all(seen.values())


def test_runs_say_their_language_and_nothing_asks_to_be_updated(
    demos: dict[Lang, Made], tmp_path: Path
) -> None:
    for lang, tag in (("vi", "vi-VN"), ("en", "en-GB")):
        path = write_word(tmp_path / f"{lang}.docx", *demos[lang])
        words = [one.getparent() for one in body_of(path).iter(qn("w:t"))]
        assert len(words) > 900
        assert {one.xpath("string(w:rPr/w:lang/@w:val)") for one in words} == {tag}
        with zipfile.ZipFile(path) as packed:
            assert b"updateFields" not in packed.read("word/settings.xml")
            assert not [name for name in packed.namelist() if "WithEffects" in name]


def test_captions_stay_with_what_they_are_of(demo: Path) -> None:
    document = docx.Document(str(demo))
    made = [one for one in document.paragraphs if one.style and one.style.name == "Caption"]
    assert len(made) == 18
    for one in made:
        above = one.text.startswith("Bảng")
        assert one.paragraph_format.keep_with_next is above
        near = one._p.getnext() if above else one._p.getprevious()
        assert near.tag == qn("w:tbl") if above else near.xpath("w:r/w:drawing")
        assert above or near.pPr.keepNext.val


def test_the_last_rows_of_a_table_stay_with_its_notes(demo: Path) -> None:
    for one in docx.Document(str(demo)).tables:
        for row in one.rows[-3:]:
            assert row._tr.xpath("w:trPr/w:cantSplit")
            paragraphs = row._tr.xpath("w:tc/w:p/w:pPr/w:keepNext/@w:val")
            assert set(paragraphs) == {"1"}


#: Widths of the letters of Times New Roman Bold, in parts of their size, as its maker prints them.
TIMES = dict.fromkeys("0123456789–", 0.5) | {",": 0.25, ".": 0.25, "−": 0.57, "+": 0.57, "<": 0.57}


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("room", [140.0, 150.0, 162.0, 237.0])
def test_columns_fill_the_text_and_numbers_fit_them(
    demos: dict[Lang, Made], lang: Lang, room: float
) -> None:
    checked = 0
    for one in demos[lang][1].tables.values():
        made = layout(one, room)
        assert sum(made.widths) == pytest.approx(room)
        assert (8 if room >= 162 else 7) <= made.size <= 10
        for column, width in zip(one.columns, made.widths, strict=True):
            for value in one.frame[column.key] if not column.is_words else ():
                shown = column.show(value, lang)
                if set(shown) <= set(TIMES):
                    wide = sum(TIMES[letter] for letter in shown) * made.size / 72 * 25.4
                    assert wide + 2 * 50 / 1440 * 25.4 < width, (one.name, column.key, shown)
                    checked += 1
    assert checked > 800


def test_a_word_longer_than_the_page_leaves_room_for_the_numbers() -> None:
    made = layout(table("x", "n" * 300), 162)
    assert made.widths[1] > 12
    assert sum(made.widths) == pytest.approx(162)


# --- hostile text ---------------------------------------------------------------------------

EVIL = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x","y")',
    "{{ 7*7 }} {% x %} {level}",
    "{ MERGEFIELD tên } «tên» { DDEAUTO c:\\\\x }",
    "n" * 300,
    "Chi\u0309 số ha\u0300i lo\u0300ng",
    "bell \x07 and \ufffe",
    "]]> &amp; <w:p/>",
]


@pytest.mark.parametrize("appended", [False, True])
def test_hostile_text_is_whole_and_does_nothing(appended: bool, tmp_path: Path) -> None:
    contents = small(*EVIL)
    picture = Picture("f", EVIL[3], {"png": DOT}, EVIL[6], pd.DataFrame({"x": EVIL}))
    contents = Contents(contents.tables, {"f": picture}, 2022)
    heads = [Paragraph("heading", text, level=k) for k, text in enumerate(EVIL, start=1)]
    source = template(tmp_path) if appended else None
    path = tmp_path / "x.docx"
    write_word(path, [*heads, *placed(*EVIL)], contents, append_to=source)
    clean = [*EVIL[:5], "Chỉ số hài lòng", "bell \ufffd and \ufffd", EVIL[7]]
    document, shown = docx.Document(str(path)), texts(path)
    assert [one for one in shown if one in clean] == [*clean, *clean]
    made = next(one for one in document.tables if len(one.columns) == 2)
    assert [row.cells[0].text for row in made.rows[1:]] == clean
    shape = document.inline_shapes[0]._inline.docPr
    assert (shape.get("title"), shape.get("descr")) == (EVIL[3], clean[6])
    assert {one.split()[0] for one in instructions(document.element.body)} == {"SEQ"}
    assert not list(document.element.body.iter(qn("w:hyperlink")))
