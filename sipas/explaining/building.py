"""From an index down: each step made of those beneath, and checked against the number computed.

The value of a step is the one computed by the library; where the formula of its parts, down to
the counts of answers, does not give it, nothing is explained and an error says so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sipas.composites import Level
from sipas.explaining.computed import Computed
from sipas.explaining.formulas import Formula, Term
from sipas.explaining.steps import Precision, Step, precisions
from sipas.explaining.tabulation import Tabulation
from sipas.labelling import label
from sipas.sentences import Text
from survey.errors import SurveyError
from survey.scores import Floats

#: How far the arithmetic of a formula may be from the number computed.
CLOSE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """What steps are made from: numbers computed, answers counted, errors of codes and groups."""

    made: Computed
    counted: Tabulation
    errors: list[Precision]
    group_errors: list[Precision]


def sources(made: Computed, counted: Tabulation, level: float) -> Sources:
    """Bring numbers and counts together."""
    by_group = [] if made.groups is None else precisions(made.groups, level)
    return Sources(made, counted, precisions(made.estimates, level), by_group)


def step_of(src: Sources, code: str, weight: float = math.nan) -> Step:
    """Explain one code, down to the answers."""
    made = src.made
    place = made.scheme.codes.index(code)
    level = made.scheme.levels[place]
    value = float(made.estimates.point[place])
    if level == "statement":
        formula, steps = _statement(src, made.scheme.items.index(code))
    else:
        formula, steps = _composed(src, code, level)
    items = made.scheme.matrix[place] != 0
    return _checked(
        Step(
            code=code,
            level=level,
            label=_both(made, code),
            value=value,
            weight=weight,
            formula=formula,
            counts=_counts(src, items, slice(None)),
            precision=src.errors[place],
            points=_points(made, place, value),
            steps=steps,
        )
    )


def _composed(src: Sources, code: str, level: Level) -> tuple[Formula, tuple[Step, ...]]:
    """Make an index of the level beneath, with the weights of the scheme."""
    scheme = src.made.scheme
    own = scheme.row(code)
    parts = [
        part
        for part, part_level in zip(scheme.codes, scheme.levels, strict=True)
        if part_level == src.made.below[level] and _within(scheme.row(part), own)
    ]
    weights = [float(own[scheme.row(part) != 0].sum()) for part in parts]
    steps = tuple(step_of(src, part, w) for part, w in zip(parts, weights, strict=True))
    count = len(steps)
    if src.made.maxima is not None:
        maximum = dict(zip(scheme.codes, src.made.maxima.tolist(), strict=True))
        points = [Term(s.code, s.value, maximum[s.code], f"M[{s.code}]") for s in steps]
        return Formula(code, tuple(points), maximum[code], f"M[{code}]"), steps
    if level != "overall" and np.allclose(weights, 1 / count, rtol=1e-12):
        alike = tuple(Term(s.code, s.value) for s in steps)
        return Formula(code, alike, float(count), str(count) if count > 1 else ""), steps
    weighed = [Term(s.code, s.value, s.weight, f"W[{s.code}]") for s in steps]
    return Formula(code, tuple(weighed)), steps


def _statement(src: Sources, item: int) -> tuple[Formula, tuple[Step, ...]]:
    """Make a statement of its groups, or of its answers."""
    made, code = src.made, src.made.scheme.items[item]
    if not made.names:
        return _answered(src, item, 0, code)
    answered = src.counted.plain[:, :, item].any(axis=0)  # also by a group that weighs nothing
    asked = np.flatnonzero(answered | (made.shares[:, item] != 0))
    steps = tuple(_group(src, item, int(g)) for g in asked)
    terms = tuple(
        Term(f"{code}[{step.code}]", step.value, step.weight, f"W[{step.code}]") for step in steps
    )
    return Formula(code, terms), steps


def _group(src: Sources, item: int, group: int) -> Step:
    """Explain the rate of one group in one statement."""
    made, code = src.made, src.made.scheme.items[item]
    assert made.groups is not None
    place = made.scheme.codes.index(code) * len(made.names) + group
    name = made.names[group]
    formula, steps = _answered(src, item, group, f"{code}[{name}]")
    only = np.arange(len(made.scheme.items)) == item
    return _checked(
        Step(
            code=name,
            level="group",
            label=made.labels[group],
            value=float(made.groups.point[place]),
            weight=float(made.shares[group, item]),
            formula=formula,
            counts=_counts(src, only, slice(group, group + 1)),
            precision=src.group_errors[place],
            points=None,
            steps=steps,
        )
    )


def _answered(src: Sources, item: int, group: int, left: str) -> tuple[Formula, tuple[Step, ...]]:
    """Make a rate of the counts of its answers; equal weights leave plain counts."""
    counted, scores = src.counted, src.made.scores[:, item]
    even = counted.even[group]
    letter, table = ("n", counted.plain) if even else ("w", counted.weighted)
    used = table[:, group, item]
    whole = float(used.sum())
    percent = bool(np.isin(scores, (0.0, 100.0)).all())
    factor = 100.0 if percent else 1.0
    terms = tuple(
        Term(f"{letter}{level}", float(amount), float(score) / factor)
        for level, amount, score in zip(_levels(src), used, scores, strict=True)
        if score != 0
    )
    answers = tuple(_answer(src, item, group, k, letter, whole) for k in range(len(used)))
    return Formula(left, terms, whole, letter, factor, counts=even), answers


def _answer(src: Sources, item: int, group: int, k: int, letter: str, whole: float) -> Step:
    """Give the share of one answer."""
    plain, weighted = (
        float(table[k, group, item]) for table in (src.counted.plain, src.counted.weighted)
    )
    scale, level = src.made.answers.instrument.scale, str(_levels(src)[k])
    term = Term(f"{letter}{level}", plain if letter == "n" else weighted)
    formula = Formula(f"p{level}", (term,), whole, letter, 100.0, counts=letter == "n")
    return Step(
        code=level,
        level="answer",
        label=Text(scale.labels["vi"][k], scale.labels["en"][k]),
        value=formula.value,
        weight=float(src.made.scores[k, item]) / 100.0,
        formula=formula,
        counts={"n": plain, "weighted": weighted},
        precision=None,
        points=None,
        steps=(),
    )


def _levels(src: Sources) -> tuple[int, ...]:
    """Answers that the scale allows."""
    return src.made.answers.instrument.scale.levels


def _counts(src: Sources, items: Floats, groups: slice) -> dict[str, float]:
    """Add up counts over statements and groups."""
    counted = src.counted

    def added(table: Floats) -> float:
        return float(table[..., groups, :][..., items].sum())

    satisfied = counted.plain * src.made.satisfied[:, None, :]
    return {
        "asked": added(counted.asked),
        "answered": added(counted.plain),
        "set_aside": added(counted.set_aside),
        **{reason: added(table) for reason, table in counted.without.items()},
        "satisfied": added(satisfied),
    }


def _points(made: Computed, place: int, rate: float) -> Formula | None:
    """Turn a rate of the leader survey into points."""
    if made.maxima is None:
        return None
    code = made.scheme.codes[place]
    term = Term(code, rate, float(made.maxima[place]), f"M[{code}]")
    formula = Formula(f"P[{code}]", (term,), 100.0, "100")
    if made.points is not None:
        _same(f"points of {code}", formula.value, float(made.points[place]))
    return formula


def _checked(step: Step) -> Step:
    """Let a step pass whose formula gives the number computed."""
    _same(step.formula.left, step.formula.value, step.value)
    return step


def _same(what: str, arithmetic: float, value: float) -> None:
    """Refuse to explain a number by arithmetic that does not give it."""
    if math.isnan(arithmetic) and math.isnan(value):
        return
    if not abs(arithmetic - value) <= CLOSE:
        raise SurveyError(
            f"explain: {what} was computed as {value!r}, but its parts give {arithmetic!r}.",
            mend="This is a fault of the library, or the answers were changed after the index "
            "was computed: compute it again, and report it if it stays.",
        )


def _within(part: Floats, whole: Floats) -> bool:
    """Whether all statements of one index belong to another."""
    return bool((whole[part != 0] != 0).all())


def _both(made: Computed, code: str) -> Text:
    """Name a code in both languages."""
    instrument = made.answers.instrument
    return Text(label(instrument, code, "vi"), label(instrument, code, "en"))
