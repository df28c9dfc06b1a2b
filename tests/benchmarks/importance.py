"""How fast importance is, against pingouin in the same run.

``python tests/benchmarks/importance.py [--no-peer] [--out docs/importance.md]``

486 made-up respondents of 18 communes in 3 districts answer correlated items. In one run:
``lmg`` beside ``pingouin.linear_regression(relimp=True)`` for 10 and 12 predictors, exact ``lmg``
for 22, ``owen`` for 38 in five dimensions, ``lmg`` for 38 by drawn orders with 500 bootstrap
replicates, and the same for 22. Times are medians. With ``--out`` the table between the two
marks of that file is written anew.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import survey

ROWS, PSUS, STRATA, DIMENSIONS, REPLICATES = 486, 18, 3, 5, 500
START, END = "<!-- measured -->", "<!-- end of measured -->"


def respondents(p: int, seed: int = 20221121) -> tuple[pd.DataFrame, list[str]]:
    """Made-up correlated answers with a commune effect, and an outcome of their own."""
    rng = np.random.default_rng(seed)
    psu = np.arange(ROWS) % PSUS
    common = rng.normal(size=(ROWS, 1)) + 0.3 * rng.normal(size=PSUS)[psu, None]
    x = common + 1.2 * rng.normal(size=(ROWS, p))
    names = [f"q{k:02d}" for k in range(1, p + 1)]
    frame = pd.DataFrame(x, columns=names)
    outcome = x @ rng.uniform(0, 1, p) / p + rng.normal(size=ROWS)
    return frame.assign(y=outcome, commune=psu, district=psu // (PSUS // STRATA)), names


def median_time(task: Callable[[], object], repeats: int) -> float:
    """Median seconds of several calls, after one that is not counted."""
    task()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def bootstrapped(frame: pd.DataFrame) -> survey.ReplicateDesign:
    design = survey.Design(frame, strata="district", psu="commune")
    return survey.as_replicates(design, "bootstrap", n=REPLICATES, seed=1)


def beside_pingouin(p: int) -> list[str]:
    """One row: both at the same number of predictors, and how far apart."""
    import pingouin

    frame, names = respondents(p)

    def peer() -> pd.DataFrame:
        return pingouin.linear_regression(frame[names], frame["y"], relimp=True)

    theirs = median_time(peer, 3)
    ours = median_time(lambda: survey.lmg(frame, "y", names), 9)
    apart = np.abs(peer()["relimp"].to_numpy()[1:] - survey.lmg(frame, "y", names).value).max()
    return [
        f"`lmg`, {p} predictors, and pingouin",
        f"{ours:.4f}",
        f"pingouin {theirs:.3g} s, {theirs / ours:,.0f} times; apart by {apart:.0e}",
    ]


def alone() -> list[list[str]]:
    """Rows that pingouin cannot run."""
    frame22, names22 = respondents(22)
    frame38, names38 = respondents(38)
    groups = {f"D{k}": names38[k * 8 : (k + 1) * 8] for k in range(DIMENSIONS)}
    sampled22, sampled38 = bootstrapped(frame22), bootstrapped(frame38)
    drawn = survey.lmg(sampled38, "y", names38)
    shared = survey.lmg(sampled22, "y", names22)
    tasks: list[tuple[str, Callable[[], object], int, str]] = [
        ("`lmg`, 22 predictors, every subset", lambda: survey.lmg(frame22, "y", names22), 3, ""),
        (
            "`lmg`, 22 predictors, 500 replicates",
            lambda: survey.lmg(sampled22, "y", names22),
            1,
            " ".join(shared.notes),
        ),
        (
            "`owen`, 38 predictors in 5 groups",
            lambda: survey.owen(frame38, "y", names38, groups=groups),
            5,
            "",
        ),
        (
            "`owen`, 38 predictors, 500 replicates",
            lambda: survey.owen(sampled38, "y", names38, groups=groups),
            3,
            "",
        ),
        (
            "`lmg`, 38 predictors by drawn orders, 500 replicates",
            lambda: survey.lmg(sampled38, "y", names38),
            1,
            " ".join(drawn.notes),
        ),
    ]
    return [[name, f"{median_time(task, n):.3g}", note] for name, task, n, note in tasks]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-peer", action="store_true", help="leave pingouin out")
    parser.add_argument("--out", type=Path, help="file whose table is written anew")
    options = parser.parse_args()
    rows = [] if options.no_peer else [beside_pingouin(p) for p in (10, 12)]
    rows += alone()
    head = ["task", "seconds", "beside it"]
    lines = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * 3, *rows)]
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, 2 cores"
    text = "\n".join([START, versions + ".", "", *lines, END])
    print(text)
    if options.out:
        page = options.out.read_text(encoding="utf-8")
        before, after = page.split(START)[0], page.split(END)[1]
        options.out.write_text(before + text + after, encoding="utf-8")


if __name__ == "__main__":
    main()
