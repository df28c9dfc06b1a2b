"""Numbers of the answer chart: shares of each level by the design, forms without an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

import survey
from sipas.indices import Rules, SatisfactionIndex, statement_rates
from sipas.instrument import Instrument
from sipas.leaders import LeaderScores
from sipas.numerals import Lang
from sipas.responses import REASONS, Answers
from survey.errors import SurveyError, did_you_mean

Answered = SatisfactionIndex | LeaderScores | Answers


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Where the bars come from."""

    answers: Answers
    design: survey.Design
    rules: Rules


def answer_table(shown: Shown, codes: Sequence[str] | None, lang: Lang) -> pd.DataFrame:
    """Shares of each level and counts of no answer, one row a statement."""
    instrument, design = shown.answers.instrument, shown.design
    known = [item.code for item in instrument.index_items]
    wanted = known if codes is None else list(codes)
    for code in wanted:
        if code not in known:
            raise SurveyError(f"answers: no statement {code!r}.", mend=did_you_mean(code, known))
    shares = survey.proportion(design, known, missing=shown.rules.missing).table()["estimate"]
    if shares.index.nlevels == 1:
        shares.index = pd.MultiIndex.from_product([known, shares.index])
    levels = shares.unstack(fill_value=0).reindex(wanted)  # noqa: PD010
    levels = levels.reindex(columns=[float(k) for k in instrument.scale.levels], fill_value=0.0)
    made = _turned(levels.set_axis(list(instrument.scale.levels), axis="columns"), instrument)
    rates = statement_rates(shown.answers, Rules())
    rated = survey.mean(design, rates, missing=shown.rules.missing).table()
    inside = shown.answers.reasons.index.isin(design.data.index[design.inside])
    counted = replace(shown.answers, reasons=shown.answers.reasons.loc[inside]).item_counts()
    made = (100.0 * made).assign(satisfied=rated["estimate"], n=rated["n"])
    made = made.join(counted[list(REASONS)])
    made.insert(0, "label", [instrument.label(code, lang) for code in wanted])
    return made.rename_axis(index="code", columns=None)


def _turned(levels: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """Read items worded in reverse from the other end of the scale, as the indices do."""
    made = levels.copy()
    for item in instrument.index_items:
        if item.reverse and item.code in made.index:
            made.loc[item.code] = levels.loc[item.code].to_numpy()[::-1]
    return made


def asked(given: Answered) -> Shown:
    """Find answers, design and rules."""
    if isinstance(given, Answers):
        return Shown(given, given.design(), Rules())
    if isinstance(given, LeaderScores):
        return Shown(given.answers, given.design, Rules())
    if not isinstance(given, SatisfactionIndex):
        raise SurveyError(
            f"charts.answers: got {type(given).__name__}.",
            mend="Pass what sipas.clean, sipas.satisfaction or sipas.leader_scores gives.",
        )
    if given.by:
        raise SurveyError(
            f"charts.answers: this index is by {' × '.join(given.by)}.",
            mend="Compute it without by=, or of one domain: design=answers.design().domain(…).",
        )
    return Shown(given.answers, given.design, given.rules)
