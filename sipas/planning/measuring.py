"""How alike the forms of one commune or village are, for every index.

Everything is measured on the linearised score of each form, the amount by which one form moves an
index. So a dimension or an aspect has an intraclass correlation like a single statement, blanks
are allowed for, and forms (not answers) are what is planned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from sipas.indices import SatisfactionIndex, statement_rates
from survey.design import column_list
from survey.errors import SurveyError
from survey.planning import VarianceComponents, variance_components

#: What the stages are called in the tables, by the column that holds them.
_UNITS = {"commune": "communes", "village": "villages"}
_FORMS = "households"


def linearised_scores(index: SatisfactionIndex) -> pd.DataFrame:
    """Amount by which each form moves each index, times the number of forms, shape (n, L).

    The mean is 0, and the error of that mean is the error of the index: for one statement
    d (y − r) / share answering, with d = 1 where it was answered.
    """
    rates = statement_rates(index.answers, index.rules)
    answered = rates.notna().to_numpy(dtype=np.float64)
    given = rates.fillna(0.0).to_numpy(dtype=np.float64)
    weight = index.design.weight
    share = weight @ answered / weight.sum()
    rate = (weight @ given) / (weight @ answered)
    scores = answered * (given - rate) / share @ index.scheme.matrix.T
    return pd.DataFrame(
        scores, index=index.design.data.index, columns=pd.Index(index.scheme.codes, name="code")
    )


def measured_components(index: SatisfactionIndex, columns: Sequence[str]) -> VarianceComponents:
    """Measure the clustering of every index that varies."""
    scores = linearised_scores(index)
    varies = np.ptp(scores.to_numpy()[index.design.inside], axis=0) > 0
    made = variance_components(index.design, scores.loc[:, varies], units=columns)
    return replace(made, stages=tuple(name.removeprefix("design_") for name in columns))


def stages_of(index: SatisfactionIndex) -> tuple[list[str], tuple[str, ...]]:
    """Columns of the clusters, and the names of all stages."""
    units = column_list(index.design.psu)
    if len(units) != 1:
        raise SurveyError(
            f"plan_next_year(design=): the first stage is {units or 'the form'}.",
            mend="Use answers.design(): communes, or psu='village', drawn within districts.",
        )
    if units[0] == "commune" and "village" in index.design.data:
        units.append("village")
    names = [_UNITS.get(name.removeprefix("design_"), name) for name in units]
    return units, (*names, _FORMS)


def fitted_components(
    index: SatisfactionIndex, columns: Sequence[str], code: str
) -> VarianceComponents:
    """Measure the clustering of one index, none of it below zero: what designs are planned from.

    Raises
    ------
    SurveyError
        When the index does not vary.
    """
    scores = linearised_scores(index)[[code]]
    if not np.ptp(scores.to_numpy()[index.design.inside]) > 0:
        raise SurveyError(
            f"plan_next_year(code={code!r}): every form gave the same.", mend="Choose another."
        )
    return variance_components(index.design, scores, units=columns, negative="refit")
