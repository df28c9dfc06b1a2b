"""Which heading stands above which statement, where statements follow each other on a chart."""

from __future__ import annotations

import pandas as pd

from sipas.charts import particulars
from sipas.instrument import Instrument
from sipas.numerals import Lang


def with_headings(
    table: pd.DataFrame, instrument: Instrument, lang: Lang
) -> list[tuple[str, str | None]]:
    """Put the name of each dimension above its statements."""
    made: list[tuple[str, str | None]] = []
    last = None
    names = particulars.row_names(table, instrument, lang)
    for code, name in zip(table.index, names, strict=True):
        section = _section(str(code), table, instrument)
        if section is not None and section != last:
            made.append((instrument.label(section, lang, short=True), None))
        last = section
        made.append((name, str(code)))
    return made


def _section(code: str, table: pd.DataFrame, instrument: Instrument) -> str | None:
    """Give the dimension of a statement; the aspect, where its dimensions show one each."""
    shown = [instrument.item(str(one)).dimension for one in table.index]
    own = instrument.item(code).dimension
    aspect_of = {part.code: part.aspect for part in instrument.dimensions}
    if own is None or aspect_of[own] is None or shown.count(own) > 1:
        return own
    alone = [d for d in shown if shown.count(d) == 1 and aspect_of.get(d or "") == aspect_of[own]]
    return aspect_of[own] if len(alone) > 1 else own
