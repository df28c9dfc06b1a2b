"""The words of ``words.toml``: what a diagnosis found, in both languages."""

from __future__ import annotations

from pathlib import Path

from sipas.numerals import Lang
from sipas.sentences import worded

_FILE = Path(__file__).with_suffix(".toml")


def word(part: str, name: str, lang: Lang, /, **filled: object) -> str:
    """Fill in one text in one language.

    Examples
    --------
    >>> word("columns", "floor", "en")
    'floor (%)'
    """
    return worded(_FILE, part, name, **filled)[lang]
