r"""From rows to totals by unit and domain, and from totals to linearised scores.

Means, shares, totals and ratios are one formula. With numerator *y* and denominator *x*,

.. math:: \hat R = \frac{\sum w y}{\sum w x}, \qquad
          z_i = \frac{\sum_{k \in i} w_k (y_k - \hat R x_k)}{\sum w x},

where *x* = 1 on valid rows gives the mean; a total has :math:`z_i = \sum w y`. All items and all
domains are summed in one sparse product. Woodruff (1971), *JASA* 66, 411–414. In R: the
influence functions of ``svymean``, ``svyratio`` and ``svytotal``.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from scipy import sparse

from survey.design import Design
from survey.rows import AnyRows, Rows, Totals, UnitSums
from survey.samples import Part, RowScores
from survey.scores import (
    Adjustment,
    Floats,
    Scores,
    Stage,
    indicator,
    standardise,
)

Matrix = Floats | sparse.csr_array


def linearised(sums: Totals, *, total: bool) -> tuple[Floats, Floats]:
    """Coefficients (a, b), each (D, J), of the linearised variable ``a * y - b * x``.

    They are 0 where a ratio has no denominator: nothing is known there, and nothing is added.
    """
    if total:
        return np.ones_like(sums.x), np.zeros_like(sums.x)
    known = sums.x != 0
    a = np.where(known, 1.0 / np.where(known, sums.x, 1.0), 0.0)
    return a, np.where(known, sums.ratio, 0.0) * a


def part(
    rows: AnyRows,
    first: UnitSums,
    sums: Totals,
    design: Design,
    *,
    total: bool,
    respondents: bool = False,
) -> Part:
    """Standardised scores of every stage, and the recipe for the row-level ones.

    Parameters
    ----------
    rows : Rows or CodedRows
        The data.
    first, sums
        Their sums by first-stage unit and domain, and by domain.
    design : Design
        Stages, rules for lonely units, and calibration.
    total : bool
        Totals rather than ratios.
    respondents : bool
        Take the answering units, item by item, as the sample of their stratum.
    """
    elements = partial(element_scores, rows, sums, total)
    a, b = linearised(sums, total=total)
    if design.adjustments:
        scores = _calibrated(*_row_scores(rows.measured(), a, b), design)
        return Part(design.sample, scores, elements)
    later = [
        rows.unit_sums(stage.unit, len(stage.stratum), rows.weight) for stage in design.stages[1:]
    ]
    scores = tuple(
        _stage_scores(own, a, b, rows, stage, design, respondents)
        for own, stage in zip([first, *later], design.stages, strict=True)
    )
    return Part(design.sample, scores, elements)


def influence_part(design: Design, scores: Floats, elements: RowScores | None = None) -> Part:
    """Standardised scores of any statistic, from its linearised value in each row.

    Parameters
    ----------
    design : Design
        The sample; its domain is where the rows weigh more than zero.
    scores : (n, K) float
        Weighted linearised values, zero outside the domain.
    elements : callable, optional
        Row-level scores under simple random sampling, for design effects.
    """
    inside = np.repeat((design.weight != 0).astype(np.float64)[:, None], scores.shape[1], axis=1)
    return Part(design.sample, _calibrated(scores, inside, design), elements)


def _stage_scores(
    sums: UnitSums,
    a: Floats,
    b: Floats,
    rows: AnyRows,
    stage: Stage,
    design: Design,
    respondents: bool,
) -> Scores:
    """Linearise the sums by unit and domain of one stage, and standardise them."""
    answering = None
    if respondents:
        valid = rows.measured().valid.astype(np.float64)
        answering = np.asarray(indicator(stage.unit, len(stage.stratum)) @ valid) > 0
    return standardise(
        sums.y * a[sums.domain] - sums.x * b[sums.domain],
        sums.weight != 0,
        sums.unit,
        sums.domain,
        rows.n_domains,
        stage,
        lonely=design.lonely_psu,
        lonely_domain=design.lonely_domain,
        participants=answering,
    )


def _row_scores(rows: Rows, a: Floats, b: Floats) -> tuple[Matrix, Matrix]:
    """Lay out weighted linearised values, and who counts, as rows × (item, domain)."""
    n, n_items = rows.y.shape
    values = rows.weight[:, None] * (rows.y * a[rows.domain] - rows.x * b[rows.domain])
    counted = rows.valid & (rows.weight != 0)[:, None]
    column = np.arange(n_items) * rows.n_domains + rows.domain[:, None]
    place = (np.repeat(np.arange(n), n_items), column.ravel())
    shape = (n, n_items * rows.n_domains)
    scores = sparse.coo_array((values.ravel(), place), shape=shape)
    present = sparse.coo_array((counted.ravel().astype(np.float64), place), shape=shape)
    return scores.tocsr(), present.tocsr()


def _calibrated(z: Matrix, present: Matrix, design: Design) -> tuple[Scores, ...]:
    """Sum row scores by unit, less what calibration explains, and standardise every stage."""
    taken = _explained(z, design.adjustments)
    made = []
    for stage in design.stages:
        n_units = len(stage.stratum)
        to_units = indicator(stage.unit, n_units)
        raw = _full(to_units @ z)
        for adjustment, coefficients in zip(design.adjustments, taken, strict=True):
            raw -= np.asarray(to_units @ adjustment.left) @ coefficients
        seen = _full(to_units @ present) > 0
        units = np.arange(n_units)
        made.append(
            standardise(
                raw,
                seen,
                units,
                np.zeros_like(units),
                1,
                stage,
                lonely=design.lonely_psu,
                lonely_domain=design.lonely_domain,
            )
        )
    return tuple(made)


def _explained(z: Matrix, adjustments: tuple[Adjustment, ...]) -> list[Floats]:
    """Coefficients of each projection in turn, on what the ones before have left."""
    found: list[Floats] = []
    for k, adjustment in enumerate(adjustments):
        own = _full(adjustment.right.T @ z)
        for earlier, coefficients in zip(adjustments[:k], found, strict=True):
            own -= (adjustment.right.T @ earlier.left) @ coefficients
        found.append(own)
    return found


def _full(matrix: Any) -> Floats:
    """Write a product out in full."""
    return np.asarray(matrix.toarray() if hasattr(matrix, "toarray") else matrix)


def element_scores(data: AnyRows, sums: Totals, total: bool, replacement: bool) -> Scores:
    r"""Row-level scores whose cross-product is the covariance under simple random sampling.

    For a linearised variable *u* with *n* valid rows that stand for :math:`\hat N`,
    :math:`V = \frac{\hat N - n}{n - 1} \sum w (u - \bar u)^2`, and :math:`\hat N / (n - 1)` for
    draws with replacement. In R: ``svyvar`` inside ``svymean(deff = TRUE)``.
    """
    a, b = linearised(sums, total=total)
    rows = data.measured()
    used = np.flatnonzero(rows.weight != 0)
    domain, valid = rows.domain[used], rows.valid[used]
    linear = rows.y[used] * a[domain] - rows.x[used] * b[domain]
    mean = indicator(domain, rows.n_domains, rows.weight[used]) @ np.where(valid, linear, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(sums.weight > 0, mean / sums.weight, 0.0)
        n = sums.n
        left = sums.weight if replacement else sums.weight - n
        factor = np.where((left >= 0) & (n > 1), left / (n - 1), np.nan)
    centred = np.where(valid, linear - mean[domain], 0.0)
    values = centred * np.sqrt(rows.weight[used][:, None] * factor[domain])
    return Scores(values, valid, used, domain, len(rows.weight), rows.n_domains)
