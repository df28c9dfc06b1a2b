"""Part A.2: the survey of leaders and managers."""

from __future__ import annotations

import pandas as pd

from sipas.phrases import Voice, within
from sipas.tables import leader_groups, leader_items
from sipas.tables.two_years import Years, as_given, groups_of, scores_of
from sipas.wording.evidence import (
    bare,
    bracketed,
    cited,
    evidence,
    in_sample,
    limits_of_change,
    limits_of_rate,
    moves,
    official_points,
    sizes,
    tested,
)
from sipas.wording.extremes import extremes
from sipas.wording.forms import forms, missing_answers
from sipas.wording.paragraphs import Paragraph, joined
from sipas.wording.report_parts import Parts


def leader_paragraphs(parts: Parts, voice: Voice) -> list[Paragraph]:
    """Write the part; where no answers were given, say so."""
    heading = Paragraph("heading", voice.say("leaders", "heading"), level=2)
    if parts.leaders is None:
        return [heading, Paragraph("body", voice.say("missing", "leaders"))]
    two = parts.leaders
    see, items = parts.see(voice, "response"), parts.see(voice, "leader_items")
    made = [
        heading,
        joined(_result(parts, two, voice), _official(parts, two, voice)),
        joined(forms(two, voice), missing_answers(two, see, voice)),
        _since(parts, two, voice),
        joined(_groups(parts, two, voice), _weights(two, voice)),
        Paragraph("table", "leader_groups"),
        Paragraph("figure", "leaders"),
        joined(_extremes(parts, two, voice), voice.say("leaders", "items_see", see=items)),
    ]
    if two.change is not None:
        made.append(_directions(parts, two, voice))
    return [*made, Paragraph("table", "leader_domains")]


def _result(parts: Parts, two: Years, voice: Voice) -> str:
    """Total of the year, its rate with the interval."""
    scored = scores_of(two)[-1]
    groups = [within(two.label(group, voice)) for group in groups_of(scored)]
    total = two.headline
    row = two.rates(parts.level).to_dict("index")[total]
    limits = limits_of_rate(row, two.after.design, parts.level, voice)
    return voice.say(
        "leaders",
        "result",
        count=voice.count(len(groups)),
        groups=voice.listed(groups, long=True),
        year=two.year,
        points=voice.points(scored.points.estimate[total]),
        max=voice.points(scored.max_points[total]),
        rate=voice.rate(row["estimate"]),
        limits=f"; {limits}" if limits else "",
    )


def _official(parts: Parts, two: Years, voice: Voice) -> str | None:
    """Give printed points and rank of the survey."""
    if parts.printed is None:
        return None
    figures = official_points(parts.printed, ("p2",), two.year, voice)
    if figures is None:
        return None
    name = "official_two" if "moved" in figures else "official"
    return voice.say("leaders", name, year=two.year, before=two.year - 1, **figures)


def _since(parts: Parts, two: Years, voice: Voice) -> Paragraph:
    """Change of the total, as a rate, and why not in points."""
    if two.change is None:
        return joined(voice.say("missing", "leaders_before", before=two.year_before))
    old, new = scores_of(two)
    total = two.headline
    row = two.row(total, parts.level)
    maxima = float(old.max_points[total]), float(new.max_points[total])
    points = [float(scored.points.estimate[total]) for scored in (old, new)]
    since = voice.say(
        "leaders",
        "since",
        before=two.year_before,
        points=voice.points(points[0]),
        max=voice.points(maxima[0]),
        rate=voice.rate(row["before"]),
        moved=voice.moved(row["estimate"]),
        limits=bracketed(limits_of_change(row, parts.level, voice)),
        evidence=evidence(row["verdict"], parts.level, voice),
    )
    if maxima[0] == maxima[1]:
        return joined(since)
    shown = {"old": voice.points(maxima[0]), "new": voice.points(maxima[1])}
    moved = voice.moved(points[1] - points[0], "point")
    return joined(since, voice.say("leaders", "maxima", moved=moved, **shown))


