"""What this year's survey says of next year's, as an object that shows itself."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sipas.indices import SatisfactionIndex
from sipas.labelling import titled
from sipas.numerals import Lang
from survey.display import as_html, as_text
from survey.planning import DetectableChange, SampleSizes, VarianceComponents
from survey.planning.power import noncentrality


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NextYear:
    """What this year's survey says of next year's; made by `plan_next_year`.

    Parameters
    ----------
    index : SatisfactionIndex
        This year's indices.
    components : survey.planning.VarianceComponents
        Variance between communes, villages and forms, of every index that varies.
    redrawn, repeated : survey.planning.DetectableChange
        What the same design sees next year, in communes drawn anew and in the same ones, planned
        as one mean a commune.
    designs : survey.planning.SampleSizes
        Designs that see the change.
    stages : tuple of str
        Names of the stages, households last.
    code : str
        The index whose change is to be seen.
    delta, rho, power, level : float
        The change in percentage points, the correlation assumed between the years of a commune's
        effect, the chance of seeing it, the confidence.
    """

    index: SatisfactionIndex
    components: VarianceComponents
    redrawn: DetectableChange
    repeated: DetectableChange
    designs: SampleSizes
    stages: tuple[str, ...]
    code: str
    delta: float
    rho: float
    power: float
    level: float

    def table(self, *, lang: Lang = "en") -> pd.DataFrame:
        """List every index, with what a change must be for the same design to see it.

        Parameters
        ----------
        lang : {"vi", "en"}
            Language of the labels.

        Returns
        -------
        DataFrame
            Index ``code``; columns ``level label estimate se n deff df``; ``sd`` of one form
            within strata; ``icc_…`` of each stage, at least 0; ``mdc`` (the least observed change
            that is significant) and ``mde`` (the least true change seen with the power), each
            ``_redrawn`` and ``_same`` communes. In percentage points.
        """
        own = self.index.estimates
        made = own.table(level=self.level, deff=True, df=True)
        measured = self.components.table()
        between = [f"icc_{name}" for name in self.components.stages]
        made = made[["estimate", "se", "n", "deff", "df"]].join(measured[["sd", *between]])
        for name in ("mdc", "mde"):
            made[f"{name}_redrawn"] = self.redrawn.table()[name]
            made[f"{name}_same"] = self.repeated.table()[name]
        return titled(made, self.index.scheme, self.index.instrument, lang)

    def design_table(self) -> pd.DataFrame:
        """List the designs that see the change; columns as `survey.sample_size`, stages named."""
        made = self.designs.table()
        return made.rename(columns=dict(zip(made.columns, self.stages, strict=False)))

    @property
    def floor(self) -> float:
        """Least true change from this year that any sample of next year sees with the power.

        This year's own error stays, however many are asked next year.
        """
        own = self.index[self.code]
        return float((noncentrality(self.power, own.df.to_numpy(), self.level) * own.se).iloc[0])

    @property
    def _caption(self) -> str:
        return (
            f"Next year's survey by {self.index.instrument.id}, percentage points; power "
            f"{self.power:g}, level {self.level:g}; same communes: a correlation of {self.rho:g} "
            "is assumed"
        )

    @property
    def _notes(self) -> tuple[str, ...]:
        return (
            *self.components.notes,
            f"{self.code}: {self.designs.caption}. {' '.join(self.designs.notes)}",
            f"A change from this year is seen from {self.floor:.2f} points at best, however large "
            "next year's sample.",
        )

    def _shown(self) -> pd.DataFrame:
        table = self.table()
        return table.assign(label=table["label"].str.slice(0, 40))

    def __repr__(self) -> str:
        return as_text(self._caption, self._shown(), self._notes)

    def _repr_html_(self) -> str:
        return as_html(self._caption, self._shown(), self._notes)
