"""The grid of rules against the library's own index under each rule, and against brute force."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

import sipas
from sipas import charts, datasets
from sipas.charts import look
from sipas.charts.specifications import described, specification_curve
from sipas.instrument import Instrument
from sipas.robustness import (
    SpecificationGrid,
    WeightPerturbation,
    specification_grid,
    weight_perturbation,
)
from sipas.robustness.aggregation import aggregated
from sipas.robustness.words import option_name
from survey import SurveyError
from survey.delta_method import function_of

Years = tuple[sipas.Answers, sipas.Answers]
WEIGHTS = {"hdnd": 25, "so": 40, "phong": 30, "huyen": 5}
NUMBERS = ["before", "after", "estimate", "se", "low", "high", "df", "p"]
REFERENCE = {
    "score": "top2",
    "dont_know": "missing",
    "missing": "item",
    "weights": "none",
    "groups": "sample",
    "aggregate": "dimensions",
    "mean": "arithmetic",
    "which": "",
}
picture = pytest.mark.mpl_image_compare(
    tolerance=0.5, deterministic=True, savefig_kwargs={"dpi": 100}
)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def sheets() -> tuple[pd.DataFrame, pd.DataFrame]:
    return datasets.load_hue_households(2021), datasets.load_hue_households(2022)


@pytest.fixture(scope="module")
def years(sheets: tuple[pd.DataFrame, pd.DataFrame]) -> Years:
    return sipas.clean(sheets[0], "sipas-2021"), sipas.clean(sheets[1], "sipas-2022")


@pytest.fixture(scope="module")
def people(years: Years) -> dict[str, float]:
    found = years[1].data.groupby("district")["district_population"].first()
    return {str(name): float(count) for name, count in found.items()}


@pytest.fixture(scope="module")
def grid(years: Years, people: dict[str, float]) -> SpecificationGrid:
    return specification_grid(*years, link="items", group_weights={"district": people})


@pytest.fixture(scope="module")
def one_year(years: Years) -> SpecificationGrid:
    return specification_grid(years[1])


@pytest.fixture(scope="module")
def leaders() -> Years:
    made = [sipas.clean(datasets.load_hue_leaders(y), f"leaders-{y}") for y in (2021, 2022)]
    return made[0], made[1]


@pytest.fixture(scope="module")
def leader_grid(leaders: Years) -> SpecificationGrid:
    return specification_grid(
        *leaders, link=["items", "dimensions", "rates"], group_weights={"plan": WEIGHTS}
    )


def rule(made: SpecificationGrid, **options: str) -> pd.Series:
    """The one rule with these options, all others as in the reference."""
    table = made.table()
    wanted = {name: option for name, option in REFERENCE.items() if name in table} | options
    if not wanted["which"]:
        wanted["left_out"] = "nothing"
    found = table[(table[list(wanted)] == pd.Series(wanted)).all(axis=1)]
    assert len(found) == 1
    return found.iloc[0]


def same(row: pd.Series, wanted: pd.Series, names: list[str] = NUMBERS) -> None:
    """Compare a rule with a row of the library's own table."""
    got, told = (each[names].to_numpy(dtype=float) for each in (row, wanted))
    np.testing.assert_allclose(got, told, rtol=1e-10, atol=1e-10)


def without(answers: sipas.Answers, lost: set[str]) -> sipas.Answers:
    """The same answers to a questionnaire that never had some of its statements."""
    old: Instrument = answers.instrument
    items = tuple(item for item in old.items if item.code not in lost)
    left = {item.dimension for item in items}
    parts = tuple(part for part in old.dimensions if part.code in left)
    return replace(answers, instrument=replace(old, items=items, dimensions=parts))


# Each rule is the library's own index under that rule -----------------------------------------


@pytest.mark.parametrize("score", ["top2", "mean"])
@pytest.mark.parametrize("missing", ["item", "listwise"])
@pytest.mark.parametrize("aggregate", ["dimensions", "pooled"])
def test_rules_of_compare(
    grid: SpecificationGrid, years: Years, score: str, missing: str, aggregate: str
) -> None:
    options = {"score": score, "missing": missing, "aggregate": aggregate}
    moved = sipas.compare(*years, link="items", **options)
    row, wanted = rule(grid, **options), moved.table().loc["services"]
    same(row, wanted)
    assert row["verdict"] == wanted["verdict"]
    counts = ["n_before", "n_after"]
    assert row[counts].tolist() == wanted[counts].tolist()


