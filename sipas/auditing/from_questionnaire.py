"""The identities that a questionnaire implies: what its dimensions are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sipas.instrument import Instrument


def questionnaire_identities(instrument: Instrument) -> tuple[Mapping[str, Any], ...]:
    """Say what each dimension of a questionnaire is made of.

    A domain of the leader survey is the sum of its items' points and maxima; a dimension of
    households the mean of its statements' rates. Rows are matched by the questionnaire's codes.
    """
    leaders = instrument.kind == "leaders"
    form = "sum" if leaders else "mean"
    made = []
    for dimension in instrument.dimensions:
        codes = [re.escape(item.code) for item in instrument.items_of(dimension.code)]
        made.append(
            {
                "name": f"{instrument.id} {dimension.code}",
                "form": form,
                "whole": rf"\g<family>/{dimension.code}",
                "parts": rf"(?P<family>[^/]+)/(?:{'|'.join(codes)})",
                "count": len(codes),
                "measures": ["points", "max_points"] if leaders else ["rate_pct"],
            }
        )
    return tuple(made)
