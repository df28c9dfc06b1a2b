r"""The arithmetic of points: maximum times rate, split exactly into four parts.

Item *j* brings :math:`M_j r_j` points, its maximum times its rate. Of an item that both years
asked, with bars for the mean of the two years,

.. math:: M_{j2} r_{j2} - M_{j1} r_{j1} = \underbrace{\bar M_j (r_{j2} - r_{j1})}_{\text{rate}}
          + \underbrace{\bar r_j (M_{j2} - M_{j1})}_{\text{maxima}},

which is the Shapley value of a product of two (Bennet 1920, *Journal of the Royal Statistical
Society* 83, 455–462). An item of the later year only adds :math:`M_{j2} r_{j2}`, one of the
earlier year only takes :math:`M_{j1} r_{j1}` away. Every part is linear in the rates.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from survey.scores import Floats

PARTS = ("rate", "maxima", "added", "dropped")
CHANGE = "change"
KINDS = ("kept", "rescaled", "added", "dropped")


def part_coefficients(max1: Floats, max2: Floats) -> Floats:
    """Coefficients of both years' rates in the parts of each item.

    Parameters
    ----------
    max1, max2 : (J,) float
        Maximum points, missing in a year that did not ask the item.

    Returns
    -------
    (5, J, 2) array
        Rate, maxima, added, dropped, and the change that they sum to; by the rates, as shares
        of the maximum, of the earlier and the later year.

    Examples
    --------
    >>> made = part_coefficients(np.array([1.5]), np.array([1.0]))
    >>> (made @ [0.72, 0.7733]).ravel().round(6).tolist()
    [0.066625, -0.373325, 0.0, 0.0, -0.3067]
    """
    old, new = np.isnan(max1), np.isnan(max2)
    common = ~old & ~new
    first, second = np.nan_to_num(max1), np.nan_to_num(max2)
    mean, grown = common * (first + second) / 2.0, common * (second - first) / 2.0
    zero = np.zeros_like(mean)
    parts = np.array([[-mean, mean], [grown, grown], [zero, old * second], [-(new * first), zero]])
    return np.concatenate([parts, parts.sum(axis=0, keepdims=True)]).transpose(0, 2, 1)


def kinds_of(max1: Floats, max2: Floats) -> list[str]:
    """Say what became of each item: kept, rescaled, added or dropped.

    Examples
    --------
    >>> kinds_of(np.array([1, 1, np.nan, 1]), np.array([1, 2, 1, np.nan]))
    ['kept', 'rescaled', 'added', 'dropped']
    """
    cases = [np.isnan(max1), np.isnan(max2), max1 == max2]
    return [str(kind) for kind in np.select(cases, ["added", "dropped", "kept"], "rescaled")]


def rows_of_account(items: pd.DataFrame) -> tuple[pd.DataFrame, Floats]:
    """Rows of the account: every item, dimension and kind of item, and the total.

    Parameters
    ----------
    items : DataFrame
        Index ``code``, columns ``kind`` and ``dimension`` (missing where there is none).

    Returns
    -------
    rows : DataFrame
        Index ``code``, column ``level``.
    members : (R, J) array
        Which items each row adds up.
    """
    blocks: list[tuple[str, Floats, list[str]]] = [
        ("statement", np.eye(len(items)), list(items.index))
    ]
    for level, column, order in (
        ("dimension", "dimension", sorted(items["dimension"].dropna().unique())),
        ("kind", "kind", [kind for kind in KINDS if (items["kind"] == kind).any()]),
    ):
        inside = np.array([items[column] == name for name in order], dtype=np.float64)
        blocks.append((level, inside.reshape(len(order), len(items)), list(order)))
    blocks.append(("total", np.ones((1, len(items))), ["total"]))
    codes = [code for _, _, names in blocks for code in names]
    levels = [level for level, _, names in blocks for _ in names]
    rows = pd.DataFrame({"level": levels}, index=pd.Index(codes, name="code"))
    return rows, np.vstack([members for _, members, _ in blocks])
