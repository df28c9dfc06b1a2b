"""The words of decompositions, from ``decomposition_words.toml``."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sipas import sentences

#: ``worded(part, name, **filled)`` fills in one text, in both languages.
worded = partial(sentences.worded, Path(__file__).with_suffix(".toml"))
