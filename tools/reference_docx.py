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
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pypandoc

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FOOTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)

BODY, TITLE, HEADING, SUBHEADING, NUMBER = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
# In twentieths of a point: 22 lines in 225 mm; margins 37, 35, 28 and 26 mm, the page number 7 mm below the text.
LINE = 580
MARGINS = {"top": 2098, "bottom": 1984, "left": 1588, "right": 1474, "header": 851, "footer": 1588, "gutter": 0}
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = 44, 32, 28, 21  # half-points


@dataclass(frozen=True)
class Style:
    """A paragraph style: face, size in half-points, indents in hundredths of a character, alignment."""

    name: str
    face: str = BODY
    size: int = SIZE_3
    first_line: int = 0
    left: int = 0
    right: int = 0
    align: str = "both"
    line: int | None = LINE
    before: int = 0
    colour: str = "000000"
    rule: bool = False
    outline: int | None = None
    new_page: bool = False


STYLES = {
    "Normal": Style("Normal"),
    "BodyText": Style("Body Text", first_line=200),
    "FirstParagraph": Style("First Paragraph", first_line=200),
    "Compact": Style("Compact", size=SIZE_5, align="", line=None),
    "Heading1": Style("heading 1", face=HEADING, first_line=200, outline=0),
    "Heading2": Style("heading 2", face=SUBHEADING, first_line=200, outline=1),
    "Heading3": Style("heading 3", first_line=200, outline=2),
    "Caption": Style("caption", face=HEADING, size=SIZE_5, align="center", line=None),
    "Notice": Style("Notice", size=SIZE_5, align="center", line=None),
    "Issuer": Style("Issuer", face=TITLE, size=72, align="center", line=None, colour="C7000B"),
    "DocumentNumber": Style("Document Number", align="center", before=LINE, rule=True),
    "Title": Style("Title", face=TITLE, size=SIZE_2, align="center", line=700, before=LINE * 2),
    "Addressees": Style("Addressees", before=LINE),
    "AnnexList": Style("Annex List", left=200),
    "Signature": Style("Signature", right=200, align="right"),
    "AnnexLabel": Style("Annex Label", face=HEADING, new_page=True),
    "AnnexTitle": Style("Annex Title", face=TITLE, align="center", outline=0),
    "AnnexNote": Style("Annex Note", size=SIZE_5, align="right"),
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
    for name, align in (("odd", "right"), ("even", "left")):
        parts[f"word/footer-{name}.xml"] = _footer(align)
    parts["[Content_Types].xml"] = _add(
        parts["[Content_Types].xml"],
        b"</Types>",
        *(f'<Override PartName="/word/footer-{name}.xml" ContentType="{_FOOTER_TYPE}"/>' for name in ("odd", "even")),
    )
    parts["word/_rels/document.xml.rels"] = _add(
        parts["word/_rels/document.xml.rels"],
        b"</Relationships>",
        *(
            f'<Relationship Id="footer-{name}" Type="{_R}/footer" Target="footer-{name}.xml"/>'
            for name in ("odd", "even")
        ),
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
    default = ' w:default="1"' if style_id == "Normal" else ' w:customStyle="1"' if style_id[0] == "A" else ""
    based = "" if style_id == "Normal" else '<w:basedOn w:val="Normal"/>'
    line = f'w:line="{style.line}" w:lineRule="atLeast"' if style.line else 'w:line="240" w:lineRule="auto"'
    rule = '<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="8" w:color="C7000B"/></w:pBdr>' if style.rule else ""
    align = f'<w:jc w:val="{style.align}"/>' if style.align else ""
    keep = "<w:keepNext/>" if style.outline is not None else ""
    keep += "<w:pageBreakBefore/>" if style.new_page else ""
    level = f'<w:outlineLvl w:val="{style.outline}"/>' if style.outline is not None else ""
    return (
        f'<w:style xmlns:w="{_W}" w:type="paragraph" w:styleId="{style_id}"{default}><w:name w:val="{style.name}"/>'
        f"{based}<w:qFormat/><w:pPr>{keep}{rule}"
        f'<w:spacing w:before="{style.before}" w:after="0" {line}/>'
        f"{_indents(style)}"
        f"{align}{level}</w:pPr><w:rPr>"
        f'<w:rFonts w:ascii="{style.face}" w:hAnsi="{style.face}" w:eastAsia="{style.face}"/>'
        f'<w:color w:val="{style.colour}"/><w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/>'
        f'<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:style>'
    )


def _indents(style: Style) -> str:
    """Indents in characters for Word, and in twentieths of a point for readers that know only those."""
    sides = {"left": style.left, "right": style.right, "firstLine": style.first_line}
    values = "".join(
        f' w:{side}Chars="{hundredths}" w:{side}="{hundredths * style.size // 10}"'
        for side, hundredths in sides.items()
    )
    return f"<w:ind{values}/>"


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


def _footer(align: str) -> bytes:
    fonts = f'<w:rFonts w:ascii="{NUMBER}" w:hAnsi="{NUMBER}" w:eastAsia="{NUMBER}"/>'
    run = f'<w:rPr>{fonts}<w:sz w:val="{SIZE_4}"/></w:rPr>'
    side = "rightChars" if align == "right" else "leftChars"
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:ftr xmlns:w="{_W}"><w:p><w:pPr>'
        f'<w:ind w:{side}="100" w:{side[:-5]}="{SIZE_4 * 10}"/><w:jc w:val="{align}"/></w:pPr>'
        f"<w:r>{run}<w:t>— </w:t></w:r>"
        f'<w:fldSimple w:instr=" PAGE "><w:r>{run}<w:t>1</w:t></w:r></w:fldSimple>'
        f"<w:r>{run}<w:t> —</w:t></w:r></w:p></w:ftr>"
    ).encode()


def _add(data: bytes, before: bytes, *elements: str) -> bytes:
    return data.replace(before, "".join(elements).encode() + before)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(word_reference())
