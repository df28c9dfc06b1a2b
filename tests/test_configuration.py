"""Section A from a configuration: what the file may say, what it refuses, and who goes first."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from sipas import demonstration, report
from sipas.cli import main
from sipas.datasets import (
    load_hue_households,
    load_hue_leaders,
    load_worked,
    worked_instrument_path,
)
from sipas.report.configuration import Report
from sipas.report.configuration_keys import KEYS, TABLES, read_target_file
from sipas.report.files import KNOWN
from sipas.report.sources import read_all, target_table
from survey.errors import SurveyError

TEMPLATES = Path(report.__file__).parent
PRINTED = ["hue_sipas_dimensions", "hue_par_parts", "hue_leader_groups"]
OWN = ["leader_weights", "population_weights", "targets"]
Write = Callable[..., Path]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["section-a", *arguments])


def refused(*arguments: str) -> str:
    """The one paragraph of a refusal, on the error stream, with nothing on the other."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    return result.stderr


def template(lang: str) -> str:
    return TEMPLATES.joinpath(f"section_a.{lang}.toml").read_text(encoding="utf-8")


def uncommented(text: str) -> str:
    """The template with every key in use; a number where it leaves one open, and no file then."""
    keys = re.sub(r"^#(?=\S)", "", text, flags=re.MULTILINE)
    numbers = re.sub(r"=\s*$", "= 25", keys, flags=re.MULTILINE)
    return re.sub(r"^(file = '[\w-]+\.toml|table = .*)'\n", "", numbers, flags=re.MULTILINE)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a configuration and give its path."""

    def written(text: str, name: str = "section_a.toml", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        return path

    return written


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's sheets as workbooks, its weights, and a configuration of it all."""
    made = tmp_path_factory.mktemp("khảo sát")
    for year in demonstration.YEARS:
        load_hue_households(year).to_excel(made / f"ho-{year}.xlsx", index=False)
        load_hue_leaders(year).to_excel(made / f"lanh-dao-{year}.xlsx", index=False)
    shares = demonstration.population_weights()["district"]
    lines = "".join(f"'{name}' = {share}\n" for name, share in shares.items())
    (made / "dan-so.toml").write_text(lines, encoding="utf-8")
    weights = "".join(f"{k} = {v}\n" for k, v in demonstration.LEADER_WEIGHTS.items())
    (made / "trong-so.toml").write_text(weights, encoding="utf-8")
    sent = ", ".join(f"{group} = {count}" for group, count in demonstration.LEADERS_SENT.items())
    (made / "section_a.toml").write_text(
        f"""\
[households]
file = 'ho-2022.xlsx'
instrument = 'sipas-2022'
sent = 486
[households_before]
file = 'ho-2021.xlsx'
instrument = 'sipas-2021'
sent = 486
[leaders]
file = 'lanh-dao-2022.xlsx'
instrument = 'leaders-2022'
sent = {{ {sent} }}
[leaders_before]
file = 'lanh-dao-2021.xlsx'
instrument = 'leaders-2021'
[leader_weights]
{weights}
[population_weights]
file = 'dan-so.toml'
[report]
published = {PRINTED}
formats = ['txt']
""",
        encoding="utf-8",
    )
    return made


@pytest.fixture(scope="module")
def demo_text() -> str:
    return report.demo().text()


# ---- the template ----


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_new_configuration_says_every_key_and_all_of_them_can_be_read(
    lang: Any, tmp_path: Path
) -> None:
    path = report.write_configuration(tmp_path, lang=lang)
    text = path.read_text(encoding="utf-8")
    path.write_text(uncommented(text), encoding="utf-8")
    read = report.read_configuration(path)
    assert read.report.lang == lang
    assert read.leader_weights == {"hdnd": 25, "so": 25, "phong": 25, "huyen": 25}
    tables = tomllib.loads(uncommented(text))
    assert list(tables) == [*[*KEYS][:5], *OWN, "report"]
    assert set(tables) == set(TABLES)
    assert {name: list(tables[name]) for name in KEYS} == {n: list(k) for n, k in KEYS.items()}


