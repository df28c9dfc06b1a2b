"""The words of ``words.toml``: what a diagnosis found, in both languages."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from sipas.numerals import Lang
from survey.errors import require_option


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    """Read the file once."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def word(part: str, name: str, lang: Lang, /, **filled: object) -> str:
    """Fill in one text in one language.

    Examples
    --------
    >>> word("columns", "floor", "en")
    'floor (%)'
    """
    require_option(lang, ("vi", "en"), where="lang")
    return _words()[part][name][lang].format(**filled)
