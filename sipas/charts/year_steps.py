"""Numbers of the chart of several years: changes from year to year, and where points stand.

All rows have one scale, each its own middle.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sipas.changes import AFTER, BEFORE, Change, SeveralYears
from sipas.charts import particulars
from sipas.numerals import Lang
from survey.errors import SurveyError, did_you_mean, first_five

#: Levels shown unless codes are chosen.
LEVELS = ("overall", "total", "aspect", "dimension")
#: Figures of a year that differ by less are one.
SAME = 1e-9
Pair = tuple[int, int]


def year_steps(
    several: SeveralYears, codes: Sequence[str] | None, level: float, lang: Lang
) -> pd.DataFrame:
    """Rows of the chart: each index, and in it each change from one year to the next.

    Returns
    -------
    DataFrame
        Index ``code, change``; columns of `Change.table`, years and intervals of both ends, and
        ``joined``: whether nothing differs between the two instruments.
    """
    tables = {
        f"{pair[0]} → {pair[1]}": _step(pair, change, level, lang)
        for pair, change in consecutive(several)
    }
    if any(table.index.nlevels > 1 for table in tables.values()):
        raise SurveyError("charts.years: the changes are by domain.", mend="Leave out by=.")
    first, *others = tables.values()
    known = [code for code in first.index if all(code in table.index for table in others)]
    if codes is None:
        codes = [code for code in known if first.loc[code, "level"] in LEVELS]
    for code in codes:
        if code not in known:
            raise SurveyError(
                f"charts.years: not every change has {code!r}.", mend=did_you_mean(code, known)
            )
    if not codes:
        raise SurveyError(
            "charts.years: no index is in every change.",
            mend=f"Choose codes= among {first_five(known)}." if known else "Choose another link.",
        )
    both = pd.concat(tables, names=["change"]).swaplevel()
    return both.loc[[(code, name) for code in codes for name in tables]]


def consecutive(several: SeveralYears) -> list[tuple[Pair, Change]]:
    """List the changes from each year to the next, with their years."""
    both = list(zip(several.pairs, several.changes, strict=True))
    return both[: max(len(both) - 1, 1)]  # the last is from the first year to the last


def marks_of(steps: pd.DataFrame, aside: float) -> pd.DataFrame:
    """Points of one index, both years of each change in turn.

    Returns
    -------
    DataFrame
        Columns ``year figure low high`` and ``x``: the year, or ``aside`` of it where the year has
        two figures, one on each side of a break.
    """
    marks = []
    for _, step in steps.iterrows():
        for key, side in ((BEFORE, aside), (AFTER, -aside)):
            figures = [float(step[column]) for column in (key, f"{key}_low", f"{key}_high")]
            marks.append((float(step[f"{key}_year"]), side, *figures))
    made = pd.DataFrame(marks, columns=["year", "side", "figure", "low", "high"])
    for end in ("low", "high"):
        made[end] = made[end].fillna(made["figure"])
    apart = made.groupby("year")["figure"].transform(lambda figures: np.ptp(figures) > SAME)
    return made.assign(x=made["year"] + made["side"].where(apart, 0.0)).drop(columns="side")


def widest_span(table: pd.DataFrame) -> float:
    """Percentage points from the lowest to the highest end of the index that needs most."""
    marks = [marks_of(own, 0.0) for _, own in table.groupby(level="code", sort=False)]
    return max(float(own["high"].max() - own["low"].min()) for own in marks)


def _step(pair: Pair, change: Change, level: float, lang: Lang) -> pd.DataFrame:
    """Table of one change, with the intervals of both years, and whether a line may join them."""
    table = change.table(level=level, lang=lang)
    limits = change.stacked.table(level=level)[["low", "high"]]
    for key, year in zip((BEFORE, AFTER), pair, strict=True):
        own = particulars.at(limits, key, 0).reindex(table.index)
        table[f"{key}_year"] = year
        table[f"{key}_low"], table[f"{key}_high"] = own["low"], own["high"]
    return table.assign(joined=change.differences(lang).empty)
