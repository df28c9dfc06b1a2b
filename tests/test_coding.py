"""Coded answers: codes stand for what was answered, and every path gives the same numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey
from survey import coding
from survey.coding import MOST_ANSWERS, Groups, code_column, code_columns, number_values
from survey.counting import blocks_of, counts_by_group, unanswered
from survey.errors import SurveyError
from survey.rows import CodedRows


@pytest.mark.parametrize(
    "values",
    [
        [5.0, np.nan, 1.0, 3.0],
        [0, 1, 1, 0],
        [-2.0, 2.0, np.nan, 0.0],
        [True, False, True, True],
        ["b", None, "a", "b"],
        [100.0, 0.0, np.nan, 100.0],
    ],
)
def test_codes_stand_for_the_answers(values: list[object]) -> None:
    column = pd.Series(values)
    coded = code_column(column)
    if coded is None:
        assert column.max() - column.min() >= MOST_ANSWERS
        return
    decoded = np.append([None], coded.answers.astype(object))[coded.codes]
    expected = column.astype(object).where(column.notna(), None)
    assert list(decoded) == list(expected)
    assert list(coded.blank) == list(np.flatnonzero(column.isna()))


@pytest.mark.parametrize(
    "values",
    [[1.5, 2.0], [1e9, 2.0], [np.inf, 1.0], [np.nan, np.nan], [-100.0, 100.0], [100.0, -100.0]],
)
def test_measurements_are_not_coded(values: list[float]) -> None:
    assert code_column(pd.Series(values)) is None


@given(
    low=st.integers(-200, 200),
    spans=st.lists(
        st.integers(0, 90) | st.sampled_from([0, 1, 2, 220, 250]), min_size=1, max_size=8
    ),
    odd=st.sampled_from([None, 0.5, np.inf, 256.0, -1e300]),
    blanks=st.sets(st.integers(0, 8)),
)
def test_few_whole_numbers_of_a_byte_are_coded_and_nothing_else(
    low: int, spans: list[int], odd: float | None, blanks: set[int]
) -> None:
    values = [np.nan if k in blanks else float(low + span) for k, span in enumerate(spans)]
    values += [] if odd is None else [odd]
    column = pd.Series(values)
    known = column.dropna()
    fits = odd in (None, low) and len(known) > 0 and known.between(-128, 127).all()
    coded = code_column(column)
    assert (coded is not None) == (fits and known.max() - known.min() < MOST_ANSWERS)
    if coded is not None:
        assert list(coded.answers) == sorted(set(known))
        np.testing.assert_array_equal(np.append(np.nan, coded.answers)[coded.codes], column)


def test_numbers_in_sorted_order() -> None:
    for values in ([3, -1, 3, 10**12], [30, 10, 20, 10], ["b", "a", "b"]):
        codes, found = number_values(pd.Series(values))
        assert list(found[codes]) == values
        assert list(found) == sorted(set(values))


def frame(n: int = 600) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    made = pd.DataFrame({"stratum": np.arange(n) % 3, "psu": np.arange(n) % 30})
    made["weight"], made["sex"] = rng.lognormal(size=n), rng.integers(0, 2, n)
    for k in range(7):
        made[f"q{k}"] = rng.integers(1, 6, n).astype(float)
        made.loc[rng.random(n) < 0.05 * k, f"q{k}"] = np.nan
    return made


@pytest.mark.parametrize("by", [None, "sex", "stratum", ["stratum", "sex"]])
def test_coded_and_measured_rows_agree(by: str | list[str] | None) -> None:
    data = frame()
    names = [f"q{k}" for k in range(7)]
    design = survey.Design(data, weights="weight", strata="stratum", psu="psu")
    coded = survey.mean(design, names, by=by)
    measured = survey.mean(design, data[names] + 1e-3, by=by)  # no longer few whole numbers
    np.testing.assert_allclose(coded.point, measured.point - 1e-3, rtol=1e-12)
    np.testing.assert_allclose(coded.se, measured.se, rtol=1e-10)
    np.testing.assert_array_equal(coded.n, measured.n)
    np.testing.assert_allclose(coded.deff, measured.deff, rtol=1e-9)
    again = survey.mean(design, names, by=by)  # from the codes that were kept
    np.testing.assert_array_equal(coded.point, again.point)
    np.testing.assert_array_equal(coded.se, again.se)


def test_a_domain_does_not_use_what_was_kept_for_the_whole() -> None:
    data = frame()
    design = survey.Design(data, weights="weight", strata="stratum", psu="psu")
    survey.mean(design, ["q1", "q2"], by="sex")
    part = survey.mean(design.domain(data["q0"] > 2), ["q1", "q2"], by="sex")
    fresh = survey.Design(data, weights="weight", strata="stratum", psu="psu")
    alone = survey.mean(fresh.domain(data["q0"] > 2), ["q1", "q2"], by="sex")
    np.testing.assert_array_equal(part.point, alone.point)
    np.testing.assert_array_equal(part.se, alone.se)
    np.testing.assert_array_equal(part.n, alone.n)


def test_blocks_hold_every_column_once_and_fit_a_byte() -> None:
    columns = [code_column(frame(60_000)[f"q{k}"]) for k in range(7)]
    coded = [column for column in columns if column is not None]
    blocks = blocks_of(coded, 30)
    assert sorted(k for block in blocks for k in block) == list(range(7))
    assert any(len(block) > 1 for block in blocks)
    for block in blocks:
        assert np.prod([coded[k].width for k in block]) <= 256


def test_few_answers_take_the_coded_path() -> None:
    from survey.variables import Asked, number_domains, read_columns, rows_of

    design = survey.Design(frame(), psu="psu", strata="stratum")
    asked = Asked("mean", read_columns(design, ["q1", "q2"], "mean"))
    assert isinstance(rows_of(asked, design, number_domains(design, None)), CodedRows)


def test_short_integers_far_apart_are_numbered() -> None:
    codes, found = number_values(pd.Series([-100, 100, 0, -100], dtype=np.int8))
    assert list(found) == [-100, 0, 100]
    assert list(codes) == [0, 2, 1, 0]


def test_threads_code_what_one_hand_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = [frame()[f"q{k}"] for k in range(7)]
    one = code_columns(columns)
    monkeypatch.setattr(coding, "THREADED_ROWS", 1)
    for a, b in zip(one, code_columns(columns), strict=True):
        assert a is not None
        assert b is not None
        assert (a.codes == b.codes).all()


def test_counts_by_group_add_up_the_weights() -> None:
    data = frame(60_000)
    coded = [one for one in code_columns([data[f"q{k}"] for k in range(7)]) if one is not None]
    psu = data["psu"].to_numpy()
    groups = Groups(psu, np.arange(30), np.zeros(30, dtype=np.int64))
    tables = counts_by_group(coded, groups, data["weight"].to_numpy())
    for k, table in enumerate(tables):
        answer = data[f"q{k}"].fillna(0)
        want = pd.crosstab(answer, data["psu"], values=data["weight"], aggfunc="sum").fillna(0.0)
        np.testing.assert_allclose(table[table.any(axis=1)], want, rtol=1e-12)


def test_blanks_are_counted_inside_the_domain_only() -> None:
    data = frame()
    coded = [one for one in code_columns([data[f"q{k}"] for k in range(7)]) if one is not None]
    inside, domain = (data["sex"] == 1).to_numpy(), data["stratum"].to_numpy()
    blank = data.loc[inside, [f"q{k}" for k in range(7)]].isna()
    want = blank.groupby(data.loc[inside, "stratum"]).sum()
    assert (unanswered(coded, inside, domain, 3) == want.to_numpy()).all()


def test_kept_counts_belong_to_their_weights_and_their_domain() -> None:
    """Calls in any order, on one design and on its domains, give what a fresh design gives."""
    data = frame()
    used = survey.Design(data, weights="weight", strata="stratum", psu="psu")
    women = data["sex"] == 1
    calls = [
        lambda d: survey.mean(d, ["q1", "q2"]),
        lambda d: survey.proportion(d, ["q2", "q3"], event=(4, 5), by="sex"),
        lambda d: survey.mean(d.domain(women), ["q1", "q3"], by="stratum"),
        lambda d: survey.mean(d, ["q3", "q1"], by="stratum"),
        lambda d: survey.mean(survey.trim(d, upper=2.0), ["q1", "q2"]),
        lambda d: survey.mean(survey.as_replicates(d, "JKn"), ["q1", "q2"]),
        lambda d: survey.total(d, ["q1", "q2"]),
    ]
    for call in calls + calls[::-1]:
        fresh = call(survey.Design(data, weights="weight", strata="stratum", psu="psu"))
        again = call(used)
        np.testing.assert_allclose(again.estimate, fresh.estimate, rtol=1e-14)
        np.testing.assert_allclose(again.se, fresh.se, rtol=1e-12)


def test_a_column_called_row_is_not_taken_for_the_rows() -> None:
    data = pd.DataFrame({"row": [1, 1, 2, 2], "y": [1.0, 2.0, 3.0, 5.0]})
    plain = survey.mean(survey.Design(data), "y").se
    assert float(plain["y"]) == pytest.approx(data["y"].std() / 2)


def test_an_array_of_weights_is_the_designs_own() -> None:
    weights = np.ones(4)
    data = pd.DataFrame({"y": [1.0, 2.0, 3.0, 5.0]})
    design = survey.ReplicateDesign(data, weights=weights, replicate_weights=np.ones((4, 2)))
    weights[0] = 100.0
    assert float(survey.mean(design, "y").estimate["y"]) == pytest.approx(2.75)


def test_domains_of_whole_units_count_nothing_twice() -> None:
    data = pd.DataFrame({"stratum": [1, 1, 2, 2], "psu": [1, 2, 3, 4], "y": [1, 2, 4, 5]})
    design = survey.Design(data, strata="stratum", psu="psu")
    survey.mean(design, "y")
    (kept,) = design.codebook.counted
    table = kept.tables["y"]
    again = survey.mean(design, "y", by="stratum")
    np.testing.assert_array_equal(again.estimate, [1.5, 4.5])
    (kept,) = design.codebook.counted
    assert kept.tables["y"] is table


def test_an_item_nobody_answered_is_refused_in_its_domain_only() -> None:
    data = pd.DataFrame({"psu": [1, 2, 3, 4], "a": [1, 2, 3, 4], "b": [np.nan, np.nan, 1, 2]})
    design = survey.Design(data, psu="psu")
    whole = survey.mean(design, ["a", "b"])
    assert list(whole.n) == [4, 2]
    assert list(whole.missing) == [0, 2]
    with pytest.raises(SurveyError, match="no valid answer at all to 1 items: 'b'"):
        survey.mean(design.domain(data["psu"] < 3), ["a", "b"])
