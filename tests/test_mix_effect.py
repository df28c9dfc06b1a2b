"""Who answered, and what it did to an index: against the accounts, by hand, and its refusals."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sipas
from sipas import datasets
from sipas.composition import mix_effect
from sipas.composition.results import Method
from sipas.leaders import LeaderScores
from survey.errors import SurveyError

FORM = sipas.Instrument.load(datasets.worked_instrument_path())
ITEMS = ["S1.1", "S1.2", "S2.1", "S2.2"]


def draw(seed: int, *, women: float = 0.5, blank: float = 0.15) -> pd.DataFrame:
    """Nine communes of three districts, clustered answers; women are more satisfied."""
    rng = np.random.default_rng(seed)
    commune = np.repeat(np.arange(9), rng.integers(5, 9, 9))
    sheet = pd.DataFrame({"commune": [f"xã {c}" for c in commune]})
    sheet["district"] = [f"huyện {c // 3}" for c in commune]
    sheet["gender"] = np.where(rng.random(len(sheet)) < women, "Nữ", "Nam")
    sheet["work"] = rng.choice(["nông", "công", "thương"], len(sheet))
    sheet["age"] = rng.integers(18, 80, len(sheet))
    sheet["weight"] = rng.integers(1, 7, len(sheet)) / 2.0
    sheet["id"] = [f"{seed}-{k}" for k in range(len(sheet))]
    pull = rng.normal(0, 0.5, 9)[commune] + 0.8 * (sheet["gender"] == "Nữ")
    for item in ITEMS:
        level = (3.2 + pull + rng.normal(size=len(sheet))).round().clip(1, 5).astype(int)
        sheet[item] = np.where(rng.random(len(sheet)) < blank, 9, level)
    return sheet


def compared(before: pd.DataFrame, after: pd.DataFrame, **rules: Any) -> sipas.Change:
    return sipas.compare(sipas.clean(before, FORM), sipas.clean(after, FORM), **rules)


@pytest.mark.parametrize("missing", ["item", "listwise"])
@pytest.mark.parametrize("of", [None, "S2"])
def test_one_factor_is_the_account_of_its_groups(missing: str, of: str | None) -> None:
    change = compared(draw(1), draw(2, women=0.8), missing=missing)
    account = sipas.contributions(change, by="gender", of=of).table()
    made = mix_effect(change, "gender", of=of)
    assert made.within == pytest.approx(account["within"].sum(), abs=1e-9)
    assert made.mix == pytest.approx(account["mix"].sum(), abs=1e-9)
    assert made.total == pytest.approx(account["estimate"].sum(), abs=1e-9)
    assert abs(made.mix) > 2


@pytest.mark.parametrize("method", ["das_gupta", "oaxaca"])
def test_the_total_is_the_change_with_its_error(method: Any) -> None:
    change = compared(draw(3), draw(4))
    row = change.table().loc["services"]
    made = mix_effect(change, ["gender", "work"], method=method).table()
    assert made.index.tolist()[1:] == ["gender", "work", "mix", "total"]
    for column in ("estimate", "se", "low", "high", "df", "p"):
        assert made.loc["total", column] == pytest.approx(row[column], rel=1e-8)
    assert made["estimate"].iloc[1:3].sum() == pytest.approx(made.loc["mix", "estimate"])
    both = made["estimate"].iloc[0] + made.loc["mix", "estimate"]
    assert both == pytest.approx(row["estimate"], abs=1e-9)


def test_only_the_mix_moved() -> None:
    """Everybody answers by gender alone: the whole change is the mix, and gender's."""
    years = []
    for seed, women in ((5, 0.3), (6, 0.8)):
        sheet = draw(seed, women=women, blank=0.0)
        for item in ITEMS:
            sheet[item] = np.where(sheet["gender"] == "Nữ", 5, 2)
        years.append(sheet)
    change = compared(*years)
    for made in (
        mix_effect(change, "gender"),
        mix_effect(change, ["gender", "work", "age"], method="oaxaca"),
    ):
        assert abs(made.total) > 20
        assert made.within == pytest.approx(0.0, abs=1e-9)
        assert made.table().loc["gender", "estimate"] == pytest.approx(made.total, abs=1e-8)


