"""Which sums so many answers can have: the arithmetic of a granularity test, in whole numbers.

Answers are put in blocks. Every answer of a block earns one of the same ``steps`` (whole numbers
from 0), and a figure is a weighted sum of the blocks' totals. A total T can be made by N answers
just when the fewest answers above the lowest level that make T are no more than N.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Steps = tuple[int, ...]
#: Combinations of totals that are all tried; beyond, one period of each block's remainders.
ALL_TRIED = 2_000_000
#: Combinations that are tried at all.
MOST_TRIED = 2_000_000
#: Stands for "cannot be made by any number of answers".
NEVER = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, slots=True)
class Block:
    """Answers that weigh alike.

    Parameters
    ----------
    answers : int
        How many there are.
    weight : Fraction
        What one step of one answer adds to the figure.
    """

    answers: int
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Attained:
    """A figure that answers can give, and the total of each block that gives it."""

    value: Fraction
    totals: tuple[int, ...]


@cache
def fewest_table(steps: Steps) -> Ints:
    """Fewest answers that make each total below the square of the highest step.

    From there on the highest step is always used once more: among as many smaller steps as the
    highest is high, some add up to a multiple of it and could be exchanged for fewer.

    Examples
    --------
    >>> fewest_table((0, 1, 3)).tolist()
    [0, 1, 2, 1, 2, 3, 2, 3, 4]
    """
    top = steps[-1]
    fewest = [0]
    for total in range(1, top * top):
        ways = [fewest[total - step] for step in steps[1:] if step <= total]
        fewest.append(min(ways, default=NEVER) + 1)
    return np.minimum(np.array(fewest, dtype=np.int64), NEVER)


def makeable(totals: Ints, answers: int, steps: Steps) -> npt.NDArray[np.bool_]:
    """Whether each total is the sum of so many answers.

    Examples
    --------
    >>> makeable(np.arange(10), 3, (0, 1, 3)).astype(int).tolist()
    [1, 1, 1, 1, 1, 1, 1, 1, 0, 1]
    """
    table, top = fewest_table(steps), steps[-1]
    more = np.maximum(0, (totals - len(table)) // top + 1)
    inside = np.clip(totals - more * top, 0, None)
    return np.asarray((totals >= 0) & (table[inside] + more <= answers))


def spelled(total: int, answers: int, steps: Steps) -> list[int]:
    """Count how many answers of each step make a total, with as few above the lowest as can be.

    Examples
    --------
    >>> spelled(11, 5, (0, 1, 2, 3, 4))
    [2, 0, 0, 1, 2]
    """
    table, top = fewest_table(steps), steps[-1]
    counts = [0] * len(steps)
    counts[-1] = max(0, (total - len(table)) // top + 1)
    rest = total - counts[-1] * top
    while rest > 0:
        used = next(
            k for k, step in enumerate(steps)
            if 0 < step <= rest and table[rest - step] == table[rest] - 1
        )  # fmt: skip
        counts[used] += 1
        rest -= steps[used]
    counts[0] = answers - sum(counts)
    return counts


def neighbours(
    blocks: Sequence[Block], steps: Steps, target: Fraction
) -> tuple[Attained | None, Attained | None]:
    r"""Find the attainable figures next to a target: the last up to it, the first from it.

    Parameters
    ----------
    blocks : sequence of Block
        The answers; at least one block.
    steps : tuple of int
        What an answer can earn: rising whole numbers from 0, without a common divisor.
    target : Fraction
        The figure, less what every answer earns at the lowest level.

    Returns
    -------
    (Attained or None, Attained or None)
        None where every attainable figure lies on the other side.

    Raises
    ------
    OverflowError
        Where even the combinations that suffice are too many to try.

    Notes
    -----
    The block of most answers takes up what the others leave. Its weight *w* repeats the
    remainders that block *c* leaves after :math:`w / \gcd(w, w_c)` totals, so where all
    combinations are too many, that many totals on both sides of the block's share suffice.

    Examples
    --------
    >>> first, last = neighbours([Block(29 * 22, Fraction(100, 2552))], (0, 1, 2, 3, 4),
    ...                          Fraction("90.65"))
    >>> first.totals, last.totals, round(float(first.value), 3), round(float(last.value), 3)
    ((2313,), (2314,), 90.635, 90.674)
    """
    unit = Fraction(1, math.lcm(*(block.weight.denominator for block in blocks)))
    weights = [int(block.weight / unit) for block in blocks]
    main = max(range(len(blocks)), key=lambda k: blocks[k].answers)
    ranges = _others(blocks, weights, main, steps, target)
    left = np.zeros(1, dtype=np.int64)
    for totals, weight in zip(ranges, weights, strict=True):
        left = np.add.outer(left, totals * weight).ravel()
    shape = tuple(len(totals) for totals in ranges)
    found = []
    for side in (-1, 1):
        bound = math.floor(target / unit) if side < 0 else math.ceil(target / unit)
        own, reached = _filled(bound - left, weights[main], side, blocks[main].answers, steps)
        value = left + own * weights[main]
        best = int(np.argmin(np.where(reached, np.abs(value - bound), NEVER)))
        places = np.unravel_index(best, shape)
        made = [int(tried[place]) for tried, place in zip(ranges, places, strict=True)]
        made[main] = int(own[best])
        found.append(Attained(int(value[best]) * unit, tuple(made)) if reached[best] else None)
    return found[0], found[1]


def _others(
    blocks: Sequence[Block], weights: Sequence[int], main: int, steps: Steps, target: Fraction
) -> list[Ints]:
    """Totals to try in each block; of the main block 0, which is filled in later."""
    every = [block.answers * steps[-1] for block in blocks]
    whole = sum(size * block.weight for size, block in zip(every, blocks, strict=True))
    share = min(max(target / whole, Fraction(0)), Fraction(1))
    periods = [weights[main] // math.gcd(weights[main], weight) for weight in weights]
    many = math.prod(size + 1 for k, size in enumerate(every) if k != main)
    fewer = [min(2 * period, size) + 1 for period, size in zip(periods, every, strict=True)]
    fewer[main] = 1
    largest = sum(size * weight for size, weight in zip(every, weights, strict=True))
    if min(many, math.prod(fewer)) > MOST_TRIED or largest > NEVER:
        raise OverflowError("too many combinations of totals")
    ranges = []
    for k, (size, period) in enumerate(zip(every, periods, strict=True)):
        centre = math.floor(share * size)
        low, high = (0, size) if many <= ALL_TRIED else (centre - period, centre + period)
        totals = np.arange(max(low, 0), min(high, size) + 1, dtype=np.int64)
        ranges.append(totals[makeable(totals, blocks[k].answers, steps)])
    ranges[main] = np.zeros(1, dtype=np.int64)
    return ranges


def _filled(
    rest: Ints, weight: int, side: int, answers: int, steps: Steps
) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Totals of the main block that bring each rest nearest to 0 from one side, if there are."""
    most = answers * steps[-1]
    rounded = rest // weight if side < 0 else -(-rest // weight)
    own = np.clip(rounded, -1, most) if side < 0 else np.clip(rounded, 0, most + 1)
    while True:
        inside = (own >= 0) & (own <= most)
        wrong = inside & ~makeable(own, answers, steps)
        if not wrong.any():
            return own, inside
        own = np.where(wrong, own + side, own)
