r"""Standardised scores: the arrays from which every variance is one cross-product.

At each stage of selection the linearised variable of an estimate is summed by unit,
centred within the stratum and scaled,

.. math:: \tilde z_{hi} = \sqrt{m_h (1 - f_h) \frac{n_h}{n_h - 1}}\,(z_{hi} - \bar z_h),

so that the covariance of any two estimates is :math:`\sum_s \tilde Z_s' \tilde Z_s` over the
stages *s*. Here *m* is the product of the sampling fractions of the stages before (1 at the
first). Särndal, Swensson & Wretman (1992), *Model Assisted Survey Sampling*, ch. 4 and 5.
In R: ``svyrecvar``.

A domain touches few strata, so scores are kept compactly, one row for each pair of unit and
domain whose stratum has any row of that domain.

Over 300 lines: layout, centring and the rules for lonely units are one computation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

from survey.errors import SurveyError, first_five

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Number = TypeVar("Number", np.float64, np.bool_)
LonelyRule = Literal["fail", "remove", "certainty", "adjust", "average"]

#: Below this share of the population left out, a stratum counts as taken whole (as in R).
CENSUS = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One stage of selection: where each row, unit and stratum belongs.

    Parameters
    ----------
    unit : (n,) int
        Unit of each row, 0 … U-1.
    stratum : (U,) int
        Stratum from which each unit was drawn, 0 … H-1. At later stages the unit of the stage
        before is (part of) the stratum.
    population : (H,) float
        Units in the population stratum; infinite when drawn with replacement.
    multiplier : (H,) float
        Product of the sampling fractions of the stages before.
    stratum_names : sequence of str
        The user's labels, for errors.
    number : int
        1 for the first stage.
    """

    unit: Ints
    stratum: Ints
    population: Floats
    multiplier: Floats
    stratum_names: Sequence[object]
    number: int

    @property
    def size(self) -> Ints:
        """Units sampled in each stratum, shape (H,)."""
        return np.bincount(self.stratum, minlength=len(self.population)).astype(np.int64)

    @property
    def fraction(self) -> Floats:
        """Sampling fraction of each stratum, shape (H,)."""
        return self.size / self.population


