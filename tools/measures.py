"""Write the fonts that charts are measured with: ``python tools/measures.py``; needs fonttools.

Vega asks for the width of each text, and the engine parses the whole font for each letter of it: with the tens of
thousands of outlines of Noto Sans SC that takes three quarters of a drawing's time. Here all wide characters, which are
of the same width, share one outline; the others, with what kerns them, are as they were. Texts come out as wide as
before (``tests/display/test_draughtsman.py``).

Where a drawing says itself where each text stands, a font of a single letter does, as wide as a digit.
"""

from __future__ import annotations

from pathlib import Path

import pylopdf_fonts_zh_cn
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

TARGET = Path(__file__).parents[1] / "src" / "tongbao" / "display" / "measures"
FAMILY, PLACED, WIDE = "Tongbao Measures", "Tongbao Placed", ord("一")
DIGIT, HEIGHT = 555, 733  # of Noto Sans SC, in thousandths of its size


def main() -> None:
    """Write them."""
    TARGET.mkdir(exist_ok=True)
    _of_widths().save(TARGET / "measures.otf")
    _of_one_letter().save(TARGET / "placed.ttf")


def _of_widths() -> TTFont:
    font = TTFont(pylopdf_fonts_zh_cn.sans_path(), recalcTimestamp=False)
    names, widths = font.getBestCmap(), font["hmtx"].metrics
    wide = names[WIDE]
    shared = {
        code: wide if code >= 0x2E80 and widths[name][0] == widths[wide][0] else name for code, name in names.items()
    }
    options = Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp"]
    options.hinting = False
    subsetter = Subsetter(options)
    subsetter.populate(glyphs=set(shared.values()))
    subsetter.subset(font)
    font["name"].names = [one for one in font["name"].names if one.nameID in (0, 13, 14)]  # rights and licence
    return _finished(font, FAMILY, shared)


def _of_one_letter() -> TTFont:
    builder, letter = FontBuilder(1000, isTTF=True), TTGlyphPen(None)
    letter.moveTo((0, 0))
    for corner in ((0, HEIGHT), (DIGIT, HEIGHT), (DIGIT, 0)):
        letter.lineTo(corner)
    letter.closePath()
    names = [".notdef", "letter"]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({})
    builder.setupGlyf(dict.fromkeys(names, letter.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (DIGIT, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    return _finished(builder.font, PLACED, dict.fromkeys(range(0x20, 0x110000), "letter"))


def _finished(font: TTFont, family: str, characters: dict[int, str]) -> TTFont:
    """A font with its names, and outlines for its characters, which take a few bytes where many have the same."""
    table = CmapSubtable.newSubtable(13)
    table.platformID, table.platEncID, table.format, table.reserved, table.length, table.language = 3, 10, 13, 0, 0, 0
    table.nGroups, table.cmap = 0, characters
    font["cmap"].tables = [table]
    for number, text in ((1, family), (2, "Regular"), (4, family), (6, family.replace(" ", ""))):
        font["name"].setName(text, number, 3, 1, 0x409)
    return font


if __name__ == "__main__":
    main()
