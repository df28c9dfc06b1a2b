"""Answers to several items, read and checked: who answered what, and about which centre.

Answers are used pairwise unless asked otherwise: a covariance rests on the rows that hold both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from survey.design import Design
from survey.errors import SurveyError, first_five, require_columns, require_option
from survey.replicates import ReplicateDesign
from survey.rows import complete_rows
from survey.scores import Bools, Floats

Pairing = Literal["pairwise", "listwise"]

Source = Design | ReplicateDesign | pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """Answers to several items: values (n, k), zero where not valid, and who answered what."""

    design: Design | ReplicateDesign
    names: tuple[str, ...]
    values: Floats
    valid: Bools
    centre: Floats
    missing: Pairing

    @property
    def n(self) -> int:
        """Rows of the domain; with listwise deletion those that answered every item."""
        inside = self.design.weight != 0
        return int(
            (inside & self.valid.all(axis=1) if self.missing == "listwise" else inside).sum()
        )


def read_items(source: Source, items: Sequence[str], *, missing: Pairing, where: str) -> Items:
    """Read numeric items of a design, or of a frame in which every row weighs the same.

    Raises
    ------
    SurveyError
        Fewer than two items, an item twice, unknown, in words, without an answer or constant, a
        pair that fewer than two rows answered.
    """
    require_option(missing, get_args(Pairing), where=f"{where}(missing=)")
    design = Design(source) if isinstance(source, pd.DataFrame) else source
    names = _checked_names(design.data, items, where)
    frame = design.data[list(names)]
    values = frame.to_numpy(np.float64, na_value=np.nan)
    valid = np.isfinite(values) & (design.weight != 0)[:, None]
    if missing == "listwise":
        valid = complete_rows(valid)
    _refuse_thin(valid, names, where)
    weight = np.where(valid, design.weight[:, None], 0.0)
    filled = np.where(valid, values, 0.0)
    centre = (weight * filled).sum(axis=0) / weight.sum(axis=0)
    centred = np.where(valid, filled - centre, 0.0)
    flat = [name for k, name in enumerate(names) if np.ptp(values[valid[:, k], k]) == 0]
    if flat:
        raise SurveyError(
            f"{where}: everybody gave the same answer to {len(flat)} items: {first_five(flat)}.",
            mend="An item without variation has no correlation; leave it out.",
        )
    return Items(design, names, centred, valid, centre, missing)


def rows_of_pairs(valid: Bools) -> Floats:
    """Count the rows that hold both answers of each pair, shape (k, k)."""
    return np.asarray(valid.T.astype(np.float64) @ valid)


def _checked_names(frame: pd.DataFrame, items: Sequence[str], where: str) -> tuple[str, ...]:
    """Names of at least two different numeric columns."""
    names = (items,) if isinstance(items, str) else tuple(items)
    require_columns(frame.columns, names, where=where)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or len(names) < 2:
        what = f"{first_five(twice)} twice" if twice else f"{len(names)} given"
        raise SurveyError(
            f"{where}: needs different items, two or more; {what}.", mend="List them."
        )
    text = [name for name in names if not pd.api.types.is_numeric_dtype(frame[name])]
    if text:
        raise SurveyError(
            f"{where}: not numeric: {first_five(text)}.",
            mend="Clean the sheet first, so that answers are numbers.",
        )
    return names


def _refuse_thin(valid: Bools, names: tuple[str, ...], where: str) -> None:
    """Every pair of items needs two rows that hold both."""
    few = np.argwhere(rows_of_pairs(valid) < 2)
    thin = [(names[a], names[b]) for a, b in few if a <= b]
    if thin:
        listed = ["/".join(dict.fromkeys(pair)) for pair in thin]
        raise SurveyError(
            f"{where}: fewer than two rows hold {len(thin)} of the pairs: {first_five(listed)}.",
            mend="Leave out items that were not asked of the same people, or check missing codes.",
        )
