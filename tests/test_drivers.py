"""Contributions recomputed from the answers alone, and their errors by moving the weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sipas
from sipas import datasets
from survey.errors import SurveyError

FORM = sipas.Instrument.load(datasets.worked_instrument_path())
ITEMS = ["S1.1", "S1.2", "S2.1", "S2.2"]
#: Weights of the statements in the index, in S1 and in S2.
SHARE = {
    "services": np.full(4, 0.25),
    "S1": np.array([0.5, 0.5, 0, 0]),
    "S2": np.array([0, 0, 0.5, 0.5]),
}
SIZES = ((5, 4, 6), (4, 5, 4), (6, 4, 5))
Sheet = pd.DataFrame
Account = Callable[[Sheet, np.ndarray, Sheet, np.ndarray], np.ndarray]


def draw(seed: int, lift: float = 0.0, blank: float = 0.2, weighted: bool = True) -> Sheet:
    """Nine communes of three districts, answers of one commune alike, some missing."""
    rng = np.random.default_rng(seed)
    places = [
        (f"huyện {d}", f"xã {d}{c}")
        for d, sizes in enumerate(SIZES)
        for c, size in enumerate(sizes)
        for _ in range(size)
    ]
    sheet = pd.DataFrame(places, columns=["district", "commune"])
    pull = {name: rng.normal(lift, 0.6) for name in sheet["commune"].unique()}
    sheet.insert(0, "id", [f"{seed}-{k}" for k in range(len(sheet))])
    sheet["gender"] = np.where(rng.random(len(sheet)) < 0.5, "Nam", "Nữ")
    if weighted:
        sheet["weight"] = rng.integers(1, 7, len(sheet)) / 2.0
    for item in ITEMS:
        raw = 3.3 + sheet["commune"].map(pull) + rng.normal(0, 1.0, len(sheet))
        level = raw.round().clip(1, 5).astype(int)
        level[rng.random(len(sheet)) < blank] = 9
        sheet[item] = level
    return sheet


def compared(before: Sheet, after: Sheet, **rules: Any) -> sipas.Change:
    return sipas.compare(sipas.clean(before, FORM), sipas.clean(after, FORM), **rules)


def satisfied(sheet: Sheet, listwise: bool) -> tuple[np.ndarray, np.ndarray]:
    """Whether each answer is valid, and 100 where it is satisfied, shape (n, 4)."""
    y = sheet[ITEMS].to_numpy(float)
    valid = ~np.isnan(y) & (y != 9)
    if listwise:
        valid = np.repeat(valid.all(axis=1, keepdims=True), 4, axis=1)
    return valid.astype(float), 100.0 * (valid & (y >= 4))


def base_weight(sheet: Sheet) -> np.ndarray:
    return sheet["weight"].to_numpy(float) if "weight" in sheet else np.ones(len(sheet))


def statement_rates(sheet: Sheet, weight: np.ndarray, listwise: bool = False) -> np.ndarray:
    valid, y = satisfied(sheet, listwise)
    return (weight @ y) / (weight @ valid)


def by_statement(listwise: bool = False) -> Account:
    def account(b: Sheet, wb: np.ndarray, a: Sheet, wa: np.ndarray) -> np.ndarray:
        moved = statement_rates(a, wa, listwise) - statement_rates(b, wb, listwise)
        return SHARE["services"] * moved

    return account


def by_dimension(listwise: bool = False) -> Account:
    def account(*years: Any) -> np.ndarray:
        return by_statement(listwise)(*years).reshape(2, 2).sum(axis=1)

    return account


def terms(
    b: Sheet, wb: np.ndarray, a: Sheet, wa: np.ndarray, column: str, listwise: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Within and mix of each statement and group, shape (4, G); Kitagawa (1955) written out."""
    names = sorted({*b[column], *a[column]})
    m, s = [], []
    for sheet, weight in ((b, wb), (a, wa)):
        valid, y = satisfied(sheet, listwise)
        inside = [weight * (sheet[column] == name).to_numpy(float) for name in names]
        held = np.array([w @ valid for w in inside]).T
        m.append(np.array([w @ y for w in inside]).T / held)
        s.append(held / held.sum(axis=1, keepdims=True))
    centre = sum((mt * st_).sum(axis=1, keepdims=True) for mt, st_ in zip(m, s, strict=True)) / 2
    within = (s[0] + s[1]) / 2 * (m[1] - m[0])
    return within, ((m[0] + m[1]) / 2 - centre) * (s[1] - s[0])


def by_group(column: str, of: str = "services", listwise: bool = False) -> Account:
    def account(b: Sheet, wb: np.ndarray, a: Sheet, wa: np.ndarray) -> np.ndarray:
        within, mix = terms(b, wb, a, wa, column, listwise)
        return SHARE[of] @ (within + mix)

    return account


