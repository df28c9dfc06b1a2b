"""The variables of one call: columns read, missing answers ruled on, domains numbered, rows made.

Every estimator turns its arguments into an `Asked`, and `rows_of` makes of it the rows that the
arithmetic reads: coded answers where every column has few, measurements otherwise.

Over 300 lines: every way in which a call can name its variables, and its refusals.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from survey.cells import CellRows, Cells
from survey.coding import NUMERIC, SIGNED, Coded, code_columns, number_values
from survey.design import Design
from survey.errors import SurveyError, first_five, require_columns, require_option
from survey.replicates import ReplicateDesign
from survey.rows import AnyRows, CodedRows, Rows, complete_rows
from survey.scores import Bools, Floats, Ints

AnyDesign = Design | ReplicateDesign
By = str | Sequence[str] | None
Missing = Literal["item", "listwise", "refuse", "respondents"]
Variables = str | Sequence[str] | pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Columns as given, and their codes where all have few answers.

    Parameters
    ----------
    names : Index
        Their names.
    series : tuple of Series
        The columns.
    coded : tuple of Coded or None
        Their codes, None if any has too many answers.
    own : bool
        Whether they are columns of the design's data.
    """

    names: pd.Index
    series: tuple[pd.Series, ...]
    coded: tuple[Coded, ...] | None
    own: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What one call asks for.

    Parameters
    ----------
    where : str
        The function, for errors.
    columns : Columns
        Numerators, or answers.
    below : Columns or None
        Denominators of ratios, one for each numerator.
    event : collection or None
        Answers that count as 1.
    levels : bool
        One item for each answer that occurs.
    missing : str
        Rule for missing answers.
    """

    where: str
    columns: Columns
    below: Columns | None = None
    event: Collection[object] | None = None
    levels: bool = False
    missing: Missing = "item"


@dataclass(frozen=True, slots=True, eq=False)
class Domains:
    """Domain of each row (-1 outside all), and the label of each domain.

    ``key`` names the columns that make the domains, where they follow from the frame alone.
    """

    code: Ints
    labels: pd.Index | None
    key: tuple[str, ...] | None = ()

    @property
    def size(self) -> int:
        """Number of domains."""
        return 1 if self.labels is None else len(self.labels)


def read_columns(design: AnyDesign, y: Variables, where: str, *, numeric: bool = True) -> Columns:
    """Read columns of the design's data, or a frame on its index.

    Raises
    ------
    SurveyError
        Unknown columns, another index, no column, the same one twice, or text where numbers are
        wanted.
    """
    if not isinstance(design, Design | ReplicateDesign):
        raise SurveyError(
            f"{where}: the first argument is a {type(design).__name__}, not a design.",
            mend="Make one: survey.Design(data, weights=…, strata=…, psu=…).",
        )
    if isinstance(y, pd.DataFrame):
        if not y.index.equals(design.data.index):
            raise SurveyError(
                f"{where}: the frame has another index than the design's data.",
                mend="Make it from design.data.",
            )
        names = y.columns
        series = tuple(y.iloc[:, k] for k in range(y.shape[1]))
        own = False
    elif isinstance(design, Design) and design.cells is not None:
        return _counted(design.cells, [y] if isinstance(y, str) else list(y), where, numeric)
    else:
        wanted = [y] if isinstance(y, str) else list(y)
        require_columns(design.data.columns, wanted, where=where)
        names = pd.Index(wanted)
        series = tuple(design.data[name] for name in wanted)
        own = True
    _check_columns(names, series, where, numeric)
    coded = _coded(design, names, series, own)
    return Columns(names, series, coded, own)


def _counted(cells: Cells, names: Sequence[str], where: str, numeric: bool) -> Columns:
    """Name items of a table of counts: their answers are known, their rows are not."""
    require_columns(cells.tables, names, where=where)
    tables = [cells.tables[name] for name in names]
    nothing = np.zeros(0, dtype=np.uint8)
    coded = tuple(Coded(nothing, t.answers) for t in tables)
    series = tuple(pd.Series(t.answers, name=name) for name, t in zip(names, tables, strict=True))
    _check_columns(pd.Index(names), series, where, numeric)
    return Columns(pd.Index(names), series, coded)


def paired(above: Columns, below: Columns) -> tuple[Columns, Columns]:
    """Divide every numerator by every denominator, labelled ``"y/x"``."""
    names = pd.Index([f"{y}/{x}" for y in above.names for x in below.names])
    tops = tuple(y for y in above.series for _ in below.series)
    bottoms = tuple(x for _ in above.series for x in below.series)
    return Columns(names, tops, None), Columns(names, bottoms, None)


def item_labels(asked: Asked) -> pd.Index:
    """Labels of the items that a call estimates."""
    names = asked.columns.names
    if not asked.levels:
        return names
    levels = [_answers(asked.columns, k) for k in range(len(names))]
    if len(names) == 1:
        return pd.Index(levels[0], name=names[0])
    pairs = [(name, level) for name, own in zip(names, levels, strict=True) for level in own]
    return pd.MultiIndex.from_tuples(pairs, names=["item", "answer"])


def rows_of(asked: Asked, design: AnyDesign, domains: Domains) -> AnyRows:
    """Make the rows that the arithmetic reads; rows outside every domain weigh nothing."""
    require_option(asked.missing, get_args(Missing), where=f"{asked.where}(missing=)")
    weight, domain = design.weight, domains.code
    if domains.key is None:
        inside = domains.code >= 0
        weight, domain = np.where(inside, weight, 0.0), np.where(inside, domain, 0)
    place = _Place(weight, domain, domains)
    if isinstance(design, Design) and design.cells is not None:
        return _cell_rows(asked, design.cells, place)
    if asked.columns.coded is not None and asked.missing in ("item", "refuse"):
        return _coded_rows(asked, design, asked.columns.coded, place)
    return _measured_rows(asked, design, place)


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Weight and domain of each row of a call."""

    weight: Floats
    domain: Ints
    domains: Domains


