"""Which weights of groups a printed total allows, and which it excludes.

A total that is a weighted mean of printed rates says something about the weights even when they
are printed nowhere: the range of each follows from two linear programmes.
"""

from sipas.feasibility.ranges import feasible_policy_weight, feasible_weights
from sipas.feasibility.results import FeasibleWeights

__all__ = ["FeasibleWeights", "feasible_policy_weight", "feasible_weights"]
