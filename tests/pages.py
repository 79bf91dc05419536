"""Reading rendered pages back: what a reader sees, as plain text and as tables."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar

import axe_playwright_python
import pypdfium2
import pytest
import yaml
from bs4 import BeautifulSoup, Tag

# The documents that are held to their source, and the English edition of one of them.
GOLDEN = [
    yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    for path in sorted((Path(__file__).parent / "golden").glob("*.yml"))
]
EDITIONS = [*GOLDEN, {"series": "wenzhou-monthly", "period": "2021-01-to-02.en"}]
Seen = TypeVar("Seen")
_PAGE_NUMBER = re.compile(r"—\s*\d+\s*—")
_WEB_ONLY = (
    ".main-points",
    ".key-figures",
    ".notes",
    ".evidence",
    ".robustness",
    ".provenance",
    ".chart",
    ".table-aside",
    ".chart-title",
    ".chart-subtitle",
    ".contents",
    "nav",
    ".notice",
)


def read_once(read: Callable[[Path], Seen]) -> Callable[[Path], Seen]:
    """Read a file again only where it was changed; what is read is shared, and nobody may change it."""
    cached = lru_cache(maxsize=64)(lambda path, _changed: read(path))

    @wraps(read)
    def reader(path: Path) -> Seen:
        return cached(path, path.stat().st_mtime_ns)

    return reader


def squeeze(text: str) -> str:
    """Text without white space: neither format's line breaks are the document's."""
    return re.sub(r"\s+", "", text)


def page_path(project: Path, golden: dict[str, Any], suffix: str) -> Path:
    return project / "_site" / "reports" / golden["series"] / f"{golden['period']}.{suffix}"


def fresh_soup(path: Path) -> BeautifulSoup:
    """A page that a test may take apart."""
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


soup = read_once(fresh_soup)


@read_once
def circular_text(path: Path) -> str:
    """The circular's own words on the page, without what stands only on the web."""
    page = fresh_soup(path).find("main")
    for selector in _WEB_ONLY:
        for element in page.select(selector):
            element.decompose()
    return squeeze(page.get_text())


def html_tables(path: Path) -> list[list[list[str]]]:
    """The annex tables: rows of cells, the header first."""
    return [
        [[squeeze(printed(cell)) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
        for table in soup(path).select("table.annex-table")
    ]


def printed(cell: Tag) -> str:
    """What the issuer printed in a cell: no mark for a blank, no more than 排序 over ranks."""
    if "blank" in cell.get("class", ()):
        return ""
    ranked = cell.select_one(".ranked")
    return cell.get_text().replace(ranked.get_text(), "").removesuffix(" by ") if ranked else cell.get_text()


@read_once
def docx_text(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return squeeze(re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode()))


@read_once
def pdf_pages(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    return [page.get_textpage().get_text_range() for page in document]


def pdf_text(path: Path) -> str:
    """All text of a PDF without page numbers and white space."""
    return squeeze("".join(_PAGE_NUMBER.sub("", page) for page in pdf_pages(path)))


@read_once
def pdf_circular_text(path: Path) -> str:
    """The circular's own words in a PDF: what is set in 3号 (16 pt) or larger.

    Charts, tables, captions and page numbers are smaller; a chart at the head of a page would otherwise stand
    inside the sentence that runs over to it.
    """
    found = []
    for page in pypdfium2.PdfDocument(path):
        textpage = page.get_textpage()
        text = textpage.get_text_range()
        found += [
            character
            for index, character in enumerate(text)
            if pypdfium2.raw.FPDFText_GetFontSize(textpage, index) > 15.5
        ]
    return squeeze("".join(found))


def pdf_cells(path: Path, page: int) -> list[tuple[float, float, str]]:
    """Every piece of text on a page with the middle of its box: x and y in points."""
    textpage = pypdfium2.PdfDocument(path)[page].get_textpage()
    found = []
    for index in range(textpage.count_rects()):
        left, bottom, right, top = textpage.get_rect(index)
        text = squeeze(textpage.get_text_bounded(left, bottom, right, top))
        found.append(((left + right) / 2, (bottom + top) / 2, text))
    return found


def at_widths(names: Iterable[str], *quick: tuple[str, int]) -> list[Any]:
    """Parameters of a test that looks at pages where they are narrow and wide; the long tests have those not named."""
    pairs = [(name, width) for name in names for width in (390, 1280)]
    assert {*quick} <= {*pairs}
    return [pytest.param(*pair, marks=() if pair in quick else pytest.mark.long) for pair in pairs]


def faults_by_axe(page: Any) -> list[tuple[str, str]]:
    """What axe finds wrong on an open page by day and by night, best practices and the size of targets included.

    Colours, which take most of the time, are looked at with all that can be unfolded where the page is wide, and once
    more as it opens where it is narrow: what is unfolded has the same there.
    """
    page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8"))
    shut = page.evaluate_handle("[...document.querySelectorAll('details:not([open])')]")
    shut.evaluate("(all) => all.forEach((one) => (one.open = true))")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    colours = ["color-contrast", "link-in-text-block"]
    # What is right is not counted node by node, nor sent over.
    rules = {"target-size": {"enabled": True}, **{rule: {"enabled": False} for rule in colours}}
    found = _axe(page, {"runOnly": tags, "rules": rules, "resultTypes": ["violations"]})
    if page.viewport_size["width"] < 700:
        shut.evaluate("(all) => all.forEach((one) => (one.open = false))")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += _axe(page, {"runOnly": {"type": "rule", "values": colours}, "resultTypes": ["violations"]})
    shut.evaluate("(all) => all.forEach((one) => (one.open = true))")
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def _axe(page: Any, options: dict[str, Any]) -> list[Any]:
    found: list[Any] = page.evaluate("async (options) => (await axe.run(options)).violations", options)
    return found


def faults_in_browser(browser: Any, address: str, home: str, *, width: int = 1280) -> list[Any]:
    """What a page's readers would meet: faults by axe, words of the console, requests elsewhere, a page too wide."""
    page, faults = browser.new_page(viewport={"width": width, "height": 900}), []
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(home) else faults.append(asked.url))
    asked: set[Any] = set()
    page.on("request", lambda one: asked.add(one))  # noqa: PLW0108  # Playwright asks for the handler's signature
    for end in ("requestfinished", "requestfailed"):
        page.on(end, lambda one: asked.discard(one))  # noqa: PLW0108  # same
    page.goto(address)
    quiet = 0
    while quiet < 4:  # Playwright's own wait takes half a second
        page.wait_for_timeout(30)
        quiet = 0 if asked else quiet + 1
    faults += faults_by_axe(page)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults.append("wider than the screen")
    page.close()
    return faults
