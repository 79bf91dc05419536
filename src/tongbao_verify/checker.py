"""One bulletin checked: definition, record, claims, and the page, PDF and Word file of each edition."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tongbao_verify.books import RECORD, Account, Books
from tongbao_verify.claims import check_claims
from tongbao_verify.definition import Map
from tongbao_verify.document import Document, check_print
from tongbao_verify.page import read_docx, read_page, read_pdf
from tongbao_verify.raw import UnreadableError
from tongbao_verify.record import Record
from tongbao_verify.text import Known, Reader, Span

SCHEMA = 4


class Bulletin(NamedTuple):
    """Where a bulletin lies: its record, its pages (a path without language and ending), where raw files may be."""

    record: Path
    pages: Path
    roots: list[Path]


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
    books = Books(raw, bulletin.roots)
    published = bulletin.pages.with_name(f"{bulletin.pages.name}.json")
    if published.is_file() and published.read_bytes() != bulletin.record.read_bytes():
        books.leave(published.name, published.name, "not the record of this bulletin: publish it again")
    books.check()
    _check_sources(books)
    record = Record(books)
    record.check()
    check_claims(record)
    known = Known(record)
    for lang in books.definition.raw.get("languages", ["zh"]):
        _check_sentences(Reader(RECORD, lang, record, known))
        page = bulletin.pages.with_name(bulletin.pages.name + ("" if lang == raw["lang"] else f".{lang}") + ".html")
        if not page.is_file():
            books.note(f"{page.name}: not at hand")
            continue
        prints = Document(read_page(page), Reader(page.name, lang, record, known)).check()
        for path, read in ((page.with_suffix(".pdf"), read_pdf), (page.with_suffix(".docx"), read_docx)):
            try:
                if path.is_file():
                    check_print(read(path), prints, Reader(path.name, lang, record, known))
            except UnreadableError as error:
                books.note(f"{path.name}: {error}")
    return books.account


def _check_sentences(reader: Reader) -> None:
    """Every number of a sentence stands where the record says, and is backed."""
    for finding in reader.record.books.record["findings"]:
        text, place = finding["text"][reader.lang], f"finding {finding['id']}"
        numbers = [(one["key"], one["text"], one["start"]) for one in finding["numbers"][reader.lang]]
        for _, shown, start in numbers:
            if not text.startswith(shown, start):
                reader.leave(place, shown, text, f"does not stand at character {start}")
        reader.read(text, [Span(start, start + len(shown), "figure", key) for key, shown, start in numbers], place)


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
    except ImportError as error:
        books.note(f"series.yml: needs {error.name}")
        return
    keys = written.keys() | raw["definition"].keys()
    if changed := sorted(key for key in keys if written.get(key) != raw["definition"].get(key)):
        books.leave("definition", ", ".join(changed), "series.yml says otherwise: build again")


def read_definition(path: Path) -> dict[str, Any]:
    """``series.yml`` over the series it extends, decimals as written; ImportError where PyYAML is not installed."""
    import yaml  # noqa: PLC0415  # may be missing

    class Loader(yaml.SafeLoader):
        """Safe YAML with decimals as text; a mapping to replace another stands under ``!replace``."""

    def merged(below: Any, above: Any) -> Any:
        if not isinstance(above, Mapping) or "!replace" in above:
            return above["!replace"] if isinstance(above, Mapping) else above
        under = below if isinstance(below, Mapping) else {}
        kept = {key: value for key, value in under.items() if key not in above}
        return kept | {key: merged(under.get(key), value) for key, value in above.items() if value is not None}

    Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: loader.construct_scalar(node))  # type: ignore[arg-type]
    Loader.add_constructor("!replace", lambda loader, node: {"!replace": loader.construct_mapping(node, deep=True)})  # type: ignore[arg-type]
    data = yaml.load(path.read_text("utf-8-sig"), Loader=Loader)  # noqa: S506  # safe underneath
    below = read_definition(path.parent.parent / data["extends"] / "series.yml") if "extends" in data else {}
    found: dict[str, Any] = merged(below, data)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Check every bulletin in a folder; 0 where all holds, 1 with left-overs, 2 where nothing can be checked."""
    parser = argparse.ArgumentParser(prog="tongbao_verify", description="Hold bulletins to their raw figures.")
    parser.add_argument("folder", type=Path, help="a project, its _site, or a folder with pages and their records")
    parser.add_argument("--raw", type=Path, help="the folder that holds data/raw, if not FOLDER or one above it")
    parser.add_argument("--json", action="store_true", help="print the accounts for machines")
    options = parser.parse_args(arguments)
    accounts, problem = [], f"no bulletin with its record in {options.folder}"
    try:
        accounts = [check(bulletin) for bulletin in find_bulletins(options.folder, options.raw)]
    except (OSError, ValueError, KeyError) as error:
        problem = str(error)
    if not accounts:
        print(f"cannot be checked: {problem}", file=sys.stderr)  # noqa: T201
        return 2
    if options.json:
        lists = [
            one._asdict() | {"left": [item._asdict() for item in one.left], "notes": [*one.notes]} for one in accounts
        ]
        print(json.dumps(lists, ensure_ascii=False, indent=1))  # noqa: T201
    for account in [] if options.json else accounts:
        print(f"{account.bulletin}: {len(account.left) or 'nothing'} left over of {account.held.total()}")  # noqa: T201
        lines = [" | ".join(filter(None, item)) for item in account.left]
        print(*lines, *(f"not read here: {note}" for note in account.notes), sep="\n")  # noqa: T201
    return int(any(account.left for account in accounts))
