"""Each item against the sum of the others, and the scale without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.display import as_html, as_text
from survey.estimates import Estimates
from survey.intervals import check_level
from survey.reliability.coefficient_estimates import MatrixFunction, estimate_function
from survey.reliability.coefficient_tables import coefficient_table
from survey.reliability.item_answers import Items, Pairing, Source, read_items
from survey.reliability.scale_coefficients import (
    alpha_gradient,
    classical_error,
    cov2cor,
    raw_alpha,
    refuse_no_sum,
    scale_values,
    squared_multiple,
)
from survey.reliability.scale_scores import scale_scores
from survey.reliability.second_moments import moments
from survey.scores import Floats


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ItemRest:
    """Each item against the rest of its scale; made by `item_rest`.

    Parameters
    ----------
    estimates : Estimates
        Labelled ``("item-rest correlation", item)`` and ``("alpha if deleted", item)``.
    items : tuple of str
        The items.
    level : float
        Confidence level of the limits shown.
    details : DataFrame
        One row an item: ``n mean sd``; correlations with the scale that contain the item
        (``with_scale``, ``with_standardised_scale``) or are corrected for the overlap
        (``corrected``); ``alpha standardised_alpha lambda_6 mean_correlation classical_se`` of the
        scale without the item.
    """

    estimates: Estimates
    items: tuple[str, ...]
    level: float
    details: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """``estimate se low high n`` of the item-rest correlation, then mean, sd and alpha."""
        k = len(self.items)
        own = self.estimates.pick(range(k)).labelled(pd.Index(self.items))
        table = coefficient_table(own, own.confidence_interval(level=self.level, method="logit"))
        deleted, se = self.estimates.point[k:], self.estimates.se.to_numpy()[k:]
        return table.assign(
            mean=self.details["mean"],
            sd=self.details["sd"],
            alpha_if_deleted=deleted,
            alpha_if_deleted_se=se,
        )

    def __repr__(self) -> str:
        """Caption and table as text."""
        return as_text(self.estimates.caption, self.table())

    def _repr_html_(self) -> str:
        return as_html(self.estimates.caption, self.table())


def item_rest(
    design: Source, items: Sequence[str], *, level: float = 0.95, missing: Pairing = "pairwise"
) -> ItemRest:
    r"""Correlate each item with the sum of the others, and give alpha without it.

    Parameters, errors as `alpha`.

    Returns
    -------
    ItemRest
        Limits of the correlation on Fisher's z scale.

    Notes
    -----
    :math:`r_i = \sum_{b \ne i} c_{ib} / \sqrt{c_{ii} \sum_{a, b \ne i} c_{ab}}`. Nunnally &
    Bernstein (1994), *Psychometric Theory*, ch. 8.
    In R: ``psych::alpha(items)$item.stats$r.drop`` and ``$alpha.drop``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 1, 4, 3, 5], "c": [1, 3, 3, 5, 4]})
    >>> item_rest(frame, ["a", "b", "c"]).table()[["estimate", "alpha_if_deleted"]].round(4)
       estimate  alpha_if_deleted
    a    0.9774            0.5970
    b    0.6433            0.9195
    c    0.6742            0.8889
    """
    check_level(level)
    read = read_items(design, items, missing=missing, where="item_rest(items=)")
    covariance = moments(read).covariance
    refuse_no_sum(covariance, read.names)
    labels = pd.MultiIndex.from_product(
        [["item-rest correlation", "alpha if deleted"], read.names], names=["", "item"]
    )
    function = MatrixFunction(_rest_values, _rest_gradients, "covariance")
    n = read.valid.sum(axis=0).astype(np.float64)
    what = f"Items against the rest, {len(read.names)} items"
    estimates = estimate_function(
        read, function, labels, what=what, n=np.concatenate([n, n]), bounds=(-1.0, 1.0)
    )
    return ItemRest(estimates, read.names, level, _details(read, covariance))


def _details(items: Items, covariance: Floats) -> pd.DataFrame:
    """Collect what psych prints beside the item-rest correlation."""
    k, r = len(items.names), cov2cor(covariance)
    reduced = r.copy()
    np.fill_diagonal(reduced, squared_multiple(r))
    left = [_without(covariance, item) for item in range(k)]
    without = np.concatenate([scale_values(matrix[None]) for matrix in left]) if k > 2 else None
    blank = np.full((k, 4), np.nan)
    scale = blank if without is None else without
    columns = {
        "n": items.valid.sum(axis=0),
        "mean": items.centre,
        "sd": np.sqrt(np.diag(covariance)),
        "with_scale": scale_scores(items).with_items,
        "with_standardised_scale": r.sum(axis=0) / np.sqrt(r.sum()),
        "corrected": reduced.sum(axis=0) / np.sqrt(reduced.sum()),
        "alpha": scale[:, 0],
        "standardised_alpha": scale[:, 1],
        "lambda_6": scale[:, 2],
        "mean_correlation": scale[:, 3],
        "classical_se": [classical_error(m, items.n) if k > 2 else np.nan for m in left],
    }
    return pd.DataFrame(columns, index=pd.Index(items.names, name="item"))


def _without(covariance: Floats, item: int) -> Floats:
    """Leave an item out of matrices (…, k, k)."""
    kept = np.delete(np.arange(covariance.shape[-1]), item)
    return np.asarray(covariance[..., kept[:, None], kept])


def _rest_parts(covariance: Floats) -> tuple[Floats, Floats, Floats]:
    """Covariance of each item with the sum of the others, its variance, the sum's variance."""
    own = np.diagonal(covariance, axis1=-2, axis2=-1)
    column = covariance.sum(axis=-1)
    total = covariance.sum(axis=(-2, -1))[..., None]
    return column - own, own, total - 2.0 * column + own


def _rest_values(covariance: Floats) -> Floats:
    """Item-rest correlations, then alpha without each item, shape (R, 2k)."""
    with_rest, own, rest = _rest_parts(covariance)
    k = covariance.shape[-1]
    dropped = [raw_alpha(_without(covariance, item)) for item in range(k)] if k > 2 else []
    none = [np.full(len(covariance), np.nan)] * (k if k == 2 else 0)
    r = with_rest / np.sqrt(own * rest)
    return np.concatenate([r, np.stack(dropped + none, axis=-1)], axis=-1)


def _rest_gradients(covariance: Floats) -> Floats:
    """Differentiate `_rest_values` by the covariances, shape (2k, k, k)."""
    k = len(covariance)
    with_rest, own, rest = _rest_parts(covariance)
    scale = np.sqrt(own * rest)
    r = with_rest / scale
    made = np.zeros((2 * k, k, k))
    for item in range(k):
        kept = np.delete(np.arange(k), item)
        block = np.ix_(kept, kept)
        made[item, item, kept] = made[item, kept, item] = 0.5 / scale[item]
        made[item, item, item] = -r[item] / (2.0 * own[item])
        made[item][block] = -r[item] / (2.0 * rest[item])
        made[k + item][block] = alpha_gradient(_without(covariance, item)) if k > 2 else np.nan
    return made