def _groups(parts: Parts, two: Years, voice: Voice) -> str:
    """Rates of the groups, from high to low, with printed ranks."""
    table = leader_groups(two.result, published=parts.printed, level=parts.level, lang=voice.lang)
    frame = table.frame.sort_values("rate_after", ascending=False)
    ranked = "rank" in frame and frame["rank"].notna().any()
    listed = []
    for row in frame.to_dict("records"):
        has = ranked and pd.notna(row["rank"])
        rank = {"rank": voice.points(row["rank"])} if has else {}
        name = "group_rank" if has else "group_rate"
        rate = voice.rate(row["rate_after"])
        listed.append(voice.say("unit", name, label=within(row["label"]), rate=rate, **rank))
    said = voice.say(
        "leaders",
        "groups",
        groups=voice.listed(listed, long=True),
        see=parts.see(voice, "leader_groups", figures=["leaders"]),
    )
    if not ranked or parts.printed is None:
        return said
    source = cited(parts.printed, ("p2",), two.year, voice)
    return f"{said} {voice.say('leaders', 'group_ranks', source=source)}"


def _weights(two: Years, voice: Voice) -> str:
    """Weights of the groups, and whose they are."""
    scored = scores_of(two)[-1]
    weights = scored.weights
    if not (weights.eq(weights.iloc[:, 0], axis=0)).to_numpy().all():
        return voice.say("leaders", as_given("weights_items", *two.all))
    shares = [
        voice.say(
            "unit",
            "group_rate",
            label=within(two.label(str(group), voice)),
            rate=f"{voice.points(100.0 * share)}%",
        )
        for group, share in weights.iloc[:, 0].reindex(groups_of(scored)).items()
    ]
    listed = voice.listed(shares, long=True)
    return voice.say("leaders", as_given("weights", *two.all), weights=listed)


def _extremes(parts: Parts, two: Years, voice: Voice) -> str:
    """Domains with the highest rate and, the lowest first, the lowest rates."""
    rates = two.after.estimates.estimate[two.dimensions]
    filled = {
        "year": two.year,
        "count": voice.count(len(rates)),
        "see": parts.see(voice, "leader_domains"),
    }
    if len(rates) == 1:
        label, rate = bare(two.label(str(rates.index[0]), voice)), voice.rate(rates.iloc[0])
        return voice.say("leaders", "domain_single", label=label, rate=rate, **filled)
    found = extremes(two, rates, voice, "domain")
    if found is None:
        return voice.say("leaders", "domains_equal", rate=voice.rate(rates.iloc[0]), **filled)
    return voice.say("leaders", "domains", **found, **filled)


def _directions(parts: Parts, two: Years, voice: Voice) -> Paragraph:
    """Domains that rose and fell in the sample, and beyond sampling error."""
    changes = two.changes(parts.level)
    sample = in_sample(changes, two.dimensions, voice)
    rows = changes.loc[two.dimensions, "estimate"]
    sure = tested(two, changes, two.dimensions, voice, parts.level, "domains")
    items = [_fallen_items(two, str(code), sample, voice) for code in rows.index[rows < 0]]
    return joined(_ways(two, rows, sample, voice), sure, *items)


def _ways(two: Years, rows: pd.Series, sample: str, voice: Voice) -> str:
    """Say which domains rose and which fell."""
    rose, fell = rows[rows > 0], rows[rows < 0]
    filled = {"before": two.year_before, "all": voice.count(len(rows)), "sample": sample}
    if rose.empty and fell.empty:
        return voice.say("leaders", "none_moved", **filled)
    if len(rose) and len(fell):
        both = {"count": voice.count(len(rose)), "list": moves(two, rose, voice), **filled}
        if len(fell) == 1:
            label = bare(two.label(str(fell.index[0]), voice))
            moved = voice.moved(fell.iloc[0])
            return voice.say("leaders", "rose_but_one", label=label, moved=moved, **both)
        fallen = {"others": voice.count(len(fell)), "fallen": moves(two, fell, voice)}
        return voice.say("leaders", "rose_and_fell", **both, **fallen)
    way, those = ("rose", rose) if len(rose) else ("fell", fell)
    phrase = f"all_{way}" if 1 < len(those) == len(rows) else way
    count, listed = voice.count(len(those)), moves(two, those, voice)
    return voice.say("leaders", phrase, count=count, list=listed, **filled)


def _fallen_items(two: Years, domain: str, sample: str, voice: Voice) -> str | None:
    """Items of a domain that fell in the sample, of those that both years asked."""
    table = leader_items(two.result, lang=voice.lang).frame
    items = [item.code for item in two.after.instrument.index_items if item.dimension == domain]
    known = table.loc[items, "difference"].dropna()
    fell = known[known < 0].sort_values(kind="stable")
    if fell.empty:
        return None
    return voice.say(
        "leaders",
        "items",
        domain=bare(two.label(domain, voice)),
        count=voice.count(len(fell)),
        all=voice.count(len(known)),
        list=sizes(two, fell, voice),
        sample=sample,
    )
