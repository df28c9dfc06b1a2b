"""How many rows stand behind each estimate.

Nobody needs that to compute an estimate or its variance, and finding the few blank answers of a
million rows takes longer than adding up the others: the rows are counted when asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from survey.rows import AnyRows
from survey.scores import Floats


class RowCounts(Protocol):
    """Unweighted counts of K estimates, item slowest and domain fastest."""

    @property
    def valid(self) -> Floats:
        """Rows with a valid answer, shape (K,); missing where that has no meaning."""
        ...

    @property
    def missing(self) -> Floats:
        """Rows of the domain without one, shape (K,)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class KnownCounts:
    """Counts made beforehand.

    Parameters
    ----------
    valid, missing : (K,) float
        As in `RowCounts`.
    """

    valid: Floats
    missing: Floats


@dataclass(frozen=True, eq=False)
class CountsOf:
    """Counts of the rows that an estimator read, made when asked for, and once.

    Parameters
    ----------
    rows : AnyRows
        J items in D domains; they give K = J × D counts.
    """

    rows: AnyRows

    @cached_property
    def valid(self) -> Floats:
        """Rows with a valid answer."""
        return self.rows.counts().T.ravel()

    @property
    def missing(self) -> Floats:
        """Rows of the domain without one."""
        return (self.rows.sizes() - self.valid.reshape(-1, self.rows.n_domains)).ravel()
