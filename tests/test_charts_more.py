"""The other charts: pictures, plotted numbers against tables, hostile labels, layout, refusals.

Over 300 lines: many small tests of one package; those of the first four are in `test_charts`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text as DrawnText

import sipas
import survey
from sipas import Instrument, charts, datasets
from sipas.changes import Change, SeveralYears, compare_years
from sipas.charts.by_domain import STROKE
from sipas.charts.domain_cells import withheld
from sipas.charts.forest_plot import forest_rows
from sipas.charts.importance_performance import ellipses
from sipas.charts.label_places import places_beside
from sipas.diagnostics import index_diagnostics
from sipas.indices import SatisfactionIndex
from sipas.key_drivers import Priorities, priorities
from sipas.numerals import Lang
from sipas.sentences import Text
from sipas.targeting import TargetTable, targets
from survey import SurveyError
from survey.ranks import RankIntervals, rank_intervals

picture = pytest.mark.mpl_image_compare(
    tolerance=0.5, deterministic=True, savefig_kwargs={"dpi": 100}
)
#: Made up for these tests.
POPULATION = {
    "gender": {"Nữ": 51.0, "Nam": 49.0},
    "education": {
        "Tiểu học trở xuống": 26,
        "Trung học cơ sở": 29,
        "Trung học phổ thông": 24,
        "Trung cấp, cao đẳng": 10,
        "Đại học trở lên": 11,
    },
    "district": {"thành phố Huế": 480_000, "huyện A Lưới": 52_000, "huyện Nam Đông": 28_000},
}


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


@dataclass(frozen=True, slots=True)
class Made:
    """The results that the charts are drawn from."""

    answers: sipas.Answers
    moved: Change
    several: SeveralYears
    places: SatisfactionIndex
    quadrants: Priorities
    ranked: RankIntervals
    judged: TargetTable


@pytest.fixture(scope="module")
def made(third_year: sipas.Answers) -> Made:
    before, now = (
        sipas.clean(datasets.load_hue_households(y), f"sipas-{y}") for y in (2021, 2022)
    )
    rng = np.random.default_rng(34)
    score = pd.Series(rng.normal(80.0, 3.5, 34), [f"Tỉnh {k:02d}" for k in range(1, 35)])
    goals = {"S1": 80, "S2": 85, "S3": 90, "services": 90}
    return Made(
        answers=now,
        moved=sipas.compare(before, now, link="items"),
        several=compare_years(before, now, third_year, link="items"),
        places=sipas.satisfaction(now, by="district"),
        quadrants=priorities(now, of="services", before=before, n=60),
        ranked=rank_intervals(score, rng.uniform(1.2, 2.4, 34), draws=300),
        judged=targets(sipas.satisfaction(now), targets=goals, year=2022),
    )


def texts(ax: Axes, kind: str) -> list[str]:
    """Texts of one kind on a chart, in the order written."""
    return [text.get_text() for text in ax.texts if text.get_label() == kind]


def line_of(ax: Axes, marker: str) -> list[mpl.lines.Line2D]:
    """Markers of one kind, without those of the key."""
    return [
        line for line in ax.lines if line.get_marker() == marker and line.get_label() != "_key"
    ]


def solid(line: mpl.lines.Line2D) -> bool:
    return to_rgb(line.get_markerfacecolor()) != (1.0, 1.0, 1.0)


def at(line: mpl.lines.Line2D) -> float:
    return float(line.get_xdata()[0])


def drawn(ax: Axes) -> Figure:
    figure = ax.get_figure()
    assert isinstance(figure, Figure)
    figure.canvas.draw()
    return figure


def vi(number: float, decimals: int = 2) -> str:
    """A number as a Vietnamese reader writes it, by other means than the library's."""
    return f"{number:.{decimals}f}".replace(".", ",").replace("-", "−")


def signed(number: float, decimals: int = 2) -> str:
    text = vi(number, decimals)
    zero = not text.strip("−0,")
    return text.strip("−") if zero else f"+{text}" if number > 0 else text


def every(made: Made, lang: Lang) -> list[Axes]:
    """One of each chart."""
    return [
        charts.years(made.several, lang=lang),
        charts.forest(made.moved, lang=lang),
        charts.heat_map(made.places, lang=lang),
        charts.priorities(made.quadrants, lang=lang),
        charts.ranks(made.ranked, own="Tỉnh 07", lang=lang),
        charts.profile(made.answers, POPULATION, lang=lang),
        charts.targets(made.judged, lang=lang),
        charts.answers(made.answers, diverging=True, lang=lang),
    ]


@pytest.fixture(scope="module")
def pages(made: Made) -> dict[str, list[Axes]]:
    """One of each chart, in both languages."""
    return {lang: every(made, lang) for lang in ("vi", "en")}


# Pictures -----------------------------------------------------------------------------------