def test_both_languages_have_the_same_keys_and_defaults() -> None:
    key = re.compile(r"^#?([\[\w].*?)(?: =|$)", re.MULTILINE)
    vi, en = (key.findall(template(lang)) for lang in ("vi", "en"))
    assert vi == en


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_defaults_named_in_the_template_are_the_defaults(lang: Any, tmp_path: Path) -> None:
    path = report.write_configuration(tmp_path, lang=lang)
    tables = tomllib.loads(uncommented(path.read_text(encoding="utf-8")))
    plain = report.read_configuration(path)
    for key in ("lang", "level", "lonely_psu"):
        assert tables["report"][key] == getattr(plain.report, key)
    assert tmp_path / tables["report"]["out"] == plain.report.out
    assert plain == report.Configuration(report=plain.report)


def test_every_format_is_named_in_the_template_and_the_help() -> None:
    shown = run("--help").output
    for name in KNOWN:
        assert name in shown
        assert all(f"'{name}'" in template(lang) for lang in ("vi", "en"))


def test_no_weight_is_invented() -> None:
    for lang in ("vi", "en"):
        for group in demonstration.LEADER_WEIGHTS:
            assert f"\n#{group} =\n" in template(lang)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_as_written_it_says_what_is_missing(lang: str, tmp_path: Path) -> None:
    path = tmp_path / "section_a.toml"
    made = run("--init", "--lang", lang, "--out", str(tmp_path))
    assert made.exit_code == 0, made.output
    assert f"sipas section-a --config {path}" in made.stdout
    assert ("Mở tệp" if lang == "vi" else "Open it") in made.stdout
    shown = refused("--config", str(path))
    assert "households: no file given, and none for leaders" in shown
    assert "--households FILE, or write file = '…' below [households]" in shown


def test_a_configuration_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("# mine", encoding="utf-8")
    assert "mine.toml is there already" in refused("--init", "--out", str(path))
    assert path.read_text(encoding="utf-8") == "# mine"
    deep = tmp_path / "a b" / "new.toml"
    made = run("--init", "--out", str(deep))
    assert f'--config "{deep}"' in made.stdout
    assert deep.is_file()
    assert "Cannot write" in refused("--init", "--out", str(path / "below"))
    with pytest.raises(SurveyError, match="'de' is not an option"):
        report.write_configuration(tmp_path, lang="de")  # type: ignore[arg-type]


# ---- one and the same report ----


def test_file_options_and_demonstration_give_one_text(folder: Path, demo_text: str) -> None:
    made = run("--config", str(folder / "section_a.toml"))
    assert made.exit_code == 0, made.output
    written = folder / "out" / "section_a.txt"
    assert made.stdout.rstrip().endswith(str(written))
    assert written.read_text(encoding="utf-8") == demo_text


def test_options_alone_give_the_same_text(folder: Path, demo_text: str, tmp_path: Path) -> None:
    own = {
        "households": "ho-2022.xlsx",
        "households-before": "ho-2021.xlsx",
        "leaders": "lanh-dao-2022.xlsx",
        "leaders-before": "lanh-dao-2021.xlsx",
        "group-weights": "trong-so.toml",
        "population-weights": "dan-so.toml",
    }
    made = run(
        *(word for name, file in own.items() for word in (f"--{name}", str(folder / file))),
        *("--instrument", "sipas-2022", "--instrument-before", "sipas-2021"),
        *("--leader-instrument", "leaders-2022", "--leader-instrument-before", "leaders-2021"),
        *("--sent", "486", "--sent-before", "486"),
        *("--leader-sent", "hdnd=46,so=65,phong=264,huyen=29"),
        *(word for name in PRINTED for word in ("--published", name)),
        *("--out", str(tmp_path), "--formats", "txt"),
    )
    assert made.exit_code == 0, made.output
    assert (tmp_path / "section_a.txt").read_text(encoding="utf-8") == demo_text


def test_from_a_notebook_the_report_is_the_same(folder: Path, demo_text: str) -> None:
    made = report.from_file(folder / "section_a.toml")
    assert made.text() == demo_text
    assert made.parts.level == 0.95


# ---- who goes first ----


