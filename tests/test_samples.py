"""Two samples that share PSUs: the covariance written out with loops, and a small simulation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import survey
from survey import Design

RTOL = 1e-12
Place = tuple[str, str]


def year_of(province: pd.DataFrame, seed: int, left_out: set[str]) -> pd.DataFrame:
    """Another year of the province: new answers, and some communes not visited."""
    rng = np.random.default_rng(seed)
    year = province[~province["commune"].isin(left_out)].copy()
    year["y"] = year["y"] + rng.normal(size=len(year))
    return year


def standardised(year: pd.DataFrame) -> dict[str, float]:
    """√(n/(n−1)) (z − z̄) of the mean's score, by commune, centred in that year's own strata."""
    w, y = year["weight"], year["y"]
    mean = sum(w * y) / sum(w)
    score = w * (y - mean) / sum(w)
    made: dict[str, float] = {}
    for _, stratum in year.groupby("district"):
        sums = {str(c): float(sum(score[rows.index])) for c, rows in stratum.groupby("commune")}
        n, average = len(sums), sum(sums.values()) / len(sums)
        made |= {c: math.sqrt(n / (n - 1)) * (z - average) for c, z in sums.items()}
    return made


def compared(first: pd.DataFrame, then: pd.DataFrame, **options: bool) -> survey.Estimates:
    years = [
        survey.mean(Design(year, strata="district", psu="commune", weights="weight"), "y")
        for year in (first, then)
    ]
    return survey.stack(*years, keys=["first", "then"], **options)


OVERLAPS = {
    "full": (set(), set(), 9),
    "partial": ({"commune 0-0", "commune 1-1"}, {"commune 2-2", "commune 1-0"}, 5),
    "none": ({"commune 0-0", "commune 1-0", "commune 2-0"}, None, 0),
}


@pytest.fixture(params=list(OVERLAPS))
def two_years(
    request: pytest.FixtureRequest, province: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Two years that share all, some or none of their communes."""
    first_out, then_out, shared = OVERLAPS[request.param]
    first = year_of(province, 1, first_out)
    then = year_of(province, 2, then_out or set())
    if then_out is None:
        then["commune"] = then["commune"] + " (another)"
    return first, then, shared


def test_the_covariance_is_the_cross_product_over_common_psus(
    two_years: tuple[pd.DataFrame, pd.DataFrame, int],
) -> None:
    first, then, shared = two_years
    common = set(first["commune"]) & set(then["commune"])
    assert len(common) == shared
    a, b = standardised(first), standardised(then)
    cross = sum(a[c] * b[c] for c in common)
    own = [sum(z**2 for z in scores.values()) for scores in (a, b)]
    want = [[own[0], cross], [cross, own[1]]]
    got = compared(first, then)
    np.testing.assert_allclose(got.covariance, want, rtol=RTOL, atol=1e-18)
    assert got.shared_psus == shared


def test_each_year_keeps_its_own_standard_error_and_df(
    two_years: tuple[pd.DataFrame, pd.DataFrame, int],
) -> None:
    first, then, _ = two_years
    got = compared(first, then)
    for k, year in enumerate((first, then)):
        alone = survey.mean(Design(year, strata="district", psu="commune", weights="weight"), "y")
        np.testing.assert_allclose(got.se.iloc[k], alone.se["y"], rtol=RTOL)
        np.testing.assert_allclose(got.df.iloc[k], alone.df["y"], rtol=RTOL)


def test_the_change_has_the_variance_of_a_difference(
    two_years: tuple[pd.DataFrame, pd.DataFrame, int],
) -> None:
    first, then, _ = two_years
    a, b = standardised(first), standardised(then)
    apart = [b.get(c, 0.0) - a.get(c, 0.0) for c in set(a) | set(b)]
    got = compared(first, then).contrast([[-1, 1]])
    np.testing.assert_allclose(got.se, math.sqrt(sum(d**2 for d in apart)), rtol=RTOL)


# -- degrees of freedom -----------------------------------------------------------------------


def test_matched_years_have_psus_less_strata(province: pd.DataFrame) -> None:
    got = compared(province, year_of(province, 3, set())).contrast([[-1, 1]])
    np.testing.assert_allclose(got.df, 9 - 3, rtol=RTOL)


def test_years_that_share_nothing_have_welch_satterthwaite(province: pd.DataFrame) -> None:
    then = year_of(province, 4, {"commune 0-0"})
    then["commune"] = then["commune"] + " (another)"
    got = compared(province, then).contrast([[-1, 1]])
    v1 = sum(z**2 for z in standardised(province).values())
    v2 = sum(z**2 for z in standardised(then).values())
    np.testing.assert_allclose(got.df, (v1 + v2) ** 2 / (v1**2 / 6 + v2**2 / 5), rtol=RTOL)


def test_partly_matched_years_have_welch_satterthwaite(province: pd.DataFrame) -> None:
    then = year_of(province, 5, {"commune 0-0", "commune 1-0", "commune 2-0"})
    va, vb = (sum(z**2 for z in standardised(year).values()) for year in (province, then))
    got = compared(province, then).contrast([[-1, 1]])
    np.testing.assert_allclose(got.df, (va + vb) ** 2 / (va**2 / 6 + vb**2 / 3), rtol=RTOL)


