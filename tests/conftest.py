"""A small made-up province that several test files sample from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

import sipas
from sipas import datasets

Shape = Sequence[Sequence[int]]
DrawProvince = Callable[..., pd.DataFrame]

#: Rows of each commune, district by district: unequal, as in the field.
FIELD: Shape = ((4, 3, 5), (2, 6, 3), (4, 4, 1))


def _draw(shape: Shape = FIELD, seed: int = 2023) -> pd.DataFrame:
    """Rows of communes within districts, with clustered answers, weights and some blanks."""
    rng = np.random.default_rng(seed)
    places = [
        (d, c) for d, sizes in enumerate(shape) for c, n in enumerate(sizes) for _ in range(n)
    ]
    frame = pd.DataFrame(
        {
            "district": [f"district {d}" for d, _ in places],
            "commune": [f"commune {d}-{c}" for d, c in places],
            "sex": rng.choice(["F", "M"], len(places)),
            "weight": rng.integers(1, 9, len(places)) / 2.0,
        },
        index=[f"row {k}" for k in range(len(places))],
    )
    lift = {name: rng.normal() for name in frame["commune"].unique()}
    pull = frame["commune"].map(lift).to_numpy()
    frame["y"] = 3.0 + pull + rng.normal(size=len(frame))
    frame["x"] = 5.0 + 0.5 * pull + rng.uniform(0.0, 2.0, len(frame))
    frame["q"] = np.clip(np.round(3.5 + pull + rng.normal(size=len(frame))), 1, 5)
    blank = rng.random(len(frame)) < 0.15
    blank[0] = False
    frame["holes"] = frame["y"].mask(blank)
    return frame


@pytest.fixture(scope="session")
def draw_province() -> DrawProvince:
    """Draw a province of a given shape with a given seed."""
    return _draw


@pytest.fixture
def province() -> pd.DataFrame:
    """Three districts of three communes."""
    return _draw()


@pytest.fixture(scope="session")
def third_year() -> sipas.Answers:
    """A made-up third year: 2022 with one answer in ten raised to the highest."""
    sheet = datasets.load_hue_households(2022).assign(year=2023)
    items = [item.code for item in sipas.Instrument.load("sipas-2022").index_items]
    raised = np.random.default_rng(23).random((len(sheet), len(items))) < 0.1
    sheet[items] = sheet[items].mask(raised & sheet[items].isin(list("1234")), "5")
    return sipas.clean(sheet, "sipas-2022")
