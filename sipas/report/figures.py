"""The figures of a report: of which result each is drawn, and the drawing kept as images."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from sipas.documents import IMAGES, ImageFormat, Picture
from sipas.numerals import Lang
from sipas.phrases import Voice
from sipas.tables.two_years import Years
from sipas.wording.report_parts import TARGETS, Parts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Dots per inch of the pictures.
DPI = 200
#: Letters are drawn, or their font is embedded, so that they look the same where it is missing;
#: names inside the file do not change from run to run.
_SAVING: dict[Any, Any] = {"svg.fonttype": "path", "svg.hashsalt": "sipas", "pdf.fonttype": 42}
#: Nothing of the hour or of the version is written into a file.
_UNDATED: dict[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


class Deck:
    """Figures as pages of one PDF, which holds every font once: fonts take most of its time."""

    def __init__(self) -> None:
        from matplotlib.backends.backend_pdf import PdfPages

        self._made = BytesIO()
        self._pages: Any = PdfPages(self._made, metadata=_UNDATED["pdf"])

    def add(self, figure: Figure) -> None:
        """Add a figure as the next page."""
        import matplotlib as mpl

        with mpl.rc_context(_SAVING):
            self._pages.savefig(figure)

    def bound(self) -> bytes:
        """Give the whole file; no page can be added after."""
        import matplotlib as mpl

        with mpl.rc_context(_SAVING):
            self._pages.close()
        return self._made.getvalue()


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

    own = _figure(parts, name, lang)
    made: Axes = getattr(charts, own.chart)(own.result, lang=lang, **own.options)
    return made


def picture(
    parts: Parts,
    name: str,
    lang: Lang,
    kinds: Collection[ImageFormat],
    deck: Deck | None = None,
) -> Picture:
    """Draw one figure, keep its images, words and numbers, and let the drawing go."""
    from matplotlib import pyplot

    from sipas import charts

    ax = draw(parts, name, lang)
    figure: Any = ax.get_figure(root=True)
    images = {kind: _image(figure, kind) for kind in IMAGES if kind in kinds}
    data = charts.plotted(ax)
    if deck is not None:
        deck.add(figure)
    pyplot.close(figure)
    own = _figure(parts, name, lang)
    which: dict[str, Any] = {"chart": name} if name in ("change", "forest") else {}
    level = {key: value for key, value in own.options.items() if key == "level"}
    alt = charts.alt_text(own.result, lang=lang, **which, **level)
    return Picture(name, _caption(own.survey, name, Voice(lang)), images, alt, data)


def _image(figure: Figure, kind: ImageFormat) -> bytes:
    """Save a figure, the same bytes every time."""
    import matplotlib as mpl

    made = BytesIO()
    with mpl.rc_context(_SAVING):
        figure.savefig(made, format=kind, dpi=DPI, metadata=_UNDATED[kind])
    return made.getvalue()


@dataclass(frozen=True, slots=True)
class _Figure:
    """The chart of a figure, the result it shows with the chart's options, and whose it is."""

    chart: str
    result: Any
    survey: Years
    options: dict[str, Any]


def _figure(parts: Parts, name: str, lang: Lang) -> _Figure:
    """Say of which result a figure is drawn, and how."""
    about_leaders = name in ("leaders", "targets_leaders")
    two = parts.leaders if about_leaders else parts.households
    assert two is not None
    level = {"level": parts.level}
    if name.startswith(TARGETS):
        assert parts.goals is not None
        judged = parts.goals.tables[name.removeprefix(TARGETS)]
        source = (parts.note(Voice(lang)) or "").rstrip(".")
        return _Figure("targets", judged, two, {"source": source})
    if name == "contributions":
        return _Figure(name, parts.accounts["dimension"], two, level)
    if name == "heat_map":
        return _Figure(name, parts.places, two, level)
    result = two.change if name in ("change", "forest") else two.after
    return _Figure(name, result, two, {} if name == "answers" else level)


def _caption(two: Years, name: str, voice: Voice) -> str:
    """Caption of a figure."""
    filled = {"before": two.year_before, "after": two.year, "index": two.index(voice)}
    return voice.say("figure", name, **filled)
