"""The typed form of ``series.yml``."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema, model_validator

from tongbao.basics.errors import did_you_mean
from tongbao.basics.formula import Formula
from tongbao.basics.rounding import Rounding
from tongbao.definition import kinds
from tongbao.definition.case_records import EnterpriseList, RecordCondition, RecordSource
from tongbao.definition.expressions import Value
from tongbao.definition.formats import FORMATS
from tongbao.definition.model import Expression, Lang, NumeralName, Strict, Text, one_of

if TYPE_CHECKING:
    from tongbao.checks.kind import Check as AnyCheck
    from tongbao.findings.kind import Kind as AnyRule

SYNTHETIC_TITLE = Text(zh="（合成数据）", en=" (synthetic data)")
SYNTHETIC_NOTICE = Text(
    zh="【合成数据】本文由合成数据生成，仅用于演示和测试，不反映任何地区的真实情况。",
    en="[Synthetic data] Made from synthetic data for demonstration and tests; it describes no real place.",
)


def _known_format(name: str) -> str:
    if name not in FORMATS:
        raise ValueError(f"no format {name}; {did_you_mean(name, FORMATS)}")
    return name


Format = Annotated[str, AfterValidator(_known_format), WithJsonSchema({"enum": list(FORMATS), "type": "string"})]


class Unit(Strict):
    """A reporting unit (a county, city district or zone).

    Options:
        id: its name in this file: letters a to z, digits and underscores.
        zh, en: the official name.
        short: the name without its suffix.
        aliases: other names it goes by in the files received.
    """

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
    ``measure`` and ``where`` belong to tables counted from case records: what is counted, and which records count.

    Options:
        header: as in the file received, the unit of measurement in brackets.
        label: the header to print, where it differs.
        short: the measure's name in sentences and charts, without the unit of measurement.
        unit: the unit of measurement (家次, 万元, %).
        area: the whole area's figure: ``sum``, ``none`` (cannot be summed), or a formula (``a / b * 100``).
        decimals: how many are printed; without it, as many as were received. A formula in ``area`` needs it.
        rank: whether the largest figure is first (``descending``) or the smallest.
        min, max: the limits of what can be right; ``min`` is 0 by itself, ``null`` for none.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [{"anyOf": [{"properties": {"area": {"enum": ["sum", "none"]}}}, {"required": ["decimals"]}]}]
        }
    )

    header: str
    measure: str | None = None
    where: dict[str, RecordCondition] = {}
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

    @model_validator(mode="after")
    def _conditions_have_a_measure(self) -> Column:
        if self.where and self.measure is None:
            raise ValueError("where needs a measure that counts case records")
        return self

    @model_validator(mode="after")
    def _a_computed_area_is_rounded(self) -> Column:
        if self.decimals is None and self.area not in ("sum", "none"):
            raise ValueError(f"the area's computed value of {self.header} needs decimals, or it would print them all")
        return self

    @property
    def is_measure(self) -> bool:
        """Whether the column brings a figure that nothing else computes."""
        return self.rank_of is None and self.reports is None

    def name(self, lang: str = "zh") -> str:
        """The header to print: the label if given, else the header as received; a rank's is known in English."""
        if self.label is None:
            return "Rank" if lang == "en" and self.rank_of else self.header
        return self.label.get(lang)

    def measure_name(self, lang: str = "zh") -> str:
        """The name of the measure in a sentence or chart: the short form, without the unit."""
        return self.short.get(lang) if self.short else self.name(lang)


class TableDef(Strict):
    """A table received from or about the units.

    ``total_row`` is the name of the totals' row, if the table has one; ``total_mark`` fills its rank cells.
    ``row_order`` is the order of printing where it differs from the units' official order. ``partial`` marks
    a table that holds only some of the units.

    A table is read from a ``file``, or counted from the series' case ``records``: those that fulfil ``where``. Then
    ``without_records`` says whether a county with no such record in the period counts as blank (nothing reported) or as
    zero.

    Options:
        file: its name under ``data/raw/<series>/<period>/``; another ending is found, too; ``returns/*.xlsx`` for many.
        title: what the table is called.
        unit_header: the header of the column with the units' names.
        columns: its columns, by name, in the order of the file.
    """

    model_config = ConfigDict(json_schema_extra=one_of(file={"type": "string"}, records={"const": True}))

    file: str | None = None
    records: bool = False
    where: dict[str, RecordCondition] = {}
    without_records: Literal["blank", "zero"] = "blank"
    title: Text
    unit_header: Text = Text(zh="单位", en="Unit")
    columns: dict[str, Column]
    total_row: Text | None = None
    total_mark: str = ""
    row_order: tuple[str, ...] = ()
    partial: bool = False

    @model_validator(mode="after")
    def _has_one_origin(self) -> TableDef:
        if (self.file is None) != self.records:
            raise ValueError("a table is read from a file or counted from records: give one of the two")
        if self.where and not self.records:
            raise ValueError("where needs records: true")
        for name, column in self.columns.items():
            if column.is_measure and self.records != (column.measure is not None):
                raise ValueError(
                    f"column {name} needs a measure to count"
                    if self.records
                    else f"column {name} counts records, but the table is read from a file"
                )
        return self


