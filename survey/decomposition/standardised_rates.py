r"""The arithmetic of standardisation: a difference of crude rates, split by rate and by factor.

The crude rate of population *t* is :math:`\sum_c s_{tc} r_{tc}` over the cells *c* of *K* crossed
factors. The rate effect holds the mix at the mean of the two populations, the mix effects hold
the rates there (Kitagawa 1955, *JASA* 50, 1168–1194):

.. math:: \Delta = \sum_c \bar s_c (r_{2c} - r_{1c}) + \sum_c \bar r_c (s_{2c} - s_{1c}).

For several factors the share of a cell is written as a product with one term a factor,

.. math:: s_c = \prod_f A_{fc}, \qquad A_{fc} = \prod_{P \not\ni f}
          \left( \frac{N_{P \cup f}(c)}{N_P(c)} \right)^{|P|! (K-1-|P|)! / K!},

the geometric mean, over all orders of the factors, of the share of *c*'s level of *f* among cells
that agree with *c* in the factors before it (:math:`N_P(c)`: the total share of those that agree
in *P*). The change of the product is divided among the factors by the mean over all orders of
changing one after the other: Das Gupta (1993), *Standardization and Decomposition of Rates*, U.S.
Bureau of the Census P23-186, chapter 5 (equation 5.36). The rate effect is Kitagawa's over the
crossed cells whatever their number. In R: ``DasGuptR::dgnpop(crossclassified =)``.

A cell that one population lacks has the other's rate in both: its entry is all mix.

Pure functions on arrays of shape (J, L1, …, LK): items by the levels of each factor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np

from survey.scores import Bools, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """Effects and their derivatives.

    Parameters
    ----------
    value : (K + 1, J) float
        The rate effect, then that of each factor's mix.
    rates, shares : (2, K + 1, J, L1, ..., LK) float
        Derivatives by the rates and the shares of the first and the second population.
    """

    value: Floats
    rates: Floats
    shares: Floats


def standardised(rate1: Floats, share1: Floats, rate2: Floats, share2: Floats) -> Effects:
    """Split the difference of crude rates, second less first.

    Parameters
    ----------
    rate1, rate2 : (J, L1, ..., LK) float
        Rate of each item in each cell; what stands where the cell has no share is not read.
    share1, share2 : (J, L1, ..., LK) float
        Share of each cell; they sum to 1 over the cells.

    Returns
    -------
    Effects
        Its values sum over the effects to the difference, exactly.

    Examples
    --------
    >>> effects = standardised(np.array([[80.0, 60]]), np.array([[0.5, 0.5]]),
    ...                        np.array([[80.0, 50]]), np.array([[0.4, 0.6]]))
    >>> effects.value.round(4).tolist()
    [[-5.5], [-2.5]]
    """
    share = np.stack([share1, share2])
    lacking = share <= 0
    first = np.where(lacking[0], np.where(lacking[1], 0.0, rate2), rate1)
    second = np.where(lacking[1], first, rate2)
    gap, middle, size = second - first, (first + second) / 2.0, share.mean(axis=0)
    terms = np.stack([mix_terms(share1), mix_terms(share2)])
    moved, slopes = _in_every_order(terms)
    by_cell = np.concatenate([(size * gap)[None], middle * moved])
    rates = np.stack([np.concatenate([-size[None], moved / 2.0])] * 2)
    rates[1, 0] = size
    mixed = [_through_margins(share[t], terms[t], middle * slopes[t]) for t in (0, 1)]
    shares = np.stack([np.concatenate([gap[None] / 2.0, own]) for own in mixed])
    cells = tuple(range(2, by_cell.ndim))
    return Effects(by_cell.sum(axis=cells), _where_known(rates, lacking), shares)


def mix_terms(share: Floats) -> Floats:
    """Write the share of each cell as a product of one term a factor.

    Parameters
    ----------
    share : (J, L1, ..., LK) float
        Shares of the cells.

    Returns
    -------
    (K, J, L1, ..., LK) array
        The terms; all are 0 in a cell without share.

    Examples
    --------
    >>> mix_terms(np.array([[[0.1, 0.3], [0.2, 0.4]]])).prod(axis=0).round(12).tolist()
    [[[0.1, 0.3], [0.2, 0.4]]]
    """
    n_factors = share.ndim - 1
    logs = np.zeros((n_factors, *share.shape))
    for held in _subsets(range(n_factors)):
        margin = _margin(share, held)
        known = np.log(np.where(margin > 0, margin, 1.0))
        logs += _powers(held, n_factors).reshape(-1, *[1] * share.ndim) * known
    return np.where(share > 0, np.exp(logs), 0.0)


def _powers(held: tuple[int, ...], n_factors: int) -> Floats:
    """Power of one margin in the term of every factor, shape (K,)."""
    inside = np.isin(np.arange(n_factors), held)
    after = _order_weight(len(held) - 1, n_factors) if held else 0.0
    before = _order_weight(len(held), n_factors) if len(held) < n_factors else 0.0
    return np.where(inside, after, -before)


def _order_weight(before: int, n_factors: int) -> float:
    """Share of all orders in which a given set of ``before`` factors comes before a given one."""
    return factorial(before) * factorial(n_factors - before - 1) / factorial(n_factors)


def _subsets(members: Iterable[int]) -> list[tuple[int, ...]]:
    """List all subsets."""
    pool = list(members)
    return [part for size in range(len(pool) + 1) for part in combinations(pool, size)]


def _margin(values: Floats, held: tuple[int, ...]) -> Floats:
    """Sum over all cells that agree in some of the factors, kept as a cell of size 1."""
    gone = tuple(1 + f for f in range(values.ndim - 1) if f not in held)
    return np.asarray(values.sum(axis=gone, keepdims=True))


def _in_every_order(terms: Floats) -> tuple[Floats, Floats]:
    """Divide the change of the product of terms among the factors.

    Returns
    -------
    moved : (K, J, L1, ..., LK) array
        The change that each factor brings to each cell, mean over all orders.
    slopes : (2, K, K, J, L1, ..., LK) array
        Its derivative by the terms of both populations: effect, then term.
    """
    n_factors = terms.shape[1]
    moved = np.zeros(terms.shape[1:])
    slopes = np.zeros((2, n_factors, *terms.shape[1:]))
    for f in range(n_factors):
        others = [g for g in range(n_factors) if g != f]
        for done in _subsets(others):
            weight = _order_weight(len(done), n_factors)
            year = {g: int(g in done) for g in others}
            rest = _product(terms, year)
            step = terms[1, f] - terms[0, f]
            moved[f] += weight * rest * step
            slopes[0, f, f] -= weight * rest
            slopes[1, f, f] += weight * rest
            for g in others:
                without = {h: t for h, t in year.items() if h != g}
                slopes[year[g], f, g] += weight * _product(terms, without) * step
    return moved, slopes


def _product(terms: Floats, year: dict[int, int]) -> Floats:
    """Multiply the terms of some factors, each from its own population."""
    made = np.ones(terms.shape[2:])
    for g, t in year.items():
        made = made * terms[t, g]
    return made


def _through_margins(share: Floats, terms: Floats, slopes: Floats) -> Floats:
    """Carry derivatives by the terms over to the shares; shape (K, J, L1, ..., LK)."""
    n_factors = len(terms)
    scaled = slopes * terms
    made = np.zeros(scaled[:, 0].shape)
    for held in _subsets(range(n_factors)):
        powers = _powers(held, n_factors).reshape(-1, *[1] * share.ndim)
        margin = _margin(share, held)
        pull = np.stack([_margin(own, held) for own in (scaled * powers).sum(axis=1)])
        made += np.where(margin > 0, pull / np.where(margin > 0, margin, 1.0), 0.0)
    return np.where(share > 0, made, 0.0)  # nobody was drawn there: nothing varies


def _where_known(rates: Floats, lacking: Bools) -> Floats:
    """Hand the derivative by a rate that a population lacks to the rate that stands for it."""
    kept = np.where(lacking[:, None], 0.0, rates)
    handed = np.where(lacking[:, None] & ~lacking[::-1, None], rates, 0.0)
    return kept + handed[::-1]
