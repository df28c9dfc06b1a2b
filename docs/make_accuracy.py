"""Write docs/accuracy.md from the runner's output: ``python docs/make_accuracy.py``.

The table is made anew from a run; nothing in it is typed in.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ORACLES = ROOT / "tests" / "oracles"
PAGE = ROOT / "docs" / "accuracy.md"
sys.path[:0] = [str(ORACLES), str(ROOT)]

NAMES = {
    "svymean": ("means", "`survey.mean`, `proportion`"),
    "svytotal": ("totals", "`survey.total`"),
    "svyratio": ("ratios", "`survey.ratio`"),
    "svyby": ("domains", "`by=`"),
    "svyquantile": ("quantiles", "`survey.quantile`"),
    "svyvar": ("variances and covariances", "`survey.variance`"),
    "svyciprop": ("intervals of shares", "`confidence_interval(method=)`"),
    "svycontrast": ("contrasts", "`Estimates.contrast`, `smooth`"),
    "svyby+svycontrast": ("contrasts of domains", "`Estimates.contrast`"),
    "change": ("change between years", "`contrast` with covariance"),
    "confint": ("intervals", "`confidence_interval`"),
    "cv": ("coefficients of variation", "`se / estimate`"),
    "degf": ("degrees of freedom", "`design.df`"),
    "svytable": ("weighted tables", "`survey.total`"),
    "svyttest": ("t tests", "`survey.t_test`"),
    "svyranktest": ("rank tests", "`survey.rank_test`"),
    "svychisq": ("Rao–Scott tests", "`survey.chisquare`"),
    "svyglm": ("regression", "`survey.glm`"),
    "svyolr": ("cumulative logit", "`survey.ordinal`"),
    "regTermTest": ("Wald tests of terms", "`survey.wald`"),
    "weights": ("calibrated weights", "`survey.calibrate` …"),
    "calibrate": ("calibration", "`survey.calibrate`"),
    "postStratify": ("post-stratification", "`survey.poststratify`"),
    "sampling::calib": ("calibration (R `sampling`)", "`survey.calibrate`"),
    "as.svrepdesign": ("replicate weights", "`survey.as_replicates`"),
    "alpha": ("Cronbach's alpha", "`survey.alpha`"),
    "omega": ("McDonald's omega", "`survey.omega`"),
    "cor": ("correlations", "`survey.correlations`"),
}

STATEMENT = """\
# Accuracy

For data with no more than 10⁶ rows, weights between 10⁻⁶ and 10⁹ and answers coded in small whole
numbers, on IEEE-754 doubles:

1. Counts, n, missing counts: exact.
2. Totals, means, shares, ratios, indices, Taylor variances, design effects, degrees of freedom,
   and Wald, logit and Korn–Graubard intervals agree with R `survey` under the same declared
   design within a relative 1e-9.
3. Iterative fits (regression, raking, factor models) agree within 1e-6 (R's own stopping rule
   limits this); profile likelihoods and minimum residual factors within 1e-4, rotations 1e-3.
4. Contributions add up to the change within 1e-9 on the 0–100 scale; the code refuses otherwise.
5. Results do not depend on the order of rows, on labels, or on whether a file was read in pieces,
   beyond rounding of the last digits.
6. Shown numbers are rounded half-up once, at display, from full precision; stored results never.
7. Where our definition differs from R's, `differs_from_r.md` says so, with the size, the reason
   and an independent computation of the right value.

The reference is R 4.2.2 with survey 4.1-1, psych 2.2.9 and sampling 2.9; inputs, outputs and the
script that made them are in `tests/oracles/`. The table below is written by
`python docs/make_accuracy.py`, from a run of `python tests/oracles/run.py tests/oracles`; each
case is held to the tolerance it states.

"""


def main() -> None:
    """Run every case and write the page."""
    from run import run

    groups = defaultdict(list)
    for outcome in run(ORACLES):
        groups[outcome.fn].append(outcome)
    PAGE.write_text(STATEMENT + table(groups), encoding="utf-8")


def table(groups: dict[str, list]) -> str:
    """Counts and the worst relative error of each function."""
    lines = [
        "| estimator | here | reference | cases | agree | listed | worst relative error |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: |",
    ]
    ordered = sorted(groups, key=lambda fn: (list(NAMES).index(fn) if fn in NAMES else 99, fn))
    for fn in ordered:
        lines.append(row(*NAMES.get(fn, (fn, "")), f"`{fn}`", groups[fn]))
    everything = [outcome for members in groups.values() for outcome in members]
    lines.append(row("**all**", "", "", everything))
    return "\n".join(lines) + "\n"


def row(name: str, here: str, reference: str, members: list) -> str:
    """One line of the table."""
    passed = [m for m in members if m.state == "passed"]
    listed = sum(m.state == "differs, listed" for m in members)
    errors = [m.error for m in passed if m.error < float("inf")]
    worst = f"{max(errors, default=0.0):.0e}"
    return (
        f"| {name} | {here} | {reference} | {len(members)} | {len(passed)} | {listed} | {worst} |"
    )


if __name__ == "__main__":
    main()
