"""Correlations between items, each pair from the rows that hold both answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.display import as_html, as_text
from survey.estimates import Estimates
from survey.intervals import check_level
from survey.linearization import influence_part
from survey.reliability.coefficient_estimates import labelled_estimates
from survey.reliability.coefficient_tables import coefficient_table
from survey.reliability.item_answers import Items, Pairing, Source, read_items, rows_of_pairs
from survey.reliability.second_moments import Moments, moments, replicate_moments
from survey.replicates import ReplicateDesign, spread
from survey.scores import Floats

Positions = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Correlations:
    """Correlations between items; made by `correlations`.

    Parameters
    ----------
    estimates : Estimates
        One for each pair, labelled ``(item, item)``.
    matrix, covariance, n : DataFrame
        Correlations, covariances and rows of each pair, as square tables.
    level : float
        Confidence level of the limits shown.
    """

    estimates: Estimates
    matrix: pd.DataFrame
    covariance: pd.DataFrame
    n: pd.DataFrame
    level: float

    def table(self) -> pd.DataFrame:
        """Columns ``estimate se low high n``, one row a pair."""
        limits = self.estimates.confidence_interval(level=self.level, method="logit")
        return coefficient_table(self.estimates, limits)

    def __repr__(self) -> str:
        """Caption and square table as text."""
        return as_text(self.estimates.caption, self.matrix)

    def _repr_html_(self) -> str:
        return as_html(self.estimates.caption, self.matrix)


def correlations(
    design: Source, items: Sequence[str], *, level: float = 0.95, missing: Pairing = "pairwise"
) -> Correlations:
    r"""Correlate items with each other.

    Parameters, errors as `alpha`.

    Returns
    -------
    Correlations
        Each from the rows that hold both answers; limits on Fisher's z scale with t.

    Notes
    -----
    :math:`z_i = w_i \{z_a z_b - \tfrac12 r (z_a^2 + z_b^2)\} / \sum w` is the linearised value.
    In R: ``cor(items, use = "pairwise")``; weighted, ``cov2cor(svyvar(~items, design))``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 1, 4, 3, 5]})
    >>> correlations(frame, ["a", "b"]).matrix
         a    b
    a  1.0  0.8
    b  0.8  1.0
    """
    check_level(level)
    read = read_items(design, items, missing=missing, where="correlations(items=)")
    made = moments(read)
    index = pd.Index(read.names)
    counts = rows_of_pairs(read.valid)
    a, b = np.triu_indices(len(index), k=1)
    labels = pd.MultiIndex.from_arrays([index[a], index[b]], names=["item", "with"])
    what, point = f"Correlations of {len(index)} items", made.correlation[a, b]
    if isinstance(read.design, ReplicateDesign):
        replicates = replicate_moments(read, read.design).correlation[:, a, b]
        part = spread(read.design, replicates, point)
    else:
        part = influence_part(read.design, _pair_scores(read, made, a, b))
    estimates = labelled_estimates(
        read.design, part, point, labels, what=what, n=counts[a, b], bounds=(-1.0, 1.0)
    )
    return Correlations(
        estimates=estimates,
        matrix=pd.DataFrame(made.correlation, index, index),
        covariance=pd.DataFrame(made.covariance, index, index),
        n=pd.DataFrame(counts.astype(np.int64), index, index),
        level=level,
    )


def _pair_scores(items: Items, made: Moments, a: Positions, b: Positions) -> Floats:
    """Weighted linearised values of the correlation of each pair (a, b), shape (n, K)."""
    x, both = items.values, items.valid[:, a] & items.valid[:, b]
    first = np.where(both, (x[:, a] - made.mean[a, b]) / np.sqrt(made.spread[a, b]), 0.0)
    second = np.where(both, (x[:, b] - made.mean[b, a]) / np.sqrt(made.spread[b, a]), 0.0)
    value = first * second - 0.5 * made.correlation[a, b] * (first**2 + second**2)
    return np.asarray(items.design.weight[:, None] * value / made.weight[a, b])
