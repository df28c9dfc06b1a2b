"""The look of a paragraph: size, spacing, and one font named in all four slots of every run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from unicodedata import normalize

FONT = "Times New Roman"
_SLOTS = ("ascii", "hAnsi", "cs", "eastAsia")
_THEMES = ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme")


@dataclass(frozen=True, slots=True)
class Style:
    """Look of a paragraph; sizes and spaces in points, the indent in millimetres."""

    size: float = 13
    align: Literal["left", "center", "right", "justify"] = "left"
    first_line: float = 0
    before: float = 0
    after: float = 0
    bold: bool = False
    italic: bool = False
    keep_next: bool = False

    def apply(self, paragraph: Any, text: str) -> Any:
        """Set the look of a paragraph, and add text to it."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Mm, Pt

        shape = paragraph.paragraph_format
        shape.alignment = getattr(WD_ALIGN_PARAGRAPH, self.align.upper())
        shape.space_before, shape.space_after = Pt(self.before), Pt(self.after)
        shape.first_line_indent = Mm(self.first_line)
        shape.line_spacing = 1.0
        shape.keep_with_next = self.keep_next
        if text:
            self.run(paragraph, text)
        return paragraph

    def run(self, paragraph: Any, text: str) -> Any:
        """Add text in this look."""
        from docx.shared import Pt, RGBColor

        made = paragraph.add_run(inert(text))
        made.bold, made.italic = self.bold, self.italic
        made.font.size = Pt(self.size)
        made.font.color.rgb = RGBColor(0, 0, 0)
        set_font(made._element.get_or_add_rPr(), FONT)
        return made


def inert(text: str) -> str:
    r"""Compose the letters, and replace characters that XML does not allow.

    A pasted label can then neither break the file nor fall apart into letters and marks.

    Examples
    --------
    >>> inert("ha\u0300i\x07") == "hài\ufffd"
    True
    """
    return "".join(
        one if one in "\t\n" or (ord(one) >= 32 and not 0xD800 <= ord(one) <= 0xDFFF) else "\ufffd"
        for one in normalize("NFC", text)
    )


def set_font(properties: Any, name: str) -> None:
    """Name the font in all four slots; Word takes Vietnamese letters from several of them."""
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for slot in _SLOTS:
        fonts.set(qn(f"w:{slot}"), name)
    for theme in _THEMES:
        fonts.attrib.pop(qn(f"w:{theme}"), None)
