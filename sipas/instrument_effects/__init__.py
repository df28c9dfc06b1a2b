"""What a change of points owes to the questionnaire: other maxima, items added and dropped."""

from sipas.instrument_effects.points_change import instrument_effect
from sipas.instrument_effects.results import InstrumentEffect

__all__ = ["InstrumentEffect", "instrument_effect"]
