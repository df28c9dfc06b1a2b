"""What is known more exactly than it is printed, carried up to what is derived from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sipas.auditing.interval_arithmetic import compiled, implied, meets
from sipas.auditing.printed_numbers import Floats
from sipas.auditing.relations import Relation

#: Levels of derivation that are followed: item, domain, part, total, change, with room.
_ROUNDS = 12
#: For a figure, the relation it does not satisfy and the interval that this implies.
Outside = dict[int, tuple[int, float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Tightened:
    """The intervals of all figures, tightened, and the derived figures that lie outside them."""

    low: Floats
    high: Floats
    outside: Outside


def tightened(relations: Sequence[Relation], low: Floats, high: Floats) -> Tightened:
    """Carry what is known more exactly up to what is derived from it.

    A total of items printed with four decimals is known to four decimals, however it is
    printed itself; a rate of it must then agree with that.
    """
    made = Tightened(low.copy(), high.copy(), {})
    arrays = compiled(relations)
    for _ in range(_ROUNDS):
        pairs = implied(arrays, relations, made.low, made.high)
        before = made.low.copy(), made.high.copy()
        for at, one in enumerate(relations):
            ends = range(2) if one.symmetric else (one.left,)
            for end in ends if one.arithmetic else ():
                _narrow(made, one, at, end, (float(pairs[at][0][end]), float(pairs[at][1][end])))
        if np.array_equal(before[0], made.low) and np.array_equal(before[1], made.high):
            break
    return made


def _narrow(
    made: Tightened, relation: Relation, at: int, end: int, ends: tuple[float, float]
) -> None:
    """Narrow one figure to what a relation implies, or note that it lies outside."""
    cell = relation.members[end]
    low, high = made.low, made.high
    if meets(low[cell], high[cell], *ends):
        low[cell] = max(low[cell], ends[0])
        high[cell] = max(low[cell], min(high[cell], ends[1]))
    elif not relation.symmetric and cell not in made.outside:
        made.outside[cell] = (at, *ends)
        low[cell], high[cell] = ends
