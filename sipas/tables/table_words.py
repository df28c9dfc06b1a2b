"""The words of ``table_words.toml``, which only tables use."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sipas import sentences

#: ``word(part, name, lang, **filled)`` fills in one text, in one language.
word = partial(sentences.word, Path(__file__).with_suffix(".toml"))
