"""``sipas plan``: figures in both languages, files, exit codes and refusals."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import sipas
from sipas.cli import main
from sipas.numerals import number
from sipas.planning import plan_next_year


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["plan", *arguments])


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("plan") / "households.csv"
    sipas.datasets.load_hue_households(2022).to_csv(path, index=False)
    return str(path)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_printed_figures_are_those_of_the_plan(lang: str) -> None:
    result = run("--demo", "--lang", lang)
    assert result.exit_code == 0, result.output
    answers = sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")
    plan = plan_next_year(answers)
    row = plan.table().loc["services"]
    names = ("estimate", "se", "deff", "mdc_redrawn", "mdc_same", "mde_redrawn", "mde_same")
    (line,) = [x for x in result.stdout.splitlines() if x.startswith("services ")]
    for name in names:
        assert number(row[name], 2, lang="vi" if lang == "vi" else "en") in line.split()
    designs = plan.design_table().drop_duplicates("communes").sort_values("communes")
    best = designs.iloc[0]
    printed = [int(best[name]) for name in ("communes", "villages", "households")]
    after = result.stdout.splitlines()
    start = next(k for k, x in enumerate(after) if ("80 %" in x and "3" in x and "services" in x))
    assert [int(word) for word in after[start + 2].split()[:3]] == printed
    assert number(plan.floor, 1, lang="vi" if lang == "vi" else "en") in result.stdout
    assert ("giả lập" if lang == "vi" else "made up") in result.stdout


def test_own_sheet_with_costs_lists_the_cheapest_first_and_saves(
    sheet: str, tmp_path: Path
) -> None:
    result = run(
        *("--households", sheet, "--instrument", "sipas-2022", "--lang", "en"),
        *("--cost-commune", "20", "--cost-village", "5", "--cost-household", "1"),
        *("--delta", "5", "--same-communes", "--out", str(tmp_path)),
    )
    assert result.exit_code == 0, result.output
    assert "the same communes, correlation of 0.50 assumed" in result.stdout
    assert "the cheapest design" in result.stdout
    designs = pd.read_csv(tmp_path / "plan_designs.csv")
    assert designs["cost"].is_monotonic_increasing
    c, v, h = (designs[name] for name in ("communes", "villages", "households"))
    assert (designs["cost"] == c * (20 + v * (5 + h))).all()
    measured = pd.read_csv(tmp_path / "plan_measured.csv", index_col="code")
    assert len(measured) == 37
    assert measured.loc["services", "estimate"] == pytest.approx(79.56, abs=0.005)


def test_no_design_is_exit_code_one() -> None:
    result = run("--demo", "--delta", "1", "--most-communes", "12", "--lang", "en")
    assert result.exit_code == 1
    assert re.search(
        r"The largest \(12 × 6 × 60\) sees a change from \d+\.\d points", result.stdout
    )


def test_a_sheet_without_villages_has_two_stages(tmp_path: Path) -> None:
    path = tmp_path / "flat.csv"
    sipas.datasets.load_hue_households(2022).drop(columns="village").to_csv(path, index=False)
    result = run(
        *("--households", str(path), "--instrument", "sipas-2022", "--lang", "en", "--delta", "5")
    )
    assert result.exit_code == 0, result.output
    assert "forms a commune" in result.stdout
    assert "ICC village" not in result.stdout


def test_villages_as_units_are_named_so(sheet: str) -> None:
    options = ("--households", sheet, "--instrument", "sipas-2022", "--psu", "village")
    result = run(*options, "--delta", "5")
    assert result.exit_code == 0, result.output
    assert re.search(r"^ *thôn +phiếu mỗi thôn", result.stdout, re.MULTILINE)
    assert "ICC thôn" in result.stdout
    assert "ICC xã" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Pass --households or --demo"),
        (("--demo", "--instrument", "sipas-2022"), "not --instrument"),
        (("--demo", "--index", "S9"), "no index 'S9'"),
        (("--demo", "--power", "80"), "power=0.8"),
        (("--demo", "--most-villages", "0"), "at least two a stratum"),
    ],
)
def test_refusals(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_leaders_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "leaders.csv"
    sipas.datasets.load_hue_leaders(2022).to_csv(path, index=False)
    result = run("--households", str(path), "--instrument", "leaders-2022")
    assert result.exit_code == 2
    assert "survey of leaders" in result.stderr
