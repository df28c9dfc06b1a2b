r"""Quantiles of items by domain, with limits from the share below them.

A quantile is where the distribution function *F* reaches a share. Woodruff's limits carry the
limits of :math:`\hat F(\hat q)` back through the distribution, and their width gives the standard
error. So a quantile is, to first order, a multiple of the mean of "at or below :math:`\hat q`",
and takes that mean's scores: medians of two districts or two years have their covariance.
Woodruff (1952), *JASA* 47, 635–646; Francisco & Fuller (1991), *Annals of Statistics* 19, 454–469.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.errors import SurveyError, require_option
from survey.estimates import Estimates
from survey.estimators import mean
from survey.intervals import IntervalMethod, t_quantile
from survey.intervals.share_limits import Shares, share_limits
from survey.quantiles.quantile_rules import Ordered, Rule, ordered, quantiles_of
from survey.quantiles.quantile_scores import Grid, score_limits
from survey.replicates import ReplicateDesign, spread
from survey.rows import Rows
from survey.samples import degrees_of_freedom
from survey.scores import Floats, Ints
from survey.variables import (
    AnyDesign,
    Asked,
    By,
    Domains,
    Missing,
    Variables,
    estimate_labels,
    number_domains,
    read_columns,
    rows_of,
)

__all__ = ["quantile"]

QuantileMethod = Literal["woodruff", "replicate"]
QuantileInterval = Literal["mean", "beta", "xlogit", "asin", "score"]

#: Confidence of the limits whose width gives the standard error, as in R.
WIDTH_LEVEL = 0.95


def quantile(
    design: AnyDesign,
    y: Variables,
    probs: float | Sequence[float],
    *,
    by: By = None,
    missing: Missing = "item",
    rule: Rule = "math",
    method: QuantileMethod = "woodruff",
    interval: QuantileInterval = "mean",
    df: float | None = None,
) -> Estimates:
    r"""Estimate quantiles by domain.

    Parameters
    ----------
    design : Design or ReplicateDesign
        The sample.
    y : str, list of str or DataFrame
        Numeric columns of the design's data, or a frame on the same index.
    probs : float or sequence of float
        Shares between 0 and 1; 0.5 for the median.
    by, missing
        As in `survey.mean`.
    rule : str
        Definition of a quantile, see `survey.quantiles.quantile_rules`; ``"math"`` is the
        smallest value that at least the share ``probs`` does not exceed.
    method : {"woodruff", "replicate"}
        Standard errors from the width of Woodruff's limits, or from the spread of the quantiles
        of the replicates. A jackknife is not valid for quantiles; use a bootstrap or BRR.
    interval : {"mean", "beta", "xlogit", "asin", "score"}
        Limits of the share that Woodruff's method carries back, see
        `survey.Estimates.confidence_interval`; ``"score"`` takes the values at which the share
        is not significantly different from ``probs`` (Francisco and Fuller).
    df : float, optional
        Degrees of freedom in the place of each domain's own, for standard errors.

    Returns
    -------
    Estimates
        Labelled by item, share and domain, as far as they vary. They bring their own limits,
        which are not symmetric, and missing where the limits of the share leave 0 to 1.

    Raises
    ------
    SurveyError
        As `survey.mean`; shares outside 0 to 1; ``method="replicate"`` without replicates.

    Notes
    -----
    Standard error: width of the 95 % limits over :math:`2 t_{df}`.
    In R: ``svyquantile(~y, design, probs, qrule = , interval.type = )``.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.design import Design
    >>> frame = pd.DataFrame({"y": [2.0, 3, 5, 7, 11, 13, 17, 19, 23, 29]})
    >>> quantile(Design(frame), "y", 0.5).table().round(2)
       estimate    se  low  high     n
    y      11.0  4.42  3.0  23.0  10.0
    """
    require_option(rule, get_args(Rule), where="quantile(rule=)")
    require_option(method, get_args(QuantileMethod), where="quantile(method=)")
    require_option(interval, get_args(QuantileInterval), where="quantile(interval=)")
    columns = read_columns(design, y, "quantile(y=)")
    shares = _read_shares(probs)
    domains = number_domains(design, by)
    rows = rows_of(Asked("quantile", columns, missing=missing), design, domains).measured()
    request = _Request(design, rows, domains, by, columns.names, shares, rule, missing)
    if method == "replicate":
        return _by_replicates(request)
    return _woodruff(request, interval, df)


@dataclass(frozen=True, slots=True, eq=False)
class _Request:
    """One call: J items, P shares, D domains; estimates run items, shares, domains."""

    design: AnyDesign
    rows: Rows
    domains: Domains
    by: By
    names: pd.Index
    probs: Floats
    rule: Rule
    missing: Missing

    @property
    def labels(self) -> pd.Index:
        """Items slowest, domains fastest; what does not vary is left out."""
        if len(self.probs) == 1:
            items = self.names
        elif len(self.names) == 1:
            items = pd.Index(self.probs, name="prob")
        else:
            items = pd.MultiIndex.from_product([self.names, self.probs], names=["item", "prob"])
        return estimate_labels(items, self.domains.labels)

    @property
    def what(self) -> str:
        """Caption of the result."""
        listed = ", ".join(str(name) for name in self.names[:5])
        shares = ", ".join(f"{share:g}" for share in self.probs)
        more = f" and {len(self.names) - 5} more" if len(self.names) > 5 else ""
        return f"Quantiles {shares} of {listed}{more}"

    def sets(self) -> list[Ordered]:
        """Ordered values of every item and domain, items slowest: few sets, sorted once."""
        y, weight = self.rows.y, np.where(self.rows.valid.T, self.rows.weight, 0.0)
        where = self.members()
        return [ordered(y[rows, j], weight[j, rows]) for j in range(y.shape[1]) for rows in where]

    def members(self) -> list[Ints]:
        """Rows of each domain."""
        order = np.argsort(self.rows.domain, kind="stable")
        ends = np.cumsum(np.bincount(self.rows.domain, minlength=self.domains.size))
        return np.split(order, ends[:-1])

    def read_off(self, sets: Sequence[Ordered], probs: Floats) -> Floats:
        """Quantiles of every set at its own shares; ``probs`` and result of shape (J, P, D)."""
        size = self.domains.size
        flat = [
            quantiles_of(data, probs[k // size, :, k % size], self.rule)
            for k, data in enumerate(sets)
        ]
        return np.stack(flat).reshape(len(self.names), size, -1).swapaxes(1, 2)

    def below(self, threshold: Floats) -> Estimates:
        """Shares at or below thresholds of shape (J, P, D), as means of one call."""
        reach = threshold[:, :, self.rows.domain]
        at_most = np.where(
            self.rows.valid.T[:, None, :], self.rows.y.T[:, None, :] <= reach, np.nan
        )
        flat = at_most.reshape(-1, at_most.shape[2]).T
        frame = pd.DataFrame(flat, index=self.design.data.index)
        rule: Missing = "respondents" if self.missing == "respondents" else "item"
        return mean(self.design, frame, by=self.by, missing=rule)


@dataclass(frozen=True, slots=True, eq=False)
class _Woodruff:
    """Limits of quantiles from the limits of the shares at or below them."""

    request: _Request
    sets: list[Ordered]
    below: Estimates
    interval: QuantileInterval

    def __call__(self, level: float, df: Floats) -> tuple[Floats, Floats]:
        """Limits at a level, each of shape (K,)."""
        if self.interval == "score":
            return self._by_score(t_quantile(level, df))
        share, size = self.below, self.below.counts.valid
        known = Shares(share.point, share.se.to_numpy(), df, size, size, np.ones_like(size))
        method: IntervalMethod = self.interval
        ends = share_limits(known, method, level, "formula")
        shape = (len(self.request.names), len(self.request.probs), self.request.domains.size)
        low, high = (self.request.read_off(self.sets, end.reshape(shape)).ravel() for end in ends)
        return low, high

    def _by_score(self, t: Floats) -> tuple[Floats, Floats]:
        """Limits by testing values instead of carrying limits back."""
        request = self.request
        values = [np.unique(data.x) for data in self.sets]
        grid = Grid.of(values, request.probs, request.domains.size)
        return score_limits(grid, request.below, t)


def _woodruff(request: _Request, interval: QuantileInterval, df: float | None) -> Estimates:
    """Quantiles with the scores of the shares at or below them."""
    sets = request.sets()
    shape = (len(request.names), len(request.probs), request.domains.size)
    point = request.read_off(sets, np.broadcast_to(request.probs[:, None], shape))
    below = request.below(point)
    limits = _Woodruff(request, sets, below, interval)
    own = degrees_of_freedom(below.parts) if df is None else np.full(len(below), df)
    low, high = limits(WIDTH_LEVEL, own)
    se = (high - low) / (2.0 * t_quantile(WIDTH_LEVEL, own))
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(se == 0, 0.0, -se / below.se.to_numpy())
    made = below.smooth(point.ravel(), np.diag(slope), request.labels, what=request.what)
    return replace(made, counts=below.counts, own_limits=limits)


def _by_replicates(request: _Request) -> Estimates:
    """Quantiles with the spread of those of the replicates."""
    design = request.design
    if not isinstance(design, ReplicateDesign):
        raise SurveyError(
            "quantile(method='replicate'): this design has no replicate weights.",
            mend="Make some with survey.as_replicates(design, 'bootstrap', ...), or use "
            "method='woodruff'.",
        )
    weights = design.row_weights()
    made = [
        _replicated(request, j, rows, weights)
        for j in range(len(request.names))
        for rows in request.members()
    ]
    shape = (-1, len(request.names), request.domains.size, len(request.probs))
    both = np.stack(made, axis=1).reshape(shape).swapaxes(2, 3)
    point, replicates = both[0], both[1:].reshape(weights.shape[1], -1)
    below = request.below(point)
    return replace(
        below,
        point=point.ravel(),
        labels=request.labels,
        parts=(spread(design, replicates, point.ravel()),),
        what=request.what,
    )


def _replicated(request: _Request, item: int, rows: Ints, weights: Floats) -> Floats:
    """Quantiles of one item in one domain: the full sample's first, then each replicate's."""
    values, valid = request.rows.y[rows, item], request.rows.valid[rows, item]
    full = np.where(valid, request.rows.weight[rows], 0.0)
    every = np.column_stack([full, np.where(valid[:, None], weights[rows], 0.0)])
    read = partial(quantiles_of, probs=request.probs, rule=request.rule)
    return np.stack([read(ordered(values, weight)) for weight in every.T])


def _read_shares(probs: float | Sequence[float]) -> Floats:
    """Read shares between 0 and 1, each once."""
    shares = np.atleast_1d(np.asarray(probs, dtype=np.float64))
    asked: npt.NDArray[np.bool_] = (shares >= 0) & (shares <= 1)
    if shares.ndim != 1 or not len(shares) or not asked.all():
        raise SurveyError(
            f"quantile(probs=): got {probs!r}.", mend="Give shares such as 0.5 or [0.25, 0.75]."
        )
    if len(np.unique(shares)) < len(shares):
        raise SurveyError(f"quantile(probs=): a share twice in {probs!r}.", mend="Give each once.")
    return shares
