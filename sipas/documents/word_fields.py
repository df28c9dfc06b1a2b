"""Fields that Word keeps up to date: page numbers, numbered captions, references to captions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from unicodedata import normalize

from sipas.documents.word_references import Caption, References
from sipas.documents.word_style import Style
from sipas.documents.word_xml import element, name_of

_SEQ = re.compile(r'^\s*SEQ\s+"?([^\s"\\]+)', re.IGNORECASE)
_RESTART = re.compile(r"\\r\s*(\d+)")


def add_field(paragraph: Any, instruction: str, shown: str, style: Style) -> None:
    """Add a field such as PAGE or SEQ, with what it shows until Word updates it."""
    for kind in ("begin", "instruction", "separate", "shown", "end"):
        run = style.run(paragraph, shown if kind == "shown" else "")
        if kind == "instruction":
            run._element.append(_instruction(instruction))
        elif kind != "shown":
            run._element.append(element("fldChar", fldCharType=kind))


def add_caption(paragraph: Any, caption: Caption, mark: int, style: Style) -> None:
    """Add "Bảng 5" as word and SEQ field, under a bookmark that references point to."""
    paragraph._p.append(element("bookmarkStart", id=str(mark), name=caption.bookmark))
    style.run(paragraph, f"{caption.word} ")
    add_field(paragraph, f"SEQ {caption.word} \\* ARABIC", str(caption.number), style)
    paragraph._p.append(element("bookmarkEnd", id=str(mark)))


def add_text(paragraph: Any, text: str, known: References, style: Style) -> None:
    """Add a text, its references as REF fields that follow the numbers of the captions.

    ``CHARFORMAT`` gives them the look of the text, not of the caption.
    """
    for piece in known.split(text):
        if isinstance(piece, Caption):
            add_field(paragraph, f"REF {piece.bookmark} \\h \\* CHARFORMAT", piece.shown, style)
        elif piece:
            style.run(paragraph, piece)


def instructions(blocks: Iterable[Any]) -> Iterator[str]:
    """Give the instructions of all fields in order, whole even where Word has split them."""
    from docx.oxml.ns import qn

    open_fields: list[str] = []
    for one in (inner for block in blocks for inner in block.iter()):
        if not isinstance(one.tag, str) or _repeated(one):
            continue
        kind = one.get(qn("w:fldCharType")) if name_of(one) == "fldChar" else None
        if name_of(one) == "fldSimple":
            yield one.get(qn("w:instr"), "")
        elif name_of(one) == "instrText" and open_fields:
            open_fields[-1] += one.text or ""
        elif kind == "begin":
            open_fields.append("")
        elif kind == "end" and open_fields:
            yield open_fields.pop()


def last_number(blocks: Iterable[Any], word: str) -> int:
    r"""Give the number a sequence has reached, as Word counts: ``\r`` sets, ``\c`` repeats."""
    reached = 0
    for instruction in instructions(blocks):
        found = _SEQ.match(instruction)
        if found is None or _plain(found[1]) != _plain(word) or re.search(r"\\c\b", instruction):
            continue
        restart = _RESTART.search(instruction)
        reached = int(restart[1]) if restart else reached + 1
    return reached


def _repeated(one: Any) -> bool:
    """Say whether an element is the older twin of a drawing, which Word does not count."""
    return any(name_of(above) == "Fallback" for above in one.iterancestors())


def _plain(word: str) -> str:
    return normalize("NFC", word).casefold()


def _instruction(text: str) -> Any:
    from docx.oxml.ns import qn

    made = element("instrText")
    made.set(qn("xml:space"), "preserve")
    made.text = f" {text} "
    return made
