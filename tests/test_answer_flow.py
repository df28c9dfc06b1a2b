"""Between which answers a change happened, on sheets whose shares follow from counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sipas
import survey
from sipas import datasets
from sipas.changes import Change
from survey.errors import SurveyError

FORM = sipas.Instrument.load(datasets.worked_instrument_path())
ITEMS = ["S1.1", "S1.2", "S2.1", "S2.2"]
DONT_KNOW = 99
#: Answers of each of four communes; the same in both statements of a dimension.
BEFORE = [[5, 5, 4, 4, 3], [5, 4, 4, 2, 1], [5, 5, 5, 4, 4], [4, 4, 4, 3, DONT_KNOW]]
AFTER = [[5, 4, 4, 3, 2], [4, 4, 2, 2, 1], [5, 5, 4, 4, DONT_KNOW], [4, 4, 3, 3, DONT_KNOW]]
#: The shares of the answers 1 to 5, counted.
SHARES = np.array([[1, 1, 2, 9, 6], [1, 3, 3, 8, 3]]) / np.array([[19], [18]])


def sheet(answers: list[list[int]], year: int) -> pd.DataFrame:
    rows = [
        {
            "id": f"{year}-{c}-{k}",
            "year": year,
            "district": f"huyện {c // 2}",
            "commune": f"xã {c}",
        }
        | dict.fromkeys(ITEMS, answer)
        for c, given in enumerate(answers)
        for k, answer in enumerate(given)
    ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def change() -> Change:
    missing = next(code for code, why in FORM.missing.items() if why == "dont_know")
    years = [
        sheet(answers, year).replace(DONT_KNOW, int(missing))
        for answers, year in ((BEFORE, 2021), (AFTER, 2022))
    ]
    return sipas.compare(*(sipas.clean(year, FORM) for year in years))


@pytest.fixture(scope="module")
def hue() -> Change:
    years = [sipas.clean(datasets.load_hue_households(y), f"sipas-{y}") for y in (2021, 2022)]
    return sipas.compare(*years, link="items")


def test_shares_of_the_answers_and_their_change(change: Change) -> None:
    table = change.flow("S1.2").table()
    assert table.index.tolist() == [("S1.2", answer) for answer in range(1, 6)]
    np.testing.assert_allclose(table["before"], 100 * SHARES[0])
    np.testing.assert_allclose(table["after"], 100 * SHARES[1])
    np.testing.assert_allclose(table["estimate"], 100 * (SHARES[1] - SHARES[0]))
    assert table["estimate"].sum() == pytest.approx(0.0, abs=1e-12)
    mean = SHARES @ np.arange(1, 6)
    assert table["points"].sum() == pytest.approx(mean[1] - mean[0])


def test_the_error_of_each_share_is_that_of_the_design(change: Change) -> None:
    shares = [survey.proportion(year.design, ["S2.1"]) for year in (change.before, change.after)]
    both = survey.stack(*shares, keys=["before", "after"])
    want = 100 * both.contrast(np.hstack([-np.eye(5), np.eye(5)])).se.to_numpy()
    np.testing.assert_allclose(change.flow("S2.1").table()["se"], want, rtol=1e-10)


def test_steps_are_changes_of_the_share_of_an_answer_or_a_higher_one(
    change: Change, hue: Change
) -> None:
    steps = change.flow("S1.1").steps()
    above = 100 * np.cumsum((SHARES[1] - SHARES[0])[::-1])[::-1][1:]
    np.testing.assert_allclose(steps["estimate"], above)
    assert steps.index[2] == ("S1.1", 3, 4)
    # from 3 to 4 crosses the border of the satisfied: the change of the statement itself
    top = hue.flow().steps().xs((3, 4), level=("lower", "upper"))
    own = hue.estimates
    np.testing.assert_allclose(top["estimate"], own.estimate[top.index], rtol=1e-9)
    np.testing.assert_allclose(top["se"], own.se[top.index], rtol=1e-9)


def test_moves_turn_the_first_shares_into_the_second(hue: Change) -> None:
    flow = hue.flow()
    moves = flow.moves()["share"].reset_index()
    for k, code in enumerate(flow.codes):
        mine = moves[moves["code"] == code]
        out = mine.groupby("from")["share"].sum().reindex(range(1, 6), fill_value=0)
        into = mine.groupby("to")["share"].sum().reindex(range(1, 6), fill_value=0)
        np.testing.assert_allclose(flow.before[k] - out + into, flow.after[k], atol=1e-9)
    assert (moves["share"] > 0).all()
    assert (moves["from"] != moves["to"]).all()


def test_moves_by_hand(change: Change) -> None:
    """Ranks kept: 6/19 of 5 against 3/18 puts what is over into 4, and so on down."""
    moves = change.flow("S1.1").moves()["share"]
    down_from_5 = 100 * (6 / 19 - 3 / 18)
    assert moves[("S1.1", 5, 4)] == pytest.approx(down_from_5)
    assert moves[("S1.1", 4, 2)] == pytest.approx(100 * (4 / 18 - 4 / 19))
    assert (moves.index.get_level_values("from") > moves.index.get_level_values("to")).all()
    assert moves.is_monotonic_decreasing


def test_dont_know_stands_apart(change: Change) -> None:
    row = change.flow("S2.2").no_answers().loc["S2.2"]
    assert row["before"] == pytest.approx(100 * 1 / 20)
    assert row["after"] == pytest.approx(100 * 2 / 20)
    assert row["estimate"] == pytest.approx(5.0)
    assert row["se"] > 0


def test_sizes_of_the_changes(change: Change, hue: Change) -> None:
    effects = change.effects().loc["S1.1"]
    p, q = 15 / 19, 11 / 18
    assert effects["before"] == pytest.approx(100 * p)
    assert effects["cohens_h"] == pytest.approx(2 * np.arcsin(q**0.5) - 2 * np.arcsin(p**0.5))
    one, other = ([v for c in given for v in c if v != DONT_KNOW] for given in (BEFORE, AFTER))
    signs = np.sign(np.subtract.outer(other, one))
    assert effects["cliffs_delta"] == pytest.approx(signs.mean())
    table = hue.effects(lang="vi")
    assert len(table) == 22
    assert (table["after"] - table["before"]).to_numpy() == pytest.approx(
        hue.table().loc[table.index, "estimate"].to_numpy()
    )
    assert table.loc["S3.2", "label"] == "Công chức chăm chú lắng nghe."


def test_leaders_weigh_their_groups() -> None:
    years = [sipas.clean(datasets.load_hue_leaders(y), f"leaders-{y}") for y in (2021, 2022)]
    weights = {"hdnd": 25, "so": 40, "phong": 30, "huyen": 5}
    moved = sipas.compare(*years, link="items", group_weights=weights)
    table = moved.flow().table()
    scale = moved.after.instrument.scale
    score = np.array(scale.scores)
    got = (table["estimate"].to_numpy().reshape(-1, len(score)) * score).sum(axis=1)
    want = moved.estimates.estimate[list(moved.scheme.items)]
    np.testing.assert_allclose(got, want, atol=1e-9)


def test_what_did_not_vary_has_no_interval() -> None:
    same = [sipas.clean(sheet([[4, 4]] * 4, year), FORM) for year in (2021, 2022)]
    flow = sipas.compare(*same).flow("S1.1")
    for table in (flow.table(), flow.steps()):
        assert (table[["estimate", "se"]] == 0).all(axis=None)
        assert table[["low", "high"]].isna().all(axis=None)


def test_refusals(hue: Change) -> None:
    with pytest.raises(SurveyError, match="lang: 'fr'"):
        hue.flow("S1.1").table(lang="fr")  # type: ignore[arg-type]
    with pytest.raises(SurveyError, match=r"flow: no statement 'S3.22'. Did you mean 'S3.2'"):
        hue.flow("S3.22")
    years = [sipas.clean(datasets.load_hue_households(y), f"sipas-{y}") for y in (2021, 2022)]
    places = sipas.compare(*years, link="items", by="district")
    with pytest.raises(SurveyError, match="by domain"):
        places.flow()
    with pytest.raises(SurveyError, match="link='rates'"):
        sipas.compare(*years, link="rates").effects()


def test_shown_as_a_table_that_says_net(change: Change) -> None:
    assert "net; not of persons" in repr(change.flow())
    assert "<table" in change.flow("S1.1")._repr_html_()
