"""findings.json read afresh: every sentence, every number in it, every calculation and cell on record."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tongbao.audit.membership import members
from tongbao.audit.page import Span
from tongbao.audit.text import Reader

PLACE = "findings.json"


def audit_statements(record: Mapping[str, Any], reader: Reader) -> None:
    """Account for the sentences and figures on record; ``reader`` writes into the account."""
    for finding in record["findings"]:
        _finding(finding, reader)
    for key, figure in record["figures"].items():
        _figure(key, figure, f"{PLACE}: figures", reader)


def _finding(finding: Mapping[str, Any], reader: Reader) -> None:
    name = finding["id"]
    for lang, sentence in finding["text"].items():
        if sentence is None:
            continue
        place = f"{PLACE}: finding {name}, {lang}"
        spans = []
        for number in finding["numbers"][lang]:
            end = number["start"] + len(number["text"])
            if sentence[number["start"] : end] == number["text"]:
                spans.append(Span(number["key"], number["start"], end))
            else:
                found = sentence[number["start"] : end]
                reader.leave(place, found, sentence, f"the number on record here is {number['text']}")
        reader.lang = lang
        reader.read(sentence, spans, place, findings=[name] if name in reader.backing.books.series.findings else [])
    reader.lang = "zh"
    for key, figure in finding["values"].items():
        _figure(key, figure, f"{PLACE}: finding {name}", reader)
    _picked(finding, reader)


def _picked(finding: Mapping[str, Any], reader: Reader) -> None:
    """Units and case on record are those picked again."""
    books = reader.backing.books
    place = f"{PLACE}: finding {finding['id']}"
    rule = books.series.findings.get(finding["id"])
    if rule is None:
        reader.leave(place, finding["id"], finding["text"]["zh"], "the series declares no such finding")
        return
    found = members(rule, books)
    if found is None:
        reader.account.not_audited.append(f"finding {finding['id']}: which units a rule {finding['rule']} picks")
        return
    if finding["case"] != found.case:
        reader.leave(place, finding["case"], finding["text"]["zh"], f"the figures make the case {found.case} true")
    known = [unit for unit in found.units if any(unit == declared.id for declared in books.series.units)]
    if list(finding["units"]) != known:
        reader.leave(place, "、".join(finding["units"]), finding["text"]["zh"],
                     f"units picked: {'、'.join(known) or 'none'}")  # fmt: skip


def _figure(key: str, figure: Mapping[str, Any], place: str, reader: Reader) -> None:
    amount = reader.backing.amount(key)
    sentence = f"{key} = {figure['text']}"
    if amount is None:
        reader.leave(place, figure["text"], sentence, f"nothing backs the key {key}")
    elif not reader.backing.says(amount, figure["text"]):
        reader.leave(place, figure["text"], sentence, f"recomputed {amount.text or 'blank'}: {amount.backing}")
    elif not _same(figure["value"], amount.value):
        reader.leave(place, str(figure["value"]), sentence, f"recomputed {amount.value}: {amount.backing}")
    elif figure["text"]:
        reader.enter(place, figure["text"], amount.kind, amount.backing)
    calculation = figure["calculation"]
    if calculation and (amount is None or not reader.backing.calculates(amount, calculation)):
        reader.leave(place, calculation, sentence, "the calculation does not hold")
    for cell in figure["cells"]:
        source = cell["source"]
        held = reader.backing.cell(cell)
        at = f"{source['file']} {source.get('column', '')}{source.get('row', source.get('what', ''))}"
        if held is None or (held.table, held.unit, held.column) != (cell["table"], cell["unit"], cell["column"]):
            reader.leave(place, cell["value"], sentence, f"{at} is not this cell")
        elif held.text != cell["value"]:
            reader.leave(place, cell["value"], sentence, f"{at} holds {held.text.strip() or 'a blank'}")


def _same(recorded: str | None, value: Fraction | None) -> bool:
    """Whether a value on record, kept to 12 decimals, is the exact one."""
    if recorded is None or value is None:
        return recorded is None and value is None
    return abs(Fraction(recorded) - value) <= Fraction(1, 10**12)