@dataclass(frozen=True, slots=True, eq=False)
class Adjustment:
    """What calibration takes out of the weighted scores *z*: ``z - left @ (right.T @ z)``.

    Parameters
    ----------
    left, right : (n, p) float
        The projection, in two factors.
    """

    left: Floats
    right: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Standardised scores of J items in D domains at one stage.

    Estimate ``j * D + d`` is item *j* in domain *d*.

    Parameters
    ----------
    values : (G, J) float
        Standardised scores of the pairs (unit, domain).
    present : (G, J) bool
        Whether the unit holds any valid row of that item and domain.
    unit, domain : (G,) int
        The pair of each row.
    n_units, n_domains : int
        How many units and domains there are.
    """

    values: Floats
    present: Bools
    unit: Ints
    domain: Ints
    n_units: int
    n_domains: int

    def variance(self) -> Floats:
        """Variance of each estimate, shape (K,)."""
        return by_domain(self.values**2, self.domain, self.n_domains)

    def dense(self) -> Floats:
        """Scores as a matrix of units × estimates, shape (U, K)."""
        return np.asarray(self._sparse(self.values).toarray())

    def presence(self) -> Bools:
        """Which unit takes part in which estimate, shape (U, K)."""
        return np.asarray(self._sparse(self.present).toarray() > 0)

    def covariance(self) -> Floats:
        """Cross-product of the scores, shape (K, K)."""
        matrix = self._sparse(self.values)
        if matrix.nnz < 0.1 * matrix.shape[0] * matrix.shape[1]:
            return np.asarray((matrix.T @ matrix).toarray())
        full = np.asarray(matrix.toarray())
        return np.asarray(full.T @ full)

    def mapped(self, matrix: Floats) -> Scores:
        """Scores of linear combinations, for a matrix (R, K); 0 times missing is nothing."""
        taken = sparse.csr_array(matrix.T)
        values = np.asarray((self._sparse(self.values) @ taken).toarray())
        used = sparse.csr_array((np.ones(taken.nnz), taken.indices, taken.indptr), taken.shape)
        present = (self._sparse(self.present) @ used).toarray() > 0
        return dense_scores(values, present)

    def _sparse(self, rows: npt.NDArray[np.generic]) -> sparse.csr_array:
        """Lay the pairs out as units × estimates without writing the zeros."""
        n_items = rows.shape[1]
        column = np.arange(n_items) * self.n_domains + self.domain[:, None]
        row = np.repeat(self.unit, n_items)
        shape = (self.n_units, n_items * self.n_domains)
        cells = (rows.astype(np.float64).ravel(), (row, column.ravel()))
        return sparse.coo_array(cells, shape=shape).tocsr()


def dense_scores(values: Floats, present: Bools) -> Scores:
    """Wrap a full matrix of units × estimates."""
    units = np.arange(values.shape[0])
    return Scores(values, present, units, np.zeros_like(units), len(units), 1)


def by_domain(rows: npt.NDArray[np.generic], domain: Ints, n_domains: int) -> Floats:
    """Sum rows (G, J) within domains and list them item by item, shape (J * D,)."""
    return np.asarray(indicator(domain, n_domains) @ rows.astype(np.float64)).T.ravel()


def indicator(group: Ints, n_groups: int, weight: Floats | None = None) -> sparse.csc_array:
    """Sparse matrix (n_groups, n) that sums (weighted) rows within groups when multiplied."""
    n = len(group)
    data = np.ones(n) if weight is None else weight
    return sparse.csc_array((data, group, np.arange(n + 1)), shape=(n_groups, n))


def standardise(
    raw: Floats,
    present: Bools,
    unit: Ints,
    domain: Ints,
    n_domains: int,
    stage: Stage,
    *,
    lonely: LonelyRule = "fail",
    lonely_domain: LonelyRule = "fail",
    participants: Bools | None = None,
) -> Scores:
    """Centre and scale raw unit sums so that their cross-product is the covariance.

    Parameters
    ----------
    raw, present : (G, J)
        Sums of the linearised variable by pair (unit, domain), and whether any valid row is there.
    unit, domain : (G,) int
        The pairs.
    n_domains : int
        Number of domains.
    stage : Stage
        Units, strata and population counts.
    lonely, lonely_domain : str
        What to do with a stratum of one unit, and with one of which a domain leaves one.
    participants : (U, J) bool, optional
        When given, those units alone are the sample of their stratum, item by item (answering
        units as a random sample of the stratum); otherwise every sampled unit is.

    Returns
    -------
    Scores
        Rows for every unit of each stratum that the domain touches.

    Raises
    ------
    SurveyError
        A stratum has a single unit and ``lonely`` is ``"fail"``.
    """
    pairs = _touched(unit, domain, n_domains, stage)
    values, here = pairs.laid_out(raw), pairs.laid_out(present)
    joined = None if participants is None else participants[pairs.unit]
    size = np.full((len(pairs.count), raw.shape[1]), pairs.count[:, None], dtype=np.float64)
    size = size if joined is None else pairs.sums(joined)
    centred, scale = _rules(size, pairs.sums(here), stage, pairs, lonely, lonely_domain)
    mean = pairs.repeat(pairs.sums(values) / np.maximum(size, 1) * centred)
    values = values - (mean if joined is None else np.where(joined, mean, 0.0))
    values *= pairs.repeat(scale)
    return Scores(values, here, pairs.unit, pairs.domain, len(stage.stratum), n_domains)


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """The pairs (stratum, domain) that hold any row, each with all units of its stratum."""

    stratum: Ints
    domain_of: Ints
    count: Ints
    add: sparse.csc_array
    unit: Ints
    domain: Ints
    position: Ints

    @property
    def rows(self) -> int:
        return len(self.unit)

    def laid_out(self, rows: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """Give each row its place, and zeros to units without any; not a copy if in place."""
        if len(rows) == self.rows and (self.position == np.arange(self.rows)).all():
            return rows
        full = np.zeros((self.rows, rows.shape[1]), dtype=rows.dtype)
        full[self.position] = rows
        return full

    def sums(self, rows: npt.NDArray[np.generic]) -> Floats:
        """Sum by pair of stratum and domain."""
        return np.asarray(self.add @ rows.astype(np.float64, copy=False))

    def repeat(self, per_pair: Floats) -> Floats:
        return np.repeat(per_pair, self.count, axis=0)


def _touched(unit: Ints, domain: Ints, n_domains: int, stage: Stage) -> _Pairs:
    """Lay out every unit of each stratum that a domain touches, block by block."""
    keys, of_row = np.unique(stage.stratum[unit] * n_domains + domain, return_inverse=True)
    stratum, pair_domain = np.divmod(keys, n_domains)
    order = np.argsort(stage.stratum, kind="stable")
    first = np.concatenate([[0], np.cumsum(stage.size)[:-1]])
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order)) - first[stage.stratum[order]]
    count = stage.size[stratum]
    start = np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64)
    within = np.arange(count.sum()) - np.repeat(start, count)
    return _Pairs(
        stratum=stratum,
        domain_of=pair_domain,
        count=count,
        add=indicator(np.repeat(np.arange(len(keys)), count), len(keys)),
        unit=order[np.repeat(first[stratum], count) + within],
        domain=np.repeat(pair_domain, count),
        position=start[of_row] + rank[unit],
    )


def _rules(
    size: Floats,
    seen: Floats,
    stage: Stage,
    pairs: _Pairs,
    lonely: LonelyRule,
    lonely_domain: LonelyRule,
) -> tuple[Floats, Floats]:
    """Centring (0 or 1) and scale of each pair and item, by the rules for lonely units."""
    left_out = 1.0 - size / stage.population[pairs.stratum][:, None]
    census = left_out < CENSUS
    alone = (size <= 1) & ~census & (seen > 0)
    if lonely == "fail" and (alone & _counts(stage, pairs)).any():
        raise _single_unit(stage, np.unique(pairs.stratum[alone.any(axis=1)]))
    thin = (seen == 1) & (size > 1)
    with np.errstate(divide="ignore"):
        ratio = np.where(size > 1, size / np.maximum(size - 1, 1), 1.0)
    scale = stage.multiplier[pairs.stratum][:, None] * np.where(census, 0.0, left_out) * ratio
    dropped = (alone & (lonely != "adjust")) | (thin & (lonely_domain == "average"))
    scale = np.where(dropped, 0.0, scale)
    averaged = (alone & (lonely == "average")) | (thin & (lonely_domain == "average"))
    scale *= _average_factor(averaged, seen > 0, stage, pairs)
    centred = ~(alone & (lonely == "adjust")) & ~(thin & (lonely_domain == "adjust"))
    return centred.astype(np.float64), np.sqrt(scale)


def _counts(stage: Stage, pairs: _Pairs) -> Bools:
    """Whether a stratum weighs in the variance at all (later stages need an fpc before)."""
    return stage.multiplier[pairs.stratum][:, None] > 0


def _average_factor(averaged: Bools, seen: Bools, stage: Stage, pairs: _Pairs) -> Floats:
    """Blow up the other strata for those left out: H / (H - lonely), by domain and item."""
    if not averaged.any():
        return np.ones_like(averaged, dtype=np.float64)
    n_domains = int(pairs.domain_of.max()) + 1
    sums = indicator(pairs.domain_of, n_domains)
    strata, left = sums @ seen.astype(np.float64), sums @ averaged.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = strata / (strata - left)
    return np.asarray(factor[pairs.domain_of])


def _single_unit(stage: Stage, strata: Ints) -> SurveyError:
    """Name the strata of one unit and the ways out."""
    names = [stage.stratum_names[code] for code in strata]
    noun = "PSU" if stage.number == 1 else f"unit at stage {stage.number}"
    return SurveyError(
        f"Single-PSU stratum: {len(names)} with only one {noun}, so its variance cannot be "
        f"estimated: {first_five(names)}.",
        mend="Merge each with a like stratum, or choose a rule: lonely_psu='adjust' (distance "
        "from the overall mean, conservative), 'average' (as the other strata), 'certainty' or "
        "'remove' (no contribution).",
    )
