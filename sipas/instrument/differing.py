"""What changed between two questionnaires: the list that decides what may be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from sipas.instrument.parts import Aspect, Dimension, Fields, Group, Item
from sipas.numerals import Lang

Row = tuple[str, str, str, str]


def differences(before: Fields, after: Fields, *, lang: Lang) -> pd.DataFrame:
    """List the differences of two instruments, a row each.

    Returns
    -------
    DataFrame
        Columns what, code, before, after.
    """
    rows = [
        *_frame(before, after, lang),
        *_added_dropped("aspect", *(_labels(one.aspects, lang) for one in (before, after))),
        *_added_dropped("dimension", *(_labels(one.dimensions, lang) for one in (before, after))),
        *_added_dropped("group", *(_labels(one.groups, lang) for one in (before, after))),
        *_added_dropped("item", *(_texts(one.items, lang) for one in (before, after))),
        *_changed_items(before, after, lang),
    ]
    return pd.DataFrame(rows, columns=["what", "code", "before", "after"], dtype="str")


def _frame(before: Fields, after: Fields, lang: Lang) -> Iterator[Row]:
    """Differences of the whole: whom it asks, and how an answer is read."""
    pairs = {
        "kind": (before.kind, after.kind),
        "population": (before.population[lang], after.population[lang]),
        "scale": (_levels(before, lang), _levels(after, lang)),
        "satisfied": (_list(before.scale.satisfied), _list(after.scale.satisfied)),
        "scores": (_list(before.scale.scores), _list(after.scale.scores)),
        "no answer": (_meanings(before), _meanings(after)),
    }
    for what, (old, new) in pairs.items():
        if old != new:
            yield what, "", old, new


def _labels(parts: Sequence[Aspect | Dimension | Group], lang: Lang) -> dict[str, str]:
    """Give the label of each code."""
    return {part.code: part.label[lang] for part in parts}


def _texts(items: Sequence[Item], lang: Lang) -> dict[str, str]:
    """Give the full text of each item."""
    return {item.code: item.text[lang] for item in items}


def _added_dropped(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Row]:
    """Codes only one of the two has."""
    for code, text in new.items():
        if code not in old:
            yield f"{what} added", code, "", text
    for code, text in old.items():
        if code not in new:
            yield f"{what} dropped", code, text, ""


def _changed_items(before: Fields, after: Fields, lang: Lang) -> Iterator[Row]:
    """Items both have, asked, scored or placed in another way."""
    later = {item.code: item for item in after.items}
    for item in before.items:
        if item.code in later:
            old, new = _facts(item, lang), _facts(later[item.code], lang)
            for what, value in old.items():
                if value != new[what]:
                    yield f"item {what}", item.code, value, new[what]


def _facts(item: Item, lang: Lang) -> dict[str, str]:
    """Give what matters for comparing an item."""
    return {
        "re-worded": item.text[lang],
        "maximum": "" if item.max_points is None else f"{item.max_points:g}",
        "dimension": item.dimension or "",
        "groups": _list(item.groups),
        "role": item.role,
        "reversed": str(item.reverse).lower(),
    }


def _levels(fields: Fields, lang: Lang) -> str:
    """Write the scale as one text."""
    labels = zip(fields.scale.levels, fields.scale.labels[lang], strict=True)
    return "; ".join(f"{level} {label}" for level, label in labels)


def _meanings(fields: Fields) -> str:
    """Write the codes of no answer as one text."""
    return "; ".join(f"{code} {meaning}" for code, meaning in sorted(fields.missing.items()))


def _list(values: Sequence[object]) -> str:
    """Write a list with commas."""
    return ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values)