def crossed(column: str) -> Account:
    def account(b: Sheet, wb: np.ndarray, a: Sheet, wa: np.ndarray) -> np.ndarray:
        within, mix = terms(b, wb, a, wa, column)
        each = SHARE["services"][:, None] * (within + mix)
        return each.reshape(2, 2, -1).sum(axis=1).ravel()

    return account


def moved_errors(account: Account, before: Sheet, after: Sheet) -> np.ndarray:
    """Standard errors: the account's slope in each commune's weight, then n/(n−1) by stratum."""
    step = 1e-5
    base = [base_weight(before), base_weight(after)]
    slopes: dict[str, np.ndarray] = {}
    for k, sheet in enumerate((before, after)):
        towns = sheet[["district", "commune"]].drop_duplicates()
        raw = {}
        for town in towns["commune"]:
            ends = []
            for sign in (1.0, -1.0):
                weights = [w.copy() for w in base]
                weights[k][(sheet["commune"] == town).to_numpy()] *= 1.0 + sign * step
                ends.append(account(before, weights[0], after, weights[1]))
            raw[town] = (ends[0] - ends[1]) / (2.0 * step)
        for _, own in towns.groupby("district")["commune"]:
            mean = np.mean([raw[town] for town in own], axis=0)
            scale = np.sqrt(len(own) / (len(own) - 1))
            for town in own:
                slopes[town] = slopes.get(town, 0.0) + scale * (raw[town] - mean)
    return np.sqrt(sum(slope**2 for slope in slopes.values()))


CASES = {
    "statement": ("statement", by_statement()),
    "dimension": ("dimension", by_dimension()),
    "district": ("district", by_group("district")),
    "gender": ("gender", by_group("gender")),
    "dimension × gender": (("dimension", "gender"), crossed("gender")),
}


