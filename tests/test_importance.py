"""Importance: relaimpo's example, pingouin, closed forms, brute force, replicates.

Over 300 lines: many small tests of one module.
"""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from survey import Design, ReplicateDesign, SurveyError, SurveyWarning, as_replicates
from survey.importance import (
    drawn_orders,
    johnson,
    lindeman_merenda_gold,
    lmg,
    owen,
    shapley_values,
)
from survey.importance.telling_apart import tiers_of

# R's data set swiss (Mosteller & Tukey 1977): Fertility, then the five predictors.
SWISS = """
80.2 17 15 12 9.96 22.2, 83.1 45.1 6 9 84.84 22.2, 92.5 39.7 5 5 93.4 20.2,
85.8 36.5 12 7 33.77 20.3, 76.9 43.5 17 15 5.16 20.6, 76.1 35.3 9 7 90.57 26.6,
83.8 70.2 16 7 92.85 23.6, 92.4 67.8 14 8 97.16 24.9, 82.4 53.3 12 7 97.67 21,
82.9 45.2 16 13 91.38 24.4, 87.1 64.5 14 6 98.61 24.5, 64.1 62 21 12 8.52 16.5,
66.9 67.5 14 7 2.27 19.1, 68.9 60.7 19 12 4.43 22.7, 61.7 69.3 22 5 2.82 18.7,
68.3 72.6 18 2 24.2 21.2, 71.7 34 17 8 3.3 20, 55.7 19.4 26 28 12.11 20.2,
54.3 15.2 31 20 2.15 10.8, 65.1 73 19 9 2.84 20, 65.5 59.8 22 10 5.23 18,
65 55.1 14 3 4.52 22.4, 56.6 50.9 22 12 15.14 16.7, 57.4 54.1 20 6 4.2 15.3,
72.5 71.2 12 1 2.4 21, 74.2 58.1 14 8 5.23 23.8, 72 63.5 6 3 2.56 18,
60.5 60.8 16 10 7.72 16.3, 58.3 26.8 25 19 18.46 20.9, 65.4 49.5 15 8 6.1 22.5,
75.5 85.9 3 2 99.71 15.1, 69.3 84.9 7 6 99.68 19.8, 77.3 89.7 5 2 100 18.3,
70.5 78.2 12 6 98.96 19.4, 79.4 64.9 7 3 98.22 20.2, 65 75.9 9 9 99.06 17.8,
92.2 84.6 3 3 99.46 16.3, 79.3 63.1 13 13 96.83 18.1, 70.4 38.4 26 12 5.62 20.3,
65.7 7.7 29 11 13.79 20.5, 72.7 16.7 22 13 11.22 18.9, 64.4 17.6 35 32 16.92 23,
77.6 37.6 15 7 4.97 20, 67.6 18.7 25 7 8.65 19.5, 35 1.2 37 53 42.34 18,
44.7 46.6 16 29 50.43 18.2, 42.8 27.7 22 29 58.33 19.3
"""
CAUSES = ["Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality"]


def swiss() -> pd.DataFrame:
    rows = [[float(cell) for cell in row.split()] for row in SWISS.split(",")]
    return pd.DataFrame(rows, columns=["Fertility", *CAUSES])


