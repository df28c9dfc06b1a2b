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
from sipas.report.comparability import answered, comparable
from sipas.report.figures import draw
from sipas.report.files import FORMATS, KNOWN, Template, write
from sipas.report.given_targets import goals
from sipas.report.results import Given, accounts, household_result, leader_result, places
from sipas.tables import Table
from sipas.tables.printed_figures import printed
from sipas.tables.two_years import year_of, years
from sipas.targeting.goals import Targets
from sipas.wording import Paragraph, as_text, section
from sipas.wording.report_parts import Parts, table_of, tables_of
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
        return table_of(self.parts, "summary", lang or self.lang)

    def save(
        self,
        folder: str | Path,
        *,
        formats: Sequence[str] = FORMATS,
        append_to: str | Path | None = None,
        bookmark: str | None = "section_a",
    ) -> list[Path]:
        """Write the report's files.

        Parameters
        ----------
        folder : str or Path
            Made if it is not there. Files of the same names are written anew.
        formats : sequence of {"docx", "xlsx", "html", "png", "txt", "svg", "pdf", "tex"}
            What to write: ``section_a.docx``, ``.xlsx``, ``.html``, ``.txt``, ``.tex`` (the
            tables), every figure as ``figures/*.png`` or ``.svg``, and all figures as pages of
            ``figures.pdf``. The first five unless named.
        append_to : str or Path, optional
            A Word document of your own, into a copy of which the section is put; it stays as it
            is. The copy is ``section_a.docx``.
        bookmark : str or None
            Bookmark in ``append_to`` after whose paragraph it is put; ``""`` or None for the end.

        Returns
        -------
        list of Path
            The files written.

        Raises
        ------
        SurveyError
            An unknown format, a format whose package is not installed, a document or bookmark
            that is not there, or a file that cannot be written.
        """
        chosen = [formats] if isinstance(formats, str) else list(formats)
        for name in chosen:
            require_option(name, KNOWN, where="save(formats=)")
        template = None if append_to is None else Template(Path(append_to), bookmark or None)
        if template is not None and "docx" not in chosen:
            raise SurveyError(
                "save(append_to=): the Word file is not among the formats.",
                mend='Add "docx" to formats, or leave out append_to.',
            )
        return write(self.parts, Path(folder), list(dict.fromkeys(chosen)), self.lang, template)

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
    targets: Targets | None = None,
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
    targets : str, mapping, DataFrame or float, optional
        What the results should reach, as in `sipas.targets`: the name of a published table,
        numbers by code (``{"services": 90, "total": 80}``), or a table with columns ``code``,
        ``target`` and, for the document they stand in, ``source``. None is known to the library
        as official: without a source the text says that the author of the report gave them. A
        single number where one survey is reported.
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
        Neither survey, leaders without weights, targets about neither survey, and whatever
        `sipas.compare` raises.

    Warns
    -----
    SurveyWarning
        Last year's households that cannot be compared (another scale, no statement in common),
        or statements that nobody answered: the report is written without them, and says so.

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
    Section A: households 2022; 5 tables, 2 figures
    """
    require_option(lang, ("vi", "en"), where="lang")
    _require(households, leaders, group_weights)
    kept, refused = comparable(households)
    kept, unanswered = answered(kept)
    house = household_result(kept, population_weights, lonely_psu)
    lead = leader_result(leaders, group_weights, lonely_psu)
    surveys = [None if one is None else years(one) for one in (house, lead)]
    parts = Parts(
        households=surveys[0],
        leaders=surveys[1],
        printed=printed(published),
        accounts=accounts(house),
        places=places(house),
        level=level,
        goals=goals(surveys, targets, level),
        refused=refused,
        unanswered=unanswered,
    )
    return SectionA(parts, lang)


def _require(households: Given, leaders: Given, group_weights: LeaderWeights | None) -> None:
    """Refuse a report of nothing, and leaders without the weights of their groups."""
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
    Section A: leaders 2021 to 2022 and households 2021 to 2022; 12 tables, 6 figures
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
