r"""Importance of correlated predictors: how much of R² each one brings.

LMG averages what a predictor adds to R² over all orders in which predictors can enter (the
Shapley value of R²). All needed is one weighted correlation matrix. R² of every subset comes from
sweeping predictors out of it one after the other, each time keeping the matrix with and without
the predictor; beyond 24 predictors orders are drawn, and one Cholesky factor holds all increments
of an order. With groups the Owen value is exact for many more, and its sums over a group are the
LMG values of the groups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.display import as_html, as_text, shown
from survey.errors import SurveyError, did_you_mean, first_five
from survey.estimates import Estimates
from survey.intervals import check_level
from survey.reliability import Items, Pairing, Source, moments, read_items, replicate_moments
from survey.replicates import ReplicateDesign, spread
from survey.scores import Floats, Ints

Method = Literal["exact", "permutations", "owen", "johnson"]

#: Most predictors for which every subset is taken.
EXACT = 24
#: Subsets taken in one sweep (2 to this power), and in all replicates together.
SWEEP, REPLICATED = 16, 23
#: Pairs of orders that replicates share.
SHARED = 200
#: Above this R² the outcome is a linear combination of its predictors.
COMPOSITE = 1.0 - 1e-9
#: Numbers held at a time while orders are factored.
BLOCK = 4_000_000


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Importance:
    """What each predictor brings to R²; made by `lmg`, `owen` and `johnson`.

    Parameters
    ----------
    value : (K,) float
        Contributions; they sum to R².
    labels : Index
        Predictors; with groups, pairs ``(group, predictor)``.
    r2 : float
        Share of the outcome's variance that all predictors explain.
    n : int
        The fewest rows behind any of the correlations.
    estimates : Estimates or None
        The same with replicate variance; None without replicate weights.
    method : {"exact", "permutations", "owen", "johnson"}
        How the contributions were found.
    monte_carlo_se : (K,) float
        Error of drawing orders rather than taking all; 0 when all were taken.
    seed : int or None
        Seed of the orders drawn.
    level : float
        Confidence level of the limits shown.
    what : str
        Caption.
    notes : tuple of str
        Sentences beneath the table.
    """

    value: Floats
    labels: pd.Index
    r2: float
    n: int
    estimates: Estimates | None
    method: Method
    monte_carlo_se: Floats
    seed: int | None
    level: float
    what: str
    notes: tuple[str, ...] = ()

    @property
    def estimate(self) -> pd.Series:
        """Contributions to R², by predictor."""
        return pd.Series(self.value, index=self.labels, name="estimate")

    @property
    def share(self) -> pd.Series:
        """Contributions as shares of R²; they sum to 1."""
        return pd.Series(self.value / self.r2, index=self.labels, name="share")

    def table(self) -> pd.DataFrame:
        """Columns ``estimate se low high n``, then ``share`` and ``monte_carlo_se``."""
        blank = np.full(len(self.value), np.nan)
        columns: dict[str, npt.ArrayLike] = {"estimate": self.value, "se": blank}
        columns |= {"low": blank, "high": blank}
        if self.estimates is not None:
            limits = self.estimates.confidence_interval(level=self.level, method="mean")
            columns["se"] = self.estimates.se.to_numpy()
            columns |= {name: limits[name].to_numpy() for name in ("low", "high")}
        columns |= {"n": np.full(len(self.value), self.n), "share": self.share.to_numpy()}
        columns["monte_carlo_se"] = self.monte_carlo_se
        return pd.DataFrame(columns, index=self.labels)

    def by_group(self) -> Importance:
        """Sum the contributions of each group; for the Owen value, LMG of the groups.

        Raises
        ------
        SurveyError
            When the predictors are in no groups.
        """
        if not isinstance(self.labels, pd.MultiIndex):
            raise SurveyError(f"{self.what}: there are no groups.", mend="Use survey.owen.")
        level = self.labels.get_level_values(0)
        names = pd.Index(level.unique(), name=self.labels.names[0])
        matrix = (names.to_numpy()[:, None] == level.to_numpy()).astype(np.float64)
        whole = self.estimates
        if whole is not None:
            whole = whole.contrast(matrix, what=whole.what).labelled(names)
        return replace(
            self,
            value=matrix @ self.value,
            labels=names,
            estimates=whole,
            monte_carlo_se=matrix @ self.monte_carlo_se,
        )

    @property
    def caption(self) -> str:
        """What was explained, how much of it, and from how many rows."""
        return f"{self.what}; R² {shown(self.r2, 4)}, {self.n:,} rows"

    def __repr__(self) -> str:
        """Caption, table and notes as text."""
        return as_text(self.caption, self.table(), self.notes)

    def _repr_html_(self) -> str:
        return as_html(self.caption, self.table(), self.notes)


def lmg(
    design: Source,
    outcome: str,
    predictors: Sequence[str],
    *,
    missing: Pairing = "pairwise",
    permutations: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> Importance:
    r"""Divide R² among correlated predictors by LMG (Shapley) importance.

    Parameters
    ----------
    design : Design, ReplicateDesign or DataFrame
        The sample; in a frame every row weighs the same.
    outcome : str
        Numeric column, such as overall satisfaction asked on its own.
    predictors : list of str
        Numeric columns.
    missing : {"pairwise", "listwise"}
        Use for each correlation the rows that hold both, or only rows that hold everything.
    permutations : int
        Pairs of opposite orders drawn when there are more than 24 predictors.
    seed : int
        Seed of the orders.
    level : float
        Confidence level.

    Returns
    -------
    Importance
        With standard errors and limits when the design has replicate weights.

    Raises
    ------
    SurveyError
        As `survey.alpha`; also an outcome that is a linear combination of its predictors, and
        predictors that are linear combinations of each other.

    Notes
    -----
    :math:`\mathrm{LMG}_j = \frac1p \sum_{s} \binom{p-1}{s}^{-1} \sum_{|S| = s, j \notin S}
    \{R^2(S \cup j) - R^2(S)\}`. Lindeman, Merenda & Gold (1980); Grömping (2007), *American
    Statistician* 61, 139–147. Importance is association: it does not say what would follow if a
    predictor were changed.
    In R: ``relaimpo::calc.relimp(type = "lmg", weights =, design =)``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1, 1, -1, -1], "b": [1, -1, 1, -1], "y": [3, 1, 0, -3]})
    >>> lmg(frame, "y", ["a", "b"]).table()[["estimate", "share"]].round(4)
               estimate   share
    predictor
    a            0.6533  0.6622
    b            0.3333  0.3378
    """
    read = _read(design, outcome, predictors, missing, level, "lmg")
    if permutations < 2:
        raise SurveyError(f"lmg(permutations=): got {permutations}.", mend="Draw 2 or more.")
    labels = pd.Index(read.names[:-1], name="predictor")
    if len(labels) <= EXACT:
        return _exact(read, labels, seed, level)
    orders = _orders(len(labels), permutations, seed)
    found = _increments(_matrix(read)[None], orders)[0]
    error = found.std(axis=0, ddof=1) / np.sqrt(permutations)
    value = found.mean(axis=0)
    estimates = _replicated(read, labels, value, lambda r: _by_orders(r, orders[:SHARED]))
    note = f"{permutations:,} pairs of opposite orders drawn, seed {seed}."
    return _importance(read, labels, value, estimates, "permutations", level, error, seed, note)


def owen(
    design: Source,
    outcome: str,
    predictors: Sequence[str],
    *,
    groups: Mapping[str, Sequence[str]],
    missing: Pairing = "pairwise",
    level: float = 0.95,
) -> Importance:
    r"""Divide R² among predictors that come in groups, such as statements of dimensions.

    Parameters
    ----------
    design, outcome, predictors, missing, level
        As in `lmg`.
    groups : mapping
        Group to the list of its predictors; every predictor in exactly one.

    Returns
    -------
    Importance
        Labelled ``(group, predictor)``; ``by_group()`` gives LMG of the groups.

    Raises
    ------
    SurveyError
        As `lmg`; also predictors without or with two groups, and groups too many or too large.

    Notes
    -----
    Shapley over the groups outside and over the predictors inside: orders in which a group's
    predictors stand together, each as likely as any other. Owen (1977), in *Mathematical Economics
    and Game Theory*, 76–88. In R: no function; group sums as ``relaimpo`` with ``groups =``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1, 1, -1, -1], "b": [1, -1, 1, -1], "y": [3, 1, 0, -3]})
    >>> owen(frame, "y", ["a", "b"], groups={"A": ["a"], "B": ["b"]}).estimate.round(4)
    group  predictor
    A      a            0.6533
    B      b            0.3333
    Name: estimate, dtype: float64
    """
    read = _read(design, outcome, predictors, missing, level, "owen")
    places = _places(read.names[:-1], groups)
    pairs = [(g, read.names[k]) for g, own in zip(groups, places, strict=True) for k in own]
    labels = pd.MultiIndex.from_tuples(pairs, names=["group", "predictor"])

    def statistic(r: Floats) -> Floats:
        return np.concatenate([_owen_group(r, places, g) for g in range(len(places))], axis=-1)

    value = statistic(_matrix(read)[None])[0]
    estimates = _replicated(read, labels, value, statistic)
    return _importance(read, labels, value, estimates, "owen", level)


def johnson(
    design: Source,
    outcome: str,
    predictors: Sequence[str],
    *,
    missing: Pairing = "pairwise",
    level: float = 0.95,
) -> Importance:
    r"""Divide R² by Johnson's relative weights, a quick approximation to `lmg`.

    Parameters, returns, errors as `lmg`.

    Notes
    -----
    :math:`\sum_k \Lambda_{jk}^2 \beta_k^2` with :math:`\Lambda = R_{xx}^{1/2}` and
    :math:`\beta = \Lambda^{-1} r_{xy}`. Johnson (2000), *Multivariate Behavioral Research* 35,
    1–19; for its flaws Thomas et al. (2014), the same journal 49, 329–338. In R: ``yhat::rlw``.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1, 1, -1, -1], "b": [1, -1, 1, -1], "y": [3, 1, 0, -3]})
    >>> johnson(frame, "y", ["a", "b"]).estimate.round(4).tolist()
    [0.6533, 0.3333]
    """
    read = _read(design, outcome, predictors, missing, level, "johnson")
    labels = pd.Index(read.names[:-1], name="predictor")
    value = _relative_weights(_matrix(read)[None])[0]
    estimates = _replicated(read, labels, value, _relative_weights)
    return _importance(read, labels, value, estimates, "johnson", level)


# -- reading and checking -----------------------------------------------------------------


def _read(
    design: Source,
    outcome: str,
    predictors: Sequence[str],
    missing: Pairing,
    level: float,
    where: str,
) -> Items:
    """Read predictors and, last, the outcome; refuse what has no importance."""
    check_level(level)
    names = [predictors] if isinstance(predictors, str) else list(predictors)
    if outcome in names:
        raise SurveyError(
            f"{where}(outcome={outcome!r}): it is one of its own predictors.", mend="Take it out."
        )
    if not names:
        raise SurveyError(f"{where}(predictors=): none given.", mend="List the columns.")
    items = read_items(design, [*names, outcome], missing=missing, where=where)
    _refuse_collinear(_matrix(items), items, where)
    return items


def _matrix(items: Items) -> Floats:
    """Correlations of the predictors and, last, the outcome."""
    return moments(items).correlation


def _refuse_collinear(r: Floats, items: Items, where: str) -> None:
    """Sweep the predictors in turn; whatever is left of one, or of the outcome, must be there."""
    left = r.copy()
    for k, name in enumerate(items.names):
        rest = left[k, k]
        if rest >= 1.0 - COMPOSITE:
            left -= np.outer(left[:, k], left[k]) / rest
            continue
        if items.missing == "pairwise" and rest < -(1.0 - COMPOSITE):
            raise SurveyError(
                f"{where}: the pairwise correlations contradict each other at {name!r}.",
                mend="Pass missing='listwise', or leave out the items with most blanks.",
            )
        raise _composite(name, items, where)


def _composite(name: str, items: Items, where: str) -> SurveyError:
    """Say that a column is a linear combination, and of what."""
    if name == items.names[-1]:
        return SurveyError(
            f"{where}(outcome={name!r}): it is a linear combination of its predictors (R² is 1), "
            "so their importance would only repeat how the composite was put together.",
            mend="Use an outcome asked on its own, such as overall satisfaction; to split a "
            "composite among its parts use their weights.",
        )
    return SurveyError(
        f"{where}(predictors=): {name!r} is a linear combination of the predictors before it.",
        mend="Leave one of them out.",
    )


def _places(names: Sequence[str], groups: Mapping[str, Sequence[str]]) -> list[list[int]]:
    """Positions of each group's predictors; every predictor in one group, none left over."""
    listed = [name for own in groups.values() for name in own]
    unknown = [name for name in listed if name not in names]
    if unknown:
        raise SurveyError(
            f"owen(groups=): {unknown[0]!r} is not a predictor.",
            mend=did_you_mean(unknown[0], names),
        )
    odd = [name for name in names if listed.count(name) != 1]
    empty = [group for group, own in groups.items() if not len(own)]
    if odd or empty:
        raise SurveyError(
            f"owen(groups=): not in exactly one group: {first_five(odd)}."
            if odd
            else f"owen(groups=): no predictors in {first_five(empty)}.",
            mend="Give every predictor one group.",
        )
    places = [[list(names).index(name) for name in own] for own in groups.values()]
    work = sum(2.0 ** (len(places) - 1 + len(own)) for own in places)
    if work > 2.0**EXACT:
        raise SurveyError(
            f"owen(groups=): {len(places)} groups of up to {max(map(len, places))} predictors "
            f"need {work:.0f} subsets.",
            mend=f"Keep the number of groups plus the size of each below {EXACT}, or use lmg.",
        )
    return places


