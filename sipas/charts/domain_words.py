"""What the heat map says: its finding, how to read it, and its words for `alt_text`."""

from __future__ import annotations

import pandas as pd

from sipas.charts import particulars
from sipas.charts.domain_cells import ALL, LEAST, domain_cells
from sipas.charts.sheet import Caption
from sipas.charts.words import change as points
from sipas.charts.words import inert, per_cent, value, word
from sipas.composites import Level
from sipas.indices import SatisfactionIndex
from sipas.numerals import Lang
from sipas.verdicts import ADJUSTMENT
from survey.stacking import label_parts


def heat_title(cells: pd.DataFrame, index: SatisfactionIndex, alpha: float, lang: Lang) -> str:
    """Name the cell that lies farthest from all together, and whether there is evidence."""
    known = cells["difference"].dropna()
    if known.empty:
        return word("heat_map", "withheld_all", lang)
    code, domain = label_parts(known.abs().idxmax())
    row = particulars.short_name(
        code, particulars.at(cells, ALL, "domain"), index.instrument, lang
    )
    gap = particulars.cell(cells, (code, domain), "difference")
    sure = particulars.cell(cells, (code, domain), "p_adjusted") < alpha
    return word(
        "heat_map",
        "below" if gap < 0 else "above",
        lang,
        row=row,
        domain=inert(domain),
        rate=value(particulars.cell(cells, (code, domain), "estimate"), lang),
        points=value(abs(gap), lang),
        doubt="" if sure else word("change", "doubt", lang),
    )


def described(index: SatisfactionIndex, lang: Lang, level_of: Level, level: float) -> str:
    """Say in words what the chart shows, for `alt_text`."""
    cells = domain_cells(index, level_of, LEAST, level, lang)
    apart = cells[cells.index.get_level_values("domain") != ALL]
    return word(
        "alt",
        "heat_map",
        lang,
        rows=cells.index.get_level_values("code").nunique(),
        noun=word("noun", level_of, lang),
        domains=apart.index.get_level_values("domain").nunique(),
        title=heat_title(cells, index, 1.0 - level, lang),
        low=points(apart["difference"].min(), lang),
        high=points(apart["difference"].max(), lang),
        withheld=int(apart["withheld"].sum()),
    )


def heat_caption(
    index: SatisfactionIndex,
    cells: pd.DataFrame,
    level_of: Level,
    least: int,
    level: float,
    lang: Lang,
) -> Caption:
    """Say the finding, of whom, and how to read it."""
    facts = particulars.of_one_year(index.answers, index.design, lang)
    count = int(cells["p_adjusted"].notna().sum())
    note = word("heat_map", "note", lang)
    if level_of in ADJUSTMENT:
        method = word("method", level_of, lang)
        tested = {"level": per_cent(1.0 - level, lang), "count": count, "method": method}
        note += " " + word("heat_map", "tested", lang, **tested)
    else:
        level_told = per_cent(1.0 - level, lang)
        note += " " + word("heat_map", "tested_plain", lang, level=level_told)
    if cells["withheld"].any():
        note += " " + word("heat_map", "withheld", lang, least=least)
    return Caption(
        heat_title(cells, index, 1.0 - level, lang),
        word("heat_map", "subtitle", lang, measure=particulars.measure(index, lang), **facts),
        (note, *particulars.notes_of_one_year(index.answers, lang)),
    )
