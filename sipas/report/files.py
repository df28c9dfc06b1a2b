"""Writing the files of a report: each format from the same text, tables and figures."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, get_args

from sipas.documents import Contents, ImageFormat, Picture, write_excel, write_html, write_word
from sipas.documents.pictures import needed
from sipas.numerals import Lang
from sipas.report.figures import Deck, picture
from sipas.tables import as_latex
from sipas.wording import as_text, section
from sipas.wording.paragraphs import Paragraph
from sipas.wording.report_parts import Parts, tables_of
from survey.errors import SurveyError

Format = Literal["docx", "xlsx", "html", "png", "txt", "svg", "pdf", "tex"]
#: Every format there is, and those written when none are named.
KNOWN: tuple[Format, ...] = get_args(Format)
FORMATS: tuple[Format, ...] = ("docx", "xlsx", "html", "png", "txt")
_NAME = "section_a"
#: Images of the figures that a format holds; the text needs no figures at all.
_IMAGES: Mapping[str, set[ImageFormat]] = {
    "docx": {"png"},
    "xlsx": set(),
    "html": {"svg"},
    "png": {"png"},
    "svg": {"svg"},
    "pdf": set(),
}


@dataclass(frozen=True, slots=True)
class Template:
    """A document of the user's own, and the bookmark at which the section is put into it."""

    path: Path
    bookmark: str | None


@dataclass(frozen=True, slots=True)
class _Files:
    """What is written, and where."""

    folder: Path
    paragraphs: Sequence[Paragraph]
    contents: Contents
    template: Template | None
    deck: bytes

    def named(self, format: str) -> Path:
        """Path of the report in a format."""
        return self.folder / f"{_NAME}.{format}"


def write(
    parts: Parts, folder: Path, formats: Sequence[str], lang: Lang, template: Template | None
) -> list[Path]:
    """Write the files of the formats asked for, and list them."""
    with _refusing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    drawn = [name for name in formats if name in _IMAGES]
    images = set().union(*(_IMAGES[name] for name in drawn))
    steps = iter(_watched([*(parts.figure_names if drawn else ()), *formats]))
    deck = Deck() if "pdf" in formats else None
    pictures: dict[str, Picture] = {}
    with _collecting_later():
        for name in parts.figure_names if drawn else ():
            next(steps)
            pictures[name] = picture(parts, name, lang, images, deck)
    contents = Contents(tables_of(parts, lang), pictures, parts.year, lang)
    bound = b"" if deck is None else deck.bound()
    files = _Files(folder, section(parts, lang), contents, template, bound)
    written = []
    for name in formats:
        next(steps)
        with _refusing(files.named(name)):
            written += _WRITERS[name](files)
    next(steps, None)
    return written


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Collect no garbage: drawing makes a million short-lived objects, and looking takes time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Say which file cannot be written; the usual cause is Word or Excel holding it open."""
    try:
        yield
    except OSError as error:
        raise SurveyError(
            f"Cannot write {error.filename or path} ({error.strerror or error}).",
            mend="Close it in Word or Excel, or choose another folder (--out).",
        ) from error


def _watched(names: Sequence[str]) -> Iterable[str]:
    """Show progress where someone looks on: at a terminal, or in a notebook that has bars."""
    notebook = "ipykernel" in sys.modules and find_spec("ipywidgets") is not None
    if not (notebook or sys.stderr.isatty()) or find_spec("tqdm") is None:
        return names
    shown: Iterable[str] = import_module("tqdm.auto").tqdm(names, desc=_NAME, leave=False)
    return shown


def _docx(files: _Files) -> list[Path]:
    own = files.template
    into: dict[str, Any] = {} if own is None else {"append_to": own.path, "bookmark": own.bookmark}
    return [write_word(files.named("docx"), files.paragraphs, files.contents, **into)]


def _xlsx(files: _Files) -> list[Path]:
    exceptions: Any = needed("xlsxwriter.exceptions", "xlsxwriter", "excel")
    try:
        return [write_excel(files.named("xlsx"), files.contents)]
    except exceptions.FileCreateError as error:  # xlsxwriter's own wrapping of an OSError
        raise OSError(str(error)) from error


def _html(files: _Files) -> list[Path]:
    return [write_html(files.named("html"), files.paragraphs, files.contents)]


def _txt(files: _Files) -> list[Path]:
    path = files.named("txt")
    path.write_text(as_text(files.paragraphs), encoding="utf-8")
    return [path]


def _pdf(files: _Files) -> list[Path]:
    path = files.folder / "figures.pdf"
    path.write_bytes(files.deck)
    return [path]


def _tex(files: _Files) -> list[Path]:
    path = files.named("tex")
    path.write_text(as_latex(files.contents.tables, lang=files.contents.lang), encoding="utf-8")
    return [path]


def _figures(kind: ImageFormat) -> Callable[[_Files], list[Path]]:
    """Give the writer of one file a figure."""

    def written(files: _Files) -> list[Path]:
        target = files.folder / "figures"
        target.mkdir(exist_ok=True)
        made = []
        for name, one in files.contents.pictures.items():
            path = target / f"{name}.{kind}"
            path.write_bytes(one.images[kind])
            made.append(path)
        return made

    return written


_WRITERS: dict[str, Callable[[_Files], list[Path]]] = {
    "docx": _docx,
    "xlsx": _xlsx,
    "html": _html,
    "txt": _txt,
    "tex": _tex,
    "png": _figures("png"),
    "svg": _figures("svg"),
    "pdf": _pdf,
}
