"""Whether a printed figure can arise from so many answers at all: a granularity test.

Means of whole answers lie on a grid. A figure that no point of the grid rounds to cannot come
from those answers: some were left blank, fewer came back, or the figure is wrong.
"""

from sipas.attainability.granularity import attainable
from sipas.attainability.results import Attainability

__all__ = ["Attainability", "attainable"]
