"""Figures that nobody printed and that still follow from their parts.

The article on 2019 says the total rose by 4.16 points and prints no total of 2018; its eight
domains do. Such a figure is put in for the search, and then taken out again by substitution.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from sipas.auditing.relations import Relation


def year_before(year: str) -> str:
    """Give the year before, or nothing for a span of years.

    Examples
    --------
    >>> year_before("2019"), year_before("2023-2025")
    ('2018', '')
    """
    return str(int(year) - 1) if year.isdigit() else ""


def with_unprinted(figures: pd.DataFrame) -> pd.DataFrame:
    """Add the figures of the year before that a printed change needs and nobody printed."""
    changes = figures[figures["measure"].str.endswith("_change")]
    wanted = changes.assign(
        measure=changes["measure"].str.removesuffix("_change"),
        year=changes["year"].map(year_before),
        value=np.nan,
        printed="",
        unprinted=True,
        row=-1,
    )
    keys = ["province", "year", "quantity", "measure"]
    known = pd.MultiIndex.from_frame(figures[keys])
    new = wanted[~pd.MultiIndex.from_frame(wanted[keys]).isin(known)].drop_duplicates(keys)
    return pd.concat([figures.assign(unprinted=False), new], ignore_index=True)


def substituted(relations: Sequence[Relation], unprinted: Sequence[int]) -> list[Relation]:
    """Take unprinted figures out: where one is used, what it is made of is used instead.

    If it is made of two sets of parts, these must come to the same.
    """
    absent = set(unprinted)
    made = [one for one in relations if absent.isdisjoint(one.members)]
    whole_of: dict[int, list[Relation]] = defaultdict(list)
    for one in relations:
        if one.coefficients and one.members[one.left] in absent:
            whole_of[one.members[one.left]].append(one)
    for cell, sums in whole_of.items():
        made += [_joined(first, cell, second) for first, second in pairwise(sums)]
        uses = [one for one in relations if cell in one.members and one not in sums]
        made += [_joined(use, cell, whole) for use in uses if use.coefficients for whole in sums]
    return [one for one in made if absent.isdisjoint(one.members)]


def _joined(one: Relation, cell: int, whole: Relation) -> Relation:
    """Put what a figure is made of in its place."""
    terms = dict(zip(one.members, one.coefficients, strict=True))
    parts = dict(zip(whole.members, whole.coefficients, strict=True))
    share = -terms.pop(cell) / parts.pop(cell)
    for part, coefficient in parts.items():
        terms[part] = terms.get(part, 0.0) + share * coefficient
    kept = {part: coefficient for part, coefficient in terms.items() if coefficient}
    members, coefficients = tuple(kept), tuple(kept.values())
    return replace(one, members=members, coefficients=coefficients, left=0, excess="")
