"""How an explanation is to be shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sipas.numerals import Lang, number
from survey.errors import SurveyError, require_option

#: Characters added before a line by each step downwards.
INDENT = "    "


@dataclass(frozen=True, slots=True)
class Shown:
    """Language, decimals, and how far down.

    Parameters
    ----------
    lang : {"vi", "en"}
        Language.
    level : float
        Confidence of the intervals.
    decimals : int
        Digits of the numbers.
    depth : int or None
        Levels of steps written; None for all.
    width : int
        Characters of a line of text.
    """

    lang: Lang
    level: float
    decimals: int = 2
    depth: int | None = None
    width: int = 96

    def __post_init__(self) -> None:
        require_option(self.lang, ("vi", "en"), where="lang")
        for name, value in (("decimals", self.decimals), ("depth", self.depth)):
            if value is not None and value < 0:
                raise SurveyError(f"{name}: got {value}.", mend="Give 0 or more.")

    def number(self, value: float) -> str:
        """Write a number."""
        return number(value, self.decimals, lang=self.lang)

    def count(self, value: float) -> str:
        """Write a count."""
        return number(float(value), 0, lang=self.lang)

    def beneath(self) -> Shown:
        """How the steps one level down are shown."""
        depth = None if self.depth is None else max(0, self.depth - 1)
        return replace(self, depth=depth, width=max(60, self.width - len(INDENT)))
