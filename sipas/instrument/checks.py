"""What must hold between the parts of a questionnaire before an answer is read with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from sipas.instrument.parts import (
    COLUMN_ROLES,
    ITEM_ROLES,
    KINDS,
    NO_ANSWERS,
    STATUSES,
    Fields,
    Item,
    Scale,
)
from survey.errors import SurveyError, did_you_mean, first_five


def check(fields: Fields) -> None:
    """Raise one error with everything that is wrong in an instrument.

    Raises
    ------
    SurveyError
        Listing every fault: codes used twice, unknown dimensions, a scale of uneven length, ...
    """
    faults = [*_words(fields), *_codes(fields), *_items(fields), *_scale(fields), *_sheet(fields)]
    if faults:
        listed = "".join(f"\n  - {fault}" for fault in faults)
        raise SurveyError(
            f"Instrument {fields.id!r} has {len(faults)} fault(s):{listed}",
            mend="\nCorrect the instrument file.",
        )


def _word(value: str | None, allowed: Iterable[str], where: str) -> Iterator[str]:
    """Complain when a word is not one of those allowed."""
    known = tuple(allowed)
    if value not in known:
        yield f"{where}: {value!r} is unknown. {did_you_mean(value, known)}"


def _words(fields: Fields) -> Iterator[str]:
    """Kind, status and meanings of codes are words of a fixed list."""
    yield from _word(fields.kind, KINDS, "kind")
    yield from _word(fields.provenance.status, STATUSES, "provenance.status")
    for code, meaning in fields.missing.items():
        yield from _word(meaning, NO_ANSWERS, f"missing.{code}")
    for role in fields.columns:
        yield from _word(role, COLUMN_ROLES, "columns: role")


def _codes(fields: Fields) -> Iterator[str]:
    """Check that a code names one thing only, because `label` is asked by code."""
    codes = [
        *(item.code for item in fields.items),
        *(dimension.code for dimension in fields.dimensions),
        *(aspect.code for aspect in fields.aspects),
        *(group.code for group in fields.groups),
    ]
    twice = [code for code, times in Counter(codes).items() if times > 1]
    if twice:
        yield f"codes used more than once: {first_five(twice)}."
    clash = [item.code for item in fields.items if item.code in COLUMN_ROLES]
    if clash:
        yield f"items named as a column role: {first_five(clash)}; give them other codes."


def _items(fields: Fields) -> Iterator[str]:
    """Items point to dimensions and groups that exist, dimensions to aspects."""
    dimensions = [dimension.code for dimension in fields.dimensions]
    groups = [group.code for group in fields.groups]
    for item in fields.items:
        where = f"item {item.code!r}"
        yield from _word(item.role, ITEM_ROLES, f"{where}: role")
        if item.role == "index" or item.dimension is not None:
            yield from _word(item.dimension, dimensions, f"{where}: dimension")
        for group in item.groups:
            yield from _word(group, groups, f"{where}: group")
        yield from _points(fields, item)
    for dimension in fields.dimensions:
        aspects = [aspect.code for aspect in fields.aspects]
        if dimension.aspect is not None:
            where = f"dimension {dimension.code!r}: aspect"
            yield from _word(dimension.aspect, aspects, where)
    yield from _unused(fields)


def _points(fields: Fields, item: Item) -> Iterator[str]:
    """Leader items carry a maximum above zero."""
    needed = fields.kind == "leaders" and item.role == "index"
    if needed and (item.max_points is None or not 0 < item.max_points < float("inf")):
        yield f"item {item.code!r}: max_points is {item.max_points}; give the points it can earn."


def _unused(fields: Fields) -> Iterator[str]:
    """Check that the index has items, each dimension statements, and leaders groups."""
    used = {item.dimension for item in fields.items}
    empty = [part.code for part in fields.dimensions if part.code not in used]
    if empty:
        yield f"dimensions without an item: {first_five(empty)}."
    if not any(item.role == "index" for item in fields.items):
        yield "no item has role 'index'."
    if fields.kind == "leaders" and not fields.groups:
        yield "a leaders' instrument needs [[groups]]."


def _scale(fields: Fields) -> Iterator[str]:
    """Levels rise, and every level has a label in each language and, for leaders, a score."""
    scale = fields.scale
    if len(scale.levels) < 2 or any(b <= a for a, b in pairwise(scale.levels)):
        yield f"scale.levels: {list(scale.levels)} must be two or more rising whole numbers."
    for lang in ("vi", "en"):
        labels = scale.labels.get(lang, ())
        if len(labels) != len(scale.levels):
            yield f"scale.labels.{lang}: {len(labels)} labels for {len(scale.levels)} levels."
        if len({label.casefold() for label in labels}) < len(labels):
            yield f"scale.labels.{lang}: two levels have the same label."
    if not scale.satisfied or not set(scale.satisfied) <= set(scale.levels):
        yield f"scale.satisfied: {list(scale.satisfied)} must be some of {list(scale.levels)}."
    yield from _scores(scale, needed=fields.kind == "leaders")


def _scores(scale: Scale, *, needed: bool) -> Iterator[str]:
    """Scores, where needed, are one share in 0..1 a level."""
    if (needed or scale.scores) and len(scale.scores) != len(scale.levels):
        yield f"scale.scores: {len(scale.scores)} scores for {len(scale.levels)} levels."
    if any(not 0 <= score <= 1 for score in scale.scores):
        yield f"scale.scores: {list(scale.scores)} must lie between 0 and 1."


def _sheet(fields: Fields) -> Iterator[str]:
    """Check that a code is a level or means no answer, never both; a column has one role."""
    both = [code for code in fields.missing if code in {str(v) for v in fields.scale.levels}]
    if both:
        yield f"missing: {first_five(both)} are levels of the scale."
    twice = [name for name, times in Counter(fields.columns.values()).items() if times > 1]
    if twice:
        yield f"columns: {first_five(twice)} are given more than one role."
