"""Weights of the groups of leaders, as a table of groups × items whose columns sum to 1.

No source prints the official weights, so they are always given: a mapping, a table, or the name
of a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from sipas.instrument import Instrument
from sipas.responses import Answers
from survey.errors import SurveyError, first_five, require_option

Preset = Literal["equal", "respondents", "population"]
LeaderWeights = Preset | Mapping[str, float] | pd.DataFrame


def read_weights(given: LeaderWeights, answers: Answers, present: list[str]) -> pd.DataFrame:
    """Weights as a table of groups × items whose columns sum to 1.

    Raises
    ------
    SurveyError
        For an unknown preset, a group without a weight, a negative one, or a total that is
        neither 1 nor 100.
    """
    items = [item.code for item in answers.instrument.index_items]
    if isinstance(given, pd.DataFrame):
        _refuse_unknown([*given.index, *given.columns], [*present, *items])
        table = given.reindex(index=present, columns=items).astype(np.float64)
    else:
        shares = _preset(given, answers, present) if isinstance(given, str) else dict(given)
        _refuse_unknown(list(shares), present)
        column = pd.Series(shares, dtype=np.float64).reindex(present)
        table = pd.DataFrame(dict.fromkeys(items, column))
    wrong = table.index[(~(table >= 0)).any(axis=1)]
    if len(wrong):
        raise SurveyError(
            f"group_weights: missing or negative for {first_five(wrong)}.",
            mend=f"Give each of {first_five(present)} a weight of 0 or more for every item.",
        )
    total = table.sum()
    off = total[~(np.isclose(total, 1.0) | np.isclose(total, 100.0))]
    if len(off):
        raise SurveyError(
            f"group_weights: they add up to {off.iloc[0]:g} for {first_five(off.index)}.",
            mend="Give shares that add up to 1, or per cent that add up to 100.",
        )
    return _asked_only(table, answers.instrument)


def _refuse_unknown(given: list[object], known: list[str]) -> None:
    """Refuse groups, or items of a table, that there are not."""
    unknown = [name for name in given if name not in known]
    if unknown:
        raise SurveyError(
            f"group_weights: no such group or item: {first_five(unknown)}.",
            mend=f"Known: {first_five(known)}.",
        )


def _asked_only(table: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """Renormalise each item's weights over the groups that were asked it."""
    asked = pd.DataFrame(
        {
            item.code: [not item.groups or group in item.groups for group in table.index]
            for item in instrument.index_items
        },
        index=table.index,
    )
    kept = table.where(asked, 0.0).to_numpy(dtype=np.float64)
    idle = table.columns[kept.sum(axis=0) == 0]
    if len(idle):
        raise SurveyError(
            f"group_weights: every group that was asked {first_five(idle)} weighs nothing.",
            mend="Give at least one of the groups asked a weight above 0.",
        )
    shares = kept / kept.sum(axis=0)
    return pd.DataFrame(shares, index=table.index, columns=table.columns)


def _preset(name: str, answers: Answers, present: list[str]) -> dict[str, float]:
    """Weights of a named rule."""
    require_option(name, ("equal", "respondents", "population"), where="group_weights")
    if name == "equal":
        return dict.fromkeys(present, 1.0 / len(present))
    by_group = answers.response.by_group.loc[present]
    counts = by_group["used" if name == "respondents" else "sent"].astype(float)
    if counts.isna().any():
        raise SurveyError(
            "group_weights='population': the forms sent to each group are not known.",
            mend="Pass sent={group: forms, …} to sipas.clean.",
        )
    return {str(group): float(count) for group, count in (counts / counts.sum()).items()}
