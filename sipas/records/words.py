"""The words of ``words.toml``, in both languages."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from sipas.sentences import Text


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    """Read the file once."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def worded(part: str, name: str, /, **filled: object) -> Text:
    """Fill in one text.

    Examples
    --------
    >>> worded("what", "answers").vi
    'phiếu trả lời'
    """
    made = _words()[part][name]
    return Text(made["vi"].format(**filled), made["en"].format(**filled))
