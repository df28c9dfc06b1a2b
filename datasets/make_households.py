"""Make the made-up household sheets of Huế, 2021 and 2022, that give the published figures.

Latent answers are drawn first (person, dimension, district, commune, village, noise). Then the
number of satisfied and of valid answers of each statement is chosen so that the dimension's
mean rate is the printed one, and the cut between 3 and 4 goes where it gives those counts. So
the figures are exact and the correlations are those of the latent draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from drawing import (
    ANSWERED,
    BLANK,
    Floats,
    Ints,
    as_text,
    left_out,
    output_folder,
    parameters,
    read,
    write,
)
from household_people import Columns, draw_people, place_effects
from printed import Target, published, require, targets

YEARS = (2021, 2022)
SATISFIED = {"4", "5"}
VALID = {"1", "2", "3", "4", "5"}
INDEX = "S0"


def statements() -> dict[str, list[str]]:
    """Statement codes by dimension, in printed order."""
    found: dict[str, list[str]] = {}
    for row in published("vinhlong_sipas", level="statement"):
        found.setdefault(row["code"].partition(".")[0], []).append(row["code"])
    return found


def printed_rates(year: int) -> dict[str, Target]:
    """Read the five dimensions and the index (S0) as printed for a year."""
    rows = published("hue_sipas_dimensions", year=str(year))
    return targets([row for row in rows if row["rate_pct"]], "rate_pct")


def choose_counts(
    valid: list[int], wanted: list[float], goal: float
) -> tuple[list[int], list[int]]:
    """Satisfied and valid counts of a dimension's items whose mean rate is nearest to ``goal``.

    Up to five satisfied answers of an item may be blanked, which moves its rate by far less
    than one answer more or less; the first three items are searched.
    """
    start = [round(n * rate) for n, rate in zip(valid, wanted, strict=True)]
    steps = [(fewer, turned - fewer) for fewer, turned in product(range(6), (0, -1, 1))]
    best, gap = [(0, 0)] * len(valid), float("inf")
    for moves in product(steps, repeat=min(3, len(valid))):
        full = [*moves, *[(0, 0)] * (len(valid) - len(moves))]
        rates = [(s + m[1]) / (n - m[0]) for s, n, m in zip(start, valid, full, strict=True)]
        distance = abs(sum(rates) / len(rates) - goal)
        if distance < gap - 1e-12:
            best, gap = full, distance
    blanked = [move[0] for move in best]
    return [s + move[1] for s, move in zip(start, best, strict=True)], blanked


def levels(latent: Floats, satisfied: int, made_up: dict[str, Any]) -> Ints:
    """Answers 1..5 of those who answered: the ``satisfied`` highest get 4 or 5."""
    others = len(latent) - satisfied
    threes, twos, _ = made_up["shares_of_321"]
    ones, two_or_less = round(others * (1 - threes - twos)), round(others * (1 - threes))
    cuts = [
        ones,
        two_or_less,
        others,
        others + satisfied - round(satisfied * made_up["share_of_5"]),
    ]
    rank = np.empty(len(latent), dtype=np.int64)
    rank[np.argsort(latent, kind="stable")] = np.arange(len(latent))
    answer: Ints = 1 + (rank[:, None] >= np.array(cuts)).sum(axis=1)
    return answer


def draw_latent(
    made_up: dict[str, Any],
    year: int,
    columns: Columns,
    person: Floats,
    asked: dict[str, list[str]],
) -> dict[str, Floats]:
    """Latent answers by item, and ``overall``: half of what is common, half its own noise."""
    rng = np.random.default_rng([made_up["seed"], year, 1])
    size, n = made_up["variance"], len(person)
    common = person + place_effects(made_up, year, columns, "shared")
    common = common + size["person"] ** 0.5 * rng.standard_normal(n)
    latent: dict[str, Floats] = {}
    for dimension, items in asked.items():
        factor = size["dimension"] ** 0.5 * rng.standard_normal(n)
        of_dimension = common + factor + place_effects(made_up, year, columns, dimension)
        for item in items:
            latent[item] = of_dimension + size["answer"] ** 0.5 * rng.standard_normal(n)
    mean = np.mean(list(latent.values()), axis=0)
    return latent | {"overall": mean + 0.6 * mean.std() * rng.standard_normal(n)}


def draw_left_out(
    made_up: dict[str, Any], year: int, columns: Columns, items: list[str]
) -> dict[str, Ints]:
    """Blank and don't-know answers; who used no service more often does not know."""
    rng = np.random.default_rng([made_up["seed"], year, 2])
    rules, yes = made_up["households"], made_up["people"]["used_service"]["yes"]
    user = np.array([answer == yes for answer in columns["used_service"]])
    found = {}
    for item in items:
        key = next((k for k in ("S5", "P") if item.startswith(k)), "default")
        chance = rules["dont_know"][key] * np.where(user, 1.0, rules["dont_know_if_not_user"])
        found[item] = left_out(rng, rules["blank"][key], chance)
    return found


