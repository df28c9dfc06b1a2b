"""A printed decimal stands for an interval: what it can have been before it was rounded.

Exact fractions, so that a figure on the very edge is judged as a reader would.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal

from survey.errors import SurveyError, require_option

Rounding = Literal["half_up", "truncation"]
Figure = float | str | Decimal


def as_decimal(printed: Figure) -> Decimal:
    """Read a figure as it is printed, with a decimal comma or point.

    Raises
    ------
    SurveyError
        For what is no finite number.

    Examples
    --------
    >>> as_decimal("90,65"), as_decimal(73.5)
    (Decimal('90.65'), Decimal('73.5'))
    """
    try:
        value = Decimal(str(printed).strip().replace(",", "."))
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite():
        raise SurveyError(
            f"printed figure: {printed!r} is no number.", mend="Give it such as 90.65 or '90,65'."
        )
    return value


def decimals_of(printed: Decimal) -> int:
    """Count the decimals that a figure is written with.

    Examples
    --------
    >>> decimals_of(Decimal("73.5")), decimals_of(Decimal("404"))
    (1, 0)
    """
    return max(0, -int(printed.as_tuple().exponent))


def rounding_interval(
    printed: Decimal, decimals: int, rounding: Rounding = "half_up"
) -> tuple[Fraction, Fraction]:
    """Give the interval that rounds to a printed figure: lower end within, upper end without.

    Parameters
    ----------
    printed : Decimal
        The figure; 0 or more.
    decimals : int
        Decimals it is printed with, no fewer than it is written with.
    rounding : {"half_up", "truncation"}
        How it was shortened.

    Raises
    ------
    SurveyError
        For a negative figure, more decimals written than ``decimals``, or another rounding.

    Examples
    --------
    >>> [float(end) for end in rounding_interval(Decimal("79.16"), 2)]
    [79.155, 79.165]
    >>> [float(end) for end in rounding_interval(Decimal("79.16"), 2, "truncation")]
    [79.16, 79.17]
    """
    require_option(rounding, ("half_up", "truncation"), where="rounding")
    if printed < 0:
        raise SurveyError(f"printed figure: {printed} is negative.", mend="Give 0 or more.")
    if decimals < decimals_of(printed):
        raise SurveyError(
            f"decimals: {printed} is written with {decimals_of(printed)}, not {decimals}.",
            mend="Give the decimals that the table is printed with.",
        )
    unit = Fraction(1, 10**decimals)
    low = Fraction(printed) - (unit / 2 if rounding == "half_up" else 0)
    return low, low + unit
