"""Differences that the reference cases note, or that no case holds, each computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from by_hand import cases, expected, line, mean_and_score, sheet, t_quantile, variance
from scipy import special, stats

import survey


def information() -> list[str]:
    """Newton's steps of a logit model, and the standard errors that each step's weights give.

    R stops once the deviance changes by less than 1e-8, and keeps the working weights with which
    it made that last step: one step older than its coefficients.
    """
    case, frame = expected("dclus1/glm_quasibinomial"), sheet("apiclus1")
    x = np.column_stack([np.ones(len(frame)), frame[["ell", "meals", "mobility"]]])
    y, weight = frame["hi"].to_numpy(float), frame["pw"].to_numpy() / frame["pw"].mean()
    share = (y + 0.5) / 2  # where R begins
    eta, before = special.logit(share), math.inf
    rows = [line("se in dclus1/glm_quasibinomial", *case["names"])]
    stopped = False
    for step in range(1, 15):
        old = weight * share * (1 - share)
        target = eta + (y - share) / (share * (1 - share))
        beta = np.linalg.solve(x.T @ (old[:, None] * x), x.T @ (old * target))
        eta, share = x @ beta, special.expit(x @ beta)
        deviance = -2 * float(weight @ np.log(np.where(y == 1, share, 1 - share)))
        if not stopped and abs(deviance - before) < 1e-8 * (deviance + 0.1):
            stopped = True
            rows.append(line(f"stopped after {step} steps", *_se(frame, x, y - share, share, old)))
        before = deviance
    rows.append(line("R", *(f"{value:.8f}" for value in case["se"])))
    now = weight * share * (1 - share)
    rows.append(line("converged", *_se(frame, x, y - share, share, now)))
    design = survey.Design(frame, psu="dnum", weights="pw", fpc="fpc")
    here = survey.glm(design, "hi ~ ell + meals + mobility", family="binomial").se
    return [*rows, line("here", *(f"{value:.8f}" for value in here))]


def _se(
    frame: pd.DataFrame, x: np.ndarray, residual: np.ndarray, share: np.ndarray, used: np.ndarray
) -> list[str]:
    """Standard errors of coefficients under working weights: variance of a sum of I⁻¹ x u."""
    scores = x * (used * residual / (share * (1 - share)))[:, None]
    parts = np.linalg.solve(x.T @ (used[:, None] * x), scores.T)
    made = [math.sqrt(variance(part, frame["dnum"], 0, frame["fpc"])) for part in parts]
    return [f"{value:.8f}" for value in made]


def every_regression() -> list[str]:
    """Compare all regressions, fully converged, with R's."""
    from answer_models import derived, formula_of
    from by_hand import ORACLES
    from oracle_designs import design

    rows = []
    for case in cases().values():
        if case["stat"]["fn"] == "svyglm" and not case["stat"].get("expect_error"):
            made = derived(case, design(case, ORACLES))
            family = case["stat"].get("family", "gaussian")
            fit, r = survey.glm(made, formula_of(case), family=family), case["expect"]
            pairs = (
                (fit.estimates.point, r["estimate"]),
                (fit.se, r["se"]),
                (fit.covariance, r["vcov"]),
            )
            rows.append([np.abs(np.array(a) / np.array(b) - 1).max() for a, b in pairs])
    worst = np.array(rows)
    return [
        line("of svyglm, relative to R", "coefficients", "se", "covariance"),
        line("largest difference", *(f"{value:.1e}" for value in worst.max(axis=0))),
        line(f"over 1e-9, of {len(worst)}", *(worst > 1e-9).sum(axis=0)),
    ]


