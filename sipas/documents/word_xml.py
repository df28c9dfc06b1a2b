"""Elements of WordprocessingML put where the schema wants them: Word is stricter than its readers.

Orders of ECMA-376 Part 1, 17.3.1.26 (pPr), 17.3.2.28 (rPr) and 17.4.59 (tblPr).
"""

from __future__ import annotations

from typing import Any

_ORDERS = {
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr "
        "suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct "
        "topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind "
        "contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
        "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
    ),
    "rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
        "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u "
        "effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath"
    ),
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
        "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption "
        "tblDescription tblPrChange"
    ),
}


def name_of(element: Any) -> str:
    """Name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def element(tag: str, /, **attributes: str) -> Any:
    """Make an element of WordprocessingML."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{tag}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def put(parent: Any, child: Any) -> None:
    """Put a property where the schema has it, in place of one of the same name."""
    order = _ORDERS[name_of(parent)].split()
    place = order.index(name_of(child))
    for old in list(parent):
        if name_of(old) == name_of(child):
            parent.remove(old)
    later = (one for one in parent if name_of(one) in order[place + 1 :])
    following = next(later, None)
    if following is None:
        parent.append(child)
    else:
        following.addprevious(child)
