r"""Reliability of a scale: functions of one weighted matrix of answers by answers.

Alpha, the item-rest correlations, the correlations between items and omega are all smooth
functions of the covariances of the items. With :math:`\partial\theta / \partial c_{ab}` known, the
linearised value of a row is one quadratic form in its answers, so every coefficient has a
design-based standard error, and replicate weights need only the same matrix again.

Answers are used pairwise: a covariance rests on the rows that hold both answers. In R: ``psych``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from survey.design import Design
from survey.display import as_html, as_text, shown
from survey.errors import SurveyError, first_five, require_columns, require_option
from survey.estimates import Estimates
from survey.intervals import check_level, t_quantile
from survey.linearization import influence_part
from survey.replicates import ReplicateDesign, spread
from survey.rows import complete_rows
from survey.samples import Part
from survey.scores import Bools, Floats, indicator

Pairing = Literal["pairwise", "listwise"]
Fit = Literal["minres", "ml"]
Source = Design | ReplicateDesign | pd.DataFrame
Kind = Literal["covariance", "correlation"]
Positions = npt.NDArray[np.intp]

#: Uniquenesses stay between these, as in R's ``psych::fa``.
UNIQUE = (0.005, 1.0)


# -- answers and their moments ------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """Answers to several items: values (n, k), zero where not valid, and who answered what."""

    design: Design | ReplicateDesign
    names: tuple[str, ...]
    values: Floats
    valid: Bools
    centre: Floats
    missing: Pairing

    @property
    def n(self) -> int:
        """Rows of the domain; with listwise deletion those that answered every item."""
        inside = self.design.weight > 0
        return int(
            (inside & self.valid.all(axis=1) if self.missing == "listwise" else inside).sum()
        )


def read_items(source: Source, items: Sequence[str], *, missing: Pairing, where: str) -> Items:
    """Read numeric items of a design, or of a frame in which every row weighs the same.

    Raises
    ------
    SurveyError
        Fewer than two items, an item twice, unknown, in words, without an answer or constant, a
        pair that fewer than two rows answered.
    """
    require_option(missing, get_args(Pairing), where=f"{where}(missing=)")
    design = Design(source) if isinstance(source, pd.DataFrame) else source
    names = _checked_names(design.data, items, where)
    frame = design.data[list(names)]
    values = frame.to_numpy(np.float64, na_value=np.nan)
    valid = np.isfinite(values) & (design.weight > 0)[:, None]
    if missing == "listwise":
        valid = complete_rows(valid)
    _refuse_thin(valid, names, where)
    weight = np.where(valid, design.weight[:, None], 0.0)
    filled = np.where(valid, values, 0.0)
    centre = (weight * filled).sum(axis=0) / weight.sum(axis=0)
    centred = np.where(valid, filled - centre, 0.0)
    flat = [name for k, name in enumerate(names) if np.ptp(values[valid[:, k], k]) == 0]
    if flat:
        raise SurveyError(
            f"{where}: everybody gave the same answer to {len(flat)} items: {first_five(flat)}.",
            mend="An item without variation has no correlation; leave it out.",
        )
    return Items(design, names, centred, valid, centre, missing)


def _checked_names(frame: pd.DataFrame, items: Sequence[str], where: str) -> tuple[str, ...]:
    """Names of at least two different numeric columns."""
    names = (items,) if isinstance(items, str) else tuple(items)
    require_columns(frame.columns, names, where=where)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or len(names) < 2:
        what = f"{first_five(twice)} twice" if twice else f"{len(names)} given"
        raise SurveyError(
            f"{where}: needs different items, two or more; {what}.", mend="List them."
        )
    text = [name for name in names if not pd.api.types.is_numeric_dtype(frame[name])]
    if text:
        raise SurveyError(
            f"{where}: not numeric: {first_five(text)}.",
            mend="Clean the sheet first, so that answers are numbers.",
        )
    return names


def _refuse_thin(valid: Bools, names: tuple[str, ...], where: str) -> None:
    """Every pair of items needs two rows that hold both."""
    counts = valid.T.astype(np.float64) @ valid
    thin = [(names[a], names[b]) for a, b in np.argwhere(counts < 2) if a <= b]
    if thin:
        listed = ["/".join(dict.fromkeys(pair)) for pair in thin]
        raise SurveyError(
            f"{where}: fewer than two rows hold {len(thin)} of the pairs: {first_five(listed)}.",
            mend="Leave out items that were not asked of the same people, or check missing codes.",
        )


class Moments(NamedTuple):
    """Weighted moments over the rows that hold both answers, each of shape (…, k, k).

    ``mean[a, b]`` and ``spread[a, b]`` are mean and variance of item *a* where *b* is answered
    too, ``product`` the mean cross-product about those means, ``weight`` the sum of weights.
    """

    weight: Floats
    mean: Floats
    spread: Floats
    product: Floats
    correction: Floats

    @property
    def covariance(self) -> Floats:
        """Covariances with divisor n − 1. In R: ``cov(use = "pairwise")``, ``svyvar``."""
        return self.product * self.correction

    @property
    def correlation(self) -> Floats:
        """Correlations, each from its own rows. In R: ``cor(use = "pairwise")``."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.product / np.sqrt(self.spread * _flip(self.spread)))


def moments(items: Items) -> Moments:
    """Compute the moments under the design's weights, each of shape (k, k)."""
    x, valid, weight = items.values, items.valid.astype(np.float64), items.design.weight[:, None]
    x_weighed = (weight * x).T
    cross = (x_weighed @ valid, (weight * x**2).T @ valid, x_weighed @ x)
    return _moments(items, (weight * valid).T @ valid, *cross)


