"""What is compared: estimates, and how well each difference of two of them is known."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from survey.errors import SurveyError, did_you_mean, first_five
from survey.estimates import Estimates
from survey.scores import Floats, Ints

#: Below this share of the two variances, the variance of a difference is rounding error.
NO_VARIANCE = 1e-12
#: Fewer draws say nothing about a tail of 5 %.
FEWEST_DRAWS = 200
#: Differences whose scores are formed at a time.
BLOCK = 2_000


class HasEstimates(Protocol):
    """A result that carries its estimates."""

    @property
    def estimates(self) -> Estimates:
        """The estimates, with their scores."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """K estimates that are put in order.

    Parameters
    ----------
    point : (K,) float
        The estimates.
    covariance : (K, K) float
        Their covariance.
    df : (K,) float
        Degrees of freedom of each; infinite where its standard error counts as known.
    difference_df : (K, K) float
        Degrees of freedom of each difference.
    """

    point: Floats
    covariance: Floats
    df: Floats
    difference_df: Floats

    def from_low_to_high(self, sign: float = 1.0) -> tuple[Compared, Ints]:
        """Put ``sign`` times the estimates in order, so that draws depend on no labels.

        Also gives the place in that order of each estimate.
        """
        order = np.argsort(sign * self.point, kind="stable")
        both = np.ix_(order, order)
        ordered = Compared(
            sign * self.point[order],
            self.covariance[both],
            self.df[order],
            self.difference_df[both],
        )
        return ordered, np.argsort(order).astype(np.int64)

    @property
    def variance(self) -> Floats:
        """Variance of each difference, shape (K, K)."""
        return difference_variance(self.covariance)


def difference_variance(covariance: Floats) -> Floats:
    """Variance of every difference, shape (..., K, K); exactly 0 where rounding error is left."""
    own = np.diagonal(covariance, axis1=-2, axis2=-1)
    both = own[..., :, None] + own[..., None, :]
    made = both - 2.0 * covariance
    return np.where(made > NO_VARIANCE * both, made, 0.0)


def ratios(difference: Floats, scale: Floats) -> Floats:
    """Differences over their scale; without one, 0 for a tie and infinite for any other."""
    certain = np.where(difference == 0.0, 0.0, np.copysign(np.inf, difference))
    return np.where(scale > 0.0, difference / np.where(scale > 0.0, scale, 1.0), certain)


def gaps(point: Floats) -> Floats:
    """Every difference, row less column, shape (..., K, K)."""
    return np.asarray(point[..., :, None] - point[..., None, :])


def of_estimates(estimates: Estimates, *, where: str) -> Compared:
    """Read estimates that came with their scores.

    Raises
    ------
    SurveyError
        Fewer than two estimates, missing ones, or differences that have sampling error and less
        than one degree of freedom.
    """
    point = estimates.point
    check_enough(point, estimates.labels, where=where)
    covariance = estimates.covariance.to_numpy()
    df = _difference_df(estimates)
    unknown = (difference_variance(covariance) > 0.0) & ~(df >= 1.0)
    if unknown.any():
        row, column = np.argwhere(unknown)[0]
        raise SurveyError(
            f"{where}: {estimates.labels[row]!r} less {estimates.labels[column]!r} has "
            f"{df[row, column]:g} degrees of freedom.",
            mend="Nothing can be said about order without one at least: use a design with more "
            "PSUs in each stratum.",
        )
    return Compared(point, covariance, estimates.df.to_numpy(), df)


def of_figures(point: Floats, covariance: Floats, df: Floats) -> Compared:
    r"""Take estimates as they are, with the smaller df of two that are correlated.

    Uncorrelated ones have :math:`(s_1^2 + s_2^2)^2 / (s_1^4/\nu_1 + s_2^4/\nu_2)`; Satterthwaite
    (1946), *Biometrics Bulletin* 2, 110–114.
    """
    own = np.diagonal(covariance)
    brought = own**2 / df
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = (own[:, None] + own) ** 2 / (brought[:, None] + brought)
    least = np.minimum(df[:, None], df)
    return Compared(point, covariance, df, np.where(covariance == 0.0, apart, least))


def check_enough(point: Floats, labels: pd.Index, *, where: str) -> None:
    """Raise unless there are two estimates or more, none of them missing."""
    missing = labels[~np.isfinite(point)]
    if len(missing):
        raise SurveyError(
            f"{where}: {len(missing)} estimates are missing: {first_five(missing)}.",
            mend="Leave them out; what was not estimated has no place in an order.",
        )
    if len(point) < 2:
        raise SurveyError(
            f"{where}: {len(point)} estimate has no order.", mend="Give two or more."
        )


def check_draws(draws: int, *, where: str) -> None:
    """Raise for fewer draws than a tail can be read from."""
    if draws < FEWEST_DRAWS:
        raise SurveyError(f"{where}(draws=): got {draws}.", mend=f"Use {FEWEST_DRAWS} or more.")


def estimates_of(result: object) -> Estimates | None:
    """Give the estimates that something is or holds, None where there are none."""
    held = result if isinstance(result, Estimates) else getattr(result, "estimates", None)
    return held if isinstance(held, Estimates) else None


def picked(
    result: Estimates | HasEstimates, among: Sequence[Hashable] | None, *, where: str
) -> Estimates:
    """Give the estimates of a result, all of them or those named."""
    estimates = estimates_of(result)
    if estimates is None:
        raise SurveyError(
            f"{where}: a {type(result).__name__} holds no estimates.",
            mend="Pass Estimates, or a result with .estimates such as a change.",
        )
    if among is None:
        return estimates
    place = {label: k for k, label in enumerate(estimates.labels)}
    for label in among:
        if label not in place:
            raise SurveyError(
                f"{where}(among=): no estimate labelled {label!r}.",
                mend=did_you_mean(label, place),
            )
    if len(set(among)) < len(among):
        raise SurveyError(f"{where}(among=): a label is given twice.", mend="Name each once.")
    return estimates.pick([place[label] for label in among])


def _difference_df(estimates: Estimates) -> Floats:
    """Degrees of freedom of every difference; infinite on the diagonal, where nothing is."""
    size = len(estimates)
    first, second = np.triu_indices(size, 1)
    made = np.full((size, size), np.inf)
    for start in range(0, len(first), BLOCK):
        rows = np.arange(start, min(start + BLOCK, len(first)))
        matrix = np.zeros((len(rows), size))
        matrix[rows - start, first[rows]] = 1.0
        matrix[rows - start, second[rows]] = -1.0
        df = estimates.contrast(matrix).df.to_numpy()
        made[first[rows], second[rows]] = made[second[rows], first[rows]] = df
    return made