def test_a_model_takes_numbers_and_more_than_four_predictors() -> None:
    change = compared(draw(7), draw(8))
    made = mix_effect(change, ["gender", "work", "age", "district"], method="oaxaca")
    assert made.estimates.labels[0] == "unexplained"
    assert np.isfinite(made.table()[["estimate", "se"]].to_numpy()).all()


SHEET = st.tuples(
    st.lists(st.tuples(*[st.sampled_from([1, 2, 3, 4, 5, 9])] * 4), min_size=8, max_size=8),
    st.lists(st.integers(1, 9), min_size=24, max_size=24),
    st.lists(st.sampled_from(["nông", "công"]), min_size=24, max_size=24),
)


def built(drawn: Any) -> pd.DataFrame:
    """Four communes of two districts: some drawn rows, and others that answered everything."""
    answers, weights, work = drawn
    rows = [*answers, *([(4, 2, 5, 1)] * 8), *([(2, 4, 3, 5)] * 8)]
    sheet = pd.DataFrame(rows, columns=ITEMS)
    sheet["commune"] = ["xã 0", "xã 1", "xã 2", "xã 3"] * 6
    sheet["district"] = ["huyện 0", "huyện 0", "huyện 1", "huyện 1"] * 6
    sheet["gender"] = ["Nam", "Nữ"] * 4 + ["Nam"] * 8 + ["Nữ"] * 8
    return sheet.assign(weight=weights, work=work, id=[f"p{k}" for k in range(24)])


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHEET, SHEET)
def test_effects_close_and_mirror(first: Any, last: Any) -> None:
    before, after = (sipas.clean(built(drawn), FORM) for drawn in (first, last))
    change = sipas.compare(before, after)
    made = mix_effect(change, ["gender", "work"]).estimates
    moved = change.table().loc["services", "estimate"]
    assert made.point[:3].sum() == pytest.approx(moved, abs=1e-9)
    back = mix_effect(sipas.compare(after, before), ["gender", "work"]).estimates
    np.testing.assert_allclose(back.point, -made.point, atol=1e-9)
    np.testing.assert_allclose(back.se, made.se, atol=1e-9)


def test_order_of_rows_and_names_of_groups_are_irrelevant() -> None:
    years = draw(13), draw(14, women=0.7)
    made = mix_effect(compared(*years), ["gender", "work"]).estimates
    renamed = {"nông": "z", "công": "m", "thương": "a"}
    other = [
        sheet.sample(frac=1.0, random_state=1).assign(work=sheet["work"].map(renamed))
        for sheet in years
    ]
    again = mix_effect(compared(*other), ["work", "gender"]).estimates
    np.testing.assert_allclose(again.point, made.point[[0, 2, 1, 3, 4]], atol=1e-9)
    np.testing.assert_allclose(again.se, made.se.iloc[[0, 2, 1, 3, 4]], atol=1e-9)


# -- leaders ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def leaders() -> list[sipas.Answers]:
    return [
        sipas.clean(datasets.load_hue_leaders(year), f"leaders-{year}") for year in (2021, 2022)
    ]


def test_weights_of_groups_are_the_mix_of_leaders(leaders: list[sipas.Answers]) -> None:
    change = sipas.compare(*leaders, link="items", group_weights="respondents")
    made = mix_effect(change, "group")
    rates, weights = [], []
    for year in (change.before, change.after):
        assert isinstance(year, LeaderScores)
        items = list(year.scheme.items)
        rates.append(year.group_table()["estimate"].unstack("group").loc[items])  # noqa: PD010
        weights.append(year.weights[items].T)
    share = pd.Series(change.scheme.row("total"), index=list(change.scheme.items))
    mix = ((rates[0] + rates[1]) / 2 * (weights[1] - weights[0])).sum(axis=1)
    within = ((weights[0] + weights[1]) / 2 * (rates[1] - rates[0])).sum(axis=1)
    assert made.mix == pytest.approx(share @ mix[share.index], abs=1e-9)
    assert made.within == pytest.approx(share @ within[share.index], abs=1e-9)
    row = change.table().loc["total"]
    assert made.total == pytest.approx(row["estimate"], abs=1e-9)
    assert made.table().loc["total", "se"] == pytest.approx(row["se"], rel=1e-9)


