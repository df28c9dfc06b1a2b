"""Composition: whether people answered otherwise, or other people answered."""

from sipas.composition.mix_effects import mix_effect
from sipas.composition.results import MixEffect

__all__ = ["MixEffect", "mix_effect"]
