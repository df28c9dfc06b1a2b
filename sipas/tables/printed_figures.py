"""Figures that others have printed: ranks, appraisal points, last year's indices.

They are never computed here; each is shown with the document it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from sipas.phrases import Voice, known_phrase
from survey.errors import SurveyError, first_five, require_columns

Figure = Literal["points", "rate_pct", "rank", "max_points"]
_KEY = ("level", "code", "year")
_FIGURES = ("max_points", "points", "rate_pct", "rank")
#: Codes of the library that printed tables call otherwise.
HEADLINE, HEADLINE_PRINTED = "services", "S0"


@dataclass(frozen=True, slots=True, eq=False)
class Printed:
    """Printed figures of one province.

    Parameters
    ----------
    rows : DataFrame
        Columns ``level code year source`` and the figures ``max_points points rate_pct rank``
        (NaN where nothing is printed); ``label_vi label_en`` where given.
    """

    rows: pd.DataFrame

    def figure(self, levels: Iterable[str], code: str, year: int, what: Figure) -> float:
        """Give one figure, NaN where it is not printed.

        Parameters
        ----------
        levels : iterable of str
            Levels it may stand under, such as ``("dimension", "overall")``.
        code : str
            The entity.
        year : int
            The year it speaks of.
        what : {"points", "rate_pct", "rank", "max_points"}
            Which figure.

        Raises
        ------
        SurveyError
            If two different figures are printed.
        """
        values = self._rows(levels, code, year)[what].dropna().unique()
        if len(values) > 1:
            raise SurveyError(
                f"published: {what} of {code!r} in {year} is printed as {first_five(values)}.",
                mend="Pass only the table you trust.",
            )
        return float(values[0]) if len(values) else float("nan")

    def source(self, voice: Voice) -> str:
        """Name the documents."""
        names = [
            voice.say("document", name.removesuffix(".txt"))
            if known_phrase("document", name.removesuffix(".txt"))
            else name
            for name in self.rows["source"].unique()
        ]
        return "; ".join(dict.fromkeys(names))

    def parts(self) -> list[str]:
        """Codes of the parts of the whole assessment, in printed order."""
        return list(self.rows.loc[self.rows["level"].eq("part"), "code"].unique())

    def label(self, code: str, voice: Voice) -> str:
        """Name of a part as printed."""
        rows = self.rows[self.rows["level"].eq("part") & self.rows["code"].eq(code)]
        named = [str(name) for name in rows[f"label_{voice.lang}"] if name]
        return named[0] if named else code

    def _rows(self, levels: Iterable[str], code: str, year: int) -> pd.DataFrame:
        rows = self.rows
        chosen = rows["level"].isin(list(levels)) & rows["code"].eq(code) & rows["year"].eq(year)
        return rows[chosen]


Published = pd.DataFrame | Sequence[pd.DataFrame] | Printed | None


def as_printed(published: Published) -> Printed | None:
    """Read printed tables, unless they have been read."""
    return published if isinstance(published, Printed) else printed(published)


def printed(published: pd.DataFrame | Sequence[pd.DataFrame] | None) -> Printed | None:
    """Read printed tables such as those of `sipas.datasets.load_published`.

    Parameters
    ----------
    published : DataFrame or list of DataFrame or None
        Columns ``level code year``, some of ``max_points points rate_pct rank``, and ``source``
        (or ``source_file``), the document. Levels and codes as in the shipped tables: level
        ``dimension`` with the codes of the questionnaire, ``overall`` with ``S0``, ``group`` with
        the groups of leaders, ``part`` with ``p2`` (leaders), ``p3`` (households) and any others.

    Returns
    -------
    Printed or None
        None when nothing was given.

    Raises
    ------
    SurveyError
        A missing column, no source, several provinces, a rank that is not a number.

    Examples
    --------
    >>> from sipas.datasets import load_published
    >>> table = printed(load_published("hue_sipas_dimensions"))
    >>> table.figure(("dimension",), "S3", 2022, "rank")
    49.0
    """
    if published is None:
        return None
    given = [published] if isinstance(published, pd.DataFrame) else list(published)
    rows = pd.concat([_checked(frame) for frame in given], ignore_index=True)
    provinces = [name for name in rows["province"].unique() if name]
    if len(provinces) > 1:
        raise SurveyError(
            f"published: figures of several provinces: {first_five(provinces)}.",
            mend="Pass the rows of one province.",
        )
    return Printed(rows)


def _checked(frame: pd.DataFrame) -> pd.DataFrame:
    """Bring one table to the common columns."""
    require_columns(frame.columns, _KEY, where="published")
    cited = "source" if "source" in frame else "source_file"
    require_columns(frame.columns, [cited], where="published")
    source = frame[cited].fillna("").astype(str)
    if source.eq("").any():
        raise SurveyError(
            f"published: {int(source.eq('').sum())} rows have no source.",
            mend="Name the document of every printed figure.",
        )
    made = pd.DataFrame({"source": source, "year": _numbers(frame, "year")})
    for name in ("level", "code", "province", "label_vi", "label_en"):
        made[name] = frame[name].fillna("").astype(str) if name in frame else ""
    return made.assign(**{name: _numbers(frame, name) for name in _FIGURES})


def _numbers(frame: pd.DataFrame, name: str) -> pd.Series:
    """Read a column as numbers; blanks are missing, anything else must be a number."""
    if name not in frame:
        return pd.Series(float("nan"), index=frame.index)
    text = frame[name].replace("", None)
    numbers = pd.to_numeric(text, errors="coerce").astype(float)
    wrong = text[numbers.isna() & text.notna()]
    if len(wrong):
        raise SurveyError(
            f"published: column {name!r} holds {first_five(wrong)}.", mend="Write numbers."
        )
    return numbers
