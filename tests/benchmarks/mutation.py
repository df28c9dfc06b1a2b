"""Slips put into clean tables, and whether the audit sees them.

The generator knows nothing of the audit: it draws figures of two years, adds them up, and prints
them rounded. A slip changes one numeric cell, every cell equally likely. Run::

    python tests/benchmarks/mutation.py --clean 200 --slips 500
"""

from __future__ import annotations

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import pairwise

import numpy as np
import pandas as pd

YEARS = (2031, 2032)
DOMAINS = {"2": 4, "4": 4, "5": 6, "6": 4, "7": 3}
APPRAISED = {"1": 9.5, "2": 6.0, "3": 13.0, "4": 6.5, "5": 6.0, "6": 8.0, "7": 12.5, "8": 6.5}
GROUPS = ("deputies", "departments", "divisions", "districts")
MEASURES = ("max_points", "points", "rate_pct", "rank", "n", "points_change", "rank_change")


@dataclass
class Cell:
    """One printed number: the exact value behind it, its decimals, how far identities pin it."""

    file: str
    row: int
    measure: str
    exact: float
    decimals: int
    year: int
    code: str
    hidden: float = math.inf
    peers: list[float] = field(default_factory=list)


@dataclass
class Tables:
    """A set of clean tables and the list of their numeric cells."""

    frames: dict[str, pd.DataFrame]
    cells: list[Cell]


def printed(value: float, decimals: int, rounding: str = ROUND_HALF_UP) -> str:
    step = Decimal(1).scaleb(-decimals)
    return str(Decimal(repr(round(float(value), 12))).quantize(step, rounding=rounding))


class Writer:
    """Rows of one table, with the number of decimals of each measure."""

    def __init__(self, name: str, decimals: dict[str, int]) -> None:
        self.name, self.decimals = name, decimals
        self.rows: list[dict[str, str]] = []
        self.cells: list[Cell] = []

    def add(self, year: int, level: str, code: str, **values: float) -> None:
        row = {
            "province": "X",
            "year": str(year),
            "table": self.name,
            "level": level,
            "code": code,
        }
        for measure, value in values.items():
            places = self.decimals.get(measure, 0)
            row[measure] = printed(value, places)
            self.cells.append(
                Cell(f"{self.name}.csv", len(self.rows), measure, value, places, year, code)
            )
        self.rows.append(row)

    def frame(self, drop: bool) -> pd.DataFrame:
        made = pd.DataFrame(self.rows).fillna("")
        for measure in MEASURES:
            if drop and measure in made and self.decimals.get(measure, 0):
                made[measure] = [
                    text.rstrip("0").rstrip(".") if "." in text else text for text in made[measure]
                ]
        return made


def draw(rng: np.random.Generator) -> Tables:
    """Draw one consistent set of tables and print it."""
    items = Writer("x_leader_items", _decimals(rng, points=(2, 4)))
    domains = Writer("x_par_domains", _decimals(rng))
    parts = Writer("x_par_parts", _decimals(rng))
    dims = Writer("x_sipas_dimensions", _decimals(rng))
    groups = Writer("x_leader_groups", _decimals(rng))
    ranks = {y: {k: int(rng.integers(1, 64)) for k in ("p1", "p2", "p3", "tot")} for y in YEARS}
    totals: dict[int, dict[str, float]] = {}
    for year in YEARS:
        leaders = _leader_items(items, year, rng)
        index = _dimensions(dims, year, rng, ranks[year]["p3"])
        appraised = {d: m * rng.uniform(0.6, 1) for d, m in APPRAISED.items()}
        _domains(domains, year, rng, leaders, index, appraised, ranks[year]["tot"])
        totals[year] = _totals(leaders, index, appraised)
        _groups(groups, year, rng, leaders, ranks[year]["p2"])
    _parts(parts, totals, ranks, items)
    writers = (items, domains, parts, dims, groups)
    cells = [cell for writer in writers for cell in writer.cells]
    _pin(cells)
    _neighbours(cells)
    drop = bool(rng.integers(2))
    return Tables({f"{w.name}.csv": w.frame(drop) for w in writers}, cells)


def _decimals(rng: np.random.Generator, points: tuple[int, int] = (2, 3)) -> dict[str, int]:
    low, high = points
    drawn = int(rng.integers(low, high + 1))
    return {
        "points": drawn,
        "points_change": drawn,
        "rate_pct": int(rng.integers(1, 3)),
        "max_points": 2,
    }


