"""Means, shares, totals and ratios of many items by any domain, in one pass.

Each returns `Estimates`. Missing answers leave the item, not the design: a row without a valid
answer counts as outside that item's domain, and its PSU stays.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from survey.design import Design
from survey.errors import SurveyError, first_five, require_columns, require_option
from survey.estimates import Estimates
from survey.linearization import Rows, Totals, complete_rows, part, totals
from survey.replicates import ReplicateDesign, replicate_part
from survey.samples import Part
from survey.scores import Bools, Floats, Ints

Missing = Literal["item", "listwise", "refuse", "respondents"]
AnyDesign = Design | ReplicateDesign
By = str | Sequence[str] | None
Variables = str | Sequence[str] | pd.DataFrame


def mean(
    design: AnyDesign,
    y: Variables,
    *,
    by: By = None,
    missing: Missing = "item",
) -> Estimates:
    r"""Estimate means by domain.

    Parameters
    ----------
    design : Design or ReplicateDesign
        The sample.
    y : str, list of str or DataFrame
        Numeric or boolean columns of the design's data, or a frame on the same index.
    by : str or list of str, optional
        Columns whose combinations are the domains.
    missing : {"item", "listwise", "refuse", "respondents"}
        Rows without an answer leave their own item (``"item"``) or all items of the call
        (``"listwise"``); ``"refuse"`` raises. ``"respondents"`` is ``"item"``, but takes those
        who answered an item as a random sample of their stratum: where a whole stratum was asked
        and a few left the item blank, the blanks then count as sampling error.

    Returns
    -------
    Estimates
        Labelled by item, by domain, or by both.

    Raises
    ------
    SurveyError
        Unknown or non-numeric column, an item without any valid answer, a single-PSU stratum.

    Notes
    -----
    :math:`\hat{\bar y} = \sum w y / \sum w` over valid rows of the domain; variance by
    linearisation, see `survey.linearization`.
    In R: ``svymean(~y, design, na.rm = TRUE)`` item by item, ``svyby(~y, ~by, design, svymean)``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2], "sex": ["F", "M", "F", "M"],
    ...                       "y": [1.0, 2.0, 3.0, None]})
    >>> mean(Design(frame, psu="psu"), "y", by="sex").estimate
    sex
    F    2.0
    M    2.0
    Name: estimate, dtype: float64
    """
    items = _items(design, y, "mean(y=)")
    valid = _valid(items, missing, "mean")
    return _estimated(
        _Request(design, items, None, valid, by, missing, f"Mean of {_listed(items)}")
    )


def total(
    design: AnyDesign,
    y: Variables,
    *,
    by: By = None,
    missing: Missing = "item",
) -> Estimates:
    r"""Estimate totals by domain: :math:`\hat Y = \sum w y`.

    Parameters, returns and errors as `mean`. Rows without an answer add nothing.

    Notes
    -----
    In R: ``svytotal(~y, design, na.rm = TRUE)``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2], "w": [10, 10, 20, 20], "y": [1.0, 2, 3, 4]})
    >>> total(Design(frame, psu="psu", weights="w"), "y").estimate
    y    170.0
    Name: estimate, dtype: float64
    """
    items = _items(design, y, "total(y=)")
    valid = _valid(items, missing, "total")
    what = f"Total of {_listed(items)}"
    return _estimated(_Request(design, items, None, valid, by, missing, what, total=True))


def proportion(
    design: AnyDesign,
    y: str | Sequence[str],
    *,
    event: Collection[object] | None = None,
    by: By = None,
    missing: Missing = "item",
) -> Estimates:
    """Estimate shares of answers by domain.

    Parameters
    ----------
    design : Design or ReplicateDesign
        The sample.
    y : str or list of str
        Columns of answers.
    event : collection, optional
        Answers that count, such as ``(4, 5)``. Without it, the share of every answer that
        occurs, labelled by item and answer.
    by, missing
        As in `mean`.

    Returns
    -------
    Estimates
        With a range of 0 to 1, so that intervals are made on the logit scale.

    Raises
    ------
    SurveyError
        As `mean`; also when no row holds the event's answers anywhere in the data.

    Notes
    -----
    In R: ``svymean(~I(y %in% event), design)``, ``svymean(~factor(y), design)``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2], "q": [5, 4, 3, None]})
    >>> proportion(Design(frame, psu="psu"), "q", event=(4, 5)).estimate.round(4)
    q    0.6667
    Name: estimate, dtype: float64
    """
    names = [y] if isinstance(y, str) else list(y)
    require_columns(design.data.columns, names, where="proportion(y=)")
    answers = design.data[names]
    answered = answers.notna().to_numpy()
    if event is None:
        items, valid = _levels(answers, answered)
    else:
        items = answers.isin(list(event)).astype(np.float64)
        valid = answered
    valid = valid & _valid(items.where(valid), missing, "proportion")
    what = f"Share of {_listed(answers)}" + (f" in {tuple(event)}" if event is not None else "")
    return _estimated(_Request(design, items, None, valid, by, missing, what, share=True))


def ratio(
    design: AnyDesign,
    numerator: Variables,
    denominator: Variables,
    *,
    by: By = None,
    missing: Missing = "item",
) -> Estimates:
    r"""Estimate ratios of totals by domain: :math:`\hat R = \sum w y / \sum w x`.

    Parameters
    ----------
    design : Design or ReplicateDesign
        The sample.
    numerator, denominator : str, list of str or DataFrame
        Every numerator is divided by every denominator.
    by, missing
        As in `mean`; a row counts when both are there.

    Returns
    -------
    Estimates
        Labelled ``"y/x"``.

    Raises
    ------
    SurveyError
        As `mean`.

    Notes
    -----
    In R: ``svyratio(~y, ~x, design)``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2], "y": [1.0, 2, 3, 4], "x": [2.0, 2, 4, 4]})
    >>> ratio(Design(frame, psu="psu"), "y", "x").estimate.round(4)
    y/x    0.8333
    Name: estimate, dtype: float64
    """
    above = _items(design, numerator, "ratio(numerator=)")
    below = _items(design, denominator, "ratio(denominator=)")
    labels = [f"{y}/{x}" for y in above.columns for x in below.columns]
    tops = above.iloc[:, np.repeat(np.arange(above.shape[1]), below.shape[1])]
    bottoms = below.iloc[:, np.tile(np.arange(below.shape[1]), above.shape[1])]
    items, under = tops.set_axis(labels, axis=1), bottoms.set_axis(labels, axis=1)
    valid = _valid(items.where(under.notna()), missing, "ratio")
    return _estimated(
        _Request(design, items, under, valid, by, missing, f"Ratio {', '.join(labels[:5])}")
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Request:
    """One call of an estimator: the items, which rows are valid, the domains."""

    design: AnyDesign
    items: pd.DataFrame
    denominator: pd.DataFrame | None
    valid: Bools
    by: By
    missing: Missing
    what: str
    total: bool = False
    share: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Domains:
    """Domain of each row (-1 outside all), and the label of each domain."""

    code: Ints
    labels: pd.Index | None

    @property
    def size(self) -> int:
        return 1 if self.labels is None else len(self.labels)


def _estimated(request: _Request) -> Estimates:
    """Total, linearise and label."""
    design, domains = request.design, _domains(request.design, request.by)
    rows = _rows(request, domains)
    sums = totals(rows)
    _refuse_empty(request, sums.n)
    contribution = _contribution(request, rows, sums)
    inside = rows.weight > 0
    size = np.bincount(rows.domain[inside], minlength=domains.size).astype(np.float64)
    point = sums.y if request.total else sums.ratio
    return Estimates(
        point=point.T.ravel(),
        labels=_labels(request.items, domains.labels),
        parts=(contribution,),
        size=sums.n.T.ravel(),
        missing_rows=(size[:, None] - sums.n).T.ravel(),
        what=request.what + ("" if request.by is None else f" by {_named(request.by)}"),
        bounds=(0.0, 1.0) if request.share else None,
        single_share=request.share,
        population=design.population_label,
        size_known=design.has_weights,
        notes=_notes(request, domains),
    )


def _contribution(request: _Request, rows: Rows, sums: Totals) -> Part:
    """Linearise, or spread the replicates, as the design asks."""
    if isinstance(request.design, ReplicateDesign):
        return replicate_part(rows, sums, request.design, total=request.total)
    respondents = request.missing == "respondents"
    return part(rows, sums, request.design, total=request.total, respondents=respondents)


def _rows(request: _Request, domains: _Domains) -> Rows:
    """Arrays of the call; rows outside every domain weigh nothing."""
    inside = domains.code >= 0
    y = _filled(request.items, request.valid)
    below = request.denominator
    x = request.valid.astype(np.float64) if below is None else _filled(below, request.valid)
    return Rows(
        y=y,
        x=x,
        valid=request.valid,
        weight=np.where(inside, request.design.weight, 0.0),
        domain=np.where(inside, domains.code, 0),
        n_domains=domains.size,
    )


def _filled(items: pd.DataFrame, valid: Bools) -> Floats:
    """Values of the items, zero where not valid."""
    return np.where(valid, items.to_numpy(np.float64, na_value=np.nan), 0.0)


def _items(design: AnyDesign, y: Variables, where: str) -> pd.DataFrame:
    """Read numeric columns of the design, or a frame on its index."""
    if isinstance(y, pd.DataFrame):
        if not y.index.equals(design.data.index):
            raise SurveyError(
                f"{where}: the frame has another index than the design's data.",
                mend="Make it from design.data.",
            )
        frame = y
    else:
        names = [y] if isinstance(y, str) else list(y)
        require_columns(design.data.columns, names, where=where)
        frame = design.data[names]
    text = [name for name in frame if not pd.api.types.is_numeric_dtype(frame[name])]
    if text or frame.shape[1] == 0:
        raise SurveyError(
            f"{where}: not numeric: {first_five(text)}." if text else f"{where}: no column given.",
            mend="Clean the sheet first, or use survey.proportion for answers in words.",
        )
    return frame


def _valid(items: pd.DataFrame, missing: Missing, where: str) -> Bools:
    """Which rows count for which item."""
    require_option(missing, get_args(Missing), where=f"{where}(missing=)")
    valid = items.notna().to_numpy()
    if missing == "refuse" and not valid.all():
        holes = (~valid).sum(axis=0)
        names = [f"{name} ({k})" for name, k in zip(items.columns, holes, strict=True) if k]
        raise SurveyError(
            f"{where}: answers are missing: {first_five(names)}.",
            mend="Pass missing='item' or 'listwise'.",
        )
    if missing == "listwise":
        return complete_rows(valid)
    return valid


def _levels(answers: pd.DataFrame, answered: Bools) -> tuple[pd.DataFrame, Bools]:
    """One indicator column for every answer of every item."""
    columns: dict[tuple[str, object], Floats] = {}
    owner: list[int] = []
    for k, name in enumerate(answers.columns):
        codes, levels = pd.factorize(answers[name], sort=True)
        for code, level in enumerate(levels):
            columns[(name, level)] = (codes == code).astype(np.float64)
            owner.append(k)
    frame = pd.DataFrame(columns, index=answers.index)
    if answers.shape[1] == 1:
        frame.columns = pd.Index([level for _, level in columns], name=answers.columns[0])
    return frame, answered[:, owner]


def _domains(design: AnyDesign, by: By) -> _Domains:
    """Code the combinations of the ``by`` columns that occur inside the design's domain."""
    if by is None:
        return _Domains(np.zeros(len(design.data), dtype=np.int64), None)
    names = [by] if isinstance(by, str) else list(by)
    require_columns(design.data.columns, names, where="by=")
    keys = design.data[names]
    keep = keys.notna().all(axis=1).to_numpy() & design.inside
    if not keep.any():
        raise SurveyError(
            f"by={_named(by)!r}: no row has a value.", mend="Check the column and the domain."
        )
    code = np.full(len(keys), -1, dtype=np.int64)
    grouped = keys[keep].groupby(names, sort=True, observed=True)
    code[keep] = grouped.ngroup().to_numpy()
    labels = grouped.size().index
    return _Domains(code, labels)


