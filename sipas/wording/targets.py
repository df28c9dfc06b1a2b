"""How far the results are from their targets, and whether sampling error allows to say so."""

from __future__ import annotations

from typing import Any

from sipas.numerals import half_up
from sipas.phrases import Voice
from sipas.tables.two_years import Years
from sipas.tables.uncertainty import per_cent
from sipas.wording.paragraphs import Paragraph
from sipas.wording.report_parts import Parts


def target_paragraphs(parts: Parts, voice: Voice) -> list[Paragraph]:
    """Set every target beside its result, households first; nothing where none were given."""
    if parts.goals is None:
        return []
    source = parts.goals.source(voice)
    see = parts.see(voice, "targets", figures=parts.target_figures)
    level = per_cent(parts.level, voice)
    lines = [voice.say("targets", "intro", source=source, see=see, level=level)]
    for two in reversed(parts.surveys):
        rows = parts.goals.rows(two, voice).to_dict("records")
        lines += [_line(row, two, voice) for row in rows]
    return [
        *(Paragraph("body", line) for line in lines),
        Paragraph("table", "targets"),
        *(Paragraph("figure", name) for name in parts.target_figures),
    ]


def _line(row: dict[Any, Any], two: Years, voice: Voice) -> str:
    """One target: what it is, the result, the distance, and what can be said."""
    return voice.say(
        "targets",
        "row",
        index=row["name"],
        goal=row["goal"],
        due=row["due"],
        year=two.year,
        rate=voice.rate(row["estimate"]),
        distance=_distance(row["distance"], voice),
        verdict=voice.say("targets", row["standing"]),
        yearly=_yearly(row, voice),
    )


def _distance(distance: float, voice: Voice) -> str:
    """Say on which side of the target the result is, and by how much."""
    if half_up(abs(distance), 2).is_zero():
        return voice.say("targets", "equal")
    side = "higher" if distance > 0 else "lower"
    return voice.say("targets", side, size=voice.gap(distance))


def _yearly(row: dict[Any, Any], voice: Voice) -> str:
    """Say what change a year would meet the target when it is due, where there is time left."""
    needed = float(row["yearly"])
    if needed != needed or half_up(abs(needed), 2).is_zero():
        return ""
    way = "yearly_up" if needed > 0 else "yearly_down"
    return voice.say("targets", way, by=f"{row['by']:.0f}", size=voice.gap(needed))