def test_the_first_rule_is_the_reference(grid: SpecificationGrid, years: Years) -> None:
    table = grid.table()
    assert table.index[table["reference"]].tolist() == [1]
    same(table.loc[1], sipas.compare(*years, link="items").table().loc["services"])
    assert list(table.index) == list(range(1, len(grid) + 1))
    assert not grid.rules.duplicated().any()


@pytest.mark.parametrize("code", ["S3", "S4.2"])
def test_left_out_is_a_questionnaire_without(
    grid: SpecificationGrid, years: Years, code: str
) -> None:
    pairs = [
        without(each, {i.code for i in each.instrument.items if code in (i.code, i.dimension)})
        for each in years
    ]
    wanted = sipas.compare(*pairs, link="items").table().loc["services"]
    same(rule(grid, which=code), wanted)


def test_dont_know_as_not_satisfied_is_the_lowest_answer(
    grid: SpecificationGrid, sheets: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    recoded = [
        sipas.clean(sheet.replace({code: {"9": "1"} for code in sheet if code[:1] in "SP"}), name)
        for sheet, name in zip(sheets, ("sipas-2021", "sipas-2022"), strict=True)
    ]
    wanted = sipas.compare(*recoded, link="items").table().loc["services"]
    same(rule(grid, dont_know="not satisfied"), wanted)


def test_dont_know_of_a_reversed_statement_is_not_satisfied(years: Years) -> None:
    old = years[1].instrument
    items = tuple(replace(item, reverse=item.code == "S1.1") for item in old.items)
    turned = replace(years[1], instrument=replace(old, items=items))
    row = rule(specification_grid(turned), dont_know="not satisfied")
    data = turned.data.copy()
    unknown = turned.reasons == "dont_know"
    for item in old.index_items:
        data.loc[unknown[item.code], item.code] = 5.0 if item.code == "S1.1" else 1.0
    wanted = sipas.satisfaction(replace(turned, data=data)).table(df=True).loc["services"]
    same(row, wanted, ["estimate", "se", "low", "high", "n", "df"])


def test_group_weights_of_satisfaction(
    grid: SpecificationGrid, years: Years, people: dict[str, float]
) -> None:
    moved = sipas.compare(*years, link="items", group_weights={"district": people})
    wanted = moved.table().loc["services"]
    row = rule(grid, groups="district")
    assert row["estimate"] == pytest.approx(wanted["weighted"], abs=1e-10)
    assert row["se"] == pytest.approx(wanted["weighted_se"], abs=1e-10)


def test_geometric_mean_by_the_delta_method(grid: SpecificationGrid, years: Years) -> None:
    moved = sipas.compare(*years, link="items")
    codes = ["S1", "S2", "S3", "S4", "S5"]

    def difference(m: pd.Series) -> object:
        means = [np.exp(sum(np.log(m[y, c]) for c in codes) / 5) for y in ("before", "after")]
        return means[1] - means[0]

    wanted = function_of(moved.stacked, difference, "change")
    row = rule(grid, mean="geometric")
    assert row["estimate"] == pytest.approx(wanted.point[0], abs=1e-10)
    assert row["se"] == pytest.approx(wanted.se.iloc[0], rel=1e-7)


def test_weights_of_the_sheet_and_none(years: Years) -> None:
    weight = pd.Series(np.arange(len(years[1].data)) % 7 + 1.0, index=years[1].data.index)
    weighted = replace(years[1], data=years[1].data.assign(weight=weight))
    made = specification_grid(weighted)
    names = ["estimate", "se", "low", "high", "df"]
    for option, answers in (("sheet", weighted), ("none", years[1])):
        wanted = sipas.satisfaction(answers).table(df=True).loc["services"]
        same(rule(made, weights=option), wanted, names)
    assert made.rules["weights"].iloc[0] == "sheet"


@pytest.mark.parametrize("link", ["items", "dimensions"])
@pytest.mark.parametrize("scheme", ["plan", "equal", "respondents"])
def test_rules_of_leaders(
    leader_grid: SpecificationGrid, leaders: Years, link: str, scheme: str
) -> None:
    own = WEIGHTS if scheme == "plan" else scheme
    moved = sipas.compare(*leaders, link=link, group_weights=own)  # type: ignore[arg-type]
    row = rule(leader_grid, groups=scheme, link=link, aggregate="points")
    same(row, moved.table().loc["total"])


def test_rules_that_leaders_cannot_have(leader_grid: SpecificationGrid) -> None:
    assert leader_grid.repeated == {"rates": "dimensions"}
    assert "is not counted twice" in repr(leader_grid)
    assert "population" not in set(leader_grid.rules["groups"])  # forms sent are not known


def test_leaders_who_all_answered_are_a_census() -> None:
    sent = {"hdnd": 46, "so": 65, "phong": 264, "huyen": 29}
    full = []
    for year in (2021, 2022):
        sheet = datasets.load_hue_leaders(year)
        codes = [code for code in sheet if code[:1] == "L"]
        forms = sent if year == 2022 else sheet["group"].value_counts().to_dict()
        filled = sheet.assign(**{c: sheet[c].replace({"": "3", "9": "3"}) for c in codes})
        full.append(sipas.clean(filled, f"leaders-{year}", sent=forms))
    table = specification_grid(*full, link="items").table()
    assert set(table["verdict"]) == {"census"}
    assert table["p"].isna().all()
    assert set(table["groups"]) == {"equal", "respondents", "population"}


def test_one_year_is_the_index_of_satisfaction(one_year: SpecificationGrid, years: Years) -> None:
    names = ["estimate", "se", "low", "high", "n", "df"]
    for missing in ("item", "listwise"):
        index = sipas.satisfaction(years[1], missing=missing)  # type: ignore[arg-type]
        same(rule(one_year, missing=missing), index.table(df=True).loc["services"], names)
    assert not {"link", "p", "verdict", "before"} & set(one_year.table())


# What the grid says ------------------------------------------------------------


def test_counts_of_the_summary(grid: SpecificationGrid) -> None:
    assert len(grid) == 2 * 6 * 4 * 28  # groups × rules on answers × forms × left out
    table, summary = grid.table(), grid.summary()
    assert summary.loc[("all", ""), "rules"] == len(grid)
    for choice in grid.choices:
        assert summary.loc[choice, "rules"].sum() == len(grid)
    mean = table[table["score"] == "mean"]
    got = summary.loc["score", :].loc["mean"]
    assert got["lowest"] == mean["estimate"].min()
    assert got["median"] == mean["estimate"].median()
    assert got["same_verdict"] == (mean["verdict"] == "fell").sum() < len(mean)
    assert grid.keeps_verdict == (table["verdict"] == "fell").sum()
    assert grid.range == (table["estimate"].min(), table["estimate"].max())


def test_tornado_switches_one_choice(grid: SpecificationGrid) -> None:
    tornado = grid.tornado()
    assert len(tornado) == 6 + 27  # one other option of each of six choices, what is left out
    first = grid.table()["estimate"].iloc[0]
    assert tornado.loc[("mean", "geometric"), "estimate"] == rule(grid, mean="geometric").estimate
    left_out = tornado.loc[("left_out", "S5")]
    assert left_out["difference"] == rule(grid, which="S5")["estimate"] - first
    assert tornado["difference"].abs().is_monotonic_decreasing


def test_a_change_near_zero_does_not_keep_its_sign(years: Years) -> None:
    rng = np.random.default_rng(4)
    shuffled = years[1].data.copy()
    codes = [item.code for item in years[1].instrument.index_items]
    for commune in shuffled["commune"].unique():
        rows = shuffled.index[shuffled["commune"] == commune]
        shuffled.loc[rows, codes] = shuffled.loc[rng.choice(rows, len(rows)), codes].to_numpy()
    reasons = years[1].reasons.where(shuffled[codes].isna(), "")
    made = specification_grid(years[1], replace(years[1], data=shuffled, reasons=reasons))
    signs = np.sign(made.table()["estimate"])
    assert 0 < made.keeps_sign == (signs == signs.iloc[0]).sum() < len(made)
    assert made.table()["link"].unique().tolist() == ["same"]


def test_statement_that_is_a_dimension_is_left_out_once(years: Years) -> None:
    made = specification_grid(years[1], of="policy")
    first = made.rules[made.rules["left_out"] != "nothing"].drop_duplicates("which")
    assert first["which"].tolist() == ["P1", "P2", "P3", "P4"]


def test_geometric_mean_of_nothing_is_missing() -> None:
    value, slope = aggregated(np.array([50.0, 0.0]), np.ones((1, 2)), np.eye(2), geometric=True)
    assert value[0] == 0
    assert np.isnan(slope).all()


@pytest.mark.parametrize("geometric", [False, True])
def test_aggregation_by_loops(geometric: bool) -> None:
    rng = np.random.default_rng(1)
    rates, kept = rng.uniform(20, 90, 6), (rng.random((5, 6)) < 0.7).astype(float)
    kept[:, 0] = 1.0
    parts = np.array([[1.0, 2, 0, 0, 0, 0], [0, 0, 1, 1, 1, 0], [0, 0, 0, 0, 0, 3]])

    def by_hand(row: np.ndarray, at: np.ndarray) -> float:
        means = [(row * a) @ at / (row * a).sum() for a in parts if (row * a).sum() > 0]
        return float(np.prod(means) ** (1 / len(means)) if geometric else np.mean(means))

    value, slope = aggregated(rates, kept, parts, geometric=geometric)
    np.testing.assert_allclose(value, [by_hand(row, rates) for row in kept], rtol=1e-12)
    steps = [
        [(by_hand(row, rates + h) - by_hand(row, rates - h)) / 2e-5 for h in 1e-5 * np.eye(6)]
        for row in kept
    ]
    np.testing.assert_allclose(slope, steps, atol=1e-7)


def test_words_in_both_languages(grid: SpecificationGrid, leaders: Years) -> None:
    assert f"{grid.keeps_sign} trong 1344 cách tính cho thay đổi cùng chiều" in grid.text("vi")
    assert "as the reference (−9.04)" in repr(grid)
    assert "−9,04" in grid.text("vi")
    assert "No source prints the official group weights" in repr(specification_grid(leaders[1]))
    assert option_name("groups", "<b>", "vi") == "<b>"
    named = specification_grid(leaders[1], group_weights={"<b>": WEIGHTS})
    assert "<b>: " not in named._repr_html_().split("<table")[1]


def test_refusals(years: Years, leaders: Years, one_year: SpecificationGrid) -> None:
    with pytest.raises(SurveyError, match="got a DataFrame"):
        specification_grid(years[0].data)  # type: ignore[arg-type]
    with pytest.raises(SurveyError, match="one year only"):
        specification_grid(years[0], link="items")
    with pytest.raises(SurveyError, match=r"of='service'.*Did you mean 'services'"):
        specification_grid(years[0], of="service")
    with pytest.raises(SurveyError, match="different instruments"):
        specification_grid(*years)
    with pytest.raises(SurveyError, match="no sign to keep"):
        _ = one_year.keeps_sign
    with pytest.raises(SurveyError, match="survey of leaders"):
        specification_grid(leaders[0], years[1], link="items")
    assert years[0].data.equals(sipas.clean(datasets.load_hue_households(2021), "sipas-2021").data)


# Perturbed weights ------------------------------------------------------------


def test_drawn_weights_have_the_mean_and_spread_asked_for(years: Years) -> None:
    made = weight_perturbation(sipas.satisfaction(years[1]), spread=0.25, n=40_000, seed=3)
    np.testing.assert_allclose(made.drawn.sum(axis=1), 1.0)
    np.testing.assert_allclose(made.drawn.mean(axis=0), 0.2, atol=0.001)
    np.testing.assert_allclose(made.drawn.std(axis=0), 0.05, atol=0.001)


def test_each_draw_is_a_weighted_mean_of_dimensions(years: Years) -> None:
    moved = sipas.compare(*years, link="items")
    made = weight_perturbation(moved, n=50, seed=8)
    rows = moved.table().loc[["S1", "S2", "S3", "S4", "S5"], "estimate"].astype(float)
    np.testing.assert_allclose(made.estimates.point[1:], made.drawn @ rows, rtol=1e-12)
    first = moved.table().loc["services"]
    assert made.estimates.point[0] == pytest.approx(first["estimate"], abs=1e-10)
    assert made.estimates.se.iloc[0] == pytest.approx(first["se"], abs=1e-10)
    assert made.same_sign == made.same_verdict() == 1.0
    assert made.table().loc[0.0, "estimate"] == made.estimates.point[1:].min()


def test_draws_repeat_with_their_seed(years: Years) -> None:
    index = sipas.satisfaction(years[1], policy_weight=0.3)
    one, two, other = (weight_perturbation(index, of="sipas", n=9, seed=s) for s in (1, 1, 2))
    assert (one.drawn == two.drawn).all()
    assert (one.drawn != other.drawn).any()
    assert one.seed == 1
    np.testing.assert_allclose(one.weights, [0.14] * 5 + [0.075] * 4)


def test_perturbed_leaders_weigh_by_maximum_points(leaders: Years) -> None:
    scores = sipas.leader_scores(leaders[1], group_weights=WEIGHTS)
    made = weight_perturbation(scores, n=5)
    points = scores.max_points
    np.testing.assert_allclose(made.weights, points[list(made.weights.index)] / points["total"])
    assert made.estimates.point[0] == pytest.approx(scores["total"].point[0], abs=1e-10)


def test_perturbation_refusals(years: Years) -> None:
    index = sipas.satisfaction(years[1])
    with pytest.raises(SurveyError, match="by domain"):
        weight_perturbation(sipas.satisfaction(years[1], by="district"))
    with pytest.raises(SurveyError, match="spread=25"):
        weight_perturbation(index, spread=25)
    with pytest.raises(SurveyError, match=r"of='S1'"):
        weight_perturbation(index, of="S1")
    with pytest.raises(SurveyError, match="got a Answers"):
        weight_perturbation(years[0])  # type: ignore[arg-type]
    with pytest.raises(SurveyError, match="no verdict"):
        weight_perturbation(index, n=3).same_verdict()


def test_perturbation_in_words(years: Years) -> None:
    made: WeightPerturbation = weight_perturbation(sipas.compare(*years, link="items"), n=100)
    assert "100,0 % số bộ trọng số cho thay đổi cùng chiều" in made.text("vi")
    assert "seed 1" in repr(made)


def test_the_page_gives_what_the_library_gives() -> None:
    page = Path(__file__).resolve().parents[1] / "docs" / "robustness.md"
    assert doctest.testfile(
        str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
    ) == (0, 17)


# The chart ------------------------------------------------------------


@picture
def test_picture_of_specification_curve(grid: SpecificationGrid) -> Figure:
    with charts.style(font="DejaVu Sans"):
        return _figure(specification_curve(grid))


@picture
def test_picture_of_specification_curve_of_leaders(leaders: Years) -> Figure:
    made = specification_grid(*leaders, link="items", group_weights={"plan 1": WEIGHTS})
    with charts.style(font="DejaVu Sans"):
        return _figure(specification_curve(made, lang="en"))


def _figure(ax: plt.Axes) -> Figure:
    figure = ax.get_figure()
    assert isinstance(figure, Figure)
    figure.canvas.draw()
    return figure


def test_the_curve_plots_the_table(grid: SpecificationGrid) -> None:
    ax = specification_curve(grid)
    table = grid.table().sort_values("estimate", kind="stable")
    pd.testing.assert_frame_equal(charts.plotted(ax), table)
    panel = ax.child_axes[0]
    (curve,) = (line for line in panel.lines if line.get_label() == "curve")
    np.testing.assert_allclose(curve.get_ydata(), table["estimate"])
    (intervals,) = panel.collections
    ends = np.array([segment[:, 1] for segment in intervals.get_segments()])
    np.testing.assert_allclose(ends, table[["low", "high"]])
    dark = (intervals.get_colors()[:, :3] == to_rgb(look.MUTED)).all(axis=1)
    assert dark.sum() == ((table["low"] > 0) | (table["high"] < 0)).sum()
    marks = [line for line in panel.lines if line.get_label() == "reference"]
    assert [float(mark.get_ydata()[0]) for mark in marks] == [table.loc[1, "estimate"]]


def test_every_rule_ticks_one_option_of_each_choice(grid: SpecificationGrid) -> None:
    ticks = [len(rows.get_segments()) for rows in specification_curve(grid).collections]
    assert sum(ticks) == len(grid) * len(grid.choices)


def test_the_chart_says_the_finding(grid: SpecificationGrid, one_year: SpecificationGrid) -> None:
    ax = specification_curve(grid)
    title = next(text.get_text() for text in ax.texts if text.get_label() == "title")
    told = title.replace("\n", " ")
    assert told.startswith("Cả 1344 cách tính cho thay đổi cùng chiều (−13,95 đến −2,02")
    assert described(grid, "vi", 0.95).endswith(f"{told}.")
    assert "79.56%" in described(one_year, "en", 0.95)
    with pytest.raises(SurveyError, match="not SpecificationGrid"):
        specification_curve(grid.reference)  # type: ignore[arg-type]
