"""The total of the PAR INDEX from its three parts: appraisal, leader survey, SIPAS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

import survey
from sipas.composites import TOTAL
from sipas.desk_words import ShownWithNotes, word, written
from sipas.indices import SatisfactionIndex
from sipas.leaders import LeaderScores
from sipas.numerals import Lang
from sipas.targeting.figures import PAR_INDEX, Figures
from sipas.targeting.points import par_points
from survey.errors import SurveyError, first_five
from survey.intervals import check_level, logit_limits, mean_limits

PARTS = ("appraisal", "leaders", "satisfaction")
_COLUMNS = ["max_points", "estimate", "se", "df"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ParTotal(ShownWithNotes):
    """The parts of the PAR INDEX and their sum, in points.

    Parameters
    ----------
    parts : DataFrame
        Index ``part``, the total last; columns ``max_points estimate se df``. ``se`` is missing
        for a part given as a number; the total's holds the sampling error of the surveys given as
        results.
    year : int or None
        Year of the surveys.
    """

    parts: pd.DataFrame
    year: int | None

    def table(self, *, level: float = 0.95) -> pd.DataFrame:
        """List the parts and the total.

        Parameters
        ----------
        level : float
            Confidence of the intervals.

        Returns
        -------
        DataFrame
            Index ``part``; columns ``max_points``, in points ``estimate se low high``, ``df``, and
            ``rate`` in per cent of the maximum where that is known. Limits of a survey are those
            of its index (logit), of the total plain.
        """
        columns = [*_COLUMNS[1:], "max_points"]
        point, se, df, most = (self.parts[name].to_numpy() for name in columns)
        share = most / 100.0
        logits = logit_limits(point / share, se / share, df, check_level(level), (0.0, 100.0))
        plain = mean_limits(point, se, df, level)
        low, high = np.where(self.parts.index == "total", plain, np.array(logits) * share)
        made = self.parts[["max_points", "estimate", "se"]].assign(low=low, high=high, df=df)
        return made.assign(rate=point / share)

    def figures(self) -> Figures:
        """Give the total in per cent of the maximum, for `targets`.

        Raises
        ------
        SurveyError
            Where the maximum of a part is not known.
        """
        total = self.parts.loc[["total"]]
        if total["max_points"].isna().any():
            lacking = self.parts.index[self.parts["max_points"].isna()].drop("total")
            raise SurveyError(
                f"par_total: the maximum of {first_five(lacking)} is not known.",
                mend="Give it in max_points=.",
            )
        share = 100.0 / total["max_points"]
        rows = pd.DataFrame(
            {
                "estimate": total["estimate"] * share,
                "se": total["se"] * share,
                "df": total["df"],
                "n": np.nan,
            }
        )
        rows.index = pd.Index([PAR_INDEX], name="code")
        return Figures(rows, PAR_INDEX, bounds=None, year=self.year)

    def _caption(self, lang: Lang) -> str:
        return word("par", "caption", lang)

    def _shown(self, lang: Lang) -> pd.DataFrame:
        places = dict.fromkeys(("max_points", "estimate", "se", "low", "high", "rate"), 2)
        made = written(self.table(), places | {"df": 1}, lang)
        made.index = pd.Index([word("par", part, lang) for part in made.index])
        return made.rename(columns=lambda name: word("targets_columns", name, lang))

    def _notes(self, lang: Lang) -> tuple[str, ...]:
        surveys = self.parts.drop("total")
        known = [word("par", part, lang) for part in surveys.index[surveys["se"].isna()]]
        notes = [word("par", "independent", lang)] if len(known) < 2 else []
        if known:
            notes.append(word("par", "numbers", lang, parts=", ".join(known)))
        return tuple(notes)


def par_total(
    *,
    appraisal: float,
    leaders: LeaderScores | float,
    satisfaction: SatisfactionIndex | survey.Estimates | float,
    max_points: Mapping[str, float] | None = None,
) -> ParTotal:
    r"""Add up the PAR INDEX from appraisal, leader survey and SIPAS.

    Parameters
    ----------
    appraisal : float
        Points of the appraisal, with the impact on socio-economic development.
    leaders : LeaderScores or float
        Result of the leader survey, or its points.
    satisfaction : SatisfactionIndex, Estimates or float
        Result of the household survey (as in `par_points`, of 10 points unless ``max_points``
        says otherwise), or its points.
    max_points : mapping, optional
        Maximum of ``appraisal``, ``leaders``, ``satisfaction``; needed for a rate of parts given
        as numbers.

    Returns
    -------
    ParTotal

    Raises
    ------
    SurveyError
        For maxima of another part, or a negative number of points.

    Notes
    -----
    The two surveys are independent, so that the variance of the total is the sum of theirs, with
    Welch–Satterthwaite degrees of freedom :math:`(\sum v_k)^2 / \sum (v_k^2 / d_k)`. The
    appraisal, and every part given as a number, counts as exact.

    Examples
    --------
    >>> par_total(appraisal=61.21, leaders=17.42, satisfaction=7.92,
    ...           max_points={"appraisal": 68, "leaders": 22, "satisfaction": 10})
    PAR INDEX, points
                  max points estimate se low high df  rate
    appraisal          68.00    61.21  –   –    –  – 90.01
    leader survey      22.00    17.42  –   –    –  – 79.18
    SIPAS              10.00     7.92  –   –    –  – 79.20
    total             100.00    86.55  –   –    –  – 86.55
    Taken as exact, being given as numbers: appraisal, leader survey, SIPAS.
    """
    maxima = dict(max_points or {})
    unknown = [part for part in maxima if part not in PARTS]
    if unknown:
        raise SurveyError(
            f"max_points: no such part: {first_five(unknown)}.",
            mend=f"Parts: {first_five(PARTS)}.",
        )
    rows = [
        _given(appraisal, "appraisal", maxima),
        _of_leaders(leaders, maxima),
        _of_households(satisfaction, maxima),
    ]
    parts = pd.DataFrame(rows, index=pd.Index(PARTS, name="part"), columns=_COLUMNS)
    years = {s.instrument.year for s in (leaders, satisfaction) if hasattr(s, "instrument")}
    return ParTotal(_with_total(parts), years.pop() if len(years) == 1 else None)


def _given(points: float, part: str, maxima: Mapping[str, float]) -> list[float]:
    """Take points as they are."""
    if not points >= 0:
        raise SurveyError(f"{part}: got {points} points.", mend="Give 0 or more.")
    return [maxima.get(part, np.nan), float(points), np.nan, np.nan]


def _of_leaders(given: LeaderScores | float, maxima: Mapping[str, float]) -> list[float]:
    """Points of the leader survey."""
    if not isinstance(given, LeaderScores):
        return _given(given, "leaders", maxima)
    row = given.points.pick([given.scheme.codes.index(TOTAL)])
    return [given.max_points[TOTAL], row.point[0], row.se.iloc[0], row.df.iloc[0]]


def _of_households(
    given: SatisfactionIndex | survey.Estimates | float, maxima: Mapping[str, float]
) -> list[float]:
    """Points of the household survey."""
    if not isinstance(given, (SatisfactionIndex, survey.Estimates)):
        return _given(given, "satisfaction", maxima)
    made = par_points(given, maxima.get("satisfaction", 10)).table()
    if len(made) > 1:
        raise SurveyError(
            f"satisfaction: got {len(made)} rows.", mend="Pass the result, or one of its rows."
        )
    return [float(value) for value in made.iloc[0][_COLUMNS]]


def _with_total(parts: pd.DataFrame) -> pd.DataFrame:
    """Add the total: errors of independent surveys add up."""
    variance = parts["se"].dropna() ** 2
    whole = variance.sum()
    spread = (variance**2 / parts["df"].reindex(variance.index)).sum()
    total = [
        parts["max_points"].sum(skipna=False),
        parts["estimate"].sum(),
        np.sqrt(whole) if len(variance) else np.nan,
        whole**2 / spread if spread > 0 else np.nan,
    ]
    made = parts.copy()
    made.loc["total"] = total
    return made
