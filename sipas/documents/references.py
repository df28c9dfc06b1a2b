"""References to tables and figures: where "Bảng 5" in a text is ours, and where it is not.

The text is written for people, with numbers in it. A reference is found by word and number where
it stands as one: at the end of a bracket or sentence or in a list with others, not inside quoted
words or a label, and not in the name of another document's table ("Bảng 2 Quyết định số 12").
In doubt there is none: words that lead nowhere mislead nobody.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sipas.numerals import Lang
from sipas.phrases import Voice

_QUOTED = re.compile('“[^”]*”|"[^"]*"|«[^»]*»')
#: What stands before the first words of a sentence, or of one of a list of paragraphs.
_OPENING = re.compile(r"(?:\A|\A- |[.!?…] )\Z")
#: Behind these no name goes on.
_STOPS = ").;:!?…]"
#: Words behind a reference among which a name tells whose it is: "của Thông tư", "of the Law",
#: "ban hành kèm theo Quyết định".
_NEAR = 5


@dataclass(frozen=True, slots=True)
class Reference:
    """A piece of a text that means one of our tables or figures.

    Parameters
    ----------
    shown : str
        The piece as it stands in the text.
    """

    shown: str

    @property
    def name(self) -> str:
        """What it means, whatever space is between word and number."""
        return " ".join(self.shown.split())


def caption_words(lang: Lang) -> dict[str, str]:
    """Give the words that captions begin with.

    Examples
    --------
    >>> caption_words("vi")
    {'table': 'Bảng', 'figure': 'Hình'}
    """
    voice = Voice(lang)
    return {kind: voice.say("file", kind) for kind in ("table", "figure")}


def split(
    text: str, known: Container[str], words: Iterable[str], labels: Sequence[str] = ()
) -> Iterator[str | Reference]:
    """Cut a text into words and references; together they are the text.

    Parameters
    ----------
    text : str
        The text.
    known : container of str
        The names that there are, such as ``"Bảng 5"``.
    words : iterable of str
        What captions begin with.
    labels : sequence of str
        Words of the data, in which something that looks like a reference is none.

    Examples
    --------
    >>> [*split("See Table 2.", {"Table 2"}, ["Table", "Figure"])]
    ['See ', Reference(shown='Table 2'), '.']
    >>> [*split("See Table 2 of Decision 12.", {"Table 2"}, ["Table", "Figure"])]
    ['See Table 2 of Decision 12.']
    """
    closed, told = _closed(text, labels), 0
    for start, end in _places(text, known, _pattern(words), closed):
        yield text[told:start]
        yield Reference(text[start:end])
        told = end
    yield text[told:]


def mistakable(labels: Iterable[str], words: Iterable[str]) -> tuple[str, ...]:
    """Give the labels in which a reference or a quotation seems to stand, the longest first.

    Examples
    --------
    >>> mistakable(["See Table 1 there", "Table 1", "Roads"], ["Table"])
    ('See Table 1 there',)
    """
    pattern = _pattern(words)
    found = {
        label
        for label in labels
        if not pattern.fullmatch(label) and (pattern.search(label) or re.search('[“”"«»]', label))
    }
    return tuple(sorted(found, key=lambda one: (-len(one), one)))


def _places(
    text: str,
    known: Container[str],
    pattern: re.Pattern[str],
    closed: Sequence[tuple[int, int]],
) -> Iterator[tuple[int, int]]:
    """Give where the references stand; a list of them is ours as a whole, or not at all."""
    last = -1
    for match in pattern.finditer(text):
        start, end = match.span()
        if Reference(match[0]).name not in known:
            continue
        listed = last >= 0 and _joins(text[last:start])
        if not (listed or (_begins(text, start) and _ends(text, start, end, pattern))):
            continue
        if not any(left < end and start < right for left, right in closed):
            yield start, end
            last = end


def _begins(text: str, start: int) -> bool:
    """Say whether a name can begin here; behind a comma it goes on with what another began."""
    return not text[:start].endswith(", ")


def _ends(text: str, start: int, end: int, pattern: re.Pattern[str]) -> bool:
    """Say whether the name, or the list that it begins, ends: "Bảng 5)", not "Bảng 5 Luật A"."""
    following = pattern.search(text, end)
    while following is not None and _joins(text[end : following.start()]):
        end = following.end()
        following = pattern.search(text, end)
    rest = text[end:]
    if not rest or rest[0] in _STOPS:
        return re.match(r"\.\d", rest) is None
    if rest.startswith(", "):
        return rest[2:3].islower()
    if rest.startswith(" & "):
        return rest[3:4].islower() or _QUOTED.match(rest, 3) is not None
    opens = _OPENING.search(text[:start]) is not None
    return opens and rest[0] == " " and rest[1:2].islower() and not _is_anothers(rest)


def _is_anothers(rest: str) -> bool:
    """Say whether a name soon follows: "của Thông tư", "of the Law", not "trình bày kết quả"."""
    clause = re.split(r"[^\w ]", rest, maxsplit=1)[0]
    return any(word[0].isupper() for word in clause.split()[:_NEAR])


def _joins(between: str) -> bool:
    """Say whether only a comma or one small word stands between two references."""
    return re.fullmatch(r", | (?:[^\W\d]+|&) ", between) is not None


def _closed(text: str, labels: Iterable[str]) -> list[tuple[int, int]]:
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
    return re.compile(rf"(?<!\w)(?:{kinds})\s[1-9]\d*(?!\w)")
