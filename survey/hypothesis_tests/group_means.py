r"""Student's t-test of a mean, or of the difference between two groups."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from survey.errors import SurveyError, first_five, require_columns
from survey.estimates import Estimates
from survey.estimators import mean
from survey.formulas.levels import codes_of, levels_of
from survey.hypothesis_tests.results import HypothesisTest, t_result
from survey.regression.model_rows import restricted_to
from survey.row_counts import KnownCounts
from survey.scores import Bools
from survey.variables import AnyDesign

Variable = str | pd.Series


def t_test(
    design: AnyDesign,
    y: Variable,
    *,
    by: Variable | None = None,
    mu: float = 0.0,
    df: float | None = None,
) -> HypothesisTest:
    r"""Test a mean, or the difference between the means of two groups.

    Parameters
    ----------
    design : Design or ReplicateDesign
        The sample.
    y : str or Series
        A numeric column, or a Series on the index of the data.
    by : str or Series, optional
        Two groups. The difference is that of the second in order less the first.
    mu : float
        The mean (without ``by``) or difference (with it) under the hypothesis.
    df : float, optional
        Degrees of freedom to use instead.

    Returns
    -------
    HypothesisTest
        Its estimate is the mean, or the difference, less ``mu``.

    Raises
    ------
    SurveyError
        Unknown or non-numeric columns, or other than two groups.

    Notes
    -----
    :math:`t = (\hat\theta - \mu) / se(\hat\theta)` with the covariance of the groups that share
    PSUs. Degrees of freedom: the design's for one mean, one less for a difference (two means).
    Lumley (2010), section 2.4. In R: ``svyttest(y ~ g, design)`` and ``svyttest(I(y - mu) ~ 0,
    design)``; for one mean R takes one degree of freedom too many (``df=design.df - 1`` gives its
    numbers).

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2, 3, 3, 4, 4], "sex": ["F", "M"] * 4,
    ...                       "y": [3.0, 2, 4, 2, 5, 4, 4, 3]})
    >>> t_test(survey.Design(frame, psu="psu"), "y", by="sex").verdict
    't(2) = -5, p = 0.03775'
    """
    values, name = column_of(design, y, where="t_test(y=)")
    if not pd.api.types.is_numeric_dtype(values):
        raise SurveyError(f"t_test(y={name!r}): not numeric.", mend="Use survey.rank_test.")
    if by is None:
        used = _usable(design, values.notna().to_numpy())
        estimate = _shifted(mean(used, values.to_frame(name)), -mu)
        return t_result(
            f"Design-based t-test: mean of {name} against {mu:g}",
            estimate,
            float(used.df) if df is None else df,
        )
    groups, group_name = column_of(design, by, where="t_test(by=)")
    used, levels = two_or_more(design, values, groups, f"t_test(by={group_name!r})")
    if len(levels) != 2:
        raise SurveyError(
            f"t_test(by={group_name!r}): {len(levels)} groups: {first_five(levels)}.",
            mend="Give two; for more use survey.glm and survey.wald, or survey.rank_test.",
        )
    difference = differences(used, values.rename(name), groups, levels)
    free = float(used.df) - 1.0 if df is None else df
    return t_result(
        f"Design-based t-test: {name} by {group_name}", _shifted(difference, -mu), free
    )


def column_of(design: AnyDesign, variable: Variable, *, where: str) -> tuple[pd.Series, str]:
    """Find a column by name, or check that a Series fits the data."""
    if isinstance(variable, pd.Series):
        if not variable.index.equals(design.data.index):
            raise SurveyError(
                f"{where}: the Series has another index than the design's data.",
                mend="Make it from design.data.",
            )
        return variable, str(variable.name or "value")
    require_columns(design.data.columns, [variable], where=where)
    return design.data[variable], variable


def two_or_more(
    design: AnyDesign, values: pd.Series, groups: pd.Series, where: str
) -> tuple[AnyDesign, list[object]]:
    """Restrict a design to the rows that hold both variables, and list the groups in order."""
    used = _usable(design, (values.notna() & groups.notna()).to_numpy())
    levels = levels_of(groups[used.inside & (used.weight > 0)])
    if len(levels) < 2:
        raise SurveyError(
            f"{where}: only one group has answers: {first_five(levels)}.",
            mend="Check the column and the domain.",
        )
    return used, levels


def differences(
    design: AnyDesign, values: pd.Series, groups: pd.Series, levels: list[object]
) -> Estimates:
    """Means of the groups after the first, less the mean of the first."""
    codes = codes_of(groups, levels)
    frame = pd.DataFrame(
        {k: values.where(codes == k).astype(np.float64) for k in range(len(levels))},
        index=values.index,
    )
    means = mean(design, frame)
    matrix = np.hstack([-np.ones((len(levels) - 1, 1)), np.eye(len(levels) - 1)])
    labels = pd.Index([f"{level} − {levels[0]}" for level in levels[1:]])
    made = means.smooth(matrix @ means.point, matrix, labels, what=f"Difference in {values.name}")
    n = means.counts.valid
    return replace(made, counts=KnownCounts(n[1:] + n[0], made.counts.missing))


def _usable(design: AnyDesign, answered: Bools) -> AnyDesign:
    """Restrict a design to the rows with answers."""
    if not (answered & design.inside).any():
        raise SurveyError(
            "test: no valid answer at all.", mend="Check the columns and the domain."
        )
    return restricted_to(design, answered & design.inside, "answered")


def _shifted(estimates: Estimates, by: float) -> Estimates:
    """Add a constant to an estimate."""
    moved = estimates.smooth(
        estimates.point + by, np.eye(len(estimates)), estimates.labels, what=estimates.what
    )
    return replace(moved, counts=estimates.counts)
