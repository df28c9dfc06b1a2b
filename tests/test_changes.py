"""Change of small sheets whose every figure follows from counts, and what may be said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import sipas
import survey
from sipas import datasets
from sipas.changes import Change
from sipas.verdicts import p_values, verdicts
from survey.errors import SurveyError, SurveyWarning

FORM = sipas.Instrument.load(datasets.worked_instrument_path())
ITEMS = ["S1.1", "S1.2", "S2.1", "S2.2"]
#: Rows of the index in terms of the four statements, by hand.
SCHEME = np.vstack(
    [np.eye(4), [0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5], np.full(4, 0.25)],
)
CODES = [*ITEMS, "S1", "S2", "services"]
DISTRICTS, COMMUNES, ROWS = 2, 4, 10
DF = DISTRICTS * COMMUNES - DISTRICTS
#: Satisfied of ten in each of the eight communes.
BEFORE = {
    "S1.1": [9, 8, 9, 8, 9, 8, 9, 8],
    "S1.2": [2, 3, 2, 3, 2, 3, 2, 3],
    "S2.1": [7, 8, 6, 7, 7, 7, 7, 7],
    "S2.2": [6, 5, 7, 6, 6, 5, 7, 6],
}
AFTER = {
    "S1.1": [4, 4, 5, 4, 4, 5, 4, 4],
    "S1.2": [8, 8, 8, 7, 8, 8, 8, 7],
    "S2.1": [6, 7, 5, 6, 6, 6, 6, 7],
    "S2.2": [6, 6, 6, 6, 6, 6, 6, 6],
}


def sheet(counts: dict[str, list[int]], year: int = 2022) -> pd.DataFrame:
    """Ten rows a commune, the first of them satisfied."""
    rows = [
        {
            "id": f"{year}-{c}-{k}",
            "year": year,
            "district": f"huyện {c // COMMUNES}",
            "commune": f"xã {c}",
            **{item: 5 if k < count[c] else 2 for item, count in counts.items()},
        }
        for c in range(len(counts["S1.1"]))
        for k in range(ROWS)
    ]
    return pd.DataFrame(rows)


def answers(counts: dict[str, list[int]], year: int = 2022) -> sipas.Answers:
    return sipas.clean(sheet(counts, year), FORM)


def moved(before: Any = BEFORE, after: Any = AFTER, **options: Any) -> Change:
    return sipas.compare(answers(before, 2021), answers(after), **options)


def by_hand() -> tuple[np.ndarray, np.ndarray]:
    """Changes of the seven codes and their standard errors, communes of one size."""
    by_commune = 10.0 * np.array(
        [np.subtract(AFTER[item], BEFORE[item]) for item in ITEMS], dtype=float
    )
    d = SCHEME @ by_commune
    blocks = d.reshape(7, DISTRICTS, COMMUNES)
    spread = ((blocks - blocks.mean(axis=2, keepdims=True)) ** 2).sum(axis=(1, 2))
    se = np.sqrt(COMMUNES / (COMMUNES - 1) * spread) / (DISTRICTS * COMMUNES)
    return d.mean(axis=1), se


def holm(p: np.ndarray) -> np.ndarray:
    """Holm (1979): the smallest times m, the next times m − 1, …, never falling."""
    order = np.argsort(p)
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    made = np.empty(len(p))
    made[order] = np.minimum(stepped, 1.0)
    return made


def verdict_of(change: Change, code: str, **options: Any) -> str:
    return str(change.table(**options).loc[code, "verdict"])


# -- figures ----------------------------------------------------------------------------------


def test_change_error_limits_and_test_by_hand() -> None:
    table = moved().table(level=0.9).loc[CODES]
    change, se = by_hand()
    half = stats.t.ppf(0.95, DF) * se
    np.testing.assert_allclose(table["estimate"], change, rtol=1e-10)
    np.testing.assert_allclose(table["se"], se, rtol=1e-10)
    np.testing.assert_allclose(table["df"], DF)
    np.testing.assert_allclose(table["low"], change - half, rtol=1e-9)
    np.testing.assert_allclose(table["high"], change + half, rtol=1e-9)
    np.testing.assert_allclose(table["detectable"], half, rtol=1e-9)
    found = half + stats.t.ppf(0.8, DF) * se
    np.testing.assert_allclose(table["detectable_80"], found, rtol=1e-9)
    np.testing.assert_allclose(table["p"], 2 * stats.t.sf(np.abs(change) / se, DF), rtol=1e-8)
    np.testing.assert_allclose(table["after"] - table["before"], change, rtol=1e-10)
    np.testing.assert_allclose(table["before"], SCHEME @ [np.mean(BEFORE[i]) * 10 for i in ITEMS])


def test_statements_by_benjamini_hochberg_dimensions_by_holm_the_index_as_it_is() -> None:
    table = moved().table()
    change, se = by_hand()
    p = 2 * stats.t.sf(np.abs(change) / se, DF)
    want = np.concatenate([stats.false_discovery_control(p[:4]), holm(p[4:6]), p[6:]])
    np.testing.assert_allclose(table.loc[CODES, "p_adjusted"], want, rtol=1e-8)
    assert (want[:6] > p[:6]).any()  # the adjustment does something here


def test_many_rows_are_adjusted_by_level() -> None:
    years = [sipas.clean(datasets.load_hue_households(y), f"sipas-{y}") for y in (2021, 2022)]
    table = sipas.compare(*years, link="items").table()
    for level, rule in (("statement", stats.false_discovery_control), ("dimension", holm)):
        rows = table[table["level"] == level]
        np.testing.assert_allclose(rows["p_adjusted"], rule(rows["p"].to_numpy()), rtol=1e-10)
    rows = table[table["level"] == "aspect"]
    np.testing.assert_array_equal(rows["p_adjusted"], rows["p"])


def test_swapping_the_years_turns_every_sign() -> None:
    there, back = moved().table(), moved(AFTER, BEFORE).table()
    np.testing.assert_allclose(back["estimate"], -there["estimate"])
    np.testing.assert_allclose(back["low"], -there["high"])
    np.testing.assert_allclose(back["p_adjusted"], there["p_adjusted"])
    turned = {"fell": "rose", "rose": "fell"}
    assert back["verdict"].tolist() == [turned.get(v, v) for v in there["verdict"]]


def test_communes_drawn_anew_have_the_errors_of_both_years() -> None:
    change = moved(paired=False)
    each = [sipas.satisfaction(answers(counts)) for counts in (BEFORE, AFTER)]
    want = np.hypot(*(year.estimates.se for year in each))
    np.testing.assert_allclose(change.estimates.se, want, rtol=1e-10)
    assert abs(want / moved().estimates.se - 1).max() > 0.1
    assert change.shared_psus == 0


def test_a_year_compared_with_itself() -> None:
    year = answers(AFTER)
    with pytest.warns(SurveyWarning, match=r"worked \(2022\) is compared with itself"):
        table = sipas.compare(year, year).table()
    np.testing.assert_allclose(table["estimate"], 0.0, atol=1e-12)
    np.testing.assert_allclose(table["se"], 0.0, atol=1e-12)
    assert table["df"].tolist() == [DF] * 7
    assert set(table["verdict"]) == {"not enough evidence"}


# -- intervals near the edge, many tests -------------------------------------------------------

NEAR = (
    {**BEFORE, "S1.1": [10, 9, 10, 10, 9, 10, 10, 10]},
    {**AFTER, "S1.1": [9, 9, 10, 8, 9, 9, 10, 9]},
)


def logit_of(counts: list[int]) -> tuple[float, float, float]:
    """Share and logit limits of equal communes in two districts, 6 degrees of freedom."""
    x = np.array(counts, dtype=float).reshape(DISTRICTS, COMMUNES) / ROWS
    spread = ((x - x.mean(axis=1, keepdims=True)) ** 2).sum()
    p, se = x.mean(), np.sqrt(COMMUNES / (COMMUNES - 1) * spread) / 8
    half = stats.t.ppf(0.975, DF) * se / (p * (1 - p))
    low, high = (1 / (1 + np.exp(-np.log(p / (1 - p)) + sign * half)) for sign in (1, -1))
    return 100 * p, 100 * low, 100 * high


def test_near_the_edge_a_statement_has_limits_from_both_years() -> None:
    table = moved(*NEAR).table()
    (p1, l1, u1), (p2, l2, u2) = (logit_of(year["S1.1"]) for year in NEAR)
    x, y = (np.array(year["S1.1"], dtype=float).reshape(2, 4) for year in NEAR)
    x, y = (v - v.mean(axis=1, keepdims=True) for v in (x, y))
    rho = (x * y).sum() / np.sqrt((x**2).sum() * (y**2).sum())
    down = np.sqrt((p2 - l2) ** 2 + (u1 - p1) ** 2 - 2 * rho * (p2 - l2) * (u1 - p1))
    up = np.sqrt((u2 - p2) ** 2 + (p1 - l1) ** 2 - 2 * rho * (u2 - p2) * (p1 - l1))
    row = table.loc["S1.1"]
    assert (row["low"], row["high"]) == pytest.approx((p2 - p1 - down, p2 - p1 + up))
    assert table["interval"].value_counts().to_dict() == {"t": 6, "mover": 1}


def test_which_rows_have_limits_from_both_years() -> None:
    kinds = {
        kind: moved(*NEAR).table(interval=kind).loc[CODES, "interval"].tolist()
        for kind in ("t", "mover")
    }
    assert kinds == {"t": ["t"] * 7, "mover": ["mover"] * 4 + ["t"] * 3}
    means = moved(*NEAR, score="mean").table(interval="mover")
    assert set(means["interval"]) == {"t"}  # a mean score is no share


def test_the_test_of_a_row_does_not_depend_on_its_limits() -> None:
    one, other = (moved(*NEAR).table(interval=kind) for kind in ("t", "mover"))
    same = ["estimate", "se", "p", "p_adjusted", "verdict", "detectable", "detectable_80"]
    pd.testing.assert_frame_equal(one[same], other[same])
    told = (one["low"] > 0) | (one["high"] < 0)
    assert told.tolist() == (one["p"] < 0.05).tolist()


def test_max_t_adjusts_each_family_by_its_joint_distribution() -> None:
    change = moved()
    table = change.table(adjust="max_t", seed=7)
    assert table.attrs["seed"] == 7
    pd.testing.assert_frame_equal(table, change.table(adjust="max_t", seed=7))
    for codes in (ITEMS, ["S1", "S2"]):
        rows = table.loc[codes]
        bonferroni = np.minimum(1, len(codes) * rows["p"])
        assert (rows["p_adjusted"] >= rows["p"]).all()
        assert (rows["p_adjusted"] <= bonferroni + 0.01).all()
    assert table.loc["services", "p_adjusted"] == table.loc["services", "p"]
    largest = table.loc[["S1", "S2"], "p"].idxmax()
    assert table.loc[largest, "p_adjusted"] == pytest.approx(table.loc[largest, "p"], abs=0.01)


@pytest.mark.parametrize("option", ["interval", "adjust"])
def test_unknown_words_are_refused(option: str) -> None:
    with pytest.raises(SurveyError, match=rf"table\({option}=\): 'bonferroni' is not an option"):
        moved().table(**{option: "bonferroni"})


def test_whether_any_dimension_moved_by_hotellings_formula() -> None:
    by_commune = 10.0 * np.array(
        [np.subtract(AFTER[item], BEFORE[item]) for item in ITEMS], dtype=float
    )
    d = SCHEME[4:6] @ by_commune
    blocks = (d.reshape(2, 2, 4) - d.reshape(2, 2, 4).mean(axis=2, keepdims=True)).reshape(2, 8)
    v = COMMUNES / (COMMUNES - 1) * blocks @ blocks.T / 64
    b = d.mean(axis=1)
    want = (DF - 1) / (DF * 2) * b @ np.linalg.solve(v, b)
    got = moved().joint_test()
    assert got.statistic == pytest.approx(want)
    assert got.df == pytest.approx((2, DF - 1))
    assert got.p == pytest.approx(stats.f.sf(want, 2, DF - 1))
    alone = moved().table().loc[["S1", "S2"], ["low", "high"]].to_numpy()  # on DF, not DF - 1
    np.testing.assert_allclose(got.confidence_interval().to_numpy(), alone, rtol=1e-9)


def test_a_joint_test_of_more_rows_than_degrees_of_freedom_is_refused() -> None:
    few = [{item: count[:2] + count[4:6] for item, count in y.items()} for y in (BEFORE, AFTER)]
    years = [
        sipas.clean(
            sheet(counts).assign(
                district=lambda s: (
                    s["commune"].isin(["xã 0", "xã 1"]).map({True: "huyện a", False: "huyện b"})
                )
            ),
            FORM,
        )
        for counts in few
    ]
    with pytest.raises(SurveyError, match="4 statement rows, but 2 degrees of freedom"):
        sipas.compare(*years).joint_test("statement")
    with pytest.raises(SurveyError, match="census"):
        sipas.compare(whole(BEFORE), whole(AFTER)).joint_test()


# -- verdicts ---------------------------------------------------------------------------------


def test_without_a_margin_a_row_fell_or_rose_or_nothing_is_known() -> None:
    table = moved().table()
    assert table["verdict"].to_dict() == {
        "S1.1": "fell",
        "S1.2": "rose",
        "S2.1": "fell",
        "S2.2": "not enough evidence",
        "S1": "rose",
        "S2": "fell",
        "services": "not enough evidence",
    }


def test_a_margin_tells_small_changes_and_equivalence() -> None:
    change = moved(equivalence=12.0)
    assert verdict_of(change, "S1.1") == "fell"
    assert verdict_of(change, "S1.2") == "rose"
    assert verdict_of(change, "S2.1") == "fell, but by less than the margin"
    assert verdict_of(moved(AFTER, BEFORE, equivalence=12.0), "S2.1") == (
        "rose, but by less than the margin"
    )
    assert verdict_of(change, "S2.2") == "equivalent"
    assert verdict_of(moved(equivalence=50.0), "S1.1") == "fell, but by less than the margin"
    assert verdict_of(moved(equivalence=50.0), "S1.2") == "rose"


def test_the_margin_is_passed_at_the_change_itself_not_at_its_limits() -> None:
    change, se = (values[2] for values in by_hand())
    assert change + stats.t.ppf(0.975, DF) * se < 0
    for margin, want in ((0.99, "fell"), (1.01, "fell, but by less than the margin")):
        assert verdict_of(moved(equivalence=margin * -change), "S2.1") == want


@pytest.mark.parametrize("level", [0.9, 0.95])
@pytest.mark.parametrize("code", ["services", "S2.2"])
def test_equivalence_needs_both_one_sided_tests(code: str, level: float) -> None:
    """The margin must clear the change and t·se: |change| alone is not enough."""
    change, se = (values[CODES.index(code)] for values in by_hand())
    edge = abs(change) + stats.t.ppf(level, DF) * se
    assert edge > abs(change) + 1  # a test without t·se would decide otherwise
    just = moved(equivalence=1.001 * edge)
    short = moved(equivalence=0.999 * edge)
    bare = moved(equivalence=abs(change) + 0.5)
    assert verdict_of(just, code, level=level) == "equivalent"
    assert verdict_of(short, code, level=level) == "not enough evidence"
    assert verdict_of(bare, code, level=level) == "not enough evidence"


def test_the_adjusted_p_decides() -> None:
    table = moved().table()
    row = table.loc["S2.1"]
    assert row["p"] < row["p_adjusted"]
    middle = 1 - (row["p"] + row["p_adjusted"]) / 2
    assert verdict_of(moved(), "S2.1", level=middle) == "not enough evidence"
    assert verdict_of(moved(), "S2.1", level=1 - 1.01 * row["p_adjusted"]) == "fell"


@pytest.mark.parametrize("margin", [0.0, -3.0, np.nan, np.inf, "3"])
def test_a_margin_is_positive(margin: float) -> None:
    with pytest.raises(SurveyError, match="positive margin"):
        moved(equivalence=margin)


def test_everybody_satisfied_in_both_samples_is_no_census() -> None:
    full = {**BEFORE, "S1.1": [10] * 8}, {**AFTER, "S1.1": [10] * 8}
    row = moved(*full).table().loc["S1.1"]
    assert row["before"] == row["after"] == 100.0
    assert row["verdict"] == "not enough evidence"
    assert np.isnan(row["p"])
    # each year's lower limit is Clopper and Pearson's of 80 of 80, and the years are independent
    short = 100 * (1 - 0.025 ** (1 / 80))
    assert (row["low"], row["high"]) == pytest.approx((-short, short))
    assert row["interval"] == "mover"
    without = moved(*full).table(interval="t").loc["S1.1"]
    assert np.isnan(without["low"])
    assert without["interval"] == "none"
    assert row[["detectable", "detectable_80"]].isna().all()  # 0 would say that all is seen


def test_the_same_answers_in_every_commune_are_no_census() -> None:
    flat = {**BEFORE, "S1.1": [8] * 8}, {**AFTER, "S1.1": [5] * 8}
    row = moved(*flat).table().loc["S1.1"]
    assert row["estimate"] == pytest.approx(-30.0)
    assert row["verdict"] != "census"


def whole(counts: dict[str, list[int]], asked: int = COMMUNES * ROWS) -> sipas.SatisfactionIndex:
    """Result of a design in which every household of both districts was asked, by default."""
    given = answers(counts)
    design = survey.Design(given.data.assign(there=asked), strata="district", fpc="there")
    return sipas.satisfaction(given, design=design)


def test_two_censuses_are_facts() -> None:
    table = sipas.compare(whole(BEFORE), whole(AFTER), equivalence=12.0).table()
    assert set(table["verdict"]) == {"census"}
    assert table["p"].isna().all()
    assert table["p_adjusted"].isna().all()
    np.testing.assert_allclose(table.loc[CODES, "estimate"], by_hand()[0], rtol=1e-10)


@pytest.mark.parametrize("order", [1, -1])
def test_one_census_and_a_sample_are_tested(order: int) -> None:
    years = (whole(BEFORE), whole(AFTER, asked=400))[::order]
    table = sipas.compare(*years).table()
    assert "census" not in set(table["verdict"])
    assert table["p"].notna().all()
    own = sipas.satisfaction(answers(AFTER), design=years[order == 1].design)
    np.testing.assert_allclose(table["se"], own.estimates.se, rtol=1e-9)


@pytest.mark.parametrize("order", [1, -1])
def test_a_census_and_a_sample_that_does_not_vary_are_no_census(order: int) -> None:
    full = {**BEFORE, "S1.1": [10] * 8}
    row = sipas.compare(*(whole(full), whole(full, asked=400))[::order]).table().loc["S1.1"]
    assert row["verdict"] == "not enough evidence"
    short = 100 * (1 - 0.025 ** (1 / 80))  # of the sample; the census knows its share
    want = (-short, 0.0) if order == 1 else (0.0, short)
    assert (row["low"], row["high"]) == pytest.approx(want)


@pytest.mark.parametrize("rule", ["adjust", "certainty"])
def test_one_commune_a_district_leaves_no_degrees_of_freedom(rule: Any) -> None:
    years = []
    for counts in (BEFORE, AFTER):
        few = {item: [count[0]] * COMMUNES + [count[4]] for item, count in counts.items()}
        kept = sheet(few)[lambda s: s["commune"].isin(["xã 0", "xã 4"])]
        given = sipas.clean(kept, FORM)
        design = survey.Design(given.data, strata="district", psu="commune", lonely_psu=rule)
        years.append(sipas.satisfaction(given, design=design))
    table = sipas.compare(*years, equivalence=100.0).table()
    assert set(table["verdict"]) == {"no degrees of freedom"}
    assert table["df"].tolist() == [0] * 7
    assert table["p"].isna().all()
    assert table["low"].isna().all()
    assert table["detectable_80"].isna().all()
    assert "Less than one degree of freedom, so no test" in repr(sipas.compare(*years))


def test_less_than_one_degree_of_freedom_is_none() -> None:
    rows = pd.DataFrame({"estimate": [-9.0, -9.0], "se": [1.0, 1.0], "df": [0.9, 1.0]})
    p = p_values(rows)
    assert p.isna().tolist() == [True, False]
    said = verdicts(rows.assign(p_adjusted=p), pd.Series([False, False]), 0.95, 20.0)
    assert said == ["no degrees of freedom", "equivalent"]


def renamed(counts: dict[str, list[int]], kept: list[str]) -> sipas.Answers:
    """Communes under new names, but for some."""
    made = sheet(counts)
    new = made["commune"].where(made["commune"].isin(kept), made["commune"] + " mới")
    return sipas.clean(made.assign(commune=new), FORM)


def test_one_common_commune_tells_no_covariance() -> None:
    with pytest.warns(SurveyWarning, match=r"Only one PSU, .*xã 3.*paired=False"):
        change = sipas.compare(answers(BEFORE, 2021), renamed(AFTER, ["xã 3"]))
    assert not change.paired
    assert change.shared_psus == 0
    np.testing.assert_allclose(change.estimates.se, moved(paired=False).estimates.se)
    assert "independent samples" in repr(change)
    assert "Only one PSU" in repr(change)


def test_the_number_of_communes_met_again_is_said() -> None:
    change = sipas.compare(answers(BEFORE, 2021), renamed(AFTER, ["xã 1", "xã 2", "xã 6"]))
    assert change.shared_psus == 3
    assert "3 PSUs in both years" in repr(change)
    assert "8 PSUs in both years" in repr(moved())
    assert "independent samples" in repr(moved(paired=False))
    assert "independent samples" in repr(sipas.compare(answers(BEFORE, 2021), renamed(AFTER, [])))


# -- rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        {"score": "mean"},
        {"aggregate": "pooled"},
        {"missing": "listwise"},
        {"group_weights": {"district": {"huyện 0": 1, "huyện 1": 2}}},
    ],
)
def test_results_under_unlike_rules_are_refused(rule: dict[str, Any]) -> None:
    before, after = answers(BEFORE), answers(AFTER)
    with pytest.raises(SurveyError, match="different rules"):
        sipas.compare(sipas.satisfaction(before, **rule), sipas.satisfaction(after))
    alike = sipas.compare(
        sipas.satisfaction(before, **rule), sipas.satisfaction(after, **rule)
    ).table()
    pd.testing.assert_frame_equal(alike, sipas.compare(before, after, **rule).table())


def test_results_by_unlike_domains_are_refused() -> None:
    before, after = answers(BEFORE), answers(AFTER)
    with pytest.raises(SurveyError, match="different rules"):
        sipas.compare(sipas.satisfaction(before, by="district"), sipas.satisfaction(after))


def test_rules_are_not_given_twice() -> None:
    years = [sipas.satisfaction(answers(counts)) for counts in (BEFORE, AFTER)]
    with pytest.raises(SurveyError, match="rules of their own"):
        sipas.compare(*years, score="mean")


def test_one_design_cannot_be_that_of_two_years() -> None:
    with pytest.raises(SurveyError, match="design"):
        moved(design=answers(AFTER).design())


def test_results_keep_the_designs_they_came_with() -> None:
    years = [whole(BEFORE, asked=400), whole(AFTER, asked=80)]
    stacked = sipas.compare(*years).stacked
    for key, year in zip(("before", "after"), years, strict=True):
        own = stacked.se[[label for label in stacked.labels if label[0] == key]]
        np.testing.assert_allclose(own, year.estimates.se, rtol=1e-12)


def test_the_change_weighted_by_group_stands_beside() -> None:
    share = {"huyện 0": 3.0, "huyện 1": 1.0}
    table = moved(group_weights={"district": share}).table()
    halves = {
        item: [10 * np.subtract(AFTER[item], BEFORE[item])[k : k + 4].mean() for k in (0, 4)]
        for item in ITEMS
    }
    want = SCHEME @ [0.75 * first + 0.25 * second for first, second in halves.values()]
    np.testing.assert_allclose(table.loc[CODES, "weighted"], want, rtol=1e-10)
    np.testing.assert_allclose(table.loc[CODES, "estimate"], by_hand()[0], rtol=1e-10)


def test_domains_are_compared_with_themselves() -> None:
    table = moved(by="district").table()
    for k in (0, 1):
        want = 10 * np.subtract(AFTER["S1.1"], BEFORE["S1.1"])[4 * k : 4 * k + 4].mean()
        row = table.loc[("S1.1", f"huyện {k}")]
        assert row["estimate"] == pytest.approx(want)
        assert row["df"] == pytest.approx(COMMUNES - 1)


def test_the_callers_answers_are_left_alone() -> None:
    before, after = answers(BEFORE), answers(AFTER)
    kept = before.data.copy(), after.data.copy()
    sipas.compare(before, after, link="items")
    pd.testing.assert_frame_equal(before.data, kept[0])
    pd.testing.assert_frame_equal(after.data, kept[1])


# -- leaders ----------------------------------------------------------------------------------

LEADERS = sipas.Instrument.load("leaders-2022")
FIRST = LEADERS.index_items[0]
ONE = replace(
    LEADERS,
    items=(FIRST,),
    dimensions=tuple(part for part in LEADERS.dimensions if part.code == FIRST.dimension),
)
GROUPS = [group.code for group in LEADERS.groups]


def forms(levels: list[int | None]) -> sipas.Answers:
    """Each group gives the same answers; everyone who was sent a form returned it."""
    raw = pd.DataFrame({"group": np.repeat(GROUPS, len(levels)), FIRST.code: levels * len(GROUPS)})
    raw[FIRST.code] = raw[FIRST.code].fillna(9).astype(int)
    return sipas.clean(raw, ONE, sent=dict.fromkeys(GROUPS, len(levels)))


def test_leaders_who_all_answered_are_a_census_unless_seen_as_a_sample_of_more() -> None:
    years = forms([5, 4, 3, 4]), forms([3, 3, 2, 2])
    facts = sipas.compare(*years, group_weights="equal").table()
    assert set(facts["verdict"]) == {"census"}
    assert facts["estimate"].to_numpy() == pytest.approx(25 * (2.5 - 4.0))
    tested = sipas.compare(*years, group_weights="equal", superpopulation=True).table()
    assert set(tested["verdict"]) == {"fell"}
    assert tested["df"].gt(0).all()


def test_leaders_without_group_weights_are_refused() -> None:
    with pytest.raises(SurveyError, match="leader answers need group_weights"):
        sipas.compare(forms([5, 4]), forms([3, 3]))


def test_leaders_who_left_a_blank_are_a_sample_of_their_group() -> None:
    years = forms([5, 4, 3, None]), forms([3, 3, 2, 2])
    table = sipas.compare(*years, group_weights="equal").table()
    assert "census" not in set(table["verdict"])
    # f = 3/4, and four groups of weight 1/4; standard deviation of 100, 75, 50 is 25
    want = np.sqrt(4 * (1 / 16) * (1 - 3 / 4) * 25**2 / 3)
    np.testing.assert_allclose(table["se"], want, rtol=1e-9)


def test_scores_of_leaders_under_unlike_weights_are_refused() -> None:
    years = forms([5, 4, 3, 4]), forms([3, 3, 2, 2])
    skewed = dict(zip(GROUPS, (0.4, 0.3, 0.2, 0.1), strict=True))
    one, other = (
        sipas.leader_scores(year, group_weights=weights)
        for year, weights in zip(years, ("equal", skewed), strict=True)
    )
    with pytest.raises(SurveyError, match="different rules"):
        sipas.compare(one, other)


PLAN = {"hdnd": 25.0, "so": 40.0, "phong": 30.0, "huyen": 5.0}
#: Items of the later year, one that only the earlier asked, and unlike weights for two of them.
TABLE = pd.DataFrame(
    {code: PLAN for code in dict.fromkeys([*(i.code for i in LEADERS.index_items), "L7.a"])}
).assign(**{"L2.1": [100.0, 0.0, 0.0, 0.0], "L2.2": [10.0, 20.0, 30.0, 40.0]})


@pytest.fixture(scope="module")
def bundled_leaders() -> list[sipas.Answers]:
    return [
        sipas.clean(datasets.load_hue_leaders(year), f"leaders-{year}") for year in (2021, 2022)
    ]


def table_for(answers: sipas.Answers) -> pd.DataFrame:
    """Weights of the items of one questionnaire; those that the table lacks weigh as planned."""
    plan = pd.Series(PLAN)
    codes = [item.code for item in answers.instrument.index_items]
    return pd.DataFrame({code: TABLE.get(code, plan) for code in codes})


@pytest.mark.parametrize("weights", [PLAN, "equal", TABLE])
def test_scores_of_leaders_are_compared_on_common_items_like_their_answers(
    bundled_leaders: list[sipas.Answers], weights: Any
) -> None:
    own = [
        table_for(year) if isinstance(weights, pd.DataFrame) else weights
        for year in bundled_leaders
    ]
    scores = [
        sipas.leader_scores(year, group_weights=each)
        for year, each in zip(bundled_leaders, own, strict=True)
    ]
    made = sipas.compare(*scores, link="items").estimates
    want = sipas.compare(*bundled_leaders, link="items", group_weights=weights).estimates
    assert list(made.labels) == list(want.labels)
    np.testing.assert_allclose(made.estimate, want.estimate, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(made.se, want.se, rtol=1e-12, atol=1e-12)


def test_each_item_of_a_linked_change_has_its_own_weights(
    bundled_leaders: list[sipas.Answers],
) -> None:
    made = sipas.compare(*bundled_leaders, link="items", group_weights=TABLE)
    groups = [
        sipas.leader_scores(year, group_weights=PLAN).groups.estimate for year in bundled_leaders
    ]
    for code in ("L2.1", "L2.2"):
        moved_by = groups[1].loc[code] - groups[0].loc[code]
        want = (TABLE[code] / 100.0) @ moved_by.reindex(TABLE.index)
        assert made.estimates.estimate[code] == pytest.approx(want, rel=1e-12)


def test_an_item_that_neither_year_asked_is_refused_in_a_table_of_weights(
    bundled_leaders: list[sipas.Answers],
) -> None:
    with pytest.raises(SurveyError, match=r"no such group or item: 'L2\.11'"):
        sipas.compare(
            *bundled_leaders, link="items", group_weights=TABLE.assign(**{"L2.11": 25.0})
        )
