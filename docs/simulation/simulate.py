"""Run the simulation study, and write its results: ``python docs/simulation/simulate.py tests``.

Scenarios that the table of results already holds are left out, so that a run can be stopped and
gone on with; ``--seconds 50`` stops by itself after the scenario at which 50 seconds have passed.
``pages.py`` makes the tables and figures of docs/simulation.md from the results.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

from change_tests import rejections  # noqa: E402
from drivers_of_change import contributions_covered, sets_of_worst  # noqa: E402
from interval_coverage import change_coverage, level_coverage  # noqa: E402
from simulated_answers import (  # noqa: E402
    Fall,
    account_scenarios,
    dimension_years,
    fall_scenarios,
    satisfied,
    sheets,
    template,
)
from simulated_years import (  # noqa: E402
    Scenario,
    coverage_scenarios,
    draw_years,
    households,
    size_scenarios,
)

#: Pairs of years drawn at once.
BATCH, SMALL_BATCH = 250, 20
#: Pairs of years of each scenario; the controls of the tests need fewer.
TESTED, CONTROLLED, COVERED, RANKED, SPLIT = 20_000, 2_000, 4_000, 1_000, 300
#: Sum of what came, and how many were asked, by measure.
Counts = dict[tuple[str, ...], list[float]]


def rejection_counts(scenario: Scenario, rng: np.random.Generator, pairs: int = TESTED) -> Counts:
    """Rejections of each test, in a scenario without a change."""
    counts: Counts = defaultdict(lambda: [0, 0])
    for start in range(0, pairs, BATCH):
        years = draw_years(scenario, min(BATCH, pairs - start), rng)
        made = rejections(years, controls=start < CONTROLLED)
        add(counts, {("test", name): rejected for name, rejected in made.items()})
    return counts


def coverage_counts(scenario: Scenario, rng: np.random.Generator, pairs: int = COVERED) -> Counts:
    """Intervals of levels and of the change that hold the truth, for province and district."""
    counts: Counts = defaultdict(lambda: [0, 0])
    for start in range(0, pairs, BATCH):
        first, then = draw_years(scenario, min(BATCH, pairs - start), rng)
        years = households(first), households(then)
        levels, changes = level_coverage(years[0], scenario), change_coverage(years, scenario)
        add(counts, {("level", *key): held for key, held in levels.items()})
        add(counts, {("change", *key): held for key, held in changes.items()})
    return counts


def fell_most_counts(fall: Fall, rng: np.random.Generator, pairs: int = RANKED) -> Counts:
    """Sets of components that may have fallen most."""
    counts: Counts = defaultdict(lambda: [0, 0])
    for start in range(0, pairs, SMALL_BATCH):
        answers = satisfied(fall, min(SMALL_BATCH, pairs - start), rng)
        made = sets_of_worst(dimension_years(answers, fall.scenario), fall)
        add(counts, {(name,): values for name, values in made.items()})
    return counts


def contribution_counts(fall: Fall, rng: np.random.Generator, pairs: int = SPLIT) -> Counts:
    """Intervals of contributions that hold the truth."""
    counts: Counts = defaultdict(lambda: [0, 0])
    form = template()
    for _ in range(pairs):
        answers = satisfied(fall, 1, rng)[:, 0]
        before, after = sheets(answers, fall.scenario, form, rng)
        made = contributions_covered(before, after, fall)
        add(counts, {(name,): held for name, held in made.items()})
    return counts


def add(counts: Counts, made: dict[tuple[str, ...], np.ndarray]) -> None:
    """Add up what came."""
    for key, came in made.items():
        counts[key][0] += float(came.sum())
        counts[key][1] += came.size


PARTS: dict[
    str, tuple[Callable[[], list[Scenario] | list[Fall]], Callable[..., Counts], list[str]]
] = {
    "tests": (size_scenarios, rejection_counts, ["of", "method"]),
    "intervals": (coverage_scenarios, coverage_counts, ["of", "place", "method"]),
    "fell_most": (fall_scenarios, fell_most_counts, ["of"]),
    "contributions": (account_scenarios, contribution_counts, ["by"]),
}


def results_of(part: str) -> Iterator[pd.DataFrame]:
    """Results of the scenarios that the table does not hold yet, one after the other."""
    scenarios, simulate, names = PARTS[part]
    done = set(pd.read_csv(table(part))["scenario"]) if table(part).exists() else set()
    for number, scenario in enumerate(scenarios()):
        if number in done:
            continue
        seed = [list(PARTS).index(part), number]
        counts = simulate(scenario, np.random.default_rng(seed))
        rows = [
            {**dict(zip(names, key, strict=True)), "mean": came / asked, "drawn": asked}
            for key, (came, asked) in counts.items()
        ]
        yield pd.DataFrame(rows).assign(scenario=number, **scenario.columns())


def table(part: str) -> Path:
    """Where the results of a part are kept."""
    return HERE / f"{part}.csv"


def main() -> None:
    """Run the parts named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=list(PARTS))
    parser.add_argument("--seconds", type=float, default=np.inf)
    asked = parser.parse_args()
    start = time.perf_counter()
    for made in results_of(asked.part):
        path = table(asked.part)
        made.to_csv(path, mode="a", header=not path.exists(), index=False)
        if time.perf_counter() - start > asked.seconds:
            return
    print(f"{asked.part}: complete")


if __name__ == "__main__":
    main()
