"""What a workbook says beside its values, read from its XML before anything is loaded.

Readers of values know no hidden rows, no formulas without a result and no number formats, and some reserve memory for
every cell a sheet declares. This pass reads the archive's parts as bytes, within bounds, and refuses what no return is.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.parsers import expat

from tongbao.basics.errors import DataError

MAX_UNPACKED_BYTES = 512 * 1024 * 1024
MAX_RATIO = 200
# An element's attributes, in either sort of quotes. Nothing looks past the next element of its kind: what is not closed
# must not take the square of its length.
_WITHIN = rb"""((?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+)"""
_COLUMN = re.compile(rb"<(?:\w+:)?col\b%s>" % _WITHIN)
_ROW_OR_CELL = re.compile(
    rb"<(?:\w+:)?(?:row\b%s>|c\b%s(?:(?<=/)>|>([^<]*(?:<(?!/?(?:\w+:)?c\b)[^<]*)*)</(?:\w+:)?c>))" % (_WITHIN, _WITHIN)
)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RESULT = re.compile(rb"<(?:\w+:)?v\b[^<>]*?(?:/>|>([^<]*))")
_REFERENCE = re.compile(rb"""(?<![\w:])r\s*=\s*["']([A-Z]*)(\d+)["']""")
_STYLE = re.compile(rb"""(?<![\w:])s\s*=\s*["'](\d+)["']""")
_IS_HIDDEN = re.compile(rb"""(?<![\w:])hidden\s*=\s*["'](?:1|true)["']""")
_IS_TEXT, _IS_ERROR = (re.compile(rb"""(?<![\w:])t\s*=\s*["']%s["']""" % kind) for kind in (b"str", b"e"))
_FROM, _TO = (re.compile(rb"""(?<![\w:])%s\s*=\s*["'](\d+)["']""" % name) for name in (b"min", b"max"))
# A row or cell so far away: values are read by who would reserve memory up to there.
_FAR = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^<]*\br\s*=\s*["']\s*(?:[A-Za-z]{3,}\d+|[A-Za-z]*\d{6,})""")
# What a number format shows as it stands: quoted, behind a backslash (in China also behind !), as padding; and, in
# brackets, a colour or a condition.
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)|[_*].|\[[^][]*\]')
_DIGITS = re.compile("[0#?]|General|通用")
# A thousandth is shown: a comma behind the last digit (0.0,); or a point that is only written (0!.0000).
_MOVED = re.compile("[0#?],+(?![,0#?])|[0#?]．[0#?]")
# What reading a damaged or encrypted archive and its XML ends in.
DAMAGED = (zipfile.BadZipFile, zlib.error, expat.ExpatError, LookupError, EOFError, ValueError, RuntimeError, OSError)

# What is only written is no sign of a format's: digits, a percent sign, a point; nor does it part sections.
_AS_WORDS = {code: code + 0xFEE0 for code in (*range(ord("0"), ord("9") + 1), *map(ord, "%.;#?,+-()"))}
_AS_TYPED = {typed: code for code, typed in _AS_WORDS.items()}
# Words before a number, its digits, and words behind it; and what says no more than that it is one, and not below zero.
_AROUND = re.compile(
    r"([^0-9#?.,%]*?)[-+(]?(?:[0#?][0#?.,/ ]*(?:E[+-][0#?]+)?|General|通用(?:格式)?|G/通用格式)\)?([^0#?.,]*)"
)
_RISES = frozenset(("", "¥", "￥", "$", "＋", "上升", "增长", "增加", "提高", "同比增长", "同比上升"))

Place = tuple[int, int]
Shown = str


@dataclass(frozen=True)
class Scan:
    """By sheet name: hidden rows (1-based) and columns, how numbers are shown, formulas without a result, errors."""

    hidden_rows: dict[str, set[int]] = field(default_factory=dict)
    hidden_columns: dict[str, set[int]] = field(default_factory=dict)
    shown: dict[str, dict[Place, Shown]] = field(default_factory=dict)
    empty_formulas: dict[str, frozenset[Place]] = field(default_factory=dict)
    errors: dict[str, dict[Place, str]] = field(default_factory=dict)


