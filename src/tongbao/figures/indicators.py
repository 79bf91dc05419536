"""Cells → figures: rates, shares, totals and ranks, each with its formula and the cells behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain, repeat

from tongbao.basics.aggregate import Aggregate
from tongbao.basics.errors import DefinitionError, did_you_mean
from tongbao.basics.formula import Formula
from tongbao.basics.language import number_text
from tongbao.basics.period import Period
from tongbao.basics.rounding import Number, Rounding, competition_ranks, print_decimal, print_received, total
from tongbao.definition.model import Text
from tongbao.definition.names import OTHER_PERIODS, split_head
from tongbao.definition.series import Series
from tongbao.definition.tables import Indicator
from tongbao.figures.figure import AREA, Absent, Figure, Reading
from tongbao.figures.kept import apart_from, half_blank, has_own, left_out_of_operands, outside
from tongbao.figures.measured import require_exact, require_own_unit, require_unit_of_fact, require_units
from tongbao.figures.measures import Measures
from tongbao.figures.over_units import counted_enterprises, folded, mean, places, stated_total, summed
from tongbao.reading.cell import Cell, unique
from tongbao.reading.facts import Fact
from tongbao.reading.received import Received


class Indicators(Measures):
    """Every figure of one period. Figures are made on first use and kept.

    Arguments:
        series: the definition.
        received: the period's figures.
        parameters: values of the series' parameters.
        period: what the figures cover.
        compared: the figures of another period by its head (``last_year``); see ``tongbao.figures.history``.
        made_of: the periods received that the figures were taken or summed from.
    """

    def __init__(
        self,
        series: Series,
        received: Received,
        parameters: Mapping[str, Decimal],
        period: Period | None = None,
        compared: Callable[[str], Indicators] | None = None,
        made_of: tuple[Period, ...] = (),
    ) -> None:
        super().__init__(series)
        self.received = received
        self.parameters = parameters
        self.period = period
        self.made_of = made_of
        self._compared = compared
        self._others: dict[str, Indicators] = {}
        self.table_of = {column: name for name, table in series.tables.items() for column in table.columns}
        self._figures: defaultdict[str, dict[str, Figure]] = defaultdict(dict)
        self._values: dict[str, dict[str, Number | None]] = {}
        self._ranks: dict[str, dict[str, int]] = {}
        self._cells: dict[str, tuple[Cell, ...]] = {}
        self._before: dict[tuple[object, ...], Figure] = {}

    @property
    def any_received(self) -> bool:
        """Whether there are figures at all; a period to compare with may have none."""
        return True

    def compared(self, head: str) -> Indicators:
        """The figures of ``last_year``, ``previous``, ``year_to_date``, ``parts``; all blank where none were received.

        Raises:
            DefinitionError: nothing is known of other periods here.
        """
        if self._compared is None:
            raise DefinitionError("no other periods are known here", found=head)
        if head not in self._others:
            self._others[head] = self._compared(head)
        return self._others[head]

    def figure(self, name: str, scope: str = AREA) -> Figure:
        """A measure of a unit or of the whole area, a fact (``fact.x``) or a parameter (``param.x``).

        A head before a measure chooses whose figure it is: ``area.x`` the whole area's, ``mean.x`` the mean of the
        units', ``last_year.x``, ``previous.x`` and ``year_to_date.x`` those of other periods (facts, too).

        Raises:
            DefinitionError: a fact that this period does not declare.
        """
        made = self._figures[name]
        if (figure := made.get(scope)) is None:
            figure = made[scope] = self._make(name, scope)
        return figure

    def evaluate(
        self,
        expression: str,
        scope: str = AREA,
        *,
        decimals: int | None = None,
        rounding: Rounding = "half-up",
        unit: str = "",
        label: Text | None = None,
    ) -> Figure:
        """A named figure as it is, or a formula over a unit or the whole area, printed to ``decimals``.

        ``label`` says what it is in words, where its name does not.
        """
        formula = Formula.parse(expression)
        if formula.is_name:
            figure = self.figure(formula.source, scope)
            require_own_unit(self.series, formula.source, figure.unit, unit)
            if decimals is None or figure.value is None:
                return figure if label is None else figure.called(label)
            text = print_decimal(figure.value, decimals, rounding)
            made = figure.calculation and figure.calculation.rpartition(" = ")[0] + f" = {text}"
            figure = replace(figure, text=text, unit=unit or figure.unit, calculation=made)
            return replace(figure, label=label, rounding=rounding)
        return self._computed(expression, formula, scope, (decimals, rounding), unit, label)

    def alike(self, side: str, comparison: str) -> Figure:
        """One side of a comparison, over the whole area without the units that the comparison leaves out."""
        apart, formula = half_blank(self, Formula.parse(comparison)), Formula.parse(side)
        if formula.source in apart:
            return summed(self, formula.source, apart[formula.source])
        return self._computed(side, formula, AREA, (None, "half-up"), "", apart=apart)

    def values(self, measure: str) -> dict[str, Number | None]:
        """A measure or formula for every unit, in official order; ``None`` where blank.

        The same values as those of the figures, without the texts and cells that make a figure.
        """
        if measure not in self._values:
            self._values[measure] = self._values_of(Formula.parse(measure))
        return self._values[measure]

    def _values_of(self, formula: Formula) -> dict[str, Number | None]:
        if (aggregate := Aggregate.parse(formula.source)) is not None:
            return (
                places(self, aggregate)
                if aggregate.function == "rank"
                else dict.fromkeys(self.units, self.figure(formula.source).value)
            )
        if not formula.is_name:
            columns = [self.values(name).values() for name in formula.names]
            rows: Iterable[Sequence[Number | None]] = zip(*columns, strict=True) if columns else repeat(())
            return dict(zip(self.units, map(formula.compute, rows), strict=False))
        name = formula.source
        head, rest = split_head(name)
        if head in OTHER_PERIODS:
            return self.values_before(head, rest)
        if name in self.series.indicators:
            return self._indicator_values(self.series.indicators[name])
        if name in self._columns:
            return self._column_values(name)
        return dict.fromkeys(self.units, self.figure(name).value)

    def blank(self, expression: str) -> tuple[Absent, ...]:
        """The units without a figure that should have one, in official order."""
        apart = outside(self, expression)
        return tuple(
            Absent(unit, expression, self.evaluate(expression, unit).cells)
            for unit, value in self.values(expression).items()
            if value is None and unit not in apart
        )

    def _indicator_values(self, indicator: Indicator) -> dict[str, Number | None]:
        values = self.values(indicator.formula)
        if not indicator.score:
            return values
        scored = [self.values(item.measure) for item in indicator.score]
        unscored = {unit for unit in self.units if all(measure[unit] is None for measure in scored)}
        return {unit: None if unit in unscored else value for unit, value in values.items()}

    def is_summed(self, table: str) -> bool:
        """Whether a table's figures are summed from the shorter periods received, because this one has no such file."""
        wanted = table in self.received.absent and self.series.tables[table].absent == "summed"
        return wanted and self.compared("parts").any_received

    def _column_values(self, column: str) -> dict[str, Number | None]:
        if self.is_summed(self.table_of[column]):
            return self.compared("parts").values(column)
        rows = self.received.tables[self.table_of[column]].rows
        return {unit: rows[unit][column].value if unit in rows else None for unit in self.units}

    def cells_behind(self, expression: str) -> tuple[Cell, ...]:
        """The cells of all units behind a measure or formula: what a count or a comparison over all was made from."""
        if expression not in self._cells:
            names = Formula.parse(expression).names
            self._cells[expression] = unique(cell for name in names for cell in self._cells_of(name))
        return self._cells[expression]

    def _cells_of(self, name: str) -> tuple[Cell, ...]:
        head, rest = split_head(name)
        if head in (*OTHER_PERIODS, "mean"):
            return (self if head == "mean" else self.compared(head)).cells_behind(rest)
        if name in self.series.indicators:
            return self.cells_behind(self.series.indicators[name].formula)
        if name in self._columns:
            return self._column_cells(name)
        if "(" in name:
            return unique(cell for leaf in Formula.parse(name).leaves for cell in self._cells_of(leaf))
        return self.figure(name).cells

    def _column_cells(self, column: str) -> tuple[Cell, ...]:
        if self.is_summed(self.table_of[column]):
            return self.compared("parts").cells_behind(column)
        rows = self.received.tables[self.table_of[column]].rows
        return tuple(row[column] for row in rows.values() if column in row)  # counted ones hold no stated ranks

    def before(
        self,
        head: str,
        expression: str,
        scope: str = AREA,
        *,
        decimals: int | None = None,
        rounding: Rounding = "half-up",
        unit: str = "",
    ) -> Figure:
        """What ``evaluate`` gives for another period; blank where that period did not report it.

        So are a fact that it does not declare, and what a formula makes of nothing received: ``default(cases, 0)``.
        """
        key = (head, expression, scope, decimals, rounding, unit)
        if key not in self._before:
            other = self.compared(head)
            try:
                figure = other.evaluate(expression, scope, decimals=decimals, rounding=rounding, unit=unit)
            except DefinitionError:
                figure = Figure(expression, scope, None, "", unit, "computed")
            if figure.value is not None and not has_own(other, expression):
                figure = replace(figure, value=None, text="", calculation=None, cells=(), without=())
            dated = figure.period is not None or figure.origin == "parameter"
            self._before[key] = figure if dated else figure.of(other.period)
        return self._before[key]

    def values_before(self, head: str, expression: str) -> dict[str, Number | None]:
        """What ``values`` gives for another period; ``None`` where that period did not report it."""
        try:
            other = self.compared(head)
            return other.values(expression) if has_own(other, expression) else dict.fromkeys(self.units)
        except DefinitionError:
            return dict.fromkeys(self.units)

    def ranks(self, measure: str) -> dict[str, int]:
        """Ranks of the units with a figure, on the stored values; ties share a rank and leave a gap."""
        if measure not in self._ranks:
            self._ranks[measure] = competition_ranks(self.values(measure), descending=self.descending(measure))
        return self._ranks[measure]

    def fact(self, name: str) -> Fact:
        """A declared fact.

        Raises:
            DefinitionError: the period declares no such fact.
        """
        facts = self.received.facts
        if name not in facts:
            told = {"hint": did_you_mean(name, facts), "expected": f"a row {name} in the period's facts.csv"}
            place = self.series.where_named(f"fact.{name}")
            raise DefinitionError(f"fact.{name} is not declared for this period", place=place, **told)
        return facts[name]

    def shown(self, figure: Figure, lang: str = "zh") -> str:
        """A figure as a text prints it: a number as the language writes it, a fact or cell in the language's words.

        Raises:
            DefinitionError: a fact in words without English, in a series that appears in English.
        """
        column = self._columns.get(figure.name)
        if lang == "en" and column is not None and figure.text in column.words:
            return column.words[figure.text].en or figure.text
        name = figure.name.removeprefix("fact.")
        if figure.origin != "fact" or figure.value is not None or name not in self.received.facts:
            return number_text(figure.text, lang)
        words = self.received.facts[name].words
        if lang == "en" and words.en is None and lang in self.series.languages:
            place, expected = str(self.received.facts[name].cell.source), "its words in the column 英文数值"
            raise DefinitionError("a fact in words has no English", place=place, found=words.zh, expected=expected)
        return words.get(lang)

    def each(self) -> Iterator[Figure]:
        """Every measure of every unit and of the whole area, in declared order."""
        yield from (self.figure(measure, scope) for measure in self.series.measures for scope in (*self.units, AREA))

    def _make(self, name: str, scope: str) -> Figure:
        if name in self.series.indicators:
            return self.indicator(name, scope)
        prefix, _, rest = name.partition(".")
        if prefix == "area":
            return self.figure(rest, AREA)
        if prefix == "mean":
            return mean(self, rest)
        if prefix in OTHER_PERIODS:
            return self.before(prefix, rest, scope)
        if prefix == "fact":
            fact = self.fact(rest)
            return Figure(
                name, AREA, fact.value, fact.text, fact.unit, "fact", cells=(fact.cell,), qualifier=fact.qualifier
            )
        if prefix == "param":
            return Figure(name, AREA, self.parameters[rest], print_decimal(self.parameters[rest]), "", "parameter")
        if prefix == "enterprises" and rest:
            return counted_enterprises(self, name)
        if (aggregate := Aggregate.parse(name)) is not None:
            return folded(self, aggregate, name, scope)
        return self.column(name, scope)

    def _reading(self, column: str, unit: str) -> Reading:
        if self.is_summed(self.table_of[column]):
            figure = self.compared("parts").figure(column, unit)
            return Reading(figure.value, figure.text, figure.cells)
        cell = self.received.tables[self.table_of[column]].cell(unit, column)
        if cell is None or cell.value is None:
            return Reading(None, "", () if cell is None else (cell,))
        words, decimals = self._columns[column].words, self._columns[column].decimals
        return Reading(cell.value, cell.text.strip() if words else print_received(cell.value, decimals), (cell,))

    def indicator(self, name: str, scope: str, apart: frozenset[str] = frozenset()) -> Figure:
        """An indicator's figure; the area's without the units ``apart``."""
        declared = self.series.indicators[name]
        formula, printed = Formula.parse(declared.formula), (declared.decimals, declared.rounding)
        without = apart_from(self.series, formula, apart)
        figure = self._computed(name, formula, scope, printed, declared.unit, apart=without)
        if declared.score and all(self.evaluate(item.measure, scope).value is None for item in declared.score):
            return replace(figure, value=None, text="", calculation=None)
        return figure

    def column(self, name: str, scope: str, apart: frozenset[str] = frozenset()) -> Figure:
        """A column's figure; the area's without the units ``apart``."""
        column = self._columns[name]
        table = self.table_of[name]
        if self.is_summed(table):
            return self.compared("parts").column(name, scope, apart).of(None)
        received = self.received.tables[table]
        if scope != AREA:
            value, text, cells, _ = self._reading(name, scope)
            return Figure(name, scope, value, text, column.unit, "reported", cells=cells)
        if column.area == "none":
            return Figure(name, AREA, None, "", column.unit, "reported")
        if column.area == "reported":
            return stated_total(self, name)
        if column.area != "sum":
            formula = Formula.parse(column.area)
            if formula.source.startswith("fact.") and formula.is_name:
                require_unit_of_fact(self.series, name, self.fact(formula.source[5:]), column.unit)
            without = apart_from(self.series, formula, apart)
            return self._computed(name, formula, AREA, (column.decimals, "half-up"), column.unit, apart=without)
        rows = (row for unit, row in received.rows.items() if unit not in apart)
        cells = tuple(row[name] for row in rows if row[name].value is not None)
        if self.series.tables[table].partial:
            cells = (received.total[name],) if received.total and received.total[name].value is not None else ()
        blank = self.blank(name) if cells else ()
        value = total(cell.value for cell in cells if cell.value is not None) if cells else None
        text = "" if value is None else print_decimal(value, column.decimals)
        if value is None or len(cells) == 1:
            return Figure(name, AREA, value, text, column.unit, "reported", cells=cells, without=blank)
        calculation = " + ".join(print_decimal(cell.value) for cell in cells if cell.value is not None) + f" = {text}"
        return Figure(
            name, AREA, value, text, column.unit, "computed", f"sum({name})", calculation, cells, without=blank
        )

    def _computed(
        self,
        name: str,
        formula: Formula,
        scope: str,
        printed: tuple[int | None, Rounding],
        unit: str,
        label: Text | None = None,
        apart: Mapping[str, frozenset[str]] | None = None,
    ) -> Figure:
        if apart is None:
            apart = half_blank(self, formula) if scope == AREA else {}
        operands = {operand: self._operand(operand, scope, apart) for operand in formula.names}
        require_exact(*(one for one in operands.values() if isinstance(one, Figure)))
        units = (one.unit if isinstance(one, Figure) else self._columns[key].unit for key, one in operands.items())
        require_units(self.series, name, formula, units, unit)
        cells = unique(chain.from_iterable([figure.cells for figure in operands.values()]))
        value = formula.compute([figure.value for figure in operands.values()])
        if value is None:
            return Figure(name, scope, None, "", unit, "computed", formula.source, cells=cells, label=label)
        text = print_decimal(value, *printed)
        if not operands:  # a plain number in a rule's option
            return Figure(name, scope, value, text, unit, "parameter", label=label)
        known = {key: (one.value, one.worked_out) for key, one in operands.items()}
        calculation = f"{formula.work_out(known)} = {text}"
        figure = Figure(name, scope, value, text, unit, "computed", formula.source, calculation, cells)
        without = left_out_of_operands(self, operands.values(), apart)
        return replace(figure, label=label, without=without, rounding=printed[1])

    def _operand(self, name: str, scope: str, apart: Mapping[str, frozenset[str]]) -> Figure | Reading:
        if scope != AREA and name in self._columns:
            return self._reading(name, scope)
        if name in apart:
            return summed(self, name, apart[name])
        return self.figure(name, AREA if name.startswith(("fact.", "param.", "area.", "mean.")) else scope)
