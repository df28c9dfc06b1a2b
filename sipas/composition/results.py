"""What a change owes to the mix of those who answered, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

import survey
from sipas.changes import Change
from sipas.decomposition_words import worded
from sipas.labelling import ShownAsTable
from sipas.numerals import Lang
from sipas.verdicts import NO_ERROR, p_values, share_of_change

Method = Literal["das_gupta", "oaxaca"]
WITHIN, MIX, TOTAL, UNEXPLAINED = "within", "mix", "total", "unexplained"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MixEffect(ShownAsTable):
    """A change split into what happened inside groups and what their mix did.

    Parameters
    ----------
    estimates : survey.Estimates
        Effects in percentage points: ``"within"`` (by model: ``"unexplained"``), one a factor,
        ``"mix"`` (the factors together) and ``"total"``.
    change : Change
        The two years.
    of : str
        Code of the index.
    by : tuple of str
        The factors.
    method : {"das_gupta", "oaxaca"}
        How the mix was valued.
    """

    estimates: survey.Estimates
    change: Change
    of: str
    by: tuple[str, ...]
    method: Method

    @property
    def total(self) -> float:
        """Change of the index, in percentage points."""
        return float(self.estimates.point[-1])

    @property
    def within(self) -> float:
        """Change with the mix held (by model: what the mix does not explain)."""
        return float(self.estimates.point[0])

    @property
    def mix(self) -> float:
        """Effect of the mix, all factors together."""
        return float(self.estimates.point[-2])

    def table(self, *, level: float = 0.95, lang: Lang = "en") -> pd.DataFrame:
        """List every effect.

        Parameters
        ----------
        level : float
            Confidence of the intervals.
        lang : {"vi", "en"}
            Language of the labels.

        Returns
        -------
        DataFrame
            Index ``effect``; columns ``label estimate se low high df p``, in percentage points,
            and ``share``, in per cent of the change, missing where the change does not exceed its
            standard error. The rows of the factors sum to ``mix``; ``within`` (or
            ``unexplained``) and ``mix`` sum to ``total``. An effect that cannot vary, such as
            that of fixed group weights, has no interval and no p.
        """
        made = self.estimates.table(level=level, method="mean", df=True)
        made = made[["estimate", "se", "low", "high", "df"]]
        made.loc[made["se"] <= NO_ERROR, ["low", "high"]] = np.nan
        made["p"] = p_values(made)
        made.insert(0, "label", [self._label(name, lang) for name in made.index])
        made["share"] = share_of_change(made["estimate"], self.total, made["se"].iloc[-1])
        return made

    def _label(self, effect: str, lang: Lang) -> str:
        """Name one row."""
        if effect in self.by:
            kind = "explained" if self.method == "oaxaca" else "factor"
            return worded("mix", kind, factor=effect)[lang]
        return worded("mix", effect)[lang]

    def _shown(self) -> pd.DataFrame:
        return self.table()

    @property
    def _caption(self) -> str:
        old, new = self.change.instruments
        split = " × ".join(self.by)
        return (
            f"Mix by {split} in the change of {self.of!r}, {old.id} to {new.id}, percentage points"
        )
