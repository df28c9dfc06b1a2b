"""The words of ``words.toml``, in both languages."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sipas import sentences

#: ``worded(part, name, **filled)`` fills in one text.
worded = partial(sentences.worded, Path(__file__).with_suffix(".toml"))