def tied_ranks() -> list[str]:
    """Rank with R's recipe for many orders of the rows, and in the middle of the ties."""
    frame, case = sheet("leaders_synth"), expected("dlead/rank_wilcoxon")
    frame = frame[frame["score"].notna() & frame["female"].notna()]
    rng = np.random.default_rng(1)
    shuffled = [_rank_t(frame.sample(frac=1, random_state=rng), _in_order) for _ in range(500)]
    here = survey.rank_test(
        survey.Design(sheet("leaders_synth"), strata="grp", weights="w", fpc="N"),
        "score",
        "female",
    )
    return [
        line("dlead/rank_wilcoxon", "t"),
        line("R", f"{case['statistic']:.6f}"),
        line("its recipe, rows as they are", f"{_rank_t(frame, _in_order):.6f}"),
        line("its recipe, rows reversed", f"{_rank_t(frame.iloc[::-1], _in_order):.6f}"),
        line("its recipe, 500 orders: mean", f"{np.mean(shuffled):.6f}"),
        line("its recipe, 500 orders: from", f"{min(shuffled):.6f}"),
        line("its recipe, 500 orders: to", f"{max(shuffled):.6f}"),
        line("middle of the ties, by loops", f"{_rank_t(frame, _middle):.6f}"),
        line("here", f"{here.statistic:.6f}"),
    ]


