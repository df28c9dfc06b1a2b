"""Satisfaction indices of Vietnam's provincial surveys, and what can be said of their change.

`clean` a sheet by its instrument, compute `satisfaction` or `leader_scores`, `compare` two years,
ask for the `contributions`, and write Section A with `section_a`.

What the first lines of a notebook need is there at once; the rest is imported when first asked
for, so that ``import sipas`` stays light.
"""

from importlib import import_module
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
    from sipas.attainability import attainable
    from sipas.auditing import audit
    from sipas.changes import compare_years
    from sipas.composition import mix_effect
    from sipas.diagnostics import index_diagnostics
    from sipas.explaining import explain
    from sipas.feasibility import feasible_policy_weight, feasible_weights
    from sipas.instrument_effects import instrument_effect
    from sipas.key_drivers import importance, priorities
    from sipas.planning import plan_next_year
    from sipas.records import record
    from sipas.report import section_a
    from sipas.robustness import specification_grid, weight_perturbation
    from sipas.targeting import par_points, par_total, published_par_totals, targets

__all__ = [
    "Answers",
    "Instrument",
    "attainable",
    "audit",
    "clean",
    "compare",
    "compare_years",
    "contributions",
    "datasets",
    "explain",
    "feasible_policy_weight",
    "feasible_weights",
    "importance",
    "index_diagnostics",
    "instrument_effect",
    "leader_scores",
    "mix_effect",
    "par_points",
    "par_total",
    "plan_next_year",
    "priorities",
    "published_par_totals",
    "read",
    "record",
    "satisfaction",
    "section_a",
    "specification_grid",
    "targets",
    "weight_perturbation",
]

_LATER = {
    "attainability": ("attainable",),
    "auditing": ("audit",),
    "changes": ("compare_years",),
    "composition": ("mix_effect",),
    "diagnostics": ("index_diagnostics",),
    "explaining": ("explain",),
    "feasibility": ("feasible_policy_weight", "feasible_weights"),
    "instrument_effects": ("instrument_effect",),
    "key_drivers": ("importance", "priorities"),
    "planning": ("plan_next_year",),
    "records": ("record",),
    "report": ("section_a",),
    "robustness": ("specification_grid", "weight_perturbation"),
    "targeting": ("par_points", "par_total", "published_par_totals", "targets"),
}
_HOME = {name: module for module, names in _LATER.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what is asked for the first time."""
    if name not in _HOME:
        raise AttributeError(f"module 'sipas' has no attribute {name!r}")
    return getattr(import_module(f"sipas.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return __all__
