"""Weighted second moments of items, once for the sample and once for every replicate.

All of them are matrix products of answers, squares and who answered, so that pairs of items need
no column each and replicates need no pass over the rows each.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from survey.reliability.item_answers import Items, rows_of_pairs
from survey.replicates import ReplicateDesign
from survey.scores import Floats, indicator


class Moments(NamedTuple):
    """Weighted moments over the rows that hold both answers, each of shape (…, k, k).

    ``mean[a, b]`` and ``spread[a, b]`` are mean and variance of item *a* where *b* is answered
    too, ``product`` the mean cross-product about those means, ``weight`` the sum of weights.
    """

    weight: Floats
    mean: Floats
    spread: Floats
    product: Floats
    correction: Floats

    @property
    def covariance(self) -> Floats:
        """Covariances with divisor n − 1. In R: ``cov(use = "pairwise")``, ``svyvar``."""
        return self.product * self.correction

    @property
    def correlation(self) -> Floats:
        """Correlations, each from its own rows. In R: ``cor(use = "pairwise")``."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.product / np.sqrt(self.spread * _flip(self.spread)))


def moments(items: Items) -> Moments:
    """Compute the moments under the design's weights, each of shape (k, k)."""
    x, valid, weight = items.values, items.valid.astype(np.float64), items.design.weight[:, None]
    x_weighed = (weight * x).T
    cross = (x_weighed @ valid, (weight * x**2).T @ valid, x_weighed @ x)
    return _centred(items, (weight * valid).T @ valid, *cross)


def replicate_moments(items: Items, design: ReplicateDesign) -> Moments:
    """Compute the moments in every replicate, each of shape (R, k, k), from sums by unit."""
    factors, x, valid = design.factors, items.values, items.valid.astype(np.float64)
    base = np.where(design.weight != 0, design.base, 0.0)
    to_units = indicator(factors.unit, len(factors.factor), base)
    sums = []
    for own, there in zip(x.T[:, :, None], valid.T[:, :, None], strict=True):  # item by item
        pairs = np.hstack([there * valid, own * valid, own**2 * valid, own * x])
        sums.append(factors.factor.T @ (to_units @ pairs))
    return _centred(items, *np.split(np.stack(sums, axis=1), 4, axis=2))


def _centred(items: Items, total: Floats, first: Floats, second: Floats, cross: Floats) -> Moments:
    """Centre weighted sums of 1, x, x² and x y over the rows that hold both of a pair."""
    n = rows_of_pairs(items.valid)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = first / total
        variance, product = second / total - mean**2, cross / total - mean * _flip(mean)
    return Moments(total, mean, variance, product, n / (n - 1.0))


def _flip(matrix: Floats) -> Floats:
    """Exchange the two items of every pair."""
    return np.swapaxes(matrix, -1, -2)
