"""Where each part of a bar of answers starts: one after the other, or to both sides of zero.

Set to both sides, neither side holds the neutral level: it stands apart, from a base of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sipas.instrument.parts import Scale
from survey.scores import Floats

#: Per cent between the satisfied and the neutral part where bars diverge.
APART = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class BarStarts:
    """Starts of the parts (K, L), the most satisfied level first; ends of the axis; base lines."""

    starts: Floats
    low: float
    high: float
    bases: tuple[float, ...] = ()


def side_by_side(shares: Floats) -> BarStarts:
    """Put the parts of each bar one after the other.

    Examples
    --------
    >>> side_by_side(np.array([[30.0, 50.0, 20.0]])).starts.tolist()
    [[0.0, 30.0, 80.0]]
    """
    return BarStarts(np.cumsum(shares, axis=1) - shares, 0.0, 100.0)


def to_both_sides(shares: Floats, scale: Scale) -> BarStarts:
    """Put satisfied parts right of zero and dissatisfied ones left, the mildest next to it.

    Parameters
    ----------
    shares : (K, L) float
        Per cent, the most satisfied level first.
    scale : Scale
        Which levels are satisfied; the middle one of an odd number is neutral unless it is.

    Examples
    --------
    >>> scale = Scale((1, 2, 3, 4, 5), {}, (4, 5))
    >>> to_both_sides(np.array([[30.0, 40.0, 15.0, 10.0, 5.0]]), scale).starts.tolist()
    [[40.0, 0.0, 76.0, -10.0, -15.0]]
    """
    levels = scale.levels[::-1]
    count = len(levels)
    good = sum(level in scale.satisfied for level in levels)
    neutral = count % 2 == 1 and levels[count // 2] not in scale.satisfied
    bad = count // 2 + 1 if neutral else good
    milder = np.cumsum(shares[:, :good][:, ::-1], axis=1)[:, ::-1]
    below = -np.cumsum(shares[:, bad:], axis=1)
    low, high = min(float(below.min(initial=0.0)), 0.0), float(milder.max(initial=0.0))
    apart = np.full((len(shares), bad - good), high + APART)
    starts = np.hstack([milder - shares[:, :good], apart, below])
    if not neutral:
        return BarStarts(starts, low, high, (0.0,))
    widest = float(shares[:, good:bad].max())
    return BarStarts(starts, low, high + APART + widest, (0.0, high + APART))
