"""What a series receives and computes: reporting units, tables with their columns, indicators, parameters."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from tongbao.basics.formula import Formula
from tongbao.basics.rounding import Rounding
from tongbao.definition.case_records import RecordCondition
from tongbao.definition.model import Expression, Inside, Measured, Quantity, Said, ShortForm, Strict, Text, one_of
from tongbao.definition.stated import Stated

# What is counted one by one, and what a header of a growth or change speaks of.
COUNT_UNITS = frozenset(
    {"家", "家次", "次", "起", "例", "件", "份", "宗", "个", "项", "条", "人", "人次", "户", "户次", "批", "批次"}
    | {"场", "处", "台", "辆", "项次", "通"}
)
_GROWTH = re.compile("增长|增幅|增速|增减|同比|环比|变化|变动|升降|growth|change", re.IGNORECASE)
# What an amount is measured in beside what is counted, and headers of what is none: a mean, a share, a score.
_AMOUNTS = re.compile("元|吨|千克|公斤|亩|公顷|平方米|立方米|千瓦时|公里")
_NO_AMOUNT = re.compile("均|率|占比|比例|比重|单价|得分|评分|分数|指数|最|mean|average|rate|share|per ", re.IGNORECASE)


class Unit(Strict):
    """A reporting unit (a county, city district or zone).

    Options:
        id: its name in this file: letters a to z, digits and underscores.
        zh, en: the official name.
        short: the name without its suffix.
        aliases: other names it goes by in the files received.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    zh: Said
    en: Said
    short: Said | None = None
    aliases: tuple[str, ...] = ()

    def name(self, lang: str = "zh", *, short: bool = False) -> str:
        """The name in ``lang``; the short one where asked for and given."""
        if lang == "en":
            return self.en
        return self.short if short and self.short else self.zh


class ColumnWord(Strict):
    """What a word in a column of words stands for.

    Options:
        value: a number above zero, by which units are compared: a place on a scale; several words can have the same.
        en: the word in English; without it the Chinese one stands there, too.
    """

    short_form = ShortForm("value", int | float | Decimal, {"type": "number"})

    value: Quantity = Field(gt=0)
    en: Said | None = None


