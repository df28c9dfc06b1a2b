"""Which figure is wrong: the one whose repair mends most and breaks least.

A relation that fails says only that one of its figures is wrong. A figure that stands in other
relations, all sound, is not the one; a figure whose repair would mend two relations is. A repair
is made in thought, and the search goes on until nothing fails.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sipas.auditing.interval_arithmetic import compiled, implied, meets
from sipas.auditing.printed_numbers import Floats
from sipas.auditing.relations import Relation

#: What counts for a figure: a relation mended, one broken, being the derived figure.
_MENDED, _BROKEN, _DERIVED = 2.0, 1.0, 1.25
#: … and missing by no more than a unit of its last place, where nothing else speaks.
_NEAR_MISS = 2.5
#: How far behind the best a figure is still a suspect.
_SUSPECT = 1.5
_Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Blamed:
    """A figure held to be wrong, where it should lie, and which others might be instead."""

    cell: int
    low: float
    high: float
    relation: int
    sure: bool
    suspects: tuple[int, ...]


@dataclass(slots=True, eq=False)
class Search:
    """The state of the search: the intervals as repaired so far, and what was found."""

    relations: Sequence[Relation]
    low: Floats
    high: Floats
    least: Floats
    slip_weight: Callable[[int, float, float], float]
    blamed: list[Blamed] = field(default_factory=list)
    repaired: set[int] = field(default_factory=set)
    undecided: list[int] = field(default_factory=list)
    set_aside: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A figure, the interval that would mend what it can, and how good that is."""

    cell: int
    bounds: _Bounds
    mended: tuple[int, ...]
    derived: bool
    score: float


def failing(
    relations: Sequence[Relation],
    pairs: Sequence[tuple[Floats, Floats]],
    low: Floats,
    high: Floats,
) -> list[int]:
    """List the relations whose derived figure lies outside what the others imply."""
    failed = []
    for at, (one, (lows, highs)) in enumerate(zip(relations, pairs, strict=True)):
        cell, left = one.members[one.left], one.left
        if len(lows) and not meets(low[cell], high[cell], lows[left], highs[left]):
            failed.append(at)
    return failed


def search(
    relations: Sequence[Relation],
    low: Floats,
    high: Floats,
    least: Floats,
    slip_weight: Callable[[int, float, float], float],
) -> Search:
    """Find the wrong figures one by one, the clearest first.

    Parameters
    ----------
    relations : sequence of Relation
        What should hold.
    low, high, least : array of float, shape (figures,)
        The interval of each figure as printed, and the least it could be repaired to.
    slip_weight : callable
        How far a typing slip would speak for a figure that should lie in an interval.
    """
    state = Search(relations, low.copy(), high.copy(), least, slip_weight)
    arrays = compiled(relations)
    holding = _holding(relations)
    closed: set[int] = set()
    while True:
        pairs = implied(arrays, relations, state.low, state.high)
        failed = [
            at for at in failing(relations, pairs, state.low, state.high) if at not in closed
        ]
        explained = [at for at in failed if _explained(state, at, pairs)]
        state.set_aside += explained
        closed.update(explained)
        open_ = [at for at in failed if at not in closed]
        if not open_:
            return state
        closed.update(_step(state, open_, pairs, holding))


def _explained(state: Search, at: int, pairs: Sequence[tuple[Floats, Floats]]) -> bool:
    """Say whether the identity itself declares what this disagreement is."""
    one = state.relations[at]
    more = state.low[one.members[one.left]] > pairs[at][1][one.left]
    return bool(one.otherwise) or bool(one.excess and more)


def _step(
    state: Search,
    failed: Sequence[int],
    pairs: Sequence[tuple[Floats, Floats]],
    holding: dict[int, list[int]],
) -> list[int]:
    """Blame one figure, or set aside a relation that cannot be decided; give what is closed."""
    candidates = _with_near_misses(state, failed, _candidates(state, failed, pairs, holding))
    if not candidates:
        return list(failed)
    best = max(candidates, key=lambda one: one.score)
    rivals = [
        one for one in candidates if one.cell != best.cell and set(one.mended) & set(best.mended)
    ]
    equals = [one for one in rivals if one.score >= best.score - 1e-9]
    if equals and all(state.relations[at].symmetric for at in best.mended):
        state.undecided += best.mended
        return list(best.mended)
    named = _derived_instead(state, best, candidates) if equals else best
    near = [one.cell for one in (best, *rivals) if one.score >= best.score - _SUSPECT]
    suspects = tuple(cell for cell in near if cell != named.cell)
    relation = _reported(state, named)
    state.blamed.append(Blamed(named.cell, *named.bounds, relation, not suspects, suspects))
    state.repaired.add(best.cell)
    state.low[best.cell], state.high[best.cell] = best.bounds
    return []


