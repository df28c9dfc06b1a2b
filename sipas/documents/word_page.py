"""The page of an administrative document, and what a Word file says of itself.

Followed of Decree 30/2020/NĐ-CP, as far as it is known here (secondary descriptions, not its own
text): A4; margins 20 mm above and below (20 to 25), 30 mm at the left (30 to 35), 18 mm at the
right (15 to 20); Times New Roman, black; the page number in Arabic figures of 13 points (13 to
14), centred in the top margin, from the second page on; text of 13 points (13 to 14), justified,
the first line 10 mm in (10 to 12.7), 6 points between paragraphs, single spacing (to 1.5).
Tables stand upright: the widest, of 13 columns, are set in letters of 8.5 to 10 points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sipas.documents.pictures import Contents
from sipas.documents.word_fields import add_field
from sipas.documents.word_style import FONT, Style, set_font
from sipas.documents.word_xml import name_of
from sipas.plain_text import inert
from sipas.wording.paragraphs import Paragraph

LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
_STYLES = ("Normal", "Heading 1", "Heading 2", "Heading 3", "Caption", "Header")
_LONG, _SHORT = 297, 210
#: Twentieths of a point in a millimetre.
_TWIPS = 1440 / 25.4


@dataclass(frozen=True, slots=True)
class Area:
    """Width and height in millimetres that text takes on a page."""

    width: float = _SHORT - 30 - 18
    height: float = _LONG - 20 - 20


def set_page(document: Any, docx: Any) -> None:
    """Set paper, margins, the font of every style, and the page number."""
    section, mm = document.sections[0], docx.shared.Mm
    section.page_width, section.page_height = mm(_SHORT), mm(_LONG)
    section.top_margin = section.bottom_margin = mm(20)
    section.left_margin, section.right_margin = mm(30), mm(18)
    section.header_distance = section.footer_distance = mm(10)
    section.different_first_page_header_footer = True
    for name in _STYLES:
        set_font(document.styles[name].element.get_or_add_rPr(), FONT)
    _drop_twin_styles(document)
    number = Style(size=13, align="center")
    add_field(number.apply(section.header.paragraphs[0], ""), "PAGE", "2", number)


def _drop_twin_styles(document: Any) -> None:
    """Leave out the second copy of the styles that Word 2010 kept: it would disagree."""
    for key, relation in list(document.part.rels.items()):
        if relation.reltype.endswith("/stylesWithEffects"):
            del document.part.rels[key]


def area_of(section: Any) -> Area:
    """Measure the room for text in a section of somebody's document, in one of its columns."""
    told = dict.fromkeys(("w", "left", "right", "gutter", "h", "top", "bottom"), 0.0)
    columns, between = 1.0, 0.0
    for part in section if section is not None else ():
        values = {key.rpartition("}")[2]: value for key, value in part.attrib.items()}
        if name_of(part) in ("pgSz", "pgMar"):
            told |= {key: abs(float(value)) for key, value in values.items() if key in told}
        elif name_of(part) == "cols":
            columns, between = float(values.get("num", 1)), float(values.get("space", 720))
    if not told["w"] or not told["h"]:
        return Area()
    width = told["w"] - told["left"] - told["right"] - told["gutter"]
    across = (width - (columns - 1) * between) / columns
    return Area(across / _TWIPS, (told["h"] - told["top"] - told["bottom"]) / _TWIPS)


def set_properties(document: Any, paragraphs: Sequence[Paragraph], contents: Contents) -> None:
    """Fill in title, language and a date that does not change from run to run."""
    from docx.oxml.ns import qn

    core = document.core_properties
    titles = [part.text for part in paragraphs if part.kind == "heading"]
    core.title = inert(titles[0])[:255] if titles else ""
    core.language = LANGUAGES[contents.lang]
    core.author = core.last_modified_by = "sipas"
    core.comments = ""
    core.keywords = contents.voice.say("file", "keywords")
    core.created = core.modified = contents.dated
    core.revision = 1
    for mark in document.styles.element.iter(qn("w:lang")):
        for slot in ("val", "eastAsia"):
            mark.set(qn(f"w:{slot}"), LANGUAGES[contents.lang])


def packed(document: Any) -> bytes:
    """Pack the file without the time of day, which would make every run differ."""
    dated, made = BytesIO(), BytesIO()
    document.save(dated)
    with ZipFile(dated) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return made.getvalue()
