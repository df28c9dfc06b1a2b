"""A vector of estimates together with what its variance is made of.

From one `Estimates` follow, by plain matrix algebra and with nothing recomputed from rows: the
covariance, standard errors, degrees of freedom, design effects, intervals, and any contrast or
smooth function of the estimates, also across two samples that share PSUs
(`survey.stacking.stack`).

Over 300 lines: one class, and mostly documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.contrast_matrices import Contrasts, contrast_matrix
from survey.display import as_html, as_text, listed
from survey.intervals import AtEnds, IntervalMethod, check_level
from survey.intervals.interval_choice import Admitting, admitted_limits
from survey.intervals.share_limits import Shares
from survey.row_counts import KnownCounts, RowCounts
from survey.samples import (
    Part,
    covariance,
    degrees_of_freedom,
    shared_units,
    simple_random_variance,
    variance,
)
from survey.scores import Floats

#: Limits that an estimate brings with it, from a level and degrees of freedom of shape (K,).
OwnLimits = Callable[[float, Floats], tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Estimates:
    """Estimates with their scores by PSU.

    Made by `survey.mean`, `survey.total`, `survey.proportion`, `survey.ratio`, `stack` and
    `contrast`; seldom by hand.

    Parameters
    ----------
    point : (K,) float
        The estimates.
    labels : Index
        Their labels, item slowest and domain fastest.
    parts : tuple of Part
        Standardised scores of each sample.
    counts : RowCounts
        Rows behind each estimate, unweighted.
    what : str
        What was estimated; the caption of every table.
    bounds : (low, high) or None
        Range of the estimate where it has one (0 to 1 for a share), for logit intervals.
    single_share : bool
        Whether each estimate is the share of one item, for which exact limits exist at 0 and 1.
    population : str or None
        What the estimates speak of.
    size_known : bool
        Whether the weights add up to the size of the population.
    notes : tuple of str
        Sentences printed beneath the table.
    relative_weight : (K,) float or None
        Mean weight of the valid rows over that of all rows of the domain; 1 where not given.
    logit_se : callable or None
        Gives standard errors of the shares' logits, shape (K,), where they do not follow from
        those of the shares (replicates).
    own_limits : callable or None
        Limits that these estimates bring with them, as quantiles do.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2, 3, 3], "y": [1.0, 2, 3, 4, 5, 6]})
    >>> survey.mean(survey.Design(frame, psu="psu"), "y")
    Mean of y; 3 PSUs, 1 stratum
       estimate      se      low    high  n
    y    3.5000  1.1547  -1.4683  8.4683  6
    """

    point: Floats
    labels: pd.Index
    parts: tuple[Part, ...]
    counts: RowCounts
    what: str
    bounds: tuple[float, float] | None = None
    single_share: bool = False
    population: str | None = None
    size_known: bool = True
    notes: tuple[str, ...] = ()
    relative_weight: Floats | None = None
    logit_se: Callable[[], Floats] | None = None
    own_limits: OwnLimits | None = None

    # -- what the vector says -------------------------------------------------------------

    @property
    def estimate(self) -> pd.Series:
        """The estimates, by label."""
        return pd.Series(self.point, index=self.labels, name="estimate")

    @property
    def se(self) -> pd.Series:
        """Standard errors, by label; missing where the estimate is."""
        se = np.where(np.isnan(self.point), np.nan, np.sqrt(variance(self.parts)))
        return pd.Series(se, index=self.labels, name="se")

    @property
    def covariance(self) -> pd.DataFrame:
        """Covariance matrix of the estimates. In R: ``vcov(m)``."""
        return pd.DataFrame(covariance(self.parts), index=self.labels, columns=self.labels)

    @property
    def df(self) -> pd.Series:
        """Degrees of freedom: PSUs that hold the domain less their strata.

        Across samples as `survey.samples` describes.
        """
        return pd.Series(degrees_of_freedom(self.parts), index=self.labels, name="df")

    @property
    def n(self) -> pd.Series:
        """Valid rows behind each estimate, unweighted; missing where that has no meaning."""
        return pd.Series(self.counts.valid, index=self.labels, name="n")

    @property
    def cv(self) -> pd.Series:
        """Coefficient of variation, standard error over estimate. In R: ``cv(m)``."""
        return pd.Series(self.se / self.estimate, name="cv")

    @property
    def missing(self) -> pd.Series:
        """Rows of the domain without a valid answer."""
        return pd.Series(self.counts.missing, index=self.labels, name="missing")

    @property
    def deff(self) -> pd.Series:
        """Design effect: variance over that of a simple random sample of as many rows.

        The simple random sample is drawn without replacement from a population of the size that
        the weights add up to; without weights that size is not known, and it is drawn with
        replacement. Kish (1965), *Survey Sampling*. In R: ``deff = TRUE``.
        """
        return self.design_effect(replacement=not self.size_known)

    def design_effect(self, *, replacement: bool) -> pd.Series:
        """Design effect against simple random sampling with or without replacement.

        In R: ``deff = "replace"`` and ``deff = TRUE``.
        """
        simple = simple_random_variance(self.parts, replacement=replacement)
        with np.errstate(divide="ignore", invalid="ignore"):
            return pd.Series(variance(self.parts) / simple, index=self.labels, name="deff")

    @property
    def shared_psus(self) -> int:
        """PSUs that more than one of the samples holds; 0 for one sample."""
        return shared_units(self.parts) if len(self.parts) > 1 else 0

    # -- intervals and tables -------------------------------------------------------------

    def confidence_interval(
        self,
        *,
        level: float = 0.95,
        method: IntervalMethod | None = None,
        df: npt.ArrayLike | None = None,
        at_ends: AtEnds = "exact",
    ) -> pd.DataFrame:
        """Confidence limits of each estimate.

        Parameters
        ----------
        level : float
            Confidence, between 0 and 1.
        method : str, optional
            ``"logit"`` where the estimate has a range, ``"mean"`` (t times the standard error)
            where it has none; quantiles have limits of their own. The share of one item, which
            has an effective number of answers, can also have ``"beta"`` (Korn and Graubard),
            ``"likelihood"``, ``"asin"``, ``"wilson"`` and ``"xlogit"``, which differs from
            ``"logit"`` on replicates only: it takes the standard error of the logit from that of
            the share, ``"logit"`` from the logits of the replicates.
        df : float or (K,) float, optional
            Use these degrees of freedom instead of each domain's own; infinite for normal limits.
        at_ends : {"exact", "formula"}
            A share of exactly 0 or 1 has exact limits for as many independent answers, whatever
            the method: its standard error is 0, and no formula tells the width. ``"formula"``
            gives what R gives there: a width of zero for ``"logit"`` and ``"mean"``, nothing for
            the other methods. An index at the end of its range has no limits.

        Returns
        -------
        DataFrame
            Columns ``low`` and ``high``.

        Raises
        ------
        SurveyError
            Unknown method, a level outside (0, 1), or a method that the estimate does not admit.

        Notes
        -----
        Formulas are in `survey.intervals` and `survey.intervals.share_limits`.
        In R: ``confint(m, df = degf(design))``, ``svyciprop(~y, design, method = )``.

        Examples
        --------
        >>> import pandas as pd, survey
        >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2, 3, 3], "y": [1, 0, 1, 1, 0, 1]})
        >>> share = survey.proportion(survey.Design(frame, psu="psu"), "y", event=(1,))
        >>> share.confidence_interval(method="beta").round(3)
             low   high
        y  0.086  0.993
        """
        given = degrees_of_freedom(self.parts) if df is None else np.asarray(df, dtype=np.float64)
        own = np.broadcast_to(given, self.point.shape)
        if method is None and self.own_limits is not None:
            low, high = self.own_limits(check_level(level), own)
        else:
            low, high = admitted_limits(self._admitting(own), method, level, at_ends)
        return pd.DataFrame({"low": low, "high": high}, index=self.labels)

    def _admitting(self, df: Floats) -> Admitting:
        """Gather what the choice of an interval depends on."""
        se = self.se.to_numpy()
        if not self.single_share:
            return Admitting(self.what, self.point, se, df, self.bounds)
        weight = np.ones(len(self)) if self.relative_weight is None else self.relative_weight
        n = self.counts.valid
        shares = Shares(self.point, se, df, n, n + self.counts.missing, weight, self.logit_se)
        return Admitting(self.what, self.point, se, df, self.bounds, shares)

    def table(
        self,
        *,
        level: float = 0.95,
        method: IntervalMethod | None = None,
        deff: bool = False,
        df: bool = False,
    ) -> pd.DataFrame:
        """Estimates, standard errors, limits and n, in full precision.

        Parameters
        ----------
        level, method
            As in `confidence_interval`.
        deff, df : bool
            Add the design effect, the degrees of freedom.

        Returns
        -------
        DataFrame
            Columns ``estimate se low high n``, then ``deff`` and ``df`` when asked.
        """
        limits = self.confidence_interval(level=check_level(level), method=method)
        table = pd.DataFrame({"estimate": self.estimate, "se": self.se, **limits, "n": self.n})
        if deff:
            table["deff"] = self.deff
        if df:
            table["df"] = self.df
        return table

    @property
    def caption(self) -> str:
        """What was estimated, from how many PSUs, and of what it speaks."""
        speaks = f"; {self.population}" if self.population else ""
        return f"{self.what}; {_counted(self.parts)}{speaks}"

    def __repr__(self) -> str:
        """Caption, table and notes as text."""
        return as_text(self.caption, self.table(), self.notes)

    def _repr_html_(self) -> str:
        return as_html(self.caption, self.table(), self.notes)

    def __len__(self) -> int:
        """Return the number of estimates."""
        return len(self.point)

    # -- combinations ---------------------------------------------------------------------

    def contrast(self, contrasts: Contrasts, *, what: str = "Contrast") -> Estimates:
        """Form linear combinations, with their full covariance.

        Parameters
        ----------
        contrasts : mapping or matrix
            ``{"girls − boys": {"F": 1, "M": -1}}`` with the labels of this result, a DataFrame
            with those labels as columns, or a matrix of shape (R, K).
        what : str
            Caption of the result.

        Returns
        -------
        Estimates

        Raises
        ------
        SurveyError
            For a label that is not there, or a matrix that does not fit.

        Notes
        -----
        In R: ``svycontrast(m, list(...))``.

        Examples
        --------
        >>> import pandas as pd, survey
        >>> frame = pd.DataFrame({"sex": ["F", "M"] * 3, "psu": [1, 1, 2, 2, 3, 3],
        ...                       "y": [1.0, 2, 3, 4, 5, 9]})
        >>> means = survey.mean(survey.Design(frame, psu="psu"), "y", by="sex")
        >>> means.contrast({"F − M": {"F": 1, "M": -1}}).estimate
        F − M   -2.0
        Name: estimate, dtype: float64
        """
        matrix, labels = contrast_matrix(contrasts, self.labels)
        terms = np.where(matrix == 0, 0.0, matrix * self.point)  # 0 times missing is nothing
        return self.smooth(terms.sum(axis=1), matrix, labels, what=what)

    def smooth(
        self,
        value: Floats,
        jacobian: Floats,
        labels: pd.Index,
        *,
        what: str,
        bounds: tuple[float, float] | None = None,
    ) -> Estimates:
        """Carry the scores over to a smooth function of the estimates (delta method).

        Parameters
        ----------
        value : (R,) float
            The function's value at these estimates.
        jacobian : (R, K) float
            Its derivatives there.
        labels : Index
            Labels of the results.
        what : str
            Caption.
        bounds : (low, high), optional
            Range of the results.

        Returns
        -------
        Estimates

        Notes
        -----
        Variance :math:`J V J'`; Särndal et al. (1992), section 5.5. In R: ``svycontrast`` with a
        quoted expression.
        """
        parts = tuple(part.mapped(jacobian) for part in self.parts)
        unknown = np.full(len(value), np.nan)
        return Estimates(
            point=np.asarray(value, dtype=np.float64),
            labels=labels,
            parts=parts,
            counts=KnownCounts(unknown, unknown),
            what=what,
            bounds=bounds,
            population=self.population,
            size_known=self.size_known,
            notes=self.notes,
        )

    def pick(self, positions: Sequence[int] | npt.NDArray[np.int64]) -> Estimates:
        """Keep some of the estimates, by position."""
        places = np.asarray(positions, dtype=np.int64)
        matrix = np.eye(len(self))[places]
        kept = self.smooth(self.point[places], matrix, self.labels[places], what=self.what)
        weight, logit_se, limits = self.relative_weight, self.logit_se, self.own_limits
        return replace(
            kept,
            counts=KnownCounts(self.counts.valid[places], self.counts.missing[places]),
            bounds=self.bounds,
            single_share=self.single_share,
            relative_weight=None if weight is None else weight[places],
            logit_se=None if logit_se is None else partial(_some, logit_se, places),
            own_limits=None if limits is None else partial(_picked, limits, places, len(self)),
        )

    def labelled(self, labels: pd.Index, *, what: str | None = None) -> Estimates:
        """Return the same estimates under other labels."""
        return replace(self, labels=labels, what=what or self.what)


def _some(values: Callable[[], Floats], places: npt.NDArray[np.int64]) -> Floats:
    """Values of some of the estimates."""
    return values()[places]


def _picked(
    limits: OwnLimits, places: npt.NDArray[np.int64], size: int, level: float, df: Floats
) -> tuple[Floats, Floats]:
    """Limits of some of the estimates."""
    all_df = np.full(size, np.nan)
    all_df[places] = df
    low, high = limits(level, all_df)
    return low[places], high[places]


def _counted(parts: Sequence[Part]) -> str:
    """Count PSUs and strata in words, sample by sample."""
    counts = [
        listed({"PSU": len(p.sample.stratum), "stratum": len(np.unique(p.sample.stratum))})
        for p in parts
    ]
    return " and ".join(counts)
