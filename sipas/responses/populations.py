"""Of whom the answers speak: the response, the sampling plan and the name of the population.

The same sheet speaks of the sampled districts, of a province or of the nation; each needs other
strata and first-stage units, and every table must name the one it means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from sipas.instrument import Instrument
from sipas.numerals import Lang
from sipas.sentences import Text, sentence
from survey.design import Design
from survey.errors import (
    SurveyError,
    did_you_mean,
    first_five,
    require_columns,
    require_option,
)

Inference = Literal["sampled districts", "province", "nation"]
Unit = Literal["commune", "village"]
_MOST_NAMED = 5
_LABEL = "population"


@dataclass(frozen=True, slots=True)
class Response:
    """Forms sent, returned and used.

    Attributes
    ----------
    sent : int or None
        Forms sent out, if known.
    returned : int
        Forms in the sheet, without blank rows and repeats that were set aside.
    used : int
        Forms with at least one answer or don't know.
    by_group : DataFrame
        Index group (leaders) or district (households); columns sent, returned, used and
        rate = used / sent, NaN where the forms sent are not known.
    """

    sent: int | None
    returned: int
    used: int
    by_group: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Plan:
    """The arguments of a `survey.Design`, and the name of its population."""

    data: pd.DataFrame
    strata: str | None
    psu: str | list[str] | None
    label: Text
    fpc: str | None = None
    nest: bool = False
    certainty: str | None = None


def named(design: Design, lang: Lang) -> str:
    """Say of whom a design speaks: in either language where the library wrote it.

    A label that the caller gave is left in the caller's words.
    """
    written = design.data.attrs.get(_LABEL)
    if written is not None and written["en"] == design.population_label:
        return str(written[lang])
    return design.population_label or sentence("population", "whole_sample")[lang]


def labelled(plan: Plan) -> pd.DataFrame:
    """Give the data of a plan, with the name of its population in both languages."""
    data = plan.data.copy(deep=False)
    data.attrs[_LABEL] = {"vi": plan.label.vi, "en": plan.label.en}
    return data


def response(
    returned: pd.DataFrame,
    used: pd.DataFrame,
    instrument: Instrument,
    sent: int | Mapping[str, int] | None,
) -> Response:
    """Count forms by group, or by district.

    Raises
    ------
    SurveyError
        If ``sent`` names an unknown group or leaves one out, or fewer were sent than used.
    """
    role = "group" if instrument.groups else "district"
    known = [group.code for group in instrument.groups]
    if role in returned:
        known = known or sorted(returned[role].unique())
        counts = {"returned": returned[role], "used": used[role]}
        by_group = pd.DataFrame({name: c.value_counts() for name, c in counts.items()})
    else:
        by_group = pd.DataFrame(columns=["returned", "used"])
    by_group = by_group.reindex(known).fillna(0).astype("int64").rename_axis(role)
    each = _sent_by_group(sent, known, role)
    by_group.insert(0, "sent", pd.Series(each, index=by_group.index, dtype="float64"))
    by_group["rate"] = by_group["used"] / by_group["sent"]
    total = int(sum(sent.values())) if isinstance(sent, Mapping) else sent
    over = by_group.index[by_group["returned"] > by_group["sent"]]
    if len(over) or (total is not None and len(returned) > total):
        raise SurveyError(
            f"sent: more forms are in the sheet than were sent ({len(returned)} of {total})"
            f"{f', in {first_five(over)}' if len(over) else ''}.",
            mend="Correct sent=, or look for repeats in the sheet.",
        )
    return Response(total, len(returned), len(used), by_group)


def _sent_by_group(
    sent: int | Mapping[str, int] | None, known: list[str], role: str
) -> dict[str, float]:
    """Check the forms sent out by group; nothing is known of groups given only as a total."""
    if not isinstance(sent, Mapping):
        if sent is not None and sent < 1:
            raise SurveyError(f"sent: {sent} forms.", mend="Give the number of forms sent out.")
        return dict.fromkeys(known, np.nan)
    for name in sent:
        if name not in known:
            raise SurveyError(f"sent: no {role} {name!r}.", mend=did_you_mean(name, known))
    lacking = [name for name in known if name not in sent]
    if lacking:
        raise SurveyError(f"sent: {role} {first_five(lacking)} left out.", mend="Name all.")
    return {name: float(count) for name, count in sent.items()}


def plan(
    data: pd.DataFrame,
    instrument: Instrument,
    forms: Response,
    *,
    inference: Inference,
    psu: Unit,
    capital: str | Mapping[str, str] | None,
    superpopulation: bool,
) -> Plan:
    """Choose strata, units and population counts for what the answers are to speak of."""
    require_option(inference, get_args(Inference), where="inference")
    require_option(psu, get_args(Unit), where="psu")
    if instrument.kind == "leaders":
        if inference != "sampled districts":
            raise SurveyError(
                f"inference={inference!r}: leader answers have one population, their groups.",
                mend="Leave out inference=.",
            )
        return _leaders(data, forms, superpopulation=superpopulation)
    if inference == "sampled districts":
        return _districts(data, psu)
    if inference == "province":
        return _province(data, psu, capital)
    return _nation(data, psu, capital)


def _leaders(data: pd.DataFrame, forms: Response, *, superpopulation: bool) -> Plan:
    """Plan for leaders: groups are strata, forms are units, drawn from those who were sent one."""
    count = data["group"].nunique()
    sent = forms.by_group["sent"]
    if superpopulation or sent.isna().any():
        return Plan(data, "group", None, sentence("population", "leaders_like", count=count))
    label = sentence("population", "leaders_sent", sent=forms.sent, count=count)
    with_sent = data.assign(design_sent=data["group"].map(sent))
    return Plan(with_sent, "group", None, label, fpc="design_sent")


def _districts(data: pd.DataFrame, psu: Unit) -> Plan:
    """Plan for the sampled districts: they are the strata; without them there is one stratum."""
    frame, unit = _unit(data, psu)
    if "district" not in frame:
        named = _named(frame["commune"]) if "commune" in frame else {"count": 0, "named": ""}
        kind = "sampled_communes" if named["count"] else "whole_sample"
        return Plan(frame, None, unit, sentence("population", kind, **named))
    named = _named(frame["district"])
    kind = "sampled_district" if named["count"] == 1 else "sampled_districts"
    label = sentence("population", kind, **named)
    # named by district in every year, so that two years match even where a name repeats in one
    return Plan(frame, "district", unit, label, nest=True)


def _province(data: pd.DataFrame, psu: Unit, capital: object) -> Plan:
    """Plan for a province: the capital with certainty, the other districts as first units."""
    frame, unit = _unit(data, psu)
    require_columns(frame.columns, ["district"], where="inference='province'")
    districts = sorted(frame["district"].unique())
    if not isinstance(capital, str) or capital not in districts:
        got = "is needed" if capital is None else f"{capital!r} is no district of the sheet"
        raise SurveyError(
            f"inference='province': capital= {got}.",
            mend=f"Name the capital's district; there are {first_five(districts)}.",
        )
    is_capital = frame["district"].eq(capital)
    frame = frame.assign(design_certain=is_capital, design_zone="districts")
    provinces = sorted(frame["province"].unique()) if "province" in frame else []
    if len(provinces) > 1:
        raise SurveyError(
            f"inference='province': the sheet has several: {first_five(provinces)}.",
            mend="Use inference='nation', or one sheet a province.",
        )
    named = f" ({provinces[0]})" if len(provinces) else ""
    label = sentence("population", "province", named=named, capital=capital)
    return _two_stage(frame, "district", unit, label)


def _nation(data: pd.DataFrame, psu: Unit, capital: object) -> Plan:
    """Plan for the nation: as for a province, in each."""
    frame, unit = _unit(data, psu)
    require_columns(frame.columns, ["province", "district"], where="inference='nation'")
    if not isinstance(capital, Mapping):
        raise SurveyError(
            "inference='nation': capital= is needed for each province.",
            mend="Give capital={province: district}.",
        )
    provinces = sorted(frame["province"].unique())
    lacking = [name for name in provinces if name not in capital]
    pairs = set(zip(frame["province"], frame["district"], strict=True))
    absent = [
        name for name in provinces if name not in lacking and (name, capital[name]) not in pairs
    ]
    if lacking or absent:
        raise SurveyError(
            f"capital: {len(lacking)} provinces without one ({first_five(lacking)}), "
            f"{len(absent)} whose capital is no district there ({first_five(absent)}).",
            mend="Give the capital district of each province as it is written in the sheet.",
        )
    frame = frame.assign(
        design_certain=frame["district"].eq(frame["province"].map(dict(capital))),
        design_zone=frame["province"],
        design_district=frame["district"] + ", " + frame["province"],
    )
    label = sentence("population", "nation", count=len(provinces))
    return _two_stage(frame, "design_district", unit, label)


def _two_stage(frame: pd.DataFrame, first: str, second: str, label: Text) -> Plan:
    """Plan two stages; a town may be called as its district, so names count within strata."""
    return Plan(
        frame,
        "design_zone",
        [first, second],
        label,
        nest=True,
        certainty="design_certain",
    )


def _unit(data: pd.DataFrame, psu: Unit) -> tuple[pd.DataFrame, str]:
    """Give the column of the unit; village names are read within their commune."""
    if psu not in data:
        other = "village" if psu == "commune" else "commune"
        raise SurveyError(
            f"psu={psu!r}: the sheet has no column {psu!r}.",
            mend=f"Name it when cleaning, with {psu}='its column', or choose psu={other!r}.",
        )
    if psu == "village" and "commune" in data:
        named = data["village"] + ", " + data["commune"]
        return data.assign(design_village=named), "design_village"
    return data, psu


def _named(places: pd.Series) -> dict[str, object]:
    """Count places, and name them where they are few."""
    names = sorted(places.unique())
    few = len(names) <= _MOST_NAMED
    return {"count": len(names), "named": f" ({', '.join(names)})" if few else ""}
