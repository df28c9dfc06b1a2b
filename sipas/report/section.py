"""Section A of the yearly plan in one call: tables, figures and text, saved as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sipas import demonstration
from sipas.indices import GroupWeights
from sipas.leader_weights import LeaderWeights
from sipas.numerals import Lang
from sipas.report.files import FORMATS, draw, write
from sipas.report.results import Given, accounts, household_result, leader_result
from sipas.tables import Table
from sipas.tables.printed_figures import printed
from sipas.tables.two_years import year_of, years
from sipas.wording import Paragraph, as_text, section
from sipas.wording.report_parts import Parts, tables_of
from survey.errors import SurveyError, require_option
from survey.scores import LonelyRule

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SectionA:
    """Section A: results, and everything printed from them.

    Parameters
    ----------
    parts : Parts
        The results.
    lang : {"vi", "en"}
        Language of tables, figures and files.
    """

    parts: Parts
    lang: Lang = "vi"

    @property
    def tables(self) -> dict[str, Table]:
        """Tables by name, in printed order."""
        return tables_of(self.parts, self.lang)

    @property
    def figures(self) -> dict[str, Callable[[], Axes]]:
        """Figures by name, in printed order; call one to draw it."""
        return {
            name: partial(draw, self.parts, name, self.lang) for name in self.parts.figure_names
        }

    def paragraphs(self, lang: Lang | None = None) -> list[Paragraph]:
        """Headings, paragraphs and the places of tables and figures."""
        return section(self.parts, lang or self.lang)

    def text(self, lang: Lang | None = None) -> str:
        """Write the paragraphs as plain text.

        Parameters
        ----------
        lang : {"vi", "en"}, optional
            That of the report by default.
        """
        return as_text(self.paragraphs(lang))

    def summary(self, lang: Lang | None = None) -> Table:
        """Give the table that sums up both surveys."""
        return tables_of(self.parts, lang or self.lang)["summary"]

    def save(self, folder: str | Path, *, formats: Sequence[str] = FORMATS) -> list[Path]:
        """Write the report's files.

        Parameters
        ----------
        folder : str or Path
            Made if it is not there. Files of the same names are written anew.
        formats : sequence of {"docx", "xlsx", "png", "txt"}
            What to write: ``section_a.docx``, ``.xlsx``, ``.txt``, and ``figures/*.png``.

        Returns
        -------
        list of Path
            The files written.

        Raises
        ------
        SurveyError
            An unknown format, a format whose package is not installed, or a file that cannot
            be written.
        """
        chosen = [formats] if isinstance(formats, str) else list(formats)
        for name in chosen:
            require_option(name, FORMATS, where="save(formats=)")
        return write(self.parts, Path(folder), list(dict.fromkeys(chosen)), self.lang)

    def __repr__(self) -> str:
        surveys = " and ".join(
            f"{two.after.instrument.kind} "
            f"{' to '.join(str(year_of(year.answers)) for year in two.all)}"
            for two in self.parts.surveys
        )
        return (
            f"Section A: {surveys}; {len(self.parts.table_names)} tables, "
            f"{len(self.parts.figure_names)} figures"
        )

    def _repr_html_(self) -> str:
        return "".join(table._repr_html_() for table in self.tables.values())


def section_a(
    *,
    households: Given = None,
    leaders: Given = None,
    group_weights: LeaderWeights | None = None,
    population_weights: GroupWeights | None = None,
    published: pd.DataFrame | Sequence[pd.DataFrame] | None = None,
    lonely_psu: LonelyRule = "fail",
    lang: Lang = "vi",
    level: float = 0.95,
) -> SectionA:
    """Make Section A from clean answers.

    Parameters
    ----------
    households, leaders : Answers or (Answers, Answers), optional
        This year's answers, or last year's and this year's.
    group_weights : mapping, DataFrame or preset
        Weights of the groups of leaders; required with ``leaders``, since no source prints them.
    population_weights : mapping, optional
        ``{"district": {name: share, …}}``: adds the household index weighted by population
        beside the official one, in both years.
    published : DataFrame or list of DataFrame, optional
        Printed figures, such as those of `sipas.datasets.load_published`: ranks, points of the
        assessment, last year's index. They are shown with their source and nothing is computed
        from them but their differences.
    lonely_psu : {"fail", "remove", "certainty", "adjust", "average"}
        What a stratum of one unit contributes, as in `Answers.design`.
    lang : {"vi", "en"}
        Language.
    level : float
        Confidence of intervals and verdicts.

    Returns
    -------
    SectionA

    Raises
    ------
    SurveyError
        Neither survey, leaders without weights, and whatever `sipas.compare` raises.

    Notes
    -----
    Households of different questionnaires are compared on the statements both asked
    (``link="items"``), leaders as rates of each year's maximum (``link="rates"``); the text says
    so. Parts for which nothing was given are named as missing.

    Examples
    --------
    >>> import sipas
    >>> now = sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022")
    >>> made = section_a(households=now, lang="en")
    >>> made
    Section A: households 2022; 5 tables, 1 figures
    """
    require_option(lang, ("vi", "en"), where="lang")
    if leaders is not None and group_weights is None:
        raise SurveyError(
            "section_a: leaders without group_weights.",
            mend="Give the weight of each group; no source prints the official ones.",
        )
    if households is None and leaders is None:
        raise SurveyError(
            "section_a: neither households nor leaders were given.",
            mend="Pass the answers of at least one survey.",
        )
    house = household_result(households, population_weights, lonely_psu)
    lead = leader_result(leaders, group_weights, lonely_psu)
    parts = Parts(
        households=None if house is None else years(house),
        leaders=None if lead is None else years(lead),
        printed=printed(published),
        accounts=accounts(house),
        level=level,
    )
    return SectionA(parts, lang)


def demo(lang: Lang = "vi") -> SectionA:
    """Make Section A of the data that come with the library: both surveys of Thừa Thiên Huế.

    **Made up**, and every table, figure and text says so; the group weights of leaders (25, 40,
    30 and 5 %) are illustrative.

    Parameters
    ----------
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    SectionA

    Examples
    --------
    >>> demo()
    Section A: leaders 2021 to 2022 and households 2021 to 2022; 12 tables, 4 figures
    """
    before, after = demonstration.YEARS
    return section_a(
        households=(demonstration.households(before), demonstration.households(after)),
        leaders=(demonstration.leaders(before), demonstration.leaders(after)),
        group_weights=dict(demonstration.LEADER_WEIGHTS),
        population_weights=demonstration.population_weights(),
        published=demonstration.published(),
        lang=lang,
    )