# -- results and their replicates ---------------------------------------------------------


def _importance(
    items: Items,
    labels: pd.Index,
    value: Floats,
    estimates: Estimates | None,
    method: Method,
    level: float,
    error: Floats | None = None,
    seed: int | None = None,
    *notes: str,
) -> Importance:
    """Put a result together."""
    names = {"owen": "Owen importance", "johnson": "Relative weights"}
    if estimates is None:
        notes = (*notes, "Standard errors need a design with replicate weights.")
    return Importance(
        value=value,
        labels=labels,
        r2=float(value.sum()),
        n=_rows(items),
        estimates=estimates,
        method=method,
        monte_carlo_se=np.zeros_like(value) if error is None else error,
        seed=seed,
        level=level,
        what=f"{names.get(method, 'LMG importance')} for {items.names[-1]}",
        notes=notes,
    )


def _rows(items: Items) -> int:
    """Rows behind the correlation that has the fewest."""
    return int((items.valid.T.astype(np.float64) @ items.valid).min())


def _exact(items: Items, labels: pd.Index, seed: int, level: float) -> Importance:
    """LMG from all subsets; replicates of many predictors from shared orders."""
    value = _shapley(_matrix(items)[None])[0]
    p, design = len(labels), items.design
    size = len(design.constants) if isinstance(design, ReplicateDesign) else 0
    if size * 2.0**p <= 2.0**REPLICATED:
        estimates = _replicated(items, labels, value, _shapley)
        return _importance(items, labels, value, estimates, "exact", level)
    orders = _orders(p, SHARED, seed)
    estimates = _replicated(items, labels, value, lambda r: _by_orders(r, orders))
    note = f"Standard errors from {SHARED} pairs of orders that all replicates share, seed {seed}."
    return _importance(items, labels, value, estimates, "exact", level, None, seed, note)


