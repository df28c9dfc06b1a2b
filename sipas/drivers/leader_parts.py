"""What each group of leaders contributed: weights are fixed, so there is no mix."""

from __future__ import annotations

import numpy as np

import survey
from sipas.changes import AFTER, BEFORE, Change
from sipas.drivers.parts import labels_of_parts, places_in, weights_of_parts
from sipas.drivers.results import Contributions, closed
from sipas.leaders import GROUP, LeaderScores
from survey.errors import SurveyError


def by_leader_group(
    change: Change, code: str, rows: str | None, columns: list[str], by: tuple[str, ...]
) -> Contributions:
    """Contributions of groups of leaders, whose weights are fixed: there is no mix."""
    before, after = change.before, change.after
    assert isinstance(before, LeaderScores)
    assert isinstance(after, LeaderScores)
    if columns != [GROUP]:
        raise SurveyError(
            f"contributions(by={columns[0]!r}): leader scores are made of groups.",
            mend=f"Use by={GROUP!r}.",
        )
    scheme = change.scheme
    stacked = survey.stack(before.groups, after.groups, keys=[BEFORE, AFTER], paired=change.paired)
    groups = after.weights.index
    weights, labels = weights_of_parts(scheme, scheme.row(code), rows)
    matrix = np.zeros((len(weights) * len(groups), len(stacked)))
    for key, sign, year in ((AFTER, 1.0, after), (BEFORE, -1.0, before)):
        share = year.weights[list(scheme.items)].to_numpy().T
        place = places_in(stacked, key, scheme.items, groups)
        spread = weights[:, None, :, None] * share[None, None] * np.eye(len(groups))[None, :, None]
        matrix[:, place] = sign * spread.reshape(len(matrix), -1)
    index = labels_of_parts(rows, labels, groups.rename(GROUP))
    made = stacked.contrast(matrix, what="Contribution").labelled(index)
    return closed(made, None, None, change, code, by)
