"""How a number is shown: rounded half-up once, on its decimal value, in the reader's language.

Results keep full precision; every shown text passes through here and nowhere else.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from survey.errors import SurveyError, require_option

Lang = Literal["vi", "en"]

NOT_ESTIMABLE = "–"
#: The true minus sign, which no typesetter breaks from its number or mistakes for a hyphen.
MINUS = "−"
_TO_VIETNAMESE = str.maketrans(",.", ".,")


def half_up(value: float | Decimal, decimals: int) -> Decimal:
    """Round half-up once, on the decimal value.

    Parameters
    ----------
    value : float or Decimal
        A finite number. A float is first read to 12 significant digits, because 79.165 and
        2.675 are not exact in binary and could otherwise round down.
    decimals : int
        Digits kept after the decimal point, 0 or more.

    Returns
    -------
    Decimal
        The rounded number, with exactly ``decimals`` digits; zero carries no sign.

    Raises
    ------
    SurveyError
        If the value is not finite, or ``decimals`` is negative.

    Examples
    --------
    >>> half_up(79.165, 2), half_up(2.675, 2)
    (Decimal('79.17'), Decimal('2.68'))
    >>> f"{2.675:.2f}"
    '2.67'
    """
    if decimals < 0:
        raise SurveyError(f"decimals: {decimals} is negative.", mend="Give 0 or more.")
    if not math.isfinite(value):
        raise SurveyError(f"half_up: {value} cannot be rounded.", mend="Give a finite number.")
    exact = Decimal(format(value, ".12g")) if isinstance(value, float) else Decimal(value)
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded.is_zero() else rounded


def number(value: float | Decimal, decimals: int = 2, *, lang: Lang = "vi") -> str:
    """Write a number for a reader.

    Parameters
    ----------
    value : float or Decimal
        The number, at full precision.
    decimals : int
        Digits after the decimal mark.
    lang : {"vi", "en"}
        Vietnamese writes ``1.234,56``, English ``1,234.56``.

    Returns
    -------
    str
        The text, with a true minus sign; an en dash for NaN.

    Examples
    --------
    >>> number(79.5556), number(79.5556, lang="en"), number(float("nan"))
    ('79,56', '79.56', '–')
    >>> number(36_000, 0), number(-1234.5, 1)
    ('36.000', '−1.234,5')
    """
    require_option(lang, ("vi", "en"), where="lang")
    if math.isnan(value):
        return NOT_ESTIMABLE
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    text = f"{half_up(value, decimals):,f}".replace("-", MINUS)
    return text.translate(_TO_VIETNAMESE) if lang == "vi" else text


def signed(value: float | Decimal, decimals: int = 2, *, lang: Lang = "vi") -> str:
    """Write a change: as `number`, with a plus sign where it rose.

    What rounds to zero has no sign.

    Examples
    --------
    >>> signed(1.2), signed(-9.04), signed(0.001), signed(2.5, 1, lang="en")
    ('+1,20', '−9,04', '0,00', '+2.5')
    """
    text = number(value, decimals, lang=lang)
    rose = value > 0 and any(digit in "123456789∞" for digit in text)
    return f"+{text}" if rose else text


def p_value(p: float, *, lang: Lang = "vi") -> str:
    """Write a p-value with three decimals.

    Parameters
    ----------
    p : float
        A probability; NaN where there is no test.
    lang : {"vi", "en"}
        Language of the decimal mark.

    Raises
    ------
    SurveyError
        If ``p`` is outside 0 to 1.

    Examples
    --------
    >>> p_value(0.0004), p_value(0.034), p_value(float("nan"))
    ('< 0,001', '0,034', '–')
    """
    if p < 0 or p > 1:
        raise SurveyError(f"p_value: {p} is not a probability.", mend="Give a number from 0 to 1.")
    if p < 0.001:
        return f"< {number(0.001, 3, lang=lang)}"
    return number(p, 3, lang=lang)
