"""The words of ``words.toml``: rules and their options, in both languages."""

from __future__ import annotations

from pathlib import Path

from sipas.numerals import Lang
from sipas.sentences import texts_in, worded

_FILE = Path(__file__).with_suffix(".toml")


def word(part: str, name: str, lang: Lang, /, **filled: object) -> str:
    """Fill in one text in one language.

    Examples
    --------
    >>> word("choice", "mean", "en")
    'Mean'
    """
    return worded(_FILE, part, name, **filled)[lang]


def option_name(choice: str, option: str, lang: Lang) -> str:
    """Name an option; one that the user named stays as it is.

    Examples
    --------
    >>> option_name("mean", "geometric", "en"), option_name("groups", "plan 1", "vi")
    ('geometric', 'plan 1')
    """
    part = f"option_{choice}"
    return word(part, option, lang) if option in texts_in(_FILE).get(part, {}) else option


def option_label(choice: str, option: str, lang: Lang) -> str:
    """Name a choice and its option.

    Examples
    --------
    >>> option_label("mean", "geometric", "en")
    'Mean: geometric'
    """
    name = word("choice", choice, lang)
    return f"{name}: {option_name(choice, option, lang)}" if option else name
