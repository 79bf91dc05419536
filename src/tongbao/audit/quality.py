"""quality.json and the page's lines on the returns, held against the issues found again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from difflib import SequenceMatcher
from typing import Any

from tongbao.audit.account import Kind
from tongbao.audit.issues import AGREE, NO_ISSUE, Issue
from tongbao.audit.known import squeeze
from tongbao.audit.numerals import read_numerals
from tongbao.audit.text import Reader
from tongbao.audit.words import capital
from tongbao.checks.change import Change

PLACE = "quality.json"
_WORDS = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|\w|\W")
_NUMBER = re.compile(r"\d+\.\d+")


def audit_quality(record: Mapping[str, Any], issues: Sequence[Issue], reader: Reader) -> None:
    """Every issue on record was found again, in the same words, with the same cells; and none is missing."""
    rest = list(issues)
    for recorded in record["issues"]:
        place = f"{PLACE}: {recorded['check']}" + (f", {recorded['unit']}" if recorded["unit"] else "")
        message = recorded["message"]["zh"]
        key = (recorded["check"], recorded["unit"], recorded["table"], frozenset(recorded["columns"]))
        same = [issue for issue in rest if issue.key == key]
        found = next((issue for issue in same if issue.said["zh"] == message), same[0] if same else None)
        if found is None:
            reader.leave(place, message, message, "the raw figures do not give this issue")
            continue
        rest.remove(found)
        if recorded["level"] != found.level:
            reader.leave(place, recorded["level"], message, f"its level is {found.level}")
        for lang, said in found.said.items():
            audit_said(recorded["message"][lang] or "", said, f"{place}, {lang}", reader, found)
        _cells(recorded, found, place, reader)
    for issue in rest:
        reader.leave(PLACE, issue.said["zh"], issue.said["zh"], f"an issue of {issue.check} that is not on record")


def audit_lines(lines: Sequence[tuple[str, str]], issues: Sequence[Issue], reader: Reader) -> None:
    """The lines of the page on the returns: a line for each issue, or one that says that there is none.

    Arguments:
        lines: place and text of each.
        issues: those found again.
        reader: writes into the account.
    """
    lang = reader.lang
    expected: list[tuple[str, Issue | None]] = [(capital(issue.said[lang]), issue) for issue in issues]
    if _repeats_figures(reader) and not any(issue.check.startswith("reported") for issue in issues):
        expected.insert(0, (AGREE[lang], None))
    expected = expected or [(NO_ISSUE[lang], None)]
    rest = list(lines)
    for said, issue in expected:
        same = max(rest, key=lambda line: SequenceMatcher(None, line[1], said, autojunk=False).ratio(), default=None)
        if same is None or SequenceMatcher(None, same[1], said, autojunk=False).ratio() < 0.5:
            reader.leave("notes", said, said, "an issue that the page does not name")
            continue
        rest.remove(same)
        audit_said(same[1], said, same[0], reader, issue)
    for place, text in rest:
        reader.leave(place, text, text, "the raw figures do not give this issue")


def audit_said(text: str, said: str, place: str, reader: Reader, issue: Issue | None) -> None:
    """One sentence on record or on the page, held against what it must say; names what differs."""
    if squeeze(_plain(text)) != squeeze(_plain(said)):
        for old, new in differences(text, said):
            reader.leave(place, old or "nothing", text, f"recomputed {new or 'nothing'}: {said}")
        return
    for numeral in read_numerals(text):
        reader.enter(place, numeral.text, _kind(numeral.text, issue, reader), f"check {issue.check}" if issue else "")
    if issue is not None and issue.unit:
        reader.enter(place, issue.unit, "unit name", f"check {issue.check}")


def differences(text: str, said: str) -> Iterator[tuple[str, str]]:
    """The words that differ, whole numbers and names each."""
    old, new = (_WORDS.findall(words) for words in (text, said))
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield "".join(old[a:b]), "".join(new[c:d])


def _kind(text: str, issue: Issue | None, reader: Reader) -> Kind:
    if issue is not None and any(cell.text.strip() == text for cell in issue.cells):
        return "cell"
    rule = reader.backing.books.series.checks.get(issue.check) if issue else None
    if isinstance(rule, Change) and str(rule.factor) == text:
        return "parameter"
    return "computed"


def _plain(text: str) -> str:
    """Numbers without the zeros at their end, which a sum of cells may have."""
    return _NUMBER.sub(lambda match: match[0].rstrip("0").rstrip("."), text)


def _cells(recorded: Mapping[str, Any], found: Issue, place: str, reader: Reader) -> None:
    right = {_place(cell.table, cell.unit, cell.column, asdict(cell.source)): cell for cell in found.cells}
    seen = set()
    for cell in recorded["cells"]:
        at = _place(cell["table"], cell["unit"], cell["column"], cell["source"])
        held = right.get(at)
        if held is None:
            reader.leave(place, cell["value"], recorded["message"]["zh"], f"{' '.join(at)} is no cell of this issue")
        elif held.text != cell["value"]:
            reader.leave(place, cell["value"], recorded["message"]["zh"],
                         f"{' '.join(at)} holds {held.text.strip() or 'a blank'}")  # fmt: skip
        seen.add(at)
    missing = right.keys() - seen
    if missing and not found.more:
        reader.leave(place, "", recorded["message"]["zh"], f"without its cell {' '.join(min(missing))}")


def _place(table: str, unit: str | None, column: str, source: Mapping[str, Any]) -> tuple[str, ...]:
    return (table, unit or "", column, *(str(part) for part in source.values() if part is not None))


def _repeats_figures(reader: Reader) -> bool:
    """Whether the returns repeat anything that is computed: a total, a rate, a rank."""
    books = reader.backing.books
    return any(
        any(column.reports or column.rank_of for column in definition.columns.values())
        or any(cell.value is not None for cell in books.received.tables[name].total.values())
        for name, definition in books.series.tables.items()
    )
