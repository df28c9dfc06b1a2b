r"""How an index is put together: every level as a weighted mean of statement rates.

A scheme is a matrix: one row for each statement, dimension, aspect and total, one column for each
statement. Multiplying it into the statement estimates gives every index with its covariance, so
no level is ever computed twice or rounded in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

import survey
from sipas.instrument import Instrument
from sipas.responses import Answers
from survey.errors import SurveyError, did_you_mean, first_five
from survey.rows import complete_rows
from survey.scores import Floats
from survey.stacking import label_parts

Level = Literal["statement", "dimension", "aspect", "overall", "total"]
Aggregate = Literal["dimensions", "pooled"]

#: Code of the index over both aspects, and of the leader survey's total.
OVERALL = "sipas"
TOTAL = "total"


@dataclass(frozen=True, slots=True, eq=False)
class Scheme:
    """Rows of an index.

    Parameters
    ----------
    codes : tuple of str
        Code of each row.
    levels : tuple of str
        Its level.
    items : tuple of str
        Codes of the statements, the columns.
    matrix : (L, J) float
        Weights, summing to 1 in each row.
    """

    codes: tuple[str, ...]
    levels: tuple[Level, ...]
    items: tuple[str, ...]
    matrix: Floats

    def row(self, code: str) -> Floats:
        """Weights of the statements in one index, shape (J,)."""
        return np.asarray(self.matrix[self.codes.index(code)])


def satisfaction_scheme(
    instrument: Instrument, *, aggregate: Aggregate, policy_weight: float | None
) -> Scheme:
    """Rows of a satisfaction index: statements, dimensions, aspects, and the whole.

    A dimension is the mean of its statements. An aspect is the mean of its dimensions, or of all
    its statements with ``aggregate="pooled"``. The whole is
    ``policy_weight`` × policy + (1 − ``policy_weight``) × services, and is left out without it.
    """
    items = [item.code for item in instrument.index_items]
    dimension_of = {item.code: item.dimension for item in instrument.index_items}
    rows: list[tuple[str, Level, Floats]] = [
        (code, "statement", _mean_of([code], items)) for code in items
    ]
    dimensions = {
        part.code: _mean_of([c for c in items if dimension_of[c] == part.code], items)
        for part in instrument.dimensions
    }
    rows += [(code, "dimension", weights) for code, weights in dimensions.items()]
    aspects: dict[str, Floats] = {}
    for aspect in instrument.aspects:
        inside = [part.code for part in instrument.dimensions if part.aspect == aspect.code]
        members = [code for code in items if dimension_of[code] in inside]
        pooled = _mean_of(members, items)
        means = np.stack([dimensions[code] for code in inside]).mean(axis=0)
        aspects[aspect.code] = pooled if aggregate == "pooled" else means
    rows += [(code, "aspect", weights) for code, weights in aspects.items()]
    if policy_weight is not None:
        rows.append((OVERALL, "overall", _whole(aspects, policy_weight, instrument.id)))
    return _scheme(rows, items)


def leader_scheme(instrument: Instrument) -> Scheme:
    """Rows of the leader survey: items, domains and total, weighted by maximum points."""
    items = [item.code for item in instrument.index_items]
    maxima = max_points(instrument)
    rows: list[tuple[str, Level, Floats]] = [
        (code, "statement", _mean_of([code], items)) for code in items
    ]
    for part in instrument.dimensions:
        inside = np.array([item.dimension == part.code for item in instrument.index_items])
        rows.append((part.code, "dimension", inside * maxima / (inside * maxima).sum()))
    rows.append((TOTAL, "total", maxima / maxima.sum()))
    return _scheme(rows, items)


def index_code(scheme: Scheme, code: str | None, where: str) -> str:
    """Give the code of an index: by default the overall one, else services, else the total.

    Raises
    ------
    SurveyError
        For a code that the scheme does not have.
    """
    if code is None:
        highest = (OVERALL, "services", TOTAL)
        return next((name for name in highest if name in scheme.codes), scheme.codes[-1])
    if code not in scheme.codes:
        raise SurveyError(f"{where}: no index {code!r}.", mend=did_you_mean(code, scheme.codes))
    return code


def max_points(instrument: Instrument) -> Floats:
    """Maximum points of each index item, shape (J,)."""
    return np.array([item.max_points or 0.0 for item in instrument.index_items])


def oriented(answers: Answers) -> pd.DataFrame:
    """Answers to the index items, items worded in reverse turned round, shape (n, J)."""
    instrument = answers.instrument
    given = answers.data[[item.code for item in instrument.index_items]]
    turned = [item.code for item in instrument.index_items if item.reverse]
    ends = min(instrument.scale.levels) + max(instrument.scale.levels)
    return given.assign(**{code: ends - given[code] for code in turned})


def check_design(answers: Answers, design: survey.Design, where: str) -> None:
    """Refuse a design that was made from other answers.

    Raises
    ------
    SurveyError
        Naming the columns that differ.
    """
    own, given = answers.data, design.data
    same = given.index.equals(own.index)
    shared = [name for name in own if name in given] if same else []
    differing = [name for name in shared if not given[name].equals(own[name])]
    if not same or differing or not shared:
        raise SurveyError(
            f"{where}(design=): made from other answers"
            + (f" ({first_five(differing)} differ)." if differing else "."),
            mend="Make it with answers.design(…), or from answers.data.",
        )


def expand(matrix: Floats, n_domains: int) -> Floats:
    """Repeat a scheme for every domain: item slowest, domain fastest on both sides."""
    return np.asarray(np.kron(matrix, np.eye(n_domains)), dtype=np.float64)


def expanded_labels(codes: Sequence[str], domains: pd.Index | None) -> pd.Index:
    """Labels (code) or (code, domain), code slowest."""
    if domains is None:
        return pd.Index(codes, name="code")
    pairs = [(code, *label_parts(domain)) for code in codes for domain in domains]
    return pd.MultiIndex.from_tuples(pairs, names=["code", *domains.names])


def answering(
    design: survey.Design,
    valid: pd.DataFrame,
    scheme: Scheme,
    by: Sequence[str],
    *,
    listwise: bool = False,
) -> tuple[Floats, Floats]:
    """Count respondents with any valid answer, and answers missing, for each row and domain.

    With ``listwise`` only respondents who answered every item count, as in the estimates.

    Returns
    -------
    n, missing : (L * D,) float
        Item slowest, domain fastest; unweighted.
    """
    inside = design.inside
    used = (scheme.matrix != 0).astype(np.float64)
    answered = valid.to_numpy(dtype=bool)
    there = (complete_rows(answered) if listwise else answered)[inside].astype(np.float64)
    any_answer = (there @ used.T > 0).astype(np.float64)
    blanks = (1.0 - there) @ used.T
    counts = [any_answer, blanks]
    if not by:
        return counts[0].sum(axis=0), counts[1].sum(axis=0)
    keys = [design.data.loc[inside, name] for name in by]
    sums = [
        pd.DataFrame(c, index=keys[0].index).groupby(keys, observed=True).sum() for c in counts
    ]
    n, missing = (s.to_numpy(dtype=np.float64).T.ravel() for s in sums)
    return n, missing


def _scheme(rows: Iterable[tuple[str, Level, Floats]], items: Sequence[str]) -> Scheme:
    codes, levels, weights = zip(*rows, strict=True)
    return Scheme(codes, levels, tuple(items), np.array(weights))


def _mean_of(members: Sequence[str], items: Sequence[str]) -> Floats:
    """Equal weights on some of the items."""
    chosen = np.array([code in members for code in items], dtype=np.float64)
    return np.asarray(chosen / chosen.sum())


def _whole(aspects: dict[str, Floats], policy_weight: float, where: str) -> Floats:
    """Weigh the policy and the services aspect."""
    if set(aspects) != {"policy", "services"}:
        raise SurveyError(
            f"policy_weight: {where} has the aspects {sorted(aspects)}, not policy and services.",
            mend="Leave policy_weight out.",
        )
    if not 0.0 <= policy_weight <= 1.0:
        raise SurveyError(
            f"policy_weight: got {policy_weight!r}.", mend="Use a share between 0 and 1."
        )
    return policy_weight * aspects["policy"] + (1.0 - policy_weight) * aspects["services"]
