r"""Estimates from one or several samples: covariance and degrees of freedom.

Two years that visit the same communes are two samples that share PSUs. Each keeps its own
standardised scores, so each keeps exactly its own standard error; the covariance between them is
the cross-product over the PSUs that both hold, matched by name. Full, partial and no overlap are
one formula.

Degrees of freedom of a combination of samples follow Satterthwaite with that covariance. Let
:math:`s_i` be the variance that PSU *i* brings, from the per-PSU variances of the samples that
hold it and their per-PSU covariances; then

.. math:: \nu = \frac{V^2}{\sum_i \kappa_i s_i^2}, \qquad
          V = \sum_i s_i, \quad \kappa_i = \overline{n_a / \nu_a}.

It equals *PSUs − strata* for one sample and for samples that match completely, and the
Welch–Satterthwaite formula for samples that share nothing. Satterthwaite (1946), *Biometrics
Bulletin* 2, 110–114.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np

from survey.scores import Bools, Floats, Ints, Scores, dense_scores, indicator

RowScores = Callable[[bool], Scores]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The first-stage units of one sample.

    Parameters
    ----------
    stratum : (P,) int
        Stratum of each PSU.
    names : tuple or None
        Names by which a PSU can be met again in another sample; None when it can't (rows).
    df : float or None
        Degrees of freedom that do not follow from PSUs and strata (replicate weights).
    """

    stratum: Ints
    names: tuple[object, ...] | None
    df: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one sample contributes to a vector of K estimates.

    Parameters
    ----------
    sample : Sample
        Where the scores come from.
    stages : tuple of Scores
        Standardised scores, the PSUs first.
    elements : callable or None
        Makes the row-level scores of simple random sampling with (True) or without (False)
        replacement, for design effects.
    """

    sample: Sample
    stages: tuple[Scores, ...]
    elements: RowScores | None

    def mapped(self, matrix: Floats) -> Part:
        """Contribution to linear combinations, for a matrix of shape (R, K)."""
        stages = tuple(stage.mapped(matrix) for stage in self.stages)
        elements = None if self.elements is None else partial(_mapped, self.elements, matrix)
        return Part(self.sample, stages, elements)

    def plus(self, other: Part) -> Part:
        """Add the contribution of the same sample to the same estimates."""
        stages = tuple(_added(a, b) for a, b in zip(self.stages, other.stages, strict=True))
        if self.elements is None or other.elements is None:
            return Part(self.sample, stages, None)
        return Part(self.sample, stages, partial(_summed, self.elements, other.elements))


def merge(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Add up the parts that come from the same sample, keeping their order."""
    merged: dict[int, Part] = {}
    for part in parts:
        key = id(part.sample)
        merged[key] = merged[key].plus(part) if key in merged else part
    return tuple(merged.values())


def variance(parts: Sequence[Part]) -> Floats:
    """Variance of each estimate, shape (K,)."""
    if len(parts) == 1:
        return _sum([stage.variance() for stage in parts[0].stages])
    later = [stage.variance() for part in parts for stage in part.stages[1:]]
    return _sum([(_joined(parts) ** 2).sum(axis=0), *later])


def covariance(parts: Sequence[Part]) -> Floats:
    """Covariance of the estimates, shape (K, K)."""
    if len(parts) == 1:
        return _sum([stage.covariance() for stage in parts[0].stages])
    joined = _joined(parts)
    later = [stage.covariance() for part in parts for stage in part.stages[1:]]
    return _sum([joined.T @ joined, *later])


def simple_random_variance(parts: Sequence[Part], *, replacement: bool) -> Floats:
    """Variance under simple random sampling of as many rows, shape (K,); missing if not known."""
    made = [part.elements(replacement) for part in parts if part.elements is not None]
    if len(made) < len(parts):
        return np.full(len(variance(parts)), np.nan)
    return _sum([element.variance() for element in made])


