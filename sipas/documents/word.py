"""The report as a Word file that a Vietnamese office can paste into its plan.

Page, margins, font and page number follow the usual layout of administrative documents
(Nghị định 30/2020/NĐ-CP): A4, Times New Roman, number centred in the top margin from page 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sipas.documents.pictures import Contents, Picture, needed
from sipas.documents.word_parts import add_field, add_table
from sipas.documents.word_style import FONT, Style, set_font
from sipas.tables import Table
from sipas.wording.paragraphs import Paragraph

_LANGUAGE = {"vi": "vi-VN", "en": "en-GB"}
_BODY = Style(size=13, align="justify", first_line=10, after=6)
_NOTE = Style(size=12, align="justify", after=6, italic=True)
_CAPTION = Style(size=12, align="center", before=6, after=4, bold=True, keep_next=True)
_FOOTNOTE = Style(size=9.5, align="justify", before=2, after=10, italic=True)
_PICTURE = Style(size=13, align="center", before=6, keep_next=True)
_TITLE = Style(size=14, align="center", after=8, bold=True, keep_next=True)
_HEADING = Style(size=13, align="left", before=8, after=6, bold=True, keep_next=True)
#: Width of a picture in millimetres: the text is 210 - 30 - 18 wide.
_WIDTH = 160
#: Height that leaves room for the caption on the same page.
_TALLEST = 225


def write_word(path: str | Path, paragraphs: Sequence[Paragraph], contents: Contents) -> Path:
    """Write paragraphs, tables and pictures to a .docx file.

    Parameters
    ----------
    path : str or Path
        The file to write.
    paragraphs : sequence of Paragraph
        From `sipas.wording.section`; tables and pictures stand where it names them.
    contents : Contents
        The tables and pictures.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    SurveyError
        If python-docx is not installed.
    """
    docx = needed("docx", "python-docx", "word")
    document = docx.Document()
    _page(document, docx)
    _properties(document, paragraphs, contents)
    writer = _Writer(document, docx, contents)
    for part in paragraphs:
        writer.write(part)
    buffer = BytesIO()
    document.save(buffer)
    target = Path(path)
    target.write_bytes(_undated(buffer))
    return target


class _Writer:
    """Writes one piece after another into one document."""

    def __init__(self, document: Any, docx: Any, contents: Contents) -> None:
        self.document, self.docx, self.contents = document, docx, contents
        self.voice = contents.voice
        self.next = {"table": 1, "figure": 1}

    def write(self, part: Paragraph) -> None:
        """Write one piece."""
        match part.kind:
            case "heading" | "annex":
                self.heading(part)
            case "table":
                self.table(self.contents.tables[part.text])
            case "figure":
                self.picture(self.contents.pictures[part.text])
            case "note":
                self.text(part.text, _NOTE)
            case "body":
                self.text(part.text, _BODY)

    def text(self, text: str, style: Style) -> Any:
        """Write one paragraph."""
        return style.apply(self.document.add_paragraph(), text)

    def heading(self, part: Paragraph) -> None:
        """Write a heading that Word's outline knows."""
        style = _TITLE if part.level == 1 else _HEADING
        made = self.document.add_paragraph(style=f"Heading {max(part.level, 1)}")
        made.paragraph_format.page_break_before = part.kind == "annex"
        style.apply(made, part.text)

    def caption(self, kind: str, number: int, text: str) -> None:
        """Write a caption whose number is a field, so that Word can renumber it."""
        word = self.voice.say("file", kind)
        made = _CAPTION.apply(self.document.add_paragraph(style="Caption"), f"{word} ")
        add_field(made, f"SEQ {word} \\* ARABIC", str(number), _CAPTION)
        _CAPTION.apply(made, f". {text}")

    def table(self, table: Table) -> None:
        """Write a table: caption, cells, notes."""
        self.caption("table", self.number("table"), table.title)
        add_table(self.document, table)
        self.text(" ".join(table.notes), _FOOTNOTE)

    def picture(self, picture: Picture) -> None:
        """Write a picture, its words for those who cannot see it, and its caption."""
        made = _PICTURE.apply(self.document.add_paragraph(), "")
        mm = self.docx.shared.Mm
        shape = made.add_run().add_picture(BytesIO(picture.png), width=mm(_WIDTH))
        tallest = mm(_TALLEST)
        if shape.height > tallest:
            shape.width, shape.height = round(shape.width * tallest / shape.height), tallest
        shape._inline.docPr.set("descr", picture.alt)
        shape._inline.docPr.set("title", picture.caption)
        self.caption("figure", self.number("figure"), picture.caption)

    def number(self, kind: str) -> int:
        """Count the captions of one kind."""
        self.next[kind] += 1
        return self.next[kind] - 1


def _page(document: Any, docx: Any) -> None:
    """Set paper, margins, the font of every style, and the page number."""
    section, mm = document.sections[0], docx.shared.Mm
    section.page_width, section.page_height = mm(210), mm(297)
    section.top_margin = section.bottom_margin = mm(20)
    section.left_margin, section.right_margin = mm(30), mm(18)
    section.header_distance = mm(10)
    section.different_first_page_header_footer = True
    for name in ("Normal", "Heading 1", "Heading 2", "Caption"):
        set_font(document.styles[name].element.get_or_add_rPr(), FONT)
    number = Style(size=13, align="center")
    add_field(number.apply(section.header.paragraphs[0], ""), "PAGE", "2", number)


def _properties(document: Any, paragraphs: Sequence[Paragraph], contents: Contents) -> None:
    """Fill in title, language and a date that does not change from run to run."""
    core = document.core_properties
    titles = [part.text for part in paragraphs if part.kind == "heading"]
    core.title = titles[0][:255] if titles else ""
    core.language = _LANGUAGE[contents.lang]
    core.author = core.last_modified_by = "sipas"
    core.comments = ""
    core.keywords = contents.voice.say("file", "keywords")
    core.created = core.modified = contents.dated
    core.revision = 1
    element = document.styles.element
    for mark in element.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}lang"):
        for slot in ("val", "eastAsia"):
            key = f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{slot}"
            mark.set(key, _LANGUAGE[contents.lang])


def _undated(buffer: BytesIO) -> bytes:
    """Pack the file again without the time of day, which would make every run differ."""
    packed = BytesIO()
    with ZipFile(buffer) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return packed.getvalue()
