"""What the estimators refuse: each error names the place and the mend."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import survey
from survey import Design, SurveyError


@pytest.fixture
def design(province: pd.DataFrame) -> Design:
    return Design(province, strata="district", psu="commune", weights="weight")


@pytest.mark.parametrize("estimator", [survey.mean, survey.total, survey.proportion])
def test_a_misspelt_item(design: Design, estimator: Callable[..., survey.Estimates]) -> None:
    with pytest.raises(SurveyError, match=r"no column 'hole'\. Did you mean 'holes'\?"):
        estimator(design, "hole")


def test_a_misspelt_by(design: Design) -> None:
    with pytest.raises(SurveyError, match=r"by=: no column 'distrct'\. Did you mean 'district'"):
        survey.mean(design, "y", by="distrct")


def test_answers_in_words(design: Design) -> None:
    with pytest.raises(SurveyError, match=r"mean\(y=\): not numeric: 'sex'.*survey.proportion"):
        survey.mean(design, ["y", "sex"])


def test_no_item_at_all(design: Design) -> None:
    with pytest.raises(SurveyError, match=r"mean\(y=\): no column given"):
        survey.mean(design, [])


def test_an_item_that_nobody_answered(province: pd.DataFrame) -> None:
    sheet = province.assign(blank=np.nan)
    said = r"Mean of y, blank: no valid answer at all to 1 items: 'blank'\. Check the column"
    with pytest.raises(SurveyError, match=said):
        survey.mean(Design(sheet), ["y", "blank"])


def test_a_group_that_nobody_is_in(province: pd.DataFrame) -> None:
    sheet = province.assign(region=np.nan)
    with pytest.raises(SurveyError, match=r"by='region': no row has a value"):
        survey.mean(Design(sheet), "y", by="region")


def test_rows_without_a_group_are_reported(province: pd.DataFrame) -> None:
    province.loc["row 3", "sex"] = None
    got = survey.mean(Design(province), "y", by="sex")
    assert got.notes == ("1 rows have no value of sex and are in no domain.",)
    assert got.n.sum() == len(province) - 1


def test_an_option_that_does_not_exist(design: Design) -> None:
    with pytest.raises(SurveyError, match=r"mean\(missing=\): 'drop'.*'item', 'listwise'"):
        survey.mean(design, "y", missing="drop")  # type: ignore[arg-type]


def test_a_frame_on_another_index(design: Design) -> None:
    other = pd.DataFrame({"y": np.ones(len(design.data))})
    said = re.escape("mean(y=): the frame has another index") + ".*Make it from design.data"
    with pytest.raises(SurveyError, match=said):
        survey.mean(design, other)
