"""Figures that are right and yet not exact: computed from rounded ones, or printed shorter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sipas.auditing.evidence import Evidence
from sipas.auditing.findings import Finding, Kind, finding_of
from sipas.auditing.interval_arithmetic import meets
from sipas.auditing.printed_numbers import Floats
from sipas.auditing.relations import Relation

FROM_ROUNDED = "computed from rounded figures"
#: Slips that are ways of rounding, not of writing.
KIND_OF: dict[str, Kind] = {
    "truncated, not rounded": "truncation",
    FROM_ROUNDED: "rounding",
    "last digit": "rounding",
}


def also_from_rounded(
    evidence: Evidence,
    relations: Sequence[Relation],
    rounded: Mapping[int, Finding],
    low: Floats,
    high: Floats,
) -> list[Finding]:
    """Report the rates beside those shown to be computed from rounded points, if they are too.

    Where two rates of a table and year are, the column was made that way; a rate printed with
    fewer decimals (80.5 for 80.50) is then read at the decimals of the column.
    """
    shown: dict[tuple[str, str], list[int]] = defaultdict(list)
    for cell, one in rounded.items():
        if one.slip == FROM_ROUNDED and one.measure == "rate_pct":
            shown[one.file, one.year].append(cell)
    made = []
    for relation in relations:
        cell, row = relation.members[0], evidence.rows[relation.members[0]]
        beside = shown.get((row["file"], row["year"]), [])
        if relation.factor != relation.factor or row["measure"] != "rate_pct" or cell in rounded:
            continue
        if len(beside) > 1:
            half = 0.5 * 10.0 ** -int(evidence.decimals[beside].max())
            made += _one_more(evidence, relation, half, low, high)
    return made


def _one_more(
    evidence: Evidence, relation: Relation, half: float, low: Floats, high: Floats
) -> list[Finding]:
    """Report one rate if it follows from the rounded points and not from the exact ones."""
    cell, points, maximum = relation.members
    value = float(evidence.value[cell])
    ends = [float(relation.factor * end[points] / evidence.value[maximum]) for end in (low, high)]
    same = abs(value - evidence.from_printed(relation, cell)) < half
    if not same or meets(value - half, value + half, ends[0], ends[1]):
        return []
    return [
        finding_of(
            evidence.rows[cell],
            relation.identity,
            "rounding",
            ends[0],
            ends[1],
            slip=FROM_ROUNDED,
            confidence="medium",
        )
    ]


def printed_shorter(
    evidence: Evidence, relations: Sequence[Relation], used: set[int]
) -> list[Finding]:
    """Report the rounded figure that another was computed from, where it is printed in full too.

    That a table prints fewer decimals than another is no fault; only what followed from it is.
    """
    made = []
    for one in relations:
        cell, other = one.members[:2]
        if not one.symmetric or cell not in used or evidence.rows[cell]["exact"]:
            continue
        short, long = float(evidence.value[cell]), float(evidence.value[other])
        if evidence.decimals[cell] < evidence.decimals[other] and short != long:
            row = evidence.rows[cell]
            slip = "fewer decimals"
            made.append(finding_of(row, one.identity, "rounding", long, long, slip=slip))
    return made
