"""Answer the oracle's requests with this library's public functions.

Each family of requests has its own module, which maps the oracle's ``fn`` to a function of the
case and its design that returns arrays under the names that the oracle uses.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import answer_contrasts
import answer_estimates
import answer_models
import answer_moments
import answer_quantiles
import answer_reliability
import answer_shares
import answer_tests
import answer_weights
from oracle_designs import Case, NotSupported, design

FUNCTIONS = {
    **answer_weights.FUNCTIONS,
    **answer_estimates.FUNCTIONS,
    **answer_models.FUNCTIONS,
    **answer_tests.FUNCTIONS,
    **answer_shares.FUNCTIONS,
    **answer_contrasts.FUNCTIONS,
    **answer_moments.FUNCTIONS,
    **answer_quantiles.FUNCTIONS,
    **answer_reliability.FUNCTIONS,
}


def answer(case: Case, folder: Path) -> dict[str, Any]:
    """Everything that the oracle may ask of one case."""
    fn = case["stat"]["fn"]
    if fn not in FUNCTIONS:
        raise NotSupported(fn)
    return FUNCTIONS[fn](case, design(case, folder))
