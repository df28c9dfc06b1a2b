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
from survey.importance.replicate_errors import estimated
from survey.importance.telling_apart import pair_differences, tiers_of
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
    replicates : (R, K) float or None
        The contributions in every replicate; missing in one that had none.
    drawing : (K, K) float
        Covariance of the error of drawing orders rather than taking all; 0 when all were taken.
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
    replicates: Floats | None
    method: Method
    drawing: Floats
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

    @property
    def monte_carlo_se(self) -> Floats:
        """Error of drawing orders rather than taking all, (K,); 0 when all were taken."""
        return np.sqrt(np.diag(self.drawing))

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
            replicates=None if self.replicates is None else self.replicates @ matrix.T,
            drawing=matrix @ self.drawing @ matrix.T,
        )

    def differences(self) -> pd.DataFrame:
        """Test for every two predictors whether one is more important.

        Returns
        -------
        DataFrame
            Index ``(higher, lower)``, by falling importance; columns ``estimate se low high n df
            p p_adjusted`` (Holm's adjustment for all pairs) and ``monte_carlo_se``. Limits are of
            each pair on its own, at the level of this result.

        Raises
        ------
        SurveyError
            Without replicate weights, or for a single predictor.

        Notes
        -----
        Standard errors hold the covariance of the two, which replicates share. In R:
        ``relaimpo::boot.relimp(diff = TRUE)``.
        """
        if self.estimates is None or len(self.value) < 2:
            raise SurveyError(
                f"{self.what}: {'one predictor' if self.estimates else 'no replicate weights'}, "
                "so there are no differences to test.",
                mend="Pass two predictors or more, and survey.as_replicates(design, …).",
            )
        names = self.labels.get_level_values(-1)
        return pair_differences(self.estimates, self.drawing, names, self.level)

    def tiers(self) -> pd.DataFrame:
        """Group predictors whose importances cannot be told apart.

        Returns
        -------
        DataFrame
            By falling importance; columns ``tier`` (A, B, …), ``rank_low rank_high`` (the ranks
            that each can have) and ``estimate se share``.

        Raises
        ------
        SurveyError
            As `differences`.

        Notes
        -----
        Two importances are told apart when the Holm-adjusted p of their difference is below
        1 − level. From the top downwards, a predictor opens a new tier when it is told apart from
        any member of the current one: no two of a tier are told apart, and neighbours in two
        tiers need not be.

        Examples
        --------
        >>> import numpy as np, pandas as pd, survey
        >>> rng = np.random.default_rng(3)
        >>> frame = pd.DataFrame(rng.normal(size=(400, 3)), columns=["a", "b", "c"])
        >>> frame = frame.assign(y=frame["a"] + frame["b"] + rng.normal(size=400))
        >>> frame = frame.assign(psu=np.arange(400) % 40)
        >>> design = survey.as_replicates(survey.Design(frame, psu="psu"), "JK1")
        >>> survey.lmg(design, "y", ["a", "b", "c"]).tiers()[["tier", "rank_low", "rank_high"]]
                  tier  rank_low  rank_high
        predictor
        a            A         1          2
        b            A         1          2
        c            B         3          3
        """
        apart = (self.differences()["p_adjusted"] < 1.0 - self.level).to_numpy()
        made = tiers_of(self.value, apart)
        rest = self.table()[["estimate", "se", "share"]].iloc[made.index]
        return made.set_axis(rest.index).join(rest)

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
    replicates: Floats | None,
    *,
    method: Method,
    level: float,
    drawing: Floats | None = None,
    seed: int | None = None,
    notes: tuple[str, ...] = (),
) -> Importance:
    """Put a result together from its value, (K,), and that of every replicate, (R, K)."""
    names = {"owen": "Owen importance", "johnson": "Relative weights"}
    estimates = None if replicates is None else estimated(items, labels, value, replicates)
    said = ("Standard errors need a design with replicate weights.",)
    return Importance(
        value=value,
        labels=labels,
        r2=float(value.sum()),
        n=fewest_rows(items),
        estimates=estimates,
        replicates=replicates,
        method=method,
        drawing=np.zeros((len(value), len(value))) if drawing is None else drawing,
        seed=seed,
        level=level,
        what=f"{names.get(method, 'LMG importance')} for {items.names[-1]}",
        notes=(*notes, *(said if estimates is None else estimates.notes)),
    )
