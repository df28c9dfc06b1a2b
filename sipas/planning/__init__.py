"""Planning next year's survey of households from this year's."""

from sipas.planning.next_year import plan_next_year
from sipas.planning.results import NextYear

__all__ = ["NextYear", "plan_next_year"]