class Column(Measured):
    """A column of a table as received, in the order of the file.

    A column is a measure of its own, unless it repeats what the project computes: ``rank_of`` (a reported
    rank) or ``reports`` (a reported rate); then the computed figure is printed and checked against it.
    ``area`` says how the whole area's figure comes about: the sum of the units, what the totals' row states, none, or
    a formula.
    ``measure`` and ``where`` belong to tables counted from case records: what is counted, and which records count.

    Options:
        header: as in the file received, the unit of measurement in brackets.
        label: the header to print, where it differs.
        short: the measure's name in sentences and charts, without the unit of measurement.
        area: the whole area's figure: ``sum``, ``reported`` (what the totals' row states, which only the issuer can
            give), ``none`` (cannot be summed), or a formula (``a / b * 100``).
        decimals: how many are printed; without it, as many as were received. A formula in ``area`` needs it.
        rank: whether the largest figure is first (``descending``) or the smallest.
        min, max: the limits of what can be right; ``null`` for none. Without them nothing is below 0 and no percentage
            above 100, save where the header speaks of a growth (增长, 同比 …): that has no limits.
        over_100: a percentage that can be above 100 (完成率).
        whole: whether only whole numbers can be right; without it, where things are counted (件, 家, 起 …).
        blank: what a blank is in a row that is otherwise reported: an ``error`` (as it is without this, unless the
            series declares the check ``incomplete`` with another level), a ``warning``, a ``note``, or ``allowed``.
        words: for a column of words, those that can stand in it, each with its number (``{Ⅲ类: 3, Ⅳ类: 4}``), by which
            units are listed and compared (``at: 4``); it needs ``area: none``.
        stated: how a stated total, rate or rank is held to the computed one: a level, or ``level``, ``tolerance``,
            ``printed`` and ``reason``.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                {"anyOf": [{"properties": {"area": {"enum": ["sum", "none", "reported"]}}}, {"required": ["decimals"]}]}
            ]
        }
    )

    header: Said
    measure: str | None = None
    where: dict[str, RecordCondition] = {}
    label: Text | None = None
    short: Text | None = None
    rank_of: str | None = None
    reports: str | None = None
    area: Expression = "sum"
    decimals: int | None = Field(None, ge=0, le=8)
    rank: Literal["descending", "ascending"] = "descending"
    min: Quantity | None = Decimal(0)
    max: Quantity | None = None
    over_100: bool = False
    whole: bool | None = None
    blank: Literal["error", "warning", "note", "allowed"] | None = None
    words: dict[str, ColumnWord] = {}
    stated: Stated = Stated()

    @model_validator(mode="after")
    def _conditions_have_a_measure(self) -> Column:
        if self.where and self.measure is None:
            raise ValueError("where needs a measure that counts case records")
        return self

    @model_validator(mode="after")
    def _words_are_not_summed(self) -> Column:
        if self.words and self.area != "none":
            raise ValueError(f"the words of {self.header} cannot be summed: area: none")
        return self

    @model_validator(mode="after")
    def _what_is_computed_is_not_taken_as_reported(self) -> Column:
        if self.area == "reported" and not self.is_measure:
            raise ValueError(f"the figure of the whole area of {self.header} is computed, not reported: leave area out")
        return self

    @model_validator(mode="after")
    def _a_computed_area_is_rounded(self) -> Column:
        if self.decimals is None and self.area_is_computed:
            raise ValueError(f"the area's computed value of {self.header} needs decimals, or it would print them all")
        return self

    @property
    def lowest(self) -> Decimal | None:
        """The least that can be right; ``None`` for no limit."""
        return None if self._grows and "min" not in self.model_fields_set else self.min

    @property
    def highest(self) -> Decimal | None:
        """The most that can be right; ``None`` for no limit."""
        is_share = self.unit == "%" and not (self.over_100 or self._grows or "max" in self.model_fields_set)
        return Decimal(100) if is_share else self.max

    @property
    def is_whole(self) -> bool:
        """Whether only whole numbers can be right."""
        return self.unit in COUNT_UNITS and not self._grows if self.whole is None else self.whole

    @cached_property
    def _grows(self) -> bool:
        return _GROWTH.search(f"{self.header} {self.short or ''}") is not None

    @property
    def is_measure(self) -> bool:
        """Whether the column brings a figure that nothing else computes."""
        return self.rank_of is None and self.reports is None

    @property
    def adds_up_over_time(self) -> bool:
        """Whether several months add up to what is stated of all of them; what is there at the end of each does not."""
        return self.stated.level != "allowed"

    @property
    def area_is_computed(self) -> bool:
        """Whether the whole area's figure comes about by a formula of its own."""
        return self.area not in ("sum", "none", "reported")

    @property
    def is_amount(self) -> bool:
        """Whether it is a count or an amount, as far as unit and header tell: of the units these add up."""
        counted = self.unit in COUNT_UNITS or _AMOUNTS.search(self.unit) is not None
        return counted and "/" not in self.unit and not (self._grows or _NO_AMOUNT.search(self.header))

    def name(self, lang: str = "zh") -> str:
        """The header to print: the label if given, else the header as received; a rank's is known in English."""
        if self.label is None:
            return "Rank" if lang == "en" and self.rank_of else self.header
        return self.label.get(lang)

    def measure_name(self, lang: str = "zh") -> str:
        """The name of the measure in a sentence or chart: the short form, without the unit."""
        if self.short:
            return self.short.get(lang)
        return re.sub(rf"\s*[（(]{re.escape(self.unit)}[）)]$", "", self.name(lang)) if self.unit else self.name(lang)


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
        absent: what it means that a period has no such file: an ``error``, that the table is ``left_out`` (what depends
            on it says so), or that its counts and amounts are ``summed`` from the shorter periods received.
        columns: its columns, by name (letters, digits and _, as formulas read them), in the order of the file.
        ignore: headers of columns that are not read: words, remarks.
        ignore_rows: rows that are read past, by their names: of which, subtotals (其中：高新区, 市区小计).
    """

    model_config = ConfigDict(json_schema_extra=one_of(file={"type": "string"}, records={"const": True}))

    file: Inside | None = None
    records: bool = False
    where: dict[str, RecordCondition] = {}
    without_records: Literal["blank", "zero"] = "blank"
    title: Text
    unit_header: Text = Text(zh="单位", en="Unit")
    columns: dict[str, Column]
    total_row: Text | None = None
    total_mark: Said = ""
    row_order: tuple[str, ...] = ()
    partial: bool = False
    absent: Literal["error", "left_out", "summed"] = "error"
    ignore: tuple[str, ...] = ()
    ignore_rows: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_one_origin(self) -> TableDef:
        if (self.file is None) != self.records:
            raise ValueError("a table is read from a file or counted from records: give one of the two")
        if self.where and not self.records:
            raise ValueError("where needs records: true")
        if self.absent != "error" and self.records:
            raise ValueError("absent is for tables read from a file: what is counted from records is there or not")
        if self.ignore_rows and self.records:
            raise ValueError("ignore_rows is for tables read from a file")
        for name, column in self.columns.items():
            if column.is_measure and self.records != (column.measure is not None):
                raise ValueError(
                    f"column {name} needs a measure to count"
                    if self.records
                    else f"column {name} counts records, but the table is read from a file"
                )
            if column.area == "reported" and self.total_row is None:
                raise ValueError(f"area: reported of column {name} needs total_row, the name of the totals' row")
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
    weight: Quantity = Field(gt=0)
    blank: Literal["none", "zero", "full"] = "none"

    @property
    def formula(self) -> str:
        """Weight × min(measure ÷ target, 1)."""
        part = f"min({self.measure} / ({self.target}), 1)"
        if self.blank != "none":
            part = f"default({part}, {0 if self.blank == 'zero' else 1})"
        return f"{part} * {self.weight}"


class Indicator(Measured):
    """A figure computed per unit and for the whole area, from sums, by one formula; or a score of 100 points.

    ``counts`` says whether the formula divides whole counts, so that an interval can be given for reviewers; where it
    is left out, the units of what is divided tell (家次, 起 … are counts, 万元 is not). ``proportion`` says whether
    what is above is part of what is below, so that it cannot pass 100 %; where it is left out, the checks
    tell: relations that hold (``activated <= opened``, ``opened <= officers``) and are errors where they do not.

    Options:
        label: its name in sentences, charts and tables.
        formula: names, numbers, ``+ - * /``, ``min(a, b)``, ``max(a, b)``, ``default(a, b)``, ``change(now, before)``;
            a head takes the whole area's figure (``area.cases``) or another period's (``last_year.cases``).
        score: items whose weights add up to 100, in place of a formula.
        decimals: how many are printed.
        rounding: ``half-up``, or ``truncate`` for an issuer that cuts off.
        rank: whether the largest figure is first (``descending``) or the smallest.
    """

    model_config = ConfigDict(
        json_schema_extra=one_of(formula={"not": {"type": "null"}}, score={"type": "array"}) | {"required": ["label"]}
    )

    label: Text
    formula: Expression
    score: tuple[ScoreItem, ...] = ()
    decimals: int = Field(2, ge=0, le=8)
    rounding: Rounding = "half-up"
    rank: Literal["descending", "ascending"] = "descending"
    counts: bool | None = None
    proportion: bool | None = None

    @model_validator(mode="after")
    def _counts_are_divided(self) -> Indicator:
        if (self.counts or self.proportion) and Formula.parse(self.formula).ratio is None:
            raise ValueError("counts or proportion needs a formula part / whole, such as cases / inspections * 100")
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
    default: Quantity
    min: Quantity | None = None
    max: Quantity | None = None
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
