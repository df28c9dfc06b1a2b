"""Quantile rules against numpy's, Woodruff limits by hand, scores, replicates, and refusals."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import survey
from survey import Design, ReplicateDesign, SurveyError
from survey.quantiles import quantile
from survey.quantiles.quantile_rules import Rule, ordered, quantiles_of

#: Rules of Hyndman and Fan under numpy's names (R's hf3 is another, see the module).
NUMPY: dict[Rule, str] = {
    "math": "inverted_cdf",
    "hf1": "inverted_cdf",
    "school": "averaged_inverted_cdf",
    "hf2": "averaged_inverted_cdf",
    "hf4": "interpolated_inverted_cdf",
    "hf5": "hazen",
    "hf6": "weibull",
    "hf7": "linear",
    "hf8": "median_unbiased",
    "hf9": "normal_unbiased",
}
SHARES = np.array([0.0, 0.03, 0.1, 0.25, 1 / 3, 0.5, 0.75, 0.9, 0.97, 1.0])


@pytest.fixture
def design(province: pd.DataFrame) -> Design:
    return Design(province, strata="district", psu="commune", weights="weight")


# -- rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", NUMPY)
@pytest.mark.parametrize("n", [1, 2, 5, 12, 20])
def test_rules_without_weights_are_numpys(rule: Rule, n: int) -> None:
    x = np.random.default_rng(n).normal(size=n)
    got = quantiles_of(ordered(x, np.ones(n)), SHARES, rule)
    np.testing.assert_allclose(got, np.quantile(x, SHARES, method=NUMPY[rule]), rtol=1e-9)


def test_the_left_rule_with_weights_is_numpys() -> None:
    rng = np.random.default_rng(5)
    x, w = rng.integers(1, 6, 60).astype(float), rng.uniform(0.5, 3, 60)
    want = np.quantile(x, SHARES[1:], method="inverted_cdf", weights=w)
    np.testing.assert_array_equal(quantiles_of(ordered(x, w), SHARES[1:], "math"), want)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    answers=st.lists(st.tuples(st.integers(1, 5), st.integers(1, 4)), min_size=1, max_size=12),
    share=st.sampled_from([0.0, 0.125, 0.25, 0.5, 0.75, 0.875, 1.0]),
    rule=st.sampled_from(["math", "school"]),
)
def test_a_row_of_weight_two_counts_as_two_rows(
    answers: list[tuple[int, int]], share: float, rule: Rule
) -> None:
    x, w = (np.array(part, dtype=float) for part in zip(*answers, strict=True))
    p = np.array([share])
    repeated = np.repeat(x, w.astype(int))
    alone = quantiles_of(ordered(repeated, np.ones(len(repeated))), p, rule)
    assert quantiles_of(ordered(x, w), p, rule) == alone


def test_three_more_rules_by_hand() -> None:
    data = ordered(np.array([3.0, 1, 2, 2]), np.array([1.0, 1, 1, 1]))
    assert quantiles_of(data, np.array([0.25, 0.75]), "hf3").tolist() == [2.0, 2.0]
    points = (np.arange(1, 5) + 0.5 - 0.5) / 5
    at = np.array([points[2], points[2] - 1e-9, 0.01])
    assert quantiles_of(data, at, "shahvaish").tolist() == [2.0, 2.0, 1.0]
    assert quantiles_of(data, np.array([points[3]]), "shahvaish").tolist() == [3.0]


def test_rows_without_weight_and_shares_out_of_range() -> None:
    data = ordered(np.array([9.0, 1, 2]), np.array([0.0, 1, 1]))
    np.testing.assert_array_equal(
        quantiles_of(data, np.array([1.0, 1.01, -0.01, np.nan]), "hf7"), [2.0, *[np.nan] * 3]
    )
    assert np.isnan(quantiles_of(ordered(np.array([1.0]), np.zeros(1)), SHARES, "math")).all()


# -- Woodruff ---------------------------------------------------------------------------------


def by_hand(
    design: Design, column: str, p: float, level: float, mask: np.ndarray | None = None
) -> tuple[float, float, float]:
    """Quantile and limits by the definition, with loops."""
    own = design if mask is None else design.domain(mask)
    data = design.data[own.inside & design.data[column].notna()]

    def reach(share: float) -> float:
        if not 0 <= share <= 1:
            return math.nan
        total = 0.0
        for value, weight in data.sort_values(column)[[column, "weight"]].to_numpy():
            total += weight
            if total >= share * data["weight"].sum() * (1 - 1e-12):
                return float(value)
        return math.nan

    q = reach(p)
    at_most = (design.data[column] <= q).astype(float).where(design.data[column].notna())
    below = survey.mean(own, at_most.to_frame("below"))
    half = stats.t.ppf(0.5 + level / 2, below.df.iloc[0]) * below.se.iloc[0]
    return q, reach(below.point[0] - half), reach(below.point[0] + half)


@pytest.mark.parametrize("column", ["y", "q", "holes"])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_woodruff_limits_by_the_definition(design: Design, column: str, level: float) -> None:
    probs = [0.25, 0.5, 0.7]
    table = quantile(design, column, probs).table(level=level)
    assert table.index.name == "prob"
    for p in probs:
        row = table.loc[p, ["estimate", "low", "high"]]
        np.testing.assert_array_equal(row, by_hand(design, column, p, level))
    result = quantile(design, column, probs)
    wide = result.confidence_interval()
    t = stats.t.ppf(0.975, result.df)
    np.testing.assert_allclose(result.se, (wide["high"] - wide["low"]) / (2 * t), rtol=1e-12)


def test_many_items_and_domains_are_single_calls_together(design: Design) -> None:
    both = quantile(design, ["y", "holes"], [0.5, 0.6], by="sex", interval="xlogit")
    assert both.labels.names == ["item", "prob", "sex"]
    for item, p, sex in itertools.product(["y", "holes"], [0.5, 0.6], ["F", "M"]):
        mask = (design.data["sex"] == sex).to_numpy()
        alone = quantile(design.domain(mask), item, p, interval="xlogit")
        np.testing.assert_allclose(
            both.table().loc[(item, p, sex)], alone.table().iloc[0], rtol=1e-12
        )


def test_a_domain_by_the_definition(design: Design) -> None:
    mask = (design.data["sex"] == "F").to_numpy()
    row = quantile(design, "y", 0.5, by="sex").table().loc["F", ["estimate", "low", "high"]]
    np.testing.assert_array_equal(row, by_hand(design, "y", 0.5, 0.95, mask))


def test_limits_at_the_scale_of_the_weights(design: Design, province: pd.DataFrame) -> None:
    heavier = Design(
        province.assign(weight=province["weight"] * 8),
        strata="district",
        psu="commune",
        weights="weight",
    )
    pd.testing.assert_frame_equal(
        quantile(design, "y", [0.3, 0.5]).table(), quantile(heavier, "y", [0.3, 0.5]).table()
    )


def test_the_scores_are_those_of_the_share_below(design: Design) -> None:
    medians = quantile(design, "y", 0.5, by="sex")
    frame = pd.DataFrame(
        {s: (design.data["y"] <= q) for s, q in medians.estimate.items()}, dtype=float
    )
    shares = survey.mean(design, frame, by="sex").pick([0, 3])
    slope = np.diag(-medians.se.to_numpy() / shares.se.to_numpy())
    want = slope @ shares.covariance.to_numpy() @ slope
    np.testing.assert_allclose(medians.covariance, want, rtol=1e-10)
    difference = medians.contrast({"F − M": {"F": 1, "M": -1}})
    assert difference.se.iloc[0] == pytest.approx(
        math.sqrt(want[0, 0] + want[1, 1] - 2 * want[0, 1])
    )


def test_limits_follow_a_selection(design: Design) -> None:
    result = quantile(design, "y", [0.25, 0.5, 0.75])
    pd.testing.assert_frame_equal(result.pick([2, 0]).table(), result.table().iloc[[2, 0]])


def test_a_limit_beyond_every_answer_is_missing() -> None:
    sheet = pd.DataFrame({"y": [1.0, 2, 3, 4, 5]})
    table = quantile(Design(sheet), "y", [0.1, 0.5]).table()
    assert np.isnan(table.loc[0.1, "low"])
    assert np.isnan(table.loc[0.1, "se"])


def test_degrees_of_freedom_of_the_callers_choice(design: Design) -> None:
    result = quantile(design, "y", 0.5, df=math.inf)
    limits = result.confidence_interval(df=math.inf)
    z = stats.norm.ppf(0.975)
    assert result.se.iloc[0] == pytest.approx(
        float((limits["high"] - limits["low"]).iloc[0] / 2 / z)
    )


def test_score_limits_test_every_value(design: Design) -> None:
    for p in (0.4, 0.5, 0.6):
        row = quantile(design, "y", p, interval="score").table().iloc[0]
        t = stats.t.ppf(0.975, 6)
        values = np.sort(design.data["y"].unique())
        frame = pd.DataFrame({v: (design.data["y"] <= v).astype(float) for v in values[:-1]})
        shares = survey.mean(design, frame)
        score = np.append((p - shares.point) / shares.se.to_numpy(), -np.inf)
        kept = values[np.abs(score) <= t]
        assert (row["low"], row["high"]) == (kept.min(), kept.max())


# -- replicates -------------------------------------------------------------------------------


@pytest.fixture
def bootstrap(province: pd.DataFrame) -> ReplicateDesign:
    factors = np.random.default_rng(3).uniform(0.4, 1.6, (len(province), 25))
    factors[0, 0] = 0.0
    return ReplicateDesign(
        province, weights="weight", replicate_weights=factors, combined=False, scale=1 / 25
    )


def test_the_spread_of_replicates_by_loops(bootstrap: ReplicateDesign) -> None:
    frame, probs = bootstrap.data, [0.3, 0.5]
    result = quantile(bootstrap, ["holes"], probs, by="sex", method="replicate", rule="hf7")
    weights = bootstrap.row_weights()
    for p, sex in itertools.product(probs, ["F", "M"]):
        rows = (frame["sex"] == sex).to_numpy() & frame["holes"].notna().to_numpy()
        x, share = frame["holes"].to_numpy()[rows], np.array([p])
        each = [quantiles_of(ordered(x, w[rows]), share, "hf7")[0] for w in weights.T]
        assert result.se.loc[(p, sex)] == pytest.approx(np.std(each))
        full = quantiles_of(ordered(x, frame["weight"].to_numpy()[rows]), share, "hf7")[0]
        assert result.estimate.loc[(p, sex)] == pytest.approx(full)
        assert result.n.loc[(p, sex)] == rows.sum()


def test_woodruff_limits_on_replicates(bootstrap: ReplicateDesign) -> None:
    result = quantile(bootstrap, "y", 0.5)
    below = survey.mean(
        bootstrap, (bootstrap.data["y"] <= result.point[0]).astype(float).to_frame("b")
    )
    half = stats.t.ppf(0.975, bootstrap.df) * below.se.iloc[0]
    data = ordered(bootstrap.data["y"].to_numpy(), bootstrap.weight)
    want = quantiles_of(data, below.point[0] + np.array([-half, half]), "math")
    np.testing.assert_array_equal(result.confidence_interval().iloc[0], want)


# -- refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"probs": 50}, r"probs=\): got 50.*0\.5"),
        ({"probs": []}, r"probs=\): got \[\]"),
        ({"probs": [0.5, 0.5]}, "a share twice"),
        ({"probs": 0.5, "rule": "type7"}, r"rule=\): 'type7' is not an option.*'hf7'"),
        ({"probs": 0.5, "interval": "logit"}, r"interval=\): 'logit'"),
        ({"probs": 0.5, "method": "jackknife"}, r"method=\): 'jackknife'"),
        ({"probs": 0.5, "method": "replicate"}, "no replicate weights.*as_replicates"),
    ],
)
def test_what_is_refused(design: Design, options: dict[str, object], message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        quantile(design, "y", **options)  # type: ignore[arg-type]


def test_text_and_unknown_columns(design: Design) -> None:
    with pytest.raises(SurveyError, match="not numeric: 'sex'"):
        quantile(design, "sex", 0.5)
    with pytest.raises(SurveyError, match="Did you mean 'holes'"):
        quantile(design, "hols", 0.5)
