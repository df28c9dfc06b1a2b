"""Max-T against closed forms, and its false claims counted in draws it knows nothing of."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from survey.errors import SurveyError
from survey.simultaneous_tests import max_t_p_values


def p_of(t: np.ndarray, df: np.ndarray) -> np.ndarray:
    return np.asarray(2 * stats.t.sf(np.abs(t), df))


def test_independent_rows_step_down_as_sidak() -> None:
    """With independent t statistics P(max of m ≥ t) is 1 − (1 − p)^m."""
    t, df = np.array([3.2, -0.4, 2.5, 1.1]), np.full(4, 6.0)
    own = p_of(t, df)
    want = np.empty(4)
    want[np.argsort(own)] = np.maximum.accumulate(1 - (1 - np.sort(own)) ** np.arange(4, 0, -1))
    got = max_t_p_values(t, np.eye(4), df, draws=100_000)
    np.testing.assert_allclose(got, want, atol=0.006)


def test_a_common_denominator_would_be_too_lenient() -> None:
    """Multivariate t of independent normals has a smaller maximum than independent t."""
    rng = np.random.default_rng(3)
    shared = np.abs(rng.normal(size=(200_000, 5))).max(axis=1)
    shared /= np.sqrt(rng.chisquare(6, 200_000) / 6)
    t = np.full(5, 3.0)
    got = max_t_p_values(t, np.eye(5), np.full(5, 6.0), draws=50_000)
    assert got[0] == pytest.approx(1 - (1 - p_of(t, np.full(5, 6.0))[0]) ** 5, abs=0.005)
    assert (shared >= 3.0).mean() < got[0] - 0.01


def test_rows_that_are_one_row_are_not_adjusted() -> None:
    t, df = np.full(6, 2.2), np.full(6, 6.0)
    np.testing.assert_allclose(
        max_t_p_values(t, np.ones((6, 6)), df, draws=50_000), p_of(t, df), atol=0.004
    )
    turned = np.outer([1, -1, 1, -1, 1, -1], [1, -1, 1, -1, 1, -1]).astype(float)
    np.testing.assert_allclose(
        max_t_p_values(t, turned, df, draws=50_000), p_of(t, df), atol=0.004
    )


def test_rows_keep_their_own_degrees_of_freedom() -> None:
    t, df = np.array([4.5, 4.5]), np.array([2.0, 30.0])
    own = p_of(t, df)
    got = max_t_p_values(t, np.eye(2), df, draws=100_000)
    assert got[1] == pytest.approx(1 - (1 - own[1]) ** 2, abs=0.001)
    assert got[0] == pytest.approx(own[0], abs=0.003)


def test_scale_signs_and_order_are_nothing() -> None:
    rng = np.random.default_rng(9)
    scores = rng.normal(size=(6, 4))
    v, b, df = scores.T @ scores, np.array([1.0, -4.0, 2.0, 0.3]), np.full(4, 6.0)
    got = max_t_p_values(b, v, df, draws=50_000)
    scale = np.array([1.0, 20.0, -0.1, 3.0])
    np.testing.assert_allclose(
        max_t_p_values(b * scale, v * np.outer(scale, scale), df, draws=50_000), got, atol=0.01
    )
    order = [2, 0, 3, 1]
    shuffled = max_t_p_values(b[order], v[np.ix_(order, order)], df, draws=50_000)
    np.testing.assert_allclose(shuffled, got[order], atol=0.01)


def test_more_rows_than_degrees_of_freedom_and_never_below_the_row_itself() -> None:
    rng = np.random.default_rng(4)
    scores = rng.normal(size=(6, 22))
    v, df = scores.T @ scores, np.full(22, 6.0)
    b = 3 * rng.normal(size=22)
    own = p_of(b / np.sqrt(np.diagonal(v)), df)
    got = max_t_p_values(b, v, df, seed=8)
    assert (got >= own).all()
    assert (np.diff(got[np.argsort(own)]) >= 0).all()
    assert (got <= 1 - (1 - own) ** 22 + 0.02).all()
    np.testing.assert_array_equal(got, max_t_p_values(b, v, df, seed=8))


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_false_claims_in_a_family_of_five(correlation: float) -> None:
    """Of samples in which nothing moved, about one in twenty has a claim."""
    rng = np.random.default_rng(11)
    common = np.sqrt(correlation) * rng.normal(size=(400, 7, 1))
    drawn = common + np.sqrt(1 - correlation) * rng.normal(size=(400, 7, 5))
    df = np.full(5, 6.0)
    claims = [
        max_t_p_values(rows[0], rows[1:].T @ rows[1:] / 6, df, draws=1000).min() < 0.05
        for rows in drawn
    ]
    assert 0.02 < np.mean(claims) < 0.085  # Monte-Carlo error 0.011


def test_refusals() -> None:
    one, df = np.array([1.0, 1.0]), np.array([6.0, 6.0])
    with pytest.raises(SurveyError, match="1 estimates have no variance"):
        max_t_p_values(one, np.diag([1.0, 0.0]), df)
    with pytest.raises(SurveyError, match="less than one degree"):
        max_t_p_values(one, np.eye(2), np.array([6.0, 0.5]))
    with pytest.raises(SurveyError, match="draws"):
        max_t_p_values(one, np.eye(2), df, draws=0)
