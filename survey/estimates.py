"""A vector of estimates together with what its variance is made of.

From one `Estimates` follow, by plain matrix algebra and with nothing recomputed from rows: the
covariance, standard errors, degrees of freedom, design effects, intervals, and any contrast or
smooth function of the estimates, also across two samples that share PSUs (`stack`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.display import as_html, as_text, listed
from survey.errors import SurveyError, did_you_mean, require_option
from survey.intervals import (
    IntervalMethod,
    check_level,
    exact_limits,
    logit_limits,
    mean_limits,
)
from survey.samples import (
    Part,
    covariance,
    degrees_of_freedom,
    merge,
    shared_units,
    simple_random_variance,
    variance,
)
from survey.scores import Floats

Contrasts = Mapping[str, Mapping[object, float]] | npt.ArrayLike | pd.DataFrame


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
    size : (K,) float
        Valid rows behind each estimate, unweighted; missing where that has no meaning.
    missing_rows : (K,) float
        Rows of the domain without a valid answer.
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
    size: Floats
    missing_rows: Floats
    what: str
    bounds: tuple[float, float] | None = None
    single_share: bool = False
    population: str | None = None
    size_known: bool = True
    notes: tuple[str, ...] = ()

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
        """Valid rows behind each estimate, unweighted."""
        return pd.Series(self.size, index=self.labels, name="n")

    @property
    def missing(self) -> pd.Series:
        """Rows of the domain without a valid answer."""
        return pd.Series(self.missing_rows, index=self.labels, name="missing")

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
    ) -> pd.DataFrame:
        """Confidence limits of each estimate.

        Parameters
        ----------
        level : float
            Confidence, between 0 and 1.
        method : {"logit", "mean"}, optional
            ``"logit"`` where the estimate has a range, ``"mean"`` (t times the standard error)
            where it has none. At 0 and 1 a share has exact limits; an index has none.
        df : float or (K,) float, optional
            Use these degrees of freedom instead of each domain's own; infinite for normal limits.

        Returns
        -------
        DataFrame
            Columns ``low`` and ``high``.

        Raises
        ------
        SurveyError
            Unknown method, a level outside (0, 1), or logit limits of an unbounded estimate.

        Notes
        -----
        In R: ``confint(m, df = degf(design))``, ``svyciprop(method = "logit")``.
        """
        chosen = method or ("mean" if self.bounds is None else "logit")
        require_option(chosen, ("logit", "mean"), where="confidence_interval(method=)")
        given = degrees_of_freedom(self.parts) if df is None else np.asarray(df, dtype=np.float64)
        own = np.broadcast_to(given, self.point.shape)
        low, high = self._limits(chosen, self.se.to_numpy(), own, level)
        return pd.DataFrame({"low": low, "high": high}, index=self.labels)

    def _limits(
        self, method: IntervalMethod, se: Floats, df: Floats, level: float
    ) -> tuple[Floats, Floats]:
        if method == "mean":
            return mean_limits(self.point, se, df, level)
        if self.bounds is None:
            raise SurveyError(
                f"{self.what}: logit limits need a range, and this estimate has none.",
                mend="Use method='mean'.",
            )
        low, high = logit_limits(self.point, se, df, level, self.bounds)
        edge = np.isin(self.point, self.bounds)
        if self.single_share and edge.any():
            exact = exact_limits(self.point, np.maximum(self.size, 1.0), level)
            low, high = np.where(edge, exact[0], low), np.where(edge, exact[1], high)
        return low, high

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
        matrix, labels = self._matrix(contrasts)
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
            size=unknown,
            missing_rows=unknown,
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
        return replace(
            kept,
            size=self.size[places],
            missing_rows=self.missing_rows[places],
            bounds=self.bounds,
            single_share=self.single_share,
        )

    def _matrix(self, contrasts: Contrasts) -> tuple[Floats, pd.Index]:
        """Read contrasts as a matrix (R, K) and the labels of its rows."""
        if isinstance(contrasts, Mapping):
            return self._named(contrasts), pd.Index(list(contrasts))
        if isinstance(contrasts, pd.DataFrame):
            rows = {str(name): dict(row) for name, row in contrasts.iterrows()}
            return self._named(rows), contrasts.index
        matrix = np.atleast_2d(np.asarray(contrasts, dtype=np.float64))
        if matrix.shape[1] != len(self):
            raise SurveyError(
                f"contrast: the matrix has {matrix.shape[1]} columns for {len(self)} estimates.",
                mend="Give one column for each row of .table(), in its order.",
            )
        return matrix, pd.RangeIndex(len(matrix))

    def _named(self, contrasts: Mapping[str, Mapping[object, float]]) -> Floats:
        """Place named coefficients in the columns of their labels."""
        place = {label: k for k, label in enumerate(self.labels)}
        matrix = np.zeros((len(contrasts), len(self)))
        for row, (name, terms) in enumerate(contrasts.items()):
            for label, coefficient in terms.items():
                if label not in place:
                    raise SurveyError(
                        f"contrast {name!r}: no estimate labelled {label!r}.",
                        mend=did_you_mean(label, place),
                    )
                matrix[row, place[label]] += coefficient
        return matrix

    def labelled(self, labels: pd.Index, *, what: str | None = None) -> Estimates:
        """Return the same estimates under other labels."""
        return replace(self, labels=labels, what=what or self.what)


def stack(
    *estimates: Estimates, keys: Sequence[str] | None = None, paired: bool = True
) -> Estimates:
    """Join results into one vector that keeps the covariance between them.

    Parameters
    ----------
    *estimates : Estimates
        Results of the same sample or of different ones.
    keys : sequence of str, optional
        A first level for the labels, one for each result.
    paired : bool
        Match the PSUs of different samples by name. False declares the samples independent.

    Returns
    -------
    Estimates
        Labels are those of the parts, beneath ``keys`` when given.

    Raises
    ------
    SurveyError
        When labels occur twice and no keys were given.

    Notes
    -----
    Each sample keeps its own standard errors; the covariance is the cross-product of the
    standardised scores over the PSUs that both hold. See `survey.samples`. In R both years would
    be stacked by hand in one ``svydesign``, which agrees where all PSUs are in both.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> first = pd.DataFrame({"psu": ["a", "b", "c"], "y": [1.0, 2.0, 3.0]})
    >>> then = pd.DataFrame({"psu": ["a", "b", "c"], "y": [2.0, 3.0, 4.0]})
    >>> years = [survey.mean(survey.Design(d, psu="psu"), "y") for d in (first, then)]
    >>> both = survey.stack(*years, keys=["first", "then"])
    >>> both.contrast({"change": {("then", "y"): 1, ("first", "y"): -1}}).table()
            estimate   se  low  high   n
    change       1.0  0.0  1.0   1.0 NaN
    """
    labels = _stacked_labels(estimates, keys)
    total = len(labels)
    parts: list[Part] = []
    start = 0
    for result in estimates:
        place = np.zeros((total, len(result)))
        place[start + np.arange(len(result)), np.arange(len(result))] = 1.0
        start += len(result)
        parts.extend(part.mapped(place) for part in result.parts)
    merged = merge(parts)
    if not paired:
        merged = tuple(replace(p, sample=replace(p.sample, names=None)) for p in merged)
    first = estimates[0]
    return Estimates(
        point=np.concatenate([result.point for result in estimates]),
        labels=labels,
        parts=merged,
        size=np.concatenate([result.size for result in estimates]),
        missing_rows=np.concatenate([result.missing_rows for result in estimates]),
        what=" and ".join(dict.fromkeys(result.what for result in estimates)),
        bounds=first.bounds if len({result.bounds for result in estimates}) == 1 else None,
        single_share=all(result.single_share for result in estimates),
        population="; ".join(dict.fromkeys(r.population for r in estimates if r.population)),
        size_known=all(result.size_known for result in estimates),
        notes=tuple(dict.fromkeys(note for result in estimates for note in result.notes)),
    )


def _stacked_labels(estimates: Sequence[Estimates], keys: Sequence[str] | None) -> pd.Index:
    """Labels one after the other, beneath the keys when there are any."""
    if not estimates:
        raise SurveyError("stack: nothing to stack.", mend="Pass at least one result.")
    if keys is not None and len(keys) != len(estimates):
        raise SurveyError(
            f"stack(keys=): {len(keys)} keys for {len(estimates)} results.", mend="Give one each."
        )
    pieces = [
        label if keys is None else (keys[k], *_as_tuple(label))
        for k, result in enumerate(estimates)
        for label in result.labels
    ]
    labels = pd.Index(pieces)
    if not labels.is_unique:
        twice = labels[labels.duplicated()][0]
        raise SurveyError(
            f"stack: the label {twice!r} occurs twice.", mend="Pass keys=, one for each result."
        )
    return cast(pd.Index, labels)


def _as_tuple(label: object) -> tuple[object, ...]:
    return label if isinstance(label, tuple) else (label,)


def _counted(parts: Sequence[Part]) -> str:
    """Count PSUs and strata in words, sample by sample."""
    counts = [
        listed({"PSU": len(p.sample.stratum), "stratum": len(np.unique(p.sample.stratum))})
        for p in parts
    ]
    return " and ".join(counts)
