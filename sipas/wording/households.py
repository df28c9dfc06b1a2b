"""Part A.3: the survey of households."""

from __future__ import annotations

import pandas as pd

from sipas.phrases import Voice
from sipas.tables.printed_figures import HEADLINE, HEADLINE_PRINTED, Figure
from sipas.tables.two_years import Years
from sipas.wording.drivers import account_paragraphs, weighted_paragraphs
from sipas.wording.evidence import (
    bracketed,
    cited,
    evidence,
    limits_of_change,
    limits_of_rate,
    official_points,
    sizes_of_rates,
)
from sipas.wording.extremes import extremes
from sipas.wording.forms import forms, missing_answers
from sipas.wording.left_out import unanswered_sentences, uncompared
from sipas.wording.movements import MOST_STATEMENTS, dimensions_moved, statements_moved
from sipas.wording.paragraphs import Paragraph, joined
from sipas.wording.report_parts import Parts


def household_paragraphs(parts: Parts, voice: Voice) -> list[Paragraph]:
    """Write the part; where no answers were given, say so."""
    heading = Paragraph("heading", voice.say("households", "heading"), level=2)
    if parts.households is None:
        return [heading, Paragraph("body", voice.say("missing", "households"))]
    two = parts.households
    alone = uncompared(two, voice)
    left_out = [*alone, *unanswered_sentences(parts.unanswered, voice)]
    see = parts.see(voice, "response")
    made = [
        heading,
        joined(_measure(two, voice, common=bool(alone)), *left_out),
        joined(forms(two, voice), missing_answers(two, see, voice)),
        joined(_index(parts, two, voice), _since(parts, two, voice)),
    ]
    printed = [one for one in (_official(parts, two, voice), _rank(parts, two, voice)) if one]
    made += [joined(*printed)] if printed else []
    made.append(Paragraph("table", "dimensions"))
    made += _one_year(two, voice) if two.change is None else [dimensions_moved(parts, two, voice)]
    made += [Paragraph("figure", "change")] if two.change is not None else []
    made += _statements(parts, two, voice)
    made += account_paragraphs(parts, two, voice)
    return [*made, *weighted_paragraphs(parts, two, voice)]


def _measure(two: Years, voice: Voice, *, common: bool) -> str:
    """Say what was asked; ``common``: of that, only what both years asked is reported."""
    listed = [two.inside(code, voice) for code in two.dimensions]
    phrase = f"measure{'_common' if common else ''}{'_one' if len(listed) == 1 else ''}"
    return voice.say(
        "households",
        phrase,
        year=two.year,
        before=two.year_before,
        count=voice.count(len(listed)),
        dimensions=voice.listed(listed, long=True),
    )


def _index(parts: Parts, two: Years, voice: Voice) -> str:
    """Index of the year, with its interval."""
    row = two.rates(parts.level).to_dict("index")[two.headline]
    limits = limits_of_rate(row, two.after.design, parts.level, voice)
    see = parts.see(voice, "dimensions", figures=["change"])
    return voice.say(
        "households",
        "index",
        label=two.label(two.headline, voice),
        year=two.year,
        rate=voice.rate(row["estimate"]),
        limits=bracketed(limits, see),
    )


def _since(parts: Parts, two: Years, voice: Voice) -> str:
    """Change of the index; without the year before, its printed figure and why it is missing."""
    if two.change is not None:
        row = two.row(two.headline, parts.level)
        return voice.say(
            "households",
            "since",
            before=two.year_before,
            index=two.index(voice),
            rate=voice.rate(row["before"]),
            moved=voice.moved(row["estimate"]),
            limits=bracketed(limits_of_change(row, parts.level, voice)),
            evidence=evidence(row["verdict"], parts.level, voice),
        )
    before = two.year_before if parts.refused is None else parts.refused.before
    missing = _no_comparison(parts, two, before, voice)
    rate = _printed(parts, before, two, "rate_pct")
    if parts.printed is None or pd.isna(rate):
        return missing
    source = parts.printed.source(voice)
    shown = {"before": before, "rate": voice.rate(rate), "source": source}
    return f"{missing} {voice.say('households', 'printed_before', **shown)}"


def _no_comparison(parts: Parts, two: Years, before: int, voice: Voice) -> str:
    """Say why there is no year before: none was given, or it cannot be compared."""
    if parts.refused is None:
        return voice.say("missing", "households_before", before=before)
    reason = voice.say("missing", parts.refused.reason)
    return voice.say("missing", "households_refused", year=two.year, before=before, reason=reason)


def _one_year(two: Years, voice: Voice) -> list[Paragraph]:
    """Name the dimensions with the highest and the lowest index, where there are several."""
    rates = two.after.estimates.estimate[two.dimensions]
    if len(rates) < 2:
        return []
    count = voice.count(len(rates))
    found = extremes(two, rates, voice, "dimension")
    if found is None:
        rate = voice.rate(rates.iloc[0])
        return [joined(voice.say("households", "dimensions_equal", count=count, rate=rate))]
    return [joined(voice.say("households", "dimensions", count=count, **found))]


def _statements(parts: Parts, two: Years, voice: Voice) -> list[Paragraph]:
    """Say what there is to say of statements, and where their tables and figures are."""
    made: list[Paragraph] = []
    sentences = [
        ("places_see", parts.see(voice, figures=["heat_map"])),
        ("answers_see", parts.see(voice, figures=["answers"])),
    ]
    if two.change is None:
        sentences.insert(0, ("statements_see", parts.see(voice, "statements")))
        rates = two.after.estimates.estimate[two.statements].sort_values(kind="stable")
        if len(rates) > MOST_STATEMENTS and rates.iloc[0] < rates.iloc[-1]:
            listed = sizes_of_rates(two, rates.iloc[:MOST_STATEMENTS], voice)
            made.append(joined(voice.say("households", "statements_lowest", list=listed)))
    else:
        moved = statements_moved(parts, two, voice)
        made += [] if moved is None else [moved]
    seen = [voice.say("households", phrase, see=see) for phrase, see in sentences if see]
    return [*made, joined(*seen)] if seen else made


def _rank(parts: Parts, two: Years, voice: Voice) -> str | None:
    """Give the printed ranks of the index."""
    now = _printed(parts, two.year, two, "rank")
    then = _printed(parts, two.year_before, two, "rank")
    if parts.printed is None or pd.isna(now):
        return None
    filled = {
        "source": cited(parts.printed, ("p3", "S.PAR"), two.year, voice),
        "rank": voice.points(now),
        "index": two.index(voice),
        "year": two.year,
        "before": two.year_before,
    }
    if pd.isna(then):
        return voice.say("households", "rank", **filled)
    return voice.say("households", "ranks", rank_before=voice.points(then), **filled)


def _printed(parts: Parts, year: int, two: Years, what: Figure) -> float:
    """Give a printed figure of the index of the whole, NaN where there is none."""
    if parts.printed is None or two.headline != HEADLINE:
        return float("nan")
    return parts.printed.figure(("overall",), HEADLINE_PRINTED, year, what)


def _official(parts: Parts, two: Years, voice: Voice) -> str | None:
    """Give the printed points of the survey within the whole assessment."""
    if parts.printed is None:
        return None
    figures = official_points(parts.printed, ("p3", "S.PAR"), two.year, voice)
    if figures is None:
        return None
    name = "official_two" if "moved" in figures else "official"
    return voice.say("households", name, year=two.year, before=two.year - 1, **figures)