def degrees_of_freedom(parts: Sequence[Part]) -> Floats:
    """Degrees of freedom of each estimate, shape (K,); see the head of this module."""
    if len(parts) == 1:
        return _within(parts[0])[1]
    scores, present = _aligned(parts)
    own = [_within(part) for part in parts]
    held = [(z**2).sum(axis=0) for z in scores]
    with np.errstate(divide="ignore", invalid="ignore"):
        per_unit = np.sum(
            [np.where(p, v / n, 0.0) for p, v, (n, _) in zip(present, held, own, strict=True)],
            axis=0,
        )
        for a, b in combinations(range(len(parts)), 2):
            both = present[a] & present[b]
            shared = (scores[a] * scores[b]).sum(axis=0) / both.sum(axis=0)
            per_unit += np.where(both, 2.0 * shared, 0.0)
        spread = [np.where(p, n / df, 0.0) for p, (n, df) in zip(present, own, strict=True)]
        kappa = np.sum(spread, axis=0) / np.sum(present, axis=0)
        total = per_unit.sum(axis=0)
        df = total**2 / np.where(per_unit != 0, kappa * per_unit**2, 0.0).sum(axis=0)
    least = np.min([v for _, v in own], axis=0)  # nothing varies: the years' own, if they match
    return np.asarray(np.where(np.isfinite(df), df, least))


def shared_units(parts: Sequence[Part]) -> int:
    """How many PSUs are held by more than one sample."""
    codes, n_units = _codes(parts)
    return int((np.bincount(np.concatenate(codes), minlength=n_units) > 1).sum())


def _sum(arrays: Sequence[Floats]) -> Floats:
    """Add up arrays of one shape."""
    return np.asarray(np.sum(np.stack(arrays), axis=0))


def _within(part: Part) -> tuple[Floats, Floats]:
    """PSUs that hold each estimate, and that number less their strata."""
    psu = part.stages[0]
    stratum = part.sample.stratum
    present = psu.presence().astype(np.float64)
    if part.sample.df is not None:
        return present.sum(axis=0), np.full(present.shape[1], part.sample.df)
    strata = np.asarray(indicator(stratum, int(stratum.max()) + 1) @ present)
    units = present.sum(axis=0)
    return units, units - (strata > 0).sum(axis=0)


def _joined(parts: Sequence[Part]) -> Floats:
    """First-stage scores added over the samples, PSU by PSU."""
    return _sum(_aligned(parts)[0])


def _aligned(parts: Sequence[Part]) -> tuple[list[Floats], list[Bools]]:
    """First-stage scores and presence of each sample on the union of all PSUs."""
    codes, n_units = _codes(parts)
    scores, present = [], []
    for part, code in zip(parts, codes, strict=True):
        psu = part.stages[0]
        values = np.zeros((n_units, psu.values.shape[1] * psu.n_domains))
        here = np.zeros(values.shape, dtype=bool)
        values[code], here[code] = psu.dense(), psu.presence()
        scores.append(values)
        present.append(here)
    return scores, present


def _codes(parts: Sequence[Part]) -> tuple[list[Ints], int]:
    """Give every PSU of all samples a number, the same name the same one."""
    codes: list[Ints] = []
    known: dict[object, int] = {}
    fresh = 0
    for part in parts:
        names = part.sample.names
        size = len(part.sample.stratum)
        if names is None:
            codes.append(np.arange(fresh, fresh + size))
            fresh += size
            continue
        mine = []
        for name in names:
            if name not in known:
                known[name] = fresh
                fresh += 1
            mine.append(known[name])
        codes.append(np.asarray(mine, dtype=np.int64))
    return codes, fresh


def _mapped(make: RowScores, matrix: Floats, replacement: bool) -> Scores:
    """Row-level scores of linear combinations."""
    return make(replacement).mapped(matrix)


def _summed(first: RowScores, second: RowScores, replacement: bool) -> Scores:
    """Row-level scores of two contributions of one sample."""
    return _added(first(replacement), second(replacement))


def _added(a: Scores, b: Scores) -> Scores:
    """Add scores of the same units."""
    return dense_scores(a.dense() + b.dense(), a.presence() | b.presence())