def replicate_moments(items: Items, design: ReplicateDesign) -> Moments:
    """Compute the moments in every replicate, each of shape (R, k, k), from sums by unit."""
    factors, x, valid = design.factors, items.values, items.valid.astype(np.float64)
    base = np.where(design.weight > 0, design.base, 0.0)
    to_units = indicator(factors.unit, len(factors.factor), base)
    sums = []
    for own, there in zip(x.T[:, :, None], valid.T[:, :, None], strict=True):  # item by item
        pairs = np.hstack([there * valid, own * valid, own**2 * valid, own * x])
        sums.append(factors.factor.T @ (to_units @ pairs))
    return _moments(items, *np.split(np.stack(sums, axis=1), 4, axis=2))


def _moments(items: Items, total: Floats, first: Floats, second: Floats, cross: Floats) -> Moments:
    """Centre weighted sums of 1, x, x² and x y over the rows that hold both of a pair."""
    n = items.valid.T.astype(np.float64) @ items.valid
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = first / total
        variance, product = second / total - mean**2, cross / total - mean * _flip(mean)
    return Moments(total, mean, variance, product, n / (n - 1.0))


def _flip(matrix: Floats) -> Floats:
    return np.swapaxes(matrix, -1, -2)


def _scores(items: Items, gradients: Floats, kind: Kind) -> Floats:
    r"""Weighted linearised values of the rows, shape (n, K), for gradients of shape (K, k, k).

    With :math:`u_{ab} = (x_a - m_{ab})(x_b - m_{ba})` on the rows that hold both answers, a
    covariance has the linearised value :math:`w (u_{ab} - \bar u_{ab}) / \sum w`; for a
    correlation *u* is standardised and :math:`r (z_a^2 + z_b^2) / 2` is taken off. A weighted sum
    of such values over all pairs is a quadratic form in the row's answers.
    """
    m, columns = moments(items), []
    z = np.hstack([items.values, items.values**2, items.valid])
    nothing = np.zeros_like(m.mean)
    for gradient in gradients:  # one small matrix product for each coefficient
        pair = gradient / m.weight
        if kind == "covariance":
            cross, square = pair * m.correction, nothing
            constant = cross * (m.mean * m.mean.T - m.product)
        else:
            cross = pair / np.sqrt(m.spread * m.spread.T)
            square = -pair * m.correlation / m.spread
            constant = cross * m.mean * m.mean.T + square * m.mean**2
        line = -2.0 * (cross * m.mean.T + square * m.mean)
        form = np.block(
            [[cross, nothing, line], [nothing, nothing, square], [nothing, nothing, constant]]
        )
        columns.append(items.design.weight * np.einsum("ij,ij->i", z @ form, z))
    return np.stack(columns, axis=1)


class _Function(NamedTuple):
    """A function of the matrix: its values for (R, k, k), and its gradients at one (k, k)."""

    values: Callable[[Floats], Floats]
    gradients: Callable[[Floats], Floats]
    kind: Kind


def _estimates(
    items: Items, function: _Function, labels: pd.Index, what: str, n: Floats | float
) -> Estimates:
    """Estimate a function of the moments, with scores by PSU or replicate."""
    design = items.design
    matrix = getattr(moments(items), function.kind)
    point = function.values(matrix[None])[0]
    if isinstance(design, ReplicateDesign):
        matrices = getattr(replicate_moments(items, design), function.kind)
        part = spread(design, function.values(matrices), point)
    else:
        part = influence_part(design, _scores(items, function.gradients(matrix), function.kind))
    return _wrapped(design, part, point, labels, what, n)


def _wrapped(
    design: Design | ReplicateDesign,
    part: Part,
    point: Floats,
    labels: pd.Index,
    what: str,
    n: Floats | float,
    bounds: tuple[float, float] | None = None,
) -> Estimates:
    """Label a vector of coefficients."""
    size = np.broadcast_to(np.asarray(n, dtype=np.float64), point.shape)
    return Estimates(
        point=point,
        labels=labels,
        parts=(part,),
        size=size,
        missing_rows=design.inside.sum() - size,
        what=what,
        bounds=bounds,
        population=design.population_label,
        size_known=design.has_weights,
    )


def _limits(estimates: Estimates, level: float) -> pd.DataFrame:
    r"""Limits of coefficients that cannot exceed 1, symmetric on the scale of log(1 − θ).

    :math:`1 - (1 - \hat\theta) \exp(\pm t_{df}\, se / (1 - \hat\theta))`, after Bonett (2002),
    *Journal of Educational and Behavioral Statistics* 27, 335–340.
    """
    left, df = 1.0 - estimates.point, estimates.df.to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        half = t_quantile(level, df) * estimates.se.to_numpy() / left
    low, high = 1.0 - left * np.exp(half), 1.0 - left * np.exp(-half)
    return pd.DataFrame({"low": low, "high": high}, index=estimates.labels)


def _table(estimates: Estimates, limits: pd.DataFrame) -> pd.DataFrame:
    """Columns estimate, se, low, high, n."""
    columns = {"estimate": estimates.estimate, "se": estimates.se, **limits, "n": estimates.n}
    return pd.DataFrame(columns, index=estimates.labels)


# -- alpha --------------------------------------------------------------------------------


def _cov2cor(matrix: Floats) -> Floats:
    """Correlations from covariances, shape (…, k, k)."""
    sd = np.sqrt(np.diagonal(matrix, axis1=-2, axis2=-1))
    return np.asarray(matrix / (sd[..., :, None] * sd[..., None, :]))


def _trace_and_sum(matrix: Floats) -> tuple[Floats, Floats]:
    return np.trace(matrix, axis1=-2, axis2=-1), matrix.sum(axis=(-2, -1))


def _raw_alpha(matrix: Floats) -> Floats:
    """Cronbach's alpha of matrices (…, k, k)."""
    k = matrix.shape[-1]
    trace, total = _trace_and_sum(matrix)
    return np.asarray(k / (k - 1.0) * (1.0 - trace / total))


def _alpha_gradient(matrix: Floats) -> Floats:
    """Differentiate alpha by each entry of the matrix."""
    k = len(matrix)
    trace, total = _trace_and_sum(matrix)
    return np.asarray(k / (k - 1.0) * (trace / total - np.eye(k)) / total)


