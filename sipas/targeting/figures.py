"""The figures of an index that points and targets are computed from: estimate, error, df, n."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

import survey
from sipas.composites import OVERALL, TOTAL
from sipas.indices import SatisfactionIndex
from sipas.instrument import Instrument
from sipas.leaders import LeaderScores
from survey.errors import SurveyError, first_five
from survey.intervals import logit_limits, mean_limits
from survey.scores import Floats

#: The index of services, which stands for the whole where no policy weight was given.
HEADLINE = "services"
#: Code of the total of the PAR INDEX.
PAR_INDEX = "par_index"
Bounds = tuple[float, float] | None


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Figures of one survey.

    Parameters
    ----------
    rows : DataFrame
        Index ``code``; columns ``estimate se df n``. ``se`` is missing where it is not known and
        0 where there is none; ``df`` is infinite where it is not known.
    main : str
        Code of the whole.
    bounds : (low, high) or None
        Range of the figures.
    year : int or None
        Year of the survey.
    instrument : Instrument or None
        Its questionnaire, for labels.
    """

    rows: pd.DataFrame
    main: str
    bounds: Bounds = (0.0, 100.0)
    year: int | None = None
    instrument: Instrument | None = None

    def limits(self, level: float) -> tuple[Floats, Floats]:
        """Give confidence limits, logit where the figures have a range."""
        point, se, df = (self.rows[name].to_numpy() for name in ("estimate", "se", "df"))
        if self.bounds is None:
            return mean_limits(point, se, df, level)
        return logit_limits(point, se, df, level, self.bounds)

    def pick(self, codes: list[str]) -> Figures:
        """Keep some rows, in their order."""
        kept = self.rows.loc[codes]
        return Figures(kept, self.main, self.bounds, self.year, self.instrument)


def read_figures(
    index: SatisfactionIndex | LeaderScores | survey.Estimates | float,
    se: float | None,
    df: float | None,
    where: str,
) -> Figures:
    """Read figures off a result, or take a number with its standard error.

    Raises
    ------
    SurveyError
        For a result with domains, estimates that are no per cent, an error given beside a result,
        or a number outside 0 to 100.
    """
    if isinstance(index, (SatisfactionIndex, LeaderScores, survey.Estimates)):
        if se is not None or df is not None:
            raise SurveyError(
                f"{where}: se and df come with the result.", mend="Give them only with a number."
            )
        return _of_result(index, where)
    if not isinstance(index, Real):
        raise SurveyError(
            f"{where}: got a {type(index).__name__}.",
            mend="Pass sipas.satisfaction, sipas.leader_scores, or a number in per cent.",
        )
    if not 0.0 <= index <= 100.0 or (se is not None and not se >= 0) or (df or 1.0) <= 0:
        raise SurveyError(
            f"{where}: got index {index}, se {se}, df {df}.",
            mend="Give per cent from 0 to 100, a standard error of 0 or more, df above 0.",
        )
    row = {
        "estimate": float(index),
        "se": np.nan if se is None else float(se),
        "df": np.inf if df is None else float(df),
        "n": np.nan,
    }
    rows = pd.DataFrame([row], index=pd.Index([OVERALL], name="code"))
    return Figures(rows, OVERALL)


def _of_result(index: SatisfactionIndex | LeaderScores | survey.Estimates, where: str) -> Figures:
    """Read the figures of a computed result."""
    instrument = None if isinstance(index, survey.Estimates) else index.instrument
    estimates = index if isinstance(index, survey.Estimates) else index.estimates
    if estimates.labels.nlevels > 1 or not estimates.labels.is_unique:
        raise SurveyError(
            f"{where}: the result has {first_five(estimates.labels.names)} as labels.",
            mend="Compute it without by=, or pick the rows of one domain.",
        )
    if estimates.bounds != (0.0, 100.0):
        raise SurveyError(
            f"{where}: {estimates.what} is no index in per cent.",
            mend="Pass sipas.satisfaction, sipas.leader_scores, or one of their rows.",
        )
    columns = {"estimate": estimates.estimate, "se": estimates.se}
    rows = pd.DataFrame(columns | {"df": estimates.df, "n": estimates.n})
    rows.index = pd.Index([str(code) for code in rows.index], name="code")
    main = next((code for code in (OVERALL, TOTAL, HEADLINE) if code in rows.index), rows.index[0])
    return Figures(
        rows, main, year=None if instrument is None else instrument.year, instrument=instrument
    )
