"""Model formulas: column names and interactions, read as text and never evaluated."""

from survey.formulas.levels import codes_of, levels_of
from survey.formulas.model_matrix import (
    ModelFormula,
    ModelMatrix,
    Variable,
    complete,
    is_factor,
    model_matrix,
    read_formula,
    term_name,
)

__all__ = [
    "ModelFormula",
    "ModelMatrix",
    "Variable",
    "codes_of",
    "complete",
    "is_factor",
    "levels_of",
    "model_matrix",
    "read_formula",
    "term_name",
]