def _squared_multiple(correlation: Floats) -> Floats:
    """Share of each item that the others explain, shape (…, k)."""
    inverse = np.linalg.pinv(correlation, hermitian=True)
    return np.asarray(1.0 - 1.0 / np.diagonal(inverse, axis1=-2, axis2=-1))


def _scale_values(covariance: Floats) -> Floats:
    """Alpha, standardised alpha, Guttman's lambda 6 and the mean correlation, shape (R, 4)."""
    r = _cov2cor(covariance)
    k, total = r.shape[-1], r.sum(axis=(-2, -1))
    sixth = 1.0 - (k - _squared_multiple(r).sum(axis=-1)) / total if k > 1 else total - total
    mean = (total - k) / (k * (k - 1.0)) if k > 1 else total * np.nan
    values = (_raw_alpha(covariance), _raw_alpha(r), sixth, mean)
    return np.stack(values, axis=-1)


def _scale_gradients(covariance: Floats) -> Floats:
    """Differentiate `_scale_values` by the covariances, shape (4, k, k)."""
    r = _cov2cor(covariance)
    k, total = len(r), r.sum()
    inverse = np.linalg.pinv(r, hermitian=True)
    unique = 1.0 / np.diag(inverse)
    rows = inverse * unique[:, None]
    sixth = unique.sum() / total**2 - rows.T @ rows / total
    on_r = np.stack([_alpha_gradient(r), sixth, np.ones_like(r) / (k * (k - 1.0))])
    for matrix in on_r:
        np.fill_diagonal(matrix, 0.0)  # the diagonal of a correlation matrix does not move
    variance = np.diag(covariance)
    made = on_r / np.sqrt(np.outer(variance, variance))
    made[:, np.arange(k), np.arange(k)] = -(on_r * r).sum(axis=-1) / variance
    return np.concatenate([_alpha_gradient(covariance)[None], made])


def _classical_se(covariance: Floats, n: int) -> float:
    """Large-sample standard error of alpha for independent normal answers."""
    k = len(covariance)
    trace, total = _trace_and_sum(covariance)
    square = covariance @ covariance
    inner = total * (np.trace(square) + trace**2) - 2.0 * trace * square.sum()
    return float(np.sqrt(2.0 * k**2 / ((k - 1.0) ** 2 * total**3) * inner / n))


def _feldt(value: float, n: int, k: int, level: float) -> tuple[float, float]:
    """Limits of alpha for independent answers: (1 − α) times quantiles of F."""
    tails = [0.5 + level / 2.0, 0.5 - level / 2.0]
    low, high = (float(stats.f.ppf(tail, n - 1, (n - 1) * (k - 1))) for tail in tails)
    return 1.0 - (1.0 - value) * low, 1.0 - (1.0 - value) * high


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Alpha:
    """Internal consistency of a scale; made by `alpha`.

    Parameters
    ----------
    estimates : Estimates
        ``alpha``, ``standardised alpha``, ``lambda 6`` and ``mean correlation``.
    items : tuple of str
        The items.
    level : float
        Confidence level of every interval shown.
    classical_se : float
        Standard error for independent answers (Duhachek & Iacobucci).
    feldt : (low, high)
        Feldt's limits for independent answers.
    median_correlation, scale_mean, scale_sd : float
        Middle of the correlations; mean and standard deviation of the respondents' mean answers.
    notes : tuple of str
        Sentences beneath the table.
    """

    estimates: Estimates
    items: tuple[str, ...]
    level: float
    classical_se: float
    feldt: tuple[float, float]
    median_correlation: float
    scale_mean: float
    scale_sd: float
    notes: tuple[str, ...] = field(default=())

    @property
    def alpha(self) -> float:
        """Cronbach's alpha."""
        return float(self.estimates.point[0])

    @property
    def signal_noise(self) -> float:
        """Signal to noise: k r / (1 − r) with the mean correlation r."""
        r = float(self.estimates.point[3])
        return len(self.items) * r / (1.0 - r)

    def table(self) -> pd.DataFrame:
        """Columns ``estimate se low high n``, one row a coefficient."""
        return _table(self.estimates, _limits(self.estimates, self.level))

    def __repr__(self) -> str:
        """Caption, table and notes as text."""
        return as_text(self.estimates.caption, self.table(), self.notes)

    def _repr_html_(self) -> str:
        return as_html(self.estimates.caption, self.table(), self.notes)


SCALE = pd.Index(["alpha", "standardised alpha", "lambda 6", "mean correlation"])


def alpha(
    design: Source, items: Sequence[str], *, level: float = 0.95, missing: Pairing = "pairwise"
) -> Alpha:
    r"""Estimate Cronbach's alpha of a scale.

    Parameters
    ----------
    design : Design, ReplicateDesign or DataFrame
        The sample; in a frame every row weighs the same and is drawn by itself.
    items : list of str
        Numeric columns, all keyed in the same direction.
    level : float
        Confidence level.
    missing : {"pairwise", "listwise"}
        Use the rows that hold both answers of a pair, or only rows that hold all.

    Returns
    -------
    Alpha
        With design-based standard errors and limits, and the classical ones beside.

    Raises
    ------
    SurveyError
        Fewer than two items, constant or non-numeric items, a pair that nobody answered, items
        whose sum does not vary.

    Notes
    -----
    :math:`\alpha = \frac{k}{k-1}(1 - \operatorname{tr} C / \mathbf 1' C \mathbf 1)` of the
    weighted covariance matrix; variance by linearisation or replicates, limits on the scale of
    :math:`\log(1 - \alpha)`. Cronbach (1951), *Psychometrika* 16; classical limits Feldt (1965),
    *Psychometrika* 30, and Duhachek & Iacobucci (2004), *Journal of Applied Psychology* 89.
    In R: ``psych::alpha(items)``; weighted, ``psych::alpha(svyvar(~items, design))``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 1, 4, 3, 5], "c": [1, 3, 3, 5, 4]})
    >>> round(alpha(frame, ["a", "b", "c"]).alpha, 4)
    0.9
    """
    check_level(level)
    read = read_items(design, items, missing=missing, where="alpha(items=)")
    covariance = moments(read).covariance
    _refuse_no_sum(covariance, read.names)
    function = _Function(_scale_values, _scale_gradients, "covariance")
    what = f"Reliability of {len(read.names)} items"
    estimates = _estimates(read, function, SCALE, what, read.n)
    off = _cov2cor(covariance)[~np.eye(len(covariance), dtype=bool)]
    k, n, point = len(read.names), read.n, float(estimates.point[0])
    feldt, se = _feldt(point, n, k, level), _classical_se(covariance, n)
    mean, sd, _ = _scale(read)
    notes = (_classical_note(se, feldt, level), *_reversed_note(covariance, read.names))
    return Alpha(estimates, read.names, level, se, feldt, float(np.median(off)), mean, sd, notes)


