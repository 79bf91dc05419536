"""The annex tables of a page held to the definition: rows, columns, headers; and the same tables as data."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tongbao_verify.definition import leaves, said
from tongbao_verify.key import key_of
from tongbao_verify.raw import read_sheets

if TYPE_CHECKING:
    from tongbao_verify.document import Document
    from tongbao_verify.record import Record

# What a page says that stands in print, too: its place, its text; whether it may be left out, or stand there often.
Print = tuple[str, str, str]
UNIT = re.compile(r"[（(]([^（）()]+)[）)]$|%$")
_STATED = re.compile(r"^(?:单位：|Unit: )(.+)$")  # above a table, for all of its columns
_MARKUP = str.maketrans(dict.fromkeys("\"“”'‘’*`\\", "") | {"−": "-"})


def squeeze(text: str) -> str:
    """Text without white space, quotation marks and Markdown's signs, and with one minus: renderers change them."""
    return "".join(text.split()).translate(_MARKUP)


def check_tables(page: "Document") -> Iterator[Print]:
    """In the row of a unit stand its figures, in the columns of an annex those that are declared."""
    tables = list(page.within("annex-table"))
    stated = [match[1] for block in page.blocks if (match := _STATED.match(block.text))]
    for cells in page.within("tr").values():
        row = " ".join(cell.text for cell in cells)
        marks = [(cell, key_of(span.key)) for cell in cells for span in cell.spans if span.proof == "figure"]
        unit = next((key.scope for cell, key in marks if cell.inside("th")), "")
        keys = [key for _, key in marks if not key.is_name]
        if unit and any(key.scope != unit for key in keys):
            page.leave("tables", unit, row, f"the row of {unit}")
        if not (table := cells[0].inside("annex-table")):
            continue
        annex = list(page.tables.values())[tables.index(table)]
        names = annex.get("columns") or page.definition.columns_of(annex.get("table"))
        fits, right = True, [column for name in names if (column := _column(page, name, ranks=bool(unit)))]
        printed = [cell.text or annex.get("blank", "") * bool(cell.inside("blank")) for cell in cells]
        if names and keys:
            fits = [key.name for key in keys] == right
        elif names:
            right = [_header(page, name) for name in names]
            shown = [cell.text for cell in cells[1:]]
            fits = len(shown) == len(names) and all(_fits(page, *one, stated) for one in zip(names, shown, strict=True))
            printed = [cells[0].text, *right]
        if not fits:
            name = annex["table"]
            page.leave(f"annex {name}", row, row, f"here stand {', '.join(right)}")
        yield "annex", " ".join(printed), "" if keys else "often"


def _column(page: "Document", name: str, *, ranks: bool) -> str:
    """The name of a column's figures; a totals' row has no ranks."""
    column = page.definition.columns[name]
    rank = column.get("rank_of")
    rising = "-" * (page.definition.declared(rank or "", "rank") == "ascending")
    return str(column.get("reports", name)) if not rank else f"rank({rising}{rank})" * ranks


def _header(page: "Document", name: str) -> str:
    """A column's header in print."""
    column = page.definition.columns[name]
    header = "Rank" if page.lang == "en" and column.get("rank_of") else column["header"]
    text = said(column.get("label", header), page.lang)
    unit = page.definition.indicators.get(str(column.get("reports")), column).get("unit")
    is_bare = unit == "%" and "%" not in text and not column.get("rank_of")
    return text + ("（%）" if page.lang == "zh" else " (%)") * is_bare


def _fits(page: "Document", name: str, shown: str, stated: Iterable[str]) -> bool:
    """Whether a header is a column's: as printed, with what it ranks, or without the unit that stands above all."""
    header, ranked = _header(page, name), page.definition.columns[name].get("rank_of")
    forms = {header, *(header.removesuffix(end) for unit in stated for end in (f"（{unit}）", f" ({unit})", unit))}
    if ranked:
        near = [one for key, one in page.definition.columns.items() if ranked in (key, one.get("reports"))]
        near.append(page.definition.indicators.get(ranked, {}))
        called = {UNIT.sub("", one).strip() for one in leaves(near, "header", "label", "short")}
        forms |= {form for one in called for form in (one + header, f"{header}by{one}")}
    return squeeze(shown).lower() in {squeeze(form).lower() for form in forms}


def check_figures(record: "Record", file: Path) -> None:
    """Hold the CSV of figures beside a page to the record: the value and the text of each."""
    header, *rows = read_sheets(file)[None]
    for row in rows:
        line = dict(zip(header, row, strict=True))
        key = f"{line['measure']}@{line['unit']}" if line["unit"] else f"{line['measure']}@area"
        figure = record.data["figures"].get(key, {})
        for name in ("value", "text"):
            if line[name] != (right := figure.get(name) or ""):
                record.leave(key, line[name], f"recorded: {right}", " ".join(row), file.name)
        record.held[f"{file.name}: figures"] += 1


def check_data(page: "Document", path: Path) -> None:
    """Hold the CSV of each annex beside a page to its table: the same rows, without marks for blanks."""
    for (number, annex), table in zip(page.tables.items(), page.within("annex-table"), strict=False):
        file, place = path.with_suffix(f".annex-{number}.csv"), f"annex {number} as data"
        if not file.is_file():
            continue
        rows = read_sheets(file)[None]
        mark = page.definition.tables.get(annex.get("table", ""), {}).get("total_mark", "")
        lines = [cells for cells in page.within("tr").values() if cells[0].inside("annex-table") is table]
        if [len(cells) for cells in lines] != [len(row) for row in rows]:
            page.leave(place, "", "", "not the page's rows and columns")
        for cells, row in zip(lines, rows, strict=False):
            for cell, value in zip(cells, row, strict=False):
                right, found = (squeeze(one).replace(",", "") for one in (cell.text, value))
                same = found == right or (cell.text == mark and not value)
                if not same and not (cells is lines[0] and found.startswith(right)):
                    page.leave(place, value, " ".join(row), f"the page says {right}")
            page.record.held[f"{page.name}: data"] += 1
