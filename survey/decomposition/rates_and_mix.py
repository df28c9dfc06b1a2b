"""Rate and mix: a difference of two means split by what happened inside groups and by their size.

The arithmetic is in `survey.decomposition.standardised_rates`. Rates and shares of cells are
ratios of weighted totals, so every effect has a linearised value in each row, and from that the
covariance of the design.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import pandas as pd

from survey.decomposition.standardised_rates import Effects, standardised
from survey.decomposition.two_samples import (
    TOTAL,
    MissingRule,
    Outcomes,
    TwoSamples,
    effects_of,
    read_groups,
    read_two,
)
from survey.design import Design
from survey.errors import SurveyError
from survey.estimates import Estimates
from survey.formulas.levels import codes_of, levels_of
from survey.scores import Floats, Ints, indicator

RATE = "rate"
#: Crossed factors, and cells that they may make.
MOST_FACTORS, MOST_CELLS = 4, 20_000


def kitagawa(
    first: Design,
    second: Design,
    y: Outcomes,
    by: str | Sequence[str],
    *,
    missing: MissingRule = "item",
    paired: bool = True,
) -> Estimates:
    r"""Split the difference of two means into a rate effect and the effect of each factor's mix.

    Parameters
    ----------
    first, second : Design
        Two samples, such as two years, or two domains of one design; differences are second less
        first.
    y : str, list of str, or pair of DataFrames
        Numeric columns of both samples, or a frame on the index of each.
    by : str or list of str
        One to four columns whose crossing makes the groups, filled in every row.
    missing : {"item", "listwise"}
        As in `survey.mean`.
    paired : bool
        Match PSUs of different samples by name; False declares the samples independent.

    Returns
    -------
    Estimates
        ``"rate"``, one effect a factor, and ``"total"``, the difference; of several outcomes
        labelled ``(item, effect)``. The effects sum to the total, exactly.

    Raises
    ------
    SurveyError
        More than four factors, more than 20,000 cells, rows without a group, and as
        `survey.mean`.

    Notes
    -----
    With shares *s* and rates *r* of the crossed groups, and bars for the mean of both samples,
    rate :math:`= \sum_c \bar s_c \Delta r_c` and mix :math:`= \sum_c \bar r_c \Delta s_c`, the
    latter divided among the factors symmetrically: Kitagawa (1955); Das Gupta (1993), ch. 5.
    Shares are those of the rows with a valid answer, outcome by outcome. A cell that one sample
    lacks takes its rate from the other, so that its appearance is mix.

    Variance by linearisation of the whole expression. Margins to which both samples were
    calibrated have no mix effect, by construction. In R:
    ``DasGuptR::dgnpop(factors = "rate", crossclassified = "size")``, without standard errors.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [1, 2, 3, 4] * 2, "year": [1] * 4 + [2] * 4,
    ...                       "sex": list("FFMMFMMM"), "y": [80, 80, 60, 60, 80, 50, 50, 50]})
    >>> both = survey.Design(frame, psu="psu")
    >>> years = [both.domain(frame["year"] == year) for year in (1, 2)]
    >>> kitagawa(*years, "y", "sex").estimate
    effect
    rate     -6.250
    sex      -6.250
    total   -12.500
    Name: estimate, dtype: float64
    """
    factors = _factors(by)
    pair = read_two(first, second, y, missing, "kitagawa")
    cells = _cells(pair, factors)
    sums = [_rates_and_shares(pair, cells, t) for t in (0, 1)]
    effects = standardised(sums[0].rate, sums[0].share, sums[1].rate, sums[1].share)
    scores = [_row_scores(pair, cells, sums[t], effects, t) for t in (0, 1)]
    return effects_of(
        pair,
        _with_total(effects.value.T),
        [_with_total(own) for own in scores],
        [RATE, *factors, TOTAL],
        paired=paired,
        what=f"Rate and mix by {' × '.join(factors)}",
        notes=_lacking(pair, cells),
    )


def _factors(by: str | Sequence[str]) -> list[str]:
    """Read the factors."""
    factors = [by] if isinstance(by, str) else list(by)
    if not 1 <= len(factors) <= MOST_FACTORS or len(set(factors)) < len(factors):
        raise SurveyError(
            f"kitagawa(by={by!r}): {len(factors)} factors.",
            mend=f"Give one to {MOST_FACTORS} different columns; survey.oaxaca takes more.",
        )
    taken = {RATE, TOTAL} & set(factors)
    if taken:
        raise SurveyError(
            f"kitagawa(by=): a factor called {min(taken)!r} would be taken for another effect.",
            mend="Rename the column.",
        )
    return factors


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Number of levels of each factor, and the cell of each row of both samples."""

    shape: tuple[int, ...]
    code: tuple[Ints, Ints]


