"""Means, shares, totals and ratios of many items by any domain, in one pass.

Each returns `Estimates`. Missing answers leave the item, not the design: a row without a valid
answer counts as outside that item's domain, and its PSU stays.

Over 300 lines: four public functions whose documentation is most of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from survey.errors import SurveyError, first_five
from survey.estimates import Estimates
from survey.linearization import part
from survey.replicates import ReplicateDesign, logit_se, replicate_part
from survey.row_counts import CountsOf
from survey.rows import AnyRows, Totals, UnitSums, totals
from survey.samples import Part
from survey.scores import Floats
from survey.variables import (
    AnyDesign,
    Asked,
    By,
    Domains,
    Missing,
    Variables,
    check_event,
    estimate_labels,
    item_labels,
    number_domains,
    paired,
    read_columns,
    rows_of,
)

__all__ = ["mean", "proportion", "ratio", "total"]


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
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2], "sex": ["F", "M", "F", "M"],
    ...                       "y": [1.0, 2.0, 3.0, None]})
    >>> mean(survey.Design(frame, psu="psu"), "y", by="sex").estimate
    sex
    F    2.0
    M    2.0
    Name: estimate, dtype: float64
    """
    columns = read_columns(design, y, "mean(y=)")
    asked = Asked("mean", columns, missing=missing)
    return _estimated(_Request(design, asked, by, f"Mean of {_listed(columns.names)}"))


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
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2], "w": [10, 10, 20, 20], "y": [1.0, 2, 3, 4]})
    >>> total(survey.Design(frame, psu="psu", weights="w"), "y").estimate
    y    170.0
    Name: estimate, dtype: float64
    """
    columns = read_columns(design, y, "total(y=)")
    asked = Asked("total", columns, missing=missing)
    what = f"Total of {_listed(columns.names)}"
    return _estimated(_Request(design, asked, by, what, total=True))


def proportion(
    design: AnyDesign,
    y: Variables,
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
        As `mean`; also when ``event`` is a bare word, or of another type than the answers.

    Notes
    -----
    In R: ``svymean(~I(y %in% event), design)``, ``svymean(~factor(y), design)``.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2], "q": [5, 4, 3, None]})
    >>> proportion(survey.Design(frame, psu="psu"), "q", event=(4, 5)).estimate.round(4)
    q    0.6667
    Name: estimate, dtype: float64
    """
    columns = read_columns(design, y, "proportion(y=)", numeric=False)
    if event is not None:
        check_event(columns, event)
    asked = Asked("proportion", columns, event=event, levels=event is None, missing=missing)
    counted = "" if event is None else f" in {tuple(event)}"
    what = f"Share of {_listed(columns.names)}{counted}"
    return _estimated(_Request(design, asked, by, what, share=True))


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
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [1, 1, 2, 2], "y": [1.0, 2, 3, 4], "x": [2.0, 2, 4, 4]})
    >>> ratio(survey.Design(frame, psu="psu"), "y", "x").estimate.round(4)
    y/x    0.8333
    Name: estimate, dtype: float64
    """
    above = read_columns(design, numerator, "ratio(numerator=)")
    below = read_columns(design, denominator, "ratio(denominator=)")
    tops, bottoms = paired(above, below)
    asked = Asked("ratio", tops, below=bottoms, missing=missing)
    return _estimated(_Request(design, asked, by, f"Ratio {_listed(tops.names)}"))


@dataclass(frozen=True, slots=True, eq=False)
class _Request:
    """One call of an estimator."""

    design: AnyDesign
    asked: Asked
    by: By
    what: str
    total: bool = False
    share: bool = False


def _estimated(request: _Request) -> Estimates:
    """Sum, linearise and label."""
    design, domains = request.design, number_domains(request.design, request.by)
    rows = rows_of(request.asked, design, domains)
    first = _first_sums(rows, design)
    sums = totals(rows, first)
    items = item_labels(request.asked)
    _refuse_empty(request, items, sums)
    point = np.where(sums.n > 0, sums.y, np.nan) if request.total else sums.ratio
    return Estimates(
        point=point.T.ravel(),
        labels=estimate_labels(items, domains.labels),
        parts=(_contribution(request, rows, first, sums),),
        counts=CountsOf(rows),
        what=request.what + ("" if request.by is None else f" by {_named(request.by)}"),
        bounds=(0.0, 1.0) if request.share else None,
        single_share=request.share,
        population=design.population_label,
        size_known=design.has_weights,
        notes=_notes(request, domains),
        relative_weight=_relative_weight(rows, sums) if request.share else None,
        logit_se=_logit_se(request, rows, sums),
    )


def _logit_se(request: _Request, rows: AnyRows, sums: Totals) -> Callable[[], Floats] | None:
    """How replicates give the standard error of a share's logit, when it is asked for."""
    if request.share and isinstance(request.design, ReplicateDesign):
        return partial(logit_se, rows, sums, request.design)
    return None


def _relative_weight(rows: AnyRows, sums: Totals) -> Floats:
    """Mean weight of the valid rows over that of all rows of the domain."""
    whole = np.bincount(rows.domain, weights=rows.weight, minlength=rows.n_domains)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(((sums.weight / sums.n) / (whole / rows.sizes())[:, None]).T.ravel())


def _first_sums(rows: AnyRows, design: AnyDesign) -> UnitSums:
    """Sum by first-stage unit, under the full-sample weights."""
    if isinstance(design, ReplicateDesign):
        factors = design.factors
        return rows.unit_sums(factors.unit, len(factors.factor), rows.weight)
    stage = design.stages[0]
    return rows.unit_sums(stage.unit, len(stage.stratum), rows.weight)


def _contribution(request: _Request, rows: AnyRows, first: UnitSums, sums: Totals) -> Part:
    """Linearise, or spread the replicates, as the design asks."""
    design, total = request.design, request.total
    respondents = request.asked.missing == "respondents"
    if respondents and (isinstance(design, ReplicateDesign) or design.adjustments):
        raise SurveyError(
            f"{request.asked.where}(missing='respondents'): not defined for replicate weights "
            "or a calibrated design.",
            mend="Use missing='item', or adjust for nonresponse with survey.nonresponse.",
        )
    if isinstance(design, ReplicateDesign):
        return replicate_part(rows, first, sums, design, total=total)
    return part(rows, first, sums, design, total=total, respondents=respondents)


def _refuse_empty(request: _Request, items: pd.Index, sums: Totals) -> None:
    """Refuse an item that nobody in the domain answered."""
    if (sums.weight.max(axis=0) > 0).all():  # nearly always: no row needs to be counted
        return
    empty = sums.n.sum(axis=0) == 0
    if empty.any():
        names = [name for name, gone in zip(items, empty, strict=True) if gone]
        raise SurveyError(
            f"{request.what}: no valid answer at all to {len(names)} items: {first_five(names)}.",
            mend="Check the column, its missing codes, and the domain.",
        )


def _notes(request: _Request, domains: Domains) -> tuple[str, ...]:
    """Say what is not in the table."""
    outside = int(((domains.code < 0) & request.design.inside).sum())
    if not outside:
        return ()
    return (f"{outside} rows have no value of {_named(request.by or '')} and are in no domain.",)


def _named(by: str | Sequence[str]) -> str:
    return by if isinstance(by, str) else " × ".join(by)


def _listed(names: pd.Index) -> str:
    """Name up to five items in a caption."""
    first = ", ".join(str(name) for name in names[:5])
    return first + (f" and {len(names) - 5} more" if len(names) > 5 else "")
