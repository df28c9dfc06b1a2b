"""The correlations that importance starts from: predictors and, last, the outcome, checked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from survey.errors import SurveyError
from survey.intervals import check_level
from survey.reliability.item_answers import Items, Pairing, Source, read_items, rows_of_pairs
from survey.reliability.second_moments import moments
from survey.scores import Floats

#: Above this R² the outcome is a linear combination of its predictors.
COMPOSITE = 1.0 - 1e-9


def read_correlated(
    design: Source,
    outcome: str,
    predictors: Sequence[str],
    *,
    missing: Pairing,
    level: float,
    where: str,
) -> Items:
    """Read predictors and, last, the outcome; refuse what has no importance."""
    check_level(level)
    names = [predictors] if isinstance(predictors, str) else list(predictors)
    if outcome in names:
        raise SurveyError(
            f"{where}(outcome={outcome!r}): it is one of its own predictors.", mend="Take it out."
        )
    if not names:
        raise SurveyError(f"{where}(predictors=): none given.", mend="List the columns.")
    items = read_items(design, [*names, outcome], missing=missing, where=where)
    rows = fewest_rows(items)
    if rows <= len(names) + 1:
        raise SurveyError(
            f"{where}: {rows} rows are too few for {len(names)} predictors: R² would be 1 "
            "whatever was answered.",
            mend="Pass fewer predictors, such as dimensions in place of statements.",
        )
    _refuse_collinear(correlation_matrix(items), items, where)
    return items


def correlation_matrix(items: Items) -> Floats:
    """Correlations of the predictors and, last, the outcome."""
    return moments(items).correlation


def fewest_rows(items: Items) -> int:
    """Rows behind the correlation that has the fewest."""
    return int(rows_of_pairs(items.valid).min())


def _refuse_collinear(r: Floats, items: Items, where: str) -> None:
    """Sweep the predictors in turn; whatever is left of one, or of the outcome, must be there."""
    left = r.copy()
    for k, name in enumerate(items.names):
        rest = left[k, k]
        if rest >= 1.0 - COMPOSITE:
            left -= np.outer(left[:, k], left[k]) / rest
            continue
        if items.missing == "pairwise" and rest < -(1.0 - COMPOSITE):
            raise SurveyError(
                f"{where}: the pairwise correlations contradict each other at {name!r}.",
                mend="Pass missing='listwise', or leave out the items with most blanks.",
            )
        raise _composite(name, items, where)


def _composite(name: str, items: Items, where: str) -> SurveyError:
    """Say that a column is a linear combination, and of what."""
    if name == items.names[-1]:
        return SurveyError(
            f"{where}(outcome={name!r}): it is a linear combination of its predictors (R² is 1), "
            "so their importance would only repeat how the composite was put together.",
            mend="Use an outcome asked on its own, such as overall satisfaction; to split a "
            "composite among its parts use their weights.",
        )
    return SurveyError(
        f"{where}(predictors=): {name!r} is a linear combination of the predictors before it.",
        mend="Leave one of them out.",
    )
