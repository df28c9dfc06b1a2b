"""What goes with overall satisfaction: importance of dimensions and statements, and priorities.

The outcome is a question of its own, never the index. What is found is association at one time;
what made a change is in `sipas.drivers`.
"""

from sipas.key_drivers.overall_importance import DriverImportance, importance
from sipas.key_drivers.priority_quadrants import Priorities, priorities
from sipas.key_drivers.quadrants import Quadrant, quadrant_label

__all__ = [
    "DriverImportance",
    "Priorities",
    "Quadrant",
    "importance",
    "priorities",
    "quadrant_label",
]
