"""The steps of an index as plain records: one number each, its formula, its counts, its error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

import survey
from sipas.explaining.formulas import Formula
from sipas.sentences import Text


@dataclass(frozen=True, slots=True)
class Precision:
    """How sure an estimate is.

    Parameters
    ----------
    se, low, high : float
        Standard error and confidence limits, in per cent.
    n : float
        Forms with any answer to it.
    df : float
        Degrees of freedom.
    units, strata : int
        First-stage units that hold it, and their strata; replicates and 0 for replicate weights.
    """

    se: float
    low: float
    high: float
    n: float
    df: float
    units: int
    strata: int


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One number of an index and what it is made of.

    Parameters
    ----------
    code : str
        Code of the index, statement or group, or the answer.
    level : str
        ``overall aspect dimension statement total group answer``.
    label : Text
        Its name.
    value : float
        The number computed, in per cent.
    weight : float
        What it is multiplied by in the step above, divisor included; missing at the top.
    formula : Formula
        How it is made of its parts.
    counts : mapping of str to float
        asked, answered, set_aside, blank, dont_know, refused, not_applicable, satisfied; of an
        answer its n and weighted.
    precision : Precision or None
        Its error; none for one answer.
    points : Formula or None
        Points of the leader survey.
    steps : tuple of Step
        What it is made of.
    """

    code: str
    level: str
    label: Text
    value: float
    weight: float
    formula: Formula
    counts: Mapping[str, float]
    precision: Precision | None
    points: Formula | None
    steps: tuple[Step, ...]

    def walk(self) -> Iterator[Step]:
        """Go through this step and all beneath, from the top."""
        yield self
        for step in self.steps:
            yield from step.walk()


def precisions(estimates: survey.Estimates, level: float) -> list[Precision]:
    """Read how sure each estimate is, with the first-stage units and strata behind it."""
    table = estimates.table(level=level, df=True)
    part = estimates.parts[0]
    if part.sample.df is not None:  # replicates take the place of units
        counted = table.assign(units=len(part.sample.stratum), strata=0)
    else:
        present = part.stages[0].presence()
        held = pd.DataFrame(present).groupby(part.sample.stratum).any()
        counted = table.assign(units=present.sum(axis=0), strata=held.sum().to_numpy())
    columns = ["se", "low", "high", "n", "df", "units", "strata"]
    return [Precision(*row) for row in counted[columns].itertuples(index=False)]
