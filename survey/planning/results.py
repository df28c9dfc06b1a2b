"""What planning found, as objects that show themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.display import as_html, as_text, shown
from survey.estimates import Estimates
from survey.scores import Floats


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class VarianceComponents:
    """Variance between clusters and within, item by item; made by `variance_components`.

    Parameters
    ----------
    variance : (J, S + 1) float
        Components of each stage of clusters, then of rows; negative where they came out so.
    take : (J, S + 1) float
        Units of each stage in one of the stage before, of the equal design that has the same
        variance; the last are rows.
    stages : tuple of str
        Names of the S stages.
    estimates : survey.Estimates
        Means of the items, with the standard errors of the design.
    weighting : (J,) float
        Factor by which unequal weights raise every variance.
    """

    variance: Floats
    take: Floats
    stages: tuple[str, ...]
    estimates: Estimates
    weighting: Floats

    @property
    def sd(self) -> pd.Series:
        """Standard deviation of one answer within strata."""
        return pd.Series(
            np.sqrt(self.variance.sum(axis=1).clip(min=0.0)),
            index=self.estimates.labels,
            name="sd",
        )

    @property
    def icc(self) -> pd.DataFrame:
        """Intraclass correlation of each stage, as estimated: it can be below zero."""
        whole = self.variance.sum(axis=1, keepdims=True)
        share = self.variance[:, :-1] / np.where(whole > 0, whole, np.nan)
        return pd.DataFrame(share, index=self.estimates.labels, columns=list(self.stages))

    @property
    def roh(self) -> pd.Series:
        """Rate of homogeneity: what the design effect says of the first-stage units."""
        size = np.prod(self.take[:, 1:], axis=1)
        roh = (self.estimates.deff.to_numpy() / self.weighting - 1.0) / (size - 1.0)
        return pd.Series(roh, index=self.estimates.labels, name="roh")

    def table(self) -> pd.DataFrame:
        """List every item.

        Returns
        -------
        DataFrame
            Columns ``estimate se n deff df sd``, then ``icc_…`` of each stage, at least 0, and
            ``roh``.
        """
        between = {f"icc_{name}": self.icc[name].clip(lower=0.0) for name in self.stages}
        own = {name: getattr(self.estimates, name) for name in ("estimate", "se", "n", "deff")}
        return pd.DataFrame(
            {**own, "df": self.estimates.df, "sd": self.sd, **between, "roh": self.roh}
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What is shown otherwise than it was estimated."""
        below = int((self.icc < 0).to_numpy().sum())
        return (f"{below} ICC estimated below 0, shown as 0.",) if below else ()

    @property
    def caption(self) -> str:
        """What was measured."""
        return f"Variance between {', '.join(self.stages)}; {self.estimates.caption}"

    def __repr__(self) -> str:
        """Caption, table and notes as text."""
        return as_text(self.caption, self.table(), self.notes)

    def _repr_html_(self) -> str:
        return as_html(self.caption, self.table(), self.notes)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DetectableChange:
    """What a change must be for a design to see it; made by `detectable_change`.

    Parameters
    ----------
    values : DataFrame
        A row for each item; columns ``se n deff df margin mdc mde``.
    power, level : float
        Chance of seeing a change of ``mde``; confidence of intervals and tests.
    what : str
        The designs of both years, in words.
    """

    values: pd.DataFrame
    power: float
    level: float
    what: str

    def table(self) -> pd.DataFrame:
        """List every item.

        Returns
        -------
        DataFrame
            ``se``, standard error of the change; ``n``, rows of the later year; ``deff``, its
            design effect against as many rows of the same strata; ``df`` of the change;
            ``margin``, half the width of the later year's interval; ``mdc``, the least observed
            change that is significant; ``mde``, the least true change seen with the power.
        """
        return self.values.copy()

    @property
    def caption(self) -> str:
        """The designs, power and level."""
        return f"Detectable change, {self.what}; power {self.power:g}, level {self.level:g}"

    def __repr__(self) -> str:
        """Caption and table as text."""
        return as_text(self.caption, self.values)

    def _repr_html_(self) -> str:
        return as_html(self.caption, self.values)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SampleSizes:
    """Designs that see a change, or keep a margin; made by `sample_size`.

    Parameters
    ----------
    values : DataFrame
        A row for each design, the cheapest first (the smallest, without costs).
    largest : Series
        The largest design within the limits, whether it does or not.
    asked : str
        What was asked of the designs, in words.
    """

    values: pd.DataFrame
    largest: pd.Series
    asked: str

    @property
    def found(self) -> bool:
        """Whether any design within the limits does what was asked."""
        return not self.values.empty

    def table(self) -> pd.DataFrame:
        """List the designs.

        Returns
        -------
        DataFrame
            Units of each stage in one of the stage before; ``se`` of what was asked about (the
            change, or with ``margin`` the level), ``n`` rows in all, ``deff``, its ``df``;
            ``margin``, half the width of a level's interval; ``mdc`` and ``mde`` of a change, and
            the ``power`` to see the one asked about (missing for a level); ``cost``.
        """
        return self.values.copy()

    @property
    def notes(self) -> tuple[str, ...]:
        """How many designs there are, or how far the largest is from doing."""
        if self.found:
            return (f"{len(self.values)} designs; the last stage is the least that does.",)
        known = self.largest.dropna()
        reached = ", ".join(f"{name} {value:.4g}" for name, value in known.items())
        return (f"No design within the limits does. The largest: {reached}.",)

    @property
    def caption(self) -> str:
        """What was asked."""
        return f"Designs for {self.asked}"

    def _shown(self) -> pd.DataFrame:
        """Write the first ten designs, numbers of units and costs as whole numbers."""
        first = self.values.head(10)
        stages = first.columns[: list(first.columns).index("se")]
        written = {name: [shown(cell, 0) for cell in first[name]] for name in (*stages, "cost")}
        return first.assign(**written)

    def __repr__(self) -> str:
        """Caption, the first ten designs and notes as text."""
        if not self.found:
            return "\n".join((self.caption, *self.notes))
        return as_text(self.caption, self._shown(), self.notes)

    def _repr_html_(self) -> str:
        return as_html(self.caption, self._shown(), self.notes)
