"""What made a change: the contribution of each statement, dimension, district or group.

Contributions are exact: they add up to the change of the index to within 1e-9, under any pattern
of missing answers, and each has a standard error from the same covariance as the change.

Over 300 lines: one account in three forms (statement, group, leader group).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

import survey
from sipas.accounting import group_account
from sipas.changes import AFTER, BEFORE, Change, index_to_split
from sipas.composites import Scheme
from sipas.indices import SatisfactionIndex, statement_rates
from sipas.labelling import ShownAsTable, label
from sipas.leaders import GROUP, LeaderScores
from sipas.numerals import Lang
from sipas.verdicts import NO_ERROR, share_of_change
from survey.errors import SurveyError, first_five, require_columns
from survey.rows import complete_rows
from survey.scores import Floats, Ints

STATEMENT, DIMENSION = "statement", "dimension"
#: Contributions must add up to the change within this, in percentage points.
CLOSES = 1e-9


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Contributions(ShownAsTable):
    """The account of one index's change.

    Parameters
    ----------
    estimates : survey.Estimates
        Contributions in percentage points.
    total : survey.Estimates
        The change of the index, one row.
    within, mix : (K,) float or None
        For groups: change inside the group, and change of its share.
    change : Change
        The two years.
    of : str
        Code of the index.
    by : tuple of str
        What the change was split by.
    df : (K,) float or None
        Degrees of freedom of groups: those of their own change. Their shares are met in every
        commune, and would lend a district degrees of freedom that its change has not.
    """

    estimates: survey.Estimates
    total: survey.Estimates
    within: Floats | None
    mix: Floats | None
    change: Change
    of: str
    by: tuple[str, ...]
    df: Floats | None = None

    @property
    def before(self) -> float:
        """Index of the earlier year."""
        return float(self.change.before[self.of].point[0])

    @property
    def after(self) -> float:
        """Index of the later year."""
        return float(self.change.after[self.of].point[0])

    def table(self, *, level: float = 0.95, lang: Lang = "en") -> pd.DataFrame:
        """List every contribution.

        Parameters
        ----------
        level : float
            Confidence of the intervals.
        lang : {"vi", "en"}
            Language of the labels.

        Returns
        -------
        DataFrame
            Columns ``level label estimate se low high``, in percentage points; ``share``, in per
            cent of the change, missing where the change does not exceed its standard error; for
            groups also ``within`` and ``mix``. What cannot vary has no interval.
        """
        limits = self.estimates.confidence_interval(level=level, method="mean", df=self.df)
        made = pd.DataFrame(
            {"estimate": self.estimates.estimate, "se": self.estimates.se, **limits}
        )
        made.insert(0, "level", " × ".join(self.by))
        made.insert(1, "label", [self._label(name, lang) for name in made.index])
        made.loc[made["se"] <= NO_ERROR, ["low", "high"]] = np.nan
        change, error = float(self.total.point[0]), float(self.total.se.iloc[0])
        made["share"] = share_of_change(made["estimate"], change, error)
        if self.within is not None and self.mix is not None:
            made["within"], made["mix"] = self.within, self.mix
        return made

    def _label(self, name: object, lang: Lang) -> str:
        """Name a row: codes by the instrument, groups as in the data."""
        parts = name if isinstance(name, tuple) else (name,)
        instrument = self.change.after.instrument
        coded = {*self.change.scheme.codes, *(group.code for group in instrument.groups)}
        words = [
            label(instrument, str(part), lang) if part in coded else str(part) for part in parts
        ]
        return " × ".join(words)

    def _shown(self) -> pd.DataFrame:
        table = self.table()
        return table.assign(label=table["label"].str.slice(0, 50))

    @property
    def _caption(self) -> str:
        change = f"{self.total.point[0]:+.4f}"
        return f"Contributions to the change of {self.of!r} ({change} percentage points)"


def contributions(
    change: Change, by: str | Sequence[str] = STATEMENT, *, of: str | None = None
) -> Contributions:
    r"""Split the change of an index into what each part contributed.

    Parameters
    ----------
    change : Change
        From `sipas.compare`, with statement rows (same instrument, or ``link="items"``).
    by : str or pair
        ``"statement"``, ``"dimension"``, a column of the data such as ``"district"`` (for
        leaders ``"group"``), or statement or dimension together with a column.
    of : str, optional
        The index; the overall one by default, else services, else the leaders' total.

    Returns
    -------
    Contributions

    Raises
    ------
    SurveyError
        No statement rows, an unknown index or column, an account that does not close.

    Notes
    -----
    Statement: :math:`c_j = v_j (m_{j2} - m_{j1})` with the index's weights *v*. Groups: within
    and mix by valid-weight shares, see `sipas.accounting`; standard errors by linearisation of
    the whole expression. In R: ``svycontrast``.

    Examples
    --------
    >>> import sipas
    >>> years = [sipas.clean(sipas.datasets.load_hue_households(y), f"sipas-{y}")
    ...          for y in (2021, 2022)]
    >>> moved = sipas.compare(*years, link="items")
    >>> why = sipas.contributions(moved, by="dimension")
    >>> why.table()["estimate"].round(2).to_dict()
    {'S1': -1.02, 'S2': -1.42, 'S3': -2.26, 'S4': -1.7, 'S5': -2.65}
    """
    parts = (by,) if isinstance(by, str) else tuple(by)
    code = index_to_split(change, of, "contributions")
    rows, columns = _split(parts)
    if not columns:
        return _by_statement(change, code, rows, parts)
    if isinstance(change.before, LeaderScores):
        return _by_leader_group(change, code, rows, columns, parts)
    return _by_group(change, code, rows, columns, parts)


def _split(parts: tuple[str, ...]) -> tuple[str | None, list[str]]:
    """Tell statements or dimensions from a column of the data."""
    coded = [part for part in parts if part in (STATEMENT, DIMENSION)]
    columns = [part for part in parts if part not in (STATEMENT, DIMENSION)]
    if len(coded) > 1 or len(columns) > 1 or not parts:
        raise SurveyError(
            f"contributions(by={parts!r}): cannot be split that way.",
            mend="Give 'statement', 'dimension', a column, or one of the first two and a column.",
        )
    return (coded[0] if coded else None), columns


def _by_statement(
    change: Change, code: str, rows: str | None, by: tuple[str, ...]
) -> Contributions:
    """Contributions of statements or dimensions: contrasts of the stacked years."""
    scheme = change.scheme
    weights, labels = _rows(scheme, scheme.row(code), rows)
    matrix = _on_years(change.stacked, scheme, weights)
    made = change.stacked.contrast(matrix, what="Contribution").labelled(labels)
    return _closed(made, None, None, change, code, by)


def _rows(scheme: Scheme, weights: Floats, rows: str | None) -> tuple[Floats, pd.Index]:
    """Weights of the index split by statement or dimension, shape (R, J)."""
    involved = weights != 0
    if rows == DIMENSION:
        chosen = [
            (code, scheme.matrix[k] != 0)
            for k, (code, level) in enumerate(zip(scheme.codes, scheme.levels, strict=True))
            if level == DIMENSION and (involved & (scheme.matrix[k] != 0)).any()
        ]
        matrix = np.array([weights * members for _, members in chosen])
        return matrix, pd.Index([name for name, _ in chosen], name="code")
    if rows == STATEMENT:
        names = [item for item, used in zip(scheme.items, involved, strict=True) if used]
        return np.diag(weights)[involved], pd.Index(names, name="code")
    return weights[None, :], pd.Index(["all"], name="code")


def _on_years(stacked: survey.Estimates, scheme: Scheme, weights: Floats) -> Floats:
    """Place weights on the statements of the later year, and their negatives on the earlier."""
    matrix = np.zeros((len(weights), len(stacked)))
    for key, sign in ((AFTER, 1.0), (BEFORE, -1.0)):
        wanted = pd.MultiIndex.from_product([[key], scheme.items])
        matrix[:, stacked.labels.get_indexer(wanted)] = sign * weights
    return matrix


def _by_group(
    change: Change, code: str, rows: str | None, columns: list[str], by: tuple[str, ...]
) -> Contributions:
    """Contributions of groups of households, alone or crossed with statements or dimensions."""
    column = columns[0]
    scheme = change.scheme
    years = [_group_year(change, key, column) for key in (BEFORE, AFTER)]
    groups = pd.Index(
        sorted({name for _, shares in years for name in shares.labels.get_level_values(1)})
    )
    stacked = survey.stack(
        *(piece for year in years for piece in year),
        keys=["m1", "s1", "m2", "s2"],
        paired=change.paired,
    )
    places = [_places(stacked, key, scheme.items, groups) for key in ("m1", "s1", "m2", "s2")]
    shape = (len(scheme.items), len(groups))
    known = [
        np.where(place >= 0, stacked.point[place], np.nan if k % 2 == 0 else 0.0).reshape(shape)
        for k, place in enumerate(places)
    ]
    account = group_account(*known)
    jacobian = np.zeros((shape[0] * shape[1], len(stacked)))
    for k, place in enumerate(places):
        there = place >= 0
        jacobian[:, place[there]] = account.jacobian[:, k, there]
    weights, labels = _rows(scheme, scheme.row(code), rows)
    spread: Floats = np.asarray(np.kron(weights, np.eye(len(groups))), dtype=np.float64)
    within, mix = spread @ account.within.ravel(), spread @ account.mix.ravel()
    index = groups.rename(column) if rows is None else _crossed(labels, groups, column)
    made = stacked.smooth(within + mix, spread @ jacobian, index, what="Contribution")
    made = replace(made, notes=(*made.notes, *_of_one_year(years)))
    df = _group_df(stacked, (places[0], places[2]), spread)
    return replace(_closed(made, within, mix, change, code, by), df=df)


def _group_df(stacked: survey.Estimates, means: tuple[Ints, Ints], spread: Floats) -> Floats:
    """Degrees of freedom of each group's own change, from the places of its means."""
    own = np.zeros((len(means[0]), len(stacked)))
    for place, sign in zip(means, (-1.0, 1.0), strict=True):
        held = np.flatnonzero(place >= 0)
        own[held, place[held]] = sign
    return stacked.contrast(spread @ own).df.to_numpy()


