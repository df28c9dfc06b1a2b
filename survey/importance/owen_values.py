"""The Owen value of R²: Shapley over groups of predictors outside, over a group's own inside.

Exact for many more predictors than LMG; its sums over a group are the LMG values of the groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from survey.errors import SurveyError, did_you_mean, first_five
from survey.importance.correlation_input import correlation_matrix, read_correlated
from survey.importance.replicate_errors import replicate_values
from survey.importance.results import Importance, collect
from survey.importance.shapley_values import EXACT, shapley, subset_weights, sweep
from survey.reliability.item_answers import Pairing, Source
from survey.scores import Floats


def owen(
    design: Source,
    outcome: str,
    predictors: Sequence[str],
    *,
    groups: Mapping[str, Sequence[str]],
    missing: Pairing = "pairwise",
    level: float = 0.95,
) -> Importance:
    r"""Divide R² among predictors that come in groups, such as statements of dimensions.

    Parameters
    ----------
    design, outcome, predictors, missing, level
        As in `lmg`.
    groups : mapping
        Group to the list of its predictors; every predictor in exactly one.

    Returns
    -------
    Importance
        Labelled ``(group, predictor)``; ``by_group()`` gives LMG of the groups.

    Raises
    ------
    SurveyError
        As `lmg`; also predictors without or with two groups, and groups too many or too large.

    Notes
    -----
    Shapley over the groups outside and over the predictors inside: orders in which a group's
    predictors stand together, each as likely as any other. Owen (1977), in *Mathematical Economics
    and Game Theory*, 76–88. In R: no function; group sums as ``relaimpo`` with ``groups =``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1, 1, -1, -1], "b": [1, -1, 1, -1], "y": [3, 1, 0, -3]})
    >>> owen(frame, "y", ["a", "b"], groups={"A": ["a"], "B": ["b"]}).estimate.round(4)
    group  predictor
    A      a            0.6533
    B      b            0.3333
    Name: estimate, dtype: float64
    """
    read = read_correlated(design, outcome, predictors, missing=missing, level=level, where="owen")
    places = _places(read.names[:-1], groups)
    pairs = [(g, read.names[k]) for g, own in zip(groups, places, strict=True) for k in own]
    labels = pd.MultiIndex.from_tuples(pairs, names=["group", "predictor"])

    def statistic(r: Floats) -> Floats:
        return np.concatenate([_owen_group(r, places, g) for g in range(len(places))], axis=-1)

    value = statistic(correlation_matrix(read)[None])[0]
    replicates = replicate_values(read, statistic)
    return collect(read, labels, value, replicates, method="owen", level=level)


def _places(names: Sequence[str], groups: Mapping[str, Sequence[str]]) -> list[list[int]]:
    """Positions of each group's predictors; every predictor in one group, none left over."""
    listed = [name for own in groups.values() for name in own]
    unknown = [name for name in listed if name not in names]
    if unknown:
        raise SurveyError(
            f"owen(groups=): {unknown[0]!r} is not a predictor.",
            mend=did_you_mean(unknown[0], names),
        )
    odd = [name for name in names if listed.count(name) != 1]
    empty = [group for group, own in groups.items() if not len(own)]
    if odd or empty:
        raise SurveyError(
            f"owen(groups=): not in exactly one group: {first_five(odd)}."
            if odd
            else f"owen(groups=): no predictors in {first_five(empty)}.",
            mend="Give every predictor one group.",
        )
    places = [[list(names).index(name) for name in own] for own in groups.values()]
    work = sum(2.0 ** (len(places) - 1 + len(own)) for own in places)
    if work > 2.0**EXACT:
        raise SurveyError(
            f"owen(groups=): {len(places)} groups of up to {max(map(len, places))} predictors "
            f"need {work:.0f} subsets.",
            mend=f"Keep the number of groups plus the size of each below {EXACT}, or use lmg.",
        )
    return places


def _owen_group(matrices: Floats, places: Sequence[Sequence[int]], group: int) -> Floats:
    """Owen values of one group: its LMG after every set of other groups, averaged, (N, size)."""
    others = [own for g, own in enumerate(places) if g != group]
    order = [k for own in others for k in own] + list(places[group]) + [matrices.shape[1] - 1]
    batch = matrices[:, order][:, :, order]
    held = np.zeros(1, dtype=np.int64)
    for own in others:
        batch, held = sweep(batch, len(own)), np.concatenate([held, held + 1])
    weight = subset_weights(len(places)).lacking[held]
    inner = _unscaled_shapley(batch).reshape(len(held), len(matrices), -1)
    return np.asarray(np.einsum("h,hnk->nk", weight, inner))


def _unscaled_shapley(matrices: Floats) -> Floats:
    """LMG in units of the first outcome's variance: R² gained times what was left of it."""
    return np.asarray(shapley(matrices) * matrices[:, -1, -1][:, None])