class ScoreItem(Strict):
    """A part of a score: ``weight`` points in full where a measure reaches its target, else in proportion.

    ``blank`` is what a unit gets without a figure: no score at all (``none``), ``zero`` or ``full`` points. A unit
    without any figure of the score has no score.

    Options:
        measure: a column or an indicator.
        target: what gives all its points: a number, a parameter or a formula.
    """

    measure: str
    target: Expression
    weight: Decimal = Field(gt=0)
    blank: Literal["none", "zero", "full"] = "none"

    @property
    def formula(self) -> str:
        """Weight × min(measure ÷ target, 1)."""
        part = f"min({self.measure} / ({self.target}), 1)"
        if self.blank != "none":
            part = f"default({part}, {0 if self.blank == 'zero' else 1})"
        return f"{part} * {self.weight}"


class Indicator(Strict):
    """A figure computed per unit and for the whole area, from sums, by one formula; or a score of 100 points.

    ``counts`` says whether the formula divides whole counts, so that an interval can be given for reviewers; where it
    is left out, the units of what is divided tell (家次, 起 … are counts, 万元 is not).

    Options:
        label: its name in sentences, charts and tables.
        unit: the unit of measurement.
        formula: names, numbers, ``+ - * /``, ``min(a, b)``, ``max(a, b)``, ``default(a, b)``.
        score: items whose weights add up to 100, in place of a formula.
        decimals: how many are printed.
        rounding: ``half-up``, or ``truncate`` for an issuer that cuts off.
        rank: whether the largest figure is first (``descending``) or the smallest.
    """

    model_config = ConfigDict(
        json_schema_extra=one_of(formula={"not": {"type": "null"}}, score={"type": "array"}) | {"required": ["label"]}
    )

    label: Text
    unit: str = ""
    formula: Expression
    score: tuple[ScoreItem, ...] = ()
    decimals: int = Field(2, ge=0, le=8)
    rounding: Rounding = "half-up"
    rank: Literal["descending", "ascending"] = "descending"
    counts: bool | None = None

    @model_validator(mode="after")
    def _counts_are_divided(self) -> Indicator:
        if self.counts and Formula.parse(self.formula).ratio is None:
            raise ValueError("counts: true needs a formula part / whole, such as cases / inspections * 100")
        return self

    @model_validator(mode="before")
    @classmethod
    def _a_score_is_a_formula(cls, data: object) -> object:
        if not isinstance(data, dict) or not isinstance(data.get("score"), list | tuple):
            return data
        if "formula" in data:
            raise ValueError("an indicator has a formula or a score, not both")
        items = [ScoreItem.model_validate(item) for item in data["score"]]
        total = sum(item.weight for item in items)
        if total != 100:
            raise ValueError(f"the weights of a score add up to 100, not {total}")
        return {**data, "formula": " + ".join(item.formula for item in items)}