def _of_one_year(years: Sequence[tuple[survey.Estimates, survey.Estimates]]) -> tuple[str, ...]:
    """Name the groups that only one year has."""
    first, then = (set(shares.labels.get_level_values(1)) for _, shares in years)
    alone = sorted(map(str, first ^ then))
    return (f"In one year only, so all of it is mix: {first_five(alone)}.",) if alone else ()


def _group_year(
    change: Change, key: str, column: str
) -> tuple[survey.Estimates, survey.Estimates]:
    """Statement means of each group, and each group's share of the valid weight."""
    year = change.before if key == BEFORE else change.after
    assert isinstance(year, SatisfactionIndex)
    _check_column(year, column)
    rates = statement_rates(year.answers, year.rules)
    group = year.design.data[column]
    names = sorted(group[year.design.inside].dropna().unique())
    index = pd.MultiIndex.from_product([rates.columns, names], names=["code", column])
    means = survey.mean(year.design, rates, by=column, missing=year.rules.missing)
    belongs = np.stack([(group == name).to_numpy(np.float64) for name in names], axis=1)
    valid = rates.notna().to_numpy()
    if year.rules.missing == "listwise":
        valid = complete_rows(valid)
    shares = np.where(valid[:, :, None], belongs[:, None, :], np.nan).reshape(len(rates), -1)
    frame = pd.DataFrame(shares, index=rates.index, columns=index)
    return means.labelled(index), survey.mean(year.design, frame)


