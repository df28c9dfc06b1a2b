"""What the table of a grid says option by option, and one switch at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

#: The column that says which dimension or statement was left out; no choice of its own.
WHICH = "which"
#: Columns that two years add.
SAME = ("same_sign", "same_verdict")


def by_option(table: pd.DataFrame, choices: Sequence[str]) -> pd.DataFrame:
    """Summarise the estimates of all rules, and under each option of each choice."""
    every = {("all", ""): pd.Series(True, index=table.index)}
    options = {
        (choice, option): table[choice] == option
        for choice in choices
        for option in table[choice].unique()
    }
    rows = {key: _summary(table[mask]) for key, mask in (every | options).items()}
    index = pd.MultiIndex.from_tuples(list(rows), names=["choice", "option"])
    return pd.DataFrame(list(rows.values()), index=index)


def _summary(rows: pd.DataFrame) -> dict[str, float]:
    """Count rules, and give the ends and the middle of their estimates."""
    estimate = rows["estimate"]
    made = {"rules": len(rows), "lowest": estimate.min(), "median": estimate.median()}
    kept = {name: int(rows[name].sum()) for name in SAME if name in rows}
    return made | {"highest": estimate.max()} | kept


def switched_once(table: pd.DataFrame, choices: Sequence[str]) -> pd.DataFrame:
    """Keep the rules that differ from the first in one choice, the largest effect first."""
    differs = table[list(choices)].ne(table[list(choices)].iloc[0])
    alone = differs.sum(axis=1) == 1
    choice = differs[alone].idxmax(axis=1)
    once = table[alone]
    places = once.columns.get_indexer(pd.Index(choice))
    option = once.to_numpy(dtype=object)[np.arange(len(once)), places]
    option = np.where(once[WHICH] != "", once[WHICH], option)
    made = once[[name for name in ("estimate", "verdict") if name in once]].copy()
    made.insert(1, "difference", made["estimate"] - table["estimate"].iloc[0])
    made.index = pd.MultiIndex.from_arrays([choice, option], names=["choice", "option"])
    return made.sort_values("difference", key=np.abs, ascending=False, kind="stable")
