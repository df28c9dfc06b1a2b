"""Captions, and what refers to them: "Bảng 5" in the text becomes a field that follows Bảng 5.

The text is written for people, with numbers in it. A reference is found by word and number where
it stands as one: at the end of a bracket or sentence or beside another, not inside quoted words
or a label, and not in the name of another document's table ("Bảng 2 Quyết định số 12").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sipas.documents.pictures import Contents
from sipas.plain_text import inert
from sipas.wording.paragraphs import Paragraph

_QUOTED = re.compile('“[^”]*”|"[^"]*"|«[^»]*»')


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
        told = 0
        for start, end in self._places(text):
            yield text[told:start]
            yield self.known[text[start:end]]
            told = end
        yield text[told:]

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        """Give where the references stand."""
        closed = _closed(text, self.labels)
        pattern = _pattern(self.words)
        last = -1
        for match in pattern.finditer(text):
            start, end = match.span()
            listed = last >= 0 and _joins(text[last:start])
            if match[0] not in self.known or not (listed or _begins(text, start)):
                continue
            if not (_ends(text, start, end) or _is_listed(text[end:], pattern)):
                continue
            if not any(left < end and start < right for left, right in closed):
                yield start, end
                last = end


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
    words = tuple(contents.voice.say("file", kind) for kind in ("table", "figure"))
    return References(known, words, _mistakable(contents, words))


def _begins(text: str, start: int) -> bool:
    """Say whether a name can begin here; behind a comma it goes on with what another began."""
    return not text[:start].endswith(", ")


def _ends(text: str, start: int, end: int) -> bool:
    """Say whether the name ends here: "Bảng 5)", "Bảng 5, tỷ lệ", not "Bảng 5 Luật A"."""
    rest = text[end:]
    if not rest or rest[0] in ").;:":
        return re.match(r"\.\d", rest) is None
    if rest.startswith(", "):
        return rest[2:3].islower()
    opens = start == 0 or text[:start].endswith(". ")
    return opens and rest[0] == " " and rest[1:2].islower()


def _joins(between: str) -> bool:
    """Say whether only a comma or one small word stands between two references."""
    return re.fullmatch(r", | [^\W\d]+ ", between) is not None


def _is_listed(rest: str, pattern: re.Pattern[str]) -> bool:
    """Say whether another reference follows at once."""
    following = pattern.search(rest)
    return following is not None and _joins(rest[: following.start()])


def _closed(text: str, labels: Sequence[str]) -> list[tuple[int, int]]:
    """Find labels, and what is quoted between them, which are left as they are."""
    spans = []
    for label in labels:
        for found in re.finditer(re.escape(label), text, re.IGNORECASE):
            spans.append(found.span())
            text = text[: found.start()] + "\0" * len(found[0]) + text[found.end() :]
    return [*spans, *(found.span() for found in _QUOTED.finditer(text))]


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Give the pattern of a caption's word and a number."""
    kinds = "|".join(sorted(map(re.escape, set(words)))) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{kinds}) [1-9]\d*(?!\w)")


def _mistakable(contents: Contents, words: Iterable[str]) -> tuple[str, ...]:
    """Give the labels in which a reference or a quotation seems to stand, the longest first."""
    pattern = _pattern(words)
    frames = [one.frame for one in contents.tables.values()]
    frames += [one.data for one in contents.pictures.values()]
    cells = {
        value for one in frames for key in one for value in one[key] if isinstance(value, str)
    }
    found = {
        cell
        for cell in map(inert, cells)
        if not pattern.fullmatch(cell) and (pattern.search(cell) or re.search('[“”"«»]', cell))
    }
    return tuple(sorted(found, key=lambda one: (-len(one), one)))
