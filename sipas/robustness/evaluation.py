"""The index under every way of putting it together, from statement rates already estimated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

import survey
from sipas.changes import AFTER, BEFORE, Year
from sipas.composites import Level, Scheme, answering, max_points
from sipas.indices import SatisfactionIndex
from sipas.instrument import Instrument
from sipas.robustness.aggregation import aggregated
from sipas.robustness.answer_rules import Variant, valid_answers
from sipas.robustness.left_out import sets_kept
from survey.scores import Floats

#: How statements become an index of households, the reference first.
FORMS = (
    ("dimensions", "arithmetic"),
    ("dimensions", "geometric"),
    ("pooled", "arithmetic"),
    ("pooled", "geometric"),
)
#: Columns that stand last.
LEFT_OUT = ("left_out", "which")


class Evaluated(NamedTuple):
    """Rules: what they are, their estimates, the index of each year and its n."""

    rules: pd.DataFrame
    estimates: tuple[survey.Estimates, ...]
    years: pd.DataFrame


def evaluate_all(variants: Sequence[Variant], of: str, *, paired: bool) -> Evaluated:
    """Put the index together in every way, under every set of rules on answers.

    Parameters
    ----------
    variants : sequence of Variant
        The years under each set of those rules, the reference first.
    of : str
        Code of the index.
    paired : bool
        Match PSUs of two years by name.

    Returns
    -------
    Evaluated
        K rules numbered from 1; estimates one by one variant.
    """
    made: list[Evaluated] = []
    start = 1
    for variant in variants:
        made.append(_evaluate(variant, of, paired, start))
        start += len(made[-1].rules)
    rules = pd.concat([each.rules for each in made])
    order = [*(name for name in rules if name not in LEFT_OUT), *LEFT_OUT]
    estimates = tuple(estimate for each in made for estimate in each.estimates)
    return Evaluated(rules[order], estimates, pd.concat([each.years for each in made]))


def _evaluate(variant: Variant, of: str, paired: bool, start: int) -> Evaluated:
    """Put the index together in every way, under one set of rules on answers."""
    years = variant.years
    instruments = [year.instrument for year in years]
    left_out, kept = sets_kept(instruments, of)
    forms = list(_forms(instruments))
    made = [
        [aggregated(variant.rates(year).point, keep, parts, geometric=form["mean"] == "geometric")
         for form, all_parts in forms for parts in [all_parts[k]]]
        for k, (year, keep) in enumerate(zip(years, kept, strict=True))
    ]  # fmt: skip
    value = [np.concatenate([v for v, _ in year]) for year in made]
    slope = [np.concatenate([g for _, g in year]) for year in made]
    rules = pd.concat([left_out.assign(**variant.choices, **form) for form, _ in forms])
    rules.index = pd.RangeIndex(start, start + len(rules), name="rule")
    counts = [np.tile(_n(year, keep), len(forms)) for year, keep in zip(years, kept, strict=True)]
    names = [BEFORE, AFTER] if len(years) == 2 else ["index"]
    columns = dict(zip(names, value, strict=True))
    columns |= {f"n_{name}": count for name, count in zip(names, counts, strict=True)}
    estimates = _estimates(variant, value, slope, rules.index, paired)
    return Evaluated(rules, (estimates,), pd.DataFrame(columns, index=rules.index))


def _estimates(
    variant: Variant,
    value: Sequence[Floats],
    slope: Sequence[Floats],
    labels: pd.Index,
    paired: bool,
) -> survey.Estimates:
    """Carry the scores of the statements over to the index, or to its change."""
    rates = [variant.rates(year) for year in variant.years]
    if len(rates) == 1:
        return rates[0].smooth(value[0], slope[0], labels, what="Index (%)", bounds=(0.0, 100.0))
    both = survey.stack(*rates, keys=[BEFORE, AFTER], paired=paired)
    jacobian = np.hstack([-slope[0], slope[1]])
    return both.smooth(value[1] - value[0], jacobian, labels, what="Change (percentage points)")


def _forms(
    instruments: Sequence[Instrument],
) -> Iterator[tuple[dict[str, str], tuple[Floats, ...]]]:
    """Ways to put an index together, with the parts of each year."""
    if instruments[0].kind == "leaders":
        points = tuple(max_points(one)[None, :] for one in instruments)
        yield {"aggregate": "points", "mean": "arithmetic"}, points
        return
    for aggregate, mean in FORMS:
        parts = tuple(_parts(one, pooled=aggregate == "pooled") for one in instruments)
        yield {"aggregate": aggregate, "mean": mean}, parts


def _parts(instrument: Instrument, *, pooled: bool) -> Floats:
    """Dimensions as parts, or every statement by itself, (D, J)."""
    items = instrument.index_items
    if pooled:
        return np.eye(len(items))
    rows = [[item.dimension == part.code for item in items] for part in instrument.dimensions]
    return np.array(rows, dtype=np.float64)


def _n(year: Year, kept: Floats) -> Floats:
    """Respondents with any valid answer to the statements kept, (L,)."""
    names = tuple(str(k) for k in range(len(kept)))
    one: Level = "aspect"
    scheme = Scheme(names, (one,) * len(kept), year.scheme.items, kept)
    listwise = isinstance(year, SatisfactionIndex) and year.rules.missing == "listwise"
    return answering(year.design, valid_answers(year), scheme, (), listwise=listwise)[0]
