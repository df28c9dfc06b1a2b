"""Intervals of one share, and the small summaries of a mean: ``confint``, ``cv``, ``degf``."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from oracle_designs import Case

import survey


def share(case: Case, made: Any) -> dict[str, Any]:
    """``svyciprop``: at 0 and 1 R prints what each formula leaves there."""
    stat = case["stat"]
    result = survey.proportion(made, stat["vars"][0], event=(1,))
    limits = result.confidence_interval(
        level=stat.get("level", 0.95), method=stat["method"], df=made.df, at_ends="formula"
    )
    return {
        "estimate": result.point,
        "se": result.se.to_numpy(),
        "df": made.df,
        "ci_low": limits["low"].to_numpy(),
        "ci_high": limits["high"].to_numpy(),
    }


def interval(case: Case, made: Any) -> dict[str, Any]:
    """``confint`` of the mean, total or ratio that the call names; normal without ``df=``."""
    inner = re.search(r"(svymean|svytotal|svyratio)\(([^)]*)\)", case["call"])
    if inner is None:
        raise ValueError(f"cannot read the call {case['call']!r}")
    terms = re.findall(r"~([^,]+)", inner[2])
    names = [[name.strip() for name in term.split("+")] for term in terms]
    estimator = {
        "svymean": survey.mean,
        "svytotal": survey.total,
        "svyratio": survey.ratio,
    }[inner[1]]
    result = estimator(made, *names)
    t, z = (result.confidence_interval(df=df) for df in (made.df, float("inf")))
    return {
        "df": made.df,
        "ci_t_low": t["low"].to_numpy(),
        "ci_t_high": t["high"].to_numpy(),
        "ci_z_low": z["low"].to_numpy(),
        "ci_z_high": z["high"].to_numpy(),
    }


def variation(case: Case, made: Any) -> dict[str, Any]:
    """``cv`` of means."""
    return {"estimate": survey.mean(made, case["stat"]["vars"]).cv.to_numpy()}


def degrees(case: Case, made: Any) -> dict[str, Any]:
    """``degf``; of imported replicate weights, from their rank."""
    if isinstance(made, survey.ReplicateDesign):
        made = survey.ReplicateDesign(
            made.data,
            weights=made.weight,
            replicate_weights=made.row_weights(),
            scale=1.0,
            combined=True,
        )
    return {"degf": made.df}


def table(case: Case, made: Any) -> dict[str, Any]:
    """``svytable``: weighted counts of one or two factors, the first running fastest."""
    names = case["stat"]["vars"]
    data = made.data
    levels = [sorted(data.loc[made.inside, name].dropna().unique()) for name in names]
    grid = pd.MultiIndex.from_product(levels[::-1], names=names[::-1])
    ones = pd.DataFrame({"count": np.ones(len(data))}, index=data.index)
    counts = survey.total(made, ones, by=names[::-1]).estimate
    if len(names) == 1:
        grid = pd.Index(levels[0])
    return {
        "dim": [len(own) for own in levels],
        "dimnames": {
            name: [_text(level) for level in own] for name, own in zip(names, levels, strict=True)
        },
        "values_column_major": counts.reindex(grid, fill_value=0.0).to_numpy(),
    }


def _text(value: object) -> str:
    """Write a level as R names it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


FUNCTIONS = {
    "svyciprop": share,
    "confint": interval,
    "cv": variation,
    "degf": degrees,
    "svytable": table,
}
