"""The typed form of ``series.yml``."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, ValidationInfo, model_validator

from tongbao.rounding import Rounding
from tongbao.series.base import Expression, NumeralName, Strict, Text
from tongbao.series.checks import AnyCheck
from tongbao.series.rules import AnyRule, Value

Format = Literal["html", "pdf", "docx"]


class Unit(Strict):
    """A reporting unit (a county, city district or zone). ``short`` is the name without its suffix."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    zh: str
    en: str
    short: str | None = None
    aliases: tuple[str, ...] = ()

    def name(self, lang: str = "zh", *, short: bool = False) -> str:
        """The name in ``lang``; the short one where asked for and given."""
        if lang == "en":
            return self.en
        return self.short if short and self.short else self.zh


class Column(Strict):
    """A column of a table as received, in the order of the file.

    A column is a measure of its own, unless it repeats what the project computes: ``rank_of`` (a reported
    rank) or ``reports`` (a reported rate); then the computed figure is printed and checked against it.
    ``area`` says how the whole area's figure comes about: the sum of the units, none, or a formula.
    """

    header: str
    label: Text | None = None
    short: Text | None = None
    unit: str = ""
    rank_of: str | None = None
    reports: str | None = None
    area: Expression = "sum"
    decimals: int | None = Field(None, ge=0, le=8)
    rank: Literal["descending", "ascending"] = "descending"
    min: Decimal | None = Decimal(0)
    max: Decimal | None = None

    @property
    def is_measure(self) -> bool:
        """Whether the column brings a figure that nothing else computes."""
        return self.rank_of is None and self.reports is None

    def name(self, lang: str = "zh") -> str:
        """The header to print: the label if given, else the header as received."""
        return self.label.get(lang) if self.label else self.header

    def measure_name(self, lang: str = "zh") -> str:
        """The name of the measure in a sentence or chart: the short form, without the unit."""
        return self.short.get(lang) if self.short else self.name(lang)


class TableDef(Strict):
    """A table received from or about the units.

    ``total_row`` is the name of the totals' row, if the table has one; ``total_mark`` fills its rank cells.
    ``row_order`` is the order of printing where it differs from the units' official order. ``partial`` marks
    a table that holds only some of the units.
    """

    file: str
    title: Text
    unit_header: str = "单位"
    columns: dict[str, Column]
    total_row: str | None = None
    total_mark: str = ""
    row_order: tuple[str, ...] = ()
    partial: bool = False


class Indicator(Strict):
    """A figure computed per unit and for the whole area, from sums, by one formula."""

    label: Text
    unit: str = ""
    formula: Expression
    decimals: int = Field(2, ge=0, le=8)
    rounding: Rounding = "half-up"
    rank: Literal["descending", "ascending"] = "descending"


class Parameter(Strict):
    """A number an analyst may change when a period is run again."""

    type: Literal["number", "integer"] = "number"
    default: Decimal
    min: Decimal | None = None
    max: Decimal | None = None
    label: Text

    @model_validator(mode="after")
    def _default_is_allowed(self) -> Parameter:
        problem = self.problem_with(self.default)
        if problem:
            raise ValueError(f"default {self.default} is not allowed: {problem}")
        return self

    def problem_with(self, value: Decimal) -> str | None:
        """What is wrong with a value, or ``None``."""
        if self.type == "integer" and value != value.to_integral_value():
            return "a whole number is needed"
        if (self.min is not None and value < self.min) or (self.max is not None and value > self.max):
            return f"must be {self.allowed()}"
        return None

    def allowed(self) -> str:
        """The range in words."""
        kind = "a whole number" if self.type == "integer" else "a number"
        if self.min is not None and self.max is not None:
            return f"{kind} from {self.min} to {self.max}"
        if self.min is not None:
            return f"{kind} of at least {self.min}"
        if self.max is not None:
            return f"{kind} of at most {self.max}"
        return kind


class Section(Strict):
    """A section of the circular: paragraphs declared here, or authored under the same heading in the period's file."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    heading: Text
    paragraphs: tuple[Text, ...] = ()


class Annex(Strict):
    """A table printed at the end, with a line of notes above it (``统计时间：…``)."""

    table: str
    title: Text
    note: Text | None = None
    wide: bool = False


class Reference(Strict):
    """The line a chart is read against: a parameter, a fact or ``area`` for the whole area's own figure."""

    value: Expression
    label: Text


class Chart(Strict):
    """A horizontal bar chart of one measure, sorted, with a reference line."""

    measure: str
    title: Text
    subtitle: Text
    reference: Reference | None = None


class KeyFigure(Strict):
    """A number at the head of the page."""

    label: Text
    value: Value


class Series(Strict):
    """A series of bulletins: one issuer, one set of tables and rules, many periods.

    ``unbroken`` lists words that a title does not break over two lines, ``names`` words that hold a numeral but are
    names (A3表): the number audit leaves over every other numeral without a figure.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    notebook: str
    authority: Text
    area: Text
    subject: Text
    title: Text
    unbroken: tuple[str, ...] = ()
    names: tuple[NumeralName, ...] = ()
    number: Text | None = None
    addressees: Text
    source: Text
    units: tuple[Unit, ...]
    tables: dict[str, TableDef]
    indicators: dict[str, Indicator] = {}
    parameters: dict[str, Parameter] = {}
    checks: dict[str, AnyCheck] = {}
    findings: dict[str, AnyRule]
    main_points: tuple[Text, ...] = Field(max_length=6)
    key_figures: tuple[KeyFigure, ...] = Field(min_length=1, max_length=5)
    opening: Text
    sections: tuple[Section, ...]
    charts: dict[str, Chart] = {}
    annexes: tuple[Annex, ...] = ()
    notes: tuple[Text, ...] = ()
    formats: tuple[Format, ...] = ("html", "pdf", "docx")

    @model_validator(mode="before")
    @classmethod
    def _named_by_folder(cls, data: object, info: ValidationInfo) -> object:
        if isinstance(data, dict) and "id" not in data and info.context:
            return {"id": info.context["series"], **data}
        return data

    @property
    def columns(self) -> dict[str, Column]:
        """Every column of every table, by name."""
        return {name: column for table in self.tables.values() for name, column in table.columns.items()}

    @property
    def measures(self) -> tuple[str, ...]:
        """What can be ranked, compared and computed with: columns that are measures, then indicators."""
        return (*(name for name, column in self.columns.items() if column.is_measure), *self.indicators)

    def unit(self, unit_id: str) -> Unit:
        """The unit with this id."""
        return next(unit for unit in self.units if unit.id == unit_id)
