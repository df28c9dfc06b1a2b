"""The sentences in ``sentences.toml``, filled in: text in two languages kept out of the code."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from sipas.instrument_parts import Text


@cache
def _sentences() -> dict[str, dict[str, dict[str, str]]]:
    """Read the file once."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def sentence(part: str, name: str, **filled: object) -> Text:
    """Fill in one sentence, in both languages.

    Examples
    --------
    >>> sentence("population", "nation", count=63).en
    'the nation: 63 provinces; each capital always in the sample, ...'
    """
    made = _sentences()[part][name]
    return Text(made["vi"].format(**filled), made["en"].format(**filled))
