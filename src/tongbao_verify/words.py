"""What stands on the page alone, in its own words: main points, key figures, data notes; headers of charts' numbers."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from tongbao_verify.annexes import UNIT, squeeze
from tongbao_verify.definition import said
from tongbao_verify.page import Block, Node

if TYPE_CHECKING:
    from tongbao_verify.document import Document


def check_words(page: "Document") -> None:
    """The page says what is on record, word for word, and a key figure is called as declared."""
    recorded = page.data if page.lang == page.data["lang"] else page.data["editions"][page.lang]
    tiles = recorded.get("key_figures", ())
    lines = [(one["label"], one["value"] + one["unit"], one["change"], one["without"]) for one in tiles]
    printed = [line for tile in lines for line in tile if line]
    words = list[tuple[str, tuple[str, ...], Sequence[str]]]()
    words.append(("main points", ("main-points", "li"), recorded["main_points"]))
    if "notes" in recorded:
        words += [("key figures", ("key-figures",), printed), ("notes", ("notes", "li"), recorded["notes"])]
        words += [("key figures", ("not-compared",), recorded["not_compared"])]
    else:
        page.record.notes[f"{page.name}: its words are not on record"] = None
    for place, names, texts in words:
        shown = [one.text for one in page.blocks if all(map(one.inside, names))]
        for text, right in zip_longest(shown, texts, fillvalue=""):
            if squeeze(text) != squeeze(right):
                page.leave(place, text, text, f"recorded: {right}")
    for tile, declared in zip(tiles, page.series.get("key_figures", ()), strict=False):
        if tile["label"] != (label := said(declared["label"], page.lang)):
            page.leave("key figures", tile["label"], tile["label"], f"declared: {label}")


def check_heads(page: "Document") -> None:
    """Where the header of a chart's numbers names a unit of measurement, it is theirs."""
    heads = dict[Node | None, list[Block]]()
    for row in page.within("tr").values():
        if not row[0].inside("chart-data"):
            continue
        for head, cell in zip(heads.setdefault(row[0].inside("table"), row), row, strict=False):
            marks = (page.record.figures.get(span.key, {}) for span in cell.spans if span.proof == "figure")
            units = {one["unit"] for one in marks if one.get("unit")}
            named = {one or "%" for one in UNIT.findall(head.text)}
            if named and units and named != units and (page.lang == "zh" or "%" in named | units):
                right = ", ".join(units)
                page.leave(head.place, head.text, head.text, f"the unit is {right}")
