"""The points of two leader surveys whose questionnaires differ, from answers or from print."""

from __future__ import annotations

import numpy as np
import pandas as pd

import survey
from sipas.changes import AFTER, BEFORE, mind_order
from sipas.instrument import Instrument
from sipas.instrument_effects.account import account, laid_out
from sipas.instrument_effects.printed_tables import contradictions, read_printed
from sipas.instrument_effects.results import InstrumentEffect
from sipas.leader_weights import LeaderWeights
from sipas.leaders import LeaderScores, leader_scores
from sipas.linking import linked
from sipas.responses import Answers
from survey.errors import SurveyError, first_five

Source = Answers | LeaderScores | pd.DataFrame


def instrument_effect(
    before: Source, after: Source, *, group_weights: LeaderWeights | None = None
) -> InstrumentEffect:
    r"""Split a change of points into change of rates and change of the questionnaire.

    Parameters
    ----------
    before, after : Answers, LeaderScores or DataFrame
        Two years of the leader survey: clean answers, scores, or printed tables with columns
        ``code max_points points`` (and, where there are, ``level``, ``dimension``,
        ``rate_pct``, ``label_vi``, ``label_en``), such as the rows of one year of
        ``sipas.datasets.load_published("hue_leader_items")``.
    group_weights : mapping, DataFrame or preset
        As in `sipas.leader_scores`; required with answers, and only there.

    Returns
    -------
    InstrumentEffect
        ``.parts()``, ``.table()``, ``.total``, ``.common_rate_change``; standard errors from
        answers or scores, none from print.

    Raises
    ------
    SurveyError
        Household answers, two kinds of source, weights missing or given twice, years without a
        common item, a printed table that cannot be read.

    Warns
    -----
    SurveyWarning
        The answers of the later year were passed first.

    Notes
    -----
    Common items (same code, scale and direction): :math:`\bar M_j \Delta r_j + \bar r_j \Delta
    M_j`; items of one year only come or go with all their points. The parts sum to the change
    exactly: see `sipas.instrument_effects.points_parts`. Maxima and group weights are fixed
    numbers, so standard errors are those of linear combinations of rates, with the covariance of
    the years. In printed tables a rate is points over maximum; rates and totals printed beside
    them that disagree by more than rounding are named in the notes.

    Examples
    --------
    >>> import sipas
    >>> printed = sipas.datasets.load_published("hue_leader_items")
    >>> split = instrument_effect(*(printed[printed["year"] == year] for year in (2021, 2022)))
    >>> split.parts()["estimate"].round(4).to_dict()
    {'rate': 0.3149, 'maxima': -1.9739, 'added': 4.0851, 'dropped': -3.29, 'change': -0.8639}
    >>> round(split.common_rate_change, 2)
    1.46
    """
    if isinstance(before, pd.DataFrame) and isinstance(after, pd.DataFrame):
        if group_weights is not None:
            raise _weights_twice("printed tables")
        return _from_print(before, after)
    years = [_scores(year, group_weights) for year in (before, after)]
    mind_order(years[0].answers, years[1].answers, "instrument_effect")
    return _from_scores(years[0], years[1])


def _weights_twice(what: str) -> SurveyError:
    """Refuse weights for what already has them."""
    return SurveyError(
        f"instrument_effect(group_weights=): {what} are weighted already.",
        mend="Leave group_weights out, or pass the cleaned answers.",
    )


def _scores(year: Source, group_weights: LeaderWeights | None) -> LeaderScores:
    """Scores of one year, computed or given."""
    if isinstance(year, LeaderScores):
        if group_weights is not None:
            raise _weights_twice("leader scores")
        return year
    if not isinstance(year, Answers):
        raise SurveyError(
            f"instrument_effect: got a {type(year).__name__} for a year.",
            mend="Pass answers, leader scores, or printed tables; the same for both years.",
        )
    if year.instrument.kind != "leaders":
        raise SurveyError(
            f"instrument_effect: {year.instrument.id} is a survey of {year.instrument.kind}, and "
            "only leader surveys have maximum points.",
            mend='For households use sipas.compare(before, after, link="items").',
        )
    if group_weights is None:
        raise SurveyError(
            "instrument_effect: leader answers need group_weights.",
            mend="Give a mapping such as {'so': 40, …}, or 'equal', 'respondents', 'population'.",
        )
    return leader_scores(year, group_weights=group_weights)


