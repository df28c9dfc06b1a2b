"""Charts: pictures against baselines, plotted numbers against tables, labels that stay inert.

Over 300 lines: many small tests of one module.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

import sipas
import survey
from sipas import Instrument, charts, datasets
from sipas.changes import Change
from sipas.charts import look, typesetting, words
from sipas.drivers import Contributions, contributions
from sipas.indices import SatisfactionIndex
from sipas.leaders import LeaderScores
from sipas.sentences import Text
from survey import SurveyError

WEIGHTS = {"hdnd": 25, "so": 40, "phong": 30, "huyen": 5}
picture = pytest.mark.mpl_image_compare(
    tolerance=0.5, deterministic=True, savefig_kwargs={"dpi": 100}
)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def years() -> tuple[sipas.Answers, sipas.Answers]:
    made = [sipas.clean(datasets.load_hue_households(y), f"sipas-{y}") for y in (2021, 2022)]
    return made[0], made[1]


@pytest.fixture(scope="module")
def index(years: tuple[sipas.Answers, sipas.Answers]) -> SatisfactionIndex:
    return sipas.satisfaction(years[1])


@pytest.fixture(scope="module")
def moved(years: tuple[sipas.Answers, sipas.Answers]) -> Change:
    return sipas.compare(*years, link="items")


@pytest.fixture(scope="module")
def account(moved: Change) -> Contributions:
    return contributions(moved)


@pytest.fixture(scope="module")
def scores() -> LeaderScores:
    sent = {"hdnd": 46, "so": 65, "phong": 264, "huyen": 29}
    answers = sipas.clean(datasets.load_hue_leaders(2022), "leaders-2022", sent=sent)
    return sipas.leader_scores(answers, group_weights=WEIGHTS)


def texts(ax: Axes, kind: str) -> list[str]:
    """Texts of one kind on a chart, from the top."""
    return [text.get_text() for text in ax.texts if text.get_label() == kind]


def bars_of(ax: Axes) -> list[mpl.patches.Rectangle]:
    """Bars of a chart, without the swatches of its key."""
    return [patch for patch in ax.patches if patch.get_label() != "_key"]


def drawn(ax: Axes) -> Figure:
    figure = ax.get_figure()
    assert isinstance(figure, Figure)
    figure.canvas.draw()
    return figure


def vi(number: float, decimals: int = 2) -> str:
    """A number as a Vietnamese reader writes it, by other means than the library's."""
    return f"{number:.{decimals}f}".replace(".", ",").replace("-", "−")


# Pictures -----------------------------------------------------------------------------------


@picture
def test_picture_of_answers(index: SatisfactionIndex) -> Figure:
    with charts.style(font="DejaVu Sans"):
        return drawn(charts.answers(index, codes=list(index.scheme.items[:22])))


@picture
def test_picture_of_change(moved: Change) -> Figure:
    with charts.style(font="DejaVu Sans"):
        return drawn(charts.change(moved))


@picture
def test_picture_of_change_by_statement(moved: Change) -> Figure:
    with charts.style(font="DejaVu Sans"):
        return drawn(charts.change(moved, level_of="statement"))


@picture
def test_picture_of_contributions(account: Contributions) -> Figure:
    with charts.style(font="DejaVu Sans"):
        return drawn(charts.contributions(account))


@picture
def test_picture_of_contributions_by_place(moved: Change) -> Figure:
    with charts.style(font="DejaVu Sans"):
        split = contributions(moved, by=("dimension", "district"))
        return drawn(charts.contributions(split, lang="en"))


@picture
def test_picture_of_leaders(scores: LeaderScores) -> Figure:
    with charts.style(font="DejaVu Sans"):
        return drawn(charts.leaders(scores))


# Plotted numbers ----------------------------------------------------------------------------


