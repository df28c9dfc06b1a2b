"""The words of ``words.toml``: what a diagnosis found, in both languages."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sipas import sentences

#: ``word(part, name, lang, **filled)`` fills in one text, in one language.
word = partial(sentences.word, Path(__file__).with_suffix(".toml"))
