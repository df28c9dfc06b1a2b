"""Linear and nonlinear functions of estimates: ``svycontrast`` and the change between years."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from oracle_designs import Case
from r_expressions import expression

import survey
from survey.delta_method import function_of


def contrast(case: Case, made: Any) -> dict[str, Any]:
    """``svycontrast`` of means or totals."""
    result = _estimator(case)(made, case["stat"]["vars"], missing="listwise")
    return _summarised(made, _asked(case, result, list(result.labels)))


def between_groups(case: Case, made: Any) -> dict[str, Any]:
    """``svycontrast`` of ``svyby``: groups in sorted order, also called level1, year1, …."""
    stat = case["stat"]
    result = _estimator(case)(made, stat["vars"][0], by=stat["by"][0], missing="listwise")
    return _summarised(made, _asked(case, result, _group_names(stat["by"][0], result)))


def _estimator(case: Case) -> Any:
    return {"svymean": survey.mean, "svytotal": survey.total}[case["stat"].get("of", "svymean")]


def _group_names(by: str, result: survey.Estimates) -> list[tuple[str, ...]]:
    """Names by which a case may call each group."""
    return [
        (str(label), f"level{k}", f"{by}{k}") for k, label in enumerate(result.labels, start=1)
    ]


def _asked(case: Case, result: survey.Estimates, names: list[Any]) -> survey.Estimates:
    """The linear or other function that the case asks for."""
    stat = case["stat"]
    if "contrasts" in stat:
        rows = np.array(list(stat["contrasts"].values()), dtype=float)
        return result.contrast(
            pd.DataFrame(rows, index=list(stat["contrasts"]), columns=result.labels)
        )
    asked = stat.get("contrast", stat.get("expr"))
    if isinstance(asked, list):
        return result.contrast([asked])
    read = expression(asked or _quoted(case["call"]))
    return function_of(result, lambda at: read(_numbers(at, names)), "contrast")


def _numbers(at: pd.Series, names: list[Any]) -> dict[str, Any]:
    """The estimates under every name that they have."""
    called = [(name,) if isinstance(name, str) else name for name in names]
    return {name: value for own, value in zip(called, at.array, strict=True) for name in own}


def _quoted(call: str) -> str:
    """What stands in R's ``quote()``, brackets within brackets included."""
    start = re.search(r"quote\(", call)
    if start is None:
        raise ValueError(f"no expression in {call!r}")
    depth, end = 1, start.end()
    while depth:
        depth += {"(": 1, ")": -1}.get(call[end], 0)
        end += 1
    return call[start.end() : end - 1]


def _summarised(made: Any, result: survey.Estimates) -> dict[str, Any]:
    """What R prints, with the design's own degrees of freedom."""
    t, z = (result.confidence_interval(method="mean", df=df) for df in (made.df, float("inf")))
    return {
        "estimate": result.point,
        "se": result.se.to_numpy(),
        "vcov": result.covariance.to_numpy(),
        "df": made.df,
        "ci_t_low": t["low"].to_numpy(),
        "ci_t_high": t["high"].to_numpy(),
        "ci_z_low": z["low"].to_numpy(),
        "ci_z_high": z["high"].to_numpy(),
    }


FUNCTIONS = {
    "svycontrast": contrast,
    "svyby+svycontrast": between_groups,
    "change": between_groups,
}
