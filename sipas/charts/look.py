"""How every chart looks: a font that can write Vietnamese, and inks that survive a photocopy.

The look lives inside a context: importing or drawing changes no global setting.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from survey.errors import SurveyError, first_five

#: Sans-serif faces in order of preference; the last comes with matplotlib.
FACES = ("Noto Sans", "Segoe UI", "Arial", "Liberation Sans", "Carlito", "DejaVu Sans")
FALLBACK = "DejaVu Sans"

#: Inks, from dark to light in luminance; the two hues stay apart for colour-blind readers.
INK, MUTED, FAINT, PAPER = "#1a1a1a", "#595959", "#c8c8c8", "#ffffff"
BEFORE_INK, AFTER_INK = "#595959", "#0b3c6f"
FALL_INK, RISE_INK = "#a6440b", "#0b3c6f"

#: Everything that decides the picture, so that a theme of the user's cannot spoil it.
SETTINGS: dict[str, Any] = {
    "font.size": 8.0,
    "font.weight": "normal",
    "text.color": INK,
    "text.parse_math": False,
    "text.usetex": False,
    "axes.facecolor": PAPER,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.grid": False,
    "axes.axisbelow": True,
    "axes.autolimit_mode": "data",
    "axes.xmargin": 0.0,
    "axes.ymargin": 0.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "xtick.labelsize": 7.5,
    "xtick.direction": "out",
    "xtick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "xtick.top": False,
    "ytick.right": False,
    "lines.linewidth": 1.2,
    "lines.linestyle": "-",
    "lines.marker": "None",
    "lines.markersize": 5.5,
    "lines.markeredgewidth": 1.0,
    "lines.solid_capstyle": "butt",
    "lines.dash_capstyle": "butt",
    "patch.linewidth": 0.8,
    "patch.force_edgecolor": False,
    "hatch.linewidth": 0.6,
    "hatch.color": "edge",
    "path.effects": [],
    "path.sketch": None,
    "figure.facecolor": PAPER,
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
    "figure.max_open_warning": 0,
}

_VOWELS = "aeiouy"
_SHAPES = {"a": ("", "\u0302", "\u0306"), "e": ("", "\u0302"), "o": ("", "\u0302", "\u031b")}
_SHAPES |= {"i": ("",), "u": ("", "\u031b"), "y": ("",)}
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
#: Both cases of d with stroke, the minus sign, the en dash, quotation marks.
_OTHERS = "\u0111\u0110\u2212\u2013\u201c\u201d\u2192"

_forced: ContextVar[str | None] = ContextVar("_forced", default=None)


def vietnamese_letters() -> str:
    """List every Vietnamese letter outside ASCII, in both cases, and the signs charts use.

    Examples
    --------
    >>> len(vietnamese_letters())
    139
    """
    vowels = [
        base + shape + tone for base in _VOWELS for shape in _SHAPES[base] for tone in _TONES
    ]
    small = [unicodedata.normalize("NFC", vowel) for vowel in vowels if len(vowel) > 1]
    return "".join(small) + "".join(small).upper() + _OTHERS


@cache
def lacking(face: str) -> str | None:
    """Letters that a face cannot write, in its regular or bold cut; None if not installed."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
    from matplotlib.font_manager import FontProperties, findfont

    letters = vietnamese_letters()
    missing = ""
    for weight in ("normal", "bold"):
        try:
            path = findfont(
                FontProperties(family=[face], weight=weight), fallback_to_default=False
            )
        except ValueError:
            return None
        with TTFont(path, fontNumber=0, lazy=True) as font:
            known = font.getBestCmap()
        missing += "".join(letter for letter in letters if ord(letter) not in known)
    return missing


def chosen_face() -> str:
    """Give the first preferred face that is installed and can write every Vietnamese letter.

    Two faces of one name can be installed with different coverage, so the glyphs are tested.
    """
    return next((face for face in FACES if lacking(face) == ""), FALLBACK)


@contextmanager
def style(*, font: str | None = None) -> Iterator[None]:
    """Draw in the look of this library, and leave matplotlib's settings as they were.

    Every chart enters it by itself; use it for a font of one's own, or for charts of one's own
    in the same look.

    Parameters
    ----------
    font : str, optional
        A font for everything drawn inside; else the first of Noto Sans, Segoe UI, Arial,
        Liberation Sans, Carlito, DejaVu Sans that can write every Vietnamese letter.

    Raises
    ------
    SurveyError
        A font that is not installed, or lacks Vietnamese letters.

    Examples
    --------
    >>> import matplotlib
    >>> before = matplotlib.rcParams["font.size"]
    >>> with style(font="DejaVu Sans"):
    ...     matplotlib.rcParams["font.family"]
    ['DejaVu Sans']
    >>> matplotlib.rcParams["font.size"] == before
    True
    """
    import matplotlib as mpl

    face = font or _forced.get()
    if font is not None:
        _check(font)
    mark = _forced.set(face)
    try:
        with mpl.rc_context(_settings(face or chosen_face())):
            try:
                yield
            finally:
                interactive = mpl.is_interactive()  # a notebook's first figure turns it on
        mpl.interactive(interactive)
    finally:
        _forced.reset(mark)


def _check(font: str) -> None:
    """Refuse a font that would print empty boxes."""
    missing = lacking(font)
    if missing is None:
        raise SurveyError(f"style(font={font!r}): not installed.", mend=f"Try {FALLBACK!r}.")
    if missing:
        raise SurveyError(
            f"style(font={font!r}): {len(missing)} Vietnamese letters are missing, such as "
            f"{first_five(missing)}.",
            mend=f"Try {chosen_face()!r}.",
        )


def _settings(face: str) -> dict[Any, Any]:
    """Add the font to the settings."""
    return {**SETTINGS, "font.family": list(dict.fromkeys([face, FALLBACK]))}
