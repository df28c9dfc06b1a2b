"""What the diagnosis of an index found, as tables and in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sipas.changes import Year
from sipas.desk_words import ShownWithNotes, written
from sipas.diagnostics.words import word
from sipas.instrument import Instrument
from sipas.labelling import label
from sipas.numerals import Lang, number
from survey.errors import first_five

#: Alpha above which statements repeat each other, and below which they measure several things:
#: Terwee et al. (2007), *Journal of Clinical Epidemiology* 60, 34–42.
REDUNDANT, LOOSE = 0.95, 0.70
#: Item-rest correlation below which a statement does not belong: Nunnally & Bernstein (1994),
#: *Psychometric Theory*, ch. 8.
APART = 0.30
#: Correlation above which two statements ask nearly the same.
TWINS = 0.80
#: Per cent of respondents at one end of a scale, above which it cannot tell them apart: Terwee
#: et al. (2007).
CROWDED = 15.0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class IndexDiagnostics(ShownWithNotes):
    """What the diagnosis of an index found; made by `index_diagnostics`.

    Parameters
    ----------
    index : SatisfactionIndex or LeaderScores
        What was diagnosed.
    of : str
        Code of the index.
    level : float
        Confidence of the intervals.
    dimension_rows, statement_rows : DataFrame
        The numbers of `dimensions` and `statements`.
    correlations : DataFrame
        Correlation of each statement with each other.
    """

    index: Year
    of: str
    level: float
    dimension_rows: pd.DataFrame
    statement_rows: pd.DataFrame
    correlations: pd.DataFrame

    @property
    def instrument(self) -> Instrument:
        """The questionnaire."""
        return self.index.answers.instrument

    def dimensions(self, *, lang: Lang = "en") -> pd.DataFrame:
        """List every dimension, and last the whole index.

        Parameters
        ----------
        lang : {"vi", "en"}
            Language of the labels.

        Returns
        -------
        DataFrame
            Index ``code``; columns ``label``; ``nominal`` weight, ``effective effective_se
            effective_low effective_high``, ``main_effect`` and ``linear``; ``items``, ``alpha``
            and ``omega``, each with ``_se _low _high``, ``n``; ``floor floor_se ceiling
            ceiling_se`` in per cent. The whole has no weight.
        """
        return self._labelled(self.dimension_rows, lang)

    def statements(self, *, lang: Lang = "en") -> pd.DataFrame:
        """List every statement.

        Parameters
        ----------
        lang : {"vi", "en"}
            Language of the labels.

        Returns
        -------
        DataFrame
            Index ``code``; columns ``label dimension mean sd``, the correlation with the rest of
            its dimension ``estimate se low high``, ``alpha_if_deleted``, ``floor floor_se ceiling
            ceiling_se`` in per cent, ``n``.
        """
        return self._labelled(self.statement_rows, lang)

    def findings(self, lang: Lang = "en") -> tuple[str, ...]:
        """Say what deserves a look, by the thresholds of the literature named in the docs."""
        scales, items = self.dimension_rows, self.statement_rows
        parts = scales.iloc[:-1]
        several = parts[parts["items"] > 1]
        owner = parts["alpha"].reindex(items["dimension"]).to_numpy()
        full = (several[["floor", "ceiling"]] > CROWDED).any(axis=1)
        cases: dict[str, list[object]] = {
            "redundant": list(parts.index[parts["alpha"] > REDUNDANT]),
            "loose": list(scales.index[scales["alpha"] < LOOSE]),
            "apart": list(items.index[items["estimate"] < APART]),
            "better_without": list(items.index[items["alpha_if_deleted"] > owner]),
            "twins": [*self._twins()],
            "crowded": list(several.index[full]),
        }
        limits = {"redundant": REDUNDANT, "loose": LOOSE, "apart": APART, "twins": TWINS}
        said = [
            word("finding", name, lang, codes=first_five(found).replace("'", ""),
                 limit=number(limits.get(name, CROWDED), 0 if name == "crowded" else 2, lang=lang))
            for name, found in cases.items()
            if len(found)
        ]  # fmt: skip
        return (*said, self._pull(lang))

    def _twins(self) -> list[str]:
        """Pairs of statements that go together nearly always."""
        high = np.triu(self.correlations.to_numpy() > TWINS, k=1)
        codes = [str(code) for code in self.correlations.index]
        return [f"{codes[a]}–{codes[b]}" for a, b in np.argwhere(high)]

    def _pull(self, lang: Lang) -> str:
        """Name the dimension whose effective weight lies farthest from its nominal one."""
        rows = self.dimension_rows.iloc[:-1]
        code = str((rows["effective"] - rows["nominal"]).abs().idxmax())
        names = ("nominal", "effective", "effective_low", "effective_high")
        shares = {name: number(rows[name].to_dict()[code], 3, lang=lang) for name in names}
        return word("finding", "pull", lang, code=code, **shares)

    def _labelled(self, table: pd.DataFrame, lang: Lang) -> pd.DataFrame:
        made = table.rename_axis("code")
        made.insert(0, "label", [label(self.instrument, str(code), lang) for code in table.index])
        return made

    def _caption(self, lang: Lang) -> str:
        name = label(self.instrument, self.of, lang)
        return word("page", "caption", lang, name=name, year=self.instrument.year)

    def _shown(self, lang: Lang) -> pd.DataFrame:
        names = {"items": 0, "alpha": 3, "alpha_low": 3, "alpha_high": 3, "omega": 3}
        names |= {"nominal": 3, "effective": 3, "effective_low": 3, "effective_high": 3}
        names |= {"floor": 1, "ceiling": 1, "n": 0}
        made = written(self.dimension_rows[list(names)], names, lang)
        return made.rename(columns=lambda name: word("columns", name, lang))

    def _notes(self, lang: Lang) -> tuple[str, ...]:
        return self.findings(lang)