def test_options_go_before_the_file(folder: Path, tmp_path: Path) -> None:
    made = run(
        *("--config", str(folder / "section_a.toml")),
        *("--lang", "en", "--level", "0.9", "--sent", "600", "--out", str(tmp_path)),
    )
    assert made.exit_code == 0, made.output
    text = (tmp_path / "section_a.txt").read_text(encoding="utf-8")
    assert "600" in text
    assert "90%" in text
    assert "percentage points" in text
    assert made.stdout.startswith("Summary of the survey results")


def test_an_option_that_was_not_typed_leaves_the_file_alone(write: Write) -> None:
    path = write("[report]\nlang = 'en'\nlevel = 0.9\nformats = ['docx']\n")
    read = report.read_configuration(path)
    assert read.changed({}) == read
    changed = read.changed({"report": {"level": 0.99}, "households": {"sent": 5}})
    assert (changed.report.lang, changed.report.level) == ("en", 0.99)
    assert changed.households.sent == 5
    assert read.report.level == 0.9


def test_a_sheet_or_column_for_every_file_takes_the_place_of_those_of_one(write: Write) -> None:
    path = write("""
[households]
sheet = 'A'
columns = { commune = 'Xã', district = 'Huyện' }
[reading]
sheet = 'B'
columns = { commune = 'Phường', village = 'Thôn' }
""")
    read = report.read_configuration(path)
    assert (read.households.sheet, read.reading.sheet) == ("A", "B")
    new = read.changed({"reading": {"sheet": "C", "columns": {"commune": "c"}}})
    assert (new.households.sheet, new.reading.sheet) == (None, "C")
    assert new.households.columns == {"district": "Huyện"}
    assert new.reading.columns == {"commune": "c", "village": "Thôn"}
    assert read.changed({"reading": {"duplicates": "first"}}).households == read.households


def test_paths_start_from_the_folder_of_the_file(write: Write, tmp_path: Path) -> None:
    path = write(f"""
[households]
file = 'data/2022.xlsx'
instrument = 'own.toml'
[leaders]
file = '{tmp_path / "elsewhere.csv"}'
instrument = 'leaders-2022'
[report]
published = ['hue_par_parts', 'printed.csv']
append_to = 'plan.docx'
""")
    read = report.read_configuration(path)
    assert read.households.file == tmp_path / "data" / "2022.xlsx"
    assert read.households.instrument == str(tmp_path / "own.toml")
    assert read.leaders.file == tmp_path / "elsewhere.csv"
    assert read.leaders.instrument == "leaders-2022"
    assert read.report.published == ("hue_par_parts", str(tmp_path / "printed.csv"))
    assert read.report.append_to == tmp_path / "plan.docx"
    assert read.report.out == tmp_path / "out"


def test_two_years_in_one_workbook_with_columns_of_their_own(write: Write, tmp_path: Path) -> None:
    with pd.ExcelWriter(tmp_path / "both.xlsx") as book:
        now, before = load_worked(), load_worked(before=True)
        now.rename(columns={"commune": "Xã"}).to_excel(book, sheet_name="nay", index=False)
        before.rename(columns={"commune": "Xã/phường"}).to_excel(
            book, sheet_name="trước", index=False
        )
    path = write(f"""
[households]
file = 'both.xlsx'
instrument = '{worked_instrument_path()}'
sheet = 'nay'
columns = {{ commune = 'Xã' }}
[households_before]
file = 'both.xlsx'
instrument = '{worked_instrument_path()}'
sheet = 'trước'
columns = {{ commune = 'Xã/phường' }}
""")
    said = report.read_configuration(path)
    read = read_all([said.households, said.households_before], said.reading)
    assert [set(answers.data["year"].astype(int)) for answers in read] == [{2022}, {2021}]
    communes = set(load_worked()["commune"])
    assert all(set(answers.data["commune"]) == communes for answers in read)


class Recorder:
    """Stands for a report, and keeps what it was asked to save."""

    def save(self, folder: Path, **options: Any) -> list[Path]:
        self.asked = {"folder": folder, **options}
        return []


