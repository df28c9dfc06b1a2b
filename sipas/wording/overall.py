"""Part A.4: both surveys side by side, the printed figures, and what is missing."""

from __future__ import annotations

import re

from sipas.phrases import Voice
from sipas.tables.two_years import Years
from sipas.wording.evidence import evidence, official_points
from sipas.wording.paragraphs import Paragraph, joined
from sipas.wording.report_parts import Parts
from sipas.wording.targets import target_paragraphs

_LEADING_NUMBER = re.compile(r"^\d+\.\s*")


def overall_paragraphs(parts: Parts, voice: Voice) -> list[Paragraph]:
    """Write the part."""
    made = [Paragraph("heading", voice.say("overall", "heading"), level=2)]
    made += [Paragraph("body", _survey(parts, two, voice)) for two in reversed(parts.surveys)]
    for name, two in (("households", parts.households), ("leaders", parts.leaders)):
        if two is None:
            made.append(Paragraph("body", voice.say("overall", f"{name}_none")))
    summary = voice.say("overall", "summary", see=parts.see(voice, "summary"))
    made += [Paragraph("body", summary), Paragraph("table", "summary")]
    return [*made, *target_paragraphs(parts, voice), *_official(parts, voice)]


def _survey(parts: Parts, two: Years, voice: Voice) -> str:
    """One survey in one line."""
    name = two.after.instrument.kind
    code = two.headline
    if two.change is None:
        rate = voice.rate(two.after.estimates.estimate[code])
        shown = {"index": two.index(voice), "year": two.year, "rate": rate}
        if name == "households" and parts.refused is not None:
            before = parts.refused.before
            return voice.say("overall", "households_refused", before=before, **shown)
        return voice.say("overall", f"{name}_one", **shown)
    row = two.row(code, parts.level)
    return voice.say(
        "overall",
        name,
        index=two.index(voice),
        year=two.year,
        before=two.year_before,
        rate=voice.rate(row["after"]),
        moved=voice.moved(row["estimate"]),
        evidence=evidence(row["verdict"], parts.level, voice),
    )


def _official(parts: Parts, voice: Voice) -> list[Paragraph]:
    """List printed points and ranks, with moves computed from the printed figures."""
    if parts.printed is None:
        return [joined(voice.say("missing", "printed"))]
    if "official" not in parts.table_names:
        return [joined(voice.say("missing", "appraisal"))]
    source = parts.printed.source(voice)
    lines = [
        voice.say("overall", "official", source=source, see=parts.see(voice, "official")),
        *(_part(parts, code, voice) for code in parts.printed.parts()),
    ]
    made = [Paragraph("body", line) for line in lines if line]
    return [*made, Paragraph("table", "official"), joined(voice.say("missing", "appraisal"))]


def _part(parts: Parts, code: str, voice: Voice) -> str | None:
    """One part of the assessment, where points and ranks of both years are printed."""
    assert parts.printed is not None
    figures = official_points(parts.printed, (code,), parts.year, voice)
    if figures is None or "moved" not in figures:
        return None
    label = _LEADING_NUMBER.sub("", parts.printed.label(code, voice))
    return voice.say(
        "overall",
        "part",
        label=label,
        before=parts.year - 1,
        **{name: text for name, text in figures.items() if name != "source"},
    )
