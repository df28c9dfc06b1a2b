"""Limits of a difference from those of its terms: closed forms, a printed example, coverage."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from survey.difference_limits import mover_limits
from survey.intervals import logit_limits

POINT = np.array([0.3, 0.6]), np.array([0.5, 0.55])
SE = np.array([0.05, 0.02]), np.array([0.03, 0.06])


def around(point: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return point - half, point + half


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.4, 1.0])
def test_symmetric_limits_give_the_symmetric_limits_of_the_difference(correlation: float) -> None:
    t = 2.4469
    rho = np.full(2, correlation)
    low, high = mover_limits(
        POINT[0], around(POINT[0], t * SE[0]), POINT[1], around(POINT[1], t * SE[1]), rho
    )
    half = t * np.sqrt(SE[0] ** 2 + SE[1] ** 2 - 2 * rho * SE[0] * SE[1])
    np.testing.assert_allclose(low, POINT[1] - POINT[0] - half, rtol=1e-12)
    np.testing.assert_allclose(high, POINT[1] - POINT[0] + half, rtol=1e-12)


def wilson(yes: int, n: int) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    z2 = stats.norm.ppf(0.975) ** 2
    p = yes / n
    centre, half = p + z2 / (2 * n), np.sqrt(z2 * (p * (1 - p) + z2 / (4 * n)) / n)
    limits = tuple(np.array([(centre + sign * half) / (1 + z2 / n)]) for sign in (-1, 1))
    return np.array([p]), limits  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("cells", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 873–890, Table II, method 10
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombes_printed_limits(cells: tuple[int, ...], low: float, high: float) -> None:
    second, first = wilson(*cells[:2]), wilson(*cells[2:])
    got = mover_limits(*first, *second, np.zeros(1))
    assert got[0][0] == pytest.approx(low, abs=6e-5)
    assert got[1][0] == pytest.approx(high, abs=6e-5)


def test_terms_that_move_together_leave_no_width_but_never_an_error() -> None:
    point, limits = np.array([0.9]), (np.array([0.8]), np.array([1.0]))
    low, high = mover_limits(point, limits, point, limits, np.ones(1))
    assert low == high == 0.0


def communes(rng: np.random.Generator, share: float, place: np.ndarray) -> np.ndarray:
    """Shares of 54 households in each of nine communes whose places differ by 5 % of variance."""
    chance = stats.norm.cdf((stats.norm.ppf(share) + np.sqrt(0.05) * place) / np.sqrt(0.95))
    return rng.binomial(54, chance) / 54


def scores(shares: np.ndarray) -> np.ndarray:
    """Standardised scores of nine communes in three districts, shape (R, 9)."""
    by_district = shares.reshape(-1, 3, 3)
    centred = by_district - by_district.mean(axis=2, keepdims=True)
    return (np.sqrt(1.5) / 9 * centred).reshape(-1, 9)


@pytest.mark.parametrize(("then", "now"), [(0.85, 0.85), (0.95, 0.85), (0.95, 0.95), (0.99, 0.95)])
def test_coverage_of_a_change_of_two_years_in_nine_communes(then: float, now: float) -> None:
    """MOVER misses as often above as below, also where t misses on one side."""
    rng = np.random.default_rng(2022)
    first_place = rng.normal(size=(20_000, 9))
    again = 0.8 * first_place + 0.6 * rng.normal(size=first_place.shape)
    years = [communes(rng, p, z) for p, z in ((then, first_place), (now, again))]
    kept = np.logical_and(*(year.mean(axis=1) < 1 for year in years))
    first, second = (year[kept].mean(axis=1) for year in years)
    z = [scores(year[kept]) for year in years]
    se = [np.sqrt((one**2).sum(axis=1)) for one in z]
    df = np.full(len(first), 6.0)
    limits = [
        logit_limits(p, s, df, 0.95, (0.0, 1.0)) for p, s in zip((first, second), se, strict=True)
    ]
    shared = (z[0] * z[1]).sum(axis=1)
    size = se[0] * se[1]
    rho = np.divide(shared, size, out=np.zeros_like(size), where=size > 0)
    low, high = mover_limits(first, limits[0], second, limits[1], np.clip(rho, -1, 1))
    below, above = (now - then < low).mean(), (now - then > high).mean()
    assert 0.04 < below + above < 0.06
    assert below < 2 * above
    assert above < 2 * below
    if then == 0.99:
        half = 2.4469 * np.sqrt(((z[1] - z[0]) ** 2).sum(axis=1))
        t_below = (now - then < second - first - half).mean()
        t_above = (now - then > second - first + half).mean()
        assert t_below > 3 * t_above