def _replicated(
    items: Items, labels: pd.Index, value: Floats, statistic: Callable[[Floats], Floats]
) -> Estimates | None:
    """Estimate with replicate weights; None for a design that has none.

    The statistic may be cheaper than the one that made ``value``: replicates are taken as
    ``value`` plus the statistic's own change, so what it misses in every replicate alike cancels.
    """
    design = items.design
    if not isinstance(design, ReplicateDesign):
        return None
    matrices = replicate_moments(items, design).correlation
    known = np.asarray(np.isfinite(matrices).all(axis=(1, 2)))
    smallest = np.linalg.eigvalsh(np.where(known[:, None, None], matrices, 0.0))[:, 0]
    usable = known & (smallest > 1.0 - COMPOSITE)
    made = np.full((len(matrices), len(value)), np.nan)
    made[usable] = value + statistic(matrices[usable]) - statistic(_matrix(items)[None])
    unknown = np.full(len(value), np.nan)
    lost = int((~usable).sum())
    return Estimates(
        point=value,
        labels=labels,
        parts=(spread(design, made, value),),
        size=np.full(len(value), float(_rows(items))),
        missing_rows=unknown,
        what=f"Importance for {items.names[-1]}",
        population=design.population_label,
        notes=(f"{lost} replicates had no importance and are left out.",) if lost else (),
    )