def _in_order(y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Average, over tied rows, the weight up to the middle of each row, rows one after another."""
    order = np.argsort(y, kind="stable")
    place = np.empty(len(y))
    place[order] = np.cumsum(weight[order]) - weight[order] / 2
    means = pd.Series(place).groupby(pd.Series(y)).transform("mean").to_numpy()
    return np.asarray(means / weight.sum())


def _middle(y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Take the weight below a value and half the weight at it, as a share of all."""
    made = [weight[y < value].sum() + weight[y == value].sum() / 2 for value in y]
    return np.array(made) / weight.sum()


def _rank_t(frame: pd.DataFrame, ranks: object) -> float:
    """Difference of the mean scores of the two groups over its standard error."""
    weight, group = frame["w"].to_numpy(), frame["female"].to_numpy()
    score = ranks(frame["score"].to_numpy(), weight)  # type: ignore[operator]
    parts, means = np.zeros(len(frame)), []
    for value, sign in ((0, -1.0), (1, 1.0)):
        rows = group == value
        mean, own = mean_and_score(score[rows], weight[rows])
        parts[rows] += sign * own
        means.append(mean)
    data = sheet("leaders_synth")  # rows without an answer stay in the design with no part in it
    full = pd.Series(parts, index=frame.index).reindex(data.index, fill_value=0.0).to_numpy()
    return float((means[1] - means[0]) / variance(full, data.index, data["grp"], data["N"]) ** 0.5)


def one_mean() -> list[str]:
    """Against 15 independent PSU totals the statistic has 14 degrees of freedom."""
    frame, case = sheet("apiclus1"), expected("dclus1/ttest_one")
    mean, score = mean_and_score(frame["api00"].to_numpy(float), frame["pw"].to_numpy())
    t = (mean - 650) / variance(score, frame["dnum"], 0, frame["fpc"]) ** 0.5
    design = survey.Design(frame, psu="dnum", weights="pw", fpc="fpc")
    here = survey.t_test(design, "api00", mu=650)
    level = 2 * stats.t.sf(t_quantile(13), 14)
    return [
        line("dclus1/ttest_one", "t", "df", "p"),
        line("R", f"{case['statistic']:.6f}", 13, f"{case['p_value']:.6f}"),
        line("by loops, 15 PSUs − 1", f"{t:.6f}", 14, f"{2 * stats.t.sf(abs(t), 14):.6f}"),
        line("here", f"{here.statistic:.6f}", f"{here.df[0]:g}", f"{here.p:.6f}"),
        line("rejects a true mean at 5 %, df 13", "", "", f"{level:.4f}"),
    ]


def cut_df() -> list[str]:
    """Tail of (λ₁χ²₁ + λ₂χ²₁) / (χ²_d / d): with both squares in polar coordinates, one integral.

    At an angle, the sum is s χ²₂ with s = λ₁cos² + λ₂sin², an exponential; its mean over χ²_d is
    (1 + x / (d s))^(−d/2).
    """
    case = expected("dclus1/chisq_lincom")
    x, d, (first, second) = case["X2"], case["ddf"], case["eigenvalues"]
    angle = np.arange(4000) * 2 * np.pi / 4000
    s = first * np.cos(angle) ** 2 + second * np.sin(angle) ** 2
    whole = math.floor(d)
    frame = sheet("apiclus1")
    design = survey.Design(frame, psu="dnum", weights="pw", fpc="fpc")
    here = [
        survey.chisquare(design, "sch_wide", "stype", statistic=name).p
        for name in ("lincom", "saddlepoint")
    ]
    return [
        line(f"dclus1/chisq_lincom, d = {d:.4f}", "p"),
        line("R's saddlepoint, d cut to 20", f"{case['p_value_r_without_CompQuadForm']:.6f}"),
        line("exact, d cut to 20", f"{np.mean((1 + x / (d * s)) ** (-whole / 2)):.6f}"),
        line("exact, d as it is", f"{np.mean((1 + x / (d * s)) ** (-d / 2)):.6f}"),
        line("here, lincom", f"{here[0]:.6f}"),
        line("here, saddlepoint", f"{here[1]:.6f}"),
    ]


def missing_rows() -> list[str]:
    """Pearson's statistic from the weighted table, for the rows that hold both variables."""
    frame, case = sheet("sipas_synth"), expected("dsip3/chisq_na_Chisq")
    both = frame[frame["q03"].notna() & frame["area"].notna()]
    shares = both.pivot_table(values="w", index="q03", columns="area", aggfunc="sum").fillna(0)
    shares = shares.to_numpy() / both["w"].sum()
    even = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    each = float(((shares - even) ** 2 / even).sum())
    design = survey.Design(
        frame,
        strata="district",
        psu=["commune", "village", "hh"],
        fpc=["N_commune", "N_village", "N_hh"],
        weights="w",
    )
    here = survey.chisquare(design, "q03", "area", statistic="Chisq")
    return [
        line("dsip3/chisq_na_Chisq", "rows", "X²", "p"),
        line("R", "", f"{case['statistic']:.6f}", f"{case['p_value']:.6f}"),
        line("all rows, by hand", len(frame), f"{each * len(frame):.6f}"),
        line("rows with both, by hand", len(both), f"{each * len(both):.6f}"),
        line("here", len(both), f"{here.statistic:.6f}", f"{here.p:.6f}"),
    ]


def dispersion() -> list[str]:
    """Weighted mean of the squared residuals of least squares on replicate weights."""
    frame, case = sheet("apiclus1"), expected("rJK1/glm_gaussian")
    x = np.column_stack([np.ones(len(frame)), frame[["ell", "meals"]]])
    y, weight = frame["api00"].to_numpy(float), frame["pw"].to_numpy()
    residual = y - x @ np.linalg.solve(x.T @ (weight[:, None] * x), x.T @ (weight * y))
    by_hand, n = float(weight @ residual**2 / weight.sum()), len(frame)
    r = case["dispersion"]
    jackknife = survey.as_replicates(survey.Design(frame, psu="dnum", weights="pw"), "JK1")
    here = survey.glm(jackknife, "api00 ~ ell + meals").dispersion
    return [
        line("rJK1/glm_gaussian", "dispersion", "its root"),
        line("R", f"{r:.2f}", f"{r**0.5:.2f}"),
        line(f"R over n = {n}", f"{r / n:.4f}", f"{(r / n) ** 0.5:.4f}"),
        line("Σwr² / Σw, by hand", f"{by_hand:.4f}", f"{by_hand**0.5:.4f}"),
        line("the same · n / (n − 1)", f"{by_hand * n / (n - 1):.4f}"),
        line("here", f"{here:.4f}", f"{here**0.5:.4f}"),
    ]


SECTIONS = {
    "information": information,
    "every_regression": every_regression,
    "tied_ranks": tied_ranks,
    "one_mean": one_mean,
    "cut_df": cut_df,
    "missing_rows": missing_rows,
    "dispersion": dispersion,
}