def scan_workbook(path: Path, file: str) -> Scan:
    """Scan an .xlsx file; others are checked for their unpacked size, and those of LibreOffice for whole XML.

    Raises:
        DataError: an archive that unpacks to far more than a return, cells far outside any table, or broken XML.
    """
    if not zipfile.is_zipfile(path):
        if path.suffix.lower() in (".xlsx", ".xlsm", ".ods"):
            expected = "a file saved by Excel, WPS or LibreOffice"
            hint = "an .xls or CSV file that was only renamed needs its own ending"
            raise DataError("not a workbook", place=file, expected=expected, hint=hint)
        return Scan()
    scan = Scan()
    try:
        with zipfile.ZipFile(path) as archive:
            _check_size(archive, path, file)
            if path.suffix.lower() in (".xlsx", ".xlsm"):
                styles = _styles(archive)
                for name, part in _sheet_parts(archive):
                    _scan_sheet(archive.read(part), name, f"{file} [{name}]", styles, scan)
                for info in archive.infolist():  # also a sheet that others find by another name, or under the same
                    _refuse_far(archive.read(info), file)
            else:
                for info in archive.infolist():
                    if info.filename.lower().endswith(".xml"):
                        _require_whole(archive.read(info), info.filename)
    except DAMAGED as error:
        raise DataError(f"damaged workbook: {error}", place=file, hint="ask for the file again") from None
    return scan


def _require_whole(data: bytes, name: str) -> None:
    """Hold a part to be whole XML: at an element that is not closed, who reads the values goes in a circle.

    Raises:
        BadZipFile: it is not.
    """
    try:
        expat.ParserCreate().Parse(data, True)  # noqa: FBT003  # it takes no names
    except expat.ExpatError:
        raise zipfile.BadZipFile(f"{name} is not whole XML") from None


def _check_size(archive: zipfile.ZipFile, path: Path, file: str) -> None:
    packed, unpacked = path.stat().st_size, sum(info.file_size for info in archive.infolist())
    if unpacked > MAX_UNPACKED_BYTES or unpacked > max(packed * MAX_RATIO, 1024 * 1024):
        found, hint = f"{unpacked} bytes", "it may be damaged or made to do harm; do not open it"
        raise DataError("workbook unpacks to far more than a return", place=file, found=found, hint=hint)
    for info in archive.infolist():
        if info.compress_size > packed:  # memory is taken for as much as a part says
            raise zipfile.BadZipFile(f"{info.filename} is longer than the file")
        said, info.file_size = info.file_size, MAX_UNPACKED_BYTES  # to the end, whatever it says of its length
        with archive.open(info) as part:
            if len(part.read(said + 1)) != said:
                raise zipfile.BadZipFile(f"{info.filename} is not as long as it says")
        info.file_size = said


def _parsed(data: bytes, name: str) -> ET.Element:
    try:
        return ET.fromstring(data)  # noqa: S314  # size is checked
    except ET.ParseError:
        raise zipfile.BadZipFile(f"{name} is not whole XML") from None


