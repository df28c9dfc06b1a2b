"""What made a change: the contribution of each statement, dimension, district or group.

Contributions are exact: they add up to the change of the index to within 1e-9, under any pattern
of missing answers, and each has a standard error from the same covariance as the change.
"""

from sipas.drivers.contributing import contributions
from sipas.drivers.results import Contributions

__all__ = ["Contributions", "contributions"]
