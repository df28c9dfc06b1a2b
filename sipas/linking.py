"""What makes two years comparable: the same instrument, or a link that the user declares.

Without a link, years measured by different instruments are not compared; the refusal says what
differs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

import pandas as pd

from sipas.instrument import Instrument, Item
from sipas.responses import Answers
from survey.errors import SurveyError, first_five, require_option

Link = Literal["items", "rates", "dimensions"]


def linked(before: Answers, after: Answers, link: Link | None) -> tuple[Answers, Answers]:
    """Restrict two years to what the link makes comparable.

    Parameters
    ----------
    before, after : Answers
        The two years.
    link : {"items", "rates", "dimensions"} or None
        ``"items"``: only the items that both asked on the same scale, with
        the later maxima for both. ``"rates"``: everything,
        as shares of each instrument's own maximum. ``"dimensions"``: the dimensions that both
        have, with all their items. None: the instruments must not differ.

    Returns
    -------
    before, after : Answers

    Raises
    ------
    SurveyError
        Different instruments without a link, different kinds of survey, or nothing in common.
    """
    old, new = before.instrument, after.instrument
    if old.kind != new.kind:
        raise SurveyError(
            f"compare: {old.id} is a survey of {old.kind}, {new.id} of {new.kind}.",
            mend="Compare two years of the same survey.",
        )
    if link is None:
        _refuse_differences(old, new)
        return before, after
    require_option(link, get_args(Link), where="compare(link=)")
    if link == "rates":
        return before, after
    if link == "items":
        shared = _common_items(old, new)
        before = replace(before, instrument=_with_maxima_of(old, new))
    else:
        both = {part.code for part in old.dimensions} & {part.code for part in new.dimensions}
        shared = {i.code for o in (old, new) for i in o.index_items if i.dimension in both}
    if not shared:
        raise SurveyError(
            f"compare(link={link!r}): {old.id} and {new.id} have no {link} in common.",
            mend="These two years cannot be compared this way.",
        )
    return restricted(before, shared), restricted(after, shared)


def _common_items(old: Instrument, new: Instrument) -> set[str]:
    """Codes of the index items that both asked, with the same scale and direction."""
    if old.scale.levels != new.scale.levels or old.scale.satisfied != new.scale.satisfied:
        raise SurveyError(
            f"compare(link='items'): {old.id} has the scale {list(old.scale.levels)} (satisfied "
            f"{list(old.scale.satisfied)}), {new.id} {list(new.scale.levels)} "
            f"({list(new.scale.satisfied)}).",
            mend="Answers on different scales are different items; use link='rates'.",
        )
    turned = {item.code: item.reverse for item in old.index_items}
    return {item.code for item in new.index_items if turned.get(item.code) == item.reverse}


def _with_maxima_of(old: Instrument, new: Instrument) -> Instrument:
    """Give common items the later maxima, so that both years weigh them alike."""
    later = {item.code: item.max_points for item in new.items}
    items = tuple(
        replace(item, max_points=later.get(item.code, item.max_points)) for item in old.items
    )
    return replace(old, items=items)


def restricted(answers: Answers, codes: set[str]) -> Answers:
    """Keep some of the index items, and the dimensions and aspects that still have any."""
    instrument = answers.instrument

    def kept(item: Item) -> bool:
        return item.role != "index" or item.code in codes

    items = tuple(item for item in instrument.items if kept(item))
    used = {item.dimension for item in items if item.role == "index"}
    dimensions = tuple(part for part in instrument.dimensions if part.code in used)
    aspects = {part.aspect for part in dimensions}
    smaller = replace(
        instrument,
        items=items,
        dimensions=dimensions,
        aspects=tuple(part for part in instrument.aspects if part.code in aspects),
    )
    return replace(answers, instrument=smaller)


def _refuse_differences(old: Instrument, new: Instrument) -> None:
    """Refuse to compare instruments that differ, and say in what."""
    table = old.differences(new, lang="en")
    if table.empty:
        return
    raise SurveyError(
        f"compare: {old.id} and {new.id} are different instruments: {summary(table)}.",
        mend="If the comparison still makes sense, declare how: link='items' (only the common "
        "items), 'dimensions' (the common dimensions) or 'rates' (shares of each maximum). "
        "instrument.differences(other) lists every difference.",
    )


def summary(differences: pd.DataFrame) -> str:
    """Count the differences of each kind, with the first codes.

    Examples
    --------
    >>> summary(pd.DataFrame({"what": ["item added"], "code": ["P1.1"]}))
    "item added ('P1.1')"
    """
    pieces = []
    for what, rows in differences.groupby("what", sort=False):
        codes = [code for code in rows["code"] if code]
        pieces.append(f"{what} ({first_five(codes)})" if codes else str(what))
    return "; ".join(pieces)
