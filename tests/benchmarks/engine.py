"""How fast the engine is, as ratios measured in one run.

``python tests/benchmarks/engine.py [--rows 36000 1000000] [--repeats 5] [--no-svy] [--out FILE]``

Respondents of 63 strata × 30 PSUs answer 38 five-level items, 3 % missing, with lognormal weights.
In the same run, on the same data: this library through its public functions on a pandas
DataFrame, from a fresh `Design` and with the same `Design` again; ``svy`` (if installed), which
starts from its ready frame; and a bare reference of one ``np.bincount`` an item on codes made
beforehand. Tasks: (a) 38 means with standard errors, (b) the same in each of 63 provinces,
(c) 500 bootstrap replicates of the 38 means. Times are medians; what counts are their ratios.
Calls are made in rounds, each of ours a few times and svy's once, so that a machine that is busy
for a second is busy for all of them.
"""

from __future__ import annotations

import argparse
import gc
import platform
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import survey

PROVINCES, PSUS, ITEMS, LEVELS, MISSING, REPLICATES = 63, 30, 38, 5, 0.03, 500
NAMES = [f"q{k:02d}" for k in range(1, ITEMS + 1)]


def respondents(n: int, seed: int = 20221121) -> pd.DataFrame:
    """Made-up respondents."""
    rng = np.random.default_rng(seed)
    psu = rng.permutation(np.arange(n) % (PROVINCES * PSUS))
    level = rng.normal(size=PROVINCES * PSUS)[psu] * 0.3
    columns = {"province": psu // PSUS, "psu": psu, "weight": rng.lognormal(sigma=0.5, size=n)}
    for name in NAMES:
        answer = np.clip(np.round(3.6 + level + rng.normal(size=n)), 1, LEVELS)
        answer[rng.random(n) < MISSING] = np.nan
        columns[name] = answer
    return pd.DataFrame(columns)


def median_times(
    tasks: dict[str, Callable[[], object]], repeats: int, rounds: int
) -> dict[str, float]:
    """Median seconds of each task, called in rounds; svy once a round."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            for _ in range(1 if name == "svy" else -(-repeats // rounds)):
                gc.collect()
                start = time.perf_counter()
                task()
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in times.items()}


# -- this library ---------------------------------------------------------------------------


def made(frame: pd.DataFrame) -> survey.Design:
    return survey.Design(frame, weights="weight", strata="province", psu="psu")


def means(design: survey.Design) -> tuple[pd.Series, pd.Series]:
    result = survey.mean(design, NAMES)
    return result.estimate, result.se


def means_by_province(design: survey.Design) -> tuple[pd.Series, pd.Series]:
    result = survey.mean(design, NAMES, by="province")
    return result.estimate, result.se


def bootstrap(design: survey.Design) -> tuple[pd.Series, pd.Series]:
    replicates = survey.as_replicates(design, "bootstrap", n=REPLICATES, seed=1)
    result = survey.mean(replicates, NAMES)
    return result.estimate, result.se


# -- the bare reference ---------------------------------------------------------------------


def bare(codes: list[np.ndarray], psu: np.ndarray, weight: np.ndarray, by: bool) -> np.ndarray:
    """Standard errors of the means: one bincount an item, nothing else."""
    n_psus = PROVINCES * PSUS
    values = np.arange(1, LEVELS + 1.0)
    y, x = np.empty((n_psus, ITEMS)), np.empty((n_psus, ITEMS))
    for k, code in enumerate(codes):
        table = np.bincount(psu * (LEVELS + 1) + code, weights=weight, minlength=n_psus * 6)
        table = table.reshape(n_psus, LEVELS + 1)[:, 1:]
        y[:, k], x[:, k] = table @ values, table.sum(axis=1)
    y, x = (z.reshape(PROVINCES, PSUS, ITEMS) for z in (y, x))
    axes = (1,) if by else (0, 1)
    total = x.sum(axis=axes, keepdims=True)
    z = (y - y.sum(axis=axes, keepdims=True) / total * x) / total
    z -= z.mean(axis=1, keepdims=True)
    return np.sqrt((z**2).sum(axis=axes) * PSUS / (PSUS - 1))


def bare_task(frame: pd.DataFrame, by: bool) -> Callable[[], object]:
    codes = [frame[name].fillna(0).to_numpy(np.int8) for name in NAMES]
    psu = frame["psu"].to_numpy(np.int64, copy=True)
    weight = frame["weight"].to_numpy(np.float64, copy=True)
    return lambda: bare(codes, psu, weight, by)


# -- svy ------------------------------------------------------------------------------------


def svy_tasks(frame: pd.DataFrame) -> dict[str, Callable[[], object]]:
    """The same tasks by svy, from its own frame."""
    import polars as pl
    import svy

    ready = pl.from_pandas(frame, nan_to_null=True)
    sample = svy.Sample(ready, svy.Design(stratum="province", psu="psu", wgt="weight"))

    def each(by: str | None) -> list[object]:
        return [sample.estimation.mean(name, by=by, drop_nulls=True) for name in NAMES]

    def replicated() -> list[object]:
        fresh = svy.Sample(ready, svy.Design(stratum="province", psu="psu", wgt="weight"))
        weighted = fresh.weighting.create_bs_wgts(n_reps=REPLICATES, rstate=1)
        return [
            weighted.estimation.mean(name, method="replication", drop_nulls=True) for name in NAMES
        ]

    return {"a": lambda: each(None), "b": lambda: each("province"), "c": replicated}


# -- report ---------------------------------------------------------------------------------


def measure(n: int, repeats: int, with_svy: bool) -> list[dict[str, object]]:
    """Times and ratios of every task at one size."""
    frame = respondents(n)
    used = made(frame)
    tasks = {"a": means, "b": means_by_province, "c": bootstrap}
    for task in tasks.values():
        task(used)
    peer = svy_tasks(frame) if with_svy else {}
    rows: list[dict[str, object]] = []
    for name, task in tasks.items():
        slow = n > 100_000
        timed = {
            "fresh": lambda task=task: task(made(frame)),
            "again": lambda task=task: task(used),
        }
        if name != "c":
            timed["bare"] = bare_task(frame, name == "b")
        if name in peer and not (slow and name == "c"):
            timed["svy"] = peer[name]
        seconds = median_times(timed, repeats, rounds=1 if slow else min(repeats, 3))
        fresh, again = seconds["fresh"], seconds["again"]
        reference, theirs = seconds.get("bare"), seconds.get("svy")
        rows.append(
            {
                "rows": n,
                "task": name,
                "fresh s": fresh,
                "again s": again,
                "bare s": reference,
                "svy s": theirs,
                "svy / fresh": theirs and theirs / fresh,
                "svy / again": theirs and theirs / again,
                "fresh / bare": reference and fresh / reference,
                "again / bare": reference and again / reference,
            }
        )
    rows[1]["extra memory / frame"] = memory(frame)
    return rows


def memory(frame: pd.DataFrame) -> float:
    """Peak extra memory of task (b) from a fresh design, as a share of the frame."""
    gc.collect()
    tracemalloc.start()
    means_by_province(made(frame))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / int(frame.memory_usage(deep=True).sum())


def check(frame: pd.DataFrame) -> float:
    """Largest relative difference of our standard errors from the bare reference's."""
    design = made(frame)
    gaps = []
    for by, task in ((False, means), (True, means_by_province)):
        ours = task(design)[1].to_numpy().reshape(ITEMS, -1).T.squeeze()
        theirs = bare_task(frame, by)()
        gaps.append(np.max(np.abs(ours - theirs) / theirs))
    return float(max(gaps))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[36_000, 1_000_000])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--no-svy", action="store_true")
    parser.add_argument("--out", type=Path, help="also write the table as Markdown")
    options = parser.parse_args()
    rows = [
        row
        for n in options.rows
        for row in measure(n, options.repeats, with_svy=not options.no_svy)
    ]
    table = pd.DataFrame(rows)
    gap = check(respondents(36_000))
    head = (
        f"Python {platform.python_version()}, numpy {np.__version__}, pandas {pd.__version__}; "
        f"{platform.machine()}, {__import__('os').cpu_count()} cores. Standard errors agree with "
        f"the bare reference within {gap:.0e}."
    )
    text = table.to_string(float_format=lambda x: f"{x:.3g}", na_rep="–", index=False)
    print(f"{head}\n\n{text}")
    if options.out:
        options.out.write_text(f"{head}\n\n```\n{text}\n```\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
