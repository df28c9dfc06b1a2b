"""Captions, and what refers to them: "Bảng 5" in the text becomes a field that follows Bảng 5.

What in a text is a reference is said in `sipas.documents.references`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sipas.documents.pictures import Contents
from sipas.documents.references import caption_words, mistakable, split
from sipas.wording.paragraphs import Paragraph


@dataclass(frozen=True, slots=True)
class Caption:
    """A numbered caption of the document.

    Parameters
    ----------
    word : str
        What it begins with, such as "Bảng".
    number : int
        Its number in the whole document.
    bookmark : str
        Name of the bookmark around word and number.
    """

    word: str
    number: int
    bookmark: str

    @property
    def shown(self) -> str:
        """What the caption begins with, and what refers to it shows."""
        return f"{self.word} {self.number}"


@dataclass(frozen=True, slots=True)
class References:
    """What the text can refer to.

    Parameters
    ----------
    known : mapping of str to Caption
        By what the text calls it, such as ``"Bảng 5"``.
    words : tuple of str
        What captions begin with.
    labels : tuple of str
        Words of the data, in which something that looks like a reference is none.
    """

    known: Mapping[str, Caption]
    words: tuple[str, ...]
    labels: tuple[str, ...] = ()

    def split(self, text: str) -> Iterator[str | Caption]:
        """Cut a text into words and references; together they are the text."""
        for piece in split(text, self.known, self.words, self.labels):
            yield piece if isinstance(piece, str) else self.known[piece.name]


def captions(
    paragraphs: Iterable[Paragraph],
    words: Mapping[str, str],
    before: Mapping[str, int],
    prefix: str,
) -> list[tuple[Paragraph, Caption]]:
    """Give every table and figure its number, in the order of the document.

    Parameters
    ----------
    paragraphs : iterable of Paragraph
        The pieces of the document.
    words : mapping of {"table", "figure"} to str
        What captions of each kind begin with.
    before : mapping of str to int
        Numbers that the document has reached before these, by kind.
    prefix : str
        Beginning of the names of bookmarks, not used in the document.
    """
    last = dict(before)
    made = []
    for part in paragraphs:
        if part.kind in words:
            last[part.kind] += 1
            number = last[part.kind]
            made.append(
                (part, Caption(words[part.kind], number, f"{prefix}_{part.kind}_{number}"))
            )
    return made


def references(contents: Contents, placed: Sequence[tuple[Paragraph, Caption]]) -> References:
    """Give what the text can refer to: what is placed, by the number that the text gives it."""
    first: dict[tuple[str, str], Caption] = {}
    for part, caption in placed:
        first.setdefault((part.kind, part.text), caption)
    known = {}
    for kind, names in (("table", contents.tables), ("figure", contents.pictures)):
        for number, name in enumerate(names, start=1):
            if (kind, name) in first:
                caption = first[kind, name]
                known[f"{caption.word} {number}"] = caption
    words = tuple(caption_words(contents.lang).values())
    return References(known, words, mistakable(contents.data_words, words))
