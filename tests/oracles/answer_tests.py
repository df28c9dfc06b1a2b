"""Design-based tests of means, ranks and tables."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pandas as pd
from oracle_designs import Case

from survey.hypothesis_tests import HypothesisTest, chisquare, rank_test, t_test
from survey.quadratic_forms import tail


def t(case: Case, made: Any) -> dict[str, Any]:
    """``svyttest``; for one mean R takes one degree of freedom too many."""
    stat = case["stat"]
    if "mu" in stat:
        return _t(t_test(made, stat["vars"][0], mu=stat["mu"], df=made.df - 1))
    y, group = stat["vars"]
    return _t(t_test(made, y, by=_grouping(case, made.data, group)))


def _t(result: HypothesisTest) -> dict[str, Any]:
    limits = result.confidence_interval()
    return {
        "statistic": result.statistic,
        "parameter": {"df": result.df[0]},
        "p_value": result.p,
        "estimate": result.estimates.point,
        "ci_low": limits["low"].to_numpy(),
        "ci_high": limits["high"].to_numpy(),
    }


def _grouping(case: Case, data: pd.DataFrame, name: str) -> pd.Series:
    """The grouping variable, as it is or as ``I(column == value)``."""
    made = re.search(rf"I\({name} == (\d+)\)", case["call"])
    return data[name] if made is None else (data[name] == float(made.group(1))).rename(name)


def rank(case: Case, made: Any) -> dict[str, Any]:
    """``svyranktest``; with several groups R prints the statistic and its df interchanged."""
    y, group = case["stat"]["vars"]
    result = rank_test(made, y, group, test=case["stat"]["test"], ties="row order")
    if result.kind == "t":
        return _t(result)
    size = result.df[0]
    return {
        "statistic": size,
        "parameter": {"Chisq": result.statistic * size},
        "p_value": result.p,
    }


def association(case: Case, made: Any) -> dict[str, Any]:
    """``svychisq``; its Pearson statistic counts rows that lack a variable."""
    asked = case["stat"].get("statistic", "F")
    result = chisquare(made, *case["stat"]["vars"], statistic=asked)
    names = {1: ["df"], 2: ["ndf", "ddf"]}[len(result.df)]
    rows = _rows(case, made) if asked in ("Chisq", "lincom", "saddlepoint") else 1.0
    answered = {
        "statistic": result.statistic * rows,
        "parameter": dict(zip(names, result.df, strict=True)),
        "p_value": result.p,
        "eigenvalues": result.eigenvalues,
        "X2": result.pearson,
        "ddf": result.df[-1],
    }
    if asked in ("lincom", "saddlepoint"):
        answered |= _cut_down(result.pearson, result.eigenvalues, result.df[0], asked)
    return answered


def _rows(case: Case, made: Any) -> float:
    """All rows of the design, over those that hold both variables."""
    counted = made.inside & (made.weight > 0)
    both = made.data[case["stat"]["vars"]].notna().all(axis=1).to_numpy()
    return float(counted.sum() / (counted & both).sum())


def _cut_down(pearson: float, effects: np.ndarray, df: float, asked: str) -> dict[str, float]:
    """R's own numbers: the denominator is (X2 / df) times a chi-square on floor(df)."""
    whole = df if math.isinf(df) else float(math.floor(df + 1e-9))
    pearson *= 1.0 if math.isinf(df) else whole / df
    approximate = tail(pearson, effects, df=whole, method="saddlepoint")
    if asked == "saddlepoint":
        return {"p_value": approximate}
    return {
        "p_value_floor_ddf": tail(pearson, effects, df=whole),
        "p_value_r_without_CompQuadForm": approximate,
    }


FUNCTIONS = {"svyttest": t, "svyranktest": rank, "svychisq": association}
