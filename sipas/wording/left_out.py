"""What a report leaves out and must name: statements nobody answered, a year not comparable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sipas.instrument import Instrument
from sipas.labelling import label
from sipas.phrases import Voice, known_phrase, within
from sipas.tables.two_years import Years
from sipas.wording.evidence import bare

Reason = Literal["scale", "satisfied", "items"]


@dataclass(frozen=True, slots=True)
class Refused:
    """A year before that was given, and why it is not compared.

    Parameters
    ----------
    before : int
        The year.
    reason : {"scale", "satisfied", "items"}
        Other answers, other answers that count as satisfied, or no statement in common.
    """

    before: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Statements of one year that nobody answered; no index of the report counts them.

    Parameters
    ----------
    year : int
        The year.
    instrument : Instrument
        Its whole questionnaire.
    codes : tuple of str
        The statements.
    """

    year: int
    instrument: Instrument
    codes: tuple[str, ...]

    def listed(self, voice: Voice) -> tuple[list[str], list[str]]:
        """Name the dimensions that nobody answered at all, and the statements of the others."""
        items = self.instrument.index_items
        open_ones = {item.dimension for item in items if item.code not in self.codes}
        out = [item for item in items if item.code in self.codes]
        whole = dict.fromkeys(one.dimension for one in out if one.dimension not in open_ones)
        dimensions = [
            voice.say("unit", "quoted", label=named(self.instrument, str(code), voice))
            for code in whole
        ]
        return dimensions, [
            voice.say("unit", "quoted", label=bare(label(self.instrument, one.code, voice.lang)))
            for one in out
            if one.dimension in open_ones
        ]


def unanswered_sentences(left_out: tuple[Unanswered, ...], voice: Voice) -> list[str]:
    """Say what nobody answered, year by year."""
    said = []
    for one in left_out:
        for kind, names in zip(("dimension", "statement"), one.listed(voice), strict=True):
            if names:
                listed = voice.listed(names, long=True)
                phrase = f"unanswered_{kind}"
                said.append(voice.say("missing", phrase, year=one.year, list=listed))
    return said


def uncompared(two: Years, voice: Voice) -> list[str]:
    """Name the dimensions that the two questionnaires do not share, or share in name only."""
    if two.change is None or two.change.link is None:
        return []
    asked = [[part.code for part in one.dimensions] for one in two.change.instruments]
    years = (two.year_before, two.year)
    said = []
    for k, other in ((1, 0), (0, 1)):
        alone = [code for code in asked[k] if code not in asked[other]]
        if alone:
            filled = {
                "year": years[k],
                "other": years[other],
                "count": voice.count(len(alone)),
                "list": _listed(two.change.instruments[k], alone, voice),
            }
            said.append(voice.say("missing", "only_one", **filled))
    shared = [code for code in asked[1] if code in asked[0] and code not in two.dimensions]
    if shared:
        names = _listed(two.change.instruments[1], shared, voice)
        said.append(voice.say("missing", "no_common", list=names))
    return said


def named(instrument: Instrument, code: str, voice: Voice) -> str:
    """Name a dimension inside a sentence, also one that the report does not compute."""
    printed = label(instrument, code, "vi")
    if known_phrase("named", printed):
        return voice.say("named", printed)
    return within(label(instrument, code, voice.lang))


def _listed(instrument: Instrument, codes: list[str], voice: Voice) -> str:
    """List dimensions by name."""
    return voice.listed([named(instrument, code, voice) for code in codes], long=True)
