"""The fractions of docs/worked_example.md, typed by hand, against what the library gives."""

from __future__ import annotations

import math
from fractions import Fraction as F
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sipas
import survey
from sipas import datasets

FOLDER = Path(__file__).resolve().parent.parent / "datasets" / "worked"
ITEMS = ["S1.1", "S1.2", "S2.1", "S2.2"]
CODES = [*ITEMS, "S1", "S2", "services"]
#: Mean of statements, mean of dimensions.
SCHEME = np.array([[2, 2, 0, 0], [0, 0, 2, 2], [1, 1, 1, 1]]) / 4
RTOL = 1e-12
#: Student's t for 95 % with 2 degrees of freedom: √(2p²/(1−p²)) with p = 0.95.
T = math.sqrt(2 * 0.95**2 / (1 - 0.95**2))

RATE = {
    "before": [F(24, 30), F(21, 25), F(18, 25), F(19, 25), F(82, 100), F(74, 100), F(78, 100)],
    "now": [F(21, 30), F(19, 25), F(17, 25), F(17, 25), F(73, 100), F(68, 100), F(705, 1000)],
}
VARIANCE = {
    "before": [
        F(68, 5625), F(4768, 390625), F(8072, 390625), F(3208, 390625),
        F(53, 3515625), F(3908, 390625), F(35633, 14062500),
    ],
    "now": [
        F(37, 22500), F(3208, 390625), F(13192, 390625), F(5672, 390625),
        F(74413, 56250000), F(68, 15625), F(51853, 225000000),
    ],
}  # fmt: skip
COVARIANCE = [
    F(2, 5625), F(3088, 390625), F(-3232, 390625), F(2576, 390625),
    F(-52, 3515625), F(-512, 78125), F(-21491, 28125000),
]  # fmt: skip
CHANGE_VARIANCE = [
    F(293, 22500), F(72, 15625), F(27728, 390625), F(3728, 390625),
    F(3077, 2250000), F(10728, 390625), F(965837, 225000000),
]  # fmt: skip
CHANGE = [F(-10), F(-8), F(-4), F(-8), F(-9), F(-6), F(-75, 10)]
CONTRIBUTION = [F(-5, 2), F(-2), F(-1), F(-2)]
FILES = {"before": "hue_worked_12_before.csv", "now": "hue_worked_12.csv"}


def numbers(fractions: list[F]) -> np.ndarray:
    return np.array([float(value) for value in fractions])


def roots(fractions: list[F], scale: float = 1.0) -> np.ndarray:
    return scale * np.sqrt(numbers(fractions))


def close(got: object, want: object) -> None:
    np.testing.assert_allclose(np.asarray(got, dtype=float), want, rtol=RTOL)


# -- the hand values agree with each other ----------------------------------------------------


def test_the_change_is_both_variances_less_twice_the_covariance() -> None:
    for k, want in enumerate(CHANGE_VARIANCE):
        before, now = VARIANCE["before"][k], VARIANCE["now"][k]
        assert before + now - 2 * COVARIANCE[k] == want
        assert 100 * (RATE["now"][k] - RATE["before"][k]) == CHANGE[k]


def test_contributions_add_up_to_the_change() -> None:
    assert sum(CONTRIBUTION) == CHANGE[-1]
    assert [change / 4 for change in CHANGE[:4]] == CONTRIBUTION


# -- the survey layer -------------------------------------------------------------------------


def indices(year: str) -> survey.Estimates:
    """Statements, dimensions and the index from the sheet, without the sipas layer."""
    sheet = pd.read_csv(FOLDER / FILES[year])
    for item in ITEMS:
        sheet[item] = sheet[item].replace(9, np.nan)
    design = survey.Design(sheet, strata="district", psu="commune", weights="weight")
    rates = survey.proportion(design, ITEMS, event=(4, 5))
    composed = rates.contrast(np.vstack([np.eye(4), SCHEME]))
    return composed.labelled(pd.Index(CODES))


@pytest.mark.parametrize("year", ["before", "now"])
def test_rates_and_standard_errors(year: str) -> None:
    got = indices(year)
    close(got.estimate, numbers(RATE[year]))
    close(got.se, roots(VARIANCE[year]))
    assert got.df.tolist() == [2] * 7


def test_the_two_years_and_their_change() -> None:
    both = survey.stack(indices("before"), indices("now"), keys=["before", "now"])
    assert both.shared_psus == 4
    np.testing.assert_allclose(
        np.diagonal(both.covariance.to_numpy()[:7, 7:]), numbers(COVARIANCE), rtol=1e-10
    )
    moved = both.contrast(np.hstack([-np.eye(7), np.eye(7)]))
    np.testing.assert_allclose(100 * moved.point, numbers(CHANGE), rtol=1e-10)
    close(moved.se, roots(CHANGE_VARIANCE))
    np.testing.assert_allclose(moved.df, 2, rtol=1e-9)


# -- the sipas layer --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def answers() -> dict[str, sipas.Answers]:
    form = datasets.worked_instrument_path()
    return {
        year: sipas.clean(datasets.load_worked(before=year == "before"), form)
        for year in ("before", "now")
    }


@pytest.mark.parametrize("year", ["before", "now"])
def test_satisfaction(answers: dict[str, sipas.Answers], year: str) -> None:
    table = sipas.satisfaction(answers[year]).table(df=True).loc[CODES]
    close(table["estimate"], 100 * numbers(RATE[year]))
    close(table["se"], roots(VARIANCE[year], 100))
    assert table["df"].tolist() == [2] * 7


def test_the_interval_of_the_index(answers: dict[str, sipas.Answers]) -> None:
    row = sipas.satisfaction(answers["now"]).table().loc["services"]
    p, se = 0.705, math.sqrt(51853 / 225000000)
    centre, half = math.log(p / (1 - p)), T * se / (p * (1 - p))
    want = [100 / (1 + math.exp(-(centre + side * half))) for side in (-1, 1)]
    np.testing.assert_allclose([row["low"], row["high"]], want, rtol=1e-10)
    assert [round(value, 1) for value in want] == [63.6, 76.6]


def test_compare(answers: dict[str, sipas.Answers]) -> None:
    table = sipas.compare(answers["before"], answers["now"]).table().loc[CODES]
    np.testing.assert_allclose(table["estimate"], numbers(CHANGE), rtol=1e-10)
    close(table["se"], roots(CHANGE_VARIANCE, 100))
    np.testing.assert_allclose(table["df"], 2, rtol=1e-9)
    index = table.loc["services"]
    assert [round(index["low"], 1), round(index["high"], 1)] == [-35.7, 20.7]


def test_contributions(answers: dict[str, sipas.Answers]) -> None:
    moved = sipas.compare(answers["before"], answers["now"])
    table = sipas.contributions(moved, by="statement").table().loc[ITEMS]
    np.testing.assert_allclose(table["estimate"], numbers(CONTRIBUTION), rtol=1e-10)
    close(table["se"], roots(CHANGE_VARIANCE[:4], 25))
