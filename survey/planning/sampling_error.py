r"""Sampling error of a design that is only planned.

With variance *S²* of one answer within strata, of which shares :math:`\rho_1, \rho_2, \dots` lie
between the units of each stage of clusters, and :math:`m_1` first-stage units of :math:`m_2`
units each, and so on,

.. math:: V = S^2 \Bigl(\frac{\rho_1}{m_1} + \frac{\rho_2}{m_1 m_2} + \dots
              + \frac{1 - \sum \rho}{m_1 m_2 \cdots}\Bigr).

Units visited again bring a covariance: what their effects of the two years share. Cochran
(1977), *Sampling Techniques*, ch. 10; Kish (1965), *Survey Sampling*, ch. 5 and 12.
Every function broadcasts: one design and many items, or one item and many designs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey.scores import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How answers vary.

    Parameters
    ----------
    before, after : float array
        Standard deviation of one answer within strata, in the earlier and the later year.
    icc : tuple of float arrays
        Share of that variance between the units of each stage of clusters, coarsest first.
    factor : float
        What multiplies every variance, such as that of unequal weights.
    population : float
        Size of the finite population, where rows are drawn; infinite otherwise.
    """

    before: Floats
    after: Floats
    icc: tuple[Floats, ...]
    factor: float
    population: float


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """How the designs of the two years hang together.

    Parameters
    ----------
    strata : int
        Strata, the same in both years.
    overlap : float
        Share of the first-stage units visited in both years (of the year that has fewer).
    rho : tuple of float
        Correlation between the years of the effects of a unit, one for each stage of clusters.
    """

    strata: int
    overlap: float
    rho: tuple[float, ...]


def units_by_stage(take: Sequence[Floats]) -> list[Floats]:
    """Units in all at each stage, from those in each unit of the stage before."""
    return [np.asarray(np.prod(np.broadcast_arrays(*take[: k + 1]), 0)) for k in range(len(take))]


def level_variance(sd: Floats, spread: Spread, take: Sequence[Floats]) -> Floats:
    """Variance of one year's estimate."""
    units = units_by_stage(take)
    shares = (*spread.icc, 1.0 - sum(spread.icc, start=np.zeros(1)))
    unit_variance = sum(
        (share / count for share, count in zip(shares, units, strict=True)), start=np.zeros(1)
    )
    left = np.maximum(1.0 - units[-1] / spread.population, 0.0)
    return np.asarray(spread.factor * sd**2 * unit_variance * left)


def design_effect(sd: Floats, spread: Spread, take: Sequence[Floats]) -> Floats:
    """Variance over that of as many rows drawn from the same strata."""
    plain = Spread(spread.before, spread.after, (np.zeros(1),) * len(spread.icc), 1.0, np.inf)
    whole = Spread(spread.before, spread.after, spread.icc, spread.factor, np.inf)
    return np.asarray(level_variance(sd, whole, take) / level_variance(sd, plain, take))


def shared_covariance(
    spread: Spread, visits: Visits, before: Sequence[Floats], after: Sequence[Floats]
) -> Floats:
    """Covariance of the two years' estimates, from the units that both visit."""
    kept = visits.overlap * np.minimum(before[0], after[0])
    shared: Floats = np.zeros(1)
    within: Floats = np.ones(1)
    for k, (rho, icc) in enumerate(zip(visits.rho, spread.icc, strict=True)):
        if k:  # of the units in a unit that both visit, the smaller number is common
            within = within / np.maximum(before[k], after[k])
        shared = shared + rho * np.maximum(icc, 0.0) * within
    units = kept / (before[0] * after[0])
    return np.asarray(spread.factor * spread.before * spread.after * units * shared)


def change_error(
    spread: Spread, visits: Visits, before: Sequence[Floats], after: Sequence[Floats]
) -> tuple[Floats, Floats]:
    """Give the standard error of the change, and its degrees of freedom.

    Degrees of freedom are those that `survey.samples` would give: units less strata where all
    are visited twice, Welch and Satterthwaite otherwise.
    """
    v1 = level_variance(spread.before, spread, before)
    v2 = level_variance(spread.after, spread, after)
    covariance = shared_covariance(spread, visits, before, after)
    own = [each[0] - visits.strata for each in (before, after)]
    whole = (visits.overlap == 1.0) & (before[0] == after[0])
    matched = np.where(whole, own[0], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = [v / nu for v, nu in zip((v1, v2), own, strict=True)]
        spent = v1 * each[0] + v2 * each[1] + 2.0 * matched * each[0] * each[1]
        df = np.where(v1 + v2 > 0, (v1 + v2) ** 2 / spent, np.minimum(*own))
    return np.sqrt(np.maximum(v1 + v2 - 2.0 * covariance, 0.0)), np.asarray(df)