def test_answers_plot_the_design_based_shares(index: SatisfactionIndex) -> None:
    ax = charts.answers(index)
    got = charts.plotted(ax)
    levels = [1, 2, 3, 4, 5]
    for code in ("S1.1", "S3.5", "P4.1"):
        table = survey.proportion(index.design, code).table()["estimate"]
        np.testing.assert_allclose(got.loc[code, levels].astype(float), 100 * table, rtol=1e-12)
    rates = index.table().loc[got.index, "estimate"]
    np.testing.assert_allclose(got["satisfied"], rates, rtol=1e-12)
    np.testing.assert_allclose(got[[4, 5]].sum(axis=1), rates, rtol=1e-12)
    counts = index.answers.item_counts().loc[got.index]
    assert (got[["blank", "dont_know"]] == counts[["blank", "dont_know"]]).all(axis=None)
    widths = np.array([bar.get_width() for bar in bars_of(ax)]).reshape(-1, 5)
    np.testing.assert_allclose(widths, got[levels[::-1]].astype(float), rtol=1e-12)
    (panel,) = ax.child_axes
    silent = np.array([bar.get_width() for bar in panel.patches]).reshape(-1, 2)
    assert (silent == got[["blank", "dont_know"]].to_numpy()).all()
    assert texts(ax, "satisfied") == [vi(rate) for rate in rates]
    assert texts(ax, "no answer") == [str(int(row.sum())) for row in silent]


def test_answers_follow_the_rule_for_missing_answers(
    years: tuple[sipas.Answers, sipas.Answers],
) -> None:
    listwise = sipas.satisfaction(years[1], missing="listwise")
    got = charts.plotted(charts.answers(listwise, codes=["S5.2"])).loc["S5.2"]
    rate = listwise.table().loc["S5.2", "estimate"]
    assert got["satisfied"] == pytest.approx(rate, rel=1e-12)
    assert got[4] + got[5] == pytest.approx(rate, rel=1e-12)


def test_answers_of_a_domain_count_only_the_domain(
    years: tuple[sipas.Answers, sipas.Answers],
) -> None:
    design = years[1].design()
    women = design.domain(design.data["gender"] == "Nữ", label="nữ")
    result = sipas.satisfaction(years[1], design=women)
    got = charts.plotted(charts.answers(result, codes=["S5.4"])).loc["S5.4"]
    raw = datasets.load_hue_households(2022)
    given = raw.loc[raw["gender"] == "Nữ", "S5.4"]
    assert got["blank"] == (given == "").sum()
    assert got["dont_know"] == (given == "9").sum()
    assert got["n"] == given.isin(list("12345")).sum()


def test_reversed_statements_are_turned_as_in_the_index() -> None:
    instrument = Instrument.load("sipas-2022")
    turned = tuple(replace(i, reverse=i.code == "S1.1") for i in instrument.items)
    raw = datasets.load_hue_households(2022)
    plain = charts.plotted(charts.answers(sipas.clean(raw, instrument), codes=["S1.1"]))
    answers = sipas.clean(raw, replace(instrument, items=turned))
    ax = charts.answers(answers, codes=["S1.1"])
    got = charts.plotted(ax)
    assert got.loc["S1.1", [1, 2, 3, 4, 5]].tolist() == plain.loc["S1.1", [5, 4, 3, 2, 1]].tolist()
    assert got.loc["S1.1", "satisfied"] == pytest.approx(got.loc["S1.1", [4, 5]].sum(), rel=1e-12)
    assert "S1.1" in texts(ax, "note")[0].split("đảo chiều")[1]


@pytest.mark.parametrize("level_of", ["dimension", "statement", "aspect"])
def test_change_plots_its_table(moved: Change, level_of: str) -> None:
    ax = charts.change(moved, level_of=level_of)
    table = moved.table(lang="vi")
    table = table[table["level"] == level_of].sort_values("estimate", kind="stable")
    pd.testing.assert_frame_equal(charts.plotted(ax), table)
    points = [line.get_xdata()[0] for line in ax.lines if line.get_marker() in ("o", "D")]
    both = np.array(points[: 2 * len(table)]).reshape(-1, 2)
    np.testing.assert_array_equal(both, table[["before", "after"]].to_numpy(float))
    (panel,) = ax.child_axes
    squares = [line for line in panel.lines if line.get_marker() == "s"]
    assert [line.get_xdata()[0] for line in squares] == table["estimate"].tolist()
    filled = [to_rgb(line.get_markerfacecolor()) != (1.0, 1.0, 1.0) for line in squares]
    assert filled == table["verdict"].isin(["fell", "rose"]).tolist()
    bars = [line.get_xdata() for line in panel.lines if len(line.get_xdata()) == 2][1:]
    np.testing.assert_array_equal(bars, table[["low", "high"]].to_numpy(float))
    assert texts(ax, "change") == [vi(change) for change in table["estimate"]]
    assert texts(ax, "interval")[0] == f"({vi(table['low'].iloc[0])}; {vi(table['high'].iloc[0])})"


