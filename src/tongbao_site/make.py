"""The site's own pages from what stands in it: each a function of the bulletins' published records."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from tongbao.bulletin.manifest import code_hash
from tongbao.definition.files import file_hash, read_kept, write_whole
from tongbao.definition.model import LANGUAGES, Lang
from tongbao.display.frame import frame_words
from tongbao_site.entry import Entry, Shown
from tongbao_site.foreign import NONE, Foreign
from tongbao_site.frame import Frame
from tongbao_site.pages import (
    WORDS,
    SitePage,
    feed_name,
    index_page,
    missing_page,
    render,
    search_page,
    series_page,
    series_title,
    unit_page,
    updated,
)
from tongbao_site.search import FOLDER, search_files
from tongbao_site.tables import table_files

_FEED = 50  # entries
PERIODS = "periods.js"
_SERIES = "series.json"
_OWN = ("index*.html", "404*.html", "search*.html", "feed*.xml", "sitemap.xml", "theme/*")
_OF_SEARCH = (f"{FOLDER}/*/*.json",)
_OF_SERIES = ("index*.html", "units/*.html", "all.csv", "all.xlsx", "feed*.xml", "periods.js")


def dated(folder: Path, *series: str) -> list[str]:
    """The files of a site's bulletins: those that bear the name of a period. Of some series only, or of all."""
    found, reports = list[str](), f"{folder}/reports"
    with suppress(FileNotFoundError):
        for name in series or os.listdir(reports):  # noqa: PTH208  # thousands of them
            with suppress(FileNotFoundError, NotADirectoryError), os.scandir(f"{reports}/{name}") as listed:
                found += [entry.path for entry in listed if entry.name[0].isdigit() and "." in entry.name]
    return sorted(found)


