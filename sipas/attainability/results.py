"""What the granularity test of a printed figure found, as a table and in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import pandas as pd

from sipas.attainability.rules import Explanation, Question
from sipas.attainability.sums import Attained, spelled
from sipas.desk_words import ShownWithNotes, word, written
from sipas.numerals import Lang, number

Unit = Literal["percent", "satisfied", "points", "mean"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Attainability(ShownWithNotes):
    """What was asked of a printed figure, and how it can have come about.

    Parameters
    ----------
    question : Question
        The figure and the answers, in exact fractions.
    explanations : tuple of Explanation
        What each rule gives.
    unit : {"percent", "satisfied", "points", "mean"}
        What the figure measures.
    scores : tuple of Fraction
        What each level earns.
    """

    question: Question
    explanations: tuple[Explanation, ...]
    unit: Unit
    scores: tuple[Fraction, ...]

    @property
    def possible(self) -> bool:
        """Whether complete answers can give the figure."""
        return self._of("complete").missing is not None

    @property
    def blanks(self) -> int | None:
        """Fewest answers left blank, each item over its own answers, that make it possible.

        0 where complete answers do; None where as many as were tried do not.
        """
        return 0 if self.possible else self._of("items").missing

    @property
    def below(self) -> float:
        """Greatest figure up to the printed one that complete answers give; NaN without one."""
        return _value(self._of("complete").below)

    @property
    def above(self) -> float:
        """Smallest figure from the printed one on that complete answers give; NaN without one."""
        return _value(self._of("complete").above)

    def table(self) -> pd.DataFrame:
        """List the rules.

        Returns
        -------
        DataFrame
            Index ``rule``: ``complete``; ``other_rounding`` (complete, but cut off where rounding
            was asked for, or rounded); ``forms`` (fewer people, who answered everything);
            ``items`` (blanks, each item a mean of its own answers); ``pooled`` (blanks, one mean
            of all answers; only where items weigh alike). Columns ``possible`` (missing where
            nothing could be tried), ``missing`` (fewest forms or answers lacking), ``tried``,
            ``answers`` and, at full precision, ``below`` and ``above``: the attainable figures
            next to the printed one.
        """
        rows = [
            (
                one.rule,
                one.possible,
                one.missing,
                one.tried,
                sum(kind.answers * kind.items for kind in one.kinds),
                _value(one.below),
                _value(one.above),
            )
            for one in self.explanations
        ]
        columns = ["rule", "possible", "missing", "tried", "answers", "below", "above"]
        kinds = {"possible": "boolean", "missing": "Int64"}
        return pd.DataFrame(rows, columns=columns).astype(kinds).set_index("rule")

    def counts(self) -> pd.DataFrame:
        """Give counts of answers that lead to the figure, one example a rule.

        Returns
        -------
        DataFrame
            Index ``rule, part`` (items with as many answers and the same maximum); columns
            ``items``, ``answers``, and the answers at each score. Rules that cannot give the
            figure have no rows.
        """
        rows, keys = [], []
        names = [float(score) for score in sorted(set(self.scores))]
        for one in self.explanations:
            totals = () if one.example is None else one.example.totals
            for part, (kind, total) in enumerate(zip(one.kinds, totals, strict=False), start=1):
                everybody = kind.items * kind.answers
                levels = spelled(total, everybody, self.question.steps)
                rows.append([kind.items, everybody, *levels])
                keys.append((one.rule, part))
        index = pd.MultiIndex.from_tuples(keys, names=["rule", "part"])
        return pd.DataFrame(rows, index=index, columns=["items", "answers", *names])

    def _of(self, rule: str) -> Explanation:
        return next(one for one in self.explanations if one.rule == rule)

    def _caption(self, lang: Lang) -> str:
        kinds = self.question.kinds
        items, forms = sum(kind.items for kind in kinds), max(kind.answers for kind in kinds)
        return word(
            "attainable",
            "caption",
            lang,
            figure=self._figure(lang),
            forms=forms,
            items=word("common", "one_item" if items == 1 else "items", lang, count=items),
            levels=len(self.scores),
        )

    def _figure(self, lang: Lang) -> str:
        value = number(self.question.printed, self.question.decimals, lang=lang)
        return word("unit", self.unit, lang, value=value)

    def _shown(self, lang: Lang) -> pd.DataFrame:
        decimals = dict.fromkeys(("below", "above"), self.question.decimals + 2)
        made = written(self.table(), decimals, lang)
        other = "truncation" if self.question.rounding == "half_up" else "half_up"
        rounding = word("attainable", other, lang)
        made.index = pd.Index(
            [word("attainable", rule, lang, rounding=rounding) for rule in made.index]
        )
        return made.rename(columns=lambda name: word("attainable_columns", name, lang))

    def _notes(self, lang: Lang) -> tuple[str, ...]:
        places = self.question.decimals + 2
        ends = {
            "below": number(self.below, places, lang=lang),
            "above": number(self.above, places, lang=lang),
        }
        notes = [word("attainable", "yes" if self.possible else "no", lang, **ends)]
        if not self.possible:
            found = self.blanks is not None
            count = self.blanks if found else self._of("items").tried
            notes.append(word("attainable", "blanks" if found else "stopped", lang, count=count))
        if self.unit in ("percent", "points"):
            mark = "; " if lang == "vi" else ", "
            scores = mark.join(_short(score, lang) for score in self.scores)
            notes.append(word("attainable", "assumed", lang, scores=scores))
        return tuple(notes)


def _value(side: Attained | None) -> float:
    """Give the figure of a neighbour, NaN without one."""
    return math.nan if side is None else float(side.value)


def _short(score: Fraction, lang: Lang) -> str:
    """Write a score without zeros that say nothing."""
    mark = "," if lang == "vi" else "."
    text = number(float(score), 4, lang=lang)
    return text.rstrip("0").rstrip(mark)
