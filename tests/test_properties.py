"""What holds whatever the sample: hypothesis draws its shape, and a seed the answers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

import survey
from survey import Design, Estimates

Draw = Callable[..., pd.DataFrame]

SHAPES = st.lists(
    st.lists(st.integers(1, 4), min_size=2, max_size=4), min_size=1, max_size=3
)  # rows of each PSU, stratum by stratum
SEEDS = st.integers(0, 10_000)
#: An exact zero may print as this.
DUST = 1e-12

modest = settings(max_examples=40, derandomize=True, deadline=None)


def designed(frame: pd.DataFrame) -> Design:
    return Design(frame, strata="district", psu="commune", weights="weight")


def everything(design: Design) -> list[Estimates]:
    """One result of each estimator."""
    return [
        survey.mean(design, ["y", "x", "holes"]),
        survey.total(design, ["y", "holes"]),
        survey.ratio(design, "y", "x"),
        survey.proportion(design, "q", event=(4, 5)),
        survey.mean(design, "y", by="district"),
    ]


def same(left: Estimates, right: Estimates) -> None:
    """Agree in estimates, covariance, degrees of freedom and counts."""
    np.testing.assert_allclose(left.point, right.point, rtol=1e-10, atol=DUST)
    scale = max(1.0, float(np.abs(right.covariance.to_numpy()).max()))
    np.testing.assert_allclose(left.covariance, right.covariance, rtol=1e-9, atol=DUST * scale)
    np.testing.assert_allclose(left.df, right.df)


@modest
@given(shape=SHAPES, seed=SEEDS)
def test_the_order_of_rows_is_nothing(
    draw_province: Draw, shape: list[list[int]], seed: int
) -> None:
    frame = draw_province(shape, seed)
    shuffled = frame.sample(frac=1.0, random_state=seed)
    for left, right in zip(
        everything(designed(shuffled)), everything(designed(frame)), strict=True
    ):
        same(left, right)


@modest
@given(shape=SHAPES, seed=SEEDS, factor=st.floats(0.01, 1000.0))
def test_the_scale_of_weights_is_nothing_to_a_mean(
    draw_province: Draw, shape: list[list[int]], seed: int, factor: float
) -> None:
    frame = draw_province(shape, seed)
    scaled = frame.assign(weight=frame["weight"] * factor)
    same(survey.mean(designed(scaled), ["y", "x"]), survey.mean(designed(frame), ["y", "x"]))
    left, right = survey.total(designed(scaled), "y"), survey.total(designed(frame), "y")
    np.testing.assert_allclose(left.point, factor * right.point, rtol=1e-10)
    np.testing.assert_allclose(left.se, factor * right.se, rtol=1e-7, atol=DUST * factor)


@modest
@given(shape=SHAPES, seed=SEEDS)
def test_rows_written_twice_with_half_the_weight_change_nothing(
    draw_province: Draw, shape: list[list[int]], seed: int
) -> None:
    frame = draw_province(shape, seed)
    halved = frame.assign(weight=frame["weight"] / 2)
    twice = pd.concat([halved, halved], ignore_index=True)
    for left, right in zip(everything(designed(twice)), everything(designed(frame)), strict=True):
        same(left, right)


@modest
@given(shape=SHAPES, seed=SEEDS)
def test_the_names_of_strata_and_psus_are_nothing(
    draw_province: Draw, shape: list[list[int]], seed: int
) -> None:
    frame = draw_province(shape, seed)
    rng = np.random.default_rng(seed)
    other = frame.copy()
    for column in ("district", "commune"):
        names = frame[column].unique()
        other[column] = frame[column].map(
            dict(zip(names, rng.permutation(len(names)), strict=True))
        )
    for left, right in zip(
        everything(designed(other))[:4], everything(designed(frame))[:4], strict=True
    ):
        same(left, right)


@modest
@given(shape=SHAPES, seed=SEEDS)
def test_totals_over_domains_add_up_to_the_total(
    draw_province: Draw, shape: list[list[int]], seed: int
) -> None:
    design = designed(draw_province(shape, seed))
    parts = survey.total(design, "y", by=["district", "sex"])
    summed = parts.contrast([[1.0] * len(parts)])
    same(summed, survey.total(design, "y"))


@modest
@given(shape=SHAPES, seed=SEEDS)
def test_a_domain_mean_is_a_ratio_of_totals(
    draw_province: Draw, shape: list[list[int]], seed: int
) -> None:
    frame = draw_province(shape, seed)
    inside = frame["sex"] == frame["sex"].iloc[0]
    zeros = frame.assign(top=frame["y"] * inside, bottom=inside.astype(float))
    domain = survey.mean(designed(frame).domain(inside), "y")
    ratio = survey.ratio(designed(zeros), "top", "bottom")
    np.testing.assert_allclose(domain.point, ratio.point, rtol=1e-10)
    np.testing.assert_allclose(domain.se, ratio.se, rtol=1e-7, atol=DUST)


@modest
@given(shape=SHAPES, seed=SEEDS)
def test_a_share_and_its_complement_have_one_standard_error(
    draw_province: Draw, shape: list[list[int]], seed: int
) -> None:
    frame = draw_province(shape, seed)
    frame["low"] = (frame["q"] <= 3).astype(int)
    share, rest = (survey.proportion(designed(frame), "low", event=(k,)) for k in (0, 1))
    np.testing.assert_allclose(share.point + rest.point, 1.0)
    np.testing.assert_allclose(share.se, rest.se, rtol=1e-7, atol=DUST)


@modest
@given(shape=SHAPES, seed=SEEDS)
def test_the_covariance_is_symmetric_positive_and_of_rank_at_most_df(
    draw_province: Draw, shape: list[list[int]], seed: int
) -> None:
    design = designed(draw_province(shape, seed))
    matrix = survey.mean(design, ["y", "x", "q", "holes"], by="sex").covariance.to_numpy()
    np.testing.assert_allclose(matrix, matrix.T, rtol=0, atol=DUST)
    assert np.linalg.eigvalsh(matrix).min() > -DUST
    assert np.linalg.matrix_rank(matrix, tol=1e-9, hermitian=True) <= design.df


@modest
@given(shape=SHAPES, seed=SEEDS)
def test_the_callers_frame_is_never_changed(
    draw_province: Draw, shape: list[list[int]], seed: int
) -> None:
    frame = draw_province(shape, seed)
    before = frame.copy(deep=True)
    design = designed(frame)
    everything(design)
    everything(design.domain(frame["sex"] == frame["sex"].iloc[0]))
    pd.testing.assert_frame_equal(frame, before)


# -- two years --------------------------------------------------------------------------------


@modest
@given(shape=SHAPES, seed=SEEDS)
def test_matched_years_have_psus_less_strata_degrees_of_freedom(
    draw_province: Draw, shape: list[list[int]], seed: int
) -> None:
    years = [survey.mean(designed(draw_province(shape, seed + k)), "y") for k in (0, 1)]
    both = survey.stack(*years, keys=["first", "then"])
    df = sum(len(sizes) for sizes in shape) - len(shape)
    np.testing.assert_allclose(both.contrast([[-1, 1]]).df, df, rtol=1e-9)


@modest
@given(shape=SHAPES, seed=SEEDS)
def test_a_stack_of_one_sample_is_one_joint_call(
    draw_province: Draw, shape: list[list[int]], seed: int
) -> None:
    design = designed(draw_province(shape, seed))
    apart = survey.stack(*(survey.mean(design, name) for name in ("y", "x", "holes")))
    same(apart, survey.mean(design, ["y", "x", "holes"]))


@modest
@given(shape=SHAPES, other=SHAPES, seed=SEEDS)
def test_stacking_leaves_each_years_own_standard_errors(
    draw_province: Draw, shape: list[list[int]], other: list[list[int]], seed: int
) -> None:
    """PSUs of the same place in both shapes are met again; the rest are in one year only."""
    years = [
        survey.mean(designed(draw_province(s, seed + k)), ["y", "x"])
        for k, s in enumerate((shape, other))
    ]
    both = survey.stack(*years, keys=["first", "then"])
    for k, year in enumerate(years):
        np.testing.assert_allclose(both.se.iloc[2 * k : 2 * k + 2], year.se, rtol=1e-9)
        np.testing.assert_allclose(both.df.iloc[2 * k : 2 * k + 2], year.df, rtol=1e-9)


@modest
@given(shape=SHAPES, other=SHAPES, seed=SEEDS)
def test_years_without_a_common_psu_have_welch_satterthwaite(
    draw_province: Draw, shape: list[list[int]], other: list[list[int]], seed: int
) -> None:
    first, then = draw_province(shape, seed), draw_province(other, seed + 1)
    then["commune"] = "another " + then["commune"]
    years = [survey.mean(designed(frame), "y") for frame in (first, then)]
    change = survey.stack(*years, keys=["first", "then"]).contrast([[-1, 1]])
    v1, v2 = (float(year.se.iloc[0]) ** 2 for year in years)
    f1, f2 = (sum(len(sizes) for sizes in s) - len(s) for s in (shape, other))
    np.testing.assert_allclose(change.se**2, v1 + v2, rtol=1e-9)
    np.testing.assert_allclose(change.df, (v1 + v2) ** 2 / (v1**2 / f1 + v2**2 / f2), rtol=1e-9)
