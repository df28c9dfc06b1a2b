"""A factor that all items share, taken out of fitted and rotated factors."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from survey.reliability.factor_fit import Fit, fit_factors
from survey.reliability.rotations import oblimin, varimax
from survey.scores import Floats


class Solution(NamedTuple):
    """A fitted and rotated model, items keyed so that they load positively on the first factor."""

    x: Floats
    key: Floats
    general: Floats
    groups: Floats
    communality: Floats


def solve_factors(r: Floats, factors: int, fit: Fit, near: Solution | None = None) -> Solution:
    r"""Fit factors; with several, rotate them and take out a general one (Schmid–Leiman).

    The general factor is the factor of the rotated factors' correlations, so an item's general
    loading is :math:`\Lambda \gamma`, and :math:`\lambda \sqrt{1 - \gamma^2}` is left.
    Schmid & Leiman (1957), *Psychometrika* 22, 53–61. In R: ``psych::schmid``.
    """
    x, loadings = fit_factors(r, factors, fit, None if near is None else near.x)
    communality = (loadings**2).sum(axis=1)
    if factors == 1:
        general, groups = loadings[:, 0], np.zeros((len(r), 0))
    else:
        pattern, phi = oblimin(varimax(loadings))
        second = _second_order(phi, fit)
        general = pattern @ second
        left = np.maximum(pattern**2 - (pattern * second) ** 2, 0.0)
        groups = np.sign(pattern) * np.sqrt(left)
    general = general * (1.0 if general.sum() >= 0 else -1.0)
    key = np.where(general < 0, -1.0, 1.0)
    groups = groups * key[:, None]
    groups = groups * np.where(groups.sum(axis=0) < 0, -1.0, 1.0)
    return Solution(x, key, general * key, groups, communality)


def _second_order(phi: Floats, fit: Fit) -> Floats:
    """Find the loadings of the factors on the general one; two factors load the same."""
    if len(phi) == 2:
        root = np.sqrt(abs(phi[0, 1]))
        return np.array([root, np.sign(phi[0, 1]) * root])
    return fit_factors(phi, 1, fit)[1][:, 0]
