"""The text of Section A: one language, one name for a thing, nothing called real that is not.

Every case an analyst may meet, and every number of its text, is in `test_wording_cases.py`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

import sipas
import survey
from sipas import datasets, report
from sipas.instrument import Instrument
from sipas.numerals import Lang
from sipas.phrases import Voice, within
from sipas.responses import Answers
from sipas.tables.printed_figures import printed
from sipas.tables.two_years import years
from sipas.wording import as_text, section
from sipas.wording.report_parts import Parts
from survey.errors import SurveyError, SurveyWarning
from survey.ranks import fell_most

WEIGHTS = {"hdnd": 25, "so": 40, "phong": 30, "huyen": 5}


@cache
def answers(kind: str, year: int) -> Answers:
    load = datasets.load_hue_households if kind == "sipas" else datasets.load_hue_leaders
    return sipas.clean(load(year), f"{kind}-{year}")


@cache
def demo(lang: Lang = "vi") -> report.SectionA:
    return report.demo(lang)


def parts_of_answers(before: Answers, after: Answers) -> Parts:
    same = before.instrument.differences(after.instrument).empty
    moved = sipas.compare(before, after, link=None if same else "items")
    return Parts(households=years(moved))


def with_scores(after: Answers, turn: float, seed: int = 1) -> Answers:
    """The same forms, some answers of some people replaced: small changes without direction."""
    rng = np.random.default_rng(seed)
    items = [item.code for item in after.instrument.index_items]
    data = after.data.copy()
    drawn = rng.random(data[items].shape) < turn
    shuffled = data[items].apply(lambda column: rng.permutation(column.to_numpy()))
    data[items] = data[items].where(~drawn, shuffled)
    return replace(after, data=data)


def test_slips_of_the_printed_plan_are_not_repeated() -> None:
    text = demo().text()
    for slip in ("79,18", "13,26%", "11,3%)", "5,09%", "0,88", "2,74", "61,12", "66,69"):
        assert slip not in text.replace("chiếm 11,3%)", "")
    for right in ("79,16%", "13,26 điểm phần trăm", "giảm 0,86 điểm", "giảm 2,72 điểm", "61,21"):
        assert right in text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_per_cent_never_follows_a_rise_or_fall(lang: Lang) -> None:
    moved = r"(?:giảm|tăng) \d[\d.,]*%" if lang == "vi" else r"(?:fell|rose) by \d[\d.,]*%"
    assert re.search(moved, demo(lang).text()) is None


def test_vietnamese_text_has_decimal_commas_only() -> None:
    assert re.search(r"\d\.\d{1,2}(?!\d)", demo().text().replace("3. Kết", "")) is None
    assert re.search(r"\d,\d{1,2}(?!\d)", demo("en").text()) is None


def test_vietnamese_text_holds_no_english_words() -> None:
    words = set(re.findall(r"[A-Za-zÀ-ỹ]+", demo().text().lower()))
    english = {"the", "of", "and", "fell", "rose", "points", "percentage", "not", "evidence"}
    assert words & english == set()


def test_english_text_holds_vietnamese_in_proper_names_only() -> None:
    text = demo("en").text()
    for name in ("Thừa Thiên Huế", "huyện A Lưới", "huyện Nam Đông", "thành phố Huế"):
        text = text.replace(name, "")
    assert [word for word in text.split() if re.search("[À-ỹ]", word)] == []


def test_text_is_nfc_and_the_same_every_time() -> None:
    text = demo().text()
    assert unicodedata.is_normalized("NFC", text)
    assert report.demo().text() == text


def test_all_dimensions_fell() -> None:
    text = demo().text()
    assert "05 chỉ số thành phần đều giảm trong mẫu so với năm 2021; giảm nhiều nhất" in text
    assert "không loại trừ khả năng chỉ số thành phần thực sự giảm nhiều nhất là: " in text


def test_what_fell_most_is_said_from_its_confidence_set() -> None:
    two = demo().parts.households
    assert two is not None
    assert two.change is not None
    found = fell_most(two.change, among=two.dimensions)
    voice = Voice("vi")
    said = next(part for part in demo().text().split(". ") if "thực sự giảm nhiều nhất là" in part)
    for code in two.dimensions:
        named = two.label(code, voice) in said
        assert named == (code in found.members[1:])


def test_what_stands_alone_fell_most_beyond_sampling_error() -> None:
    after = answers("sipas", 2022)
    data = after.data.copy()
    for item in ("S5.1", "S5.2", "S5.3", "S5.4"):
        data[item] = data[item].where(data[item].isna(), 1)
    parts = parts_of_answers(answers("sipas", 2021), replace(after, data=data))
    text = as_text(section(parts, "en"))
    assert "feedback and petitions” fell more than any other dimension" in text
    assert "This order is that of the sample only" not in text


def test_without_degrees_of_freedom_the_order_is_not_tested() -> None:
    """One commune a district: neither the changes nor their order can be tested."""
    both = [answers("sipas", year) for year in (2021, 2022)]
    first = both[1].data.groupby("district")["commune"].first()
    kept = [replace(one, data=one.data[one.data["commune"].isin(first)]) for one in both]
    designs = [
        survey.Design(one.data, strata="district", psu="commune", lonely_psu="adjust")
        for one in kept
    ]
    indices = [
        sipas.satisfaction(one, design=design) for one, design in zip(kept, designs, strict=True)
    ]
    text = as_text(section(Parts(households=years(sipas.compare(*indices, link="items")))))
    assert "thứ tự giữa các mức giảm chưa được kiểm định" in text


def test_all_dimensions_rose() -> None:
    with pytest.warns(SurveyWarning, match="backwards"):
        parts = parts_of_answers(answers("sipas", 2022), answers("sipas", 2021))
    text = as_text(section(parts))
    assert "05 chỉ số thành phần đều tăng trong mẫu" in text
    assert "giảm nhiều nhất" not in text
    assert "mức tăng này vượt sai số chọn mẫu" in text


def test_nothing_significant_is_not_called_a_fall() -> None:
    after = answers("sipas", 2022)
    parts = parts_of_answers(after, with_scores(after, 0.02))
    two = parts.households
    assert two is not None
    assert set(two.changes(0.95)["verdict"]) == {"not enough evidence"}
    text = as_text(section(parts))
    assert "chưa đủ bằng chứng để kết luận có thay đổi" in text
    assert "này vượt sai số chọn mẫu" not in text
    assert "Mức giảm vượt" not in text
    assert "Mức tăng vượt" not in text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_parts_that_were_not_given_are_named(lang: Lang) -> None:
    only = report.section_a(households=answers("sipas", 2022), lang=lang)
    words = {
        "vi": ["Không có dữ liệu khảo sát lãnh đạo", "năm 2021 nên không so sánh", "Không có số"],
        "en": ["No answers of the leader survey", "household survey of 2021", "No printed"],
    }
    for said in words[lang]:
        assert said in only.text()
    leaders = report.section_a(leaders=answers("leaders", 2022), group_weights=WEIGHTS, lang=lang)
    missing = {"vi": "Không có dữ liệu khảo sát người dân", "en": "No answers of the household"}
    assert missing[lang] in leaders.text()


def test_neither_survey_is_an_error() -> None:
    with pytest.raises(SurveyError, match="at least one"):
        section(Parts())


def test_ranks_come_only_from_printed_figures() -> None:
    without = replace(demo().parts, printed=None)
    assert "xếp thứ" not in as_text(section(without))
    assert "xếp thứ 34" in demo().text()


def test_a_printed_year_before_is_cited_and_not_tested() -> None:
    made = report.section_a(
        households=answers("sipas", 2022),
        published=datasets.load_published("hue_sipas_dimensions"),
    )
    assert "Số đã công bố năm 2021 là 88,60%" in made.text()
    assert "không được kiểm định" in made.text()


def without_mark(given: Answers) -> Answers:
    """The same answers as if they were real."""
    return replace(given, data=given.data.drop(columns="made_up"))


def test_weights_are_illustrative_only_where_the_data_are_made_up() -> None:
    assert "đại biểu HĐND tỉnh 25%" in demo().text()
    assert "trọng số này chỉ để minh họa" in demo().text()
    assert "these are illustrative" in demo("en").text()
    assert "Trọng số minh họa (%)" in [c.head for c in demo().tables["leader_groups"].columns]
    given = without_mark(answers("leaders", 2022))
    for lang, said, never in (
        ("vi", "do người lập báo cáo đưa vào", "minh họa"),
        ("en", "given by the author of the report", "llustrative"),
    ):
        real = report.section_a(leaders=given, group_weights=WEIGHTS, lang=lang)  # type: ignore[arg-type]
        everything = real.text() + "".join(map(repr, real.tables.values()))
        assert said in real.text()
        assert said in " ".join(real.tables["leader_groups"].notes)
        assert never not in everything


def test_weights_item_by_item() -> None:
    table = pd.DataFrame(
        0.25, index=list(WEIGHTS), columns=[i.code for i in Instrument.load("leaders-2022").items]
    )
    table.loc[["hdnd", "so"], "L2.1"] = [0.3, 0.2]
    by_item = report.section_a(leaders=answers("leaders", 2022), group_weights=table)
    assert "trọng số riêng của các nhóm cho từng nội dung, chỉ để minh họa" in by_item.text()
    given = without_mark(answers("leaders", 2022))
    real = report.section_a(leaders=given, group_weights=table).text()
    assert "cho từng nội dung, do người lập báo cáo đưa vào" in real


def test_forms_sent_that_are_not_known_are_said_to_be_unknown() -> None:
    text = report.section_a(households=answers("sipas", 2022)).text()
    assert "chưa rõ số phiếu gửi đi; thu về 486 phiếu, sử dụng 486 phiếu" in text


def test_one_year_with_policy_has_no_overall_index_and_no_tests() -> None:
    made = report.section_a(households=answers("sipas", 2022))
    text = made.text()
    services = "ức độ hài lòng về việc cung ứng dịch vụ hành chính công năm 2022 đạt 79,56%"
    assert f"M{services} (khoảng tin cậy 95%" in text
    assert f"- Khảo sát người dân: m{services}." in text
    everything = text + "".join(map(repr, made.tables.values()))
    for word in ("chỉ số hài lòng chung năm", "Holm", "Vượt sai số", "Benjamini", "hênh lệch"):
        assert word not in everything
    assert made.tables["dimensions"].frame.loc["policy", "label"] == (
        "Mức độ hài lòng về việc ban hành, tổ chức thực hiện các chính sách"
    )


def test_one_thing_has_one_name() -> None:
    made = demo()
    text = made.text() + "".join(map(repr, made.tables.values()))
    assert "hỉ số chung" not in text
    assert "hỉ số hài lòng chung" in text
    for lang in ("vi", "en"):
        shown = demo(lang).text() + "".join(map(repr, demo(lang).tables.values()))  # type: ignore[arg-type]
        assert re.search(r"(?<![\w/.–-])-\d", shown) is None
        assert "−" in shown


def test_dimensions_are_listed_by_their_full_names() -> None:
    assert (
        "05 nhóm tiêu chí được hỏi ở cả hai năm, gồm: tiếp cận dịch vụ; thủ tục hành chính; công "
        "chức giải quyết TTHC; kết quả giải quyết TTHC; tiếp nhận, xử lý phản ánh, kiến nghị "
        "của người dân."
    ) in demo().text()


def test_the_lowest_domain_is_named_first() -> None:
    assert (
        "lĩnh vực đạt tỷ lệ cao nhất là “Xây dựng và phát triển chính quyền điện tử, chính quyền "
        "số” với 85,26%; 02 lĩnh vực đạt tỷ lệ thấp nhất là “Cải cách tài chính công” với 75,28% "
        "và “Cải cách chế độ công vụ” với 78,68%"
    ) in demo().text()


def test_made_up_data_say_so_and_real_data_do_not() -> None:
    assert "Số liệu giả lập" in demo().text()
    assert all("Số liệu giả lập" in " ".join(t.notes) for t in demo().tables.values())
    real = answers("sipas", 2022)
    real = replace(real, data=real.data.drop(columns="made_up"))
    assert "giả lập" not in report.section_a(households=real).text()


def test_comparability_is_stated_where_questionnaires_differ() -> None:
    text = demo().text()
    assert "Bảng hỏi năm 2021 và năm 2022 của khảo sát người dân khác nhau về: đối tượng" in text
    assert "Vì vậy, chênh lệch có thể một phần do thay đổi của cuộc khảo sát." in text
    after = answers("sipas", 2022)
    same = as_text(section(parts_of_answers(after, with_scores(after, 0.02))))
    assert "khác nhau về" not in same


def test_tables_and_figures_appear_in_the_order_of_their_numbers() -> None:
    pieces = demo().paragraphs()
    for kind, names in (
        ("table", demo().parts.table_names),
        ("figure", demo().parts.figure_names),
    ):
        assert [piece.text for piece in pieces if piece.kind == kind] == names


def test_labels_are_never_read_as_templates() -> None:
    after = answers("sipas", 2022)
    dimensions = tuple(
        replace(part, label=replace(part.label, vi="{level} {{ x }}"))
        for part in after.instrument.dimensions
    )
    instrument = replace(after.instrument, dimensions=dimensions)
    strange = replace(after, instrument=instrument)
    text = as_text(section(parts_of_answers(strange, with_scores(strange, 0.02))))
    assert "“{level} {{ x }}”" in text


def test_the_year_of_the_sheet_goes_before_that_of_the_questionnaire() -> None:
    after = answers("sipas", 2022)
    later = replace(after, data=after.data.assign(year=2023))
    made = report.section_a(households=(after, later))
    assert "So với năm 2022" in made.text()
    assert list(made.tables["designs"].frame.index) == ["sipas-2022", "sipas-2022 2023"]


def test_small_words() -> None:
    voice = Voice("vi")
    assert voice.moved(0.001) == "không thay đổi"
    assert voice.points(22.0) == "22"
    assert voice.points(100.0) == "100"
    assert voice.count(5) == "05"
    assert within("TTHC") == "TTHC"
    with pytest.raises(SurveyError, match="not an option"):
        Voice("fr")  # type: ignore[arg-type]


def test_printed_takes_nothing_for_nothing() -> None:
    assert printed(None) is None
