"""Results beside their targets in the report: only what the caller gave, and whose it is."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sipas
from sipas import datasets, report
from sipas.responses import Answers
from sipas.targeting import targets as set_beside
from survey.errors import SurveyError

WEIGHTS = {"hdnd": 25, "so": 40, "phong": 30, "huyen": 5}


@cache
def households(year: int = 2022) -> Answers:
    return sipas.clean(datasets.load_hue_households(year), f"sipas-{year}")


@cache
def leaders(year: int = 2022) -> Answers:
    return sipas.clean(datasets.load_hue_leaders(year), f"leaders-{year}")


@cache
def of_a_plan() -> report.SectionA:
    return report.section_a(
        households=households(),
        leaders=leaders(),
        group_weights=WEIGHTS,
        targets="binhdinh_targets",
    )


def test_nothing_is_said_of_targets_that_were_not_given() -> None:
    plain = report.demo()
    assert "targets" not in plain.parts.table_names
    assert "mục tiêu" not in plain.text()
    assert "target" not in plain.text("en")


def test_the_table_carries_what_sipas_targets_computes() -> None:
    frame = of_a_plan().tables["targets"].frame
    index = sipas.satisfaction(households())
    expected = set_beside(index, targets="binhdinh_targets", year=2022).table(lang="vi")
    row = frame[frame["code"].eq("sipas")].iloc[0]
    for name in ("target", "by", "estimate", "se", "low", "high", "distance", "yearly", "p"):
        assert row[name] == pytest.approx(expected.loc["sipas", name], abs=1e-12)
    assert row["distance"] == pytest.approx(79.56 - 90, abs=5e-3)
    assert row["yearly"] == pytest.approx((90 - 79.56) / 3, abs=5e-3)


def test_a_plan_is_cited_and_its_words_are_kept() -> None:
    made = of_a_plan()
    assert "So với mục tiêu nêu tại Quyết định số 1028/QĐ-UBND" in made.text()
    assert "Against the targets stated in Decision 1028/QĐ-UBND" in made.text("en")
    notes = " ".join(made.tables["targets"].notes)
    assert "“Chỉ số SIPAS đạt từ 90% trở lên”" in notes
    assert (
        "lãnh đạo các Sở, lãnh đạo UBND các huyện, thị xã, thành phố đạt từ 80% trở lên”" in notes
    )
    assert "Không đối chiếu 17 mục tiêu khác trong cùng bảng" in notes
    assert "như: “Chỉ số PAR INDEX đạt từ 90% trở lên”; “nằm trong nhóm 20" in notes
    assert "chỉ số SIPAS gồm cả phần chính sách" in notes
    assert len(made.parts.goals.aside) == 17  # type: ignore[union-attr]


def test_the_distance_its_error_and_the_change_a_year() -> None:
    lines = of_a_plan().text().split("\n\n")
    assert (
        "- Mức độ hài lòng về việc cung ứng dịch vụ hành chính công: mục tiêu từ 90% trở lên đến "
        "năm 2025; kết quả năm 2022 đạt 79,56%, thấp hơn mục tiêu 10,44 điểm phần trăm; chưa đạt "
        "mục tiêu, khoảng cách vượt sai số chọn mẫu; để đạt mục tiêu vào năm 2025 cần tăng ít "
        "nhất 3,48 điểm phần trăm mỗi năm."
    ) in lines
    assert (
        "- Tỷ lệ điểm khảo sát lãnh đạo, quản lý: mục tiêu từ 80% trở lên đến năm 2025; kết quả "
        "năm 2022 đạt 79,16%, thấp hơn mục tiêu 0,84 điểm phần trăm; chưa đạt mục tiêu trong mẫu "
        "nhưng chưa đủ bằng chứng để kết luận do khoảng cách chưa vượt sai số chọn mẫu; để đạt "
        "mục tiêu vào năm 2025 cần tăng ít nhất 0,28 điểm phần trăm mỗi năm."
    ) in lines


def test_the_table_stands_after_the_summary_and_before_printed_points() -> None:
    made = report.section_a(
        households=(households(2021), households()),
        published=datasets.load_published("hue_par_parts"),
        targets={"services": 90},
    )
    names = made.parts.table_names
    assert names[names.index("summary") :][:3] == ["summary", "targets", "official"]
    pieces = made.paragraphs()
    assert [one.text for one in pieces if one.kind == "table"] == names
    number = names.index("targets") + 1
    assert f"So với mục tiêu do người lập báo cáo đưa ra (Bảng {number}, Hình 3;" in made.text()


@pytest.mark.parametrize(
    ("target", "said", "shown"),
    [
        ("50", "từ 50% trở lên", "đạt mục tiêu, khoảng cách vượt sai số chọn mẫu"),
        (">79", "trên 79%", "đạt mục tiêu trong mẫu nhưng chưa đủ bằng chứng"),
        ("<=79,5", "từ 79,5% trở xuống", "chưa đạt mục tiêu trong mẫu nhưng chưa đủ bằng chứng"),
        ("<99", "dưới 99%", "đạt mục tiêu, khoảng cách vượt sai số chọn mẫu"),
        ("=95", "mục tiêu 95%;", "chưa đạt mục tiêu, khoảng cách vượt sai số chọn mẫu"),
    ],
)
def test_senses_of_a_target(target: str, said: str, shown: str) -> None:
    given = pd.DataFrame({"code": ["services"], "target": [target]})
    text = report.section_a(households=households(), targets=given).text()
    line = next(one for one in text.split("\n\n") if one.startswith("- Mức độ hài lòng"))
    assert said in line
    assert f"; {shown}" in line


def test_a_result_at_its_target() -> None:
    exact = float(sipas.satisfaction(households()).estimates.estimate["services"])
    text = report.section_a(households=households(), targets=exact).text()
    assert "đạt 79,56%, bằng mục tiêu; đạt mục tiêu trong mẫu nhưng" in text


def test_a_target_that_should_fall_asks_for_a_fall() -> None:
    given = pd.DataFrame({"code": ["S1"], "target": ["<=75"], "year": ["2026"]})
    text = report.section_a(households=households(), targets=given).text()
    assert "để đạt mục tiêu vào năm 2026 cần giảm ít nhất 2,02 điểm phần trăm mỗi năm." in text


def test_a_due_year_that_has_passed_asks_for_nothing() -> None:
    text = report.section_a(households=households(), targets="vinhlong_sipas").text()
    assert "đến năm 2020" in text
    assert "mỗi năm" not in text
    assert text.count("- Chỉ số hài lòng về tiếp cận dịch vụ: mục tiêu") == 2  # table and text


def test_sources_are_named_and_made_up_ones_are_not() -> None:
    given = pd.DataFrame({"code": ["S3"], "target": ["80"], "source": ["Nghị quyết {x} <b>"]})
    made = report.section_a(households=households(), targets=given)
    assert "nêu tại Nghị quyết {x} <b> (Bảng 3, Hình 1;" in made.text()
    mine = report.section_a(households=households(), targets={"S3": 80})
    assert "do người lập báo cáo đưa ra" in mine.text()
    assert "given by the author of the report" in mine.text("en")
    assert "do người lập báo cáo đưa ra" in mine.tables["targets"].notes[0]


def test_census_and_no_error_are_told_apart() -> None:
    sheet = datasets.load_hue_leaders(2022)
    codes = [item.code for item in leaders().instrument.index_items]
    sheet[codes] = leaders().data[codes].fillna(4).to_numpy()
    sent = {str(group): int(count) for group, count in sheet["group"].value_counts().items()}
    everyone = sipas.clean(sheet, "leaders-2022", sent=sent)
    said = report.section_a(leaders=everyone, group_weights=WEIGHTS, targets=90).text()
    assert "chưa đạt mục tiêu, cuộc khảo sát hỏi toàn bộ nên không có sai số chọn mẫu" in said
    alike = households().data.copy()
    items = [item.code for item in households().instrument.index_items]
    alike[items] = alike[items].where(alike[items].isna(), 5)
    same = replace(households(), data=alike)
    made = report.section_a(households=same, targets=90)
    assert "đạt mục tiêu trong mẫu nhưng không kiểm định được" in made.text()
    assert made.tables["targets"].shown().iloc[0, -1] == "không kiểm định được"


def test_columns_of_the_due_year_only_where_one_is_known() -> None:
    yearly = "Cần tăng (+), giảm (−) mỗi năm (điểm phần trăm)"
    assert yearly in [column.title for column in of_a_plan().tables["targets"].columns]
    assert "đến năm 2025" in of_a_plan().tables["targets"].shown().iloc[0, 0]
    plain = report.section_a(households=households(), targets=90).tables["targets"]
    assert yearly not in [column.title for column in plain.columns]
    assert "Khoảng tin cậy 95%: Từ" in [column.title for column in plain.columns]
    ninety = report.section_a(households=households(), targets=90, level=0.9)
    assert "mức tin cậy 90%" in ninety.text()


def test_wrong_targets_say_how_to_mend_them() -> None:
    both = {"households": households(), "leaders": leaders(), "group_weights": WEIGHTS}
    with pytest.raises(
        SurveyError, match=r"a number for two surveys.*'services': 90, 'total': 80"
    ):
        report.section_a(**both, targets=90)  # type: ignore[arg-type]
    with pytest.raises(SurveyError, match=r"none is about these results.*services.*S1"):
        report.section_a(households=households(), targets={"total": 80})
    with pytest.raises(SurveyError, match="none is about these results"):
        report.section_a(households=households(), targets="hue_targets")
    with pytest.raises(SurveyError, match="cannot be read"):
        report.section_a(households=households(), targets={"services": np.nan})


def test_targets_of_one_survey_beside_two() -> None:
    made = report.section_a(
        households=households(), leaders=leaders(), group_weights=WEIGHTS, targets={"total": 80}
    )
    assert list(made.tables["targets"].frame["code"]) == ["total"]
    assert "- Tỷ lệ điểm khảo sát lãnh đạo, quản lý: mục tiêu từ 80% trở lên;" in made.text()


def test_the_page_shows_what_the_report_says() -> None:
    page = (Path(__file__).parents[1] / "docs" / "section_a_text.md").read_text(encoding="utf-8")
    shown = page.split("```text\n")[1].split("\n```")[0]
    said = [one for one in of_a_plan().text().split("\n\n") if "mục tiêu" in one]
    assert shown.split("\n\n") == said
