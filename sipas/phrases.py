"""The words of tables and text in ``wording.toml``, and how numbers stand inside a sentence.

Text in two languages is kept out of the code; whatever comes from users is only ever filled in,
never read as a template.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import normalize

from sipas.numerals import Lang, half_up, number, signed
from survey.errors import require_option


@cache
def _phrases() -> dict[str, dict[str, dict[str, str]]]:
    """Read the file once."""
    path = Path(__file__).with_name("wording.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def known_phrase(part: str, name: str) -> bool:
    """Say whether there is such a phrase."""
    return name in _phrases().get(part, {})


@dataclass(frozen=True, slots=True)
class Voice:
    """One language, and how it writes numbers, shares, changes and lists.

    Parameters
    ----------
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> Voice("vi").rate(79.5556), Voice("en").moved(-9.04)
    ('79,56%', 'fell by 9.04 percentage points')
    """

    lang: Lang = "vi"

    def __post_init__(self) -> None:
        require_option(self.lang, ("vi", "en"), where="lang")

    def say(self, part: str, name: str, /, **filled: object) -> str:
        """Fill in one phrase."""
        text = _phrases()[part][name][self.lang].format(**filled)
        return normalize("NFC", text)

    def rate(self, value: float) -> str:
        """Write a share of 100."""
        return f"{number(value, lang=self.lang)}%"

    def points(self, value: float) -> str:
        """Write points, without zeros that say nothing."""
        mark = "," if self.lang == "vi" else "."
        return number(float(value), lang=self.lang).rstrip("0").rstrip(mark)

    def gap(self, value: float) -> str:
        """Write the size of a difference of two shares, in percentage points."""
        return self.say("unit", "pp", value=number(abs(value), lang=self.lang))

    def moved(self, value: float, unit: str = "pp") -> str:
        """Say whether something rose or fell, and by how much."""
        size = half_up(abs(value), 2)
        if size.is_zero():
            return self.say("move", "same")
        shown = self.say("unit", unit, value=number(abs(value), lang=self.lang))
        return self.say("move", "rose" if value > 0 else "fell", size=shown)

    def between(self, low: float, high: float) -> str:
        """Write an interval of a share."""
        limits = {"low": number(low, lang=self.lang), "high": number(high, lang=self.lang)}
        return self.say("unit", "between", **limits)

    def between_changes(self, low: float, high: float) -> str:
        """Write an interval of a change, with signs."""
        limits = {"low": signed(low, lang=self.lang), "high": signed(high, lang=self.lang)}
        return self.say("unit", "between_pp", **limits)

    def count(self, value: float) -> str:
        """Write a count; Vietnamese official style pads below ten: 05."""
        text = number(value, 0, lang=self.lang)
        return text.zfill(2) if self.lang == "vi" and 0 < value < 10 else text

    def listed(self, parts: Sequence[str], *, long: bool = False) -> str:
        """Join words; long ones by semicolons.

        Examples
        --------
        >>> Voice("vi").listed(["a", "b", "c"]), Voice("en").listed(["a", "b"], long=True)
        ('a, b và c', 'a; b')
        """
        if long:
            return "; ".join(parts)
        *first, last = parts or [""]
        both = self.say("unit", "and")
        return f"{', '.join(first)} {both} {last}" if first else last


def within(label: str) -> str:
    """Write a label inside a sentence: its first letter small, unless it begins an abbreviation.

    Examples
    --------
    >>> within("Lãnh đạo cấp Sở"), within("TTHC")
    ('lãnh đạo cấp Sở', 'TTHC')
    """
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
