"""What was found about order, as objects that show themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from survey.display import as_html, as_text, shown
from survey.estimates import Estimates
from survey.scores import Bools, Floats, Ints

Direction = Literal["fell", "rose"]
Method = Literal["marginal", "joint", "bootstrap"]

_MEANING: dict[Method, str] = {
    "marginal": "each interval holds its own unit's true rank with the confidence stated",
    "joint": "all intervals together hold the true ranks with the confidence stated",
    "bootstrap": "middle share of drawn ranks: a description without guaranteed coverage",
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FellMost:
    """Components that may be the one that fell (or rose) most; made by `fell_most`.

    Parameters
    ----------
    estimates : Estimates
        The changes compared.
    p : (K,) float
        Probability of so clear a sign that something else fell more, if nothing did; missing
        where the order is known without sampling error.
    in_set : (K,) bool
        Which components the set holds.
    share_of_draws : (K,) float
        Share of draws around the estimates in which each fell most.
    level : float
        Confidence of the set and of the limits.
    direction : {"fell", "rose"}
        Whether the lowest or the highest change was looked for.
    draws, seed : int
        Number and seed of the draws.
    """

    estimates: Estimates
    p: Floats
    in_set: Bools
    share_of_draws: Floats
    level: float
    direction: Direction
    draws: int
    seed: int

    @property
    def members(self) -> tuple[object, ...]:
        """Labels of the set, in the order of the change, the most extreme first."""
        sign = 1.0 if self.direction == "fell" else -1.0
        order = np.argsort(sign * self.estimates.point, kind="stable")
        return tuple(self.estimates.labels[k] for k in order if self.in_set[k])

    def table(self) -> pd.DataFrame:
        """Columns ``estimate se low high df p share_of_draws in_set``."""
        limits = self.estimates.table(level=self.level, method="mean", df=True)
        made = limits[["estimate", "se", "low", "high", "df"]]
        return made.assign(p=self.p, share_of_draws=self.share_of_draws, in_set=self.in_set)

    @property
    def caption(self) -> str:
        """What was looked for, and what it speaks of."""
        return f"What {self.direction} most; {self.estimates.caption}"

    @property
    def notes(self) -> tuple[str, ...]:
        """The set in words, and how to read the shares."""
        named = ", ".join(str(label) for label in self.members)
        certain = bool(np.isnan(self.p).all())
        said = "No sampling error: the order is a fact" if certain else f"{_percent(self)} set"
        drawn = (
            f"share_of_draws: share of {self.draws:,} drawn samples (seed {self.seed}) in which "
            f"each {self.direction} most; not the probability that it did."
        )
        return (f"{said}: {named}.", drawn, *self.estimates.notes)

    def __repr__(self) -> str:
        """Caption, table and notes as text."""
        return as_text(self.caption, self.table(), self.notes)

    def _repr_html_(self) -> str:
        return as_html(self.caption, self.table(), self.notes)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RankIntervals:
    """Ranks with intervals; made by `rank_intervals`.

    Parameters
    ----------
    estimate, se : (K,) float
        The figures that were ranked.
    labels : Index
        Their labels.
    rank, low, high : (K,) int
        Rank in the sample, and the ends of its interval; ties share the better rank.
    thirds : (K, 3) float
        Share of draws in which each is in the top, middle and bottom third of the ranks.
    level : float
        Confidence of the intervals.
    method : {"marginal", "joint", "bootstrap"}
        How the intervals were found, and what they hold.
    highest_first : bool
        Whether rank 1 is the highest.
    draws, seed : int
        Number and seed of the draws.
    """

    estimate: Floats
    se: Floats
    labels: pd.Index
    rank: Ints
    low: Ints
    high: Ints
    thirds: Floats
    level: float
    method: Method
    highest_first: bool
    draws: int
    seed: int

    def table(self) -> pd.DataFrame:
        """Columns ``estimate se rank low high top_third middle_third bottom_third``."""
        top, middle, bottom = self.thirds.T
        columns = {
            "estimate": self.estimate,
            "se": self.se,
            "rank": self.rank,
            "low": self.low,
            "high": self.high,
            "top_third": top,
            "middle_third": middle,
            "bottom_third": bottom,
        }
        return pd.DataFrame(columns, index=self.labels)

    @property
    def caption(self) -> str:
        """How many were ranked, and what the intervals are."""
        first = "highest" if self.highest_first else "lowest"
        return (
            f"Ranks of {len(self.labels)}, 1 = {first}; {_percent(self)} intervals, {self.method}"
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What the intervals and the shares mean."""
        return (
            f"{self.method}: {_MEANING[self.method]}.",
            f"thirds: share of {self.draws:,} drawn samples (seed {self.seed}) in which each "
            "ranks there.",
        )

    def _shown(self) -> pd.DataFrame:
        """Table with ranks as whole numbers."""
        return self.table().astype({name: str for name in ("rank", "low", "high")})

    def __repr__(self) -> str:
        """Caption, table and notes as text."""
        return as_text(self.caption, self._shown(), self.notes)

    def _repr_html_(self) -> str:
        return as_html(self.caption, self._shown(), self.notes)


def _percent(result: FellMost | RankIntervals) -> str:
    """Confidence level in per cent, without zeros that say nothing."""
    return f"{shown(100.0 * result.level, 1).removesuffix('.0')} %"
