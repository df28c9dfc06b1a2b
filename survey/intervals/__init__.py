"""Confidence limits from an estimate, its standard error and its degrees of freedom."""

from survey.intervals.interval_choice import Admitting, admitted_limits
from survey.intervals.limits import (
    AtEnds,
    IntervalMethod,
    check_level,
    exact_limits,
    logit_limits,
    mean_limits,
    t_quantile,
)
from survey.intervals.share_limits import (
    Shares,
    effective_size,
    korn_graubard_size,
    share_limits,
)

__all__ = [
    "Admitting",
    "AtEnds",
    "IntervalMethod",
    "Shares",
    "admitted_limits",
    "check_level",
    "effective_size",
    "exact_limits",
    "korn_graubard_size",
    "logit_limits",
    "mean_limits",
    "share_limits",
    "t_quantile",
]
