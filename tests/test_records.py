"""Records: the hash of the answers, the same result again, R's numbers, and the command."""

from __future__ import annotations

import csv
import doctest
import hashlib
import importlib.util
import json
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from click.testing import CliRunner, Result

import sipas
import survey
from sipas import demonstration
from sipas.cli import main
from sipas.datasets import load_hue_households, load_worked, worked_instrument_path
from sipas.records import Record, record, rerun
from survey.errors import SurveyError

DOCS = Path(__file__).resolve().parents[1] / "docs"
CAPITAL = "thành phố Huế"
SHEETS = Path(__file__).resolve().parents[1] / "datasets" / "synthetic"
NOW, BEFORE = (SHEETS / f"hue_households_{year}_madeup.csv" for year in (2022, 2021))


def _page() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_record", DOCS / "make_record.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


CASES: dict[str, Callable[[], Record]] = _page().CASES


@pytest.fixture(scope="module")
def households() -> sipas.Answers:
    return demonstration.households(2022)


@pytest.fixture(scope="module")
def plain(households: sipas.Answers) -> Record:
    return record(sipas.satisfaction(households))


def numbers(made: Record, name: str) -> dict[tuple[str, str], float]:
    return {
        (part, label): row[name]
        for part, rows in made.content["estimates"].items()
        for label, row in rows.items()
    }


