"""The columns that say who answered: which of them a change cannot be split by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sipas.changes import Change, refuse_unfilled
from sipas.composition.results import MIX, TOTAL, UNEXPLAINED, WITHIN, Method
from sipas.indices import SatisfactionIndex
from survey.decomposition.rates_and_mix import MOST_FACTORS
from survey.errors import SurveyError
from survey.formulas.model_matrix import FACTOR

#: What an error of `survey.kitagawa` or `survey.oaxaca` begins with.
_PLACE = re.compile(r"^(?:kitagawa|oaxaca|formula)(?:\(\w+=.*?\))?: ")


def check_factors(change: Change, factors: Sequence[str], method: Method) -> None:
    """Refuse too many factors, one named like an effect, and columns that are not filled.

    Raises
    ------
    SurveyError
        In the words of `sipas.mix_effect`, with the questionnaire at fault.
    """
    taken = {WITHIN, MIX, TOTAL, UNEXPLAINED} & set(factors)
    if taken:
        raise SurveyError(
            f"mix_effect(by=): a column called {min(taken)!r} would be taken for another effect.",
            mend="Rename the column.",
        )
    columns = [FACTOR.sub(r"\1", name) for name in factors] if method == "oaxaca" else factors
    most = MOST_FACTORS if method == "das_gupta" else len(columns)
    repeated = len(set(columns)) < len(columns)
    if not 1 <= len(columns) <= most or repeated:
        raise SurveyError(
            f"mix_effect(by={list(factors)!r}): {len(columns)} factors"
            + (", not all different." if repeated else "."),
            mend=f"Give one to {MOST_FACTORS}, each once; method='oaxaca' takes more.",
        )
    for year in (change.before, change.after):
        if isinstance(year, SatisfactionIndex):
            refuse_unfilled(year, columns, "mix_effect")


@contextmanager
def speaking_as_mix_effect(factors: Sequence[str]) -> Iterator[None]:
    """Let errors of the decomposition name the call that the user made."""
    try:
        yield
    except SurveyError as error:
        reason = _PLACE.sub("", error.what, count=1)
        raise SurveyError(
            f"mix_effect(by={list(factors)!r}): {reason}", mend=error.mend
        ) from error
