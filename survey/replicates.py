r"""Designs known by their replicate weights.

A replicate is an estimate under slightly other weights; the spread of the replicates is the
variance,

.. math:: V = c \sum_r c_r (\hat\theta_r - \bar\theta)(\hat\theta_r - \bar\theta)',

about their mean, or about the full estimate with ``mse=True``. Written as scores
:math:`\sqrt{c\,c_r}(\hat\theta_r - \bar\theta)` replicates take the place of PSUs, so that
`survey.Estimates` works on both kinds of design. Replicates act on the totals of numerators and
denominators. Wolter (2007), *Introduction to Variance Estimation*. In R: ``svrepdesign``.

Over 300 lines: the class's own documentation is a third of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from survey.coding import CodeBook
from survey.design import read_weights, restricted
from survey.display import listed
from survey.errors import SurveyError, require_columns
from survey.linearization import element_scores
from survey.rows import AnyRows, Totals, UnitSums
from survey.samples import Part, Sample
from survey.scores import Bools, Floats, Ints, dense_scores


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """Replicate weights that are constant within units: row weight times the unit's factor.

    Parameters
    ----------
    unit : (n,) int
        Unit of each row.
    factor : (U, R) float
        Factor of each unit in each replicate.
    """

    unit: Ints
    factor: Floats


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ReplicateDesign:
    """A sample with replicate weights.

    Parameters
    ----------
    data : DataFrame
        One row a respondent. It is never changed.
    weights : str or (n,) array
        Full-sample weights; in an array, a zero leaves the row out.
    replicate_weights : list of str, DataFrame, (n, R) array or Factors
        Replicate weights; with ``combined=False``, factors to be multiplied by the weights.
    scale, rscales : float and (R,) float
        The constants *c* and :math:`c_r`; 1 by default.
    mse : bool
        Spread about the full estimate instead of the mean of the replicates.
    combined : bool
        Whether the replicate weights already contain the weights.
    degrees : float, optional
        Degrees of freedom; by default the rank of the replicate weights less 1.
    population_label : str, optional
        What the estimates speak of.

    Raises
    ------
    SurveyError
        Unknown columns, weights that do not fit the data or are not finite.

    Notes
    -----
    In R: ``svrepdesign(data, weights = ~w, repweights = R, scale = , rscales = , mse = )``.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"y": [1.0, 2, 6], "w": [1.0, 1, 1]})
    >>> jackknife = (1 - np.eye(3)) * 1.5
    >>> design = ReplicateDesign(frame, weights="w", replicate_weights=jackknife, scale=2 / 3)
    >>> survey.mean(design, "y").se.round(4)
    y    1.5275
    Name: se, dtype: float64
    """

    data: pd.DataFrame
    weights: str | npt.ArrayLike = field(kw_only=True)
    replicate_weights: Sequence[str] | pd.DataFrame | npt.ArrayLike | Factors = field(kw_only=True)
    scale: float = field(default=1.0, kw_only=True)
    rscales: npt.ArrayLike | None = field(default=None, kw_only=True)
    mse: bool = field(default=False, kw_only=True)
    combined: bool = field(default=True, kw_only=True)
    degrees: float | None = field(default=None, kw_only=True)
    population_label: str | None = field(default=None, kw_only=True)
    weight: Floats = field(init=False)
    base: Floats = field(init=False)
    factors: Factors = field(init=False)
    constants: Floats = field(init=False)
    inside: Bools = field(init=False)
    codebook: CodeBook = field(init=False)
    domain_label: str | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        frame = self.data.copy(deep=False)
        weight = _full_weights(frame, self.weights)
        factors = _factors(frame, self.replicate_weights)
        combined = self.combined and not isinstance(self.replicate_weights, Factors)
        constants = _constants(self.scale, self.rscales, factors.factor.shape[1])
        computed = {
            "data": frame,
            "weight": weight,
            "base": np.ones(len(frame)) if combined else weight,
            "factors": factors,
            "constants": constants,
            "inside": weight != 0,
            "codebook": CodeBook(frame),
        }
        for name, value in computed.items():
            object.__setattr__(self, name, value)

    @property
    def df(self) -> float:
        """Degrees of freedom: given, or the rank of the replicate weights less 1."""
        if self.degrees is not None and self.domain_label is None:
            return self.degrees
        units = np.unique(self.factors.unit[self.inside])
        return float(np.linalg.matrix_rank(self.factors.factor[units], tol=1e-5) - 1)

    @property
    def has_weights(self) -> bool:
        """Whether weights say how many of the population a row stands for."""
        return True

    def domain(self, mask: pd.Series | Bools, *, label: str = "domain") -> ReplicateDesign:
        """Restrict estimates to some rows; see `survey.Design.domain`."""
        return restricted(self, mask, label)

    def row_weights(self) -> Floats:
        """Replicate weights of every row, shape (n, R); zero outside the domain."""
        base = np.where(self.inside, self.base, 0.0)
        return np.asarray(base[:, None] * self.factors.factor[self.factors.unit])

    def __repr__(self) -> str:
        """Say what was sampled, in one line."""
        counts = {"row": int(self.inside.sum()), "replicate": len(self.constants)}
        domain = f"; domain {self.domain_label}" if self.domain_label else ""
        speaks = f"; {self.population_label}" if self.population_label else ""
        return f"<ReplicateDesign: {listed(counts)}, {self.df:g} df{domain}{speaks}>"


def replicate_part(
    rows: AnyRows, first: UnitSums, sums: Totals, design: ReplicateDesign, *, total: bool
) -> Part:
    """Spread of the replicates of ratios or totals, all items and domains at once.

    Parameters
    ----------
    rows : Rows or CodedRows
        The data.
    first, sums
        Their sums by the units of the factors and domain, and by domain, under full weights.
    design : ReplicateDesign
        Factors and constants.
    total : bool
        Totals rather than ratios.
    """
    full = sums.y if total else sums.ratio
    same = np.array_equal(np.where(rows.weight != 0, design.base, 0.0), rows.weight)
    known = first if same else None  # factors of the full weights: the sums are there already
    values = replicate_values(rows, design, total=total, by_unit=known)
    made = spread(design, values, full.T.ravel())
    return Part(made.sample, made.stages, partial(element_scores, rows, sums, total))


def replicate_values(
    rows: AnyRows,
    design: ReplicateDesign,
    *,
    total: bool = False,
    by_unit: UnitSums | None = None,
) -> Floats:
    """Ratios or totals in every replicate, shape (R, J * D); missing without a denominator."""
    factors = design.factors
    if by_unit is None:
        base = np.where(rows.weight != 0, design.base, 0.0)
        by_unit = rows.unit_sums(factors.unit, len(factors.factor), base)
    if total:
        return _replicated(by_unit.y, by_unit, factors, rows.n_domains)
    both = np.hstack([by_unit.y, by_unit.x])
    y, x = np.hsplit(_replicated(both, by_unit, factors, rows.n_domains), 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(y / x)


def logit_se(rows: AnyRows, sums: Totals, design: ReplicateDesign) -> Floats:
    """Give the standard error of each share's logit from those of its replicates, shape (K,).

    In R: ``svyglm(y ~ 1, design, family = quasibinomial)``, fitted anew in every replicate.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        logits, full = (
            np.log(share / (1.0 - share))
            for share in (replicate_values(rows, design), sums.ratio.T.ravel())
        )
    return np.sqrt(spread(design, logits, full).stages[0].variance())