# -- R ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_r_gives_the_same_numbers(case: str) -> None:
    made = CASES[case]()
    with (DOCS / "record" / case / "estimates_r.csv").open(encoding="utf-8") as file:
        by_r = {(row["part"], row["label"]): row for row in csv.DictReader(file)}
    for name in ("estimate", "se"):
        ours = numbers(made, name)
        assert ours.keys() == by_r.keys()
        theirs = np.array([float(by_r[key][name]) for key in ours])
        np.testing.assert_allclose(list(ours.values()), theirs, rtol=0, atol=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_the_kept_script_and_record_are_those_of_today(case: str) -> None:
    made = CASES[case]()
    kept = DOCS / "record" / case
    assert (kept / "reproduce.R").read_text(encoding="utf-8") == made.r_code
    compared = Record.read(kept).compare(made)
    assert compared.same, compared.text("en")


def test_r_code_is_refused_for_what_the_package_does_not_know(households: sipas.Answers) -> None:
    design = survey.Design(
        households.data, strata="district", psu="commune", lonely_domain="adjust"
    )
    made = record(sipas.satisfaction(households, design=design))
    with pytest.raises(SurveyError, match="no R code for lonely_domain"):
        _ = made.r_code


def test_a_change_with_some_communes_new_is_left_out_of_the_r_code() -> None:
    sheet = load_hue_households(2021)
    moved = sheet.assign(commune=sheet["commune"].replace("xã A Ngo", "xã Mới"))
    before = sipas.clean(moved, "sipas-2021")
    made = record(sipas.compare(before, demonstration.households(2022), link="items"))
    assert made.content["rules"]["psus_in_both"] == 8
    assert "# The change is left out" in made.r_code
    assert "# The change is left out" not in CASES["change"]().r_code
    assert made.content["estimates"]["change"]["services"]["se"] > 0


# -- the answers and their hash -----------------------------------------------------------------


def test_the_hash_is_that_of_the_written_file(plain: Record, tmp_path: Path) -> None:
    written = plain.write(tmp_path / "kept")
    assert [path.name for path in written] == ["record.json", "data.csv", "reproduce.R"]
    data = (tmp_path / "kept" / "data.csv").read_bytes()
    recorded = plain.content["surveys"]["survey"]["answers"]
    assert recorded["sha256"] == hashlib.sha256(data).hexdigest()
    assert recorded["rows"] == 486 == data.count(b"\n") - 1


def test_order_spelling_and_other_columns_do_not_change_the_hash(plain: Record) -> None:
    sheet = load_hue_households(2022)
    shuffled = sheet.sample(frac=1, random_state=7).drop(columns=["age", "made_up"])
    decomposed = shuffled.assign(
        commune=[unicodedata.normalize("NFD", name) for name in shuffled["commune"]]
    ).rename(columns={"commune": "Xã"})
    answers = sipas.clean(decomposed, "sipas-2022", sent=486, commune="Xã")
    assert plain.compare(record(sipas.satisfaction(answers))).same


def test_another_answer_changes_the_hash_and_says_by_how_much(plain: Record) -> None:
    sheet = load_hue_households(2022)
    row = int(np.flatnonzero(sheet["S1.1"] == "4")[0])
    sheet.loc[row, "S1.1"] = "2"
    changed = record(sipas.satisfaction(sipas.clean(sheet, "sipas-2022", sent=486)))
    compared = plain.compare(changed)
    assert not compared.same
    table = compared.table.set_index("name")
    differs = compared.moved.set_index("name")["what"]
    assert differs["survey sha256"] == "answers"
    n = numbers(plain, "n")["index", "S1.1"]
    assert table.loc["index S1.1 estimate", "moved"] == pytest.approx(-100 / n, abs=1e-12)
    assert table.loc["index services estimate", "moved"] == pytest.approx(-5 / n, abs=1e-12)
    assert table.loc["index S2.1 estimate", "same"]
    assert f"({-100 / n:.6f})".replace("-", "−") in compared.text("en")


def test_nothing_of_persons_or_of_this_machine_is_written(tmp_path: Path) -> None:
    for made in (CASES["change"](), CASES["districts"]()):
        folder = tmp_path / made.content["result"]
        text = "".join(path.read_text(encoding="utf-8") for path in made.write(folder))
        for private in ("H22-0001", "H21-0001", "gender", "village", str(tmp_path), "/home"):
            assert private not in text


def test_json_is_stable_and_read_back(plain: Record, tmp_path: Path) -> None:
    again = record(sipas.satisfaction(demonstration.households(2022)))
    assert again.to_json() == plain.to_json()
    plain.write(tmp_path)
    read = Record.read(tmp_path / "record.json")
    assert read.content == plain.content
    assert read.r_code == plain.r_code
    with pytest.raises(SurveyError, match="holds no answers"):
        read.write(tmp_path)


def test_the_source_is_recorded_when_given(households: sipas.Answers) -> None:
    made = record(sipas.satisfaction(households), source=NOW)
    kept = made.content["surveys"]["survey"]["answers"]["source_sha256"]
    assert kept == hashlib.sha256(NOW.read_bytes()).hexdigest()
    other = record(sipas.satisfaction(households), source=BEFORE)
    assert made.compare(other).same
    assert not made.compare(other).table.set_index("what").loc["source", "same"]


# -- made again ---------------------------------------------------------------------------------


def kept(made: Record) -> Record:
    """What is left of a record when it was written and read."""
    return Record(json.loads(made.to_json()), {})


def test_designs_are_made_again(households: sipas.Answers) -> None:
    national = {"Thừa Thiên Huế": CAPITAL}
    wanted = {
        '{"psu": "village"}': households.design(psu="village"),
        '{"inference": "province", "capital": "thành phố Huế"}': households.design(
            "province", capital=CAPITAL
        ),
        '{"inference": "nation", "capital": {"Thừa Thiên Huế": "thành phố Huế"}}': (
            households.design("nation", capital=national)
        ),
        '{"lonely_psu": "average"}': households.design(lonely_psu="average"),
        "{}": households.design(),
    }
    for arguments, design in wanted.items():
        old = record(sipas.satisfaction(households, design=design))
        found = old.content["surveys"]["survey"]["design"]
        assert (found["call"], found["arguments"]) == ("answers.design", json.loads(arguments))
        assert old.compare(record(rerun(kept(old), households))).same
    for own in (
        survey.Design(households.data, psu="village", nest=True),
        survey.Design(households.data, strata="district", psu="commune", nest=True),
        survey.Design(households.data, psu="commune", population_label="the province"),
    ):
        old = record(sipas.satisfaction(households, design=own))
        assert old.content["surveys"]["survey"]["design"]["call"] == "survey.Design"
        assert old.compare(record(rerun(kept(old), households))).same


def test_designs_that_cannot_be_made_again_are_refused(households: sipas.Answers) -> None:
    design = households.design()
    women = design.domain(design.data["gender"] == "Nữ")
    areas = households.data["area"].value_counts().to_dict()
    adjusted = survey.poststratify(design, "area", {k: 100.0 * v for k, v in areas.items()})
    elsewhere = survey.Design(
        households.data.assign(zone=households.data["district"]), strata="zone", psu="commune"
    )
    for other in (women, adjusted, elsewhere):
        with pytest.raises(SurveyError, match="cannot be made again"):
            record(sipas.satisfaction(households, design=other))


def test_rules_are_followed(households: sipas.Answers) -> None:
    shares = demonstration.population_weights()
    for rules in (
        {"score": "mean", "aggregate": "pooled", "missing": "listwise", "policy_weight": 0.4},
        {"group_weights": shares},
        {"by": ["district", "gender"]},
    ):
        old = record(sipas.satisfaction(households, **rules))
        assert old.compare(record(rerun(kept(old), households))).same
        assert not old.compare(record(sipas.satisfaction(households))).same


def test_leaders_and_their_change_are_made_again() -> None:
    before, after = (demonstration.leaders(year) for year in (2021, 2022))
    weights = dict(demonstration.LEADER_WEIGHTS)
    uneven = sipas.leader_scores(after, group_weights=weights).weights.copy()
    uneven["L2.1"] = [0.4, 0.3, 0.2, 0.1]
    one = [
        sipas.leader_scores(after, group_weights=weights, superpopulation=True),
        sipas.leader_scores(after, group_weights="equal"),
        sipas.leader_scores(after, group_weights=uneven),
    ]
    for result in one:
        old = record(result)
        assert old.compare(record(rerun(kept(old), after))).same
    plain = record(one[1]).content["rules"]["group_weights"]
    assert plain == dict.fromkeys(["hdnd", "huyen", "phong", "so"], 0.25)
    both = [
        sipas.compare(before, after, link="rates", group_weights=weights),
        sipas.compare(
            before, after, link="dimensions", group_weights=weights, superpopulation=True
        ),
    ]
    for change in both:
        old = record(change)
        assert old.compare(record(rerun(kept(old), before, after))).same
    with pytest.raises(SurveyError, match="1 sheets of answers for a record of 2"):
        rerun(old, after)


def test_years_on_their_own_designs_are_made_again() -> None:
    years = [demonstration.households(year) for year in (2021, 2022)]
    results = [
        sipas.satisfaction(y, design=y.design("province", capital=CAPITAL), by="district")
        for y in years
    ]
    change = sipas.compare(*results, link="items", equivalence=3.0, paired=False)
    old = record(change)
    assert old.compare(record(rerun(kept(old), *years))).same
    assert old.content["rules"]["equivalence"] == 3.0


def test_an_instrument_with_another_word_is_another(households: sipas.Answers) -> None:
    instrument = sipas.Instrument.load("sipas-2022")
    first = replace(instrument.items[0], reverse=True)
    turned = replace(instrument, items=(first, *instrument.items[1:]))
    answers = sipas.clean(load_hue_households(2022), turned, sent=486)
    compared = record(sipas.satisfaction(households)).compare(record(sipas.satisfaction(answers)))
    table = compared.table.set_index("name")
    assert not table.loc["survey sha256", "same"].all()
    assert table.loc["survey reversed", "now"] == "S1.1"


def test_versions_alone_are_no_difference(plain: Record) -> None:
    content = json.loads(plain.to_json())
    content["versions"]["numpy"] = "1.0"
    compared = plain.compare(Record(content, {}))
    assert compared.same
    assert compared.moved["what"].tolist() == ["versions"]
    assert "Phiên bản phần mềm" in compared.text("vi")


def test_a_number_may_move_by_the_tolerance_and_no_further(plain: Record) -> None:
    content = json.loads(plain.to_json())
    content["estimates"]["index"]["S3"]["se"] += 2e-9
    assert not plain.compare(Record(content, {})).same
    assert plain.compare(Record(content, {}), tolerance=1e-8).same
    content["estimates"]["index"]["S3"]["se"] = None
    assert not plain.compare(Record(content, {}), tolerance=1e-8).same
    del content["estimates"]["index"]["S3"]
    assert not plain.compare(Record(content, {}), tolerance=1e-8).same


def test_what_is_no_result_or_no_record_is_refused(
    households: sipas.Answers, tmp_path: Path
) -> None:
    with pytest.raises(SurveyError, match="got a Answers"):
        record(households)  # type: ignore[arg-type]
    index = sipas.satisfaction(households)
    with pytest.raises(SurveyError, match="2 files for 1 surveys"):
        record(index, source=(NOW, BEFORE))
    with pytest.raises(SurveyError, match="cannot be read"):
        record(index, source=tmp_path / "none.csv")
    with pytest.raises(SurveyError, match="No record"):
        Record.read(tmp_path)
    for text, said in (
        ("{", "not JSON"),
        ("[]", "not a record"),
        ('{"schema": 1}', "not a record"),
    ):
        (tmp_path / "record.json").write_text(text, encoding="utf-8")
        with pytest.raises(SurveyError, match=said):
            Record.read(tmp_path)
    content = json.loads(record(index).to_json())
    for changed, said in (({"schema": 9}, "layout 9"), ({"surveys": {"survey": {}}}, "not a")):
        text = json.dumps({**content, **changed})
        (tmp_path / "record.json").write_text(text, encoding="utf-8")
        with pytest.raises(SurveyError, match=said):
            Record.read(tmp_path)


def test_it_shows_in_both_languages(plain: Record) -> None:
    assert repr(plain).startswith("Record of a satisfaction index, sipas-2022\n")
    assert "data.csv: 486 phiếu, sha256" in plain.text("vi")
    assert "<table" in plain._repr_html_()


def test_the_page_prints_what_the_code_prints() -> None:
    found = doctest.testfile(
        str(DOCS / "record.md"),
        module_relative=False,
        optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS,
    )
    assert found.attempted > 5
    assert found.failed == 0


# -- sipas check --against ----------------------------------------------------------------------


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, arguments)])


