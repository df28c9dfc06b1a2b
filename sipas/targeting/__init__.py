"""Points of the PAR INDEX that a survey earns, and how far an index is from its target."""

from sipas.targeting.distances import TargetTable, targets
from sipas.targeting.points import ParPoints, par_points
from sipas.targeting.published_totals import PublishedTotals, published_par_totals
from sipas.targeting.totals import ParTotal, par_total

__all__ = [
    "ParPoints",
    "ParTotal",
    "PublishedTotals",
    "TargetTable",
    "par_points",
    "par_total",
    "published_par_totals",
    "targets",
]
