"""The command line: exit codes, figures in both languages, and what it refuses."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from sipas import demonstration, section_a
from sipas.cli import main
from sipas.datasets import (
    load_hue_households,
    load_hue_leaders,
    load_worked,
    worked_instrument_path,
)

WORKED = str(worked_instrument_path())
WEIGHTS = "hdnd = 25\nso = 40\nphong = 30\nhuyen = 5\n"
Write = Callable[[str, str], str]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def refused(*arguments: str) -> str:
    """The one paragraph of a refusal, on the error stream, with nothing on the other."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.stderr


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a text file and give its path."""

    def written(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return written


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[[pd.DataFrame, str], str]:
    """Save a sheet and give its path."""

    def saved(frame: pd.DataFrame, name: str = "sheet.csv") -> str:
        frame.to_csv(tmp_path / name, index=False)
        return str(tmp_path / name)

    return saved


Sheet = Callable[..., str]


@pytest.mark.parametrize(
    ("lang", "services", "total", "leaders", "heading"),
    [
        ("vi", "79,56", "17,4161", "82,06", "sai số chuẩn"),
        ("en", "79.56", "17.4161", "82.06", "se"),
    ],
)
def test_the_demonstration_prints_the_published_figures(
    lang: str, services: str, total: str, leaders: str, heading: str
) -> None:
    result = run("index", "--demo", "--lang", lang)
    assert result.exit_code == 0
    lines = [squeezed(line) for line in result.stdout.splitlines()]
    assert [line.split()[1] for line in lines if line.startswith("services ")][1] == services
    assert any(line.startswith(f"hdnd {leaders} ") for line in lines)
    assert any(line.startswith("total ") and f" {total} " in line for line in lines)
    assert heading in result.stdout
    invented = "giả lập" if lang == "vi" else "made up"
    assert invented in lines[0]


def test_groups_come_in_the_order_of_the_questionnaire_and_labels_end_with_a_word() -> None:
    lines = run("index", "--demo").stdout.splitlines()
    starts = [line.split()[0] for line in lines if line.split()]
    at = starts.index("hdnd")
    assert starts[at : at + 4] == ["hdnd", "so", "phong", "huyen"]
    cut = [line for line in lines if line.endswith("…")]
    assert cut
    assert all(line.endswith(" …") for line in cut)


def test_index_of_own_sheets_is_that_of_the_demonstration(sheet: Sheet, write: Write) -> None:
    result = run(
        "index",
        *("--households", sheet(load_hue_households(2022), "households.csv")),
        *("--instrument", "sipas-2022"),
        *("--leaders", sheet(load_hue_leaders(2022), "leaders.csv")),
        *("--leader-instrument", "leaders-2022"),
        *("--leader-sent", "hdnd=46,so=65,phong=264,huyen=29"),
        *("--group-weights", write("weights.toml", WEIGHTS)),
        *("--lang", "en"),
    )
    assert result.exit_code == 0, result.output
    assert "79.56" in result.stdout
    assert "17.4161" in result.stdout
    assert "the 404 leaders who were sent a form" in result.stdout


def test_leaders_alone_take_the_plain_instrument(sheet: Sheet, write: Write) -> None:
    path = sheet(load_hue_leaders(2022))
    weights = write("weights.toml", WEIGHTS)
    command = ["index", "--leaders", path, "--group-weights", weights, "--instrument"]
    assert "17,4161" in run(*command, "leaders-2022").stdout


def test_codes_of_domains_are_whole_numbers(sheet: Sheet) -> None:
    frame = load_worked().assign(kind=["1", "99"] * 5 + ["99", ""])
    path = sheet(frame)
    result = run("index", "--households", path, "--instrument", WORKED, "--by", "kind")
    assert result.exit_code == 0, result.output
    assert re.search(r"\b99\b", result.stdout)
    assert "99.0" not in result.stdout


def test_check_of_a_clean_sheet(sheet: Sheet) -> None:
    path = sheet(load_worked())
    result = run("check", path, "--instrument", WORKED, "--sent", "14")
    assert result.exit_code == 0
    assert "12 phiếu được dùng trên 14 phiếu gửi đi" in result.stdout
    assert result.stdout.rstrip().endswith("Không có gì cần xem.")
    english = run("check", path, "--instrument", WORKED, "--lang", "en")
    assert english.stdout.rstrip().endswith("Nothing found.")


def test_check_finds_another_year_and_rows_set_aside(sheet: Sheet) -> None:
    silent = load_worked().iloc[[0]].assign(id="")
    frame = pd.concat([load_worked(before=True), silent], ignore_index=True)
    frame.loc[12, ["S1.1", "S1.2", "S2.1", "S2.2"]] = ""
    path = sheet(frame)
    result = run("check", path, "--instrument", WORKED, "--lang", "en")
    assert result.exit_code == 1
    found = result.stdout.partition("Findings: 2\n")[2].splitlines()
    assert found[0].startswith("- 12 rows are of another year: the instrument is of ")
    assert found[1] == "- Row 14 set aside: no item answered."
    vietnamese = run("check", path, "--instrument", WORKED).stdout
    assert "- Dòng 14 để riêng, không dùng: không trả lời câu nào." in vietnamese


def test_check_finds_a_stratum_of_one_unit_and_the_way_out_works(sheet: Sheet) -> None:
    frame = load_worked()
    path = sheet(frame[frame["commune"].ne("xã Cát")])
    result = run("check", path, "--instrument", WORKED)
    assert result.exit_code == 1
    assert "huyện Tây" in result.stdout.partition("Những điều cần xem: 1")[2]
    mended = run("check", path, "--instrument", WORKED, "--lonely-psu", "adjust")
    assert mended.exit_code == 0, mended.output
    index = ["index", "--households", path, "--instrument", WORKED]
    assert "huyện Tây" in refused(*index)
    assert run(*index, "--lonely-psu", "adjust").exit_code == 0


def test_check_counts_leaders_by_group_and_finds_what_a_group_left_blank(sheet: Sheet) -> None:
    frame = load_hue_leaders(2022)
    frame.loc[frame["group"].eq("so"), "L4.2"] = ""
    result = run("check", sheet(frame[frame["group"].ne("huyen")]), "--instrument", "leaders-2022")
    assert result.exit_code == 1
    answered = frame[frame["group"].eq("hdnd")]["L2.1"].isin(list("12345")).sum()
    table = result.stdout.partition("theo nhóm\n")[2]
    assert table.split()[:4] == ["hdnd", "so", "phong", "huyen"]
    row = next(line.split() for line in table.splitlines() if line.startswith("L2.1"))
    assert row[1] == str(answered)
    assert "- Nhóm huyen không có phiếu nào." in result.stdout
    assert "- Câu L4.2: cả nhóm so không trả lời." in result.stdout


def test_check_needs_a_place_and_names_the_way_out(sheet: Sheet) -> None:
    path = sheet(load_worked().rename(columns={"commune": "Xã"}))
    result = run("check", path, "--instrument", WORKED)
    assert result.exit_code == 1
    assert "commune='its column'" in result.stdout
    assert run("check", path, "--instrument", WORKED, "--column", "commune=Xã").exit_code == 0


def test_repeats_are_refused_until_a_rule_is_given(sheet: Sheet) -> None:
    path = sheet(pd.concat([load_worked(), load_worked().iloc[[0]]]))
    assert "duplicates=" in refused("check", path, "--instrument", WORKED)
    result = run("check", path, "--instrument", WORKED, "--duplicates", "first", "--lang", "vi")
    assert result.exit_code == 1
    assert "trùng mã 'W22-01'; dùng dòng đầu" in result.stdout


def test_a_workbook_of_two_sheets_needs_the_name_of_one(tmp_path: Path) -> None:
    path = tmp_path / "answers.xlsx"
    with pd.ExcelWriter(path) as book:
        load_worked().to_excel(book, sheet_name="Phiếu", index=False)
        load_worked().to_excel(book, sheet_name="Nháp", index=False)
    assert "several sheets" in refused("check", str(path), "--instrument", WORKED)
    command = ["check", str(path), "--instrument", WORKED, "--sheet"]
    assert run(*command, "Phiếu").exit_code == 0
    assert "Did you mean 'Phiếu'" in refused(*command, "Phiêu")


def test_files_that_cannot_be_used(write: Write, tmp_path: Path) -> None:
    cases = {
        write("empty.csv", ""): "is empty",
        write("header.csv", "id,S1.1\n"): "no rows below the header",
        write("answers.pdf", "x"): "files ending in '.pdf' are not read",
        str(tmp_path / "absent.csv"): "No file",
    }
    for path, message in cases.items():
        assert message in refused("check", path, "--instrument", WORKED)
    path = write("answers.csv", "a,b\n1,2\n")
    assert "which instrument" in refused("index", "--households", path)
    assert "sipas-2022" in refused("check", path, "--instrument", "sipas-2202")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hdnd = true\nso = 1\n", "not a number: hdnd"),
        ('hdnd = "25"\n', "not a number: hdnd"),
        ("hdnd = nan\n", "not a number: hdnd"),
        ("hdnd 25", "cannot be read as TOML"),
        ("", "there is no line in it"),
        ("hdnd = 25\nso = 40\n", "missing or negative for 'huyen', 'phong'"),
        (WEIGHTS + "xa = 1\n", "no such group or item: 'xa'"),
        (WEIGHTS.replace("25", "24"), "add up to 99"),
    ],
)
def test_weight_files_that_cannot_be(sheet: Sheet, write: Write, text: str, message: str) -> None:
    command = ["index", "--leaders", sheet(load_hue_leaders(2022)), "--instrument", "leaders-2022"]
    assert message in squeezed(refused(*command, "--group-weights", write("w.toml", text)))


def test_weights_are_needed_and_must_be_a_file(sheet: Sheet, tmp_path: Path) -> None:
    command = ["index", "--leaders", sheet(load_hue_leaders(2022)), "--instrument", "leaders-2022"]
    assert "--group-weights" in refused(*command)
    absent = str(tmp_path / "absent.toml")
    assert "cannot be read" in refused(*command, "--group-weights", absent)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["index", "--demo", "--households", "x.csv"], "not --households"),
        (["section-a", "--demo", "--leaders", "x.csv"], "not --leaders"),
        (["section-a", "--demo", "--column", "commune=Xã"], "not --column"),
        (
            ["section-a", "--leaders-before", "x.csv"],
            "none for this year's leaders",
        ),
        (["section-a", "--households-before", "x.csv"], "none for this year's households"),
        (["section-a", "--households", "x.csv", "--group-weights", "w"], "no file for leaders"),
        (["index", "--households", "x.csv", "--group-weights", "w"], "without --leaders"),
        (
            ["section-a", "--leaders", "x.csv", "--instrument", "i"],
            "given, but no file",
        ),
        (["index", "--leaders", "x.csv", "--by", "group"], "--by without --households"),
        (["index"], "no sheet given"),
        (["section-a"], "households: no file given, and none for leaders"),
        (["check", "x.csv", "--instrument", "sipas-2022", "--column", "commune"], "ROLE=NAME"),
        (["check", "x.csv", "--instrument", "sipas-2022", "--sent", "many"], "neither a number"),
        (["check", "x.csv", "--instrument", "sipas-2022", "--sent", "a=b"], "neither a number"),
        (["check", "x.csv", "--instrument", "sipas-2022", "--sent", "0"], "neither a number"),
        (["check", "x.csv", "--instrument", "sipas-2022", "--sent", "a=1,a=2"], "twice: a, a"),
    ],
)
def test_combinations_that_mean_nothing(arguments: list[str], message: str) -> None:
    assert message in refused(*arguments)


def test_a_column_that_no_sheet_has(sheet: Sheet) -> None:
    path = sheet(load_worked())
    command = ["check", path, "--instrument", WORKED, "--column", "commune=comune"]
    assert "Column commune=comune: no sheet has" in refused(*command)
    assert "no such role" in refused(*command[:-1], "comune=commune")


def test_section_a_of_the_demonstration(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    result = run("section-a", "--demo", "--out", str(out), "--formats", "txt")
    assert result.exit_code == 0, result.output
    assert result.stdout.rstrip().endswith(str(out / "section_a.txt"))
    assert "79,56" in (out / "section_a.txt").read_text(encoding="utf-8")
    unknown = ["section-a", "--demo", "--out", str(out), "--formats", "word"]
    assert "'word' is not an option" in refused(*unknown)
    assert "section_a.txt is a file" in refused(*unknown[:3], str(out / "section_a.txt"))


@pytest.mark.parametrize("name", ["txt", "docx", "xlsx"])
def test_a_file_that_is_held_open_is_one_paragraph(
    sheet: Sheet, tmp_path: Path, name: str
) -> None:
    (tmp_path / f"section_a.{name}").mkdir()
    own = ["--households", sheet(load_worked()), "--instrument", WORKED]
    shown = refused("section-a", *own, "--out", str(tmp_path), "--formats", name)
    assert "Cannot write" in shown
    assert f"section_a.{name}" in shown
    assert "choose another folder (--out)" in shown
    assert len(shown.strip().splitlines()) == 1


def test_section_a_of_own_sheets(sheet: Sheet, write: Write, tmp_path: Path) -> None:
    renamed = {"commune": "Xã"}
    now = sheet(load_hue_households(2022).rename(columns=renamed), "now.csv")
    before = sheet(load_hue_households(2021), "before.csv")
    districts = ("huyện A Lưới", "huyện Nam Đông", "thành phố Huế")
    text = "".join(
        f'"{name}" = {share}\n' for name, share in zip(districts, (1, 1, 8), strict=True)
    )
    command = [
        "section-a",
        *("--households", now, "--instrument", "sipas-2022", "--sent", "500"),
        *("--households-before", before, "--instrument-before", "sipas-2021"),
        *("--column", "commune=Xã", "--lonely-psu", "adjust"),
        *("--population-weights", write("shares.toml", text)),
        *("--published", "hue_sipas_dimensions"),
        *("--out", str(tmp_path), "--formats", "txt"),
    ]
    result = run(*command)
    assert result.exit_code == 0, result.output
    written = (tmp_path / "section_a.txt").read_text(encoding="utf-8")
    assert "79,56" in written
    assert "88,60" in written
    wrong = write("shares.toml", '"huyện A Lưới" = 1\n')
    assert "no weight for" in refused(*command[:-4], "--population-weights", wrong)
    assert "Did you mean 'hue_sipas_dimensions'" in refused(
        *command, "--published", "hue_sipas_dimension"
    )


def test_a_rule_for_strata_of_one_unit_changes_nothing_where_there_is_none() -> None:
    households = (demonstration.households(2021), demonstration.households(2022))
    leaders = (demonstration.leaders(2021), demonstration.leaders(2022))
    made = [
        section_a(
            households=households,
            leaders=leaders,
            group_weights=dict(demonstration.LEADER_WEIGHTS),
            population_weights=demonstration.population_weights(),
            lonely_psu=rule,
        )
        for rule in ("fail", "adjust")
    ]
    assert made[0].text() == made[1].text()
    one = section_a(households=households[1], lonely_psu="average")
    assert one.parts.households is not None
    assert one.parts.households.after.design.lonely_psu == "average"


def test_the_list_of_data() -> None:
    result = run("datasets")
    assert result.exit_code == 0
    assert "hue_households_2022_madeup" in result.stdout


def test_a_warning_is_one_paragraph_without_code(sheet: Sheet, tmp_path: Path) -> None:
    frame = load_hue_households(2022)
    frame["S1.1"] = ""
    result = run(
        *("section-a", "--households", sheet(frame), "--instrument", "sipas-2022"),
        *("--out", str(tmp_path), "--formats", "txt"),
    )
    assert result.exit_code == 0, result.output
    assert result.stderr.startswith("sipas: ")
    assert "S1.1" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_the_module_is_the_command() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "sipas", "index", "--help"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert said.stdout.startswith("Usage: python -m sipas index")
    assert said.stderr == ""
