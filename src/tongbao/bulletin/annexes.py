"""What annexes print: the cells of a table or of a list of enterprises, and what each of their columns holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import Literal

from tongbao.basics.errors import DefinitionError, TongbaoError, combined
from tongbao.basics.key import Key
from tongbao.basics.language import number_text
from tongbao.basics.marks import Mark, plain, proof
from tongbao.basics.rounding import print_decimal
from tongbao.bulletin.paper import has_room, needs_turning
from tongbao.bulletin.printed import list_key, stated_figure
from tongbao.checks.totals import unused_totals
from tongbao.definition.annex import Annex
from tongbao.definition.case_records import ENTERPRISE_MEASURES
from tongbao.definition.formats import FORMATS
from tongbao.definition.model import Lang
from tongbao.definition.tables import Column, TableDef
from tongbao.figures.figure import AREA
from tongbao.figures.indicators import Indicators
from tongbao.figures.lacking import Lack, lack_of, lack_of_total
from tongbao.findings.lacking import said_of
from tongbao.findings.templates import fill
from tongbao.words import WORDS

Kind = Literal["number", "name", "figure", "rank", "words"]
_UNIT = re.compile(r"\s*(?:[（(][^（）()]+[）)]|%)$")
_DECLARED = "annexes"  # where series.yml has them
_BARE_RANKS = ("排序", "排名", "名次", "位次", "Rank")


@dataclass(frozen=True)
class PrintedCell:
    """A cell as printed.

    Arguments:
        marked: its marked text; what it prints for a blank, or nothing.
        key: of the figure or name that it is as a whole.
        place: its name on the page.
        absent: why there is no figure, in words; empty where there is one.
    """

    marked: str
    key: str = ""
    place: str = ""
    absent: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether it is to be marked as a blank: a totals' row may have a mark of the issuer's own."""
        return bool(self.absent) and (bool(self.key) or not self.marked)

    @property
    def value(self) -> str:
        """The text as data: nothing where there is no figure."""
        return "" if self.absent else plain(self.marked)


@dataclass(frozen=True)
class Heading:
    """The header of a column.

    Arguments:
        text: as the issuer prints it.
        kind: what the column holds.
        name: the column's or measure's name in the definition.
        ranks: what a header that says no more than 排序 ranks: 罚款总数.
        unit: the unit of measurement, as declared.
    """

    text: str
    kind: Kind
    name: str
    ranks: str = ""
    unit: str = ""

    @property
    def short(self) -> str:
        """The text without the unit of measurement behind it."""
        return _UNIT.sub("", self.text)

    def full(self, lang: Lang) -> str:
        """The text, with what it ranks."""
        return WORDS[lang].rank_by.format(rank=self.text, of=self.ranks) if self.ranks else self.text


@dataclass(frozen=True)
class PrintedTable:
    """An annex as printed: a header, rows of cells under it; ``total`` is the place of the totals' row."""

    header: tuple[Heading, ...]
    rows: tuple[tuple[PrintedCell, ...], ...]
    total: int | None = None

    @property
    def name_at(self) -> int:
        """The place of the column whose cells name their rows."""
        return next(at for at, heading in enumerate(self.header) if heading.kind == "name")

    @property
    def common_unit(self) -> str:
        """The unit of measurement as the headers print it, where all figures have the same; else nothing."""
        figures = [heading for heading in self.header if heading.kind == "figure"]
        units = {heading.text.removeprefix(heading.short).strip(" （()）") for heading in figures}
        declared = {heading.unit for heading in figures}
        return units.pop() if len(figures) > 1 and len(units) == len(declared) == 1 else ""

    @property
    def texts(self) -> list[list[str]]:
        """What is printed: the header, then each row."""
        return [[heading.text for heading in self.header], *([plain(cell.marked) for cell in row] for row in self.rows)]

    @property
    def absences(self) -> tuple[str, ...]:
        """Why figures are missing, each reason once."""
        return tuple(dict.fromkeys(cell.absent for row in self.rows for cell in row if cell.is_blank))


