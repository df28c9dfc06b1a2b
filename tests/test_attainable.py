"""The granularity test: brute force over all sums, the figures of Huế, and refusals."""

from __future__ import annotations

from fractions import Fraction as F
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sipas.attainability import attainable, sums
from sipas.attainability.rules import Kind, blank_spreads
from sipas.attainability.sums import Block, makeable, neighbours, spelled
from survey.errors import SurveyError

STEPS = [(0, 1), (0, 1, 2, 3, 4), (0, 2, 3), (0, 1, 5), (0, 3, 5, 8)]


def sums_of(answers: int, steps: tuple[int, ...]) -> set[int]:
    """Every total of so many answers, added one after the other."""
    found = {0}
    for _ in range(answers):
        found = {total + step for total in found for step in steps}
    return found


def figures(blocks: list[Block], steps: tuple[int, ...]) -> list[F]:
    """Every weighted sum of the blocks' totals."""
    each = [[block.weight * t for t in sums_of(block.answers, steps)] for block in blocks]
    return sorted({sum(parts, F(0)) for parts in product(*each)})


@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.parametrize("answers", [1, 2, 7, 15])
def test_totals_are_those_of_brute_force(steps: tuple[int, ...], answers: int) -> None:
    totals = np.arange(-2, answers * steps[-1] + 3)
    known = sums_of(answers, steps)
    assert makeable(totals, answers, steps).tolist() == [t in known for t in totals.tolist()]
    for total in known:
        counts = spelled(total, answers, steps)
        assert min(counts) >= 0
        assert sum(counts) == answers
        assert sum(c * s for c, s in zip(counts, steps, strict=True)) == total


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(STEPS),
    st.lists(
        st.tuples(st.integers(1, 6), st.integers(1, 4), st.integers(3, 7)), min_size=1, max_size=3
    ),
    st.fractions(0, 1, max_denominator=97),
)
def test_neighbours_are_those_of_brute_force(
    steps: tuple[int, ...], shape: list[tuple[int, int, int]], place: F
) -> None:
    blocks = [Block(answers, F(top, bottom)) for answers, top, bottom in shape]
    every = figures(blocks, steps)
    target = place * every[-1]
    below, above = neighbours(blocks, steps, target)
    assert below is not None
    assert above is not None
    assert below.value == max(value for value in every if value <= target)
    assert above.value == min(value for value in every if value >= target)
    for side in (below, above):
        made = sum(b.weight * t for b, t in zip(blocks, side.totals, strict=True))
        assert made == side.value


def test_one_period_of_each_block_finds_what_all_combinations_find(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = (0, 1, 2, 3, 4)
    blocks = [Block(60, F(1, 7)), Block(20, F(1, 11)), Block(25, F(2, 13))]
    targets = [F(k, 37) for k in range(100, 1500, 23)]
    every = [neighbours(blocks, steps, target) for target in targets]
    monkeypatch.setattr(sums, "ALL_TRIED", 0)
    few = [neighbours(blocks, steps, target) for target in targets]
    assert [[side and side.value for side in pair] for pair in few] == [
        [side and side.value for side in pair] for pair in every
    ]


def test_nothing_lies_outside_the_scale() -> None:
    blocks, steps = [Block(3, F(1, 3))], (0, 1)
    assert neighbours(blocks, steps, F(-1))[0] is None
    assert neighbours(blocks, steps, F(2))[1] is None
    assert not attainable(101, n=10).possible


@pytest.mark.parametrize(
    ("printed", "n", "possible", "blanks"),
    [(90.65, 29, False, 1), (82.06, 46, False, 1), (80.17, 65, True, 0), (73.5, 264, True, 0)],
)
def test_group_rates_of_hue_2022(printed: float, n: int, possible: bool, blanks: int) -> None:
    made = attainable(printed, n=n, items=22, levels=5, unit="percent", decimals=2)
    grid = np.round(np.arange(22 * 4 * n + 1) / (22 * 4 * n) * 100 + 1e-9, 2)
    assert made.possible is possible is bool(np.isclose(grid, printed, atol=1e-9).any())
    assert made.blanks == blanks
    assert made.below <= printed <= made.above
    assert (made.above - made.below) == pytest.approx(100 / (22 * 4 * n))


def test_the_blanks_of_the_example_give_the_figure() -> None:
    made = attainable(90.65, n=29, items=22, decimals=2)
    counts = made.counts().loc["items"]
    scores = np.array([0, 0.25, 0.5, 0.75, 1.0])
    points = counts[list(scores)].to_numpy() @ scores / counts["answers"].to_numpy()
    assert counts["answers"].tolist() == [21 * 29, 28]
    assert 90.645 <= 100 * (points @ counts["items"].to_numpy()) / 22 < 90.655


def test_rules_of_a_few_answers_by_hand() -> None:
    # 10 answers, 0 or 1: tenths; 66.67 needs 9, 6 or 3 of them.
    table = attainable("66,67", n=10, unit="satisfied").table()
    assert table["possible"].tolist() == [False, False, True, True, True]
    assert table.loc[["forms", "items", "pooled"], "missing"].tolist() == [1, 1, 1]
    assert table.loc["complete", ["below", "above"]].tolist() == [60.0, 70.0]
    # 2/3 = 66.666…: cut off it prints 66.66.
    assert attainable("66,66", n=9, unit="satisfied", rounding="truncation").possible
    assert attainable("66,66", n=9, unit="satisfied").table().loc["other_rounding", "possible"]


def test_units() -> None:
    assert attainable("3.47", n=17, unit="mean").possible  # 59/17 = 3.4706
    assert not attainable("3.48", n=17, unit="mean").possible
    points = attainable("1.13", n=4, unit="points", max_points=[1.5])
    assert points.possible  # 12/16 of 1.5 = 1.125
    assert points.below == 1.125
    weighted = attainable("40", n=1, levels=2, items=2, max_points=[1, 1.5])
    assert weighted.possible
    assert (weighted.below, weighted.above) == (40.0, 40.0)
    known = attainable("58.33", n=[2, 3], items=2, levels=2)  # (1/2 + 2/3) / 2
    assert known.possible
    assert known.counts().loc["complete", "answers"].tolist() == [2, 3]
    tenths = attainable("55", n=2, scores=[0.1, 0.2, 0.5, 0.6, 1])
    assert tenths.possible  # 0.1 and 1, or 0.5 and 0.6
    assert attainable("5", n=2, scores=[0.1, 0.2, 0.5, 0.6, 1]).below != 5.0


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 12), st.integers(1, 5), st.integers(0, 5), st.data())
def test_what_answers_give_is_attainable(
    n: int, items: int, blank: int, data: st.DataObject
) -> None:
    blank = min(blank, (n - 1) * items)
    room = [(j, i) for j in range(items) for i in range(1, n)]
    left_out = set(data.draw(st.permutations(room))[:blank])
    means = []
    for j in range(items):
        kept = [i for i in range(n) if (j, i) not in left_out]
        answers = [data.draw(st.integers(0, 4)) for _ in kept]
        means.append(F(sum(answers), 4 * len(kept)))
    exact = 100 * sum(means, F(0)) / items
    cents = int(exact * 100 + F(1, 2))
    made = attainable(f"{cents // 100}.{cents % 100:02d}", n=n, items=items, blanks=6)
    assert made.blanks is not None
    assert made.blanks <= blank


