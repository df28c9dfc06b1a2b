r"""Factors of replicate weights: jackknife, balanced half-samples and bootstraps.

Each function gives the factor of every unit in every replicate, shape (U, R), and the constants
of the replicates. All of a method's replicates are drawn at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.errors import SurveyError, first_five
from survey.replication.hadamard_matrices import hadamard_above
from survey.scores import CENSUS, Bools, Floats, Ints, LonelyRule, Stage

#: More numbers than this in one table of factors are refused.
MOST_FACTORS = 200_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Replicates:
    """Factors by unit and replicate, and the constants of the replicates.

    Parameters
    ----------
    factor : (U, R) float
        Factor of each unit.
    scale : float
        Constant of all replicates.
    rscales : (R,) float
        Constant of each.
    """

    factor: Floats
    scale: float
    rscales: Floats


def random_strata(stage: Stage) -> Bools:
    """Strata that have sampling error: not taken whole; shape (H,)."""
    return np.asarray(1.0 - stage.fraction >= CENSUS)


def jackknife(stage: Stage, order: Ints, lonely: LonelyRule, *, stratified: bool) -> Replicates:
    r"""Leave out one unit at a time and raise the others of its stratum by n / (n - 1).

    Parameters
    ----------
    stage : Stage
        The first stage.
    order : (U,) int
        Units in the order of their replicates.
    lonely : str
        Rule for strata of one unit.
    stratified : bool
        Constants by stratum (JKn) or one for all (JK1).

    Notes
    -----
    Constants :math:`(1 - f_h)(n_h - 1) / n_h`. Strata taken whole need no replicate. With
    ``"average"`` the scale is H / (H - lonely), as in the linearised variance.
    """
    size, random = stage.size, random_strata(stage)
    alone = random & (size == 1)
    if alone.any() and lonely == "fail":
        raise single_units(stage, alone)
    kept = random & ~alone if lonely != "adjust" else random
    left_out = order[kept[stage.stratum[order]]]
    if not len(left_out):
        raise SurveyError(
            "as_replicates: every stratum was taken whole, so there is nothing to replicate.",
            mend="Standard errors are zero; use the design as it is.",
        )
    _refuse_large(len(stage.stratum), len(left_out))
    n = size[stage.stratum[left_out]].astype(np.float64)
    same = stage.stratum[:, None] == stage.stratum[left_out][None, :]
    factor = np.where(same, n / np.maximum(n - 1, 1), 1.0)
    rscales = (1.0 - stage.fraction[stage.stratum[left_out]]) * (n - 1) / n
    strata = len(size)
    single = n == 1
    factor[:, single] = np.where(same[:, single], 0.0, strata / max(strata - 1, 1))
    rscales[single] = (strata - 1) / strata
    factor[left_out, np.arange(len(left_out))] = 0.0
    if not stratified:
        return Replicates(factor, float(rscales[0]), np.ones(len(left_out)))
    used = int(kept.sum() + (~random).sum())
    return Replicates(factor, strata / used if lonely == "average" else 1.0, rscales)


def half_samples(stage: Stage, order: Ints, rho: float) -> Replicates:
    """Balanced half-samples of strata of two units, or Fay's milder factors rho and 2 - rho."""
    odd = stage.size != 2
    if odd.any():
        names = [f"{stage.stratum_names[int(h)]} ({stage.size[h]})" for h in np.flatnonzero(odd)]
        raise SurveyError(
            f"as_replicates: balanced half-samples need two PSUs a stratum; {len(names)} strata "
            f"have another number: {first_five(names)}.",
            mend="Use method='JKn' or 'bootstrap', or pair PSUs into strata.",
        )
    signs = hadamard_above(len(stage.size))
    pairs = order[np.argsort(stage.stratum[order], kind="stable")].reshape(-1, 2)
    balance = (1.0 - rho) * signs[1 : 1 + len(pairs)]
    factor = np.empty((len(order), signs.shape[1]))
    factor[pairs[:, 0]], factor[pairs[:, 1]] = 1.0 + balance, 1.0 - balance
    size = signs.shape[1]
    return Replicates(factor, 1.0 / (size * (1.0 - rho) ** 2), np.ones(size))


def rao_wu(stage: Stage, lonely: LonelyRule, n: int, rng: np.random.Generator) -> Replicates:
    r"""Draw n - 1 units of each stratum with replacement, rescaled.

    Notes
    -----
    :math:`a = 1 - \lambda + \lambda\, r\, n_h / (n_h - 1)` with
    :math:`\lambda = \sqrt{1 - f_h}` and *r* the times that a unit was drawn. Rao & Wu (1988),
    *JASA* 83, 231–241; Rao, Wu & Yue (1992), *Survey Methodology* 18, 209–217.
    """
    _refuse_large(len(stage.stratum), n)
    factor = np.ones((len(stage.stratum), n))
    left_out = 1.0 - stage.fraction
    for h, members in _drawn(stage, lonely):
        size = len(members)
        root = np.sqrt(left_out[h])
        raised = _times_drawn(rng, size, size - 1, n) * (root * size / (size - 1.0))
        raised += 1.0 - root
        factor[members] = raised
    return Replicates(factor, 1.0 / (n - 1), np.ones(n))