def _cell_rows(asked: Asked, cells: Cells, place: _Place) -> CellRows:
    """Read counted items."""
    coded = asked.columns.coded
    if asked.missing != "item" or coded is None:
        raise SurveyError(
            f"{asked.where}: a table of counts has no rows.",
            mend="Ask for items with missing='item', or use a Design on the data themselves.",
        )
    owner, values = _recoding(asked, coded)
    tables = [cells.tables[name] for name in asked.columns.names]
    return CellRows(
        tables, owner, values, cells.rows, place.weight, place.domain, place.domains.size
    )


def _coded_rows(
    asked: Asked, design: AnyDesign, coded: tuple[Coded, ...], place: _Place
) -> CodedRows:
    """Read coded answers."""
    if asked.missing == "refuse":
        holes = [(one.codes == 0) & design.inside for one in coded]
        _refuse_missing(asked, [int(hole.sum()) for hole in holes])
    owner, values = _recoding(asked, coded)
    kept = design.codebook if asked.columns.own else None
    key = (tuple(asked.columns.names.tolist()), place.domains.key)
    return CodedRows(
        coded, owner, values, place.weight, place.domain, place.domains.size, kept, key
    )


def _measured_rows(asked: Asked, design: AnyDesign, place: _Place) -> Rows:
    """Read measurements."""
    y, valid = _measured(asked)
    x = valid.astype(np.float64)
    if asked.below is not None:
        under = np.stack([_numbers(one) for one in asked.below.series], axis=1)
        valid = valid & ~np.isnan(under)
        x = under
    if asked.missing == "refuse":
        _refuse_missing(asked, list((~valid & design.inside[:, None]).sum(axis=0)))
    if asked.missing == "listwise":
        valid = complete_rows(valid)
    y, x = np.where(valid, y, 0.0), np.where(valid, x, 0.0)
    return Rows(y, x, valid, place.weight, place.domain, place.domains.size)


