"""The words on charts, from ``words.toml``, filled in and made harmless.

A label is data: it is never read as markup, mathematics or a place to fill in.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

from sipas import numerals
from sipas.numerals import Lang
from survey.errors import require_option

#: Everything that ends a word but the no-break space.
_BREAKS = re.compile(r"[^\S\u00a0]+")


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    """Read the file once."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def word(part: str, name: str, lang: Lang, /, **filled: object) -> str:
    """Fill in one text in one language.

    Examples
    --------
    >>> word("common", "n", "en", n="486")
    'n = 486'
    """
    require_option(lang, ("vi", "en"), where="lang")
    return _words()[part][name][lang].format(**filled)


def known(part: str, name: str) -> bool:
    """Say whether there is such a text.

    Examples
    --------
    >>> known("variable", "gender"), known("variable", "shoe_size")
    (True, False)
    """
    return name in _words().get(part, {})


def inert(text: object) -> str:
    r"""Put a label on one line, composed, without control characters.

    Examples
    --------
    >>> inert("two\nlines\x00 ")
    'two lines'
    """
    composed = unicodedata.normalize("NFC", _BREAKS.sub(" ", str(text)).strip())
    return "".join(letter for letter in composed if unicodedata.category(letter)[0] != "C")


def opened(text: str) -> str:
    """Start with a capital letter, and leave the rest.

    Examples
    --------
    >>> opened("three sampled districts of Hue")
    'Three sampled districts of Hue'
    """
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """Start with a small letter inside a sentence, unless the first word is an abbreviation.

    Examples
    --------
    >>> lowered("Access to services"), lowered("PAR INDEX")
    ('access to services', 'PAR INDEX')
    """
    first = text.split(" ", 1)[0]
    return text if first[1:] != first[1:].lower() else text[:1].lower() + text[1:]


def value(number: float, lang: Lang, decimals: int = 2) -> str:
    """Write a number with a true minus sign.

    Examples
    --------
    >>> value(79.5556, "vi"), value(-1.0, "en", 1)
    ('79,56', '−1.0')
    """
    return numerals.number(float(number), decimals, lang=lang)


def share(number: float, lang: Lang, decimals: int = 2) -> str:
    """Write a share with its per cent sign.

    Examples
    --------
    >>> share(88.6019, "en"), share(25.0, "vi", 0)
    ('88.60%', '25%')
    """
    return word("common", "share", lang, number=value(number, lang, decimals))


def change(number: float, lang: Lang, decimals: int = 2) -> str:
    """Write a difference with its sign.

    Examples
    --------
    >>> change(-13.26, "vi"), change(2.0, "vi")
    ('−13,26', '+2,00')
    """
    return numerals.signed(float(number), decimals, lang=lang)


def interval(low: float, high: float, lang: Lang, decimals: int = 2) -> str:
    """Write the two ends of an interval; a dash where it is not estimable.

    Examples
    --------
    >>> interval(-19.75, -6.77, "vi")
    '(−19,75; −6,77)'
    """
    if low != low or high != high:
        return numerals.NOT_ESTIMABLE
    return f"({value(low, lang, decimals)}; {value(high, lang, decimals)})"


def per_cent(level: float, lang: Lang) -> str:
    """Write a level of confidence: ``95``, ``99,5``."""
    share = round(100.0 * level, 6)
    return value(share, lang, 0 if share == int(share) else 1)