def test_years_of_different_questionnaires_are_not_joined(
    moved: Change, years: tuple[sipas.Answers, sipas.Answers]
) -> None:
    def joining(ax: Axes) -> int:
        return sum(line.get_linewidth() == 1.6 for line in ax.lines)

    assert joining(charts.change(moved)) == 0
    same = sipas.compare(years[1], replace(years[1], data=years[1].data.copy()))
    assert joining(charts.change(same, level_of="aspect")) == 2


def test_contributions_add_up_to_the_change(account: Contributions) -> None:
    for most in (1, 5, 21, 22, 40):
        ax = charts.contributions(account, most=most)
        bars = charts.plotted(ax)
        assert abs(account.before + bars["estimate"].sum() - account.after) < 1e-9
        assert bars["end"].iloc[-1] == pytest.approx(account.after, abs=1e-9)
        assert len(bars) == (most + 1 if most < 21 else 22)
        np.testing.assert_allclose(
            [bar.get_width() for bar in bars_of(ax)], bars["estimate"], rtol=1e-12
        )
        starts = [min(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars_of(ax)]
        np.testing.assert_allclose(starts, bars[["start", "end"]].min(axis=1), rtol=1e-12)
        own = bars.drop(index="others", errors="ignore")
        table = account.table(lang="vi").loc[own.index]
        columns = ["estimate", "se", "low", "high", "share"]
        pd.testing.assert_frame_equal(own[columns], table[columns], check_names=False)
    assert "others" not in bars.index


def test_bars_whose_interval_covers_zero_are_hollow(moved: Change) -> None:
    ax = charts.contributions(contributions(moved, by=("dimension", "district")))
    bars = charts.plotted(ax)
    covers = (bars["low"] <= 0) & (bars["high"] >= 0)
    white = [bar.get_facecolor()[:3] == (1.0, 1.0, 1.0) for bar in bars_of(ax)]
    assert white == covers.tolist()
    assert 0 < sum(white) < len(white)
    assert [bool(bar.get_hatch()) for bar in bars_of(ax)] == (bars.index == "others").tolist()


def test_leaders_print_every_rate(scores: LeaderScores) -> None:
    ax = charts.leaders(scores)
    cells = charts.plotted(ax)
    whole, groups = scores.table(), scores.group_table()
    for code in ("total", "D2", "D7"):
        assert cells.loc[(code, "all"), "estimate"] == whole.loc[code, "rate"]
        for group in WEIGHTS:
            for column in ("estimate", "low", "high", "n"):
                assert cells.loc[(code, group), column] == groups.loc[(code, group), column]
    assert texts(ax, "rate") == [vi(rate) for rate in cells["estimate"]]
    assert texts(ax, "rate")[:5] == ["79,16", "82,06", "80,17", "73,50", "90,65"]


# Words --------------------------------------------------------------------------------------


def test_titles_say_no_more_than_the_verdicts(
    moved: Change, years: tuple[sipas.Answers, sipas.Answers]
) -> None:
    (title,) = texts(charts.change(moved), "title")
    assert title.replace("\n", " ") == (
        "Cả 5 chỉ số thành phần đều giảm; giảm nhiều nhất trong mẫu: phản ánh, kiến nghị "
        "(−13,26 điểm phần trăm)"
    )
    (statements,) = texts(charts.change(moved, level_of="statement"), "title")
    real = (moved.table()["verdict"] == "fell")[moved.table()["level"] == "statement"].sum()
    assert statements.startswith(f"{real} trong 22 nội dung có bằng chứng giảm")
    places = sipas.compare(*years, link="items", by="district")
    (unsure,) = texts(charts.change(places, level_of="aspect", lang="en"), "title")
    assert unsure.startswith("Not enough evidence of change")
    assert "fell" not in unsure
    margin = sipas.compare(*years, link="items", equivalence=30.0)
    (none,) = texts(charts.change(margin), "title")
    assert none.startswith("Chưa có bằng chứng về chênh lệch từ 30,0 điểm phần trăm")


def test_labels_hold_the_wording_of_the_statements(index: SatisfactionIndex) -> None:
    labels = [label.replace("\n", " ") for label in texts(charts.answers(index), "label")]
    for code, label in zip(index.scheme.items, labels, strict=True):
        assert label == f"{code} {index.instrument.item(code).text.vi}"


def test_every_chart_names_population_source_and_made_up_data(
    index: SatisfactionIndex, moved: Change, account: Contributions, scores: LeaderScores
) -> None:
    made = [
        charts.answers(index),
        charts.change(moved),
        charts.contributions(account),
        charts.leaders(scores),
    ]
    for ax in made:
        subtitle = texts(ax, "subtitle")[0].replace("\n", " ")
        note = texts(ax, "note")[0].replace("\n", " ")
        assert "Thừa Thiên Huế, 202" in subtitle
        assert "n = 4" in subtitle
        assert "Nguồn: Khảo sát" in note
        assert "Lưu ý: số liệu giả lập." in note
    for ax in made[:3]:
        assert "3 đơn vị cấp huyện được chọn mẫu" in texts(ax, "subtitle")[0].replace("\n", " ")
    for ax in made[1:3]:
        note = texts(ax, "note")[0].replace("\n", " ")
        assert "Hai năm khác nhau về đối tượng khảo sát, bảng hỏi" in note


def test_real_data_carry_no_mark_of_made_up_data() -> None:
    raw = datasets.load_hue_households(2022).drop(columns="made_up")
    ax = charts.answers(sipas.clean(raw, "sipas-2022"), codes=["S1.1", "S1.2"])
    assert "giả lập" not in texts(ax, "note")[0]


def test_both_languages_write_their_own_decimal_mark(moved: Change) -> None:
    assert "−13,26" in texts(charts.change(moved, lang="vi"), "change")
    assert "−13.26" in texts(charts.change(moved, lang="en"), "change")


def test_differences_are_never_per_cent(moved: Change, account: Contributions) -> None:
    for lang in ("vi", "en"):
        for ax in (charts.change(moved, lang=lang), charts.contributions(account, lang=lang)):
            assert "%" not in texts(ax, "title")[0]
            assert not any("%" in text for text in texts(ax, "change") + texts(ax, "part"))


def test_alt_text_gives_kind_finding_and_range(
    index: SatisfactionIndex, moved: Change, account: Contributions, scores: LeaderScores
) -> None:
    for result, beginning, figures in (
        (index, "Biểu đồ thanh xếp chồng", ("75,68", "84,36")),
        (moved, "Biểu đồ quả tạ", ("−13,26", "−5,09")),
        (account, "Biểu đồ thác nước", ("88,60", "79,56", "−0,78")),
        (scores, "Biểu đồ nhiệt", ("73,50", "90,65")),
    ):
        said = charts.alt_text(result)
        assert said.startswith(beginning)
        assert all(figure in said for figure in figures)
        assert "{" not in charts.alt_text(result, lang="en")


def test_every_word_comes_in_both_languages() -> None:
    for part in words._words().values():
        for text in part.values():
            assert set(text) == {"vi", "en"}


HOSTILE = ("<script>alert(1)</script>", "$x_1$ \\frac{a}{b} {count}", "Đ" * 300, "từ\x00\n" * 100)


def test_hostile_labels_come_out_as_they_are() -> None:
    instrument = Instrument.load("sipas-2022")
    named = dict(zip(("S1.1", "S1.2", "S1.3", "S1.4"), HOSTILE, strict=True))
    items = tuple(
        replace(item, text=Text(text, text), short=Text(text, text))
        if (text := named.get(item.code))
        else item
        for item in instrument.items
    )
    answers = sipas.clean(datasets.load_hue_households(2022), replace(instrument, items=items))
    ax = charts.answers(answers, codes=list(named))
    drawn(ax)
    labels = texts(ax, "label")
    assert labels[0] == "S1.1 <script>alert(1)</script>"
    assert labels[1] == "S1.2 $x_1$ \\frac{a}{b} {count}"
    assert labels[2].replace("\n", "") == "S1.3" + "Đ" * 300
    assert labels[3].replace("\n", " ") == "S1.4 " + " ".join(["từ"] * 100)
    assert not any(text.get_parse_math() for text in ax.texts)


# Layout -------------------------------------------------------------------------------------


def _boxes(ax: Axes) -> list[tuple[str, mpl.transforms.Bbox]]:
    figure = drawn(ax)
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    return [(text.get_text(), text.get_window_extent(renderer)) for text in ax.texts]


def test_texts_neither_overlap_nor_leave_the_page(
    index: SatisfactionIndex, moved: Change, account: Contributions, scores: LeaderScores
) -> None:
    for ax in (
        charts.answers(index),
        charts.change(moved, level_of="statement"),
        charts.contributions(account, most=22),
        charts.leaders(scores, level_of="statement"),
    ):
        boxes = _boxes(ax)
        page = ax.get_figure().bbox
        for k, (text, box) in enumerate(boxes):
            assert box.x0 >= 0, text
            assert box.x1 <= page.x1, text
            assert box.y0 >= 0, text
            assert box.y1 <= page.y1, text
            for other, beside in boxes[k + 1 :]:
                shared = mpl.transforms.Bbox.intersection(box, beside)
                apart = shared is None or min(shared.width, shared.height) <= 1.5
                assert apart, (text, other)


def test_a_chart_fills_the_axes_it_is_given(moved: Change) -> None:
    figure, (first, second) = plt.subplots(2, 1, figsize=(8.0, 14.0))
    place = second.get_position()
    assert charts.change(moved, ax=second) is second
    assert first.get_position().bounds == figure.axes[0].get_position().bounds
    page = figure.bbox
    for text, box in _boxes(second):
        assert box.y1 <= place.y1 * page.height + 2, text
        assert box.y0 >= place.y0 * page.height - 2, text
        assert box.x0 >= place.x0 * page.width - 2, text


def test_axes_that_are_too_small_are_refused(moved: Change) -> None:
    _, ax = plt.subplots(figsize=(6.0, 3.0))
    with pytest.raises(SurveyError, match=r"too small for 22 rows.*Give 16 ×"):
        charts.change(moved, level_of="statement", ax=ax)
    _, narrow = plt.subplots(figsize=(5.0, 20.0))
    with pytest.raises(SurveyError, match="Give 16 ×"):
        charts.change(moved, ax=narrow)


def test_pages_are_sixteen_centimetres_wide(index: SatisfactionIndex) -> None:
    codes = list(index.scheme.items[:22])
    width, height = charts.answers(index, codes=codes).get_figure().get_size_inches() * 2.54
    assert width == pytest.approx(16.0)
    assert height < 24.7  # the text of an A4 page with margins of 25 mm


# Requests that cannot be met ----------------------------------------------------------------


def test_errors_name_the_way_out(
    years: tuple[sipas.Answers, sipas.Answers], moved: Change, account: Contributions
) -> None:
    places = sipas.satisfaction(years[1], by="district")
    with pytest.raises(SurveyError, match="by district"):
        charts.answers(places)
    with pytest.raises(SurveyError, match=r"Did you mean 'S1\.1'"):
        charts.answers(years[1], codes=["S1.11"])
    with pytest.raises(SurveyError, match="'aspect'"):
        charts.change(moved, level_of="total")
    with pytest.raises(SurveyError, match="Give 1 or more"):
        charts.contributions(account, most=0)
    with pytest.raises(SurveyError, match="no chart"):
        charts.plotted(plt.figure().add_subplot())
    with pytest.raises(SurveyError, match="lang"):
        charts.change(moved, lang="fr")  # type: ignore[arg-type]


def test_other_results_are_refused_and_the_right_one_named(
    index: SatisfactionIndex, moved: Change, account: Contributions, scores: LeaderScores
) -> None:
    for chart, given, said in (
        (charts.change, index, r"SatisfactionIndex.*sipas\.compare"),
        (charts.contributions, moved, r"Change.*sipas\.contributions"),
        (charts.leaders, index, r"SatisfactionIndex.*sipas\.leader_scores"),
        (charts.answers, moved, r"Change.*sipas\.satisfaction"),
        (charts.alt_text, "index", r"str.*sipas\.satisfaction"),
    ):
        with pytest.raises(SurveyError, match=said):
            chart(given)  # type: ignore[operator]
    for chart, result in (
        (charts.change, moved),
        (charts.contributions, account),
        (charts.leaders, scores),
    ):
        for level in (95, 0.0, 1.0, -0.5, float("nan")):
            with pytest.raises(SurveyError, match=r"level=0\.95"):
                chart(result, level=level)  # type: ignore[operator]
    assert not plt.get_fignums()


def test_the_index_has_one_name(moved: Change, years: tuple[sipas.Answers, sipas.Answers]) -> None:
    (title,) = texts(charts.contributions(contributions(moved, by="dimension")), "title")
    assert title.startswith("Chỉ số hài lòng chung giảm 9,04 điểm phần trăm; đóng góp")
    again = replace(years[1], data=years[1].data.copy())
    both = contributions(sipas.compare(years[1], again), by="dimension")
    (title,) = texts(charts.contributions(both), "title")
    assert "ức độ hài lòng về việc cung ứng dịch vụ hành chính công" in title.replace("\n", " ")


def test_fonts_without_vietnamese_letters_are_refused() -> None:
    with (
        pytest.raises(SurveyError, match="Vietnamese letters are missing"),
        charts.style(font="STIXGeneral"),
    ):
        pass
    with pytest.raises(SurveyError, match="not installed"), charts.style(font="No Such Face"):
        pass
    assert look.lacking(look.chosen_face()) == ""


# No trace -----------------------------------------------------------------------------------


def test_no_setting_changes(moved: Change, scores: LeaderScores) -> None:
    plt.figure()
    before = dict(mpl.rcParams)
    charts.change(moved)
    charts.leaders(scores)
    with charts.style(font="DejaVu Sans"):
        charts.change(moved)
    assert dict(mpl.rcParams) == before


def test_a_theme_of_the_users_does_not_spoil_the_chart(moved: Change) -> None:
    with plt.style.context("dark_background"):
        ax = charts.change(moved)
    assert to_rgb(ax.get_figure().get_facecolor()) == (1.0, 1.0, 1.0)
    assert {to_rgb(text.get_color()) for text in ax.texts} <= {
        to_rgb(ink) for ink in (look.INK, look.MUTED)
    }


def test_plotted_is_a_copy_and_results_stay_as_they_were(account: Contributions) -> None:
    before = account.table()
    ax = charts.contributions(account)
    copy = charts.plotted(ax)
    copy.iloc[0, 0] = "spoiled"
    assert charts.plotted(ax).iloc[0, 0] == "statement"
    pd.testing.assert_frame_equal(account.table(), before)


def test_importing_charts_does_not_import_matplotlib() -> None:
    code = "import sys, sipas, sipas.charts; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_inks_of_the_levels_grow_lighter() -> None:
    from sipas.charts.stacked import ANCHORS, level_fills

    def luminance(ink: str) -> float:
        red, green, blue = (
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(ink)
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    shades = [luminance(ink) for ink in ANCHORS]
    assert all(b - a > 0.1 for a, b in pairwise(shades))
    assert [fill["facecolor"] for fill in level_fills(5)] == list(ANCHORS)
    assert [bool(fill["hatch"]) for fill in level_fills(5)] == [False, False, False, True, True]


def test_wrapping_keeps_every_letter_within_the_width() -> None:
    with charts.style(font="DejaVu Sans"):
        for text in ("một hai ba bốn năm sáu bảy tám chín mười", "W" * 50, "", "a " + "b" * 40):
            lines = typesetting.wrapped(text, 1.0, 8.0)
            assert "".join(lines).replace(" ", "") == text.replace(" ", "")
            assert all(typesetting.text_width(line, 8.0) <= 1.0 for line in lines)
