r"""Estimates from one or several samples: covariance and degrees of freedom.

Two years that visit the same communes are two samples that share PSUs. Each keeps its own
standardised scores, so each keeps exactly its own standard error; the covariance between them is
the cross-product over the PSUs that both hold, matched by name. Full, partial and no overlap are
one formula.

Degrees of freedom follow Satterthwaite (1946), *Biometrics Bulletin* 2, 110–114. Let sample *a*
bring the variance :math:`V_a` with :math:`\nu_a` = PSUs − strata; then

.. math:: \nu = \frac{(\sum_a V_a)^2}{\sum_{ab} M_{ab} \frac{V_a}{\nu_a} \frac{V_b}{\nu_b}},

with :math:`M_{aa} = \nu_a`, and :math:`M_{ab} = \min(\nu_a, \nu_b)` where both hold the estimate
in the same PSUs, 0 otherwise. That is *PSUs − strata* for one sample and for samples that match
completely, and the formula of Welch and Satterthwaite for all others. Under partial overlap the
covariance comes out too small (each year is centred on PSUs that the other has not) and these
degrees of freedom too large; in ``docs/simulation.md`` the test keeps its level.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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


def unmatched(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Declare the samples independent: no PSU is met again in another one."""
    return tuple(replace(part, sample=replace(part.sample, names=None)) for part in parts)


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
    present = [part.stages[0].presence() for part in parts]
    own = np.stack([_within(*each) for each in zip(parts, present, strict=True)])
    if len(parts) == 1:
        return np.asarray(own[0])
    held = np.stack([part.stages[0].variance() for part in parts])
    varies = held > 0
    apart = np.zeros(held.shape[1], dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(varies, held / held.sum(axis=0), 0.0)
        each = np.where(varies, share / own, 0.0)
        spent = (share * each).sum(axis=0)
        for a, b in combinations(range(len(parts)), 2):
            same = _same_units(parts, present, a, b)
            shared = 2.0 * np.minimum(own[a], own[b]) * each[a] * each[b]
            spent += np.where(same & varies[a] & varies[b], shared, 0.0)
            apart |= varies[a] & varies[b] & ~same
        df = 1.0 / spent
    holds = varies | (~varies.any(axis=0) & np.stack([here.any(axis=0) for here in present]))
    least = np.where(holds, own, np.inf).min(axis=0)
    most = np.where(holds, own, -np.inf).max(axis=0)
    alike = ~apart & (least == most)  # exactly theirs, not theirs within rounding
    return np.asarray(np.where(alike | ~varies.any(axis=0), least, df))


def shared_units(parts: Sequence[Part]) -> int:
    """How many PSUs are held by more than one sample."""
    codes, n_units = _codes(parts)
    return int((np.bincount(np.concatenate(codes), minlength=n_units) > 1).sum())


def _sum(arrays: Sequence[Floats]) -> Floats:
    """Add up arrays of one shape."""
    return np.asarray(np.sum(np.stack(arrays), axis=0))


def _within(part: Part, present: Bools) -> Floats:
    """PSUs that hold each estimate less their strata, or the df that the sample brings."""
    if part.sample.df is not None:
        return np.full(present.shape[1], part.sample.df)
    stratum = part.sample.stratum
    units = np.asarray(indicator(stratum, int(stratum.max()) + 1) @ present.astype(np.float64))
    return np.asarray(units.sum(axis=0) - (units > 0).sum(axis=0))


def _same_units(parts: Sequence[Part], present: Sequence[Bools], a: int, b: int) -> Bools:
    """Whether two samples hold an estimate in the same PSUs, shape (K,)."""
    codes, n_units = _codes((parts[a], parts[b]))
    here, there = (np.zeros((n_units, present[a].shape[1]), dtype=bool) for _ in codes)
    here[codes[0]], there[codes[1]] = present[a], present[b]
    return np.asarray((here == there).all(axis=0))


def _joined(parts: Sequence[Part]) -> Floats:
    """First-stage scores added over the samples, PSU by PSU."""
    codes, n_units = _codes(parts)
    scores = [part.stages[0].dense() for part in parts]
    joined = np.zeros((n_units, scores[0].shape[1]))
    for own, code in zip(scores, codes, strict=True):
        joined[code] += own
    return joined


def _codes(parts: Sequence[Part]) -> tuple[list[Ints], int]:
    """Give every PSU of all samples a number, the same name the same one."""
    codes: list[Ints] = []
    known: dict[object, int] = {}
    for part in parts:
        for name in part.sample.names or ():
            known.setdefault(name, len(known))
    fresh = len(known)
    for part in parts:
        names, size = part.sample.names, len(part.sample.stratum)
        if names is None:
            codes.append(np.arange(fresh, fresh + size, dtype=np.int64))
            fresh += size
        else:
            codes.append(np.array([known[name] for name in names], dtype=np.int64))
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
