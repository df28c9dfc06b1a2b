"""The sampling design: which rows, with which weight, drawn how.

A `Design` is frozen. It codes strata and units once, when it is made, and every estimator reads
those codes. A subgroup is never a filtered frame but a *domain*: `Design.domain` keeps all units
in the design and gives rows outside the weight zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import TypeVar, cast, get_args

import numpy as np
import pandas as pd

from survey.cells import Cells
from survey.coding import CodeBook
from survey.display import listed
from survey.errors import SurveyError, first_five, require_columns, require_option
from survey.samples import Sample
from survey.scores import Adjustment, Bools, Floats, LonelyRule, Stage
from survey.stages import code_stages

Columns = str | Sequence[str] | None

SomeDesign = TypeVar("SomeDesign")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Design:
    """A probability sample: data, weights, strata, units of each stage, population counts.

    Parameters
    ----------
    data : DataFrame
        One row a respondent. It is never changed.
    weights : str, optional
        Column of positive weights (inverse selection probabilities). Without it they follow from
        ``fpc``, and without that every row weighs the same.
    strata : str or list of str, optional
        Stratum column, or one for each stage.
    psu : str or list of str, optional
        Unit column, or one for each stage, the primary units first. Later units are numbered
        within their primary unit. None means that rows were drawn.
    fpc : str or list of str, optional
        Population *counts* of units in the stratum, one column for each stage (shares sampled
        where no value is above 1, as in R).
    nest : bool
        PSU names start again in each stratum.
    certainty : str, optional
        Boolean column, true for rows whose primary unit was taken with certainty: that unit is
        then a stratum of its own, and its next-stage units are the PSUs.
    lonely_psu : {"fail", "remove", "certainty", "adjust", "average"}
        What a stratum of one PSU contributes; the meaning of R's ``survey.lonely.psu``.
    lonely_domain : same
        The same for a stratum of which a domain leaves one PSU. Such a stratum has a variance,
        because the PSUs outside count with zeros; only ``"adjust"`` and ``"average"`` change it,
        as R does under ``survey.adjust.domain.lonely``.
    population_label : str, optional
        What the estimates speak of; printed with every table.

    Raises
    ------
    SurveyError
        For columns that do not exist, weights that are missing, negative, zero or infinite, a
        missing stratum or PSU, a PSU in two strata, or more units sampled than there are.

    Notes
    -----
    Source: Lumley (2010), *Complex Surveys*, ch. 2 and 3.
    In R: ``svydesign(ids = ~psu, strata = ~strata, weights = ~weights, fpc = ~fpc)``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"commune": [1, 1, 2, 2], "age": [30, 40, 50, 60]})
    >>> Design(frame, psu="commune")
    <Design: 4 rows, 2 PSUs, 1 stratum, 1 df>
    """

    data: pd.DataFrame
    weights: str | None = field(default=None, kw_only=True)
    strata: Columns = field(default=None, kw_only=True)
    psu: Columns = field(default=None, kw_only=True)
    fpc: Columns = field(default=None, kw_only=True)
    nest: bool = field(default=False, kw_only=True)
    certainty: str | None = field(default=None, kw_only=True)
    lonely_psu: LonelyRule = field(default="fail", kw_only=True)
    lonely_domain: LonelyRule = field(default="fail", kw_only=True)
    population_label: str | None = field(default=None, kw_only=True)
    stages: tuple[Stage, ...] = field(init=False)
    sample: Sample = field(init=False)
    weight: Floats = field(init=False)
    inside: Bools = field(init=False)
    codebook: CodeBook = field(init=False)
    adjustments: tuple[Adjustment, ...] = field(init=False, default=())
    cells: Cells | None = field(init=False, default=None)
    domain_label: str | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        _check_options(self)
        frame = self.data.copy(deep=False)
        object.__setattr__(self, "data", frame)
        codebook = CodeBook(frame)
        stages, sample = code_stages(
            codebook,
            strata=column_list(self.strata),
            units=column_list(self.psu),
            fpc=column_list(self.fpc),
            nest=self.nest,
            certainty=self.certainty,
        )
        object.__setattr__(self, "stages", stages)
        object.__setattr__(self, "sample", sample)
        object.__setattr__(self, "weight", _weights(frame, self.weights, stages))
        object.__setattr__(self, "inside", np.ones(len(frame), dtype=bool))
        object.__setattr__(self, "codebook", codebook)

    @property
    def df(self) -> int:
        """PSUs that hold the domain less their strata; R's ``degf(design)``."""
        units = np.unique(self.stages[0].unit[self.inside])
        return len(units) - len(np.unique(self.stages[0].stratum[units]))

    @property
    def has_weights(self) -> bool:
        """Whether weights say how many of the population a row stands for."""
        return self.weights is not None or self.fpc is not None

    def domain(self, mask: pd.Series | Bools, *, label: str = "domain") -> Design:
        """Restrict estimates to some rows, keeping every unit in the design.

        Parameters
        ----------
        mask : (n,) bool
            Rows inside. A Series must carry the index of the data.
        label : str
            How the domain is called in tables and errors.

        Returns
        -------
        Design
            The same sample; rows outside weigh zero.

        Raises
        ------
        SurveyError
            When the mask is not boolean, does not fit, or holds no row.

        Notes
        -----
        In R: ``subset(design, condition)``.

        Examples
        --------
        >>> import pandas as pd
        >>> frame = pd.DataFrame({"commune": [1, 1, 2, 2], "age": [30, 40, 50, 60]})
        >>> design = Design(frame, psu="commune")
        >>> design.domain(frame["age"] > 35, label="over 35")
        <Design: 3 rows, 2 PSUs, 1 stratum, 1 df; domain over 35>
        """
        return restricted(self, mask, label)

    def __repr__(self) -> str:
        """Say what was sampled, in one line."""
        first = self.stages[0]
        units = np.unique(first.unit[self.inside])
        counts = {
            "row": int(self.inside.sum()),
            "PSU": len(units),
            "stratum": len(np.unique(first.stratum[units])),
        }
        speaks = f"; {self.population_label}" if self.population_label else ""
        domain = f"; domain {self.domain_label}" if self.domain_label else ""
        return f"<Design: {listed(counts)}, {self.df} df{domain}{speaks}>"


