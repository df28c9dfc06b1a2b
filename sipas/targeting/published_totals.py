"""The PAR INDEX put together from the printed points of Huế, and where the print contradicts it.

What must agree with what stands in ``published_totals.toml``; here it is only worked out, each
printed figure being the interval that rounds to it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from sipas.datasets import load_published
from sipas.desk_words import ShownWithNotes, word, written
from sipas.numerals import Lang
from sipas.printed_decimals import as_decimal, rounding_interval
from survey.errors import SurveyError, first_five

#: Decimals of printed points and rates.
DECIMALS = 2
Ends = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PublishedTotals(ShownWithNotes):
    """Printed figures beside what their parts make.

    Parameters
    ----------
    checks : DataFrame
        Index ``year``; columns ``check_vi check_en printed low high agrees note_vi note_en``:
        what is printed, and the interval in which the printed parts put it.
    """

    checks: pd.DataFrame

    def table(self, *, lang: Lang = "en") -> pd.DataFrame:
        """List the checks in one language.

        Returns
        -------
        DataFrame
            Index ``year``; columns ``check printed low high agrees note``.
        """
        other = "en" if lang == "vi" else "vi"
        kept = self.checks.drop(columns=[f"check_{other}", f"note_{other}"])
        return kept.rename(columns={f"check_{lang}": "check", f"note_{lang}": "note"})

    def _caption(self, lang: Lang) -> str:
        return word("published", "caption", lang)

    def _shown(self, lang: Lang) -> pd.DataFrame:
        places = {"printed": DECIMALS, "low": DECIMALS + 2, "high": DECIMALS + 2}
        made = written(self.table(lang=lang), places, lang).drop(columns="note")
        return made.rename(columns=lambda name: word("published_columns", name, lang))

    def _notes(self, lang: Lang) -> tuple[str, ...]:
        table = self.table(lang=lang)
        counts = {"checks": len(table), "agree": int(table["agrees"].sum())}
        wrong = table[~table["agrees"]]
        named = [
            f"{year}: {check}: {note}."
            for year, check, note in zip(wrong.index, wrong["check"], wrong["note"], strict=True)
        ]
        return (word("published", "count", lang, **counts), *named)


def published_par_totals(year: int | None = None) -> PublishedTotals:
    """Put together the printed PAR INDEX of Huế and name what contradicts it.

    Parameters
    ----------
    year : int, optional
        2018, 2019, 2021 or 2022; all by default.

    Returns
    -------
    PublishedTotals

    Raises
    ------
    SurveyError
        For a year that nothing is printed of.

    Notes
    -----
    A printed figure stands for the interval that rounds to it at two decimals, maxima for
    themselves. A check agrees where the interval of the whole and that of its parts meet.

    Examples
    --------
    >>> made = published_par_totals(2022).table()
    >>> made.loc[~made["agrees"], ["check", "printed", "low", "high"]]
                                    check  printed    low   high
    year
    2022  SIPAS points = 10 × index / 100     7.92  7.9555  7.9565
    """
    known = sorted({check["year"] for check in _checks()})
    if year is not None and year not in known:
        raise SurveyError(
            f"published_par_totals: nothing is printed of {year}.",
            mend=f"Years: {first_five(known)}.",
        )
    rows = [_checked(check) for check in _checks() if year in (None, check["year"])]
    return PublishedTotals(pd.DataFrame(rows).set_index("year"))


@cache
def _checks() -> list[dict[str, Any]]:
    """Read the file once."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["check"]
    return found


def _checked(check: dict[str, Any]) -> dict[str, object]:
    """Work out one check."""
    printed = _named(check["whole"], check["year"])
    whole = _added([_interval(figure, check["whole"]) for figure in printed])
    parts = [_part(named, check["year"]) for named in check["parts"]]
    low, high = {"sum": _added, "rate": _rate, "points": _points}[check["rule"]](parts)
    agrees = (whole[0] < high and low < whole[1]) or (low, high) == whole
    note = check.get("note", {"vi": "", "en": ""})
    return {
        "year": check["year"],
        "check_vi": check["name"]["vi"],
        "check_en": check["name"]["en"],
        "printed": float(sum(printed)),
        "low": float(low),
        "high": float(high),
        "agrees": agrees,
        "note_vi": "" if agrees else note["vi"],
        "note_en": "" if agrees else note["en"],
    }


def _named(reference: str, year: int) -> list[Fraction]:
    """Look up the printed figures of a reference."""
    table, level, codes, column = (part.strip() for part in reference.split("/"))
    rows = _printed(table)
    rows = rows[rows["level"].eq(level) & rows["year"].eq(year)].set_index("code")
    return [Fraction(as_decimal(str(rows.loc[code, column]))) for code in codes.split()]


_printed = cache(load_published)


def _part(reference: str, year: int) -> Ends:
    """Add up the figures of a reference."""
    return _added([_interval(figure, reference) for figure in _named(reference, year)])


def _interval(figure: Fraction, reference: str) -> Ends:
    """Give the interval of a printed figure; a maximum is what it is."""
    if reference.endswith("max_points"):
        return figure, figure
    return rounding_interval(as_decimal(float(figure)), DECIMALS)


def _added(parts: Sequence[Ends]) -> Ends:
    """Add intervals up."""
    low, high = zip(*parts, strict=True)
    return sum(low, Fraction(0)), sum(high, Fraction(0))


def _rate(parts: Sequence[Ends]) -> Ends:
    """Per cent of a maximum."""
    (maximum, _), (low, high) = parts
    return 100 * low / maximum, 100 * high / maximum


def _points(parts: Sequence[Ends]) -> Ends:
    """Points of a maximum."""
    (maximum, _), (low, high) = parts
    return maximum * low / 100, maximum * high / 100
