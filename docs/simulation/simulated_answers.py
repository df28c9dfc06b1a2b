"""Made-up answers to the 22 service statements of the questionnaire, for pairs of years.

As `simulated_years`, with five dimensions. Opinions on statements hang together: communes,
villages and households each have an effect common to all dimensions and one for each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import ndtri
from simulated_years import (
    HOUSEHOLDS,
    NONE,
    REALISTIC,
    ROWS,
    SHAPE,
    Scenario,
    commune_effects,
    places,
    sheet,
)

import sipas

#: Statements of each dimension, and the rate of each dimension in the earlier year (made up).
SIZES, RATES = (4, 4, 7, 3, 4), (0.90, 0.88, 0.85, 0.87, 0.82)
DIMENSIONS, STATEMENTS = tuple(f"S{k + 1}" for k in range(len(SIZES))), sum(SIZES)
OF = np.repeat(np.arange(len(SIZES)), SIZES)
#: Share of an effect's variance that is common to all dimensions.
COMMON = 0.6
#: Shares of a household's variance: one opinion of everything, one of each dimension.
GENERAL, PARTICULAR = 0.4, 0.15
#: Share of answers that are "don't know".
BLANK = 0.05
PLACES = math.prod(SHAPE[:3])


@dataclass(frozen=True)
class Fall:
    """A pair of years in which each dimension falls by its own number of points."""

    scenario: Scenario
    points: tuple[float, ...]

    @property
    def truth(self) -> np.ndarray:
        """Change of each dimension, in points."""
        return -np.asarray(self.points)

    def columns(self) -> dict[str, object]:
        """Describe the pair in the columns of a table of results."""
        own = self.scenario.columns()
        falls = " ".join(f"{points:g}" for points in self.points)
        return {key: own[key] for key in ("clustering", "repeated")} | {"falls": falls}


def satisfied(fall: Fall, pairs: int, rng: np.random.Generator) -> np.ndarray:
    """Whether each household is satisfied, shape (2, pairs, rows, statements)."""
    scenario = fall.scenario
    rates = np.asarray(RATES)[OF]
    latent = np.stack([ndtri(rates), ndtri(rates - np.asarray(fall.points)[OF] / 100.0)])
    communes = _together([_by_commune(scenario, pairs, rng) for _ in range(len(SIZES) + 1)])
    villages = _together(list(rng.standard_normal((len(SIZES) + 1, 2, pairs, PLACES))))
    commune, village = (math.sqrt(share) for share in scenario.clustering)
    by_place = commune * np.repeat(communes, SHAPE[2], axis=2) + village * villages
    by_row = np.repeat(by_place, HOUSEHOLDS, axis=2)
    own = math.sqrt(1.0 - sum(scenario.clustering)) * _households(by_row.shape[:3], rng)
    return latent[:, None, None, :] + by_row[..., OF] + own > 0


def _by_commune(scenario: Scenario, pairs: int, rng: np.random.Generator) -> np.ndarray:
    """One effect of communes, shape (2, pairs, communes)."""
    return np.moveaxis(commune_effects(scenario, pairs, rng), 3, 1).reshape(2, pairs, -1)


def _together(effects: list[np.ndarray]) -> np.ndarray:
    """Mix the first effect, common to all dimensions, with one for each, dimensions last."""
    own = np.stack(effects[1:], axis=-1) * math.sqrt(1.0 - COMMON)
    return math.sqrt(COMMON) * effects[0][..., None] + own


def _households(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Households' own opinions of each statement, of variance 1."""
    general = math.sqrt(GENERAL) * rng.standard_normal((*shape, 1))
    particular = math.sqrt(PARTICULAR) * rng.standard_normal((*shape, len(SIZES)))
    rest = math.sqrt(1.0 - GENERAL - PARTICULAR) * rng.standard_normal((*shape, STATEMENTS))
    return general + particular[..., OF] + rest


def dimension_years(answers: np.ndarray, scenario: Scenario) -> list[pd.DataFrame]:
    """Rate of each dimension by village and pair, in per cent, for both years."""
    parts = np.split(answers, np.cumsum(SIZES)[:-1], axis=-1)
    rates = np.stack([100.0 * part.mean(axis=-1) for part in parts])
    villages = rates.reshape(*rates.shape[:3], -1, HOUSEHOLDS).mean(axis=-1)
    return [
        sheet({code: villages[d, k].T for d, code in enumerate(DIMENSIONS)}, places(scenario, k))
        for k in (0, 1)
    ]


def sheets(
    answers: np.ndarray, scenario: Scenario, template: sipas.Answers, rng: np.random.Generator
) -> list[sipas.Answers]:
    """Put one pair of years, shape (2, rows, statements), into cleaned sheets, some left blank."""
    codes = [item.code for item in template.instrument.items if item.dimension in DIMENSIONS]
    made = []
    for k, year in enumerate(answers):
        values = np.where(year, 4.0, 2.0)
        values[rng.random(values.shape) < BLANK] = np.nan
        where = places(scenario, k)
        where = where.loc[where.index.repeat(HOUSEHOLDS)].set_axis(template.data.index)
        columns = pd.DataFrame(values, columns=codes, index=template.data.index)
        made.append(replace(template, data=template.data.assign(**where, **columns)))
    return made


def template() -> sipas.Answers:
    """Cleaned answers of as many households, whose places and answers are replaced."""
    answers = sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")
    assert len(answers.data) == ROWS
    return answers


def fall_scenarios() -> list[Fall]:
    """Scenarios of "fell most": all tied, two tied for the worst, one alone, one near others."""
    patterns = ((3, 3, 3, 3, 3), (6, 6, 0, 0, 0), (6, 0, 0, 0, 0), (3, 2, 1, 0, 0))
    return [Fall(scenario, points) for scenario in _scenarios() for points in patterns]


def account_scenarios() -> list[Fall]:
    """Scenarios of contributions."""
    return [Fall(scenario, (6, 3, 0, 3, 3)) for scenario in _scenarios()]


def _scenarios() -> list[Scenario]:
    """All, two and none of three communes visited again; all without clustering."""
    return [*(Scenario(0.85, REALISTIC, m) for m in (3, 2, 0)), Scenario(0.85, NONE, 3)]
