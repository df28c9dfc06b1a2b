"""Write docs/change.md from the bundled answers: ``python docs/make_change.py``.

Every figure and sentence of the page is computed here; nothing in it is typed in.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import sipas
from sipas import demonstration
from sipas.changes import Change
from sipas.numerals import number, p_value, signed
from sipas.wording.change_sentences import sentences_of

PAGE = Path(__file__).resolve().parent / "change.md"

HEAD = """\
# Is the change real?

```python
import sipas

years = [sipas.clean(sipas.datasets.load_hue_households(y), f"sipas-{y}") for y in (2021, 2022)]
moved = sipas.compare(*years, link="items")
moved.table()
```

**Change.** Both years are computed under the same rules and subtracted, in one calculation that
keeps what their errors share: when the same communes are visited again (matched by name), a good
commune is good in both years, and this part of the error cancels in the difference
(V₁ + V₂ − 2C₁₂). Each year keeps exactly its own standard error. `paired=False` declares that the
communes were drawn anew. The result says how many were met again. One commune in common tells
nothing of this: the years then count as independent, with a warning.

**Degrees of freedom** are those of the communes, never of the respondents: communes less districts
when all were visited twice, otherwise more, at most those of both years together
([decision 2](decisions/0002-df-across-samples.md)). Below one there is no interval, no p, and the
verdict *no degrees of freedom*.

**Interval.** Estimate ± t·se. The share of one statement above 95 % or below 5 % in either year
gets lopsided limits instead (MOVER, see below); the column `interval` says which. There p and
verdict stay those of the t test and may differ from the limits. What did not vary in the sample
has no t interval: a width of zero would claim too much.
Intervals are of one row each. Where tests of many rows are adjusted, an interval can leave out 0
and the verdict still be *not enough evidence* (S3.7 below).

**Many rows.** Of 22 tests at 5 %, about one rejects by chance alone. The five dimensions are
therefore adjusted by Holm, the statements by Benjamini–Hochberg, the index not at all; with `by=`
the rows of all places count together. `adjust="max_t"` draws the joint distribution of each
family instead, and is stricter for the statements.
`moved.joint_test()` asks in one test whether any dimension moved; with more rows than degrees of
freedom it is refused.

**Verdict.** *fell* or *rose* when the adjusted p is below 5 % (*but by less than the margin* if
`equivalence=` was set and the change is smaller); *equivalent* when the change is shown to lie
within the margin on both sides; otherwise *not enough evidence*, which never means *no change*.
Two years in which everyone answered are a *census*: the change is a fact and has no p, unless
`superpopulation=True`.

**What could have been seen.** `detectable` is the smallest observed change that is significant
before adjustment, t₉₇.₅·se; `detectable_80` the true change that the design finds with a chance of
about 80 %, (t₉₇.₅ + t₈₀)·se.

**What fell most** is another question, answered by a set, not by the largest number: see
[order](order.md). What made the change: see [drivers](drivers.md).

**How large, and between which answers.** `moved.effects()` gives Cohen's h and Cliff's delta.
`moved.flow("S3.2")` gives the change of the share of each answer with its error, what crossed from
each answer to its neighbour, and the least movement that accounts for it: net of everything, never
of persons.

**More years.** `sipas.compare_years(a, b, c, link="items")` lists each year against the next and
the first against the last, adjusted within each.

| word | meaning |
| --- | --- |
| se | standard error: how far the figure would typically move in another sample of communes |
| df | degrees of freedom: how well the standard error itself is known; with few, t is larger |
| p | chance of a change at least this large in the sample if there was none |
| MOVER | limits of a change made of both years' own limits, which stay between 0 and 100 |
| Holm | keeps the chance of any false claim among the rows below 5 % |
| Benjamini–Hochberg | keeps the expected share of false claims among the claims below 5 % |
| max-T | as Holm, but uses how the rows vary together; drawn, with a recorded seed |
| Cohen's h | difference of two shares on a scale on which .2 is small, .5 medium, .8 large |
| Cliff's delta | how often an answer of the later year is the higher one, less how often lower |
"""


def compared() -> Change:
    """Give the change of the bundled answers."""
    years = [
        sipas.clean(sipas.datasets.load_hue_households(year), f"sipas-{year}")
        for year in (2021, 2022)
    ]
    return sipas.compare(*years, link="items")


def page() -> str:
    """Write the whole page."""
    moved = compared()
    table, said = moved.table(), sentences_of(moved)
    one = table["level"].isin(["dimension", "aspect"])
    many = table["level"] == "statement"
    return "\n".join(
        [
            HEAD,
            "## The bundled answers",
            "",
            demonstration.footnote("en"),
            f"{moved.shared_psus} communes were visited in both years; percentage points.",
            "",
            *_rows(table[one]),
            "",
            *_said(said[one]),
            "",
            "## Statements",
            "",
            *_rows(table[many]),
            "",
            *_said(said[many]),
            "",
            "## From answer to answer",
            "",
            *_flow(moved, "S3.2"),
            "",
        ]
    )


def _rows(table: pd.DataFrame) -> list[str]:
    """Lay out a table of changes."""
    heads = "2021 | 2022 | change | se | 95 % interval | df | p | adjusted | verdict"
    lines = [f"| | {heads} | detectable | at 80 % |"]
    lines.append("| --- | " + "---: | " * 8 + "--- | ---: | ---: |")
    for code, row in table.iterrows():
        cells = [
            str(code),
            *(number(row[name], lang="en") for name in ("before", "after")),
            signed(row["estimate"], lang="en"),
            number(row["se"], lang="en"),
            f"{signed(row['low'], lang='en')} to {signed(row['high'], lang='en')}",
            number(row["df"], 1, lang="en"),
            *(p_value(row[name], lang="en") for name in ("p", "p_adjusted")),
            row["verdict"],
            *(number(row[name], lang="en") for name in ("detectable", "detectable_80")),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _said(sentences: pd.Series) -> list[str]:
    """List sentences by code."""
    return [f"- **{code}** {sentence}" for code, sentence in sentences.items()]


def _flow(moved: Change, code: str) -> list[str]:
    """Lay out the flow of one statement."""
    flow = moved.flow(code)
    lines = [f"`moved.flow({code!r})`, per cent of the valid answers:", ""]
    lines += ["| answer | 2021 | 2022 | change | se |", "| --- | ---: | ---: | ---: | ---: |"]
    for (_, answer), row in flow.table().iterrows():
        shown = [number(row[name], lang="en") for name in ("before", "after")]
        shown += [signed(row["estimate"], lang="en"), number(row["se"], lang="en")]
        lines.append(f"| {answer} {row['label']} | {' | '.join(shown)} |")
    moves = [
        f"{origin} → {target} {number(share, lang='en')}"
        for (_, origin, target), share in flow.moves()["share"].items()
    ]
    return [*lines, "", f"The least movement that accounts for it: {'; '.join(moves)}."]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
