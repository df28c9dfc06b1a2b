"""From the raw sheet to clean answers, with a log of everything that was done on the way.

Rows in are rows used plus rows set aside in the log; a code means no answer only if the
instrument says so; and all problems of a sheet come in one error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import get_args

import pandas as pd

from sipas.instrument import Instrument
from sipas.numerals import Lang
from sipas.responses import populations
from sipas.responses.cleaning import Ledger
from sipas.responses.populations import Inference, Response, Unit
from sipas.responses.sheet_columns import named_by_role
from sipas.responses.sheet_rows import (
    Duplicates,
    checked_columns,
    one_row_an_id,
    one_spelling_a_place,
    read_items,
    set_aside,
    tidied,
    without_blank_rows,
)
from survey.design import Design
from survey.errors import SurveyError, require_option
from survey.scores import LonelyRule

REASONS = ("blank", "dont_know", "refused", "not_applicable")
_MOST_PROBLEMS = 40


@dataclass(frozen=True, slots=True, repr=False)
class Answers:
    """Clean answers, and how they came about.

    Attributes
    ----------
    data : DataFrame
        One row a form used, indexed by its row in the sheet; items are floats, NaN where there
        is no answer; id, places and group are text under their role names.
    log : DataFrame
        Columns what, column, row, count, detail: one line a change, and one a row set aside.
    instrument : Instrument
        What was asked.
    response : Response
        Forms sent, returned and used.
    reasons : DataFrame
        As ``data``, item columns only: why there is no answer, ``""`` where there is one.
    """

    data: pd.DataFrame
    log: pd.DataFrame
    instrument: Instrument
    response: Response
    reasons: pd.DataFrame

    def item_counts(self) -> pd.DataFrame:
        """Count answers and kinds of no answer for each item.

        Returns
        -------
        DataFrame
            Index item code; columns asked, answered, blank, dont_know, refused,
            not_applicable, where asked is the sum of the others.
        """
        counts = pd.DataFrame({"answered": (self.reasons == "").sum()})
        for reason in REASONS:
            counts[reason] = (self.reasons == reason).sum()
        counts.insert(0, "asked", len(self.reasons))
        assert counts["asked"].eq(counts.drop(columns="asked").sum(axis="columns")).all()
        return counts.rename_axis("item")

    def design(
        self,
        inference: Inference = "sampled districts",
        *,
        psu: Unit = "commune",
        capital: str | Mapping[str, str] | None = None,
        superpopulation: bool = False,
        lonely_psu: LonelyRule = "fail",
    ) -> Design:
        """Give the sampling design under which these answers speak of a population.

        Parameters
        ----------
        inference : {"sampled districts", "province", "nation"}
            What household answers are to speak of. Districts as strata speak of the sampled
            districts only; for the province, the capital district is in the sample with
            certainty and the other districts are first-stage units of one stratum; for the
            nation, that in every province. Leader answers have one population, and keep the
            default.
        psu : {"commune", "village"}
            Unit drawn within districts. Villages drawn within communes are not independent:
            tests of 5 % then reject about 10 %.
        capital : str or mapping of str to str, optional
            The capital district; for the nation, that of each province.
        superpopulation : bool
            For leaders: no finite population correction, even where the forms sent are known.
        lonely_psu : {"fail", "remove", "certainty", "adjust", "average"}
            What a stratum of one unit contributes, as in `survey.Design`.

        Returns
        -------
        Design
            With ``population_label`` set. Weights are the column ``weight`` if there is one.

        Raises
        ------
        SurveyError
            If a column or the capital is lacking or unknown.
        """
        plan = populations.plan(
            self.data,
            self.instrument,
            self.response,
            inference=inference,
            psu=psu,
            capital=capital,
            superpopulation=superpopulation,
        )
        return Design(
            populations.labelled(plan),
            weights="weight" if "weight" in plan.data else None,
            strata=plan.strata,
            psu=plan.psu,
            fpc=plan.fpc,
            nest=plan.nest,
            certainty=plan.certainty,
            lonely_psu=lonely_psu,
            population_label=plan.label.en,
        )

    def population_text(
        self,
        inference: Inference = "sampled districts",
        lang: Lang = "vi",
        *,
        capital: str | Mapping[str, str] | None = None,
        superpopulation: bool = False,
    ) -> str:
        """Say of whom the answers speak, as `design` with the same arguments does."""
        plan = populations.plan(
            self.data,
            self.instrument,
            self.response,
            inference=inference,
            psu="commune",
            capital=capital,
            superpopulation=superpopulation,
        )
        return plan.label[lang]

    def __repr__(self) -> str:
        aside = int(self.log["what"].eq("set aside").sum())
        sent = "" if self.response.sent is None else f" of {self.response.sent} sent"
        return (
            f"Answers to {self.instrument.id}: {len(self.data)} forms used{sent}, "
            f"{aside} rows set aside, {len(self.reasons.columns)} items, {len(self.log)} log lines"
        )

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>{self.item_counts().to_html(escape=True)}"


def clean(
    raw: pd.DataFrame,
    instrument: Instrument | str | Path,
    *,
    sent: int | Mapping[str, int] | None = None,
    duplicates: Duplicates = "refuse",
    **columns: str,
) -> Answers:
    """Clean a raw sheet by its instrument.

    Parameters
    ----------
    raw : DataFrame
        The sheet as it is, such as from `sipas.read`. It is not changed.
    instrument : Instrument, str or Path
        The instrument, its id, or the path of its file.
    sent : int or mapping of str to int, optional
        Forms sent out; by group code (leaders) or district (households) if a mapping.
    duplicates : {"refuse", "first", "last", "keep"}
        What to do with rows of one id: refuse the sheet, use the first or the last and set the
        others aside, or keep them all.
    **columns : str
        ``role="their column"`` where the sheet's name is not the instrument's. Roles are id,
        year, province, district, commune, village, weight, group, and the item codes.

    Returns
    -------
    Answers
        The rows used, the log, the response and the reasons of no answer.

    Raises
    ------
    SurveyError
        Once, with every problem of the sheet: values neither on the scale nor declared missing,
        an id used twice, blank places, weights that are not positive, unknown groups. At once,
        if ``raw`` is a path or anything else but a frame.

    Notes
    -----
    Rows in = rows used + rows with ``what == "set aside"`` in the log. Reversed items are left
    as answered; the indices turn them. Spellings of a place within the same larger place that
    differ only in case or spaces become the commonest of them, on record in the log.

    Examples
    --------
    >>> from sipas.datasets import load_hue_households
    >>> clean(load_hue_households(2022), "sipas-2022", sent=486)
    Answers to sipas-2022: 486 forms used of 486 sent, 0 rows set aside, 27 items, ...
    """
    if not isinstance(raw, pd.DataFrame):
        raise SurveyError(
            f"clean: got {type(raw).__name__} {str(raw)[:80]!r}, not the sheet itself.",
            mend="Pass sipas.read(path).",
        )
    require_option(duplicates, get_args(Duplicates), where="duplicates")
    if not isinstance(instrument, Instrument):
        instrument = Instrument.load(instrument)
    ledger = Ledger()
    frame = named_by_role(raw, instrument, columns, ledger)
    frame = without_blank_rows(frame, ledger)
    frame = tidied(frame, instrument, ledger)
    frame = one_row_an_id(frame, duplicates, ledger)
    frame = one_spelling_a_place(frame, ledger)
    frame = checked_columns(frame, instrument, ledger)
    values, reasons = read_items(frame, instrument, ledger)
    _refuse(ledger)
    empty = reasons.isin(["blank", "not_applicable"]).all(axis="columns")
    set_aside(frame.index[empty], "no item answered", ledger)
    data = frame.assign(**{str(code): column for code, column in values.items()}).loc[~empty]
    log = ledger.table()
    assert len(raw) == len(data) + log["what"].eq("set aside").sum()
    if data.empty:
        raise SurveyError("No row of the sheet has an answer.", mend="Check the sheet.")
    response = populations.response(frame, data, instrument, sent)
    return Answers(data, log, instrument, response, reasons.loc[~empty])


def _refuse(ledger: Ledger) -> None:
    """Raise one error with every problem found."""
    problems = ledger.problems
    if problems:
        listed = "".join(f"\n  - {problem}" for problem in problems[:_MOST_PROBLEMS])
        more = len(problems) - _MOST_PROBLEMS
        rest = f"\n  - and {more} more" if more > 0 else ""
        raise SurveyError(f"The sheet has {len(problems)} problem(s):{listed}{rest}")
