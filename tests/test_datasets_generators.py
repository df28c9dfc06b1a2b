"""The committed data are what their scripts make, what their cards say and what is printed."""

from __future__ import annotations

import csv
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DATASETS = ROOT / "datasets"
VALID = set("12345")
WEIGHTS = {
    "hdnd": Fraction(1, 4),
    "so": Fraction(2, 5),
    "phong": Fraction(3, 10),
    "huyen": Fraction(1, 20),
}
MADE = {
    "make_households.py": ["hue_households_2021_madeup.csv", "hue_households_2022_madeup.csv"],
    "make_leaders.py": ["hue_leaders_2021_madeup.csv", "hue_leaders_2022_madeup.csv"],
}


def sheet(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(DATASETS / script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def shown(value: Fraction, decimals: int) -> str:
    """Half up, once, on the exact value."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def index_rows(rows: list[dict[str, str]], weight: str | None = None) -> Iterator[Fraction]:
    """Dimension rates S1, S2, ... and their mean, in per cent."""
    dimensions: dict[str, list[Fraction]] = {}
    for code in [name for name in rows[0] if re.fullmatch(r"S\d\.\d", name)]:
        given = [(r[code], Fraction(r[weight]) if weight else 1) for r in rows if r[code] in VALID]
        satisfied = sum(w for answer, w in given if answer in "45")
        rate = Fraction(100) * satisfied / sum(w for _, w in given)
        dimensions.setdefault(code[:2], []).append(rate)
    rates = [sum(items, Fraction(0)) / len(items) for items in dimensions.values()]
    yield from rates
    yield sum(rates, Fraction(0)) / len(rates)


@pytest.mark.parametrize("script", MADE)
def test_scripts_reproduce_the_committed_files_byte_for_byte(script: str, tmp_path: Path) -> None:
    done = run(script, "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == MADE[script]
    for name in MADE[script]:
        assert (tmp_path / name).read_bytes() == (DATASETS / "synthetic" / name).read_bytes()


@pytest.mark.parametrize(
    ("year", "printed"),
    [
        (2021, ["88.17", "88.03", "88.66", "88.17", "89.98", "88.60"]),
        (2022, ["83.08", "80.95", "77.36", "79.69", "76.72", "79.56"]),
    ],
)
def test_households_give_the_printed_dimensions(year: int, printed: list[str]) -> None:
    rows = sheet(DATASETS / "synthetic" / f"hue_households_{year}_madeup.csv")
    assert [shown(rate, 2) for rate in index_rows(rows)] == printed


def test_household_sample_is_27_in_each_of_18_villages_of_nine_communes() -> None:
    years = {}
    for year in (2021, 2022):
        rows = sheet(DATASETS / "synthetic" / f"hue_households_{year}_madeup.csv")
        villages: dict[tuple[str, str, str], int] = {}
        for row in rows:
            place = (row["district"], row["commune"], row["village"])
            villages[place] = villages.get(place, 0) + 1
        assert len(villages) == 18
        assert set(villages.values()) == {27}
        assert len({village for *_, village in villages}) == 18
        assert len({row["id"] for row in rows}) == 486
        assert {row["made_up"] for row in rows} == {"số liệu giả lập"}
        years[year] = villages
    communes = [{place[:2] for place in villages} for villages in years.values()]
    assert communes[0] == communes[1]
    assert len(communes[0]) == 9
    assert not {p[2] for p in years[2021]} & {p[2] for p in years[2022]}


def leader_means(year: int) -> tuple[list[str], dict[str, dict[str, Fraction]]]:
    rows = sheet(DATASETS / "synthetic" / f"hue_leaders_{year}_madeup.csv")
    items = [name for name in rows[0] if name.startswith("L")]
    means: dict[str, dict[str, Fraction]] = {group: {} for group in WEIGHTS}
    for group in WEIGHTS:
        for item in items:
            answers = [r[item] for r in rows if r["group"] == group and r[item] in VALID]
            means[group][item] = Fraction(sum(int(a) - 1 for a in answers), 4 * len(answers))
    return items, means


def item_points(year: int) -> dict[str, Fraction]:
    items, means = leader_means(year)
    printed = sheet(DATASETS / "published" / "hue_leader_items.csv")
    most = {r["code"]: Fraction(r["max_points"]) for r in printed if r["year"] == str(year)}
    return {
        item: most[item] * sum((w * means[g][item] for g, w in WEIGHTS.items()), Fraction(0))
        for item in items
    }


@pytest.mark.parametrize(
    ("year", "decimals", "domains", "total"),
    [
        (2021, 2, ["3.90", "3.44", "4.56", "3.09", "3.29"], "18.28"),
        (2022, 4, ["3.25", "3.22", "7.08", "3.01", "0.85"], "17.42"),
    ],
)
def test_leaders_give_the_printed_points(
    year: int, decimals: int, domains: list[str], total: str
) -> None:
    points = item_points(year)
    printed = {
        row["code"]: Decimal(row["points"])
        for row in sheet(DATASETS / "published" / "hue_leader_items.csv")
        if row["year"] == str(year) and row["level"] == "item"
    }
    assert {code: Decimal(shown(p, decimals)) for code, p in points.items()} == printed
    sums = [sum((p for c, p in points.items() if c[1] == d), Fraction(0)) for d in "24567"]
    assert [shown(value, 2) for value in sums] == domains
    assert shown(sum(points.values(), Fraction(0)), 2) == total


def test_leaders_of_2022_give_the_printed_rates() -> None:
    items, means = leader_means(2022)
    rates = {g: sum(means[g].values(), Fraction(0)) * 100 / len(items) for g in WEIGHTS}
    assert {g: shown(rate, 2) for g, rate in rates.items()} == {
        "hdnd": "82.06",
        "so": "80.17",
        "phong": "73.50",
        "huyen": "90.65",
    }
    assert shown(sum(item_points(2022).values(), Fraction(0)) * 100 / 22, 2) == "79.16"


@pytest.mark.parametrize(
    ("name", "weight", "by_hand"),
    [
        ("hue_worked_12_before", None, [Fraction(165, 2), Fraction(80), Fraction(325, 4)]),
        ("hue_worked_12", None, [Fraction(155, 2), Fraction(65), Fraction(285, 4)]),
        ("hue_worked_12_before", "weight", [Fraction(82), Fraction(74), Fraction(78)]),
        ("hue_worked_12", "weight", [Fraction(73), Fraction(68), Fraction(141, 2)]),
    ],
)
def test_worked_sheets_give_the_figures_worked_by_hand(
    name: str, weight: str | None, by_hand: list[Fraction]
) -> None:
    rows = sheet(DATASETS / "worked" / f"{name}.csv")
    assert list(index_rows(rows, weight)) == by_hand


def test_cards_name_every_file_with_its_rows_columns_and_sha256() -> None:
    card = (DATASETS / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\S+\.csv)` \| (\d+) \| (\d+) \| `([0-9a-f]{64})` \|$", card, re.M)
    files = sorted(p for p in DATASETS.rglob("*.csv"))
    assert sorted(name for name, *_ in listed) == [
        p.relative_to(DATASETS).as_posix() for p in files
    ]
    for name, rows, columns, digest in listed:
        path = DATASETS / name
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest, name
        assert (len(sheet(path)), len(sheet(path)[0])) == (int(rows), int(columns)), name


def test_card_script_agrees_with_the_cards() -> None:
    assert run("make_cards.py", "--check").returncode == 0
