"""SPSS and Stata files, read in a process of their own.

The reader behind pyreadstat ends the whole process on some damaged files; in a child process
that becomes an error, and the notebook goes on. The child's side is ``statistical_child.py``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from survey.errors import SurveyError

SECONDS = 300
_CHILD = Path(__file__).with_name("statistical_child.py")


def read_statistical(file: Path) -> pd.DataFrame:
    """Read a ``.sav``, ``.zsav`` or ``.dta`` file, user-missing codes kept as codes.

    Raises
    ------
    SurveyError
        If pyreadstat is not installed, or the file is damaged.
    """
    if find_spec("pyreadstat") is None:
        raise SurveyError(
            f"{file.name}: reading SPSS and Stata files needs pyreadstat.",
            mend='pip install "sipas[spss]"',
        )
    command = [sys.executable, "-P", "-W", "ignore", str(_CHILD), str(file.resolve())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as slow:
        raise SurveyError(f"{file.name}: not read after {SECONDS} s; is it damaged?") from slow
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it crashed"]
        raise SurveyError(
            f"{file.name} is damaged or not of its kind ({last[0]}).",
            mend="Open it in SPSS or Stata and save it again.",
        )
    names, columns = json.loads(done.stdout)
    return pd.DataFrame(dict(zip(names, columns, strict=True)))