@dataclass
class Site:
    """A site to be made.

    Arguments:
        folder: where its bulletins stand, and its pages will.
        frame: what every page stands in.
        cache: where it is kept what files were made from.
        foreign: files of others there.
    """

    folder: Path
    frame: Frame
    cache: Path
    foreign: Foreign = NONE
    _shown: Mapping[str, Shown] = field(default_factory=dict)

    def make(
        self, entries: Sequence[Entry], *, search: bool = False, shown: Mapping[str, Shown] | None = None
    ) -> list[Path]:
        """Write every page, feed and table; remove those of series and units that are gone.

        Arguments:
            entries: the bulletins that are listed, latest first.
            shown: what is said of published bulletins, by ``series@period``.
            search: make what the search reads, too; it takes longer than all else.

        Returns:
            The files written.

        Raises:
            ToolError: a program failed.
            UsageError: a foreign file is in the way.
        """
        self._shown = shown or {}
        self.frame.base = next((entry.site for entry in entries if entry.site), "")
        languages = [lang for lang in LANGUAGES if lang == "zh" or any(lang in entry.languages for entry in entries)]
        files, kept, known = dict[str, bytes](), dict[str, str](), dict[str, Any]()
        for lang in languages:
            of_lang = [entry for entry in entries if lang in entry.languages]
            others = [other for other in languages if other != lang]
            pages = [index_page(of_lang, lang, self.folder, search=search, others=others, shown=self._shown)]
            pages += [missing_page(lang), *([search_page(lang)] if search else [])]
            files |= self._framed(pages) | self._feed(of_lang, lang)
        for series, of_series in _by_series(entries).items():
            key = self._key(series, of_series)
            if standing := self._standing(series, key):
                kept |= standing
            else:
                files |= (made := self._series(series, of_series))
                standing = {name: sha256(content).hexdigest() for name, content in made.items()}
            known[series] = {"key": key, "files": standing}
        files |= self.frame.shared()
        if self.frame.base:
            files["sitemap.xml"] = self._sitemap(sorted((*files, *kept)), entries)
        searched = set(self._found(_OF_SEARCH))
        written = self._write(files, set(self.own()) - searched - {self.folder / name for name in kept})
        written += self._write(search_files(self.folder, self.cache) if search else {}, searched)
        write_whole(self.cache / _SERIES, json.dumps(known))
        return written

    def _series(self, series: str, entries: Sequence[Entry]) -> dict[str, bytes]:
        """The pages, feeds and tables of a series."""
        issued = [entry for entry in entries if not entry.stands_alone(self._shown)]
        tables = table_files(self.folder, issued) if issued else {}
        files = {f"reports/{series}/{name}": made for name, made in tables.items()}
        files[f"reports/{series}/{PERIODS}"] = periods_script(entries)
        for lang in LANGUAGES:
            if of_lang := [entry for entry in entries if lang in entry.languages]:
                units = dict.fromkeys(unit for entry in of_lang for unit in entry.units)
                listed = {unit: [one for one in of_lang if unit in one.units] for unit in units}
                pages = [series_page(of_lang, lang, self.folder, self._shown)]
                pages += [unit_page(of, unit, lang, self.folder, self._shown) for unit, of in listed.items()]
                files |= self._framed(pages) | self._feed(of_lang, lang, f"reports/{series}/")
        return files

    def _framed(self, pages: Iterable[SitePage]) -> dict[str, bytes]:
        return {page.path: self.frame.around(page).encode() for page in pages}

    def _key(self, series: str, entries: Sequence[Entry]) -> str:
        """What the files of a series are made from, in one hash."""
        paths = dated(self.folder, series)
        stats = [(path.rpartition("/")[2], os.stat(path)) for path in paths]  # noqa: PTH116  # thousands of them
        languages = [lang for lang in LANGUAGES if any(lang in entry.languages for entry in entries)]
        of = [
            *(code_hash(), own_code(), self.frame.base, [self.frame.own(lang) for lang in languages]),
            *([entry.digest for entry in entries], [self._shown.get(entry.id) for entry in entries]),
            [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats],
        ]
        return sha256(repr(of).encode()).hexdigest()

    def _standing(self, series: str, key: str) -> dict[str, str]:
        """The files of a series by their hashes, if all stand as they would be made now."""
        known = read_kept(self.cache / _SERIES).get(series, {})
        try:
            files: dict[str, str] = known["files"] if known["key"] == key else {}
            stand = all(file_hash(self.folder / name) == digest for name, digest in files.items())
        except (OSError, LookupError, TypeError):
            return {}
        return files if stand else {}

    def own(self) -> list[Path]:
        """The files there are now that are the site's own."""
        return self._found((*_OWN, *_OF_SEARCH, *(f"reports/*/{pattern}" for pattern in _OF_SERIES)))

    def _found(self, patterns: Iterable[str]) -> list[Path]:
        found = (path for pattern in patterns for path in self.folder.glob(pattern))
        return [path for path in found if self._is_own(path)]

    def _is_own(self, path: Path) -> bool:
        return path.is_file() and path.relative_to(self.folder).as_posix() not in self.foreign

    def _feed(self, entries: Sequence[Entry], lang: Lang, folder: str = "") -> dict[str, bytes]:
        """The feed of the site, or of the series in a folder, by its place."""
        path = folder + feed_name(lang)
        latest = sorted(entries, key=lambda entry: datetime.fromisoformat(updated(entry, self._shown)), reverse=True)
        made = render(
            "feed.xml",
            lang,
            entries=latest[:_FEED],
            title=series_title(entries[0], lang) if folder else frame_words(lang)["site-name"],
            id=f"{self.frame.base or 'urn:tongbao:'}{path}",
            here=f"{self.frame.base}{path}" if self.frame.base else feed_name(lang),
            shown=self._shown,
            base=self.frame.base,
            root="../" * folder.count("/"),
            between=WORDS[lang].space,
        )
        return {path: made.encode()}

    def _sitemap(self, names: Iterable[str], entries: Iterable[Entry]) -> bytes:
        own = [(name, "") for name in names if name.endswith(".html") and not name.startswith(("404", "search"))]
        theirs = [
            (f"reports/{entry.series}/{entry.page(lang)}", updated(entry, self._shown)[:10])
            for entry in entries
            for lang in entry.languages
        ]
        return render("sitemap.xml", "zh", pages=[*own, *theirs], base=self.frame.base).encode()

    def _write(self, files: dict[str, bytes], old: set[Path]) -> list[Path]:
        """Write what is new, and remove what there was and is not made any more, for series and units that are gone."""
        written = []
        self.foreign.require_free(files)
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
        return written


@cache
def own_code() -> str:
    """The hash of this package, of which no bulletin is made."""
    files = sorted(path for path in Path(__file__).parent.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return sha256("".join(map(file_hash, files)).encode()).hexdigest()


def _by_series(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The entries of each series, by the time they cover, latest first."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.series].append(entry)
    return {name: sorted(made, key=lambda entry: entry.when, reverse=True) for name, made in found.items()}


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
