"""Agreement with R's survey package, and an independent computation wherever we differ."""

from __future__ import annotations

import copy
import importlib
import json
import math
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey
from survey import Design

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "oracles"
ANSWERED = ("svymean", "svytotal", "svyratio", "svyby")
RTOL = 1e-12


@pytest.fixture(scope="session")
def scripts() -> dict[str, ModuleType]:
    """The runner's scripts, which import each other by their bare names."""
    sys.path.insert(0, str(FOLDER))
    try:
        return {name: importlib.import_module(name) for name in ("r_conditions", "answers", "run")}
    finally:
        sys.path.remove(str(FOLDER))


@pytest.fixture(scope="session")
def runner(scripts: dict[str, ModuleType]) -> ModuleType:
    return scripts["run"]


@pytest.fixture(scope="session")
def outcomes(runner: ModuleType) -> list[Any]:
    return runner.run(FOLDER)


@pytest.fixture(scope="session")
def cases() -> dict[str, dict[str, Any]]:
    listed = json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in listed}


@pytest.fixture(scope="session")
def page() -> str:
    return (ROOT / "docs" / "differs_from_r.md").read_text(encoding="utf-8")


def sheet(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, keep_default_na=False, na_values=[""])


# -- agreement --------------------------------------------------------------------------------


def test_no_case_fails(outcomes: list[Any]) -> None:
    assert [item for item in outcomes if item.state == "failed"] == []


def test_how_many_cases_pass_and_how_closely(
    outcomes: list[Any], cases: dict[str, dict[str, Any]]
) -> None:
    passed = [item for item in outcomes if item.state == "passed" and item.fn in ANSWERED]
    assert len(passed) >= 366
    refused = [item.case for item in passed if item.error == math.inf]
    assert [name for name in refused if not cases[name]["stat"].get("expect_error")] == []
    assert max(item.error for item in passed if item.case not in refused) <= 1e-9


def test_the_listed_differences_are_those_found_and_each_is_explained(
    outcomes: list[Any], page: str
) -> None:
    listed = tomllib.loads((FOLDER / "differs.toml").read_text(encoding="utf-8"))["cases"]
    found = [item.case for item in outcomes if item.state == "differs, listed"]
    assert sorted(found) == sorted(listed)
    assert [case for case in listed if f"`{case}`" not in page] == []


# -- the runner can fail ----------------------------------------------------------------------


@pytest.mark.parametrize("key", ["estimate", "se", "vcov", "deff", "df", "ci_t_low"])
def test_a_number_off_by_a_millionth_fails(
    runner: ModuleType, cases: dict[str, dict[str, Any]], key: str
) -> None:
    case = copy.deepcopy(cases["dclus1/mean"])
    assert runner.outcome(case, FOLDER, set()).state == "passed"
    value = np.asarray(case["expect"][key], dtype=float)
    value.flat[0] *= 1 + 1e-6
    case["expect"][key] = value.tolist()
    spoilt = runner.outcome(case, FOLDER, set())
    assert (spoilt.state, spoilt.where) == ("failed", key)
    assert spoilt.error == pytest.approx(1e-6, rel=1e-3)


def test_a_number_that_is_not_given_fails(runner: ModuleType) -> None:
    assert runner.worst([1.0], None, {}) == math.inf
    assert runner.worst([1.0, 2.0], [1.0], {}) == math.inf
    assert runner.worst([None], [1.0], {}) == math.inf
    assert runner.worst(["Inf"], [math.inf], {}) == 0


def test_the_command_line_says_so(runner: ModuleType, tmp_path: Path) -> None:
    case = json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))[0]
    assert case["stat"]["fn"] in ANSWERED
    (tmp_path / case["data"]).write_bytes((FOLDER / case["data"]).read_bytes())
    for factor, code in ((1.0, 0), (1.001, 1)):
        spoilt = copy.deepcopy(case)
        spoilt["expect"]["estimate"] = [v * factor for v in case["expect"]["estimate"]]
        (tmp_path / "cases.json").write_text(json.dumps([spoilt]), encoding="utf-8")
        assert runner.main([str(tmp_path)]) == code


# -- R conditions -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("a == 1", [True, False, False, False]),
        ("a != 1", [False, True, True, False]),
        ("a > 1 & b == 'x'", [False, False, True, False]),
        ("a == 1 | a == 3 & b == 'y'", [True, False, False, False]),
        ("(a == 1 | a == 3) & b == 'y'", [False, False, False, False]),
        ("!(a >= 2)", [True, False, False, True]),
        ("is.na(a)", [False, False, False, True]),
        ("!is.na(a) & a <= 2", [True, True, False, False]),
        ('b %in% c("x", "z")', [True, False, True, False]),
        ("a %in% c(2, 3)", [False, True, True, False]),
        ("a < -1.5", [False, False, False, False]),
    ],
)
def test_r_conditions(scripts: dict[str, ModuleType], condition: str, rows: list[bool]) -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 3, np.nan], "b": ["x", "y", "x", "y"]})
    assert scripts["r_conditions"].mask(condition, frame).tolist() == rows