@picture
def test_picture_of_years(made: Made) -> Figure:
    with charts.style(font="DejaVu Sans"):
        return drawn(charts.years(made.several))


@picture
def test_picture_of_forest(made: Made) -> Figure:
    with charts.style(font="DejaVu Sans"):
        return drawn(charts.forest(made.moved))


@picture
def test_picture_of_forest_by_change(made: Made) -> Figure:
    with charts.style(font="DejaVu Sans"):
        return drawn(charts.forest(made.moved, order="change", lang="en"))


@picture
def test_picture_of_heat_map(made: Made) -> Figure:
    with charts.style(font="DejaVu Sans"):
        return drawn(charts.heat_map(made.places))


@picture
def test_picture_of_heat_map_with_withheld_cells(made: Made) -> Figure:
    crossed = sipas.satisfaction(made.answers, by=["district", "gender"])
    with charts.style(font="DejaVu Sans"):
        return drawn(charts.heat_map(crossed, level_of="dimension", least=77, lang="en"))


@picture
def test_picture_of_priorities(made: Made) -> Figure:
    with charts.style(font="DejaVu Sans"):
        return drawn(charts.priorities(made.quadrants))


@picture
def test_picture_of_priorities_with_arrows(made: Made, third_year: sipas.Answers) -> Figure:
    found = priorities(third_year, of="services", before=made.answers, n=60)
    with charts.style(font="DejaVu Sans"):
        return drawn(charts.priorities(found, lang="en"))


@picture
def test_picture_of_ranks(made: Made) -> Figure:
    with charts.style(font="DejaVu Sans"):
        told = "Số liệu giả lập của 34 tỉnh"
        return drawn(charts.ranks(made.ranked, own="Tỉnh 07", measure=told, source="giả lập"))


@picture
def test_picture_of_profile(made: Made) -> Figure:
    with charts.style(font="DejaVu Sans"):
        return drawn(charts.profile(made.answers, POPULATION, source="số liệu minh họa"))


@picture
def test_picture_of_targets(made: Made) -> Figure:
    with charts.style(font="DejaVu Sans"):
        return drawn(charts.targets(made.judged, source="số liệu giả lập"))


@picture
def test_picture_of_diverging_answers(made: Made) -> Figure:
    with charts.style(font="DejaVu Sans"):
        codes = [item.code for item in made.answers.instrument.index_items][:12]
        return drawn(charts.answers(made.answers, codes=codes, diverging=True))


# Plotted numbers ----------------------------------------------------------------------------


def test_years_plot_the_table_of_every_step(made: Made) -> None:
    ax = charts.years(made.several)
    got = charts.plotted(ax)
    table = made.several.table(lang="vi")
    for code, change in got.index:
        for column in ("before", "after", "estimate", "low", "high", "p_adjusted", "verdict"):
            assert got.loc[(code, change), column] == table.loc[(change, code), column]
    limits = made.several[2022, 2023].stacked.table()
    assert got.loc[("S3", "2022 → 2023"), "after_low"] == limits.loc[("after", "S3"), "low"]
    assert list(dict.fromkeys(got.index.get_level_values(0))) == [
        "S1", "S2", "S3", "S4", "S5", "services",
    ]  # fmt: skip
    assert texts(ax, "change") == [signed(change) for change in got["estimate"]]
    whole = table.loc["2021 → 2023", "estimate"]
    assert texts(ax, "whole") == [
        signed(whole[code]) for code in dict.fromkeys(got.index.droplevel(1))
    ]


def test_no_line_crosses_a_break(made: Made, third_year: sipas.Answers) -> None:
    ax = charts.years(made.several)
    joined = [line for line in ax.lines if line.get_label() == "joined"]
    assert [list(line.get_xdata()) for line in joined] == [[2022.0, 2023.0]] * 6
    breaks = [line for line in ax.lines if line.get_label() == "break"]
    assert [at(line) for line in breaks] == [2021.5]
    assert texts(ax, "break") == ["gián đoạn"]
    same = compare_years(made.answers, third_year)
    ax = charts.years(same)
    assert not [line for line in ax.lines if line.get_label() == "break"]
    assert len([line for line in ax.lines if line.get_label() == "joined"]) == 11


def test_a_year_with_two_figures_shows_both(made: Made, third_year: sipas.Answers) -> None:
    """Across the break 2022 counts only what 2021 asked too: without S1.4 there, S1 differs."""
    before = Instrument.load("sipas-2021")
    fewer = replace(before, items=tuple(item for item in before.items if item.code != "S1.4"))
    sheet = datasets.load_hue_households(2021).drop(columns="S1.4")
    several = compare_years(
        sipas.clean(sheet, fewer), made.answers, third_year, link=["items", None, "items"]
    )
    ax = charts.years(several, codes=["S1"])
    table = several.table()
    left = table.loc[("2021 → 2022", "S1"), "after"]
    right = table.loc[("2022 → 2023", "S1"), "before"]
    assert abs(left - right) > 0.01
    own = [line for line in line_of(ax, "o") if abs(at(line) - 2022) < 0.4]
    assert len(own) == 2
    assert at(own[0]) < 2022 < at(own[1])
    values = texts(ax, "value")
    assert vi(left) in values
    assert vi(right) in values


