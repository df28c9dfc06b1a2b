"""Whether rates printed beside a number of forms can come from so many answers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from sipas.attainability import attainable
from sipas.auditing.figures import records
from sipas.auditing.findings import Checked, Finding, counted, finding_of
from sipas.instrument import Instrument, shipped_ids

_SLIP = "answers left blank or forms not returned"


def check_attainable(figures: pd.DataFrame, identities: Iterable[Mapping[str, Any]]) -> Checked:
    """Try each rate of a declared kind that stands beside its number of forms.

    The questionnaire of the year says how many items and levels there are. A figure that complete
    answers cannot give is no error: the forms printed are often those sent, and people leave
    items blank.
    """
    found: list[Finding] = []
    tried: dict[tuple[str, str], list[bool]] = defaultdict(list)
    asked = [one for one in identities if one["form"] == "attainable"]
    counts = figures[figures["measure"].eq("n")].set_index(["file", "row"])["value"]
    rates = figures[figures["measure"].eq("rate_pct") & figures["value"].notna()]
    for identity in asked:
        for one in records(rates):
            n = counts.get((one["file"], one["row"]))
            instrument = identity["instrument"].format(year=one["year"])
            if not re.fullmatch(identity["parts"], one["quantity"]) or n is None:
                continue
            if instrument in shipped_ids() and n > 0:
                finding = _tried(one, int(n), identity["name"], Instrument.load(instrument))
                tried[identity["name"], one["table"]].append(finding is not None)
                found += [finding] if finding else []
    return found, counted(tried)


def _tried(one: Mapping[str, Any], n: int, name: str, instrument: Instrument) -> Finding | None:
    """Ask whether complete answers of n people give one rate; if not, give the nearest."""
    answer = attainable(
        str(one["value"]),
        n=n,
        items=len(instrument.items),
        levels=len(instrument.scale.levels),
        unit="percent",
        max_points=[float(item.max_points or 1) for item in instrument.items],
        decimals=max(2, one["decimals"]),
    )
    if answer.possible:
        return None
    ends = answer.below, answer.above
    return finding_of(one, name, "different quantity", *ends, slip=_SLIP, confidence="low")
