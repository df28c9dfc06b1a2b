"""Points of the PAR INDEX that an index earns: maximum times index over 100."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

import survey
from sipas.desk_words import ShownWithNotes, word, written
from sipas.indices import SatisfactionIndex
from sipas.leaders import LeaderScores
from sipas.numerals import Lang
from sipas.targeting.figures import HEADLINE, Figures, read_figures
from survey.errors import SurveyError
from survey.intervals import check_level


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ParPoints(ShownWithNotes):
    """Points that an index earns.

    Parameters
    ----------
    figures : Figures
        The index, in per cent.
    max_points : float
        Points at 100 %.
    """

    figures: Figures
    max_points: float

    def table(self, *, level: float = 0.95) -> pd.DataFrame:
        """List the points.

        Parameters
        ----------
        level : float
            Confidence of the intervals.

        Returns
        -------
        DataFrame
            Index ``code``; columns ``max_points index`` (per cent), then in points
            ``estimate se low high``, then ``n df``.
        """
        rows, share = self.figures.rows, self.max_points / 100.0
        low, high = self.figures.limits(check_level(level))
        return pd.DataFrame(
            {
                "max_points": self.max_points,
                "index": rows["estimate"],
                "estimate": rows["estimate"] * share,
                "se": rows["se"] * share,
                "low": low * share,
                "high": high * share,
                "n": rows["n"],
                "df": rows["df"],
            },
            index=rows.index,
        )

    def _caption(self, lang: Lang) -> str:
        return word("points", "caption", lang)

    def _shown(self, lang: Lang) -> pd.DataFrame:
        places = dict.fromkeys(("max_points", "index", "estimate", "se", "low", "high"), 2)
        made = written(self.table(), places | {"df": 1}, lang)
        return made.rename(columns=lambda name: word("targets_columns", name, lang))

    def _notes(self, lang: Lang) -> tuple[str, ...]:
        notes = [word("points", "rule", lang)]
        if self.figures.instrument is not None and HEADLINE in self.figures.rows.index:
            notes.append(word("points", "services", lang))
        return tuple(notes)


def par_points(
    index: SatisfactionIndex | survey.Estimates | float,
    max_points: float = 10,
    *,
    se: float | None = None,
    df: float | None = None,
) -> ParPoints:
    r"""Turn a satisfaction index into points of the PAR INDEX.

    Parameters
    ----------
    index : SatisfactionIndex, Estimates or float
        A result (its overall index; without ``policy_weight`` the services index, which the
        result then says), one or more of its rows, or a number in per cent.
    max_points : float
        Points at 100 %; 10 for SIPAS in every published year from 2019.
    se, df : float, optional
        Standard error, in percentage points, and degrees of freedom of a number; limits are
        normal where ``df`` is not given.

    Returns
    -------
    ParPoints

    Raises
    ------
    SurveyError
        For a maximum of 0 or less, the leader survey, which has maxima of its own, and what is no
        per cent.

    Notes
    -----
    points :math:`= M I / 100`, standard error :math:`M\,se / 100`; limits are those of the index.
    For Huế 2021 the index of 88.60 gives the printed 8.86; for 2022 the services index of 79.56
    gives 7.96 where 7.92 is printed: that figure must stand for another quantity, probably the
    overall index, which holds the policy aspect too.

    Examples
    --------
    >>> par_points(88.60).table()[["index", "estimate"]]
          index  estimate
    code
    sipas  88.6      8.86
    """
    if not max_points > 0:
        raise SurveyError(f"max_points: got {max_points}.", mend="Give a number above 0.")
    if isinstance(index, LeaderScores):
        raise SurveyError(
            "par_points: the leader survey has maximum points of its own.",
            mend="Use scores.points.",
        )
    figures = read_figures(index, se, df, "par_points")
    whole = isinstance(index, SatisfactionIndex)
    return ParPoints(figures.pick([figures.main]) if whole else figures, max_points)
