"""Two results, of one sample or of two, as one vector that keeps the covariance between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast

import numpy as np
import pandas as pd

from survey.errors import SurveyError
from survey.estimates import Estimates
from survey.row_counts import KnownCounts
from survey.samples import Part, merge, unmatched
from survey.scores import Floats


def stack(
    *estimates: Estimates, keys: Sequence[str] | None = None, paired: bool = True
) -> Estimates:
    """Join results into one vector that keeps the covariance between them.

    Parameters
    ----------
    *estimates : Estimates
        Results of the same sample or of different ones.
    keys : sequence of str, optional
        A first level for the labels, one for each result.
    paired : bool
        Match the PSUs of different samples by name. False declares the samples independent.

    Returns
    -------
    Estimates
        Labels are those of the parts, beneath ``keys`` when given.

    Raises
    ------
    SurveyError
        When labels occur twice and no keys were given.

    Notes
    -----
    Rows have no names: where rows were drawn, results of one sample keep their covariance only
    when they come from the same `Design`.

    Each sample keeps its own standard errors; the covariance is the cross-product of the
    standardised scores over the PSUs that both hold. See `survey.samples`. In R both years would
    be stacked by hand in one ``svydesign``, which agrees where all PSUs are in both.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> first = pd.DataFrame({"psu": ["a", "b", "c"], "y": [1.0, 2.0, 3.0]})
    >>> then = pd.DataFrame({"psu": ["a", "b", "c"], "y": [2.0, 3.0, 4.0]})
    >>> years = [survey.mean(survey.Design(d, psu="psu"), "y") for d in (first, then)]
    >>> both = survey.stack(*years, keys=["first", "then"])
    >>> both.contrast({"change": {("then", "y"): 1, ("first", "y"): -1}}).table()
            estimate   se  low  high   n
    change       1.0  0.0  1.0   1.0 NaN
    """
    labels = _stacked_labels(estimates, keys)
    total = len(labels)
    parts: list[Part] = []
    start = 0
    for result in estimates:
        place = np.zeros((total, len(result)))
        place[start + np.arange(len(result)), np.arange(len(result))] = 1.0
        start += len(result)
        parts.extend(part.mapped(place) for part in result.parts)
    merged = merge(parts)
    if not paired:
        merged = unmatched(merged)
    first = estimates[0]
    return Estimates(
        point=np.concatenate([result.point for result in estimates]),
        labels=labels,
        parts=merged,
        counts=KnownCounts(
            np.concatenate([result.counts.valid for result in estimates]),
            np.concatenate([result.counts.missing for result in estimates]),
        ),
        what=" and ".join(dict.fromkeys(result.what for result in estimates)),
        bounds=first.bounds if len({result.bounds for result in estimates}) == 1 else None,
        single_share=all(result.single_share for result in estimates),
        population="; ".join(dict.fromkeys(r.population for r in estimates if r.population))
        or None,
        size_known=all(result.size_known for result in estimates),
        notes=tuple(dict.fromkeys(note for result in estimates for note in result.notes)),
        relative_weight=_joined_weights(estimates),
        logit_se=_joined_logit_se(estimates),
    )


def _stacked_labels(estimates: Sequence[Estimates], keys: Sequence[str] | None) -> pd.Index:
    """Labels one after the other, beneath the keys when there are any."""
    if not estimates:
        raise SurveyError("stack: nothing to stack.", mend="Pass at least one result.")
    if keys is not None and len(keys) != len(estimates):
        raise SurveyError(
            f"stack(keys=): {len(keys)} keys for {len(estimates)} results.", mend="Give one each."
        )
    pieces = [
        label if keys is None else (keys[k], *label_parts(label))
        for k, result in enumerate(estimates)
        for label in result.labels
    ]
    labels = pd.Index(pieces)
    if not labels.is_unique:
        twice = labels[labels.duplicated()][0]
        raise SurveyError(
            f"stack: the label {twice!r} occurs twice.", mend="Pass keys=, one for each result."
        )
    return cast(pd.Index, labels)


def label_parts(label: object) -> tuple[Any, ...]:
    """Read a label of one level, or of several, as a tuple."""
    return label if isinstance(label, tuple) else (label,)


def _joined_weights(estimates: Sequence[Estimates]) -> Floats | None:
    """Relative weights one after the other, when all have them."""
    known = [r.relative_weight for r in estimates if r.relative_weight is not None]
    return np.concatenate(known) if len(known) == len(estimates) else None


def _joined_logit_se(estimates: Sequence[Estimates]) -> Callable[[], Floats] | None:
    """Give the logits' standard errors one after the other, when all bring their own."""
    known = [r.logit_se for r in estimates if r.logit_se is not None]
    return partial(_in_turn, known) if len(known) == len(estimates) else None


def _in_turn(parts: Sequence[Callable[[], Floats]]) -> Floats:
    """Values of each part, one after the other."""
    return np.concatenate([part() for part in parts])
