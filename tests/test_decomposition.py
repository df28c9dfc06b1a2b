"""Kitagawa, Das Gupta and Oaxaca–Blinder: published examples, brute force, moved weights."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import survey
from survey.decomposition import kitagawa, oaxaca
from survey.decomposition.standardised_rates import mix_terms, standardised
from survey.errors import SurveyError

# -- published examples -----------------------------------------------------------------------

#: Household headship rates per 100 by age, United States, 1970 and 1985: Das Gupta (1993),
#: *Standardization and Decomposition of Rates*, U.S. Bureau of the Census, P23-186, example 5.1
#: (a work of the United States government, in the public domain), where it stands for
#: Kitagawa's two components. The effects are those that the R package DasGuptR 2.1.0 prints.
HEADS = np.array(
    [
        [12.9, 10.9, 9.5, 8.0, 7.8, 8.4, 8.6, 7.8, 7.0, 5.9, 4.7, 3.6, 4.9],
        [10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6.0, 6.3, 5.9, 5.1, 4.0, 5.5],
    ]
)
HEADSHIP = np.array(
    [
        [1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8],
        [2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56.0, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2],
    ]
)
#: Death rates per 1,000 by race and age, 1970 and 1985: the same manual, example 5.3.
PEOPLE = np.array(
    [
        [
            [2968, 11484, 34614, 30992, 21983, 20314, 20928, 16897, 11339, 5720, 1315],
            [535, 2162, 6120, 4781, 3096, 2718, 2363, 1767, 1149, 448, 117],
        ],
        [
            [3041, 11577, 27450, 32711, 35480, 27411, 19555, 19795, 15254, 8022, 2472],
            [707, 2692, 6473, 6841, 6547, 4352, 3034, 2540, 1749, 804, 236],
        ],
    ],
    dtype=float,
)
DEATHS = np.array(
    [
        [
            [18.469, 0.751, 0.391, 1.146, 1.287, 2.672, 6.636, 15.691, 34.723, 79.763, 176.837],
            [36.993, 1.352, 0.541, 2.040, 3.523, 6.746, 12.967, 24.471, 45.091, 74.902, 123.205],
        ],
        [
            [9.163, 0.462, 0.248, 0.929, 1.084, 1.810, 4.715, 12.187, 27.728, 64.068, 157.570],
            [17.208, 0.738, 0.328, 1.103, 2.045, 3.724, 8.052, 17.812, 34.128, 68.276, 125.161],
        ],
    ]
)


def shares(counts: np.ndarray) -> np.ndarray:
    return counts / counts.sum()


def test_kitagawas_two_components_as_published() -> None:
    effects = standardised(
        HEADSHIP[:1], shares(HEADS[0])[None], HEADSHIP[1:], shares(HEADS[1])[None]
    ).value.ravel()
    assert effects.round(4).tolist() == [1.7403, 1.2269]
    assert effects.sum().round(4) == 2.9672


def test_das_guptas_two_crossed_factors_as_published() -> None:
    rate, race, age = standardised(
        DEATHS[:1], shares(PEOPLE[0])[None], DEATHS[1:], shares(PEOPLE[1])[None]
    ).value.ravel()
    assert (round(rate, 7), round(age, 7), round(race, 7)) == (-2.2277254, 1.5217347, 0.0197749)
    assert round(rate + race + age, 7) == -0.6862158


def card_holders() -> list[survey.Design]:
    """Expenditure of 72 credit card holders by home ownership: Greene, *Econometric Analysis*."""
    from statsmodels.datasets import ccard

    frame = ccard.load_pandas().data
    design = survey.Design(frame)
    return [design.domain(frame["OWNRENT"] == owns) for owns in (0, 1)]


@pytest.mark.parametrize(
    ("reference", "explained", "unexplained"),
    [
        ("pooled", 130.8095, 27.94091),  # Stata: oaxaca …, by(ownrent) pooled
        ("first", 321.7482, 75.45371 - 238.4515),  # Stata: endowments; coefficients, interaction
        ("second", 321.7482 - 238.4515, 75.45371),
    ],
)
def test_oaxaca_as_stata_prints_it(reference: Any, explained: float, unexplained: float) -> None:
    made = oaxaca(
        *card_holders(), "AVGEXP", ["AGE", "INCOME", "INCOMESQ"], reference=reference
    ).estimate
    assert made["total"] == pytest.approx(158.7504, abs=5e-5)
    assert made["unexplained"] == pytest.approx(unexplained, abs=1e-4)
    assert made[["AGE", "INCOME", "INCOMESQ"]].sum() == pytest.approx(explained, abs=1e-4)


def test_neumarks_coefficients_agree_with_statsmodels() -> None:
    from statsmodels.datasets import ccard
    from statsmodels.stats.oaxaca import OaxacaBlinder

    data = ccard.load_pandas()
    model = OaxacaBlinder(data.endog, data.exog.assign(one=1.0), "OWNRENT")
    unexplained, explained, _ = model.two_fold(two_fold_type="nuemark").params  # sic
    made = oaxaca(
        *card_holders(), "AVGEXP", ["AGE", "INCOME", "INCOMESQ"], reference="neumark"
    ).estimate
    assert made["unexplained"] == pytest.approx(unexplained, rel=1e-9)
    assert made[["AGE", "INCOME", "INCOMESQ"]].sum() == pytest.approx(explained, rel=1e-9)


# -- the arithmetic, written out --------------------------------------------------------------


def written_out(rates: list[np.ndarray], mixes: list[np.ndarray]) -> list[float]:
    """Effects from the definition: every order of the factors, for the terms and for the swaps."""
    factors = range(mixes[0].ndim)
    orders = list(permutations(factors))
    terms = []
    for share in mixes:
        made = {f: np.ones_like(share) for f in factors}
        for order in orders:
            for k, f in enumerate(order):
                later, sooner = order[k + 1 :], order[k:]
                inside = share.sum(axis=later, keepdims=True)
                whole = share.sum(axis=sooner, keepdims=True)
                made[f] = made[f] * (inside / whole) ** (1 / len(orders))
        terms.append(made)
    middle = (rates[0] + rates[1]) / 2
    effects = [float(((mixes[0] + mixes[1]) / 2 * (rates[1] - rates[0])).sum())]
    for f in factors:
        gains = []
        for order in orders:
            done = order[: order.index(f)]
            rest = np.prod([terms[int(g in done)][g] for g in factors if g != f], axis=0)
            gains.append((middle * rest * (terms[1][f] - terms[0][f])).sum())
        effects.append(float(np.mean(gains)))
    return effects


@pytest.mark.parametrize("shape", [(3,), (2, 4), (3, 2, 2), (2, 3, 2, 2)])
def test_effects_follow_the_definition(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(len(shape))
    rates = [rng.random(shape) for _ in range(2)]
    mixes = [shares(rng.random(shape) + 0.05) for _ in range(2)]
    made = standardised(rates[0][None], mixes[0][None], rates[1][None], mixes[1][None])
    np.testing.assert_allclose(made.value.ravel(), written_out(rates, mixes), atol=1e-13)
    np.testing.assert_allclose(mix_terms(mixes[0][None]).prod(axis=0)[0], mixes[0], rtol=1e-12)


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 2, 2)])
def test_derivatives_follow_the_values(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(9)
    base = [rng.random((1, *shape)) for _ in range(4)]
    base[1].flat[0] = base[3].flat[-1] = 0.0  # a cell that the first lacks, one that the second
    made = standardised(*base)
    step = 1e-6
    for k in range(4):
        slopes = (made.rates if k % 2 == 0 else made.shares)[k // 2]
        for cell in np.ndindex(shape):
            if k % 2 == 1 and base[k][0][cell] == 0:
                continue
            ends = []
            for sign in (1, -1):
                moved = [part.copy() for part in base]
                moved[k][0][cell] += sign * step
                ends.append(standardised(*moved).value[:, 0])
            want = (ends[0] - ends[1]) / (2 * step)
            np.testing.assert_allclose(slopes[(slice(None), 0, *cell)], want, atol=1e-8)


CELLS = st.lists(st.integers(0, 9), min_size=8, max_size=8).filter(lambda n: sum(n) > 0)
LEVELS = st.lists(st.integers(-50, 50), min_size=8, max_size=8)


@settings(max_examples=60, deadline=None)
@given(CELLS, CELLS, LEVELS, LEVELS, st.permutations(range(4)))
def test_effects_close_and_mirror(
    n1: list[int], n2: list[int], y1: list[int], y2: list[int], shuffled: list[int]
) -> None:
    mixes = [shares(np.array(n, float)).reshape(2, 4) for n in (n1, n2)]
    rates = [np.array(y, float).reshape(2, 4) for y in (y1, y2)]
    there = standardised(rates[0][None], mixes[0][None], rates[1][None], mixes[1][None]).value
    back = standardised(rates[1][None], mixes[1][None], rates[0][None], mixes[0][None]).value
    change = (mixes[1] * rates[1]).sum() - (mixes[0] * rates[0]).sum()
    assert there.sum() == pytest.approx(change, abs=1e-9)
    np.testing.assert_allclose(back, -there, atol=1e-9)
    other = [part[:, shuffled][None] for part in (rates[0], mixes[0], rates[1], mixes[1])]
    np.testing.assert_allclose(standardised(*other).value, there, atol=1e-9)
    turned = [part.T[None] for part in (rates[0], mixes[0], rates[1], mixes[1])]
    np.testing.assert_allclose(standardised(*turned).value, there[[0, 2, 1]], atol=1e-9)


# -- from samples -----------------------------------------------------------------------------

Account = Callable[[pd.DataFrame, np.ndarray, pd.DataFrame, np.ndarray], np.ndarray]


def draw(seed: int, lift: float = 0.0) -> pd.DataFrame:
    """Nine communes in three districts, clustered answers, weights, blanks, who answered."""
    rng = np.random.default_rng(seed)
    commune = np.repeat(np.arange(9), rng.integers(6, 12, 9))
    frame = pd.DataFrame({"commune": [f"commune {c}" for c in commune]})
    frame["district"] = [f"district {c // 3}" for c in commune]
    frame["sex"] = rng.choice(["F", "M"], len(frame), p=[0.5 + lift / 10, 0.5 - lift / 10])
    frame["work"] = rng.choice(["farm", "shop", "office"], len(frame))
    frame["age"] = rng.integers(18, 80, len(frame)) + 5.0 * lift
    frame["weight"] = rng.integers(1, 7, len(frame)) / 2.0
    pull = rng.normal(lift, 0.5, 9)[commune] + 0.4 * (frame["sex"] == "F") + 0.01 * frame["age"]
    for name in ("a", "b"):
        frame[name] = np.where(
            rng.random(len(frame)) < 0.1, np.nan, pull + rng.normal(size=len(frame))
        )
    return frame


def design(frame: pd.DataFrame) -> survey.Design:
    return survey.Design(frame, weights="weight", strata="district", psu="commune")


def by_hand_rates(by: list[str], y: str) -> Account:
    def account(b: pd.DataFrame, wb: np.ndarray, a: pd.DataFrame, wa: np.ndarray) -> np.ndarray:
        made = []
        for frame, weight in ((b, wb), (a, wa)):
            known = frame[y].notna()
            keys = [frame.loc[known, name] for name in by]
            w = pd.Series(weight, index=frame.index)[known]
            n = w.groupby(keys).sum()
            made.append((n, (w * frame.loc[known, y]).groupby(keys).sum() / n))
        levels = [sorted({*b[name], *a[name]}) for name in by]
        cells = pd.MultiIndex.from_product(levels) if len(by) > 1 else pd.Index(levels[0])
        shape = tuple(len(own) for own in levels)
        size = [shares(n.reindex(cells).fillna(0).to_numpy()).reshape(shape) for n, _ in made]
        rate = [r.reindex(cells).to_numpy().reshape(shape) for _, r in made]
        return np.array(written_out(rate, size))

    return account


def by_hand_model(predictors: list[str], y: str, reference: str) -> Account:
    """Explained parts by least squares, weights scaled as at the base weights."""

    def account(b: pd.DataFrame, wb: np.ndarray, a: pd.DataFrame, wa: np.ndarray) -> np.ndarray:
        known = [frame[y].notna().to_numpy() for frame in (b, a)]
        both = pd.concat([b[known[0]], a[known[1]]])
        columns = [np.ones((len(both), 1))]
        owner = [-1]
        for k, name in enumerate(predictors):
            if both[name].dtype.kind == "f":
                block = both[[name]].to_numpy(float)
            else:
                block = pd.get_dummies(both[name]).to_numpy(float)[:, 1:]
            columns.append(block)
            owner += [k] * block.shape[1]
        x, outcome = np.hstack(columns), both[y].to_numpy(float)
        ends = int(known[0].sum())
        weight = [wb[known[0]], wa[known[1]]]
        base = [f["weight"].to_numpy()[k] for f, k in zip((b, a), known, strict=True)]
        scale = [len(w) / w.sum() for w in base]
        pooled = np.concatenate([w * s for w, s in zip(weight, scale, strict=True)])
        later = (np.arange(len(x)) >= ends).astype(float)[:, None]
        design_matrix = np.hstack([x, later]) if reference == "pooled" else x
        root = np.sqrt(pooled)
        if reference in ("first", "second"):
            root = root * (later.ravel() == float(reference == "second"))
        beta = np.linalg.lstsq(design_matrix * root[:, None], outcome * root, rcond=None)[0]
        means = [
            np.average(part, axis=0, weights=w)
            for part, w in zip((x[:ends], x[ends:]), weight, strict=True)
        ]
        moved = (means[1] - means[0]) * beta[: x.shape[1]]
        parts = [moved[[k == own for own in owner]].sum() for k in range(len(predictors))]
        total = np.average(outcome[ends:], weights=weight[1]) - np.average(
            outcome[:ends], weights=weight[0]
        )
        return np.array([*parts, total - sum(parts), total])

    return account


def moved_errors(account: Account, before: pd.DataFrame, after: pd.DataFrame) -> np.ndarray:
    """Standard errors: the slope in each commune's weight, centred by district, n / (n - 1)."""
    step, slopes = 1e-5, {}
    base = [frame["weight"].to_numpy() for frame in (before, after)]
    for k, frame in enumerate((before, after)):
        raw = {}
        for town in frame["commune"].unique():
            ends = []
            for sign in (1.0, -1.0):
                weights = [w.copy() for w in base]
                weights[k][(frame["commune"] == town).to_numpy()] *= 1.0 + sign * step
                ends.append(account(before, weights[0], after, weights[1]))
            raw[town] = (ends[0] - ends[1]) / (2.0 * step)
        for _, own in frame.groupby("district")["commune"]:
            towns = own.unique()
            mean = np.mean([raw[town] for town in towns], axis=0)
            for town in towns:
                slope = np.sqrt(len(towns) / (len(towns) - 1)) * (raw[town] - mean)
                slopes[town] = slopes.get(town, 0.0) + slope
    return np.sqrt(sum(slope**2 for slope in slopes.values()))


