"""The ways a printed figure can have come about, tried in turn: complete, forms lacking, blanks.

A figure is a weighted mean of items, and an item the mean over those who answered it. Items of a
kind have the same range in the figure and as many answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from sipas.attainability.sums import Attained, Block, Steps, neighbours
from sipas.printed_decimals import Rounding, rounding_interval

#: Ways of spreading as many blanks over the items that are all tried.
SPREADS = 500
OTHER: dict[Rounding, Rounding] = {"half_up": "truncation", "truncation": "half_up"}


@dataclass(frozen=True, slots=True)
class Kind:
    """Items alike.

    Parameters
    ----------
    span : Fraction
        What one item adds to the figure between the lowest and the highest level.
    answers : int
        Answers to one item.
    items : int
        How many items.
    """

    span: Fraction
    answers: int
    items: int


Kinds = tuple[Kind, ...]
_Ways = Callable[[Kinds, int], Iterable[Kinds]]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a figure.

    Parameters
    ----------
    printed : Decimal
        The figure.
    decimals : int
        Decimals it is printed with.
    rounding : {"half_up", "truncation"}
        How it was shortened.
    kinds : tuple of Kind
        Items, answered in full.
    lowest : Fraction
        The figure when everybody answers with the lowest level.
    steps : tuple of int
        Scores of the levels as rising whole numbers from 0.
    """

    printed: Decimal
    decimals: int
    rounding: Rounding
    kinds: Kinds
    lowest: Fraction
    steps: Steps


@dataclass(frozen=True, slots=True)
class Explanation:
    """One rule, and whether the figure can have come about by it.

    Parameters
    ----------
    rule : str
        ``complete``, ``other_rounding``, ``forms``, ``items`` or ``pooled``.
    missing : int or None
        Fewest forms, or answers, that must lack; None where none up to ``tried`` will do.
    tried : int
        How many were tried.
    kinds : tuple of Kind
        Items and answers of the example.
    below, above : Attained or None
        Attainable figures next to the printed one.
    example : Attained or None
        The one that is printed so.
    """

    rule: str
    missing: int | None
    tried: int
    kinds: Kinds
    below: Attained | None
    above: Attained | None
    example: Attained | None

    @property
    def possible(self) -> bool | None:
        """Whether the figure can have come about so; None where nothing could be tried."""
        untried = self.tried == 0 and self.below is None and self.above is None
        return None if untried else self.missing is not None


def explanations(question: Question, most: int) -> tuple[Explanation, ...]:
    """Try every rule, with up to ``most`` missing forms or answers."""
    other = replace(question, rounding=OTHER[question.rounding])
    made = [
        _tried(question, "complete", question.kinds),
        _tried(other, "other_rounding", question.kinds),
        _searched(question, "forms", most, _fewer_forms),
        _searched(question, "items", most, blank_spreads),
    ]
    if len({kind.span for kind in question.kinds}) == 1:
        made.append(_searched(question, "pooled", most, _pooled))
    return tuple(made)


def blank_spreads(kinds: Kinds, blanks: int) -> Iterator[Kinds]:
    """Give every way to spread blanks over items, leaving an answer to each.

    Examples
    --------
    >>> list(blank_spreads((Kind(Fraction(1), 9, 2),), 2))[1]
    (Kind(span=Fraction(1, 1), answers=8, items=2),)
    """
    options = [
        (at, size)
        for at, kind in enumerate(kinds)
        for size in range(min(blanks, kind.answers - 1), 0, -1)
    ]

    def chosen(start: int, left: int, taken: tuple[tuple[int, int], ...]) -> Iterator[Kinds]:
        if left == 0:
            yield _with_blanks(kinds, taken)
        for place in range(start, len(options)):
            at, size = options[place]
            if size <= left and sum(kind == at for kind, _ in taken) < kinds[at].items:
                yield from chosen(place, left - size, (*taken, options[place]))

    return chosen(0, blanks, ())


def _with_blanks(kinds: Kinds, taken: Sequence[tuple[int, int]]) -> Kinds:
    """Take the items with blanks out of their kinds, as kinds of their own."""
    whole = [
        replace(kind, items=kind.items - sum(at == k for at, _ in taken))
        for k, kind in enumerate(kinds)
    ]
    lacking = [
        replace(kinds[at], answers=kinds[at].answers - size, items=list(taken).count((at, size)))
        for at, size in dict.fromkeys(taken)
    ]
    return tuple(kind for kind in (*whole, *lacking) if kind.items)


def _fewer_forms(kinds: Kinds, missing: int) -> Iterable[Kinds]:
    """Every item answered by fewer people."""
    if missing < min(kind.answers for kind in kinds):
        yield tuple(replace(kind, answers=kind.answers - missing) for kind in kinds)


def _pooled(kinds: Kinds, blanks: int) -> Iterable[Kinds]:
    """All answers to all items as answers to one."""
    span = sum((kind.span * kind.items for kind in kinds), Fraction(0))
    answers = sum(kind.answers * kind.items for kind in kinds) - blanks
    if answers > 0:
        yield (Kind(span, answers, 1),)


def _searched(question: Question, rule: str, most: int, ways: _Ways) -> Explanation:
    """Look for the fewest missing that make the figure possible."""
    tried = 0
    for missing in range(1, most + 1):
        spreads = list(islice(ways(question.kinds, missing), SPREADS + 1))
        if not 0 < len(spreads) <= SPREADS:
            break
        try:
            for kinds in spreads:
                made = _tried(question, rule, kinds, missing)
                if made.missing is not None:
                    return made
        except OverflowError:
            break
        tried = missing
    return Explanation(rule, None, tried, question.kinds, None, None, None)


def _tried(question: Question, rule: str, kinds: Kinds, missing: int = 0) -> Explanation:
    """Look for the figure among what these answers can give."""
    blocks = [
        Block(kind.answers * kind.items, kind.span / (question.steps[-1] * kind.answers))
        for kind in kinds
    ]
    sides = neighbours(blocks, question.steps, Fraction(question.printed) - question.lowest)
    below, above = (
        None if side is None else replace(side, value=side.value + question.lowest)
        for side in sides
    )
    low, high = rounding_interval(question.printed, question.decimals, question.rounding)
    hits = [side for side in (below, above) if side is not None and low <= side.value < high]
    found = hits[0] if hits else None
    return Explanation(rule, missing if hits else None, missing, kinds, below, above, found)
