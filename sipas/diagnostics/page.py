"""One page on an index: does each dimension measure one thing, and does it weigh what it should.

An index whose parts hang together too little means nothing; whose parts repeat each other asks
the same question twice; whose answers stick to an end of the scale cannot show a rise.
"""

from __future__ import annotations

import pandas as pd

import survey
from sipas.changes import Year
from sipas.composites import oriented
from sipas.diagnostics.effective_weights import EFFECT, EFFECTIVE, LINEAR, effective_weights
from sipas.diagnostics.results import IndexDiagnostics
from sipas.diagnostics.scales import Asked, ends, item_rest, reliability, turned_design
from sipas.indices import SatisfactionIndex
from sipas.leaders import LeaderScores
from sipas.robustness.index_parts import default_index, dimension_weights
from survey.errors import SurveyError
from survey.intervals import check_level


def index_diagnostics(
    index: Year, *, of: str | None = None, level: float = 0.95
) -> IndexDiagnostics:
    r"""Diagnose an index: reliability, item-rest, effective weights, floors and ceilings.

    Parameters
    ----------
    index : SatisfactionIndex or LeaderScores
        The index, with its answers, design and rules.
    of : str, optional
        Which index: an aspect, ``"sipas"``, or ``"total"`` of leaders; by default the first
        aspect of the questionnaire, the total of leaders.
    level : float
        Confidence of the intervals.

    Returns
    -------
    IndexDiagnostics

    Raises
    ------
    SurveyError
        No index, an index that there is not or of one dimension only, and whatever
        `survey.alpha` raises.

    Notes
    -----
    Alpha, omega, item-rest and inter-item correlations are of the answers on their scale,
    pairwise unless the index is listwise, with design-based intervals.

    Effective weights are of respondents: with :math:`x_d` the mean score of a respondent over the
    statements of dimension *d* that he answered, and :math:`y = \sum_d w_d x_d` of those who
    answered in every dimension, the main effect is :math:`S_d = V(E[y|x_d]) / V(y)`,
    :math:`E[y|x_d]` by weighted isotonic regression, and the effective weight
    :math:`S_d / \sum_k S_k`; ``linear`` is the squared correlation of :math:`x_d` and *y*.
    Paruolo, Saisana & Saltelli (2013), *JRSS A* 176, 609–634. Correlated dimensions share their
    effects, so the :math:`S_d` add up to more than 1; they describe the index among respondents,
    and say nothing about means. Standard errors by the jackknife over PSUs.

    Floor and ceiling are shares of answers at the lowest and highest level, for a dimension of
    respondents whose every answer lies there; above 15 % is much: Terwee et al. (2007), *Journal
    of Clinical Epidemiology* 60, 34–42.

    Examples
    --------
    >>> import sipas
    >>> answers = sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")
    >>> found = index_diagnostics(sipas.satisfaction(answers))
    >>> found.dimensions().loc["S1", ["nominal", "effective", "alpha"]].astype(float).round(2)
    nominal      0.20
    effective    0.18
    alpha        0.87
    Name: S1, dtype: float64
    """
    if not isinstance(index, SatisfactionIndex | LeaderScores):
        raise SurveyError(
            f"index_diagnostics: got a {type(index).__name__}.",
            mend="Pass what sipas.satisfaction or sipas.leader_scores gives.",
        )
    check_level(level)
    instrument = index.answers.instrument
    code = default_index(instrument) if of is None else of
    nominal = dimension_weights(index.scheme, instrument, code, "index_diagnostics")
    groups = {
        str(part): [item.code for item in instrument.items_of(str(part))] for part in nominal.index
    }
    items = [item for own in groups.values() for item in own]
    listwise = isinstance(index, SatisfactionIndex) and index.rules.missing == "listwise"
    asked = Asked(turned_design(index), level, "listwise" if listwise else "pairwise")
    given = oriented(index.answers)[items]
    bounds = min(instrument.scale.levels), max(instrument.scale.levels)
    every = groups | {code: items}
    scales = reliability(asked, every)
    means = pd.DataFrame({part: given[own].mean(axis=1) for part, own in every.items()})
    dimensions = _weights(index, nominal, level).reindex(scales.index).join(scales)
    statements = item_rest(asked, groups).drop(columns="n")
    return IndexDiagnostics(
        index=index,
        of=code,
        level=level,
        dimension_rows=dimensions.join(ends(asked.design, means, *bounds).drop(columns="n")),
        statement_rows=statements.join(ends(asked.design, given, *bounds)),
        correlations=survey.correlations(asked.design, items, missing=asked.missing).matrix,
    )


def _weights(index: Year, nominal: pd.Series, level: float) -> pd.DataFrame:
    """Nominal weights, and beside them the effective ones."""
    limits = effective_weights(index, nominal).table(level=level, method="mean")
    kinds: dict[str, pd.DataFrame] = {
        str(kind): rows.droplevel(0) for kind, rows in limits.groupby(level=0)
    }
    made = pd.DataFrame({"nominal": nominal, EFFECTIVE: kinds[EFFECTIVE]["estimate"]})
    for name in ("se", "low", "high"):
        made[f"{EFFECTIVE}_{name}"] = kinds[EFFECTIVE][name]
    return made.assign(main_effect=kinds[EFFECT]["estimate"], linear=kinds[LINEAR]["estimate"])
