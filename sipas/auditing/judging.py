"""From relations that fail to findings: what kind, which slip, how sure.

Whether a disagreement is an error or a rounding is decided by its size and by how the figure
could have come about, never by the identity alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pandas as pd

from sipas.auditing.blame import Blamed, failing, search
from sipas.auditing.evidence import Evidence
from sipas.auditing.findings import Checked, Confidence, Finding, Kind, counted, finding_of
from sipas.auditing.interval_arithmetic import compiled, implied, meets
from sipas.auditing.printed_numbers import Floats
from sipas.auditing.relations import Relation
from sipas.auditing.rounding import FROM_ROUNDED, KIND_OF, also_from_rounded, printed_shorter
from sipas.auditing.tightening import Tightened, tightened

#: A figure that stands beside more suspects than this is one guess among several.
_FEW = 3


def judge(figures: pd.DataFrame, relations: Sequence[Relation]) -> Checked:
    """Try all relations: findings, and how many of each identity were tried and failed."""
    evidence = Evidence(figures, relations)
    low, high = _intervals(figures)
    changes = figures["measure"].str.endswith("_change")
    state = search(relations, low, high, np.where(changes, -np.inf, 0.0), evidence.weight)
    aside = set(state.set_aside) | set(state.undecided)
    sound = [one for at, one in enumerate(relations) if at not in aside]
    tight = tightened(sound, state.low, state.high)
    open_ = [relations[at] for at in state.undecided]
    known = {one.cell for one in state.blamed} | set(tight.outside)
    away = _not_between(evidence, relations, low, high)
    found = [
        *(_blamed(evidence, one, tight.low, tight.high) for one in state.blamed),
        *(_declared(evidence, relations[at], low, high) for at in state.set_aside),
        *_undecided(evidence, open_, known, tight.low, tight.high),
        *_rounded(evidence, sound, tight, known),
        *away.values(),
        *_not_comparable(evidence, relations),
    ]
    failed = {id(sound[at]) for at, _, _ in tight.outside.values()} | set(away)
    pairs = implied(compiled(relations), relations, low, high)
    failed |= {id(relations[at]) for at in failing(relations, pairs, low, high)}
    tried: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for one in relations:
        tried[one.identity, one.table].append(id(one) in failed)
    return found, counted(tried)


def _rounded(
    evidence: Evidence,
    relations: Sequence[Relation],
    tight: Tightened,
    known: set[int],
) -> list[Finding]:
    """Report figures that rounding explains, and what they were computed from."""
    rounded = {
        cell: _outside(evidence, relations[at], cell, low, high)
        for cell, (at, low, high) in tight.outside.items()
    }
    used = {
        cell
        for whole, (at, _, _) in tight.outside.items()
        if rounded[whole].slip == FROM_ROUNDED
        for cell in relations[at].members
    }
    return [
        *rounded.values(),
        *also_from_rounded(evidence, relations, rounded, tight.low, tight.high),
        *printed_shorter(evidence, relations, used - known),
    ]


def _intervals(figures: pd.DataFrame) -> tuple[Floats, Floats]:
    """Give the interval of each figure; a minus where none can be is reported, then left out."""
    value = figures["value"].to_numpy(dtype=float)
    signed = figures["measure"].str.endswith("_change")
    value = np.where(signed, value, np.abs(value))
    half = figures["half"].to_numpy(dtype=float)
    return value - half, value + half


def _blamed(evidence: Evidence, one: Blamed, tight_low: Floats, tight_high: Floats) -> Finding:
    """Report a figure held to be wrong."""
    relation = evidence.relations[one.relation]
    low, high = one.low, one.high
    if meets(low, high, tight_low[one.cell], tight_high[one.cell]):
        low, high = max(low, tight_low[one.cell]), min(high, tight_high[one.cell])
    slip = evidence.slip(one.cell, relation, low, high)
    confidence: Confidence = "low" if len(one.suspects) > _FEW else "medium"
    if not one.suspects or slip == "direction reversed":
        confidence = "high"
    return finding_of(
        evidence.rows[one.cell],
        relation.identity,
        KIND_OF.get(slip, "error"),
        low,
        high,
        slip=slip,
        confidence=confidence,
        suspects=tuple(evidence.named(cell) for cell in one.suspects),
    )


def _outside(
    evidence: Evidence, relation: Relation, cell: int, low: float, high: float
) -> Finding:
    """Report a figure that agrees with what is printed, but not with what is known exactly."""
    slip = evidence.slip(cell, relation, low, high)
    kind = KIND_OF.get(slip, "rounding")
    return finding_of(evidence.rows[cell], relation.identity, kind, low, high, slip=slip)


def _declared(evidence: Evidence, relation: Relation, low: Floats, high: Floats) -> Finding:
    """Report a disagreement that the identity itself declares to be something else."""
    lows, highs = implied(compiled([relation]), [relation], low, high)[0]
    others = [cell for at, cell in enumerate(relation.members) if at != relation.left]
    kind: Kind = "structure" if relation.excess == "structure" else "different quantity"
    slip = "parts not listed" if relation.excess else "another quantity under the same name"
    return finding_of(
        evidence.rows[relation.members[relation.left]],
        relation.identity,
        kind,
        lows[relation.left],
        highs[relation.left],
        slip=slip,
        confidence="medium",
        suspects=tuple(evidence.named(cell) for cell in others if relation.otherwise),
    )


def _undecided(
    evidence: Evidence,
    relations: Sequence[Relation],
    known: set[int],
    low: Floats,
    high: Floats,
) -> list[Finding]:
    """Report a figure printed in two places, where nothing says which is right."""
    return [
        finding_of(
            evidence.rows[cell],
            relation.identity,
            "error",
            low[other],
            high[other],
            slip=evidence.slip(cell, relation, low[other], high[other]),
            confidence="low",
            suspects=(evidence.named(other),),
        )
        for relation in relations
        for cell, other in [relation.members]
        if not known & {cell, other}
    ]


def _not_between(
    evidence: Evidence, relations: Sequence[Relation], low: Floats, high: Floats
) -> dict[int, Finding]:
    """Report wholes that do not lie among their parts, by the relation's identity as an object."""
    made = {}
    for one in relations:
        whole, parts = one.members[0], list(one.members[1:])
        ends = float(low[parts].min()), float(high[parts].max())
        if not one.arithmetic and not meets(low[whole], high[whole], *ends):
            row = evidence.rows[whole]
            made[id(one)] = finding_of(row, one.identity, "error", *ends, confidence="medium")
    return made


def _not_comparable(evidence: Evidence, relations: Sequence[Relation]) -> list[Finding]:
    """Report a printed change of points between years whose maxima differ."""
    made = []
    for one in relations:
        row = evidence.rows[one.members[0]]
        maxima = [evidence.maximum(cell) for cell in one.members[1:]]
        if row["measure"] != "points_change" or np.isnan(maxima).any() or len(set(maxima)) == 1:
            continue
        slip = "maximum changed between the years"
        made.append(finding_of(row, one.identity, "not comparable", np.nan, np.nan, slip=slip))
    return made
