"""What each link keeps of two years, and with which maxima."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sipas
from sipas import datasets
from sipas.linking import linked, summary
from survey.errors import SurveyError

SHIPPED = sipas.Instrument.load("leaders-2022")
GROUPS = [group.code for group in SHIPPED.groups]
FORM = sipas.Instrument.load(datasets.worked_instrument_path())


def leader_form(maxima: dict[str, float]) -> sipas.Instrument:
    """A questionnaire of a few shipped items with maxima of our own."""
    items = tuple(
        replace(item, max_points=maxima[item.code])
        for item in SHIPPED.index_items
        if item.code in maxima
    )
    used = {item.dimension for item in items}
    return replace(
        SHIPPED,
        items=items,
        dimensions=tuple(part for part in SHIPPED.dimensions if part.code in used),
    )


CODES = [item.code for item in SHIPPED.index_items]
D2 = [item.code for item in SHIPPED.index_items if item.dimension == "D2"][:2]
D4 = next(item.code for item in SHIPPED.index_items if item.dimension == "D4")
A, B, C = D2[0], D2[1], D4


def leaders(maxima: dict[str, float], level: dict[str, tuple[int, int]]) -> sipas.Answers:
    """Two leaders in each group, who give the two levels of each item."""
    raw = pd.DataFrame({"group": np.repeat(GROUPS, 2)})
    for code in maxima:
        raw[code] = list(level[code]) * len(GROUPS)
    return sipas.clean(raw, leader_form(maxima))


OLD, NEW = {A: 1.0, B: 1.0, C: 2.0}, {A: 3.0, B: 1.0, C: 4.0}
THEN, NOW = {A: (5, 5), B: (3, 3), C: (4, 2)}, {A: (3, 3), B: (4, 4), C: (5, 3)}
#: Rates in per cent of the maximum; level 1 scores 0 and level 5 the whole.
RATE = {
    "before": {A: 100.0, B: 50.0, C: 50.0},
    "after": {A: 50.0, B: 75.0, C: 75.0},
}


def total(rates: dict[str, float], maxima: dict[str, float]) -> float:
    return sum(rates[code] * maxima[code] for code in maxima) / sum(maxima.values())


def compared(link: Any, **options: Any) -> sipas.Change:
    return sipas.compare(
        leaders(OLD, THEN), leaders(NEW, NOW), link=link, group_weights="equal", **options
    )


def test_common_items_of_both_years_weigh_as_in_the_later_year() -> None:
    row = compared("items").table().loc["total"]
    assert row["before"] == pytest.approx(total(RATE["before"], NEW))
    assert row["after"] == pytest.approx(total(RATE["after"], NEW))
    assert abs(total(RATE["before"], NEW) - total(RATE["before"], OLD)) > 5


def test_rates_weigh_each_year_by_its_own_maxima() -> None:
    table = compared("rates").table()
    assert table.loc["total", "before"] == pytest.approx(total(RATE["before"], OLD))
    assert table.loc["total", "after"] == pytest.approx(total(RATE["after"], NEW))
    assert "statement" not in set(table["level"])


def test_dimensions_keep_each_years_own_items_and_maxima() -> None:
    before = leaders({A: 1.0, B: 1.0, C: 2.0}, THEN)
    after = leaders({A: 3.0, B: 1.0}, NOW)
    table = sipas.compare(before, after, link="dimensions", group_weights="equal").table()
    assert table.index.tolist() == ["D2", "total"]
    own = {A: 1.0, B: 1.0}
    assert table.loc["D2", "before"] == pytest.approx(total(RATE["before"], own))
    assert table.loc["total", "after"] == pytest.approx(total(RATE["after"], {A: 3.0, B: 1.0}))


def test_items_of_one_year_only_are_left_out() -> None:
    before = leaders({A: 1.0, C: 2.0}, THEN)
    after = leaders({A: 3.0, B: 1.0}, NOW)
    change = sipas.compare(before, after, link="items", group_weights="equal")
    table = change.table()
    assert table.index.tolist() == [A, "D2", "total"]
    assert table.loc["total", "before"] == pytest.approx(RATE["before"][A])
    assert [len(one.items) for one in change.instruments] == [2, 2]  # whole, as they were
    assert len(change.before.instrument.items) == 1


def test_the_years_themselves_are_left_alone() -> None:
    before, after = leaders(OLD, THEN), leaders(NEW, NOW)
    first, last = linked(before, after, "items")
    assert [item.max_points for item in first.instrument.items] == list(NEW.values())
    assert [item.max_points for item in before.instrument.items] == list(OLD.values())
    assert last.instrument.items == after.instrument.items


def test_other_maxima_are_another_instrument() -> None:
    with pytest.raises(SurveyError, match="different instruments") as caught:
        compared(None)
    assert "item maximum" in str(caught.value)
    assert repr(A) in str(caught.value)
    assert "link='items'" in str(caught.value)


def test_the_same_instrument_needs_no_link() -> None:
    before, after = leaders(NEW, THEN), leaders(NEW, NOW)
    assert linked(before, after, None) == (before, after)


def households(form: sipas.Instrument = FORM) -> sipas.Answers:
    return sipas.clean(datasets.load_worked(), form)


def test_an_item_turned_round_is_another_item() -> None:
    turned = replace(FORM, items=tuple(replace(i, reverse=i.code == "S1.1") for i in FORM.items))
    first, last = linked(households(), households(turned), "items")
    assert [item.code for item in first.instrument.index_items] == ["S1.2", "S2.1", "S2.2"]
    assert first.instrument.index_items == last.instrument.index_items


def test_a_dimension_without_common_items_goes_with_its_items() -> None:
    kept = tuple(item for item in FORM.items if item.dimension != "S2")
    fewer = replace(
        FORM, items=kept, dimensions=tuple(d for d in FORM.dimensions if d.code != "S2")
    )
    first, _ = linked(households(), households(fewer), "items")
    assert [part.code for part in first.instrument.dimensions] == ["S1"]
    assert [part.code for part in first.instrument.aspects] == ["services"]


def test_items_on_other_scales_are_not_common() -> None:
    strict = replace(FORM, scale=replace(FORM.scale, satisfied=(5,)))
    with pytest.raises(SurveyError, match="scale"):
        linked(households(), households(strict), "items")


def test_nothing_in_common_is_said() -> None:
    before, after = leaders({A: 1.0}, THEN), leaders({C: 1.0}, NOW)
    for link in ("items", "dimensions"):
        with pytest.raises(SurveyError, match=f"no {link} in common"):
            linked(before, after, link)


def test_households_and_leaders_are_never_compared() -> None:
    with pytest.raises(SurveyError, match="same survey"):
        linked(households(), leaders(NEW, NOW), "rates")


def test_an_unknown_link_is_refused() -> None:
    with pytest.raises(SurveyError, match="rates"):
        compared("item")


def test_the_summary_counts_each_kind_with_its_first_codes() -> None:
    table = households().instrument.differences(
        replace(FORM, items=tuple(replace(i, reverse=True) for i in FORM.items)), lang="en"
    )
    assert summary(table) == "item reversed ('S1.1', 'S1.2', 'S2.1', 'S2.2')"
