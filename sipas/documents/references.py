"""Where a text refers to a table or figure of its own document: "Bảng 5", "Hình 2"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

CaptionKind = Literal["table", "figure"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A piece of a text, and what it refers to: number 0 for plain words.

    Parameters
    ----------
    text : str
        The words, such as "Bảng 5".
    kind : {"table", "figure"}
        Kind of caption.
    number : int
        Number of the caption, 0 where the piece refers to none.
    """

    text: str
    kind: CaptionKind = "table"
    number: int = 0


def references(
    text: str, words: Mapping[CaptionKind, str], counts: Mapping[CaptionKind, int]
) -> list[Reference]:
    """Cut a text at its references; the pieces joined are the text again.

    Parameters
    ----------
    text : str
        A paragraph.
    words : mapping of kind to str
        What captions of each kind begin with.
    counts : mapping of kind to int
        How many captions of each kind there are; a higher number refers to nothing.

    Examples
    --------
    >>> found = references("See Table 2, not Table 7.", {"table": "Table"}, {"table": 3})
    >>> [(one.text, one.number) for one in found]
    [('See ', 0), ('Table 2', 2), (', not Table 7.', 0)]
    """
    kinds = {word: kind for kind, word in words.items()}
    pattern = rf"\b({'|'.join(map(re.escape, kinds))})[ \u00a0]([1-9]\d*)\b"
    made, start = [], 0
    for found in re.finditer(pattern, text):
        kind, number = kinds[found[1]], int(found[2])
        if number <= counts.get(kind, 0):
            made += [Reference(text[start : found.start()]), Reference(found[0], kind, number)]
            start = found.end()
    made.append(Reference(text[start:]))
    return [one for one in made if one.text]
