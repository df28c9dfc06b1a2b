"""Arguments of planning, read and checked: how answers vary, and how the years hang together."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral

import numpy as np
import pandas as pd

from survey.errors import SurveyError, first_five
from survey.intervals import check_level
from survey.planning.sampling_error import Spread, Visits
from survey.scores import Floats

Numbers = float | Sequence[float]
Variability = float | pd.Series


def read_spread(
    share: Variability | None,
    sd: Variability | None,
    icc: Sequence[float] | pd.DataFrame,
    *,
    deff: float,
    population: int | None,
    change: float = 0.0,
) -> tuple[Spread, pd.Index]:
    """Read how answers vary, and the labels of the items (K of them).

    For shares the later year's variance is that of the share after ``change``.

    Raises
    ------
    SurveyError
        Not one of share and sd, or values out of range.
    """
    given = share if sd is None else sd
    if (share is None) == (sd is None) or given is None:
        raise SurveyError(
            "planning: how answers vary is not clear.", mend="Give either share= or sd=."
        )
    labels = given.index if isinstance(given, pd.Series) else pd.Index(["change"])
    values = _numbers(given, "share" if sd is None else "sd")
    between = _read_icc(icc, labels)
    size = _read_population(population, clustered=bool(between))
    if not (np.isfinite(deff) and deff > 0):
        raise SurveyError(f"deff: got {deff!r}.", mend="Give a positive factor, 1 for none.")
    if sd is not None:
        _require((values > 0) & np.isfinite(values), values, "sd", "Give positive numbers.")
        return Spread(values, values, between, deff, size), labels
    later = values + change
    for name, each in (("share", values), ("share + delta", later)):
        _require((each > 0) & (each < 1), each, name, "Give shares between 0 and 1, as 0.85.")
    finite = size / (size - 1.0) if np.isfinite(size) else 1.0
    before, after = (np.sqrt(p * (1.0 - p) * finite) for p in (values, later))
    return Spread(before, after, between, deff, size), labels


def read_visits(strata: int, overlap: float, rho: Numbers, stages: int) -> Visits:
    """Read how the two years hang together, for a number of stages of clusters.

    Raises
    ------
    SurveyError
        Values out of range, units that return without a correlation, or one without any.
    """
    if not (isinstance(strata, Integral) and strata >= 1):
        raise SurveyError(f"strata: got {strata!r}.", mend="Give a whole number, 1 or more.")
    if not 0.0 <= overlap <= 1.0:
        raise SurveyError(
            f"overlap: got {overlap!r}.",
            mend="Give the share of units visited in both years: 0 for redrawn, 1 for the same.",
        )
    correlations = _numbers(rho, "rho")
    _require(np.abs(correlations) <= 1.0, correlations, "rho", "Give correlations from -1 to 1.")
    if overlap > 0 and not stages:
        raise SurveyError(
            f"overlap={overlap!r} without clusters.", mend="Give icc= of the units that return."
        )
    if len(correlations) > max(stages, 1) or (np.any(correlations) and overlap == 0):
        raise SurveyError(
            f"rho: got {rho!r} with {stages} stages of clusters and overlap={overlap!r}.",
            mend="Give one correlation for each stage that is visited again, and overlap=.",
        )
    padded = np.zeros(stages)
    padded[: len(correlations)] = correlations[:stages]
    return Visits(strata, overlap, tuple(float(r) for r in padded))


def read_take(take: Numbers, stages: int, strata: int, where: str) -> tuple[Floats, ...]:
    """Read units of each stage in one of the stage before, rows last.

    Raises
    ------
    SurveyError
        Another number of stages than the ICCs have, numbers below 1, too few units for the strata.
    """
    counts = _numbers(take, where)
    if counts.shape != (stages + 1,):
        raise SurveyError(
            f"{where}: {counts.size} stages, but icc has {stages}.",
            mend="Give units of each stage, rows last: (9, 2, 27) goes with two ICCs.",
        )
    _require((counts >= 1) & np.isfinite(counts), counts, where, "Give numbers of 1 or more.")
    if counts[0] <= strata:
        raise SurveyError(
            f"{where}: {counts[0]:g} first-stage units in {strata} strata leave no degree of "
            "freedom.",
            mend="Draw two or more in each stratum.",
        )
    return tuple(counts.reshape(-1, 1))


def check_chance(power: float, level: float) -> None:
    """Refuse a power or level that is no share, and a power that chance alone gives."""
    check_level(level)
    if not (1.0 - level) / 2.0 < power < 1.0:
        raise SurveyError(f"power: got {power!r}.", mend="Use a share such as power=0.8.")


def _read_icc(icc: Sequence[float] | pd.DataFrame, labels: pd.Index) -> tuple[Floats, ...]:
    """Read intraclass correlations: the same for all items, or a row for each."""
    if isinstance(icc, pd.DataFrame):
        if not icc.index.equals(labels):
            raise SurveyError(
                "icc: its rows are not the items of share= or sd=.",
                mend="Give both the same index.",
            )
        values = icc.to_numpy(dtype=np.float64)
    else:
        values = _numbers(icc, "icc")[None, :]
    fine = (np.abs(values) <= 1).all(axis=1) & (values.sum(axis=1) <= 1)
    if not fine.all():
        raise SurveyError(
            f"icc: got {first_five(values[~fine].ravel())}.",
            mend="Give correlations whose sum is at most 1.",
        )
    return tuple(values[:, k] for k in range(values.shape[1]))


def _read_population(population: int | None, *, clustered: bool) -> float:
    """Read the size of a finite population."""
    if population is None:
        return float(np.inf)
    if clustered or not population >= 2:
        raise SurveyError(
            f"population: got {population!r}{' with clusters' if clustered else ''}.",
            mend="Give the size, 2 or more, of a population whose members are drawn one by one.",
        )
    return float(population)


def _numbers(given: object, where: str) -> Floats:
    """Read one number or several, shape (K,)."""
    try:
        return np.atleast_1d(np.asarray(given, dtype=np.float64))
    except (TypeError, ValueError):
        raise SurveyError(f"{where}: got {given!r}.", mend="Give numbers.") from None


def _require(fine: np.ndarray, values: Floats, where: str, mend: str) -> None:
    """Refuse numbers that are out of range."""
    if not np.all(fine):
        raise SurveyError(f"{where}: got {first_five(values[~fine])}.", mend=mend)
