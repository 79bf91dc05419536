"""The typed form of ``series.yml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal
from unicodedata import normalize

from pydantic import AfterValidator, Field, PrivateAttr, ValidationInfo, WithJsonSchema, model_validator

from tongbao.basics.errors import UsageError, did_you_mean
from tongbao.basics.period import Cumulation, Period
from tongbao.basics.rounding import parse_decimal
from tongbao.definition import kinds
from tongbao.definition.annex import Annex
from tongbao.definition.case_records import EnterpriseList, RecordSource
from tongbao.definition.expressions import Value
from tongbao.definition.formats import FORMATS, USUAL
from tongbao.definition.model import Expression, Inside, Lang, NumeralName, Quantity, Strict, Text
from tongbao.definition.names import Origins, origin, walk
from tongbao.definition.official import OfficialForm
from tongbao.definition.tables import Column, Indicator, Parameter, TableDef, Unit

if TYPE_CHECKING:
    from tongbao.checks.kind import Check as AnyCheck
    from tongbao.findings.kind import Kind as AnyRule

SYNTHETIC_TITLE = Text(zh="（合成数据）", en=" (synthetic data)")
CORRECTIONS = Text(
    zh="如发现差错，更正后的内容在本页发布，更正的日期和事项在此列明。",
    en="Should an error be found, it is corrected on this page, and the day and the change are listed here.",
)
SYNTHETIC_NOTICE = Text(
    zh="【合成数据】本文由合成数据生成，仅用于演示和测试，不反映任何地区的真实情况。",
    en="[Synthetic data] Made from synthetic data for demonstration and tests; it describes no real place.",
)


def _known_format(name: str) -> str:
    if name not in FORMATS:
        raise ValueError(f"no format {name}; {did_you_mean(name, FORMATS)}")
    return name


Format = Annotated[str, AfterValidator(_known_format), WithJsonSchema({"enum": list(FORMATS), "type": "string"})]


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


class Reference(Strict):
    """The line a chart is read against: a parameter, a fact or ``area`` for the whole area's own figure.

    Options:
        value: where the line stands.
        label: what it is called; ``{{ value }}`` is its figure.
    """

    value: Expression
    label: Text


class Chart(Strict):
    """A drawing of one measure, or of several side by side, with a sentence that its figures make true as its title.

    ``form`` is how it is drawn: ``bars`` from zero; ``dots`` on a range of their own; ``dumbbell``, each unit then and
    now; ``line``, the whole area over periods; ``heat``, units by measures. Without it bars, or dots where all values
    lie close together.

    Options:
        measure: a column or an indicator; units stand in its order.
        form: how it is drawn.
        title: what the figures say, such as ``{{ finding.x }}``; without it, who is highest and lowest.
        subtitle: what is measured; without it the measure, its unit of measurement and the period.
        caption: stands with its number (图1) before those without figures and the source.
        reference: the line it is read against.
        range: from where to where dots are drawn, or further where values are; without it, around the values.
        against: the other period of a dumbbell, or how far apart those of a line are; without it last year for a
            dumbbell, the period before for a line.
        periods: over how many periods a line goes, its own the last.
        beside: the further measures of a heat table.
    """

    measure: str
    form: Literal["bars", "dots", "dumbbell", "line", "heat"] | None = None
    title: Text | None = None
    subtitle: Text | None = None
    caption: Text | None = None
    reference: Reference | None = None
    range: tuple[Quantity, Quantity] | None = None
    against: Literal["last_year", "previous"] | None = None
    periods: int = Field(6, ge=2, le=24)
    beside: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_what_its_form_takes(self) -> Chart:
        takes = {
            "reference": ("bars", "dots", None),
            "range": ("dots",),
            "against": ("dumbbell", "line"),
            "periods": ("line",),
            "beside": ("heat",),
        }
        for name in takes.keys() & self.model_fields_set:
            if self.form not in takes[name]:
                forms = " or ".join(form for form in takes[name] if form)
                raise ValueError(f"{name} is for a chart with form: {forms}")
        if self.range and self.range[0] >= self.range[1]:
            raise ValueError("a range goes from a smaller number to a larger one")
        return self

    @property
    def head(self) -> Literal["last_year", "previous"]:
        """Which other period a dumbbell or line takes."""
        return self.against or ("last_year" if self.form == "dumbbell" else "previous")


class KeyFigure(Strict):
    """A number at the head of the page.

    Options:
        label: its name.
        value: its figure, of the whole area.
        against: what it is compared with: ``last_year`` (so it is without this), ``previous``, ``none``, or a figure of
            the same period last year that this period's own table gives (``cases_last_year``).
    """

    label: Text
    value: Value
    against: Expression = "last_year"


class Series(Strict):
    """A series of bulletins: one issuer, one set of tables and rules, many periods.

    ``unbroken`` lists words that a title does not break over two lines, ``names`` words that hold a numeral but are
    names (A3表): the number audit leaves over every other numeral without a figure. ``unit_kind`` is what the units are
    called where they are counted (等8个县（市、区）). ``extends`` names a series whose definition is taken over and
    changed. ``synthetic`` marks made-up figures; the mark stands on all that is made from them, ``synthetic_notice`` at
    the head of every form. ``reconstruction`` says of published figures under a text that is not the original document
    where that was published, a template; every form says so at its head. ``languages`` are those the bulletin appears
    in, the issuer's own first: each further one is an edition of its own, whose texts must all be given.

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
        document: what it bears as an official document: its form, secrecy, urgency, copies, printing.
        source: where the figures come from.
        cumulative: ``monthly`` or ``quarterly`` if all figures count from January: ``previous`` is 1-5月 beside 1-6月.
        site: the address under which the site is published (``https://tj.example.gov.cn/tongbao/``); with it each page
            says where it stays.
        contact: whom to ask.
        licence: what a reader may do with text and figures.
        corrections: how errors are corrected; those of a period stand in the header of its text.
        units: the reporting units in their official order.
        former_units: names of units that were merged or abolished: their rows in the files of earlier periods are left
            out, and the data notes say so; a row in the bulletin's own period is refused.
        tables: the files received, or what is counted from case records; by name.
        indicators: figures computed per unit and for the whole area, by name (as for columns).
        enterprises: lists of enterprises drawn up from case records, by name.
        parameters: numbers an analyst may change, by name; used as ``param.<name>``.
        checks: what the figures must satisfy, besides what is always checked; by name.
        findings: rules that become sentences, by name; used as ``{{ finding.<name> }}``.
        main_points: at most six sentences at the head of the page.
        key_figures: at most five numbers at the head of the page.
        opening: the paragraph before the first section.
        sections: the parts of the circular, in order.
        charts: by name; the notebook shows each that is no annex with ``bulletin.chart("<name>")``.
        annexes: printed at the end, numbered from 1.
        notes: data notes: definitions, rounding, what is blank and why.
        left_out: where it is said which units a figure over all units leaves out: in the ``sentence``, or, where its
            wording is the issuer's and stays as it is, among the data notes (``notes``).
        publish_raw: whether the files received are published beside the page, so that every reader can open the cells:
            without it, text files all of whose columns are read; ``true`` for workbooks and other columns, too;
            ``false`` for none. Case records never are.
        formats: what is made of each bulletin; ``archive.pdf``, PDF/A with the figures attached, only if it is named.
        approvals: how many people must approve a bulletin before it is published; from two on, its author does not
            count.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    extends: str | None = None
    cumulative: Cumulation | None = None
    synthetic: bool = False
    synthetic_notice: Text = SYNTHETIC_NOTICE
    reconstruction: Text | None = None
    languages: tuple[Lang, ...] = Field(("zh",), min_length=1)
    records: RecordSource | None = None
    notebook: Inside
    authority: Text
    area: Text
    subject: Text
    title: Text
    unbroken: tuple[str, ...] = ()
    names: tuple[NumeralName, ...] = ()
    number: Text | None = None
    addressees: Text
    document: OfficialForm = OfficialForm()
    source: Text
    site: str = Field("", pattern=r"^(https?://\S+)?$")
    contact: Text | None = None
    licence: Text | None = None
    corrections: Text = CORRECTIONS
    units: tuple[Unit, ...]
    former_units: tuple[Text, ...] = ()
    unit_kind: Text = Text(zh="县（市、区）", en="counties")
    tables: dict[str, TableDef]
    indicators: dict[str, Indicator] = {}
    enterprises: dict[str, EnterpriseList] = {}
    parameters: dict[str, Parameter] = {}
    checks: dict[str, AnyCheck] = {}
    findings: dict[str, AnyRule]
    main_points: tuple[Text, ...] = Field(max_length=6)
    key_figures: tuple[KeyFigure, ...] = Field((), max_length=5)
    opening: Text
    sections: tuple[Section, ...]
    charts: dict[str, Chart] = {}
    annexes: tuple[Annex, ...] = ()
    notes: tuple[Text, ...] = ()
    left_out: Literal["sentence", "notes"] = "sentence"
    publish_raw: bool | None = None
    formats: tuple[Format, ...] = USUAL
    approvals: int = Field(1, ge=1, le=9)
    _origins: Origins = PrivateAttr(default_factory=dict)
    _named: dict[str, str | None] = PrivateAttr(default_factory=dict)

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

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Every column of every table, by name."""
        return {name: column for table in self.tables.values() for name, column in table.columns.items()}

    @property
    def measures(self) -> tuple[str, ...]:
        """What can be ranked, compared and computed with: columns that are measures, then indicators."""
        return (*(name for name, column in self.columns.items() if column.is_measure), *self.indicators)

    @property
    def charts_in_text(self) -> tuple[str, ...]:
        """The charts that are no annex."""
        return tuple(name for name in self.charts if name not in {annex.chart for annex in self.annexes})

    @property
    def parts(self) -> dict[str, dict[str | int, str]]:
        """What a notebook has to show, by kind and name: sections, charts, annexes, each with its call."""
        numbers = range(1, len(self.annexes) + 1)
        return {
            "section": {section.id: f'section("{section.id}")' for section in self.sections},
            "chart": {name: f'chart("{name}")' for name in self.charts_in_text},
            "annex": {number: f"annex({number})" for number in numbers},
        }

    def columns_printed(self, annex: Annex) -> tuple[str, ...]:
        """The columns that an annex of a table prints, in order; none for other annexes."""
        return annex.columns or (tuple(self.tables[annex.table].columns) if annex.table else ())

    @cached_property
    def stated_ranks(self) -> tuple[str, ...]:
        """The columns with the issuer's own ranks, by which lists and annexes can be ordered."""
        return tuple(name for name, column in self.columns.items() if column.rank_of is not None)

    def parameter_values(self, given: Mapping[str, object]) -> dict[str, Decimal]:
        """Every parameter with its value, checked before anything is computed: the given one, else the default.

        Arguments:
            given: values as numbers or text (20%, full-width digits), by name; ``None`` stands for the default.

        Raises:
            UsageError: an unknown name, not a number, or out of range.
        """
        for name in given:
            if name not in self.parameters:
                raise UsageError(f"series {self.id} has no parameter {name}", hint=did_you_mean(name, self.parameters))
        values = {}
        for name, parameter in self.parameters.items():
            raw = given.get(name)
            if raw is None:
                values[name] = parameter.default
                continue
            text = format(Decimal(repr(raw)), "f") if isinstance(raw, float) else normalize("NFKC", str(raw)).strip()
            if parameter.type == "number":  # 20% is typed where a percentage is meant; a whole number counts something
                text = text.removesuffix("%").rstrip()
            value = None if isinstance(raw, bool) else parse_decimal(text)
            problem = "not a number" if value is None else parameter.problem_with(value)
            if value is None or problem:
                raise UsageError(f"parameter {name} of {self.id}: {problem}", found=raw, expected=parameter.allowed())
            # 20.0 and 20 are the same threshold, and are printed the same.
            values[name] = value.to_integral_value() if value == value.to_integral_value() else value.normalize()
        return values

    def compared_with(self, period: Period) -> list[Period]:
        """The periods whose figures a bulletin may state beside its own; those that lines go over, too."""
        found = period.compared_with(self.cumulative)
        for chart in (one for one in self.charts.values() if one.form == "line"):
            earlier = period
            with suppress(UsageError):  # none ends before this one inside a year
                for _ in range(chart.periods - 1):
                    by_year = chart.head == "last_year"
                    earlier = earlier.same_period_last_year() if by_year else earlier.previous(self.cumulative)
                    found.append(earlier)
        return list(dict.fromkeys(found))

    def stands_at(self, origins: Origins) -> None:
        """Keep where each part of the definition stands, for messages."""
        self._origins = origins

    def where(self, *place: str | int) -> str:
        """How messages name a part of the definition: ``reports/x/series.yml:12: main_points.0.zh``."""
        stands = origin(self._origins, place)[1] or f"reports/{self.id}/series.yml"
        return f"{stands}: {'.'.join(map(str, place))}"

    def where_named(self, name: str) -> str | None:
        """Where the definition first names something, as messages say it; ``None`` where it does not."""
        if name not in self._named:
            named = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
            places = (place for place, value in walk(self) if isinstance(value, str) and named.search(value))
            self._named[name] = next((self.where(*place) for place in places), None)
        return self._named[name]

    def mark(self, lang: str = "zh") -> str:
        """What titles of made-up figures end with; empty for real ones."""
        return SYNTHETIC_TITLE.get(lang) if self.synthetic else ""

    def unit(self, unit_id: str) -> Unit:
        """The unit with this id."""
        return next(unit for unit in self.units if unit.id == unit_id)
