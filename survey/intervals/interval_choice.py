"""Which interval an estimate admits: a number without a range, an index, or one item's share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np

from survey.errors import SurveyError, require_option
from survey.intervals.limits import AtEnds, IntervalMethod, check_level, logit_limits, mean_limits
from survey.intervals.share_limits import Shares, share_limits
from survey.scores import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Admitting:
    """What the choice of an interval depends on.

    Parameters
    ----------
    what : str
        What was estimated, for errors.
    point, se, df : (K,) float
        Estimates, standard errors, degrees of freedom.
    bounds : (low, high) or None
        Range of the estimates, where they have one.
    shares : Shares or None
        More about them, where each is the share of one item.
    """

    what: str
    point: Floats
    se: Floats
    df: Floats
    bounds: tuple[float, float] | None
    shares: Shares | None = None


def admitted_limits(
    estimates: Admitting, method: IntervalMethod | None, level: float, at_ends: AtEnds
) -> tuple[Floats, Floats]:
    """Limits by a method, if these estimates admit it.

    Raises
    ------
    SurveyError
        For an unknown word, a level outside (0, 1), or a method without meaning here.
    """
    check_level(level)
    chosen = method or ("mean" if estimates.bounds is None else "logit")
    require_option(chosen, get_args(IntervalMethod), where="confidence_interval(method=)")
    require_option(at_ends, get_args(AtEnds), where="confidence_interval(at_ends=)")
    if estimates.shares is not None:
        return share_limits(estimates.shares, chosen, level, at_ends)
    if chosen == "mean":
        stuck = np.isin(estimates.point, estimates.bounds or ()) & (estimates.se == 0)
        se = np.where(stuck, np.nan, estimates.se)  # at the end of a range 0 tells no width
        return mean_limits(estimates.point, se, estimates.df, level)
    if estimates.bounds is None or chosen != "logit":
        raise _refused(estimates, chosen)
    return logit_limits(estimates.point, estimates.se, estimates.df, level, estimates.bounds)


def _refused(estimates: Admitting, method: IntervalMethod) -> SurveyError:
    """Say why a method has no meaning for these estimates."""
    if estimates.bounds is None:
        return SurveyError(
            f"{estimates.what}: {method} limits need a range, and this estimate has none.",
            mend="Use method='mean'; for the share of answers use survey.proportion.",
        )
    return SurveyError(
        f"{estimates.what}: {method} limits need the effective number of answers to one "
        "question, and this estimate is no share of the answers to one.",
        mend="Use method='logit' or 'mean'.",
    )