def _refuse_no_sum(covariance: Floats, names: tuple[str, ...]) -> None:
    """Items that cancel out have no alpha."""
    total = covariance.sum()
    if not total > 1e-12 * np.trace(covariance):
        raise SurveyError(
            f"items {first_five(names)}: their sum does not vary (variance {total:.3g}).",
            mend="Recode items that are worded the other way round.",
        )


def _classical_note(se: float, feldt: tuple[float, float], level: float) -> str:
    """Say what the interval would be if answers were independent."""
    low, high = (shown(limit, 4) for limit in feldt)
    return (
        f"If rows were independent and equally weighted: alpha has se {shown(se, 4)}, "
        f"{100 * level:g} % limits {low} to {high} (Feldt)."
    )


def _reversed_note(covariance: Floats, names: tuple[str, ...]) -> tuple[str, ...]:
    """Name items that go against the others."""
    against = covariance.sum(axis=0) - np.diag(covariance) < 0
    found = [name for name, bad in zip(names, against, strict=True) if bad]
    return (f"Against the others: {first_five(found)}; recode?",) if found else ()


def _scale(items: Items) -> tuple[float, float, Floats]:
    """Mean and standard deviation of the rows' mean answers; correlation of the items with it."""
    answered = items.valid.sum(axis=1)
    there = answered > 0
    raw = np.where(items.valid, items.values + items.centre, 0.0)
    score = np.where(there, raw.sum(axis=1) / np.maximum(answered, 1), 0.0)
    weight = np.where(there, items.design.weight, 0.0)
    mean = float((weight * score).sum() / weight.sum())
    n = int(there.sum())
    sd = np.sqrt((weight * (score - mean) ** 2).sum() / weight.sum() * n / (n - 1.0))
    w = items.design.weight[:, None] * items.valid
    own = (w * score[:, None]).sum(axis=0) / w.sum(axis=0)
    away = np.where(items.valid, score[:, None] - own, 0.0)
    cross, square = (w * away * items.values).sum(axis=0), (w * items.values**2).sum(axis=0)
    return mean, float(sd), np.asarray(cross / np.sqrt(square * (w * away**2).sum(axis=0)))


# -- items against the rest ---------------------------------------------------------------


def _without(covariance: Floats, item: int) -> Floats:
    """Leave an item out of matrices (…, k, k)."""
    kept = np.delete(np.arange(covariance.shape[-1]), item)
    return np.asarray(covariance[..., kept[:, None], kept])


def _rest_parts(covariance: Floats) -> tuple[Floats, Floats, Floats]:
    """Covariance of each item with the sum of the others, its variance, the sum's variance."""
    own = np.diagonal(covariance, axis1=-2, axis2=-1)
    column = covariance.sum(axis=-1)
    total = covariance.sum(axis=(-2, -1))[..., None]
    return column - own, own, total - 2.0 * column + own


def _rest_values(covariance: Floats) -> Floats:
    """Item-rest correlations, then alpha without each item, shape (R, 2k)."""
    with_rest, own, rest = _rest_parts(covariance)
    k = covariance.shape[-1]
    dropped = [_raw_alpha(_without(covariance, item)) for item in range(k)] if k > 2 else []
    none = [np.full(len(covariance), np.nan)] * (k if k == 2 else 0)
    r = with_rest / np.sqrt(own * rest)
    return np.concatenate([r, np.stack(dropped + none, axis=-1)], axis=-1)


def _rest_gradients(covariance: Floats) -> Floats:
    """Differentiate `_rest_values` by the covariances, shape (2k, k, k)."""
    k = len(covariance)
    with_rest, own, rest = _rest_parts(covariance)
    scale = np.sqrt(own * rest)
    r = with_rest / scale
    made = np.zeros((2 * k, k, k))
    for item in range(k):
        kept = np.delete(np.arange(k), item)
        block = np.ix_(kept, kept)
        made[item, item, kept] = made[item, kept, item] = 0.5 / scale[item]
        made[item, item, item] = -r[item] / (2.0 * own[item])
        made[item][block] = -r[item] / (2.0 * rest[item])
        made[k + item][block] = _alpha_gradient(_without(covariance, item)) if k > 2 else np.nan
    return made


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ItemRest:
    """Each item against the rest of its scale; made by `item_rest`.

    Parameters
    ----------
    estimates : Estimates
        Labelled ``("item-rest correlation", item)`` and ``("alpha if deleted", item)``.
    items : tuple of str
        The items.
    level : float
        Confidence level of the limits shown.
    details : DataFrame
        One row an item: ``n mean sd``; correlations with the scale that contain the item
        (``with_scale``, ``with_standardised_scale``) or are corrected for the overlap
        (``corrected``); ``alpha standardised_alpha lambda_6 mean_correlation classical_se`` of the
        scale without the item.
    """

    estimates: Estimates
    items: tuple[str, ...]
    level: float
    details: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """``estimate se low high n`` of the item-rest correlation, then mean, sd and alpha."""
        k = len(self.items)
        own = self.estimates.pick(range(k)).labelled(pd.Index(self.items))
        table = _table(own, own.confidence_interval(level=self.level, method="logit"))
        deleted, se = self.estimates.point[k:], self.estimates.se.to_numpy()[k:]
        return table.assign(
            mean=self.details["mean"],
            sd=self.details["sd"],
            alpha_if_deleted=deleted,
            alpha_if_deleted_se=se,
        )

    def __repr__(self) -> str:
        """Caption and table as text."""
        return as_text(self.estimates.caption, self.table())

    def _repr_html_(self) -> str:
        return as_html(self.estimates.caption, self.table())


