"""Reads printed rates and totals, and solves for the weights between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from sipas.feasibility.inputs import (
    Rates,
    Shares,
    by_group,
    grid_parts,
    printed_intervals,
    rates_and_totals,
    whole_numbers,
)
from sipas.feasibility.polytope import Intervals, fits, grid, shortfall
from sipas.feasibility.results import FeasibleWeights, weight_ranges
from sipas.printed_decimals import Rounding
from survey.errors import SurveyError, first_five, require_columns


def feasible_weights(
    group_rates: Rates,
    total: float | Shares | pd.Series,
    *,
    step: float | None = None,
    decimals: int = 2,
    sizes: Shares | pd.Series | None = None,
    schemes: Mapping[str, Shares] | None = None,
    rounding: Rounding = "half_up",
) -> FeasibleWeights:
    r"""Find the weights of groups that are compatible with a printed total.

    Parameters
    ----------
    group_rates : mapping, Series or DataFrame
        Printed rate of each group; or a table, a row for each item (or year) and a column for
        each group, whose rows share the weights.
    total : float, mapping or Series
        The printed total; with a table one for each row.
    step : float, optional
        Also try every set of weights in such steps, for example 0.05.
    decimals : int
        Decimals that rates and totals are printed with.
    sizes : mapping or Series, optional
        Respondents of each group; tried as the scheme ``respondents``.
    schemes : mapping, optional
        Further named sets of weights to try, such as ``{"population": {…}}``; any numbers of 0
        or more, divided by their sum. ``equal`` is always tried.
    rounding : {"half_up", "truncation"}
        How the figures were shortened.

    Returns
    -------
    FeasibleWeights

    Raises
    ------
    SurveyError
        For groups or rows that do not match, a figure that is missing or has more decimals, a
        step that does not divide 1, or weights that are negative or all 0.

    Notes
    -----
    With weights :math:`w_g \ge 0`, :math:`\sum_g w_g = 1`, rates within
    :math:`[\underline r_{ig}, \overline r_{ig})` and totals within
    :math:`[\underline t_i, \overline t_i)`, the weights fit just when, for every row,

    .. math:: \sum_g w_g \underline r_{ig} < \overline t_i, \qquad
              \sum_g w_g \overline r_{ig} > \underline t_i.

    The range of a weight is its least and greatest value under these conditions (linear
    programmes, HiGHS). Not every set within the ranges fits: see ``vertices()``. Schemes and steps
    are judged in whole numbers. All of it supposes one weight a group for every item, and that
    every group was asked every item.

    Examples
    --------
    Huế 2022; the weights themselves are printed nowhere.

    >>> rates = {"hdnd": 82.06, "so": 80.17, "phong": 73.50, "huyen": 90.65}
    >>> sent = {"hdnd": 46, "so": 65, "phong": 264, "huyen": 29}
    >>> feasible_weights(rates, 79.16, sizes=sent, step=0.05)
    Weights of 4 groups that fit the printed total 79.16
    ...
    Weights “equal” give 81.60: excluded, off by 2.44.
    Weights “respondents” give 76.78: excluded, off by 2.38.
    In steps of 0.05: 5 of 1,771 sets of weights fit.
    """
    rates, totals = rates_and_totals(group_rates, total)
    given = None if sizes is None else by_group(sizes, rates.columns, "sizes")
    named = {"equal": pd.Series(1.0, index=rates.columns)}
    named |= {} if given is None else {"respondents": given}
    named |= {
        name: by_group(shares, rates.columns, f"schemes[{name!r}]")
        for name, shares in (schemes or {}).items()
    }
    return _found(
        rates, totals, printed_intervals(rates, totals, decimals, rounding), named, given, step
    )


def feasible_policy_weight(
    years: pd.DataFrame,
    *,
    decimals: int = 2,
    derived: Iterable[object] = (),
    rounding: Rounding = "half_up",
) -> FeasibleWeights:
    """Find the weight of the policy aspect in the overall index that printed years allow.

    Parameters
    ----------
    years : DataFrame
        Index year; columns ``policy``, ``services`` and ``overall``, as printed.
    decimals : int
        Decimals that they are printed with.
    derived : iterable
        Years whose two aspects are not printed but worked out, as the next year's figure less the
        printed change: their intervals are twice as wide.
    rounding : {"half_up", "truncation"}
        How the figures were shortened.

    Returns
    -------
    FeasibleWeights
        ``ranges`` over all years together, ``by_row()`` of each year.

    Raises
    ------
    SurveyError
        For a missing column or figure, or a year in ``derived`` that is no row.

    Examples
    --------
    The nation in 2023 and 2024; aspects of 2023 from the changes printed for 2024.

    >>> years = pd.DataFrame({"policy": [82.49, 83.84], "services": [82.97, 84.09],
    ...                       "overall": [82.66, 83.94]}, index=[2023, 2024])
    >>> feasible_policy_weight(years, derived=[2023]).ranges.round(3)
                low   high
    group
    policy    0.615  0.640
    services  0.360  0.385
    """
    require_columns(years.columns, ["policy", "services", "overall"], where="years")
    unknown = [year for year in derived if year not in years.index]
    if unknown:
        raise SurveyError(
            f"derived: no such year: {first_five(unknown)}.",
            mend=f"There is: {first_five(years.index)}.",
        )
    rates, totals = rates_and_totals(years[["policy", "services"]], years["overall"])
    intervals = printed_intervals(rates, totals, decimals, rounding, wide=list(derived))
    named = {"equal": pd.Series(1.0, index=rates.columns)}
    return _found(rates, totals, intervals, named, None, None)


def _found(
    rates: pd.DataFrame,
    totals: pd.Series,
    intervals: Intervals,
    named: Mapping[str, pd.Series],
    sizes: pd.Series | None,
    step: float | None,
) -> FeasibleWeights:
    """Put together ranges, schemes and grid."""
    short, nearest = shortfall(*intervals.halfspaces())
    parts = 1 if step is None else grid_parts(step)
    sets = grid(len(rates.columns), parts)[: None if step else 0]
    kept = sets[fits(intervals, sets)] / parts
    return FeasibleWeights(
        rates=rates,
        totals=totals,
        ranges=weight_ranges(intervals, rates.columns),
        schemes=pd.concat(
            {name: _scheme(rates, totals, intervals, part) for name, part in named.items()},
            names=["scheme", "row"],
        ),
        grid=pd.DataFrame(kept, columns=rates.columns),
        tried=len(sets),
        shortfall=short,
        nearest=pd.Series(nearest, index=rates.columns.rename("group"), name="weight"),
        step=step,
        sizes=sizes,
        intervals=intervals,
    )


def _scheme(
    rates: pd.DataFrame, totals: pd.Series, intervals: Intervals, weights: pd.Series
) -> pd.DataFrame:
    """Tell what a set of weights makes of the printed rates, and whether each row allows it."""
    whole = whole_numbers(weights)
    estimate = rates.to_numpy() @ (whole / whole.sum())
    allowed = [bool(fits(intervals.row(k), whole[None, :])[0]) for k in range(len(totals))]
    return pd.DataFrame(
        {
            "estimate": estimate,
            "printed": totals,
            "off": estimate - totals,
            "fits": allowed,
        },
        index=totals.index,
    )
