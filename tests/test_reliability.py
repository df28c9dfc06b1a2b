"""Reliability: closed forms, psych's conventions, and variances by two other routes.

Over 300 lines: many small tests of one module.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey import Design, ReplicateDesign, SurveyError
from survey.reliability import Alpha, alpha, correlations, item_rest, omega

ITEMS = ["a", "b", "c", "d", "e", "f"]


def answers(*, seed: int = 7, n: int = 240, holes: bool = True) -> pd.DataFrame:
    """Made-up seven-point answers in 24 communes of 6 districts, some of them missing."""
    rng = np.random.default_rng(seed)
    commune = np.arange(n) % 24
    common = rng.normal(size=(n, 1)) + 0.5 * rng.normal(size=24)[commune][:, None]
    halves = np.repeat(rng.normal(size=(n, 2)), 3, axis=1)  # a b c and d e f go together
    latent = 0.8 * common + 0.9 * halves * rng.uniform(0.8, 1.2, 6) + rng.normal(size=(n, 6))
    frame = pd.DataFrame(np.clip(np.round(4 + 1.5 * latent), 1, 7), columns=ITEMS)
    if holes:
        for item, rows in zip(("b", "d"), rng.integers(0, n, (2, n // 10)), strict=True):
            frame.loc[rows, item] = np.nan
    return frame.assign(commune=commune, district=commune % 6, w=rng.uniform(0.5, 3, n))


def designed(frame: pd.DataFrame) -> Design:
    return Design(frame, strata="district", psu="commune", weights="w")


def jackknife(frame: pd.DataFrame) -> ReplicateDesign:
    """Leave each commune out in turn and weigh the rest of its district up (JKn)."""
    commune, district = frame["commune"].to_numpy(), frame["district"].to_numpy()
    factor = np.ones((len(frame), 24))
    for left in range(24):
        here = district == left % 6
        factor[here, left] = 4 / 3
        factor[commune == left, left] = 0.0
    return ReplicateDesign(
        frame,
        weights="w",
        replicate_weights=factor * frame[["w"]].to_numpy(),
        rscales=np.full(24, 3 / 4),
    )


def coefficients(design: Design | ReplicateDesign) -> np.ndarray:
    """Every coefficient that has a linearised variance."""
    return np.concatenate(
        [
            alpha(design, ITEMS).estimates.point,
            item_rest(design, ITEMS).estimates.point,
            correlations(design, ITEMS).estimates.point,
            omega(design, ITEMS).estimates.point,
            omega(design, ITEMS, fit="ml").estimates.point,
            omega(design, ITEMS, factors=2).estimates.point[:1],
            omega(design, ITEMS, factors=2, fit="ml").estimates.point[:1],
        ]
    )


def errors(design: Design | ReplicateDesign) -> np.ndarray:
    """Their standard errors."""
    return np.concatenate(
        [
            alpha(design, ITEMS).estimates.se,
            item_rest(design, ITEMS).estimates.se,
            correlations(design, ITEMS).estimates.se,
            omega(design, ITEMS).estimates.se,
            omega(design, ITEMS, fit="ml").estimates.se,
            omega(design, ITEMS, factors=2).estimates.se[:1],
            omega(design, ITEMS, factors=2, fit="ml").estimates.se[:1],
        ]
    )


# -- values -----------------------------------------------------------------------------------


def test_alpha_by_its_definition() -> None:
    frame = answers(holes=False)
    c = np.cov(frame[ITEMS].to_numpy().T)
    want = 6 / 5 * (1 - np.trace(c) / c.sum())
    r = np.corrcoef(frame[ITEMS].to_numpy().T)
    mean = (r.sum() - 6) / 30
    got = alpha(frame, ITEMS)
    assert got.alpha == pytest.approx(want, rel=1e-13)
    assert got.estimates.point[3] == pytest.approx(mean, rel=1e-13)
    assert got.estimates.point[1] == pytest.approx(6 * mean / (1 + 5 * mean), rel=1e-13)
    assert got.signal_noise == pytest.approx(6 * mean / (1 - mean), rel=1e-13)
    assert got.scale_mean == pytest.approx(frame[ITEMS].mean(axis=1).mean(), rel=1e-13)
    assert got.scale_sd == pytest.approx(frame[ITEMS].mean(axis=1).std(), rel=1e-13)


def test_weights_count_as_copies() -> None:
    frame = answers(holes=False).assign(w=lambda d: 1 + d["commune"] % 3)
    copied = frame.loc[frame.index.repeat(frame["w"])].reset_index(drop=True)
    weighted = Design(frame, weights="w")
    for function in (alpha, item_rest, omega):
        one, two = function(weighted, ITEMS), function(copied, ITEMS)
        np.testing.assert_allclose(one.estimates.point, two.estimates.point, rtol=1e-12)


def test_lambda_6_and_item_rest_by_regression() -> None:
    frame = answers(holes=False)
    x = frame[ITEMS].to_numpy()
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    unexplained = []
    for k, name in enumerate(ITEMS):
        others = np.delete(z, k, axis=1)
        residual = z[:, k] - others @ np.linalg.lstsq(others, z[:, k], rcond=None)[0]
        unexplained.append((residual**2).mean())
        rest = np.delete(x, k, axis=1).sum(axis=1)
        got = item_rest(frame, ITEMS).table().loc[name]
        assert got["estimate"] == pytest.approx(np.corrcoef(x[:, k], rest)[0, 1], rel=1e-12)
        without = [item for item in ITEMS if item != name]
        assert got["alpha_if_deleted"] == pytest.approx(alpha(frame, without).alpha, rel=1e-12)
    want = 1 - sum(unexplained) / np.corrcoef(x.T).sum()
    assert alpha(frame, ITEMS).estimates.point[2] == pytest.approx(want, rel=1e-12)


def test_pairs_use_the_rows_that_hold_both() -> None:
    frame = answers()
    got = correlations(frame, ITEMS)
    np.testing.assert_allclose(got.matrix, frame[ITEMS].corr(), rtol=1e-12)
    np.testing.assert_allclose(got.covariance, frame[ITEMS].cov(), rtol=1e-12)
    assert got.n.loc["b", "d"] == (frame["b"].notna() & frame["d"].notna()).sum()
    complete = frame.dropna().reset_index(drop=True)
    listwise = alpha(frame, ITEMS, missing="listwise")
    assert listwise.alpha == pytest.approx(alpha(complete, ITEMS).alpha, rel=1e-12)
    assert listwise.table()["n"].iloc[0] == len(complete)
    assert listwise.feldt == pytest.approx(alpha(complete, ITEMS).feldt, rel=1e-12)


def one_factor(loadings: list[float], n: int = 200) -> pd.DataFrame:
    """Answers whose correlations are exactly those of one factor."""
    size = len(loadings)
    r = np.outer(loadings, loadings)
    np.fill_diagonal(r, 1.0)
    z = np.random.default_rng(1).normal(size=(n, size))
    white = np.linalg.solve(np.linalg.cholesky(np.cov(z.T)), (z - z.mean(axis=0)).T)
    return pd.DataFrame((np.linalg.cholesky(r) @ white).T, columns=ITEMS[:size])


@pytest.mark.parametrize("fit", ["minres", "ml"])
def test_omega_finds_an_exact_factor(fit: str) -> None:
    loadings = [0.9, 0.8, 0.7, 0.6, 0.5]
    frame = one_factor(loadings)
    got = omega(frame, ITEMS[:5], fit=fit)  # type: ignore[arg-type]
    np.testing.assert_allclose(got.loadings["general"], loadings, rtol=1e-6)
    want = sum(loadings) ** 2 / (sum(loadings) ** 2 + sum(1 - x**2 for x in loadings))
    assert got.total == pytest.approx(want, rel=1e-8)
    assert got.model_total == pytest.approx(want, rel=1e-8)


def test_equal_loadings_make_alpha_and_omega_one_number() -> None:
    frame = one_factor([0.7] * 5)
    assert omega(frame, ITEMS[:5]).total == pytest.approx(alpha(frame, ITEMS[:5]).alpha, rel=1e-8)


def test_minres_leaves_no_gradient_and_ml_reproduces_the_variances() -> None:
    frame = answers(holes=False)
    r = frame[ITEMS].corr().to_numpy()
    for factors in (1, 2):
        loadings = omega(frame, ITEMS, factors=factors).loadings["communality"].to_numpy()
        values, vectors = np.linalg.eigh(r - np.diag(1 - loadings))
        top = vectors[:, -factors:] * np.sqrt(values[-factors:])
        np.testing.assert_allclose((top**2).sum(axis=1), loadings, atol=1e-9)
        unique = 1 - omega(frame, ITEMS, factors=factors, fit="ml").loadings["communality"]
        scaled = r / np.sqrt(np.outer(unique, unique))
        values, vectors = np.linalg.eigh(scaled)
        top = vectors[:, -factors:] * np.sqrt(values[-factors:] - 1)
        np.testing.assert_allclose((top**2).sum(axis=1) * unique, 1 - unique, atol=1e-9)


def test_schmid_leiman_of_two_clusters() -> None:
    frame = one_factor([0.8] * 6)
    noise = np.random.default_rng(3).normal(size=(len(frame), 2))
    blocks = np.repeat(noise - noise.mean(axis=0), 3, axis=1)
    split = pd.DataFrame(frame.to_numpy() + 1.5 * blocks, columns=ITEMS)
    got = omega(split, ITEMS, factors=2)
    assert got.hierarchical < got.total
    assert got.limit == pytest.approx(got.hierarchical / got.total)
    general, groups = got.loadings["general"], got.loadings[["group 1", "group 2"]]
    np.testing.assert_allclose(
        general**2 + (groups**2).sum(axis=1), got.loadings["communality"], atol=0.02
    )
    assert 0 < got.explained_common < 1


def test_a_reversed_item_is_turned_round_and_named() -> None:
    frame = answers(holes=False)
    turned = frame.assign(c=8 - frame["c"])
    for factors in (1, 2):
        one, two = (omega(d, ITEMS, factors=factors) for d in (frame, turned))
        assert two.total == pytest.approx(one.total, rel=1e-9)
        assert two.standardised_alpha == pytest.approx(one.standardised_alpha, rel=1e-12)
        assert two.loadings.loc["c", "key"] == -1
        np.testing.assert_allclose(two.estimates.se.iloc[0], one.estimates.se.iloc[0], rtol=1e-6)
    assert "Turned round: 'c'." in two.notes
    assert "Against the others: 'c'; recode?" in alpha(turned, ITEMS).notes


# -- variances --------------------------------------------------------------------------------


def test_linearised_errors_from_derivatives_by_the_weights() -> None:
    frame, step = answers(), 1e-4
    rows = []
    for commune in range(24):
        here = (frame["commune"] == commune).to_numpy()
        up, down = (frame.assign(w=frame["w"] * np.where(here, 1 + s, 1)) for s in (step, -step))
        rows.append((coefficients(designed(up)) - coefficients(designed(down))) / (2 * step))
    scores = np.array(rows)
    want = np.zeros(scores.shape[1])
    for district in range(6):
        own = scores[district::6]
        want += 4 / 3 * ((own - own.mean(axis=0)) ** 2).sum(axis=0)
    np.testing.assert_allclose(errors(designed(frame)), np.sqrt(want), rtol=2e-5)


def test_replicates_are_the_statistic_computed_anew() -> None:
    frame = answers()
    design = jackknife(frame)
    found = []
    for left in range(24):
        weight = design.row_weights()[:, left]
        rest = frame.assign(w=weight)[weight > 0].reset_index(drop=True)
        found.append(coefficients(Design(rest, weights="w")))
    spread = np.array(found)
    want = np.sqrt(3 / 4 * ((spread - spread.mean(axis=0)) ** 2).sum(axis=0))
    np.testing.assert_allclose(errors(design), want, rtol=2e-3)  # n − 1 of pairs differs
    np.testing.assert_allclose(errors(design), errors(designed(frame)), rtol=0.25)


def test_hierarchical_omega_has_an_error_from_replicates_only() -> None:
    frame = answers()
    linear, replicated = (omega(d, ITEMS, factors=2) for d in (designed(frame), jackknife(frame)))
    assert np.isnan(linear.estimates.se.iloc[1])
    assert linear.estimates.se.iloc[0] > 0
    assert "needs replicate weights" in linear.notes[-1]
    assert replicated.estimates.se.iloc[1] > 0


def test_independent_normal_answers_agree_with_the_classical_error() -> None:
    rng = np.random.default_rng(11)
    x = rng.normal(size=(20_000, 1)) + rng.normal(size=(20_000, 5))
    got = alpha(pd.DataFrame(x, columns=ITEMS[:5]), ITEMS[:5])
    assert got.estimates.se.iloc[0] == pytest.approx(got.classical_se, rel=0.03)
    low, high = got.table().loc["alpha", ["low", "high"]]
    assert (low, high) == pytest.approx(got.feldt, abs=2e-4)


def test_a_domain_keeps_its_units() -> None:
    frame = answers()
    design = designed(frame)
    inside = frame["district"] < 3
    part = alpha(design.domain(inside, label="three districts"), ITEMS)
    alone = alpha(designed(frame[inside].reset_index(drop=True)), ITEMS)
    assert part.alpha == pytest.approx(alone.alpha, rel=1e-12)
    assert part.estimates.se.iloc[0] == pytest.approx(alone.estimates.se.iloc[0], rel=1e-9)
    assert part.table()["n"].iloc[0] == inside.sum()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 50))
def test_order_and_scale_do_not_matter(seed: int, scale: float) -> None:
    frame = answers(seed=seed, n=96)
    mixed = frame.sample(frac=1, random_state=seed).reset_index(drop=True)
    mixed = mixed.assign(w=mixed["w"] * scale)
    for function in (alpha, item_rest, correlations, omega):
        one, two = function(designed(frame), ITEMS), function(designed(mixed), ITEMS)
        np.testing.assert_allclose(two.estimates.point, one.estimates.point, rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(two.estimates.se, one.estimates.se, rtol=1e-5, atol=1e-9)


# -- how it shows, and what it refuses --------------------------------------------------------


def test_tables_and_text() -> None:
    frame = answers()
    before = frame.copy()
    design = designed(frame)
    made: list[Alpha | object] = [
        f(design, ITEMS) for f in (alpha, item_rest, correlations, omega)
    ]
    for result in made:
        table = result.table()  # type: ignore[attr-defined]
        assert list(table.columns[:5]) == ["estimate", "se", "low", "high", "n"]
        assert (table["low"] < table["estimate"]).all()
        assert (table["high"] > table["estimate"]).all()
        assert (table["high"] < 1).all()
        assert "<table" in result._repr_html_()  # type: ignore[attr-defined]
        with pytest.raises((AttributeError, TypeError)):
            result.level = 0.5  # type: ignore[attr-defined]
    assert repr(made[0]).startswith("Reliability of 6 items; 24 PSUs, 6 strata")
    assert "95 % limits" in repr(made[0])
    pd.testing.assert_frame_equal(frame, before)


def test_two_items() -> None:
    frame = answers()
    table = item_rest(frame, ["a", "c"]).table()
    assert table["estimate"].to_numpy() == pytest.approx(frame["a"].corr(frame["c"]), rel=1e-12)
    assert table["alpha_if_deleted"].isna().all()
    r = frame["a"].corr(frame["c"])
    assert alpha(frame, ["a", "c"]).estimates.point[1] == pytest.approx(2 * r / (1 + r))


def test_html_is_escaped() -> None:
    frame = answers().rename(columns={"a": "<b>a"})
    assert "<b>a" not in item_rest(frame, ["<b>a", "b", "c"])._repr_html_()


@pytest.mark.parametrize(
    ("items", "options", "message"),
    [
        (["a"], {}, "two or more; 1 given"),
        (["a", "b", "a"], {}, "'a' twice"),
        (["a", "bb"], {}, "no column 'bb'"),
        (["a", "word"], {}, "not numeric: 'word'"),
        (["a", "flat"], {}, "the same answer to 1 items: 'flat'"),
        (["a", "empty"], {}, "fewer than two rows"),
        (["a", "b"], {"missing": "drop"}, "'drop' is not an option"),
        (["a", "b"], {"level": 95}, "level: got 95"),
        (["a", "minus"], {}, "their sum does not vary"),
    ],
)
def test_what_alpha_refuses(items: list[str], options: dict[str, object], message: str) -> None:
    frame = answers().assign(
        word="yes", flat=3.0, empty=np.nan, minus=lambda d: 8 - d["a"], bb_=1.0
    )
    with pytest.raises(SurveyError, match=message):
        alpha(frame, items, **options)  # type: ignore[arg-type]


def test_what_omega_refuses() -> None:
    frame = answers()
    with pytest.raises(SurveyError, match="2 factors cannot be told from 4 items"):
        omega(frame, ITEMS[:4], factors=2)
    with pytest.raises(SurveyError, match="0 factors"):
        omega(frame, ITEMS, factors=0)
    with pytest.raises(SurveyError, match="'uls' is not an option"):
        omega(frame, ITEMS, fit="uls")  # type: ignore[arg-type]


def test_a_heywood_case_is_named_and_has_no_linearised_error() -> None:
    r = np.array([[1, 0.9, 0.9], [0.9, 1, 0.7], [0.9, 0.7, 1]])
    z = np.random.default_rng(2).normal(size=(100, 3))
    white = np.linalg.solve(np.linalg.cholesky(np.cov(z.T)), (z - z.mean(axis=0)).T)
    frame = pd.DataFrame((np.linalg.cholesky(r) @ white).T, columns=["a", "b", "c"])
    got = omega(frame, ["a", "b", "c"])
    assert "Heywood" in " ".join(got.notes)
    assert np.isnan(got.estimates.se.iloc[0])
