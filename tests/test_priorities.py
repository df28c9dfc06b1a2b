"""Importance for overall satisfaction and priorities, on the bundled sheets and small ones.

Over 300 lines: two results of one package, checked on the same sheets.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from unicodedata import is_normalized

import numpy as np
import pandas as pd
import pytest

import sipas
import survey
from sipas.key_drivers import importance, priorities, quadrant_label
from sipas.key_drivers.quadrants import QUADRANTS, quadrant_numbers, quadrant_shares
from sipas.responses import Answers
from survey.errors import SurveyError, SurveyWarning

SERVICES = ["S1", "S2", "S3", "S4", "S5"]


@pytest.fixture(scope="module")
def answers() -> Answers:
    return sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")


@pytest.fixture(scope="module")
def earlier() -> Answers:
    return sipas.clean(sipas.datasets.load_hue_households(2021), "sipas-2021")


def scores(answers: Answers) -> pd.DataFrame:
    """Dimension scores and the outcome, by hand."""
    data = answers.data
    columns = {
        code: data[[name for name in data if str(name).startswith(f"{code}.")]].mean(axis=1)
        for code in SERVICES
    }
    return pd.DataFrame(columns).assign(overall=data["overall"])


# -- importance -------------------------------------------------------------------------------


def test_dimensions_equal_pingouin_on_complete_rows(answers: Answers) -> None:
    import pingouin

    complete = scores(answers).dropna()
    peer = pingouin.linear_regression(complete[SERVICES], complete["overall"], relimp=True)
    got = importance(answers, of="services", missing="listwise")
    np.testing.assert_allclose(got.table()["estimate"], peer["relimp"].to_numpy()[1:], atol=1e-10)
    assert got.r2 == pytest.approx(peer["r2"].iloc[0], abs=1e-10)
    assert got.table()["share"].sum() == pytest.approx(1, abs=1e-12)
    assert (got.table()["n"] == len(complete)).all()


def test_standard_errors_leave_out_one_commune_at_a_time(answers: Answers) -> None:
    frame = scores(answers)
    place = answers.data[["district", "commune"]]
    found, district = [], []
    for (where, commune), _ in place.groupby(["district", "commune"]):
        inside = place["district"] == where
        factor = np.where(inside, np.where(place["commune"] == commune, 0.0, 1.5), 1.0)
        kept = frame.assign(w=factor)[factor > 0]
        found.append(survey.lmg(survey.Design(kept, weights="w"), "overall", SERVICES).value)
        district.append(where)
    spread = np.array(found)
    centred = spread - spread.mean(axis=0)
    want = np.sqrt(2 / 3 * (centred**2).sum(axis=0))
    got = importance(answers, of="services").table()
    np.testing.assert_allclose(got["se"], want, rtol=1e-9)
    assert (got["df"] == 6).all()
    assert len(found) == 9


def test_statements_keep_their_dimensions_together(answers: Answers) -> None:
    got = importance(answers, by="statement", of="services")
    table = got.table()
    assert len(table) == 22
    assert list(table.columns) == [
        *["level", "label", "estimate", "se", "low", "high", "n", "df"],
        *["share", "tier", "rank_low", "rank_high"],
    ]
    assert got.importance.method == "owen"
    groups = got.importance.by_group()
    np.testing.assert_allclose(
        table["estimate"].groupby(table.index.str[:2]).sum(), groups.value, atol=1e-12
    )
    assert table.loc["S4.3", "label"] == answers.instrument.label("S4.3", "en")
    vi = got.table(lang="vi")
    assert vi.loc["S4.3", "label"] == answers.instrument.label("S4.3", "vi")
    assert len(importance(answers, by="statement").table()) == 26


def test_weights_count_rows(answers: Answers) -> None:
    raw = sipas.datasets.load_hue_households(2022)
    weighted = sipas.clean(raw.assign(weight=np.where(raw.index % 2 == 0, 2.0, 1.0)), "sipas-2022")
    doubled = pd.concat([raw, raw[raw.index % 2 == 0]], ignore_index=True)
    repeated = sipas.clean(doubled.assign(id=np.arange(len(doubled)).astype(str)), "sipas-2022")
    one, two = (importance(made, of="services").table() for made in (weighted, repeated))
    np.testing.assert_allclose(one["estimate"], two["estimate"], atol=1e-12)
    np.testing.assert_allclose(one["se"], two["se"], rtol=1e-9)
    assert not np.allclose(one["estimate"], importance(answers, of="services").table()["estimate"])


def test_order_of_rows_is_irrelevant(answers: Answers) -> None:
    raw = sipas.datasets.load_hue_households(2022).sample(frac=1, random_state=1)
    turned = importance(sipas.clean(raw, "sipas-2022"), of="services").table()
    whole = importance(answers, of="services").table()
    np.testing.assert_allclose(turned["estimate"], whole["estimate"], atol=1e-12)
    np.testing.assert_allclose(turned["se"], whole["se"], rtol=1e-9)


def test_a_reweighted_design_is_reweighted_in_every_replicate(answers: Answers) -> None:
    plain = answers.design()
    design = survey.poststratify(plain, "gender", {"Nữ": 300, "Nam": 186})
    got = importance(answers, of="services", design=design)
    made = survey.as_replicates(design, "JKn")
    frame = scores(answers)
    want = survey.lmg(
        survey.ReplicateDesign(
            frame,
            weights=made.weight,
            replicate_weights=made.row_weights(),
            rscales=made.constants,
        ),
        "overall",
        SERVICES,
    )
    np.testing.assert_allclose(got.table()["estimate"], want.value, atol=1e-13)
    np.testing.assert_allclose(got.table()["se"], want.table()["se"], rtol=1e-9)
    assert not np.allclose(want.value, importance(answers, of="services").importance.value)


def test_what_it_says(answers: Answers) -> None:
    made = importance(answers, of="services", replicates="bootstrap", n=80, seed=3)
    shown = repr(made)
    assert "Importance for 'Overall satisfaction'" in shown
    assert "80 bootstrap replicates, seed 3; " in shown
    assert "not the cause of a change" in shown
    assert "<table" in made._repr_html_()
    assert any("hạt giống 3" in note for note in made.notes("vi"))
    assert repr(importance(answers, of="services", replicates="bootstrap", n=80, seed=3)) == shown


@pytest.mark.parametrize("outcome", ["services", "S1", "S1.1", "P4"])
def test_a_composite_outcome_is_refused_with_the_reason(answers: Answers, outcome: str) -> None:
    with pytest.raises(SurveyError, match="only repeat how the index is put together") as caught:
        importance(answers, outcome)
    assert "outcome='overall'" in str(caught.value)


@pytest.mark.parametrize("by", ["dimension", "statement"])
def test_a_statement_that_nobody_answered_is_not_passed_over(answers: Answers, by: str) -> None:
    blank = replace(answers, data=answers.data.assign(**{"S3.2": np.nan}))
    with pytest.raises(SurveyError, match=r"nobody answered 'S3\.2'"):
        importance(blank, by=by, of="services")  # type: ignore[arg-type]


def test_a_composite_under_another_name_is_refused_or_doubted(answers: Answers) -> None:
    mean = scores(answers)[SERVICES].mean(axis=1)
    hidden = replace(answers, data=answers.data.assign(overall=mean))
    with pytest.raises(SurveyError, match="linear combination of its predictors"):
        importance(hidden, of="services", missing="listwise")
    rounded = replace(answers, data=answers.data.assign(overall=mean.round(1)))
    with pytest.warns(SurveyWarning, match="R² is 0.99"):
        importance(rounded, of="services")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"outcome": "overal"}, "Did you mean 'overall'"),
        ({"outcome": "age"}, "no such question of its own"),
        ({"by": "district"}, "importance\\(by=\\): 'district'"),
        ({"of": "servces"}, "Did you mean 'services'"),
        ({"of": "S1"}, "'S1' is all there is to compare"),
        ({"replicates": "BRR"}, "importance\\(replicates=\\): 'BRR'"),
        ({"n": 100}, "n and seed belong to a bootstrap"),
        ({"missing": "drop"}, "'drop'"),
    ],
)
def test_what_is_refused(answers: Answers, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(SurveyError, match=message):
        importance(answers, **arguments)  # type: ignore[arg-type]


def test_leaders_have_no_question_of_their_own() -> None:
    leaders = sipas.clean(sipas.datasets.load_hue_leaders(2022), "leaders-2022")
    with pytest.raises(SurveyError, match="leaders-2022 has no such question") as caught:
        importance(leaders)
    assert 'role = "overall"' in str(caught.value)
    with pytest.raises(SurveyError, match="Clean the sheet first"):
        importance(leaders.data)  # type: ignore[arg-type]


# -- priorities -------------------------------------------------------------------------------


def test_performance_is_the_published_index(answers: Answers) -> None:
    got = priorities(answers, of="services", n=60)
    table = got.table()
    assert table["performance"].round(2).tolist() == [83.08, 80.95, 77.36, 79.69, 76.72]
    assert round(got.crosshairs[1], 2) == 79.56
    same = importance(answers, of="services", replicates="bootstrap", n=60)
    np.testing.assert_allclose(table["importance"], same.table()["estimate"], atol=1e-14)
    np.testing.assert_allclose(table["importance_se"], same.table()["se"], rtol=1e-12)
    index = sipas.satisfaction(answers)
    np.testing.assert_allclose(
        table["performance"], [index[code].point[0] for code in SERVICES], atol=1e-11
    )


def test_both_axes_are_computed_in_the_same_replicates(answers: Answers) -> None:
    got = priorities(answers, of="services", n=40, seed=5)
    weights = survey.as_replicates(answers.design(), "bootstrap", n=40, seed=5).row_weights()
    items = {c: [n for n in answers.data if str(n).startswith(f"{c}.")] for c in SERVICES}
    for r in (0, 39):
        w = weights[:, r]
        kept = scores(answers).assign(w=w)[w > 0]
        alone = survey.lmg(survey.Design(kept, weights="w"), "overall", SERVICES)
        np.testing.assert_allclose(got.replicates[r, 0], alone.value, atol=1e-12)
        for k, names in enumerate(items.values()):
            given = answers.data[names]
            rates = [
                100 * np.average(given[n].dropna() >= 4, weights=w[given[n].notna()])
                for n in names
            ]
            assert got.replicates[r, 1, k] == pytest.approx(np.mean(rates), abs=1e-10)
    flat = got.replicates.reshape(40, -1)
    np.testing.assert_allclose(got.estimates.covariance, np.cov(flat.T), rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(
        got.table()["covariance"], [np.cov(flat[:, k], flat[:, k + 5])[0, 1] for k in range(5)]
    )


def test_quadrants_by_hand() -> None:
    axes = np.array([[0.4, 0.3, 0.1, 0.0], [60.0, 90.0, 70.0, 80.0]])
    assert [QUADRANTS[k] for k in quadrant_numbers(axes)] == [
        *["concentrate here", "keep up", "low priority", "possible overkill"]
    ]
    level = np.array([[0.2, 0.2], [50.0, 50.0]])
    assert [QUADRANTS[k] for k in quadrant_numbers(level)] == ["keep up", "keep up"]


def test_shares_of_replicates_by_hand() -> None:
    rng = np.random.default_rng(2)
    replicates = rng.normal(size=(50, 2, 3))
    replicates[7] = np.nan
    counts = np.zeros((4, 3))
    for r in range(50):
        if r == 7:
            continue
        x, y = replicates[r]
        for k in range(3):
            important, good = x[k] >= x.mean(), y[k] >= y.mean()
            counts[{(1, 0): 0, (1, 1): 1, (0, 0): 2, (0, 1): 3}[important, good], k] += 1
    np.testing.assert_allclose(quadrant_shares(replicates), counts / 49, atol=1e-14)


def test_table_of_priorities(answers: Answers) -> None:
    table = priorities(answers, n=60).table()
    assert list(table.columns) == [
        *["level", "label", "importance", "importance_se", "performance", "performance_se"],
        *["covariance", "quadrant", "probability", "p_concentrate_here", "p_keep_up"],
        *["p_low_priority", "p_possible_overkill"],
    ]
    chances = table[[f"p_{name.replace(' ', '_')}" for name in QUADRANTS]]
    np.testing.assert_allclose(chances.sum(axis=1), 1, atol=1e-12)
    own = [chances.loc[c, f"p_{q.replace(' ', '_')}"] for c, q in table["quadrant"].items()]
    assert table["probability"].tolist() == own


def test_an_index_brings_its_design_and_rules(answers: Answers) -> None:
    index = sipas.satisfaction(answers, score="mean", missing="listwise")
    got = priorities(index, of="services", n=30).table()
    np.testing.assert_allclose(
        got["performance"], [index[code].point[0] for code in SERVICES], atol=1e-11
    )
    with pytest.raises(SurveyError, match="by domain"):
        priorities(sipas.satisfaction(answers, by="gender"))
    with pytest.raises(SurveyError, match="its own design and score"):
        priorities(index, score="mean")


def test_last_year_beside_this_one(answers: Answers, earlier: Answers) -> None:
    got = priorities(answers, of="services", before=earlier, n=40)
    alone = priorities(earlier, of="services", n=40).table()
    table = got.table()
    for name in ("importance", "performance", "quadrant"):
        assert table[f"{name}_before"].tolist() == alone[name].tolist()
    with pytest.raises(SurveyError, match="differ in 'P1', 'P2', 'P3', 'P4'"):
        priorities(answers, before=earlier)


def test_priorities_say_how_sure_they_are(answers: Answers) -> None:
    shown = repr(priorities(answers, of="services", n=30, seed=1))
    assert "lines at importance" in shown
    assert "30 bootstrap replicates, seed 1; " in shown
    assert "with 6 degrees of freedom such shares look surer than they are" in shown


def test_words_in_both_languages() -> None:
    path = Path(sipas.key_drivers.__file__).with_name("words.toml")
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(words["quadrant"]) == set(QUADRANTS)
    for part in words.values():
        for text in part.values():
            assert set(text) == {"vi", "en"}
            assert is_normalized("NFC", text["vi"])
    assert quadrant_label("keep up", "en") == "Keep up the good work"
