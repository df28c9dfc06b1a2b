"""The paragraphs of Section A, written from results: the same results give the same words.

Every number in the text stands in a table of the report; ranks only where they were printed; a
fall is called real only where its test says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from sipas.numerals import Lang
from sipas.phrases import Voice
from sipas.wording.households import household_paragraphs
from sipas.wording.leaders import leader_paragraphs
from sipas.wording.method import method_paragraphs
from sipas.wording.overall import overall_paragraphs
from sipas.wording.paragraphs import Paragraph
from sipas.wording.report_parts import ANNEX, Parts
from survey.errors import SurveyError

__all__ = ["Paragraph", "as_text", "section"]


def section(parts: Parts, lang: Lang = "vi") -> list[Paragraph]:
    """Write parts A.2 (leaders), A.3 (households), A.4 (overall) and the notes on method.

    Parameters
    ----------
    parts : Parts
        Results and printed figures.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of Paragraph
        Headings, paragraphs, and the places of tables and figures.

    Raises
    ------
    SurveyError
        If neither survey was given.
    """
    if not parts.surveys:
        raise SurveyError(
            "section_a: neither households nor leaders were given.",
            mend="Pass the answers of at least one survey.",
        )
    voice = Voice(lang)
    made_up = parts.note(voice)
    warning = [] if made_up is None else [Paragraph("note", made_up)]
    return [
        Paragraph("heading", voice.say("file", _title(parts), year=parts.year), level=1),
        *warning,
        *leader_paragraphs(parts, voice),
        *household_paragraphs(parts, voice),
        *overall_paragraphs(parts, voice),
        *method_paragraphs(parts, voice),
        *_annex(parts, voice),
    ]


def as_text(paragraphs: Sequence[Paragraph]) -> str:
    r"""Give headings and paragraphs as plain text, without tables and figures.

    Examples
    --------
    >>> as_text([Paragraph("heading", "4. Đánh giá chung", level=2), Paragraph("body", "…")])
    '4. Đánh giá chung\n\n…\n'
    """
    kept = [part.text for part in paragraphs if part.kind in ("heading", "body", "note")]
    return "\n\n".join(kept) + "\n"


def _title(parts: Parts) -> str:
    """Name of the title: that of the surveys there are."""
    if parts.households is None:
        return "title_leaders"
    return "title_households" if parts.leaders is None else "title"


def _annex(parts: Parts, voice: Voice) -> list[Paragraph]:
    """Long tables and figures, after the text."""
    made = [Paragraph("table", name) for name in ANNEX if name in parts.table_names]
    made += [Paragraph("figure", name) for name in ANNEX if name in parts.figure_names]
    return [Paragraph("annex", voice.say("file", "annex"), level=2), *made]
