"""Shown numbers: expected texts are written by hand."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipas.numerals import half_up, number, p_value, signed
from survey.errors import SurveyError


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (79.165, 2, "79.17"),
        (2.675, 2, "2.68"),
        (-2.675, 2, "-2.68"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (79.1649999, 2, "79.16"),
        (100, 2, "100.00"),
        (Decimal("79.165"), 2, "79.17"),
        (-0.001, 2, "0.00"),
        (np.float64(81.005), 2, "81.01"),
    ],
)
def test_half_up(value: float, decimals: int, expected: str) -> None:
    assert str(half_up(value, decimals)) == expected


def test_a_mean_that_binary_arithmetic_misses() -> None:
    assert str(half_up((83.08 + 80.95 + 77.36 + 79.69 + 76.72) / 5, 2)) == "79.56"
    assert str(half_up(0.1 + 0.2, 1)) == "0.3"


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_thousandths_round_away_from_zero(thousandths: int, decimals: int) -> None:
    step = 10 ** (3 - decimals) if decimals < 3 else 1
    whole = abs(thousandths) if decimals >= 3 else (2 * abs(thousandths) + step) // (2 * step)
    expected = whole * (Decimal(10) ** -min(decimals, 3)) * (-1 if thousandths < 0 else 1)
    assert half_up(thousandths / 1000, decimals) == expected


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_half_up_refuses_what_is_not_finite(bad: float) -> None:
    with pytest.raises(SurveyError, match="cannot be rounded"):
        half_up(bad, 2)


def test_half_up_refuses_negative_decimals() -> None:
    with pytest.raises(SurveyError, match="-1 is negative"):
        half_up(1.0, -1)


def test_number_in_two_languages() -> None:
    assert number(1234567.891) == "1.234.567,89"
    assert number(1234567.891, lang="en") == "1,234,567.89"
    assert number(-0.004) == "0,00"
    assert number(486, 0) == "486"
    assert number(math.inf) == "∞"
    assert number(-math.inf) == "−∞"
    assert number(math.nan, lang="en") == "–"


def test_unknown_language_is_refused() -> None:
    with pytest.raises(SurveyError, match="'fr' is not an option"):
        number(1.0, lang="fr")  # type: ignore[arg-type]


def test_signed() -> None:
    assert signed(-9.04) == "−9,04"
    assert signed(9.04, 1, lang="en") == "+9.0"
    assert signed(0.0) == "0,00"
    assert signed(0.004) == "0,00"
    assert signed(math.nan) == "–"
    assert signed(math.inf) == "+∞"


def test_p_values() -> None:
    assert p_value(0.000999) == "< 0,001"
    assert p_value(0.001) == "0,001"
    assert p_value(0.0495, lang="en") == "0.050"
    assert p_value(0.0, lang="en") == "< 0.001"
    assert p_value(1.0) == "1,000"


@pytest.mark.parametrize("bad", [-0.01, 1.01])
def test_p_value_refuses_what_is_no_probability(bad: float) -> None:
    with pytest.raises(SurveyError, match="not a probability"):
        p_value(bad)