def _check_column(year: SatisfactionIndex, column: str) -> None:
    """Refuse a column that a year lacks, or in which some rows have no group."""
    known = [STATEMENT, DIMENSION, *year.design.data.columns]
    require_columns(known, [column], where="contributions(by=)")
    blank = int(year.design.data.loc[year.design.inside, column].isna().sum())
    if blank:
        raise SurveyError(
            f"contributions(by={column!r}): {blank} rows of {year.instrument.id} have no value.",
            mend="Give them a group of their own in the sheet (such as 'not stated'), so that the "
            "account closes.",
        )


def _places(stacked: survey.Estimates, key: str, items: Sequence[str], groups: pd.Index) -> Ints:
    """Position of each item and group in the stacked vector, -1 where a year has none."""
    wanted = pd.MultiIndex.from_product([[key], items, groups])
    return stacked.labels.get_indexer(wanted)


def _crossed(labels: pd.Index, groups: pd.Index, column: str) -> pd.MultiIndex:
    return pd.MultiIndex.from_product([labels, groups], names=["code", column])


def _by_leader_group(
    change: Change, code: str, rows: str | None, columns: list[str], by: tuple[str, ...]
) -> Contributions:
    """Contributions of groups of leaders, whose weights are fixed: there is no mix."""
    before, after = change.before, change.after
    assert isinstance(before, LeaderScores)
    assert isinstance(after, LeaderScores)
    if columns != [GROUP]:
        raise SurveyError(
            f"contributions(by={columns[0]!r}): leader scores are made of groups.",
            mend=f"Use by={GROUP!r}.",
        )
    scheme = change.scheme
    stacked = survey.stack(before.groups, after.groups, keys=[BEFORE, AFTER], paired=change.paired)
    groups = after.weights.index
    weights, labels = _rows(scheme, scheme.row(code), rows)
    matrix = np.zeros((len(weights) * len(groups), len(stacked)))
    for key, sign, year in ((AFTER, 1.0, after), (BEFORE, -1.0, before)):
        share = year.weights[list(scheme.items)].to_numpy().T
        place = _places(stacked, key, scheme.items, groups)
        spread = weights[:, None, :, None] * share[None, None] * np.eye(len(groups))[None, :, None]
        matrix[:, place] = sign * spread.reshape(len(matrix), -1)
    index = groups.rename(GROUP) if rows is None else _crossed(labels, groups, GROUP)
    made = stacked.contrast(matrix, what="Contribution").labelled(index)
    return _closed(made, None, None, change, code, by)


def _closed(
    made: survey.Estimates,
    within: Floats | None,
    mix: Floats | None,
    change: Change,
    code: str,
    by: tuple[str, ...],
) -> Contributions:
    """Check that the account closes."""
    total = change.estimates.pick(np.flatnonzero(change.estimates.labels == code))
    rest = float(made.point.sum() - total.point[0])
    if not abs(rest) <= CLOSES:
        raise SurveyError(
            f"contributions: they add up to {made.point.sum():.10f}, the change is "
            f"{total.point[0]:.10f}.",
            mend="Some rows have no value in the split column; fill it in for every row.",
        )
    return Contributions(made, total, within, mix, change, code, by)
