"""The text of Section A in every case an analyst may meet, in both languages.

Each case is read the same way: no number without a table, no reference into the void, no empty
list; and what is particular to the case is said in words.

Over 300 lines: the table of cases, and everything that is read in it.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sipas
import survey
from sipas import datasets, demonstration, report
from sipas.numerals import Lang
from sipas.phrases import Voice
from sipas.responses import Answers
from sipas.tables import Table
from sipas.tables.two_years import years
from sipas.wording import as_text, evidence, section
from sipas.wording.change_sentences import sentences_of
from sipas.wording.extremes import extremes
from sipas.wording.paragraphs import Paragraph
from sipas.wording.report_parts import Parts, tables_of
from survey.errors import SurveyError, SurveyWarning

WEIGHTS = {"hdnd": 25, "so": 40, "phong": 30, "huyen": 5}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
LANGS: tuple[Lang, Lang] = ("vi", "en")
#: Population of the districts in the demonstration.
PEOPLE = {"huyện A Lưới": 52_000, "huyện Nam Đông": 28_000, "thành phố Huế": 480_000}


# ----- answers, changed one way each ---------------------------------------------------------


@cache
def given(kind: str, year: int) -> Answers:
    load = datasets.load_hue_households if kind == "sipas" else datasets.load_hue_leaders
    return sipas.clean(load(year), f"{kind}-{year}")


def households() -> tuple[Answers, Answers]:
    return given("sipas", 2021), given("sipas", 2022)


def leaders() -> tuple[Answers, Answers]:
    return given("leaders", 2021), given("leaders", 2022)


def items(answers: Answers, dimension: str = "") -> list[str]:
    every = answers.instrument.index_items
    return [item.code for item in every if not dimension or item.dimension == dimension]


def set_to(answers: Answers, codes: Iterable[str], value: float) -> Answers:
    """Everybody who answered gives one answer; NaN: nobody answers."""
    data = answers.data.copy()
    for code in codes:
        data[code] = data[code].where(data[code].isna(), value)
    return replace(answers, data=data)


def of_year(answers: Answers, year: int) -> Answers:
    return replace(answers, data=answers.data.assign(year=year))


def without(answers: Answers, *dimensions: str) -> Answers:
    asked = answers.instrument
    smaller = replace(
        asked,
        items=tuple(item for item in asked.items if item.dimension not in dimensions),
        dimensions=tuple(part for part in asked.dimensions if part.code not in dimensions),
    )
    return replace(answers, instrument=smaller)


def satisfied_only(answers: Answers) -> Answers:
    """A questionnaire that counts the highest answer alone as satisfied."""
    scale = replace(answers.instrument.scale, satisfied=(5,))
    return replace(answers, instrument=replace(answers.instrument, scale=scale))


def other_levels(answers: Answers) -> Answers:
    labels = {lang: ("1", "2", "3", "4") for lang in LANGS}
    scale = replace(answers.instrument.scale, levels=(1, 2, 3, 4), satisfied=(3, 4), labels=labels)
    return replace(answers, instrument=replace(answers.instrument, scale=scale))


def renamed(answers: Answers) -> Answers:
    """The same questionnaire under codes of its own."""
    new = {code: f"X{code}" for code in items(answers)}
    asked = tuple(
        replace(item, code=new.get(item.code, item.code)) for item in answers.instrument.items
    )
    instrument = replace(answers.instrument, items=asked)
    return replace(answers, instrument=instrument, data=answers.data.rename(columns=new))


def one_commune_each(answers: Answers) -> Answers:
    first = answers.data.groupby("district")["commune"].first()
    return replace(answers, data=answers.data[answers.data["commune"].isin(first)])


def one_commune(answers: Answers) -> Answers:
    first = sorted(answers.data["commune"].unique())[0]
    return replace(answers, data=answers.data[answers.data["commune"].eq(first)])


def census(year: int) -> Answers:
    """Everyone who was sent a form answered every item."""
    sheet = datasets.load_hue_leaders(year)
    codes = items(given("leaders", year))
    sheet[codes] = given("leaders", year).data[codes].fillna(4).to_numpy()
    sent = {str(k): int(n) for k, n in sheet["group"].value_counts().items()}
    return sipas.clean(sheet, f"leaders-{year}", sent=sent)


def moved_both_ways(answers: Answers, *, down: Iterable[str], up: Iterable[str]) -> Answers:
    made = set_to(answers, [c for part in down for c in items(answers, part)], 2)
    return set_to(made, [c for part in up for c in items(answers, part)], 5)


def blank(answers: Answers, *codes: str) -> Answers:
    return set_to(answers, codes, np.nan)


CASES: dict[str, Callable[[], dict[str, Any]]] = {
    "the demonstration": lambda: {
        "households": tuple(map(demonstration.households, demonstration.YEARS)),
        "leaders": tuple(map(demonstration.leaders, demonstration.YEARS)),
        "population_weights": {"district": PEOPLE},
        "published": demonstration.published(),
    },
    "two years": lambda: {"households": households(), "leaders": leaders()},
    "one year": lambda: {"households": households()[1], "leaders": leaders()[1]},
    "households only": lambda: {"households": households()},
    "households, one year": lambda: {"households": households()[1]},
    "leaders only": lambda: {"leaders": leaders()},
    "leaders, one year": lambda: {"leaders": leaders()[1]},
    "all rose": lambda: {
        "households": (of_year(households()[1], 2021), of_year(households()[0], 2022))
    },
    "nothing changed": lambda: {"households": (of_year(households()[1], 2021), households()[1])},
    "one fell, one rose": lambda: {
        "households": (
            of_year(households()[1], 2021),
            moved_both_ways(households()[1], down=["S1"], up=["S2"]),
        )
    },
    "some fell, some rose": lambda: {
        "households": (
            of_year(households()[1], 2021),
            moved_both_ways(households()[1], down=["S1", "S2"], up=["S3", "S4"]),
        )
    },
    "a dimension of this year": lambda: {
        "households": (without(households()[0], "S5"), households()[1])
    },
    "a dimension of last year": lambda: {
        "households": (households()[0], without(households()[1], "S5"))
    },
    "one dimension": lambda: {
        "households": tuple(without(one, "S2", "S3", "S4", "S5") for one in households())
    },
    "two dimensions": lambda: {
        "households": tuple(without(one, "S3", "S4", "S5") for one in households())
    },
    "nobody answered a dimension": lambda: {
        "households": (households()[0], blank(households()[1], *items(households()[1], "S5")))
    },
    "nobody answered it last year": lambda: {
        "households": (blank(households()[0], *items(households()[1], "S5")), households()[1])
    },
    "nobody answered a statement": lambda: {"households": blank(households()[1], "S1.2")},
    "other answers satisfy": lambda: {
        "households": (satisfied_only(households()[0]), households()[1])
    },
    "another scale": lambda: {"households": (other_levels(households()[0]), households()[1])},
    "other statements": lambda: {"households": (renamed(households()[0]), households()[1])},
    "everyone satisfied": lambda: {
        "households": set_to(households()[1], items(households()[1]), 5)
    },
    "nobody satisfied": lambda: {"households": set_to(households()[1], items(households()[1]), 1)},
    "everyone satisfied twice": lambda: {
        "households": tuple(set_to(one, items(one), 5) for one in households())
    },
    "a commune a district": lambda: {
        "households": tuple(one_commune_each(one) for one in households()),
        "lonely_psu": "adjust",
    },
    "communes as certainties": lambda: {
        "households": tuple(one_commune_each(one) for one in households()),
        "lonely_psu": "certainty",
    },
    "a single commune": lambda: {
        "households": one_commune(households()[1]),
        "lonely_psu": "adjust",
    },
    "leaders, a census": lambda: {"leaders": (census(2021), census(2022))},
    "leaders, a census of one year": lambda: {"leaders": census(2022)},
    "leaders, nothing changed": lambda: {"leaders": (of_year(leaders()[1], 2021), leaders()[1])},
    "leaders, all fell": lambda: {
        "leaders": (leaders()[0], set_to(leaders()[1], items(leaders()[1]), 2))
    },
    "leaders, all rose": lambda: {
        "leaders": (leaders()[0], set_to(leaders()[1], items(leaders()[1]), 5))
    },
    "leaders, two fell": lambda: {
        "leaders": (
            of_year(leaders()[1], 2021),
            moved_both_ways(leaders()[1], down=["D4", "D5"], up=["D2"]),
        )
    },
    "ninety per cent": lambda: {"households": households(), "level": 0.9},
    "targets": lambda: {
        "households": households(),
        "leaders": leaders(),
        "targets": {"services": 90, "S1": 80, "S5": 76.72, "total": 78},
    },
    "targets of a plan": lambda: {
        "households": households()[1],
        "leaders": leaders()[1],
        "targets": "binhdinh_targets",
    },
    "targets of a census": lambda: {"leaders": census(2022), "targets": 90},
    "targets, everyone satisfied": lambda: {
        "households": set_to(households()[1], items(households()[1]), 5),
        "targets": 90,
    },
    "targets, a single commune": lambda: {
        "households": one_commune(households()[1]),
        "lonely_psu": "adjust",
        "targets": 90,
    },
}


@cache
def made(case: str) -> report.SectionA:
    arguments = CASES[case]()
    if "leaders" in arguments:
        arguments["group_weights"] = WEIGHTS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SurveyWarning)
        return report.section_a(**arguments)


@cache
def pieces(case: str, lang: Lang) -> list[Paragraph]:
    return made(case).paragraphs(lang)


@cache
def text_of(case: str, lang: Lang = "vi") -> str:
    return as_text(pieces(case, lang))


@cache
def tables(case: str, lang: Lang) -> dict[str, Table]:
    return tables_of(made(case).parts, lang)


# ----- what holds of every text --------------------------------------------------------------


def value(text: str, lang: Lang) -> Decimal:
    plain = text.replace(".", "").replace(",", ".") if lang == "vi" else text.replace(",", "")
    try:
        return abs(Decimal(plain))
    except InvalidOperation:
        return Decimal(-1)


def numbers(texts: Iterable[str], lang: Lang) -> set[Decimal]:
    return {value(found, lang) for text in texts for found in NUMBER.findall(text)}


def known_numbers(case: str, lang: Lang) -> set[Decimal]:
    """Every number of the tables; counts of what is in them; years, numbers of tables, sources."""
    parts, printed = made(case).parts, tables(case, lang)
    cells = [str(cell) for table in printed.values() for cell in table.shown().to_numpy().ravel()]
    known = numbers(cells, lang) | {Decimal(round(100 * parts.level))}
    known |= {Decimal(k) for k in range(1, max(len(printed), 4) + 1)}  # of tables, figures, parts
    for two in parts.surveys:
        known |= {Decimal(year) for year in (two.year, two.year_before)}
        known |= {Decimal(len(two.dimensions)), Decimal(len(two.statements))}
        known |= {Decimal(len(two.after.instrument.groups))}
        if two.change is not None:  # dimensions that one questionnaire has alone
            old, new = ({part.code for part in one.dimensions} for one in two.change.instruments)
            known |= {Decimal(len(old - new)), Decimal(len(new - old))}
    if parts.printed is not None:
        known |= numbers([parts.printed.source(Voice(lang))], lang)
        known |= {Decimal(f"{100 * n / sum(PEOPLE.values()):.2f}") for n in PEOPLE.values()}
    if parts.goals is not None:
        known |= numbers([parts.goals.source(Voice(lang))], lang)
    if parts.leaders is not None:
        known |= _of_leaders(printed)
    return known


def _of_leaders(tables: dict[str, Table]) -> set[Decimal]:
    """Items of each domain, how many of them fell; the change of the total in points."""
    total = tables["leader_domains"].frame.loc["total"]
    frame = tables["leader_items"].frame
    if "difference" not in frame:
        return set()
    differences = frame["difference"].dropna()
    coded = differences[[str(code).count(".") == 1 for code in differences.index]]
    domains = coded.groupby([str(code).split(".")[0] for code in coded.index])
    made = {Decimal(n) for n in domains.size()}
    made |= {Decimal(int(n)) for n in domains.apply(lambda rows: (rows < 0).sum())}
    points = total["points_after"] - total["points_before"]
    return made | {Decimal(f"{abs(points):.2f}").normalize()}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("case", CASES)
def test_every_number_stands_in_a_table(case: str, lang: Lang) -> None:
    found = numbers([text_of(case, lang)], lang)
    assert len(found) > 10
    assert found - known_numbers(case, lang) == set()


def test_a_number_that_is_in_no_table_would_be_found() -> None:
    for slip in ("79.18", "0.88", "61.12"):
        assert Decimal(slip) not in known_numbers("the demonstration", "vi")


#: The only number words, all of them of the fixed words of a sentence.
WORDS: dict[Lang, tuple[str, str]] = {
    "vi": (
        r"\b(một|hai|ba|bốn|sáu|bảy|tám|chín|mười)\b",
        r"bậc một|một lần|một tầng|một phía|một phần|một đơn vị ở|hai năm|hai bảng hỏi|hai mẫu"
        r"|hai tỷ lệ",
    ),
    "en": (
        r"\b(one|two|three|four|five|six|seven|eight|nine|ten)\b",
        r"one-sided|one a group|the one dimension|the two are|two years|two questionnaires"
        r"|two rates|the official one|\(five factors\)",
    ),
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("case", CASES)
def test_no_count_hides_in_words(case: str, lang: Lang) -> None:
    words, fixed = WORDS[lang]
    text = re.sub(r"“[^”]*”", "", text_of(case, lang))
    text = re.sub(fixed, "", text, flags=re.IGNORECASE)
    assert re.search(words, text, flags=re.IGNORECASE) is None


#: Marks of a sentence that was put together wrongly.
FLAWS = "|".join(
    [
        r"  |\n \w| [,.;:!?)]|\( |\(\)|\) \(",
        r"\.\.|;;|,,|, \.|: ?[.;]|; ?\.|“”",
        r"[{}]|\bnan\b|\bNone\b(?! of)|–%|(?:từ|from) –|−0[,.]00",
        r"\b0+/0?\d|\b0 (?:of|falls|rises)\b|(?<![\d,.])00 ",
        r"(?i:\b(\w+) \1 )",
    ]
)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("case", CASES)
def test_sentences_are_whole(case: str, lang: Lang) -> None:
    for piece in pieces(case, lang):
        found = re.search(FLAWS, piece.text)
        assert found is None, f"{found!r} in {piece.text!r}"
        if piece.kind in ("body", "note"):
            assert piece.text.endswith((".", ":")), piece.text


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("case", CASES)
def test_every_table_and_figure_is_referred_to_and_nothing_else(case: str, lang: Lang) -> None:
    parts, text = made(case).parts, text_of(case, lang)
    for word, names in (
        ("Bảng" if lang == "vi" else "Table", parts.table_names),
        ("Hình" if lang == "vi" else "Figure", parts.figure_names),
    ):
        found = {int(number) for number in re.findall(rf"\b{word} (\d+)", text)}
        assert found == set(range(1, len(names) + 1))


@pytest.mark.parametrize("case", CASES)
def test_a_reference_names_the_table_of_its_sentence(case: str) -> None:
    """Numbers follow what is there: the same sentence points to another number elsewhere."""
    parts, text = made(case).parts, text_of(case, "en")
    for pattern, name in (
        (r"left out of the denominator of their statement \(Table (\d+)\)", "response"),
        (r"Table (\d+) sums up", "summary"),
        (r"Table (\d+) gives the results item by item", "leader_items"),
        (r"Table (\d+) gives satisfaction by statement", "statements"),
        (r"statements asked in both years, [^.]*Table (\d+)", "statements"),
        (
            r"(?:by district, in percentage points|no district contributes to a difference) "
            r"\(Table (\d+)\)",
            "contributions_district",
        ),
        (r"Against the targets [^\n]*\(Table (\d+)[;,]", "targets"),
    ):
        found = re.findall(pattern, text)
        assert {int(number) for number in found} <= {
            parts.number(name) if name in parts.table_names else 0
        }
        assert bool(found) or name not in parts.table_names or name in ("response", "statements")
    for name in parts.figure_names:
        assert parts.see(Voice("vi"), figures=[name]).startswith("Hình ")
    assert parts.see(Voice("vi"), "no such table", figures=["nor figure"]) == ""


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("case", CASES)
def test_pieces_stand_in_the_order_of_their_numbers(case: str, lang: Lang) -> None:
    for kind, names in (
        ("table", made(case).parts.table_names),
        ("figure", made(case).parts.figure_names),
    ):
        assert [one.text for one in pieces(case, lang) if one.kind == kind] == names


# ----- what is particular to a case ----------------------------------------------------------


def test_a_title_names_the_surveys_that_there_are() -> None:
    assert text_of("households only").startswith("Phần A. Kết quả khảo sát người dân năm 2022\n")
    assert (
        made("leaders only")
        .text("en")
        .startswith("Section A. Results of the leader survey of 2022\n")
    )
    assert "- Khảo sát lãnh đạo, quản lý: không có dữ liệu." in text_of("households only")


def test_one_year_names_the_highest_and_the_lowest() -> None:
    text = text_of("households, one year")
    assert (
        "Trong 09 chỉ số thành phần, cao nhất là “Chỉ số hài lòng về tiếp cận dịch vụ” với" in text
    )
    assert "Các nội dung có tỷ lệ hài lòng thấp nhất là: “Cá nhân, tổ chức dễ dàng" in text
    assert "tăng" not in text
    assert "giảm" not in text


def test_missing_answers_of_every_year_are_counted() -> None:
    text = text_of("two years")
    assert "năm 2022 là 513 trên 10.692 câu được hỏi (4,8%); năm 2021 là 437 trên 10.692" in text
    assert "năm 2022 là 454 trên 8.888 câu được hỏi (5,1%); năm 2021 là 427 trên 8.106" in text
    assert "Các nội dung được tính đều được trả lời đầy đủ" in text_of("leaders, a census")


def test_directions_that_differ() -> None:
    text = text_of("some fell, some rose", "en")
    assert "2 of 9 dimensions fell in the sample; what fell most in the sample is" in text
    assert "2 of 9 dimensions rose in the sample; what rose most in the sample is" in text
    text = text_of("one fell, one rose", "en")
    assert (
        "1 of 9 dimensions fell in the sample: “Satisfaction with access to services” with" in text
    )
    assert "fell most" not in text.split("statements")[0]
    text = text_of("leaders, two fell", "en")
    assert "1 of 5 domains rose in the sample: “" in text
    assert "; 2 of 5 fell: “" in text


def test_nothing_changed_is_said_once_and_without_intervals() -> None:
    text = text_of("nothing changed")
    assert "không có chỉ số thành phần nào thay đổi trong mẫu" in text
    assert "không tính được khoảng tin cậy 95% do chênh lệch như nhau ở mọi đơn vị mẫu" in text
    assert "không có đơn vị cấp huyện nào đóng góp vào chênh lệch" in text
    assert "chưa đủ bằng chứng để kết luận có thay đổi ở bất kỳ nội dung nào" in text
    assert "đóng góp của từng" not in text
    assert "tỷ lệ của các lĩnh vực không thay đổi trong mẫu" in text_of("leaders, nothing changed")


def test_a_dimension_of_one_year_is_named_and_left_out() -> None:
    text = text_of("a dimension of this year")
    assert "báo cáo chỉ tính 04 nhóm tiêu chí được hỏi ở cả hai năm" in text
    assert (
        "Có 05 nhóm tiêu chí chỉ được hỏi năm 2022, không so sánh được với năm 2021 và không tính "
        "vào các chỉ số của báo cáo: tiếp nhận, xử lý phản ánh, kiến nghị của người dân; cung cấp"
    ) in text
    text = text_of("a dimension of last year")
    assert "Có 01 nhóm tiêu chí chỉ được hỏi năm 2021" in text
    assert "chỉ được hỏi" not in text_of("nothing changed")


def test_a_single_dimension_is_not_the_most_of_all() -> None:
    text = text_of("one dimension", "en")
    assert (
        "“Satisfaction with access to services” fell by 5.09 percentage points in the sample"
        in text
    )
    assert "the one dimension asked in both years: access to services." in text
    for word in ("All 1", "1 of 1", "fell least", "dimensions fell"):
        assert word not in text


def test_what_nobody_answered_is_left_out_with_a_warning_and_in_words() -> None:
    with pytest.warns(SurveyWarning, match=r"nobody answered 'S5\.1', .* in 2022; no index"):
        report.section_a(**CASES["nobody answered a dimension"]())
    text = text_of("nobody answered a dimension")
    said = (
        "Năm {}, không có câu trả lời nào cho nhóm tiêu chí “tiếp nhận, xử lý phản ánh, kiến nghị "
        "của người dân” nên báo cáo không tính vào các chỉ số."
    )
    assert said.format(2022) in text
    assert said.format(2021) in text_of("nobody answered it last year")
    assert "04 chỉ số thành phần đều giảm" in text
    for name in ("dimensions", "summary", "statements"):
        notes = made("nobody answered a dimension").tables[name].notes
        assert any("không có câu trả lời nào" in note for note in notes)
    one = text_of("nobody answered a statement")
    assert (
        "cho nội dung “Trụ sở cơ quan có đầy đủ chỗ ngồi cho người dân, tổ chức” nên báo cáo"
        in one
    )


def test_indices_without_what_nobody_answered_are_those_of_a_smaller_questionnaire() -> None:
    smaller = sipas.satisfaction(without(households()[1], "S5"))
    two = made("nobody answered it last year").parts.households
    assert two is not None
    assert two.dimensions == ["S1", "S2", "S3", "S4"]
    expected = smaller.estimates.estimate["services"]
    assert two.after.estimates.estimate["services"] == pytest.approx(expected, abs=1e-12)


def test_an_empty_sheet_is_still_an_error() -> None:
    with pytest.raises(SurveyError, match="no valid answer"):
        report.section_a(households=blank(households()[1], *items(households()[1])))


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("other answers satisfy", "mức trả lời được tính là hài lòng ở hai bảng hỏi khác nhau"),
        ("another scale", "thang trả lời của hai bảng hỏi khác nhau"),
        ("other statements", "hai bảng hỏi không có nội dung chung"),
    ],
)
def test_a_refused_comparison_leaves_this_year(case: str, reason: str) -> None:
    with pytest.warns(SurveyWarning, match="2021 is left out and the text says so"):
        report.section_a(**CASES[case]())
    text = text_of(case)
    assert f"Không so sánh kết quả năm 2022 với năm 2021 vì {reason}." in text
    assert "đạt 79,56%; không so sánh được với năm 2021." in text
    assert "Không có dữ liệu khảo sát người dân năm 2021" not in text
    alone = report.section_a(households=households()[1]).parts.households
    shown = made(case).parts.households
    assert alone is not None
    assert shown is not None
    pd.testing.assert_frame_equal(shown.rates(0.95), alone.rates(0.95))


def test_last_years_printed_index_stands_beside_a_refused_comparison() -> None:
    with pytest.warns(SurveyWarning, match="left out"):
        done = report.section_a(
            households=CASES["another scale"]()["households"],
            published=datasets.load_published("hue_sipas_dimensions"),
        )
    assert (
        "vì thang trả lời của hai bảng hỏi khác nhau. Số đã công bố năm 2021 là 88,60%"
        in done.text()
    )


def test_two_kinds_of_survey_and_swapped_years_are_errors_all_the_same() -> None:
    with pytest.raises(SurveyError, match="survey of leaders"):
        report.section_a(households=(leaders()[0], households()[1]))
    swapped = (households()[1], renamed(households()[0]))
    with pytest.raises(SurveyError, match="the years are 2022 and 2021"):
        report.section_a(households=swapped)


@pytest.mark.parametrize(
    ("case", "rate", "end"),
    [("everyone satisfied", "100,00%", "cao nhất"), ("nobody satisfied", "0,00%", "thấp nhất")],
)
def test_an_index_at_the_end_of_its_range_has_no_interval(case: str, rate: str, end: str) -> None:
    text = text_of(case)
    said = f"đạt {rate} (không tính được khoảng tin cậy 95% do chỉ số ở mức {end} của thang đo;"
    assert said in text
    assert f"09 chỉ số thành phần đều đạt {rate}." in text
    assert "Các nội dung có tỷ lệ hài lòng thấp nhất" not in text


@pytest.mark.parametrize("case", ["a commune a district", "communes as certainties"])
def test_without_degrees_of_freedom_nothing_is_claimed(case: str) -> None:
    text = text_of(case)
    assert "không tính được khoảng tin cậy 95% do thiết kế mẫu không có bậc tự do" in text
    assert "Không kiểm định được chỉ số thành phần nào" in text
    assert "không kiểm định được nội dung nào" in text
    assert "thứ tự giữa các mức giảm chưa được kiểm định" in text
    assert "vượt sai số" not in text
    assert "chưa đủ bằng chứng" not in text


def test_a_single_commune_is_an_error_with_a_mend_or_has_no_interval() -> None:
    with pytest.raises(SurveyError, match="lonely_psu='adjust'"):
        report.section_a(households=one_commune(households()[1]))
    assert "do thiết kế mẫu không có bậc tự do; Bảng 1" in text_of("a single commune")


def test_a_census_speaks_of_no_sample() -> None:
    text = text_of("leaders, a census")
    assert "cả hai năm đều hỏi toàn bộ nên chênh lệch không có sai số chọn mẫu" in text
    assert "Cả hai năm đều hỏi toàn bộ nên chênh lệch của các lĩnh vực không có sai số" in text
    part = text.split("3. Kết quả chỉ số")[0]
    assert "trong mẫu" not in part
    assert "khoảng tin cậy" not in part
    assert "khoảng tin cậy" not in text_of("leaders, a census of one year").split("3. Kết quả")[0]


def test_answers_that_do_not_vary_are_no_census() -> None:
    text = text_of("leaders, all fell")
    assert "không tính được khoảng tin cậy 95% do kết quả như nhau ở mọi đơn vị mẫu" in text
    assert "05 lĩnh vực đánh giá đều đạt tỷ lệ 25,00%" in text
    assert "Mức giảm của cả 05 lĩnh vực đều vượt sai số chọn mẫu" in text
    assert "tỷ lệ của 05 lĩnh vực đều giảm trong mẫu" in text


def test_ties_are_named_together() -> None:
    two = made("households, one year").parts.households
    assert two is not None
    rates = pd.Series([80.0, 80.001, 70.0, 70.0, 75.0], index=["S1", "S2", "S3", "S4", "S5"])
    found = extremes(two, rates, Voice("en"), "dimension")
    assert found is not None
    assert found["best"].startswith("the 2 highest are “Satisfaction with access")
    assert found["worst"].startswith("the 2 lowest are “")
    assert found["worst"].count("70.00%") == 2
    assert extremes(two, rates[:2], Voice("en"), "dimension") is None
    three = extremes(two, rates[["S1", "S3", "S5"]], Voice("vi"), "dimension")
    assert three is not None
    assert three["worst"].startswith("thấp nhất là “Chỉ số hài lòng về công chức")
    assert "75,00%" not in three["worst"]


def test_two_years_that_count_as_equivalent() -> None:
    """A margin is set by `compare` alone; the text knows its verdicts."""
    moved = sipas.compare(*households(), link="items", equivalence=12.0)
    text = as_text(section(Parts(households=years(moved)), "en"))
    assert "17 fell beyond sampling error; 2 count as equivalent within the margin" in text
    assert "for 3 there is not enough evidence" in text


def test_every_verdict_has_its_sentence() -> None:
    two = made("two years").parts.households
    assert two is not None
    changes, voice = two.changes(0.95), Voice("en")

    def said(*verdicts: str) -> str:
        changed = changes.copy()
        changed.loc[two.dimensions, "verdict"] = [*verdicts, *verdicts[-1:] * (5 - len(verdicts))]
        return evidence.tested(two, changed, two.dimensions, voice, 0.95, "dimensions")

    assert said("equivalent").endswith("the margin set beforehand in all 5 dimensions.")
    assert "in 1 of 5 dimensions: “Satisfaction with access to services”." in said(
        "equivalent", "not enough evidence"
    )
    assert said("census").startswith("Both years asked everyone, so the changes of the dimensions")
    assert "sampling error in 1 of 5 dimensions" in said("census", "fell")
    assert said("no degrees of freedom").startswith("None of the dimensions can be tested")
    assert "1 of 5 dimensions cannot be tested" in said("no degrees of freedom", "fell")
    assert said("fell").startswith("The falls of all 5 dimensions are beyond")
    assert said("not enough evidence").startswith(
        "There is not enough evidence of a change in any"
    )


def test_all_falls_beyond_error_are_not_listed_again() -> None:
    text = made("two years").text("en")
    assert (
        "The falls of all 5 dimensions are beyond sampling error (95% confidence, Holm)." in text
    )
    demo = report.demo().text()
    assert "Cả 04 mức tăng đều vượt sai số chọn mẫu (mức tin cậy 95%, hiệu chỉnh Holm)." in demo


def test_households_drawn_anew_share_no_units() -> None:
    before, after = households()
    moved = sipas.compare(before, after, link="items", paired=False)
    text = as_text(section(Parts(households=years(moved))))
    assert "Hai năm không có đơn vị mẫu bậc một chung nên được coi là hai mẫu độc lập." in text


def test_weights_of_the_sheet_are_said_to_be_used() -> None:
    after = households()[1]
    design = survey.Design(
        after.data.assign(w=1.5), weights="w", strata="district", psu="commune", nest=True
    )
    parts = Parts(households=years(sipas.satisfaction(after, design=design)))
    assert "được tính với trọng số có trong dữ liệu" in as_text(section(parts))


def test_a_change_without_an_interval_is_a_whole_sentence() -> None:
    two = made("nothing changed").parts.households
    assert two is not None
    assert two.change is not None
    said = sentences_of(two.change, lang="en")
    assert said["S1"].endswith(
        "did not change (no 95% interval: the change is the same in every sampled unit); "
        "there is not enough evidence of a change at 95% confidence."
    )


# ----- labels of users -----------------------------------------------------------------------

LONG = "Nội dung rất dài " * 17 + "hết"
HOSTILE = [
    "<script>alert(1)</script>",
    "{level} {{ x }} %s {0}",
    '=HYPERLINK("http://a.b","c")',
    "Bảng 3 và Hình 99",
    LONG,
    "Thu\u0309 tu\u0323c ha\u0300nh chi\u0301nh",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_labels_are_inert_and_whole(words: str) -> None:
    asked = households()[1].instrument
    dimensions = tuple(
        replace(part, label=replace(part.label, vi=words, en=words)) for part in asked.dimensions
    )
    statements = tuple(
        replace(item, text=replace(item.text, vi=words, en=words)) for item in asked.items
    )
    strange = replace(
        households()[1], instrument=replace(asked, dimensions=dimensions, items=statements)
    )
    after = moved_both_ways(strange, down=["S1"], up=["S2"])
    parts = Parts(households=years(sipas.compare(of_year(strange, 2021), after)))
    composed = unicodedata.normalize("NFC", words)
    for lang in LANGS:
        text = as_text(section(parts, lang))
        assert f"“{composed}”" in text or f"“{composed}" in text
        assert unicodedata.is_normalized("NFC", text)


def test_a_year_that_is_left_out_leaves_nothing_out_of_this_one() -> None:
    before = blank(other_levels(households()[0]), "S1.2")
    with pytest.warns(SurveyWarning, match="2021 is left out"):
        done = report.section_a(households=(before, households()[1]))
    assert done.parts.unanswered == ()
    assert "không có câu trả lời nào" not in done.text()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("link", ["rates", "dimensions"])
def test_years_linked_without_statements(link: Any, lang: Lang) -> None:
    moved = sipas.compare(*households(), link=link)
    parts = Parts(households=years(moved))
    assert "statements" not in parts.table_names
    assert set(tables_of(parts, lang)) == set(parts.table_names)
    text = as_text(section(parts, lang))
    assert re.search(FLAWS, text.replace("\n\n", " | ")) is None
    assert ("nội dung giảm" if lang == "vi" else "statements asked in both years") not in text
