"""What printed totals say of the weights of groups, as tables and in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sipas.desk_words import ShownWithNotes, word, written
from sipas.feasibility.polytope import Intervals, vertices, weight_limits
from sipas.numerals import Lang, number

PRESETS = ("equal", "respondents", "population")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FeasibleWeights(ShownWithNotes):
    """What printed totals say of the weights of groups.

    Parameters
    ----------
    rates : DataFrame
        Printed rates, rows × groups.
    totals : Series
        Printed total of each row.
    ranges : DataFrame
        Index ``group``; ``low`` and ``high`` of its weight; missing where no weights fit.
    schemes : DataFrame
        Index ``scheme, row``; ``estimate`` from the printed rates, ``printed``, ``off`` (their
        difference) and ``fits``, which allows for the rounding of all of them.
    grid : DataFrame
        The sets of weights in steps that fit, a column a group; empty without ``step``.
    tried : int
        Sets in steps that were tried.
    shortfall : float
        By how much every total would have to be wider, on either side, for weights to fit.
    nearest : Series
        Weights that fit, or that come nearest.
    step : float or None
        Step of the grid.
    sizes : Series or None
        Respondents of each group.
    intervals : Intervals
        What the printed figures can have been.
    """

    rates: pd.DataFrame
    totals: pd.Series
    ranges: pd.DataFrame
    schemes: pd.DataFrame
    grid: pd.DataFrame
    tried: int
    shortfall: float
    nearest: pd.Series
    step: float | None
    sizes: pd.Series | None
    intervals: Intervals

    @property
    def feasible(self) -> bool:
        """Whether any weights fit every total."""
        return self.shortfall == 0

    def vertices(self) -> pd.DataFrame:
        """List the extreme sets of weights that fit; all others are mixtures of them."""
        corners = vertices(*self.intervals.halfspaces())
        return pd.DataFrame(corners, columns=self.rates.columns)

    def by_row(self) -> pd.DataFrame:
        """Give the range of each weight that each total allows by itself.

        Returns
        -------
        DataFrame
            Index ``row, group``; columns ``low high``, missing where the row allows none.
        """
        made = {
            row: weight_ranges(self.intervals.row(k), self.rates.columns)
            for k, row in enumerate(self.totals.index)
        }
        stacked: pd.DataFrame = pd.concat(made, names=["row"])
        return stacked

    def table(self) -> pd.DataFrame:
        """List the groups.

        Returns
        -------
        DataFrame
            Index ``group``; columns ``low high`` of the weight; in front ``rate`` where there is
            one total, and at the end ``n`` where sizes were given.
        """
        made = self.ranges.copy()
        if len(self.rates) == 1:
            made.insert(0, "rate", self.rates.iloc[0].astype(np.float64))
        if self.sizes is not None:
            made["n"] = self.sizes
        return made

    def _caption(self, lang: Lang) -> str:
        groups, rows = len(self.rates.columns), len(self.totals)
        if rows == 1:
            total = number(float(self.totals.iloc[0]), self.intervals.decimals, lang=lang)
            return word("weights", "caption_one", lang, groups=groups, total=total)
        return word("weights", "caption", lang, groups=groups, rows=rows)

    def _shown(self, lang: Lang) -> pd.DataFrame:
        made = written(self.table(), {"rate": self.intervals.decimals, "low": 4, "high": 4}, lang)
        made.index.name = None
        return made.rename(columns=lambda name: word("weights_columns", name, lang))

    def _notes(self, lang: Lang) -> tuple[str, ...]:
        notes = [
            self._said(str(name), part, lang)
            for name, part in self.schemes.groupby(level=0, sort=False)
        ]
        if self.step is not None:
            step = number(self.step, len(str(self.step).partition(".")[2]), lang=lang)
            counts = {"fitting": len(self.grid), "all": number(self.tried, 0, lang=lang)}
            notes.append(word("weights", "grid", lang, step=step, **counts))
        if not self.feasible:
            short = number(self.shortfall, self.intervals.decimals + 2, lang=lang)
            notes.append(word("weights", "infeasible", lang, short=short))
        return tuple(notes)

    def _said(self, scheme: str, rows: pd.DataFrame, lang: Lang) -> str:
        """Say whether a scheme fits."""
        known = scheme in PRESETS
        name = word("weights", scheme, lang) if known else scheme
        off = number(float(rows["off"].abs().max()), self.intervals.decimals, lang=lang)
        wrong = int((~rows["fits"]).sum())
        if len(rows) > 1:
            filled = {"scheme": name, "count": wrong, "rows": len(rows), "off": off}
            return word("weights", "excluded_rows" if wrong else "fits_rows", lang, **filled)
        estimate = number(float(rows["estimate"].iloc[0]), self.intervals.decimals, lang=lang)
        filled = {"scheme": name, "estimate": estimate, "off": off}
        return word("weights", "excluded" if wrong else "fits", lang, **filled)


def weight_ranges(intervals: Intervals, groups: pd.Index) -> pd.DataFrame:
    """Give the least and greatest weight of each group, missing where none fit."""
    low, high = weight_limits(*intervals.halfspaces())
    return pd.DataFrame({"low": low, "high": high}, index=groups.rename("group"))