@pytest.mark.parametrize("by", [["sex"], ["sex", "work"]])
def test_rate_and_mix_with_their_errors(by: list[str]) -> None:
    before, after = draw(1), draw(2, 0.5)
    made = kitagawa(design(before), design(after), "a", by)
    account = by_hand_rates(by, "a")
    want = account(before, before["weight"].to_numpy(), after, after["weight"].to_numpy())
    np.testing.assert_allclose(made.point[:-1], want, rtol=1e-9, atol=1e-12)
    errors = moved_errors(account, before, after)
    np.testing.assert_allclose(made.se.to_numpy()[:-1], errors, rtol=1e-5)


@pytest.mark.parametrize("reference", ["pooled", "neumark", "first", "second"])
def test_explained_parts_with_their_errors(reference: Any) -> None:
    before, after = draw(3), draw(4, 0.5)
    predictors = ["age", "sex", "work"]
    made = oaxaca(design(before), design(after), "a", predictors, reference=reference)
    account = by_hand_model(predictors, "a", reference)
    want = account(before, before["weight"].to_numpy(), after, after["weight"].to_numpy())
    np.testing.assert_allclose(made.point, want, rtol=1e-8, atol=1e-10)
    errors = moved_errors(account, before, after)
    np.testing.assert_allclose(made.se, errors, rtol=1e-5)


