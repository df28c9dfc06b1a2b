"""Diagnostics against the engine's coefficients, closed forms, and effects worked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

import sipas
import survey
from sipas import charts, datasets
from sipas.charts.index_diagnostics import described, diagnostics
from sipas.diagnostics import IndexDiagnostics, index_diagnostics
from sipas.diagnostics.effective_weights import respondent_scores
from sipas.diagnostics.main_effects import main_effects
from sipas.indices import SatisfactionIndex
from sipas.leaders import LeaderScores
from survey import SurveyError

PARTS = ["S1", "S2", "S3", "S4", "S5"]
picture = pytest.mark.mpl_image_compare(
    tolerance=0.5, deterministic=True, savefig_kwargs={"dpi": 100}
)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def index() -> SatisfactionIndex:
    answers = sipas.clean(datasets.load_hue_households(2022), "sipas-2022")
    return sipas.satisfaction(answers, policy_weight=0.3)


@pytest.fixture(scope="module")
def found(index: SatisfactionIndex) -> IndexDiagnostics:
    return index_diagnostics(index)


@pytest.fixture(scope="module")
def scores() -> LeaderScores:
    answers = sipas.clean(datasets.load_hue_leaders(2022), "leaders-2022")
    return sipas.leader_scores(answers, group_weights="equal")


# Main effects ------------------------------------------------------------


def test_independent_parts_explain_their_own_variance() -> None:
    """y = Σ w x of independent parts: S_d = w_d² V_d / Σ w² V, and both fits are exact."""
    grid = np.stack(np.meshgrid([0.0, 1, 2], [0.0, 4], [1.0, 2], indexing="ij"), axis=-1)
    parts = grid.reshape(-1, 3)
    weight = np.array([0.5, 0.2, 0.3])
    own = weight**2 * parts.var(axis=0)
    for part, share in zip(parts.T, own / own.sum(), strict=True):
        isotonic, linear = main_effects(part, parts @ weight, np.ones((len(parts), 1)))
        np.testing.assert_allclose([isotonic[0], linear[0]], share, rtol=1e-12)


def test_curved_but_increasing_effect_is_seen_by_the_isotonic_fit() -> None:
    part = np.repeat([0.0, 1.0, 2.0, 3.0], 5)
    isotonic, linear = main_effects(part, np.exp(2 * part), np.ones((20, 1)))
    assert isotonic[0] == pytest.approx(1.0, abs=1e-12)
    assert linear[0] == pytest.approx(np.corrcoef(part, np.exp(2 * part))[0, 1] ** 2)


def test_falling_effect_has_no_increasing_fit() -> None:
    part = np.array([0.0, 0, 1, 1, 2, 2])
    isotonic, linear = main_effects(part, -part, np.ones((6, 1)))
    assert isotonic[0] == pytest.approx(0.0, abs=1e-15)
    assert linear[0] == pytest.approx(1.0)


def test_whole_weights_count_as_copies() -> None:
    rng = np.random.default_rng(5)
    part = rng.integers(0, 4, 40).astype(float)
    whole = part + rng.normal(0, 2, 40)
    copies = rng.integers(0, 4, 40)
    weighted = main_effects(part, whole, np.column_stack([copies, np.ones(40)]))
    copied = main_effects(np.repeat(part, copies), np.repeat(whole, copies),
                          np.ones((copies.sum(), 1)))  # fmt: skip
    np.testing.assert_allclose([w[0] for w in weighted], [c[0] for c in copied], rtol=1e-12)


def test_effective_weights_by_the_correlation_ratio(
    found: IndexDiagnostics, index: SatisfactionIndex
) -> None:
    """Group means by value of the part (Pearson's eta²) bound the isotonic fit from above."""
    parts = respondent_scores(index, PARTS).dropna()
    whole = parts.mean(axis=1)
    rows = found.dimensions().loc[PARTS]
    for code in PARTS:
        fitted = whole.groupby(parts[code].round(9)).transform("mean")
        eta, line = fitted.var() / whole.var(), np.corrcoef(parts[code], whole)[0, 1] ** 2
        assert line <= rows.loc[code, "main_effect"] <= eta + 1e-12
        assert eta - rows.loc[code, "main_effect"] < 0.02
        assert rows.loc[code, "linear"] == pytest.approx(line, rel=1e-10)
    assert rows["effective"].sum() == pytest.approx(1.0)
    wanted = rows["main_effect"] / rows["main_effect"].sum()
    np.testing.assert_allclose(rows["effective"], wanted, rtol=1e-12)


def test_errors_of_effective_weights_leave_out_one_commune_at_a_time(
    found: IndexDiagnostics, index: SatisfactionIndex
) -> None:
    parts = respondent_scores(index, PARTS).dropna()
    commune = index.answers.data.loc[parts.index, "commune"]
    district = index.answers.data.loc[parts.index, "district"]

    def effective(weight: pd.Series) -> np.ndarray:
        values, by = parts.to_numpy(), weight.to_numpy()[:, None]
        effects = np.array([main_effects(x, values.mean(axis=1), by)[0][0] for x in values.T])
        return np.asarray(effects / effects.sum())

    made = []
    for place in commune.unique():
        inside = district == district[commune == place].iloc[0]
        made.append(effective(1.0 + 0.5 * inside * (commune != place) - 1.0 * (commune == place)))
    spread = np.array(made) - np.mean(made, axis=0)  # three communes in each district: (n − 1)/n
    wanted = np.sqrt((spread**2).sum(axis=0) * 2 / 3)
    np.testing.assert_allclose(found.dimensions().loc[PARTS, "effective_se"], wanted, rtol=1e-9)


# Reliability, ends ------------------------------------------------------------


def test_coefficients_are_those_of_the_engine(
    found: IndexDiagnostics, index: SatisfactionIndex
) -> None:
    own = [f"S3.{k}" for k in range(1, 8)]
    row = found.dimensions().loc["S3"]
    alpha = survey.alpha(index.design, own).table().loc["alpha"]
    names = ["alpha", "alpha_se", "alpha_low", "alpha_high", "n"]
    np.testing.assert_allclose(row[names].astype(float), alpha, rtol=1e-12)
    assert row["omega"] == survey.omega(index.design, own).total
    rest = survey.item_rest(index.design, own).table()
    names = ["estimate", "se", "low", "high", "alpha_if_deleted"]
    got = found.statements().loc[own, names]
    np.testing.assert_allclose(got.astype(float), rest[names].astype(float), rtol=1e-12)
    assert found.dimensions().index.tolist() == [*PARTS, "services"]
    wanted = survey.correlations(index.design, list(found.correlations)).matrix
    pd.testing.assert_frame_equal(found.correlations, wanted)


def test_listwise_index_has_listwise_coefficients(index: SatisfactionIndex) -> None:
    listwise = sipas.satisfaction(index.answers, missing="listwise")
    row = index_diagnostics(listwise).dimensions().loc["S4"]
    own = ["S4.1", "S4.2", "S4.3"]
    assert row["alpha"] == survey.alpha(index.design, own, missing="listwise").alpha
    everyone = index.answers.data[list(listwise.scheme.items)].notna().all(axis=1)
    assert respondent_scores(listwise, PARTS).notna().all(axis=1).sum() == everyone.sum()


def test_floor_and_ceiling_are_shares_of_valid_answers(
    found: IndexDiagnostics, index: SatisfactionIndex
) -> None:
    data = index.answers.data
    rows = found.statements()
    for code in ("S1.1", "S5.4"):
        valid = data[code].dropna()
        assert rows.loc[code, "floor"] == pytest.approx(100 * (valid == 1).mean())
        assert rows.loc[code, "ceiling"] == pytest.approx(100 * (valid == 5).mean())
        assert rows.loc[code, "n"] == len(valid)
    mean = data[["S4.1", "S4.2", "S4.3"]].mean(axis=1).dropna()
    assert found.dimensions().loc["S4", "ceiling"] == pytest.approx(100 * (mean == 5).mean())


def test_statement_worded_in_reverse_is_turned_round(index: SatisfactionIndex) -> None:
    old = index.answers.instrument
    items = tuple(replace(item, reverse=item.code == "S4.2") for item in old.items)
    data = index.answers.data.assign(**{"S4.2": 6.0 - index.answers.data["S4.2"]})
    turned = replace(index.answers, instrument=replace(old, items=items), data=data)
    made = index_diagnostics(sipas.satisfaction(turned))
    wanted = index_diagnostics(sipas.satisfaction(index.answers))
    pd.testing.assert_frame_equal(made.dimensions(), wanted.dimensions(), rtol=1e-12)
    pd.testing.assert_frame_equal(made.statements(), wanted.statements(), rtol=1e-12)


def test_domain_of_a_design_keeps_its_rows(index: SatisfactionIndex) -> None:
    women = index.answers.data["gender"] == index.answers.data["gender"].iloc[0]
    design = index.design.domain(women, label="some")
    made = index_diagnostics(sipas.satisfaction(index.answers, design=design))
    assert made.statements().loc["S1.1", "n"] == index.answers.data.loc[women, "S1.1"].count()


def test_leaders_weigh_by_points(scores: LeaderScores) -> None:
    rows = index_diagnostics(scores).dimensions()
    points = scores.max_points
    parts = ["D2", "D4", "D5", "D6", "D7"]
    np.testing.assert_allclose(rows.loc[parts, "nominal"], points[parts] / points["total"])
    assert np.isnan(rows.loc["D7", "alpha"])  # a single statement
    assert rows.loc["total", "items"] == 22


# Words and refusals ------------------------------------------------------------


def test_findings_name_what_crosses_a_threshold(found: IndexDiagnostics) -> None:
    rows = found.dimension_rows.copy()
    rows.loc["S1", "alpha"], rows.loc["S2", "alpha"] = 0.96, 0.5
    rows.loc["S3", "ceiling"] = 15.1
    items = found.statement_rows.copy()
    items.loc["S4.1", "estimate"], items.loc["S5.1", "alpha_if_deleted"] = 0.2, 0.99
    matrix = found.correlations.copy()
    matrix.loc["S2.1", "S3.1"] = matrix.loc["S3.1", "S2.1"] = 0.9
    made = replace(found, dimension_rows=rows, statement_rows=items, correlations=matrix)
    said = made.findings("en")
    assert said[:2] == (
        "Alpha above 0.95, statements may repeat each other: S1.",
        "Alpha below 0.70, statements hang together loosely: S2.",
    )
    assert "Correlation with the rest of the dimension below 0.30: S4.1." in said
    assert any(text.startswith("Alpha of the dimension is higher without: ") for text in said)
    assert any("S2.1–S3.1" in text for text in said)
    assert "More than 15 % of the respondents at one end of the scale: S3." in said
    assert len(found.findings("vi")) == 1
    assert found.findings("vi")[0].startswith("Trọng số thực tế lệch nhiều nhất")


def test_shown_in_both_languages(found: IndexDiagnostics) -> None:
    assert "0,873" in found.text("vi")
    assert "0.873" in repr(found)
    assert found.dimensions(lang="vi").loc["S3", "label"] != found.dimensions().loc["S3", "label"]


def test_refusals(index: SatisfactionIndex) -> None:
    with pytest.raises(SurveyError, match="got a Answers"):
        index_diagnostics(index.answers)  # type: ignore[arg-type]
    with pytest.raises(SurveyError, match=r"of='S1'.*services"):
        index_diagnostics(index, of="S1")
    with pytest.raises(SurveyError, match="level"):
        index_diagnostics(index, level=95)
    same = index.answers.data.assign(**dict.fromkeys(index.scheme.items, 4.0))
    flat = sipas.satisfaction(replace(index.answers, data=same))
    with pytest.raises(SurveyError, match=r"same"):
        index_diagnostics(flat)


# The chart ------------------------------------------------------------


def _figure(ax: plt.Axes) -> Figure:
    figure = ax.get_figure()
    assert isinstance(figure, Figure)
    figure.canvas.draw()
    return figure


@picture
def test_picture_of_diagnostics(found: IndexDiagnostics) -> Figure:
    with charts.style(font="DejaVu Sans"):
        return _figure(diagnostics(found))


@picture
def test_picture_of_diagnostics_of_leaders(scores: LeaderScores) -> Figure:
    with charts.style(font="DejaVu Sans"):
        return _figure(diagnostics(index_diagnostics(scores), lang="en"))


def test_the_page_plots_the_tables(found: IndexDiagnostics) -> None:
    ax = diagnostics(found)
    got = charts.plotted(ax)
    assert len(got) == 27
    names = ["floor", "ceiling"]
    pd.testing.assert_frame_equal(
        got.loc[PARTS, ["effective", *names]], found.dimensions().loc[PARTS, ["effective", *names]]
    )
    assert got.loc["S3", "estimate"] == found.dimensions().loc["S3", "alpha"]
    items = got.index.difference(PARTS, sort=False)
    pd.testing.assert_series_equal(
        got.loc[items, "estimate"], found.statements()["estimate"].astype(float)
    )
    floors, weights, matrix = ax.child_axes
    widths = [bar.get_width() for bar in floors.patches]
    np.testing.assert_allclose(widths, [*-got["floor"], *got["ceiling"]])
    marks = [float(line.get_xdata()[0]) for line in weights.lines if line.get_marker() == "D"]
    np.testing.assert_allclose(marks, got.loc[PARTS, "effective"])
    shades = np.vstack([mesh.get_array().filled(np.nan) for mesh in matrix.collections])
    wanted = found.correlations.to_numpy().copy()
    np.fill_diagonal(wanted, np.nan)
    np.testing.assert_allclose(shades, wanted)


def test_the_page_in_words(found: IndexDiagnostics) -> None:
    told = described(found, "vi")
    assert told.startswith("Trang chẩn đoán: 5 thành phần và 22 nội dung")
    assert "từ 0,18 đến 0,23 so với trọng số đã định 0,20" in told
    with pytest.raises(SurveyError, match="not IndexDiagnostics"):
        diagnostics(found.index)  # type: ignore[arg-type]