def _with_near_misses(
    state: Search, failed: Sequence[int], candidates: Sequence[_Candidate]
) -> list[_Candidate]:
    """Favour a derived figure that misses by a unit of its last place.

    Only where no other identity fails among its parts: then a part would be the one.
    """
    made = []
    for one in candidates:
        members = {cell for at in one.mended for cell in state.relations[at].members}
        around = [at for at in failed if members & set(state.relations[at].members)]
        alike = {
            state.relations[at].identity for at in around if not state.relations[at].symmetric
        }
        width = state.high[one.cell] - state.low[one.cell]
        miss = max(one.bounds[0] - state.high[one.cell], state.low[one.cell] - one.bounds[1])
        near = one.derived and len(alike) == 1 and miss <= width
        made.append(replace(one, score=one.score + _NEAR_MISS) if near else one)
    return made


def _derived_instead(
    state: Search, best: _Candidate, candidates: Sequence[_Candidate]
) -> _Candidate:
    """Among parts that could each be wrong nothing speaks for one: name the whole.

    One part is repaired in thought all the same, so that what follows from it is not blamed.
    """
    if best.derived:
        return best
    one = state.relations[best.mended[0]]
    whole = one.members[one.left]
    return next((each for each in candidates if each.cell == whole), best)


def _reported(state: Search, best: _Candidate) -> int:
    """Choose the relation a finding speaks of: one in which the figure is the derived one."""
    for at in best.mended:
        one = state.relations[at]
        if one.members[one.left] == best.cell and not one.symmetric:
            return at
    return best.mended[0]


def _holding(relations: Sequence[Relation]) -> dict[int, list[int]]:
    """List for each figure the relations that hold it."""
    holding: dict[int, list[int]] = defaultdict(list)
    for at, one in enumerate(relations):
        if one.arithmetic:
            for cell in one.members:
                holding[cell].append(at)
    return holding


def _candidates(
    state: Search,
    failed: Sequence[int],
    pairs: Sequence[tuple[Floats, Floats]],
    holding: dict[int, list[int]],
) -> list[_Candidate]:
    """Try to repair each figure of the failing relations."""
    bad = set(failed)
    done = state.repaired | {one.cell for one in state.blamed}
    cells = dict.fromkeys(cell for at in failed for cell in state.relations[at].members)
    tried = (
        _tried(state, cell, bad, pairs, holding[cell])
        for cell in cells
        if cell not in done and np.isfinite(state.low[cell])
    )
    return [one for one in tried if one is not None]


def _tried(
    state: Search,
    cell: int,
    bad: set[int],
    pairs: Sequence[tuple[Floats, Floats]],
    held: Sequence[int],
) -> _Candidate | None:
    """Repair one figure in thought: what is mended, what is broken."""
    bounds: _Bounds = (float(state.least[cell]), np.inf)
    mended = []
    for at in sorted(
        (at for at in held if at in bad), key=lambda at: _width(state, at, cell, pairs)
    ):
        low, high = _bounds(state.relations[at], cell, pairs[at])
        if meets(*bounds, low, high):
            bounds = (max(bounds[0], low), max(min(bounds[1], high), max(bounds[0], low)))
            mended.append(at)
    if not mended:
        return None
    broken = sum(
        at not in bad and not meets(*bounds, *_bounds(state.relations[at], cell, pairs[at]))
        for at in held
    )
    derived = any(_is_derived(state.relations[at], cell) for at in mended)
    score = _MENDED * len(mended) - _BROKEN * broken + _DERIVED * derived
    score += state.slip_weight(cell, *bounds)
    return _Candidate(cell, bounds, tuple(mended), derived, score)


def _is_derived(relation: Relation, cell: int) -> bool:
    """Say whether a figure is the derived one of a relation."""
    return relation.members[relation.left] == cell and not relation.symmetric


def _bounds(relation: Relation, cell: int, pair: tuple[Floats, Floats]) -> _Bounds:
    """Give what a relation implies for one of its figures."""
    at = relation.members.index(cell)
    return float(pair[0][at]), float(pair[1][at])


def _width(state: Search, at: int, cell: int, pairs: Sequence[tuple[Floats, Floats]]) -> float:
    """Give the width of what a relation implies, the narrowest speaking first."""
    low, high = _bounds(state.relations[at], cell, pairs[at])
    return high - low