def test_forest_plots_its_table(made: Made) -> None:
    ax = charts.forest(made.moved, order="change")
    got = charts.plotted(ax)
    table = made.moved.table(lang="vi")
    rows = table[table["level"].isin(["dimension", "statement"])]
    assert len(got) == len(rows) == 27
    pd.testing.assert_frame_equal(got, table.loc[got.index])
    dots = {"s": line_of(ax, "s"), "D": line_of(ax, "D")}
    for marker, level in (("s", "statement"), ("D", "dimension")):
        own = got[got["level"] == level]
        assert [at(line) for line in dots[marker]] == own["estimate"].tolist()
        told = own["verdict"].isin(["fell", "rose"]).tolist()
        assert [solid(line) for line in dots[marker]] == told
    bands = [one for one in ax.collections if one.get_label() == "detectable"]
    reached = [one.get_paths()[0].vertices[:, 0].max() for one in bands]
    np.testing.assert_allclose(reached, got["detectable"].astype(float), rtol=1e-12)
    assert texts(ax, "change") == [signed(change) for change in got["estimate"]]
    ends = zip(got["low"], got["high"], strict=True)
    assert texts(ax, "interval") == [f"({vi(low)}; {vi(high)})" for low, high in ends]


def test_forest_keeps_dimensions_together(made: Made) -> None:
    asked = forest_rows(made.moved, "questionnaire", 0.95, "vi").index.tolist()
    assert asked[:6] == ["S1", "S1.1", "S1.2", "S1.3", "S1.4", "S2"]
    got = forest_rows(made.moved, "change", 0.95, "vi")
    tops = got[got["level"] == "dimension"]
    assert tops["estimate"].is_monotonic_increasing
    for top in tops.index:
        own = got[got.index.str.startswith(f"{top}.")]
        assert own["estimate"].is_monotonic_increasing
        place = got.index.get_loc(top)
        assert got.index[place + 1 : place + 1 + len(own)].tolist() == own.index.tolist()


def test_heat_map_plots_the_index_and_its_distance_from_all(made: Made) -> None:
    ax = charts.heat_map(made.places)
    cells = charts.plotted(ax)
    table = made.places.table()
    whole = sipas.satisfaction(made.answers).table()
    for code in ("S1.1", "S3.5", "P4.1"):
        assert cells.loc[(code, "all"), "estimate"] == pytest.approx(whole.loc[code, "estimate"])
        for place in ("huyện A Lưới", "thành phố Huế"):
            for column in ("estimate", "se", "low", "high", "n"):
                assert cells.loc[(code, place), column] == table.loc[(code, place), column]
            apart = table.loc[(code, place), "estimate"] - whole.loc[code, "estimate"]
            assert cells.loc[(code, place), "difference"] == pytest.approx(apart, abs=1e-9)
    assert texts(ax, "rate") == [vi(rate, 1) for rate in cells["estimate"]]
    apart = cells["difference"].dropna()
    strokes = [patch for patch in ax.patches if np.isclose(patch.get_width(), STROKE)]
    assert len(strokes) == sum(text.startswith("−") for text in texts(ax, "difference"))
    assert texts(ax, "difference") == [signed(gap, 1) for gap in apart]
    heads = [text.replace("\n", " ") for text in texts(ax, "domain")]
    assert heads == [
        "Chung n = 486", "huyện A Lưới n = 162", "huyện Nam Đông n = 162", "thành phố Huế n = 162",
    ]  # fmt: skip


def test_distance_from_all_has_the_error_of_a_contrast(made: Made) -> None:
    """The same difference as a contrast of domains whose sizes are estimated, by replicates."""
    design = made.answers.design()
    replicated = survey.as_replicates(design, "JKn")
    weights = np.column_stack([replicated.weight, replicated.row_weights()])
    rated = design.data["S3.2"].isin([4, 5]).where(design.data["S3.2"].notna())
    known = rated.notna().to_numpy()
    score = rated.fillna(False).to_numpy(float)
    inside = (design.data["district"] == "thành phố Huế").to_numpy() & known
    means = [
        (weights[rows] * score[rows, None]).sum(0) / weights[rows].sum(0)
        for rows in (inside, known)
    ]
    apart = 100.0 * (means[0] - means[1])
    spread = np.sqrt(2.0 / 3.0 * ((apart[1:] - apart[0]) ** 2).sum())
    cell = charts.plotted(charts.heat_map(made.places)).loc[("S3.2", "thành phố Huế")]
    assert cell["difference"] == pytest.approx(apart[0], abs=1e-9)
    assert cell["difference_se"] == pytest.approx(spread, rel=0.02)


