"""What is wrong with the returns, found again from the raw figures: the issues that quality.json must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from tongbao.audit.arithmetic import decimals_of, exactly, names_of, printed
from tongbao.audit.books import AREA, Amount, Books
from tongbao.audit.feasible import fits_together, is_ratio
from tongbao.audit.issues import BLANK, BROKEN, DATES, LANGUAGES, LEVELS, Issue, say
from tongbao.basics.period import Period, long_date
from tongbao.checks.also_reported import AlsoReported
from tongbao.checks.blank_returns import BlankReturns
from tongbao.checks.change import Change
from tongbao.checks.complete import Complete
from tongbao.checks.dates import Dates
from tongbao.checks.feasible_rate import FeasibleRate
from tongbao.checks.holds import Holds
from tongbao.checks.kind import Check
from tongbao.checks.reported import Reported
from tongbao.checks.totals import Totals
from tongbao.definition import kinds
from tongbao.definition.series import TableDef
from tongbao.reading.cell import Cell
from tongbao.reading.prose import Header


def find_issues(books: Books, header: Header, period: Period) -> list[Issue]:
    """The issues of the figures received, in declared order.

    Raises:
        NotComputableError: a check that is beyond this path.
    """
    declared = books.series.checks
    given = {rule.check for rule in declared.values()}
    rules = {name: kind(check=name) for name, kind in kinds.checks().items() if kind.standard and name not in given}
    rules |= declared
    finder = _Finder(books, header, period)
    return [issue for name, rule in rules.items() for issue in finder.run(name, rule)]


def sort_issues(issues: Sequence[Issue]) -> list[Issue]:
    """The most serious first."""
    return sorted(issues, key=lambda issue: LEVELS.index(issue.level))


class _Finder:
    """The checks over one period's books."""

    def __init__(self, books: Books, header: Header, period: Period) -> None:
        self.books, self.series = books, books.series
        self.header, self.period = header, period

    def run(self, name: str, rule: Check) -> Iterator[Issue]:
        """One check."""
        match rule:
            case Reported():
                yield from self._reported(rule)
            case Totals():
                yield from self._totals(rule)
            case BlankReturns():
                yield from self._blank_returns(rule)
            case Complete():
                yield from self._complete(rule)
            case Dates():
                yield from self._dates(rule)
            case Holds():
                yield from self._holds(name, rule)
            case AlsoReported():
                yield from self._also_reported(name, rule)
            case FeasibleRate():
                yield from self._feasible(name, rule)
            case Change():
                yield from self._change(name, rule)

    def _issue(
        self, check: str, rule: Check, unit: str | None, cells: Sequence[Cell], said: Mapping[str, str]
    ) -> Issue:
        return Issue(
            check,
            rule.check,
            rule.level,
            cells[0].table if cells else "",
            unit,
            frozenset(cell.column for cell in cells),
            said,
            tuple(cells),
        )

    def _holds(self, check: str, rule: Holds) -> Iterator[Issue]:
        for unit in self.series.units:
            sides = [self.books.evaluate(side, unit.id) for side in (rule.left, rule.right)]
            left, right = (side.value for side in sides)
            if (
                left is None
                or right is None
                or {"<=": left <= right, ">=": left >= right}.get(rule.relation, left == right)
            ):
                continue
            cells = [cell for side in (rule.left, rule.right) for cell in self.books.cells(side, unit.id)]
            a, b = (_digits(side) for side in sides)
            why = f"：{rule.message.zh}" if rule.message else ""
            yield self._issue(
                check,
                rule,
                unit.id,
                cells,
                {
                    lang: say(
                        "holds",
                        lang,
                        unit=unit.name(lang),
                        left=self._name(rule.left, lang),
                        right=self._name(rule.right, lang),
                        a=a,
                        b=b,
                        a_unit=sides[0].unit,
                        b_unit=sides[1].unit,
                        broken=BROKEN[rule.relation][lang],
                        why=why,
                    )
                    for lang in LANGUAGES
                },
            )

    def _also_reported(self, check: str, rule: AlsoReported) -> Iterator[Issue]:
        for unit in self.series.units:
            given = self.books.amount(rule.given, unit.id)
            if not given.value or self.books.amount(rule.expected, unit.id).value is not None:
                continue
            cells = [cell for name in (rule.expected, rule.given) for cell in self.books.cells(name, unit.id)]
            yield self._issue(
                check,
                rule,
                unit.id,
                cells,
                {
                    lang: say(
                        "also_reported",
                        lang,
                        unit=unit.name(lang),
                        given=self._name(rule.given, lang),
                        text=given.text,
                        of=given.unit,
                        expected=self._name(rule.expected, lang),
                    )
                    for lang in LANGUAGES
                },
            )

    def _complete(self, rule: Complete) -> Iterator[Issue]:
        for name, indicator in self.series.indicators.items():
            operands = [
                operand for operand in dict.fromkeys(names_of(indicator.formula)) if operand in self.series.columns
            ]
            for unit in self.series.units:
                blank = [operand for operand in operands if self.books.amount(operand, unit.id).value is None]
                if not blank or len(blank) == len(operands):
                    continue
                cells = [cell for operand in (*blank, *operands) for cell in self.books.cells(operand, unit.id)]
                yield self._issue(
                    "complete",
                    rule,
                    unit.id,
                    cells,
                    {
                        lang: say(
                            "complete",
                            lang,
                            unit=unit.name(lang),
                            label=self._name(name, lang),
                            missing="、".join(self._name(operand, lang) for operand in blank),
                        )
                        for lang in LANGUAGES
                    },
                )

    def _change(self, check: str, rule: Change) -> Iterator[Issue]:
        other = self.books.other(rule.against)
        if other is None or other.period is None:
            return
        factor, before = Fraction(rule.factor), other.period
        for unit in self.series.units:
            now, then = self.books.amount(rule.measure, unit.id), other.amount(rule.measure, unit.id)
            if not now.value or not then.value or then.value / factor <= now.value <= then.value * factor:
                continue
            cells = [*self.books.cells(rule.measure, unit.id), *other.cells(rule.measure, unit.id)]
            yield self._issue(
                check,
                rule,
                unit.id,
                cells,
                {
                    lang: say(
                        "change",
                        lang,
                        unit=unit.name(lang),
                        measure=self._name(rule.measure, lang),
                        now=now.text,
                        then=then.text,
                        period=before.label(lang),
                        factor=str(rule.factor),
                    )
                    for lang in LANGUAGES
                },
            )

    def _feasible(self, check: str, rule: FeasibleRate) -> Iterator[Issue]:
        part, whole = self.books.evaluate(rule.part), self.books.evaluate(rule.whole)
        if part.value is None or whole.value is None:
            return
        words = {"part": _digits(part), "whole": _digits(whole)}
        rates = {
            unit: amount
            for unit in self.series.units
            if (amount := self.books.amount(rule.rate, unit.id)).value is not None
        }
        wrong = [unit for unit, rate in rates.items() if not is_ratio(rate.text, part.value, whole.value)]
        for unit in wrong:
            yield self._issue(
                check,
                rule,
                unit.id,
                self.books.cells(rule.rate, unit.id),
                {
                    lang: say(
                        "no_such_rate",
                        lang,
                        unit=unit.name(lang),
                        rate=rates[unit].text,
                        measure=self._name(rule.rate, lang),
                        **words,
                    )
                    for lang in LANGUAGES
                },
            )
        texts = [rate.text for rate in rates.values()]
        if texts and not wrong and not fits_together(texts, int(part.value), int(whole.value)):
            cells = [*self.books.cells(rule.part), *self.books.cells(rule.whole)]
            yield self._issue(
                check,
                rule,
                None,
                cells,
                {lang: say("no_such_rates", lang, measure=self._name(rule.rate, lang), **words) for lang in LANGUAGES},
            )

    def _reported(self, rule: Reported) -> Iterator[Issue]:
        for table, definition in self.series.tables.items():
            received = self.books.received.tables[table]
            for scope, line in (*received.rows.items(), (AREA, received.total)):
                for name, cell in line.items():
                    column = definition.columns[name]
                    if column.reports:
                        right = self.books.amount(column.reports, scope).value
                    elif column.rank_of and scope != AREA:
                        rank = self.books.ranks(column.rank_of).get(scope)
                        right = None if rank is None else Fraction(rank)
                    else:
                        continue
                    indicator = self.series.indicators.get(column.reports or "")
                    shown = "" if cell.value is None else format(cell.value, "f")
                    text = (
                        ""
                        if right is None
                        else printed(right, decimals_of(shown), indicator.rounding if indicator else "half-up")
                    )
                    if (text == "" if cell.value is None else bool(text) and Decimal(text) == cell.value) or (
                        cell.value is None and scope == AREA
                    ):
                        continue
                    yield self._issue(
                        "reported-rank" if column.rank_of else "reported-rate",
                        rule,
                        None if scope == AREA else scope,
                        [cell],
                        {
                            lang: say(
                                "reported",
                                lang,
                                unit=self._unit(scope, lang),
                                column=column.header if lang == "zh" else column.name(lang),
                                shown=cell.text.strip() or BLANK[lang],
                                right=text or BLANK[lang],
                            )
                            for lang in LANGUAGES
                        },
                    )

    def _totals(self, rule: Totals) -> Iterator[Issue]:
        for table, definition in self.series.tables.items():
            for name, cell in self.books.received.tables[table].total.items():
                column = definition.columns[name]
                if not column.is_measure or column.area != "sum" or cell.value is None or definition.partial:
                    continue
                total = self.books.amount(name)
                if total.value != Fraction(cell.value):
                    issue = self._issue(
                        "reported-total",
                        rule,
                        None,
                        [cell, *self.books.cells(name)],
                        {
                            lang: say(
                                "totals",
                                lang,
                                column=column.header if lang == "zh" else column.name(lang),
                                shown=cell.text.strip(),
                                right=total.text,
                            )
                            for lang in LANGUAGES
                        },
                    )
                    yield issue

    def _blank_returns(self, rule: BlankReturns) -> Iterator[Issue]:
        on_page = {annex.table for annex in self.series.annexes}
        for table, definition in self.series.tables.items():
            if definition.partial or (definition.records and table not in on_page):
                continue
            for unit, line in self.books.received.tables[table].rows.items():
                if line and all(cell.value is None for cell in line.values()):
                    yield self._issue(
                        "blank-return",
                        rule,
                        unit,
                        list(line.values()),
                        {
                            lang: say(
                                "blank_returns", lang, unit=self._unit(unit, lang), table=_table(definition, lang)
                            )
                            for lang in LANGUAGES
                        },
                    )

    def _dates(self, rule: Dates) -> Iterator[Issue]:
        days = {"issued": self.header.issued, "statistics_date": self.header.statistics_date}
        for name, day in days.items():
            if day is not None and day <= self.period.end:
                yield self._issue(
                    "dates",
                    rule,
                    None,
                    [],
                    {
                        lang: say(
                            "date",
                            lang,
                            which=DATES[name][lang],
                            day=day.isoformat(),
                            period=self.period.label(lang),
                            end=long_date(self.period.end),
                        )
                        for lang in LANGUAGES
                    },
                )
        drawn = self.header.statistics_date
        if drawn is not None and drawn > self.header.issued:
            yield self._issue(
                "dates",
                rule,
                None,
                [],
                {
                    lang: say("dates", lang, drawn=long_date(drawn, lang), issued=long_date(self.header.issued, lang))
                    for lang in LANGUAGES
                },
            )

    def _name(self, expression: str, lang: str) -> str:
        """A measure's name in words; any other expression stands as it is."""
        if expression in self.series.indicators:
            return self.series.indicators[expression].label.get(lang)
        if expression in self.series.measures:
            return self.series.columns[expression].measure_name(lang)
        return expression

    def _unit(self, scope: str, lang: str) -> str:
        return self.series.area.get(lang) if scope == AREA else self.series.unit(scope).name(lang)


def _digits(amount: Amount) -> str:
    """A number as it is, with the digits that a formula gives."""
    if amount.value is None or not amount.formula:
        return amount.text
    return exactly(amount.value)


def _table(definition: TableDef, lang: str) -> str:
    """How a sentence names a table; in English one without a title in English is just the table."""
    return definition.title.zh if lang == "zh" else definition.title.en or "the table"
