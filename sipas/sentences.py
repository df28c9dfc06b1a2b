"""The sentences in ``sentences.toml``, filled in: text in two languages kept out of the code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sipas.numerals import Lang
from survey.errors import require_option


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Vietnamese and in English.

    Examples
    --------
    >>> Text("sở", "department")["en"]
    'department'
    """

    vi: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        """Give the text in one language."""
        require_option(lang, ("vi", "en"), where="lang")
        return self.en if lang == "en" else self.vi


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
