r"""The arithmetic of a change: what each group of respondents adds, within and by its size.

Item *j* of year *t* is :math:`m_{jt} = \sum_g s_{gjt} m_{gjt}`, with :math:`s` the share of the
*valid* weight that group *g* holds in that item; with these shares the account closes under any
pattern of missing answers. Then, with bars for the mean of the two years,

.. math:: m_{j2} - m_{j1} = \sum_g \underbrace{\bar s_{gj}\,(m_{gj2} - m_{gj1})}_{\text{within}}
          + \underbrace{(\bar m_{gj} - \bar m_j)(s_{gj2} - s_{gj1})}_{\text{mix}}.

Kitagawa (1955), *JASA* 50, 1168–1194. Pure functions on arrays of shape (J, G).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.scores import Floats


@dataclass(frozen=True, slots=True, eq=False)
class GroupAccount:
    """Within and mix of each item and group, and their derivatives.

    Parameters
    ----------
    within, mix : (J, G) float
        The two terms.
    jacobian : (J * G, 4, J * G) float
        Derivative of their sum with respect to m1, s1, m2 and s2.
    """

    within: Floats
    mix: Floats
    jacobian: Floats


def group_account(m1: Floats, s1: Floats, m2: Floats, s2: Floats) -> GroupAccount:
    """Split the change of each item by group.

    Parameters
    ----------
    m1, m2 : (J, G) float
        Mean of each item in each group, in both years; missing where nobody answered.
    s1, s2 : (J, G) float
        Share of the valid weight, 0 where nobody answered.

    Returns
    -------
    GroupAccount
        Its terms sum over groups to the change of each item, exactly.

    Examples
    --------
    >>> account = group_account(np.array([[80.0, 60]]), np.array([[0.5, 0.5]]),
    ...                         np.array([[80.0, 50]]), np.array([[0.4, 0.6]]))
    >>> account.within.round(4).tolist(), account.mix.round(4).tolist()
    ([[0.0, -5.5]], [[-1.3, -1.2]])
    """
    first = np.where(np.isnan(m1), np.nan_to_num(m2), m1)  # a group of one year only has no within
    second = np.where(np.isnan(m2), first, m2)
    centre = ((s1 * first).sum(axis=1) + (s2 * second).sum(axis=1))[:, None] / 2.0
    middle, size, grown = (first + second) / 2.0, (s1 + s2) / 2.0, s2 - s1
    within, mix = size * (second - first), (middle - centre) * grown
    own = (size + grown / 2.0, (second - first) / 2.0 + (middle - centre))
    mine = (grown / 2.0 - size, (second - first) / 2.0 - (middle - centre))
    blocks = [
        _block(mine[0], grown, s1),
        _block(mine[1], grown, first),
        _block(own[0], grown, s2),
        _block(own[1], grown, second),
    ]
    return GroupAccount(within, mix, np.stack(blocks, axis=1))


def _block(own: Floats, grown: Floats, through_centre: Floats) -> Floats:
    """Differentiate by each group's own value, and by all groups through the common centre."""
    n_items, n_groups = own.shape
    block = np.zeros((n_items, n_groups, n_items, n_groups))
    items = np.arange(n_items)
    through = -0.5 * grown[:, :, None] * through_centre[:, None, :]
    diagonal = own[:, :, None] * np.eye(n_groups)
    block[items, :, items, :] = diagonal + through
    return block.reshape(n_items * n_groups, -1)