def item_rest(
    design: Source, items: Sequence[str], *, level: float = 0.95, missing: Pairing = "pairwise"
) -> ItemRest:
    r"""Correlate each item with the sum of the others, and give alpha without it.

    Parameters, errors as `alpha`.

    Returns
    -------
    ItemRest
        Limits of the correlation on Fisher's z scale.

    Notes
    -----
    :math:`r_i = \sum_{b \ne i} c_{ib} / \sqrt{c_{ii} \sum_{a, b \ne i} c_{ab}}`. Nunnally &
    Bernstein (1994), *Psychometric Theory*, ch. 8.
    In R: ``psych::alpha(items)$item.stats$r.drop`` and ``$alpha.drop``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 1, 4, 3, 5], "c": [1, 3, 3, 5, 4]})
    >>> item_rest(frame, ["a", "b", "c"]).table()[["estimate", "alpha_if_deleted"]].round(4)
       estimate  alpha_if_deleted
    a    0.9774            0.5970
    b    0.6433            0.9195
    c    0.6742            0.8889
    """
    check_level(level)
    read = read_items(design, items, missing=missing, where="item_rest(items=)")
    covariance = moments(read).covariance
    _refuse_no_sum(covariance, read.names)
    labels = pd.MultiIndex.from_product(
        [["item-rest correlation", "alpha if deleted"], read.names], names=["", "item"]
    )
    function = _Function(_rest_values, _rest_gradients, "covariance")
    n = read.valid.sum(axis=0).astype(np.float64)
    what = f"Items against the rest, {len(read.names)} items"
    made = _estimates(read, function, labels, what, np.concatenate([n, n]))
    bounded = _wrapped(
        read.design, made.parts[0], made.point, labels, what, made.size, (-1.0, 1.0)
    )
    return ItemRest(bounded, read.names, level, _details(read, covariance))


def _details(items: Items, covariance: Floats) -> pd.DataFrame:
    """Collect what psych prints beside the item-rest correlation."""
    k, r = len(items.names), _cov2cor(covariance)
    reduced = r.copy()
    np.fill_diagonal(reduced, _squared_multiple(r))
    left = [_without(covariance, item) for item in range(k)]
    without = np.concatenate([_scale_values(matrix[None]) for matrix in left]) if k > 2 else None
    blank = np.full((k, 4), np.nan)
    scale = blank if without is None else without
    columns = {
        "n": items.valid.sum(axis=0),
        "mean": items.centre,
        "sd": np.sqrt(np.diag(covariance)),
        "with_scale": _scale(items)[2],
        "with_standardised_scale": r.sum(axis=0) / np.sqrt(r.sum()),
        "corrected": reduced.sum(axis=0) / np.sqrt(reduced.sum()),
        "alpha": scale[:, 0],
        "standardised_alpha": scale[:, 1],
        "lambda_6": scale[:, 2],
        "mean_correlation": scale[:, 3],
        "classical_se": [_classical_se(m, items.n) if k > 2 else np.nan for m in left],
    }
    return pd.DataFrame(columns, index=pd.Index(items.names, name="item"))


# -- correlations between items -----------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Correlations:
    """Correlations between items; made by `correlations`.

    Parameters
    ----------
    estimates : Estimates
        One for each pair, labelled ``(item, item)``.
    matrix, covariance, n : DataFrame
        Correlations, covariances and rows of each pair, as square tables.
    level : float
        Confidence level of the limits shown.
    """

    estimates: Estimates
    matrix: pd.DataFrame
    covariance: pd.DataFrame
    n: pd.DataFrame
    level: float

    def table(self) -> pd.DataFrame:
        """Columns ``estimate se low high n``, one row a pair."""
        limits = self.estimates.confidence_interval(level=self.level, method="logit")
        return _table(self.estimates, limits)

    def __repr__(self) -> str:
        """Caption and square table as text."""
        return as_text(self.estimates.caption, self.matrix)

    def _repr_html_(self) -> str:
        return as_html(self.estimates.caption, self.matrix)


def correlations(
    design: Source, items: Sequence[str], *, level: float = 0.95, missing: Pairing = "pairwise"
) -> Correlations:
    r"""Correlate items with each other.

    Parameters, errors as `alpha`.

    Returns
    -------
    Correlations
        Each from the rows that hold both answers; limits on Fisher's z scale with t.

    Notes
    -----
    :math:`z_i = w_i \{z_a z_b - \tfrac12 r (z_a^2 + z_b^2)\} / \sum w` is the linearised value.
    In R: ``cor(items, use = "pairwise")``; weighted, ``cov2cor(svyvar(~items, design))``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 1, 4, 3, 5]})
    >>> correlations(frame, ["a", "b"]).matrix
         a    b
    a  1.0  0.8
    b  0.8  1.0
    """
    check_level(level)
    read = read_items(design, items, missing=missing, where="correlations(items=)")
    made = moments(read)
    index = pd.Index(read.names)
    counts = (read.valid.T.astype(np.float64) @ read.valid).astype(np.int64)
    a, b = np.triu_indices(len(index), k=1)
    labels = pd.MultiIndex.from_arrays([index[a], index[b]], names=["item", "with"])
    what, point = f"Correlations of {len(index)} items", made.correlation[a, b]
    if isinstance(read.design, ReplicateDesign):
        replicates = replicate_moments(read, read.design).correlation[:, a, b]
        part = spread(read.design, replicates, point)
    else:
        part = influence_part(read.design, _pair_scores(read, made, a, b))
    size = counts[a, b].astype(np.float64)
    estimates = _wrapped(read.design, part, point, labels, what, size, (-1.0, 1.0))
    return Correlations(
        estimates=estimates,
        matrix=pd.DataFrame(made.correlation, index, index),
        covariance=pd.DataFrame(made.covariance, index, index),
        n=pd.DataFrame(counts, index, index),
        level=level,
    )


