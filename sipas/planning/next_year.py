"""Next year's survey from this year's: what it will see, and what seeing a change would take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

import survey
from sipas.composites import index_code
from sipas.indices import SatisfactionIndex, Score, satisfaction
from sipas.planning.measuring import fitted_components, measured_components, stages_of
from sipas.planning.results import NextYear
from sipas.responses import Answers
from survey.errors import SurveyError, did_you_mean
from survey.planning import (
    DetectableChange,
    SampleSizes,
    VarianceComponents,
    detectable_change,
    sample_size,
)
from survey.planning.sample_sizes import LIMITS


def plan_next_year(
    answers: Answers,
    *,
    delta: float = 3.0,
    code: str | None = None,
    design: survey.Design | None = None,
    score: Score = "top2",
    policy_weight: float | None = None,
    same_communes: bool = False,
    rho: float = 0.5,
    costs: Mapping[str, float] | None = None,
    most: Mapping[str, int] | None = None,
    power: float = 0.8,
    level: float = 0.95,
) -> NextYear:
    """Say what next year's survey can see, and which designs would see a change.

    Parameters
    ----------
    answers : Answers
        This year's clean answers of households.
    delta : float
        The change to be seen, in percentage points.
    code : str, optional
        The index in which it is to be seen; by default the overall index if there is one, else
        the services index.
    design : survey.Design, optional
        ``answers.design()`` by default: communes drawn within districts.
    score, policy_weight
        As in `sipas.satisfaction`.
    same_communes : bool
        Whether the designs listed visit the same communes in both years.
    rho : float
        Correlation between the years of the effect of a commune that is visited twice. It is
        an assumption unless two years were measured.
    costs : mapping, optional
        Cost of a commune, a village, a household, by the names ``communes villages households``;
        those left out cost nothing.
    most : mapping, optional
        Largest numbers to be tried, by the same names: communes in all, villages in a commune,
        households in a village.
    power, level : float
        Chance of seeing a change; confidence.

    Returns
    -------
    NextYear

    Raises
    ------
    SurveyError
        Leader answers, an unknown index, an index that does not vary, a design whose first
        stage is not one column, and whatever the functions of `survey.planning` raise.

    Notes
    -----
    Formulas: `survey.variance_components`, `survey.detectable_change`, `survey.sample_size`. The
    measured components rest on the degrees of freedom of the communes, 6 in a province of
    9 communes in 3 districts: they are rough.

    Examples
    --------
    >>> import sipas
    >>> answers = sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")
    >>> plan = plan_next_year(answers, delta=5, most={"communes": 60})
    >>> plan.table().loc["services", ["deff", "mdc_redrawn", "mde_redrawn"]].astype(float).round(1)
    deff           3.7
    mdc_redrawn    6.5
    mde_redrawn    9.1
    Name: services, dtype: float64
    """
    index = satisfaction(answers, design=design, score=score, policy_weight=policy_weight)
    chosen = index_code(index.scheme, code, "plan_next_year(code=)")
    columns, stages = stages_of(index)
    components = measured_components(index, columns)
    asked = _Asked(delta, power, level, rho, same_communes)
    return NextYear(
        index=index,
        components=components,
        redrawn=_detectable(index, components, asked, same=False),
        repeated=_detectable(index, components, asked, same=True),
        designs=_designs(index, columns, stages, chosen, asked, costs, most),
        stages=stages,
        code=chosen,
        delta=delta,
        rho=rho,
        power=power,
        level=level,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """The change to be seen, how surely, and how the years hang together."""

    delta: float
    power: float
    level: float
    rho: float
    same_communes: bool


def _detectable(
    index: SatisfactionIndex, components: VarianceComponents, asked: _Asked, *, same: bool
) -> DetectableChange:
    """Say what the same design sees next year, in the same communes or in others.

    The errors are those that were measured, whatever the sizes and weights of the communes: one
    mean a commune is planned, and of its variance the component between communes returns with
    them.
    """
    psus = len(index.design.sample.stratum)
    variance = components.estimates.se**2
    variance = variance[variance > 0]
    lasting = components.icc.iloc[:, 0] * components.sd**2 / components.take[:, 0]
    share = (lasting / variance).clip(0.0, 1.0).reindex(variance.index)
    return detectable_change(
        (psus, 1),
        sd=(psus * variance) ** 0.5,
        icc=share.to_frame(),
        strata=_strata(index),
        overlap=1.0 if same else 0.0,
        rho=asked.rho if same else 0.0,
        power=asked.power,
        level=asked.level,
    )


def _strata(index: SatisfactionIndex) -> int:
    """Count the strata of the design."""
    return len(np.unique(index.design.sample.stratum))


def _designs(
    index: SatisfactionIndex,
    columns: Sequence[str],
    stages: tuple[str, ...],
    chosen: str,
    asked: _Asked,
    costs: Mapping[str, float] | None,
    most: Mapping[str, int] | None,
) -> SampleSizes:
    """Find the designs that see the change of one index."""
    fitted = fitted_components(index, columns, chosen)
    limits = dict(zip(stages, LIMITS[len(stages)], strict=True))
    free = dict.fromkeys(stages, 0.0)
    return sample_size(
        delta=asked.delta,
        sd=float(fitted.sd.iloc[0]),
        icc=list(fitted.icc.iloc[0]),
        strata=_strata(index),
        deff=float(fitted.weighting[0]),
        overlap=1.0 if asked.same_communes else 0.0,
        rho=asked.rho if asked.same_communes else 0.0,
        costs=None if costs is None else _by_stage(costs, free, "costs"),
        most=[int(count) for count in _by_stage(most or {}, limits, "most")],
        power=asked.power,
        level=asked.level,
    )


def _by_stage(
    given: Mapping[str, float], otherwise: Mapping[str, float], where: str
) -> list[float]:
    """Put numbers given by name in the order of the stages."""
    for name in given:
        if name not in otherwise:
            raise SurveyError(
                f"plan_next_year({where}=): no stage {name!r}.", mend=did_you_mean(name, otherwise)
            )
    return [{**otherwise, **given}[name] for name in otherwise]