# -- all subsets --------------------------------------------------------------------------


def _sweep(matrices: Floats, size: int = 1) -> Floats:
    """Follow each matrix without its first rows by the same with them swept out, (2N, q, q)."""
    head, side, rest = (
        matrices[:, :size, :size],
        matrices[:, :size, size:],
        matrices[:, size:, size:],
    )
    across = side / head if size == 1 else np.linalg.solve(head, side)
    return np.concatenate([rest, rest - np.swapaxes(side, 1, 2) @ across])


class _Shares(NamedTuple):
    """Weight of a subset of each size: in what it holds, and in what it lacks."""

    held: Floats
    lacking: Floats


def _subset_weights(p: int) -> _Shares:
    """Give (s−1)!(p−s)!/p! for subsets that hold a predictor, s!(p−s−1)!/p! for the others."""
    size = np.arange(p + 1)
    choose = np.ones(p + 1)
    for s in range(1, p + 1):
        choose[s] = choose[s - 1] * (p - s + 1) / s
    held = np.where(size > 0, 1.0 / (np.maximum(size, 1) * choose), 0.0)
    lacking = np.where(size < p, 1.0 / (np.maximum(p - size, 1) * choose), 0.0)
    return _Shares(held, lacking)


def _shapley(matrices: Floats) -> Floats:
    r"""LMG of matrices (N, p + 1, p + 1) whose last row is the outcome, shape (N, p).

    With :math:`t(S) = R^2(S) \{a_{|S|} + b_{|S|}\}` the value of predictor *j* is
    :math:`\sum_{S \ni j} t(S) - \sum_S b_{|S|} R^2(S)`, and the sums over the subsets that hold
    *j* come from halving the list of subsets once for each predictor.
    """
    p = matrices.shape[1] - 1
    first = max(0, p - SWEEP)
    blocks, held = [], np.zeros(1, dtype=np.int64)
    for matrix in matrices if first else [None]:
        batch = matrices if matrix is None else matrix[None]
        held = np.zeros(1, dtype=np.int64)
        for _ in range(first):
            batch, held = _sweep(batch), np.concatenate([held, held + 1])
        blocks.append(_summed(matrices if matrix is None else matrix[None], batch, held, first))
    return np.concatenate(blocks)


