"""Reads what is asked of a printed figure, and asks it of every rule."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import get_args

import numpy as np

from sipas.attainability.results import Attainability, Unit
from sipas.attainability.rules import Kind, Question, explanations
from sipas.printed_decimals import Figure, Rounding, as_decimal, decimals_of, rounding_interval
from survey.errors import SurveyError, require_option

#: Totals that are listed for answers that weigh alike.
_MOST_TOTALS = 50_000_000


def attainable(
    printed: Figure,
    *,
    n: int | Sequence[int],
    items: int = 1,
    levels: int = 5,
    unit: Unit = "percent",
    decimals: int | None = None,
    max_points: Sequence[float] | None = None,
    scores: Sequence[float] | None = None,
    rounding: Rounding = "half_up",
    blanks: int = 20,
) -> Attainability:
    r"""Ask whether a printed figure can arise from so many answers on a scale.

    Parameters
    ----------
    printed : float or str
        The figure, such as ``90.65`` or ``"90,65"``.
    n : int or sequence of int
        Forms; or answers to each item, when they are known.
    items : int
        Items that the figure is a mean of.
    levels : int
        Levels of the scale.
    unit : {"percent", "satisfied", "points", "mean"}
        Per cent of the maximum; per cent who are satisfied (answers count 0 or 1; ``levels`` is of
        no account); points; or the mean of levels numbered from 1.
    decimals : int, optional
        Decimals it is printed with; as written by default, which takes 73.50 given as a number
        for 73.5.
    max_points : sequence of float, optional
        Maximum points of each item, by which its mean is weighted; 1 each by default. For a mean
        of dimensions give each statement its weight.
    scores : sequence of float, optional
        Share of the maximum that each level earns, lowest level first; equally spaced from 0 to 1
        by default. How the levels of the leader survey are scored is printed nowhere.
    rounding : {"half_up", "truncation"}
        How the figure was shortened.
    blanks : int
        The most blanks, and forms lacking, that are tried.

    Returns
    -------
    Attainability
        ``possible`` (from complete answers), ``below`` and ``above``, ``blanks``, ``table()`` of
        all explanations and ``counts()`` that lead to the figure.

    Raises
    ------
    SurveyError
        For no forms or items, scores that do not rise, maxima that are not positive, or more
        combinations than can be tried.

    Notes
    -----
    With :math:`T_j` the sum of answers' scores, in units of the smallest step, of item *j*, *q*
    the highest and :math:`n_j` the answers to it, the figure is

    .. math:: 100 \sum_j \frac{M_j}{\sum_k M_k} \frac{T_j}{q\,n_j},

    and it is attainable if whole :math:`T_j` that :math:`n_j` answers can make bring it into the
    interval that rounds to the printed one. All are tried, in exact fractions; with blanks every
    way to spread them over the items. A figure that is attainable need not be right: with many
    answers every decimal is. After Brown & Heathers (2017), *Social Psychological and Personality
    Science* 8 (4), 363–369.

    Examples
    --------
    District leaders of Huế 2022: 29 forms, 22 items.

    >>> attainable(90.65, n=29, items=22, levels=5, unit="percent", decimals=2)
    90.65 % of the maximum: 29 forms × 22 items, 5 levels
    ...
    Complete answers cannot give this figure; the nearest are 90.6348 and 90.6740.
    Fewest blank answers that make it possible: 1.
    ...
    >>> attainable("79,56", n=486, unit="satisfied").possible
    False
    """
    require_option(unit, get_args(Unit), where="unit")
    items, levels, blanks = (
        _whole(count, where)
        for count, where in ((items, "items"), (levels, "levels"), (blanks, "blanks"))
    )
    value = as_decimal(printed)
    earned = _scores(scores, levels, unit)
    forms, maxima = _forms(n, items), _maxima(max_points, items)
    whole = sum(maxima, Fraction(0))
    factor = {"points": Fraction(1), "mean": 1 / whole}.get(unit, 100 / whole)
    spread = factor * (earned[-1] - earned[0])
    kinds = Counter(zip([spread * most for most in maxima], forms, strict=True))
    question = Question(
        value,
        decimals_of(value) if decimals is None else decimals,
        rounding,
        tuple(Kind(span, answers, count) for (span, answers), count in kinds.items()),
        factor * whole * earned[0],
        _steps(earned),
    )
    rounding_interval(question.printed, question.decimals, rounding)
    _refuse_too_many(sum(forms) * question.steps[-1])
    try:
        return Attainability(question, explanations(question, blanks), unit, earned)
    except OverflowError:
        raise SurveyError(
            f"attainable: {items} items with different maxima or answers have more totals than "
            "can be tried.",
            mend="Ask for fewer items, or for equal maxima: so many answers give every figure.",
        ) from None


def _scores(given: Sequence[float] | None, levels: int, unit: Unit) -> tuple[Fraction, ...]:
    """Read what each level earns, lowest first."""
    if levels < 2:
        raise SurveyError(f"levels: got {levels}.", mend="A scale has 2 levels or more.")
    if given is None:
        equal = tuple(Fraction(level, levels - 1) for level in range(levels))
        numbered = tuple(Fraction(level) for level in range(1, levels + 1))
        return {"satisfied": (equal[0], equal[-1]), "mean": numbered}.get(unit, equal)
    if unit in ("satisfied", "mean"):
        raise SurveyError(
            f"scores: they have no meaning for unit={unit!r}.", mend="Leave them out."
        )
    made = tuple(Fraction(as_decimal(score)) for score in given)
    if len(made) != levels or list(made) != sorted(made) or made[0] == made[-1]:
        raise SurveyError(
            f"scores: got {list(given)} for {levels} levels.",
            mend="Give one score a level, rising from the lowest level to the highest.",
        )
    return made


def _forms(n: int | Sequence[int], items: int) -> list[int]:
    """Answers to each item."""
    if items < 1:
        raise SurveyError(f"items: got {items}.", mend="Give 1 or more.")
    given = np.atleast_1d(n)
    made = (np.repeat(given, items) if np.ndim(n) == 0 else given).tolist()
    whole = all(isinstance(count, (int, float)) and count >= 1 and not count % 1 for count in made)
    if len(made) != items or not whole:
        raise SurveyError(
            f"n: got {n!r} for {items} items.",
            mend="Give the forms, or the answers to each item: whole numbers from 1.",
        )
    return [int(count) for count in made]


def _whole(given: object, where: str) -> int:
    """Read a whole number."""
    if not isinstance(given, (int, float, np.integer)) or given % 1 or given < 0:
        raise SurveyError(f"{where}: got {given!r}.", mend="Give a whole number, 0 or more.")
    return int(given)


def _maxima(given: Sequence[float] | None, items: int) -> list[Fraction]:
    """Maximum points of each item."""
    made = [Fraction(as_decimal(most)) for most in given or [1] * items]
    if len(made) != items or min(made) <= 0:
        raise SurveyError(
            f"max_points: got {list(given or [])} for {items} items.",
            mend="Give one positive number an item.",
        )
    return made


def _refuse_too_many(totals: int) -> None:
    """Refuse more totals than fit in memory."""
    if totals > _MOST_TOTALS:
        raise SurveyError(
            f"attainable: the answers have {totals:,} totals, more than can be tried.",
            mend="There is no need to ask: so many answers give every figure.",
        )


def _steps(scores: tuple[Fraction, ...]) -> tuple[int, ...]:
    """Scores as rising whole numbers from 0 without a common divisor."""
    above = sorted({score - scores[0] for score in scores})
    whole = math.lcm(*(score.denominator for score in above))
    steps = [int(score * whole) for score in above]
    divisor = math.gcd(*steps)
    return tuple(step // divisor for step in steps)
