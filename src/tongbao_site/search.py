"""Search within the site, offline: what stands on which page, as small files that its script reads in the browser.

A text is cut into terms: whole numbers as printed, words of letters, and of anything else each sign and each two that
follow one another. No dictionary says where a Chinese word ends: 鹿城 is found in 鹿城区, and 7.69 in no 17.69. The
script (``theme/search.js``) cuts what is searched in the same way, and holds what it finds to the pages' texts.
"""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tongbao.definition.files import file_hash, read_kept, write_whole
from tongbao_site.page_text import PageText, read_text

FOLDER = "search"
_KEPT = "texts.json"
_READER = sha256((Path(__file__).parent / "page_text.py").read_bytes()).hexdigest()  # by whom they were read
_PAGES = ("reports/*/*.html", "reports/*/units/*.html")  # bulletins in their latest version, series, units
_BULLETIN = re.compile(r"/[0-9][^/]*$")
_LETTERS = "a-zß-öø-ɏ"
_TERM = re.compile(rf"[0-9]+(?:[.,][0-9]+)*|[{_LETTERS}]+|[^\s0-9{_LETTERS}]+")
_WHOLE = re.compile(f"[0-9{_LETTERS}]")
_AS_IS = {"，": "，", "\N{MINUS SIGN}": "-"}  # a Chinese comma is none within a number
_PACK = 100_000  # letters that are loaded at once, to show what was found
_PAGES_A_SHARD, _MOST_SHARDS = 8, 256


class Page(NamedTuple):
    """A page of the site by its place, and what it says."""

    path: str
    said: PageText


def fold(text: str) -> str:
    """A text as it is compared: letters and figures of full width or of upper case are as the others.

    >>> fold("２０．５％，GDP")
    '20.5%，gdp'
    """
    return "".join(map(_fold, text))


@cache
def _fold(sign: str) -> str:
    return _AS_IS.get(sign) or unicodedata.normalize("NFKC", sign).lower()


def terms(text: str) -> set[str]:
    """What a text is found by.

    >>> sorted(terms("鹿城区 7.69%"))
    ['%', '7.69', '区', '城', '城区', '鹿', '鹿城']
    """
    found = set()
    for run in set(_TERM.findall(fold(text))):
        if _WHOLE.match(run):
            found.add(run)
        else:
            found.update([*run], map("".join, itertools.pairwise(run)))
    return found


def search_files(site: Path, cache: Path) -> dict[str, bytes]:
    """What the search reads of the pages of a site, by its place there.

    Arguments:
        site: with the pages.
        cache: where the texts of pages are kept, by the hashes of the pages.
    """
    found: dict[str, list[Page]] = defaultdict(list)
    for page in _read(site, cache):
        found[page.said.lang].append(page)
    files: dict[str, bytes] = {}
    for lang, pages in found.items():
        files |= {f"{FOLDER}/{lang}/{name}": made for name, made in _files_of(pages).items()}
    return files


def _read(site: Path, cache: Path) -> list[Page]:
    """The pages that have a text, bulletins first, latest first."""
    before, known, pages = read_kept(cache / _KEPT), {}, list[Page]()
    kept = before.get("texts", {}) if before.get("reader") == _READER else {}
    for path in sorted(path for pattern in _PAGES for path in site.glob(pattern) if path.is_file()):
        digest = file_hash(path)
        said = kept.get(digest) or read_text(path.read_text("utf-8", errors="replace"))
        if said is not None:
            known[digest] = said
            pages.append(Page(path.relative_to(site).as_posix(), PageText(*said)))
    if known != kept:
        write_whole(cache / _KEPT, json.dumps({"reader": _READER, "texts": known}, ensure_ascii=False))
    pages.sort(key=lambda page: page.path)
    bulletins = [page for page in pages if _BULLETIN.search(page.path)]
    bulletins.sort(key=lambda page: page.path.rpartition("/")[2], reverse=True)
    return bulletins + [page for page in pages if not _BULLETIN.search(page.path)]


def _files_of(pages: Sequence[Page]) -> dict[str, bytes]:
    """The list of pages, where their terms stand, and their texts."""
    where: dict[str, list[int]] = defaultdict(list)
    for number, page in enumerate(pages):
        for term in terms(f"{page.said.title}\n{page.said.text}"):
            where[term].append(number)
    shards = 8
    while shards < min(_MOST_SHARDS, len(pages) / _PAGES_A_SHARD):
        shards *= 2
    parts: dict[int, dict[str, list[int]]] = {number: {} for number in range(shards)}
    for term, numbers in where.items():
        parts[shard(term, shards)][term] = [now - before for before, now in zip([0, *numbers], numbers, strict=False)]
    packs = list(_packs(pages))
    texts = [[page.said.text for page in pages[first:last]] for first, last in packs]
    files = {f"terms-{number}.json": _json(part) for number, part in parts.items()}
    files |= {f"texts-{number}.json": _json(part) for number, part in enumerate(texts)}
    version = sha256(b"".join(files.values())).hexdigest()[:16]  # no browser takes parts of two indexes
    listed = {
        "pages": [[page.path, page.said.title] for page in pages],
        "packs": [first for first, _ in packs],
        "shards": shards,
        "version": version,
    }
    return files | {"index.json": _json(listed)}


def shard(term: str, count: int) -> int:
    """In which part of the index a term stands: words of the same first letter together, numbers anywhere."""
    made = 0
    for sign in term if term[0].isdecimal() else term[0]:
        made = (made * 31 + ord(sign)) % 65521
    return made % count


def _packs(pages: Sequence[Page]) -> Iterator[tuple[int, int]]:
    """Pages whose texts are loaded together: the first, and the one after the last."""
    first = size = 0
    for number, page in enumerate(pages):
        if size and size + len(page.said.text) > _PACK:
            yield first, number
            first, size = number, 0
        size += len(page.said.text)
    yield first, len(pages)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
