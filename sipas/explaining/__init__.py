"""From an index down to its tabulation: formula, the same formula with numbers, counts, error."""

from sipas.explaining.explaining import explain
from sipas.explaining.formulas import Formula, Term
from sipas.explaining.results import Explanation
from sipas.explaining.steps import Precision, Step

__all__ = ["Explanation", "Formula", "Precision", "Step", "Term", "explain"]