def _leader_items(
    out: Writer, year: int, rng: np.random.Generator
) -> dict[str, tuple[float, float]]:
    made: dict[str, tuple[float, float]] = {}
    lines = []
    for domain, count in DOMAINS.items():
        maxima = rng.choice([1.0, 1.5], size=count)
        points = maxima * rng.uniform(0.55, 0.95, size=count)
        made[domain] = float(points.sum()), float(maxima.sum())
        lines += [("domain", f"D{domain}", *made[domain])]
        lines += [
            ("item", f"L{domain}.{at + 1}", float(points[at]), float(maxima[at]))
            for at in range(count)
        ]
    total = sum(p for p, _ in made.values()), sum(m for _, m in made.values())
    for level, code, points, maximum in [("total", "D0", *total), *lines]:
        out.add(
            year, level, code, max_points=maximum, points=points, rate_pct=100 * points / maximum
        )
    return made


def _dimensions(out: Writer, year: int, rng: np.random.Generator, rank: int) -> float:
    rates = rng.uniform(65, 95, size=5)
    for at, rate in enumerate(rates):
        out.add(
            year, "dimension", f"S{at + 1}", rate_pct=float(rate), rank=int(rng.integers(1, 64))
        )
    index = float(rates.mean())
    out.add(year, "overall", "S0", rate_pct=index, rank=rank)
    out.add(year, "par_points", "S.PAR", max_points=10.0, points=index / 10, rank=rank)
    return index


def _domains(
    out: Writer,
    year: int,
    rng: np.random.Generator,
    leaders: dict[str, tuple[float, float]],
    index: float,
    appraised: dict[str, float],
    rank: int,
) -> None:
    total = 0.0
    for domain, maximum in APPRAISED.items():
        out.add(year, "appraisal", f"D{domain}", max_points=maximum, points=appraised[domain])
        survey = (index / 10, 10.0) if domain == "8" else leaders.get(domain)
        if survey:
            out.add(year, "survey", f"D{domain}", max_points=survey[1], points=survey[0])
        both = appraised[domain] + (survey[0] if survey else 0.0)
        out.add(year, "domain_total", f"D{domain}", points=both, rank=int(rng.integers(1, 64)))
        total += both
    out.add(year, "total", "D0", points=total, rank=rank)


def _totals(
    leaders: dict[str, tuple[float, float]], index: float, appraised: dict[str, float]
) -> dict[str, float]:
    p1a = sum(points for domain, points in appraised.items() if domain != "8")
    p2, p3 = sum(points for points, _ in leaders.values()), index / 10
    p1 = p1a + appraised["8"]
    return {"p1": p1, "p1a": p1a, "p1b": appraised["8"], "p2": p2, "p3": p3, "tot": p1 + p2 + p3}


def _groups(
    out: Writer,
    year: int,
    rng: np.random.Generator,
    leaders: dict[str, tuple[float, float]],
    rank: int,
) -> None:
    points, maximum = (sum(values) for values in zip(*leaders.values(), strict=True))
    rate = 100 * points / maximum
    weights = rng.dirichlet(np.ones(4) * 5)
    away = rng.uniform(-8, 8, size=4)
    away -= weights @ away
    sizes = rng.integers(25, 300, size=4)
    for group, n, offset in zip(GROUPS, sizes, away, strict=True):
        out.add(year, "group", group, rate_pct=float(rate + offset), n=int(n))
    out.add(
        year,
        "total",
        "all",
        max_points=maximum,
        points=points,
        rate_pct=rate,
        rank=rank,
        n=int(sizes.sum()),
    )


def _parts(
    out: Writer,
    totals: dict[int, dict[str, float]],
    ranks: dict[int, dict[str, int]],
    items: Writer,
) -> None:
    before, now = YEARS
    leader_max = {
        year: next(
            cell.exact
            for cell in items.cells
            if (cell.year, cell.code, cell.measure) == (year, "D0", "max_points")
        )
        for year in YEARS
    }
    for year in YEARS:
        maxima = {"p1": 68.0, "p1a": 61.5, "p1b": 6.5, "p2": leader_max[year], "p3": 10.0}
        maxima["tot"] = 78.0 + leader_max[year]
        for code, points in totals[year].items():
            values: dict[str, float] = {"max_points": maxima[code], "points": points}
            if code in ranks[year]:
                values["rank"] = ranks[year][code]
            # points of two maxima are not subtracted
            if year == now and code in ("p1", "p1a", "p1b", "p3"):
                values["points_change"] = points - totals[before][code]
            if year == now and code in ranks[year]:
                values["rank_change"] = ranks[before][code] - ranks[now][code]
            out.add(year, "part", code, **values)


