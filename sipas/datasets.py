"""The data that come with the library, found beside the package or inside it.

Respondent-level files are **made up**: they reproduce published figures, but no answer in them
was given by anyone. Printed tables are transcribed as printed, errors included.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pandas as pd

from sipas.formats import read
from survey.errors import SurveyError, did_you_mean, first_five

__all__ = [
    "list_datasets",
    "load_hue_households",
    "load_hue_leaders",
    "load_published",
    "load_worked",
    "worked_instrument_path",
]

_FIGURES = ("year", "max_points", "points", "rate_pct", "n")


def load_hue_households(year: int) -> pd.DataFrame:
    """Load the made-up household answers of Thừa Thiên Huế for one year.

    **Made up.** No household gave these answers: they are drawn so that the library's own
    unweighted indices equal the five dimension figures and the total that were published for
    the year. Communes of 2022 are the real sample's; villages, people and answers, and all of
    the 2021 sheet's layout, are invented.

    Parameters
    ----------
    year : int
        2021 or 2022.

    Returns
    -------
    DataFrame
        One row a household, every value as text (``""`` blank, ``9`` don't know), as a sheet
        read by `sipas.read`.

    Raises
    ------
    SurveyError
        If there is no sheet of that year.

    Examples
    --------
    >>> sheet = load_hue_households(2022)
    >>> len(sheet), sheet["made_up"].unique().tolist()
    (486, ['số liệu giả lập'])
    """
    return _load_year("hue_households", year)


def load_hue_leaders(year: int) -> pd.DataFrame:
    """Load the made-up leader answers of Thừa Thiên Huế for one year.

    **Made up.** No leader gave these answers: with the illustrative group weights 25, 40, 30
    and 5 % (deputies, departments, divisions, districts) they reproduce the item, domain and
    total points printed for the year, and for 2022 the four group rates. Group sizes of 2021
    are invented.

    Parameters
    ----------
    year : int
        2021 or 2022.

    Returns
    -------
    DataFrame
        One row a form, every value as text. Forms carry no id.

    Examples
    --------
    >>> load_hue_leaders(2022)["group"].value_counts().to_dict()
    {'phong': 264, 'so': 65, 'hdnd': 46, 'huyen': 29}
    """
    return _load_year("hue_leaders", year)


def load_published(name: str) -> pd.DataFrame:
    """Load a table transcribed from a public document, as printed.

    Parameters
    ----------
    name : str
        The file's name without ending, for example ``"hue_sipas_dimensions"``.

    Returns
    -------
    DataFrame
        One row an entity and year. Each of year, max_points, points, rate_pct and n is a
        column of numbers (NaN where nothing is printed), unless the table holds another
        writing of it, such as the years ``2023-2025``; all others are text, ``""`` where
        blank. ``source_file`` names the document. Printed errors stay as printed.

    Raises
    ------
    SurveyError
        If there is no such table.

    Examples
    --------
    >>> table = load_published("hue_sipas_dimensions")
    >>> table.loc[table.level.eq("overall") & table.year.eq(2022), "rate_pct"].tolist()
    [79.56]
    """
    folder = _folder() / "published"
    known = sorted(path.stem for path in folder.glob("*.csv"))
    if name not in known:
        raise SurveyError(f"No published table {name!r}.", mend=did_you_mean(name, known))
    table = read(folder / f"{name}.csv")
    return table.assign(**{part: _figures(table[part]) for part in _FIGURES if part in table})


def load_worked(before: bool = False) -> pd.DataFrame:
    """Load the made-up sheet of twelve rows whose every figure can be worked by hand.

    **Made up.** Two districts of two communes of three rows, four statements; its instrument
    is at `worked_instrument_path`.

    Parameters
    ----------
    before : bool
        The year before, in the same communes.

    Examples
    --------
    >>> load_worked().shape[0], load_worked(before=True).shape[0]
    (12, 12)
    """
    return read(_folder() / "worked" / f"hue_worked_12{'_before' if before else ''}.csv")


def worked_instrument_path() -> Path:
    """Give the path of the instrument of `load_worked`."""
    return _folder() / "worked" / "worked.toml"


def list_datasets() -> pd.DataFrame:
    """List every file that comes with the library.

    Returns
    -------
    DataFrame
        Columns name, kind (published, synthetic, worked), made_up, rows, columns.

    Examples
    --------
    >>> listed = list_datasets()
    >>> listed.loc[listed.name.eq("hue_households_2022_madeup"), ["made_up", "rows"]].values
    array([[True, 486]], dtype=object)
    """
    rows = []
    for kind in ("published", "synthetic", "worked"):
        for path in sorted((_folder() / kind).glob("*.csv")):
            shape = read(path).shape
            rows.append((path.stem, kind, kind != "published", *shape))
    return pd.DataFrame(rows, columns=["name", "kind", "made_up", "rows", "columns"])


def _figures(column: pd.Series) -> pd.Series:
    """Read a column as numbers if every filled cell is one."""
    numbers = pd.to_numeric(column, errors="coerce")
    return column if (numbers.isna() & column.ne("")).any() else numbers


def _load_year(name: str, year: int) -> pd.DataFrame:
    """Load the made-up sheet of one year, or say which years there are."""
    folder = _folder() / "synthetic"
    path = folder / f"{name}_{year}_madeup.csv"
    if not path.is_file():
        years = sorted(part.stem.split("_")[-2] for part in folder.glob(f"{name}_*_madeup.csv"))
        raise SurveyError(
            f"No made-up sheet {name} of {year}.", mend=f"There is: {first_five(years)}."
        )
    return read(path)


def _folder() -> Path:
    """Find the files: inside an installed package, or beside it in a checkout."""
    packaged = Path(str(files("sipas") / "_data"))
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[1] / "datasets"
