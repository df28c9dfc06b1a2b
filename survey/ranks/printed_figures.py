"""Figures as they are printed: an estimate and a standard error each, or a covariance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.errors import SurveyError, first_five
from survey.scores import Floats

_WHERE = "rank_intervals"
#: An eigenvalue below minus this share of the largest is no rounding error.
NEGATIVE = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """K printed figures, their covariance and degrees of freedom."""

    point: Floats
    labels: pd.Index
    covariance: Floats
    df: Floats


def figures_given(
    estimate: object,
    se: pd.Series | npt.ArrayLike | None,
    covariance: pd.DataFrame | npt.ArrayLike | None,
    df: npt.ArrayLike,
) -> Figures:
    """Check figures, a Series or an array, and lay them out.

    Raises
    ------
    SurveyError
        Labels that occur twice or do not match, neither or both of ``se`` and ``covariance``,
        sizes or values that are impossible.
    """
    point = _numbers(estimate, "estimate")
    if point.ndim != 1:
        raise SurveyError(
            f"{_WHERE}(estimate=): shape {point.shape}.", mend="Give one column, as a Series."
        )
    labels = estimate.index if isinstance(estimate, pd.Series) else pd.RangeIndex(len(point))
    if not labels.is_unique:
        twice = labels[labels.duplicated()].unique()
        raise SurveyError(f"{_WHERE}: labels occur twice: {first_five(twice)}.", mend="Rename.")
    if (se is None) == (covariance is None):
        raise SurveyError(
            f"{_WHERE}: {'no' if se is None else 'two'} sources of the standard errors.",
            mend="Give either se= or covariance=.",
        )
    free = _numbers(df, "df")
    if free.shape not in ((), labels.shape) or not (free >= 1.0).all():
        raise SurveyError(
            f"{_WHERE}(df=): need 1 or more, for all or for each of {len(labels)}.",
            mend="Leave it out where the standard errors count as known.",
        )
    made = _covariance(covariance, labels) if se is None else np.diag(_se(se, labels) ** 2)
    return Figures(point, labels, made, np.broadcast_to(free, labels.shape))


def refuse_second_source(se: object, covariance: object) -> None:
    """Refuse standard errors beside estimates that have their own."""
    if se is not None or covariance is not None:
        raise SurveyError(
            f"{_WHERE}: these estimates bring their own covariance.",
            mend="Leave out se= and covariance=.",
        )


def _numbers(given: object, name: str) -> Floats:
    """Read numbers, or say that these are none."""
    try:
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise SurveyError(f"{_WHERE}({name}=): not numbers.", mend="Convert them first.") from None


def _se(given: pd.Series | npt.ArrayLike, labels: pd.Index) -> Floats:
    """Put standard errors in the order of the labels."""
    if isinstance(given, pd.Series):
        _same_labels(given.index, labels, "se")
        given = given.loc[labels]
    se = _numbers(given, "se")
    if se.shape != labels.shape:
        raise SurveyError(
            f"{_WHERE}(se=): shape {se.shape} for {len(labels)} estimates.", mend="One each."
        )
    wrong = ~(np.isfinite(se) & (se >= 0))
    if wrong.any():
        raise SurveyError(
            f"{_WHERE}(se=): missing or negative for {first_five(labels[wrong])}.",
            mend="Leave out what has no standard error, or assume one and say so.",
        )
    return se


def _covariance(given: pd.DataFrame | npt.ArrayLike | None, labels: pd.Index) -> Floats:
    """Put the covariance in the order of the labels."""
    if isinstance(given, pd.DataFrame):
        _same_labels(given.index, labels, "covariance")
        _same_labels(given.columns, labels, "covariance")
        given = given.loc[labels, labels]
    made = _numbers(given, "covariance")
    size = len(labels)
    if made.shape != (size, size) or not np.isfinite(made).all():
        raise SurveyError(
            f"{_WHERE}(covariance=): shape {made.shape} for {size} estimates, or missing cells.",
            mend="Give a complete matrix with a row and a column for each estimate.",
        )
    spread = np.linalg.eigvalsh(made)
    if not np.allclose(made, made.T) or spread[0] < -NEGATIVE * max(spread[-1], 0.0):
        raise SurveyError(
            f"{_WHERE}(covariance=): not a covariance matrix; its smallest eigenvalue is "
            f"{spread[0]:.3g}.",
            mend="Pass a symmetric matrix such as estimates.covariance.",
        )
    return (made + made.T) / 2.0


def _same_labels(given: pd.Index, labels: pd.Index, name: str) -> None:
    """Raise unless the labels are those of the estimates, in whatever order."""
    odd = given.symmetric_difference(labels)
    if len(odd) or not given.is_unique:
        raise SurveyError(
            f"{_WHERE}({name}=): labels differ from those of the estimates: "
            f"{first_five(odd if len(odd) else given[given.duplicated()])}.",
            mend="Give the same labels, or plain arrays in the same order.",
        )
