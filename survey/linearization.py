r"""From rows to totals by unit and domain, and from totals to linearised scores.

Means, shares, totals and ratios are one formula. With numerator *y* and denominator *x*,

.. math:: \hat R = \frac{\sum w y}{\sum w x}, \qquad
          z_i = \frac{\sum_{k \in i} w_k (y_k - \hat R x_k)}{\sum w x},

where *x* = 1 on valid rows gives the mean; a total has :math:`z_i = \sum w y`. All items and all
domains are summed in one sparse product. Woodruff (1971), *JASA* 66, 411–414. In R: the
influence functions of ``svymean``, ``svyratio`` and ``svytotal``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from survey.samples import Part, Sample
from survey.scores import (
    Bools,
    Floats,
    Ints,
    LonelyRule,
    Scores,
    Stage,
    indicator,
    standardise,
)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What an estimator reads of the data.

    Parameters
    ----------
    y : (n, J) float
        Numerators, zero where not valid.
    x : (n, J) float
        Denominators, zero where not valid; the valid rows themselves for means and totals.
    valid : (n, J) bool
        Rows that count for each item.
    weight : (n,) float
        Weights, zero outside the design's domain.
    domain : (n,) int
        Domain of each row.
    n_domains : int
        Number of domains.
    """

    y: Floats
    x: Floats
    valid: Bools
    weight: Floats
    domain: Ints
    n_domains: int


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """Weighted totals by domain and item, each of shape (D, J)."""

    y: Floats
    x: Floats
    weight: Floats
    n: Floats

    @property
    def ratio(self) -> Floats:
        """Numerator over denominator; missing in an empty domain."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.x != 0, self.y / self.x, np.nan)


def complete_rows(valid: Bools) -> Bools:
    """Let a row count for every item, or, with any item missing, for none; shape (n, J)."""
    complete = np.asarray(valid.all(axis=1))
    return np.repeat(complete[:, None], valid.shape[1], axis=1)


def totals(rows: Rows) -> Totals:
    """Sum rows within domains, all items at once."""
    weighted = indicator(rows.domain, rows.n_domains, rows.weight)
    counted = indicator(rows.domain, rows.n_domains, (rows.weight > 0).astype(np.float64))
    valid = rows.valid.astype(np.float64)
    return Totals(weighted @ rows.y, weighted @ rows.x, weighted @ valid, counted @ valid)


def linearised(rows: Rows, sums: Totals, *, total: bool) -> tuple[Floats, Floats]:
    """Coefficients (a, b), each (D, J), of the linearised variable ``a * y - b * x``.

    They are 0 where a ratio has no denominator: nothing is known there, and nothing is added.
    """
    if total:
        return np.ones_like(sums.x), np.zeros_like(sums.x)
    known = sums.x != 0
    a = np.where(known, 1.0 / np.where(known, sums.x, 1.0), 0.0)
    return a, np.where(known, sums.ratio, 0.0) * a


def part(
    rows: Rows,
    sums: Totals,
    stages: tuple[Stage, ...],
    sample: Sample,
    *,
    total: bool,
    lonely: LonelyRule,
    lonely_domain: LonelyRule,
    respondents: bool = False,
) -> Part:
    """Standardised scores of every stage, and the recipe for the row-level ones.

    Parameters
    ----------
    rows, sums
        The data and their totals by domain.
    stages, sample
        The design.
    total : bool
        Totals rather than ratios.
    lonely, lonely_domain : str
        Rules for single units.
    respondents : bool
        Take the answering units, item by item, as the sample of their stratum.
    """
    a, b = linearised(rows, sums, total=total)
    scores = tuple(
        _stage_scores(rows, a, b, stage, lonely, lonely_domain, respondents) for stage in stages
    )
    elements = partial(element_scores, rows, sums, total)
    return Part(sample, scores, elements)


def _stage_scores(
    rows: Rows,
    a: Floats,
    b: Floats,
    stage: Stage,
    lonely: LonelyRule,
    lonely_domain: LonelyRule,
    respondents: bool,
) -> Scores:
    """Sum the linearised variable by unit and domain at one stage, and standardise it."""
    used = np.flatnonzero(rows.weight > 0)
    unit_row, domain_row = stage.unit[used], rows.domain[used]
    group, pairs = pd.factorize(unit_row * rows.n_domains + domain_row)
    unit, domain = np.divmod(pairs, rows.n_domains)
    sums = indicator(group.astype(np.int64), len(pairs), rows.weight[used])
    count = indicator(group.astype(np.int64), len(pairs)) @ rows.valid[used].astype(np.float64)
    y, x = sums @ rows.y[used], sums @ rows.x[used]
    raw = y * a[domain] - x * b[domain]
    answering = None
    if respondents:
        seen = indicator(stage.unit, len(stage.stratum)) @ rows.valid.astype(np.float64)
        answering = seen > 0
    return standardise(
        raw,
        count > 0,
        unit,
        domain,
        rows.n_domains,
        stage,
        lonely=lonely,
        lonely_domain=lonely_domain,
        participants=answering,
    )


def element_scores(rows: Rows, sums: Totals, total: bool, replacement: bool) -> Scores:
    r"""Row-level scores whose cross-product is the covariance under simple random sampling.

    For a linearised variable *u* with *n* valid rows that stand for :math:`\hat N`,
    :math:`V = \frac{\hat N - n}{n - 1} \sum w (u - \bar u)^2`, and :math:`\hat N / (n - 1)` for
    draws with replacement. In R: ``svyvar`` inside ``svymean(deff = TRUE)``.
    """
    a, b = linearised(rows, sums, total=total)
    used = np.flatnonzero(rows.weight > 0)
    domain, valid = rows.domain[used], rows.valid[used]
    linear = rows.y[used] * a[domain] - rows.x[used] * b[domain]
    mean = indicator(domain, rows.n_domains, rows.weight[used]) @ np.where(valid, linear, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(sums.weight > 0, mean / sums.weight, 0.0)
        left = sums.weight if replacement else sums.weight - sums.n
        factor = np.where((left >= 0) & (sums.n > 1), left / (sums.n - 1), np.nan)
    centred = np.where(valid, linear - mean[domain], 0.0)
    values = centred * np.sqrt(rows.weight[used][:, None] * factor[domain])
    return Scores(values, valid, used, domain, len(rows.weight), rows.n_domains)