@pytest.fixture
def folder(plain: Record, tmp_path: Path) -> Path:
    plain.write(tmp_path)
    return tmp_path


def test_the_command_says_same(folder: Path) -> None:
    for against in (folder, folder / "record.json"):
        result = run("--against", against, NOW)
        assert result.exit_code == 0, result.output
        assert "kết quả được tính lại đúng như đã ghi" in result.stdout
    assert "is reproduced as recorded" in run("--against", folder, NOW, "--lang", "en").stdout


def test_the_command_says_what_moved(folder: Path) -> None:
    sheet = load_hue_households(2022)
    sheet.loc[sheet["commune"].eq("phường An Cựu"), "S3.1"] = "5"
    changed = folder / "changed.csv"
    sheet.to_csv(changed, index=False)
    result = run("--against", folder, changed, "--lang", "en")
    assert result.exit_code == 1
    assert "NOT what was recorded" in result.stdout
    assert "answers, survey sha256: recorded" in result.stdout
    assert "estimates, index S3.1 estimate: recorded" in result.stdout
    vietnamese = run("--against", folder, changed).stdout
    assert "ước lượng, index S3.1 estimate: đã ghi" in vietnamese


def test_the_command_on_a_change(tmp_path: Path) -> None:
    CASES["change"]().write(tmp_path)
    assert run("--against", tmp_path, NOW, "--before", BEFORE).exit_code == 0