def test_small_cells_are_withheld_with_a_neighbour(made: Made) -> None:
    n = np.array([[60.0, 5, 25, 30], [60.0, 20, 18, 22], [60.0, 4, 6, 50], [9.0, 9, 0, 0]])
    assert withheld(n, 10).tolist() == [
        [False, True, True, False],
        [False] * 4,
        [False, True, True, False],
        [True] * 4,
    ]
    crossed = sipas.satisfaction(made.answers, by=["district", "gender"])
    ax = charts.heat_map(crossed, least=77)
    cells = charts.plotted(ax)
    hidden = cells[cells["withheld"]]
    assert (cells.loc[cells["n"] < 77, "withheld"]).all()
    assert hidden[["estimate", "low", "high", "difference", "p"]].isna().all(axis=None)
    hatched = [patch for patch in ax.patches if patch.get_hatch() and patch.get_label() != "_key"]
    assert len(hatched) == len(hidden) > 0
    assert len(texts(ax, "rate")) == len(cells) - len(hidden)
    alone = cells["withheld"].groupby(level="code").sum()
    assert not (alone == 1).any()


def test_priorities_plot_both_axes(made: Made) -> None:
    found = made.quadrants
    ax = charts.priorities(found)
    pd.testing.assert_frame_equal(charts.plotted(ax), found.table(lang="vi"))
    points = np.array([[*line.get_xdata(), *line.get_ydata()] for line in line_of(ax, "D")])
    np.testing.assert_array_equal(points, found.axes[::-1].T)
    assert found.before is not None
    earlier = np.array([[*line.get_xdata(), *line.get_ydata()] for line in line_of(ax, "o")])
    np.testing.assert_array_equal(earlier, found.before.axes[::-1].T)
    table = found.table()
    sure = (table["probability"] >= 0.95).tolist()
    assert [solid(line) for line in line_of(ax, "D")] == sure
    assert texts(ax, "performance") == [vi(rate) for rate in table["performance"]]
    assert texts(ax, "importance") == [vi(part, 3) for part in table["importance"]]


def test_shadows_of_the_ellipses_are_the_intervals(made: Made) -> None:
    found = made.quadrants
    limits = found.estimates.table(level=0.9, method="mean")
    reached = ellipses(found, 0.9)
    for k, code in enumerate(found.codes):
        for axis, name in enumerate(("performance", "importance")):
            low, high = limits.loc[(name, code), ["low", "high"]]
            own = reached[k, :, axis]
            assert own.min() >= low - 1e-9
            assert own.max() <= high + 1e-9
            assert own.max() - own.min() == pytest.approx(high - low, rel=0.01)


def test_arrows_only_between_years_of_one_instrument(
    made: Made, third_year: sipas.Answers
) -> None:
    def arrows(ax: Axes) -> int:
        return sum(getattr(text, "arrow_patch", None) is not None for text in ax.texts)

    apart = charts.priorities(made.quadrants)
    assert arrows(apart) == 0
    assert "không nối" in texts(apart, "note")[0].replace("\n", " ")
    same = priorities(third_year, of="services", before=made.answers, n=30)
    assert arrows(charts.priorities(same)) == 5


def test_ranks_plot_their_table(made: Made) -> None:
    ax = charts.ranks(made.ranked, own="Tỉnh 07")
    got = charts.plotted(ax)
    pd.testing.assert_frame_equal(got.sort_index(), made.ranked.table().sort_index())
    assert got["rank"].is_monotonic_increasing
    dots = [line for line in ax.lines if line.get_marker() in ("o", "D")]
    assert [at(line) for line in dots] == got["rank"].tolist()
    bars = [line.get_xdata() for line in ax.lines if line.get_linewidth() == 1.2]
    bars = [ends for ends in bars if len(ends) == 2]
    np.testing.assert_array_equal(bars, got[["low", "high"]])
    told = [f"{row.rank} ({row.low}–{row.high})" for row in got.itertuples()]
    assert texts(ax, "rank") == told
    row = got.loc["Tỉnh 07"]
    (title,) = texts(ax, "title")
    assert title == (
        f"Tỉnh 07 xếp thứ {row['rank']:.0f} trong mẫu; khoảng hạng từ {row['low']:.0f} "
        f"đến {row['high']:.0f} trên 34"
    )
    (other,) = texts(charts.ranks(made.ranked, lang="en"), "title")
    first, last = (got["low"] == 1).sum(), (got["high"] == 34).sum()
    assert other == f"Of 34 units {first} may be first, {last} may be last"


