"""The words of ``words.toml``: rules and their options, in both languages."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sipas import sentences
from sipas.numerals import Lang

_FILE = Path(__file__).with_suffix(".toml")
#: ``word(part, name, lang, **filled)`` fills in one text, in one language.
word = partial(sentences.word, _FILE)


def option_name(choice: str, option: str, lang: Lang) -> str:
    """Name an option; one that the user named stays as it is.

    Examples
    --------
    >>> option_name("mean", "geometric", "en"), option_name("groups", "plan 1", "vi")
    ('geometric', 'plan 1')
    """
    part = f"option_{choice}"
    known = option in sentences.texts_in(_FILE).get(part, {})
    return word(part, option, lang) if known else option


def option_label(choice: str, option: str, lang: Lang) -> str:
    """Name a choice and its option.

    Examples
    --------
    >>> option_label("mean", "geometric", "en")
    'Mean: geometric'
    """
    name = word("choice", choice, lang)
    return f"{name}: {option_name(choice, option, lang)}" if option else name
