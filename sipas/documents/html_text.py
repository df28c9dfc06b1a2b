"""Running text as HTML: escaped, mentions of tables and figures linked, languages marked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from sipas.numerals import Lang
from sipas.plain_text import inert

#: Words in quotation marks are somebody's label: "Bảng 1" inside it is no mention of a table.
_QUOTED = "“[^”]*”"
#: Not the start of another number: "Bảng 1/2", "Bảng 1.5".
_ENDS = r"(?![\d/]|[.,]\d)"
#: Letters of Vietnamese that its neighbours in a report, English and French, do not have.
_LETTER = "[ăđơưĂĐƠƯẠ-ỹ]"
_SURE, _ACCENTED = rf"\b\w*{_LETTER}\w*", r"\b\w*[À-ỹ]\w*"
#: A run of words, one at least with such a letter. Words with other accents beside it belong to
#: it, and capitalised ones in its midst: "thành phố Huế", "huyện A Lưới".
_VIETNAMESE = re.compile(
    rf"(?:{_ACCENTED} )*{_SURE}(?:(?: (?:{_ACCENTED}|[A-Z]\w*))* {_SURE})*(?: {_ACCENTED})*"
)


def escaped(text: str) -> str:
    """Text that stays text, inside an element or an attribute.

    Examples
    --------
    >>> escaped('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return escape(inert(text), quote=True)


def worded(text: str, lang: Lang) -> str:
    """Escape text; in an English report, say which words are Vietnamese.

    Examples
    --------
    >>> worded("the district huyện A Lưới rose", "en")
    'the district <span lang="vi">huyện A Lưới</span> rose'
    """
    if lang == "vi":
        return escaped(text)
    return _VIETNAMESE.sub(r'<span lang="vi">\g<0></span>', escaped(text))


def linked(text: str, anchors: Mapping[str, str], lang: Lang) -> str:
    """Escape text and make every mention of a table or figure a link to it.

    Parameters
    ----------
    text : str
        The words, which the reader sees unchanged.
    anchors : mapping of str to str
        What is mentioned, such as ``"Bảng 5"``, to where it stands.
    lang : {"vi", "en"}
        Language of the report.

    Examples
    --------
    >>> linked("Theo Bảng 5 & “Bảng 5”", {"Bảng 5": "table-5"}, "vi")
    'Theo <a href="#table-5">Bảng 5</a> &amp; “Bảng 5”'
    """
    names = "|".join(sorted({re.escape(mention.rsplit(" ", 1)[0]) for mention in anchors}))
    if not names:
        return worded(text, lang)
    pieces = re.split(rf"({_QUOTED}|\b(?:{names})\s\d+{_ENDS})", inert(text))
    return "".join(_piece(piece, anchors, lang) for piece in pieces)


def _piece(piece: str, anchors: Mapping[str, str], lang: Lang) -> str:
    """Link one piece if it names a place that there is."""
    anchor = anchors.get(" ".join(piece.split()))
    return worded(piece, lang) if anchor is None else f'<a href="#{anchor}">{escaped(piece)}</a>'
