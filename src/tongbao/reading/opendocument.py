"""What an .ods file says beside its values: rows and columns that are hidden, figures that are shown as others."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.parsers import expat

from tongbao.basics.errors import DataError
from tongbao.reading.workbook import DAMAGED, Scan, Shown

_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[Ee][-+]?[0-9]+)?")
# As it shows what a formula has come to: #DIV/0!, Err:502.
_ERROR = re.compile(r"#?((?:DIV/0|NAME|NULL|NUM|REF|VALUE|N/A|Err:\d{3})[!?]?)")
_HIDDEN = ("collapse", "filter")


def scan_content(path: Path, file: str) -> Scan:
    """Scan an .ods file; whoever calls this bounds the memory and time that it may take.

    Raises:
        DataError: damaged.
    """
    content = _Content()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = content.start, content.end
    parser.CharacterDataHandler = content.read
    try:
        with zipfile.ZipFile(path) as archive:
            parser.Parse(archive.read("content.xml"), True)  # noqa: FBT003  # it takes no names
    except DAMAGED as error:
        raise DataError(f"damaged workbook: {error}", place=file, hint="ask for the file again") from None
    return content.scan


class _Content:
    """The sheets as they come in, element by element."""

    def __init__(self) -> None:
        self.scan = Scan()
        self.name = ""
        self.row = self.next_row = self.column = self.next_column = 0
        self.cell: dict[str, str] = {}
        self.text = ""

    def start(self, element: str, attributes: Mapping[str, str]) -> None:
        own = {name.rpartition(" ")[2]: value for name, value in attributes.items()}
        match element.rpartition(" ")[2]:
            case "table":
                self.name = own.get("name", "")
                self.next_row = self.next_column = 0
            case "table-column":
                self._next_column(own)
                if own.get("visibility") in _HIDDEN:
                    self.scan.hidden_columns.setdefault(self.name, set()).update(range(self.column, self.next_column))
            case "table-row":
                self.row, self.next_row = self.next_row, self.next_row + int(own.get("number-rows-repeated", 1))
                self.next_column = 0
                if own.get("visibility") in _HIDDEN:
                    self.scan.hidden_rows.setdefault(self.name, set()).update(range(self.row + 1, self.next_row + 1))
            case "table-cell" | "covered-table-cell":
                self._next_column(own)
                self.cell, self.text = own, ""

    def read(self, text: str) -> None:
        self.text += text

    def end(self, element: str) -> None:
        match element.rpartition(" ")[2]:
            case "annotation":  # a remark on the cell stands before what the cell shows
                self.text = ""
            case "table-cell":
                rows, columns = range(self.row, self.next_row), range(self.column, self.next_column)
                if error := _ERROR.fullmatch(self.text):
                    places = self.scan.errors.setdefault(self.name, {})
                    places |= {(row, column): f"#{error[1].upper()}" for row in rows for column in columns}
                elif kind := _shown(self.cell, self.text):
                    places = self.scan.shown.setdefault(self.name, {})
                    places |= {(row, column): kind for row in rows for column in columns}

    def _next_column(self, own: Mapping[str, str]) -> None:
        self.column = self.next_column
        self.next_column += int(own.get("number-columns-repeated", 1))


def _shown(cell: Mapping[str, str], text: str) -> Shown | None:
    """How a cell shows its number where that is not as it is stored; a percentage is stored as a fraction."""
    if cell.get("value-type") not in ("float", "currency", "percentage"):
        return None
    stored, figure = abs(float(cell.get("value") or 0)), _FIGURE.search(text.replace(",", ""))
    shown = float(figure[0]) if figure else 0
    # No rounding goes that far.
    if stored and (cell["value-type"] == "percentage" or (shown and not shown / 5 < stored < shown * 5)):
        return "otherwise"
    if "%" in text or figure is None:
        return "percent-sign" if "%" in text else None
    plain = text.replace(",", "")
    before, behind = plain[: figure.start()].strip(" -−(+¥￥$"), plain[figure.end() :].strip(" )")
    return f"{before}0{behind}" if before or behind else None