def test_what_is_written_where_is_as_the_file_says(write: Write, tmp_path: Path) -> None:
    made = Recorder()
    report.read_configuration(write("")).save(made)  # type: ignore[arg-type]
    assert made.asked == {"folder": tmp_path / "out"}
    path = write("[report]\nformats = ['docx']\nappend_to = 'a.docx'\nbookmark = 'b'\nout = 'o'\n")
    report.read_configuration(path).save(made)  # type: ignore[arg-type]
    assert made.asked == {
        "folder": tmp_path / "o",
        "formats": ("docx",),
        "append_to": tmp_path / "a.docx",
        "bookmark": "b",
    }
    with pytest.raises(SurveyError, match=r"section_a\.toml is a file"):
        report.Configuration(report=Report(out=path)).save(made)  # type: ignore[arg-type]


# ---- what is refused ----


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[household]\n", "line 1 [household]: no such table. Did you mean 'households'?"),
        ("\n[households]\nfil = 'a'", "line 3 [households] fil: no such key. Did you mean 'file'"),
        ("[leaders]\nsentt = { so = 1 }", "[leaders] sentt: no such key. Did you mean 'sent'?"),
        ("lang = 'en'", "line 1 lang: no such key. It belongs below [report]."),
        ("[reading]\nlevel = 0.9", "line 2 [reading] level: no such key. It belongs below [repo"),
        ("[leader_weights]\nlang = 'vi'", "line 2 [leader_weights] lang: no such key. It belongs"),
        ("zzz = 1", "line 1 zzz: no such key. Known: "),
        ("households = 'a.xlsx'", "line 1 households: got 'a.xlsx'. Expected lines below the h"),
        ("[[leaders]]\nfile = 'a'", "leaders: got [{'file': 'a'}]. Expected lines below"),
        ("[households]\nfile = 3", "line 2 [households] file: got 3. Expected the path of a file"),
        ("[households]\nfile = ' '", "got ' '. Expected the path of a file, in single quotes."),
        ("[households]\nsent = '486'", "sent: got '486'. Expected a number of forms such as 486"),
        ("[households]\nsent = 0", "sent: got 0. Expected a number of forms"),
        ("[households]\nsent = true", "sent: got True. Expected a number of forms"),
        ("[leaders]\nsent = { so = 1.5 }", "[leaders.sent] so: got 1.5. Expected a number of f"),
        ("[leaders.sent]\nso = -1", "line 2 [leaders.sent] so: got -1. Expected a number"),
        ("[leaders]\nsent = {}", "[leaders] sent: got {}. Expected a number of forms"),
        ("[reading]\ncolumns = 'Xã'", "columns: got 'Xã'. Expected roles and columns such as {"),
        ("[reading.columns]\ncommune = 1", "line 2 [reading.columns] commune: got 1. Expected t"),
        ("[reading]\nduplicates = 'all'", "got 'all'. Expected one of 'refuse', 'first', 'last'"),
        ("[report]\nlang = 'fr'", "line 2 [report] lang: got 'fr'. Expected one of 'vi', 'en'."),
        ("[report]\nlevel = '95%'", "level: got '95%'. Expected a number such as 0.95, without q"),
        ("[report]\nlevel = nan", "level: got nan. Expected a number such as 0.95"),
        ("[report]\nformats = 'docx'", "formats: got 'docx'. Expected a list such as ['docx', "),
        ("[report]\nformats = ['word']", "formats: got 'word'. Expected one of 'docx', 'xlsx'"),
        ("[report]\nlonely_psu = 1", "lonely_psu: got 1. Expected one of 'fail', 'remove'"),
        ("[leader_weights]\nso = '4'", "line 1 [leader_weights]: not a number: so."),
        ("[leader_weights]\nso = inf", "[leader_weights]: not a number: so."),
        ("[leader_weights]\nfile = 'a'\nso = 1", "[leader_weights]: file, and lines of its own"),
        ("[targets]\nservices = true", "line 2 [targets] services: got True. Expected a target "),
        ("[targets]\nyear = '2025'\nS1 = 1", "line 2 [targets] year: got '2025'. Expected a year"),
        ("[targets]\nsource = 'Plan'", "line 1 [targets]: no target. Write lines such as"),
        ("[targets]\ntable = 'a'\nS1 = 1", "line 1 [targets]: table, and lines of its own."),
        ("[targets]\nout = 'a'", "line 2 [targets] out: no such key. It belongs below [report]."),
        ("[population_weights]\nfile = 1", "[population_weights] file: got 1. Expected the path"),
    ],
)
def test_a_key_or_value_that_cannot_be_is_refused_with_its_line(
    write: Write, text: str, message: str
) -> None:
    shown = refused("--config", str(write(text)))
    assert shown.startswith("sipas: ")
    assert message in shown
    assert "section_a.toml" in shown


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        (r'file = "D:\data\2022.xlsx"', "single quotes"),
        (r'file = "C:\Users\Lan\2022.xlsx"', "single quotes"),
        ("file = “2022.xlsx”", "straight quotes"),
        ("instrument = sipas-2022", "Write text in quotes"),
        ("sent =", "Write the value after =, or put # before the line"),
        ("sent = 486,5", "Write decimals with a point"),
        ("sent = 1\nsent = 2", "It is said twice: keep one"),
        ("sent = {\n", "(Invalid initial character"),
    ],
)
def test_slips_of_notation_have_their_mend(write: Write, line: str, mend: str) -> None:
    shown = refused("--config", str(write(f"[households]\n{line}\n")))
    last = 2 + line.rstrip().count("\n")
    assert f"section_a.toml, line {last} cannot be read as TOML: {line.splitlines()[-1]}" in shown
    assert mend in shown


