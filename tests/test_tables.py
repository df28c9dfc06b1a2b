"""Tables of the report: printed figures, units, text at display only."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

import sipas
from sipas import datasets, tables
from sipas.changes import Change
from sipas.drivers import contributions
from sipas.tables.printed_figures import printed
from sipas.tables.two_years import years
from survey.errors import SurveyError

WEIGHTS = {"hdnd": 25, "so": 40, "phong": 30, "huyen": 5}
SHARES = {"district": {"thành phố Huế": 480000, "huyện A Lưới": 52000, "huyện Nam Đông": 28000}}


@cache
def households() -> Change:
    answers = [
        sipas.clean(datasets.load_hue_households(year), f"sipas-{year}", sent=486)
        for year in (2021, 2022)
    ]
    return sipas.compare(*answers, link="items", group_weights=SHARES)


@cache
def leaders() -> Change:
    sent = {"hdnd": 46, "so": 65, "phong": 264, "huyen": 29}
    before = sipas.clean(datasets.load_hue_leaders(2021), "leaders-2021")
    after = sipas.clean(datasets.load_hue_leaders(2022), "leaders-2022", sent=sent)
    return sipas.compare(before, after, link="rates", group_weights=WEIGHTS)


def test_dimensions_print_the_figures_of_the_plans_table_2() -> None:
    published = datasets.load_published("hue_sipas_dimensions")
    shown = tables.dimensions(households(), published=published).shown()
    # Kế hoạch 205/KH-UBND, Bảng 2, typed in from the document
    assert shown.iloc[:, 2:6].to_numpy().tolist() == [
        ["88,17", "40", "83,08", "25"],
        ["88,03", "37", "80,95", "35"],
        ["88,66", "28", "77,36", "49"],
        ["88,17", "46", "79,69", "44"],
        ["89,98", "11", "76,72", "43"],
        ["88,60", "17", "79,56", "41"],
    ]
    assert shown["Chênh lệch (điểm phần trăm)"].tolist() == [
        "−5,09", "−7,08", "−11,30", "−8,48", "−13,26", "−9,04",
    ]  # fmt: skip


def test_without_printed_figures_there_are_no_ranks() -> None:
    table = tables.dimensions(households())
    assert not [column for column in table.columns if "rank" in column.key]
    assert not any("Kế hoạch" in note for note in table.notes)


def test_ranks_name_their_source() -> None:
    published = datasets.load_published("hue_sipas_dimensions")
    notes = " ".join(tables.dimensions(households(), published=published).notes)
    assert "Kế hoạch số 205/KH-UBND" in notes


def test_uncertainty_can_be_left_out() -> None:
    keys = [column.key for column in tables.dimensions(households(), uncertainty="none").columns]
    assert keys == ["place", "label", "before", "after", "estimate"]


def test_frame_keeps_numbers_and_shown_is_text() -> None:
    table = tables.dimensions(households())
    assert table.frame.loc["S5", "estimate"] == pytest.approx(-13.26, abs=5e-3)
    assert table.frame["se"].dtype == float
    assert table.shown().loc["S5"].iloc[-1] == "giảm"
    english = tables.dimensions(households(), lang="en").shown()
    assert english.loc["S5", "Change (percentage points)"] == "−13.26"


def test_differences_are_never_headed_per_cent() -> None:
    every = [
        tables.dimensions(households()),
        tables.statements(households()),
        tables.leader_domains(leaders()),
        tables.leader_items(leaders()),
        tables.weighted(households()),
        tables.contributions(contributions(households(), by="dimension")),
    ]
    for table in every:
        for column in table.columns:
            if column.kind == "signed":
                assert "%" not in column.head, (table.name, column)


def test_one_year_shows_the_printed_index_of_the_year_before() -> None:
    table = tables.dimensions(
        sipas.satisfaction(households().after.answers),
        published=datasets.load_published("hue_sipas_dimensions"),
    )
    heads = [column.title for column in table.columns]
    assert "Năm 2021: Tỷ lệ đã công bố (%)" in heads
    assert table.frame.loc["services", "printed_before"] == 88.6


def test_statements_stand_under_their_dimension() -> None:
    frame = tables.statements(households()).frame
    assert list(frame.index[:6]) == ["S1", "S1.1", "S1.2", "S1.3", "S1.4", "S2"]
    assert len(frame) == 27
    assert frame["place"].replace("", None).dropna().tolist() == [str(k) for k in range(1, 23)]


def test_statements_need_a_comparison_that_has_them() -> None:
    rates = sipas.compare(
        households().before.answers, households().after.answers, link="dimensions"
    )
    with pytest.raises(SurveyError, match="link='items'"):
        tables.statements(rates)


def test_leader_domains_print_points_and_rates() -> None:
    shown = tables.leader_domains(leaders()).shown()
    assert shown.loc["total"].iloc[2:8].tolist() == [
        "23,50", "18,28", "77,79", "22,00", "17,42", "79,16",
    ]  # fmt: skip
    # points of the plan's table of part A.2
    points = shown["Năm 2022: Điểm"].drop("total").tolist()
    assert points == ["3,25", "3,22", "7,08", "3,01", "0,85"]
    assert shown["Năm 2021: Điểm"].drop("total").tolist() == [
        "3,90", "3,44", "4,56", "3,09", "3,29",
    ]  # fmt: skip


def test_two_leader_scores_are_compared_as_rates() -> None:
    made = leaders()
    assert isinstance(made.before, type(made.after))
    pair = tables.leader_domains((made.before, made.after))  # type: ignore[arg-type]
    assert pair.shown().equals(tables.leader_domains(made).shown())


def test_leader_items_hold_both_questionnaires() -> None:
    frame = tables.leader_items(leaders()).frame
    assert frame.loc["L4.2", ["rate_before", "difference"]].isna().all()
    assert frame.loc["L7.a", ["rate_after", "difference"]].isna().all()
    # annex 3 prints 66,67 for L4.4 in 2021, though 1,13/1,5 is 75,33
    assert frame.loc["L4.4", "rate_before"] == pytest.approx(100 * 1.13 / 1.5, abs=0.05)
    assert frame.loc["L6.3", "difference"] > 0 > frame.loc["L6.4", "difference"]


def test_leader_groups_print_the_plans_rates_and_ranks() -> None:
    published = datasets.load_published("hue_leader_groups")
    frame = tables.leader_groups(leaders(), published=published).shown()
    rates = frame["Năm 2022: Tỷ lệ (%)"]
    assert rates.to_dict() == {
        "hdnd": "82,06", "so": "80,17", "phong": "73,50", "huyen": "90,65",
    }  # fmt: skip
    assert frame["Năm 2022: Vị thứ"].tolist() == ["9", "27", "49", "7"]
    assert frame["Trọng số minh họa (%)"].tolist() == ["25,00", "40,00", "30,00", "5,00"]


def test_contributions_add_up_in_the_last_row() -> None:
    frame = tables.contributions(contributions(households(), by="district")).frame
    parts, total = frame["estimate"].iloc[:-1], frame["estimate"].iloc[-1]
    assert parts.sum() == pytest.approx(total, abs=1e-9)
    assert frame["share"].iloc[:-1].sum() == pytest.approx(100.0)


def test_response_counts_forms_and_missing_answers() -> None:
    answers = leaders().after.answers
    frame = tables.response(answers).frame
    assert frame.loc["leaders-2022", ["sent", "returned", "used"]].tolist() == [404, 404, 404]
    assert frame.loc["leaders-2022 phong", "sent"] == 264
    raw = datasets.load_hue_leaders(2022)
    items = [name for name in raw if str(name).startswith("L")]
    assert frame.loc["leaders-2022", "asked"] == len(raw) * len(items)
    assert frame.loc["leaders-2022", "missing"] == raw[items].isin(["", "9"]).sum().sum()


def test_forms_sent_that_are_not_known_are_a_dash() -> None:
    shown = tables.response(leaders().before.answers).shown()
    assert shown.loc["leaders-2021", "Số phiếu: Gửi đi"] == "–"


def test_weighted_stands_beside_the_official_index() -> None:
    frame = tables.weighted(households()).frame
    rates = sipas.satisfaction(households().after.answers, by="district")["services"].estimate
    shares = pd.Series(SHARES["district"])
    expected = sum(rates["services", name] * share for name, share in shares.items())
    assert frame.loc["services", "weighted_2022"] == pytest.approx(expected / shares.sum())
    assert frame.loc["services", "official_2022"] == pytest.approx(79.56, abs=5e-3)
    with pytest.raises(SurveyError, match="group_weights"):
        tables.weighted(sipas.satisfaction(households().after.answers))


def test_designs_say_of_whom_the_numbers_speak() -> None:
    frame = tables.designs(years(households()), years(leaders())).frame
    assert frame.loc["sipas-2022", ["strata", "units", "df", "shared"]].tolist() == [3, 9, 6, 9]
    assert "được chọn mẫu" in str(frame.loc["sipas-2022", "population"])
    english = tables.designs(years(households()), lang="en").frame
    assert "sampled districts" in str(english.loc["sipas-2022", "population"])


def test_official_gives_moves_of_printed_figures() -> None:
    made = printed(datasets.load_published("hue_par_parts"))
    assert made is not None
    frame = tables.official(made, year=2022).frame
    # 55,46 - 58,18 and 17,42 - 18,28; the plan's part 4 prints 2,74 and 0,88
    assert frame.loc["p1a", "points_change"] == pytest.approx(-2.72)
    assert frame.loc["p2", ["points_change", "rank_change"]].tolist() == pytest.approx([-0.86, -8])


def test_summary_counts_verdicts() -> None:
    frame = tables.summary(years(leaders()), years(households())).frame
    moved = households().table()
    statements = moved[moved["level"] == "statement"]
    row = frame.loc["households_statements"]
    assert row["surely_down"] == (statements["verdict"] == "fell").sum() == 17
    assert row["unsure"] == (statements["verdict"] == "not enough evidence").sum()
    assert frame.loc["leaders_dimensions", ["down", "up", "surely_up"]].tolist() == [1, 4, 4]


def test_by_domain_is_refused() -> None:
    index = sipas.satisfaction(households().after.answers, by="district")
    with pytest.raises(SurveyError, match="without by="):
        tables.dimensions(index)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("S1", 2022, 83.0, "a.txt"), ("S1", 2022, 84.0, "a.txt")], "printed as 83.0, 84.0"),
        ([("S1", 2022, 83.0, "")], "no source"),
        ([("S1", 2022, "eighty", "a.txt")], "'eighty'"),
    ],
)
def test_printed_figures_that_cannot_be_used_are_refused(
    rows: list[tuple[object, ...]], said: str
) -> None:
    frame = pd.DataFrame(rows, columns=["code", "year", "rate_pct", "source"])

    def read() -> float:
        table = printed(frame.assign(level="dimension"))
        assert table is not None
        return table.figure(("dimension",), "S1", 2022, "rate_pct")

    with pytest.raises(SurveyError, match=said):
        read()


def test_labels_stay_inert_in_html() -> None:
    table = tables.dimensions(households())
    frame = table.frame.assign(label="<script>alert(1)</script>")
    html = tables.Table(table.name, table.title, frame, table.columns)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_table_without_its_column_is_refused() -> None:
    with pytest.raises(SurveyError, match="no column 'x'"):
        tables.Table("t", "t", pd.DataFrame({"y": [1]}), (tables.Column("x", "x"),))
