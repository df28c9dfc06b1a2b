"""Part A.3: the survey of households."""

from __future__ import annotations

import pandas as pd

from sipas.numerals import number
from sipas.phrases import Voice
from sipas.tables.fieldwork_tables import response
from sipas.tables.printed_figures import HEADLINE, HEADLINE_PRINTED, Figure
from sipas.tables.two_years import Tally, Years, tally
from sipas.tables.uncertainty import per_cent
from sipas.wording.drivers import account_paragraphs, weighted_paragraphs
from sipas.wording.evidence import cited, evidence, labels, official_points, sizes, tested
from sipas.wording.forms import forms
from sipas.wording.paragraphs import Paragraph, joined
from sipas.wording.report_parts import Parts
from survey.errors import SurveyError
from survey.ranks import fell_most
from survey.ranks.results import Direction

_MOST_STATEMENTS = 3


def household_paragraphs(parts: Parts, voice: Voice) -> list[Paragraph]:
    """Write the part; where no answers were given, say so."""
    heading = Paragraph("heading", voice.say("households", "heading"), level=2)
    if parts.households is None:
        return [heading, Paragraph("body", voice.say("missing", "households"))]
    two = parts.households
    made = [
        heading,
        joined(_measure(two, voice), forms(two, voice), _missing(two, voice)),
        joined(_index(parts, two, voice), _since(parts, two, voice)),
    ]
    printed = [one for one in (_official(parts, two, voice), _rank(parts, two, voice)) if one]
    made += [joined(*printed)] if printed else []
    made.append(Paragraph("table", "dimensions"))
    if two.change is not None:
        made += [_directions(parts, two, voice), *_statements(parts, two, voice)]
        made.append(Paragraph("figure", "change"))
    made += account_paragraphs(parts, two, voice)
    return [*made, *weighted_paragraphs(parts, two, voice)]


def _measure(two: Years, voice: Voice) -> str:
    """Say what was asked."""
    named = [two.inside(code, voice) for code in two.dimensions]
    return voice.say(
        "households",
        "measure",
        year=two.year,
        count=voice.count(len(named)),
        dimensions=voice.listed(named, long=True),
    )


def _missing(two: Years, voice: Voice) -> str:
    """Answers that are missing."""
    row = response(two.after.answers, lang=voice.lang).frame.iloc[0]
    return voice.say(
        "households",
        "missing",
        year=two.year,
        asked=voice.points(row["asked"]),
        missing=voice.points(row["missing"]),
        rate=number(row["missing_rate"], 1, lang=voice.lang),
    )


def _index(parts: Parts, two: Years, voice: Voice) -> str:
    """Index of the year, with its interval."""
    row = two.rates(parts.level).to_dict("index")[two.headline]
    return voice.say(
        "households",
        "index",
        label=two.label(two.headline, voice),
        year=two.year,
        rate=voice.rate(row["estimate"]),
        level=per_cent(parts.level, voice),
        interval=voice.between(row["low"], row["high"]),
        table=parts.number("dimensions"),
    )


def _since(parts: Parts, two: Years, voice: Voice) -> str:
    """Change of the index; without the year before, its printed figure or that it is missing."""
    if two.change is not None:
        row = two.row(two.headline, parts.level)
        return voice.say(
            "households",
            "since",
            before=two.year_before,
            index=two.index(voice),
            rate=voice.rate(row["before"]),
            moved=voice.moved(row["estimate"]),
            level=per_cent(parts.level, voice),
            interval=voice.between_changes(row["low"], row["high"]),
            evidence=evidence(row["verdict"], parts.level, voice),
        )
    missing = voice.say("missing", "households_before", before=two.year_before)
    rate = _printed(parts, two.year_before, two, "rate_pct")
    if parts.printed is None or pd.isna(rate):
        return missing
    source = parts.printed.source(voice)
    shown = {"before": two.year_before, "rate": voice.rate(rate), "source": source}
    return f"{missing} {voice.say('households', 'printed_before', **shown)}"


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


def _directions(parts: Parts, two: Years, voice: Voice) -> Paragraph:
    """Say what fell and rose in the sample, what fell most there, and what the tests say."""
    changes = two.changes(parts.level)
    rows = changes.loc[two.dimensions, "estimate"].sort_values(kind="stable")
    said = [
        _moved(rows[rows < 0], rows, "fell", two, voice, parts.level),
        _moved(rows[rows > 0][::-1], rows, "rose", two, voice, parts.level),
    ]
    if not any(said):
        said.append(voice.say("households", "none_moved", before=two.year_before))
    sure = tested(two, changes, two.dimensions, voice, parts.level, "dimensions")
    return joined(*said, sure)


def _moved(
    moved: pd.Series, rows: pd.Series, way: Direction, two: Years, voice: Voice, level: float
) -> str | None:
    """Say of the dimensions that moved one way how many they are, and which moved most."""
    if moved.empty:
        return None
    whole = len(moved) == len(rows)
    said = voice.say(
        "households",
        f"{'all' if whole else 'some'}_{way}",
        before=two.year_before,
        count=voice.count(len(rows)),
        moved=voice.count(len(moved)),
        most=sizes(two, moved.iloc[: 2 if whole and len(moved) > 2 else 1], voice, "with"),
        least=sizes(two, moved.iloc[-1:], voice, "with"),
    )
    return f"{said} {_most(way, two, voice, level)}" if len(rows) > 1 else said


def _most(way: Direction, two: Years, voice: Voice, level: float) -> str:
    """Say which dimensions sampling error does not rule out as the one that moved most."""
    assert two.change is not None
    try:
        found = fell_most(two.change, among=two.dimensions, direction=way, level=level)
    except SurveyError:  # too few PSUs for any test: the order in the sample is all there is
        return voice.say("households", f"order_{way}")
    first, *others = (str(code) for code in found.members)
    return voice.say(
        "households",
        f"most_{way}_{'set' if others else 'one'}",
        first=labels(two, [first], voice),
        others=labels(two, others, voice),
        level=per_cent(level, voice),
    )


def _statements(parts: Parts, two: Years, voice: Voice) -> list[Paragraph]:
    """How many statements moved beyond sampling error, and which moved most in the sample."""
    if not two.statements:
        return []
    changes = two.changes(parts.level)
    said = voice.say(
        "households",
        "statements",
        all=voice.count(len(two.statements)),
        list=_tested_statements(tally(changes, two.statements), voice),
        table=parts.number("statements"),
    )
    rows = changes.loc[two.statements, "estimate"].sort_values(kind="stable")
    down, up = rows[rows < 0][:_MOST_STATEMENTS], rows[rows > 0][::-1][:_MOST_STATEMENTS]
    most = [
        voice.say("households", f"statements_{way}", list=sizes(two, chosen, voice))
        for way, chosen in (("fell", down), ("rose", up))
        if len(chosen)
    ]
    return [joined(said, *most)]


def _tested_statements(counted: Tally, voice: Voice) -> str:
    """Count the statements by verdict, leaving out what there is none of."""
    numbers = {
        "down": counted.surely_down,
        "up": counted.surely_up,
        "unsure": counted.unsure,
    }
    said = [
        voice.say("households", f"statements_{name}", count=voice.count(count))
        for name, count in numbers.items()
        if count
    ]
    return voice.listed(said or [voice.say("households", "statements_none")], long=True)
