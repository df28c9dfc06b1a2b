"""Sentences on what made the change of the household index, and on the index by population."""

from __future__ import annotations

import pandas as pd

from sipas.indices import SatisfactionIndex
from sipas.numerals import number, signed
from sipas.phrases import Voice
from sipas.tables.driver_tables import shares_in_words, split_in_words
from sipas.tables.two_years import Years
from sipas.wording.paragraphs import Paragraph, joined
from sipas.wording.report_parts import Parts


def account_paragraphs(parts: Parts, two: Years, voice: Voice) -> list[Paragraph]:
    """Say what the dimensions and the districts contributed."""
    made: list[Paragraph] = []
    for by in ("dimension", "district"):
        name = f"contributions_{by}"
        if name not in parts.table_names:
            continue
        account = parts.accounts[by]
        rows = account.table(level=parts.level, lang=voice.lang)
        listed = []
        for row in rows.to_dict("records"):
            filled = {"label": row["label"], "size": signed(row["estimate"], lang=voice.lang)}
            share = row["share"]
            phrase = "part" if pd.isna(share) else "part_share"
            shown = "" if pd.isna(share) else number(share, 1, lang=voice.lang)
            listed.append(voice.say("unit", phrase, share=shown, **filled))
        said = voice.say(
            "households",
            "contributions",
            change=signed(float(account.total.point[0]), lang=voice.lang),
            by=split_in_words(account.by, voice),
            index=two.inside(account.of, voice),
            list=voice.listed(listed, long=True),
            table=parts.number(name),
        )
        caution = voice.say("households", "caution")
        made += [joined(said, None if made else caution), Paragraph("table", name)]
    return [*made, Paragraph("figure", "contributions")] if made else []


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
        "table": parts.number("weighted"),
    }
    if change is None:
        said = voice.say("households", "weighted", **filled)
    else:
        moved = voice.moved(change.estimate[two.headline])
        said = voice.say(
            "households", "weighted_two", moved=moved, before=two.year_before, **filled
        )
    return [joined(said), Paragraph("table", "weighted")]
