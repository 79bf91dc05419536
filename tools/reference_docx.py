"""The Word template: Pandoc's own with the page and faces of GB/T 9704-2012 put in.

Word substitutes a face that is not installed, so the official ones are named without a fallback. ``make reference``
writes it to the theme; it is stored without compression, so that its bytes depend on Pandoc alone::

    python tools/reference_docx.py theme/reference.docx
"""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pypandoc

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PART_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)

BODY, TITLE, HEADING, SUBHEADING, NUMBER = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
LATIN = "Times New Roman"  # letters and digits, but for headings and page numbers
# What Word takes where a face is not installed: the name by which Windows or WPS has it.
ALTERNATIVES = {BODY: "仿宋,FangSong", TITLE: "方正小标宋_GBK,方正小标宋", SUBHEADING: "楷体,KaiTi"}
# In twentieths of a point: 22 lines in 225 mm; margins 37, 35, 28 and 26 mm, the page number 7 mm below the text.
LINE = 579
CHARACTER = -5  # 28 of 16 pt in 156 mm
MARGINS = {"top": 2098, "bottom": 1984, "left": 1588, "right": 1474, "header": 851, "footer": 1400, "gutter": 0}
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = 44, 32, 28, 21  # half-points
RED = "C7000B"


@dataclass(frozen=True)
class Style:
    """A paragraph style: face, size in half-points, indents in hundredths of a character, what it keeps to."""

    name: str
    face: str = BODY
    size: int = SIZE_3
    first_line: int = 0
    left: int = 0
    right: int = 0
    align: str = "both"
    line: int | None = LINE
    before: int = 0
    after: int = 0
    colour: str = "000000"
    rule: str = ""
    outline: int | None = None
    keep: bool = False
    new_page: bool = False


_RULE = f'<w:bottom w:val="single" w:sz="10" w:space="9" w:color="{RED}"/>'
_BOX = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="4" w:color="808080"/>' for side in ("top", "left", "bottom", "right")
)

# The parts of a document have the names that the standard gives them: a clerk finds them in Word's list of styles.
STYLES = {
    "Normal": Style("Normal"),
    "BodyText": Style("Body Text", first_line=200),
    "FirstParagraph": Style("First Paragraph", first_line=200),
    "LastParagraph": Style("正文末段", first_line=200, keep=True),
    "Compact": Style("Compact", size=SIZE_5, align="", line=None),
    "Heading1": Style("heading 1", face=HEADING, first_line=200, outline=0),
    "Heading2": Style("heading 2", face=SUBHEADING, first_line=200, outline=1),
    "Heading3": Style("heading 3", first_line=200, outline=2),
    "ChartTitle": Style("图上标题", face=HEADING, size=SIZE_5, align="left", line=None, before=240, keep=True),
    "ChartSubtitle": Style("图上说明", size=SIZE_5, align="left", line=None, keep=True),
    "Figure": Style("图", align="center", line=None, before=240, keep=True),
    "Caption": Style("caption", face=HEADING, size=SIZE_5, align="center", line=None, before=120, after=240),
    "DraftMark": Style("草稿标识", face=HEADING, align="center", colour=RED),
    "HeadNotice": Style("页首提示", size=18, align="center", line=None),
    "Issuer": Style("发文机关标志", face=TITLE, size=72, align="center", line=960, before=1820, colour=RED),
    "HeadMark": Style("份号密级紧急程度", align="left"),
    "DocumentNumber": Style("发文字号", align="center", before=815, rule=_RULE),
    "Title": Style("Title", face=TITLE, size=SIZE_2, align="center", line=720, before=960),
    "Addressees": Style("主送机关", before=322),
    "Notice": Style("提示", size=SIZE_4, line=480, before=120, after=120, rule=_BOX),
    "AnnexList": Style("附件说明", left=625, first_line=-425, align="left", before=LINE, keep=True),
    "AnnexListNext": Style("附件说明续", left=625, first_line=-125, align="left", keep=True),
    "AnnexListOne": Style("附件说明（一件）", left=500, first_line=-300, align="left", before=LINE, keep=True),
    "Signature": Style("发文机关署名", align="right", before=LINE, keep=True),
    "Sealed": Style("发文机关署名（加盖印章）", align="right", before=2 * LINE, keep=True),
    "Date": Style("成文日期", align="right"),
    "AnnexLabel": Style("附件序号", face=HEADING, keep=True, new_page=True),
    "AnnexTitle": Style(
        "附件标题", face=TITLE, size=SIZE_2, align="center", line=720, before=LINE, after=200, outline=0
    ),
    "AnnexNote": Style("附件注", size=SIZE_5, align="right", line=None, before=60, after=60),
    "TableText": Style("表中文字", size=SIZE_5, align="", line=None),
    "Imprint": Style("版记", size=SIZE_4, line=431, left=100, right=100, align="left"),
    "Unseen": Style("分节", size=2, line=20),
}
# What the first page bears at the head of the sheet, on the others: by the style that it has there.
HEADERS = {"draft": ("DraftMark",), "notice": ("HeadNotice",), "draft-notice": ("DraftMark", "HeadNotice")}
FOOTERS = {
    "odd": ("right", False),
    "even": ("left", False),
    "turned-odd": ("right", True),
    "turned-even": ("left", True),
}