@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("case", CASES)
def test_contributions_and_their_errors(case: str, weighted: bool) -> None:
    by, account = CASES[case]
    before, after = draw(1, 0.4, weighted=weighted), draw(2, -0.2, weighted=weighted)
    made = sipas.contributions(compared(before, after), by=by).table()
    want = account(before, base_weight(before), after, base_weight(after))
    np.testing.assert_allclose(made["estimate"], want, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(made["se"], moved_errors(account, before, after), rtol=1e-5)


@pytest.mark.parametrize("by", ["dimension", "gender"])
def test_errors_when_only_some_communes_are_visited_again(by: str) -> None:
    before, after = draw(3), draw(4)
    after = after.assign(commune=after["commune"].replace({"xã 00": "xã mới", "xã 21": "xã khác"}))
    made = sipas.contributions(compared(before, after), by=by)
    assert made.change.shared_psus == 7
    want = moved_errors(CASES[by][1], before, after)
    np.testing.assert_allclose(made.table()["se"], want, rtol=1e-5)


@pytest.mark.parametrize("by", ["statement", "dimension", "gender"])
def test_listwise_answers_count_listwise_everywhere(by: str) -> None:
    before, after = draw(5, blank=0.08), draw(6, blank=0.08)
    account = {
        "statement": by_statement(True),
        "dimension": by_dimension(True),
        "gender": by_group("gender", listwise=True),
    }[by]
    made = sipas.contributions(compared(before, after, missing="listwise"), by=by).table()
    want = account(before, base_weight(before), after, base_weight(after))
    np.testing.assert_allclose(made["estimate"], want, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(made["se"], moved_errors(account, before, after), rtol=1e-5)


def test_within_and_mix_of_each_group() -> None:
    before, after = draw(7), draw(8, -0.5)
    made = sipas.contributions(compared(before, after), by="gender")
    within, mix = terms(before, base_weight(before), after, base_weight(after), "gender")
    np.testing.assert_allclose(made.table()["within"], SHARE["services"] @ within, atol=1e-9)
    np.testing.assert_allclose(made.table()["mix"], SHARE["services"] @ mix, atol=1e-9)
    assert abs(mix).max() > 0.1


def test_the_account_of_one_dimension() -> None:
    before, after = draw(7), draw(8, -0.5)
    change = compared(before, after)
    table = change.table()
    made = sipas.contributions(change, of="S2")
    assert made.table().index.tolist() == ["S2.1", "S2.2"]
    want = table.loc[["S2.1", "S2.2"], "estimate"] / 2
    np.testing.assert_allclose(made.table()["estimate"], want, rtol=1e-10)
    assert made.before == pytest.approx(table.loc["S2", "before"])
    assert made.after == pytest.approx(table.loc["S2", "after"])
    groups = sipas.contributions(change, by="gender", of="S2").table()
    want = by_group("gender", "S2")(before, base_weight(before), after, base_weight(after))
    np.testing.assert_allclose(groups["estimate"], want, rtol=1e-9)


@pytest.mark.parametrize("by", [*CASES])
def test_swapping_the_years_turns_every_sign(by: str) -> None:
    before, after = draw(9, 0.3), draw(10)
    there = sipas.contributions(compared(before, after), by=CASES[by][0]).table()
    back = sipas.contributions(compared(after, before), by=CASES[by][0]).table()
    columns = [name for name in ("estimate", "within", "mix") if name in there]
    np.testing.assert_allclose(back[columns], -there[columns], atol=1e-9)
    np.testing.assert_allclose(back["se"], there["se"], rtol=1e-9)
    assert there["estimate"].abs().max() > 0.5


# -- the account closes -----------------------------------------------------------------------

LEVELS = st.sampled_from([1, 2, 3, 4, 5, 9, None])
ROW = st.tuples(LEVELS, LEVELS, LEVELS, LEVELS)


@st.composite
def small_sheets(draw_: st.DrawFn) -> Sheet:
    """Four communes of two districts, two rows each and two more of whole answers."""
    rows = draw_(st.lists(ROW, min_size=8, max_size=8))
    weights = draw_(st.lists(st.integers(1, 9), min_size=16, max_size=16))
    whole = draw_(st.lists(st.tuples(*[st.integers(1, 5)] * 4), min_size=8, max_size=8))
    sheet = pd.DataFrame([*rows, *whole], columns=ITEMS).astype(float)
    sheet["commune"] = ["xã 0", "xã 1", "xã 2", "xã 3"] * 4
    sheet["district"] = ["huyện 0", "huyện 0", "huyện 1", "huyện 1"] * 4
    sheet["gender"] = ["Nam"] * 4 + ["Nữ"] * 4 + ["Nam"] * 4 + ["Nữ"] * 4
    sheet["weight"] = weights
    sheet["id"] = [f"p{k}" for k in range(len(sheet))]
    return sheet


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(small_sheets(), small_sheets(), st.sampled_from(["item", "listwise"]))
def test_every_account_closes(before: Sheet, after: Sheet, missing: str) -> None:
    change = compared(before, after, missing=missing)
    listwise = missing == "listwise"
    rates = [statement_rates(s, base_weight(s), listwise) for s in (before, after)]
    total = float(SHARE["services"] @ (rates[1] - rates[0]))
    for by in ("statement", "dimension", "district", ("statement", "gender")):
        made = sipas.contributions(change, by=by).table()
        assert abs(made["estimate"].sum() - total) < 1e-9
        if "mix" in made:
            assert abs(made["within"] + made["mix"] - made["estimate"]).max() < 1e-9


def test_a_group_of_one_year_only_closes_too() -> None:
    before, after = draw(11), draw(12)
    after = after.assign(gender=after["gender"].where(after.index > 3, "khác"))
    change = compared(before, after)
    account = sipas.contributions(change, by="gender")
    assert "In one year only, so all of it is mix: 'khác'." in repr(account)
    made = account.table()
    assert made.index.tolist() == ["Nam", "Nữ", "khác"]
    total = change.table().loc["services", "estimate"]
    assert made["estimate"].sum() == pytest.approx(total, abs=1e-9)
    assert made.loc["khác", "within"] == 0.0


# -- shares of the change ---------------------------------------------------------------------


def test_shares_are_known_only_of_a_change_beyond_its_error() -> None:
    clear = sipas.contributions(compared(draw(1, 0.8), draw(2, -0.8)))
    total, error = clear.total.point[0], clear.total.se.iloc[0]
    assert abs(total) > error
    table = clear.table()
    np.testing.assert_allclose(table["share"], 100 * table["estimate"] / total, rtol=1e-12)
    assert table["share"].sum() == pytest.approx(100.0)


@pytest.mark.parametrize("by", ["statement", "gender"])
def test_a_change_within_its_error_is_not_shared_out(by: str) -> None:
    unclear = sipas.contributions(compared(draw(1), draw(29)), by=by)
    assert 0 < abs(unclear.total.point[0]) <= unclear.total.se.iloc[0]
    table = unclear.table()
    assert table["share"].isna().all()
    assert table["estimate"].notna().all()


# -- refusals ---------------------------------------------------------------------------------


def test_what_did_not_change_has_no_shares_and_no_interval() -> None:
    same = draw(9)
    table = sipas.contributions(compared(same, same.assign(id=same["id"] + "b"))).table()
    np.testing.assert_allclose(table[["estimate", "se"]], 0.0, atol=1e-10)
    assert table[["low", "high", "share"]].isna().all(axis=None)


def test_only_a_change_is_split() -> None:
    with pytest.raises(SurveyError, match=r"contributions: got a Answers.*sipas\.compare"):
        sipas.contributions(sipas.clean(draw(1), FORM))  # type: ignore[arg-type]


def test_an_unknown_index_or_column_is_refused() -> None:
    change = compared(draw(1), draw(2))
    with pytest.raises(SurveyError, match="no index '"):
        sipas.contributions(change, of="S9")
    with pytest.raises(SurveyError, match="'gendre'"):
        sipas.contributions(change, by="gendre")
    for by in (("statement", "dimension"), ("gender", "district"), ()):
        with pytest.raises(SurveyError, match="split"):
            sipas.contributions(change, by=by)


def test_rows_without_a_group_are_named_and_counted() -> None:
    after = draw(2)
    after.loc[[0, 7, 9], "gender"] = np.nan
    with pytest.raises(SurveyError, match=r"gender.*3 rows"):
        sipas.contributions(compared(draw(1), after), by="gender")


@pytest.mark.parametrize("by", ["statement", "gender"])
def test_a_change_by_domain_is_refused(by: str) -> None:
    with pytest.raises(SurveyError, match="by domain"):
        sipas.contributions(compared(draw(1), draw(2), by="district"), by=by)


def test_without_statement_rows_there_is_no_account() -> None:
    fewer = replace(FORM, items=tuple(item for item in FORM.items if item.code != "S2.2"))
    years = sipas.clean(draw(1).drop(columns="S2.2"), fewer), sipas.clean(draw(2), FORM)
    with pytest.raises(SurveyError, match="link='items'"):
        sipas.contributions(sipas.compare(*years, link="dimensions"))
    shared = sipas.contributions(sipas.compare(*years, link="items"))
    assert shared.table().index.tolist() == ["S1.1", "S1.2", "S2.1"]


# -- leaders ----------------------------------------------------------------------------------

SHIPPED = sipas.Instrument.load("leaders-2022")
GROUPS = [group.code for group in SHIPPED.groups]
MAXIMA = {item.code: float(item.max_points or 0) for item in SHIPPED.index_items[:3]}
LEADERS = replace(
    SHIPPED,
    items=SHIPPED.index_items[:3],
    dimensions=tuple(
        d for d in SHIPPED.dimensions if d.code in {i.dimension for i in SHIPPED.index_items[:3]}
    ),
)
WEIGHTS = {"hdnd": 25.0, "so": 40.0, "phong": 30.0, "huyen": 5.0}


def forms(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    made = pd.DataFrame({"group": np.repeat(GROUPS, 6)})
    for code in MAXIMA:
        made[code] = np.where(rng.random(24) < 0.1, 9, rng.integers(1, 6, 24))
        made.loc[::6, code] = 3
        made.loc[1::6, code] = 4
    return made


def test_groups_of_leaders_contribute_their_weighted_change() -> None:
    sheets = forms(1), forms(2)
    years = [sipas.clean(sheet, LEADERS) for sheet in sheets]
    change = sipas.compare(*years, group_weights=WEIGHTS)
    table = sipas.contributions(change, by="group").table()
    maxima = np.array([*MAXIMA.values()])
    want, square = {}, {}
    for group in GROUPS:
        rate, var = [], 0.0
        for sheet in sheets:
            y = sheet.loc[sheet["group"] == group, [*MAXIMA]].replace(9, np.nan).to_numpy(float)
            y = 25.0 * (y - 1)
            seen = ~np.isnan(y)
            n = seen.sum(axis=0)
            z = np.where(seen, y - np.nanmean(y, axis=0), 0) / n * np.sqrt(n / (n - 1))
            rate.append(np.nanmean(y, axis=0) @ maxima / maxima.sum())
            var += ((z @ maxima / maxima.sum()) ** 2).sum()
        want[group] = WEIGHTS[group] / 100 * (rate[1] - rate[0])
        square[group] = (WEIGHTS[group] / 100) ** 2 * var
    for group in GROUPS:
        assert table.loc[group, "estimate"] == pytest.approx(want[group], abs=1e-9)
        assert table.loc[group, "se"] == pytest.approx(np.sqrt(square[group]), rel=1e-9)
    total = change.table().loc["total"]
    assert table["estimate"].sum() == pytest.approx(total["estimate"], abs=1e-9)
    assert total["se"] == pytest.approx(np.sqrt(sum(square.values())), rel=1e-9)


def test_leaders_are_not_split_by_other_columns() -> None:
    years = [sipas.clean(forms(seed), LEADERS) for seed in (1, 2)]
    change = sipas.compare(*years, group_weights=WEIGHTS)
    with pytest.raises(SurveyError, match="by='group'"):
        sipas.contributions(change, by="district")