def _pair_scores(items: Items, made: Moments, a: Positions, b: Positions) -> Floats:
    """Weighted linearised values of the correlation of each pair (a, b), shape (n, K)."""
    x, both = items.values, items.valid[:, a] & items.valid[:, b]
    first = np.where(both, (x[:, a] - made.mean[a, b]) / np.sqrt(made.spread[a, b]), 0.0)
    second = np.where(both, (x[:, b] - made.mean[b, a]) / np.sqrt(made.spread[b, a]), 0.0)
    value = first * second - 0.5 * made.correlation[a, b] * (first**2 + second**2)
    return np.asarray(items.design.weight[:, None] * value / made.weight[a, b])


# -- factors ------------------------------------------------------------------------------


class _Spectrum(NamedTuple):
    """Objective, gradient and Hessian of a factor model at uniquenesses *x*, and its parts."""

    value: float
    gradient: Floats
    hessian: Floats
    kernel: Floats
    vectors: Floats
    loadings: Floats


def _spectrum(r: Floats, x: Floats, factors: int, fit: Fit) -> _Spectrum:
    r"""Objective of a factor model as a function of the uniquenesses alone.

    Minres: *x* are the uniquenesses, :math:`F = \frac12 \sum \theta_m^2` over the last
    eigenvalues of :math:`R - \Psi`. ML: *x* are their logs, :math:`F = \sum (\theta_m - \log
    \theta_m - 1)` over those of :math:`\Psi^{-1/2} R \Psi^{-1/2}`. Jöreskog (1977), in
    *Statistical Methods for Digital Computers*. In both the gradient is
    :math:`\sum \varphi(\theta_m) v_m^2` with :math:`\varphi' = -1`, so one kernel carries a
    change of *R* and of *x*.
    """
    scale = np.ones(len(x)) if fit == "minres" else np.exp(-0.5 * x)
    inner = r - np.diag(x) if fit == "minres" else r * np.outer(scale, scale)
    theta, v = np.linalg.eigh(inner)
    last = np.arange(len(x)) < len(x) - factors
    t = theta[last]
    if fit == "minres":
        value, phi, kept = 0.5 * (t**2).sum(), -theta, theta[~last]
    else:
        t = np.maximum(t, 1e-12)
        value, phi, kept = (t - np.log(t) - 1.0).sum(), 1.0 - theta, theta[~last] - 1.0
    gap = theta[:, None] - theta[None, :]
    mixed = last[:, None] & ~last[None, :] & (gap != 0)
    half = np.where(mixed, phi[:, None] / np.where(mixed, gap, 1.0), 0.0)
    kernel = np.where(last[:, None] & last[None, :], -1.0, half + half.T)
    moved = -kernel if fit == "minres" else -0.5 * kernel * (theta[:, None] + theta[None, :])
    crossed = v[:, None, :] * v[None, :, :]
    hessian = ((crossed @ moved) * crossed).sum(axis=-1)
    loadings = v[:, ~last] * np.sqrt(np.maximum(kept, 0.0)) / scale[:, None]
    gradient = (v[:, last] ** 2) @ phi[last]
    return _Spectrum(float(value), gradient, hessian, kernel, v, loadings[:, ::-1])


def _fit(r: Floats, factors: int, fit: Fit, start: Floats | None = None) -> tuple[Floats, Floats]:
    """Uniquenesses (on the scale of *x*) and loadings of the best fit: projected Newton steps."""
    low, high = UNIQUE if fit == "minres" else (np.log(UNIQUE[0]), np.log(UNIQUE[1]))
    if start is None:
        first = np.clip(1.0 - _squared_multiple(r), *UNIQUE)
        start = first if fit == "minres" else np.log(first)
    x, now = start, _spectrum(r, start, factors, fit)
    for _ in range(500):
        held = ((x <= low) & (now.gradient > 0)) | ((x >= high) & (now.gradient < 0))
        free = ~held
        if not free.any() or np.abs(now.gradient[free]).max() < 1e-13:
            return x, now.loadings
        values, vectors = np.linalg.eigh(now.hessian[np.ix_(free, free)])
        curved = np.maximum(np.abs(values), 1e-6)  # downhill also where the surface is not convex
        step = np.zeros_like(x)
        step[free] = -vectors @ ((vectors.T @ now.gradient[free]) / curved)
        better = _downhill(r, x, step, now.value, (low, high), (factors, fit))
        if better is None:
            return x, now.loadings
        x, now = better
    raise SurveyError(
        f"omega: the model of {factors} factors did not converge.", mend="Ask for fewer factors."
    )


def _downhill(
    r: Floats,
    x: Floats,
    step: Floats,
    value: float,
    bounds: tuple[float, float],
    model: tuple[int, Fit],
) -> tuple[Floats, _Spectrum] | None:
    """Halve a step until the objective falls; None when it cannot fall any more."""
    for halving in range(40):
        trial = np.clip(x + step * 0.5**halving, *bounds)
        there = _spectrum(r, trial, *model)
        if there.value < value:
            return trial, there
    return None


def _varimax(loadings: Floats) -> Floats:
    """Kaiser's rotation of normalised loadings. In R: ``varimax``."""
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    a = loadings / np.maximum(length, 1e-300)
    turn, reached = np.eye(a.shape[1]), 0.0
    for _ in range(1000):
        z = a @ turn
        u, d, vt = np.linalg.svd(a.T @ (z**3 - z * (z**2).mean(axis=0)))
        turn = u @ vt
        if d.sum() < reached * (1.0 + 1e-5):
            break
        reached = d.sum()
    return np.asarray(loadings @ turn)


