"""The look of a paragraph: size, spacing, and one font named in all four slots of every run."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sipas.documents.word_xml import element, put
from sipas.plain_text import inert

FONT = "Times New Roman"
_SLOTS = ("ascii", "hAnsi", "cs", "eastAsia")
_THEMES = ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme")


@dataclass(frozen=True, slots=True)
class Style:
    """Look of a paragraph; sizes and spaces in points, the indent in millimetres.

    All of it is set on the paragraph itself, so that a template's own styles neither change it
    nor have to have it.
    """

    size: float = 13
    align: Literal["left", "center", "right", "justify"] = "left"
    first_line: float = 0
    before: float = 0
    after: float = 0
    bold: bool = False
    italic: bool = False
    keep_next: bool = False
    keep_lines: bool = False
    lang: str = "vi-VN"

    def apply(self, paragraph: Any, text: str) -> Any:
        """Set the look of a paragraph, and add text to it."""
        properties = paragraph._p.get_or_add_pPr()
        for one in _of_paragraph(self):
            put(properties, deepcopy(one))
        if text:
            self.run(paragraph, text)
        return paragraph

    def run(self, paragraph: Any, text: str) -> Any:
        """Add text in this look."""
        made = paragraph.add_run(inert(text))
        made._r.insert(0, deepcopy(_of_run(self)))
        return made


@cache
def _of_paragraph(style: Style) -> list[Any]:
    """Make the properties of a paragraph; made once, since a report has thousands."""
    spacing = {"before": _twips(style.before), "after": _twips(style.after)}
    plain = {"beforeAutospacing": "0", "afterAutospacing": "0", "line": "240", "lineRule": "auto"}
    first = _twips(style.first_line / 25.4 * 72)
    return [
        element("keepNext", val=str(int(style.keep_next))),
        element("keepLines", val=str(int(style.keep_lines))),
        element("spacing", **spacing, **plain),
        element("ind", left="0", right="0", firstLine=first),
        element("contextualSpacing", val="0"),
        element("jc", val="both" if style.align == "justify" else style.align),
    ]


@cache
def _of_run(style: Style) -> Any:
    """Make the properties of a run, in the order of the schema."""
    made = element("rPr")
    made.append(element("rFonts", **dict.fromkeys(_SLOTS, FONT)))
    for name, on in (("b", style.bold), ("i", style.italic)):
        made.append(element(name, val=str(int(on))))
    made.append(element("color", val="000000"))
    made.append(element("sz", val=str(round(style.size * 2))))
    made.append(element("lang", val=style.lang, eastAsia=style.lang))
    return made


def _twips(points: float) -> str:
    """Write points as twentieths of a point."""
    return str(round(points * 20))


def numbers_itself(style: Any) -> bool:
    """Say whether a style, or one that it is based on, numbers its paragraphs."""
    while style is not None:
        if style.element.xpath("w:pPr/w:numPr"):
            return True
        style = style.base_style
    return False


def set_font(properties: Any, name: str) -> None:
    """Name the font in all four slots; Word takes Vietnamese letters from several of them."""
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for slot in _SLOTS:
        fonts.set(qn(f"w:{slot}"), name)
    for theme in _THEMES:
        fonts.attrib.pop(qn(f"w:{theme}"), None)
