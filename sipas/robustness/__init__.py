"""How far an index, or its change, would move under other defensible rules and weights."""

from sipas.robustness.grid import specification_grid
from sipas.robustness.perturbation import WeightPerturbation, weight_perturbation
from sipas.robustness.results import SpecificationGrid

__all__ = [
    "SpecificationGrid",
    "WeightPerturbation",
    "specification_grid",
    "weight_perturbation",
]
