"""The sentences of ``words.toml``, in both languages."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from sipas.sentences import Text


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    """Read the file once."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def worded(part: str, name: str, **filled: object) -> Text:
    """Fill in one sentence; a `Text` that is filled in is taken in the language of the sentence.

    Examples
    --------
    >>> worded("counts", "dont_know").vi
    'không biết'
    """
    made = _words()[part][name]
    vi, en = (
        {key: value[lang] if isinstance(value, Text) else value for key, value in filled.items()}
        for lang in ("vi", "en")
    )
    return Text(made["vi"].format(**vi), made["en"].format(**en))


def column_word(column: str) -> Text:
    """Name a column of the data; others than the usual ones by their own name.

    Examples
    --------
    >>> column_word("district").vi, column_word("mine").vi
    ('huyện', 'mine')
    """
    known = _words()["column"]
    return worded("column", column) if column in known else Text(column, column)
