"""What stands where in an HTML report: numbers and anchors of its headings, tables and figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sipas.documents.html_text import worded
from sipas.documents.pictures import Contents
from sipas.numerals import Lang
from sipas.wording.paragraphs import Paragraph

_CAPTIONED = ("table", "figure")


@dataclass(frozen=True, slots=True)
class Piece:
    """One paragraph and its place in the page.

    Parameters
    ----------
    part : Paragraph
        The paragraph.
    anchor : str
        Name to link to; ``""`` for running text.
    mention : str
        What a sentence calls it, such as ``"Bảng 5"``; ``""`` unless it is a table or a figure.
    caption : str
        Heading, or caption with its number.
    """

    part: Paragraph
    anchor: str = ""
    mention: str = ""
    caption: str = ""

    @property
    def heads(self) -> bool:
        """Whether it is a heading."""
        return self.part.kind in ("heading", "annex")


def outline(paragraphs: Sequence[Paragraph], contents: Contents) -> list[Piece]:
    """Count headings, tables and figures, in the order in which they are read.

    Raises
    ------
    KeyError
        If a paragraph names a table or figure that `contents` does not have.
    """
    counted = dict.fromkeys(("section", *_CAPTIONED), 0)
    pieces = []
    for part in paragraphs:
        kind = "section" if part.kind in ("heading", "annex") else part.kind
        if kind not in counted:
            pieces.append(Piece(part))
            continue
        counted[kind] += 1
        anchor = f"{kind}-{counted[kind]}"
        if kind == "section":
            pieces.append(Piece(part, anchor, caption=part.text))
        else:
            mention = f"{contents.voice.say('file', kind)} {counted[kind]}"
            pieces.append(Piece(part, anchor, mention, f"{mention}. {_title(part, contents)}"))
    return pieces


def navigation(pieces: Iterable[Piece], lang: Lang) -> str:
    """List headings, and beneath each its tables and figures, as links."""
    lines: list[str] = []
    for first, group in _by_heading(pieces):
        beneath = "".join(f"<li>{_link(piece, lang)}</li>" for piece in group)
        under = f"\n<ul>{beneath}</ul>" if beneath else ""
        lines.append(f"<li>{_link(first, lang)}{under}</li>" if first else beneath)
    return "\n".join(["<ul>", *lines, "</ul>"])


def _by_heading(pieces: Iterable[Piece]) -> Iterator[tuple[Piece | None, list[Piece]]]:
    """Give each heading with the tables and figures up to the next one."""
    heading: Piece | None = None
    group: list[Piece] = []
    for piece in pieces:
        if piece.heads:
            if heading or group:
                yield heading, group
            heading, group = piece, []
        elif piece.mention:
            group.append(piece)
    if heading or group:
        yield heading, group


def _link(piece: Piece, lang: Lang) -> str:
    return f'<a href="#{piece.anchor}">{worded(piece.caption, lang)}</a>'


def _title(part: Paragraph, contents: Contents) -> str:
    """Title of the table or caption of the picture that a paragraph names."""
    if part.kind == "table":
        return contents.tables[part.text].title
    return contents.pictures[part.text].caption
