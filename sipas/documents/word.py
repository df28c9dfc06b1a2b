"""The report as a Word file: a document by itself, or a part of one of the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from sipas.documents.pictures import Contents, Picture, needed
from sipas.documents.references import caption_words
from sipas.documents.word_fields import add_caption, add_text, last_number
from sipas.documents.word_page import LANGUAGES, Area, packed, set_page, set_properties
from sipas.documents.word_references import Caption, captions, references
from sipas.documents.word_style import Style, numbers_itself
from sipas.documents.word_tables import add_table
from sipas.documents.word_template import Place, body_size, find_place, free_names, opened
from sipas.documents.word_xml import element, put
from sipas.plain_text import inert
from sipas.tables import Table
from sipas.wording.paragraphs import Paragraph

_BODY = Style(size=13, align="justify", first_line=10, after=6)
_NOTE = Style(size=12, align="justify", after=6, italic=True)
_CAPTION = Style(size=12, align="center", before=6, after=4, bold=True, keep_next=True)
_UNDER = Style(size=12, align="center", before=4, after=10, bold=True)
_FOOTNOTE = Style(size=9.5, align="justify", before=2, after=10, italic=True, keep_lines=True)
_PICTURE = Style(size=13, align="center", before=6, keep_next=True)
_TITLE = Style(size=14, align="center", after=8, bold=True, keep_next=True)
_HEADING = Style(size=13, align="left", before=8, after=6, bold=True, keep_next=True)
_CELL = Style()
#: Words' outline has this many levels.
_LEVELS = 9
#: Part of the text's width that a picture takes which is wider than tall: it then fits more often
#: on the page where it is spoken of.
_OF_WIDTH = 0.9
#: Height that a caption takes of a picture's page, in millimetres.
_CAPTION_HEIGHT = 32


def write_word(
    path: str | Path,
    paragraphs: Sequence[Paragraph],
    contents: Contents,
    *,
    append_to: str | Path | None = None,
    bookmark: str | None = "section_a",
) -> Path:
    """Write paragraphs, tables and pictures to a .docx file.

    Parameters
    ----------
    path : str or Path
        The file to write.
    paragraphs : sequence of Paragraph
        From `sipas.wording.section`; tables and pictures stand where it names them.
    contents : Contents
        The tables and pictures.
    append_to : str or Path, optional
        A .docx document of your own, into a copy of which all this is put. The document itself
        is not changed, and of the copy neither page, headers, styles, properties nor text.
    bookmark : str or None
        Name of the bookmark in ``append_to`` after whose paragraph it is put; None for the end
        of the document.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    SurveyError
        If python-docx is not installed; if ``append_to`` is not there, cannot be read, is not a
        .docx or is ``path`` itself; if it has no such bookmark, or only in a table.

    Notes
    -----
    Captions are numbered by SEQ fields, on from those that stand before the bookmark under the
    same word ("Bảng", "Hình"); captions behind it follow when Word updates its fields (Ctrl+A,
    F9). "Bảng 5" in the text is a reference (REF) to its caption and follows too; what is quoted
    or comes from a label stays as it is. Tables and pictures are fitted to the text width of the
    section they are put in.

    By itself the document has the page of an administrative document (`sipas.documents.word_page`
    says what is followed of Decree 30/2020/NĐ-CP); in ``append_to`` it has that document's page,
    and letters as large as its text where that is of 13 to 14 points.
    """
    docx = needed("docx", "python-docx", "word")
    target = Path(path)
    if append_to is None:
        document = docx.Document()
        set_page(document, docx)
        set_properties(document, paragraphs, contents)
        place = find_place(document, None)
    else:
        document = opened(Path(append_to), target, docx)
        place = find_place(document, bookmark)
    _fill(document, place, paragraphs, contents)
    target.write_bytes(packed(document))
    return target


def _fill(
    document: Any, place: Place, paragraphs: Sequence[Paragraph], contents: Contents
) -> None:
    """Write everything at the end of a document, and move it to its place."""
    old = set(place.body)
    prefix, first_mark = free_names(document)
    words = caption_words(contents.lang)
    before = {kind: last_number(place.before, word) for kind, word in words.items()}
    placed = captions(paragraphs, words, before, prefix)
    writer = _Writer(document, contents, place.area, placed, first_mark)
    for part in paragraphs:
        writer.write(part)
    place.take([one for one in place.body if one not in old])


class _Writer:
    """Writes one piece after another at the end of one document."""

    def __init__(
        self,
        document: Any,
        contents: Contents,
        area: Area,
        placed: Sequence[tuple[Paragraph, Caption]],
        first_mark: int,
    ) -> None:
        self.document, self.contents, self.area = document, contents, area
        self.known = references(contents, placed)
        self.captions = enumerate((caption for _, caption in placed), start=first_mark)
        self.lang, self.larger = LANGUAGES[contents.lang], body_size(document) - _BODY.size
        self.styles = _paragraph_styles(document)

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

    def text(self, text: str, style: Style) -> None:
        """Write one paragraph, its references as fields."""
        look = self.spoken(style)
        add_text(look.apply(self.document.add_paragraph(), ""), inert(text), self.known, look)

    def heading(self, part: Paragraph) -> None:
        """Write a heading that Word's outline knows, without the numbers a template may add."""
        level = min(max(part.level, 1), _LEVELS)
        made = self.styled(f"Heading {level}")
        made.paragraph_format.page_break_before = part.kind == "annex"
        properties = made._p.get_or_add_pPr()
        put(properties, element("outlineLvl", val=str(level - 1)))
        if numbers_itself(made.style):
            unnumbered = element("numPr")
            unnumbered.append(element("numId", val="0"))
            put(properties, unnumbered)
        self.spoken(_TITLE if level == 1 else _HEADING).apply(made, part.text)

    def caption(self, text: str, style: Style) -> None:
        """Write the next caption; its number is a field, so that Word can renumber it."""
        mark, caption = next(self.captions)
        look = self.spoken(style)
        made = look.apply(self.styled("Caption"), "")
        add_caption(made, caption, mark, look)
        look.run(made, f". {text}")

    def table(self, table: Table) -> None:
        """Write a table: caption, cells, notes."""
        self.caption(table.title, _CAPTION)
        add_table(self.document, table, self.area.width, self.spoken(_CELL))
        look = self.spoken(_FOOTNOTE)
        look.apply(self.document.add_paragraph(), " ".join(table.notes))

    def picture(self, picture: Picture) -> None:
        """Write a picture, its words for those who cannot see it, and its caption."""
        from docx.shared import Mm

        made = self.spoken(_PICTURE).apply(self.document.add_paragraph(), "")
        shape = made.add_run().add_picture(BytesIO(picture.png))
        part = _OF_WIDTH if shape.width > shape.height else 1.0
        room = Mm(self.area.width * part), Mm(self.area.height - _CAPTION_HEIGHT)
        scale = min(room[0] / shape.width, room[1] / shape.height)
        shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)
        for side in ("distT", "distB", "distL", "distR"):
            shape._inline.set(side, "0")  # LibreOffice takes 3 mm for granted, and shifts it
        shape._inline.docPr.set("descr", inert(picture.alt))
        shape._inline.docPr.set("title", inert(picture.caption))
        self.caption(picture.caption, _UNDER)

    def spoken(self, style: Style) -> Style:
        """Give a look in the language of the report, as much larger as a template's text is."""
        return replace(style, lang=self.lang, size=style.size + self.larger)

    def styled(self, name: str) -> Any:
        """Add a paragraph of a named style where the document has it."""
        return self.document.add_paragraph(style=name if name in self.styles else None)


def _paragraph_styles(document: Any) -> set[str]:
    """Names of the styles of paragraphs that a document has."""
    from docx.enum.style import WD_STYLE_TYPE

    return {one.name for one in document.styles if one.type == WD_STYLE_TYPE.PARAGRAPH}
