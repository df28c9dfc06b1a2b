r"""Variances and covariances of items in the population, with their own sampling errors.

With *n* valid rows,

.. math:: \hat S_{ab} = \frac{n}{n - 1} \frac{\sum w (a - \bar a)(b - \bar b)}{\sum w}

is the mean of a centred product. Its derivative by :math:`\bar a` is zero, so the linearised
variable is that of a mean; replicates centre anew in every replicate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from survey.estimates import Estimates
from survey.estimators import mean
from survey.replicates import ReplicateDesign, replicate_values, spread
from survey.rows import Rows
from survey.scores import Bools, Floats, Ints, indicator
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

__all__ = ["variance"]


def variance(
    design: AnyDesign,
    y: Variables,
    *,
    by: By = None,
    missing: Missing = "item",
) -> Estimates:
    r"""Estimate population variances, and covariances where there are several items.

    Parameters
    ----------
    design : Design or ReplicateDesign
        The sample.
    y : str, list of str or DataFrame
        Numeric columns of the design's data, or a frame on the same index.
    by : str or list of str, optional
        Columns whose combinations are the domains.
    missing : {"item", "listwise", "refuse", "respondents"}
        As in `survey.mean`; with ``"item"`` a covariance rests on the rows that have both.

    Returns
    -------
    Estimates
        The variance of one item, labelled as a mean would be; of several the whole symmetric
        matrix, labelled ``(a, b)``, so that ``.estimate.unstack()`` lays it out.

    Raises
    ------
    SurveyError
        As `survey.mean`.

    Notes
    -----
    With the divisor *n − 1*, *n* counting valid rows; missing where that is 0.
    In R: ``svyvar(~a + b, design)``.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.design import Design
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2], "a": [1.0, 2, 3, 4], "b": [2.0, 2, 3, 5]})
    >>> variance(Design(frame, psu="psu"), ["a", "b"]).estimate.unstack().round(4)
            a       b
    a  1.6667  1.6667
    b  1.6667  2.0000
    """
    columns = read_columns(design, y, "variance(y=)")
    asked = Asked("variance", columns, missing=missing)
    domains = number_domains(design, by)
    rows = rows_of(asked, design, domains).measured()
    pairs = _Pairs.of(columns.names)
    centred = _centred(rows, pairs)
    products = np.where(centred.valid, centred.product, np.nan)
    frame = pd.DataFrame(products, index=design.data.index, columns=pairs.names)
    rule: Missing = "respondents" if missing == "respondents" else "item"
    result = mean(design, frame, by=by, missing=rule)
    if isinstance(design, ReplicateDesign):
        result = _replicated(result, rows, centred, design)
    return _whole(result, pairs, domains, _caption(columns.names, by))


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """The pairs of items: each once, and where the whole matrix finds each of its cells."""

    first: Ints
    second: Ints
    cell: Ints
    names: list[str]
    labels: pd.Index

    @classmethod
    def of(cls, names: pd.Index) -> _Pairs:
        """Pair the items of one call."""
        size = len(names)
        first, second = np.triu_indices(size)
        cell = np.empty((size, size), dtype=np.int64)
        cell[first, second] = cell[second, first] = np.arange(len(first))
        known = list(names)
        called = [f"{known[a]} with {known[b]}" for a, b in zip(first, second, strict=True)]
        several = pd.MultiIndex.from_product([names, names], names=[None, None])
        return cls(first, second, cell.ravel(), called, names if size == 1 else several)


@dataclass(frozen=True, slots=True, eq=False)
class _Centred:
    """Centred items of every pair, each (n, P), and their product with the divisor n − 1."""

    first: Floats
    second: Floats
    product: Floats
    valid: Bools


def _centred(rows: Rows, pairs: _Pairs) -> _Centred:
    """Centre both items of every pair on the rows that have both, domain by domain."""
    valid = rows.valid[:, pairs.first] & rows.valid[:, pairs.second]
    counted = indicator(rows.domain, rows.n_domains, (rows.weight != 0).astype(np.float64))
    weighed = indicator(rows.domain, rows.n_domains, rows.weight)
    n, weight = counted @ valid.astype(np.float64), weighed @ valid.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(n > 1, n / (n - 1.0), np.nan)[rows.domain]
        sides = []
        for place in (pairs.first, pairs.second):
            values = np.where(valid, rows.y[:, place], 0.0)
            centre = (weighed @ values) / weight
            sides.append(np.where(valid, values - centre[rows.domain], 0.0))
    return _Centred(sides[0], sides[1], factor * sides[0] * sides[1], valid)


def _replicated(
    result: Estimates, rows: Rows, centred: _Centred, design: ReplicateDesign
) -> Estimates:
    """Centre anew in every replicate, and take the spread of that."""
    single = centred.valid.astype(np.float64)
    zero = [np.where(centred.valid, part, 0.0) for part in (centred.first, centred.second)]
    products = np.where(centred.valid, centred.first * centred.second, 0.0)
    stacked = replace(
        rows,
        y=np.concatenate([products, *zero], axis=1),
        x=np.tile(single, 3),
        valid=np.tile(centred.valid, 3),
    )
    product, first, second = np.split(replicate_values(stacked, design), 3, axis=1)
    whole = result.point
    with np.errstate(divide="ignore", invalid="ignore"):
        n = result.counts.valid
        factor = np.where(n > 1, n / (n - 1.0), np.nan)
    values = factor * (product - first * second)
    return replace(result, parts=(spread(design, values, whole),))


def _whole(result: Estimates, pairs: _Pairs, domains: Domains, what: str) -> Estimates:
    """Lay the pairs out as the whole matrix, items slowest and domains fastest."""
    cells = pairs.cell[:, None] * domains.size + np.arange(domains.size)
    whole = result.pick(cells.ravel())
    return whole.labelled(estimate_labels(pairs.labels, domains.labels), what=what)


def _caption(names: pd.Index, by: By) -> str:
    """Say what was estimated."""
    listed = ", ".join(str(name) for name in names[:5])
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    groups = [by] if isinstance(by, str) else list(by or ())
    kind = "Variance" if len(names) == 1 else "Covariances"
    return f"{kind} of {listed}{more}" + (f" by {' × '.join(groups)}" if groups else "")
