"""Print the computations of docs/differs_from_r.md: ``python docs/differences.py [NAME ...]``.

Each section sets what R gave (tests/oracles/cases.json) and what this library gives beside a
computation that uses neither: loops, root finders, quadrature.
"""

from __future__ import annotations

import sys

import differences_listed
import differences_unlisted
import differences_weighting

SECTIONS = {
    **differences_listed.SECTIONS,
    **differences_unlisted.SECTIONS,
    **differences_weighting.SECTIONS,
}


def main(names: list[str]) -> None:
    """Print the sections named, or all of them."""
    for name in names or SECTIONS:
        print(f"$ python docs/differences.py {name}")
        print("\n".join([*SECTIONS[name](), ""]))


if __name__ == "__main__":
    main(sys.argv[1:])
