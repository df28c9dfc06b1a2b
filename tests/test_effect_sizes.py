"""Sizes of a difference against their definitions, counted pair by pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.effect_sizes import cliffs_delta, cohens_h

COUNTS = st.lists(st.integers(0, 6), min_size=5, max_size=5).filter(any)


def shares(counts: list[int]) -> np.ndarray:
    return np.array(counts) / sum(counts)


@given(first=COUNTS, then=COUNTS)
def test_cliffs_delta_counts_every_pair_of_answers(first: list[int], then: list[int]) -> None:
    one, other = (np.repeat(np.arange(5), counts) for counts in (first, then))
    signs = np.sign(other[:, None] - one[None, :])
    assert cliffs_delta(shares(first), shares(then)) == pytest.approx(signs.mean(), abs=1e-12)


def test_no_overlap_is_one_and_the_same_is_nothing() -> None:
    low, high = np.array([0.4, 0.6, 0.0, 0.0]), np.array([0.0, 0.0, 0.5, 0.5])
    both = cliffs_delta(np.stack([low, high, low]), np.stack([high, low, low]))
    np.testing.assert_allclose(both, [1.0, -1.0, 0.0], atol=1e-12)


def test_cohens_h_at_angles_known_by_heart() -> None:
    """Shares 0, 1/4, 1/2, 3/4, 1 lie at 0, 30, 45, 60 and 90 degrees of the half angle."""
    share = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    angle = np.deg2rad([0.0, 60.0, 90.0, 120.0, 180.0])
    np.testing.assert_allclose(
        cohens_h(share[:, None], share[None, :]), angle[None, :] - angle[:, None], atol=1e-12
    )


def test_cohens_h_is_as_hard_to_detect_anywhere() -> None:
    """A step of h has the standard error 1/√n on its scale, whatever the share."""
    rng = np.random.default_rng(5)
    for share in (0.2, 0.5, 0.9):
        found = rng.binomial(400, share, 20_000) / 400
        assert cohens_h(np.array(share), found).std() == pytest.approx(1 / np.sqrt(400), rel=0.03)