def number_domains(design: AnyDesign, by: By) -> Domains:
    """Code the combinations of the ``by`` columns that occur inside the design's domain."""
    if by is None:
        return Domains(np.zeros(len(design.data), dtype=np.int64), None)
    names = list(dict.fromkeys([by] if isinstance(by, str) else by))
    require_columns(design.data.columns, names, where="by=")
    kept = design.codebook.domains
    if design.inside.all() and tuple(names) in kept:
        return Domains(*kept[tuple(names)], key=tuple(names))
    keys = [design.data[name] for name in names]
    keep = design.inside.copy()
    for key in keys:
        if key.dtype not in SIGNED:  # whole numbers have no holes
            keep &= key.notna().to_numpy()
    if not keep.any():
        raise SurveyError(
            f"by={' × '.join(names)!r}: no row has a value.",
            mend="Check the column and the domain.",
        )
    if keep.all():
        kept[tuple(names)] = _combinations([design.codebook.number(n) for n in names], names)
        return Domains(*kept[tuple(names)], key=tuple(names))
    some, labels = _combinations([number_values(key[keep]) for key in keys], names)
    code = np.full(len(keep), -1, dtype=np.int64)
    code[keep] = some
    return Domains(code, labels, key=None)


def estimate_labels(items: pd.Index, domains: pd.Index | None) -> pd.Index:
    """Items slowest, domains fastest; a level that does not vary is left out."""
    if domains is None:
        return items
    if len(items) == 1:
        return domains
    names = [name or "item" for name in items.names]
    if items.nlevels == domains.nlevels == 1:  # both are levels already: nothing to look up
        slow = np.repeat(np.arange(len(items)), len(domains))
        fast = np.tile(np.arange(len(domains)), len(items))
        levels: list[Any] = [items, domains]
        places: list[Any] = [slow, fast]
        joined = [*names, *domains.names]
        return pd.MultiIndex(levels=levels, codes=places, names=joined, verify_integrity=False)
    codes = [np.repeat(items.get_level_values(k), len(domains)) for k in range(items.nlevels)]
    codes += [np.tile(domains.get_level_values(k), len(items)) for k in range(domains.nlevels)]
    return pd.MultiIndex.from_arrays(codes, names=[*names, *domains.names])


def event_happened(asked: Asked, answers: Sequence[object]) -> Floats:
    """Whether each of a column's answers is one of the event's."""
    events = set(asked.event or ())
    return np.array([answer in events for answer in answers], dtype=np.float64)


def check_event(columns: Columns, event: Collection[object]) -> None:
    """Refuse a bare word, and answers of another type than the columns'."""
    if isinstance(event, str):
        raise SurveyError(
            f"proportion(event={event!r}): a word, where a collection of answers is wanted.",
            mend=f"Pass event=({event!r},).",
        )
    words = [isinstance(value, str) for value in event]
    for name, column in zip(columns.names, columns.series, strict=True):
        numeric = pd.api.types.is_numeric_dtype(column)
        if words and (all(words) if numeric else not any(words)):
            given = column.dropna().unique()[:3]
            raise SurveyError(
                f"proportion(event=): no answer to {name!r} can be one of {first_five(event)}.",
                mend=f"They are of another type, such as {first_five(given)}.",
            )


def _check_columns(
    names: pd.Index, series: tuple[pd.Series, ...], where: str, numeric: bool
) -> None:
    """Refuse no column, the same one twice, and text where numbers are wanted."""
    if len(series) == 0:
        raise SurveyError(f"{where}: no column given.", mend="Name at least one.")
    if len(set(names.tolist())) < len(names):
        twice = names[names.duplicated()].unique()
        raise SurveyError(
            f"{where}: given twice: {first_five(twice)}.", mend="Name each column once."
        )
    text = [] if not numeric else [one.name for one in series if not _is_numeric(one)]
    if text:
        raise SurveyError(
            f"{where}: not numeric: {first_five(text)}.",
            mend="Clean the sheet first, or use survey.proportion for answers in words.",
        )


def _is_numeric(column: pd.Series) -> bool:
    """Whether a column holds numbers; the usual types are told at once."""
    return column.dtype in NUMERIC or pd.api.types.is_numeric_dtype(column)


