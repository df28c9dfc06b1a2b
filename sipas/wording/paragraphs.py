"""Pieces of a document in order: headings, paragraphs, and places of tables and figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from unicodedata import normalize

PieceKind = Literal["heading", "annex", "body", "note", "table", "figure"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One piece of the document.

    Parameters
    ----------
    kind : {"heading", "annex", "body", "note", "table", "figure"}
        What it is; ``annex`` is a heading on a new page.
    text : str
        The words; for a table or figure its name.
    level : int
        Level of a heading.
    """

    kind: PieceKind
    text: str
    level: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", normalize("NFC", self.text))


def joined(*sentences: str | None) -> Paragraph:
    """One paragraph of the sentences that there are."""
    return Paragraph("body", " ".join(one for one in sentences if one))