@pytest.mark.parametrize("paired", [True, False])
def test_the_total_is_the_difference_of_the_means(paired: bool) -> None:
    before, after = draw(5), draw(6)
    designs = design(before), design(after)
    means = [survey.mean(d, ["a", "b"]) for d in designs]
    stacked = survey.stack(*means, keys=["1", "2"], paired=paired)
    want = stacked.contrast(np.array([[-1, 0, 1, 0], [0, -1, 0, 1]]))
    for made in (
        kitagawa(*designs, ["a", "b"], ["sex", "work"], paired=paired),
        oaxaca(*designs, ["a", "b"], "age", paired=paired),
    ):
        total = made.pick(np.flatnonzero(made.labels.get_level_values("effect") == "total"))
        np.testing.assert_allclose(total.point, want.point, rtol=1e-12)
        np.testing.assert_allclose(total.se, want.se, rtol=1e-10)
        np.testing.assert_allclose(total.df, want.df, rtol=1e-10)
        sums = made.estimate.drop("total", level="effect").groupby(level="item").sum()
        np.testing.assert_allclose(sums, want.point, atol=1e-12)


def test_two_domains_of_one_design() -> None:
    frame = draw(7)
    whole = design(frame)
    women, men = (whole.domain(frame["sex"] == sex) for sex in ("F", "M"))
    made = kitagawa(women, men, "a", "work")
    means = survey.mean(whole, "a", by="sex").contrast([[-1.0, 1.0]])
    assert made.estimate["total"] == pytest.approx(means.point[0], rel=1e-12)
    assert made.se["total"] == pytest.approx(means.se.iloc[0], rel=1e-10)


