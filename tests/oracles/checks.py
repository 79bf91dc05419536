"""What is wrong with the returns, found again from the cells: one function per kind of check.

Checks are taken as series.yml has them; of a message only the numbers that it must tell are worked out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from oracles.arithmetic import AREA, decimals_of, names_of, printed
from oracles.books import Books
from oracles.rules import KINDS
from oracles.standing import Standing
from tongbao.basics.period import Period, long_date
from tongbao.definition.tables import TableDef
from tongbao.reading.cell import Cell
from tongbao.reading.prose import Header

LEVELS = ("error", "warning", "note")
# What applies without being declared, in this order, with its level.
STANDARD = {
    "reported": "warning",
    "totals": "warning",
    "incomplete": "error",
    "blank_returns": "note",
    "complete": "error",
    "dates": "warning",
}
_LEVEL = {"holds": "error", **STANDARD}
Check = Mapping[str, Any]


@dataclass(frozen=True)
class Issue:
    """Something wrong: the kind of check, its name, the unit, the cells to look at, the numbers that it tells."""

    kind: str
    check: str
    level: str
    unit: str | None
    cells: tuple[Cell, ...]
    numbers: tuple[str, ...]

    @property
    def table(self) -> str:
        return self.cells[0].table if self.cells else ""


Found = Iterator[tuple[str, str | None, Sequence[Cell], Sequence[str]]]
"""The name of the check, the unit, the cells, the numbers."""


def find_issues(checks: Mapping[str, Check], books: Books, header: Header, period: Period) -> list[Issue]:
    """The issues of the figures received, the most serious first, otherwise in declared order."""
    kinds = {check["check"] for check in checks.values()}
    rules = {kind: {"check": kind} for kind in STANDARD if kind not in kinds} | dict(checks)
    found = []
    for name, rule in rules.items():
        kind = rule["check"]
        level = rule.get("level", _LEVEL.get(kind, "warning"))
        run = _dates(header, period) if kind == "dates" else _CHECKS[kind](name, rule, books)
        for check, unit, cells, said in run:
            own = books.series.columns[cells[0].column].blank if kind == "incomplete" else None
            if own != "allowed":
                found.append(Issue(kind, check, own or level, unit, tuple(cells), tuple(said)))
    return sorted(found, key=lambda issue: LEVELS.index(issue.level))


def in_order_of_kinds(issues: Sequence[Issue]) -> list[Issue]:
    """As a sentence counts them."""
    return sorted(issues, key=lambda issue: KINDS.index(issue.kind))


def _holds(name: str, rule: Check, books: Books) -> Found:
    for unit in books.units:
        left, right = (books.evaluate(str(rule[side]), unit) for side in ("left", "right"))
        a, b = left.value, right.value
        if a is None or b is None or {"<=": a <= b, ">=": a >= b, "==": a == b}[rule["relation"]]:
            continue
        yield (
            name,
            unit,
            [cell for side in ("left", "right") for cell in books.cells(str(rule[side]), unit)],
            (left.text, right.text),
        )


def _also_reported(name: str, rule: Check, books: Books) -> Found:
    for unit in books.units:
        given = books.amount(rule["given"], unit)
        if given.value and books.amount(rule["expected"], unit).value is None:
            cells = [cell for side in ("expected", "given") for cell in books.cells(rule[side], unit)]
            yield name, unit, cells, (given.text,)


def _complete(name: str, rule: Check, books: Books) -> Found:
    for indicator in books.series.indicators.values():
        operands = [operand for operand in dict.fromkeys(names_of(indicator.formula)) if operand in books.tables]
        asking = [books.tables[one] for one in operands if books.series.tables[books.tables[one]].partial]
        for unit in books.units:
            if any(unit not in books.received.tables[table].rows for table in asking):
                continue
            blank = [operand for operand in operands if books.amount(operand, unit).value is None]
            if 0 < len(blank) < len(operands) and not all(_stops(books, operand, unit) for operand in blank):
                yield name, unit, [c for operand in (*blank, *operands) for c in books.cells(operand, unit)], ()


def _left_out(books: Books, column: str, unit: str) -> bool:
    """Whether a figure is missing from a row that holds others."""
    table = books.tables[column]
    row = books.received.tables[table].rows.get(unit, {})
    columns = books.series.tables[table].columns
    measures = [cell.value for one, cell in row.items() if not columns[one].reports and not columns[one].rank_of]
    return bool(row) and row[column].value is None and any(value is not None for value in measures)


def _most(some: int, all_: int) -> bool:
    return some > 1 and some > all_ / 2


def _stops(books: Books, column: str, unit: str) -> bool:
    """Whether such a figure stops the build by itself."""
    return _left_out(books, column, unit) and books.series.columns[column].blank in (None, "error")


def _incomplete(name: str, rule: Check, books: Books) -> Found:
    for table, definition in books.series.tables.items():
        rows = books.received.tables[table].rows
        ours = [one for one, column in definition.columns.items() if not column.reports and not column.rank_of]
        filled = [unit for unit, row in rows.items() if any(row[one].value is not None for one in ours)]
        groups: dict[tuple[object, ...], list[str]] = {}
        for one in ours:
            units = tuple(unit for unit in filled if _left_out(books, one, unit))
            if _most(len(units), len(filled)) and definition.columns[one].blank != "allowed":
                groups.setdefault((units, definition.columns[one].blank), []).append(one)
        for (units, _), columns in groups.items():
            yield name, None, [rows[unit][one] for unit in units for one in columns], ()
        told = {one for columns in groups.values() for one in columns}
        for unit, row in rows.items():
            for one in ours:
                if _left_out(books, one, unit) and one not in told:
                    yield name, unit, [row[one]], ()


def _change(name: str, rule: Check, books: Books) -> Found:
    other = books.other(rule.get("against", "previous"))
    assert other is not None
    factor = Fraction(str(rule["factor"]))
    for unit in books.units:
        now, then = books.amount(rule["measure"], unit), other.amount(rule["measure"], unit)
        if now.value is None or not then.value or (now.value == 0 and then.value <= factor):
            continue
        if not then.value / factor <= now.value <= then.value * factor:
            cells = [*books.cells(rule["measure"], unit), *other.cells(rule["measure"], unit)]
            yield name, unit, cells, (now.text, then.text, str(rule["factor"]))


def _feasible(name: str, rule: Check, books: Books) -> Found:
    part, whole = books.evaluate(str(rule["part"])), books.evaluate(str(rule["whole"]))
    if part.value is None or whole.value is None:
        return
    amounts = {unit: amount for unit in books.units if (amount := books.amount(rule["rate"], unit)).value is not None}
    ratios = {unit: ratios_of(amount.text, int(part.value), int(whole.value)) for unit, amount in amounts.items()}
    wrong = [unit for unit, choices in ratios.items() if not choices]
    for unit in wrong:
        yield name, unit, books.cells(rule["rate"], unit), (amounts[unit].text, part.text, whole.text)
    if amounts and not wrong and not fit_together(list(ratios.values()), int(part.value), int(whole.value)):
        yield name, None, [*books.cells(str(rule["part"])), *books.cells(str(rule["whole"]))], (part.text, whole.text)


def ratios_of(rate: str, part: int, whole: int) -> set[tuple[int, int]]:
    """Every (p, w) with p ≤ part and w ≤ whole whose percentage is printed so.

    >>> sorted(ratios_of("7.69", 87, 30))
    [(1, 13), (2, 26)]
    """
    shown, half = Fraction(rate), Fraction(1, 2 * 10 ** decimals_of(rate))
    return {
        (above, below)
        for below in range(1, whole + 1)
        for above in range(part + 1)
        if shown - half <= Fraction(100 * above, below) < shown + half
    }


def fit_together(ratios: Sequence[set[tuple[int, int]]], part: int, whole: int) -> bool:
    """Whether one pair of each can be chosen so that they add up to the totals: every sum is tried."""
    sums = {(0, 0)}
    for choices in ratios:
        sums = {(a + p, b + w) for a, b in sums for p, w in choices if a + p <= part and b + w <= whole}
    return (part, whole) in sums


Difference = tuple[str, str, Cell, str]
"""The scope, the measure, the cell, what it should say."""


def _reported(name: str, rule: Check, books: Books) -> Found:
    for table, definition in books.series.tables.items():
        found = list(_differing(table, books))
        after, wrong = _after(found, definition, books), _miscounted(table, books)
        totals = {one: Fraction(cell.value or 0) for one, cell in _off(table, books)}
        for difference in found:
            scope, _, cell, text = difference
            follows = any(difference in ranks for ranks in after.values())
            follows |= any(cell in rates[1:] for _, _, _, rates in wrong.values())
            if follows or (scope == AREA and _rate_is(cell, AREA, books, totals)):
                continue
            check = "reported-rank" if definition.columns[cell.column].rank_of else "reported-rate"
            ranks = after.get(found.index(difference), [])
            numbers, cells = [cell.text.strip(), text, str(len(ranks) or "")], [cell]
            for count, total, right, rates in wrong.values():
                if cell in rates:
                    numbers = [count.text, total.text, cell.text.strip(), str(right), str(len(ranks) or "")]
                    cells = [count, cell, total]
            yield check, None if scope == AREA else scope, cells, [t for t in numbers if t]


def _off(table: str, books: Books) -> Iterator[tuple[str, Cell]]:
    """The columns whose total is not the sum."""
    definition = books.series.tables[table]
    for column, cell in books.received.tables[table].total.items():
        declared = definition.columns[column]
        if not declared.is_measure or declared.area != "sum" or cell.value is None or definition.partial:
            continue
        if books.amount(column).value != Fraction(cell.value):
            yield column, cell


def _rate_is(cell: Cell, scope: str, books: Books, given: Mapping[str, Fraction]) -> bool:
    """Whether a reported rate is right if some figures were others."""
    indicator = books.series.indicators.get(books.series.columns[cell.column].reports or "")
    if indicator is None or cell.value is None:
        return False
    formula = str(indicator.formula)
    for name in names_of(formula):
        value = given.get(name, books.amount(name, scope).value)
        if value is None:
            return False
        formula = re.sub(rf"\b{name}\b", f"({value.numerator}/{value.denominator})", formula)
    value, decimals = books.evaluate(formula, scope).value, decimals_of(format(cell.value, "f"))
    return value is not None and Decimal(printed(value, decimals, indicator.rounding)) == cell.value


def _miscounted(table: str, books: Books) -> dict[str, tuple[Cell, Cell, Decimal, list[Cell]]]:
    """By column the count that total and reported rate of one unit contradict: cell, total, right one, its rates."""
    wrong: dict[str, tuple[Cell, Cell, Decimal, list[Cell]]] = {}
    for column, total in _off(table, books):
        if books.amount(column).value is None:
            continue
        lines = books.received.tables[table].rows
        lacks = (total.value or 0) - sum((line[column].value or Decimal(0) for line in lines.values()), Decimal(0))
        suspects = []
        for unit, line in lines.items():
            value = line[column].value
            if value is not None:
                right = {column: Fraction(value + lacks)}
                rates = [c for c in line.values() if _rate_is(c, unit, books, right)]
                rates = [c for c in rates if not _rate_is(c, unit, books, {})]
                suspects += [(line[column], total, value + lacks, rates)] if rates else []
        if len(suspects) == 1:
            wrong[column] = suspects[0]
    return wrong


def _differing(table: str, books: Books) -> Iterator[Difference]:
    definition, received = books.series.tables[table], books.received.tables[table]
    for scope, line in (*received.rows.items(), (AREA, received.total)):
        for column, cell in line.items():
            declared = definition.columns[column]
            if not declared.reports and (not declared.rank_of or scope == AREA):
                continue
            right = books.amount(declared.reports, scope).value if declared.reports else None
            if declared.rank_of and scope in (ranks := books.ranks(declared.rank_of)):
                right = Fraction(ranks[scope])
            if cell.value is None and (right is None or scope == AREA):
                continue
            indicator = books.series.indicators.get(declared.reports or "")
            decimals = decimals_of("" if cell.value is None else format(cell.value, "f"))
            text = "" if right is None else printed(right, decimals, indicator.rounding if indicator else "half-up")
            if not text or cell.value is None or Decimal(text) != cell.value:
                yield scope, declared.reports or declared.rank_of or "", cell, text


def _after(found: list[Difference], definition: TableDef, books: Books) -> dict[int, list[Difference]]:
    """By the place of a difference in ``found``, the ranks that follow from it."""
    after: dict[int, list[Difference]] = {}
    for column in dict.fromkeys(cell.column for _, _, cell, _ in found if definition.columns[cell.column].rank_of):
        wrong = {one[0]: one for one in found if one[2].column == column}
        table, measure = next((one[2].table, one[1]) for one in wrong.values())
        rates = {
            one[0]: at
            for at, one in enumerate(found)
            if definition.columns[one[2].column].reports == measure and one[0] != AREA and one[2].value is not None
        }
        given = {unit: row[column].value for unit, row in books.received.tables[table].rows.items()}
        standing = Standing(books, measure, {unit: Fraction(found[at][2].text) for unit, at in rates.items()}, given)
        standing.digits = {unit: decimals_of(found[at][2].text) for unit, at in rates.items()}
        for unit, at in rates.items():
            after[at] = [one for other, one in wrong.items() if standing.follows_from(unit, other)]
        moved = standing.moved()
        if not rates and moved in wrong:
            after[found.index(wrong[moved])] = [one for unit, one in wrong.items() if unit != moved]
    return after


def _totals(name: str, rule: Check, books: Books) -> Found:
    for table, definition in books.series.tables.items():
        for column, cell in books.received.tables[table].total.items():
            declared = definition.columns[column]
            if not declared.is_measure or declared.area != "sum" or cell.value is None or definition.partial:
                continue
            total = books.amount(column)
            if total.value != Fraction(cell.value) and column not in _miscounted(table, books):
                yield "reported-total", None, [cell, *books.cells(column)], [t for t in (cell.text, total.text) if t]


def _blank_returns(name: str, rule: Check, books: Books) -> Found:
    on_page = {annex.table for annex in books.series.annexes}
    lines = {}
    for table, definition in books.series.tables.items():
        if not definition.partial and (not definition.records or table in on_page):
            rows = books.received.tables[table].rows
            lines[table] = {unit: [*row.values()] for unit, row in rows.items()}
    for first, known in lines.items():
        file = books.series.tables[first].file or first
        alike = [table for table in lines if (books.series.tables[table].file or table) == file]
        if first != alike[0]:
            continue
        everything = {unit for unit in known if all(_nothing_in(lines[table].get(unit)) for table in alike)}
        for tables in (alike, *([table] for table in alike)) if len(alike) > 1 else (alike,):
            blank = [unit for unit in lines[tables[0]] if all(_nothing_in(lines[table].get(unit)) for table in tables)]
            told = [unit for unit in blank if len(alike) == len(tables) or unit not in everything]
            cells = {unit: [cell for table in tables for cell in lines[table][unit]] for unit in told}
            if _most(len(told), len(known)):
                yield "blank-return", None, [cell for own in cells.values() for cell in own], ()
            else:
                yield from (("blank-return", unit, own, ()) for unit, own in cells.items())


def _nothing_in(line: Sequence[Cell] | None) -> bool:
    return bool(line) and all(cell.value is None for cell in line)


def _dates(header: Header, period: Period) -> Found:
    drawn, end = header.statistics_date, period.end
    for day in (header.issued, drawn):
        if day is not None and day <= end:
            yield "dates", None, [], (day.isoformat(), long_date(end))
    if drawn is not None and drawn > header.issued:
        yield "dates", None, [], (long_date(drawn), long_date(header.issued))
    days = [one.day for one in header.corrections]
    for place, day in enumerate(days):
        if day < header.issued:
            yield "dates", None, [], (long_date(day), long_date(header.issued))
        elif place and day < days[place - 1]:
            yield "dates", None, [], (long_date(day), long_date(days[place - 1]))


_CHECKS = {
    "holds": _holds,
    "also_reported": _also_reported,
    "complete": _complete,
    "change": _change,
    "feasible_rate": _feasible,
    "reported": _reported,
    "totals": _totals,
    "blank_returns": _blank_returns,
    "incomplete": _incomplete,
}