def _coded(
    design: AnyDesign, names: pd.Index, series: tuple[pd.Series, ...], own: bool
) -> tuple[Coded, ...] | None:
    """Codes of all columns; the design keeps those of its own."""
    known = design.codebook.columns if own else {}
    wanted = names.tolist()
    fresh = [k for k, name in enumerate(wanted) if name not in known]
    coded = code_columns([series[k] for k in fresh])
    known |= {wanted[k]: one for k, one in zip(fresh, coded, strict=True)}
    found = tuple(one for name in wanted if (one := known[name]) is not None)
    return found if len(found) == len(names) else None


def _recoding(asked: Asked, coded: tuple[Coded, ...]) -> tuple[list[int], list[Floats]]:
    """Column of each item, and the item's value for each answer of that column."""
    owner: list[int] = []
    values: list[Floats] = []
    for k, column in enumerate(coded):
        if asked.levels:
            made = list(np.eye(len(column.answers)))
        elif asked.event is not None:
            made = [event_happened(asked, list(column.answers))]
        else:
            made = [column.answers.astype(np.float64)]
        owner += [k] * len(made)
        values += made
    return owner, values


def _measured(asked: Asked) -> tuple[Floats, Bools]:
    """Values and validity of the items as measurements, shape (n, J)."""
    columns: list[Floats] = []
    valid: list[Bools] = []
    made: list[Floats]
    for k, one in enumerate(asked.columns.series):
        answered = one.notna().to_numpy()
        if asked.levels:
            levels = _answers(asked.columns, k)
            made = [np.asarray(one == level, dtype=np.float64) for level in levels]
        elif asked.event is not None:
            made = [np.asarray(one.isin(list(asked.event)), dtype=np.float64)]
        else:
            made = [_numbers(one)]
            _refuse_infinite(asked, one, made[0])
        columns += made
        valid += [answered] * len(made)
    return np.stack(columns, axis=1), np.stack(valid, axis=1)


def _answers(columns: Columns, k: int) -> Sequence[object]:
    """Answers that occur in one column, sorted."""
    if columns.coded is None:
        return sorted(columns.series[k].dropna().unique())
    answers = columns.coded[k].answers
    whole = pd.api.types.is_integer_dtype(columns.series[k].dtype)
    return [int(answer) for answer in answers] if whole else list(answers)


def _numbers(column: pd.Series) -> Floats:
    return column.to_numpy(np.float64, na_value=np.nan)


def _combinations(parts: list[tuple[Ints, pd.Index]], names: list[str]) -> tuple[Ints, pd.Index]:
    """Code the combinations of numbered columns that occur, in sorted order."""
    if len(parts) == 1:
        return parts[0][0], pd.Index(parts[0][1], name=names[0])
    joint = np.zeros(len(parts[0][0]), dtype=np.int64)
    for codes, values in parts:
        joint = joint * len(values) + codes
    code, pairs = pd.factorize(joint, sort=True)
    levels: list[pd.Index] = []
    rest = pairs
    for _, values in reversed(parts):
        rest, place = np.divmod(rest, len(values))
        levels.insert(0, pd.Index(values).take(place))
    return code.astype(np.int64), pd.MultiIndex.from_arrays(levels, names=names)


def _refuse_missing(asked: Asked, holes: list[int]) -> None:
    """Refuse missing answers, naming the items."""
    named = zip(item_labels(asked), holes, strict=False)
    lacking = [f"{name} ({count})" for name, count in named if count]
    if lacking:
        raise SurveyError(
            f"{asked.where}: answers are missing: {first_five(lacking)}.",
            mend="Pass missing='item' or 'listwise'.",
        )


def _refuse_infinite(asked: Asked, column: pd.Series, values: Floats) -> None:
    """Refuse infinite values, naming the rows."""
    rows = np.isinf(values)
    if rows.any():
        raise SurveyError(
            f"{asked.where}: {column.name!r} is infinite in {int(rows.sum())} rows: "
            f"{first_five(column.index[rows])}.",
            mend="Correct them, or make them missing.",
        )