def _oblimin(loadings: Floats) -> tuple[Floats, Floats]:
    r"""Turn to quartimin simple structure: the pattern, and the correlations of the factors.

    Gradient projection on :math:`\frac14 \sum_{j \ne l} \sum_i \lambda_{ij}^2 \lambda_{il}^2`;
    Bernaards & Jennrich (2005), *Educational and Psychological Measurement* 65, 676–696.
    In R: ``GPArotation::oblimin``, which stops at 1e-5 where this goes on to 1e-9.
    """
    turn = np.eye(loadings.shape[1])
    size, (value, pattern, slope) = 1.0, _quartimin(loadings, turn)
    for _ in range(5000):
        down = slope - turn * (turn * slope).sum(axis=0)
        length = np.sqrt((down**2).sum())
        if length < 1e-9:
            break
        size *= 2.0
        for _ in range(30):
            trial = turn - size * down
            trial = trial / np.sqrt((trial**2).sum(axis=0))
            there = _quartimin(loadings, trial)
            if value - there[0] > 0.5 * length**2 * size:
                break
            size /= 2.0
        if not there[0] < value:
            break
        turn, (value, pattern, slope) = trial, there
    return pattern, turn.T @ turn


def _quartimin(loadings: Floats, turn: Floats) -> tuple[float, Floats, Floats]:
    """Criterion, pattern and the criterion's derivative by the turn."""
    inverse = np.linalg.inv(turn)
    pattern = loadings @ inverse.T
    squares = pattern**2
    others = squares.sum(axis=1, keepdims=True) - squares
    slope = -(pattern.T @ (pattern * others) @ inverse).T
    return float((squares * others).sum() / 4.0), pattern, slope


class _Solution(NamedTuple):
    """A fitted and rotated model, items keyed so that they load positively on the first factor."""

    x: Floats
    key: Floats
    general: Floats
    groups: Floats
    communality: Floats


def _solve(r: Floats, factors: int, fit: Fit, near: _Solution | None = None) -> _Solution:
    r"""Fit factors; with several, rotate them and take out a general one (Schmid–Leiman).

    The general factor is the factor of the rotated factors' correlations, so an item's general
    loading is :math:`\Lambda \gamma`, and :math:`\lambda \sqrt{1 - \gamma^2}` is left.
    Schmid & Leiman (1957), *Psychometrika* 22, 53–61. In R: ``psych::schmid``.
    """
    x, loadings = _fit(r, factors, fit, None if near is None else near.x)
    communality = (loadings**2).sum(axis=1)
    if factors == 1:
        general, groups = loadings[:, 0], np.zeros((len(r), 0))
    else:
        pattern, phi = _oblimin(_varimax(loadings))
        second = _second_order(phi, fit)
        general = pattern @ second
        left = np.maximum(pattern**2 - (pattern * second) ** 2, 0.0)
        groups = np.sign(pattern) * np.sqrt(left)
    general = general * (1.0 if general.sum() >= 0 else -1.0)
    key = np.where(general < 0, -1.0, 1.0)
    groups = groups * key[:, None]
    groups = groups * np.where(groups.sum(axis=0) < 0, -1.0, 1.0)
    return _Solution(x, key, general * key, groups, communality)


def _second_order(phi: Floats, fit: Fit) -> Floats:
    """Find the loadings of the factors on the general one; two factors load the same."""
    if len(phi) == 2:
        root = np.sqrt(abs(phi[0, 1]))
        return np.array([root, np.sign(phi[0, 1]) * root])
    return _fit(phi, 1, fit)[1][:, 0]


def _omega_of(r: Floats, solution: _Solution) -> Floats:
    """Omega total and omega hierarchical."""
    total = float(solution.key @ r @ solution.key)
    unique = (1.0 - solution.communality).sum()
    return np.array([1.0 - unique / total, solution.general.sum() ** 2 / total])


def _omega_values(matrices: Floats, factors: int, fit: Fit, near: _Solution) -> Floats:
    """Refit each matrix, starting from the solution of the whole sample, shape (R, 2)."""
    known = np.isfinite(matrices).all(axis=(1, 2))
    made = np.full((len(matrices), 2), np.nan)
    for place in np.flatnonzero(known):
        r = matrices[place]
        made[place] = _omega_of(r, _solve(r, factors, fit, near))
    return made if factors > 1 else made[:, :1]


