"""One bulletin checked: definition, record, claims, and the page, PDF and Word file of each edition."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tongbao_verify.annexes import check_data, check_figures
from tongbao_verify.claims import check_claims, check_issues
from tongbao_verify.definition import Map
from tongbao_verify.document import Document
from tongbao_verify.formula import UnreadableError
from tongbao_verify.page import read_docx, read_page, read_pdf
from tongbao_verify.published import beside, changed
from tongbao_verify.record import RECORD, Record

SCHEMA = 5
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def find_bulletins(folder: Path) -> Iterator[tuple[Path, Path]]:
    """The record of each bulletin in a project, site or copy, and the path of its pages without language and ending."""
    folder = folder.resolve()
    for record in sorted(folder.glob("data/processed/*/*/findings.json")):
        yield record, folder.joinpath("_site", "reports", *record.parts[-3:-1])
    if not (folder / "data" / "processed").is_dir():
        for page in sorted(folder.rglob("*.html")):
            if page.with_suffix(".json").is_file():
                yield page.with_suffix(".json"), page.with_suffix("")


def check(record_file: Path, pages: Path, roots: list[Path]) -> Record:
    """The account of a bulletin.

    Arguments:
        record_file: its ``findings.json``, or the copy that was published.
        pages: the path of its pages without language and ending.
        roots: folders that paths of raw files and definitions may start from.

    Raises:
        ValueError: the record is of another schema.
    """
    raw: Map = json.loads(record_file.read_text("utf-8"))
    if raw.get("schema") != SCHEMA:
        raise ValueError(f"{record_file}: a record of schema {raw.get('schema')}, not {SCHEMA}")
    quality = record_file.with_name("quality.json")
    beside: Map | None = json.loads(quality.read_text("utf-8")) if quality.is_file() else None
    record = Record(raw, [*roots, pages.parent, pages], beside)  # published, raw files lie in the period's own folder
    published = pages.with_name(f"{pages.name}.json")
    if published.is_file() and published.read_bytes() != record_file.read_bytes():
        record.leave(published.name, published.name, "not the record of this bulletin: publish it again")
    for issue in raw["issues"]:
        if issue not in record.data["issues"]:
            record.leave(quality.name, issue["message"]["zh"], "not the issues of this record", document=quality.name)
    record.check()
    check_claims(record)
    check_issues(record)
    if (figures := pages.with_name(f"{pages.name}.csv")).is_file():
        with record.reading(figures.name, figures.name, document=figures.name):
            check_figures(record, figures)
    for lang in record.definition.series.get("languages", ["zh"]):
        Document(RECORD, lang, record).check_sentences()
        check_edition(record, pages.with_name(pages.name + ("" if lang == raw["lang"] else f".{lang}") + ".html"), lang)
    return record


def check_edition(record: Record, page: Path, lang: str) -> None:
    """Hold a page, with its data, PDF and Word file, to a record that was checked."""
    if not page.is_file():
        record.notes[f"{page.name}: not at hand"] = None
        return
    with record.reading(page.name, page.name, document=page.name):
        document = Document(page.name, lang, record, read_page(page))
        in_print = document.check_page()
        check_data(document, page)
        for ending, read in ((".pdf", read_pdf), (".archive.pdf", read_pdf), (".docx", read_docx)):
            path = page.with_suffix(ending)
            try:
                if path.is_file():
                    Document(path.name, lang, record).check_print(read(path), in_print)
            except UnreadableError as error:
                record.notes[f"{path.name}: {error}"] = None


def _legible(text: str) -> str:
    """What acts on a terminal, or cannot be seen or printed, by its number; so JSON has it, too."""
    return _UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def main(arguments: list[str] | None = None, tell: Callable[[str], str] = str) -> int:
    """Check every bulletin in a folder; 0 where all holds, 1 with left-overs, 2 where nothing can be checked.

    ``tell`` says a message in another language; JSON has them as they are.
    """
    parser = argparse.ArgumentParser(prog="tongbao_verify", description=tell("Hold bulletins to their raw figures."))
    parser.add_argument(
        "folder", type=Path, help=tell("a project, its _site, or a folder with pages and their records")
    )
    parser.add_argument("--raw", type=Path, help=tell("the folder that holds data/raw, if not FOLDER or one above it"))
    parser.add_argument("--json", action="store_true", help=tell("print the accounts for machines"))
    options = parser.parse_args(arguments)
    folder, problem = options.folder.resolve(), f"no bulletin with its record in {options.folder}"
    accounts, unlike, at = list[tuple[Record, Path]](), list[tuple[str, str]](), folder
    roots = [*([options.raw] if options.raw else []), folder, *folder.parents]
    try:
        for at, pages in find_bulletins(folder):
            accounts.append((record := check(at, pages, roots), pages))
            _ = record.data["series"]
        at, unlike = folder, list(changed(folder))
    except Exception as error:  # noqa: BLE001  # a record that is none may break anything: then nothing is vouched for
        accounts, problem = [], f"{at}: {type(error).__name__}: {error}"
    if not accounts:
        print(_legible(tell(f"cannot be checked: {problem}")), file=sys.stderr)  # noqa: T201
        return 2
    for record, pages in accounts:
        name, left, notes = f"{record.data['series']}@{record.own}", list(record.left), list(record.notes)
        name += f" {pages.parent.name}" if pages.parent.name != record.data["series"] else ""  # a version's own folder
        said = {"bulletin": name, "left": [one._asdict() for one in left], "notes": notes, "held": record.held}
        total = record.held.total()
        lines = [tell(f"{name}: {len(left)} left over of {total}" if left else f"{name}: nothing left over of {total}")]
        for one in left:
            parts = one._replace(place=tell(one.place), reason=tell(one.reason))
            lines.append(" | ".join(filter(None, parts)))
        lines += [tell(f"not read here: {note}") for note in notes]
        print(_legible(json.dumps(said, ensure_ascii=False) if options.json else "\n".join(lines)))  # noqa: T201
    for name, reason in unlike:
        line = (
            json.dumps({"file": name, "left": reason}, ensure_ascii=False)
            if options.json
            else tell(f"{name}: {reason}")
        )
        print(_legible(line))  # noqa: T201
    strange = beside(folder)
    for name in strange if options.json else strange[:20]:
        line = json.dumps({"file": name, "note": "on no record"}, ensure_ascii=False)
        print(_legible(line if options.json else tell(f"on no record, and not held: {name}")))  # noqa: T201
    if len(strange) > 20 and not options.json:
        print(tell(f"{len(strange) - 20} more files on no record"))  # noqa: T201
    return int(bool(unlike) or any(record.left for record, _ in accounts))
