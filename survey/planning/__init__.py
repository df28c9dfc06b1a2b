"""Planning a survey from one that was done: what it can see, and what seeing more would take."""

from survey.planning.clustering import variance_components
from survey.planning.detectable import detectable_change
from survey.planning.results import DetectableChange, SampleSizes, VarianceComponents
from survey.planning.sample_sizes import sample_size

__all__ = [
    "DetectableChange",
    "SampleSizes",
    "VarianceComponents",
    "detectable_change",
    "sample_size",
    "variance_components",
]
