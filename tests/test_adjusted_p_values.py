"""Adjusted p-values, held to statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from survey.adjusted_p_values import benjamini_hochberg, holm


@pytest.mark.parametrize(
    ("ours", "theirs"), [(holm, "holm"), (benjamini_hochberg, "fdr_bh")], ids=["holm", "bh"]
)
@pytest.mark.parametrize("seed", range(5))
def test_as_in_statsmodels_where_there_is_a_p(ours: object, theirs: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    p = np.round(rng.random(22) ** 3, 2)  # with ties, 0 and 1
    p[rng.random(22) < 0.2] = np.nan
    there = np.isfinite(p)
    got = ours(p)  # type: ignore[operator]
    np.testing.assert_allclose(got[there], multipletests(p[there], method=theirs)[1], rtol=1e-13)
    assert np.isnan(got[~there]).all()


def test_nothing_to_adjust() -> None:
    assert holm(np.array([])).size == 0
    assert np.isnan(benjamini_hochberg(np.array([np.nan]))).all()
    assert holm(np.array([0.2])) == [0.2]
