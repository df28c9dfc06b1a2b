"""The cases of tests/oracles/differs.toml, each computed without either package."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
from by_hand import expected, line, mean_and_score, sheet, t_quantile, variance
from scipy import integrate, optimize, special

import survey


def empty_group() -> list[str]:
    """A mean over no answers."""
    frame = sheet("apisrs")
    r = dict(zip("EHM", expected("dsrs/by_na_rm")["estimate"], strict=True))
    here = survey.mean(survey.Design(frame, weights="pw"), "acs_k3", by="stype").estimate
    lines = [line("acs_k3 in dsrs", "weight", "Σwy / Σw", "R", "here")]
    for stype, rows in frame[frame["acs_k3"].notna()].groupby("stype"):
        mean = rows["pw"] @ rows["acs_k3"] / rows["pw"].sum()
        numbers = (rows["pw"].sum(), mean, r[stype], here[stype])
        lines.append(line(str(stype), *(f"{number:.4f}" for number in numbers)))
    for stype in ("H", "M"):
        lines.append(line(stype, "0", "0/0", f"{r[stype]:.4f}", f"{here[stype]:.4f}"))
    return lines


def cumulative_logit() -> list[str]:
    """Maximise the likelihood without derivatives, and look at R's numbers on it."""
    frame, r = sheet("apiclus1"), np.array(expected("dclus1/olr")["estimate"])
    x, answer = frame[["comp01", "ell"]].to_numpy(float), frame["mealcat"].to_numpy() - 1
    weight = frame["pw"].to_numpy() / frame["pw"].mean()

    def likelihood(theta: np.ndarray) -> float:
        cuts = np.concatenate([[-np.inf], theta[2:], [np.inf]])
        eta = x @ theta[:2]
        share = special.expit(cuts[answer + 1] - eta) - special.expit(cuts[answer] - eta)
        return float(weight @ np.log(share)) if (share > 0).all() else -np.inf

    best = np.array([0.0, 0.0, -1.0, 0.0, 1.0])
    for _ in range(4):  # starting again from the best point keeps the simplex from collapsing
        best = optimize.minimize(
            lambda theta: -likelihood(theta),
            best,
            method="Nelder-Mead",
            options={"xatol": 1e-11, "fatol": 1e-13, "maxiter": 20_000, "maxfev": 20_000},
        ).x
    here = survey.ordinal(_dclus1(), "mealcat ~ comp01 + ell").estimate
    names = expected("dclus1/olr")["names"]
    rows = [
        line(name, *(f"{value:.5f}" for value in values))
        for name, values in zip(names, zip(best, r, here, strict=True), strict=True)
    ]
    points = (best, r, here.to_numpy())
    return [
        line("dclus1/olr", "Nelder–Mead", "R", "here"),
        *rows,
        line("log-likelihood", *(f"{likelihood(point):.6f}" for point in points)),
        line("largest slope of it", *(f"{_steepest(likelihood, point):.4f}" for point in points)),
    ]


def _steepest(function: Callable[[np.ndarray], float], point: np.ndarray) -> float:
    """Largest absolute partial derivative, by central differences."""
    steps = 1e-5 * np.eye(len(point))
    return max(abs(function(point + h) - function(point - h)) / 2e-5 for h in steps)


def _dclus1() -> survey.Design:
    return survey.Design(sheet("apiclus1"), psu="dnum", weights="pw", fpc="fpc")


def one_eigenvalue() -> list[str]:
    """In a 2 × 2 table of a simple random sample the reference distribution is F(1, n − 1)."""
    frame = sheet("apisrs")
    table = pd.crosstab(frame["comp_imp"], frame["sch_wide"]).to_numpy(float)
    n = table.sum()
    even = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    pearson = float(((table - even) ** 2 / even).sum())
    statistic, df = pearson * (n - 1) / n, n - 1
    constant = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    root = math.sqrt(statistic)
    tail, _ = integrate.quad(  # of Student's density beyond the root, with its size factored out
        lambda u: ((1 + (root + u) ** 2 / df) / (1 + root**2 / df)) ** (-(df + 1) / 2), 0, 20
    )
    p = 2 * constant * (1 + root**2 / df) ** (-(df + 1) / 2) * tail
    case = expected("dsrs_nofpc/chisq_lincom")
    design = survey.Design(frame, weights="pw")
    here = survey.chisquare(design, "comp_imp", "sch_wide", statistic="lincom").p
    return [
        line("dsrs_nofpc/chisq_lincom", "value"),
        line("X²", f"{pearson:.6f}"),
        line("F = X² (n − 1) / n", f"{statistic:.6f}"),
        line("p, integrating the density", f"{p:.6e}"),
        line("p, here", f"{here:.6e}"),
        line("p, dsrs_nofpc/chisq_F", f"{expected('dsrs_nofpc/chisq_F')['p_value']:.6e}"),
        line("p, the listed reference", f"{case['p_value']:.6e}"),
        line("p, R's saddlepoint", f"{case['p_value_r_without_CompQuadForm']:.6e}"),
    ]