def _omega_gradients(r: Floats, factors: int, fit: Fit, near: _Solution) -> Floats:
    """Differentiate omega total by the correlations, through the fit's own equations.

    The uniquenesses solve gradient(x, R) = 0, so dx = −H⁻¹ d gradient. Omega hierarchical also
    depends on the rotation and has replicate standard errors only.
    """
    here = _spectrum(r, near.x, factors, fit)
    unique = near.x if fit == "minres" else np.exp(near.x)
    held = (unique < UNIQUE[0] * (1 + 1e-9)) | (unique > UNIQUE[1] * (1 - 1e-9))
    total = float(near.key @ r @ near.key)
    aim = -(np.ones_like(unique) if fit == "minres" else unique) / total
    y = np.full(len(aim), np.nan) if held.any() else -np.linalg.solve(here.hessian, aim)
    v = here.vectors / (1.0 if fit == "minres" else np.sqrt(unique)[:, None])
    turned = here.kernel * (here.vectors.T @ (y[:, None] * here.vectors))
    made = v @ turned @ v.T + np.outer(near.key, near.key) * unique.sum() / total**2
    np.fill_diagonal(made, 0.0)
    return made[None] if factors == 1 else np.stack([made, np.full_like(made, np.nan)])


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Omega:
    """Reliability from a factor model; made by `omega`.

    Parameters
    ----------
    estimates : Estimates
        ``omega total``; with several factors also ``omega hierarchical``.
    loadings : DataFrame
        One row an item: loading on the general factor, on each group factor, communality, and
        −1 for an item that was turned round.
    level : float
        Confidence level of the limits shown.
    standardised_alpha, lambda_6 : float
        Of the same correlations, items turned round where they load negatively.
    model_total : float
        Omega total with the variance that the model implies in the place of the observed one.
    notes : tuple of str
        Sentences beneath the table.
    """

    estimates: Estimates
    loadings: pd.DataFrame
    level: float
    standardised_alpha: float
    lambda_6: float
    model_total: float
    notes: tuple[str, ...] = field(default=())

    @property
    def total(self) -> float:
        """Omega total."""
        return float(self.estimates.point[0])

    @property
    def hierarchical(self) -> float:
        """Omega hierarchical; missing with one factor, where it has no meaning."""
        return float(self.estimates.point[1]) if len(self.estimates) > 1 else float("nan")

    @property
    def limit(self) -> float:
        """Omega of an endless scale: hierarchical over total."""
        return self.hierarchical / self.total

    @property
    def explained_common(self) -> float:
        """Share of the common variance that the general factor explains."""
        squares = self.loadings.drop(columns=["communality", "key"]) ** 2
        return float(squares["general"].sum() / squares.to_numpy().sum())

    def table(self) -> pd.DataFrame:
        """Columns ``estimate se low high n``."""
        return _table(self.estimates, _limits(self.estimates, self.level))

    def __repr__(self) -> str:
        """Caption, table and notes as text."""
        return as_text(self.estimates.caption, self.table(), self.notes)

    def _repr_html_(self) -> str:
        return as_html(self.estimates.caption, self.table(), self.notes)


def omega(
    design: Source,
    items: Sequence[str],
    *,
    factors: int = 1,
    fit: Fit = "minres",
    level: float = 0.95,
    missing: Pairing = "pairwise",
) -> Omega:
    r"""Estimate McDonald's omega of a scale.

    Parameters
    ----------
    design, items, level, missing
        As in `alpha`. Items that load negatively are turned round, and a note says which.
    factors : int
        Factors of the model. With two or more they are rotated (oblimin) and a general factor is
        taken out of them (Schmid–Leiman), which gives omega hierarchical.
    fit : {"minres", "ml"}
        Least squared residuals off the diagonal, or normal maximum likelihood.

    Returns
    -------
    Omega
        The standard error of omega total is design-based; that of omega hierarchical needs a
        design with replicate weights.

    Raises
    ------
    SurveyError
        As `alpha`; also for more factors than the items can tell.

    Notes
    -----
    :math:`\omega_t = 1 - \sum u_i^2 / \mathbf 1' R \mathbf 1` with the uniquenesses :math:`u^2`,
    :math:`\omega_h = (\sum g_i)^2 / \mathbf 1' R \mathbf 1` with the general loadings. McDonald
    (1999), *Test Theory*; Zinbarg et al. (2005), *Psychometrika* 70, 123–133.
    In R: ``psych::omega(items, nfactors = 1, fm = "minres")``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1, 2, 3, 4, 5, 3], "b": [2, 1, 4, 3, 5, 2],
    ...                       "c": [1, 3, 3, 5, 4, 1]})
    >>> round(omega(frame, ["a", "b", "c"]).total, 4)
    0.8628
    """
    check_level(level)
    require_option(fit, get_args(Fit), where="omega(fit=)")
    read = read_items(design, items, missing=missing, where="omega(items=)")
    r = moments(read).correlation
    _refuse_factors(factors, len(r))
    solution = _solve(r, factors, fit)
    function = _Function(
        partial(_omega_values, factors=factors, fit=fit, near=solution),
        partial(_omega_gradients, factors=factors, fit=fit, near=solution),
        "correlation",
    )
    labels = pd.Index(["omega total", "omega hierarchical"][: min(factors, 2)])
    what = f"Omega of {len(read.names)} items, {factors} factor{'s' * (factors > 1)} by {fit}"
    estimates = _estimates(read, function, labels, what, read.n)
    return _omega(read, r, solution, estimates, level)


def _refuse_factors(factors: int, k: int) -> None:
    """Refuse a model without degrees of freedom."""
    if not factors >= 1 or (k - factors) ** 2 < k + factors:
        raise SurveyError(
            f"omega(factors=): {factors} factors cannot be told from {k} items.",
            mend="One factor needs three items, two need five, three need six.",
        )


def _omega(
    items: Items, r: Floats, solution: _Solution, estimates: Estimates, level: float
) -> Omega:
    """Collect what is shown beside omega."""
    keyed = r * np.outer(solution.key, solution.key)
    columns = {"general": solution.general}
    columns |= {f"group {k + 1}": group for k, group in enumerate(solution.groups.T)}
    columns |= {"communality": solution.communality, "key": solution.key}
    loadings = pd.DataFrame(columns, index=pd.Index(items.names, name="item"))
    unique = (1.0 - solution.communality).sum()
    common = _common_variance(solution)
    turned = [name for name, key in zip(items.names, solution.key, strict=True) if key < 0]
    notes = [f"Turned round: {first_five(turned)}."] if turned else []
    at_bound = [str(name) for name in loadings.index[1.0 - solution.communality <= UNIQUE[0] * 2]]
    if at_bound:
        notes.append(f"Hardly any variance of its own: {first_five(at_bound)} (Heywood case).")
    if isinstance(items.design, Design) and (at_bound or len(estimates) > 1):
        which = "omega" if at_bound else "omega hierarchical"
        notes.append(f"The standard error of {which} needs replicate weights.")
    return Omega(
        estimates,
        loadings,
        level,
        float(_raw_alpha(keyed)),
        float(1.0 - (len(r) - _squared_multiple(keyed).sum()) / keyed.sum()),
        float(common / (common + unique)),
        tuple(notes),
    )


def _common_variance(solution: _Solution) -> float:
    """Variance of the sum of the items that general and group factors bring."""
    parts = np.column_stack([solution.general, solution.groups])
    return float((parts.sum(axis=0) ** 2).sum())
