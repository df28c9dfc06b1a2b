"""Two records laid side by side, leaf by leaf."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

import pandas as pd

Path = tuple[str, ...]
COLUMNS = ("what", "name", "recorded", "now", "moved", "same")
#: What may differ and the result still be the same.
BESIDE = ("versions", "source")
_OWN = ("instrument", "answers", "design")


def compared(old: Mapping[str, Any], new: Mapping[str, Any], tolerance: float) -> pd.DataFrame:
    """Compare every leaf of two contents.

    Returns
    -------
    DataFrame
        One row a leaf: what it belongs to, its name, both values, by how much a number moved,
        and whether they are the same.

    Examples
    --------
    >>> old, new = ({"estimates": {"index": {"S1": {"se": se}}}} for se in (1.0, 1.5))
    >>> compared(old, new, 1e-9)[["what", "name", "moved", "same"]].values.tolist()
    [['estimates', 'index S1 se', 0.5, False]]
    """
    before, after = dict(_leaves(old)), dict(_leaves(new))
    rows = []
    for path in dict.fromkeys((*before, *after)):
        if path[-1] == "source_sha256" and before.get(path) is None:
            continue  # it was not recorded
        one, other = before.get(path), after.get(path)
        moved = _moved(one, other)
        same = one == other if moved is None else abs(moved) <= tolerance
        there = path in before and path in after
        rows.append((*_named(path), one, other, moved, same and there))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({"recorded": object, "now": object, "moved": float, "same": bool})


def _leaves(content: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Give every value with the keys that lead to it; an empty mapping or list is a value."""
    if isinstance(content, Mapping) and content:
        for key, part in content.items():
            yield from _leaves(part, (*path, str(key)))
    elif isinstance(content, list) and content:
        yield path, ", ".join(map(str, content))
    else:
        yield path, content


def _moved(one: object, other: object) -> float | None:
    """Give the difference of two numbers; None where not both are finite numbers."""
    for value in (one, other):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
            return None
    return float(other) - float(one)  # type: ignore[arg-type]


def _named(path: Path) -> tuple[str, str]:
    """Say to what a leaf belongs, and how it is called."""
    if path[-1] == "source_sha256":
        return "source", " ".join(path[1:-2])
    if path[0] in ("estimates", "versions"):
        return path[0], " ".join(path[1:])
    if path[0] == "surveys" and len(path) > 2 and path[2] in _OWN:
        return path[2], " ".join((path[1], *path[3:]))
    return "rules", " ".join(path[1:] if path[0] in ("surveys", "rules") else path)