def _times_drawn(rng: np.random.Generator, size: int, draws: int, n: int) -> Ints:
    """Count how often each of some units is drawn with replacement, shape (size, n)."""
    short = np.uint16 if size <= 2**16 else np.int64  # two bytes a draw are drawn fastest
    drawn = rng.integers(0, size, (n, draws), dtype=short)
    place = np.multiply(drawn, n, dtype=np.int64)
    place += np.arange(n)[:, None]
    return np.bincount(place.ravel(), minlength=n * size).reshape(size, n)


def canty_davison(
    stage: Stage, lonely: LonelyRule, n: int, rng: np.random.Generator
) -> Replicates:
    """Draw as many units as each stratum has, from copies of it as large as the population.

    Notes
    -----
    One constant m / (m - 1) for all strata, *m* the harmonic mean of their sizes: right where
    strata are of one size. Canty & Davison (1999), *The Statistician* 48, 379–391.
    """
    _refuse_large(len(stage.stratum), n)
    factor = np.ones((len(stage.stratum), n))
    for h, members in _drawn(stage, lonely):
        size, population = len(members), stage.population[h]
        if np.isinf(population):
            times = rng.multinomial(size, np.full(size, 1.0 / size), size=n)
        else:
            copies = np.full(size, round(population) // size)
            copies[rng.permutation(size)[: round(population) % size]] += 1
            times = rng.multivariate_hypergeometric(copies, size, size=n)
        factor[members] = times.T
    mean = 1.0 / float(np.mean(1.0 / stage.size))
    return Replicates(factor, mean / ((mean - 1.0) * (n - 1)), np.ones(n))


def multistage(stages: tuple[Stage, ...], n: int, rng: np.random.Generator) -> Replicates:
    r"""Keep half of the units at every stage, rescaled (multistage rescaled bootstrap).

    Notes
    -----
    At each stage a stratum of *n* units keeps :math:`n^* = \lfloor n/2 \rfloor` drawn without
    replacement and adds :math:`\lambda (-1 + \delta n / n^*)` to the factor,
    :math:`\lambda^2 = F f^{*} n^* (1 - f) / (n - n^*)`, *F* the product of the sampling
    fractions before. Preston (2009), *Survey Methodology* 35, 227–234.
    """
    _refuse_large(len(stages[-1].stratum), n)
    parents: Ints = np.zeros(len(stages[0].stratum), dtype=np.int64)
    carried = np.ones((1, n))
    added = np.zeros((1, n))
    for k, stage in enumerate(stages):
        if k:
            parents = np.zeros(len(stage.stratum), dtype=np.int64)
            parents[stage.unit] = stages[k - 1].unit
        share, keep = _halves(stage, n, rng)
        added = added[parents] + carried[parents] * share
        carried = carried[parents] * keep
    return Replicates(1.0 + added, 1.0, np.full(n, 1.0 / (n - 1)))


def _halves(stage: Stage, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Give what each unit adds at one stage and what it carries to the next, shape (U, R)."""
    size, stratum = stage.size, stage.stratum
    first = np.concatenate([[0], np.cumsum(size)[:-1]])
    key = stratum[:, None] + rng.random((len(stratum), n))
    order = np.argsort(key, axis=0)
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(len(stratum))[:, None], axis=0)
    half = size // 2
    kept = (rank - first[stratum][:, None]) < half[stratum][:, None]
    left_out = np.where(random_strata(stage), 1.0 - stage.fraction, 0.0)
    safe = np.maximum(half, 1)
    root = np.sqrt(stage.multiplier * half * left_out / np.maximum(size - half, 1))
    raised = (size / safe)[stratum][:, None] * kept
    share = root[stratum][:, None] * (raised - 1.0)
    keep = np.sqrt(size / safe)[stratum][:, None] * kept
    whole = ((size == 1) & ~random_strata(stage))[stratum]
    return share, np.where(whole[:, None], 1.0, keep)


def _drawn(stage: Stage, lonely: LonelyRule) -> list[tuple[int, Ints]]:
    """Strata from which units are drawn, with their units; a rule may leave single units out."""
    random = random_strata(stage)
    alone = random & (stage.size == 1)
    if alone.any() and lonely not in ("certainty", "remove"):
        raise single_units(stage, alone)
    members = np.split(np.argsort(stage.stratum, kind="stable"), np.cumsum(stage.size)[:-1])
    return [(int(h), members[int(h)].astype(np.int64)) for h in np.flatnonzero(random & ~alone)]


def single_units(stage: Stage, alone: Bools) -> SurveyError:
    """Name the strata of one unit."""
    names = [stage.stratum_names[int(h)] for h in np.flatnonzero(alone)]
    return SurveyError(
        f"as_replicates: {len(names)} strata have only one PSU: {first_five(names)}.",
        mend="Merge each with a like stratum, or choose lonely_psu='certainty' or 'remove' (no "
        "contribution); the jackknife also knows 'adjust' and 'average'.",
    )


def _refuse_large(units: int, replicates: int) -> None:
    """Refuse a table of factors that would fill the memory."""
    if units * replicates > MOST_FACTORS:
        raise SurveyError(
            f"as_replicates: {units:,} units × {replicates:,} replicates are too many.",
            mend="Use method='bootstrap' with fewer replicates, or larger primary units.",
        )
