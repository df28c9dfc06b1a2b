"""What holds of a change whatever the answers: drawn by hypothesis."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

import sipas
from sipas import datasets

FORM = sipas.Instrument.load(datasets.worked_instrument_path())
ITEMS = ["S1.1", "S1.2", "S2.1", "S2.2"]
NUMBERS = ["estimate", "se", "low", "high", "df", "p", "p_adjusted", "detectable_80"]
TURNED = {"fell": "rose", "rose": "fell"}

few = settings(max_examples=4, derandomize=True, deadline=None)
SEEDS = st.integers(0, 10_000)


def drawn(seed: int, year: int, communes: range = range(6)) -> pd.DataFrame:
    """Answers of unequal communes in two districts, weighted, some high and some missing."""
    rng = np.random.default_rng([seed, year])
    size = rng.integers(4, 9, len(communes))
    place = np.repeat(list(communes), size)
    lift = rng.normal(0.0, 0.7, 6)[place % 6]
    values = np.clip(np.round(4.3 + lift[:, None] + rng.normal(size=(len(place), 4))), 1, 5)
    made = pd.DataFrame(values, columns=ITEMS).astype("Int64")
    made = made.mask(pd.DataFrame(rng.random(made.shape) < 0.05, columns=ITEMS))
    return made.assign(
        id=[f"{year}-{k}" for k in range(len(made))],
        year=year,
        district=[f"huyện {p % 2}" for p in place],
        commune=[f"xã {p}" for p in place],
        weight=rng.integers(1, 5, len(made)) / 2.0,
    )


def compared(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    return sipas.compare(sipas.clean(then, FORM), sipas.clean(now, FORM)).table()


def alike(left: pd.DataFrame, right: pd.DataFrame) -> None:
    np.testing.assert_allclose(
        left[NUMBERS].to_numpy(float), right[NUMBERS].to_numpy(float), rtol=1e-7, atol=1e-8
    )
    assert left[["verdict", "interval"]].equals(right[["verdict", "interval"]])


@few
@given(seed=SEEDS)
def test_swapping_the_years_turns_signs_and_keeps_the_tests(seed: int) -> None:
    one, other = drawn(seed, 2021), drawn(seed, 2022, range(1, 7))
    there = compared(one, other)
    back = compared(other.assign(year=2021), one.assign(year=2022))
    turned = there.assign(
        estimate=-there["estimate"],
        low=-there["high"],
        high=-there["low"],
        verdict=[TURNED.get(word, word) for word in there["verdict"]],
    )
    alike(back, turned)


@few
@given(seed=SEEDS)
def test_the_order_of_rows_and_the_names_of_places_are_nothing(seed: int) -> None:
    years = [drawn(seed, 2021), drawn(seed, 2022, range(1, 7))]
    again = [
        year.sample(frac=1.0, random_state=seed).assign(
            commune=lambda s: "phường " + (10 - s["commune"].str[-1].astype(int)).astype(str),
            district=lambda s: s["district"].map({"huyện 0": "thị xã B", "huyện 1": "huyện A"}),
        )
        for year in years
    ]
    alike(compared(*again), compared(*years))


@few
@given(seed=SEEDS, scale=st.sampled_from([0.01, 3.0, 1e4]))
def test_the_scale_of_the_weights_is_nothing(seed: int, scale: float) -> None:
    years = [drawn(seed, 2021), drawn(seed, 2022)]
    scaled = [year.assign(weight=year["weight"] * scale) for year in years]
    alike(compared(*scaled), compared(*years))
