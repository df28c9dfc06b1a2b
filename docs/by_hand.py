"""What the computations of docs/differences.py share: data, R's numbers, variances by loops."""

from __future__ import annotations

import json
import math
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

ROOT = Path(__file__).resolve().parents[1]
ORACLES = ROOT / "tests" / "oracles"
sys.path[:0] = [folder for folder in (str(ROOT), str(ORACLES)) if folder not in sys.path]


@cache
def cases() -> dict[str, dict[str, Any]]:
    """Every reference case, by id."""
    listed = json.loads((ORACLES / "cases.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in listed}


def expected(case: str) -> dict[str, Any]:
    """What R gave."""
    return dict(cases()[case]["expect"])


@cache
def sheet(name: str) -> pd.DataFrame:
    """The data; an empty field is missing, and nothing else is."""
    return pd.read_csv(ORACLES / f"{name}.csv", keep_default_na=False, na_values=[""])


def t_quantile(df: float) -> float:
    """Student's quantile for 95 %."""
    return float(stats.t.ppf(0.975, df))


def variance(score: np.ndarray, psu: Any, stratum: Any = 0, population: Any = math.inf) -> float:
    """Variance of a sum of row scores: Σ (1 − n/N) n/(n−1) Σ (z − z̄)², stratum by stratum."""
    frame = pd.DataFrame({"z": score, "psu": psu, "h": stratum, "N": population})
    total = 0.0
    for _, rows in frame.groupby("h"):
        sums = rows.groupby("psu")["z"].sum().to_numpy()
        n, size = len(sums), rows["N"].iloc[0]
        if n < size:
            total += (1 - n / size) * n / (n - 1) * float(((sums - sums.mean()) ** 2).sum())
    return total


def mean_and_score(y: np.ndarray, weight: np.ndarray) -> tuple[float, np.ndarray]:
    """Weighted mean, and each row's part in it: w (y − ȳ) / Σw."""
    mean = float(weight @ y / weight.sum())
    return mean, weight * (y - mean) / weight.sum()


def line(name: str, *numbers: object) -> str:
    """One row of a printed table: a name of 34 places, numbers of 15."""
    return f"{name:<34}" + "".join(f"{number!s:>15}" for number in numbers).rstrip()
