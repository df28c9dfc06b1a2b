"""The explanation of one number, as text, as a table and as HTML."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sipas.explaining.html_page import html_page
from sipas.explaining.shown import Shown
from sipas.explaining.steps import Step
from sipas.explaining.text_page import text_page
from sipas.numerals import Lang
from sipas.sentences import Text

_ORDER = (
    "level",
    "code",
    "label",
    "formula",
    "numbers",
    "weight",
    "estimate",
    "se",
    "low",
    "high",
    "n",
    "df",
    "weighted",
    "points",
    "asked",
    "answered",
    "set_aside",
    "blank",
    "dont_know",
    "refused",
    "not_applicable",
    "satisfied",
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Explanation:
    """How one number came about.

    Parameters
    ----------
    top : Step
        The number, and in its ``steps`` what it is made of, down to the answers.
    source : Text
        The survey, and the domain.
    notes : tuple of Text
        The rules, the weights, the population, the letters used.
    level : float
        Confidence of the intervals.
    """

    top: Step
    source: Text
    notes: tuple[Text, ...]
    level: float

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step, from the number down to the answers."""
        return tuple(self.top.walk())

    def table(self, *, lang: Lang = "en", decimals: int = 2) -> pd.DataFrame:
        """List every step.

        Parameters
        ----------
        lang : {"vi", "en"}
            Language of labels and of the decimal mark in formulas.
        decimals : int
            Digits of the numbers in formulas; all other columns are at full precision.

        Returns
        -------
        DataFrame
            Index ``step``: 1, 1.1, 1.1.1 …; columns ``level code label formula numbers weight``,
            ``estimate se low high n df`` in per cent, ``weighted`` (sum of weights of an answer),
            ``points`` (leaders), and counts of forms ``asked answered set_aside blank dont_know
            refused not_applicable satisfied``. Weight times estimate, added over the steps
            beneath, gives the estimate.
        """
        shown = Shown(lang, self.level, decimals)
        rows = {place: _row(step, shown) for place, step in _numbered(self.top, "1").items()}
        made = pd.DataFrame.from_dict(rows, orient="index").rename_axis("step")
        return made[[name for name in _ORDER if name in made]]

    def text(self, lang: Lang = "vi", *, depth: int | None = None, decimals: int = 2) -> str:
        """Write the explanation.

        Parameters
        ----------
        lang : {"vi", "en"}
            Language.
        depth : int, optional
            How many levels of steps to write beneath the number; all by default. The answers of
            a statement are written with it.
        decimals : int
            Digits of the numbers.
        """
        shown = Shown(lang, self.level, decimals, depth)
        notes = [note[lang] for note in self.notes]
        return text_page(self.top, self.source[lang], notes, shown)

    def html(self, lang: Lang = "vi", *, decimals: int = 2, folded: bool = False) -> str:
        """Write the explanation as HTML that prints without scripts.

        Parameters
        ----------
        lang : {"vi", "en"}
            Language.
        decimals : int
            Digits of the numbers.
        folded : bool
            Show the steps beneath the first level only when they are opened.
        """
        shown = Shown(lang, self.level, decimals)
        notes = [note[lang] for note in self.notes]
        return html_page(self.top, self.source[lang], notes, shown, folded=folded)

    def __repr__(self) -> str:
        return self.text("en")

    def _repr_html_(self) -> str:
        return self.html("en", folded=True)


def _numbered(step: Step, place: str) -> dict[str, Step]:
    """Give a step and all beneath a number: 1, then 1.1, then 1.1.1."""
    found = {place: step}
    for k, under in enumerate(step.steps, start=1):
        found |= _numbered(under, f"{place}.{k}")
    return found


def _row(step: Step, shown: Shown) -> dict[str, object]:
    """Write one step as a row."""
    row: dict[str, object] = {
        "level": step.level,
        "code": step.code,
        "label": step.label[shown.lang],
        "formula": step.formula.in_symbols(lang=shown.lang),
        "numbers": step.formula.with_numbers(lang=shown.lang, decimals=shown.decimals),
        "weight": step.weight,
        "estimate": step.value,
        **step.counts,
    }
    if step.precision is not None:
        row |= {name: getattr(step.precision, name) for name in ("se", "low", "high", "n", "df")}
    if step.points is not None:
        row["points"] = step.points.value
    return row
