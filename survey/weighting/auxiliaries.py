"""Auxiliary variables of calibration, each with its known population total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from survey.errors import SurveyError, did_you_mean, first_five, require_columns
from survey.formulas.model_matrix import model_matrix, read_formula
from survey.scores import Bools, Floats
from survey.weighting.margins import AnyDesign, Totals, read_margin, require_agreement

#: The constant 1, whose total is the size of the population.
CONSTANT = "(Intercept)"

KnownTotals = Mapping[str, "float | Totals"] | pd.Series


@dataclass(frozen=True, slots=True, eq=False)
class Auxiliaries:
    """Auxiliary variables and their totals.

    Parameters
    ----------
    values : (n, p) float
        One column a variable; zero outside the domain.
    names : list of str
        Names of the variables.
    totals : (p,) float
        Population totals.
    """

    values: Floats
    names: list[str]
    totals: Floats

    def sums(self, weight: Floats) -> pd.DataFrame:
        """List the totals beside the sums under some weights."""
        reached = weight @ self.values
        return pd.DataFrame({"total": self.totals, "sum": reached}, self.names)


def read_auxiliaries(
    design: AnyDesign, variables: str | Sequence[str], totals: KnownTotals, where: str
) -> Auxiliaries:
    """Match auxiliary variables with their totals, from a formula or from a list of columns."""
    if isinstance(variables, str) and "~" in variables:
        found = _of_formula(design, variables, totals, where)
    else:
        names = [variables] if isinstance(variables, str) else list(variables)
        found = _of_columns(design, names, totals, where)
    return _without_empty(found, where)


def model_columns(frame: pd.DataFrame, inside: Bools, formula: str, where: str) -> pd.DataFrame:
    """Lay out the columns of a one-sided formula; zero in rows that are not inside.

    Parameters
    ----------
    frame : DataFrame
        The data.
    inside : (n,) bool
        Rows that count; none of their values may be missing.
    formula : str
        Such as ``"~ sex + age"``.
    where : str
        The function, for errors.

    Returns
    -------
    DataFrame
        One column a term, named as in R's ``model.matrix``.

    Examples
    --------
    >>> frame = pd.DataFrame({"sex": ["F", "M"], "age": [30.0, 40.0]})
    >>> model_columns(frame, np.array([True, True]), "~ sex + age", "calibrate")
       (Intercept)  sexM   age
    0          1.0   0.0  30.0
    1          1.0   1.0  40.0
    """
    read = read_formula(f"total {formula}")  # the left side is not used
    names = list(dict.fromkeys(one.column for term in read.terms for one in term))
    require_columns(frame.columns, names, where=where)
    for name in names:
        refuse_missing(frame[name], inside, where)
    found = model_matrix(read, frame[inside], intercept=True)
    values = np.zeros((len(frame), len(found.names)))
    values[inside] = found.values
    return pd.DataFrame(values, frame.index, list(found.names))


def refuse_missing(column: pd.Series, inside: Bools, where: str) -> None:
    """Refuse missing values in rows that count."""
    rows = column.isna().to_numpy() & inside
    if rows.any():
        raise SurveyError(
            f"{where}: {column.name!r} is missing in {int(rows.sum())} rows: "
            f"{first_five(column.index[rows])}.",
            mend="Fill them in, or make 'not known' a class of its own.",
        )


def _of_formula(design: AnyDesign, formula: str, totals: KnownTotals, where: str) -> Auxiliaries:
    """One total for each column of the model."""
    columns = model_columns(design.data, design.inside, formula, where)
    names = [str(name) for name in columns.columns]
    given = {str(name): total for name, total in totals.items()}
    lacking = [name for name in names if name not in given]
    if lacking:
        raise SurveyError(
            f"{where}: no total for {len(lacking)} columns of {formula!r}: {first_five(lacking)}.",
            mend=f"The model has {', '.join(names)}; give the population total of each.",
        )
    _refuse_surplus(given, names, where)
    return Auxiliaries(columns.to_numpy(), names, _numbers(given, names, where))


def _of_columns(
    design: AnyDesign, names: list[str], totals: KnownTotals, where: str
) -> Auxiliaries:
    """One total for a number, one count a class for anything else."""
    require_columns(design.data.columns, [n for n in names if n != CONSTANT], where=where)
    given = {str(name): total for name, total in totals.items()}
    lacking = [name for name in names if name not in given]
    if lacking:
        raise SurveyError(
            f"{where}: no total for {first_five(lacking)}.",
            mend="Give {column: total}, or {column: {class: count}} for a column of classes.",
        )
    _refuse_surplus(given, [*names, CONSTANT], where)
    columns: list[Floats] = []
    labels: list[str] = []
    aims: list[float] = []
    sizes: dict[str, float] = {}
    for name in dict.fromkeys([*([CONSTANT] if CONSTANT in given else []), *names]):
        total = given[name]
        if isinstance(total, Mapping | pd.Series):
            margin = read_margin(design, name, total, where)
            columns.append(margin.indicators() * design.inside[:, None])
            labels += margin.names
            aims += list(margin.totals)
            sizes[name] = float(margin.totals.sum())
        else:
            columns.append(_measured(design, name, where)[:, None])
            labels.append(name)
            aims += list(_numbers(given, [name], where))
            sizes |= {name: aims[-1]} if name == CONSTANT else {}
    require_agreement(sizes, where)
    return Auxiliaries(np.hstack(columns), labels, np.array(aims))


def _measured(design: AnyDesign, name: str, where: str) -> Floats:
    """Read a numeric column; zero outside the domain."""
    if name == CONSTANT:
        return design.inside.astype(np.float64)
    column = design.data[name]
    if not pd.api.types.is_numeric_dtype(column):
        raise SurveyError(
            f"{where}: {name!r} is not numeric, and its total is one number.",
            mend=f"Give the count of each class: {{{name!r}: {{class: count}}}}.",
        )
    refuse_missing(column, design.inside, where)
    return np.where(design.inside, column.to_numpy(np.float64, na_value=0.0), 0.0)


def _numbers(given: Mapping[str, object], names: Sequence[str], where: str) -> Floats:
    """Read totals that must be finite numbers."""
    for name in names:
        value = given[name]
        if not isinstance(value, Real) or not np.isfinite(float(value)):
            raise SurveyError(
                f"{where}: the total of {name!r} is {value!r}.", mend="Give a finite number."
            )
    return np.array([float(given[name]) for name in names])  # type: ignore[arg-type]


def _refuse_surplus(given: Mapping[str, object], names: Sequence[str], where: str) -> None:
    """Refuse totals of what is no variable of the call."""
    surplus = [name for name in given if name not in names]
    if surplus:
        raise SurveyError(
            f"{where}: totals for what is not calibrated on: {first_five(surplus)}.",
            mend=did_you_mean(surplus[0], names),
        )


def _without_empty(found: Auxiliaries, where: str) -> Auxiliaries:
    """Drop variables that are zero in the sample and in the population."""
    empty = ~found.values.any(axis=0)
    impossible = empty & (found.totals != 0)
    if impossible.any():
        named = [found.names[k] for k in np.flatnonzero(impossible)]
        raise SurveyError(
            f"{where}: no row of the sample has {first_five(named)}, but the totals are not zero.",
            mend="Merge such classes with like ones, in the data and in the totals.",
        )
    kept = np.flatnonzero(~empty)
    names = [found.names[k] for k in kept]
    return Auxiliaries(found.values[:, kept], names, found.totals[kept])
