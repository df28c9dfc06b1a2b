"""The audit of printed tables: what it finds in the published ones, and that it cries no wolf."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sipas.auditing
from sipas import datasets
from sipas.auditing import AuditReport, audit
from sipas.auditing.findings import SEVERITY
from sipas.cli import main
from sipas.sentences import texts_in
from survey.errors import SurveyError

PUBLISHED = Path(__file__).parents[1] / "datasets" / "published"

# Worked out by hand from the tables and the documents they were transcribed from; the reasons are
# in docs/audit.md.
BY_HAND = {
    ("external_facts", "2015", "", "forms", "error"),
    ("external_facts", "2024", "", "communes", "error"),
    ("hagiang_report_fields", "2023Q1", "2", "rate_pct", "error"),
    ("hue_leader_items", "2021", "L4.4", "rate_pct", "error"),
    ("hue_leader_items", "2022", "L5.9", "rate_pct", "error"),
    ("hue_par_split_2019", "2019", "p1", "max_points", "error"),
    ("hue_par_split_2019", "2019", "p2", "max_points", "error"),
    ("hue_par_split_2019", "2019", "impact", "max_points", "error"),
    ("hue_par_split_2019", "2019", "p1b", "rank_change", "error"),
    ("hue_plan_2023_targets", "2023", "3.4", "max_points", "error"),
    ("hue_plan_2023_targets", "2023", "4", "max_points", "error"),
    ("vinhlong_sipas", "2020", "S1.text", "target", "error"),
    ("hue_leader_items", "2022", "D5", "rate_pct", "truncation"),
    ("hue_leader_items", "2021", "D0", "points", "rounding"),
    ("hue_leader_items", "2021", "D0", "rate_pct", "rounding"),
    ("hue_leader_items", "2022", "D0", "rate_pct", "rounding"),
    ("hue_leader_items", "2022", "D2", "rate_pct", "rounding"),
    ("hue_leader_items", "2022", "D4", "rate_pct", "rounding"),
    ("hue_leader_items", "2022", "D6", "rate_pct", "rounding"),
    ("hue_leader_items", "2022", "D7", "rate_pct", "rounding"),
    ("hue_appraisal_domains", "2022", "D4", "rate_pct", "rounding"),
    ("hue_appraisal_domains", "2022", "D7", "points", "rounding"),
    ("hue_par_domains", "2022", "D7", "points", "rounding"),
    ("hue_sipas_dimensions", "2022", "S.PAR", "points", "different quantity"),
    ("hue_sipas_dimensions", "2022", "S.PAR", "rank", "different quantity"),
    ("hue_leader_groups", "2022", "hdnd", "rate_pct", "different quantity"),
    ("hue_leader_groups", "2022", "huyen", "rate_pct", "different quantity"),
    *(
        ("hue_plan_2023_targets", "2023", code, "max_points", "different quantity")
        for code in ("4.1", "4.3", "5.2", "5.3", "5.5", "6.1", "6.2", "6.3", "7.3", "5", "6", "7")
    ),
    ("hue_plan_2023_targets", "2023", "4.3", "label", "structure"),
    ("hue_plan_2023_targets", "2023", "6.1.2", "max_points", "format"),
    ("hue_plan_2023_targets", "2023", "6.3.4", "target", "format"),
    ("hue_par_domains_2018_2019", "2018", "p1", "points", "format"),
}


@pytest.fixture(scope="module")
def published() -> AuditReport:
    return audit(*sorted(PUBLISHED.glob("*.csv")))


def one_table(**columns: list[str]) -> pd.DataFrame:
    length = len(next(iter(columns.values())))
    return pd.DataFrame({"province": ["X"] * length, "year": ["2022"] * length} | columns)


def kinds(report: AuditReport) -> list[tuple[str, str, str]]:
    return list(report.findings[["code", "measure", "kind"]].itertuples(index=False, name=None))


# --- the published tables ------------------------------------------------------------------------


def test_published_tables_give_what_the_hand_list_has_and_nothing_else(
    published: AuditReport,
) -> None:
    found = published.findings
    names = ["table", "year", "code", "measure", "kind"]
    assert set(found[names].itertuples(index=False, name=None)) == BY_HAND
    assert len(found) == len(BY_HAND)


def test_the_two_leader_items_that_contradict_their_points(published: AuditReport) -> None:
    found = published.findings.set_index(["code", "year", "measure"])
    transposed = found.loc[("L5.9", "2022", "rate_pct")]
    assert (transposed["printed"], transposed["slip"]) == ("66.69", "digits transposed")
    # 0,6696 of 1 is 66,955 to 66,965; 1,13 of 1,5 is 75 to 75,67
    assert (transposed["low"], transposed["high"]) == pytest.approx((66.955, 66.965))
    other = found.loc[("L4.4", "2021", "rate_pct")]
    assert (other["printed"], other["slip"]) == ("66.67", "")
    assert (other["low"], other["high"]) == pytest.approx((112.5 / 1.5, 113.5 / 1.5))


def test_every_rate_agrees_with_exact_fractions_where_the_audit_says_so(
    published: AuditReport,
) -> None:
    tried, outside = 0, set()
    for path in PUBLISHED.glob("*.csv"):
        table = pd.read_csv(path, dtype=str).fillna("")
        if not {"points", "max_points", "rate_pct"} <= set(table):
            continue
        for row in table.to_dict("records"):
            if row["points"] and row["max_points"] and row["rate_pct"]:
                tried += 1
                if not _rate_possible(row["points"], row["max_points"], row["rate_pct"]):
                    outside.add((row["code"], row["year"]))
    assert outside == {("L4.4", "2021"), ("L5.9", "2022")}
    checked = published.checked.query("identity == 'rate'")
    # and the appraised domains of 2021, whose points and maxima stand in another table
    assert checked["checked"].sum() == tried + 8


def _rate_possible(points: str, maximum: str, rate: str) -> bool:
    """Ask in exact fractions whether some points that print so give a rate that prints so."""
    ends = []
    for text in (points, rate):
        unit = Fraction(Decimal(1).scaleb(Decimal(text).as_tuple().exponent)) / 2
        ends.append((Fraction(text) - unit, Fraction(text) + unit))
    (low, high), (rate_low, rate_high) = ends
    top = Fraction(maximum)
    return 100 * low / top <= rate_high and rate_low <= 100 * high / top


def test_counts_say_what_was_checked(published: AuditReport) -> None:
    checked = published.checked
    assert (checked["agreed"] + checked["failed"]).equals(checked["checked"])
    by_name = checked.groupby("identity")["checked"].sum()
    # two years × (21 + 22 items in 5 + 5 domains); five dimensions in two years
    assert by_name["dimensions"] == 2
    assert by_name["group rates"] >= 1
    assert checked["checked"].sum() > 3000


def test_tables_read_as_numbers_find_the_same_contradictions() -> None:
    names = ("hue_leader_items", "hue_sipas_dimensions")
    found = audit(*(datasets.load_published(name) for name in names)).findings
    errors = found[found["kind"].eq("error")]
    assert set(zip(errors["code"], errors["year"], strict=True)) == {
        ("L4.4", "2021"),
        ("L5.9", "2022"),
    }


def test_a_total_that_nobody_printed_is_known_from_its_parts() -> None:
    # the article says 83,06 is 4,16 points up, and prints no total of 2018
    table = datasets.load_published("hue_par_domains_2018_2019").astype({"points": object})
    assert "error" not in set(audit(table).findings["kind"])
    wrong = table.copy()
    first = wrong["code"].eq("D1") & wrong["year"].eq(2018)
    wrong.loc[first, ["points", "printed"]] = ["7.50", "7,50 38 (5) 8,00 4(12)"]
    found = audit(wrong).findings.query("kind == 'error'")
    assert not found.empty
    assert "hue_par_domains_2018_2019:D1.points" in {
        *(
            f"{table}:{code}.{of}"
            for table, code, of in found[["table", "code", "measure"]].values
        ),
        *(suspect for each in found["suspects"] for suspect in each),
    }


def test_order_of_the_tables_does_not_matter(published: AuditReport) -> None:
    turned = audit(*sorted(PUBLISHED.glob("*.csv"), reverse=True)).findings
    names = ["table", "year", "code", "measure", "kind"]
    assert set(turned[names].itertuples(index=False, name=None)) == BY_HAND


@pytest.mark.parametrize("file", sorted(PUBLISHED.glob("hue_*.csv")), ids=lambda file: file.stem)
def test_a_table_alone_gives_nothing_that_all_together_do_not(file: Path) -> None:
    found = audit(file).findings[["table", "year", "code", "measure"]]
    known = {one[:4] for one in BY_HAND}
    assert set(found.itertuples(index=False, name=None)) <= known


# --- one check at a time -------------------------------------------------------------------------


def test_rounding_is_no_error_and_truncation_is_named() -> None:
    # 2/3 printed 0.67 of 1 is anything from 66.5 to 67.5
    sound = one_table(
        code=["a", "b"], max_points=["1", "1"], points=["0.67", "0.67"], rate_pct=["66.67", "67.4"]
    )
    assert not audit(sound).found
    cut = one_table(code=["a"], max_points=["1"], points=["0.66667"], rate_pct=["66.66"])
    report = audit(cut)
    assert kinds(report) == [("a", "rate_pct", "truncation")]
    assert report.found[0].slip == "truncated, not rounded"


@pytest.mark.parametrize(
    ("rate", "slip"),
    [
        ("57.80", "digits transposed"),
        ("7.58", "decimal point moved"),
        ("75.30", "one digit wrong"),
        ("80.00", "copied from the row below"),
        ("94.75", "a neighbouring row's maximum"),
    ],
)
def test_slips_of_a_rate(rate: str, slip: str) -> None:
    table = one_table(
        code=["a", "b"],
        max_points=["5", "4"],
        points=["3.790", "3.200"],
        rate_pct=[rate, "80.00"],
    )
    (found,) = audit(table).found
    assert (found.code, found.measure, found.slip) == ("a", "rate_pct", slip)
    assert (found.low, found.high) == pytest.approx((75.79, 75.81))


def test_a_part_that_spoils_both_its_rate_and_the_sum_is_the_one() -> None:
    table = one_table(
        level=["domain", "item", "item"],
        code=["D2", "L2.1", "L2.2"],
        max_points=["2", "1", "1"],
        points=["1.55", "0.89", "0.75"],
        rate_pct=["77.5", "80", "75"],
    )
    (found,) = audit(table).found
    assert (found.code, found.measure) == ("L2.1", "points")
    assert found.low <= 0.80 <= found.high


def test_a_selection_of_domains_is_no_contradiction() -> None:
    table = one_table(
        table=["x_appraisal"] * 3,
        level=["total", "domain", "domain"],
        code=["D0", "D1", "D2"],
        max_points=["30", "10", "10"],
        points=["25", "8", "9"],
    )
    assert {one.kind for one in audit(table).found} == {"structure"}


def test_index_is_the_mean_of_its_five_dimensions() -> None:
    rates = ["83.08", "80.95", "77.36", "79.69", "76.72", "79.65"]
    table = one_table(code=[*(f"S{k}" for k in range(1, 6)), "S0"], rate_pct=rates)
    (found,) = audit(table).found
    assert (found.code, found.slip) == ("S0", "digits transposed")
    assert (found.low, found.high) == pytest.approx((79.555, 79.565))
    assert not audit(table.iloc[[0, 1, 5]]).found


def test_changes_between_years_and_their_direction() -> None:
    table = pd.DataFrame(
        {
            "province": "X",
            "table": "x_par_parts",
            "level": "part",
            "code": ["p3", "p3", "p1a"],
            "year": ["2021", "2022", "2022"],
            "points": ["8.86", "7.92", "50"],
            "max_points": ["10", "10", "60"],
            "rank": ["17", "40", "3"],
            "printed": ["", "7,92/10 điểm (tăng 0,94 điểm, giảm 22 bậc)", ""],
        }
    )
    found = audit(table).findings.set_index("measure")
    assert found.loc["points_change", "slip"] == "direction reversed"
    assert found.loc["rank_change", ["printed", "low"]].tolist() == ["-22", -23.0]
    rescaled = table.assign(max_points=["12", "10", "60"])
    assert "not comparable" not in set(found["kind"])
    changed = rescaled.assign(printed=["", "7,92/10 điểm (giảm 0,94 điểm)", ""])
    assert kinds(audit(changed)) == [("p3", "points_change", "not comparable")]


def test_the_same_figure_in_two_tables() -> None:
    parts = one_table(
        table=["a_par_parts"] * 2, level=["part"] * 2, code=["p2", "p1a"], points=["17.42", "55.4"]
    )
    groups = one_table(
        table=["a_groups"] * 3,
        level=["group", "group", "total"],
        code=["x", "y", "all"],
        points=["", "", "17.24"],
    )
    (found,) = audit(parts, groups).found
    assert (found.identity, found.slip) == ("one figure", "digits transposed")
    assert (found.confidence, len(found.suspects)) == ("low", 1)


def test_limits_ranks_marks_letters() -> None:
    table = one_table(
        code=["a", "b", "c", "d"],
        max_points=["1", "1", "1", "l"],
        points=["1.2", "0,81", "0.7", "O.65"],
        rank=["64", "60", "3", "x"],
        rank_ties=["", "5", "", ""],
        printed=["1,20 (64/63 tỉnh)", "", "", ""],
    )
    assert set(kinds(audit(table))) == {
        ("a", "points", "error"),
        ("a", "rank", "error"),
        ("b", "points", "format"),
        ("b", "rank", "error"),
        ("d", "max_points", "format"),
        ("d", "points", "format"),
        ("d", "rank", "format"),
    }


def test_a_figure_that_is_not_in_its_quotation() -> None:
    table = one_table(code=["a"], rate_pct=["82.60"], printed=["tỷ lệ điểm đánh giá là 82,06%"])
    (found,) = audit(table).found
    assert (found.identity, found.recomputed) == ("quotation", 82.06)


def test_a_sheet_with_vietnamese_headings(tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    lines = ["Mã;Nội dung;Điểm tối đa;Điểm;Tỷ lệ (%);Thứ hạng;Ghi chú"]
    lines += ["D0;Tổng điểm;10,00;8,45;84,50;12;", ";;;;;;", "D2;Thể chế;5,00;4,25;85,00;3;"]
    lines += ["D4;Bộ máy;5,00;4,20;48,00;70;"]
    file.write_text("\n".join(lines), "utf-8")
    report = audit(file, ranked=63)
    assert kinds(report) == [("D4", "rank", "error"), ("D4", "rate_pct", "error")]
    assert report.found[0].label == "Bộ máy"
    assert dict(zip(report.findings["measure"], report.findings["slip"], strict=True)) == {
        "rank": "",
        "rate_pct": "digits transposed",
    }


def test_a_minus_sign_is_said_once() -> None:
    table = one_table(
        code=["D0", "D1", "D2"], max_points=["10", "5", "5"], points=["8", "-4.5", "3.5"]
    )
    (found,) = audit(table.assign(rate_pct=["80", "90", "70"])).found
    assert (found.code, found.measure, found.slip) == ("D1", "points", "minus sign")


def test_a_row_that_is_there_twice() -> None:
    table = one_table(code=["a", "b", "a"], points=["1", "2", "1"])
    assert kinds(audit(table)) == [("a", "code", "structure")]


# --- identities of one's own ---------------------------------------------------------------------


def test_own_identities_from_mappings_and_from_a_file(tmp_path: Path) -> None:
    table = one_table(table=["mine"] * 3, code=["whole", "p1", "p2"], n=["100", "60", "50"])
    assert not audit(table).found
    own = {"name": "mine", "form": "sum", "whole": "mine/whole"}
    own |= {"parts": r"mine/p\d", "measures": ["n"]}
    assert kinds(audit(table, identities=[own])) == [("whole", "n", "error")]
    file = tmp_path / "own.toml"
    lines = ["[[identity]]", 'name = "mine"', 'form = "sum"', 'whole = "mine/whole"']
    file.write_text("\n".join([*lines, r"parts = 'mine/p\d'", 'measures = ["n"]']), "utf-8")
    assert kinds(audit(table, identities=file)) == [("whole", "n", "error")]


def test_own_identities_that_join_nothing_are_named() -> None:
    table = one_table(table=["mine"] * 2, code=["whole", "p1"], n=["100", "60"])
    own = {"name": "forms", "form": "sum", "whole": "yours/whole", "measures": ["n"]}
    report = audit(table, identities=[own | {"parts": "yours/p1"}])
    assert report.unmatched == ("forms",)
    assert "Identities of yours that join no figures: forms." in report.text(lang="en")
    assert not audit(table).unmatched


@pytest.mark.parametrize(
    ("whole", "parts", "says"),
    [
        ("mine/whole", "mine/(p1", "unterminated"),
        (r"\g<group>/all", "mine/p1", "no group 'group'"),
    ],
)
def test_patterns_that_cannot_be_used(whole: str, parts: str, says: str) -> None:
    own = {"name": "x", "form": "sum", "whole": whole, "parts": parts, "measures": ["n"]}
    with pytest.raises(SurveyError, match=says):
        audit(one_table(code=["a"], n=["1"]), identities=[own])


@pytest.mark.parametrize(
    ("table", "options", "says"),
    [
        ([one_table(code=["a"], n=["1"])], {}, "table 1 is a list"),
        (one_table(code=["a"], n=["1"]), {"ranked": 0}, "ranked: got 0"),
        (one_table(code=["a"], n=["1"]), {"identities": ["x"]}, "identities: got 'x'"),
        (pd.DataFrame([["a", 1, 2]], columns=["code", "n", "n"]), {}, "columns of the same name"),
    ],
)
def test_what_cannot_be_audited(table: object, options: dict[str, object], says: str) -> None:
    with pytest.raises(SurveyError, match=says):
        audit(table, **options)  # type: ignore[arg-type]


def test_identities_of_a_questionnaire() -> None:
    table = one_table(
        table=["mine"] * 5,
        code=["D2", "L2.1", "L2.2", "L2.3", "L2.4"],
        points=["3.5", "0.8", "0.8", "0.8", "0.8"],
    )
    assert len(audit(table, instrument="leaders-2022").found) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"form": "sum"}, "has no name"),
        ({"name": "a", "form": "summ"}, "Did you mean 'sum'"),
        ({"name": "a", "form": "ratio", "left": "x"}, "lacks 'of'"),
    ],
)
def test_refused_identities(given: dict[str, str], said: str) -> None:
    with pytest.raises(SurveyError, match=said):
        audit(one_table(code=["a"], n=["1"]), identities=[given])


def test_nothing_to_check_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SurveyError, match="no table given"):
        audit()
    with pytest.raises(SurveyError, match="nothing to check"):
        audit(pd.DataFrame({"name": ["x"]}))
    broken = tmp_path / "own.toml"
    broken.write_text("[[identity", "utf-8")
    with pytest.raises(SurveyError, match=r"own\.toml cannot be read"):
        audit(one_table(code=["a"], n=["1"]), identities=broken)


def test_tables_given_are_not_changed() -> None:
    table = one_table(code=["a"], max_points=["1"], points=["0.5"], rate_pct=["51"])
    before = table.copy()
    audit(table)
    pd.testing.assert_frame_equal(table, before)


# --- words and the command line ------------------------------------------------------------------


def test_every_word_is_there_in_both_languages(published: AuditReport) -> None:
    words = texts_in(Path(sipas.auditing.__file__).with_name("words.toml"))
    for part in words.values():
        assert all(set(word) == {"vi", "en"} and all(word.values()) for word in part.values())
    assert set(words["kind"]) == set(SEVERITY)
    assert {one.slip for one in published.found} - {""} <= set(words["slip"])
    declared = set(published.named) | set(words["check"])
    assert {one.identity for one in published.counts} <= declared
    vietnamese, english = published.table("vi"), published.table("en")
    assert "đảo hai chữ số" in set(vietnamese["có thể do"])
    assert len(vietnamese) == len(english) == len(published.found)
    assert "66,955" in published.text("vi")
    assert "66.955" in published.text("en")
    assert "<table" in published._repr_html_()


def test_command_line_exit_codes_and_json(tmp_path: Path) -> None:
    run = CliRunner().invoke
    sound = tmp_path / "sound.csv"
    one_table(code=["a"], max_points=["1"], points=["0.5"], rate_pct=["50"]).to_csv(
        sound, index=False
    )
    assert run(main, ["audit", str(sound)]).exit_code == 0
    items = str(PUBLISHED / "hue_leader_items.csv")
    made = run(main, ["audit", items, "--json"])
    assert made.exit_code == 1
    rows = json.loads(made.output)
    wanted = [
        "file",
        "table",
        "year",
        "code",
        "measure",
        "printed",
        "recomputed",
        "low",
        "high",
        "kind",
        "slip",
    ]
    assert all(set(wanted) <= set(row) for row in rows)
    assert {"L4.4", "L5.9"} <= {row["code"] for row in rows}
    empty = tmp_path / "empty.csv"
    empty.write_text("name\nx\n", "utf-8")
    assert run(main, ["audit", str(empty)]).exit_code == 2
    assert run(main, ["audit", str(tmp_path / "none.csv")]).exit_code == 2
    shown = run(main, ["audit", items, "--lang", "en"])
    assert "digits transposed" in shown.output
    assert "rate = 100" in shown.output


def test_published_report_is_the_same_on_every_run(published: AuditReport) -> None:
    again = audit(*sorted(PUBLISHED.glob("*.csv")))
    pd.testing.assert_frame_equal(again.findings, published.findings)
    assert np.array_equal(again.checked["checked"], published.checked["checked"])
