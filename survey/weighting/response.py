r"""Nonresponse: those who answered also stand for those of their class who did not.

Within classes *c* in which answering is taken to be at random,

.. math:: w_i' = w_i \, \frac{\sum_{c} w}{\sum_{c,\, answered} w}, \qquad
          z_i' = z_i + (w_i - w_i') \bar z_c, \quad
          \bar z_c = \sum_c z \big/ \sum_c w' ,

for all who were sampled, so that the variance holds both the sampling and the answering. Särndal,
Swensson & Wretman (1992), section 15.6; Fay (1991), reversed framework.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from survey.design import Design
from survey.errors import SurveyError, first_five, require_columns
from survey.replicates import ReplicateDesign
from survey.scores import Bools, Floats
from survey.weighting.margins import AnyDesign, Margin, class_codes
from survey.weighting.steps import (
    SomeDesign,
    Step,
    class_sums,
    class_weights,
    inside_weight,
    multiply,
    refuse_empty,
    take,
    without,
)


def nonresponse(
    design: SomeDesign, responded: str | pd.Series | Bools, classes: str | Sequence[str]
) -> SomeDesign:
    """Let those who answered stand for all who were sampled in their class.

    Parameters
    ----------
    design : Design or ReplicateDesign
        Everybody who was sampled, with design weights.
    responded : str or (n,) bool
        Who answered.
    classes : str or list of str
        Columns, known for all, within which answering is taken to be at random.

    Returns
    -------
    Design or ReplicateDesign
        Rows that did not answer weigh zero; their PSUs stay.

    Raises
    ------
    SurveyError
        A class in which nobody answered; missing values.

    Notes
    -----
    In R the weights follow from ``postStratify`` of the respondents to the weighted counts of the
    sample, which takes those counts as known and leaves their variance out.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"area": list("aabb"), "came": [True, False, True, True]})
    >>> nonresponse(survey.Design(frame), "came", "area").weight
    array([2., 0., 1., 1.])
    """
    came = _answered(design, responded)
    name, code, labels = class_codes(design, classes, "nonresponse")
    totals = class_sums(code, inside_weight(design), len(labels))
    margin = Margin(name, code, labels, totals)
    reached = class_sums(code, np.where(came, inside_weight(design), 0.0), len(labels))
    if (reached == 0).any():
        raise SurveyError(
            f"nonresponse: nobody answered in {int((reached == 0).sum())} classes: "
            f"{first_five(np.array(margin.names, dtype=object)[reached == 0])}.",
            mend="Merge each with a like class.",
        )
    plan = _Answers(margin, came)
    if isinstance(design, ReplicateDesign):
        return plan.again(design)
    return _adjusted(design, plan)


def _adjusted(design: Design, plan: _Answers) -> Design:
    """Weigh up those who answered, and keep what those who did not add to the variance."""
    margin = plan.margin
    before = inside_weight(design)
    reached = class_sums(margin.code, np.where(plan.came, before, 0.0), len(margin.labels))
    weight = np.where(plan.came, before * (margin.totals / reached)[margin.code], 0.0)
    member = margin.indicators()
    left = (weight - before)[:, None] * member
    right = (plan.came & (before > 0))[:, None] * member / margin.totals
    made = take(design, weight, Step(left, right, plan, before))
    return without(made, ~plan.came)


@dataclass(frozen=True, slots=True, eq=False)
class _Answers:
    """Classes, and who answered."""

    margin: Margin
    came: Bools

    def again(self, design: ReplicateDesign) -> ReplicateDesign:
        """Weigh up those who answered, in the full sample and in every replicate."""
        size = len(self.margin.labels)
        code = self.margin.code + size * self.came
        weights = class_weights(design, code, 2 * size)
        refuse_empty(weights[size:], self.margin.names, "nonresponse")
        full = class_sums(code, inside_weight(design), 2 * size)
        both = np.column_stack([full, weights])
        ratio = np.zeros_like(both)
        ratio[size:] = (both[:size] + both[size:]) / both[size:]
        made = multiply(design, code, ratio[:, 0], ratio[:, 1:])
        return without(made, ~self.came)

    def sums(self, weight: Floats) -> pd.DataFrame:
        """List the weighted counts of the sample beside those of the answers."""
        reached = class_sums(self.margin.code, weight, len(self.margin.labels))
        return pd.DataFrame({"total": self.margin.totals, "sum": reached}, self.margin.names)


def _answered(design: AnyDesign, responded: str | pd.Series | Bools) -> Bools:
    """Read who answered."""
    if isinstance(responded, str):
        require_columns(design.data.columns, [responded], where="nonresponse(responded=)")
        responded = design.data[responded]
    aligned = not isinstance(responded, pd.Series) or responded.index.equals(design.data.index)
    values = np.asarray(responded)
    if not aligned or values.shape != design.inside.shape or values.dtype != bool:
        raise SurveyError(
            f"nonresponse(responded=): needs {len(design.inside)} booleans in the order of the "
            f"data; got {values.dtype} of shape {values.shape}.",
            mend="Make them from the design's own frame, such as design.data['q1'].notna().",
        )
    return cast(Bools, values)
