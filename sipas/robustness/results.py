"""The index, or its change, under every rule, and how much of what it says survives."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

import survey
from sipas.changes import Change, Year
from sipas.desk_words import ShownWithNotes, written
from sipas.instrument import Instrument
from sipas.labelling import label
from sipas.numerals import Lang, number, signed
from sipas.robustness.summaries import WHICH, by_option, switched_once
from sipas.robustness.words import option_label, option_name, word
from sipas.verdicts import NO_ERROR, p_values, took_everyone, verdicts
from survey.errors import SurveyError
from survey.intervals import IntervalMethod, check_level
from survey.scores import Bools, Floats


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SpecificationGrid(ShownWithNotes):
    """An index, or its change, under K rules; made by `specification_grid`.

    Parameters
    ----------
    rules : DataFrame
        Index ``rule``, from 1, the reference; a column a choice, then ``which`` was left out.
    estimates : tuple of survey.Estimates
        The index in per cent, or its change in percentage points, in the order of the rules.
    years : DataFrame
        The index of each year and its respondents.
    of : str
        Code of the index.
    reference : Change, SatisfactionIndex or LeaderScores
        The result under the reference rules.
    repeated : dict
        Links that compare the same statements as another, with the name of that one.
    """

    rules: pd.DataFrame
    estimates: tuple[survey.Estimates, ...]
    years: pd.DataFrame
    of: str
    reference: Change | Year
    repeated: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of rules."""
        return len(self.rules)

    @property
    def choices(self) -> tuple[str, ...]:
        """Choices with more than one option here."""
        names = [str(name) for name in self.rules if name != WHICH]
        return tuple(name for name in names if len(self.rules[name].unique()) > 1)

    @property
    def instrument(self) -> Instrument:
        """The questionnaire, the later one of two."""
        year = self.reference.after if isinstance(self.reference, Change) else self.reference
        return year.answers.instrument

    @property
    def point(self) -> Floats:
        """Index or change under each rule, (K,)."""
        return np.concatenate([part.point for part in self.estimates])

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest estimate under any rule."""
        return float(np.nanmin(self.point)), float(np.nanmax(self.point))

    @property
    def keeps_sign(self) -> int:
        """How many rules give a change of the sign that the reference gives."""
        return int(self._same_sign().sum())

    @property
    def keeps_verdict(self) -> int:
        """How many rules give the verdict of the reference, at the level of 95 %."""
        verdict = self._of_two_years("keeps_verdict").table()["verdict"]
        return int((verdict == verdict.iloc[0]).sum())

    def table(self, *, level: float = 0.95) -> pd.DataFrame:
        """List every rule.

        Parameters
        ----------
        level : float
            Confidence of the intervals; a test rejects below ``1 - level``.

        Returns
        -------
        DataFrame
            Index ``rule``; a column a choice, ``which`` was left out, ``reference``. One year:
            ``estimate se low high n df`` in per cent. Two years: ``before after``, the change in
            percentage points ``estimate se low high``, ``n_before n_after df p verdict``.
        """
        check_level(level)
        method: IntervalMethod = "mean" if isinstance(self.reference, Change) else "logit"
        tables = [part.table(level=level, method=method, df=True) for part in self.estimates]
        rows = pd.concat(tables).set_index(self.rules.index)
        made = self.rules.assign(reference=np.arange(len(self)) == 0)
        if not isinstance(self.reference, Change):
            rows["n"] = self.years["n_index"]
            return made.join(rows)
        census = pd.Series(self._census(rows["se"]), index=rows.index)
        rows.loc[((rows["se"] <= NO_ERROR) & ~census) | (rows["df"] < 1), ["low", "high"]] = np.nan
        rows["p"] = p_values(rows)
        rows["verdict"] = verdicts(rows.assign(p_adjusted=rows["p"]), census, level, None)
        made = made.join(self.years[["before", "after"]]).join(rows[["estimate", "se"]])
        counts = self.years[["n_before", "n_after"]]
        return made.join([rows[["low", "high"]], counts, rows[["df", "p", "verdict"]]])

    def summary(self, *, level: float = 0.95) -> pd.DataFrame:
        """List what the estimates are under each option of each choice, whatever the others.

        Parameters
        ----------
        level : float
            Of the verdicts.

        Returns
        -------
        DataFrame
            Index ``choice, option``, first ``("all", "")``; columns ``rules lowest median
            highest``, and for two years how many ``same_sign`` and ``same_verdict`` as the
            reference.
        """
        table = self.table(level=level)
        if isinstance(self.reference, Change):
            table["same_sign"] = self._same_sign()
            table["same_verdict"] = table["verdict"] == table["verdict"].iloc[0]
        return by_option(table, self.choices)

    def tornado(self, *, level: float = 0.95) -> pd.DataFrame:
        """List what switching one choice does, all others as in the reference.

        Parameters
        ----------
        level : float
            Of the verdicts.

        Returns
        -------
        DataFrame
            Index ``choice, option`` (the code, for what is left out), the largest effect first;
            columns ``estimate`` and its ``difference`` from the reference, and for two years
            ``verdict``.
        """
        return switched_once(self.table(level=level), self.choices)

    def _same_sign(self) -> Bools:
        point = self._of_two_years("keeps_sign").point
        return np.asarray(np.sign(point) == np.sign(point[0]))

    def _of_two_years(self, what: str) -> SpecificationGrid:
        """Refuse to speak of the change of one year."""
        if isinstance(self.reference, Change):
            return self
        raise SurveyError(
            f"{what}: the grid is of one year, and an index has no sign to keep.",
            mend="Pass both years to specification_grid.",
        )

    def _census(self, se: pd.Series) -> Bools:
        """Whether all years asked everyone, and everyone answered, rule by rule."""
        assert isinstance(self.reference, Change)
        designs = [year.design for year in (self.reference.before, self.reference.after)]
        return np.asarray(all(took_everyone(design) for design in designs) & (se <= NO_ERROR))

    def _caption(self, lang: Lang) -> str:
        if not isinstance(self.reference, Change):
            years = str(self.instrument.year)
        else:
            years = "–".join(str(one.year) for one in self.reference.instruments)
        name = label(self.instrument, self.of, lang)
        kind = "change" if isinstance(self.reference, Change) else "index"
        return word("grid", kind, lang, name=name, years=years, count=len(self))

    def _shown(self, lang: Lang) -> pd.DataFrame:
        table = self.summary()
        decimals = dict.fromkeys(("lowest", "median", "highest"), 2)
        made = written(table.reset_index(drop=True), decimals, lang)
        made.index = pd.Index([option_label(str(c), str(o), lang) for c, o in table.index])
        return made.rename(columns=lambda name: word("columns", name, lang))

    def _notes(self, lang: Lang) -> tuple[str, ...]:
        named = [
            [option_name("link", link, lang) for link in pair] for pair in self.repeated.items()
        ]
        links = [word("grid", "links", lang, one=one, other=other) for one, other in named]
        first = str(self.rules["groups"].iloc[0])
        unknown = self.instrument.kind == "leaders"
        name = option_name("groups", first, lang)
        told = [word("grid", "no_weights", lang, name=name)] if unknown else []
        return (self._finding(lang), *links, *told)

    def _finding(self, lang: Lang) -> str:
        """Say how many rules agree with the reference, and how far they lie apart."""
        first = float(self.point[0])
        low, high = self.range
        if not isinstance(self.reference, Change):
            told = [number(each, 2, lang=lang) for each in (first, low, high)]
            return word("grid", "of_one", lang, first=told[0], low=told[1], high=told[2])
        told = [signed(each, 2, lang=lang) for each in (first, low, high)]
        verdict = word("verdict", self.table()["verdict"].iloc[0], lang)
        kept = {"sign": self.keeps_sign, "same": self.keeps_verdict, "count": len(self)}
        span = {"first": told[0], "low": told[1], "high": told[2]}
        return word("grid", "of_two", lang, verdict=verdict, **kept, **span)
