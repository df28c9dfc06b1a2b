"""Means, totals, ratios and shares, over all and by groups."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from oracle_designs import Case

import survey


def described(case: Case, made: survey.Design, result: survey.Estimates) -> dict[str, Any]:
    """Estimates with all that R prints beside them."""
    order = _order(case, result)
    matrix = result.covariance.to_numpy()[np.ix_(order, order)]
    replacement = case["stat"].get("deff") == "replace"
    df = made.df
    t, z = (
        result.confidence_interval(method="mean", df=d).iloc[order] for d in (df, float("inf"))
    )
    return {
        "estimate": result.point[order],
        "se": result.se.to_numpy()[order],
        "vcov": matrix,
        "covmat": matrix,
        "df": df,
        "deff": result.design_effect(replacement=replacement).to_numpy()[order]
        if "deff" in case["stat"]
        else None,
        "ci_t_low": t["low"].to_numpy(),
        "ci_t_high": t["high"].to_numpy(),
        "ci_z_low": z["low"].to_numpy(),
        "ci_z_high": z["high"].to_numpy(),
    }


def missing_rule(stat: dict[str, Any]) -> str:
    """R drops a row with any missing variable of the call, or nothing at all."""
    return "listwise" if stat.get("na_rm") else "refuse"


def columns(case: Case, made: survey.Design, names: list[str]) -> pd.DataFrame:
    """Numeric columns as they are, factors as one column a level, as R's model matrix."""
    data = made.data
    pieces: list[pd.DataFrame] = []
    for name in names:
        numeric = name in data and pd.api.types.is_numeric_dtype(data[name])
        plain = numeric and not case["stat"].get("factor")
        pieces.append(data[[name]] if plain else _levels(name, data))
    return pd.concat(pieces, axis=1)


def _levels(name: str, data: pd.DataFrame) -> pd.DataFrame:
    """One indicator a level, missing where the factor is; ``a.b`` crosses two factors."""
    if name in data:
        key = data[name]
        levels = sorted(key.dropna().unique())
        made = {f"{name}{level}": (key == level).astype(float) for level in levels}
        return pd.DataFrame(made).where(key.notna(), np.nan)
    first, second = name.split(".")
    made = {
        f"{name}{a}.{b}": ((data[first] == a) & (data[second] == b)).astype(float)
        for b in sorted(data[second].unique())
        for a in sorted(data[first].unique())
    }
    return pd.DataFrame(made)


def mean(case: Case, made: survey.Design) -> dict[str, Any]:
    """``svymean``."""
    return _simple(case, made, survey.mean)


def total(case: Case, made: survey.Design) -> dict[str, Any]:
    """``svytotal``."""
    return _simple(case, made, survey.total)


def _simple(case: Case, made: survey.Design, estimator: Any) -> dict[str, Any]:
    stat = case["stat"]
    items = columns(case, made, stat["vars"])
    inside = items[made.inside]
    if missing_rule(stat) == "refuse" and inside.isna().to_numpy().any():
        return _unknown(made, items.shape[1])
    result = estimator(made, items, missing="listwise")
    return described(case, made, result)


def _unknown(made: survey.Design, size: int) -> dict[str, Any]:
    """What R gives when missing values were not removed."""
    return {"estimate": np.full(size, np.nan), "se": np.full(size, np.nan), "df": made.df}


def ratio(case: Case, made: survey.Design) -> dict[str, Any]:
    """``svyratio``: all but the last variable over the last."""
    stat = case["stat"]
    *above, below = stat["vars"]
    by = case["design"]["strata"] if stat.get("separate") else None
    result = survey.ratio(made, above, below, by=by, missing="listwise")
    return described(case, made, result)


def by(case: Case, made: survey.Design) -> dict[str, Any]:
    """``svyby`` of a mean, a total, a ratio or a share with its interval."""
    stat = case["stat"]
    function, groups = stat.get("FUN", "svymean"), groups_of(case)
    if function == "svyciprop":
        return _share_by(case, made)
    if function == "svyratio":
        result = survey.ratio(
            made, stat["vars"][0], stat["vars"][1], by=groups, missing="listwise"
        )
    else:
        estimator = {"svymean": survey.mean, "svytotal": survey.total}[function]
        items = columns(case, made, _asked(case))
        result = estimator(made, items, by=groups, missing="listwise")
    answered = described(case, made, result)
    if "columns" in case["expect"]:
        answered["values"] = _columns(case, answered)
    return answered


def groups_of(case: Case) -> list[str]:
    """The grouping columns; a few cases name them in the expectation only."""
    return case["stat"].get("by") or case["expect"].get("by") or []


def _asked(case: Case) -> list[str]:
    """The variables that the answer has room for."""
    names = case["stat"]["vars"]
    levels = case["expect"].get("by_levels", {})
    groups = int(np.prod([len(values) for values in levels.values()]))
    several = len(levels) == 1 and "estimate" in case["expect"]
    return names[: len(case["expect"]["estimate"]) // groups] if several else names


def _columns(case: Case, answered: dict[str, Any]) -> dict[str, Any]:
    """The columns that svyby prints with ``vartype``."""
    estimate, se = answered["estimate"], answered["se"]
    known = {
        "se": se,
        "ci_l": answered["ci_z_low"],
        "ci_u": answered["ci_z_high"],
        "cv": se / estimate,
        "cv%": 100 * se / estimate,
        "var": se**2,
    }
    names = case["expect"]["columns"]  # R calls a column "cv.api00" on replicate designs
    return {name: known.get(name.split(".")[0], estimate) for name in names}


def _share_by(case: Case, made: survey.Design) -> dict[str, Any]:
    """Shares with intervals on each group's own degrees of freedom."""
    stat = case["stat"]
    result = survey.proportion(made, stat["vars"], event=(1,), by=groups_of(case))
    limits = result.confidence_interval(
        method=stat["method"],
        df=_degf_by(made, groups_of(case), result),
        at_ends="formula",
    )
    order = _order(case, result)
    columns_of = [result.point, limits["low"].to_numpy(), limits["high"].to_numpy()]
    named = zip(case["expect"]["columns"], columns_of, strict=True)
    return {"values": {name: value[order] for name, value in named}}


def _degf_by(made: survey.Design, by: list[str], result: survey.Estimates) -> list[int]:
    """R's degf of each group: PSUs of all its rows, answered or not, less their strata."""
    keys = made.data[by].apply(tuple, axis=1)
    return [
        made.domain((keys == _tuple(label)[-len(by) :]).to_numpy()).df for label in result.labels
    ]


def _order(case: Case, result: survey.Estimates) -> np.ndarray:
    """Where R lists each estimate: by ``names`` for groups, as they come otherwise."""
    groups = groups_of(case)
    if not groups:
        return np.arange(len(result))
    levels = pd.DataFrame([_tuple(label)[-len(groups) :] for label in result.labels])
    item = [_tuple(label)[: -len(groups)] for label in result.labels]
    items = {name: k for k, name in enumerate(dict.fromkeys(item))}
    keys = [levels[k] for k in range(len(groups))]
    return np.lexsort([*keys, np.array([items[name] for name in item])])


def _tuple(label: object) -> tuple[Any, ...]:
    return label if isinstance(label, tuple) else (label,)


FUNCTIONS = {"svymean": mean, "svytotal": total, "svyratio": ratio, "svyby": by}