@pytest.mark.parametrize("name", ["huyện A Lưới", "xã", "A Luoi"])
def test_a_name_without_quotes_has_its_mend(write: Write, name: str) -> None:
    shown = refused("--config", str(write(f"[population_weights]\n{name} = 0.1\n")))
    assert "Write a name with spaces or accents in quotes" in shown


def test_a_backslash_that_toml_reads_as_an_escape_is_found(write: Write) -> None:
    shown = refused("--config", str(write('[households]\nfile = "D:\\new\\2022.xlsx"\n')))
    assert "backslash" in shown
    shown = refused("--config", str(write('[households]\nfile = "D:\\new\\test.xlsx"\n')))
    assert r"got 'D:\new\test.xlsx', where a backslash was read as an escape" in shown
    single = report.read_configuration(write("[households]\nfile = 'D:\\new\\test.xlsx'\n"))
    assert single.households.file is not None
    assert single.households.file.name.endswith("D:\\new\\test.xlsx")


def test_encodings(write: Write, tmp_path: Path) -> None:
    text = "[households]\ncolumns = { commune = 'Xã' }\n"
    marked = report.read_configuration(write(text, encoding="utf-8-sig"))
    assert marked.households.columns == {"commune": "Xã"}
    for encoding in ("utf-16", "utf-16-le"):
        shown = refused("--config", str(write(text, encoding=encoding)))
        assert "is in UTF-16, and TOML is written in UTF-8. Save it again as UTF-8" in shown
    assert "is not in UTF-8, in which" in refused("--config", str(write(text, encoding="latin-1")))
    write("").with_name("book.xlsx").write_bytes(b"PK\x03\x04\x14\x00\x06\xff")
    assert "is not in UTF-8, in which" in refused("--config", str(tmp_path / "book.xlsx"))
    assert "is a folder. Give the TOML file in it" in refused("--config", str(tmp_path))
    assert "cannot be read" in refused("--config", str(tmp_path / "absent.toml"))


def test_names_in_combining_form_are_those_of_the_forms(write: Write) -> None:
    path = write("[population_weights]\n'huye\u0323\u0302n A Lu\u031bo\u031b\u0301i' = 1\n")
    assert report.read_configuration(path).population_weights == {"huyện A Lưới": 1.0}


def test_targets_stand_in_the_text_with_their_source(folder: Path, write: Write) -> None:
    lines = "services = 80\ntotal = '>=75'\nsource = 'Kế hoạch số 12'\nyear = 2025\n"
    text = (folder / "section_a.toml").read_text(encoding="utf-8")
    both = folder / "with_targets.toml"
    both.write_text(f"{text}\n[targets]\n{lines}", encoding="utf-8")
    read = report.read_configuration(both)
    made = read.section_a()
    table = made.tables["targets"].frame
    assert sorted(table["target"]) == [75.0, 80.0]
    assert set(table["by"]) == {2025.0}
    assert "Kế hoạch số 12" in made.text()
    assert read_target_file(write(lines, "targets.toml")) == read.targets


