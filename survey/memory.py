"""Freed blocks of memory are kept for the next array.

glibc gives a freed block above a threshold back to the system, and the next array of that size
is then handed over page by page, which for some hundred kilobytes costs more than the arithmetic
on them. The threshold rises to the largest block that was ever freed (mallopt(3),
M_MMAP_THRESHOLD), so one large block, never written to, settles it for good. Other systems
neither gain nor lose.
"""

from __future__ import annotations

import numpy as np

#: Arrays up to this many bytes are made from memory at hand; glibc then holds at most twice it.
KEPT_BYTES = 16 * 2**20


def keep_freed_blocks() -> None:
    """Ask for a large block and give it back; nothing of it is touched."""
    np.empty(KEPT_BYTES, dtype=np.uint8)
