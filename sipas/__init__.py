"""Satisfaction indices of Vietnam's provincial surveys, and what can be said of their change.

`clean` a sheet by its instrument, compute `satisfaction` or `leader_scores`, `compare` two years,
ask for the `contributions`, and write Section A with `section_a`.
"""

from typing import TYPE_CHECKING, Any

import survey

if not hasattr(survey, "Design"):
    raise ImportError(
        f"sipas needs its own 'survey' package, but Python found another at {survey.__file__}. "
        "A package of the same name (terminal prompts) is on the public index: uninstall it with "
        "'pip uninstall survey', then install sipas again."
    )

from sipas import datasets
from sipas.changes import compare
from sipas.drivers import contributions
from sipas.formats import read
from sipas.indices import satisfaction
from sipas.instrument import Instrument
from sipas.leaders import leader_scores
from sipas.responses import Answers, clean

if TYPE_CHECKING:
    from sipas.report import section_a

__all__ = [
    "Answers",
    "Instrument",
    "clean",
    "compare",
    "contributions",
    "datasets",
    "leader_scores",
    "read",
    "satisfaction",
    "section_a",
]


def __getattr__(name: str) -> Any:
    """Import the report when it is asked for, so that ``import sipas`` stays light."""
    if name != "section_a":
        raise AttributeError(f"module 'sipas' has no attribute {name!r}")
    from sipas.report import section_a

    return section_a


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return __all__
