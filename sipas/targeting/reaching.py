r"""What the sampling error of an index lets one say of a target: the arithmetic.

Over a target *c* an index lies with a probability that follows from its estimate, standard error
and degrees of freedom; it is the complement of the p-value of the one-sided test.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import logit

from sipas.targeting.figures import Bounds, Figures
from survey.adjusted_p_values import holm
from survey.scores import Floats

Reaching = Literal["no standard error", "reached", "missed", "not enough evidence"]
#: A standard error below this, in percentage points, is none.
NO_ERROR = 1e-10


def errors_from_target(point: Floats, se: Floats, target: Floats, bounds: Bounds) -> Floats:
    """Distance from the target in standard errors; infinite without error, missing at an end.

    Examples
    --------
    >>> errors_from_target(np.array([80.0]), np.array([2.0]), np.array([84.0]), None)
    array([-2.])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        if bounds is None:
            return np.asarray((point - target) / se)
        width = bounds[1] - bounds[0]
        share, goal = (point - bounds[0]) / width, (target - bounds[0]) / width
        return np.asarray((logit(share) - logit(goal)) * share * (1.0 - share) * width / se)


def judged(rows: pd.DataFrame, sign: Floats, figures: Figures, level: float) -> pd.DataFrame:
    """Probability, test and verdict of each row."""
    point, se, goal = (
        rows[name].to_numpy(dtype=np.float64) for name in ("estimate", "se", "target")
    )
    df = figures.rows["df"].to_numpy()
    t = sign * errors_from_target(point, se, goal, figures.bounds)
    usable = np.where(df > 0, df, np.nan)
    exact = se <= NO_ERROR
    sure = np.where(sign * (point - goal) >= 0, 1.0, 0.0)
    p = np.where(exact, np.nan, stats.t.sf(t, usable))
    reached, missed = holm(p), holm(1.0 - p)
    made = pd.DataFrame(index=rows.index)
    made["probability"] = np.where(exact, sure, 1.0 - p)
    made["repeat"] = np.where(exact, sure, stats.t.cdf(t / np.sqrt(2.0), usable))
    made["df"], made["p"], made["p_adjusted"] = df, p, reached
    made["verdict"] = np.select(
        [
            np.isnan(se),
            (exact & (sure == 1.0)) | (reached < 1.0 - level),
            (exact & (sure == 0.0)) | (missed < 1.0 - level),
        ],
        list(get_args(Reaching)[:-1]),
        get_args(Reaching)[-1],
    )
    return made


def yearly_change(rows: pd.DataFrame, sign: Floats, year: int | None) -> Floats:
    """Change a year that is still needed to be at the target when it is due."""
    left = rows["by"].to_numpy(dtype=np.float64) - (np.nan if year is None else year)
    needed = -rows["distance"].to_numpy()
    each = needed / np.where(left > 0, left, np.nan)
    return np.where(sign * needed <= 0, 0.0, each)
