r"""What weights look like: spread, range, distance to other weights, sums against totals.

Kish's design effect of unequal weights, :math:`1 + cv^2(w)`, says by how much they blow up the
variance of a mean of something unrelated to them. Kish (1992), *Journal of Official Statistics*
8, 183–200.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.design import Design
from survey.display import as_html, as_text
from survey.errors import SurveyError
from survey.replicates import ReplicateDesign
from survey.scores import Floats
from survey.weighting.margins import AnyDesign
from survey.weighting.steps import history


@dataclass(frozen=True, slots=True, eq=False)
class WeightSummary:
    """Description of the weights of a sample.

    Parameters
    ----------
    values : Series
        ``n``, ``sum``, ``mean``, ``min``, ``max``, ``ratio`` (largest to smallest), ``cv``,
        ``deff`` (Kish), ``n_effective``, ``negative``; and, beside other weights, the range
        ``g_min`` to ``g_max`` of the ratio to them, and the mean ``distance`` (g - 1)²,
        weighted by them.
    totals : DataFrame
        ``total`` and ``sum`` of each variable that the weights were made to reproduce.
    """

    values: pd.Series
    totals: pd.DataFrame

    def __repr__(self) -> str:
        """Show both tables as text."""
        text = as_text("Weights", self.values.to_frame("value"))
        return text if self.totals.empty else "\n".join([text, as_text("Totals", self.totals)])

    def _repr_html_(self) -> str:
        """Show both tables in a notebook."""
        html = as_html("Weights", self.values.to_frame("value"))
        return html if self.totals.empty else html + as_html("Totals", self.totals)


def weight_summary(
    design: AnyDesign, base: AnyDesign | npt.ArrayLike | None = None
) -> WeightSummary:
    """Describe the weights of a sample.

    Parameters
    ----------
    design : Design or ReplicateDesign
        The sample.
    base : Design, ReplicateDesign or (n,) array, optional
        Weights to compare with; those before the first re-weighting when there was one.

    Returns
    -------
    WeightSummary

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"w": [1.0, 1.0, 4.0]})
    >>> weight_summary(survey.Design(frame, weights="w")).values[["ratio", "deff"]].tolist()
    [4.0, 1.5]
    """
    inside = design.inside & (design.weight != 0)
    weight = design.weight[inside]
    steps = history(design) if isinstance(design, Design) else []
    mean, n = float(weight.mean()), len(weight)
    deff = n * float((weight**2).sum()) / float(weight.sum()) ** 2
    values: dict[str, float] = {
        "n": n,
        "sum": float(weight.sum()),
        "mean": mean,
        "min": float(weight.min()),
        "max": float(weight.max()),
        "ratio": float(weight.max() / weight.min()) if weight.min() > 0 else np.inf,
        "cv": float(np.sqrt(max(deff - 1.0, 0.0))),
        "deff": deff,
        "n_effective": n / deff,
        "negative": int((weight < 0).sum()),
    }
    before = steps[0].before if base is None and steps else _weights(base, len(inside))
    if before is not None:
        values |= _compared(weight, before[inside])
    tables = [table for step in steps if not (table := step.plan.sums(design.weight)).empty]
    totals = pd.concat(tables) if tables else pd.DataFrame({"total": [], "sum": []})
    return WeightSummary(pd.Series(values, name="value"), totals)


def _compared(weight: Floats, before: Floats) -> dict[str, float]:
    """Range of the ratio to other weights, and the mean distance from them."""
    known = before > 0
    ratio = weight[known] / before[known]
    return {
        "g_min": float(ratio.min()),
        "g_max": float(ratio.max()),
        "distance": float(np.average((ratio - 1.0) ** 2, weights=before[known])),
    }


def _weights(base: AnyDesign | npt.ArrayLike | None, n: int) -> Floats | None:
    """Weights to compare with."""
    if base is None:
        return None
    weight = base.weight if isinstance(base, Design | ReplicateDesign) else base
    values = np.asarray(weight, dtype=np.float64)
    if values.shape != (n,):
        raise SurveyError(
            f"weight_summary(base=): {values.size} weights for {n} rows.",
            mend="Pass a design on the same rows, or one weight a row.",
        )
    return values