class Parameter(Strict):
    """A number an analyst may change when a period is run again.

    Options:
        type: ``integer`` for a whole number.
        default: its value where none is given.
        min, max: the limits of what may be given.
        label: what it is, in words.
    """

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
    """A section of the circular: paragraphs declared here, or authored under the same heading in the period's file.

    Options:
        id: its name for the notebook's cell.
        heading: its title, without the ordinal.
        paragraphs: templates; none for a section that is authored each period.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    heading: Text
    paragraphs: tuple[Text, ...] = ()


class Annex(Strict):
    """A table or a list of enterprises printed at the end, with a line of notes above it (``统计时间：…``).

    Options:
        table, enterprises: what is printed; one of the two.
        title: its title, a template.
        note: the line above it.
        wide: whether the printed page is turned.
    """

    model_config = ConfigDict(json_schema_extra=one_of(table={"type": "string"}, enterprises={"type": "string"}))

    table: str | None = None
    enterprises: str | None = None
    title: Text
    note: Text | None = None
    wide: bool = False

    @model_validator(mode="after")
    def _prints_one_thing(self) -> Annex:
        if (self.table is None) == (self.enterprises is None):
            raise ValueError("an annex prints a table or a list of enterprises: give one of the two")
        return self


class Reference(Strict):
    """The line a chart is read against: a parameter, a fact or ``area`` for the whole area's own figure.

    Options:
        value: where the line stands.
        label: what it is called; ``{{ value }}`` is its figure.
    """

    value: Expression
    label: Text


class Chart(Strict):
    """A horizontal bar chart of one measure, sorted, with a reference line.

    ``caption`` stands under it with its number (图1); the title is taken where there is none.

    Options:
        measure: a column or an indicator.
        title: what is seen.
        subtitle: what is measured: formula, unit, period.
        reference: the line it is read against.
    """

    measure: str
    title: Text
    caption: Text | None = None
    subtitle: Text
    reference: Reference | None = None


class KeyFigure(Strict):
    """A number at the head of the page.

    Options:
        label: its name.
        value: its figure, of the whole area.
    """

    label: Text
    value: Value


class Series(Strict):
    """A series of bulletins: one issuer, one set of tables and rules, many periods.

    ``unbroken`` lists words that a title does not break over two lines, ``names`` words that hold a numeral but are
    names (A3表): the number audit leaves over every other numeral without a figure. ``unit_kind`` is what the units are
    called where they are counted (等8个县（市、区）). ``extends`` names a series whose definition is taken over and
    changed. ``synthetic`` marks made-up figures; the mark stands on all that is made from them, ``synthetic_notice`` at
    the head of the page. ``languages`` are those the bulletin appears in, the issuer's own first: each further one is
    an edition of its own, whose texts must all be given.

    Options:
        id: the folder's name; need not be given.
        records: case records to count from.
        notebook: which notebook of ``notebooks/`` runs it.
        authority: the issuer.
        area: what the issuer calls all units together (全市).
        subject: what the series is about, for the list of series.
        title: a template; ``{{ period }}`` is the period in words.
        number: the document number, a template: ``〔{{ issued_year }}〕{{ number }}号``.
        addressees: to whom it is sent.
        source: where the figures come from.
        units: the reporting units in their official order.
        tables: the files received, or what is counted from case records; by name.
        indicators: figures computed per unit and for the whole area, by name.
        enterprises: lists of enterprises drawn up from case records, by name.
        parameters: numbers an analyst may change, by name; used as ``param.<name>``.
        checks: what the figures must satisfy, besides what is always checked; by name.
        findings: rules that become sentences, by name; used as ``{{ finding.<name> }}``.
        main_points: at most six sentences at the head of the page.
        key_figures: one to five numbers at the head of the page.
        opening: the paragraph before the first section.
        sections: the parts of the circular, in order.
        charts: by name; the notebook shows each with ``bulletin.chart("<name>")``.
        annexes: printed at the end, numbered from 1.
        notes: data notes: definitions, rounding, what is blank and why.
        formats: what is made of each bulletin.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    extends: str | None = None
    synthetic: bool = False
    synthetic_notice: Text = SYNTHETIC_NOTICE
    languages: tuple[Lang, ...] = Field(("zh",), min_length=1)
    records: RecordSource | None = None
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
    unit_kind: Text = Text(zh="县（市、区）", en="counties")
    tables: dict[str, TableDef]
    indicators: dict[str, Indicator] = {}
    enterprises: dict[str, EnterpriseList] = {}
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
    formats: tuple[Format, ...] = tuple(FORMATS)

    @classmethod
    def model_rebuild(cls, **options: Any) -> bool | None:
        """Complete the model with the kinds of checks; pydantic asks for it when the first series is read."""
        return super().model_rebuild(**{**options, "_types_namespace": kinds.namespace()})

    @model_validator(mode="before")
    @classmethod
    def _named_by_folder(cls, data: object, info: ValidationInfo) -> object:
        if isinstance(data, dict) and "id" not in data and info.context:
            return {"id": info.context["series"], **data}
        return data

    @model_validator(mode="after")
    def _languages_once(self) -> Series:
        if len(set(self.languages)) < len(self.languages):
            raise ValueError("a language stands twice")
        return self

    @property
    def lang(self) -> Lang:
        """The language of the issuer's own text; other editions are translations of it."""
        return self.languages[0]

    @property
    def columns(self) -> dict[str, Column]:
        """Every column of every table, by name."""
        return {name: column for table in self.tables.values() for name, column in table.columns.items()}

    @property
    def measures(self) -> tuple[str, ...]:
        """What can be ranked, compared and computed with: columns that are measures, then indicators."""
        return (*(name for name, column in self.columns.items() if column.is_measure), *self.indicators)

    def mark(self, lang: str = "zh") -> str:
        """What titles of made-up figures end with; empty for real ones."""
        return SYNTHETIC_TITLE.get(lang) if self.synthetic else ""

    def unit(self, unit_id: str) -> Unit:
        """The unit with this id."""
        return next(unit for unit in self.units if unit.id == unit_id)
