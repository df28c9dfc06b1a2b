"""The design: what it counts, what it weighs, and what it refuses.

Counts and weights are written out; each refusal must name the place and the mend.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import survey
from survey import Design, SurveyError


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "district": ["A"] * 4 + ["B"] * 4,
            "commune": [1, 1, 2, 2, 3, 3, 4, 4],
            "weight": [1.0, 2, 1, 2, 3, 1, 2, 2],
            "N": [10] * 8,
            "sex": list("FMFMFMFM"),
            "y": [1.0, 2, 3, 4, 5, 6, 7, 9],
        },
        index=[f"r{k}" for k in range(8)],
    )


def refused(what: str, *parts: str) -> pytest.RaisesExc[SurveyError]:
    """Expect an error that begins with ``what`` and says each of ``parts``."""
    said = "".join(f"(?=.*{re.escape(part)})" for part in parts)
    return pytest.raises(SurveyError, match=f"^(?={re.escape(what)}){said}")


# -- what it counts ---------------------------------------------------------------------------


def test_the_line_it_prints(frame: pd.DataFrame) -> None:
    made = Design(frame, strata="district", psu="commune", population_label="two districts")
    assert repr(made) == "<Design: 8 rows, 4 PSUs, 2 strata, 2 df; two districts>"


@pytest.mark.parametrize(
    ("given", "df"),
    [
        ({}, 7),
        ({"strata": "district"}, 6),
        ({"psu": "commune"}, 3),
        ({"psu": "commune", "strata": "district"}, 2),
        ({"psu": ["commune", "y"], "strata": ["district"]}, 2),
    ],
)
def test_df_is_psus_less_strata(
    frame: pd.DataFrame, given: dict[str, str | list[str]], df: int
) -> None:
    assert Design(frame, **given).df == df


def test_a_domain_counts_the_psus_that_hold_it(frame: pd.DataFrame) -> None:
    design = Design(frame, strata="district", psu="commune")
    assert design.domain(frame["commune"].isin([1, 2])).df == 1
    assert design.domain(frame["sex"] == "F").df == 2
    assert design.domain((frame["y"] < 6).to_numpy()).df == 3 - 2


def test_domains_intersect(frame: pd.DataFrame) -> None:
    design = Design(frame, psu="commune").domain(frame["sex"] == "F", label="women")
    both = design.domain(frame["y"] > 3, label="women above 3")
    assert both.inside.tolist() == [False] * 4 + [True, False, True, False]
    assert repr(both).endswith("domain women above 3>")
    assert design.inside.sum() == 4, "the first domain is not changed"


def test_nested_names_start_again_in_each_stratum(frame: pd.DataFrame) -> None:
    again = frame.assign(commune=[1, 1, 2, 2] * 2)
    made = Design(again, strata="district", psu="commune", nest=True)
    assert made.df == 2
    assert made.sample.names is not None
    assert list(made.sample.names) == [("A", 1), ("A", 2), ("B", 1), ("B", 2)]


def test_a_unit_taken_with_certainty_becomes_a_stratum() -> None:
    sheet = pd.DataFrame(
        {
            "district": list("AAAABBCC"),
            "commune": [1, 1, 2, 2, 3, 3, 4, 4],
            "capital": [True] * 4 + [False] * 4,
        }
    )
    made = Design(sheet, psu=["district", "commune"], certainty="capital")
    assert made.df == (2 - 1) + (2 - 1)  # communes 1, 2 in A; districts B, C in the rest


# -- what it weighs ---------------------------------------------------------------------------


def test_weights_follow_from_population_counts(frame: pd.DataFrame) -> None:
    sheet = frame.assign(M=[4, 4, 6, 6, 2, 2, 8, 8], row=range(8))
    made = Design(sheet, strata="district", psu=["commune", "row"], fpc=["N", "M"])
    # two of ten communes, two of M rows: 10/2 times M/2
    assert made.weight.tolist() == [10, 10, 15, 15, 5, 5, 20, 20]


def test_shares_sampled_are_read_as_shares(frame: pd.DataFrame) -> None:
    share = Design(frame.assign(f=0.2), strata="district", psu="commune", fpc="f")
    count = Design(frame, strata="district", psu="commune", fpc="N")
    np.testing.assert_allclose(share.weight, count.weight, rtol=1e-12)
    left, right = survey.mean(share, "y"), survey.mean(count, "y")
    np.testing.assert_allclose(left.se, right.se, rtol=1e-12)


def test_without_weights_every_row_weighs_the_same(frame: pd.DataFrame) -> None:
    assert Design(frame).weight.tolist() == [1.0] * 8


def test_a_row_outside_the_domain_weighs_nothing(frame: pd.DataFrame) -> None:
    women = Design(frame, weights="weight").domain(frame["sex"] == "F")
    assert women.weight.tolist() == [1, 0, 1, 0, 3, 0, 2, 0]


def test_later_changes_of_the_frame_do_not_reach_the_design(frame: pd.DataFrame) -> None:
    design = Design(frame, psu="commune", weights="weight")
    before = survey.mean(design, "y").estimate["y"]
    frame["y"] = 0.0
    frame["weight"] = 1.0
    assert survey.mean(design, "y").estimate["y"] == before


# -- what it refuses --------------------------------------------------------------------------


@pytest.mark.parametrize("argument", ["weights", "strata", "psu", "fpc", "certainty"])
def test_a_misspelt_column(frame: pd.DataFrame, argument: str) -> None:
    with refused(f"Design({argument}=): no column 'wieght'.", "Did you mean 'weight'?"):
        Design(frame, **{argument: "wieght"})


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (np.nan, "missing or not a number"),
        ("three", "missing or not a number"),
        (-1.0, "negative"),
        (0.0, "zero"),
        (np.inf, "infinite"),
    ],
)
def test_a_weight_that_is_none(frame: pd.DataFrame, value: object, fault: str) -> None:
    frame["weight"] = frame["weight"].astype(object)
    frame.loc[["r2", "r5"], "weight"] = value
    place = f"Design(weights='weight'): 2 {fault}, in rows 'r2', 'r5'."
    with refused(place, "Correct the weights", "design.domain(mask)"):
        Design(frame, weights="weight")


def test_at_most_five_cases_are_listed(frame: pd.DataFrame) -> None:
    with refused("Design(weights='weight'): 8 zero, in rows 'r0'", "'r4' and 3 more"):
        Design(frame.assign(weight=0), weights="weight")


@pytest.mark.parametrize("column", ["district", "commune"])
def test_a_row_without_its_place(frame: pd.DataFrame, column: str) -> None:
    frame[column] = frame[column].astype(object)
    frame.loc["r3", column] = None
    place = f"Design: column {column!r} is missing in 1 rows: 'r3'."
    with refused(place, "Every row needs its stratum and PSU"):
        Design(frame, strata="district", psu="commune")


def test_a_psu_in_two_strata(frame: pd.DataFrame) -> None:
    frame.loc["r7", "commune"] = 1
    with refused("Design(psu='commune'): 1 PSUs lie in more than one stratum: 1.", "nest=True"):
        Design(frame, strata="district", psu="commune")
    assert Design(frame, strata="district", psu="commune", nest=True).df == 3


def test_more_units_sampled_than_there_are(frame: pd.DataFrame) -> None:
    counts = frame.assign(N=[10] * 4 + [1.5] * 4)
    place = "Design(fpc='N'): more units sampled than there are in the population of 'B'."
    with refused(place, "not persons"):
        Design(counts, strata="district", psu="commune", fpc="N")


def test_a_population_count_that_differs_within_a_stratum(frame: pd.DataFrame) -> None:
    frame.loc["r1", "N"] = 11
    with refused("Design(fpc='N'): differs within 1 strata: 'A'.", "same population count"):
        Design(frame, strata="district", psu="commune", fpc="N")


@pytest.mark.parametrize("value", [np.nan, 0, -3, "many"])
def test_a_population_count_that_is_none(frame: pd.DataFrame, value: object) -> None:
    frame["N"] = frame["N"].astype(object)
    frame.loc["r7", "N"] = value
    with refused("Design(fpc='N'): 1 missing or not positive, in rows 'r7'.", "number of units"):
        Design(frame, strata="district", psu="commune", fpc="N")


def test_columns_that_occur_twice(frame: pd.DataFrame) -> None:
    twice = pd.concat([frame, frame[["y"]]], axis=1)
    with refused("Design(data): duplicate column names: 'y'.", "Rename"):
        Design(twice)


def test_a_frame_without_rows(frame: pd.DataFrame) -> None:
    with refused("Design(data): the frame has no rows.", "Check what was read"):
        Design(frame.iloc[:0])


def test_not_a_frame() -> None:
    with refused("Design(data): got list.", "Pass a pandas DataFrame."):
        Design([1, 2])  # type: ignore[arg-type]


@pytest.mark.parametrize("argument", ["lonely_psu", "lonely_domain"])
def test_a_rule_that_does_not_exist(frame: pd.DataFrame, argument: str) -> None:
    with refused(f"Design({argument}=): 'drop' is not an option.", "'adjust'", "'average'"):
        Design(frame, **{argument: "drop"})


def test_certainty_needs_a_next_stage(frame: pd.DataFrame) -> None:
    with refused("Design(certainty=)", "two stages", "['district', 'commune']"):
        Design(frame.assign(sure=True), psu="commune", certainty="sure")


def test_certainty_is_true_or_false(frame: pd.DataFrame) -> None:
    with refused("Design(certainty='N'): must be true or false in every row."):
        Design(frame, psu=["district", "commune"], certainty="N")


# -- domains ----------------------------------------------------------------------------------


def test_a_domain_without_rows(frame: pd.DataFrame) -> None:
    with refused("domain 'over 100': no row of the design is inside.", "Check the condition"):
        Design(frame).domain(frame["y"] > 100, label="over 100")


@pytest.mark.parametrize(
    "mask",
    [
        np.ones(8),
        np.ones(3, dtype=bool),
        pd.Series(np.ones(8, dtype=bool)),
        pd.Series([True] * 7 + [None], index=[f"r{k}" for k in range(8)]),
    ],
    ids=["numbers", "too short", "another index", "with a hole"],
)
def test_a_mask_that_does_not_fit(frame: pd.DataFrame, mask: np.ndarray | pd.Series) -> None:
    with refused("domain 'some': the mask must be 8 booleans", "design's own frame"):
        Design(frame).domain(mask, label="some")
