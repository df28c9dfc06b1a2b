r"""Post-stratification: weights scaled so that each class adds up to its population count.

.. math:: w_i' = w_i \, N_c / \hat N_c, \qquad z_i' = z_i - w_i' \bar e_c,

with :math:`\bar e_c` the weighted mean of the linearised variable in the class. Holt & Smith
(1979), *JRSS A* 142, 33–46; Särndal, Swensson & Wretman (1992), section 7.6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.design import Design
from survey.replicates import ReplicateDesign
from survey.scores import Floats
from survey.weighting.margins import Margin, Totals, read_margin
from survey.weighting.steps import (
    SomeDesign,
    Step,
    class_sums,
    class_weights,
    inside_weight,
    multiply,
    refuse_empty,
    take,
)


def poststratify(design: SomeDesign, by: str | Sequence[str], totals: Totals) -> SomeDesign:
    """Scale weights so that each class has its known population count.

    Parameters
    ----------
    design : Design or ReplicateDesign
        The sample; replicate weights are scaled anew in each replicate.
    by : str or list of str
        Column of the classes, or several whose combinations are the classes.
    totals : mapping or Series
        Population count of each class (persons, as the weights count them); keys are tuples
        when there are several columns.

    Returns
    -------
    Design or ReplicateDesign
        The same sample under the new weights. On a `Design` variances rest on the deviations
        from the class means.

    Raises
    ------
    SurveyError
        Missing values in ``by``, a class without a total, a total without a row.

    Notes
    -----
    In R: ``postStratify(design, ~by, totals)``.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"sex": ["F", "F", "M", "M"], "y": [1.0, 3.0, 5.0, 5.0]})
    >>> design = poststratify(survey.Design(frame), "sex", {"F": 60, "M": 40})
    >>> survey.total(design, "y", by="sex").table()[["estimate", "se"]]
         estimate         se
    sex
    F       120.0  48.989795
    M       200.0   0.000000
    """
    plan = _Classes(read_margin(design, by, totals, "poststratify"))
    if isinstance(design, ReplicateDesign):
        return plan.again(design)
    return _poststratified(design, plan)


def _poststratified(design: Design, plan: _Classes) -> Design:
    """Scale the weights of a design, and keep the class means for its residuals."""
    margin = plan.margin
    before = inside_weight(design)
    ratio = margin.totals / class_sums(margin.code, before, len(margin.labels))
    weight = before * ratio[margin.code]
    member = margin.indicators()
    left = weight[:, None] * member
    right = np.where(before > 0, 1.0, 0.0)[:, None] * member / margin.totals
    return take(design, weight, Step(left, right, plan, before))


@dataclass(frozen=True, slots=True, eq=False)
class _Classes:
    """Classes and their counts."""

    margin: Margin

    def again(self, design: ReplicateDesign) -> ReplicateDesign:
        """Scale the weights of the full sample and of every replicate."""
        margin = self.margin
        size = len(margin.labels)
        full = class_sums(margin.code, inside_weight(design), size)
        each = class_weights(design, margin.code, size)
        refuse_empty(each, margin.names, "poststratify")
        return multiply(design, margin.code, margin.totals / full, margin.totals[:, None] / each)

    def sums(self, weight: Floats) -> pd.DataFrame:
        """List the counts of the classes beside the sums of weights."""
        reached = class_sums(self.margin.code, weight, len(self.margin.labels))
        return pd.DataFrame({"total": self.margin.totals, "sum": reached}, self.margin.names)