def word_reference() -> bytes:
    """The reference document; the same bytes each time."""
    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"]
    default = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    with zipfile.ZipFile(io.BytesIO(default)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/styles.xml"] = _styles(parts["word/styles.xml"])
    parts["word/document.xml"] = _page(parts["word/document.xml"])
    parts["word/settings.xml"] = parts["word/settings.xml"].replace(
        b"<w:defaultTabStop", b"<w:evenAndOddHeaders/><w:defaultTabStop", 1
    )
    for name, (side, turned) in FOOTERS.items():
        parts[f"word/footer-{name}.xml"] = _turned_footer(side) if turned else _footer(side)
    parts["word/fontTable.xml"] = _add(parts["word/fontTable.xml"], b"</w:fonts>", *_fonts())
    for name, styles in HEADERS.items():
        parts[f"word/header-{name}.xml"] = _part("".join(map(_repeated, styles)), "hdr")
    others = [*(("footer", name) for name in FOOTERS), *(("header", name) for name in HEADERS)]
    parts["[Content_Types].xml"] = _add(
        parts["[Content_Types].xml"],
        b"</Types>",
        *(
            f'<Override PartName="/word/{kind}-{name}.xml" ContentType="{_PART_TYPE.format(kind)}"/>'
            for kind, name in others
        ),
    )
    parts["word/_rels/document.xml.rels"] = _add(
        parts["word/_rels/document.xml.rels"],
        b"</Relationships>",
        *(f'<Relationship Id="{kind}-{name}" Type="{_R}/{kind}" Target="{kind}-{name}.xml"/>' for kind, name in others),
    )
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _FIXED_DATE), data)
    return output.getvalue()


def _styles(data: bytes) -> bytes:
    ET.register_namespace("w", _W)
    root = ET.fromstring(data)  # noqa: S314  # Pandoc's own file
    for default in root.iter(f"{{{_W}}}rPrDefault"):
        default.clear()
    for default in root.iter(f"{{{_W}}}pPrDefault"):
        default.clear()
    known = {style.get(f"{{{_W}}}styleId"): style for style in root.iter(f"{{{_W}}}style")}
    for style_id, style in STYLES.items():
        old = known.get(style_id)
        if old is not None:
            root.remove(old)
        root.append(ET.fromstring(_style(style_id, style)))  # noqa: S314  # built here
    table = next(known["Table"].iter(f"{{{_W}}}tblPr"))
    table.insert(1, _borders())
    for margin in (*table.iter(f"{{{_W}}}left"), *table.iter(f"{{{_W}}}right")):
        if margin.get(f"{{{_W}}}type") == "dxa":
            margin.set(f"{{{_W}}}w", "40")
    link = known["Hyperlink"].find(f"{{{_W}}}rPr")
    if link is not None:
        link.clear()
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _style(style_id: str, style: Style) -> str:
    built_in = style.name.isascii()
    default = ' w:default="1"' if style_id == "Normal" else "" if built_in else ' w:customStyle="1"'
    based = "" if style_id == "Normal" else '<w:basedOn w:val="Normal"/>'
    line = f'w:line="{style.line}" w:lineRule="exact"' if style.line else 'w:line="240" w:lineRule="auto"'
    keep = "<w:keepNext/>" if style.keep or style.outline is not None else ""
    keep += "<w:keepLines/>" if style.keep else ""
    keep += "<w:pageBreakBefore/>" if style.new_page else ""
    rule = f"<w:pBdr>{style.rule}</w:pBdr>" if style.rule else ""
    align = f'<w:jc w:val="{style.align}"/>' if style.align else ""
    latin = HEADING if style.face == HEADING else LATIN
    level = f'<w:outlineLvl w:val="{style.outline}"/>' if style.outline is not None else ""
    spacing = f'<w:spacing w:val="{CHARACTER}"/>' if style.size == SIZE_3 else ""
    return (
        f'<w:style xmlns:w="{_W}" w:type="paragraph" w:styleId="{style_id}"{default}><w:name w:val="{style.name}"/>'
        f"{based}<w:qFormat/><w:pPr>{keep}{rule}"
        '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
        f'<w:spacing w:before="{style.before}" w:after="{style.after}" {line}/>'
        f"{_indents(style)}"
        f"{align}{level}</w:pPr><w:rPr>"
        f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{style.face}" w:cs="{latin}"/>'
        f'<w:color w:val="{style.colour}"/>{spacing}<w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/>'
        f'<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:style>'
    )


