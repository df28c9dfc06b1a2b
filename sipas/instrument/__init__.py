"""The questionnaire as data: items, dimensions, scale, meaning of codes, provenance."""

from sipas.instrument.parts import (
    Aspect,
    Dimension,
    Fields,
    Group,
    Item,
    Kind,
    NoAnswer,
    Provenance,
    Scale,
    Source,
)
from sipas.instrument.questionnaire import Instrument, shipped_ids
from sipas.sentences import Text

__all__ = [
    "Aspect",
    "Dimension",
    "Fields",
    "Group",
    "Instrument",
    "Item",
    "Kind",
    "NoAnswer",
    "Provenance",
    "Scale",
    "Source",
    "Text",
    "shipped_ids",
]
