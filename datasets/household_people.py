"""The made-up people of the household sheets: where they live, who they are, what shifts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from drawing import Floats, Ints, unit_effects
from printed import published

Columns = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Village:
    """One sampled village with everything printed or invented about the place it lies in."""

    district: str
    commune: str
    name: str
    area: str
    district_population: int
    commune_population: int
    population: int


def villages(made_up: dict[str, Any], year: int) -> list[Village]:
    """List the 18 villages of a year: nine printed communes, two invented villages in each."""
    urban, area = tuple(made_up["people"]["area"]["urban_prefixes"]), made_up["people"]["area"]
    found = []
    for row in published("hue_sipas_sample", level="commune"):
        commune, district = row["label_vi"], row["note"].partition("district=")[2]
        invented = made_up["communes"][commune]
        for name, population in invented["villages"][str(year)].items():
            where = area["urban" if commune.startswith(urban) else "rural"]
            whole = made_up["districts"][district]["population"]
            place = (whole, invented["population"], population)
            found.append(Village(district, commune, name, where, *place))
    return found


def codes(labels: list[str]) -> Ints:
    """Give labels numbers in order of first appearance."""
    order = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    return np.array([order[label] for label in labels])


def draw_people(
    rng: np.random.Generator, made_up: dict[str, Any], year: int
) -> tuple[Columns, Floats]:
    """Sheet columns that are not answers, and each person's latent shift from who they are."""
    homes = [
        v for v in villages(made_up, year) for _ in range(made_up["households"]["per_village"])
    ]
    who, n = made_up["people"], len(homes)
    age = _ages(rng, who["age"], n)
    user = rng.random(n) < who["used_service"]["share"][str(year)]
    columns = {
        "id": [f"H{year % 100}-{number:04d}" for number in range(1, n + 1)],
        "year": [str(year)] * n,
        "province": [made_up["province"]] * n,
        "district": [v.district for v in homes],
        "commune": [v.commune for v in homes],
        "village": [v.name for v in homes],
        "area": [v.area for v in homes],
        "district_population": [str(v.district_population) for v in homes],
        "commune_population": [str(v.commune_population) for v in homes],
        "village_population": [str(v.population) for v in homes],
        "gender": _choose(rng, [who["gender"]] * n),
        "age": [str(a) for a in age],
        "education": _by_area(rng, who["education"], homes, who["area"]["urban"]),
        "occupation": _by_area(rng, who["occupation"], homes, who["area"]["urban"]),
        "used_service": [who["used_service"]["yes" if u else "no"] for u in user],
    }
    shift = (age - who["age"]["mean"]) / 10 * who["age"]["shift_per_decade"]
    return columns, shift + who["used_service"]["shift"] * user


def _ages(rng: np.random.Generator, age: dict[str, float], n: int) -> Ints:
    """Whole ages, normal and cut at the ends."""
    drawn = np.rint(age["mean"] + age["sd"] * rng.standard_normal(n)).astype(np.int64)
    return np.clip(drawn, int(age["lowest"]), int(age["highest"]))


def _choose(rng: np.random.Generator, shares: list[dict[str, float]]) -> list[str]:
    """One label a person, each by their own table of shares."""
    chosen = []
    for table, draw in zip(shares, rng.random(len(shares)), strict=True):
        edges = np.cumsum(list(table.values()))
        chosen.append(list(table)[min(int((edges <= draw).sum()), len(table) - 1)])
    return chosen


def _by_area(
    rng: np.random.Generator, tables: dict[str, Any], homes: list[Village], urban: str
) -> list[str]:
    """Labels whose shares differ between town and country."""
    return _choose(rng, [tables["urban" if v.area == urban else "rural"] for v in homes])


def place_effects(made_up: dict[str, Any], year: int, columns: Columns, what: str) -> Floats:
    """District, commune and village part of a latent answer, one value a person.

    ``what`` is "shared" or a dimension. The commune part has the stated correlation between
    the years: it is a mix of one drawing common to both years and one of this year.
    """
    size, seed = made_up["variance"], made_up["seed"]
    streams = [seed, *what.encode()]
    commune_of, village_of = codes(columns["commune"]), codes(columns["village"])
    parent = [int(codes(columns["district"])[commune_of == c][0]) for c in np.unique(commune_of)]
    lasting = unit_effects(np.random.default_rng([*streams, 0]), parent)
    rng = np.random.default_rng([*streams, year])
    new, rho = unit_effects(rng, parent), size["persistence"]
    commune = rho**0.5 * lasting + (1 - rho) ** 0.5 * new
    owner = [int(commune_of[village_of == v][0]) for v in np.unique(village_of)]
    part = size["shared"] if what == "shared" else 1 - size["shared"]
    effect: Floats = _district(made_up, year, columns, what)
    effect = effect + (part * size["commune"]) ** 0.5 * commune[commune_of]
    effect = effect + (part * size["village"]) ** 0.5 * unit_effects(rng, owner)[village_of]
    return effect


def _district(made_up: dict[str, Any], year: int, columns: Columns, what: str) -> Floats:
    """Look up each district's fixed shift: the shared one, or the extra one of a dimension."""
    if what == "shared":
        shift = {name: d["shift"][str(year)] for name, d in made_up["districts"].items()}
    else:
        extra = made_up["households"]["dimension_shift"].get(str(year), {})
        shift = {name: extra.get(name, {}).get(what, 0.0) for name in made_up["districts"]}
    return np.array([shift[name] for name in columns["district"]])