def _labels(items: pd.DataFrame, domains: pd.Index | None) -> pd.Index:
    """Items slowest, domains fastest; a level that does not vary is left out."""
    if domains is None:
        return items.columns
    if items.shape[1] == 1:
        return domains
    pairs = [
        (*_as_tuple(item), *_as_tuple(domain)) for item in items.columns for domain in domains
    ]
    above = [name or "item" for name in items.columns.names]
    return pd.MultiIndex.from_tuples(pairs, names=[*above, *domains.names])


def _as_tuple(label: object) -> tuple[object, ...]:
    return label if isinstance(label, tuple) else (label,)


def _refuse_empty(request: _Request, n: Floats) -> None:
    """Refuse an item that nobody in the domain answered."""
    empty = n.sum(axis=0) == 0
    if empty.any():
        names = [
            str(name) for name, gone in zip(request.items.columns, empty, strict=True) if gone
        ]
        raise SurveyError(
            f"{request.what}: no valid answer at all to {len(names)} items: {first_five(names)}.",
            mend="Check the column, its missing codes, and the domain.",
        )


def _notes(request: _Request, domains: _Domains) -> tuple[str, ...]:
    """Say what is not in the table."""
    outside = int(((domains.code < 0) & request.design.inside).sum())
    if not outside:
        return ()
    return (f"{outside} rows have no value of {_named(request.by or '')} and are in no domain.",)


def _named(by: str | Sequence[str]) -> str:
    return by if isinstance(by, str) else " × ".join(by)


def _listed(items: pd.DataFrame) -> str:
    """Name up to five items in a caption."""
    names = [str(name) for name in items.columns]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
