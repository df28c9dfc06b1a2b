"""One way of writing the answers that a result used, so that equal answers have equal hashes.

Only the columns that the computation read are written, under the names of their roles, rows in
the order of their text: no result depends on the order of rows, and the order of the sheet could
tell who answered.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pandas as pd

from sipas.instrument import Instrument
from sipas.responses.cleaning import token, tokens
from survey.errors import SurveyError
from survey.stacking import label_parts

#: Between the parts of a label, such as those of an index and a district.
BETWEEN = " | "


def canonical_csv(frame: pd.DataFrame, columns: Sequence[str]) -> str:
    r"""Write columns as CSV: text in NFC, ``5.0`` as ``5``, blank where missing, rows sorted.

    Examples
    --------
    >>> frame = pd.DataFrame({"commune": ["xã B", "xã A"], "S1.1": [5.0, None], "id": [1, 2]})
    >>> canonical_csv(frame, ["commune", "S1.1"])
    'commune,S1.1\nxã A,\nxã B,5\n'
    """
    written = [tokens(frame[name]).tolist() for name in columns]
    made = io.StringIO()
    lines = csv.writer(made, lineterminator="\n")
    lines.writerow(columns)
    lines.writerows(sorted(zip(*written, strict=True)))
    return made.getvalue()


def digest(text: str) -> str:
    """Hash a text as UTF-8: what ``sha256sum`` says of the file that holds it."""
    return sha256(text.encode("utf-8")).hexdigest()


def file_digest(path: str | Path) -> str:
    """Hash a file.

    Raises
    ------
    SurveyError
        If it cannot be read.
    """
    try:
        return sha256(Path(path).read_bytes()).hexdigest()
    except OSError as error:
        raise SurveyError(
            f"record(source=): {str(path)!r} cannot be read ({error.strerror}).",
            mend="Give the path of the sheet that was cleaned, or leave out source=.",
        ) from error


def instrument_digest(instrument: Instrument) -> str:
    """Hash everything a questionnaire says; any change of a word gives another hash."""
    return digest(json.dumps(asdict(instrument), sort_keys=True, ensure_ascii=False))


def label_text(label: object) -> str:
    """Write the label of an estimate as one text.

    Examples
    --------
    >>> label_text("S3"), label_text(("S3", "thành phố Huế"))
    ('S3', 'S3 | thành phố Huế')
    """
    return BETWEEN.join(token(part) for part in label_parts(label))
