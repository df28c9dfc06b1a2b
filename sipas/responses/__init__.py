"""From the raw sheet to clean answers, with a log of every change and the response account."""

from sipas.responses.answers import REASONS, Answers, clean
from sipas.responses.populations import Inference, Response, Unit

__all__ = ["REASONS", "Answers", "Inference", "Response", "Unit", "clean"]