def _half(cell: Cell) -> float:
    exact = cell.measure in ("max_points", "rank", "n", "rank_change")
    return 0.0 if exact else 0.5 * 10.0**-cell.decimals


def _pin(cells: list[Cell]) -> None:
    """Say how large a slip of each cell must be for no rounding to hide it.

    An identity holds within the half units of all its figures; a slip that is larger than twice
    that is outside, wherever the clean figures were. Kept by hand, apart from the audit.
    """
    at = {(c.file, c.year, c.code, c.measure): c for c in cells if "domains" not in c.file}
    by = defaultdict(dict)
    for cell in cells:
        if cell.file == "x_par_domains.csv":
            by[cell.year, cell.code, cell.measure][cell.row] = cell
    for year in YEARS:
        _pin_rates(cells, year)
        for group in _linear(at, by, year):
            slack = sum(_half(cell) * weight for cell, weight in group)
            for cell, weight in group:
                cell.hidden = min(cell.hidden, 2 * slack / weight)
    for group in _between_years(at):
        slack = sum(_half(cell) for cell in group)
        for cell in group:
            cell.hidden = min(cell.hidden, 2 * slack)


def _pin_rates(cells: list[Cell], year: int) -> None:
    rows: dict[tuple[str, int], dict[str, Cell]] = defaultdict(dict)
    for cell in cells:
        if cell.year == year:
            rows[cell.file, cell.row][cell.measure] = cell
    for row in rows.values():
        if not {"rate_pct", "points", "max_points"} <= row.keys():
            continue
        rate, points, top = row["rate_pct"], row["points"], row["max_points"]
        slack = _half(rate) + 100 * _half(points) / top.exact
        rate.hidden = min(rate.hidden, 2 * slack)
        points.hidden = min(points.hidden, 2 * slack * top.exact / 100)
        # the rate falls as 1/maximum: a step that is enough upwards is enough downwards
        share = 2 * slack / rate.exact
        top.hidden = min(top.hidden, top.exact * share / (1 - share) if share < 1 else math.inf)


def _linear(at: dict, by: dict, year: int) -> Iterator[list[tuple[Cell, float]]]:
    """List the sums and means of one year, each figure with its weight."""

    def cell(file: str, code: str, measure: str) -> Cell:
        return at[f"x_{file}.csv", year, code, measure]

    for measure in ("points", "max_points"):
        for domain, count in DOMAINS.items():
            parts = [cell("leader_items", f"L{domain}.{k + 1}", measure) for k in range(count)]
            yield [(one, 1.0) for one in (cell("leader_items", f"D{domain}", measure), *parts)]
        total = cell("leader_items", "D0", measure)
        yield [
            (one, 1.0)
            for one in (total, *(cell("leader_items", f"D{d}", measure) for d in DOMAINS))
        ]
        yield [(total, 1.0), (cell("leader_groups", "all", measure), 1.0)]
        yield [(total, 1.0), (cell("par_parts", "p2", measure), 1.0)]
        yield [(cell("par_parts", code, measure), 1.0) for code in ("p1", "p1a", "p1b")]
        yield [(cell("par_parts", code, measure), 1.0) for code in ("tot", "p1", "p2", "p3")]
        yield [
            (cell("par_parts", "p3", measure), 1.0),
            (cell("sipas_dimensions", "S.PAR", measure), 1.0),
        ]
        yield from _by_domain(at, by, year, measure)
    dims = [cell("sipas_dimensions", f"S{k}", "rate_pct") for k in range(1, 6)]
    yield [(cell("sipas_dimensions", "S0", "rate_pct"), 1.0), *((one, 0.2) for one in dims)]
    yield [
        (cell("sipas_dimensions", "S0", "rate_pct"), 0.1),
        (cell("sipas_dimensions", "S.PAR", "points"), 1.0),
    ]
    yield [(cell("leader_groups", group, "n"), 1.0) for group in (*GROUPS, "all")]
    for first, second in (
        (("par_parts", "p2"), ("leader_groups", "all")),
        (("par_parts", "p3"), ("sipas_dimensions", "S.PAR")),
        (("sipas_dimensions", "S0"), ("sipas_dimensions", "S.PAR")),
    ):
        yield [(cell(*first, "rank"), 1.0), (cell(*second, "rank"), 1.0)]
    top = by[year, "D0", "rank"]
    yield [(cell("par_parts", "tot", "rank"), 1.0), *((one, 1.0) for one in top.values())]