def answer_dimension(
    made_up: dict[str, Any],
    goal: float,
    items: list[str],
    latent: dict[str, Floats],
    kind: dict[str, Ints],
    rng: np.random.Generator,
) -> Columns:
    """Cells of one dimension's items with the wanted mean rate."""
    spread = rng.uniform(-1, 1, len(items)) * made_up["households"]["spread"] / 100
    wanted = list(goal + spread - spread.mean())
    valid = [int((kind[item] == ANSWERED).sum()) for item in items]
    satisfied, blanked = choose_counts(valid, wanted, goal)
    cells = {}
    for item, yes, fewer in zip(items, satisfied, blanked, strict=True):
        kinds, answers = kind[item].copy(), np.zeros(len(latent[item]), dtype=np.int64)
        kinds[rng.choice(np.flatnonzero(kinds == ANSWERED), fewer, replace=False)] = BLANK
        who = kinds == ANSWERED
        answers[who] = levels(latent[item][who], yes, made_up["households"])
        cells[item] = as_text(answers, kinds)
    return cells


def make(made_up: dict[str, Any], year: int) -> Columns:
    """One year's sheet as columns of text."""
    columns, person = draw_people(np.random.default_rng([made_up["seed"], year, 0]), made_up, year)
    rules = made_up["households"]
    policy = rules["policy_rate"][str(year)]
    asked = statements() | {code: [f"{code}.1"] for code in policy}
    latent = draw_latent(made_up, year, columns, person, asked)
    kind = draw_left_out(made_up, year, columns, list(latent))
    rng = np.random.default_rng([made_up["seed"], year, 3])
    goals = policy | {"overall": rules["overall_rate"][str(year)]}
    goals |= {code: float(target.value) for code, target in printed_rates(year).items()}
    for code, items in (asked | {"overall": ["overall"]}).items():
        columns |= answer_dimension(made_up, goals[code] / 100, items, latent, kind, rng)
    return columns | {"made_up": [made_up["mark"]] * len(person)}


def exact_rates(rows: list[dict[str, str]]) -> Iterator[tuple[str, Fraction]]:
    """Dimension rates and the index of a sheet, in per cent, as fractions."""
    dimensions: list[Fraction] = []
    for code, items in statements().items():
        rates: list[Fraction] = []
        for item in items:
            given = [row[item] for row in rows if row[item] in VALID]
            rates.append(Fraction(100 * sum(a in SATISFIED for a in given), len(given)))
        dimensions.append(mean(rates))
        yield code, dimensions[-1]
    yield INDEX, mean(dimensions)


def check(path: Path, year: int) -> None:
    """Compare the written file with every printed figure of its year."""
    printed, rows = printed_rates(year), read(path)
    require([(printed[code], rate) for code, rate in exact_rates(rows)], path.name)


def main() -> None:
    """Write and check both years."""
    folder, made_up = output_folder(__doc__ or ""), parameters()
    for year in YEARS:
        path = folder / f"hue_households_{year}_madeup.csv"
        write(path, make(made_up, year))
        check(path, year)


if __name__ == "__main__":
    main()
