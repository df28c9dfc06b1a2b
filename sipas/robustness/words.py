"""The words of ``words.toml``: rules and their options, in both languages."""

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
    >>> word("choice", "mean", "en")
    'Mean'
    """
    require_option(lang, ("vi", "en"), where="lang")
    return _words()[part][name][lang].format(**filled)


def option_name(choice: str, option: str, lang: Lang) -> str:
    """Name an option; one that the user named stays as it is.

    Examples
    --------
    >>> option_name("mean", "geometric", "en"), option_name("groups", "plan 1", "vi")
    ('geometric', 'plan 1')
    """
    part = f"option_{choice}"
    return word(part, option, lang) if option in _words().get(part, {}) else option


def option_label(choice: str, option: str, lang: Lang) -> str:
    """Name a choice and its option.

    Examples
    --------
    >>> option_label("mean", "geometric", "en")
    'Mean: geometric'
    """
    name = word("choice", choice, lang)
    return f"{name}: {option_name(choice, option, lang)}" if option else name
