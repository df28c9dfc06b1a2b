"""Answer the oracle's requests with this library's public functions.

Each family of requests has its own module, which maps the oracle's ``fn`` to a function of the
case and its design that returns arrays under the names that the oracle uses.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import answer_estimates
from oracle_designs import Case, NotSupported, design

FUNCTIONS = {**answer_estimates.FUNCTIONS}


def answer(case: Case, folder: Path) -> dict[str, Any]:
    """Everything that the oracle may ask of one case."""
    fn = case["stat"]["fn"]
    if fn not in FUNCTIONS:
        raise NotSupported(fn)
    return FUNCTIONS[fn](case, design(case, folder))
