"""One formula of an index, in symbols and in numbers.

Every step of every index is a sum of weighted terms over a divisor: a mean of statements, a
weighted mean of groups, points over maxima, satisfied answers over answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sipas.numerals import Lang, number
from survey.display import half_up


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a sum.

    Parameters
    ----------
    symbol : str
        Its name.
    amount : float
        What the symbol stands for.
    weight : float
        What it is multiplied by.
    weight_symbol : str
        Name of the weight; without a name a weight other than 1 is written as a number.
    """

    symbol: str
    amount: float
    weight: float = 1.0
    weight_symbol: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """``left = factor × (weight × term + …) / divisor``.

    Parameters
    ----------
    left : str
        Name of the result.
    terms : tuple of Term
        The sum.
    divisor : float
        What the sum is divided by.
    divisor_symbol : str
        Its name; without a name nothing is divided.
    factor : float
        100 where a share is written in per cent.
    counts : bool
        Whether the terms are counts, written without decimals.

    Examples
    --------
    >>> one = Formula("S3", (Term("S3.1", 80.0), Term("S3.2", 75.5)), 2.0, "2")
    >>> print(one.in_symbols(), one.with_numbers(lang="vi"), one.value, sep="; ")
    S3 = (S3.1 + S3.2) / 2; (80,00 + 75,50) / 2; 77.75
    """

    left: str
    terms: tuple[Term, ...]
    divisor: float = 1.0
    divisor_symbol: str = ""
    factor: float = 1.0
    counts: bool = False

    @property
    def value(self) -> float:
        """What the formula gives; missing where nothing is divided by nothing."""
        if self.divisor == 0:
            return math.nan
        total = math.fsum(term.weight * term.amount for term in self.terms)
        return self.factor * total / self.divisor

    def in_symbols(self, *, lang: Lang = "en") -> str:
        """Write the formula with the names of its terms."""
        return f"{self.left} = {' '.join(self.symbol_pieces(lang))}"

    def with_numbers(self, *, lang: Lang = "en", decimals: int = 2) -> str:
        """Write the right side with the numbers that the names stand for."""
        return " ".join(self.number_pieces(lang, decimals))

    def symbol_pieces(self, lang: Lang) -> list[str]:
        """Write the right side in names, in pieces between which a line may break."""
        terms = [
            _product(term.weight_symbol or _unless_one(term.weight, lang), term.symbol)
            for term in self.terms
        ]
        return self._around(terms, self.divisor_symbol, lang)

    def number_pieces(self, lang: Lang, decimals: int) -> list[str]:
        """Write the right side in numbers, in pieces between which a line may break."""
        terms = [
            _product(
                short(term.weight, lang) if term.weight_symbol else _unless_one(term.weight, lang),
                number(term.amount, 0 if self.counts else decimals, lang=lang),
            )
            for term in self.terms
        ]
        below = short(self.divisor, lang) if self.divisor_symbol else ""
        return self._around(terms, below, lang)

    def _around(self, terms: list[str], below: str, lang: Lang) -> list[str]:
        """Put factor, brackets and divisor around the terms."""
        bracket = len(terms) > 1 and bool(below or self.factor != 1)
        first = f"{short(self.factor, lang)} × " if self.factor != 1 else ""
        pieces = [terms[0], *(f"+ {term}" for term in terms[1:])]
        pieces[0] = f"{first}{'(' if bracket else ''}{pieces[0]}"
        pieces[-1] += ")" if bracket else ""
        return [*pieces, f"/ {below}"] if below else pieces


def short(value: float, lang: Lang) -> str:
    """Write a weight with four decimals at most, and no zeros that say nothing.

    Examples
    --------
    >>> short(0.25, "vi"), short(100.0, "en"), short(1 / 3, "en")
    ('0,25', '100', '0.3333')
    """
    if not math.isfinite(value):
        return number(value, lang=lang)
    kept = -int(half_up(value, 4).normalize().as_tuple().exponent)
    return number(value, max(0, kept), lang=lang)


def _unless_one(weight: float, lang: Lang) -> str:
    """Write a weight, unless it says nothing."""
    return "" if weight == 1 else short(weight, lang)


def _product(weight: str, term: str) -> str:
    return f"{weight} × {term}" if weight else term
