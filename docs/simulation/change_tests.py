"""Tests of a change: the library's default, and what else is done in practice, as controls.

Every village has 27 households, so that shares of villages as rows give the same estimates and
scores as households as rows; `tests/test_simulation.py` checks it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats
from simulated_years import ROWS, Years

import survey


def between_years(levels: list[survey.Estimates], *, paired: bool = True) -> survey.Estimates:
    """Later year less earlier, for the same estimates of both."""
    both = survey.stack(*levels, keys=["before", "after"], paired=paired)
    each = np.eye(len(levels[0]))
    return both.contrast(np.hstack([-each, each]))


def change(years: Years, *, psu: str = "commune", paired: bool = True) -> survey.Estimates:
    """Change in each pair, as `sipas.compare` makes it."""
    designs = [survey.Design(year, strata="district", psu=psu) for year in years]
    rates = [survey.mean(design, "y", by="pair") for design in designs]
    return between_years(rates, paired=paired)


def stacked_by_hand(years: Years) -> survey.Estimates:
    """Both years as one design, which counts an absent commune as zero; usual in R and Stata."""
    both = pd.concat([year.assign(year=k) for k, year in enumerate(years)], ignore_index=True)
    design = survey.Design(both, strata="district", psu="commune")
    rates = survey.mean(design, "y", by=["pair", "year"])
    return rates.contrast(np.kron(np.eye(len(rates) // 2), [-1.0, 1.0]))


def p_values(moved: survey.Estimates) -> np.ndarray:
    """Two-sided t test of each change on its own degrees of freedom."""
    return two_sided(moved.point, moved.se.to_numpy(), moved.df.to_numpy())


def respondents_p_values(years: Years) -> np.ndarray:
    """Welch's t test on respondents as if drawn one by one."""
    shares = [year.groupby("pair")["y"].mean().to_numpy() for year in years]
    of_mean = [share * (1.0 - share) / (ROWS - 1) for share in shares]
    squares = sum(v**2 / (ROWS - 1) for v in of_mean)
    total = of_mean[0] + of_mean[1]
    return two_sided(shares[1] - shares[0], np.sqrt(total), total**2 / squares)


def two_sided(moved: np.ndarray, se: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Two-sided p-values; a change without a standard error is not rejected."""
    t = np.divide(np.abs(moved), se, out=np.zeros_like(se), where=se > 0)
    return 2.0 * stats.t.sf(t, df)


def rejections(years: Years, *, controls: bool) -> dict[str, np.ndarray]:
    """Which pairs each test rejects at 5 %, the controls where asked for."""
    p = {"default": p_values(change(years))}
    if controls:
        p |= {
            "stacked by hand": p_values(stacked_by_hand(years)),
            "years independent": p_values(change(years, paired=False)),
            "villages": p_values(change(years, psu="village")),
            "respondents": respondents_p_values(years),
        }
    return {name: each < 0.05 for name, each in p.items()}