def _indents(style: Style) -> str:
    """Indents in characters for Word, and in twentieths of a point for readers that know only those."""
    first = "firstLine" if style.first_line >= 0 else "hanging"
    sides = {"left": style.left, "right": style.right, first: abs(style.first_line)}
    values = "".join(
        f' w:{side}Chars="{hundredths}" w:{side}="{hundredths * (style.size * 10 + CHARACTER) // 100}"'
        for side, hundredths in sides.items()
    )
    return f"<w:ind{values}/>"


def _fonts() -> Iterator[str]:
    for name, alternatives in ALTERNATIVES.items():
        yield f'<w:font w:name="{name}"><w:altName w:val="{alternatives}"/><w:charset w:val="86"/></w:font>'


def _borders() -> ET.Element:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return ET.fromstring(f'<w:tblBorders xmlns:w="{_W}">{sides}</w:tblBorders>')  # noqa: S314  # built here


def _page(data: bytes) -> bytes:
    margins = " ".join(f'w:{side}="{width}"' for side, width in MARGINS.items())
    section = (
        f'<w:footerReference xmlns:r="{_R}" w:type="default" r:id="footer-odd"/>'
        f'<w:footerReference xmlns:r="{_R}" w:type="even" r:id="footer-even"/>'
        f'<w:pgSz w:w="11906" w:h="16838"/><w:pgMar {margins}/>'
    )
    start, end = data.rindex(b"<w:sectPr"), data.rindex(b"</w:sectPr>")
    return data[:start] + b"<w:sectPr>" + section.encode() + data[end:]


def _number(layout: str) -> str:
    """— 1 — in a paragraph of that layout."""
    fonts = f'<w:rFonts w:ascii="{NUMBER}" w:hAnsi="{NUMBER}" w:eastAsia="{NUMBER}"/>'
    run = f'<w:rPr>{fonts}<w:sz w:val="{SIZE_4}"/></w:rPr>'
    return (
        f'<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="400" w:lineRule="exact"/>{layout}</w:pPr>'
        f'<w:r>{run}<w:t xml:space="preserve">— </w:t></w:r>'
        f'<w:fldSimple w:instr=" PAGE "><w:r>{run}<w:t>1</w:t></w:r></w:fldSimple>'
        f'<w:r>{run}<w:t xml:space="preserve"> —</w:t></w:r></w:p>'
    )


def _footer(side: str) -> bytes:
    """The page number at the outer side of the sheet, a character in."""
    indent = f'<w:ind w:{side}Chars="100" w:{side}="{SIZE_4 * 10}"/><w:jc w:val="{side}"/>'
    return _part(_number(indent))


def _turned_footer(side: str) -> bytes:
    """On a turned page the number stands where it does on the sheet: at the left, upright to who turns it."""
    across = 11906 - MARGINS["left"] - MARGINS["right"]
    place = f'w:vertAnchor="page" w:horzAnchor="page" w:tblpX="{MARGINS["footer"]}" w:tblpY="{MARGINS["left"]}"'
    number = _number(f'<w:ind w:{side}="{SIZE_4 * 10}"/><w:jc w:val="{side}"/>')
    return _part(
        f'<w:tbl><w:tblPr><w:tblpPr {place}/><w:tblW w:w="400" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="400"/></w:tblGrid><w:tr><w:trPr><w:trHeight w:val="{across}" w:hRule="exact"/>'
        '</w:trPr><w:tc><w:tcPr><w:tcW w:w="400" w:type="dxa"/><w:textDirection w:val="tbRl"/></w:tcPr>'
        f'{number}</w:tc></w:tr></w:tbl><w:p><w:pPr><w:pStyle w:val="Unseen"/></w:pPr></w:p>'
    )


def _repeated(style_id: str) -> str:
    """The first page's words again; a program that does not know the field shows what stands in it."""
    shown = {"DraftMark": "草稿", "HeadNotice": "见首页提示"}[style_id]
    name = STYLES[style_id].name
    field = f"<w:fldSimple w:instr=' STYLEREF \"{name}\" '><w:r><w:t>{shown}</w:t></w:r></w:fldSimple>"
    return f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/></w:pPr>{field}</w:p>'


def _part(body: str, kind: str = "ftr") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{kind} xmlns:w="{_W}">{body}</w:{kind}>'.encode()


def _add(data: bytes, before: bytes, *elements: str) -> bytes:
    return data.replace(before, "".join(elements).encode() + before)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(word_reference())
