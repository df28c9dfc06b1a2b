"""Targets: what a plan wants an index to reach, and by when, read from its table."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from sipas.datasets import load_published
from survey.errors import SurveyError, first_five, require_columns

Targets = str | float | Mapping[str, float] | pd.DataFrame
#: Codes of printed targets, and the computed figures that they are about, best first.
STANDS_FOR = {
    "sipas": ("sipas", "services"),
    "leader_survey": ("total",),
    "S1.text": ("S1",),
}
COLUMNS = ["code", "sense", "target", "by", "label_vi", "label_en", "province", "note"]
#: How the sense of a target is printed.
SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}
_TARGET = re.compile(r"\s*(>=|<=|>|<|=)?\s*(\d+(?:[.,]\d+)?)\s*%?\s*")


def read_targets(given: Targets, main: str) -> pd.DataFrame:
    """Read targets as a table with the columns of `COLUMNS`.

    Parameters
    ----------
    given : str, float, mapping or DataFrame
        Name of a published table; a number for the whole; numbers by code; or a table with columns
        ``code`` and ``target`` (such as ``>=90``) and, as published, ``year label_vi label_en``.
    main : str
        Code of the whole.

    Raises
    ------
    SurveyError
        For a table without targets, or a target that cannot be read.
    """
    if isinstance(given, str):
        return read_targets(load_published(given), main)
    if not isinstance(given, pd.DataFrame):
        pairs = dict(given) if isinstance(given, Mapping) else {main: given}
        table = pd.DataFrame({"code": list(pairs), "target": [str(v) for v in pairs.values()]})
        return read_targets(table, main)
    require_columns(given.columns, ["code", "target"], where="targets")
    written = given["target"].astype("string").fillna("").str.strip()
    rows = given[written.ne("")]
    if rows.empty:
        raise SurveyError("targets: the table has none.", mend="Fill in its column target.")
    read = [
        _read(text, code) for text, code in zip(written[written.ne("")], rows["code"], strict=True)
    ]
    made = pd.DataFrame({"code": rows["code"].astype(str).tolist()})
    made["sense"], made["target"] = zip(*read, strict=True)
    made["by"] = [_last_year(year) for year in rows.get("year", pd.Series(np.nan, rows.index))]
    for name in ("label_vi", "label_en", "province", "note"):
        made[name] = rows[name].astype(str).tolist() if name in rows else ""
    return made[COLUMNS]


def figure_for(code: str, known: pd.Index) -> str | None:
    """Give the code of the computed figure that a target is about, if there is one."""
    return next((name for name in STANDS_FOR.get(code, (code,)) if name in known), None)


def _read(text: str, code: object) -> tuple[str, float]:
    """Read the sense and the number of a target; a bare number is one to reach."""
    found = _TARGET.fullmatch(text)
    if found is None:
        raise SurveyError(
            f"targets: {text!r} of {first_five([code])} cannot be read.",
            mend="Write such as '>=90', '<=10' or 90.",
        )
    return found[1] or ">=", float(found[2].replace(",", "."))


def _last_year(year: object) -> float:
    """Read the year by which a target is due: the last of a period."""
    found = re.findall(r"\d{4}", "" if year is None else str(year))
    return float(found[-1]) if found else np.nan