def test_listwise_rows_and_given_frames() -> None:
    before, after = draw(8), draw(9)
    kept = [f.dropna(subset=["a", "b"]) for f in (before, after)]
    want = kitagawa(*(design(f) for f in kept), "a", "sex").point
    made = kitagawa(
        design(before),
        design(after),
        (before[["a", "b"]], after[["a", "b"]]),
        "sex",
        missing="listwise",
    )
    np.testing.assert_allclose(made.estimate["a"], want, rtol=1e-12)


def test_the_unit_of_a_years_weights_does_not_matter() -> None:
    before, after = draw(10), draw(11)
    scaled = after.assign(weight=after["weight"] * 1000.0)
    for reference in ("pooled", "neumark"):
        one, other = (
            oaxaca(design(before), design(f), "a", ["age", "sex"], reference=reference)
            for f in (after, scaled)
        )
        np.testing.assert_allclose(other.point, one.point, rtol=1e-9)
        np.testing.assert_allclose(other.se, one.se, rtol=1e-9)


def test_a_group_of_one_sample_only_is_mix_and_is_told() -> None:
    before, after = draw(12), draw(13)
    after = after.assign(work=after["work"].where(after.index > 9, "school"))
    made = kitagawa(design(before), design(after), "a", "work")
    assert made.estimate[["rate", "work"]].sum() == pytest.approx(made.estimate["total"])
    assert "0 and 1 groups" in made.notes[0]


