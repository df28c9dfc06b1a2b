"""What of the household index fell and rose: dimensions, then statements."""

from __future__ import annotations

import pandas as pd

from sipas.phrases import Voice
from sipas.tables.two_years import FELL, ROSE, Years
from sipas.tables.uncertainty import per_cent
from sipas.wording.evidence import bare, evidence, in_sample, labels, sizes, tested
from sipas.wording.paragraphs import Paragraph, joined
from sipas.wording.report_parts import Parts
from survey.errors import SurveyError
from survey.ranks import fell_most
from survey.ranks.results import Direction

#: Statements named as those that moved most, or have the lowest rate.
MOST_STATEMENTS = 3
_WAYS: tuple[Direction, Direction] = ("fell", "rose")


def dimensions_moved(parts: Parts, two: Years, voice: Voice) -> Paragraph:
    """Say what fell and rose in the sample, what fell most there, and what the tests say."""
    changes = two.changes(parts.level)
    sample = in_sample(changes, two.dimensions, voice)
    rows = changes.loc[two.dimensions, "estimate"].sort_values(kind="stable")
    if len(rows) == 1:
        return joined(_only(two, changes.loc[rows.index[0]], sample, parts.level, voice))
    said: list[str | None] = []
    for way, moved in zip(_WAYS, (rows[rows < 0], rows[rows > 0][::-1]), strict=True):
        if len(moved):
            phrase = "compared_too" if said else "compared"
            compared = voice.say("households", phrase, before=two.year_before)
            filled = {"compared": compared, "sample": sample}
            said.append(_moved(moved, rows, way, two, voice, filled))
            said.append(_most(way, moved, two, voice, parts.level))
    if not said:
        said.append(voice.say("households", "none_moved", before=two.year_before, sample=sample))
    sure = tested(two, changes, two.dimensions, voice, parts.level, "dimensions")
    return joined(*said, sure)


def statements_moved(parts: Parts, two: Years, voice: Voice) -> Paragraph | None:
    """How many statements moved beyond sampling error, and which moved most in the sample."""
    if not two.statements:
        return None
    changes = two.changes(parts.level).loc[two.statements]
    sample = in_sample(changes, two.statements, voice)
    listed, tests = _counted(changes, voice)
    said = voice.say(
        "households",
        "statements" if tests else "statements_plain",
        all=voice.count(len(changes)),
        list=listed,
        level=per_cent(parts.level, voice),
        see=parts.see(voice, "statements", figures=["forest"]),
    )
    rows = changes["estimate"].sort_values(kind="stable")
    most = []
    for way, moved in zip(_WAYS, (rows[rows < 0], rows[rows > 0][::-1]), strict=True):
        if len(moved):
            phrase = f"statement{'s' if len(moved) > 1 else ''}_{way}"
            listed = sizes(two, moved[:MOST_STATEMENTS], voice)
            most.append(voice.say("households", phrase, list=listed, sample=sample))
    return joined(said, *most)


def _only(two: Years, row: pd.Series, sample: str, level: float, voice: Voice) -> str:
    """Say how the one dimension that there is moved."""
    return voice.say(
        "households",
        "only",
        label=bare(two.label(str(row.name), voice)),
        moved=voice.moved(row["estimate"]),
        sample=sample,
        before=two.year_before,
        evidence=evidence(row["verdict"], level, voice),
    )


def _moved(
    moved: pd.Series,
    rows: pd.Series,
    way: Direction,
    two: Years,
    voice: Voice,
    filled: dict[str, str],
) -> str:
    """Say of the dimensions that moved one way how many they are, and which moved most."""
    whole = len(moved) == len(rows)
    kind = "all" if whole else "some" if len(moved) > 1 else "single"
    return voice.say(
        "households",
        f"{kind}_{way}",
        before=two.year_before,
        count=voice.count(len(rows)),
        moved=voice.count(len(moved)),
        most=sizes(two, moved.iloc[: 2 if whole and len(moved) > 2 else 1], voice, "with"),
        least=sizes(two, moved.iloc[-1:], voice, "with"),
        **filled,
    )


def _most(way: Direction, moved: pd.Series, two: Years, voice: Voice, level: float) -> str | None:
    """Say which dimensions sampling error does not rule out as the one that moved most."""
    assert two.change is not None
    verdicts = two.changes(level).loc[two.dimensions, "verdict"]
    if len(moved) == 1 or verdicts.eq("census").all():  # nothing was called the most; or a fact
        return None
    if verdicts.eq("no degrees of freedom").any():
        return voice.say("households", f"order_{way}")
    try:
        found = fell_most(two.change, among=two.dimensions, direction=way, level=level)
    except SurveyError:  # too few PSUs for this test: the order in the sample is all there is
        return voice.say("households", f"order_{way}")
    first, *others = (str(code) for code in found.members)
    return voice.say(
        "households",
        f"most_{way}_{'set' if others else 'one'}",
        first=labels(two, [first], voice),
        others=labels(two, others, voice),
        level=per_cent(level, voice),
    )


def _counted(changes: pd.DataFrame, voice: Voice) -> tuple[str, bool]:
    """Count the statements by verdict, without what there is none of; and whether by tests."""
    verdicts, moves = changes["verdict"], changes["estimate"]
    census, without = verdicts.eq("census"), verdicts.eq("no degrees of freedom")
    if without.all():
        return voice.say("households", "statements_no_df"), False
    chosen = {
        "down": verdicts.isin(FELL),
        "up": verdicts.isin(ROSE),
        "same": verdicts.eq("equivalent"),
        "unsure": verdicts.eq("not enough evidence") | without,
        "census_down": census & moves.lt(0),
        "census_up": census & moves.gt(0),
        "census_same": census & moves.eq(0),
    }
    said = [
        voice.say(
            "households",
            f"statements_{name}{'_all' if rows.all() else ''}",
            count=voice.count(int(rows.sum())),
        )
        for name, rows in chosen.items()
        if rows.any()
    ]
    return voice.listed(said, long=True), not census.all()
