"""Which shares are precise enough to print, by the standards of a statistical office.

The rules are those of the National Center for Health Statistics for proportions: Parker et al.
(2017), *Vital and Health Statistics* 2 (175), as corrected in 2021. They judge precision only;
whether a figure would give somebody away is another question.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.errors import SurveyError
from survey.estimates import Estimates
from survey.intervals import check_level
from survey.intervals.share_limits import END, beta_limits, effective_size, korn_graubard_size
from survey.scores import Bools, Floats

Words = npt.NDArray[np.str_]

#: Fewest effective answers; widths that always and that never pass; widest width over the share;
#: fewest degrees of freedom that need no review.
FEWEST, NARROW, WIDE, RELATIVE, FEW_DF = 30.0, 0.05, 0.30, 1.30, 8.0


def presentation(estimates: Estimates, level: float = 0.95) -> pd.DataFrame:
    r"""Say of each share whether it is precise enough to be printed.

    Parameters
    ----------
    estimates : Estimates
        Shares of answers to single questions, from `survey.proportion`.
    level : float
        Confidence of the interval whose width counts.

    Returns
    -------
    DataFrame
        ``effective_n``, ``width`` and ``relative_width`` of the Korn–Graubard interval, ``df``;
        ``decision`` (``"present"``, ``"review"`` or ``"suppress"``), ``reason``, and whether the
        ``complement`` could be printed as well (false, with a footnote, where the width is over
        130 % of it).

    Raises
    ------
    SurveyError
        For estimates that are no shares, or a level outside (0, 1).

    Notes
    -----
    In turn: fewer than 30 effective answers, suppress; width up to 0.05, present; width of 0.30
    or more, or over 130 % of the share, suppress; otherwise present. What is presented is
    reviewed by a statistician with fewer than 8 degrees of freedom, or at 0 and 100 %, where
    the width counts as 0 and all answers as effective. The interval is that of ``"beta"`` with
    no more effective answers than there are answers.

    Examples
    --------
    >>> import pandas as pd, survey
    >>> frame = pd.DataFrame({"psu": [k // 10 for k in range(90)], "y": [1, 1, 0] * 30})
    >>> shares = survey.proportion(survey.Design(frame, psu="psu"), "y", event=(1,))
    >>> presentation(shares)[["effective_n", "width", "df", "decision"]].round(3)
       effective_n  width   df decision
    y         90.0  0.203  8.0  present
    """
    check_level(level)
    if not estimates.single_share:
        raise SurveyError(
            f"presentation: {estimates.what} is no share of the answers to one question.",
            mend="The standards are for proportions; pass a result of survey.proportion.",
        )
    share, se, df = estimates.point, estimates.se.to_numpy(), estimates.df.to_numpy()
    n, at_end = estimates.counts.valid, (estimates.point < END) | (estimates.point > 1.0 - END)
    effective = np.where(at_end, n, np.minimum(effective_size(share, se), n))
    rows = n + estimates.counts.missing
    size = np.minimum(korn_graubard_size(share, se, df, rows, level), n)
    low, high = beta_limits(np.where(at_end, np.nan, share), size, level)
    width = np.where(at_end, 0.0, high - low)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative, other = width / share, width / (1.0 - share)
    decision, reason = _decided(effective, width, relative, df, at_end)
    return pd.DataFrame(
        {
            "effective_n": effective,
            "width": width,
            "relative_width": np.where(at_end, 0.0, relative),
            "df": df,
            "decision": decision,
            "reason": reason,
            "complement": (decision != "suppress") & ~(other > RELATIVE),
        },
        index=estimates.labels,
    )


def _decided(
    effective: Floats, width: Floats, relative: Floats, df: Floats, at_end: Bools
) -> tuple[Words, Words]:
    """Apply the rules in turn: the first that holds decides."""
    rules = [
        (~np.isfinite(width), "suppress", "no interval"),
        (effective < FEWEST, "suppress", "fewer than 30 effective answers"),
        ((width >= WIDE), "suppress", "interval of 30 points or more"),
        ((width > NARROW) & (relative > RELATIVE), "suppress", "interval over 130 % of the share"),
        (df < FEW_DF, "review", "fewer than 8 degrees of freedom"),
        (at_end, "review", "0 or 100 %"),
    ]
    held = [rule for rule, _, _ in rules]
    decision = np.select(held, [word for _, word, _ in rules], "present")
    return decision, np.select(held, [reason for _, _, reason in rules], "")