def sample(p: int, *, n: int = 300, seed: int = 5) -> tuple[pd.DataFrame, list[str]]:
    """Made-up correlated predictors x0, x1, … and an outcome y, in 20 communes."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 1)) + 1.2 * rng.normal(size=(n, p))
    y = x @ rng.uniform(0, 1, p) / p + rng.normal(size=n)
    names = [f"x{k}" for k in range(p)]
    frame = pd.DataFrame(np.column_stack([x, y]), columns=[*names, "y"])
    return frame.assign(commune=np.arange(n) % 20, w=rng.uniform(0.5, 3, n)), names


def replicated(frame: pd.DataFrame, size: int = 20) -> ReplicateDesign:
    """Delete-one-commune jackknife."""
    factor = np.where(
        frame["commune"].to_numpy()[:, None] == np.arange(size), 0.0, size / (size - 1)
    )
    return ReplicateDesign(
        frame,
        weights="w",
        replicate_weights=factor * frame[["w"]].to_numpy(),
        scale=(size - 1) / size,
    )


def r_squared(r: np.ndarray, held: list[int]) -> float:
    if not held:
        return 0.0
    side = r[held, -1]
    return float(side @ np.linalg.solve(r[np.ix_(held, held)], side))


def by_hand(r: np.ndarray, players: list[list[int]]) -> list[float]:
    """Shapley value of R² for blocks of predictors, subset by subset."""
    m, values = len(players), []
    for own in range(m):
        value = 0.0
        others = [k for k in range(m) if k != own]
        for size in range(m):
            share = factorial(size) * factorial(m - 1 - size) / factorial(m)
            for chosen in combinations(others, size):
                held = [k for block in chosen for k in players[block]]
                value += share * (r_squared(r, held + players[own]) - r_squared(r, held))
        values.append(value)
    return values


# -- published and other programs' numbers ----------------------------------------------------


def test_the_example_of_relaimpo() -> None:
    # relaimpo 2.2-7: calc.relimp(lm(Fertility ~ ., swiss), type = "lmg")
    want = [0.0570912207681, 0.1711730289002, 0.2601346786244, 0.1055701503735, 0.1127659229265]
    got = lmg(swiss(), "Fertility", CAUSES)
    np.testing.assert_allclose(got.value, want, atol=1e-12)
    assert got.r2 == pytest.approx(0.706735001593, abs=1e-12)
    assert got.share.sum() == pytest.approx(1, abs=1e-14)
    assert got.method == "exact"


def test_the_example_of_relaimpo_weighted() -> None:
    # the same with weights = 1 + (1:47 %% 3)
    want = [0.0518208063017, 0.1549452302086, 0.2559770835712, 0.1019573530969, 0.1296324182449]
    frame = swiss().assign(w=1 + np.arange(1, 48) % 3)
    np.testing.assert_allclose(
        lmg(Design(frame, weights="w"), "Fertility", CAUSES).value, want, atol=1e-12
    )


@pytest.mark.parametrize("p", [2, 5, 10])
def test_pingouin(p: int) -> None:
    import pingouin

    frame, names = sample(p)
    peer = pingouin.linear_regression(frame[names], frame["y"], relimp=True)
    np.testing.assert_allclose(
        lmg(frame, "y", names).value, peer["relimp"].to_numpy()[1:], atol=1e-10
    )


# -- closed forms and brute force -------------------------------------------------------------


def test_orthogonal_predictors_bring_their_squared_correlations() -> None:
    rng = np.random.default_rng(0)
    z = rng.normal(size=(60, 6))
    q = np.linalg.qr(z - z.mean(axis=0))[0]
    frame = pd.DataFrame(q[:, :5], columns=list("abcde"))
    frame["y"] = q @ [3.0, 2, 1, 1, 0.5, 2]
    want = np.array([9, 4, 1, 1, 0.25]) / 19.25
    groups = {"one": ["a", "b"], "two": ["c", "d", "e"]}
    for made in (lmg(frame, "y", list("abcde")), johnson(frame, "y", list("abcde"))):
        np.testing.assert_allclose(made.value, want, atol=1e-13)
    made = owen(frame, "y", list("abcde"), groups=groups)
    np.testing.assert_allclose(made.value, want, atol=1e-13)


def test_two_predictors() -> None:
    frame, names = sample(2)
    r = frame[[*names, "y"]].corr().to_numpy()
    r2 = r_squared(r, [0, 1])
    first = (r[0, 2] ** 2 + r2 - r[1, 2] ** 2) / 2
    np.testing.assert_allclose(lmg(frame, "y", names).value, [first, r2 - first], atol=1e-14)
    np.testing.assert_allclose(johnson(frame, "y", names).value, [first, r2 - first], atol=1e-14)


def test_johnson_by_its_definition() -> None:
    frame, names = sample(6)
    r = frame[[*names, "y"]].corr().to_numpy()
    u, d, vt = np.linalg.svd(r[:6, :6])
    root = u @ np.diag(np.sqrt(d)) @ vt
    want = (root**2) @ (np.linalg.solve(root, r[:6, 6]) ** 2)
    got = johnson(frame, "y", names)
    np.testing.assert_allclose(got.value, want, rtol=1e-10)
    assert got.r2 == pytest.approx(r_squared(r, list(range(6))), rel=1e-12)


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 7), st.integers(0, 10_000))
def test_lmg_is_the_shapley_value(p: int, seed: int) -> None:
    frame, names = sample(p, n=40, seed=seed)
    r = frame[[*names, "y"]].corr().to_numpy()
    np.testing.assert_allclose(
        lmg(frame, "y", names).value, by_hand(r, [[k] for k in range(p)]), atol=1e-12
    )


def test_many_predictors_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    frame, names = sample(9)
    design = replicated(frame)
    whole, se = lmg(frame, "y", names).value, lmg(design, "y", names).table()["se"]
    for sweep in (1, 4, 8):
        monkeypatch.setattr(shapley_values, "SWEEP", sweep)
        np.testing.assert_allclose(lmg(frame, "y", names).value, whole, atol=1e-14)
        np.testing.assert_allclose(lmg(design, "y", names).table()["se"], se, rtol=1e-9)


def owen_by_hand(r: np.ndarray, groups: list[list[int]]) -> list[float]:
    """Average over the orders of groups and, within the group, of its predictors."""
    values = []
    m = len(groups)
    for g, own in enumerate(groups):
        others = [k for k in range(m) if k != g]
        for item in own:
            value = 0.0
            rest = [k for k in own if k != item]
            for size in range(m):
                outer = factorial(size) * factorial(m - 1 - size) / factorial(m)
                for chosen in combinations(others, size):
                    base = [k for block in chosen for k in groups[block]]
                    for s in range(len(rest) + 1):
                        inner = factorial(s) * factorial(len(rest) - s) / factorial(len(own))
                        for extra in combinations(rest, s):
                            held = base + list(extra)
                            gain = r_squared(r, [*held, item]) - r_squared(r, held)
                            value += outer * inner * gain
            values.append(value)
    return values


def test_owen_by_hand_and_its_sums() -> None:
    frame, names = sample(8)
    groups = {"A": ["x3", "x0"], "B": ["x1", "x4", "x7"], "C": ["x2"], "D": ["x5", "x6"]}
    places = [[names.index(name) for name in own] for own in groups.values()]
    r = frame[[*names, "y"]].corr().to_numpy()
    got = owen(frame, "y", names, groups=groups)
    np.testing.assert_allclose(got.value, owen_by_hand(r, places), atol=1e-13)
    assert list(got.labels[:2]) == [("A", "x3"), ("A", "x0")]
    np.testing.assert_allclose(got.by_group().value, by_hand(r, places), atol=1e-14)
    assert list(got.by_group().labels) == ["A", "B", "C", "D"]
    single = owen(frame, "y", names, groups={name: [name] for name in names})
    np.testing.assert_allclose(single.value, lmg(frame, "y", names).value, atol=1e-14)
    together = owen(frame, "y", names, groups={"all": names})
    np.testing.assert_allclose(together.value, lmg(frame, "y", names).value, atol=1e-14)


def test_thirty_eight_items_in_groups_sum_to_r_squared() -> None:
    frame, names = sample(38, n=486)
    groups = {f"D{k}": names[k * 8 : (k + 1) * 8] for k in range(5)}
    got = owen(frame, "y", names, groups=groups)
    r = frame[[*names, "y"]].corr().to_numpy()
    assert got.value.sum() == pytest.approx(r_squared(r, list(range(38))), abs=1e-12)
    places = [[names.index(name) for name in own] for own in groups.values()]
    np.testing.assert_allclose(got.by_group().value, by_hand(r, places), atol=1e-13)


# -- orders drawn -----------------------------------------------------------------------------


def test_orders_agree_with_all_subsets_within_their_error(monkeypatch: pytest.MonkeyPatch) -> None:
    frame, names = sample(8)
    exact = lmg(frame, "y", names)
    monkeypatch.setattr(lindeman_merenda_gold, "EXACT", 7)
    drawn = lmg(frame, "y", names, permutations=400, seed=3)
    assert drawn.method == "permutations"
    assert (np.abs(drawn.value - exact.value) < 4 * drawn.monte_carlo_se).all()
    assert drawn.r2 == pytest.approx(exact.r2, rel=1e-12)
    assert (exact.monte_carlo_se == 0).all()
    again = lmg(frame, "y", names, permutations=400, seed=3)
    np.testing.assert_array_equal(again.value, drawn.value)
    assert "400 pairs of opposite orders drawn, seed 3." in drawn.notes


def test_the_error_of_drawing_orders_is_the_spread_between_seeds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frame, names = sample(6)
    monkeypatch.setattr(lindeman_merenda_gold, "EXACT", 5)
    runs = [lmg(frame, "y", names, permutations=50, seed=seed) for seed in range(80)]
    seen = np.std([run.value for run in runs], axis=0, ddof=1)
    said = np.mean([run.monte_carlo_se for run in runs], axis=0)
    np.testing.assert_allclose(said, seen, rtol=0.3)


# -- replicates -------------------------------------------------------------------------------


def test_replicates_are_importance_computed_anew() -> None:
    frame, names = sample(4)
    design = replicated(frame)
    groups = {"A": names[:1], "B": names[1:]}
    made = [
        lambda d: lmg(d, "y", names),
        lambda d: johnson(d, "y", names),
        lambda d: owen(d, "y", names, groups=groups),
    ]
    for function in made:
        found = []
        for left in range(20):
            rest = frame[frame["commune"] != left].reset_index(drop=True)
            found.append(function(Design(rest, weights="w")).value)
        spread = np.array(found)
        want = np.sqrt(19 / 20 * ((spread - spread.mean(axis=0)) ** 2).sum(axis=0))
        got = function(design)
        np.testing.assert_allclose(got.table()["se"], want, rtol=1e-9)
        assert (got.table()["low"] < got.value).all()
    groups_of = owen(design, "y", names, groups=groups).by_group()
    total = spread[:, 1:].sum(axis=1)
    want = np.sqrt(19 / 20 * ((total - total.mean()) ** 2).sum())
    assert groups_of.table().loc["B", "se"] == pytest.approx(want, rel=1e-9)


def test_shared_orders_give_nearly_the_exact_error(monkeypatch: pytest.MonkeyPatch) -> None:
    frame, names = sample(8)
    design = replicated(frame)
    exact = lmg(design, "y", names)
    monkeypatch.setattr(lindeman_merenda_gold, "REPLICATED", 10)
    shared = lmg(design, "y", names)
    np.testing.assert_array_equal(shared.value, exact.value)
    np.testing.assert_allclose(shared.table()["se"], exact.table()["se"], rtol=0.1)
    assert "all replicates share" in shared.notes[0]
    assert shared.seed == 0


def test_without_replicates_there_is_no_error_and_it_says_so() -> None:
    frame, names = sample(3)
    got = lmg(Design(frame, psu="commune", weights="w"), "y", names)
    assert got.table()[["se", "low", "high"]].isna().to_numpy().all()
    assert got.estimates is None
    assert "replicate weights" in got.notes[-1]
    columns = ["estimate", "se", "low", "high", "n", "share", "monte_carlo_se"]
    assert list(got.table().columns) == columns
    assert repr(got).startswith("LMG importance for y; R² ")
    assert "<table" in got._repr_html_()


def test_equal_replicates_are_computed_together_and_alike() -> None:
    frame, names = sample(4)
    frame = frame.assign(district=frame["commune"] % 3, commune=frame["commune"] % 9)
    design = Design(frame, weights="w", strata="district", psu="commune")
    drawn = as_replicates(design, "bootstrap", n=60, seed=4)
    assert drawn.distinct < 60
    got = lmg(drawn, "y", names).replicates
    assert got is not None
    weights = drawn.row_weights()
    for r in (0, 17, 59):
        alone = frame.assign(w=weights[:, r])[weights[:, r] > 0]
        np.testing.assert_allclose(
            got[r], lmg(Design(alone, weights="w"), "y", names).value, atol=1e-13
        )


def test_replicates_without_an_importance_are_counted() -> None:
    frame, names = sample(2, n=40)
    frame["x1"] = np.where(frame["commune"] == 0, frame["x1"], 0.0)  # flat without commune 0
    got = lmg(replicated(frame), "y", names)
    assert got.replicates is not None
    assert np.isnan(got.replicates[0]).all()
    assert np.isfinite(got.replicates[1:]).all()
    assert got.notes == ("1 replicates had no importance and are left out.",)


def test_the_error_of_drawing_is_held_to_a_tenth_of_the_standard_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frame, names = sample(8)
    design = replicated(frame)
    exact = lmg(design, "y", names)
    monkeypatch.setattr(lindeman_merenda_gold, "EXACT", 7)
    monkeypatch.setattr(lindeman_merenda_gold, "REPLICATED", 10)
    monkeypatch.setattr(drawn_orders, "SHARED", 20)
    made = lmg(design, "y", names, permutations=10)
    se = made.table()["se"].to_numpy()
    assert (made.monte_carlo_se <= 0.1 * se).all()
    assert (np.abs(made.value - exact.value) < 0.4 * se).all()
    off = se / exact.table()["se"].to_numpy() - 1
    assert np.sqrt((off**2).mean()) < 0.1
    pairs = [int(note.split(" pairs")[0].split()[-1].replace(",", "")) for note in made.notes]
    assert pairs[0] > 10
    assert pairs[1] > 20
    monkeypatch.setattr(drawn_orders, "MOST", 15)
    with pytest.warns(SurveyWarning, match="error of drawing them is still"):
        lmg(design, "y", names, permutations=10)


# -- differences and tiers --------------------------------------------------------------------


def test_differences_have_the_jackknife_variance_of_a_difference() -> None:
    frame, names = sample(3)
    made = lmg(replicated(frame), "y", names)
    found = []
    for left in range(20):
        rest = frame[frame["commune"] != left].reset_index(drop=True)
        found.append(lmg(Design(rest, weights="w"), "y", names).value)
    spread = np.array(found)
    table = made.differences()
    assert list(table.columns[:5]) == ["estimate", "se", "low", "high", "n"]
    order = list(made.estimate.sort_values(ascending=False).index)
    assert list(table.index) == list(combinations(order, 2))
    for (high, low), row in table.iterrows():
        each = spread[:, names.index(high)] - spread[:, names.index(low)]
        se = np.sqrt(19 / 20 * ((each - each.mean()) ** 2).sum())
        value = made.estimate[high] - made.estimate[low]
        assert row["estimate"] == pytest.approx(value, abs=1e-14)
        assert row["se"] == pytest.approx(se, rel=1e-9)
        assert row["p"] == pytest.approx(2 * stats.t.sf(value / se, 19), rel=1e-9)
        assert row["high"] - value == pytest.approx(stats.t.ppf(0.975, 19) * se, rel=1e-9)
    holm = multipletests(table["p"], method="holm")[1]
    np.testing.assert_allclose(table["p_adjusted"], holm, rtol=1e-12)


def test_tiers_by_hand() -> None:
    # falling order c b d a; told apart: c–d, c–a, b–a
    apart = np.array([False, True, True, False, True, False])
    got = tiers_of(np.array([0.1, 0.4, 0.5, 0.2]), apart)
    assert got.index.tolist() == [2, 1, 3, 0]
    assert got["tier"].tolist() == ["A", "A", "B", "B"]
    assert got["rank_low"].tolist() == [1, 1, 2, 3]
    assert got["rank_high"].tolist() == [2, 3, 4, 4]


@given(st.integers(2, 40), st.floats(0, 1), st.integers(0, 1000))
def test_no_two_of_a_tier_are_told_apart(size: int, share: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    apart = rng.random(size * (size - 1) // 2) < share
    got = tiers_of(rng.random(size), apart)
    names = got["tier"].to_numpy()
    first, second = np.triu_indices(size, 1)
    assert not (apart & (names[first] == names[second])).any()
    assert (got["rank_low"] <= np.arange(1, size + 1)).all()
    assert (got["rank_high"] >= np.arange(1, size + 1)).all()
    if share == 1:
        assert len(set(names)) == size


def test_equal_importances_are_seldom_told_apart() -> None:
    rng, false = np.random.default_rng(8), 0
    names = ["a", "b", "c", "d"]
    for _ in range(100):
        x = rng.normal(size=(200, 1)) + rng.normal(size=(200, 4))
        frame = pd.DataFrame(x, columns=names)
        frame = frame.assign(y=x.sum(axis=1) + 3 * rng.normal(size=200), w=1.0)
        design = replicated(frame.assign(commune=np.arange(200) % 20))
        false += (lmg(design, "y", names).differences()["p_adjusted"] < 0.05).any()
    assert false <= 11  # 5 % of 100, and its standard error of 2.2 almost three times


def test_differences_need_replicates_and_two_predictors() -> None:
    frame, names = sample(3)
    with pytest.raises(SurveyError, match="no replicate weights"):
        lmg(frame, "y", names).tiers()
    with pytest.raises(SurveyError, match="one predictor"):
        lmg(replicated(frame), "y", names[:1]).differences()


# -- missing answers and what is refused ------------------------------------------------------


def test_missing_answers() -> None:
    frame, names = sample(3)
    holed = frame.copy()
    holed.loc[:30, "x1"] = np.nan
    holed.loc[20:45, "y"] = np.nan
    before = holed.copy()
    r = holed[[*names, "y"]].corr().to_numpy()
    pairs = lmg(holed, "y", names)
    np.testing.assert_allclose(pairs.value, by_hand(r, [[0], [1], [2]]), atol=1e-12)
    assert pairs.n == (holed["x1"].notna() & holed["y"].notna()).sum()
    complete = lmg(holed.dropna().reset_index(drop=True), "y", names)
    listwise = lmg(holed, "y", names, missing="listwise")
    np.testing.assert_allclose(listwise.value, complete.value, atol=1e-13)
    pd.testing.assert_frame_equal(holed, before)


def test_a_composite_outcome_is_refused_with_the_reason() -> None:
    frame, names = sample(4)
    frame["index"] = frame[names].mean(axis=1)
    groups = {"A": names[:2], "B": names[2:]}
    for call in (
        lambda: lmg(frame, "index", names),
        lambda: johnson(frame, "index", names),
        lambda: owen(frame, "index", names, groups=groups),
    ):
        with pytest.raises(SurveyError, match="linear combination of its predictors"):
            call()
    noise = np.random.default_rng(1).normal(size=len(frame))
    frame["nearly"] = frame["index"] + 1e-3 * noise
    assert 0.99999 < lmg(frame, "nearly", names).r2 < 1


@pytest.mark.parametrize(
    ("outcome", "predictors", "message"),
    [
        ("y", ["x0", "y"], "one of its own predictors"),
        ("y", [], "none given"),
        ("yy", ["x0"], "no column 'yy'"),
        ("y", ["x0", "x1", "x0"], "'x0' twice"),
        ("y", ["x0", "x1", "sum"], "'sum' is a linear combination of the predictors"),
        ("y", ["x0", "flat"], "the same answer"),
    ],
)
def test_what_is_refused(outcome: str, predictors: list[str], message: str) -> None:
    frame, _ = sample(3)
    frame = frame.assign(sum=frame["x0"] + frame["x1"], flat=1.0)
    with pytest.raises(SurveyError, match=message):
        lmg(frame, outcome, predictors)


def test_too_few_rows_are_not_called_a_composite() -> None:
    frame, names = sample(4)
    few = frame.head(len(names) + 1)
    with pytest.raises(SurveyError, match=f"{len(few)} rows are too few for {len(names)} pred"):
        lmg(few, "y", names)


def test_contradicting_pairwise_correlations_are_refused() -> None:
    x = np.linspace(-1, 1, 30)
    gone = np.nan
    frame = pd.DataFrame(
        {
            "a": np.concatenate([x, x, np.full(30, gone)]),
            "b": np.concatenate([x**3, np.full(30, gone), x]),
            "y": np.concatenate([np.full(30, gone), x**3, -(x**3)]),
        }
    )
    with pytest.raises(SurveyError, match="contradict each other at 'y'"):
        lmg(frame, "y", ["a", "b"])


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ({"A": ["x0", "x1"]}, "not in exactly one group: 'x2'"),
        ({"A": ["x0", "x1"], "B": ["x1", "x2"]}, "not in exactly one group: 'x1'"),
        ({"A": ["x0", "x1", "x2", "x9"]}, "'x9' is not a predictor"),
        ({"A": ["x0", "x1", "x2"], "B": []}, "no predictors in 'B'"),
    ],
)
def test_bad_groups(groups: dict[str, list[str]], message: str) -> None:
    frame, names = sample(3)
    with pytest.raises(SurveyError, match=message):
        owen(frame, "y", names, groups=groups)


def test_groups_too_large() -> None:
    frame, names = sample(26)
    with pytest.raises(SurveyError, match="subsets"):
        owen(frame, "y", names, groups={"all": names})
    with pytest.raises(SurveyError, match="permutations=\\): got 1"):
        lmg(frame, "y", names, permutations=1)
    with pytest.raises(SurveyError, match="there are no groups"):
        lmg(frame, "y", names[:2]).by_group()
