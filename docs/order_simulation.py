"""Coverage and size of the "fell most" set, and of intervals for ranks, by simulation.

``python docs/order_simulation.py`` prints the tables of ``docs/order.md``, all of them or the
parts named (``sets-alike-6``, ``ranks-63-joint``, …). All samples are made up. Changes are drawn
as they arise in the design of a province, from 9 communes in 3 districts (6 degrees of freedom),
from 15, or from 3, and go through the public functions.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from unittest.mock import patch

import numpy as np
import pandas as pd

import survey
from survey.ranks import fell_most, rank_intervals
from survey.ranks.results import Method
from survey.scores import Bools, Floats

NAMES = ["S1", "S2", "S3", "S4", "S5"]
PAIRS, DRAWS = 1_000, 1_000

#: Sampling error of five changes: alike, and as measured on the made-up Huế sheets.
ALIKE = 2.3**2 * (0.4 * np.eye(5) + 0.6)
_SE = np.array([1.12, 2.71, 3.32, 2.27, 2.65])
_CORRELATION = np.array(
    [
        [1.00, 0.58, 0.85, 0.78, 0.17],
        [0.58, 1.00, 0.57, 0.71, -0.30],
        [0.85, 0.57, 1.00, 0.80, 0.19],
        [0.78, 0.71, 0.80, 1.00, -0.05],
        [0.17, -0.30, 0.19, -0.05, 1.00],
    ]
)
ERRORS = {"alike": ALIKE, "unalike": np.outer(_SE, _SE) * _CORRELATION}

#: True changes in points.
TRUTHS = {
    "all equal": (0, 0, 0, 0, 0),
    "one 6 lower": (-6, 0, 0, 0, 0),
    "two 6 lower": (-6, -6, 0, 0, 0),
    "steps of 1": (-3, -2, -1, 0, 0),
    "last 6 lower": (0, 0, 0, 0, -6),
}

Shape = tuple[int, int]


def drawn_changes(
    truth: Floats, covariance: Floats, shape: Shape, rng: np.random.Generator
) -> survey.Estimates:
    """Estimate changes from one sample of strata × PSUs with this covariance of the means."""
    strata, psus = shape
    size = strata * psus
    error = rng.multivariate_normal(np.zeros(len(truth)), size * covariance, size)
    frame = pd.DataFrame(truth + error, columns=NAMES)
    frame = frame.assign(district=np.repeat(np.arange(strata), psus), commune=np.arange(size))
    return survey.mean(survey.Design(frame, strata="district", psu="commune"), NAMES)


def held(
    truth: Floats, covariance: Floats, shape: Shape, pairs: int, *, seed: int, level: float = 0.95
) -> Bools:
    """Which components the set holds in each sample, shape (pairs, 5)."""
    rng = np.random.default_rng(seed)
    samples = (drawn_changes(truth, covariance, shape, rng) for _ in range(pairs))
    sets = [fell_most(s, draws=DRAWS, seed=k, level=level) for k, s in enumerate(samples)]
    return np.array([one.in_set for one in sets])


def fell_most_rows(errors: str, shape: Shape, pairs: int = PAIRS) -> Iterator[str]:
    """Coverage of the worst-covered truly worst component, and mean size, for each truth."""
    df = shape[0] * (shape[1] - 1)
    for seed, (said, truth) in enumerate(TRUTHS.items()):
        true = np.array(truth, dtype=np.float64)
        kept = held(true, ERRORS[errors], shape, pairs, seed=seed)
        covered, size = kept[:, true == true.min()].mean(axis=0).min(), kept.sum(axis=1).mean()
        yield f"| {errors} | {df} | {said} | {covered:.3f} | {size:.2f} |"


def own_scale_rows(errors: str) -> Iterator[str]:
    """Give the same with each difference divided by its own standard error alone."""
    with patch("survey.ranks.moderated_contrasts.MEAN_DF", 0.0):
        for row in fell_most_rows(errors, (3, 3)):
            yield row.replace(f"| {errors} |", f"| {errors}, own scale |")


def rank_row(units: int, method: Method, pairs: int = 200) -> Iterator[str]:
    """Width of the intervals, coverage of each rank and of all at once."""
    rng = np.random.default_rng(units)
    inside, width = [], []
    for _ in range(pairs):
        true, se = 80 + 3.5 * rng.standard_normal(units), rng.uniform(1.2, 2.4, units)
        found = rank_intervals(rng.normal(true, se), se, method=method, draws=DRAWS)
        rank = (-true).argsort().argsort() + 1
        inside.append((found.low <= rank) & (rank <= found.high))
        width.append((found.high - found.low + 1).mean())
    each, once = np.mean(inside), np.mean([one.all() for one in inside])
    yield f"| {units} | {method} | {np.mean(width):.1f} | {each:.3f} | {once:.2f} |"


SETS = (
    "| sampling errors | df | true changes | truly worst covered | mean size of 5 |\n" + "|---" * 5
)
RANKS = "| units | method | mean width | ranks covered | all at once |\n" + "|---" * 5
METHODS: tuple[Method, ...] = ("marginal", "joint", "bootstrap")
PARTS: dict[str, Callable[[], Iterator[str]]] = {
    **{
        f"sets-{errors}-{strata * (psus - 1)}": partial(fell_most_rows, errors, (strata, psus))
        for errors in ERRORS
        for strata, psus in ((3, 3), (3, 5), (1, 3))
    },
    **{f"sets-{errors}-own": partial(own_scale_rows, errors) for errors in ERRORS},
    **{
        f"ranks-{n}-{method}": partial(rank_row, n, method) for n in (63, 34) for method in METHODS
    },
}

if __name__ == "__main__":
    wanted = sys.argv[1:] or list(PARTS)
    if unknown := set(wanted) - set(PARTS):
        sys.exit(f"No part {', '.join(sorted(unknown))}. Known: {', '.join(PARTS)}.")
    for head in (SETS, RANKS):
        print(f"{head}|")
        for name in wanted:
            if name.startswith("sets") == (head == SETS):
                print(*PARTS[name](), sep="\n", flush=True)