def _summed(whole: Floats, heads: Floats, held: Ints, first: int) -> Floats:
    """Sum over the subsets beneath each head: those that hold a predictor, less all."""
    p, n_heads = whole.shape[1] - 1, len(held)
    weights = _subset_weights(p)
    step = max(1, 2**SWEEP // 2 ** (p - first))
    beneath = np.zeros((len(heads), p - first))
    total, lacking = np.zeros(len(heads)), np.zeros(len(heads))
    outcome = np.tile(whole[:, -1, -1], n_heads)
    size_of = np.repeat(held, len(whole))
    for start in range(0, len(heads), step):
        part = slice(start, start + step)
        r2, size = _subsets(heads[part], outcome[part], size_of[part])
        t = r2 * (weights.held + weights.lacking)[size]
        lacking[part] = (r2 * weights.lacking[size]).sum(axis=0)
        total[part] = t.sum(axis=0)
        beneath[part] = _halved(t)
    upper = _halved(total.reshape(n_heads, len(whole)))
    lower = beneath.reshape(n_heads, len(whole), -1).sum(axis=0)
    missing = lacking.reshape(n_heads, len(whole)).sum(axis=0)
    return np.asarray(np.concatenate([upper, lower], axis=1) - missing[:, None])


def _subsets(heads: Floats, outcome: Floats, size: Ints) -> tuple[Floats, Ints]:
    """R² and size of every subset beneath each of N heads, shapes (subsets, N)."""
    n, batch, held = len(heads), heads, size
    for _ in range(heads.shape[1] - 1):
        batch, held = _sweep(batch), np.concatenate([held, held + 1])
    return 1.0 - batch.reshape(-1, n) / outcome, held.reshape(-1, n)


def _halved(t: Floats) -> Floats:
    """Sum *t* (2^k, N) over the subsets that hold each of k predictors, shape (N, k).

    The predictor swept last splits the list in two halves; added up, they are the list of the
    others.
    """
    sums = []
    while len(t) > 1:
        half = len(t) // 2
        sums.append(t[half:].sum(axis=0))
        t = t[:half] + t[half:]
    return np.stack(sums[::-1], axis=1) if sums else np.zeros((t.shape[1], 0))


def _owen_group(matrices: Floats, places: Sequence[Sequence[int]], group: int) -> Floats:
    """Owen values of one group: its LMG after every set of other groups, averaged, (N, size)."""
    others = [own for g, own in enumerate(places) if g != group]
    order = [k for own in others for k in own] + list(places[group]) + [matrices.shape[1] - 1]
    batch = matrices[:, order][:, :, order]
    held = np.zeros(1, dtype=np.int64)
    for own in others:
        batch, held = _sweep(batch, len(own)), np.concatenate([held, held + 1])
    weight = _subset_weights(len(places)).lacking[held]
    inner = _unscaled_shapley(batch).reshape(len(held), len(matrices), -1)
    return np.asarray(np.einsum("h,hnk->nk", weight, inner))


def _unscaled_shapley(matrices: Floats) -> Floats:
    """LMG in units of the first outcome's variance: R² gained times what was left of it."""
    return np.asarray(_shapley(matrices) * matrices[:, -1, -1][:, None])


# -- orders drawn -------------------------------------------------------------------------


def _orders(p: int, pairs: int, seed: int) -> Ints:
    """Draw orders, each followed by its reverse, shape (pairs, 2, p)."""
    rng = np.random.default_rng(seed)
    drawn = rng.permuted(np.tile(np.arange(p), (pairs, 1)), axis=1)
    return np.stack([drawn, drawn[:, ::-1]], axis=1)


def _increments(matrices: Floats, orders: Ints) -> Floats:
    """Mean gain of R² in each pair of orders, shape (N, pairs, p).

    The outcome's row in the Cholesky factor of a reordered matrix holds the square roots of what
    each predictor adds.
    """
    p, n = orders.shape[2], len(matrices)
    flat = orders.reshape(-1, p)
    full = np.concatenate([flat, np.full((len(flat), 1), p)], axis=1)
    gains = np.empty((n, len(flat), p))
    step = max(1, BLOCK // (n * (p + 1) ** 2))
    for start in range(0, len(flat), step):
        order = full[start : start + step]
        factor = np.linalg.cholesky(matrices[:, order[:, :, None], order[:, None, :]])
        gain = factor[:, :, -1, :-1] ** 2
        back = np.argsort(order[:, :-1], axis=1)
        gains[:, start : start + step] = np.take_along_axis(gain, back[None], axis=2)
    return np.asarray(gains.reshape(n, -1, 2, p).mean(axis=2))


def _by_orders(matrices: Floats, orders: Ints) -> Floats:
    """LMG estimated from drawn orders, shape (N, p)."""
    return np.asarray(_increments(matrices, orders).mean(axis=1))


# -- relative weights ---------------------------------------------------------------------


def _relative_weights(matrices: Floats) -> Floats:
    """Johnson's weights of matrices (N, p + 1, p + 1), shape (N, p)."""
    values, vectors = np.linalg.eigh(matrices[:, :-1, :-1])
    root = (vectors * np.sqrt(values)[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    beta = np.linalg.solve(root, matrices[:, :-1, -1:])
    return np.asarray((root**2 @ beta**2)[:, :, 0])
