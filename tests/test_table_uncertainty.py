"""Standard error and interval beside an estimate: one keyword, and the result's own numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, get_args

import pandas as pd
import pytest

import sipas
from sipas import datasets, tables
from sipas.changes import Change
from sipas.drivers import contributions
from sipas.leaders import LeaderScores
from sipas.tables import Table, Uncertainty
from survey.errors import SurveyError

WEIGHTS = {"hdnd": 25, "so": 40, "phong": 30, "huyen": 5}
LEVEL = 0.9
LIMITS = ["se", "low", "high"]
#: Columns of sampling error that each option shows.
SHOWN = {"none": [], "interval": ["low", "high"], "se": ["se"], "both": LIMITS}


@cache
def households() -> Change:
    answers = [
        sipas.clean(datasets.load_hue_households(year), f"sipas-{year}") for year in (2021, 2022)
    ]
    return sipas.compare(*answers, link="items")


@cache
def leaders() -> Change:
    answers = [
        sipas.clean(datasets.load_hue_leaders(year), f"leaders-{year}") for year in (2021, 2022)
    ]
    return sipas.compare(*answers, link="rates", group_weights=WEIGHTS)


@cache
def leaders_of_one_questionnaire() -> Change:
    """Two years that asked the same items; the earlier is drawn again from the later."""
    raw = datasets.load_hue_leaders(2022)
    earlier = raw.sample(frac=0.8, random_state=1).assign(year=2021)
    answers = [sipas.clean(one, "leaders-2022") for one in (earlier, raw)]
    return sipas.compare(*answers, group_weights=WEIGHTS)


def scores() -> LeaderScores:
    after = leaders().after
    assert isinstance(after, LeaderScores)
    return after


@cache
def account() -> Any:
    return contributions(households(), by="dimension")


#: Each table, made by its function, and where its sampling errors come from.
MADE: dict[str, tuple[Callable[..., Table], Callable[[], pd.DataFrame]]] = {
    "dimensions": (
        lambda **given: tables.dimensions(households(), **given),
        lambda: households().table(level=LEVEL),
    ),
    "dimensions, one year": (
        lambda **given: tables.dimensions(households().after, **given),
        lambda: households().after.estimates.table(level=LEVEL),
    ),
    "statements": (
        lambda **given: tables.statements(households(), **given),
        lambda: households().table(level=LEVEL),
    ),
    "statements, one year": (
        lambda **given: tables.statements(households().after, **given),
        lambda: households().after.estimates.table(level=LEVEL),
    ),
    "leader_domains": (
        lambda **given: tables.leader_domains(leaders(), **given),
        lambda: leaders().table(level=LEVEL),
    ),
    "leader_domains, one year": (
        lambda **given: tables.leader_domains(scores(), **given),
        lambda: scores().estimates.table(level=LEVEL),
    ),
    "leader_groups": (
        lambda **given: tables.leader_groups(leaders(), **given),
        lambda: scores().group_table(level=LEVEL).xs("total", level="code"),
    ),
    "leader_items, two questionnaires": (
        lambda **given: tables.leader_items(leaders(), **given),
        lambda: scores().estimates.table(level=LEVEL),
    ),
    "leader_items, one questionnaire": (
        lambda **given: tables.leader_items(leaders_of_one_questionnaire(), **given),
        lambda: leaders_of_one_questionnaire().table(level=LEVEL),
    ),
    "leader_items, one year": (
        lambda **given: tables.leader_items(scores(), **given),
        lambda: scores().estimates.table(level=LEVEL),
    ),
    "contributions": (
        lambda **given: tables.contributions(account(), **given),
        lambda: account().table(level=LEVEL),
    ),
}
EVERY = pytest.mark.parametrize("name", MADE)


@EVERY
@pytest.mark.parametrize("uncertainty", get_args(Uncertainty))
def test_columns_are_those_asked_for(name: str, uncertainty: Uncertainty) -> None:
    make, _ = MADE[name]
    made = make(uncertainty=uncertainty, level=LEVEL)
    keys = [column.key for column in made.columns]
    assert [key for key in keys if key in LIMITS] == SHOWN[uncertainty]
    full = [column.key for column in make(uncertainty="both", level=LEVEL).columns]
    verdict = ["verdict_words"] if uncertainty == "none" else []
    left_out = {*LIMITS, *verdict} - {*SHOWN[uncertainty]}
    assert keys == [key for key in full if key not in left_out]


@EVERY
def test_columns_carry_the_results_own_numbers(name: str) -> None:
    make, source = MADE[name]
    made, own = make(uncertainty="both", level=LEVEL).frame, source()
    rows = made.index.intersection(own.index)
    assert len(rows) >= 4
    pd.testing.assert_frame_equal(
        made.loc[rows, LIMITS], own.loc[rows, LIMITS], check_names=False, check_dtype=False
    )
    assert made.loc[rows, "se"].notna().all()
    assert (made.loc[rows, "low"] < made.loc[rows, "high"]).all()


@EVERY
def test_what_is_printed_without_asking_has_not_changed(name: str) -> None:
    make, _ = MADE[name]
    usual: Uncertainty = "none" if name.startswith("leader_items") else "both"
    assert make().shown().equals(make(uncertainty=usual).shown())
    assert make().notes == make(uncertainty=usual).notes


@EVERY
def test_an_unknown_option_is_refused(name: str) -> None:
    make, _ = MADE[name]
    for wrong in ("all", False):
        with pytest.raises(SurveyError, match="uncertainty"):
            make(uncertainty=wrong)


@pytest.mark.parametrize("name", ["dimensions", "statements", "leader_domains", "contributions"])
def test_notes_speak_only_of_what_is_shown(name: str) -> None:
    make, _ = MADE[name]
    notes = {one: " ".join(make(uncertainty=one).notes) for one in SHOWN}
    assert [one for one in SHOWN if "Khoảng tin cậy" in notes[one]] == ["interval", "both"]
    assert "Sai số chuẩn" in notes["se"]
    assert all("Phạm vi số liệu: " in note for note in notes.values())
    assert "Holm" not in notes["none"]


def test_items_of_one_questionnaire_are_tested_and_say_so() -> None:
    made = tables.leader_items(leaders_of_one_questionnaire(), uncertainty="both")
    assert "verdict_words" in [column.key for column in made.columns]
    assert "không kiểm định" not in " ".join(made.notes)
    assert made.frame["difference"].to_numpy() == pytest.approx(made.frame["estimate"].to_numpy())


def test_items_of_two_questionnaires_have_the_error_of_the_year_reported() -> None:
    made = tables.leader_items(leaders(), uncertainty="both")
    heads = [column.title for column in made.columns if column.key in LIMITS]
    assert heads == [
        "Năm 2022: Sai số chuẩn",
        "Khoảng tin cậy 95% (năm 2022): Từ",
        "Khoảng tin cậy 95% (năm 2022): Đến",
    ]
    assert "không kiểm định" in " ".join(made.notes)
    # not asked in 2022
    assert made.frame.loc["L7.a", LIMITS].isna().all()


def test_a_year_and_its_rank_stand_under_one_heading() -> None:
    published = datasets.load_published("hue_leader_groups")
    groups = tables.leader_groups(leaders(), published=published).groups
    headed = [group for group, _ in groups if group]
    assert len(headed) == len(set(headed))
    assert [one.head for group, members in groups if group == "Năm 2022" for one in members] == [
        "Số phiếu", "Tỷ lệ (%)", "Vị thứ", "Sai số chuẩn",
    ]  # fmt: skip


def test_annex_3_is_numbered_as_the_plan_numbers_it() -> None:
    frame = tables.leader_items(leaders()).frame
    assert frame["place"].tolist()[:12] == [
        "", "1", "(1)", "(2)", "(3)", "(4)", "2", "(1)", "(2)", "(3)", "(4)", "3",
    ]  # fmt: skip
    assert frame.loc["L4.1", "place"] == "(1)"
    assert frame.loc["total", "place"] == ""