def test_63_provinces_fit_on_a_page() -> None:
    score = pd.Series(np.linspace(70, 90, 63), [f"Tỉnh {k}" for k in range(63)])
    ax = charts.ranks(rank_intervals(score, np.full(63, 2.0), draws=200, method="bootstrap"))
    assert ax.get_figure().get_size_inches()[1] * 2.54 < 24.7


def test_profile_plots_shares_by_the_design(made: Made) -> None:
    ax = charts.profile(made.answers, POPULATION)
    got = charts.plotted(ax)
    shares = survey.proportion(made.answers.design(), "education").table()
    for name, share in POPULATION["education"].items():
        row, own = got.loc[("education", name)], shares.loc[name]
        want = 100.0 * own[["estimate", "low", "high"]].to_numpy(float)
        np.testing.assert_allclose(row[["estimate", "low", "high"]].to_numpy(float), want)
        assert row["population"] == pytest.approx(share)
        assert row["difference"] == pytest.approx(want[0] - share)
    assert got.loc[("district", "thành phố Huế"), "population"] == pytest.approx(48_000 / 560)
    assert got.loc["district", "low"].isna().all()  # fixed by the design
    dots = line_of(ax, "o")
    assert [at(line) for line in dots] == got["estimate"].tolist()
    outside = (got["low"] > got["population"]) | (got["high"] < got["population"])
    assert [solid(line) for line in dots] == outside.tolist()
    strokes = [line for line in ax.lines if line.get_label() == "population"]
    assert [at(line) for line in strokes] == got["population"].tolist()
    assert texts(ax, "gap") == [signed(gap, 1) for gap in got["difference"]]


def test_a_group_nobody_belongs_to_is_shown_as_none(made: Made) -> None:
    shares = {"gender": {"Nữ": 50, "Nam": 49, "khác": 1}}
    row = charts.plotted(charts.profile(made.answers, shares)).loc[("gender", "khác")]
    assert row["estimate"] == 0.0
    assert np.isnan(row["low"])
    assert row["n"] == 486
    table = pd.DataFrame(
        {"variable": "gender", "category": ["Nữ", "Nam", "khác"], "population": [50, 49, 1]}
    )
    same = charts.plotted(charts.profile(made.answers, table)).loc[("gender", "khác")]
    pd.testing.assert_series_equal(same, row)


def test_targets_plot_their_table(made: Made) -> None:
    ax = charts.targets(made.judged)
    table = made.judged.table(lang="vi")
    pd.testing.assert_frame_equal(charts.plotted(ax), table)
    dots = line_of(ax, "o")
    assert [at(line) for line in dots] == table["estimate"].tolist()
    assert [solid(line) for line in dots] == table["verdict"].isin(["reached", "missed"]).tolist()
    goals = [line for line in ax.lines if line.get_label() == "target"]
    assert [at(line) for line in goals] == table["target"].tolist()
    assert texts(ax, "figure") == [vi(figure) for figure in table["estimate"]]
    assert texts(ax, "probability")[0] == vi(table["probability"].iloc[0], 3)
    assert texts(ax, "probability")[3] == "< 0,001"
    missed = (table["verdict"] == "missed").sum()
    assert texts(ax, "title") == [
        f"4 chỉ tiêu: {missed} chưa đạt, {4 - missed} chưa đủ bằng chứng"
    ]


def test_a_target_to_stay_below_is_met_on_its_left() -> None:
    judged = targets(
        8.0, se=1.0, df=9, targets=pd.DataFrame({"code": ["sipas"], "target": ["<=10"]})
    )
    ax = charts.targets(judged)
    (band,) = [one for one in ax.collections if one.get_label() == "met"]
    assert band.get_paths()[0].vertices[:, 0].max() == 10.0
    assert texts(ax, "target") == ["≤ 10,00"]


def test_diverging_answers_keep_every_share(made: Made) -> None:
    plain = charts.answers(made.answers)
    ax = charts.answers(made.answers, diverging=True)
    got = charts.plotted(ax)
    pd.testing.assert_frame_equal(got, charts.plotted(plain))
    bars = [patch for patch in ax.patches if patch.get_label() != "_key"]
    widths = np.array([bar.get_width() for bar in bars]).reshape(-1, 5)
    starts = np.array([bar.get_x() for bar in bars]).reshape(-1, 5)
    np.testing.assert_allclose(widths, got[[5, 4, 3, 2, 1]].astype(float), rtol=1e-12)
    np.testing.assert_allclose(starts[:, 1], 0.0)  # satisfied begins at the line
    np.testing.assert_allclose(starts[:, 0], got[4].astype(float))
    np.testing.assert_allclose((starts + widths)[:, 3], 0.0, atol=1e-12)
    np.testing.assert_allclose((starts + widths)[:, 4], starts[:, 3], atol=1e-12)
    assert np.ptp(starts[:, 2]) == 0.0  # the middle level has a base of its own
    assert starts[0, 2] > (starts + widths)[:, 0].max()


# Words --------------------------------------------------------------------------------------


