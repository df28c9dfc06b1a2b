"""The table of a change: figures of both years, limits, tests, and what could have been seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from sipas.changes.years import AFTER, BEFORE, Year
from sipas.indices import SatisfactionIndex
from sipas.verdicts import (
    NO_ERROR,
    Adjust,
    adjusted,
    adjusted_jointly,
    levels_of,
    p_values,
    took_everyone,
    verdicts,
)
from survey.difference_limits import mover_limits
from survey.intervals import Shares, share_limits, t_quantile
from survey.scores import Bools, Floats
from survey.stacking import label_parts

if TYPE_CHECKING:
    from sipas.changes.results import Change

Interval = Literal["auto", "t", "mover"]
#: Shares within so many percentage points of 0 or 100 lie near the edge.
EDGE = 5.0
#: Chance with which a change of the size ``detectable_80`` is called real.
POWER = 0.80


def numbers(
    change: Change, *, level: float, interval: Interval, adjust: Adjust, seed: int
) -> pd.DataFrame:
    """Everything of `Change.table` but labels and the weighted index."""
    labels = change.estimates.labels
    levels = levels_of(change.scheme, labels)
    made = pd.DataFrame(
        {
            "before": of_year(change.stacked.estimate, BEFORE, labels),
            "after": of_year(change.stacked.estimate, AFTER, labels),
            **change.estimates.table(level=level, method="mean")[
                ["estimate", "se", "low", "high"]
            ],
            "n_before": change.before.estimates.n.reindex(labels),
            "n_after": change.after.estimates.n.reindex(labels),
            "df": change.estimates.df,
        },
        index=labels,
    )
    census = pd.Series(change.census, index=labels)
    blank = ((made["se"] <= NO_ERROR) & ~census) | (made["df"] < 1)
    made.loc[blank, ["low", "high"]] = np.nan  # a width of zero would claim too much
    chosen = _mover(change, made, interval, level)
    made["p"] = p_values(made)
    if adjust == "max_t":
        made["p_adjusted"] = adjusted_jointly(made["p"], levels, change.estimates, seed)
    else:
        made["p_adjusted"] = adjusted(made["p"], levels)
    made["verdict"] = verdicts(made, census, level, change.equivalence)
    df = made["df"].where(made["df"] >= 1).to_numpy()
    error = made["se"].where(made["se"] > NO_ERROR)
    made["detectable"] = t_quantile(level, df) * error
    made["detectable_80"] = made["detectable"] + stdtrit(df, POWER) * error
    made["interval"] = np.where(chosen, "mover", np.where(made["low"].isna(), "none", "t"))
    return made


def of_year(values: pd.Series, key: str, labels: pd.Index) -> Floats:
    """Values of one year in the order of the labels."""
    known = dict(zip(values.index, values, strict=True))
    return np.array([known[(key, *label_parts(label))] for label in labels])


def _mover(change: Change, rows: pd.DataFrame, interval: Interval, level: float) -> Bools:
    """Replace limits by those recovered from both years', and say of which rows."""
    single = _single_shares(change, rows) & (rows["df"] >= 1).to_numpy() & ~change.census
    near = (rows[["before", "after"]] - 50.0).abs().max(axis=1).to_numpy() > 50.0 - EDGE
    wanted = np.asarray(single & (near | (interval == "mover")) & (interval != "t"))
    years = [(change.before, BEFORE), (change.after, AFTER)]
    se = [of_year(change.stacked.se, key, rows.index) for _, key in years]
    limits = [
        _year_limits(year, rows[key].to_numpy(), error, rows, level)
        for (year, key), error in zip(years, se, strict=True)
    ]
    size = 2.0 * se[0] * se[1]
    shared = se[0] ** 2 + se[1] ** 2 - rows["se"].to_numpy() ** 2
    alike = np.divide(shared, size, out=np.zeros(len(rows)), where=size > NO_ERROR**2)
    low, high = mover_limits(
        rows["before"].to_numpy(),
        limits[0],
        rows["after"].to_numpy(),
        limits[1],
        np.clip(alike, -1.0, 1.0),
    )
    chosen = wanted & (high - low > NO_ERROR)
    rows.loc[chosen, "low"], rows.loc[chosen, "high"] = low[chosen], high[chosen]
    return chosen


def _single_shares(change: Change, rows: pd.DataFrame) -> Bools:
    """Which rows are the share of satisfied answers to one statement."""
    year = change.after
    if not isinstance(year, SatisfactionIndex) or year.rules.score != "top2":
        return np.zeros(len(rows), dtype=bool)
    return np.asarray(levels_of(change.scheme, rows.index) == "statement")


def _year_limits(
    year: Year, share: Floats, se: Floats, rows: pd.DataFrame, level: float
) -> tuple[Floats, Floats]:
    """Logit limits of one year at the quantile of the change; a census knows its share."""
    n = year.estimates.n.reindex(rows.index).to_numpy()
    shares = Shares(share / 100.0, se / 100.0, rows["df"].to_numpy(), n, n, np.ones(len(n)))
    low, high = (100.0 * limit for limit in share_limits(shares, "logit", level))
    known = (se <= NO_ERROR) & took_everyone(year.design)
    return np.where(known, share, low), np.where(known, share, high)
