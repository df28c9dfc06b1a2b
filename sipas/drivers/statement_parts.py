"""What each statement or dimension contributed: contrasts of the stacked years."""

from __future__ import annotations

import numpy as np
import pandas as pd

import survey
from sipas.changes import AFTER, BEFORE, Change
from sipas.composites import Scheme
from sipas.drivers.parts import weights_of_parts
from sipas.drivers.results import Contributions, closed
from survey.scores import Floats


def by_statement(
    change: Change, code: str, rows: str | None, by: tuple[str, ...]
) -> Contributions:
    """Contributions of statements or dimensions: contrasts of the stacked years."""
    scheme = change.scheme
    weights, labels = weights_of_parts(scheme, scheme.row(code), rows)
    matrix = _on_years(change.stacked, scheme, weights)
    made = change.stacked.contrast(matrix, what="Contribution").labelled(labels)
    return closed(made, None, None, change, code, by)


def _on_years(stacked: survey.Estimates, scheme: Scheme, weights: Floats) -> Floats:
    """Place weights on the statements of the later year, and their negatives on the earlier."""
    matrix = np.zeros((len(weights), len(stacked)))
    for key, sign in ((AFTER, 1.0), (BEFORE, -1.0)):
        wanted = pd.MultiIndex.from_product([[key], scheme.items])
        matrix[:, stacked.labels.get_indexer(wanted)] = sign * weights
    return matrix
