"""The audit of printed tables: read, join by identities, judge, report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sipas.auditing.attained import check_attainable
from sipas.auditing.bounds import check_bounds
from sipas.auditing.figures import figures as figures_of
from sipas.auditing.findings import Checked, merged
from sipas.auditing.from_questionnaire import questionnaire_identities
from sipas.auditing.judging import judge
from sipas.auditing.matching import relations
from sipas.auditing.printed_tables import PrintedTable, printed_table
from sipas.auditing.quotes import (
    check_marks,
    check_quotations,
    field_size,
    texts,
    with_quoted_changes,
)
from sipas.auditing.relations import read_identities, shipped_identities
from sipas.auditing.reporting import AuditReport
from sipas.auditing.said_in_text import check_sentences
from sipas.auditing.unprinted import with_unprinted
from sipas.formats import read
from sipas.instrument import Instrument
from survey.errors import SurveyError


def audit(
    *tables: pd.DataFrame | Path | str,
    identities: Path | str | Sequence[Mapping[str, Any]] | None = None,
    instrument: Instrument | str | None = None,
    ranked: int | None = None,
) -> AuditReport:
    r"""Check whether printed tables agree with themselves and with each other.

    Parameters
    ----------
    *tables : DataFrame or path
        Tidy published tables, one row an entity and year, with ``code`` and any of ``points,
        max_points, rate_pct, rank, n, target``; ``province, year, table, level, label_vi,
        printed`` (the quotation), ``rank_ties`` and ``fact`` are used where they are. Tables given
        together are also held against each other. Vietnamese headings (as ``quantities.toml``
        lists them) do as well. Read from a file, every figure is taken with
        the decimals it is printed with; in a DataFrame of numbers ending zeros are lost.
    identities : path or sequence of mapping, optional
        Relations of your own beside the library's, as ``[[identity]]`` tables of a TOML file or
        as mappings; the forms are explained at the top of ``identities.toml``.
    instrument : Instrument or str, optional
        A questionnaire whose dimensions are made of its items, by its codes.
    ranked : int, optional
        How many places are ranked; read from quotations such as ``13/63 tỉnh`` by default.

    Returns
    -------
    AuditReport
        ``.findings`` and ``.checked`` as data; shows as a table; ``.table(lang=)``,
        ``.text(lang=)`` in words.

    Raises
    ------
    SurveyError
        If no table holds a figure that could be checked, or an identity says too little; for what
        is neither a table nor a path, and two columns of one name.

    Notes
    -----
    A printed 79.16 stands for the interval from 79.155 to 79.165, and a relation agrees when
    values within the intervals of its figures satisfy it; rounding is so never called an error.
    A maximum, a count and a rank stand for themselves. Then what is known more exactly is carried
    up: a rate of points whose items are printed with four decimals must agree with those.

    Of the figures in a relation that fails the one is named whose repair mends most relations and
    breaks fewest; where nothing decides, the derived figure is named and the others are
    ``suspects``. A disagreement that follows from rounding is of kind *rounding* or *truncation*.

    Examples
    --------
    >>> table = pd.DataFrame({"code": ["a", "b"], "year": ["2022", "2022"],
    ...     "max_points": ["1.5", "1"], "points": ["1.13", "0.6696"],
    ...     "rate_pct": ["75.33", "66.69"]})
    >>> report = audit(table)
    >>> report.findings[["code", "measure", "printed", "low", "high", "slip"]]
      code   measure printed     low    high               slip
    0    b  rate_pct   66.69  66.955  66.965  digits transposed
    >>> report.checked.query("identity == 'rate'")[["checked", "agreed", "failed"]].values.tolist()
    [[2, 1, 1]]
    """
    if not tables:
        raise SurveyError("audit: no table given.", mend="Pass DataFrames or paths of tables.")
    if ranked is not None and not (isinstance(ranked, int) and ranked > 0):
        raise SurveyError(f"ranked: got {ranked!r}.", mend="Give how many places are ranked.")
    own = read_identities(identities)
    declared = (*shipped_identities(), *own, *_of_instrument(instrument))
    given = _named(tables)
    parts = _checked(given, declared, ranked)
    counts = [one for _, each in parts for one in each]
    if not counts:
        raise SurveyError(
            f"audit: nothing to check in {len(given)} table(s).",
            mend="Tables need a column 'code' and one of points, max_points, rate_pct, rank, n.",
        )
    busy, tried = {one.table for one in counts}, {one.identity for one in counts}
    return AuditReport(
        found=tuple(merged((one for each, _ in parts for one in each), tuple(given))),
        counts=tuple(counts),
        named={one["name"]: one for one in (*declared, *texts()["sentence"])},
        tables=tuple(given),
        idle=tuple(
            file
            for file, table in given.items()
            if busy.isdisjoint(row["table"] for row in table.rows)
        ),
        unmatched=tuple(dict.fromkeys(one["name"] for one in own if one["name"] not in tried)),
    )


def _checked(
    given: Mapping[str, PrintedTable], declared: Sequence[Mapping[str, Any]], ranked: int | None
) -> list[Checked]:
    """Try every check: sentences, and where there are figures, what they must satisfy."""
    figures = figures_of(given.values())
    if figures.empty:
        return [check_sentences(given)]
    joined = with_unprinted(with_quoted_changes(given, figures))
    return [
        check_sentences(given),
        check_quotations(given, figures),
        check_marks(given, figures),
        check_bounds(given, figures, ranked or field_size(given)),
        check_attainable(figures, declared),
        judge(joined, relations(joined, declared)),
    ]


def _of_instrument(instrument: Instrument | str | None) -> tuple[Mapping[str, Any], ...]:
    """Give the identities of a questionnaire, none without one."""
    if instrument is None:
        return ()
    loaded = Instrument.load(instrument) if isinstance(instrument, str) else instrument
    return questionnaire_identities(loaded)


def _named(tables: Sequence[pd.DataFrame | Path | str]) -> dict[str, PrintedTable]:
    """Read what is a path, and give every table a name of its own."""
    made: dict[str, PrintedTable] = {}
    for at, one in enumerate(tables, start=1):
        if not isinstance(one, (pd.DataFrame, str, Path)):
            raise SurveyError(
                f"audit: table {at} is a {type(one).__name__}.",
                mend="Pass DataFrames or paths, one after the other: sipas.audit(first, second).",
            )
        frame = one if isinstance(one, pd.DataFrame) else read(Path(one))
        name = f"table {at}" if isinstance(one, pd.DataFrame) else Path(one).name
        name = name if name not in made else f"{name} ({at})"
        made[name] = printed_table(name, frame)
    return made