def _by_domain(at: dict, by: dict, year: int, measure: str) -> Iterator[list[tuple[Cell, float]]]:
    """List the sums of the table by domain: rows come as appraisal, survey, total."""
    totals, appraised = [], []
    for domain in APPRAISED:
        rows = [
            by[year, f"D{domain}", measure][row] for row in sorted(by[year, f"D{domain}", measure])
        ]
        appraised.append(rows[0])
        if measure == "points":
            totals.append(rows[-1])
            yield [(one, 1.0) for one in rows]
        if domain in DOMAINS:
            yield [(rows[1], 1.0), (at["x_leader_items.csv", year, f"D{domain}", measure], 1.0)]
        if domain == "8":
            yield [(rows[1], 1.0), (at["x_par_parts.csv", year, "p3", measure], 1.0)]
            yield [(rows[0], 1.0), (at["x_par_parts.csv", year, "p1b", measure], 1.0)]
    whole = at["x_par_parts.csv", year, "p1a", measure]
    yield [(one, 1.0) for one in (whole, *appraised[:-1])]
    if measure == "points":
        total = next(iter(by[year, "D0", measure].values()))
        yield [(one, 1.0) for one in (total, *totals)]
        yield [(total, 1.0), (at["x_par_parts.csv", year, "tot", measure], 1.0)]


def _between_years(at: dict) -> Iterator[list[Cell]]:
    before, now = YEARS
    for (file, year, code, measure), cell in at.items():
        if measure.endswith("_change") and year == now:
            of = measure.removesuffix("_change")
            yield [cell, at[file, now, code, of], at[file, before, code, of]]


