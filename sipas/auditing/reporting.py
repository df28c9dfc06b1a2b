"""What an audit gives back: what does not agree, and how much was checked and does."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

from sipas.auditing.findings import SEVERITY, Count, Finding
from sipas.desk_words import ShownWithNotes
from sipas.numerals import Lang, number
from sipas.sentences import texts_in, worded
from survey.display import as_text

_FILE = Path(__file__).with_name("words.toml")
_NUMBERS = ("checked", "agreed", "failed")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AuditReport(ShownWithNotes):
    """What an audit found, and what it checked.

    Attributes
    ----------
    found : tuple of Finding
        One for each printed figure that does not agree, in the order of the tables.
    counts : tuple of Count
        How often each check was tried on each table, and how often it failed.
    named : mapping of str to mapping
        What each relation says, in Vietnamese and English, by its name.
    tables : tuple of str
        The files of the tables that were given.
    idle : tuple of str
        Those of them that hold no figure to check.
    unmatched : tuple of str
        Names of the user's own identities that join no figures of these tables.
    """

    found: tuple[Finding, ...]
    counts: tuple[Count, ...]
    named: Mapping[str, Mapping[str, str]]
    tables: tuple[str, ...]
    idle: tuple[str, ...]
    unmatched: tuple[str, ...]

    @property
    def findings(self) -> pd.DataFrame:
        """The findings as data.

        Columns: file, table, row (from 0), year, code, label, measure; printed (text); identity;
        kind; low, high (the tightest interval the figure should lie in) and recomputed (its
        middle); slip; severity; confidence; suspects (other figures that may be wrong instead).
        """
        names = [one.name for one in fields(Finding)]
        rows = [[getattr(one, name) for name in names] for one in self.found]
        made = pd.DataFrame(rows, columns=names)
        made.insert(names.index("slip") + 1, "severity", made["kind"].map(SEVERITY))
        return made

    @property
    def checked(self) -> pd.DataFrame:
        """How many times each check was tried on each table, agreed, and failed."""
        rows = [[one.identity, one.table, one.checked, one.failed] for one in self.counts]
        made = pd.DataFrame(rows, columns=["identity", "table", "checked", "failed"])
        made = made.groupby(["identity", "table"], sort=False, as_index=False).sum()
        made.insert(3, "agreed", made["checked"] - made["failed"])
        return made

    def table(self, lang: Lang = "vi") -> pd.DataFrame:
        """Give the findings in words, one row a finding.

        Parameters
        ----------
        lang : {"vi", "en"}
            Language of headings, words and decimal marks.
        """
        rows = [
            {
                "table": one.table,
                "year": one.year,
                "code": one.code,
                "measure": _word("measure", one.measure, lang),
                "printed": one.printed,
                "expected": _expected(one, lang),
                "kind": _word("kind", one.kind, lang),
                "slip": _word("slip", one.slip, lang),
                "identity": self._relation(one.identity, lang),
                "confidence": _word("confidence", one.confidence, lang),
            }
            for one in self.found
        ]
        headings = ["table", "year", "code", "measure", "printed", "expected"]
        headings += ["kind", "slip", "identity", "confidence"]
        made = pd.DataFrame(rows, columns=headings)
        return made.rename(columns={name: _word("columns", name, lang) for name in headings})

    def checks(self, lang: Lang = "vi") -> pd.DataFrame:
        """Give what was checked in words, one row a relation, over all tables."""
        made = self.checked
        made["identity"] = [self._relation(name, lang) for name in made["identity"]]
        made = made.groupby("identity", sort=False)[list(_NUMBERS)].sum()
        made.index.name = _word("columns", "identity", lang)
        return made.rename(columns={name: _word("columns", name, lang) for name in _NUMBERS})

    def full_text(self, lang: Lang = "vi") -> str:
        """Write the findings, and below them what was checked."""
        checks = self.checks(lang)
        shown = checks.map(lambda count: number(int(count), 0, lang=lang))
        return "\n".join([self.text(lang), as_text("", shown)])

    def _relation(self, name: str, lang: Lang) -> str:
        """Say what a relation is."""
        return self.named.get(name, {}).get(lang, "") or _word("check", name, lang)

    def _caption(self, lang: Lang) -> str:
        return _filled("caption", lang, tables=len(self.tables), found=len(self.found))

    def _shown(self, lang: Lang) -> pd.DataFrame:
        made = self.table(lang)
        made.index = pd.RangeIndex(1, len(made) + 1)
        return made

    def _notes(self, lang: Lang) -> tuple[str, ...]:
        checked = sum(one.checked for one in self.counts)
        failed = sum(one.failed for one in self.counts)
        numbers = {"checked": checked, "agreed": checked - failed, "failed": failed}
        shown = {name: number(value, 0, lang=lang) for name, value in numbers.items()}
        notes = [_filled("counts", lang, **shown)]
        kinds = Counter(one.kind for one in self.found)
        listed = [
            f"{_word('kind', kind, lang)} {kinds[kind]}" for kind in SEVERITY if kind in kinds
        ]
        notes.append(
            _filled("kinds", lang, listed="; ".join(listed)) if listed else _filled("none", lang)
        )
        if self.idle:
            notes.append(_filled("idle", lang, tables=", ".join(self.idle)))
        if self.unmatched:
            notes.append(_filled("unmatched", lang, names=", ".join(self.unmatched)))
        return tuple(notes)


def _word(part: str, name: str, lang: Lang) -> str:
    """Give a word of the audit; a name that has none, such as a user's own, stays as it is."""
    return worded(_FILE, part, name)[lang] if name in texts_in(_FILE)[part] else name


def _filled(name: str, lang: Lang, **filled: object) -> str:
    """Fill in one sentence of the report."""
    return worded(_FILE, "report", name, **filled)[lang]


def _expected(one: Finding, lang: Lang) -> str:
    """Write the interval in which a figure should lie, with a digit more than it was printed."""
    low, high = (None if not math.isfinite(end) else end for end in (one.low, one.high))
    shown = {
        name: number(end, _places(one, end), lang=lang)
        for name, end in (("low", low), ("high", high))
        if end is not None
    }
    if low is None and high is None:
        return ""
    if len(shown) == 2:
        return shown["low"] if shown["low"] == shown["high"] else _filled("from_to", lang, **shown)
    return _filled("at_least" if high is None else "at_most", lang, **shown)


def _places(one: Finding, value: float) -> int:
    """Choose the decimals of an end: as many as it needs, at most two more than printed."""
    _, _, fraction = one.printed.replace(",", ".").rpartition(".")
    most = (len(fraction) if fraction != one.printed else 0) + 2
    return next(
        places
        for places in range(most + 1)
        if places == most or round(value, places) == round(value, most)
    )
