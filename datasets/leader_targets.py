"""What the leader sheets must give: items, domains, totals and group rates of a year.

Sizes, and rates of the groups where none are printed, are the invented ones of ``made_up.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from printed import Target, published, targets

TOP = 4  # scores of an answer: 0 to 4 quarters of the item's maximum
LEADER_PART = "p2"  # the leader survey among the parts of the PAR INDEX


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed (or, for group sizes and rates of some years, invented) about one year."""

    maxima: dict[str, Fraction]
    items: dict[str, Target]
    domains: dict[str, Target]
    totals: list[Target]
    total_rates: list[Target]
    group_rates: dict[str, Target]
    sizes: dict[str, int]
    wanted_rates: dict[str, float]
    weights: dict[str, Fraction]


def printed(made_up: dict[str, Any], year: int) -> Printed:
    """Read the targets of a year; the totals are those of Section A of the plan.

    The annex's own total row (18.3 and 77.87; 79.18) contradicts its items and is no target.
    """
    annex = published("hue_leader_items", year=str(year))
    item, domain = ([r for r in annex if r["level"] == level] for level in ("item", "domain"))
    part = published("hue_par_parts", year=str(year), code=LEADER_PART)
    rows = [row for row in published("hue_leader_groups") if row["year"] == str(year)]
    group, whole = ([r for r in rows if r["level"] == level] for level in ("group", "total"))
    rates, invented = targets(group, "rate_pct"), made_up["leaders"]
    return Printed(
        maxima={row["code"]: Fraction(row["max_points"]) for row in item},
        items=targets(item, "points"),
        domains=targets(domain, "points"),
        totals=list(targets(part, "points").values()),
        total_rates=list(targets(whole, "rate_pct").values()),
        group_rates=rates,
        sizes={r["code"]: int(r["n"]) for r in group} or invented["sizes"][str(year)],
        wanted_rates={g: float(t.value) for g, t in rates.items()} or invented["rates"][str(year)],
        weights={name: Fraction(text) for name, text in invented["weights"].items()},
    )
