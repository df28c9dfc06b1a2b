"""Split the change of an index: which account is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from sipas.changes import Change, index_to_split
from sipas.drivers.group_parts import by_group
from sipas.drivers.leader_parts import by_leader_group
from sipas.drivers.parts import DIMENSION, STATEMENT
from sipas.drivers.results import Contributions
from sipas.drivers.statement_parts import by_statement
from sipas.leaders import LeaderScores
from survey.errors import SurveyError


def contributions(
    change: Change, by: str | Sequence[str] = STATEMENT, *, of: str | None = None
) -> Contributions:
    r"""Split the change of an index into what each part contributed.

    Parameters
    ----------
    change : Change
        From `sipas.compare`, with statement rows (same instrument, or ``link="items"``).
    by : str or pair
        ``"statement"``, ``"dimension"``, a column of the data such as ``"district"`` (for
        leaders ``"group"``), or statement or dimension together with a column.
    of : str, optional
        The index; the overall one by default, else services, else the leaders' total.

    Returns
    -------
    Contributions

    Raises
    ------
    SurveyError
        No statement rows, an unknown index or column, an account that does not close.

    Notes
    -----
    Statement: :math:`c_j = v_j (m_{j2} - m_{j1})` with the index's weights *v*. Groups: within
    and mix by valid-weight shares, see `sipas.accounting`; standard errors by linearisation of
    the whole expression. In R: ``svycontrast``.

    Examples
    --------
    >>> import sipas
    >>> years = [sipas.clean(sipas.datasets.load_hue_households(y), f"sipas-{y}")
    ...          for y in (2021, 2022)]
    >>> moved = sipas.compare(*years, link="items")
    >>> why = sipas.contributions(moved, by="dimension")
    >>> why.table()["estimate"].round(2).to_dict()
    {'S1': -1.02, 'S2': -1.42, 'S3': -2.26, 'S4': -1.7, 'S5': -2.65}
    """
    parts = (by,) if isinstance(by, str) else tuple(by)
    code = index_to_split(change, of, "contributions")
    rows, columns = _split(parts)
    if not columns:
        return by_statement(change, code, rows, parts)
    if isinstance(change.before, LeaderScores):
        return by_leader_group(change, code, rows, columns, parts)
    return by_group(change, code, rows, columns, parts)


def _split(parts: tuple[str, ...]) -> tuple[str | None, list[str]]:
    """Tell statements or dimensions from a column of the data."""
    coded = [part for part in parts if part in (STATEMENT, DIMENSION)]
    columns = [part for part in parts if part not in (STATEMENT, DIMENSION)]
    if len(coded) > 1 or len(columns) > 1 or not parts:
        raise SurveyError(
            f"contributions(by={parts!r}): cannot be split that way.",
            mend="Give 'statement', 'dimension', a column, or one of the first two and a column.",
        )
    return (coded[0] if coded else None), columns