def test_every_chart_has_an_alternative_text(made: Made) -> None:
    said: list[tuple[Any, dict[str, Any], str, str]] = [
        (made.several, {}, "Biểu đồ đường: 6 chỉ số", "2021–2022"),
        (made.moved, {"chart": "forest"}, "Biểu đồ rừng", "−15,57"),
        (made.places, {}, "Biểu đồ nhiệt", "26 nội dung theo 3 nhóm"),
        (made.quadrants, {}, "Biểu đồ điểm: mức quan trọng", "Công chức: "),
        (made.ranked, {"own": "Tỉnh 07"}, "Biểu đồ khoảng hạng 95%", "Tỉnh 07 xếp thứ"),
        (made.answers, {"population": POPULATION}, "Biểu đồ điểm: cơ cấu", "Tiểu học trở xuống"),
        (made.judged, {}, "Biểu đồ điểm: 4 chỉ số", "chưa đạt"),
        (index_diagnostics(sipas.satisfaction(made.answers)), {}, "", "22"),
    ]
    for result, how, beginning, part in said:
        text = charts.alt_text(result, **how)
        assert text.startswith(beginning)
        assert part in text
        english = charts.alt_text(result, lang="en", **how)
        assert "{" not in english + text
        assert english != text
    with pytest.raises(SurveyError, match="chart"):
        charts.alt_text(made.moved, chart="dial")  # type: ignore[arg-type]


def test_charts_of_surveys_name_population_and_source(pages: dict[str, list[Axes]]) -> None:
    made = pages["vi"]
    for ax in made:
        note = texts(ax, "note")[0].replace("\n", " ")
        assert "{" not in note + texts(ax, "title")[0] + texts(ax, "subtitle")[0]
    for ax in (*made[:4], made[5]):
        subtitle = texts(ax, "subtitle")[0].replace("\n", " ")
        note = texts(ax, "note")[0].replace("\n", " ")
        assert "3 đơn vị cấp huyện được chọn mẫu" in subtitle
        assert "Thừa Thiên Huế, 202" in subtitle
        assert "Nguồn: Khảo sát" in note
        assert "Lưu ý: số liệu giả lập." in note


def test_titles_say_no_more_than_the_evidence(made: Made, pages: dict[str, list[Axes]]) -> None:
    years, forest, heat, quadrants, *_ = pages["vi"]
    (title,) = texts(heat, "title")
    assert "chưa đủ bằng chứng" in title.replace("\n", " ")
    (title,) = texts(forest, "title")
    fell = (made.moved.table()["verdict"] == "fell")[made.moved.table()["level"] == "statement"]
    assert title.startswith(f"{fell.sum()} trong 22 nội dung có bằng chứng giảm")
    (title,) = texts(years, "title")
    assert title.startswith("2022–2023: Cả 5 chỉ số thành phần đều tăng")
    (title,) = texts(quadrants, "title")
    assert title.startswith("Chưa chỉ số thành phần nào chắc chắn")


def test_differences_are_never_per_cent(pages: dict[str, list[Axes]]) -> None:
    for ax in pages["vi"][:3] + pages["en"][:3]:
        for kind in ("change", "whole", "difference", "interval"):
            assert not any("%" in text for text in texts(ax, kind))


HOSTILE = (
    "<script>alert(1)</script>",
    "=HYPERLINK(x)",
    "{{ count }} $x_1$ \\frac{a}{b}",
    "Đ" * 300,
    unicodedata.normalize("NFD", "Thủ tục được giải quyết đúng hẹn"),
)
SHOWN = (*HOSTILE[:4], unicodedata.normalize("NFC", HOSTILE[4]))


def hostile(year: int) -> sipas.Answers:
    """Answers to statements, and of districts, of hostile names."""
    instrument = Instrument.load(f"sipas-{year}")
    named = dict(zip(("S1.1", "S1.2", "S1.3", "S1.4", "S2.1"), HOSTILE, strict=True))
    items = tuple(
        replace(item, text=Text(text, text), short=Text(text, text))
        if (text := named.get(item.code))
        else item
        for item in instrument.items
    )
    sheet = datasets.load_hue_households(year)
    places = dict(zip(sheet["district"].unique(), ("<b>x</b>", "$y^2$ {n}", "=1+1"), strict=True))
    sheet["district"] = sheet["district"].map(places)
    return sipas.clean(sheet, replace(instrument, items=items))


def whole(ax: Axes) -> str:
    """Everything written on a figure, without the breaks of lines."""
    found: Callable[..., list[DrawnText]] = drawn(ax).findobj  # type: ignore[assignment]
    written = found(DrawnText)
    assert not any(text.get_parse_math() for text in written if text.get_text())
    return "\n".join(text.get_text().replace("\n", " ") for text in written)


@pytest.fixture(scope="module")
def named_badly() -> tuple[sipas.Answers, sipas.Answers]:
    return hostile(2021), hostile(2022)


