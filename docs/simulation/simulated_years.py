"""Made-up years of a household survey with the SIPAS design, many pairs of years at once.

Three districts of three communes of two villages of 27 households. A household is satisfied when
its latent opinion passes a threshold; communes and villages share a part of that opinion. Each
sheet holds many pairs of years, told apart by the column ``pair``: as domains of one design, so
that one call of the library's functions makes hundreds of tests.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

DISTRICTS, COMMUNES, VILLAGES, HOUSEHOLDS = 3, 3, 2, 27
SHAPE = (DISTRICTS, COMMUNES, VILLAGES, HOUSEHOLDS)
ROWS = math.prod(SHAPE)
#: Shares of the latent variance that lie between communes, and between villages of a commune.
REALISTIC, NONE = (0.05, 0.03), (0.0, 0.0)
#: District rates ten points apart with the mean that the key gives (0.95 leaves no room above).
APART = {0.5: (0.45, 0.50, 0.55), 0.85: (0.80, 0.85, 0.90), 0.95: (0.89, 0.97, 0.99)}

Years = tuple[pd.DataFrame, pd.DataFrame]


@dataclass(frozen=True)
class Scenario:
    """Two years of one survey.

    ``rate``: share satisfied before; ``fall``: how much lower it is after, in every district;
    ``clustering``: see `REALISTIC`; ``repeated``: communes of each district visited again;
    ``persists``: correlation of a commune's effect between the years; ``apart``: districts ten
    points apart; ``replaced``: one district gives way to another of the same rate.
    """

    rate: float
    clustering: tuple[float, float] = REALISTIC
    repeated: int = 3
    persists: float = 0.8
    apart: bool = False
    replaced: bool = False
    fall: float = 0.0

    @property
    def before(self) -> np.ndarray:
        """Rates of the districts before."""
        return np.array(APART[self.rate] if self.apart else (self.rate,) * DISTRICTS)

    @property
    def after(self) -> np.ndarray:
        """Rates of the districts after."""
        return self.before - self.fall

    def columns(self) -> dict[str, object]:
        """Describe the scenario in the columns of a table of results."""
        return {
            "clustering": "realistic" if any(self.clustering) else "none",
            "rate": self.rate,
            "repeated": self.repeated,
            "persists": self.persists if any(self.clustering) else math.nan,
            "districts": "apart" if self.apart else "alike",
            "replaced": self.replaced,
            "fall": self.fall,
        }


def again(scenario: Scenario) -> np.ndarray:
    """Which communes of each district are in both years, shape (districts, communes)."""
    held = np.tile(np.arange(COMMUNES) < scenario.repeated, (DISTRICTS, 1))
    held[-1] &= not scenario.replaced
    return held


def commune_effects(scenario: Scenario, columns: int, rng: np.random.Generator) -> np.ndarray:
    """Standard normal effects of the communes, shape (2, districts, communes, columns)."""
    first, fresh = rng.standard_normal((2, DISTRICTS, COMMUNES, columns))
    kept = scenario.persists * first + math.sqrt(1.0 - scenario.persists**2) * fresh
    return np.stack([first, np.where(again(scenario)[:, :, None], kept, fresh)])


def draw_years(scenario: Scenario, pairs: int, rng: np.random.Generator) -> Years:
    """Draw one statement for many pairs of years: the share ``y`` satisfied in each village."""
    commune, village = (math.sqrt(share) for share in scenario.clustering)
    own = math.sqrt(1.0 - sum(scenario.clustering))
    years = []
    effects = commune_effects(scenario, pairs, rng)
    for k, rates in enumerate((scenario.before, scenario.after)):
        opinion = ndtri(rates)[:, None, None, None] + commune * effects[k][:, :, None]
        opinion = opinion + village * rng.standard_normal((*SHAPE[:3], pairs))
        satisfied = rng.binomial(HOUSEHOLDS, ndtr(opinion / own)).reshape(-1, pairs)
        years.append(sheet({"y": satisfied / HOUSEHOLDS}, places(scenario, k)))
    return years[0], years[1]


def sheet(values: dict[str, np.ndarray], where: pd.DataFrame) -> pd.DataFrame:
    """List values of shape (places, pairs) with one row a place and pair."""
    pairs = next(iter(values.values())).shape[1]
    rows = where.loc[where.index.repeat(pairs)].reset_index(drop=True)
    columns = {name: value.ravel() for name, value in values.items()}
    return rows.assign(pair=np.tile(np.arange(pairs), len(where)), **columns)


def households(villages: pd.DataFrame) -> pd.DataFrame:
    """Unfold the shares of villages into the answers of their households, 1 or 0."""
    answers = np.arange(HOUSEHOLDS) < np.rint(villages[["y"]].to_numpy() * HOUSEHOLDS)
    rows = villages.loc[villages.index.repeat(HOUSEHOLDS)].reset_index(drop=True)
    return rows.assign(y=answers.ravel().astype(float))


def places(scenario: Scenario, year: int) -> pd.DataFrame:
    """District, commune and village; the same name in both years where it is met again."""
    shape = SHAPE[:3]
    district, commune, village = np.unravel_index(np.arange(math.prod(shape)), shape)
    moved = year * (scenario.replaced & (district == DISTRICTS - 1))
    fresh = year * ~again(scenario)[district, commune]
    names = pd.DataFrame({"district": district + moved, "commune": commune, "fresh": fresh})
    names["commune"] = names.astype(str).agg("-".join, axis="columns")
    pairs = zip(names["commune"], village, strict=True)
    names["village"] = [f"{c}/{v} of year {year}" for c, v in pairs]
    return names.drop(columns="fresh").astype({"district": str})


def size_scenarios() -> list[Scenario]:
    """Scenarios of the study of tests: no change in truth."""
    alike = [
        Scenario(rate, clustering, repeated)
        for clustering in (NONE, REALISTIC)
        for rate in APART
        for repeated in (3, 2, 1, 0)
    ]
    apart = [replace(scenario, apart=True) for scenario in alike]
    replaced = [replace(scenario, replaced=True) for scenario in alike if scenario.repeated]
    persisting = [
        Scenario(0.85, repeated=repeated, persists=persists)
        for persists in (0.0, 0.5, 1.0)
        for repeated in (3, 2, 1)
    ]
    clustered = [scenario for scenario in apart + replaced if any(scenario.clustering)]
    simple = [s for s in apart + replaced if not any(s.clustering) and s.rate == 0.85]
    return alike + clustered + persisting + simple


def coverage_scenarios() -> list[Scenario]:
    """Scenarios of the study of intervals: a fall of 6 points, and none."""
    fallen = [
        Scenario(rate, REALISTIC, repeated, fall=0.06)
        for rate in APART
        for repeated in (3, 2, 1, 0)
    ]
    all_again = [scenario for scenario in fallen if scenario.repeated == COMMUNES]
    steady = [replace(scenario, fall=0.0) for scenario in all_again]
    apart = [replace(scenario, apart=True) for scenario in all_again]
    simple = [replace(s, clustering=NONE) for s in fallen if s.repeated in (0, COMMUNES)]
    return fallen + steady + apart + simple