def test_spreads_of_blanks_are_counted() -> None:
    # Partitions of 5 into at most 3 parts, none above 3: 3+2, 3+1+1, 2+2+1.
    assert len(list(blank_spreads((Kind(F(1), 4, 3),), 5))) == 3
    two = (Kind(F(1), 9, 2), Kind(F(2), 9, 1))
    assert len(list(blank_spreads(two, 2))) == 4  # 2|, 1+1|, |2, 1|1


def test_many_forms_give_every_figure() -> None:
    weights = [21] * 8 + [12] * 7 + [28] * 3 + [21] * 4
    made = attainable("79,56", n=36_000, items=22, unit="satisfied", max_points=weights)
    assert made.possible
    assert (made.below, made.above) == pytest.approx((79.56, 79.56), abs=1e-5)


def test_what_could_not_be_tried_is_neither_yes_nor_no() -> None:
    table = attainable(40, n=1, levels=2).table()
    assert table["possible"].isna().tolist() == [False, False, True, True, True]
    assert attainable(40, n=1, levels=2).blanks is None


def test_it_reads_in_two_languages() -> None:
    made = attainable(90.65, n=29, items=22, decimals=2)
    assert "nearest are 90.6348 and 90.6740" in repr(made)
    assert "gần nhất là 90,6348 và 90,6740" in made.text("vi")
    assert "<table" in made._repr_html_()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"n": 0}, "n: got 0"),
        ({"n": [3, 4], "items": 3}, "for 3 items"),
        ({"n": 29.5}, "n: got 29.5"),
        ({"n": 5, "items": 0}, "items: got 0"),
        ({"n": 5, "levels": 1}, "levels: got 1"),
        ({"n": 5, "scores": [0, 1]}, "for 5 levels"),
        ({"n": 5, "scores": [1, 0, 0, 0, 0]}, "rising"),
        ({"n": 5, "scores": [0, 1], "unit": "mean", "levels": 2}, "no meaning"),
        ({"n": 5, "max_points": [0]}, "positive"),
        ({"n": 5, "unit": "rate"}, "'rate' is not an option"),
        ({"n": 5, "decimals": 1}, "written with 2"),
        ({"n": 5, "blanks": -1}, "blanks: got -1"),
        ({"n": 5, "rounding": "up"}, "'up' is not an option"),
        ({"n": "5"}, "n: got '5'"),
        ({"n": 5, "items": "2"}, "items: got '2'"),
        ({"n": 5, "levels": 4.5}, "levels: got 4.5"),
        ({"n": 10**9}, "more than can be tried"),
    ],
)
def test_what_cannot_be_asked(options: dict[str, object], says: str) -> None:
    with pytest.raises(SurveyError, match=says):
        attainable("90,65", **options)  # type: ignore[arg-type]


def test_forms_as_a_published_table_holds_them() -> None:
    assert attainable(90.65, n=np.float64(29.0), items=22).blanks == 1  # type: ignore[arg-type]


def test_what_is_no_number() -> None:
    with pytest.raises(SurveyError, match="'9O,65' is no number"):
        attainable("9O,65", n=29)
