"""One finding, before it is put into the report: where, what, how, how sure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "error",
    "rounding",
    "truncation",
    "different quantity",
    "not comparable",
    "structure",
    "format",
]
Confidence = Literal["high", "medium", "low"]

#: From worst to mildest; a figure found twice keeps the worst.
SEVERITY: dict[Kind, str] = {
    "error": "error",
    "truncation": "minor",
    "rounding": "minor",
    "format": "minor",
    "different quantity": "note",
    "not comparable": "note",
    "structure": "note",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A printed figure that does not agree, and what speaks against it."""

    file: str
    table: str
    row: int
    year: str
    code: str
    label: str
    measure: str
    printed: str
    identity: str
    kind: Kind
    low: float = math.nan
    high: float = math.nan
    recomputed: float = math.nan
    slip: str = ""
    confidence: Confidence = "high"
    suspects: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Count:
    """How many times an identity was tried on a table, and how many times it failed."""

    identity: str
    table: str
    checked: int
    failed: int


Checked = tuple[list[Finding], list[Count]]
_PLACE = ("file", "table", "row", "year", "code", "label", "measure", "printed")


def finding_of(
    figure: Mapping[str, Any],
    identity: str,
    kind: Kind,
    low: float,
    high: float,
    *,
    slip: str = "",
    confidence: Confidence = "high",
    suspects: tuple[str, ...] = (),
) -> Finding:
    """Say where a figure stands and between what it should lie."""
    ends = [end for end in (low, high) if math.isfinite(end)]
    return Finding(
        **{key: figure[key] for key in _PLACE},
        identity=identity,
        kind=kind,
        low=float(low),
        high=float(high),
        recomputed=sum(ends) / len(ends) if ends else math.nan,
        slip=slip,
        confidence=confidence,
        suspects=suspects,
    )


def counted(tried: Mapping[tuple[str, str], list[bool]]) -> list[Count]:
    """Count what was tried and what failed, by identity and table."""
    return [Count(*key, len(each), sum(each)) for key, each in tried.items()]


def merged(found: Iterable[Finding], files: Sequence[str]) -> list[Finding]:
    """Keep one finding a figure, the worst, in the order of the files."""
    order = list(SEVERITY)
    best: dict[tuple[str, int, str], Finding] = {}
    for one in sorted(found, key=lambda one: order.index(one.kind)):
        best.setdefault((one.file, one.row, one.measure), one)
    kept = [
        one
        for one in best.values()
        # a target that equals its maximum fails with it: said once
        if one.measure != "target" or not _alike(one, best.get((one.file, one.row, "max_points")))
    ]
    rank = {name: at for at, name in enumerate(files)}
    return sorted(kept, key=lambda one: (rank[one.file], one.row, one.measure))


def _alike(one: Finding, other: Finding | None) -> bool:
    """Say whether two figures of a row are the same number with the same fault."""
    return other is not None and (one.printed, one.low) == (other.printed, other.low)