def test_each_row_is_matched_by_the_psus_that_hold_it(province: pd.DataFrame) -> None:
    """A district that was visited in the same communes is matched, whatever the others are."""
    then = year_of(province, 5, {"commune 1-0"})
    years = [
        survey.mean(Design(year, strata="district", psu="commune"), "y", by="district")
        for year in (province, then)
    ]
    moved = survey.stack(*years, keys=["first", "then"]).contrast(
        np.hstack([-np.eye(3), np.eye(3)])
    )
    v = [year.se.to_numpy() ** 2 for year in years]
    want = (v[0][1] + v[1][1]) ** 2 / (v[0][1] ** 2 / 2 + v[1][1] ** 2 / 1)
    np.testing.assert_allclose(moved.df, [2.0, want, 2.0], rtol=RTOL)


def restratified(province: pd.DataFrame) -> pd.DataFrame:
    """Another year in the same communes, two districts of which have become one stratum."""
    then = year_of(province, 8, set())
    then["district"] = then["district"].replace("district 2", "district 1")
    return then


def own_variance(year: pd.DataFrame) -> float:
    return sum(z**2 for z in standardised(year).values())


def test_matched_years_of_other_strata_spend_their_common_df_together(
    province: pd.DataFrame,
) -> None:
    """PSUs less strata are 6 and 7; M of the two is the smaller."""
    then = restratified(province)
    v1, v2 = own_variance(province), own_variance(then)
    spent = v1**2 / 6 + v2**2 / 7 + 2 * 6 * (v1 / 6) * (v2 / 7)
    got = compared(province, then).contrast([[-1, 1]])
    np.testing.assert_allclose(got.df, (v1 + v2) ** 2 / spent, rtol=RTOL)
    assert 6 < got.df.iloc[0] < 7


def test_of_three_years_two_may_match(province: pd.DataFrame) -> None:
    then, other = restratified(province), year_of(province, 9, {"commune 0-0"})
    other["commune"] = other["commune"] + " (another)"
    years = [province, then, other]
    means = [
        survey.mean(Design(year, strata="district", psu="commune", weights="weight"), "y")
        for year in years
    ]
    got = survey.stack(*means, keys=["a", "b", "c"]).contrast([[1, 1, -2]])
    v1, v2, v3 = own_variance(province), own_variance(then), 4 * own_variance(other)
    spent = v1**2 / 6 + v2**2 / 7 + v3**2 / 5 + 2 * 6 * (v1 / 6) * (v2 / 7)
    np.testing.assert_allclose(got.df, (v1 + v2 + v3) ** 2 / spent, rtol=RTOL)


# -- what is matched --------------------------------------------------------------------------


def test_years_declared_independent(province: pd.DataFrame) -> None:
    got = compared(province, year_of(province, 6, set()), paired=False)
    assert got.covariance.iloc[0, 1] == 0
    assert got.shared_psus == 0


def test_a_commune_may_change_its_stratum(province: pd.DataFrame) -> None:
    then = year_of(province, 7, set())
    moved = then["commune"] == "commune 0-0"
    then["district"] = then["district"].mask(moved, "district 1")
    a, b = standardised(province), standardised(then)
    got = compared(province, then)
    np.testing.assert_allclose(got.covariance.iloc[0, 1], sum(a[c] * b[c] for c in a), rtol=RTOL)
    assert got.shared_psus == 9


def test_rows_have_no_names_to_be_met_again_by(province: pd.DataFrame) -> None:
    years = [survey.mean(Design(province), "y") for _ in range(2)]
    got = survey.stack(*years, keys=["first", "then"])
    assert got.shared_psus == 0
    assert got.covariance.iloc[0, 1] == 0


# -- the t test of a change, simulated --------------------------------------------------------

PAIRS, BATCH = 6000, 500
#: Correlation of a commune's totals of two years: what sampling within communes leaves of .8.
PERSISTS = 0.5


def psu_totals(repeated: int, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw one year and the next: 3 strata of 3 PSUs, one column a pair; no change in truth."""
    level = np.repeat(rng.normal(size=3), 3)[:, None]
    first = rng.normal(size=(9, BATCH))
    fresh = rng.normal(size=(9, BATCH))
    again = np.tile(np.arange(3) < repeated, 3)[:, None]
    then = np.where(again, PERSISTS * first + math.sqrt(1 - PERSISTS**2) * fresh, fresh)
    names = pd.Series([f"psu {k}" for k in range(9)])
    kept = names.where(again.ravel(), names + " (new)")
    stratum = np.repeat(["a", "b", "c"], 3)
    columns = [f"pair {k}" for k in range(BATCH)]
    made = []
    for values, psu in ((first, names), (then, kept)):
        frame = pd.DataFrame(level + values, columns=columns)
        made.append(pd.concat([frame, psu.rename("psu")], axis=1).assign(stratum=stratum))
    return made[0], made[1]


def rejected(repeated: int, seed: int) -> float:
    """Share of true nulls that the t test with the change's own df rejects at 5 %."""
    rng = np.random.default_rng(seed)
    count = 0
    for _ in range(PAIRS // BATCH):
        years = psu_totals(repeated, rng)
        items = [name for name in years[0] if name.startswith("pair")]
        results = [survey.total(Design(y, strata="stratum", psu="psu"), items) for y in years]
        change = np.hstack([-np.eye(BATCH), np.eye(BATCH)])
        moved = survey.stack(*results, keys=["first", "then"]).contrast(change)
        t = moved.point / moved.se.to_numpy()
        count += int((2 * stats.t.sf(np.abs(t), moved.df.to_numpy()) < 0.05).sum())
    return count / PAIRS


@pytest.mark.parametrize("repeated", [3, 2, 1, 0])
def test_a_true_null_is_rejected_once_in_twenty(repeated: int) -> None:
    """6,000 pairs: the Monte-Carlo standard error is 0.28 points."""
    assert 0.035 <= rejected(repeated, seed=20230 + repeated) <= 0.065