def _sheet_parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Sheet names with the parts that hold them."""
    related = "xl/_rels/workbook.xml.rels"
    relations = {relation.get("Id"): relation.get("Target", "") for relation in _parsed(archive.read(related), related)}
    sheets = []
    for element in _parsed(archive.read("xl/workbook.xml"), "xl/workbook.xml").iter():
        if element.tag.endswith("}sheet"):
            ids = (value for name, value in element.attrib.items() if name.endswith("}id"))  # by either standard
            target = relations.get(next(ids, ""), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in archive.namelist():
                sheets.append((element.get("name", ""), part))
    return sheets


def shown_by(code: str) -> Shown | None:
    """How a number format shows a number where that is not as it is stored, with nothing around it.

    Returns:
        ``percentage`` (stored as a fraction), ``percent-sign`` (only written), ``unsigned`` (one below zero looks as if
        it were above), ``otherwise`` (another figure), or what stands around it, with the number at the place of ``0``.

    >>> shown_by("0.0%"), shown_by('0.0"%"'), shown_by("0!.0,"), shown_by("#,##0.00"), shown_by('0.00"万元"')
    ('percentage', 'percent-sign', 'otherwise', None, '0万元')
    """
    plain = _LITERAL.sub(lambda literal: (literal[1] or literal[2] or "").translate(_AS_WORDS), code)
    conditions = 3 if re.search(r"\[[<>=]", code) else 2  # else: for what is above zero, and below; zero is zero
    sections = [section for section in plain.split(";")[:conditions] if _DIGITS.search(section)]
    hundredfold = {"%" in section for section in sections}
    around = _AROUND.fullmatch(sections[0]) if sections else None
    words = (around[1].strip(), around[2].strip()) if around else ("", "")
    odd = any(map(_MOVED.search, sections)) or any(map(str.isdigit, "".join(words)))
    if len(hundredfold) > 1 or odd or (sections and around is None):
        return "otherwise"
    if any("％" in section for section in sections):
        return "percent-sign" if True not in hundredfold else "otherwise"
    if True in hundredfold:
        return "percentage" if words[1] in ("", "%") and words[0] in _RISES else "otherwise"
    if words[0] not in _RISES or words[1]:
        return f"{words[0] if words[0] not in _RISES else ''}0{words[1]}".translate(_AS_TYPED)
    below = sections[1] if conditions == 2 and len(sections) == 2 else "-"
    is_signed = re.search("[-(－（]", below) or "[" in code.split(";")[1] or _AROUND.sub(r"\1", below).strip()
    return None if is_signed else "unsigned"


def _styles(archive: zipfile.ZipFile) -> dict[int, Shown]:
    """Indices of cell styles whose number format does not show what is stored."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    data = archive.read("xl/styles.xml")
    if not any(sign in data for sign in (b"formatCode", b'numFmtId="9"', b'numFmtId="10"')):
        return {}  # as in most returns
    root = _parsed(data, "xl/styles.xml")
    codes = {9: "0%", 10: "0.00%"}
    for formats in root.iter():
        if formats.tag.endswith("}numFmts"):
            codes |= {int(one.get("numFmtId", "-1")): one.get("formatCode", "") for one in formats}
    styles = next((element for element in root.iter() if element.tag.endswith("}cellXfs")), ())
    shown = {index: shown_by(codes.get(int(style.get("numFmtId", "0")), "")) for index, style in enumerate(styles)}
    return {index: kind for index, kind in shown.items() if kind}


def _scan_sheet(data: bytes, name: str, place: str, styles: dict[int, Shown], scan: Scan) -> None:
    _refuse_far(data, place)
    hidden, shown, empty, errors = set[int](), dict[Place, Shown](), set[Place](), dict[Place, str]()
    row = column = -1
    for match in _ROW_OR_CELL.finditer(data):
        is_row = match[1] is not None
        attributes, content = match[1] if is_row else match[2], match[3] or b""
        place_said = _REFERENCE.search(attributes)  # whoever leaves it out goes on with the next
        if is_row:
            row, column = int(place_said[2]) - 1 if place_said else row + 1, -1
            hidden |= {row + 1} if _IS_HIDDEN.search(attributes) else set()
            continue
        row, column = (int(place_said[2]) - 1, _column_index(place_said[1])) if place_said else (row, column + 1)
        style = _STYLE.search(attributes)
        if kind := styles.get(int(style[1]) if style else 0):
            shown[row, column] = kind
        has_formula = b"f" in content and _FORMULA.search(content)
        result = _RESULT.search(content) if has_formula else None
        # Of a formula that gives words nothing is a result, too: =IF(C6>0,"",1).
        if has_formula and not (result and (result[1] or _IS_TEXT.search(attributes))):
            empty.add((row, column))
        if _IS_ERROR.search(attributes) and (error := _RESULT.search(content)) and error[1]:  # as of a formula: #DIV/0!
            errors[row, column] = error[1].decode("utf-8", "replace")
    scan.hidden_rows[name] = hidden
    scan.hidden_columns[name] = {column for match in _COLUMN.finditer(data) for column in _hidden_columns(match[1])}
    scan.shown[name] = shown
    scan.empty_formulas[name], scan.errors[name] = frozenset(empty), errors


def _hidden_columns(attributes: bytes) -> range:
    """The columns that an element is about, if it hides them."""
    first, last = _FROM.search(attributes), _TO.search(attributes)
    return (
        range(int(first[1]) - 1, min(int(last[1]), 702))
        if _IS_HIDDEN.search(attributes) and first and last
        else range(0)
    )


def _refuse_far(data: bytes, place: str) -> None:
    if _FAR.search(data):
        expected = "at most 100000 rows and 702 columns"
        hint = "delete everything right of and below the table, and save again"
        raise DataError("cells far outside any table", place=place, expected=expected, hint=hint)


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1