def _from_print(before: pd.DataFrame, after: pd.DataFrame) -> InstrumentEffect:
    """Split the change between two printed tables."""
    old, new = read_printed(before, BEFORE), read_printed(after, AFTER)
    labels = {
        str(code): {"vi": str(row["vi"]), "en": str(row["en"])}
        for table in (old, new)
        for code, row in table.iterrows()
    }
    labels |= _headings(before) | _headings(after)
    notes = [*contradictions(before, "earlier"), *contradictions(after, "later")]
    return account(
        laid_out(old, new), None, labels, (_year(before, BEFORE), _year(after, AFTER)), notes
    )


def _year(table: pd.DataFrame, otherwise: str) -> str:
    """Name a printed table by its year, where it says one."""
    years = set(table["year"]) if "year" in table else set()
    return f"{years.pop():g}" if len(years) == 1 else otherwise


def _headings(table: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Wording of the domains of a printed table."""
    if "level" not in table or "label_vi" not in table or "label_en" not in table:
        return {}
    rows = table[table["level"] == "domain"]
    wording = zip(rows["code"], rows["label_vi"], rows["label_en"], strict=True)
    return {str(code): {"vi": str(vi), "en": str(en)} for code, vi, en in wording}


def _from_scores(before: LeaderScores, after: LeaderScores) -> InstrumentEffect:
    """Split the change between two years of answers."""
    old, new = before.answers.instrument, after.answers.instrument
    _refuse_other_questions(before.answers, after.answers)
    items = laid_out(_asked(before), _asked(after))
    stacked = survey.stack(before.estimates, after.estimates, keys=[BEFORE, AFTER])
    notes = [*stacked.notes, *_moved_weights(before, after)]
    return account(items, stacked, _wording(old) | _wording(new), (old.id, new.id), notes)


def _asked(scores: LeaderScores) -> pd.DataFrame:
    """Maximum, rate and dimension of each item of one year."""
    items = scores.answers.instrument.index_items
    codes = pd.Index([item.code for item in items], name="code")
    return pd.DataFrame(
        {
            "max": [float(item.max_points or 0.0) for item in items],
            "rate": scores.estimates.estimate[codes].to_numpy() / 100.0,
            "dimension": [item.dimension for item in items],
        },
        index=codes,
    )


def _wording(instrument: Instrument) -> dict[str, dict[str, str]]:
    """Wording of the items and dimensions of a questionnaire."""
    codes = [item.code for item in instrument.index_items]
    codes += [part.code for part in instrument.dimensions]
    return {
        code: {"vi": instrument.label(code, "vi"), "en": instrument.label(code, "en")}
        for code in codes
    }


def _refuse_other_questions(before: Answers, after: Answers) -> None:
    """Refuse a code that stands for another question in the later year."""
    first, _ = linked(before, after, "items")
    common = {item.code for item in first.instrument.index_items}
    codes = [{item.code for item in year.instrument.index_items} for year in (before, after)]
    other = sorted((codes[0] & codes[1]) - common)
    if other:
        raise SurveyError(
            f"instrument_effect: {first_five(other)} are worded in reverse in one of the years.",
            mend="Give the later question a code of its own.",
        )


def _moved_weights(before: LeaderScores, after: LeaderScores) -> list[str]:
    """Say when the weights of the groups moved, which the rate part then holds."""
    both = before.weights.columns.intersection(after.weights.columns)
    old, new = before.weights[both], after.weights[both]
    same = old.index.equals(new.index) and np.allclose(old, new)
    told = (
        "The group weights differ between the years; the rate part includes that: see mix_effect."
    )
    return [] if same else [told]
