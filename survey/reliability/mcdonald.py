"""McDonald's omega of a scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import get_args

import numpy as np
import pandas as pd

from survey.design import Design
from survey.display import as_html, as_text
from survey.errors import SurveyError, first_five, require_option
from survey.estimates import Estimates
from survey.intervals import check_level
from survey.reliability.coefficient_estimates import MatrixFunction, estimate_function
from survey.reliability.coefficient_tables import coefficient_table, limits_below_one
from survey.reliability.factor_fit import UNIQUE, Fit
from survey.reliability.general_factor import Solution, solve_factors
from survey.reliability.item_answers import Items, Pairing, Source, read_items
from survey.reliability.omega_coefficients import omega_gradients, omega_values
from survey.reliability.scale_coefficients import raw_alpha, squared_multiple
from survey.reliability.second_moments import moments
from survey.scores import Floats


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Omega:
    """Reliability from a factor model; made by `omega`.

    Parameters
    ----------
    estimates : Estimates
        ``omega total``; with several factors also ``omega hierarchical``.
    loadings : DataFrame
        One row an item: loading on the general factor, on each group factor, communality, and
        −1 for an item that was turned round.
    level : float
        Confidence level of the limits shown.
    standardised_alpha, lambda_6 : float
        Of the same correlations, items turned round where they load negatively.
    model_total : float
        Omega total with the variance that the model implies in the place of the observed one.
    notes : tuple of str
        Sentences beneath the table.
    """

    estimates: Estimates
    loadings: pd.DataFrame
    level: float
    standardised_alpha: float
    lambda_6: float
    model_total: float
    notes: tuple[str, ...] = field(default=())

    @property
    def total(self) -> float:
        """Omega total."""
        return float(self.estimates.point[0])

    @property
    def hierarchical(self) -> float:
        """Omega hierarchical; missing with one factor, where it has no meaning."""
        return float(self.estimates.point[1]) if len(self.estimates) > 1 else float("nan")

    @property
    def limit(self) -> float:
        """Omega of an endless scale: hierarchical over total."""
        return self.hierarchical / self.total

    @property
    def explained_common(self) -> float:
        """Share of the common variance that the general factor explains."""
        squares = self.loadings.drop(columns=["communality", "key"]) ** 2
        return float(squares["general"].sum() / squares.to_numpy().sum())

    def table(self) -> pd.DataFrame:
        """Columns ``estimate se low high n``."""
        return coefficient_table(self.estimates, limits_below_one(self.estimates, self.level))

    def __repr__(self) -> str:
        """Caption, table and notes as text."""
        return as_text(self.estimates.caption, self.table(), self.notes)

    def _repr_html_(self) -> str:
        return as_html(self.estimates.caption, self.table(), self.notes)


def omega(
    design: Source,
    items: Sequence[str],
    *,
    factors: int = 1,
    fit: Fit = "minres",
    level: float = 0.95,
    missing: Pairing = "pairwise",
) -> Omega:
    r"""Estimate McDonald's omega of a scale.

    Parameters
    ----------
    design, items, level, missing
        As in `alpha`. Items that load negatively are turned round, and a note says which.
    factors : int
        Factors of the model. With two or more they are rotated (oblimin) and a general factor is
        taken out of them (Schmid–Leiman), which gives omega hierarchical.
    fit : {"minres", "ml"}
        Least squared residuals off the diagonal, or normal maximum likelihood.

    Returns
    -------
    Omega
        The standard error of omega total is design-based; that of omega hierarchical needs a
        design with replicate weights.

    Raises
    ------
    SurveyError
        As `alpha`; also for more factors than the items can tell.

    Notes
    -----
    :math:`\omega_t = 1 - \sum u_i^2 / \mathbf 1' R \mathbf 1` with the uniquenesses :math:`u^2`,
    :math:`\omega_h = (\sum g_i)^2 / \mathbf 1' R \mathbf 1` with the general loadings. McDonald
    (1999), *Test Theory*; Zinbarg et al. (2005), *Psychometrika* 70, 123–133.
    In R: ``psych::omega(items, nfactors = 1, fm = "minres")``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1, 2, 3, 4, 5, 3], "b": [2, 1, 4, 3, 5, 2],
    ...                       "c": [1, 3, 3, 5, 4, 1]})
    >>> round(omega(frame, ["a", "b", "c"]).total, 4)
    0.8628
    """
    check_level(level)
    require_option(fit, get_args(Fit), where="omega(fit=)")
    read = read_items(design, items, missing=missing, where="omega(items=)")
    r = moments(read).correlation
    _refuse_factors(factors, len(r))
    solution = solve_factors(r, factors, fit)
    function = MatrixFunction(
        partial(omega_values, factors=factors, fit=fit, near=solution),
        partial(omega_gradients, factors=factors, fit=fit, near=solution),
        "correlation",
    )
    labels = pd.Index(["omega total", "omega hierarchical"][: min(factors, 2)])
    what = f"Omega of {len(read.names)} items, {factors} factor{'s' * (factors > 1)} by {fit}"
    estimates = estimate_function(read, function, labels, what=what, n=read.n)
    return _with_details(read, r, solution, estimates, level)


def _refuse_factors(factors: int, k: int) -> None:
    """Refuse a model without degrees of freedom."""
    if not factors >= 1 or (k - factors) ** 2 < k + factors:
        raise SurveyError(
            f"omega(factors=): {factors} factors cannot be told from {k} items.",
            mend="One factor needs three items, two need five, three need six.",
        )


def _with_details(
    items: Items, r: Floats, solution: Solution, estimates: Estimates, level: float
) -> Omega:
    """Collect what is shown beside omega."""
    keyed = r * np.outer(solution.key, solution.key)
    columns = {"general": solution.general}
    columns |= {f"group {k + 1}": group for k, group in enumerate(solution.groups.T)}
    columns |= {"communality": solution.communality, "key": solution.key}
    loadings = pd.DataFrame(columns, index=pd.Index(items.names, name="item"))
    unique = (1.0 - solution.communality).sum()
    common = _common_variance(solution)
    turned = [name for name, key in zip(items.names, solution.key, strict=True) if key < 0]
    notes = [f"Turned round: {first_five(turned)}."] if turned else []
    at_bound = [str(name) for name in loadings.index[1.0 - solution.communality <= UNIQUE[0] * 2]]
    if at_bound:
        notes.append(f"Hardly any variance of its own: {first_five(at_bound)} (Heywood case).")
    if isinstance(items.design, Design) and (at_bound or len(estimates) > 1):
        which = "omega" if at_bound else "omega hierarchical"
        notes.append(f"The standard error of {which} needs replicate weights.")
    return Omega(
        estimates,
        loadings,
        level,
        float(raw_alpha(keyed)),
        float(1.0 - (len(r) - squared_multiple(keyed).sum()) / keyed.sum()),
        float(common / (common + unique)),
        tuple(notes),
    )


def _common_variance(solution: Solution) -> float:
    """Variance of the sum of the items that general and group factors bring."""
    parts = np.column_stack([solution.general, solution.groups])
    return float((parts.sum(axis=0) ** 2).sum())