def _neighbours(cells: list[Cell]) -> None:
    """Give each cell the figures above and below it in its column and year."""
    columns: dict[tuple[str, int, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        columns[cell.file, cell.year, cell.measure].append(cell)
    for column in columns.values():
        for one, two in pairwise(column):
            one.peers.append(two.exact)
            two.peers.append(one.exact)


# --- slips ---------------------------------------------------------------------------------------


def _transposed(cell: Cell, tables: Tables, rng: np.random.Generator) -> str | None:
    text = printed(cell.exact, cell.decimals)
    pairs = []
    digits = [at for at, letter in enumerate(text) if letter.isdigit()]
    for one, two in pairwise(digits):
        if text[one] != text[two]:
            pairs.append((one, two))
    if not pairs:
        return None
    one, two = pairs[rng.integers(len(pairs))]
    letters = list(text)
    letters[one], letters[two] = letters[two], letters[one]
    return "".join(letters)


def _truncated(cell: Cell, tables: Tables, rng: np.random.Generator) -> str | None:
    """Cut off where the figure should have been rounded, at its decimals or one fewer."""
    fewer = cell.decimals - int(rng.integers(0, 2))
    return None if cell.decimals == 0 or fewer < 0 else printed(cell.exact, fewer, ROUND_DOWN)


def _neighbour(cell: Cell, tables: Tables, rng: np.random.Generator) -> str | None:
    if not cell.peers:
        return None
    return printed(cell.peers[rng.integers(len(cell.peers))], cell.decimals)


def _wrong_denominator(cell: Cell, tables: Tables, rng: np.random.Generator) -> str | None:
    if cell.measure != "rate_pct":
        return None
    row = {c.measure: c for c in tables.cells if (c.file, c.row) == (cell.file, cell.row)}
    if "points" not in row:
        return None
    maxima: set[float] = {
        c.exact
        for c in tables.cells
        if c.measure == "max_points" and c.file == cell.file and c.exact != row["max_points"].exact
    }
    return printed(100 * row["points"].exact / rng.choice(sorted(maxima)), cell.decimals)


def _sign(cell: Cell, tables: Tables, rng: np.random.Generator) -> str | None:
    return printed(-cell.exact, cell.decimals)


def _off_by_one(cell: Cell, tables: Tables, rng: np.random.Generator) -> str | None:
    if cell.measure not in ("rank", "rank_change"):
        return None
    step = int(rng.choice([-1, 1]))
    return str(int(cell.exact) + (1 if cell.exact + step < 1 and cell.measure == "rank" else step))


SLIPS: dict[str, Callable[[Cell, Tables, np.random.Generator], str | None]] = {
    "transposition": _transposed,
    "truncation": _truncated,
    "neighbour row": _neighbour,
    "wrong denominator": _wrong_denominator,
    "sign": _sign,
    "off-by-one rank": _off_by_one,
}


@dataclass(frozen=True)
class Slip:
    """One slip: which cell, what kind, what is printed instead."""

    kind: str
    cell: Cell
    text: str

    @property
    def visible(self) -> bool:
        """Whether an identity pins the cell and the slip is larger than rounding can hide."""
        size = abs(float(self.text) - float(printed(self.cell.exact, self.cell.decimals)))
        return math.isfinite(self.cell.hidden) and size > self.cell.hidden + 1e-9


def slip_in(tables: Tables, rng: np.random.Generator) -> tuple[Slip, dict[str, pd.DataFrame]]:
    """Put one slip into one cell: each cell equally likely, then each kind that applies to it."""
    while True:
        cell = tables.cells[rng.integers(len(tables.cells))]
        right = tables.frames[cell.file][cell.measure].iloc[cell.row]
        made = {kind: make(cell, tables, rng) for kind, make in SLIPS.items()}
        made = {k: text for k, text in made.items() if text and float(text) != float(right)}
        if made:
            break
    kind = sorted(made)[rng.integers(len(made))]
    frames = {name: frame.copy() for name, frame in tables.frames.items()}
    column = frames[cell.file][cell.measure].tolist()
    column[cell.row] = made[kind]
    frames[cell.file][cell.measure] = column
    return Slip(kind, cell, made[kind]), frames


# --- the audit, from outside ---------------------------------------------------------------------


def findings(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Audit one set of tables; the only line that knows the audit."""
    from sipas.auditing import audit

    return audit(*frames.values(), ranked=63).findings


def clean_alarms(count: int, seed: int) -> int:
    """Count findings on clean tables."""
    rng = np.random.default_rng(seed)
    return sum(len(findings(draw(rng).frames)) for _ in range(count))


def outcome(slip: Slip, frames: dict[str, pd.DataFrame]) -> str:
    """Say whether the cell was named, was among the suspects, was noticed at all, or missed."""
    found = findings(frames)
    if found.empty:
        return "missed"
    cell, table = slip.cell, slip.cell.file.removesuffix(".csv")
    same = found["table"].eq(table) & found["row"].eq(cell.row) & found["measure"].eq(cell.measure)
    if same.any():
        return "named"
    name = f"{table}:{cell.code}.{cell.measure}"
    return "suspected" if any(name in each for each in found["suspects"]) else "noticed"


def trial(count: int, seed: int) -> pd.DataFrame:
    """Put in slips one by one, each into a fresh clean set; one row a slip."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        slip, frames = slip_in(draw(rng), rng)
        rows.append(
            {
                "kind": slip.kind,
                "measure": slip.cell.measure,
                "pinned": math.isfinite(slip.cell.hidden),
                "visible": slip.visible,
                "outcome": outcome(slip, frames),
                "where": f"{slip.cell.file}:{slip.cell.year}:{slip.cell.code}",
                "was": printed(slip.cell.exact, slip.cell.decimals),
                "text": slip.text,
            }
        )
    return pd.DataFrame(rows)


def summary(rows: pd.DataFrame, by: str) -> str:
    """Write recall: slips, seen at all, and of the visible ones those seen and those named."""
    lines = [
        f"| {by} | slips | seen | visible | seen of visible | named of visible |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, part in [*rows.groupby(by), ("all", rows)]:
        seen = part["outcome"].ne("missed")
        visible = part["visible"]
        counts = Counter(part["outcome"][visible])
        lines.append(
            f"| {name} | {len(part)} | {seen.sum()} | {visible.sum()} | "
            f"{(seen & visible).sum()} | {counts['named']} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clean", type=int, default=200)
    parser.add_argument("--slips", type=int, default=500)
    parser.add_argument("--seed", type=int, default=20230601)
    parser.add_argument(
        "--show", action="store_true", help="List the visible slips that were missed."
    )
    given = parser.parse_args()
    print(f"findings on {given.clean} clean sets: {clean_alarms(given.clean, given.seed)}")
    rows = trial(given.slips, given.seed + 1)
    print(summary(rows, "kind"))
    print(summary(rows, "measure"))
    if given.show:
        print(rows[rows["visible"] & rows["outcome"].ne("named")].to_string())


if __name__ == "__main__":
    main()
