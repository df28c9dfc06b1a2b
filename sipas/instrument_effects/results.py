"""A change of points, split by what was answered and by what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

import survey
from sipas.decomposition_words import worded
from sipas.instrument_effects.points_parts import CHANGE, KINDS, PARTS
from sipas.numerals import Lang
from sipas.verdicts import NO_ERROR
from survey.display import as_html, as_text
from survey.errors import SurveyError, did_you_mean
from survey.intervals import check_level


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class InstrumentEffect:
    """A change of points: rate, maxima, items added, items dropped.

    Parameters
    ----------
    values : Series
        Points by ``(code, part)``: every item, dimension, kind of item and the total, each
        with the parts ``rate maxima added dropped`` and ``change``.
    estimates : survey.Estimates or None
        The same with their covariance; None from printed tables.
    common : survey.Estimates or None
        Change of the mean rate on the common items, in percentage points; None from printed
        tables.
    common_rate_change : float
        The same, as a number: the items weighed by their later maxima.
    items : DataFrame
        Index ``code``; ``kind dimension max_before max_after points_before points_after``.
    levels : Series
        Level of each code of ``values``: statement, dimension, kind or total.
    labels : mapping
        Wording of items and dimensions in each language, by code.
    years : (str, str)
        Names of the two years.
    notes : tuple of str
        Sentences beneath the table.
    """

    values: pd.Series
    estimates: survey.Estimates | None
    common: survey.Estimates | None
    common_rate_change: float
    items: pd.DataFrame
    levels: pd.Series
    labels: Mapping[str, Mapping[str, str]]
    years: tuple[str, str]
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """Change of the total, in points."""
        return float(self.values["total", CHANGE])

    def parts(
        self, code: str = "total", *, level: float = 0.95, lang: Lang = "en"
    ) -> pd.DataFrame:
        """List the parts of one row's change.

        Parameters
        ----------
        code : str
            ``"total"``, an item, a dimension, or a kind of item.
        level : float
            Confidence of the intervals.
        lang : {"vi", "en"}
            Language of the labels.

        Returns
        -------
        DataFrame
            Index ``part``: ``rate maxima added dropped``, and ``change``, which they sum to;
            columns ``label estimate se low high``, in points. From printed tables there is no
            ``se``, and no interval.
        """
        if code not in self.levels.index:
            mend = did_you_mean(code, self.levels.index)
            raise SurveyError(f"parts(code={code!r}): no such row.", mend=mend)
        names = [*PARTS, CHANGE]
        made = self._numbers([(code, part) for part in names], level)
        made.index = pd.Index(names, name="part")
        words = [worded("instrument", "total" if p == CHANGE else p)[lang] for p in names]
        made.insert(0, "label", words)
        return made

    def table(self, *, level: float = 0.95, lang: Lang = "en") -> pd.DataFrame:
        """List every item, dimension, kind of item, and the total.

        Parameters
        ----------
        level : float
            Confidence of the intervals.
        lang : {"vi", "en"}
            Language of the labels.

        Returns
        -------
        DataFrame
            Index ``code``; columns ``level label kind``, the maxima and points of both years,
            the change ``estimate se low high`` in points, and its parts ``rate maxima added
            dropped``.
        """
        codes = list(self.levels.index)
        made = self._numbers([(code, CHANGE) for code in codes], level)
        made.index = self.levels.index
        made.insert(0, "level", self.levels)
        made.insert(1, "label", [self._label(code, lang) for code in codes])
        made.insert(2, "kind", self.items["kind"].reindex(codes))
        for k, name in enumerate(("max_before", "max_after", "points_before", "points_after")):
            made.insert(3 + k, name, [self._sum_of(name, code) for code in codes])
        for part in PARTS:
            made[part] = [self.values[code, part] for code in codes]
        return made

    def _numbers(self, cells: list[tuple[str, str]], level: float) -> pd.DataFrame:
        """Points of some cells, with errors where there are any."""
        check_level(level)
        made = pd.DataFrame({"estimate": self.values[cells].to_numpy()})
        if self.estimates is None:
            return made.assign(se=np.nan, low=np.nan, high=np.nan)
        limits = self.estimates.table(level=level, method="mean").loc[cells]
        columns = {name: limits[name].to_numpy() for name in ("se", "low", "high")}
        made = made.assign(**columns)
        made.loc[made["se"] <= NO_ERROR, ["low", "high"]] = np.nan
        return made

    def _sum_of(self, column: str, code: str) -> float:
        """Maxima or points of the items of one row."""
        level = self.levels[code]
        if level == "total":
            return float(self.items[column].sum())
        if level == "statement":
            return float(self.items[column][code])
        return float(self.items.loc[self.items[level] == code, column].sum())

    def _label(self, code: str, lang: Lang) -> str:
        """Name one row."""
        if code == "total":
            return worded("instrument", "total")[lang]
        if code in KINDS:
            return worded("kind", code)[lang]
        return self.labels.get(code, {}).get(lang, code)

    @property
    def _caption(self) -> str:
        return f"Points, {self.years[0]} to {self.years[1]}: what the questionnaire did"

    def _shown(self) -> pd.DataFrame:
        table = self.table().drop(columns=["points_before", "points_after"])
        table["kind"] = table["kind"].fillna("")
        return table.assign(label=table["label"].str.slice(0, 36))

    def _said(self) -> tuple[str, ...]:
        """Say the split of the total, then the notes."""
        terms = " ".join(f"{self.values['total', part]:+.4f} ({part})" for part in PARTS)
        count = int(self.items["kind"].isin(("kept", "rescaled")).sum())
        return (
            f"{self.total:+.4f} points = {terms}",
            f"Mean rate on the {count} common items: {self.common_rate_change:+.2f} percentage "
            "points (weighed by the later maxima).",
            *self.notes,
        )

    def __repr__(self) -> str:
        """Caption, table and notes as text."""
        return as_text(self._caption, self._shown(), self._said())

    def _repr_html_(self) -> str:
        return as_html(self._caption, self._shown(), self._said())