CODES = ["S1.1", "S1.2", "S1.3", "S1.4", "S2.1"]
Years = tuple[sipas.Answers, sipas.Answers]
HOSTILE_CHARTS: dict[str, Callable[[Years], Axes]] = {
    "forest": lambda both: charts.forest(sipas.compare(*both, link="items")),
    "heat map": lambda both: charts.heat_map(sipas.satisfaction(both[1], by="district")),
    "priorities": lambda both: charts.priorities(
        priorities(both[1], of="services", by="statement", n=20)
    ),
    "years": lambda both: charts.years(compare_years(*both, link="items"), codes=CODES),
    "answers": lambda both: charts.answers(both[1], codes=CODES, diverging=True),
}


@pytest.mark.parametrize("name", HOSTILE_CHARTS)
def test_hostile_labels_come_out_inert_and_whole(named_badly: Years, name: str) -> None:
    said = whole(HOSTILE_CHARTS[name](named_badly))
    for code, text in zip(CODES, SHOWN, strict=True):
        assert f"{code} {text}".replace(" ", "") in said.replace(" ", ""), text
    assert unicodedata.is_normalized("NFC", said)


def test_hostile_names_of_domains(named_badly: Years) -> None:
    index = sipas.satisfaction(named_badly[1], by="district")
    ax = charts.heat_map(index, level_of="dimension")
    heads = [text.replace("\n", " ") for text in texts(ax, "domain")]
    assert {"<b>x</b> n = 162", "$y^2$ {n} n = 162", "=1+1 n = 162"} <= set(heads)


def test_hostile_names_of_units_groups_and_targets(made: Made) -> None:
    ranked = rank_intervals(pd.Series(np.arange(5.0), list(HOSTILE)), np.ones(5), draws=200)
    said = whole(charts.ranks(ranked, own=HOSTILE[2], measure=HOSTILE[0], source=HOSTILE[1]))
    goals = pd.DataFrame(
        {"code": ["S1", "S2", "S3", "S4", "S5"], "target": 90, "label_vi": HOSTILE}
    )
    goal = whole(charts.targets(targets(sipas.satisfaction(made.answers), targets=goals)))
    sheet = datasets.load_hue_households(2022)
    sheet["gender"] = sheet["gender"].map({"Nam": HOSTILE[0], "Nữ": HOSTILE[2]})
    sheet["$group$"] = np.resize(np.array(HOSTILE, dtype=object), len(sheet))
    answers = sipas.clean(sheet, "sipas-2022")
    shares = {"$group$": dict.fromkeys(answers.data["$group$"].unique(), 1.0)}
    who = whole(charts.profile(answers, shares, source="{x}"))
    for text in SHOWN:
        for page in (said, goal, who):
            assert text.replace(" ", "") in page.replace(" ", ""), text
    assert "$group$" in who


# Layout -------------------------------------------------------------------------------------


def boxes(ax: Axes) -> list[tuple[str, mpl.transforms.Bbox]]:
    canvas = FigureCanvasAgg(drawn(ax))
    canvas.draw()
    renderer = canvas.get_renderer()
    written = [text for text in ax.texts if text.get_text()]
    return [(text.get_text(), text.get_window_extent(renderer)) for text in written]


def test_texts_neither_overlap_nor_leave_the_page(pages: dict[str, list[Axes]]) -> None:
    for ax in pages["vi"] + pages["en"]:
        _check_layout(ax)


def test_crowded_heat_maps_and_years_do_not_overlap_either(made: Made) -> None:
    crossed = sipas.satisfaction(made.answers, by="commune")
    _check_layout(charts.heat_map(crossed, level_of="dimension", least=50))
    _check_layout(charts.years(made.several, codes=["S1.1", "S5.4", "services"]))


def test_crowded_priorities_do_not_overlap_either(made: Made) -> None:
    found = priorities(made.answers, of="services", by="statement", n=20)
    _check_layout(charts.priorities(found))


def _check_layout(ax: Axes) -> None:
    found = boxes(ax)
    ends = np.array([[box.x0, box.y0, box.x1, box.y1] for _, box in found])
    page = ax.get_figure().bbox
    assert (ends >= 0).all()
    assert (ends[:, 2] <= page.x1).all()
    assert (ends[:, 3] <= page.y1).all()
    low = np.maximum(ends[:, None, :2], ends[:, :2])
    high = np.minimum(ends[:, None, 2:], ends[:, 2:])
    shared = np.triu((high - low).min(axis=2), 1)
    first, other = np.unravel_index(shared.argmax(), shared.shape)
    assert shared.max() <= 1.5, (found[first][0], found[other][0])


