"""From identities to relations: find the printed figures that each identity joins.

Figures are looked up by place and year. The parts of a whole are taken from its own table where
that has them, else from another table that was given.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from sipas.auditing.lookup import Found, Lookup
from sipas.auditing.relations import Relation
from sipas.auditing.unprinted import substituted, year_before


def relations(figures: pd.DataFrame, identities: Iterable[Mapping[str, Any]]) -> list[Relation]:
    """List every case of every identity among the printed figures; what is said twice, once."""
    lookup = Lookup(figures)
    made: list[Relation] = []
    for identity in identities:
        if identity["form"] in _ROWS:
            made += _ROWS[identity["form"]](lookup, identity)
        elif identity["form"] in _FORMS:
            for found in lookup.by_year.values():
                made += _FORMS[identity["form"]](lookup, identity, found)
    once: dict[object, Relation] = {}
    for one in made:
        once.setdefault((one.members, one.coefficients, one.factor), one)
    return substituted(list(once.values()), figures.index[figures["unprinted"]].tolist())


def _make(
    lookup: Lookup, identity: Mapping[str, Any], members: Sequence[int], **more: Any
) -> Relation:
    """Make one relation, with what its identity says of a disagreement."""
    more.setdefault("excess", identity.get("excess", ""))
    left = members[more.get("left", 0)]
    return Relation(
        identity=identity["name"],
        table=lookup.table[left],
        members=tuple(members),
        otherwise=identity.get("otherwise", ""),
        **more,
    )


def _ratio(lookup: Lookup, identity: Mapping[str, Any]) -> list[Relation]:
    """Join the three figures of a rate: in each row, or of three named quantities."""
    wanted = [identity[key] for key in ("left", "of", "per")]
    named = isinstance(wanted[0], Mapping)
    cases = (
        case
        for found in lookup.by_year.values()
        for case in (_named(lookup, found, wanted) if named else _rates(lookup, found, wanted))
    )
    return [
        _make(lookup, identity, case, factor=100.0) for case in cases if lookup.value[case[2]] != 0
    ]


def _rates(lookup: Lookup, found: Found, measures: Sequence[str]) -> list[list[int]]:
    """Give each rate with the points and maximum of its row, else of its quantity elsewhere."""
    made = []
    for (quantity, measure), cells in found.items():
        for cell in cells if measure == measures[0] else ():
            row = lookup.by_row[lookup.place[cell]]
            beside = [row.get(one) for one in measures[1:]]
            if None in beside:
                other = [found.get((quantity, one), ()) for one in measures[1:]]
                beside = [lookup.nearest(one, lookup.table[cell]) for one in other if one]
            if len(beside) == len(measures) - 1:
                made.append([cell, *(one for one in beside if one is not None)])
    return made


def _named(lookup: Lookup, found: Found, asked: Sequence[Mapping[str, str]]) -> list[list[int]]:
    """Find named quantities, once for each table that prints the first."""
    keys = [(one["id"], one["measure"]) for one in asked]
    if not all(found.get(key) for key in keys):
        return []
    rest = keys[1:]
    return [
        [first, *(lookup.nearest(found[key], lookup.table[first]) for key in rest)]
        for first in found[keys[0]]
    ]


def _product(lookup: Lookup, identity: Mapping[str, Any], found: Found) -> list[Relation]:
    """Join whole = factor × first × second."""
    asked = [identity[key] for key in ("whole", "second", "first")]
    cases = _named(lookup, found, asked)
    beside = [case for case in cases if lookup.table[case[0]] == lookup.table[case[1]]]
    return [
        _make(lookup, identity, (second, whole, first), factor=1 / identity["factor"], left=1)
        for whole, second, first in beside or cases[:1]
    ]


def _same(lookup: Lookup, identity: Mapping[str, Any], found: Found) -> list[Relation]:
    """Join two quantities that are one."""
    pairs = _named(lookup, found, [identity["first"], identity["second"]])
    kept = [pair for pair in pairs if lookup.table[pair[0]] == lookup.table[pair[1]]]
    return [_make(lookup, identity, pair, coefficients=(1.0, -1.0)) for pair in kept or pairs[:1]]


def _sum(lookup: Lookup, identity: Mapping[str, Any], found: Found) -> list[Relation]:
    """Join a whole and its parts, for each measure and each table that prints the whole."""
    return [
        _make(
            lookup,
            identity,
            (whole, *parts),
            coefficients=(-1.0, *[_weight(identity, parts)] * len(parts)),
            excess=identity.get("excess", "") or _missing_parts(lookup, found, whole, parts),
        )
        for measure in identity["measures"]
        for whole, parts in _wholes(lookup, identity, found, measure)
    ]


def _weight(identity: Mapping[str, Any], parts: Sequence[int]) -> float:
    """Give the coefficient of each part."""
    return 1 / len(parts) if identity["form"] == "mean" else 1.0


def _between(lookup: Lookup, identity: Mapping[str, Any], found: Found) -> list[Relation]:
    """Join a whole to parts it must lie among; no coefficient, no factor."""
    return [
        _make(lookup, identity, (whole, *parts))
        for measure in identity["measures"]
        for whole, parts in _wholes(lookup, identity, found, measure)
    ]


def _wholes(
    lookup: Lookup, identity: Mapping[str, Any], found: Found, measure: str
) -> list[tuple[int, list[int]]]:
    """Pair each printed whole with the figures of its parts."""
    if isinstance(identity["parts"], str):
        return _wholes_by_code(lookup, identity, found, measure)
    keys = [(part, measure) for part in identity["parts"]]
    there = [key for key in keys if found.get(key)]
    if not there or (identity.get("needs_all") and len(there) < len(keys)):
        return []
    return [
        (whole, [lookup.nearest(found[key], lookup.table[whole]) for key in there])
        for whole in found.get((identity["whole"], measure), ())
    ]


def _wholes_by_code(
    lookup: Lookup, identity: Mapping[str, Any], found: Found, measure: str
) -> list[tuple[int, list[int]]]:
    """Pair wholes and parts by their codes; parts all come from one table."""
    grouped: dict[str, list[int]] = defaultdict(list)
    for (quantity, of), cells in found.items():
        match = re.fullmatch(identity["parts"], quantity) if of == measure else None
        if match:
            grouped[match.expand(identity["whole"])] += cells
    made = []
    for name, parts in grouped.items():
        for whole in found.get((name, measure), ()):
            for group in _part_tables(lookup, whole, parts):
                chosen = _leaves(lookup, group) if identity.get("leaves") else group
                if _enough(identity, chosen):
                    made.append((whole, chosen))
    return made


def _part_tables(lookup: Lookup, whole: int, parts: Sequence[int]) -> list[list[int]]:
    """Give the parts printed with the whole, else those of each table that prints every part."""
    names = lookup.quantity
    every = {names[part] for part in parts}
    tables = dict.fromkeys(lookup.table[part] for part in parts)
    complete = [
        group
        for group in (lookup.within(parts, table) for table in tables)
        if {names[part] for part in group} == every
    ]
    own = [group for group in complete if lookup.table[group[0]] == lookup.table[whole]]
    return own or [group for group in complete if len(group) > 1]


def _enough(identity: Mapping[str, Any], parts: Sequence[int]) -> bool:
    """Say whether the parts are as many as declared, or at least one."""
    return bool(identity.get("least", 1) <= len(parts) == identity.get("count", len(parts)))


def _leaves(lookup: Lookup, cells: Sequence[int]) -> list[int]:
    """Keep the figures of quantities that have no parts of their own."""
    names = lookup.quantity
    kept = set(cells)
    inner = {names[cell].rpartition(".")[0] for cell in kept}
    return [cell for cell in cells if names[cell] not in inner]


def _missing_parts(lookup: Lookup, found: Found, whole: int, parts: Sequence[int]) -> str:
    """Say ``structure`` where points and maxima both fall short of the whole: parts are left out.

    A selection of domains under the total of all is no contradiction.
    """
    names = lookup.quantity
    short = []
    for measure in ("points", "max_points"):
        cells = [found.get((names[cell], measure), []) for cell in (whole, *parts)]
        if not all(cells):
            return ""
        values = [lookup.value[lookup.nearest(each, lookup.table[whole])] for each in cells]
        short.append(values[0] - sum(values[1:]) > 0.02 * abs(values[0]))
    return "structure" if all(short) else ""


def _balance(lookup: Lookup, identity: Mapping[str, Any], found: Found) -> list[Relation]:
    """Join terms whose signed sum is zero, for each table that prints the first."""
    terms = identity["terms"]
    matched = [_matching(found, term) for term in terms]
    if not all(matched):
        return []
    made = []
    for first in matched[0]:
        table = lookup.table[first]
        members, signs = [first], [float(terms[0]["sign"])]
        for term, cells in zip(terms[1:], matched[1:], strict=True):
            chosen = _one_table(lookup, cells, table)
            members += chosen
            signs += [float(term["sign"])] * len(chosen)
        made.append(_make(lookup, identity, members, coefficients=tuple(signs)))
    return made


def _matching(found: Found, term: Mapping[str, Any]) -> list[int]:
    """Find the figures of a term, by id or by a regular expression for ids."""
    return [
        cell
        for (quantity, measure), cells in found.items()
        if measure == term["measure"] and re.fullmatch(term["id"], quantity)
        for cell in cells
    ]


def _one_table(lookup: Lookup, cells: Sequence[int], table: str) -> list[int]:
    """Keep the figures of this table, else of the first that has any."""
    return lookup.within(cells, table) or lookup.within(cells, lookup.table[cells[0]])


def _repeated(lookup: Lookup, identity: Mapping[str, Any], found: Found) -> list[Relation]:
    """Join each figure printed twice to its most exact printing."""
    made = []
    for (_, measure), cells in found.items():
        if len(cells) < 2 or measure.endswith("_change"):
            continue
        best = max(cells, key=lambda cell: lookup.decimals[cell])
        made += [
            _make(lookup, identity, (cell, best), coefficients=(1.0, -1.0), symmetric=True)
            for cell in cells
            if cell != best
        ]
    return made


def _change(lookup: Lookup, identity: Mapping[str, Any]) -> list[Relation]:
    """Join a printed change to the figures of the two years."""
    made = []
    for (place, year), found in lookup.by_year.items():
        before = lookup.by_year.get((place, year_before(year)), {})
        for (quantity, measure), cells in found.items():
            of = measure.removesuffix("_change")
            if of == measure or of not in identity["measures"]:
                continue
            now, then = found.get((quantity, of)), before.get((quantity, of))
            if not now or not then:
                continue
            # a rank falls in number when it rises in place
            signs = (-1.0, -1.0, 1.0) if of == "rank" else (-1.0, 1.0, -1.0)
            for cell in cells:
                table = lookup.table[cell]
                members = (cell, lookup.nearest(now, table), lookup.nearest(then, table))
                made.append(_make(lookup, identity, members, coefficients=signs))
    return made


_ROWS: dict[str, Callable[[Lookup, Mapping[str, Any]], list[Relation]]] = {
    "ratio": _ratio,
    "change": _change,
}
_FORMS: dict[str, Callable[[Lookup, Mapping[str, Any], Found], list[Relation]]] = {
    "sum": _sum,
    "mean": _sum,
    "between": _between,
    "balance": _balance,
    "product": _product,
    "same": _same,
    "repeated": _repeated,
}
