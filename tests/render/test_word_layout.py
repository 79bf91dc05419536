"""Where LibreOffice sets the parts of the Word file, held to the PDF."""

from __future__ import annotations

import ctypes
import os
import subprocess
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from conftest import edit, find_program, tongbao
from pages import GOLDEN, html_tables, page_path, read_once, squeeze

pytestmark = pytest.mark.soffice
FONTS = (
    '<?xml version="1.0"?><fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>'
    "{aliases}</fontconfig>"
)
ALIAS = "<alias binding='same'><family>{}</family><prefer><family>{}</family></prefer></alias>"
FACES = {"仿宋_GB2312": "Serif", "楷体_GB2312": "Serif", "方正小标宋简体": "Serif", "宋体": "Serif", "黑体": "Sans"}


def as_pdf(docx: Path, fonts: Path, folder: Path) -> Path:
    """What LibreOffice prints, with the faces that the PDF was set in."""
    aliases = "".join(ALIAS.format(face, f"Noto {kind} SC") for face, kind in FACES.items())
    config = folder / "fonts.conf"
    config.write_text(FONTS.format(fonts=fonts, cache=folder / "cache", aliases=aliases), "utf-8")
    program, home = find_program("soffice"), f"-env:UserInstallation={(folder / 'office').as_uri()}"
    subprocess.run(
        [program, "--headless", home, "--convert-to", "pdf", "--outdir", folder, docx],
        env=os.environ | {"FONTCONFIG_FILE": str(config)},
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder / docx.with_suffix(".pdf").name


@read_once
def lines(path: Path) -> list[list[tuple[float, float, str]]]:
    """Of each page its lines: left end and baseline in millimetres from the upper left corner, text without spaces."""
    found = []
    for page in pypdfium2.PdfDocument(path):
        textpage, height = page.get_textpage(), page.get_height()
        on_page: list[tuple[float, float, str]] = []
        for at in range(textpage.count_chars()):
            x, y, sign = ctypes.c_double(), ctypes.c_double(), chr(pdfium.FPDFText_GetUnicode(textpage, at))
            pdfium.FPDFText_GetCharOrigin(textpage, at, x, y)
            left, base = x.value / 72 * 25.4, (height - y.value) / 72 * 25.4
            if not sign.strip():
                continue
            if on_page and abs(on_page[-1][1] - base) < 0.5:
                on_page[-1] = (*on_page[-1][:2], on_page[-1][2] + sign)
            else:
                on_page.append((left, base, sign))
        found.append(on_page)
    return found


def place(path: Path, page: int, start: str) -> tuple[float, float]:
    """Where the line on a page stands that begins so."""
    return next((left, base) for left, base, line in lines(path)[page] if line.startswith(start))


def assert_close(ours: Path, theirs: Path, page: int, start: str, across: float = 2.5, down: float = 1.5) -> None:
    """Both set a line at the same place; Latin letters are of another face, which moves what is centred a little."""
    (x, y), (x2, y2) = place(ours, page, start), place(theirs, page, start)
    assert abs(x - x2) < across, (start, x, x2)
    assert abs(y - y2) < down, (start, y, y2)


@pytest.mark.parametrize(
    "golden",
    [GOLDEN[0], *(pytest.param(one, marks=pytest.mark.long) for one in GOLDEN[1:])],
    ids=lambda one: one["series"],
)
def test_libreoffice_sets_it_where_the_pdf_has_it(site, golden, tmp_path):
    pdf = page_path(site, golden, "pdf")
    word = as_pdf(page_path(site, golden, "docx"), site / ".tongbao" / "fonts", tmp_path)
    assert len(lines(word)) == len(lines(pdf))
    title = [line for _, base, line in lines(pdf)[0] if 60 < base < 140 and line in squeeze("".join(golden["head"]))]
    issuer = next(line for *_, line in lines(pdf)[0] if line in golden["head"])
    for start in (issuer, *title[:3]):
        assert_close(word, pdf, 0, start)
    assert_close(word, pdf, 0, "【示例】", across=5)
    for heading in golden["headings"]:
        (on,) = [at for at, page in enumerate(lines(pdf)) if any(line.startswith(heading) for *_, line in page)]
        assert abs(place(word, on, heading)[0] - place(pdf, on, heading)[0]) < 0.5
    numbers = [at for at, page in enumerate(lines(pdf)) if any(line == f"—{at + 1}—" for *_, line in page)]
    assert len(numbers) >= 3
    for at in numbers:
        assert_close(word, pdf, at, f"—{at + 1}—", down=1)
    labels = {"附件", "附件1"}
    closing = next(at for at, page in enumerate(lines(pdf)) if any(line in labels for *_, line in page))
    assert_close(word, pdf, closing, "附件", down=4)  # the first line of a page: Word sets it at the foot of its pitch
    assert abs(place(word, closing - 1, issuer)[0] - place(pdf, closing - 1, issuer)[0]) < 1
    # No figure of a table is broken: each stands on a line with all of its signs.
    for page, table in zip(range(closing, len(lines(pdf))), html_tables(pdf.with_suffix(".html")), strict=True):
        set_lines = [line for *_, line in lines(word)[page]]
        for row in table[1:]:
            assert any(line.startswith("".join(row)) for line in set_lines), (row, set_lines)


@pytest.mark.further
def test_what_else_an_official_document_bears_stands_where_the_pdf_has_it(project, tmp_path):
    declared = "document: {sealed: true, copy_number: '000001', secrecy: 秘密★1年, signatories: [张三, 李四, 王五], "
    declared += "copies_to: 市政府办公室, printed_by: 台州市应急管理局办公室}"
    edit(project / "reports/taizhou-andun/series.yml", "document: {form: letter}", declared)
    tongbao(project, "build", "taizhou-andun", "--engine", "embedded", "--format", "pdf,docx")
    pdf = page_path(project, GOLDEN[0], "pdf")
    word = as_pdf(page_path(project, GOLDEN[0], "docx"), project / ".tongbao" / "fonts", tmp_path)
    for start in ("台州市", "签发人：张三", "台应急便函〔2019〕69号", "关于", "执法"):
        assert_close(word, pdf, 0, start, across=6 if start == "签发人：张三" else 2.5)
    for start in ("000001", "秘密"):
        assert_close(word, pdf, 0, start, down=4)
    last = len(lines(pdf)) - 1
    assert len(lines(word)) == last + 1
    assert last % 2 == 1  # an even page
    for start in ("抄送：市政府办公室", "台州市应急管理局办公室", f"—{last + 1}—"):
        assert_close(word, pdf, last, start)