def test_pages_are_sixteen_centimetres_wide(pages: dict[str, list[Axes]]) -> None:
    for ax in pages["vi"][:7]:
        width, height = ax.get_figure().get_size_inches() * 2.54
        assert width == pytest.approx(16.0)
        assert height < 24.8  # the text of an A4 page with margins of 25 mm


def test_names_of_points_keep_clear_of_each_other() -> None:
    points = np.random.default_rng(5).uniform(0.0, 3.0, (12, 2))
    sizes = np.full((12, 2), [0.25, 0.1])
    middles = points + places_beside(points, sizes)
    gaps = np.abs(middles[:, None] - middles)
    met = (gaps < sizes).all(axis=2)
    assert met.sum() == 12  # each only itself


def test_a_chart_fills_the_axes_it_is_given(made: Made) -> None:
    figure, (first, second) = plt.subplots(2, 1, figsize=(8.0, 22.0))
    for chart, result in (
        (charts.forest, made.moved),
        (charts.priorities, made.quadrants),
        (charts.years, made.several),
    ):
        second.clear()
        place = mpl.transforms.Bbox.from_bounds(0.1, 0.05, 0.85, 0.45)
        second.set_position(place.bounds)
        assert chart(result, ax=second) is second  # type: ignore[operator]
        assert first.get_position().bounds == figure.axes[0].get_position().bounds
        for text, box in boxes(second):
            assert box.y1 <= place.y1 * figure.bbox.height + 2, text
            assert box.y0 >= place.y0 * figure.bbox.height - 2, text
            assert box.x0 >= place.x0 * figure.bbox.width - 2, text
    _, small = plt.subplots(figsize=(6.0, 3.0))
    with pytest.raises(SurveyError, match="too small"):
        charts.forest(made.moved, ax=small)


# Requests that cannot be met ----------------------------------------------------------------


def test_other_results_are_refused_and_the_right_one_named(made: Made) -> None:
    for chart, said in (
        (charts.years, r"sipas\.compare_years"),
        (charts.forest, r"sipas\.compare"),
        (charts.heat_map, r'sipas\.satisfaction\(answers, by="district"\)'),
        (charts.priorities, r"sipas\.priorities"),
        (charts.ranks, r"survey\.rank_intervals"),
        (charts.targets, r"sipas\.targets"),
    ):
        with pytest.raises(SurveyError, match=said):
            chart("index")  # type: ignore[operator]
    for chart, result in (
        (charts.years, made.several),
        (charts.forest, made.moved),
        (charts.heat_map, made.places),
        (charts.priorities, made.quadrants),
    ):
        with pytest.raises(SurveyError, match=r"level=0\.95"):
            chart(result, level=95)  # type: ignore[operator]
    assert not plt.get_fignums()


def test_errors_name_the_way_out(made: Made) -> None:
    with pytest.raises(SurveyError, match="no domains"):
        charts.heat_map(sipas.satisfaction(made.answers))
    with pytest.raises(SurveyError, match="At most 9 do"):
        charts.heat_map(sipas.satisfaction(made.answers, by=["commune", "gender"]))
    with pytest.raises(SurveyError, match="no such rows"):
        charts.heat_map(made.places, level_of="overall")
    with pytest.raises(SurveyError, match="Compare without by="):
        charts.forest(
            sipas.compare(made.moved.before.answers, made.answers, link="items", by="gender")
        )
    with pytest.raises(SurveyError, match="no statements"):
        charts.forest(sipas.compare(made.moved.before.answers, made.answers, link="dimensions"))
    with pytest.raises(SurveyError, match="order"):
        charts.forest(made.moved, order="size")
    with pytest.raises(SurveyError, match="not every change has 'S6'"):
        charts.years(made.several, codes=["S6"])
    with pytest.raises(SurveyError, match="no such unit"):
        charts.ranks(made.ranked, own="Tỉnh 99")


def test_population_shares_are_checked(made: Made) -> None:
    with pytest.raises(SurveyError, match="'Nam' among"):
        charts.profile(made.answers, {"gender": {"Nữ": 1}})
    with pytest.raises(SurveyError, match="negative"):
        charts.profile(made.answers, {"gender": {"Nữ": 2, "Nam": -1}})
    with pytest.raises(SurveyError, match="Did you mean 'gender'"):
        charts.profile(made.answers, {"gendr": {"Nữ": 2, "Nam": 1}})
    with pytest.raises(SurveyError, match="variable, category, population"):
        charts.profile(made.answers, {"gender": 51})  # type: ignore[dict-item]
    with pytest.raises(SurveyError, match="category"):
        charts.profile(made.answers, pd.DataFrame({"variable": ["gender"], "population": [1]}))


def test_no_setting_changes(made: Made) -> None:
    plt.figure()
    before = dict(mpl.rcParams)
    charts.heat_map(made.places, level_of="dimension")
    charts.priorities(made.quadrants)
    charts.ranks(made.ranked)
    charts.targets(made.judged)
    assert dict(mpl.rcParams) == before
