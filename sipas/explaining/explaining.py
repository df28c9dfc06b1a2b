"""The one call: which answers, which denominator, which weights, which rule made this number."""

from __future__ import annotations

import numpy as np

from sipas.composites import TOTAL
from sipas.explaining.building import sources, step_of
from sipas.explaining.computed import Domain, Index, computed
from sipas.explaining.notes import notes_of, source_of
from sipas.explaining.results import Explanation
from sipas.explaining.tabulation import tabulate
from sipas.indices import SatisfactionIndex
from sipas.leaders import LeaderScores
from survey.errors import SurveyError, did_you_mean
from survey.intervals import check_level


def explain(
    index: Index,
    code: str,
    *,
    domain: Domain = None,
    weighted: bool = False,
    level: float = 0.95,
) -> Explanation:
    """Show how one number of an index came about, down to the counts of answers.

    Parameters
    ----------
    index : SatisfactionIndex or LeaderScores
        From `sipas.satisfaction` or `sipas.leader_scores`.
    code : str
        A statement, dimension, aspect or the whole; of the leader survey also a group, which
        means the total of that group.
    domain : str or tuple, optional
        Which domain of an index that was computed with ``by=`` (one value for each column), or
        which group of leaders.
    weighted : bool
        Explain the household index weighted by group (``group_weights=``) instead of the
        official one.
    level : float
        Confidence of the intervals.

    Returns
    -------
    Explanation
        Shows as text and as HTML; ``.table()`` has one row a step.

    Raises
    ------
    SurveyError
        A code or domain that is not there, a domain that is lacking, or a number that its parts
        do not give to 1e-9, which would be a fault of the library.

    Notes
    -----
    Values, weights of the parts, degrees of freedom and errors are those computed with the index.
    Only answers are counted here, and each formula is checked against the number computed.

    Examples
    --------
    >>> import sipas
    >>> answers = sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")
    >>> why = explain(sipas.satisfaction(answers), "S4")
    >>> why.top.formula.in_symbols(), why.top.formula.with_numbers(lang="vi")
    ('S4 = (S4.1 + S4.2 + S4.3) / 3', '(80,22 + 80,13 + 78,72) / 3')
    >>> round(why.top.value, 2), len(why.steps)
    (79.69, 19)
    """
    if not isinstance(index, SatisfactionIndex | LeaderScores):
        raise SurveyError(
            f"explain: got a {type(index).__name__}.",
            mend="Pass the result of sipas.satisfaction or sipas.leader_scores.",
        )
    code, domain = _asked(index, code, domain)
    made = computed(index, domain, weighted=weighted)
    items = list(made.scheme.items)
    counted = tabulate(
        made.design.data[items],
        made.answers.reasons[items],
        levels=made.answers.instrument.scale.levels,
        group=made.group,
        n_groups=max(1, len(made.names)),
        weight=np.asarray(made.design.weight),
        listwise=made.listwise,
    )
    top = step_of(sources(made, counted, check_level(level)), code)
    return Explanation(top, source_of(made), notes_of(index, made, counted, code), level)


def _asked(index: Index, code: str, domain: Domain) -> tuple[str, Domain]:
    """Read the code; a group of leaders stands for its total."""
    codes = index.scheme.codes
    groups = list(index.weights.index) if isinstance(index, LeaderScores) else []
    if code in codes:
        return code, domain
    if code not in groups:
        raise SurveyError(
            f"explain: no index {code!r} in {index.instrument.id}.",
            mend=did_you_mean(code, [*codes, *groups]),
        )
    if domain is not None:
        raise SurveyError(
            f"explain: {code!r} is a group, and domain={domain!r} is given too.",
            mend=f"Name a code with the group: explain(scores, 'total', domain={code!r}).",
        )
    return TOTAL, code
