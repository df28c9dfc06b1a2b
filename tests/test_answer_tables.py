"""Tables of counts: pieces make the whole, and what needs rows is refused."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import survey
from survey.answer_tables import accumulate


def sheet(n: int = 240, seed: int = 5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "stratum": np.arange(n) % 4,
            "psu": np.arange(n) % 24,
            "weight": rng.lognormal(size=n),
            "sex": np.where(rng.random(n) < 0.5, "F", "M"),
            "q1": rng.integers(1, 6, n).astype(float),
            "q2": rng.integers(0, 2, n).astype(float),
        }
    )
    frame.loc[rng.random(n) < 0.1, "q1"] = np.nan
    return frame.sample(frac=1, random_state=seed, ignore_index=True)


FRAME = sheet()
OPTIONS = {"weights": "weight", "strata": "stratum", "psu": "psu", "by": "sex"}


def same(one: survey.Estimates, other: survey.Estimates) -> None:
    pd.testing.assert_series_equal(one.estimate, other.estimate, rtol=1e-12)
    pd.testing.assert_frame_equal(one.covariance, other.covariance, rtol=1e-10, atol=1e-15)
    pd.testing.assert_series_equal(one.n, other.n)
    pd.testing.assert_series_equal(one.missing, other.missing)
    pd.testing.assert_series_equal(one.df, other.df)


@settings(max_examples=8, derandomize=True, deadline=None)
@given(st.lists(st.integers(1, 239), max_size=4, unique=True))
def test_pieces_make_the_whole(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(FRAME)]
    pieces = [FRAME[a:b] for a, b in pairwise(edges)]
    counted = accumulate(pieces, ["q1", "q2"], **OPTIONS).design
    whole = survey.Design(FRAME, weights="weight", strata="stratum", psu="psu")
    for by in (None, "sex"):
        same(survey.mean(counted, ["q1", "q2"], by=by), survey.mean(whole, ["q1", "q2"], by=by))
        same(
            survey.proportion(counted, "q1", event=(4, 5), by=by),
            survey.proportion(whole, "q1", event=(4, 5), by=by),
        )
    same(survey.total(counted, "q2"), survey.total(whole, "q2"))
    same(survey.proportion(counted, ["q1"]), survey.proportion(whole, ["q1"]))


def test_tables_add_up() -> None:
    parts = [accumulate(piece, ["q1"], **OPTIONS) for piece in (FRAME[:100], FRAME[100:])]
    same(
        survey.mean((parts[0] + parts[1]).design, "q1"),
        survey.mean(accumulate(FRAME, ["q1"], **OPTIONS).design, "q1"),
    )


def test_answers_that_only_one_piece_holds() -> None:
    low, high = FRAME[FRAME["q1"] < 3], FRAME[FRAME["q1"] >= 3]
    counted = accumulate([low, high], ["q1"], **OPTIONS).design
    whole = survey.Design(pd.concat([low, high]), weights="weight", strata="stratum", psu="psu")
    same(survey.mean(counted, "q1"), survey.mean(whole, "q1"))


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_files_are_read_in_pieces(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"answers{suffix}"
    FRAME.to_csv(path, index=False) if suffix == ".csv" else FRAME.to_parquet(path)
    counted = accumulate(path, ["q1"], chunk=50, **OPTIONS).design
    whole = survey.Design(FRAME, weights="weight", strata="stratum", psu="psu")
    assert survey.mean(counted, "q1").se["q1"] == pytest.approx(
        survey.mean(whole, "q1").se["q1"], rel=1e-12
    )


def test_a_domain_of_the_table() -> None:
    counted = accumulate(FRAME, ["q1"], **OPTIONS).design
    whole = survey.Design(FRAME, weights="weight", strata="stratum", psu="psu")
    women = counted.domain(counted.data["sex"] == "F", label="women")
    same(
        survey.mean(women, "q1"),
        survey.mean(whole.domain(FRAME["sex"] == "F", label="women"), "q1"),
    )


def test_what_needs_rows_is_refused() -> None:
    counted = accumulate(FRAME, ["q1", "q2"], **OPTIONS).design
    with pytest.raises(survey.SurveyError, match=r"no rows.*Design on the data"):
        survey.mean(counted, ["q1", "q2"], missing="listwise")
    with pytest.raises(survey.SurveyError, match="design effects"):
        _ = survey.mean(counted, "q1").deff
    with pytest.raises(survey.SurveyError, match="no column 'q3'"):
        survey.mean(counted, "q3")


def test_bad_sources() -> None:
    with pytest.raises(survey.SurveyError, match="source is empty"):
        accumulate([], ["q1"], psu="psu")
    with pytest.raises(survey.SurveyError, match="unknown format"):
        accumulate("answers.docx", ["q1"], psu="psu")
    with pytest.raises(survey.SurveyError, match="too many different answers"):
        accumulate(FRAME, ["weight"], psu="psu")
    other = accumulate(FRAME, ["q2"], **OPTIONS)
    with pytest.raises(survey.SurveyError, match="different items or designs"):
        _ = accumulate(FRAME, ["q1"], **OPTIONS) + other
