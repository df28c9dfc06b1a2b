"""What no account of a change may depend on: the order of rows, the names of groups."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sipas
from sipas import datasets

FORM = sipas.Instrument.load(datasets.worked_instrument_path())
ITEMS = ["S1.1", "S1.2", "S2.1", "S2.2"]
WHOLE = [(4, 2, 5, 1), (2, 4, 3, 5)] * 4
NAMES = {"Nam": "z", "Nữ": "a"}

ROWS = st.lists(st.tuples(*[st.sampled_from([1, 3, 4, 5, 9])] * 4), min_size=8, max_size=8)
WEIGHTS = st.lists(st.integers(1, 9), min_size=16, max_size=16)


def sheet(rows: list[Any], weights: list[int]) -> pd.DataFrame:
    """Four communes of two districts: eight drawn rows, and eight that answered everything."""
    made = pd.DataFrame([*rows, *WHOLE], columns=ITEMS)
    made["commune"] = ["xã 0", "xã 1", "xã 2", "xã 3"] * 4
    made["district"] = ["huyện 0", "huyện 0", "huyện 1", "huyện 1"] * 4
    made["gender"] = (["Nam"] * 4 + ["Nữ"] * 4) * 2
    return made.assign(weight=weights, id=[f"p{k}" for k in range(16)])


def change(before: pd.DataFrame, after: pd.DataFrame) -> sipas.Change:
    return sipas.compare(sipas.clean(before, FORM), sipas.clean(after, FORM))


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, WEIGHTS, ROWS, WEIGHTS, st.permutations(range(16)))
def test_order_of_rows_and_names_of_groups_are_irrelevant(
    rows1: Any, weights1: Any, rows2: Any, weights2: Any, order: list[int]
) -> None:
    years = sheet(rows1, weights1), sheet(rows2, weights2)
    other = [year.iloc[order].assign(gender=year["gender"].map(NAMES)) for year in years]
    here, there = change(*years), change(*other)
    for by in ("statement", "gender", ("dimension", "gender")):
        one = sipas.contributions(here, by=by).table()
        again = sipas.contributions(there, by=by).table()
        if by != "statement":
            again = again.rename(index={new: old for old, new in NAMES.items()}).loc[one.index]
        columns = [name for name in ("estimate", "se", "within", "mix") if name in one]
        np.testing.assert_allclose(again[columns], one[columns], atol=1e-9)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, WEIGHTS, ROWS, WEIGHTS, st.integers(2, 50))
def test_the_unit_of_the_weights_is_irrelevant(
    rows1: Any, weights1: Any, rows2: Any, weights2: Any, unit: int
) -> None:
    before, after = sheet(rows1, weights1), sheet(rows2, weights2)
    here = change(before, after)
    there = change(before, after.assign(weight=after["weight"] * unit))
    for by in ("statement", "gender"):
        one, again = (sipas.contributions(moved, by=by).table() for moved in (here, there))
        np.testing.assert_allclose(again[["estimate", "se"]], one[["estimate", "se"]], atol=1e-9)
