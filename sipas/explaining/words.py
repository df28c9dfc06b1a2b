"""The sentences of ``words.toml``, in both languages."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sipas import sentences
from sipas.sentences import Text

_FILE = Path(__file__).with_suffix(".toml")
#: ``worded(part, name, **filled)`` fills in one sentence.
worded = partial(sentences.worded, _FILE)


def column_word(column: str) -> Text:
    """Name a column of the data; others than the usual ones by their own name.

    Examples
    --------
    >>> column_word("district").vi, column_word("mine").vi
    ('huyện', 'mine')
    """
    known = sentences.texts_in(_FILE)["column"]
    return worded("column", column) if column in known else Text(column, column)
