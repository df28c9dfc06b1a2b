"""Differences in re-weighting and in replicate weights, each computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from by_hand import ORACLES, cases, expected, line, sheet, t_quantile, variance

import survey

Classes = tuple[np.ndarray, np.ndarray]


def centred(values: np.ndarray, code: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Distance of each value to the weighted mean of its class."""
    means = np.bincount(code, weight * values) / np.bincount(code, weight)
    return np.asarray(values - means[code])


def twice(code: Classes, totals: Classes, base: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights after post-stratifying by the first classes, and then by the second."""
    weight, steps = base, []
    for own, counts in zip(code, totals, strict=True):
        weight = weight * (counts / np.bincount(own, weight))[own]
        steps.append(weight)
    return steps[0], steps[1]


def last_first(y: np.ndarray, code: Classes, first: np.ndarray, last: np.ndarray) -> float:
    """Standard error of the total, by the chain rule: what the last step leaves meets the first.

    The total is a function of the weights after the first step, with derivative (w₂/w₁)(y − ȳ);
    those are a function of the equal weights before it.
    """
    left = last / first * centred(y, code[1], first)
    score = first * centred(left, code[0], np.ones(len(y)))
    return math.sqrt(variance(score, np.arange(len(y))))


def first_last(y: np.ndarray, code: Classes, first: np.ndarray, last: np.ndarray) -> float:
    """Standard error in R's order: means of the first classes out, then of the second."""
    left = first * centred(last * y / first, code[0], np.ones(len(y)))
    score = last * centred(left / last, code[1], first)
    return math.sqrt(variance(score, np.arange(len(y))))


def jackknife(y: np.ndarray, code: Classes, totals: Classes) -> float:
    """Leave out each row in turn and do both steps again."""
    n = len(y)
    weight = (np.ones((n, n)) - np.eye(n)) * n / (n - 1)
    for own, counts in zip(code, totals, strict=True):
        member = np.eye(len(counts))[own]
        weight = weight * (counts / (weight @ member))[:, own]
    made = weight @ y
    return math.sqrt((n - 1) / n * ((made - made.mean()) ** 2).sum())


def repeated_poststratification() -> list[str]:
    """``postStratify(postStratify(d, ~sex), ~group)``: the number of women after the second."""
    rng = np.random.default_rng(4)
    group = rng.integers(0, 4, 600)
    sex = (rng.random(600) < 0.2 + 0.18 * group).astype(int)
    y = 5.0 + group + rng.normal(size=600)
    code, totals = (sex, group), (np.array([310.0, 290.0]), np.full(4, 150.0))
    first, last = twice(code, totals, np.ones(600))
    frame = pd.DataFrame({"sex": sex, "group": group, "women": sex.astype(float), "y": y})
    design = survey.poststratify(survey.Design(frame), "sex", {0: 310.0, 1: 290.0})
    here = survey.total(
        survey.poststratify(design, "group", dict.fromkeys(range(4), 150.0)), ["women", "y"]
    )
    rows = [line("standard error of a total", "women", "y")]
    for name, own in (("R's order, first to last", first_last), ("last to first", last_first)):
        rows.append(line(name, *(f"{own(v, code, first, last):.4f}" for v in (sex * 1.0, y))))
    rows.append(
        line("jackknife of both steps", *(f"{jackknife(v, code, totals):.4f}" for v in (sex, y)))
    )
    return [*rows, line("here", *(f"{value:.4f}" for value in here.se))]


def repeated_poststratification_simulated(samples: int = 1000, jackknifed: int = 50) -> list[str]:
    """Draw samples of 600 from a population of 20,000 in which women grow with the group."""
    rng, size, n = np.random.default_rng(7), 20_000, 600
    group = rng.integers(0, 4, size)
    sex = (rng.random(size) < 0.2 + 0.18 * group).astype(int)
    totals = (np.bincount(sex).astype(float), np.bincount(group).astype(float))
    made = []
    for k in range(samples):
        drawn = rng.choice(size, n, replace=False)
        code = (sex[drawn], group[drawn])
        y = sex[drawn].astype(float)
        first, last = twice(code, totals, np.ones(n))
        own = jackknife(y, code, totals) if k < jackknifed else math.nan
        errors = (first_last(y, code, first, last), last_first(y, code, first, last), own)
        made.append((last @ y, *errors))
    table = np.array(made)
    draw = math.sqrt(1 - n / size)  # the draws are without replacement
    means = draw * np.nanmean(table[:, 1:], axis=0)
    return [
        line(f"women of 20,000, {samples} samples", "value"),
        line("spread of the estimates", f"{table[:, 0].std(ddof=1):.1f}"),
        line("mean SE, R's order", f"{means[0]:.1f}"),
        line("mean SE, last to first", f"{means[1]:.1f}"),
        line(f"mean SE, jackknife (of {jackknifed})", f"{means[2]:.1f}"),
    ]


def single_psu_jackknife() -> list[str]:
    """JKn of a total is its linearised variance; so is it where a stratum of one is averaged."""
    frame = sheet("sipas_lonely")
    frame = frame.assign(z=frame["w"] * frame["n_sat"])
    alone = frame.groupby("district")["commune"].transform("nunique") == 1
    rest = frame[~alone]
    others = variance(rest["z"].to_numpy(), rest["commune"], rest["district"])
    strata, psus = frame["district"].nunique(), frame["commune"].nunique()
    design = survey.Design(
        frame, strata="district", psu="commune", weights="w", lonely_psu="average"
    )
    here = survey.total(survey.as_replicates(design, "JKn"), "n_sat").se.iloc[0]
    factors = ((strata, strata - 1), (psus, psus - 1))
    made = [math.sqrt(others * up / down) for up, down in factors]
    r = expected("dlon/average/total")["se"][0]
    return [
        line("total of n_sat, 'average'", "factor", "se"),
        line("R, linearised (dlon/average/total)", "", f"{r:.2f}"),
        line("others, strata over strata − 1", f"{strata}/{strata - 1}", f"{made[0]:.2f}"),
        line("JKn here", "", f"{here:.2f}"),
        line("others, PSUs over replicates (R)", f"{psus}/{psus - 1}", f"{made[1]:.2f}"),
    ]


def raking_tolerance() -> list[str]:
    """Scale weights to one margin after the other, and stop as R does by default, or go on."""
    frame = sheet("apiclus1")
    known = cases()["drake/weights"]["design"]["calibration"]["margins"]
    rows = [line("drake: distance to the counts", *known["stype"], *known["sch_wide"])]
    weight, rounds, stopped = frame["pw"], 0, False
    cells = [frame["stype"], frame["sch_wide"]]
    while rounds < 100:
        before, rounds = weight.groupby(cells).sum(), rounds + 1
        for name, totals in known.items():
            ratio = pd.Series(totals) / weight.groupby(frame[name]).sum()
            weight = weight * frame[name].map(ratio)
        moved = (weight.groupby(cells).sum() - before).abs().max()
        if moved < 1 and not stopped:
            stopped = True
            rows += _distances(f"R's default, {rounds} rounds", frame, weight, known)
        if moved < 1e-12:
            break
    rows += _distances(f"{rounds} rounds", frame, weight, known)
    design = survey.Design(frame, psu="dnum", weights="pw", fpc="fpc")
    here = survey.rake(design, known)
    return rows + _distances("here", frame, pd.Series(here.weight, frame.index), known)


def _distances(
    name: str, frame: pd.DataFrame, weight: pd.Series, known: dict[str, dict[str, float]]
) -> list[str]:
    """Sums of weights less the counts, and the mean of api00 under them."""
    missed = [
        weight[frame[margin] == level].sum() - count
        for margin, totals in known.items()
        for level, count in totals.items()
    ]
    mean = weight @ frame["api00"] / weight.sum()
    shown = (f"{value + 0.0 if abs(value) > 5e-7 else 0.0:.6f}" for value in missed)
    return [line(name, *shown), line("  mean of api00", f"{mean:.6f}")]


def multistage_df() -> list[str]:
    """Degrees of freedom of a bootstrap: what its replicates span, or what was sampled."""
    weights = pd.read_csv(ORACLES / "rep_apiclus2_mrbbootstrap.csv").drop(columns="pw").to_numpy()
    frame = sheet("apiclus2")
    rank = int(np.linalg.matrix_rank(weights, tol=1e-5 * np.abs(weights).max())) - 1
    psus = frame["dnum"].nunique()
    design = survey.Design(frame, psu=["dnum", "snum"], fpc=["fpc1", "fpc2"])
    here = survey.as_replicates(design, "mrb", n=100, seed=1).df
    shown = [
        ("R, as.svrepdesign (rMrb/structure)", expected("rMrb/structure")["degf"]),
        ("rank of the 100 replicates − 1", rank),
        ("R, degf of the same sample", expected("dclus2/mean")["df"]),
        (f"{psus} PSUs − 1 stratum", psus - 1),
        ("here", here),
    ]
    rows = [line(name, f"{df:g}", f"{t_quantile(df):.4f}") for name, df in shown]
    return [line("dclus2 by method 'mrb'", "df", "t"), *rows]


SECTIONS = {
    "repeated_poststratification": repeated_poststratification,
    "repeated_poststratification_simulated": repeated_poststratification_simulated,
    "single_psu_jackknife": single_psu_jackknife,
    "raking_tolerance": raking_tolerance,
    "multistage_df": multistage_df,
}