def _cells(pair: TwoSamples, factors: Sequence[str]) -> _Cells:
    """Cross the factors; rows outside the domain are put in the first cell and weigh nothing."""
    frames = read_groups(pair, factors, "kitagawa(by=)")
    inside = [design.inside for design in pair.designs]
    together = pd.concat([f[keep] for f, keep in zip(frames, inside, strict=True)])
    levels = [levels_of(together[name]) for name in factors]
    shape = tuple(len(own) for own in levels)
    if prod(shape) > MOST_CELLS:
        raise SurveyError(
            f"kitagawa(by=): {' × '.join(map(str, shape))} levels make {prod(shape):,} cells.",
            mend=f"Group the levels; at most {MOST_CELLS:,} cells are crossed.",
        )
    codes = []
    for frame in frames:
        each = [codes_of(frame[f], own) for f, own in zip(factors, levels, strict=True)]
        codes.append(np.ravel_multi_index(tuple(np.maximum(one, 0) for one in each), shape))
    return _Cells(shape, (codes[0], codes[1]))


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Weighted answers of each item and cell (J, C), and the rates and shares they make."""

    weight: Floats
    rate: Floats
    share: Floats


def _rates_and_shares(pair: TwoSamples, cells: _Cells, t: int) -> _Sums:
    """Sum the rows of one sample by item and cell."""
    rows = pair.rows[t]
    to_cells = indicator(cells.code[t], prod(cells.shape), rows.weight)
    weight = np.asarray(to_cells @ rows.valid.astype(np.float64)).T
    answers = np.asarray(to_cells @ rows.y).T
    rate = np.where(weight > 0, answers / np.where(weight > 0, weight, 1.0), 0.0)
    share = weight / weight.sum(axis=1, keepdims=True)
    shape = (len(weight), *cells.shape)
    return _Sums(weight, rate.reshape(shape), share.reshape(shape))


def _row_scores(pair: TwoSamples, cells: _Cells, sums: _Sums, effects: Effects, t: int) -> Floats:
    """Weighted linearised value of each row, item and effect, shape (n, J, K + 1)."""
    rows, code = pair.rows[t], cells.code[t]
    flat = (len(effects.value), *sums.weight.shape)
    by_rate, by_share = (d[t].reshape(flat) for d in (effects.rates, effects.shares))
    rate, share = (values.reshape(flat[1:]) for values in (sums.rate, sums.share))
    slope = np.where(sums.weight > 0, by_rate / np.where(sums.weight > 0, sums.weight, 1.0), 0.0)
    level = by_share - (by_share * share).sum(axis=2, keepdims=True)
    level /= sums.weight.sum(axis=1)[:, None]
    residual = rows.y - rate.T[code]
    linear = slope[:, :, code] * residual.T + level[:, :, code]
    counted = rows.weight[:, None] * rows.valid
    return np.asarray(linear.transpose(2, 1, 0) * counted[:, :, None])


def _with_total(effects: Floats) -> Floats:
    """Put the sum of the effects after them, along the last axis."""
    return np.concatenate([effects, effects.sum(axis=-1, keepdims=True)], axis=-1)


def _lacking(pair: TwoSamples, cells: _Cells) -> list[str]:
    """Say how many cells only one of the samples has, and what they hold."""
    size = prod(cells.shape)
    held = [
        np.bincount(code, weights=rows.weight, minlength=size)
        for code, rows in zip(cells.code, pair.rows, strict=True)
    ]
    alone = [(own > 0) & (other == 0) for own, other in zip(held, held[::-1], strict=True)]
    if not any(one.any() for one in alone):
        return []
    counts = " and ".join(str(int(one.sum())) for one in alone)
    shares = [100.0 * own[one].sum() / own.sum() for own, one in zip(held, alone, strict=True)]
    return [
        f"{counts} groups are in the first or the second sample only ({shares[0]:.1f} % and "
        f"{shares[1]:.1f} % of it); their rate stands for both, so they count as mix."
    ]
