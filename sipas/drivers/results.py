"""An account of a change: a table that must close."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

import survey
from sipas.changes import Change
from sipas.labelling import ShownAsTable, label
from sipas.numerals import Lang
from sipas.verdicts import NO_ERROR, share_of_change
from survey.errors import SurveyError
from survey.scores import Floats

#: Contributions must add up to the change within this, in percentage points.
CLOSES = 1e-9


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Contributions(ShownAsTable):
    """The account of one index's change.

    Parameters
    ----------
    estimates : survey.Estimates
        Contributions in percentage points.
    total : survey.Estimates
        The change of the index, one row.
    within, mix : (K,) float or None
        For groups: change inside the group, and change of its share.
    change : Change
        The two years.
    of : str
        Code of the index.
    by : tuple of str
        What the change was split by.
    df : (K,) float or None
        Degrees of freedom of groups: those of their own change. Their shares are met in every
        commune, and would lend a district degrees of freedom that its change has not.
    """

    estimates: survey.Estimates
    total: survey.Estimates
    within: Floats | None
    mix: Floats | None
    change: Change
    of: str
    by: tuple[str, ...]
    df: Floats | None = None

    @property
    def before(self) -> float:
        """Index of the earlier year."""
        return float(self.change.before[self.of].point[0])

    @property
    def after(self) -> float:
        """Index of the later year."""
        return float(self.change.after[self.of].point[0])

    def table(self, *, level: float = 0.95, lang: Lang = "en") -> pd.DataFrame:
        """List every contribution.

        Parameters
        ----------
        level : float
            Confidence of the intervals.
        lang : {"vi", "en"}
            Language of the labels.

        Returns
        -------
        DataFrame
            Columns ``level label estimate se low high``, in percentage points; ``share``, in per
            cent of the change, missing where the change does not exceed its standard error; for
            groups also ``within`` and ``mix``. What cannot vary has no interval.
        """
        limits = self.estimates.confidence_interval(level=level, method="mean", df=self.df)
        made = pd.DataFrame(
            {"estimate": self.estimates.estimate, "se": self.estimates.se, **limits}
        )
        made.insert(0, "level", " × ".join(self.by))
        made.insert(1, "label", [self._label(name, lang) for name in made.index])
        made.loc[made["se"] <= NO_ERROR, ["low", "high"]] = np.nan
        change, error = float(self.total.point[0]), float(self.total.se.iloc[0])
        made["share"] = share_of_change(made["estimate"], change, error)
        if self.within is not None and self.mix is not None:
            made["within"], made["mix"] = self.within, self.mix
        return made

    def _label(self, name: object, lang: Lang) -> str:
        """Name a row: codes by the instrument, groups as in the data."""
        parts = name if isinstance(name, tuple) else (name,)
        instrument = self.change.after.instrument
        coded = {*self.change.scheme.codes, *(group.code for group in instrument.groups)}
        words = [
            label(instrument, str(part), lang) if part in coded else str(part) for part in parts
        ]
        return " × ".join(words)

    def _shown(self) -> pd.DataFrame:
        table = self.table()
        return table.assign(label=table["label"].str.slice(0, 50))

    @property
    def _caption(self) -> str:
        change = f"{self.total.point[0]:+.4f}"
        return f"Contributions to the change of {self.of!r} ({change} percentage points)"


def closed(
    made: survey.Estimates,
    within: Floats | None,
    mix: Floats | None,
    change: Change,
    code: str,
    by: tuple[str, ...],
) -> Contributions:
    """Check that the account closes."""
    total = change.estimates.pick(np.flatnonzero(change.estimates.labels == code))
    rest = float(made.point.sum() - total.point[0])
    if not abs(rest) <= CLOSES:
        raise SurveyError(
            f"contributions: they add up to {made.point.sum():.10f}, the change is "
            f"{total.point[0]:.10f}.",
            mend="Some rows have no value in the split column; fill it in for every row.",
        )
    return Contributions(made, total, within, mix, change, code, by)
