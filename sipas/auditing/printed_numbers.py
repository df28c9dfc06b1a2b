"""What a printed number can stand for: its value, its decimals, and the interval around it.

``79.16`` stands for everything that prints as 79.16: from 79.155 to 79.165 if it was rounded.
Letters that a scanner writes for digits are read as the digits and remembered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_DIGIT_OF = str.maketrans("OoIl|SB", "0011158")
_NUMBER = re.compile(r"[+\-−]?\d+(?:[.,]\d+)*%?")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
#: A decimal number in running text, in no code, date or fraction.
DECIMAL_IN_TEXT = re.compile(r"(?<![\d.,/])\d+([.,])\d+(?![\d.,]*[/\d])(?![.,]\d)")
_IN_TEXT = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """One printed number: value, decimals, decimal mark, whether letters stood for digits."""

    value: Decimal
    decimals: int
    mark: str
    letters: bool


def read_number(text: str, *, counted: bool = False) -> PrintedNumber | None:
    """Read one printed number; ``None`` where the text is something else.

    Parameters
    ----------
    text : str
        As printed: ``79,16``, ``79.16``, ``93.50%``, ``I``.
    counted : bool
        The number counts something, so that ``15,120`` is fifteen thousand.

    Examples
    --------
    >>> read_number("79,160"), read_number("l")
    (PrintedNumber(value=Decimal('79.160'), decimals=3, mark=',', letters=False),
     PrintedNumber(value=Decimal('1'), decimals=0, mark='', letters=True))
    >>> read_number("15,120", counted=True).value, read_number(">=90")
    (Decimal('15120'), None)
    """
    written = text.strip().replace("\N{NO-BREAK SPACE}", "").replace("\N{MINUS SIGN}", "-")
    digits = written.translate(_DIGIT_OF)
    if not _NUMBER.fullmatch(digits):
        return None
    plain = digits.rstrip("%")
    if counted and _GROUPED.fullmatch(plain):
        plain = re.sub(r"[.,]", "", plain)
    whole, mark, fraction = _split(plain)
    sign = "-" if plain.startswith("-") else ""
    value = Decimal(f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}")
    return PrintedNumber(value, len(fraction), mark, digits != written)


def numbers_in(text: str) -> list[float]:
    """List the numbers in running text, decimal commas and points alike.

    Examples
    --------
    >>> numbers_in("đạt 17,42/22 điểm (79.16%)")
    [17.42, 22.0, 79.16]
    """
    found = (read_number(piece) for piece in _IN_TEXT.findall(text))
    return [float(number.value) for number in found if number is not None]


def half_units(decimals: Sequence[int] | NDArray[np.int64]) -> Floats:
    """Give half a unit of the last printed place.

    Examples
    --------
    >>> half_units([0, 2])
    array([0.5  , 0.005])
    """
    return np.asarray(0.5 * 10.0 ** (-np.asarray(decimals, dtype=float)), dtype=float)


def drops_zeros(values: Floats, decimals: NDArray[np.int64]) -> bool:
    """Say whether a column was written to one number of decimals with ending zeros left out.

    A spreadsheet writes 0.5 for 0.5000. That is believed of a column of at least eight numbers
    when most have all the decimals, none ends in a zero, and nearly all of the shorter ones are
    whole quarters, as scores are. Otherwise each number is taken at the decimals it shows.

    Examples
    --------
    >>> drops_zeros(np.array([.81, .81, 1.08, 1.2, 1.12, 1.19, 1.13, .77]), np.array([2, 2, 2, 1,
    ...     2, 2, 2, 2]))
    True
    >>> drops_zeros(np.array([.81, .8]), np.array([2, 1]))
    False
    """
    most = decimals.max(initial=0)
    full = decimals == most
    if len(values) < 8 or most == 0 or full.mean() < 0.5 or full.all():
        return False
    quarters = np.isclose(values * 4, np.round(values * 4))
    ends_in_zero = np.isclose(
        values * 10 ** (decimals - 1.0), np.round(values * 10 ** (decimals - 1.0))
    )
    odd = ~full & ~quarters
    return bool(not (ends_in_zero & (decimals > 0)).any() and odd.sum() <= 0.15 * len(values))


def _split(plain: str) -> tuple[str, str, str]:
    """Split at the last decimal mark; marks before it group thousands."""
    unsigned = plain.lstrip("+-")
    at = max(unsigned.rfind("."), unsigned.rfind(","))
    if at < 0:
        return unsigned, "", ""
    return re.sub(r"[.,]", "", unsigned[:at]), unsigned[at], unsigned[at + 1 :]
