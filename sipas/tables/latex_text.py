r"""Text for LaTeX: whatever a label holds is printed as it stands, and commands nothing.

For XeLaTeX and LuaLaTeX, which read Vietnamese as it is written.
"""

from __future__ import annotations

import re

from sipas.numerals import MINUS
from sipas.plain_text import inert

#: Every character that LaTeX, or a font's ligatures, would take for something else.
_SPECIALS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "[": "{[}",  # after the end of a row, [ and * belong to it
    "]": "{]}",
    "*": "{*}",
    MINUS: r"\textminus{}",
    "\u00a0": "~",
    "\ufffd": "?",  # few fonts have the sign itself
    "\u200b": r"\allowbreak{}",
    "\u200c": "{}",
}
_ESCAPED = str.maketrans(_SPECIALS)
#: Longest run of letters that a narrow column is sure to hold.
_RUN = 20


def escaped(text: str) -> str:
    r"""Write text so that LaTeX prints it and obeys nothing in it.

    Parameters
    ----------
    text : str
        Any text. Line ends become spaces; very long words may be broken, without a hyphen.

    Returns
    -------
    str

    Examples
    --------
    >>> print(escaped("Phí 5% & lệ phí"))
    Phí 5\% \& lệ phí
    >>> print(escaped(r"\input{x}"))
    \textbackslash{}input\{x\}
    """
    flat = re.sub(r"[ \t\n]+", " ", inert(text))
    breakable = re.sub(rf"\S{{{_RUN}}}(?=\S)", "\\g<0>\u200b", flat)
    apart = re.sub(r"([-,])(?=\1)", "\\1\u200c", breakable)  # -- and ,, would become one sign
    return apart.translate(_ESCAPED)
