"""Sentences on what made the change of the household index, and on the index by population."""

from __future__ import annotations

from typing import Any

from sipas.drivers import Contributions
from sipas.indices import SatisfactionIndex
from sipas.numerals import half_up, number, signed
from sipas.phrases import Voice
from sipas.tables.driver_tables import shares_in_words, split_in_words
from sipas.tables.two_years import Years
from sipas.wording.evidence import bare
from sipas.wording.paragraphs import Paragraph, joined
from sipas.wording.report_parts import Parts


def account_paragraphs(parts: Parts, two: Years, voice: Voice) -> list[Paragraph]:
    """Say what the dimensions and the districts contributed."""
    made: list[Paragraph] = []
    drawn = {"dimension": ["contributions"], "district": []}
    for by, figures in drawn.items():
        name = f"contributions_{by}"
        if name not in parts.table_names:
            continue
        see = parts.see(voice, name, figures=figures)
        said = _account(parts.accounts[by], two, see, parts.level, voice)
        caution = voice.say("households", "contributions_caution")
        made += [joined(said, None if made else caution), Paragraph("table", name)]
    return [*made, Paragraph("figure", "contributions")] if made else []


def _account(account: Contributions, two: Years, see: str, level: float, voice: Voice) -> str:
    """Say what each part of one account contributed to the change of the index."""
    rows = account.table(level=level, lang=voice.lang)
    change = float(account.total.point[0])
    index = two.inside(account.of, voice)
    if not _nothing(change):
        phrase = "contributions_fell" if change < 0 else "contributions_rose"
    else:
        still = all(_nothing(float(size)) for size in rows["estimate"])
        phrase = "contributions_none" if still else "contributions_same"
    shared = bool((rows["share"] >= 0.0).all())
    listed = [_part(row, voice, shared=shared) for row in rows.to_dict("records")]
    return voice.say(
        "households",
        phrase,
        index=index,
        Index=index[:1].upper() + index[1:],
        by=split_in_words(account.by, voice),
        change=voice.gap(change),
        list=voice.listed(listed, long=True),
        see=see,
    )


def _part(row: dict[Any, Any], voice: Voice, *, shared: bool) -> str:
    """One part of an account; its share where every part moved the way of the whole."""
    shown = {"label": bare(row["label"]), "size": signed(row["estimate"], lang=voice.lang)}
    if not shared:
        return voice.say("unit", "part", **shown)
    return voice.say("unit", "part_share", share=number(row["share"], 1, lang=voice.lang), **shown)


def _nothing(size: float) -> bool:
    """Say whether a change is shown as 0,00."""
    return half_up(abs(size), 2).is_zero()


def weighted_paragraphs(parts: Parts, two: Years, voice: Voice) -> list[Paragraph]:
    """Give the index weighted by population, beside the official one."""
    after = two.after
    beside = after.weighted if isinstance(after, SatisfactionIndex) else None
    if beside is None:
        return []
    change = None if two.change is None else two.change.weighted
    filled = {
        "shares": shares_in_words(two, voice),
        "index": two.index(voice),
        "year": two.year,
        "rate": voice.rate(beside.estimate[two.headline]),
        "see": parts.see(voice, "weighted"),
    }
    if change is None:
        said = voice.say("households", "weighted", **filled)
    else:
        moved = voice.moved(change.estimate[two.headline])
        said = voice.say(
            "households", "weighted_two", moved=moved, before=two.year_before, **filled
        )
    return [joined(said), Paragraph("table", "weighted")]