def annex_table(indicators: Indicators, number: int, lang: Lang = "zh") -> PrintedTable | None:
    """Annex ``number`` (from 1) as printed; ``None`` for one that is a chart."""
    declared = indicators.series.annexes[number - 1]
    if declared.enterprises is not None:
        return printed_list(indicators, declared.enterprises, lang)
    return None if declared.table is None else printed_table(indicators, declared, declared.table, lang)


def annex_tables(indicators: Indicators, lang: Lang) -> dict[int, PrintedTable]:
    """The annexes that are tables, by number."""
    found = {at: annex_table(indicators, at, lang) for at in range(1, len(indicators.series.annexes) + 1)}
    return {number: table for number, table in found.items() if table is not None}


def is_turned(declared: Annex, table: PrintedTable) -> bool:
    """Whether an annex's page is turned: as declared, or where the table is wider than an upright one."""
    return needs_turning(table.texts) if declared.wide is None else declared.wide


def require_room(indicators: Indicators) -> None:
    """See that no annex prints one figure over another.

    Raises:
        DefinitionError: one has more columns than a page takes.
    """
    series, errors = indicators.series, list[TongbaoError]()
    if not any(FORMATS[name].writer == "typst" for name in series.formats):
        return  # Word takes smaller letters by itself
    tables = {lang: annex_tables(indicators, lang) for lang in series.languages}
    for number, table in ((number, found[number]) for found in tables.values() for number in found):
        turned = is_turned(series.annexes[number - 1], table)
        if has_room(table.texts, turned=turned):
            continue
        hint = "print it as several annexes, each with some of its columns (columns: […]), or leave pdf out of formats"
        error = DefinitionError(
            "an annex is too wide for its printed page",
            place=series.where(_DECLARED, number - 1),
            found=f"{len(table.header)} columns",
            expected="figures that have room beside each other in letters of 7 pt",
            hint=hint if turned else f"turn the page with wide: true; else {hint}",
        )
        if str(error) not in map(str, errors):  # the same in another language
            errors.append(error)
    if errors:
        raise combined(errors)


def printed_table(indicators: Indicators, declared: Annex, name: str, lang: Lang = "zh") -> PrintedTable:
    """The cells of a table in the order that an annex declares; ranks and rates are the computed ones."""
    definition = indicators.series.tables[name]
    order = definition.row_order or tuple(unit.id for unit in indicators.series.units)
    if declared.order is not None:
        ranks = indicators.ranks(declared.order)
        order = tuple(sorted(order, key=lambda unit: ranks.get(unit, len(order) + 1)))
    rows = []
    shown = indicators.units if indicators.is_summed(name) else indicators.received.tables[name].rows
    for scope in (unit for unit in order if unit in shown):
        unit = PrintedCell(indicators.series.unit(scope).name(lang), str(Key("unit", scope, owner=f"annex-{name}")))
        rows.append((unit, *_row(indicators, declared, scope, lang)))
    at = None
    if definition.total_row and (name not in indicators.received.absent or indicators.is_summed(name)):
        total = (PrintedCell(definition.total_row.get(lang)), *_row(indicators, declared, AREA, lang))
        at = 0 if declared.total == "first" else len(rows)
        rows.insert(at, total)
    header = [Heading(definition.unit_header.get(lang), "name", "unit")]
    header += [_heading(indicators, definition, column, lang) for column in indicators.series.columns_printed(declared)]
    return PrintedTable(tuple(header), tuple(rows), total=at)


