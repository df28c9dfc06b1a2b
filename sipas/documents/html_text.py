"""Running text as HTML: escaped, mentions of tables and figures linked, languages marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from sipas.documents.references import Reference, caption_words, split
from sipas.numerals import Lang
from sipas.plain_text import inert

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


def linked(text: str, anchors: Mapping[str, str], lang: Lang, labels: Sequence[str] = ()) -> str:
    """Escape text and make every reference to a table or figure of the report a link to it.

    Parameters
    ----------
    text : str
        The words, which the reader sees unchanged.
    anchors : mapping of str to str
        What is referred to, such as ``"Bảng 5"``, to where it stands.
    lang : {"vi", "en"}
        Language of the report.
    labels : sequence of str
        Words of the data, in which something that looks like a reference is none.

    Examples
    --------
    >>> linked("Theo Bảng 5 & “Bảng 5”", {"Bảng 5": "table-5"}, "vi")
    'Theo <a href="#table-5">Bảng 5</a> &amp; “Bảng 5”'

    Another document's table is not ours:

    >>> linked("Theo Bảng 5 Quyết định số 12", {"Bảng 5": "table-5"}, "vi")
    'Theo Bảng 5 Quyết định số 12'
    """
    pieces = split(inert(text), anchors, caption_words(lang).values(), labels)
    return "".join(_piece(piece, anchors, lang) for piece in pieces)


def _piece(piece: str | Reference, anchors: Mapping[str, str], lang: Lang) -> str:
    """Escape one piece, and link it if it is a reference."""
    if isinstance(piece, str):
        return worded(piece, lang)
    return f'<a href="#{anchors[piece.name]}">{escaped(piece.shown)}</a>'
