"""Names for the rows of a table: the level and the wording of each code."""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from sipas.composites import OVERALL, TOTAL, Scheme
from sipas.instrument import Instrument
from sipas.numerals import Lang
from sipas.sentences import sentence
from survey.display import as_html, as_text
from survey.estimates import Estimates


def label(instrument: Instrument, code: str, lang: Lang, *, short: bool = False) -> str:
    """Name a code, also those of the whole, which no instrument lists."""
    if code in (OVERALL, TOTAL):
        return sentence("rows", code)[lang]
    return instrument.label(code, lang, short=short)


def titled(
    table: pd.DataFrame, scheme: Scheme, instrument: Instrument, lang: Lang
) -> pd.DataFrame:
    """Put level and label in front of a table indexed by code."""
    levels = dict(zip(scheme.codes, scheme.levels, strict=True))
    codes = table.index.get_level_values("code")
    made = table.copy()
    made.insert(0, "level", [levels[code] for code in codes])
    made.insert(1, "label", [label(instrument, code, lang) for code in codes])
    return made


class _Result(Protocol):
    """What a result must have to be shown."""

    @property
    def estimates(self) -> Estimates: ...
    @property
    def _caption(self) -> str: ...
    def _shown(self) -> pd.DataFrame: ...


class ShownAsTable:
    """Results that show as their table, with a caption above and the estimates' notes beneath."""

    __slots__ = ()

    def __repr__(self: _Result) -> str:
        return as_text(self._caption, self._shown(), self.estimates.notes)

    def _repr_html_(self: _Result) -> str:
        return as_html(self._caption, self._shown(), self.estimates.notes)
