"""Tails of weighted chi-squares, against closed forms, series and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from survey.errors import SurveyError
from survey.quadratic_forms import tail


def ruben(x: float, weights: list[float], df: float, terms: int = 700) -> float:
    """Ruben's (1962) mixture: chi-squares (or F) of rising degrees, all terms positive."""
    lam = np.array(weights)
    beta, n = lam.min(), len(lam)
    ratio = 1.0 - beta / lam
    share = np.zeros(terms)
    share[0] = np.prod(np.sqrt(beta / lam))
    state = np.zeros(n)
    for k in range(1, terms):
        state = ratio * (share[k - 1] + state)
        share[k] = state.sum() / (2 * k)
    free = n + 2 * np.arange(terms)
    each = stats.chi2.sf(x / beta, free) if np.isinf(df) else stats.f.sf(x / beta / free, free, df)
    return float(share @ each)


@pytest.mark.parametrize("df", [np.inf, 1.0, 2.0, 7.3, 20.9249, 450.0])
@pytest.mark.parametrize("weights", [[1.0], [1.8, 0.48], [3.0, 1.0, 0.2], [0.1, 0.5, 0.9, 1.3]])
@pytest.mark.parametrize("x", [0.01, 1.0, 11.94, 60.0])
def test_exact_tail_equals_rubens_series(x: float, weights: list[float], df: float) -> None:
    assert tail(x, weights, df=df) == pytest.approx(ruben(x, weights, df), rel=1e-10)


def test_one_weight_is_a_scaled_chi_square_or_f_far_into_the_tail() -> None:
    assert tail(76.0647, [1.005], df=199.0) == pytest.approx(
        stats.f.sf(76.0647 / 1.005, 1, 199), rel=1e-10
    )
    assert tail(600.0, [1.0, 1.0]) == pytest.approx(np.exp(-300.0), rel=1e-9)
    assert tail(3.0, [2.0, 0.0]) == pytest.approx(stats.chi2.sf(1.5, 1), rel=1e-11)


def test_exact_tail_equals_imhofs_integral() -> None:
    weights, x = np.array([2.19257, 0.48241, 0.3]), 11.94

    def integrand(u: float) -> float:
        theta = 0.5 * np.arctan(weights * u).sum() - 0.5 * x * u
        return float(np.sin(theta) / (u * np.prod((1 + (weights * u) ** 2) ** 0.25)))

    value = 0.5 + integrate.quad(integrand, 0, 400, limit=4000)[0] / np.pi
    assert tail(x, weights) == pytest.approx(value, abs=2e-6)


def test_fractional_denominators_lie_between_whole_ones() -> None:
    twenty, between, more = (tail(11.94, [1.818, 0.481], df=df) for df in (20.0, 20.92, 21.0))
    assert more < between < twenty


@pytest.mark.parametrize("df", [np.inf, 21.0])
def test_saddlepoint_is_close_and_smooth_through_the_mean(df: float) -> None:
    weights = [1.5, 0.7, 0.4]
    for x in (1.0, 6.0, 20.0):
        near = tail(x, weights, df=df, method="saddlepoint")
        assert near == pytest.approx(tail(x, weights, df=df), rel=0.08)
    mean = sum(weights)
    around = [tail(mean * f, weights, df=df, method="saddlepoint") for f in (0.9999, 1.0, 1.0001)]
    assert around[0] > around[1] > around[2]
    assert around[0] - around[2] < 1e-3


def test_satterthwaite_is_exact_for_equal_weights() -> None:
    assert tail(5.0, [0.7] * 3, method="satterthwaite") == pytest.approx(
        stats.chi2.sf(5.0 / 0.7, 3), rel=1e-12
    )
    assert tail(5.0, [0.7] * 3, df=9.0, method="satterthwaite") == pytest.approx(
        tail(5.0, [0.7] * 3, df=9.0), rel=1e-9
    )


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0.01, 10.0), min_size=1, max_size=6),
    st.floats(0.05, 60.0),
    st.floats(0.1, 10.0),
)
def test_scale_and_order_do_not_matter(weights: list[float], x: float, scale: float) -> None:
    plain = tail(x, weights, df=13.5)
    scaled = tail(x * scale, [w * scale for w in reversed(weights)], df=13.5)
    assert scaled == pytest.approx(plain, rel=1e-8)
    assert 0.0 <= plain <= 1.0
    assert tail(x * 1.1, weights, df=13.5) <= plain + 1e-12


def test_bad_input() -> None:
    with pytest.raises(SurveyError, match="eigenvalues must be positive"):
        tail(1.0, [1.0, -0.5])
    with pytest.raises(SurveyError, match="eigenvalues must be positive"):
        tail(1.0, [0.0])
    assert np.isnan(tail(1.0, [1.0], df=0.0))
    assert tail(0.0, [1.0]) == 1.0
