"""Printed figures as targets: read from ``published/``, compared as exact fractions, half up.

A made-up file is right only if its own figure, rounded once to the digits of the printed one,
is the printed one. Nothing here is typed in and nothing is compared in floating point.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent
PUBLISHED = HERE / "published"


@dataclass(frozen=True, slots=True)
class Target:
    """One printed figure: what it is, its value, and the decimals its column is printed with."""

    what: str
    value: Fraction
    decimals: int

    def missed_by(self, exact: Fraction) -> str | None:
        """Say what went wrong, or None when ``exact`` rounds to the printed figure."""
        if half_up(exact, self.decimals) == self.value:
            return None
        got, printed = (float(x) for x in (exact, self.value))
        return f"{self.what}: printed {printed:.{self.decimals}f}, the file gives {got:.6f}"


def half_up(value: Fraction, decimals: int) -> Fraction:
    """Round a non-negative fraction once, halves upwards."""
    unit = Fraction(1, 10**decimals)
    return (value / unit + Fraction(1, 2)).__floor__() * unit


def published(name: str, **where: str) -> list[dict[str, str]]:
    """Rows of one published table whose columns hold the given values."""
    with (PUBLISHED / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    kept = [row for row in rows if all(row[key] == value for key, value in where.items())]
    if not kept:
        raise SystemExit(f"{name}.csv has no row with {where}")
    return kept


def targets(rows: Iterable[Mapping[str, str]], column: str) -> dict[str, Target]:
    """Targets by code; a column's decimals are those of its longest figure (88.6 is 88.60)."""
    printed = {row["code"]: row[column] for row in rows}
    decimals = max((len(text.partition(".")[2]) for text in printed.values()), default=0)
    return {
        code: Target(f"{code} {column}", Fraction(text), decimals)
        for code, text in printed.items()
    }


def require(pairs: Iterable[tuple[Target, Fraction]], title: str) -> None:
    """Stop with every missed target; say how many were met."""
    checked = list(pairs)
    missed = [text for target, exact in checked if (text := target.missed_by(exact))]
    if missed:
        raise SystemExit(f"{title}: {len(missed)} of {len(checked)} missed\n" + "\n".join(missed))
    print(f"{title}: {len(checked)} printed figures met")
