"""What a division of R² found, as an object that shows itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.display import as_html, as_text, shown
from survey.errors import SurveyError
from survey.estimates import Estimates
from survey.importance.correlation_input import fewest_rows
from survey.reliability.item_answers import Items
from survey.scores import Floats

Method = Literal["exact", "permutations", "owen", "johnson"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Importance:
    """What each predictor brings to R²; made by `lmg`, `owen` and `johnson`.

    Parameters
    ----------
    value : (K,) float
        Contributions; they sum to R².
    labels : Index
        Predictors; with groups, pairs ``(group, predictor)``.
    r2 : float
        Share of the outcome's variance that all predictors explain.
    n : int
        The fewest rows behind any of the correlations.
    estimates : Estimates or None
        The same with replicate variance; None without replicate weights.
    method : {"exact", "permutations", "owen", "johnson"}
        How the contributions were found.
    monte_carlo_se : (K,) float
        Error of drawing orders rather than taking all; 0 when all were taken.
    seed : int or None
        Seed of the orders drawn.
    level : float
        Confidence level of the limits shown.
    what : str
        Caption.
    notes : tuple of str
        Sentences beneath the table.
    """

    value: Floats
    labels: pd.Index
    r2: float
    n: int
    estimates: Estimates | None
    method: Method
    monte_carlo_se: Floats
    seed: int | None
    level: float
    what: str
    notes: tuple[str, ...] = ()

    @property
    def estimate(self) -> pd.Series:
        """Contributions to R², by predictor."""
        return pd.Series(self.value, index=self.labels, name="estimate")

    @property
    def share(self) -> pd.Series:
        """Contributions as shares of R²; they sum to 1."""
        return pd.Series(self.value / self.r2, index=self.labels, name="share")

    def table(self) -> pd.DataFrame:
        """Columns ``estimate se low high n``, then ``share`` and ``monte_carlo_se``."""
        blank = np.full(len(self.value), np.nan)
        columns: dict[str, npt.ArrayLike] = {"estimate": self.value, "se": blank}
        columns |= {"low": blank, "high": blank}
        if self.estimates is not None:
            limits = self.estimates.confidence_interval(level=self.level, method="mean")
            columns["se"] = self.estimates.se.to_numpy()
            columns |= {name: limits[name].to_numpy() for name in ("low", "high")}
        columns |= {"n": np.full(len(self.value), self.n), "share": self.share.to_numpy()}
        columns["monte_carlo_se"] = self.monte_carlo_se
        return pd.DataFrame(columns, index=self.labels)

    def by_group(self) -> Importance:
        """Sum the contributions of each group; for the Owen value, LMG of the groups.

        Raises
        ------
        SurveyError
            When the predictors are in no groups.
        """
        if not isinstance(self.labels, pd.MultiIndex):
            raise SurveyError(f"{self.what}: there are no groups.", mend="Use survey.owen.")
        level = self.labels.get_level_values(0)
        names = pd.Index(level.unique(), name=self.labels.names[0])
        matrix = (names.to_numpy()[:, None] == level.to_numpy()).astype(np.float64)
        whole = self.estimates
        if whole is not None:
            whole = whole.contrast(matrix, what=whole.what).labelled(names)
        return replace(
            self,
            value=matrix @ self.value,
            labels=names,
            estimates=whole,
            monte_carlo_se=matrix @ self.monte_carlo_se,
        )

    @property
    def caption(self) -> str:
        """What was explained, how much of it, and from how many rows."""
        return f"{self.what}; R² {shown(self.r2, 4)}, {self.n:,} rows"

    def __repr__(self) -> str:
        """Caption, table and notes as text."""
        return as_text(self.caption, self.table(), self.notes)

    def _repr_html_(self) -> str:
        return as_html(self.caption, self.table(), self.notes)


def collect(
    items: Items,
    labels: pd.Index,
    value: Floats,
    estimates: Estimates | None,
    *,
    method: Method,
    level: float,
    error: Floats | None = None,
    seed: int | None = None,
    notes: tuple[str, ...] = (),
) -> Importance:
    """Put a result together."""
    names = {"owen": "Owen importance", "johnson": "Relative weights"}
    if estimates is None:
        notes = (*notes, "Standard errors need a design with replicate weights.")
    return Importance(
        value=value,
        labels=labels,
        r2=float(value.sum()),
        n=fewest_rows(items),
        estimates=estimates,
        method=method,
        monte_carlo_se=np.zeros_like(value) if error is None else error,
        seed=seed,
        level=level,
        what=f"{names.get(method, 'LMG importance')} for {items.names[-1]}",
        notes=notes,
    )
