"""Annex tables: HTML with scoped headers and addressable cells, and a Markdown table for print."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from tongbao.basics.key import Key
from tongbao.basics.language import number_text
from tongbao.basics.marks import Mark, backed, escape_markdown, plain, proved, to_bare_html, to_markdown
from tongbao.basics.rounding import print_decimal
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.printed import list_key, stated_figure, stated_key
from tongbao.definition.case_records import ENTERPRISE_MEASURES
from tongbao.definition.model import Lang
from tongbao.definition.series import Annex
from tongbao.definition.tables import TableDef
from tongbao.display.charts import chart
from tongbao.display.mime import Display, Part, anchor, block
from tongbao.display.paper import needs_turning
from tongbao.display.text import annex_label
from tongbao.figures.figure import AREA
from tongbao.figures.indicators import Indicators
from tongbao.findings.templates import fill
from tongbao.words import WORDS

Kind = Literal["figure", "rank", "words"]


@dataclass(frozen=True)
class PrintedCell:
    """A cell as printed, with the attributes that say on a page where it stands and what it is."""

    marked: str
    attributes: str = ""

    def html(self, tag: str, attributes: str = "") -> str:
        """The cell in HTML."""
        return f"<{tag}{attributes}{self.attributes}>{to_bare_html(self.marked)}</{tag}>"


@dataclass(frozen=True)
class PrintedTable:
    """An annex as printed: a header, rows of cells under it; the first cell of each names the row.

    ``kinds`` say what the columns after the first hold, ``total`` is the place of the totals' row.
    """

    header: tuple[PrintedCell, ...]
    kinds: tuple[Kind, ...]
    rows: tuple[tuple[PrintedCell, ...], ...]
    total: int | None = None


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
        key = Key("unit", scope, owner=f"annex-{name}")
        unit = PrintedCell(indicators.series.unit(scope).name(lang), backed(key))
        rows.append((unit, *_row(indicators, definition, scope, lang, declared.blank)))
    is_kept = name not in indicators.received.absent or indicators.is_summed(name)
    if definition.total_row and is_kept:
        total = (PrintedCell(definition.total_row.get(lang)), *_row(indicators, definition, AREA, lang, declared.blank))
        rows.insert(0 if declared.total == "first" else len(rows), total)
    columns = definition.columns.values()
    header = tuple(map(PrintedCell, (definition.unit_header.get(lang), *(column.name(lang) for column in columns))))
    kinds: tuple[Kind, ...] = tuple("rank" if column.rank_of else "figure" for column in columns)
    at = None if not (definition.total_row and is_kept) else 0 if declared.total == "first" else len(rows) - 1
    return PrintedTable(header, kinds, tuple(rows), total=at)


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
            Mark(str(list_key(name, "enterprise", number)), enterprise.name),
            Mark(str(list_key(name, "unit", enterprise.unit)), indicators.series.unit(enterprise.unit).name(lang)),
            Mark(str(list_key(name, "industry", number)), enterprise.industry) if enterprise.industry else "",
            *(marks[measure] for measure in declared.measures),
            words.semicolon.join(reasons),
        ]
        cells = (PrintedCell(str(text), f' id="list-{name}-{number}-{at}"') for at, text in enumerate(texts))
        rows.append((PrintedCell(str(number), proved("row", number)), *cells))
    labels = [ENTERPRISE_MEASURES[measure].get(lang) for measure in declared.measures]
    header = (words.number, words.enterprise, words.where, words.industry, *labels, words.reason)
    figures: list[Kind] = ["figure"] * len(labels)
    return PrintedTable(tuple(map(PrintedCell, header)), ("words", "words", "words", *figures, "words"), tuple(rows))


def annex(bulletin: Bulletin, number: int) -> Display:
    """Annex ``number`` (from 1): its label, title, note and table.

    Raises:
        IndexError: the series declares no such annex.
    """
    declared = bulletin.series.annexes[number - 1]
    title = bulletin.narrative.heading(declared.title, "annexes", number - 1, "title")
    if declared.chart is not None:
        return Display.of(
            Part.markdown(_head(bulletin, declared, number, title)), *chart(bulletin, declared.chart).parts
        )
    if declared.enterprises is not None:
        table = printed_list(bulletin.indicators, declared.enterprises, bulletin.lang)
    else:
        assert declared.table is not None  # noqa: S101  # an annex prints one of the three
        table = printed_table(bulletin.indicators, declared, declared.table, bulletin.lang)
    head = _head(bulletin, declared, number, title, wide=needs_turning(_texts(table)))
    lines = []
    if declared.table is not None and bulletin.series.left_out == "sentence":
        lines = [to_markdown(line, bulletin.lang) for line in bulletin.narrative.incomplete(declared.table)]
    if declared.table is not None and not table.rows:
        lines = [WORDS[bulletin.lang].no_table]
    below = [Part.markdown(block("\n\n".join(lines), classes="annex-note") + "\n")] if lines else []
    body = Part(
        {"text/html": _to_html(table, title), "text/markdown": _to_markdown(table), "text/plain": _to_text(table)}
    )
    return Display.of(Part.markdown(head), body, *below)


def _head(bulletin: Bulletin, declared: Annex, number: int, title: str, *, wide: bool = False) -> str:
    label = annex_label(number, len(bulletin.series.annexes), bulletin.lang)
    wide = wide if declared.wide is None else declared.wide
    place = anchor(f"annex-{number}", "annex wide" if wide else "annex")
    lines = [f'## {place}<span class="annex-label">{label}</span> {title}']
    if declared.note:
        note = to_markdown(bulletin.narrative.text(declared.note, "annexes", number - 1, "note"), bulletin.lang)
        lines += ["", block(note, classes="annex-note")]
    return "\n".join(lines) + "\n"


def _row(indicators: Indicators, definition: TableDef, scope: str, lang: Lang, blank: str) -> Iterator[PrintedCell]:
    """The cells of a unit or of the whole area, each with the id that a reader can be led to."""
    for name, column in definition.columns.items():
        place = f' id="cell-{name}-{scope}"'
        stated = stated_figure(indicators, name, scope)
        if stated is not None:
            yield PrintedCell(number_text(stated.text, lang), place + backed(stated_key(indicators, name, scope)))
        elif column.rank_of and scope == AREA:
            yield PrintedCell(definition.total_mark, place)
        elif column.rank_of:
            rank = indicators.ranks(column.rank_of).get(scope)
            key = Key(indicators.rank_formula(column.rank_of), scope)
            yield (
                PrintedCell(blank, place)
                if rank is None and blank
                else PrintedCell(str(rank or ""), place + backed(key))
            )
        else:
            figure = indicators.figure(column.reports or name, scope)
            shown = indicators.shown(figure, lang)
            yield PrintedCell(shown, place + backed(figure.key)) if shown or not blank else PrintedCell(blank, place)


def _to_html(table: PrintedTable, title: str) -> str:
    head = "".join(cell.html("th", ' scope="col"') for cell in table.header)
    classes = ["" if kind == "figure" else f' class="{kind}"' for kind in table.kinds]
    rows: list[str] = []
    for first, *cells in table.rows:
        body = "".join(cell.html("td", shown) for cell, shown in zip(cells, classes, strict=True))
        total = ' class="total"' if len(rows) == table.total else ""
        rows.append(f"<tr{total}>" + first.html("th", ' scope="row"') + f"{body}</tr>")
    return (
        f'<div class="table-scroll" role="region" aria-label="{html.escape(title)}" tabindex="0">\n'
        f'<table class="annex-table">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{chr(10).join(rows)}\n</tbody>\n'
        "</table>\n</div>"
    )


def _to_markdown(table: PrintedTable) -> str:
    lines = [
        _pipe(table.header),
        "|:---|" + "".join(":---|" if kind == "words" else "---:|" for kind in table.kinds),
        *map(_pipe, table.rows),
    ]
    return "\n".join(lines) + "\n"


def _to_text(table: PrintedTable) -> str:
    return "\n".join(map("\t".join, _texts(table)))


def _texts(table: PrintedTable) -> list[list[str]]:
    return [[plain(cell.marked) for cell in row] for row in (table.header, *table.rows)]


def _pipe(cells: tuple[PrintedCell, ...]) -> str:
    return "| " + " | ".join(escape_markdown(plain(cell.marked)) for cell in cells) + " |"
