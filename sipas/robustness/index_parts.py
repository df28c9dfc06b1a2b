"""What an index is made of: its default, its statements by dimension, the weights of these."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sipas.composites import TOTAL, Scheme
from sipas.instrument import Instrument
from survey.errors import SurveyError, did_you_mean

#: Levels of a scheme that are made of dimensions.
WHOLES = ("aspect", "overall", "total")


def default_index(instrument: Instrument) -> str:
    """Name the index that is meant when none is: the first aspect, or the leaders' total."""
    return TOTAL if instrument.kind == "leaders" else instrument.aspects[0].code


def check_index(instruments: Sequence[Instrument], of: str) -> None:
    """Refuse an aspect that a questionnaire does not have, or anything but the leaders' total.

    Raises
    ------
    SurveyError
        Naming those it has.
    """
    for instrument in instruments:
        aspects = [part.code for part in instrument.aspects]
        known = [TOTAL] if instrument.kind == "leaders" else aspects
        if of not in known:
            raise SurveyError(
                f"specification_grid(of={of!r}): {instrument.id} has {known}.",
                mend=did_you_mean(of, known),
            )


def members(instrument: Instrument, of: str) -> dict[str, list[str]]:
    """Statements of each dimension of an aspect, or of the leaders' total."""
    return {
        part.code: [item.code for item in instrument.items_of(part.code)]
        for part in instrument.dimensions
        if of in (TOTAL, part.aspect)
    }


def dimension_weights(scheme: Scheme, instrument: Instrument, of: str, where: str) -> pd.Series:
    """Nominal weight of each dimension in an index of a scheme, adding up to 1.

    Raises
    ------
    SurveyError
        An index that the scheme does not have, or that has one dimension only.
    """
    wholes = [
        code for code, level in zip(scheme.codes, scheme.levels, strict=True) if level in WHOLES
    ]
    if of not in wholes:
        raise SurveyError(
            f"{where}(of={of!r}): {instrument.id} has {wholes}.", mend=did_you_mean(of, wholes)
        )
    owner = {item.code: item.dimension for item in instrument.index_items}
    row = pd.Series(scheme.row(of), index=[owner[code] for code in scheme.items])
    made = row.groupby(level=0, sort=False).sum()
    if (made > 0).sum() < 2:
        raise SurveyError(
            f"{where}(of={of!r}): it has one dimension only.",
            mend="Choose an index of several dimensions.",
        )
    return made[made > 0].rename_axis("dimension")
