"""The finding of each chart in one sentence, and what its rows are called.

A fall is called a fall only where the verdict says so; what is merely largest is largest in the
sample.
"""

from __future__ import annotations

import pandas as pd

from sipas.changes import Change
from sipas.charts.particulars import cell, short_name
from sipas.charts.words import change as points
from sipas.charts.words import inert, lowered, opened, value, word
from sipas.composites import OVERALL, TOTAL, Level
from sipas.drivers import Contributions
from sipas.instrument import Instrument
from sipas.key_drivers import Priorities
from sipas.key_drivers.quadrants import column_of
from sipas.labelling import label
from sipas.leaders import LeaderScores
from sipas.numerals import Lang
from sipas.verdicts import ADJUSTMENT
from survey.errors import SurveyError, first_five

#: What contributions by these are rows of the questionnaire, not groups of the data.
CODED = ("statement", "dimension")
#: A quadrant is sure from this share of replicates on.
SURE = 0.95
#: The groups of leaders taken together.
ALL = "all"


def answers_title(table: pd.DataFrame, instrument: Instrument, lang: Lang) -> str:
    """Name the statements with the lowest and the highest share satisfied."""
    low, high = table["satisfied"].idxmin(), table["satisfied"].idxmax()
    return word(
        "answers",
        "title",
        lang,
        lowest=short_name(low, table, instrument, lang),
        low=value(cell(table, low, "satisfied"), lang),
        highest=short_name(high, table, instrument, lang),
        high=value(cell(table, high, "satisfied"), lang),
    )


def change_rows(moved: Change, level_of: Level, level: float, lang: Lang) -> pd.DataFrame:
    """Rows of one level."""
    table = moved.table(level=level, lang=lang)
    rows = table[table["level"] == level_of]
    if rows.empty:
        raise SurveyError(
            f"charts.change(level_of={level_of!r}): this change has no such rows.",
            mend=f"It has {first_five(table['level'].unique())}.",
        )
    return rows


def change_noun(moved: Change, table: pd.DataFrame, level_of: Level, lang: Lang) -> str:
    """Name the kind of the rows."""
    if table.index.nlevels > 1:
        return word("noun", "domain", lang)
    leaders = isinstance(moved.after, LeaderScores) and level_of in ADJUSTMENT
    return word("noun", f"leader_{level_of}" if leaders else level_of, lang)


def change_title(moved: Change, table: pd.DataFrame, level_of: Level, lang: Lang) -> str:
    """Say what fell or rose, by the verdicts alone."""
    fell, rose = (table["verdict"] == "fell").sum(), (table["verdict"] == "rose").sum()
    census = (table["verdict"] == "census").all()
    kind = "census" if census else _kind(fell, rose, len(table), moved.equivalence)
    largest = {"fell": table["estimate"].idxmin(), "rose": table["estimate"].idxmax()}
    side = kind.rpartition("_")[2]
    key = largest.get(side, table["estimate"].abs().idxmax())
    name = short_name(key, table, moved.after.instrument, lang)
    return word(
        "change",
        kind,
        lang,
        count=len(table),
        noun=change_noun(moved, table, level_of, lang),
        fell=(table["estimate"] < 0).sum() if census else fell,
        rose=rose,
        row=name if kind.startswith("one") or table.index.nlevels > 1 else lowered(name),
        points=points(cell(table, key, "estimate"), lang),
        doubt=word("change", "doubt", lang) if _doubtful(kind, key, table) else "",
        margin=value(moved.equivalence or 0.0, lang, 1),
    )


def has_evidence(verdict: str, change: float) -> bool:
    """Whether a row moved: by its verdict, or as a fact of a census."""
    return verdict in ("fell", "rose") or (verdict == "census" and change != 0.0)


def _doubtful(kind: str, key: object, table: pd.DataFrame) -> bool:
    """Whether the row named in a title about evidence has none itself."""
    verdicts: dict[object, str] = table["verdict"].to_dict()
    return kind in ("some_fell", "some_rose", "both") and verdicts[key] not in ("fell", "rose")


