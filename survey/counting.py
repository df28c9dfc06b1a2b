"""Tables of weighted counts: one pass over coded answers, by group and answer.

The counts of a column by group (such as the pairs of PSU and domain) give every recoding of it:
means, shares of any event and replicates are products of that table with a few values. Several
columns of few answers are counted in one pass, as the joint code of a byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
import pandas as pd

from survey.coding import Coded, Codes, Groups
from survey.scores import Bools, Floats, Ints

#: A table of more cells than this (4 MB) no longer fits where counting is fast.
MOST_CELLS = 500_000


def counts_by_group(columns: Sequence[Coded], groups: Groups, weight: Floats) -> list[Floats]:
    """Sum weights by answer and group, column by column.

    Parameters
    ----------
    columns : sequence of Coded
        Columns of n rows.
    groups : Groups
        Group of each row, G groups.
    weight : (n,) float
        What is added up.

    Returns
    -------
    list of (L + 1, G) float
        One table a column; its first answer is none.
    """
    n_groups = len(groups.unit)
    short = np.int32 if n_groups < 2**31 // 256 else np.int64  # 32 bits are added up faster
    group, place = groups.code.astype(short), np.empty_like(groups.code)
    made: list[Floats] = []
    for block in blocks_of(columns, n_groups):
        chosen = [columns[k] for k in block]
        np.add(np.multiply(joint_codes(chosen), n_groups, dtype=short), group, out=place)
        cells = n_groups * prod(column.width for column in chosen)
        counts: Floats = np.asarray(np.bincount(place, weight, minlength=cells), np.float64)
        made += _margins(counts, chosen, n_groups)
    return made


def _margins(counts: Floats, block: Sequence[Coded], n_groups: int) -> list[Floats]:
    """Add up joint counts over the other columns, for each column of a block."""
    table = counts.reshape(*[column.width for column in block], n_groups)
    every = range(len(block))
    if len(block) == 1:
        return [table]
    return [table.sum(axis=tuple(k for k in every if k != own)) for own in every]


def blocks_of(columns: Sequence[Coded], n_groups: int) -> list[list[int]]:
    """Put neighbouring columns together that one pass can count.

    More joint codes than rows or than a fast memory holds would cost more than they save.
    """
    n = len(columns[0].codes) if columns else 0
    most = min(256, MOST_CELLS // n_groups, 2 * n // n_groups)
    made: list[list[int]] = []
    width = 257
    for k, column in enumerate(columns):
        if width * column.width <= most:
            made[-1].append(k)
            width *= column.width
        else:
            made.append([k])
            width = column.width
    return made


def joint_codes(columns: Sequence[Coded]) -> Codes:
    """Code the joint answers of a few columns, the last fastest."""
    joint = columns[0].codes
    for column in columns[1:]:
        joint = joint * np.uint8(column.width) + column.codes
    return joint


def pair_groups(unit: Ints, n_units: int, domain: Ints, n_domains: int) -> Groups:
    """Sort rows into pairs of unit and domain; a domain of whole units needs no second code."""
    every = np.arange(n_units)
    if n_domains == 1:
        return Groups(unit, every, np.zeros_like(every))
    of_unit = np.zeros(n_units, dtype=np.int64)
    of_unit[unit] = domain
    if (of_unit[unit] == domain).all():
        return Groups(unit, every, of_unit)
    code, pairs = pd.factorize(unit * n_domains + domain)
    own_unit, own_domain = np.divmod(pairs, n_domains)
    return Groups(code.astype(np.int64), own_unit, own_domain)


def unanswered(coded: Sequence[Coded], inside: Bools, domain: Ints, n_domains: int) -> Floats:
    """Count rows without an answer by domain and item, shape (D, J)."""
    blank = [item.blank for item in coded]  # only the few rows without an answer are looked at
    rows = np.concatenate(blank)
    item = np.repeat(np.arange(len(blank)), [len(own) for own in blank])
    if not inside.all():
        rows, item = rows[inside[rows]], item[inside[rows]]
    place = domain[rows] * len(blank)
    place += item
    counts = np.bincount(place, minlength=n_domains * len(blank))
    return counts.reshape(n_domains, len(blank)).astype(np.float64)
