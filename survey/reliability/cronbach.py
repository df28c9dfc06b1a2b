"""Cronbach's alpha of a scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from survey.display import as_html, as_text, shown
from survey.errors import first_five
from survey.estimates import Estimates
from survey.intervals import check_level
from survey.reliability.coefficient_estimates import MatrixFunction, estimate_function
from survey.reliability.coefficient_tables import coefficient_table, limits_below_one
from survey.reliability.item_answers import Pairing, Source, read_items
from survey.reliability.scale_coefficients import (
    classical_error,
    cov2cor,
    feldt_limits,
    refuse_no_sum,
    scale_gradients,
    scale_values,
)
from survey.reliability.scale_scores import scale_scores
from survey.reliability.second_moments import moments
from survey.scores import Floats

SCALE = pd.Index(["alpha", "standardised alpha", "lambda 6", "mean correlation"])


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Alpha:
    """Internal consistency of a scale; made by `alpha`.

    Parameters
    ----------
    estimates : Estimates
        ``alpha``, ``standardised alpha``, ``lambda 6`` and ``mean correlation``.
    items : tuple of str
        The items.
    level : float
        Confidence level of every interval shown.
    classical_se : float
        Standard error for independent answers (Duhachek & Iacobucci).
    feldt : (low, high)
        Feldt's limits for independent answers.
    median_correlation, scale_mean, scale_sd : float
        Middle of the correlations; mean and standard deviation of the respondents' mean answers.
    notes : tuple of str
        Sentences beneath the table.
    """

    estimates: Estimates
    items: tuple[str, ...]
    level: float
    classical_se: float
    feldt: tuple[float, float]
    median_correlation: float
    scale_mean: float
    scale_sd: float
    notes: tuple[str, ...] = field(default=())

    @property
    def alpha(self) -> float:
        """Cronbach's alpha."""
        return float(self.estimates.point[0])

    @property
    def signal_noise(self) -> float:
        """Signal to noise: k r / (1 − r) with the mean correlation r."""
        r = float(self.estimates.point[3])
        return len(self.items) * r / (1.0 - r)

    def table(self) -> pd.DataFrame:
        """Columns ``estimate se low high n``, one row a coefficient."""
        return coefficient_table(self.estimates, limits_below_one(self.estimates, self.level))

    def __repr__(self) -> str:
        """Caption, table and notes as text."""
        return as_text(self.estimates.caption, self.table(), self.notes)

    def _repr_html_(self) -> str:
        return as_html(self.estimates.caption, self.table(), self.notes)


def alpha(
    design: Source, items: Sequence[str], *, level: float = 0.95, missing: Pairing = "pairwise"
) -> Alpha:
    r"""Estimate Cronbach's alpha of a scale.

    Parameters
    ----------
    design : Design, ReplicateDesign or DataFrame
        The sample; in a frame every row weighs the same and is drawn by itself.
    items : list of str
        Numeric columns, all keyed in the same direction.
    level : float
        Confidence level.
    missing : {"pairwise", "listwise"}
        Use the rows that hold both answers of a pair, or only rows that hold all.

    Returns
    -------
    Alpha
        With design-based standard errors and limits, and the classical ones beside.

    Raises
    ------
    SurveyError
        Fewer than two items, constant or non-numeric items, a pair that nobody answered, items
        whose sum does not vary.

    Notes
    -----
    :math:`\alpha = \frac{k}{k-1}(1 - \operatorname{tr} C / \mathbf 1' C \mathbf 1)` of the
    weighted covariance matrix; variance by linearisation or replicates, limits on the scale of
    :math:`\log(1 - \alpha)`. Cronbach (1951), *Psychometrika* 16; classical limits Feldt (1965),
    *Psychometrika* 30, and Duhachek & Iacobucci (2004), *Journal of Applied Psychology* 89.
    In R: ``psych::alpha(items)``; weighted, ``psych::alpha(svyvar(~items, design))``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 1, 4, 3, 5], "c": [1, 3, 3, 5, 4]})
    >>> round(alpha(frame, ["a", "b", "c"]).alpha, 4)
    0.9
    """
    check_level(level)
    read = read_items(design, items, missing=missing, where="alpha(items=)")
    covariance = moments(read).covariance
    refuse_no_sum(covariance, read.names)
    function = MatrixFunction(scale_values, scale_gradients, "covariance")
    what = f"Reliability of {len(read.names)} items"
    estimates = estimate_function(read, function, SCALE, what=what, n=read.n)
    off = cov2cor(covariance)[~np.eye(len(covariance), dtype=bool)]
    k, n, point = len(read.names), read.n, float(estimates.point[0])
    feldt, se = feldt_limits(point, n, k, level), classical_error(covariance, n)
    score = scale_scores(read)
    notes = (_classical_note(se, feldt, level), *_reversed_note(covariance, read.names))
    return Alpha(
        estimates,
        read.names,
        level,
        se,
        feldt,
        float(np.median(off)),
        score.mean,
        score.sd,
        notes,
    )


def _classical_note(se: float, feldt: tuple[float, float], level: float) -> str:
    """Say what the interval would be if answers were independent."""
    low, high = (shown(limit, 4) for limit in feldt)
    return (
        f"If rows were independent and equally weighted: alpha has se {shown(se, 4)}, "
        f"{100 * level:g} % limits {low} to {high} (Feldt)."
    )


def _reversed_note(covariance: Floats, names: tuple[str, ...]) -> tuple[str, ...]:
    """Name items that go against the others."""
    against = covariance.sum(axis=0) - np.diag(covariance) < 0
    found = [name for name, bad in zip(names, against, strict=True) if bad]
    return (f"Against the others: {first_five(found)}; recode?",) if found else ()
