"""One test of many changes: whether anything moved at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sipas.verdicts import levels_of
from survey.errors import SurveyError, require_option

if TYPE_CHECKING:
    from sipas.changes.results import Change
    from survey.hypothesis_tests import HypothesisTest


def joint_test(change: Change, level_of: str) -> HypothesisTest:
    """Test all rows of a level at once; see `Change.joint_test`."""
    from survey.hypothesis_tests import wald

    require_option(level_of, ("dimension", "statement"), where="joint_test(level_of=)")
    rows = np.flatnonzero(levels_of(change.scheme, change.estimates.labels) == level_of)
    if not len(rows):
        raise SurveyError(
            f"joint_test: this change has no {level_of} rows (link={change.link!r}).",
            mend="Compare with link='items'.",
        )
    tested = change.estimates.pick(rows)
    if change.census[rows].any():
        raise SurveyError(
            "joint_test: both years are a census, whose change is a fact and not tested.",
            mend="For leaders compare with superpopulation=True to see them as a sample.",
        )
    df = float(tested.contrast(np.ones((1, len(tested)))).df.iloc[0])
    if len(tested) > df:
        raise SurveyError(
            f"joint_test: {len(tested)} {level_of} rows, but {df:g} degrees of freedom.",
            mend="Test the dimensions, compared without by=; or read table(adjust='max_t'), which "
            "needs no inverse.",
        )
    return wald(tested, [str(name) for name in tested.labels], adjusted=True, df=df)
