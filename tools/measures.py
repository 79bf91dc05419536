"""Write the font that charts are measured with: ``python tools/measures.py``; needs fonttools.

Vega asks for the width of each text, and the engine parses the whole font for each letter of it: with the tens of
thousands of outlines of Noto Sans SC that takes three quarters of a drawing's time. Here all wide characters, which are
of the same width, share one outline; the others, with what kerns them, are as they were. Texts come out as wide as
before (``tests/display/test_draughtsman.py``).
"""

from __future__ import annotations

from pathlib import Path

import pylopdf_fonts_zh_cn
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

TARGET = Path(__file__).parents[1] / "src" / "tongbao" / "display" / "measures" / "measures.otf"
FAMILY, WIDE = "Tongbao Measures", ord("一")


def main() -> None:
    """Write it."""
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
    table = CmapSubtable.newSubtable(13)  # many characters of one outline in a few bytes
    table.platformID, table.platEncID, table.format, table.reserved, table.length, table.language = 3, 10, 13, 0, 0, 0
    table.nGroups, table.cmap = 0, shared
    font["cmap"].tables = [table]
    font["name"].names = [one for one in font["name"].names if one.nameID in (0, 13, 14)]  # rights and licence
    for number, text in ((1, FAMILY), (2, "Regular"), (4, FAMILY), (6, FAMILY.replace(" ", ""))):
        font["name"].setName(text, number, 3, 1, 0x409)
    TARGET.parent.mkdir(exist_ok=True)
    font.save(TARGET)


if __name__ == "__main__":
    main()
