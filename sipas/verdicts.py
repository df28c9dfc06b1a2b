"""What can be said of each change: p-values, their adjustment, the verdict, shares of it.

Pure functions of a table of changes. A row of a census has no sampling error and no test; a row
that does not vary in a sample has no test either, but is no census.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

import survey
from sipas.composites import Scheme
from survey.adjusted_p_values import benjamini_hochberg, holm
from survey.scores import CENSUS
from survey.simultaneous_tests import max_t_p_values

Verdict = Literal[
    "fell",
    "rose",
    "fell, but by less than the margin",
    "rose, but by less than the margin",
    "equivalent",
    "not enough evidence",
    "census",
    "no degrees of freedom",
]
#: Ways to adjust p-values for the number of rows tested.
Adjust = Literal["holm_bh", "max_t"]
#: How p-values of each level are adjusted for the number of rows tested.
ADJUSTMENT = {"statement": benjamini_hochberg, "dimension": holm}
#: A standard error below this, in percentage points, is none.
NO_ERROR = 1e-10


def took_everyone(design: survey.Design) -> bool:
    """Whether every stratum was taken whole at the first stage."""
    return bool((1.0 - design.stages[0].fraction < CENSUS).all())


def levels_of(scheme: Scheme, labels: pd.Index) -> pd.Series:
    """Level of each label."""
    level = dict(zip(scheme.codes, scheme.levels, strict=True))
    return pd.Series(
        [level[code] for code in labels.get_level_values("code")], index=labels, dtype=object
    )


def p_values(rows: pd.DataFrame) -> pd.Series:
    """Two-sided p of each change; missing without sampling error or one degree of freedom."""
    tested = (rows["se"] > NO_ERROR) & (rows["df"] >= 1)
    t = rows["estimate"].abs() / rows["se"].where(tested)
    p = np.asarray(2.0 * stdtr(rows["df"].where(tested), -t))
    return pd.Series(p, index=rows.index)


def adjusted(p: pd.Series, levels: pd.Series) -> pd.Series:
    """Adjust p-values within each level for the number of rows tested."""
    made = p.copy()
    for level, method in ADJUSTMENT.items():
        tested = (levels == level).to_numpy()
        made[tested] = method(p[tested].to_numpy(np.float64))
    return made


def adjusted_jointly(
    p: pd.Series, levels: pd.Series, changes: survey.Estimates, seed: int
) -> pd.Series:
    """Adjust p-values within each level by the joint distribution of its changes."""
    made = p.copy()
    for level in ADJUSTMENT:
        tested = np.flatnonzero((levels == level) & p.notna())
        if len(tested):
            rows = changes.pick(tested)
            df = rows.df.to_numpy()
            made.iloc[tested] = max_t_p_values(
                rows.point, rows.covariance.to_numpy(), df, seed=seed
            )
    return made


def share_of_change(parts: pd.Series, change: float, error: float) -> pd.Series:
    """Parts in per cent of the change; missing where it does not exceed its standard error."""
    return 100.0 * parts / (change if abs(change) > max(error, NO_ERROR) else np.nan)


def verdicts(
    rows: pd.DataFrame, census: pd.Series, level: float, margin: float | None
) -> list[Verdict]:
    """Say of each row what can be said; DESIGN of the library, *Change*."""
    alpha = 1.0 - level
    delta = np.inf if margin is None else margin
    df = rows["df"].where(rows["df"] >= 1)
    t = stdtrit(df, level)  # one-sided
    inside = rows["estimate"].abs() + t * rows["se"] < delta
    made: list[Verdict] = []
    for row, close, whole in zip(rows.itertuples(), inside, census, strict=True):
        near = bool(close) and margin is not None
        made.append("census" if whole else _verdict(row, alpha, delta, near))
    return made


def _verdict(row: Any, alpha: float, delta: float, close: bool) -> Verdict:
    """Decide one row."""
    if not row.df >= 1:
        return "no degrees of freedom"
    if row.se <= NO_ERROR:  # no row of the sample varies: nothing to test with
        return "not enough evidence"
    if row.p_adjusted < alpha:
        small = np.isfinite(delta) and abs(row.estimate) < delta
        if row.estimate < 0:
            return "fell, but by less than the margin" if small else "fell"
        return "rose, but by less than the margin" if small else "rose"
    return "equivalent" if close else "not enough evidence"
