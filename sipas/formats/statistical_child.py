"""The child process that reads one SPSS or Stata file and writes its columns as JSON.

Run as a script by `sipas.formats.statistical_files`; it imports nothing of this library, so that
it starts from any folder.
"""

from __future__ import annotations

import json
import math
import sys
from importlib import import_module
from typing import Any

MOST_MEMORY = 4 * 2**30


def cell(value: Any) -> Any:
    """Give a value as JSON has it: number, text or nothing; a date as its ISO text."""
    if value is None or value != value or (isinstance(value, float) and math.isinf(value)):
        return None
    return value if isinstance(value, bool | int | float | str) else str(value)


def limit_memory() -> None:
    """Stop a damaged file that asks for everything; Windows has no such limit."""
    if sys.platform != "win32":
        resource = import_module("resource")
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def write(path: str) -> None:
    """Read the file, user-missing codes kept, and write its names and columns."""
    pyreadstat = import_module("pyreadstat")
    reader = pyreadstat.read_dta if path.casefold().endswith(".dta") else pyreadstat.read_sav
    frame, _ = reader(path, user_missing=True)
    columns = [[cell(v) for v in frame.iloc[:, at].tolist()] for at in range(frame.shape[1])]
    text = json.dumps([[str(name) for name in frame.columns], columns], allow_nan=False)
    sys.stdout.buffer.write(text.encode("utf-8"))


if __name__ == "__main__":
    limit_memory()
    write(sys.argv[1])
