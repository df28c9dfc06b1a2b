"""What the writer most likely did: digits changed places, a figure cut off, a row slipped.

Each slip is one test of the printed number against the interval where it should lie; the first
that explains it is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from sipas.auditing.interval_arithmetic import meets


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a figure and could have been copied or used instead.

    ``above`` and ``below`` in its column, ``other_year`` of the same quantity,
    ``denominators`` other than its own with the numerator (for a rate).
    """

    above: float = np.nan
    below: float = np.nan
    other_years: tuple[float, ...] = ()
    from_rounded: float = np.nan
    numerator: float = np.nan
    denominators: Mapping[str, Sequence[float]] = field(default_factory=dict)


def likely_slip(
    value: float,
    decimals: int,
    low: float,
    high: float,
    around: Surroundings,
    *,
    exact: bool = False,
) -> str:
    """Name the likeliest slip that turned a figure between ``low`` and ``high`` into ``value``.

    An ``exact`` figure (a maximum, a count, a rank) was never rounded.

    Examples
    --------
    >>> likely_slip(66.69, 2, 66.955, 66.965, Surroundings())
    'digits transposed'
    >>> likely_slip(78.6, 1, 78.677, 78.688, Surroundings())
    'truncated, not rounded'
    >>> likely_slip(-1, 0, 1, 1, Surroundings())
    'direction reversed'
    """
    half = 0.5 * 10.0**-decimals
    tests: dict[str, bool] = {
        "direction reversed": value != 0 and meets(-value, -value, low - half, high + half),
        "truncated, not rounded": not exact and meets(low, high, value, value + 2 * half - 1e-12),
        "computed from rounded figures": not exact and _near(value, around.from_rounded, half),
        "last digit": not exact and 0 < _distance(value, low, high) <= 2 * half + 1e-9,
        "digits transposed": _any(_transposed(value, decimals), low, high, half),
        "copied from the row above": _near(value, around.above, 0)
        and _distance(value, low, high) > 0,
        "copied from the row below": _near(value, around.below, 0)
        and _distance(value, low, high) > 0,
        "copied from another year": any(_near(value, one, 0) for one in around.other_years),
        **{
            whose: _other_denominator(value, around.numerator, maxima, half)
            for whose, maxima in around.denominators.items()
        },
        "decimal point moved": _any(
            (value * 10, value / 10, value * 100, value / 100), low, high, half
        ),
        "one digit wrong": _any(_one_digit(value, decimals), low, high, half),
        "one more or fewer": decimals == 0 and _distance(value, low, high) <= 1 + 1e-9,
        "digit left out or added": _any(_shorter_or_longer(value, decimals), low, high, half),
    }
    return next((name for name, holds in tests.items() if holds), "")


def slip_weight(value: float, decimals: int, low: float, high: float) -> float:
    """Say how far a typing slip would speak for this figure being the wrong one."""
    half = 0.5 * 10.0**-decimals
    if not (np.isfinite(low) and np.isfinite(high)) or high - low > 20 * half + 1:
        return 0.0
    if _any(_transposed(value, decimals), low, high, half):
        return 0.5
    return 0.25 if _any(_one_digit(value, decimals), low, high, half) else 0.0


def _distance(value: float, low: float, high: float) -> float:
    """Give how far a number lies outside an interval."""
    return max(low - value, value - high, 0.0)


def _near(value: float, other: float, half: float) -> bool:
    """Say whether a number prints as this one."""
    return bool(np.isfinite(other)) and abs(value - other) <= half + 1e-9


def _any(made: Iterator[float] | Sequence[float], low: float, high: float, half: float) -> bool:
    """Say whether one of these numbers, as printed, could stand for what lies in the interval."""
    return any(meets(one - half, one + half, low, high) for one in made)


def _digits(value: float, decimals: int) -> str:
    """Write a number's digits, without sign or mark."""
    return f"{abs(value):.{decimals}f}".replace(".", "")


def _number(digits: str, decimals: int) -> float:
    """Read digits back as a number."""
    return float(digits or "0") * 10.0**-decimals


def _transposed(value: float, decimals: int) -> Iterator[float]:
    """Change two neighbouring digits about."""
    digits = _digits(value, decimals)
    for at, (one, two) in enumerate(pairwise(digits)):
        if one != two:
            yield _number(digits[:at] + two + one + digits[at + 2 :], decimals)


def _one_digit(value: float, decimals: int) -> Iterator[float]:
    """Change one digit."""
    digits = _digits(value, decimals)
    for at, digit in enumerate(digits):
        for other in "0123456789":
            if other != digit:
                yield _number(digits[:at] + other + digits[at + 1 :], decimals)


def _shorter_or_longer(value: float, decimals: int) -> Iterator[float]:
    """Leave out one digit, or put one in, the mark staying in its place."""
    digits = _digits(value, decimals)
    for at in range(len(digits)):
        yield _number(digits[:at] + digits[at + 1 :], decimals)
    for at in range(len(digits) + 1):
        for digit in "0123456789":
            yield _number(digits[:at] + digit + digits[at:], decimals)


def _other_denominator(
    value: float, numerator: float, maxima: Sequence[float], half: float
) -> bool:
    """Say whether the numerator over one of these maxima prints as this rate."""
    return any(_near(value, 100 * numerator / one, half) for one in maxima if one)
