"""The site's own pages from what stands in it: each a function of the bulletins' published records."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tongbao.definition.files import write_whole
from tongbao.definition.model import Lang
from tongbao.display.frame import frame_words
from tongbao_site.entry import Entry, Shown, read_entries
from tongbao_site.frame import Frame
from tongbao_site.pages import (
    WORDS,
    SitePage,
    index_page,
    missing_page,
    render_xml,
    search_page,
    series_page,
    unit_page,
)
from tongbao_site.search import make_search
from tongbao_site.tables import csv_bytes, workbook_bytes

LANGUAGES: tuple[Lang, ...] = ("zh", "en")
_FEED = 50  # entries
PERIODS = "periods.js"
_OWN = ("index*.html", "404*.html", "search*.html", "feed*.xml", "sitemap.xml", "theme/*")
_OF_SERIES = ("index*.html", "units/*.html", "all.csv", "all.xlsx", "feed*.xml", "periods.js")


@dataclass
class Site:
    """A site to be made.

    Arguments:
        folder: where its bulletins stand, and its pages will.
        frame: what every page stands in.
        cache: where records as read and drawings are kept from one time to the next.
    """

    folder: Path
    frame: Frame
    cache: Path
    _shown: Mapping[str, Shown] = field(default_factory=dict)

    def make(
        self, records: Iterable[Path], *, search: bool = False, shown: Mapping[str, Shown] | None = None
    ) -> list[Path]:
        """Write every page, feed and table; remove those of series and units that are gone.

        Arguments:
            records: of the bulletins that are listed, as they stand in the site.
            shown: what is said of published bulletins, by ``series@period``.
            search: make the index of the search, too; it takes longer than all else.

        Returns:
            The files written.

        Raises:
            ToolError: a program failed, or search is not installed.
        """
        drawings = self.cache / "drawings"
        drawings.mkdir(parents=True, exist_ok=True)
        entries = read_entries(records, self.cache / "records")
        self._shown = shown or {}
        self.frame.base = next((entry.site for entry in entries if entry.site), "")
        pages, files = [], {}
        for lang in LANGUAGES:
            of_lang = [entry for entry in entries if lang in entry.languages]
            if lang == "zh" or of_lang:
                pages += [index_page(of_lang, lang, self.folder, search=search, shown=self._shown), missing_page(lang)]
                pages += [search_page(lang)] if search else []
                files[_feed("feed", lang)] = self._feed(of_lang, lang, _feed("feed", lang))
            for series, of_series in _by_series(of_lang).items():
                pages.append(series_page(of_series, lang, self.folder, drawings))
                units = dict.fromkeys(unit for entry in of_series for unit in entry.units)
                pages += [unit_page(of_series, unit, lang, self.folder, drawings) for unit in units]
                name = f"reports/{series}/{_feed('feed', lang)}"
                files[name] = self._feed(of_series, lang, name)
        for series, of_series in _by_series(entries).items():
            files |= {f"reports/{series}/{name}": made for name, made in _tables(self.folder, of_series).items()}
            files[f"reports/{series}/{PERIODS}"] = periods_script(of_series)
        files |= {page.path: self.frame.around(page).encode() for page in pages} | self.frame.shared()
        if self.frame.base:
            files["sitemap.xml"] = self._sitemap(pages, entries)
        return self._write(files, search=search)

    def own(self) -> list[Path]:
        """The files there are now that are the site's own."""
        found = [path for pattern in _OWN for path in self.folder.glob(pattern)]
        return found + [path for pattern in _OF_SERIES for path in (self.folder / "reports").glob(f"*/{pattern}")]

    def _feed(self, entries: Sequence[Entry], lang: Lang, path: str) -> bytes:
        words = WORDS[lang]
        title = frame_words(lang)["site-name"]
        if entries and "/" in path:
            title = entries[0].subject[lang]
        root, base = "/".join([".."] * path.count("/")), self.frame.base
        values = {
            "title": title,
            "id": path.removesuffix(".xml"),
            "self": path.rpartition("/")[2],
            "base": base,
        }
        made = render_xml(
            "feed.xml",
            lang,
            entries=entries[:_FEED],
            shown=self._shown,
            root=f"{root}/" if root else "",
            between=words.space,
            **values,
        )
        return made.encode()

    def _sitemap(self, pages: Iterable[SitePage], entries: Iterable[Entry]) -> bytes:
        own = [(page.path, "") for page in pages if not page.path.startswith(("404", "search"))]
        theirs = [
            (f"reports/{entry.series}/{entry.page(lang)}", entry.issued)
            for entry in entries
            for lang in entry.languages
        ]
        return render_xml("sitemap.xml", "zh", pages=[*own, *theirs], base=self.frame.base).encode()

    def _write(self, files: dict[str, bytes], *, search: bool) -> list[Path]:
        """Write what is new, and remove what was made for series and units that are gone."""
        old = set(self.own())
        written = []
        for name, content in files.items():
            path = self.folder / name
            old.discard(path)
            if not path.is_file() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_whole(path, content)
                written.append(path)
        for path in old:
            path.unlink()
            for folder in path.parents[:2]:
                if not any(folder.iterdir()):
                    folder.rmdir()
        if search:
            make_search(self.folder)
        return written


def _feed(name: str, lang: Lang) -> str:
    return f"{name}.xml" if lang == "zh" else f"{name}.{lang}.xml"


def _by_series(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The entries of each series, by the time they cover, latest first."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.series].append(entry)
    return {name: sorted(made, key=lambda entry: entry.when, reverse=True) for name, made in found.items()}


def _tables(site: Path, entries: Sequence[Entry]) -> dict[str, bytes]:
    """The figures of all periods of a series in one table, oldest first, as CSV and XLSX."""
    rows: list[list[str]] = []
    for entry in entries[::-1]:
        path = site / "reports" / entry.series / f"{entry.period}.csv"
        read = list(csv.reader(io.StringIO(path.read_text("utf-8-sig")))) if path.is_file() else []
        rows += read if not rows else read[1:]
    return {"all.csv": csv_bytes(rows), "all.xlsx": workbook_bytes({"data": rows})}


def periods_script(entries: Sequence[Entry]) -> bytes:
    """What a bulletin's page asks for its neighbours: a script, which also loads from a file."""
    listed = [
        {
            "pages": {lang: entry.page(lang) for lang in entry.languages},
            "labels": {lang: entry.when.label(lang) for lang in entry.languages},
        }
        for entry in entries[::-1]
    ]
    return f"window.tongbaoPeriods = {json.dumps(listed, ensure_ascii=False)};\n".encode()