def printed_list(indicators: Indicators, name: str, lang: Lang = "zh") -> PrintedTable:
    """A list of enterprises as printed: number, name, county, industry, figures, reason; at most ``limit`` of them."""
    declared, words = indicators.series.enterprises[name], WORDS[lang]
    where = partial(indicators.series.where, "enterprises", name, "criteria")
    rows = []
    for number, enterprise in enumerate(indicators.received.enterprises[name][: declared.limit], start=1):
        marks = {
            measure: Mark(str(list_key(name, measure, number)), number_text(print_decimal(figure), lang))
            for measure, figure in enterprise.figures.items()
        }
        criteria = {key: declared.criteria[key] for key in enterprise.met}
        reasons = (
            fill(criterion.reason.get(lang), {"value": marks[criterion.measure]}, where(key, "reason", lang))
            for key, criterion in criteria.items()
        )
        texts = [
            proof(f"row {number}", str(number)),
            Mark(str(list_key(name, "enterprise", number)), enterprise.name),
            Mark(str(list_key(name, "unit", enterprise.unit)), indicators.series.unit(enterprise.unit).name(lang)),
            Mark(str(list_key(name, "industry", number)), enterprise.industry) if enterprise.industry else "",
            *(marks[measure] for measure in declared.measures),
            words.semicolon.join(reasons),
        ]
        rows.append(tuple(PrintedCell(str(text), place=f"list-{name}-{number}-{at}") for at, text in enumerate(texts)))
    header = (
        Heading(words.number, "number", "number"),
        Heading(words.enterprise, "name", "enterprise"),
        Heading(words.where, "words", "unit"),
        Heading(words.industry, "words", "industry"),
        *(Heading(ENTERPRISE_MEASURES[measure].get(lang), "figure", measure) for measure in declared.measures),
        Heading(words.reason, "words", "reason"),
    )
    return PrintedTable(header, tuple(rows))


def _heading(indicators: Indicators, definition: TableDef, name: str, lang: Lang) -> Heading:
    column, series = definition.columns[name], indicators.series
    text, ranked = column.name(lang), column.rank_of
    if ranked is None:
        unit = series.indicators[column.reports].unit if column.reports in series.indicators else column.unit
        if unit == "%" and "%" not in text:  # 群众满意率 over cells that said 81.8%
            text += WORDS[lang].in_brackets.format("%")
        return Heading(text, "words" if column.words else "figure", name, unit=unit)
    same = (one for key, one in definition.columns.items() if ranked in (key, one.reports))
    measured = next(
        (Heading(one.name(lang), "figure", ranked).short for one in same), indicators.measure_name(ranked, lang)
    )
    if lang == "en" and not measured[:2].isupper():
        measured = measured[:1].lower() + measured[1:]
    return Heading(text, "rank", name, ranks=measured if text in _BARE_RANKS else "")


def _row(indicators: Indicators, declared: Annex, scope: str, lang: Lang) -> Iterator[PrintedCell]:
    """The cells of a unit or of the whole area; a reader is led to the first annex that prints a column."""
    words, series, blank = WORDS[lang], indicators.series, declared.blank
    earlier = takewhile(lambda one: one is not declared, series.annexes)
    before = {name for annex in earlier for name in series.columns_printed(annex)}
    unused = [cell.column for _, cell in unused_totals(indicators)] if scope == AREA else []
    for name in series.columns_printed(declared):
        column, place = series.columns[name], "" if name in before else f"cell-{name}-{scope}"
        stated = stated_figure(indicators, name, scope)
        if stated is not None:
            own_key, figure = stated
            yield PrintedCell(number_text(figure.text, lang), str(own_key), place)
        elif column.rank_of and scope == AREA:
            yield PrintedCell(series.tables[declared.table or ""].total_mark, place=place, absent=words.not_ranked)
        elif column.rank_of:
            rank = indicators.ranks(column.rank_of).get(scope)
            key = str(Key(indicators.rank_formula(column.rank_of), scope))
            yield PrintedCell(str(rank or blank), key, place, "" if rank else words.not_ranked)
        else:
            figure = indicators.figure(column.reports or name, scope)
            shown = indicators.shown(figure, lang)
            lack = None if shown else _why_blank(indicators, column, column.reports or name, scope)
            why = "" if lack is None else said_of(indicators, lack, lang)
            why = words.total_unused if why and scope == AREA and name in unused else why
            yield PrintedCell(shown or blank, str(figure.key), place, why)


def _why_blank(indicators: Indicators, column: Column, measure: str, scope: str) -> Lack:
    """Why a cell shows no figure; of a column that has no total, the totals' row shows none."""
    if scope == AREA and column.area == "none":
        return "not_summed"
    lack = lack_of_total(indicators, measure) if scope == AREA else lack_of(indicators, measure, scope)
    return "undefined" if lack == "blank" and column.reports is not None else lack  # what is computed is not reported
