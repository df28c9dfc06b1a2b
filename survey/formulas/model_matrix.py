"""From a formula in text to the columns of a model.

The formula language is that of R (``y ~ a + b``, ``a * b``, ``a:b``, ``(a + b)**2``, ``- 1``);
formulaic expands it into terms. A formula is user text: its terms may only be names of columns
and ``C(column)`` (or R's ``factor(column)``), which makes a column of numbers a factor. Nothing is
ever evaluated.

Words and categories are coded by treatment contrasts against their first level, and by all
levels where the margin to which the contrast belongs is not in the model. Chambers & Hastie
(1992), *Statistical Models in S*, section 2.4.1. In R: ``model.matrix``, with the same names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from survey.errors import SurveyError, require_columns
from survey.formulas.levels import codes_of, levels_of
from survey.scores import Bools, Floats

FACTOR = re.compile(r"(?:C|factor)\(\s*`?([^`()]+?)`?\s*\)")
INTERCEPT = "(Intercept)"


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of a term: the text that names it, its column, and whether made a factor."""

    text: str
    column: str
    as_factor: bool


Term = tuple[Variable, ...]


@dataclass(frozen=True, slots=True)
class ModelFormula:
    """A formula read into its response and terms; the empty term is the intercept."""

    text: str
    response: Variable
    terms: tuple[Term, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the model reads, the response first."""
        inside = (variable.column for term in self.terms for variable in term)
        return tuple(dict.fromkeys((self.response.column, *inside)))


def read_formula(text: str) -> ModelFormula:
    """Read a formula without evaluating anything in it.

    Raises
    ------
    SurveyError
        For what cannot be read, and for terms other than columns, ``C()`` and interactions.

    Examples
    --------
    >>> formula = read_formula("score ~ area * C(year)")
    >>> formula.columns
    ('score', 'area', 'year')
    >>> [term_name(term) for term in formula.terms]
    ['(Intercept)', 'area', 'C(year)', 'area:C(year)']
    """
    left, right = _sides(text)
    if len(left) != 1 or len(left[0]) != 1 or not text.partition("~")[2].strip():
        raise SurveyError(
            f"formula {text!r}: needs one column on the left of '~' and predictors on its right.",
            mend="Write 'outcome ~ predictor + predictor'.",
        )
    terms = tuple(
        tuple(_variable(f, text) for f in sorted(term, key=text.find) if f != "1")
        for term in right
    )
    return ModelFormula(text, _variable(left[0][0], text), terms)


def term_name(term: Term) -> str:
    """Name of a term, as it is written in a formula."""
    return ":".join(variable.text for variable in term) or INTERCEPT


def _sides(text: str) -> tuple[list[list[str]], list[list[str]]]:
    """Expand the formula into the texts of each term's variables, left and right."""
    from formulaic import Formula
    from formulaic.errors import FormulaicError

    try:
        read = Formula(text, _ordering="degree")
        sides = [getattr(read, "lhs", ()), getattr(read, "rhs", ())]
        left, right = ([[f.expr for f in term.factors] for term in side] for side in sides)
    except (FormulaicError, SyntaxError, AttributeError, TypeError, ValueError) as error:
        raise SurveyError(
            f"formula {text!r} cannot be read.",
            mend="Write 'outcome ~ a + b', with ':' or '*' for interactions.",
        ) from error
    return left, right


def _variable(text: str, formula: str) -> Variable:
    """Read one variable: a plain name, or a name made a factor."""
    made = FACTOR.fullmatch(text)
    if made:
        return Variable(text, made.group(1), True)
    if re.search(r"[()\[\]{}+*/^,=<>'\"]", text):
        raise SurveyError(
            f"formula {formula!r}: {text!r} is an expression, and formulas are not evaluated.",
            mend="Make a column of it first; C(column) makes numbers a factor.",
        )
    return Variable(text, text, False)


@dataclass(frozen=True, slots=True, eq=False)
class ModelMatrix:
    """Columns of a model.

    Parameters
    ----------
    values : (n, p) float
        One row for each row used.
    names : tuple of str
        Names of the columns as R gives them.
    terms : dict of str to tuple of int
        Columns of each term.
    """

    values: Floats
    names: tuple[str, ...]
    terms: dict[str, tuple[int, ...]]


def model_matrix(formula: ModelFormula, frame: pd.DataFrame, *, intercept: bool) -> ModelMatrix:
    """Lay out the columns of a model for rows without missing values.

    Parameters
    ----------
    formula : ModelFormula
        Response and terms.
    frame : DataFrame
        The rows used.
    intercept : bool
        Keep the column of ones; a cumulative model has thresholds in its place.
    """
    pieces: list[Floats] = []
    names: list[str] = []
    places: dict[str, tuple[int, ...]] = {}
    known = {frozenset(), *(frozenset(v.text for v in term) for term in formula.terms)}
    whole = None if not intercept or () in formula.terms else _first_factor(formula, frame)
    for term in formula.terms:
        if not term and not intercept:
            continue
        full = [v is whole or not _has_margin(v, term, known) for v in term]
        coded = [_coded(v, frame, full=f) for v, f in zip(term, full, strict=True)]
        made = _crossed(coded, len(frame)) if term else {INTERCEPT: np.ones(len(frame))}
        places[term_name(term)] = tuple(range(len(names), len(names) + len(made)))
        names.extend(made)
        pieces.extend(made.values())
    values = np.column_stack(pieces) if pieces else np.empty((len(frame), 0))
    return ModelMatrix(values, tuple(names), places)


def complete(formula: ModelFormula, frame: pd.DataFrame, inside: Bools) -> Bools:
    """Rows of the domain in which no variable of the model is missing.

    Raises
    ------
    SurveyError
        For a column that is not there, or when no row is complete.
    """
    where = f"formula {formula.text!r}"
    require_columns(frame.columns, formula.columns, where=where)
    used = inside & frame[list(formula.columns)].notna().all(axis=1).to_numpy()
    if not used.any():
        raise SurveyError(
            f"{where}: no row of the domain has all of {', '.join(formula.columns)}.",
            mend="Leave out the variable that is missing most, or check its codes.",
        )
    return np.asarray(used)


def is_factor(variable: Variable, column: pd.Series) -> bool:
    """Whether a variable is coded by its levels."""
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    return variable.as_factor or not numeric


def _has_margin(variable: Variable, term: Term, known: set[frozenset[str]]) -> bool:
    """Whether the term without this variable is in the model, so that a contrast suffices."""
    return frozenset(v.text for v in term if v is not variable) in known


def _first_factor(formula: ModelFormula, frame: pd.DataFrame) -> Variable | None:
    """Find the factor that takes the place of an intercept that was left out."""
    alone = (term[0] for term in formula.terms if len(term) == 1)
    return next((v for v in alone if is_factor(v, frame[v.column])), None)


def _coded(variable: Variable, frame: pd.DataFrame, *, full: bool) -> dict[str, Floats]:
    """Columns of one variable, by name."""
    column = frame[variable.column]
    if not is_factor(variable, column):
        return {variable.text: column.to_numpy(np.float64)}
    levels = levels_of(column)
    if len(levels) < 2:
        raise SurveyError(
            f"formula: {variable.column!r} has only one level among the rows used: {levels[0]!r}.",
            mend="Leave it out of the model.",
        )
    codes = codes_of(column, levels)
    names = [variable.text + _shown(level) for level in levels]
    first = 0 if full else 1
    return {names[k]: (codes == k).astype(np.float64) for k in range(first, len(levels))}


def _shown(level: object) -> str:
    """Write a level as R does: TRUE and FALSE, and whole numbers without a point."""
    if isinstance(level, (bool, np.bool_)):
        return str(level).upper()
    if isinstance(level, float) and level.is_integer():
        return str(int(level))
    return str(level)


def _crossed(coded: Sequence[dict[str, Floats]], n: int) -> dict[str, Floats]:
    """Products of the columns of several variables, the first varying fastest."""
    made: dict[str, Floats] = {}
    for chosen in product(*(list(columns.items()) for columns in reversed(coded))):
        ordered = chosen[::-1]
        column = np.ones(n)
        for _, values in ordered:
            column = column * values
        made[":".join(name for name, _ in ordered)] = column
    return made