def test_fixed_weights_of_leaders_have_no_mix_and_no_interval(
    leaders: list[sipas.Answers],
) -> None:
    made = mix_effect(sipas.compare(*leaders, link="items", group_weights="equal"), "group")
    assert made.mix == 0.0
    assert made.table().loc["mix", ["low", "high", "p"]].isna().all()


# -- shown, and refused -----------------------------------------------------------------------


def test_words_and_shares() -> None:
    fallen = draw(10, women=0.2, blank=0.0)
    fallen[ITEMS] = (fallen[ITEMS] - 1).clip(lower=1)
    clear = mix_effect(compared(draw(9), fallen), ["gender", "work"])
    table = clear.table(lang="vi")
    assert table.loc["gender", "label"] == "do cơ cấu theo gender thay đổi"
    assert table.loc["total", "share"] == pytest.approx(100.0)
    assert "percentage points" in repr(clear)
    same = draw(9)
    still = mix_effect(compared(same, same.assign(id=same["id"] + "b")), "gender").table()
    assert still["share"].isna().all()


def test_refusals(leaders: list[sipas.Answers]) -> None:
    change = compared(draw(11), draw(12))
    with pytest.raises(SurveyError, match="no index '"):
        mix_effect(change, "gender", of="S9")
    with pytest.raises(SurveyError, match=r"mix_effect: got a Answers.*sipas\.compare"):
        mix_effect(leaders[0], "group")  # type: ignore[arg-type]
    for method in get_args(Method):
        with pytest.raises(SurveyError, match=r"^mix_effect\(by=\): .* Did you mean 'gender'"):
            mix_effect(change, "gendre", method=method)
        for by, said in (([], "0 factors"), (["gender"] * 2, "2 factors, not all different")):
            with pytest.raises(SurveyError, match=rf"^mix_effect\(by=\[.*{said}"):
                mix_effect(change, by, method=method)
    with pytest.raises(SurveyError, match=r"mix_effect.*5 factors.*method='oaxaca'"):
        mix_effect(change, ["gender", "work", "age", "district", "commune"])
    with pytest.raises(SurveyError, match="not an option"):
        mix_effect(change, "gender", method="shapley")  # type: ignore[arg-type]
    with pytest.raises(SurveyError, match="'mix'"):
        mix_effect(compared(*(draw(s).assign(mix="a") for s in (1, 2))), "mix")
    with pytest.raises(SurveyError, match="by domain"):
        mix_effect(compared(draw(11), draw(12), by="district"), "gender")
    blank = draw(12)
    blank.loc[[0, 5], "gender"] = np.nan
    for method in get_args(Method):
        with pytest.raises(SurveyError, match=r"^mix_effect\(by=\): .*'gender' \(2 rows\)"):
            mix_effect(compared(draw(11), blank), ["work", "gender"], method=method)
    linked = sipas.compare(*leaders, link="rates", group_weights="equal")
    with pytest.raises(SurveyError, match="link='items'"):
        mix_effect(linked, "group")
    whole = sipas.compare(*leaders, link="items", group_weights="equal")
    with pytest.raises(SurveyError, match="by='group'"):
        mix_effect(whole, "province")


def test_what_the_decomposition_refuses_is_said_of_mix_effect() -> None:
    sheets = [draw(seed).assign(rate="a", months=lambda f: 12 * f["age"]) for seed in (11, 12)]
    change = compared(*sheets)
    with pytest.raises(SurveyError, match=r"^mix_effect\(by=\['rate'\]\): a factor called 'rate'"):
        mix_effect(change, "rate")
    with pytest.raises(SurveyError, match=r"^mix_effect\(by=\['rate'\]\): 'rate' has only one"):
        mix_effect(change, "rate", method="oaxaca")
    with pytest.raises(SurveyError, match=r"^mix_effect\(.*\): 'months' follow exactly"):
        mix_effect(change, ["age", "months"], method="oaxaca")


def test_a_number_can_be_taken_by_level_in_a_model() -> None:
    numbers = [draw(seed).assign(age=lambda f: f["age"] // 30) for seed in (11, 12)]
    words = [sheet.assign(age=sheet["age"].map("from {} × 30".format)) for sheet in numbers]
    made = mix_effect(compared(*numbers), "C(age)", method="oaxaca")
    want = mix_effect(compared(*words), "age", method="oaxaca")
    np.testing.assert_allclose(made.estimates.point, want.estimates.point, atol=1e-9)
