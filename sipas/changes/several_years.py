"""More than two years: the change from each to the next, and from the first to the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from sipas.changes.change_table import Interval
from sipas.changes.comparing import compare
from sipas.changes.results import Change
from sipas.changes.years import Year, answers_of, year_of
from sipas.linking import Link
from sipas.numerals import Lang
from sipas.responses import Answers
from sipas.verdicts import Adjust
from survey.display import as_html, as_text
from survey.errors import SurveyError

Pair = tuple[int, int]
_FAMILY = (
    "Each change is a comparison of its own, on what its link makes comparable; tests are "
    "adjusted for the number of rows within each change, not across changes."
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SeveralYears:
    """Changes between several years.

    Parameters
    ----------
    pairs : tuple of (int, int)
        Years of each change: consecutive ones, then the first and the last.
    changes : tuple of Change
        The changes.

    Notes
    -----
    Consecutive changes add up to the last one only where all pairs compare the same statements
    under the same rules.
    """

    pairs: tuple[Pair, ...]
    changes: tuple[Change, ...]

    def __getitem__(self, pair: Pair) -> Change:
        """Give the change from one year to another, such as ``[2021, 2022]``."""
        if pair not in self.pairs:
            raise SurveyError(
                f"no change {pair!r}.", mend=f"There are {', '.join(map(str, self.pairs))}."
            )
        return self.changes[self.pairs.index(pair)]

    def table(
        self,
        *,
        level: float = 0.95,
        lang: Lang = "en",
        interval: Interval = "auto",
        adjust: Adjust = "holm_bh",
        seed: int = 1,
    ) -> pd.DataFrame:
        """List every change of every pair of years.

        Parameters
        ----------
        level, lang, interval, adjust, seed
            As in `Change.table`.

        Returns
        -------
        DataFrame
            Index ``change`` (such as ``"2021 → 2022"``), ``code`` (and domain); columns as in
            `Change.table`, adjusted within each change.
        """
        tables = [
            one.table(level=level, lang=lang, interval=interval, adjust=adjust, seed=seed)
            for one in self.changes
        ]
        return pd.concat(tables, keys=self._names, names=["change"])

    @property
    def _names(self) -> list[str]:
        return [f"{first} → {last}" for first, last in self.pairs]

    @property
    def _notes(self) -> tuple[str, ...]:
        """Links and pairing of each change, and how tests are adjusted."""
        named = [
            f"{name}: {change.linking}."
            for name, change in zip(self._names, self.changes, strict=True)
        ]
        own = [note for change in self.changes for note in change.estimates.notes]
        return (*named, *dict.fromkeys(own), _FAMILY)

    def _shown(self) -> pd.DataFrame:
        table = self.table().drop(columns=["n_before", "n_after"])
        return table.assign(label=table["label"].str.slice(0, 45))

    def __repr__(self) -> str:
        return as_text("Changes, percentage points", self._shown(), self._notes)

    def _repr_html_(self) -> str:
        return as_html("Changes, percentage points", self._shown(), self._notes)


def compare_years(
    *years: Answers | Year,
    link: Link | Sequence[Link | None] | None = None,
    equivalence: float | None = None,
    paired: bool = True,
    **rules: Any,
) -> SeveralYears:
    """Compare several years: each with the next, and the first with the last.

    Parameters
    ----------
    *years : Answers, SatisfactionIndex or LeaderScores
        Two or more years, the earliest first.
    link : str, None or sequence
        As in `compare`, one for all changes, or one for each: consecutive ones, then first to
        last. Each change compares what its own link makes comparable.
    equivalence, paired, **rules
        As in `compare`.

    Returns
    -------
    SeveralYears

    Raises
    ------
    SurveyError
        Fewer than two years, years out of order, links that do not fit, and whatever `compare`
        raises.

    Examples
    --------
    >>> import sipas
    >>> years = [sipas.clean(sipas.datasets.load_hue_households(y), f"sipas-{y}")
    ...          for y in (2021, 2022)]
    >>> moved = compare_years(*years, link="items")
    >>> moved.table().loc[("2021 → 2022", "services"), "verdict"]
    'fell'
    """
    when = [year_of(answers_of(year)) for year in years]
    if len(years) < 2 or any(one >= other for one, other in pairwise(when)):
        raise SurveyError(
            f"compare_years: got the years {when}.",
            mend="Give two or more, the earliest first, each sheet with its own year.",
        )
    places = list(pairwise(range(len(years))))
    if len(years) > 2:
        places.append((0, len(years) - 1))
    links = [link] * len(places) if link is None or isinstance(link, str) else list(link)
    if len(links) != len(places):
        raise SurveyError(
            f"compare_years(link=): {len(links)} links for {len(places)} changes.",
            mend="Give one for all, or one for each: consecutive changes, then first to last.",
        )
    changes = [
        compare(
            years[one], years[other], link=each, equivalence=equivalence, paired=paired, **rules
        )
        for (one, other), each in zip(places, links, strict=True)
    ]
    return SeveralYears(tuple((when[one], when[other]) for one, other in places), tuple(changes))
