"""What importance starts from: a question of its own as outcome, scores as predictors, replicates.

An index that is put together from the predictors is refused as outcome: its importances would
only repeat how it was put together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

import survey
from sipas.composites import Scheme, check_design, index_code, oriented, satisfaction_scheme
from sipas.instrument import Instrument
from sipas.key_drivers.words import worded
from sipas.responses import Answers
from sipas.sentences import Text
from survey.errors import SurveyError, did_you_mean, first_five, require_option
from survey.replication import MadeReplicates
from survey.rows import complete_rows
from survey.scores import Bools, Floats

By = Literal["dimension", "statement"]
Replicates = Literal["JKn", "bootstrap"]


@dataclass(frozen=True, slots=True, eq=False)
class Predictors:
    """Outcome, predictors and replicates, ready for `survey.lmg` and `survey.owen`.

    Parameters
    ----------
    answers : Answers
        Whose.
    outcome : str
        Column of the outcome.
    codes : tuple of str
        Dimensions or statements.
    groups : dict of str to list of str
        Statements of each dimension.
    scheme : Scheme
        Rows of the index.
    design : ReplicateDesign
        With the scores as columns named by code.
    drawn : Text
        How the replicates were made.
    """

    answers: Answers
    outcome: str
    codes: tuple[str, ...]
    groups: dict[str, list[str]]
    scheme: Scheme
    design: survey.ReplicateDesign
    drawn: Text


def read_predictors(
    answers: Answers,
    outcome: str,
    by: By,
    *,
    of: str | None,
    design: survey.Design | None,
    replicates: Replicates,
    n: int | None,
    seed: int,
    where: str,
) -> Predictors:
    """Check what was asked, and put scores and replicates side by side."""
    if not isinstance(answers, Answers):
        raise SurveyError(
            f"{where}: got a {type(answers).__name__}.",
            mend="Clean the sheet first: sipas.clean(sheet, instrument).",
        )
    require_option(by, get_args(By), where=f"{where}(by=)")
    require_option(replicates, get_args(Replicates), where=f"{where}(replicates=)")
    scheme = satisfaction_scheme(answers.instrument, aggregate="dimensions", policy_weight=None)
    _check_outcome(answers.instrument, outcome, scheme, where)
    groups = _groups(answers.instrument, scheme, of, where)
    _refuse_unanswered(answers, groups, where)
    sampled = answers.design() if design is None else design
    check_design(answers, sampled, where)
    drawn = replicates == "bootstrap"
    made = survey.as_replicates(sampled, replicates, n=n, seed=seed if drawn else None)
    scores = dimension_scores(answers, groups) if by == "dimension" else oriented(answers)
    codes = (
        list(groups) if by == "dimension" else [code for own in groups.values() for code in own]
    )
    return Predictors(
        answers,
        outcome,
        tuple(codes),
        groups,
        scheme,
        _with_columns(made, scores),
        _said(made),
    )


def dimension_scores(answers: Answers, groups: dict[str, list[str]]) -> pd.DataFrame:
    """Mean of the statements of each dimension that a respondent answered, shape (n, D)."""
    given = oriented(answers)
    return pd.DataFrame({code: given[own].mean(axis=1) for code, own in groups.items()})


def replicate_rates(
    design: survey.ReplicateDesign, rates: pd.DataFrame, matrix: Floats, *, listwise: bool
) -> tuple[Floats, Floats]:
    """Composite of weighted mean rates under full weights, (K,), and in every replicate, (R, K).

    Parameters
    ----------
    design : ReplicateDesign
        The sample.
    rates : DataFrame
        Score of each answer, (n, J), missing without one.
    matrix : (K, J) float
        How the rates are put together.
    listwise : bool
        Leave out rows that did not answer everything.
    """
    valid: Bools = rates.notna().to_numpy()
    if listwise:
        valid = complete_rows(valid)
    both = np.hstack([np.where(valid, rates.to_numpy(np.float64), 0.0), valid])
    sums = np.vstack([design.weight @ both, design.row_weights().T @ both])
    with np.errstate(divide="ignore", invalid="ignore"):
        means = sums[:, : valid.shape[1]] / sums[:, valid.shape[1] :]
    made = means @ matrix.T
    return made[0], made[1:]


def _check_outcome(instrument: Instrument, outcome: str, scheme: Scheme, where: str) -> None:
    """Refuse an outcome that is not a question of its own."""
    own = [item.code for item in instrument.items if item.role == "overall"]
    if outcome in own:
        return
    if outcome in scheme.codes:
        raise SurveyError(
            f"{where}(outcome={outcome!r}): it belongs to the index, so importances for it would "
            "only repeat how the index is put together.",
            mend="Use a question on satisfaction as a whole, asked on its own"
            + (
                f": outcome={own[0]!r}."
                if own
                else '; the instrument has none (role = "overall").'
            ),
        )
    raise SurveyError(
        f"{where}(outcome={outcome!r}): {instrument.id} has no such question of its own.",
        mend=did_you_mean(outcome, own)
        if own
        else 'Give the question role = "overall" in the instrument\'s file.',
    )


def _groups(
    instrument: Instrument, scheme: Scheme, of: str | None, where: str
) -> dict[str, list[str]]:
    """Statements of each dimension that enters the index ``of``; of every dimension without."""
    whole = np.ones(len(scheme.items))
    involved = whole if of is None else scheme.row(index_code(scheme, of, f"{where}(of=)"))
    used = {code for code, weight in zip(scheme.items, involved, strict=True) if weight}
    groups = {
        part.code: [item.code for item in instrument.items_of(part.code) if item.code in used]
        for part in instrument.dimensions
    }
    groups = {code: own for code, own in groups.items() if own}
    if len(groups) < 2:
        raise SurveyError(
            f"{where}(of={of!r}): {first_five(groups)} is all there is to compare.",
            mend="Choose an index of two dimensions or more, or leave of= out.",
        )
    return groups


def _refuse_unanswered(answers: Answers, groups: dict[str, list[str]], where: str) -> None:
    """Refuse statements that nobody answered, which a dimension's score would pass over."""
    asked = [code for own in groups.values() for code in own]
    blank = oriented(answers)[asked].isna().all()
    if blank.any():
        raise SurveyError(
            f"{where}: nobody answered {first_five(blank.index[blank])}.",
            mend="Check the column and its missing codes, or use an instrument without it.",
        )


def _with_columns(made: MadeReplicates, scores: pd.DataFrame) -> survey.ReplicateDesign:
    """Give the same replicates of the sheet with scores as columns."""
    inside = np.where(made.weight != 0, made.base, 0.0)
    by_unit = np.array_equal(inside, made.weight)  # else the replicates have weights of their own
    return survey.ReplicateDesign(
        made.data.assign(**{str(code): scores[code] for code in scores}),
        weights=made.weight,
        replicate_weights=made.factors if by_unit else made.row_weights(),
        rscales=made.constants,
        mse=made.mse,
        degrees=made.df,
        population_label=made.population_label,
    )


def _said(made: MadeReplicates) -> Text:
    """Say how the replicates were made."""
    n = len(made.constants)
    if made.method == "JKn":
        return worded("note", "jackknife", n=n)
    return worded("note", "bootstrap", n=n, seed=made.seed, distinct=made.distinct)
