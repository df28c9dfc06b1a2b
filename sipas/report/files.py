"""Drawing the figures of a report, and writing its files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sipas.documents import Contents, Picture, write_excel, write_word
from sipas.documents.pictures import needed
from sipas.numerals import Lang
from sipas.phrases import Voice
from sipas.wording import as_text, section
from sipas.wording.report_parts import Parts, tables_of
from survey.errors import SurveyError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Format = Literal["docx", "xlsx", "png", "txt"]
FORMATS: tuple[Format, ...] = ("docx", "xlsx", "png", "txt")
#: Dots per inch of the pictures.
DPI = 200
_NAME = "section_a"


def draw(parts: Parts, name: str, lang: Lang) -> Axes:
    """Draw one figure of a report.

    Parameters
    ----------
    parts : Parts
        The results.
    name : str
        One of ``parts.figure_names``.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    matplotlib.axes.Axes
    """
    from sipas import charts

    level: dict[str, Any] = {} if name == "answers" else {"level": parts.level}
    function = getattr(charts, name)
    made: Axes = function(_drawn(parts, name), lang=lang, **level)
    return made


def write(parts: Parts, folder: Path, formats: list[str], lang: Lang) -> list[Path]:
    """Write the files of the formats asked for, and list them."""
    with _refusing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    pictures: dict[str, Picture] = {}
    if set(formats) & {"docx", "xlsx", "png"}:
        names = _watched(parts.figure_names)
        pictures = {name: _picture(parts, name, lang) for name in names}
    written = []
    for name in formats:
        with _refusing(folder / f"{_NAME}.{name}"):
            written += _WRITERS[name](parts, folder, pictures, lang)
    return written


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


def _drawn(parts: Parts, name: str) -> object:
    """Give the result that a figure shows."""
    if name == "contributions":
        return parts.accounts["dimension"]
    two = parts.leaders if name == "leaders" else parts.households
    assert two is not None
    return two.change if name == "change" else two.after


def _picture(parts: Parts, name: str, lang: Lang) -> Picture:
    """Draw one figure, keep its pixels, words and numbers, and let the drawing go."""
    from matplotlib import pyplot

    from sipas import charts

    ax = draw(parts, name, lang)
    figure: Any = ax.get_figure(root=True)
    pixels = BytesIO()
    figure.savefig(pixels, format="png", dpi=DPI, metadata={"Software": None})
    data = charts.plotted(ax)
    pyplot.close(figure)
    drawn: Any = _drawn(parts, name)
    level: dict[str, Any] = {} if name == "answers" else {"level": parts.level}
    alt = charts.alt_text(drawn, lang=lang, **level)
    return Picture(name, _caption(parts, name, Voice(lang)), pixels.getvalue(), alt, data)


def _caption(parts: Parts, name: str, voice: Voice) -> str:
    """Caption of a figure."""
    two = parts.leaders if name == "leaders" else parts.households
    assert two is not None
    filled = {"before": two.year_before, "after": two.year, "index": two.index(voice)}
    return voice.say("figure", name, **filled)


def _watched(names: list[str]) -> Iterable[str]:
    """Show progress where someone looks on and tqdm is installed."""
    if not sys.stderr.isatty() or find_spec("tqdm") is None:
        return names
    shown: Iterable[str] = import_module("tqdm.auto").tqdm(names, desc=_NAME)
    return shown


def _docx(parts: Parts, folder: Path, pictures: dict[str, Picture], lang: Lang) -> list[Path]:
    contents = Contents(tables_of(parts, lang), pictures, parts.year, lang)
    return [write_word(folder / f"{_NAME}.docx", section(parts, lang), contents)]


def _xlsx(parts: Parts, folder: Path, pictures: dict[str, Picture], lang: Lang) -> list[Path]:
    contents = Contents(tables_of(parts, lang), pictures, parts.year, lang)
    exceptions: Any = needed("xlsxwriter.exceptions", "xlsxwriter", "excel")
    try:
        return [write_excel(folder / f"{_NAME}.xlsx", contents)]
    except exceptions.FileCreateError as error:  # xlsxwriter's own wrapping of an OSError
        raise OSError(str(error)) from error


def _png(parts: Parts, folder: Path, pictures: dict[str, Picture], lang: Lang) -> list[Path]:
    target = folder / "figures"
    target.mkdir(exist_ok=True)
    paths = [target / f"{name}.png" for name in pictures]
    for path, picture in zip(paths, pictures.values(), strict=True):
        path.write_bytes(picture.png)
    return paths


def _txt(parts: Parts, folder: Path, pictures: dict[str, Picture], lang: Lang) -> list[Path]:
    path = folder / f"{_NAME}.txt"
    path.write_text(as_text(section(parts, lang)), encoding="utf-8")
    return [path]


_WRITERS: dict[str, Callable[[Parts, Path, dict[str, Picture], Lang], list[Path]]] = {
    "docx": _docx,
    "xlsx": _xlsx,
    "png": _png,
    "txt": _txt,
}
