"""Printed rates, totals and weights, read exactly: whole numbers of a small unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

import numpy as np
import pandas as pd

from sipas.feasibility.polytope import Intervals, Ints
from sipas.printed_decimals import Rounding, as_decimal, rounding_interval
from survey.errors import SurveyError, first_five

Shares = Mapping[str, float]
Rates = Mapping[str, float] | pd.Series | pd.DataFrame
#: Name of the row where there is one total.
SINGLE = "total"


def rates_and_totals(
    given: Rates, total: float | Shares | pd.Series
) -> tuple[pd.DataFrame, pd.Series]:
    """Read rates as a table of rows × groups, and the total of each row.

    Raises
    ------
    SurveyError
        For fewer than two groups, rows without a total, or figures that are missing.
    """
    if isinstance(given, pd.DataFrame):
        rates, totals = given, _of_each_row(total, given.index)
    else:
        rates = pd.DataFrame([pd.Series(given)], index=[SINGLE])
        totals = _of_each_row({SINGLE: total} if np.isscalar(total) else total, rates.index)
    rates = rates.map(_number).astype(np.float64)
    if len(rates.columns) < 2:
        raise SurveyError(
            "group_rates: weights need two groups or more.", mend="Give their rates."
        )
    empty = rates.columns[rates.isna().any()]
    if len(empty) or totals.isna().any():
        raise SurveyError(
            f"group_rates: a figure is missing for {first_five([*empty] or ['the total'])}.",
            mend="Leave out the rows, or the groups, that are not printed.",
        )
    return rates.rename_axis(columns=None), totals


def by_group(given: Shares | pd.Series, groups: pd.Index, where: str) -> pd.Series:
    """Read a number for each group.

    Raises
    ------
    SurveyError
        For another group, a group without a number, a negative one, or none above 0.
    """
    made = pd.Series(given).map(_number).astype(np.float64)
    if set(made.index) != set(groups) or not (made >= 0).all() or not made.sum() > 0:
        raise SurveyError(
            f"{where}: got {dict(given)}.",
            mend=f"Give each of {first_five(groups)} a number of 0 or more, not all 0.",
        )
    return made.reindex(groups)


def printed_intervals(
    rates: pd.DataFrame,
    totals: pd.Series,
    decimals: int,
    rounding: Rounding,
    wide: Sequence[object] = (),
) -> Intervals:
    """Turn printed figures into whole-number intervals; rates of the ``wide`` rows twice as wide.

    A figure less a printed change lies within one unit of the last decimal on either side.
    """
    units = Fraction(2 * 10**decimals)

    def ends(figure: float, doubled: bool = False) -> tuple[int, int]:
        printed = as_decimal(figure)
        low, high = rounding_interval(printed, decimals, rounding)
        if doubled:
            low, high = Fraction(printed) - (high - low), Fraction(printed) + (high - low)
        return int(low * units), int(high * units)

    cells = [
        [ends(figure, row in wide) for figure in figures]
        for row, figures in zip(rates.index, rates.to_numpy().tolist(), strict=True)
    ]
    low, high = np.moveaxis(np.array(cells, dtype=np.int64), 2, 0)
    total_low, total_high = np.array([ends(t) for t in totals.tolist()], dtype=np.int64).T
    return Intervals(low, high, total_low, total_high, decimals)


def whole_numbers(weights: pd.Series) -> Ints:
    """Weights as whole numbers in the same proportions."""
    exact = [Fraction(as_decimal(weight)) for weight in weights.tolist()]
    unit = lcm(*(weight.denominator for weight in exact))
    return np.array([int(weight * unit) for weight in exact], dtype=np.int64)


def grid_parts(step: float) -> int:
    """Count the steps in 1.

    Raises
    ------
    SurveyError
        For a step that does not divide 1.
    """
    parts = 1 / Fraction(as_decimal(step)) if 0 < step <= 1 else Fraction(1, 2)
    if parts.denominator != 1:
        raise SurveyError(f"step: {step} does not divide 1.", mend="Use such as 0.05 or 0.1.")
    return int(parts)


def _of_each_row(total: object, rows: pd.Index) -> pd.Series:
    """Read the printed total of each row."""
    made = pd.Series(dtype=np.float64) if np.isscalar(total) else pd.Series(total).map(_number)
    if set(made.index) != set(rows):
        raise SurveyError(
            "total: a table of rates needs the total of each row, other rates a single total.",
            mend=f"Give one for each of {first_five(rows)}.",
        )
    return made.reindex(rows).astype(np.float64)


def _number(printed: object) -> float:
    """Read a figure, with a decimal comma or point; NaN where nothing is printed."""
    if printed is None or printed is pd.NA or printed != printed:
        return float("nan")
    return float(as_decimal(str(printed)))