def _kind(fell: int, rose: int, count: int, margin: float | None) -> str:
    """Choose the sentence: how many rows have evidence of a fall, of a rise."""
    if not fell and not rose:
        return "none" if margin is None else "none_margin"
    if fell and rose:
        return "both"
    side = "fell" if fell else "rose"
    if count == 1:
        return f"one_{side}"
    return f"all_{side}" if fell + rose == count else f"some_{side}"


def split_nouns(account: Contributions, lang: Lang) -> list[str]:
    """Name the kind of the parts, of each split."""
    return [word("noun", name if name in CODED else "domain", lang) for name in account.by]


def account_title(account: Contributions, level: float, lang: Lang) -> str:
    """Say how the index moved, and which part was the largest on that side."""
    total = account.total.table(level=level, method="mean").iloc[0]
    table = account.table(level=level, lang=lang)
    fell = total["estimate"] < 0
    key = table["estimate"].idxmin() if fell else table["estimate"].idxmax()
    name = short_name(key, table, account.change.after.instrument, lang)
    sure = total["low"] > 0 or total["high"] < 0
    size = abs(total["estimate"]) if sure else total["estimate"]
    index = index_name(account, lang)
    return opened(
        word(
            "contributions",
            ("fell" if fell else "rose") if sure else "unsure",
            lang,
            index=index if sure else lowered(index),
            points=value(size, lang) if sure else points(size, lang),
            row=lowered(name) if str(key) in table.index and account.by[0] in CODED else name,
            part=points(cell(table, key, "estimate"), lang),
        )
    )


def index_name(account: Contributions, lang: Lang) -> str:
    """Name the index whose change is split, as the report does."""
    if account.of == TOTAL:
        return word("contributions", "total", lang)
    if account.of == OVERALL:
        return word("contributions", "whole", lang)
    if account.of == "services":
        levels = account.change.table()["level"]
        alone = levels.isin(("aspect", "overall")).sum() == 1
        return word("contributions", "whole" if alone else "services", lang)
    return inert(label(account.change.after.instrument, account.of, lang))


def priorities_title(found: Priorities, table: pd.DataFrame, lang: Lang) -> str:
    """Name what is important and poor, and how sure that is."""
    chance = table[column_of("concentrate here")]
    sure = chance >= SURE
    instrument = found.instrument
    if sure.any():
        names = [short_name(c, table, instrument, lang) for c in chance.index[sure]]
        least = value(100.0 * float(chance[sure].min()), lang, 0)
        return word("priorities", "sure", lang, row="; ".join(names), share=least)
    nearest = chance.idxmax()
    return word(
        "priorities",
        "unsure",
        lang,
        noun=word("noun", found.importance.by, lang),
        row=lowered(short_name(nearest, table, instrument, lang)),
        share=value(100.0 * float(chance.max()), lang, 0),
    )


def leaders_title(cells: pd.DataFrame, scores: LeaderScores, lang: Lang) -> str:
    """Name the groups that rate lowest and highest on the whole."""
    names = group_names(scores, lang)
    total = {group: cell(cells, (TOTAL, group), "estimate") for group in names if group != ALL}
    low, high = min(total, key=total.__getitem__), max(total, key=total.__getitem__)
    filled = {"lowest": names[low], "low": value(total[low], lang)}
    filled |= {"highest": names[high], "high": value(total[high], lang)}
    return opened(word("leaders", "title" if len(total) > 1 else "title_one", lang, **filled))


def group_names(scores: LeaderScores, lang: Lang) -> dict[str, str]:
    """Name all together, then each group present, in the order of the instrument."""
    labels = {group.code: inert(group.label[lang]) for group in scores.instrument.groups}
    present = [str(group) for group in scores.weights.index]
    known = [group for group in labels if group in present]
    others = {group: group for group in present if group not in labels}
    return {ALL: word("leaders", ALL, lang)} | {group: labels[group] for group in known} | others
