"""Intervals of levels and of changes: how often they hold the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
from change_tests import between_years
from scipy import stats
from simulated_years import DISTRICTS, ROWS, Scenario, Years

import survey
from survey.difference_limits import mover_limits

Limits = tuple[np.ndarray, np.ndarray]
#: Places that an interval can speak of.
PROVINCE, DISTRICT = "province", "district"


def rates(year: pd.DataFrame, place: str) -> survey.Estimates:
    """Shares of satisfied households by pair, or by pair and, fastest, district."""
    design = survey.Design(year, strata="district", psu="commune")
    by = ["pair"] if place == PROVINCE else ["pair", "district"]
    return survey.proportion(design, "y", event=(1,), by=by)


def covered(limits: Limits, truth: np.ndarray | float) -> np.ndarray:
    """Whether limits hold the truth."""
    return (limits[0] <= truth) & (truth <= limits[1])


def limits_of(estimates: survey.Estimates, **options: object) -> Limits:
    """Limits of the library, as arrays."""
    made = estimates.confidence_interval(**options)
    return made["low"].to_numpy(), made["high"].to_numpy()


def level_coverage(year: pd.DataFrame, scenario: Scenario) -> dict[tuple[str, str], np.ndarray]:
    """Coverage of the rates of the earlier year, by place and method."""
    truths = {
        PROVINCE: scenario.before.mean(),
        DISTRICT: np.tile(scenario.before, year["pair"].nunique()),
    }
    made = {}
    for place, truth in truths.items():
        estimates = rates(year, place)
        for method in ("logit", "mean", "beta"):
            made[place, method] = covered(limits_of(estimates, method=method), truth)
        made[place, "respondents"] = covered(simple_random(estimates, place), truth)
        if place == DISTRICT:
            whole = limits_of(estimates, method="logit", df=DISTRICTS * 2)
            made[place, "logit, df of the province"] = covered(whole, truth)
    return made


def simple_random(estimates: survey.Estimates, place: str) -> Limits:
    """Wald limits as if respondents had been drawn one by one."""
    n = ROWS if place == PROVINCE else ROWS // DISTRICTS
    half = stats.norm.ppf(0.975) * np.sqrt(estimates.point * (1.0 - estimates.point) / n)
    return estimates.point - half, estimates.point + half


def change_coverage(years: Years, scenario: Scenario) -> dict[tuple[str, str], np.ndarray]:
    """Coverage of the change by t limits and MOVER, by place."""
    made = {}
    for place in (PROVINCE, DISTRICT):
        levels = [rates(year, place) for year in years]
        moved = between_years(levels)
        made[place, "t"] = covered(limits_of(moved, method="mean"), -scenario.fall)
        made[place, "mover"] = covered(recovered(levels, moved), -scenario.fall)
    return made


def recovered(levels: list[survey.Estimates], moved: survey.Estimates) -> Limits:
    """MOVER limits from the logit limits of both years, at the df of the change."""
    se = [level.se.to_numpy() for level in levels]
    size = 2.0 * se[0] * se[1]
    shared = se[0] ** 2 + se[1] ** 2 - moved.se.to_numpy() ** 2
    alike = np.clip(np.divide(shared, size, out=np.zeros_like(size), where=size > 0), -1.0, 1.0)
    df = moved.df.to_numpy()
    limits = [limits_of(level, method="logit", df=df) for level in levels]
    return mover_limits(levels[0].point, limits[0], levels[1].point, limits[1], alike)
