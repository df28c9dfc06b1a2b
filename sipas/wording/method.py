"""Notes on method: designs, comparability, weights, rounding; what a reader must know."""

from __future__ import annotations

from typing import Any

from sipas.phrases import Voice, known_phrase
from sipas.tables.fieldwork_tables import designs
from sipas.tables.two_years import Years, survey_key, year_of
from sipas.tables.uncertainty import per_cent
from sipas.wording.paragraphs import Paragraph, joined
from sipas.wording.report_parts import Parts


def method_paragraphs(parts: Parts, voice: Voice) -> list[Paragraph]:
    """Write the notes."""
    made = [Paragraph("heading", voice.say("method", "heading"), level=2)]
    for two in reversed(parts.surveys):
        made.append(joined(*_design(two, voice), *_kind(two, voice)))
        made += _comparable(two, voice)
    made += [_tests(parts, voice), joined(voice.say("method", _rounding(parts)))]
    see = parts.see(voice, "response", "designs")
    made.append(joined(voice.say("method", "see", see=see)))
    return [*made, Paragraph("table", "response"), Paragraph("table", "designs")]


def _tests(parts: Parts, voice: Voice) -> Paragraph:
    """Say how intervals are made and, where years are compared, how tests are adjusted."""
    shown = per_cent(parts.level, voice)
    compared = [two for two in reversed(parts.surveys) if two.change is not None]
    adjusted = [
        voice.say("method", f"adjusted_{two.after.instrument.kind}", index=two.index(voice))
        for two in compared
    ]
    name = "tests" if compared else "intervals"
    return joined(voice.say("method", name, level=shown), *adjusted)


def _rounding(parts: Parts) -> str:
    """Name of the note on rounding."""
    compared = any(two.change is not None for two in parts.surveys)
    return "rounding" if compared else "rounding_one"


def _design(two: Years, voice: Voice) -> list[str]:
    """Say how each year was sampled, and of what it speaks: once, where both speak of the same."""
    rows: Any = designs(two, lang=voice.lang).frame.to_dict("index")
    kind = two.after.instrument.kind
    every = [(year_of(one.answers), rows[survey_key(one.answers)]) for one in reversed(two.all)]
    same = len({row["population"] for _, row in every}) == 1
    said = []
    for year, row in every:
        counted = {
            name: voice.points(float(row[name])) for name in ("rows", "strata", "units", "df")
        }
        said.append(voice.say("method", f"design_{kind}", year=year, **counted))
        if not same:
            speaks = {"year": year, "population": row["population"]}
            said.append(voice.say("method", f"speaks_year_{kind}", **speaks))
    if same:
        population = every[0][1]["population"]
        said.append(voice.say("method", f"speaks_{kind}", population=population))
    return said


def _kind(two: Years, voice: Voice) -> list[str]:
    """Say what is particular to the kind of survey."""
    instrument = two.after.instrument
    if instrument.kind == "leaders":
        known = any(year.answers.response.sent is not None for year in two.all)
        names = ["independent"] if two.change is not None else []
        return [voice.say("method", name) for name in (*names, *(["finite"] if known else []))]
    weights = "weights_column" if two.after.design.weights is not None else "weights_none"
    said = [voice.say("method", weights)]
    if two.change is not None:
        shared = two.change.shared_psus if two.change.paired else 0
        phrase = "paired" if shared else "unpaired"
        said.append(voice.say("method", phrase, shared=voice.points(shared)))
    if instrument.provenance.status == "reconstructed":
        said.append(voice.say("method", "reconstructed"))
    return said


def _comparable(two: Years, voice: Voice) -> list[Paragraph]:
    """Say in what the instruments differ, and what was compared all the same."""
    if two.change is None or two.change.link is None:
        return []
    old, new = two.change.instruments
    kinds = _kinds(list(two.change.differences(voice.lang)["what"]), voice)
    if not kinds:
        return []
    kind = new.kind
    said = voice.say(
        "method",
        "comparable",
        before=two.year_before,
        after=two.year,
        survey=voice.say("survey_name", kind),
        differences=voice.listed(kinds),
        link=voice.say("method", f"link_{two.change.link}"),
    )
    populations = {"old": old.population[voice.lang], "new": new.population[voice.lang]}
    if kind == "leaders" or populations["old"] == populations["new"]:
        return [joined(said)]
    both = voice.say(
        "method", "populations", before=two.year_before, after=two.year, **populations
    )
    return [joined(said, both)]


def _kinds(what: list[str], voice: Voice) -> list[str]:
    """Name what differs, each kind once."""
    named = []
    for one in what:
        whole = one.replace(" ", "_")
        last, first = one.split()[-1], one.split()[0]
        name = next((n for n in (whole, last, first) if known_phrase("differs", n)), first)
        named.append(voice.say("differs", name))
    return list(dict.fromkeys(named))
