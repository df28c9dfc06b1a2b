"""Three years: each with the next and the first with the last."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sipas
from sipas import datasets
from sipas.changes import compare_years
from survey.errors import SurveyError, SurveyWarning


@pytest.fixture(scope="module")
def years(third_year: sipas.Answers) -> list[sipas.Answers]:
    known = [sipas.clean(datasets.load_hue_households(y), f"sipas-{y}") for y in (2021, 2022)]
    return [*known, third_year]


def test_each_pair_is_its_own_comparison(years: list[sipas.Answers]) -> None:
    moved = compare_years(*years, link="items", equivalence=2.0)
    assert moved.pairs == ((2021, 2022), (2022, 2023), (2021, 2023))
    table = moved.table(level=0.9, lang="vi", interval="mover")
    assert table.index.names == ["change", "code"]
    for pair, (one, other) in zip(moved.pairs, ((0, 1), (1, 2), (0, 2)), strict=True):
        alone = sipas.compare(years[one], years[other], link="items", equivalence=2.0)
        want = alone.table(level=0.9, lang="vi", interval="mover")
        pd.testing.assert_frame_equal(table.loc[f"{pair[0]} → {pair[1]}"], want, check_exact=True)
        assert moved[pair].shared_psus == 9


def test_consecutive_changes_add_up_on_the_same_statements(years: list[sipas.Answers]) -> None:
    change = compare_years(*years, link="items").table()["estimate"]
    both = change["2021 → 2022"] + change["2022 → 2023"]  # which have more statements in common
    want = change["2021 → 2023"]
    assert (change["2022 → 2023"] > 0.9).all(), "the third year is another one"
    np.testing.assert_allclose(both[want.index], want, atol=1e-9)


def test_every_pair_has_a_link_of_its_own(years: list[sipas.Answers]) -> None:
    moved = compare_years(*years, link=["items", None, "rates"])
    assert [one.link for one in moved.changes] == ["items", None, "rates"]
    shown = repr(moved)
    assert "2021 → 2023: 9 PSUs in both years, link='rates'." in shown
    assert "2022 → 2023: 9 PSUs in both years." in shown
    assert "not across changes" in shown
    assert "<table" in moved._repr_html_()


def test_two_years_are_one_change(years: list[sipas.Answers]) -> None:
    assert compare_years(*years[:2], link="items").pairs == ((2021, 2022),)


def test_refusals(years: list[sipas.Answers]) -> None:
    with pytest.raises(SurveyError, match=r"got the years \[2021\]"):
        compare_years(years[0])
    with pytest.raises(SurveyError, match=r"got the years \[2021, 2023, 2022\]"):
        compare_years(years[0], years[2], years[1], link="items")
    with pytest.raises(SurveyError, match="2 links for 3 changes"):
        compare_years(*years, link=["items", None])
    with pytest.raises(SurveyError, match="different instruments"):
        compare_years(*years)
    with pytest.raises(SurveyError, match=r"no change \(2022, 2021\)"):
        compare_years(*years, link="items")[2022, 2021]


def test_a_later_year_of_the_same_form_passed_first_is_told(years: list[sipas.Answers]) -> None:
    with pytest.warns(SurveyWarning, match=r"\(2023\) is later than .* \(2022\)"):
        sipas.compare(years[2], years[1])
