"""The words of the methodologist's desk (checks of printed figures, weights, points, targets).

They stand in ``desk_words.toml``; here is also how such results are shown.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Protocol

import pandas as pd

from sipas import sentences
from sipas.numerals import Lang, number
from survey.display import as_html, as_text

#: ``word(part, name, lang, **filled)`` fills in one text, in one language.
word = partial(sentences.word, Path(__file__).with_suffix(".toml"))


def written(table: pd.DataFrame, decimals: dict[str, int], lang: Lang) -> pd.DataFrame:
    """Write a table as text: numbers of the named columns with their decimals, yes and no.

    Examples
    --------
    >>> written(pd.DataFrame({"low": [0.15], "fits": [True]}), {"low": 2}, "vi").iloc[0].tolist()
    ['0,15', 'có']
    """

    def cell(value: object, places: int) -> str:
        if isinstance(value, (bool, pd.api.typing.NAType)) or value is None:
            return "–" if not isinstance(value, bool) else word("common", str(value), lang)
        return number(value, places, lang=lang) if isinstance(value, (int, float)) else str(value)

    made = {
        name: [cell(value, decimals.get(str(name), 0)) for value in table[name].tolist()]
        for name in table.columns
    }
    return pd.DataFrame(made, index=table.index.rename(None))


class _Result(Protocol):
    """What a result must have to be shown."""

    def _caption(self, lang: Lang) -> str: ...
    def _shown(self, lang: Lang) -> pd.DataFrame: ...
    def _notes(self, lang: Lang) -> tuple[str, ...]: ...


class ShownWithNotes:
    """Results that show as a table with a caption above and sentences beneath."""

    __slots__ = ()

    def __repr__(self: _Result) -> str:
        return as_text(self._caption("en"), self._shown("en"), self._notes("en"))

    def _repr_html_(self: _Result) -> str:
        return as_html(self._caption("en"), self._shown("en"), self._notes("en"))

    def text(self: _Result, lang: Lang = "vi") -> str:
        """Write caption, table and notes in one language."""
        return as_text(self._caption(lang), self._shown(lang), self._notes(lang))
