"""Make the made-up leader sheets of Huế, 2021 and 2022, that give the published figures.

An item's points mix four group means with fixed weights; a group's rate mixes its items. So
the sum of answers of every group on every item is chosen first (`leader_sums`), and the answers
are then spread over people by their latent opinion so that they add up to that sum.
The group weights and the score of an answer are illustrative: no source prints them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from drawing import (
    ANSWERED,
    Floats,
    Ints,
    as_text,
    left_out,
    output_folder,
    parameters,
    read,
    write,
)
from leader_sums import choose_sums
from leader_targets import TOP, Printed, printed
from printed import Target, require

YEARS = (2021, 2022)


def latent_answers(
    rng: np.random.Generator, made_up: dict[str, Any], items: list[str], people: int
) -> Floats:
    """People x items of latent opinions: person, domain and answer parts with unit variance."""
    rules = made_up["leaders"]
    own = rules["person"] ** 0.5 * rng.standard_normal((people, 1))
    domains = [item[:2] for item in items]
    factor = {d: rng.standard_normal(people) for d in dict.fromkeys(domains)}
    shared = np.column_stack([factor[d] for d in domains]) * rules["domain"] ** 0.5
    rest = (1 - rules["person"] - rules["domain"]) ** 0.5
    latent = own + shared + rest * rng.standard_normal((people, len(items)))
    steps: Floats = latent / rules["steepness"]
    return steps


def spread(latent: Floats, total: int) -> Ints:
    """Answers 1..5 of the people of ``latent`` whose scores 0..4 add up to ``total``.

    Person i reaches level k when a rising water mark passes k - latent_i. The ``total``
    lowest marks are passed, so the sum is exact whatever the latent values are.
    """
    marks = np.arange(1, TOP + 1)[None, :] - latent[:, None]
    passed = np.zeros(marks.size, dtype=np.int64)
    passed[np.argsort(marks, axis=None, kind="stable")[:total]] = 1
    answers: Ints = 1 + passed.reshape(marks.shape).sum(axis=1)
    return answers


def make(made_up: dict[str, Any], year: int) -> dict[str, list[str]]:
    """One year's sheet as columns of text."""
    rng = np.random.default_rng([made_up["seed"], year, 4])
    goal, rules = printed(made_up, year), made_up["leaders"]
    group = np.repeat(list(goal.sizes), list(goal.sizes.values()))
    items, people = list(goal.items), len(group)
    chance = np.full(people, rules["dont_know"])
    kind = np.column_stack([left_out(rng, rules["blank"], chance) for _ in items])
    latent = latent_answers(rng, made_up, items, people)
    members = [group == g for g in goal.sizes]
    counts = np.array([(kind[m] == ANSWERED).sum(axis=0) for m in members])
    sums = choose_sums(rng, goal, counts)
    answers = np.zeros_like(kind)
    for g, member in enumerate(members):
        for j in range(len(items)):
            who = member & (kind[:, j] == ANSWERED)
            answers[who, j] = spread(latent[who, j], int(sums[g, j]))
    columns = {"year": [str(year)] * people, "province": [made_up["province"]] * people}
    columns |= {"group": [str(g) for g in group]}
    columns |= {item: as_text(answers[:, j], kind[:, j]) for j, item in enumerate(items)}
    return columns | {"made_up": [made_up["mark"]] * people}


def group_means(rows: list[dict[str, str]], goal: Printed) -> dict[str, dict[str, Fraction]]:
    """Mean score (0 to 1) of each group on each item of a sheet, as fractions."""
    means: dict[str, dict[str, Fraction]] = {}
    for group in goal.sizes:
        own = [row for row in rows if row["group"] == group]
        for item in goal.items:
            given = [int(row[item]) - 1 for row in own if row[item] in set("12345")]
            means.setdefault(group, {})[item] = Fraction(sum(given), TOP * len(given))
    return means


def compare(rows: list[dict[str, str]], goal: Printed) -> Iterator[tuple[Target, Fraction]]:
    """Every printed figure beside the figure of the sheet."""
    means, top = group_means(rows, goal), sum(goal.maxima.values())
    points = {
        item: most * sum((goal.weights[g] * means[g][item] for g in means), Fraction(0))
        for item, most in goal.maxima.items()
    }
    total = sum(points.values(), Fraction(0))
    yield from ((goal.items[item], points[item]) for item in points)
    for code, target in goal.domains.items():
        yield target, sum((p for i, p in points.items() if i[1] == code[1]), Fraction(0))
    yield from ((target, total) for target in goal.totals)
    yield from ((target, 100 * total / top) for target in goal.total_rates)
    for group, target in goal.group_rates.items():
        earned = sum((goal.maxima[i] * mean for i, mean in means[group].items()), Fraction(0))
        yield target, 100 * earned / top


def check(made_up: dict[str, Any], path: Path, year: int) -> None:
    """Compare the written file with every printed figure of its year and its group sizes."""
    goal, rows = printed(made_up, year), read(path)
    sizes = {g: sum(row["group"] == g for row in rows) for g in goal.sizes}
    if sizes != dict(goal.sizes):
        raise SystemExit(f"{path.name}: groups of {sizes}, wanted {goal.sizes}")
    require(compare(rows, goal), path.name)


def main() -> None:
    """Write and check both years."""
    folder, made_up = output_folder(__doc__ or ""), parameters()
    for year in YEARS:
        path = folder / f"hue_leaders_{year}_madeup.csv"
        write(path, make(made_up, year))
        check(made_up, path, year)


if __name__ == "__main__":
    main()