def spread(design: ReplicateDesign, replicates: Floats, full: Floats) -> Part:
    """Standardised deviations of replicates, with replicates in the place of PSUs.

    Parameters
    ----------
    design : ReplicateDesign
        Its constants and degrees of freedom.
    replicates : (R, K) float
        Replicate estimates; a missing one is left out.
    full : (K,) float
        Full-sample estimates.
    """
    known = np.isfinite(replicates)
    used = known & (design.constants > 0)[:, None]
    mean = np.where(used, replicates, 0.0).sum(axis=0) / np.maximum(used.sum(axis=0), 1)
    centre = full if design.mse else mean
    scores = np.where(known, replicates - centre, 0.0) * np.sqrt(design.constants)[:, None]
    sample = Sample(np.zeros(len(scores), dtype=np.int64), None, design.df)
    return Part(sample, (dense_scores(scores, np.ones_like(known)),), None)


def _replicated(values: Floats, sums: UnitSums, factors: Factors, n_domains: int) -> Floats:
    """Totals by replicate, shape (R, J * D): one product of unit totals and factors."""
    n_items = values.shape[1]
    if n_domains == 1:
        full = np.zeros((len(factors.factor), n_items))
        full[sums.unit] = values
        return np.asarray(factors.factor.T @ full)
    column = (np.arange(n_items) * n_domains + sums.domain[:, None]).ravel()
    cells = (values.ravel(), (np.repeat(sums.unit, n_items), column))
    shape = (len(factors.factor), n_items * n_domains)
    laid_out = sparse.coo_array(cells, shape=shape).tocsr()
    return np.asarray((laid_out.T @ factors.factor).T)


def _full_weights(frame: pd.DataFrame, weights: str | npt.ArrayLike) -> Floats:
    """Full-sample weights, from a column or as they are."""
    if isinstance(weights, str):
        require_columns(frame.columns, [weights], where="ReplicateDesign(weights=)")
        return read_weights(frame, weights, where="ReplicateDesign")
    values = np.array(weights, dtype=np.float64)
    if values.shape != (len(frame),) or not np.isfinite(values).all() or (values < 0).any():
        raise SurveyError(
            f"ReplicateDesign(weights=): need {len(frame)} finite weights of 0 or more.",
            mend="Pass a column name, or one weight for each row.",
        )
    return values


def _factors(
    frame: pd.DataFrame, given: Sequence[str] | pd.DataFrame | npt.ArrayLike | Factors
) -> Factors:
    """Replicate weights as factors of units; rows are the units of supplied weights."""
    if isinstance(given, Factors):
        return given
    if isinstance(given, list) and all(isinstance(name, str) for name in given):
        require_columns(frame.columns, given, where="ReplicateDesign(replicate_weights=)")
        given = frame[given]
    values = np.asarray(given, dtype=np.float64)
    if values.ndim != 2 or len(values) != len(frame) or not np.isfinite(values).all():
        raise SurveyError(
            f"ReplicateDesign(replicate_weights=): need finite weights of shape "
            f"({len(frame)}, replicates), got {values.shape}.",
            mend="Pass the columns of replicate weights, one row for each row of the data.",
        )
    return Factors(np.arange(len(frame)), values)


def _constants(scale: float, rscales: npt.ArrayLike | None, size: int) -> Floats:
    """Constant of each replicate, scale times rscale."""
    each = np.ones(size) if rscales is None else np.asarray(rscales, dtype=np.float64)
    if each.shape != (size,) or (each < 0).any() or not scale >= 0:
        raise SurveyError(
            f"ReplicateDesign(rscales=): {each.size} constants for {size} replicates.",
            mend="Give one constant of 0 or more for each replicate.",
        )
    return np.asarray(scale * each)