@pytest.mark.parametrize("condition", ["a == 1; b", "a == 1 b", "a + 1 == 2", "f(a) == 1"])
def test_what_is_no_condition_is_refused(scripts: dict[str, ModuleType], condition: str) -> None:
    frame = pd.DataFrame({"a": [1.0], "b": ["x"], "f": [1]})
    with pytest.raises((ValueError, KeyError)):
        scripts["r_conditions"].mask(condition, frame)


# -- where we differ, computed independently (docs/differs_from_r.md) -------------------------


@pytest.mark.parametrize("name", ["apisrs.csv", "apistrat.csv", "apiclus1.csv"])
def test_a_group_without_an_answer_has_no_mean(name: str) -> None:
    frame = sheet(name)
    assert frame.loc[frame["stype"] != "E", "acs_k3"].isna().all(), "nobody to take a mean of"
    got = survey.mean(Design(frame, weights="pw"), "acs_k3", by="stype").table()
    valid = frame[frame["acs_k3"].notna()]
    want = sum(valid["pw"] * valid["acs_k3"]) / sum(valid["pw"])
    np.testing.assert_allclose(got.loc["E", "estimate"], want, rtol=RTOL)
    assert got.loc[["H", "M"], ["estimate", "se", "low", "high"]].isna().to_numpy().all()
    assert got.loc[["H", "M"], "n"].tolist() == [0, 0]


def test_df_are_those_of_the_domain_and_of_the_item() -> None:
    frame = sheet("sipas_synth.csv")
    design = Design(frame, strata="district", psu="commune", weights="w")
    for area, rows in frame.groupby("area"):
        want = rows["commune"].nunique() - rows["district"].nunique()
        assert survey.mean(design, "q01", by="area").df[area] == want
    answered = frame[frame["q12"].notna()]
    want = answered["commune"].nunique() - answered["district"].nunique()
    assert survey.mean(design, "q12").df["q12"] == want == 17
    assert design.df == 18


def test_design_effect_without_weights() -> None:
    frame = sheet("apiclus1.csv")
    got = survey.mean(Design(frame, psu="dnum"), "api00")
    n, m = len(frame), frame["dnum"].nunique()
    mean = frame["api00"].mean()
    sums = [(rows["api00"] - mean).sum() / n for _, rows in frame.groupby("dnum")]
    clustered = m / (m - 1) * sum(z**2 for z in sums)
    drawn = sum((y - mean) ** 2 for y in frame["api00"]) / (n - 1) / n
    np.testing.assert_allclose(got.deff["api00"], clustered / drawn, rtol=RTOL)
    assert round(got.deff["api00"], 4) == 9.2531


def by_hand(year: pd.DataFrame, y: str, psu: str, stratum: str | None) -> dict[int, float]:
    """Standardised scores of a mean by PSU, centred in the year's own strata."""
    mean = sum(year["pw"] * year[y]) / sum(year["pw"])
    score = year["pw"] * (year[y] - mean) / sum(year["pw"])
    made: dict[int, float] = {}
    groups = [year] if stratum is None else [rows for _, rows in year.groupby(stratum)]
    for group in groups:
        sums = {int(c): float(score[rows.index].sum()) for c, rows in group.groupby(psu)}
        n, average = len(sums), sum(sums.values()) / len(sums)
        made |= {c: math.sqrt(n / (n - 1)) * (z - average) for c, z in sums.items()}
    return made


@pytest.mark.parametrize(
    ("name", "y", "psu", "stratum", "ours", "stacked"),
    [
        ("twoyear_api.csv", "y", "dnum", None, 18.5376, 18.3713),
        ("twoyear_sipas.csv", "sipas", "commune", "district", 0.10898, 0.11197),
    ],
)
def test_two_years_keep_their_own_standard_errors(
    name: str, y: str, psu: str, stratum: str | None, ours: float, stacked: float
) -> None:
    frame = sheet(name)
    frame = frame if "pw" in frame else frame.rename(columns={"w": "pw"})
    years = [rows for _, rows in frame.groupby("year")]
    a, b = (by_hand(year, y, psu, stratum) for year in years)
    change = math.sqrt(sum((b.get(c, 0.0) - a.get(c, 0.0)) ** 2 for c in set(a) | set(b)))
    got = survey.stack(
        *(survey.mean(Design(d, strata=stratum, psu=psu, weights="pw"), y) for d in years),
        keys=["first", "then"],
    )
    own = [math.sqrt(sum(z**2 for z in scores.values())) for scores in (a, b)]
    np.testing.assert_allclose(got.se, own, rtol=RTOL)
    np.testing.assert_allclose(got.contrast([[-1, 1]]).se, change, rtol=RTOL)
    assert change == pytest.approx(ours, rel=1e-4)
    joint = survey.mean(Design(frame, strata=stratum, psu=psu, weights="pw"), y, by="year")
    assert joint.contrast([[-1, 1]]).se.iloc[0] == pytest.approx(stacked, rel=1e-4)