def restricted(design: SomeDesign, mask: pd.Series | Bools, label: str) -> SomeDesign:
    """Give rows outside a mask the weight zero, in a copy of the design."""
    old = cast("Design", design)  # of either kind: all it needs is data, inside and weight
    inside = _mask(old.data, mask, label) & old.inside
    if not inside.any():
        raise SurveyError(
            f"domain {label!r}: no row of the design is inside.",
            mend="Check the condition, and that its values are spelt as in the data.",
        )
    smaller = copy(design)
    object.__setattr__(smaller, "inside", inside)
    object.__setattr__(smaller, "weight", np.where(inside, old.weight, 0.0))
    object.__setattr__(smaller, "domain_label", label)
    return smaller


def reweighted(design: Design, weight: Floats, *adjustments: Adjustment) -> Design:
    """Give a design other weights, and the residuals that its variance then rests on.

    Parameters
    ----------
    design : Design
        The sample.
    weight : (n,) float
        New weights.
    *adjustments : Adjustment
        Projections that calibration adds to those that the design has.
    """
    changed = copy(design)
    object.__setattr__(changed, "weight", np.where(design.inside, weight, 0.0))
    object.__setattr__(changed, "adjustments", (*design.adjustments, *adjustments))
    return changed


def with_cells(design: Design, cells: Cells) -> Design:
    """Give a design of cells the counts of its items; see `survey.accumulate`."""
    counted = copy(design)
    object.__setattr__(counted, "cells", cells)
    return counted


def read_weights(frame: pd.DataFrame, name: str, *, where: str) -> Floats:
    """Read a column of weights.

    Raises
    ------
    SurveyError
        Naming the rows whose weight is missing, infinite, negative or zero.
    """
    given = frame[name]
    if given.dtype != np.float64:
        given = pd.to_numeric(given, errors="coerce")
    values = given.to_numpy(np.float64, copy=True)
    if ((values > 0) & (values < np.inf)).all():
        return values
    faults = {
        "missing or not a number": np.isnan(values),
        "infinite": np.isinf(values),
        "negative": values < 0,
        "zero": values == 0,
    }
    for fault, rows in faults.items():
        if rows.any():
            raise SurveyError(
                f"{where}(weights={name!r}): {int(rows.sum())} {fault}, "
                f"in rows {first_five(frame.index[rows])}.",
                mend="Correct the weights, or set those rows aside first; to leave rows out of "
                "an estimate without losing their PSU use design.domain(mask).",
            )
    return values


def column_list(columns: Columns) -> list[str]:
    """Read a column name, a list of them or None as a list."""
    if columns is None:
        return []
    return [columns] if isinstance(columns, str) else list(columns)


def _check_options(design: Design) -> None:
    """Refuse what is not a frame, unknown columns and unknown rules."""
    if not isinstance(design.data, pd.DataFrame):
        raise SurveyError(
            f"Design(data): got {type(design.data).__name__}.", mend="Pass a pandas DataFrame."
        )
    if design.data.empty:
        raise SurveyError("Design(data): the frame has no rows.", mend="Check what was read.")
    if not design.data.columns.is_unique:
        twice = design.data.columns[design.data.columns.duplicated()].unique()
        raise SurveyError(
            f"Design(data): duplicate column names: {first_five(twice)}.", mend="Rename them."
        )
    for name in ("weights", "strata", "psu", "fpc", "certainty"):
        wanted = column_list(cast(Columns, getattr(design, name)))
        require_columns(design.data.columns, wanted, where=f"Design({name}=)")
    for name in ("lonely_psu", "lonely_domain"):
        require_option(getattr(design, name), get_args(LonelyRule), where=f"Design({name}=)")


def _weights(frame: pd.DataFrame, name: str | None, stages: tuple[Stage, ...]) -> Floats:
    """Weights of the rows: given, or from the sampling fractions, or all one."""
    if name is None:
        chance = np.ones(len(frame))
        for stage in stages:
            fraction = stage.fraction[stage.stratum[stage.unit]]
            chance *= np.where(fraction > 0, fraction, 1.0)
        return 1.0 / chance
    return read_weights(frame, name, where="Design")


def _mask(frame: pd.DataFrame, mask: pd.Series | Bools, label: str) -> Bools:
    """Read a boolean mask that fits the data."""
    values = np.asarray(mask)
    aligned = not isinstance(mask, pd.Series) or mask.index.equals(frame.index)
    if values.dtype != bool or values.shape != (len(frame),) or not aligned:
        raise SurveyError(
            f"domain {label!r}: the mask must be {len(frame)} booleans in the order of the data; "
            f"got {values.dtype} of shape {values.shape}.",
            mend="Make it from the design's own frame, such as design.data['gender'] == 'F'.",
        )
    return cast(Bools, values)