def likelihood_limits() -> list[str]:
    """Limits of a share where the rescaled likelihood has fallen by t², by a root finder."""
    frame = sheet("apiclus2")
    rows: list[str] = []
    for design, weight, stages in (
        ("dclus2", _clusters_times_schools(frame), 2),
        ("dclus2_wr", frame["pw"].to_numpy(), 1),
    ):
        p, score = mean_and_score(frame["hi"].to_numpy(float), weight)
        psus, n = frame["dnum"].nunique(), len(frame)
        v = _two_stage(frame, score) if stages == 2 else variance(score, frame["dnum"])
        drop = t_quantile(psus - 1) ** 2 * v / (p * (1 - p)) * n / (n - 1)
        fallen = _fall(p)
        wanted = [
            optimize.brentq(lambda q: fallen(q) - drop, *ends, xtol=1e-14)  # noqa: B023
            for ends in ((1e-9, p), (p, 1 - 1e-9))
        ]
        case = expected(f"{design}/ciprop_likelihood")
        here = _likelihood_here(frame, design)
        rows += [
            line(f"{design}/ciprop_likelihood", "by root", "R", "here"),
            line("standard error", *(f"{se:.6f}" for se in (v**0.5, case["se"][0], here[2]))),
        ]
        for side, (name, key) in enumerate((("low", "ci_low"), ("high", "ci_high"))):
            limits = (wanted[side], case[key][0], here[side])
            rows += [
                line(name, *(f"{limit:.6f}" for limit in limits)),
                line(
                    f"  fall there, over {drop:.6f}",
                    *(f"{fallen(limit) / drop:.6f}" for limit in limits),
                ),
            ]
    return rows


def _clusters_times_schools(frame: pd.DataFrame) -> np.ndarray:
    """Weights of dclus2: districts over sampled ones, times schools over sampled ones."""
    drawn = frame.groupby("dnum")["snum"].transform("size")
    return np.asarray(frame["fpc1"] / frame["dnum"].nunique() * frame["fpc2"] / drawn)


def _two_stage(frame: pd.DataFrame, score: np.ndarray) -> float:
    """Variance between districts, and n₁/N₁ times that between schools within each."""
    between = variance(score, frame["dnum"], 0, frame["fpc1"])
    within = variance(score, frame["snum"], frame["dnum"], frame["fpc2"])
    return between + frame["dnum"].nunique() / frame["fpc1"].iloc[0] * within


def _fall(p: float) -> Callable[[float], float]:
    """Twice the fall of the mean log-likelihood of a share from its maximum at p."""
    return lambda q: 2 * (p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q)))


def _likelihood_here(frame: pd.DataFrame, name: str) -> tuple[float, float, float]:
    """The limits that the library gives, and its standard error."""
    if name == "dclus2":
        design = survey.Design(frame, psu=["dnum", "snum"], fpc=["fpc1", "fpc2"])
    else:
        design = survey.Design(frame, psu="dnum", weights="pw")
    share = survey.proportion(design, "hi", event=(1,))
    limits = share.confidence_interval(method="likelihood").iloc[0]
    return float(limits["low"]), float(limits["high"]), float(share.se.iloc[0])


def score_limits() -> list[str]:
    """Test every observed value as the quantile, and keep those within ±t."""
    frame = sheet("apiclus1")
    y, weight = frame["api00"].to_numpy(float), frame["pw"].to_numpy()
    values, t = np.unique(y), t_quantile(frame["dnum"].nunique() - 1)
    r = expected("dclus1/quantile_score")["quantiles"]["api00"]
    here = survey.quantile(_dclus1(), "api00", r["probs"], interval="score").table()
    rows = [line(f"dclus1/quantile_score, t = {t:.5f}", "by testing", "R", "here")]
    for k, p in enumerate(r["probs"]):
        tested = []
        for q in values:
            share, score = mean_and_score((y <= q).astype(float), weight)
            v = variance(score, frame["dnum"], 0, frame["fpc"])
            tested.append((p - share) / math.sqrt(v) if v > 1e-20 else -math.inf)
        kept = values[np.abs(tested) <= t]
        for name, value, key in (("low", kept.min(), "ci_low"), ("high", kept.max(), "ci_high")):
            own, theirs = int(here.loc[p, name]), r[key][k]
            row = line(f"{name} limit of quantile {p}", int(value), theirs, own)
            if theirs != value:
                at = [f"{tested[int(np.searchsorted(values, q))]:.4f}" for q in (value, theirs)]
                row += f"   statistic {at[0]} at {int(value)}, {at[1]} at {theirs}"
            rows.append(row)
    return rows


SECTIONS = {
    "empty_group": empty_group,
    "cumulative_logit": cumulative_logit,
    "one_eigenvalue": one_eigenvalue,
    "likelihood_limits": likelihood_limits,
    "score_limits": score_limits,
}
