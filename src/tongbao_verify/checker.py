"""One bulletin checked: definition, record, claims, and the page, PDF and Word file of each edition."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tongbao_verify.books import RECORD, Account, Books
from tongbao_verify.claims import check_claims
from tongbao_verify.definition import Definition, Map
from tongbao_verify.document import Document
from tongbao_verify.page import read_page
from tongbao_verify.paper import check_paper, read_docx, read_pdf
from tongbao_verify.raw import UnreadableError
from tongbao_verify.record import Record
from tongbao_verify.text import Known, Reader, Span

SCHEMA = 4


class Bulletin(NamedTuple):
    """Where a bulletin lies: its record, its pages (a path without language and ending), where raw files may be."""

    record: Path
    pages: Path
    roots: Sequence[Path]


def find_bulletins(folder: Path, raw: Path | None = None) -> Iterator[Bulletin]:
    """Every bulletin in a project, in its ``_site``, or in a folder with a published copy; raw files may lie above."""
    folder = folder.resolve()
    roots = [*([raw.resolve()] if raw else []), folder, *folder.parents]
    for record in sorted(folder.glob("data/processed/*/*/findings.json")):
        yield Bulletin(record, folder.joinpath("_site", "reports", *record.parts[-3:-1]), roots)
    if not (folder / "data" / "processed").is_dir():
        for page in sorted(folder.rglob("*.html")):
            if page.with_suffix(".json").is_file():
                yield Bulletin(page.with_suffix(".json"), page.with_suffix(""), roots)


def check(bulletin: Bulletin) -> Account:
    """The account of a bulletin; ValueError where its record cannot be read, or is of another schema."""
    raw: Map = json.loads(bulletin.record.read_text("utf-8"))
    if raw.get("schema") != SCHEMA:
        raise ValueError(f"{bulletin.record}: a record of schema {raw.get('schema')}, not {SCHEMA}")
    account = Account(f"{raw['series']}@{raw['period']}")
    published = bulletin.pages.with_name(f"{bulletin.pages.name}.json")
    if published.is_file() and published.read_bytes() != bulletin.record.read_bytes():
        account.leave(published.name, "file", published.name, "", "not the record of this bulletin: publish it again")
    definition = Definition(raw["definition"])
    books = Books(definition, raw, bulletin.roots, account)
    books.check()
    _check_sources(books)
    record = Record(books)
    record.check()
    check_claims(record)
    known = Known(record)
    for lang in definition.raw.get("languages", ["zh"]):
        _check_sentences(Reader(RECORD, lang, record, known))
        page = bulletin.pages.with_name(bulletin.pages.name + ("" if lang == raw["lang"] else f".{lang}") + ".html")
        if not page.is_file():
            account.note(f"{page.name}: not at hand")
            continue
        prints = Document(read_page(page), Reader(page.name, lang, record, known)).check()
        for suffix, read in ((".pdf", read_pdf), (".docx", read_docx)):
            paper = page.with_suffix(suffix)
            try:
                if paper.is_file():
                    check_paper(read(paper), prints, Reader(paper.name, lang, record, known))
            except UnreadableError as error:
                account.note(f"{paper.name}: {error}")
    return account


def _check_sentences(reader: Reader) -> None:
    """Every number of a sentence stands where the record says, and is backed."""
    for finding in reader.record.books.record["findings"]:
        text, place = finding["text"][reader.lang], f"finding {finding['id']}"
        numbers = finding["numbers"][reader.lang]
        for one in numbers:
            if not text.startswith(one["text"], one["start"]):
                reader.leave(place, one["text"], text, f"does not stand at character {one['start']}")
        spans = [Span(one["start"], one["start"] + len(one["text"]), "figure", one["key"]) for one in numbers]
        reader.read(text, spans, place)


def _check_sources(books: Books) -> None:
    """The definition and the texts on record are those of the project's files, where these are at hand."""
    raw = books.record
    for text in raw["texts"].values():
        path = books.path_of(text["file"])
        if path is not None and path.read_text("utf-8-sig") != text["text"]:
            books.leave(f"texts: {text['file']}", "", "the file has changed: build again")
    path = books.path_of(f"reports/{raw['series']}/series.yml")
    try:
        written = raw["definition"] if path is None else read_definition(path)
    except UnreadableError as error:
        books.account.note(f"series.yml: {error}")
        return
    keys = written.keys() | raw["definition"].keys()
    if changed := sorted(key for key in keys if written.get(key) != raw["definition"].get(key)):
        books.leave("definition", ", ".join(changed), "series.yml says otherwise: build again")


def read_definition(path: Path) -> dict[str, Any]:
    """``series.yml`` over the series it extends, decimals as written; UnreadableError where PyYAML is not installed."""
    try:
        import yaml  # noqa: PLC0415  # may be missing
    except ImportError:
        raise UnreadableError("needs PyYAML") from None

    class Whole(dict[str, Any]):
        """A mapping that replaces another."""

    class Loader(yaml.SafeLoader):
        """Safe YAML with decimals as text and ``!replace``."""

    def merged(below: Map, above: Map) -> dict[str, Any]:
        result = {key: value for key, value in below.items() if key not in above} | dict(above)
        for key, value in above.items():
            if isinstance(value, Mapping) and isinstance(below.get(key), Mapping) and not isinstance(value, Whole):
                result[key] = merged(below[key], value)
        return {key: value for key, value in result.items() if value is not None}

    Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: loader.construct_scalar(node))
    Loader.add_constructor("!replace", lambda loader, node: Whole(loader.construct_mapping(node, deep=True)))
    data: dict[str, Any] = yaml.load(path.read_text("utf-8-sig"), Loader=Loader)  # noqa: S506  # safe underneath
    base = data.get("extends")
    return merged(read_definition(path.parent.parent / base / "series.yml"), data) if base else data