# -- refusals ---------------------------------------------------------------------------------


def test_what_cannot_be_split_is_refused() -> None:
    before, after = draw(14), draw(15)
    designs = design(before), design(after)
    with pytest.raises(SurveyError, match="5 factors"):
        kitagawa(*designs, "a", ["sex", "work", "age", "district", "commune"])
    with pytest.raises(SurveyError, match="Did you mean 'sex'"):
        kitagawa(*designs, "a", "sexx")
    with pytest.raises(SurveyError, match="outcomes of the two samples differ"):
        kitagawa(*designs, (before[["a"]], after[["b"]]), "sex")
    with pytest.raises(SurveyError, match="no answer to 'a' in the second sample"):
        kitagawa(design(before), design(after.assign(a=np.nan)), "a", "sex")
    blank = before.assign(sex=before["sex"].where(before.index > 2))
    with pytest.raises(SurveyError, match=r"first sample without a value.*'sex': 3"):
        kitagawa(design(blank), designs[1], "a", "sex")
    with pytest.raises(SurveyError, match="'total'"):
        kitagawa(*(design(f.assign(total="x")) for f in (before, after)), "a", "total")
    with pytest.raises(SurveyError, match="replicate"):
        kitagawa(survey.as_replicates(designs[0], "JKn"), designs[1], "a", "sex")  # type: ignore[arg-type]


def test_predictors_that_cannot_be_told_apart_are_refused() -> None:
    before, after = (f.assign(months=12.0 * f["age"]) for f in (draw(16), draw(17)))
    with pytest.raises(SurveyError, match="'months' follow exactly"):
        oaxaca(design(before), design(after), "a", ["age", "months"])
    with pytest.raises(SurveyError, match="told apart"):
        oaxaca(design(before), design(after), "a", ["age", "age"])
    with pytest.raises(SurveyError, match="'bloinder' is not an option"):
        oaxaca(design(before), design(after), "a", "age", reference="bloinder")  # type: ignore[arg-type]
