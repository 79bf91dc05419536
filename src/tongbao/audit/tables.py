"""Annex tables and charts on the page, cell by cell against the books."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from tongbao.audit.account import Kind
from tongbao.audit.arithmetic import exactly
from tongbao.audit.books import AREA, Amount, Books
from tongbao.audit.known import squeeze
from tongbao.audit.numerals import read_numerals
from tongbao.audit.page import Element
from tongbao.audit.text import Reader
from tongbao.audit.words import frame, written
from tongbao.definition.case_records import ENTERPRISE_MEASURES
from tongbao.definition.series import Annex, Chart, Column, TableDef

Expected = tuple[str, Kind, str]
_VALUE = re.compile(r"\{\{\s*value\s*\}\}")
_LABEL = re.compile(r"value: (?P<value>-?[\d.]+); unit: (?P<unit>.+); label: (?P<label>.+)")
_PERIOD = re.compile(r"\{\{\s*period\s*\}\}")
_TICK = re.compile(r"[\d,]+(?:\.\d+)?")


def audit_annexes(main: Element, reader: Reader) -> None:
    """Every cell of every annex table: its text, its id, its row and column."""
    annexes = reader.backing.books.series.annexes
    tables = list(main.find("table", "annex-table"))
    if len(tables) != len(annexes):
        reader.leave("annexes", str(len(tables)), "", f"the series declares {len(annexes)} annex tables")
    for number, (annex, table) in enumerate(zip(annexes, tables, strict=False), start=1):
        _annex(annex, table, annex_label(number, len(annexes), reader.lang), reader)


def annex_label(number: int, count: int, lang: str) -> str:
    """附件2, Annex 2; without a number where there is only one."""
    return frame("annex", lang).format(number if count > 1 else "").strip()


def expected_rows(annex: Annex, reader: Reader) -> Iterator[tuple[str, str, list[Expected]]]:
    """What an annex must print, row by row: scope, name, and text, kind and backing of each cell."""
    books, lang = reader.backing.books, reader.lang
    if annex.table is None:
        yield from _listed(annex.enterprises or "", books, lang)
        return
    definition = books.series.tables[annex.table]
    rows = books.received.tables[annex.table].rows
    for unit in definition.row_order or [unit.id for unit in books.series.units]:
        if unit in rows:
            yield unit, books.series.unit(unit).name(lang), _cells(definition, unit, reader)
    if definition.total_row:
        yield AREA, definition.total_row.get(lang), _cells(definition, AREA, reader)


def _listed(name: str, books: Books, lang: str) -> Iterator[tuple[str, str, list[Expected]]]:
    """A list of enterprises: number, name, county, industry, figures, reasons."""
    declared = books.series.enterprises[name]
    for number, enterprise in enumerate(books.enterprises[name][: declared.limit], start=1):
        where = str(enterprise.source)
        words = (enterprise.name, books.series.unit(enterprise.unit).name(lang), enterprise.industry)
        cells: list[Expected] = [(text, "cell", where) for text in words]
        cells += [(written(exactly(Fraction(enterprise.figures[measure])), lang), "cell", where)
                  for measure in declared.measures]  # fmt: skip
        reasons = [
            _VALUE.sub(
                written(exactly(Fraction(enterprise.figures[criterion.measure])), lang), criterion.reason.get(lang)
            )
            for key, criterion in declared.criteria.items()
            if key in enterprise.met
        ]
        cells.append((frame("and_so_on", lang).join(reasons), "cell", where))
        yield str(number), str(number), cells


def annex_header(annex: Annex, books: Books, lang: str) -> list[str]:
    """The header of an annex."""
    if annex.table is not None:
        definition = books.series.tables[annex.table]
        return [definition.unit_header.get(lang), *(column.name(lang) for column in definition.columns.values())]
    measures = books.series.enterprises[annex.enterprises or ""].measures
    *first, last = frame("listed", lang).split("|")
    return [*first, *(ENTERPRISE_MEASURES[measure].get(lang) for measure in measures), last]


def _ids(annex: Annex, scope: str, count: int, books: Books) -> list[str]:
    if annex.table is None:
        return [f"list-{annex.enterprises}-{scope}-{place}" for place in range(count)]
    return [f"cell-{column}-{scope}" for column in books.series.tables[annex.table].columns]


def _cells(definition: TableDef, scope: str, reader: Reader) -> list[Expected]:
    return [_cell(definition, name, column, scope, reader) for name, column in definition.columns.items()]


def _cell(definition: TableDef, name: str, column: Column, scope: str, reader: Reader) -> Expected:
    books = reader.backing.books
    if column.rank_of:
        if scope == AREA:
            return definition.total_mark, "computed", "the totals' row has no rank"
        rank = books.ranks(column.rank_of).get(scope)
        return "" if rank is None else str(rank), "computed", f"rank of {column.rank_of}"
    amount = books.amount(column.reports or name, scope)
    return written(amount.text, reader.lang), amount.kind, amount.backing


def _annex(annex: Annex, table: Element, label: str, reader: Reader) -> None:
    books = reader.backing.books
    header = [cell.text() for head in table.find("thead") for cell in head.find("th")]
    names = annex_header(annex, books, reader.lang)
    for shown, name in zip(header, names, strict=False):
        if "".join(shown.split()) != "".join(name.split()):
            reader.leave(f"{label}, header", shown, shown, f"the series has {name}")
    body = [row for part in table.find("tbody") for row in part.find("tr")]
    rows = list(expected_rows(annex, reader))
    if len(body) != len(rows) or len(header) != len(names):
        reader.leave(label, f"{len(body)} rows, {len(header)} columns", "", f"{len(rows)} rows, {len(names)} columns")
    for row, (scope, name, expected) in zip(body, rows, strict=False):
        _row(row, f"{label}, {name}", name, _ids(annex, scope, len(expected), books),
             list(zip(names[1:], expected, strict=True)), reader)  # fmt: skip


def _row(
    row: Element, place: str, name: str, ids: list[str], expected: list[tuple[str, Expected]], reader: Reader
) -> None:
    shown_name = next(row.find("th")).text()
    sentence = " ".join(cell.text() for cell in row.children if isinstance(cell, Element))
    if shown_name != name:
        reader.leave(place, shown_name, sentence, f"the row of {name}")
    else:
        reader.enter(place, name, "unit name", "a row of the table")
    for cell, cell_id, (column, (text, kind, backing)) in zip(row.find("td"), ids, expected, strict=False):
        shown = cell.text()
        at = f"{place}, {column}"
        if shown != text:
            reader.leave(at, shown or "blank", sentence, f"recomputed {text or 'blank'}: {backing}")
        elif read_numerals(shown):
            reader.enter(at, shown, kind, backing)
        if cell.attributes.get("id") != cell_id:
            reader.leave(at, shown, sentence, f"the cell's id is not {cell_id}: evidence would lead elsewhere")


def audit_charts(main: Element, reader: Reader) -> list[str]:
    """Every chart: its drawing, its words and its table of numbers; returns the texts drawn."""
    drawn: list[str] = []
    for element in main.find(name="chart"):
        if element.within("robustness"):
            continue
        name = element.attributes.get("id", "").removeprefix("chart-")
        declared = reader.backing.books.series.charts.get(name)
        if declared is None or getattr(declared, "kind", "bars") != "bars":
            reader.account.not_audited.append(f"chart {name}")
        else:
            drawn += _ChartAudit(name, declared, reader).run(element)
    return drawn


class _ChartAudit:
    """One chart of bars."""

    def __init__(self, name: str, declared: Chart, reader: Reader) -> None:
        self.place = f"chart {name}"
        self.declared = declared
        self.reader = reader
        books = reader.backing.books
        ranks = books.ranks(declared.measure)
        order = sorted(ranks, key=ranks.__getitem__)
        self.lang = reader.lang
        self.rows = [
            (books.series.unit(unit).name(self.lang), self._written(books.amount(declared.measure, unit)),
             str(ranks[unit])) for unit in order
        ]  # fmt: skip
        self.allowed: dict[str, Amount] = {amount.text: amount for _, amount, _ in self.rows}
        blank = [unit.name(self.lang) for unit in books.series.units if unit.id not in ranks]
        self.blank = frame("comma", self.lang).join(blank)
        self.low = 0
        if declared.reference:
            value = declared.reference.value
            line = books.amount(declared.measure) if value == "area" else books.evaluate(value)
            self.allowed[written(line.text, self.lang)] = line
            self.low = sum(amount.value < line.value for _, amount, _ in self.rows
                           if amount.value is not None and line.value is not None)  # fmt: skip

    def _written(self, amount: Amount) -> Amount:
        return replace(amount, text=written(amount.text, self.lang))

    def run(self, element: Element) -> list[str]:
        """Audit the table of numbers, the drawing, its words and the data of the interactive drawing."""
        self._table(element)
        drawn = []
        for svg in element.find("svg"):
            self._message(svg.attributes.get("aria-label", ""))
            drawn += [text for group in svg.find("g") for text in self._texts(group)]
        self._data(element.attributes.get("data-spec", "{}"))
        return drawn

    def _table(self, element: Element) -> None:
        expected = [[name, amount.text, rank] for name, amount, rank in self.rows]
        body = [row for part in element.find("tbody") for row in part.find("tr")]
        shown = [[cell.text() for cell in row.children if isinstance(cell, Element)] for row in body]
        for index in range(max(len(shown), len(expected))):
            found = shown[index] if index < len(shown) else []
            right = expected[index] if index < len(expected) else []
            for text, wanted in zip(found, right, strict=False):
                if text != wanted:
                    self.reader.leave(f"{self.place}, numbers", text, " ".join(found), f"recomputed {wanted}")
            if len(found) != len(right):
                self.reader.leave(f"{self.place}, numbers", " ".join(found), " ".join(found), " ".join(right))
            elif found == right:
                amount = self.rows[index][1]
                self.reader.enter(f"{self.place}, numbers", found[0], "unit name", "a row of the chart")
                self.reader.enter(f"{self.place}, numbers", found[1], amount.kind, amount.backing)
                self.reader.enter(f"{self.place}, numbers", found[2], "computed", "rank")

    def _texts(self, group: Element) -> list[str]:
        """The texts of a group: ticks of the scale, labels, title and subtitle."""
        elements = [child for child in group.children if isinstance(child, Element) and child.tag == "text"]
        texts = [element.text() for element in elements]
        role = " ".join(sorted(group.classes)) or _role(group)
        if "role-axis-label" in role:
            self._scale([text for text in texts if _TICK.fullmatch(text)])
        for element, text in zip(elements, texts, strict=True):
            if "role-title" in role:
                said, _, blank = text.partition(frame("not_drawn", self.lang))
                if blank != self.blank and "subtitle" in role:
                    self.reader.leave(f"{self.place}, title", blank or "none", text, f"blank: {self.blank or 'none'}")
                self.reader.read(said, [], f"{self.place}, title")
                self._declared("subtitle" if "subtitle" in role else "title", said)
            elif "role-axis-label" in role:
                if _TICK.fullmatch(text):
                    self.reader.enter(f"{self.place}, drawing", text, "method", "a tick of the scale")
            else:
                self._numbers(text, "drawing")
                self._label(element.attributes.get("aria-label", ""), text)
        return texts

    def _declared(self, part: str, said: str) -> None:
        """A title is the declared one, with the period in it."""
        books, lang = self.reader.backing.books, self.reader.lang
        template = getattr(self.declared, part).get(lang)
        right = _PERIOD.sub(books.period.label(lang), template) if books.period else template
        if "{" not in right and squeeze(right) not in squeeze(said):
            self.reader.leave(f"{self.place}, title", said, said, f"the series has {right}")

    def _label(self, said: str, text: str) -> None:
        """What a screen reader says of a bar's label: the unit's own value, and the label that is drawn."""
        mark = _LABEL.fullmatch(said)
        amount = next((amount for name, amount, _ in self.rows if mark and name == mark["unit"]), None)
        if mark is None:
            return
        exact = amount.value if amount is not None else None
        near = exact is not None and abs(Fraction(mark["value"]) - exact) <= abs(exact) / 10**9
        if amount is None or not near or mark["label"] != text or text.removesuffix(" ▼") != amount.text:
            right = amount.text if amount is not None else "no such unit"
            self.reader.leave(f"{self.place}, drawing", text, said, f"{mark['unit']}: recomputed {right}")

    def _scale(self, ticks: list[str]) -> None:
        """The ticks of a scale are evenly spaced."""
        values = [Fraction(tick.replace(",", "")) for tick in ticks]
        steps = {later - earlier for earlier, later in pairwise(values)}
        if len(steps) > 1:
            self.reader.leave(f"{self.place}, drawing", " ".join(ticks), " ".join(ticks), "an uneven scale")

    def _numbers(self, text: str, where: str) -> None:
        for numeral in read_numerals(text):
            amount = self.allowed.get(numeral.text)
            if amount is None:
                self.reader.leave(f"{self.place}, {where}", numeral.text, text, "no value of the chart")
            else:
                self.reader.enter(f"{self.place}, {where}", numeral.text, amount.kind, amount.backing)

    def _message(self, message: str) -> None:
        count = re.search(frame("below", self.lang), message)
        if count and int(count[1]) != self.low:
            self.reader.leave(f"{self.place}, description", count[1], message, f"{self.low} are below the line")
        elif count:
            self.reader.enter(f"{self.place}, description", count[1], "computed", "units below the line")
        self._numbers(message[: count.start(1)] + message[count.end(1) :] if count else message, "description")

    def _data(self, spec: str) -> None:
        """The numbers that the interactive drawing is made of."""
        by_name = {name: (amount, rank) for name, amount, rank in self.rows}
        for rows in json.loads(spec).get("datasets", {}).values():
            for row in rows:
                if "unit" not in row:
                    self._numbers(str(row.get("label", "")), "data")
                    continue
                amount, rank = by_name.get(row["unit"], (None, ""))
                right = amount and {"text": amount.text, "rank": int(rank), "value": float(amount.value or 0)}
                for key, value in (right or {"unit": "a unit with a figure"}).items():
                    if row.get(key) != value:
                        self.reader.leave(f"{self.place}, data", str(row.get(key)), str(row), f"recomputed {value}")


def _role(group: Element) -> str:
    parent = group.parent
    while parent is not None and parent.tag == "g":
        if parent.classes:
            return " ".join(sorted(parent.classes))
        parent = parent.parent
    return ""
