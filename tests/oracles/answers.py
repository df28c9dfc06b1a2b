"""Answer the oracle's requests with this library's public functions.

Each function takes a case and its folder and returns arrays under the names that the oracle
uses. A request that the library cannot answer yet raises `NotSupported`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from r_conditions import mask

import survey

Case = dict[str, Any]


class NotSupported(Exception):
    """The library has no such estimator or design yet."""


@cache
def frame(path: Path) -> pd.DataFrame:
    """The data of a case; an empty field is missing, and nothing else is."""
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def design(case: Case, folder: Path) -> survey.Design:
    """The design of a case, restricted to its domain."""
    spec = case["design"]
    if spec["type"] != "taylor" or spec.get("calibration"):
        raise NotSupported(f"{spec['type']} design{' with calibration' * ('calibration' in spec)}")
    ids, fpc = spec["ids"], spec["fpc"]
    if spec.get("ultimate_cluster"):
        ids, fpc = ids[:1], fpc and fpc[:1]
        spec = {**spec, "weights": spec["weights"] or "pw"}
    lonely = spec["lonely_psu"]
    made = survey.Design(
        frame(folder / case["data"]),
        weights=spec["weights"],
        strata=spec["strata"],
        psu=ids,
        fpc=fpc,
        nest=spec["nest"],
        lonely_psu=lonely,
        lonely_domain=lonely if spec["adjust_domain_lonely"] else "fail",
    )
    if "domain" in case:
        made = made.domain(mask(case["domain"], made.data), label=case["domain"])
    return made


def answer(case: Case, folder: Path) -> dict[str, Any]:
    """Everything that the oracle may ask of one case."""
    stat = case["stat"]
    if stat["fn"] not in FUNCTIONS:
        raise NotSupported(stat["fn"])
    return FUNCTIONS[stat["fn"]](case, design(case, folder))


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
    function, groups = stat.get("FUN", "svymean"), stat["by"]
    if function == "svyciprop":
        return _share_by(case, made)
    if function == "svyratio":
        result = survey.ratio(
            made, stat["vars"][0], stat["vars"][1], by=groups, missing="listwise"
        )
    else:
        estimator = {"svymean": survey.mean, "svytotal": survey.total}[function]
        items = columns(case, made, stat["vars"])
        result = estimator(made, items, by=groups, missing="listwise")
    answered = described(case, made, result)
    if "columns" in case["expect"]:
        answered["values"] = _columns(case, answered)
    return answered


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
    return {name: known.get(name, estimate) for name in case["expect"]["columns"]}


def _share_by(case: Case, made: survey.Design) -> dict[str, Any]:
    """Shares with logit intervals on each group's own degrees of freedom."""
    stat = case["stat"]
    if stat["method"] not in ("xlogit", "logit"):
        raise NotSupported(f"svyciprop {stat['method']}")
    result = survey.proportion(made, stat["vars"], event=(1,), by=stat["by"])
    limits = result.confidence_interval(method="logit", df=_degf_by(made, stat["by"], result))
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
    groups = case["stat"].get("by")
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
