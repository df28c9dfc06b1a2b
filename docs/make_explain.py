"""Write docs/explain.md from the bundled answers: ``python docs/make_explain.py``.

Every figure of the page is computed here; nothing in it is typed in.
"""

from __future__ import annotations

from pathlib import Path

import sipas
from sipas import demonstration
from sipas.explaining import Explanation, explain

PAGE = Path(__file__).resolve().parent / "explain.md"

HEAD = """\
# Where a number comes from

```python
import sipas

answers = sipas.clean(sipas.datasets.load_hue_households(2022), "sipas-2022", sent=486)
index = sipas.satisfaction(answers)
sipas.explain(index, "S3")                            # in a notebook: folds open, step by step
print(sipas.explain(index, "S3").text("vi", depth=1)) # Vietnamese, two levels of steps
sipas.explain(index, "S3").table()                    # a row a step, full precision
```

An explanation starts at one number and goes down to the counts of answers: the formula in symbols,
the same formula with numbers, how sure the number is, how many forms were asked and what became of
them; then each part in the same way. Nothing is estimated a second time: values, weights and
standard errors are those computed with the index. Only answers are counted, and where a formula
does not give the number computed to 1e-9, `explain` raises an error instead of explaining.

| to explain | write |
| --- | --- |
| a statement, dimension, aspect, all | `explain(index, "S3.1")`, `"S3"`, `"services"`, `"sipas"` |
| one domain of an index with `by=` | `explain(index, "S3", domain="huyện A Lưới")` |
| an index weighted by group | `explain(index, "S3", weighted=True)` |
| a leader item, domain, the total | `explain(scores, "L2.1")`, `"D2"`, `"total"` |
| one group of leaders | `explain(scores, "hdnd")`, `explain(scores, "D2", domain="hdnd")` |

In the table, `weight` times `estimate`, added over the steps beneath, gives the estimate.
"""


def explained() -> dict[str, tuple[Explanation, int | None]]:
    """Explain a statement, a dimension and the leader total, with the depth shown of each."""
    index = sipas.satisfaction(demonstration.households(2022))
    weights = demonstration.LEADER_WEIGHTS
    scores = sipas.leader_scores(demonstration.leaders(2022), group_weights=weights)
    return {
        "One statement: S3.1": (explain(index, "S3.1"), None),
        "One dimension: S3": (explain(index, "S3"), 1),
        "The leader total": (explain(scores, "total"), 1),
    }


def page() -> str:
    """Write the whole page."""
    parts = [HEAD, demonstration.footnote("en"), ""]
    for title, (why, depth) in explained().items():
        parts += [f"## {title}", "", "```text", why.text("en", depth=depth), "```", ""]
    why, _ = explained()["One statement: S3.1"]
    parts += ["## The same in Vietnamese", "", "```text", why.text("vi"), "```", ""]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