def test_targets_of_a_file_of_such_lines(write: Write, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    load_worked().to_csv(sheet, index=False)
    targets = write("S1 = 64.5\n", "targets.toml")
    made = run(
        *("--households", str(sheet), "--instrument", str(worked_instrument_path())),
        *("--targets", str(targets), "--out", str(tmp_path), "--formats", "txt"),
    )
    assert made.exit_code == 0, made.output
    assert "64,5" in (tmp_path / "section_a.txt").read_text(encoding="utf-8")


def test_targets_of_a_table(write: Write, tmp_path: Path) -> None:
    csv = write("code,target\nservices,>=80\n", "targets.csv")
    assert report.read_configuration(write("[targets]\ntable = 'targets.csv'")).targets == str(csv)
    frame = target_table(str(csv))
    assert isinstance(frame, pd.DataFrame)
    assert frame["target"].tolist() == [">=80"]
    assert report.read_configuration(write("[targets]\ntable = 'hue_targets'")).targets == (
        "hue_targets"
    )
    assert target_table("hue_targets") == "hue_targets"
    assert target_table(None) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[leaders]\ninstrument = 'leaders-2022'", "leaders: instrument given, but no file. Pass"),
        ("[households_before]\nfile = 'a.csv'", "none for this year's households. Pass --househ"),
        ("[leader_weights]\nso = 1", "leader_weights given, but no file for leaders"),
        ("[population_weights]\n'A' = 1", "population_weights given, but no file for households"),
        ("[households]\nfile = 'a.csv'\n[report]\nbookmark = 'b'", "bookmark given, but no docu"),
        ("[targets]\nS1 = 1", "households: no file given"),
        ("[households]\nfile = 'a.csv'", "a.csv: which instrument? Pass --instrument"),
        ("[households]\nfile = 'a.csv'\ninstrument = 'sipas-2022'", "No file '"),
    ],
)
def test_what_nothing_can_use_is_refused(write: Write, text: str, message: str) -> None:
    assert message in refused("--config", str(write(text)))


def test_errors_of_the_sheets(folder: Path, write: Write) -> None:
    path = folder / "ho-2022.xlsx"
    text = f"[households]\nfile = '{path}'\ninstrument = 'sipas-2022'\n"
    config = ["--config", str(write(text))]
    assert "no sheet 'Nháp'. Known: 'Sheet1'" in refused(*config, "--sheet", "Nháp")
    assert "no sheet has a column 'Xã'" in refused(*config, "--column", "commune=Xã")
    other = refused(*config, "--instrument", "leaders-2022")
    assert "shipped instrument that matches best" in other


def test_small_files_are_read_before_the_sheets(folder: Path, write: Write) -> None:
    config = ["--config", str(folder / "section_a.toml"), "--leaders", "absent.xlsx"]
    assert "cannot be read" in refused(*config, "--group-weights", str(folder / "absent.toml"))
    wrong = write("hdnd = 25,5\n", "wrong.toml")
    shown = refused(*config, "--group-weights", str(wrong))
    assert "wrong.toml, line 1 cannot be read as TOML: hdnd = 25,5. Write decimals" in shown
    assert "Did you mean 'hue_par_parts'" in refused(*config, "--published", "hue_par_part")


def test_leaders_without_weights_are_told_both_ways(folder: Path, write: Write) -> None:
    path = write(
        f"[leaders]\nfile = '{folder / 'lanh-dao-2022.xlsx'}'\ninstrument = 'leaders-2022'\n"
        "[leader_weights]\n"
    )
    shown = refused("--config", str(path))
    assert "printed in no source" in shown
    assert "--group-weights FILE" in shown
    assert "[leader_weights]" in shown


def test_init_and_demo_take_nothing_of_ones_own(write: Write) -> None:
    assert "without --households, --config" in refused(
        "--init", "--households", "a.csv", "--config", "a.toml"
    )
    assert "not --config" in refused("--demo", "--config", str(write("")))
    assert "not --level" in refused("--demo", "--level", "0.9")
    assert "'word' is not an option" in refused("--demo", "--formats", "docx,word")
    for survey in (["--households", "a.csv"], ["--demo"]):
        assert "--append-to FILE" in refused(*survey, "--bookmark", "b")
