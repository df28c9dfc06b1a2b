"""A document of the user's own, into which the report is put; nothing else of it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

from sipas.documents.word_page import Area, area_of
from sipas.documents.word_xml import name_of
from survey.errors import SurveyError, first_five

#: First bytes of the container of old Word files, and of new ones under a password.
_OLD = bytes.fromhex("d0cf11e0a1b11ae1")
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
#: Size of letters in points, where a document has another than the decree's 13 to 14.
_SIZE = 13.0


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where the report is put into a document.

    Parameters
    ----------
    body : element
        The body of the document.
    holder : element or None
        The paragraph or table after which it stands; None for the end.
    """

    body: Any
    holder: Any

    @property
    def before(self) -> list[Any]:
        """What stands before the report."""
        blocks = list(self.body)
        return blocks if self.holder is None else blocks[: blocks.index(self.holder) + 1]

    @property
    def area(self) -> Area:
        """Room for text in the section that the place is in."""
        from docx.oxml.ns import qn

        after = [] if self.holder is None else [self.holder, *self.holder.itersiblings()]
        breaks = (one.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") for one in after)
        ends = (one for one in breaks if one is not None)
        return area_of(next(ends, self.body.find(qn("w:sectPr"))))

    def take(self, made: Sequence[Any]) -> None:
        """Put what was made in its place; a section that ended there now ends after it."""
        from docx.oxml.ns import qn

        if self.holder is None or not made:
            return
        last = self.holder
        for one in made:
            last.addnext(one)
            last = one
        ending = self.holder.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
        if ending is not None:
            last.get_or_add_pPr().append(ending)


def opened(path: Path, target: Path, docx: Any) -> Any:
    """Open the user's document.

    Raises
    ------
    SurveyError
        If there is no such file, it is not one that Word saves as .docx, or it is the target.
    """
    where = f"append_to: {str(path)!r}"
    try:
        held = path.read_bytes()
    except OSError as error:
        raise SurveyError(
            f"{where} cannot be read ({error.strerror or error}).",
            mend="Name a .docx file that is there, and close it in Word.",
        ) from error
    if target.exists() and target.samefile(path):
        raise SurveyError(
            f"{where} is the file that the report would be written to.",
            mend="Save the report under another name or in another folder.",
        )
    _require_word(held, where)
    try:
        return docx.Document(BytesIO(held))
    except Exception as error:  # a damaged file, a workbook or a .dotx fails in many ways
        raise SurveyError(
            f"{where} is not a whole Word document of the kind .docx.",
            mend="Open it in Word and save it anew as Word Document (.docx).",
        ) from error


def find_place(document: Any, bookmark: str | None) -> Place:
    """Find the paragraph that holds a bookmark; without one, the end.

    Raises
    ------
    SurveyError
        No such bookmark in the text, or one inside a table, a text box or a content control.
    """
    from docx.oxml.ns import qn

    body = document.element.body
    if bookmark is None:
        return Place(body, None)
    marks = {str(one.get(qn("w:name"))): one for one in body.iter(qn("w:bookmarkStart"))}
    names = {name.casefold(): name for name in marks}  # Word tells no capitals apart
    known = [name for name in marks if not name.startswith("_")]
    if bookmark.casefold() not in names:
        there = f"it has {first_five(known)}" if known else "it has none at all"
        raise SurveyError(
            f"append_to: the document has no bookmark {bookmark!r}; {there}.",
            mend="Set it in Word (Insert, Bookmark) in the paragraph after which the section "
            "goes, name another with bookmark=, or give bookmark=None for the end.",
        )
    holder = _holder(marks[names[bookmark.casefold()]], body)
    if holder is None:
        free = [name for name in known if _holder(marks[name], body) is not None]
        others = f", or name another with bookmark=: {first_five(free)}" if free else ""
        raise SurveyError(
            f"append_to: bookmark {bookmark!r} is not in a paragraph of the text but in a table, "
            "a text box or a content control.",
            mend=f"Set it in Word in a paragraph of its own{others}.",
        )
    return Place(body, holder)


def free_names(document: Any) -> tuple[str, int]:
    """Give a beginning for names of bookmarks, and a number, that the document does not use."""
    from docx.oxml.ns import qn

    marks = list(document.element.body.iter(qn("w:bookmarkStart")))
    names = [str(one.get(qn("w:name"))) for one in marks]
    numbers = [int(one.get(qn("w:id"))) for one in marks if str(one.get(qn("w:id"))).isdigit()]
    beginnings = ["_sipas", *(f"_sipas{k}" for k in range(2, len(names) + 3))]
    taken = {one for one in beginnings if any(name.startswith(f"{one}_") for name in names)}
    return next(one for one in beginnings if one not in taken), max(numbers, default=0) + 1


def body_size(document: Any) -> float:
    """Give the size of the document's text where it is one of the decree's, 13 to 14; else 13."""
    told = document.styles.element.xpath(
        "w:style[@w:type='paragraph'][@w:default='1']/w:rPr/w:sz/@w:val"
        " | w:docDefaults/w:rPrDefault/w:rPr/w:sz/@w:val"
    )
    # in the order of the file the defaults come first, and the style overrides them
    size = float(told[-1]) / 2 if told else _SIZE
    return size if 13 <= size <= 14 else _SIZE


def _holder(mark: Any, body: Any) -> Any:
    """Give the paragraph of the text around a bookmark, or the block that it stands before."""
    if mark.getparent() is body:
        return next((one for one in mark.itersiblings() if name_of(one) in ("p", "tbl")), None)
    around = next((one for one in mark.iterancestors() if name_of(one) == "p"), None)
    return around if around is not None and around.getparent() is body else None


def _require_word(held: bytes, where: str) -> None:
    """Tell apart what is taken for a .docx file most often."""
    if held.startswith(_OLD):
        locked = _PASSWORD in held
        raise SurveyError(
            f"{where} is {'under a password' if locked else 'of the old kind (.doc)'}.",
            mend="Open it in Word, "
            + ("take the password off, and save it." if locked else "and save it as .docx."),
        )
    if not is_zipfile(BytesIO(held)):
        raise SurveyError(f"{where} is not a Word file.", mend="Give a .docx file.")