def test_the_command_refuses_the_wrong_sheets_for_a_change(tmp_path: Path) -> None:
    CASES["change"]().write(tmp_path)
    swapped = run("--against", tmp_path, BEFORE, "--before", NOW)
    assert swapped.exit_code == 2
    alone = run("--against", tmp_path, NOW)
    assert alone.exit_code == 2
    assert "--before FILE" in alone.stderr


def test_the_command_on_an_instrument_of_ones_own(tmp_path: Path) -> None:
    instrument = worked_instrument_path()
    years = [sipas.clean(load_worked(before=b), instrument) for b in (True, False)]
    record(sipas.compare(*years)).write(tmp_path)
    for name, before in (("before.csv", True), ("now.csv", False)):
        load_worked(before=before).to_csv(tmp_path / name, index=False)
    asked = ["--against", tmp_path, tmp_path / "now.csv", "--before", tmp_path / "before.csv"]
    unnamed = run(*asked)
    assert unnamed.exit_code == 2
    assert "--instrument-before" in unnamed.stderr
    named = run(*asked, "--instrument", instrument, "--instrument-before", instrument)
    assert named.exit_code == 0, named.output


def test_the_command_refuses_what_the_record_says(folder: Path) -> None:
    for extra, said in (
        (["--psu", "village"], "--psu together with --against"),
        (["--sent", "500"], "--sent together with --against"),
        (["--before", BEFORE], "record is of one survey"),
    ):
        result = run("--against", folder, NOW, *extra)
        assert result.exit_code == 2
        assert said in result.stderr
    for bare, said in (([], "which instrument?"), (["--before", BEFORE], "without --against")):
        result = run(NOW, *bare)
        assert result.exit_code == 2
        assert said in result.stderr
    assert run("--against", folder / "data.csv", NOW).exit_code == 2
    assert run("--against", folder, folder / "data.csv").exit_code == 2
