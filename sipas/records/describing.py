"""One survey as a record holds it: questionnaire, answers, design, how its indices are made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sipas.changes import Year
from sipas.instrument import Instrument
from sipas.leaders import GROUP, LeaderScores
from sipas.records.canonical import canonical_csv, digest, file_digest, instrument_digest
from sipas.records.designs import columns_of, how_made
from sipas.responses import Answers
from survey.scores import Floats


def described(
    year: Year, whole: Instrument, file: str, source: str | Path | None
) -> tuple[dict[str, Any], tuple[str, str]]:
    """Describe one survey, and give its file of answers by name and text."""
    answers, design, scheme = year.answers, year.design, year.scheme
    context = sorted({*columns_of(design), *_grouping(year)})
    text = canonical_csv(design.data, [*context, *scheme.items])
    levels = answers.instrument.scale.levels
    content = {
        "instrument": {
            "id": whole.id,
            "kind": whole.kind,
            "year": whole.year,
            "sha256": instrument_digest(whole),
        },
        "answers": {
            "file": file,
            "rows": len(answers.data),
            "columns": [*context, *scheme.items],
            "sha256": digest(text),
            "source_sha256": None if source is None else file_digest(source),
            "sent": _sent(answers),
        },
        "design": how_made(answers, design),
        "items": list(scheme.items),
        "reversed": [item.code for item in answers.instrument.index_items if item.reverse],
        "ends": min(levels) + max(levels),
        "scores": _scores(year),
        "indices": {code: _weights_of(scheme.items, scheme.row(code)) for code in scheme.codes},
    }
    if isinstance(year, LeaderScores):
        content["group_weights"] = by_item(year)
    return content, (file, text)


def _grouping(year: Year) -> list[str]:
    """Name the columns by which a result is told apart or weighted."""
    if isinstance(year, LeaderScores):
        return [GROUP]
    return [*year.by, *(year.rules.group_weights or {})]


def _scores(year: Year) -> dict[str, float]:
    """Score of each level in per cent."""
    scale = year.answers.instrument.scale
    if isinstance(year, LeaderScores):
        scores = [100.0 * score for score in scale.scores]
    elif year.rules.score == "top2":
        scores = [100.0 * (level in scale.satisfied) for level in scale.levels]
    else:
        low, high = min(scale.levels), max(scale.levels)
        scores = [(level - low) / (high - low) * 100.0 for level in scale.levels]
    return {str(level): score for level, score in zip(scale.levels, scores, strict=True)}


def _weights_of(items: Sequence[str], row: Floats) -> dict[str, float]:
    """Weights of the items that enter an index."""
    return {item: float(weight) for item, weight in zip(items, row, strict=True) if weight != 0}


def _sent(answers: Answers) -> int | dict[str, int] | None:
    """Forms sent, by group where that is known."""
    each = answers.response.by_group["sent"]
    if len(each) and bool(each.notna().all()):
        return {str(group): int(count) for group, count in each.items()}
    return answers.response.sent


def by_item(year: LeaderScores) -> dict[str, dict[str, float]]:
    """Weight of each group in each item, as used."""
    return {
        str(item): {str(group): float(share) for group, share in column.items()}
        for item, column in year.weights.items()
    }
