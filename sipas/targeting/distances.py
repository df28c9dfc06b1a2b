"""How far an index is from its target, and what its sampling error lets one say of that."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

import survey
from sipas.desk_words import ShownWithNotes, word, written
from sipas.indices import SatisfactionIndex
from sipas.leaders import LeaderScores
from sipas.numerals import Lang
from sipas.targeting.figures import Figures, read_figures
from sipas.targeting.goals import SIGNS, Targets, figure_for, read_targets
from sipas.targeting.reaching import judged, yearly_change
from sipas.targeting.totals import ParTotal
from survey.errors import SurveyError, first_five
from survey.intervals import check_level


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TargetTable(ShownWithNotes):
    """Targets beside the figures that they are about.

    Parameters
    ----------
    figures : Figures
        The computed figures.
    matched : DataFrame
        Targets with a figure, as read, and ``figure``, the code of the figure.
    unmatched : DataFrame
        Targets without one: ranks, tasks, other surveys.
    level : float
        1 − level is the error that a verdict may have.
    """

    figures: Figures
    matched: pd.DataFrame
    unmatched: pd.DataFrame
    level: float

    def table(self, *, lang: Lang = "en") -> pd.DataFrame:
        """List the targets that have a figure.

        Parameters
        ----------
        lang : {"vi", "en"}
            Language of the labels.

        Returns
        -------
        DataFrame
            Index ``code`` of the target; columns ``label figure sense target by``, the figure
            ``estimate se low high n``, then ``distance`` (estimate less target), ``yearly``
            (change a year that is still needed; 0 where the target is met, missing where no year
            is left or known), ``probability`` (that the index is at the target or beyond),
            ``repeat`` (that another survey of the same size would say so), ``df p p_adjusted`` of
            the one-sided test that it has reached the target, ``verdict``, and the printed
            ``note`` of the target.
        """
        goals, figures = self.matched, self.figures.pick(self.matched["figure"].tolist())
        low, high = figures.limits(self.level)
        made = goals[
            ["label_vi" if lang == "vi" else "label_en", "figure", "sense", "target", "by"]
        ]
        made = made.set_axis(["label", "figure", "sense", "target", "by"], axis=1)
        made.index = pd.Index(goals["code"], name="code")
        for name in ("estimate", "se"):
            made[name] = figures.rows[name].to_numpy()
        made["low"], made["high"], made["n"] = low, high, figures.rows["n"].to_numpy()
        made["distance"] = made["estimate"] - made["target"]
        sign = np.where(made["sense"].str.startswith("<"), -1.0, 1.0)
        made["yearly"] = yearly_change(made, sign, self.figures.year)
        verdicts = judged(made, sign, figures, self.level)
        # side by side, not joined by code: a plan sets targets of one index for several years
        return pd.concat([made, verdicts], axis=1).assign(note=goals["note"].to_numpy())

    def _caption(self, lang: Lang) -> str:
        places = [name for name in self.matched["province"].unique() if name]
        named = ", ".join(places) or word("targets", "own", lang)
        return word("targets", "caption", lang, places=named)

    def _shown(self, lang: Lang) -> pd.DataFrame:
        table = self.table(lang=lang)
        goal = [
            f"{SIGNS[sense]} {value}"
            for sense, value in zip(
                table["sense"],
                written(table[["target"]], {"target": 2}, lang)["target"],
                strict=True,
            )
        ]
        verdict = [word("reaching", name, lang) for name in table["verdict"]]
        made = table.drop(columns=["label", "sense", "n", "note"]).assign(
            target=goal, verdict=verdict
        )
        made["by"] = [str(int(year)) if np.isfinite(year) else "–" for year in made["by"]]
        two = dict.fromkeys(("estimate", "se", "low", "high", "distance", "yearly"), 2)
        three = dict.fromkeys(("probability", "repeat", "p", "p_adjusted"), 3)
        shown = written(made, two | three | {"df": 1}, lang)
        return shown.rename(columns=lambda name: word("targets_columns", name, lang))

    def _notes(self, lang: Lang) -> tuple[str, ...]:
        notes = [word("targets", name, lang) for name in ("probability", "repeat", "test")]
        if np.isinf(self.figures.rows["df"]).any():
            notes.append(word("targets", "normal", lang))
        if "services" in self.matched["figure"].tolist():
            notes.append(word("points", "services", lang))
        if len(self.unmatched):
            codes = ", ".join(self.unmatched["code"])
            notes.append(word("targets", "unmatched", lang, codes=codes))
        return tuple(notes)


def targets(
    index: SatisfactionIndex | LeaderScores | survey.Estimates | ParTotal | float,
    *,
    targets: Targets,
    se: float | None = None,
    df: float | None = None,
    year: int | None = None,
    level: float = 0.95,
) -> TargetTable:
    r"""Set an index beside its targets.

    Parameters
    ----------
    index : SatisfactionIndex, LeaderScores, Estimates, ParTotal or float
        A result, or a number in per cent.
    targets : str, float, mapping or DataFrame
        Name of a published table (``"binhdinh_targets"``, ``"vinhlong_sipas"``,
        ``"hue_targets"``); a number for the whole; numbers by code; or a table with columns
        ``code``, ``target`` (such as ``>=90``; ``=`` counts as at least) and, as published,
        ``year label_vi label_en``.
    se, df : float, optional
        Standard error and degrees of freedom of a number; normal where ``df`` is not given.
    year : int, optional
        Year of the figures; the instrument's where there is one.
    level : float
        Confidence of the intervals; a verdict may err with 1 − level.

    Returns
    -------
    TargetTable
        ``table()`` of the targets that are about a figure, ``unmatched`` for the others.

    Raises
    ------
    SurveyError
        For a table without targets, or without one for these figures.

    Notes
    -----
    On the logit scale of 0 to 100 (plain for the PAR INDEX), with
    :math:`t = \{g(\hat I) - g(c)\} / \{g'(\hat I)\, se\}` and :math:`F_d` Student's distribution,

    .. math:: \Pr(I \ge c) = F_d(t), \qquad p = 1 - F_d(t), \qquad
              \text{repeat} = F_d(t / \sqrt 2).

    The first is a probability of the true index of the population that the survey speaks of,
    given a flat prior and the survey's own sampling error; it is not one of a coming year. The
    p-value is that of the design-based test of “the index is short of the target”; *reached* and
    *missed* are each decided by Holm's adjustment over the rows. Where there is no sampling error
    the estimate decides and p is missing.

    Examples
    --------
    >>> made = targets(79.56, se=2.4, df=6, targets=90, year=2022)
    >>> made.table()[["target", "estimate", "distance", "probability", "verdict"]].round(4)
           target  estimate  distance  probability verdict
    code
    sipas    90.0     79.56    -10.44       0.0006  missed
    """
    if isinstance(index, ParTotal):
        figures = index.figures()
    else:
        figures = read_figures(index, se, df, "targets")
    if year is not None:
        figures = replace(figures, year=year)
    goals = read_targets(targets, figures.main)
    found = [figure_for(code, figures.rows.index) for code in goals["code"]]
    matched = goals.assign(figure=pd.Series(found, index=goals.index, dtype="object"))
    known = matched["figure"].notna()
    if not known.any():
        raise SurveyError(
            f"targets: none is about these figures; they are about {first_five(goals['code'])}.",
            mend=f"Figures: {first_five(figures.rows.index)}.",
        )
    return TargetTable(figures, matched[known], matched[~known], check_level(level))
