"""Text from data made harmless: letters composed, nothing left that a file format chokes on.

What is written into Word, Excel, HTML or LaTeX passes through here before that format's own
escaping.
"""

from __future__ import annotations

import re
from unicodedata import normalize

#: Control characters but tab and line feed, halves of surrogate pairs, and the two code points
#: that XML refuses by name.
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def inert(text: str) -> str:
    r"""Compose the letters, and replace characters that XML does not allow or nobody can see.

    A pasted label can then neither break a file nor fall apart into letters and marks. Lines
    ended as Windows does end in a line feed.

    Examples
    --------
    >>> inert("ha\u0300i\x07") == "hài\ufffd"
    True
    """
    return _REFUSED.sub("\ufffd", normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n"))
