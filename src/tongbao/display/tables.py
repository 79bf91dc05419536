"""Annex tables: HTML with scoped headers and addressable cells, and a Markdown table for print."""

from __future__ import annotations

import html
from dataclasses import dataclass

from tongbao.basics.language import number_text
from tongbao.basics.marks import escape_markdown, plain
from tongbao.basics.rounding import print_decimal
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.case_records import ENTERPRISE_MEASURES
from tongbao.definition.model import Lang
from tongbao.definition.series import Annex, Column, TableDef
from tongbao.display.mime import Display, Part
from tongbao.display.text import annex_label
from tongbao.display.words import WORDS
from tongbao.figures.figure import AREA
from tongbao.figures.indicators import Indicators
from tongbao.findings.templates import fill


@dataclass(frozen=True)
class PrintedCell:
    """A cell of an annex as printed, with the id a reader can be led to."""

    id: str
    text: str
    is_rank: bool


@dataclass(frozen=True)
class PrintedTable:
    """An annex as printed: rows of cells under a header.

    ``total`` marks the last row as the totals', ``texts`` are the cells of a row that hold words, not figures.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, tuple[PrintedCell, ...]], ...]
    total: bool
    texts: frozenset[int] = frozenset()


def printed_table(indicators: Indicators, name: str, definition: TableDef, lang: Lang = "zh") -> PrintedTable:
    """The cells of an annex in the order of print; blanks stay blank, ranks and rates are the computed ones."""
    order = definition.row_order or tuple(unit.id for unit in indicators.series.units)
    scopes = [unit for unit in order if unit in indicators.received.tables[name].rows]
    rows = [(indicators.series.unit(scope).name(lang), _row(indicators, definition, scope, lang)) for scope in scopes]
    if definition.total_row:
        rows.append((definition.total_row.get(lang), _row(indicators, definition, AREA, lang)))
    header = (definition.unit_header.get(lang), *(column.name(lang) for column in definition.columns.values()))
    return PrintedTable(header, tuple(rows), definition.total_row is not None)


def printed_list(indicators: Indicators, name: str, lang: Lang = "zh") -> PrintedTable:
    """A list of enterprises as printed: number, name, county, industry, figures, reason; at most ``limit`` of them."""
    declared = indicators.series.enterprises[name]
    found = indicators.received.enterprises[name][: declared.limit]
    measures = declared.measures
    words = WORDS[lang]
    header = (
        words.number, words.enterprise, words.where, words.industry,
        *(ENTERPRISE_MEASURES[m].get(lang) for m in measures), words.reason,
    )  # fmt: skip
    rows = []
    for number, enterprise in enumerate(found, start=1):
        reasons = words.semicolon.join(
            fill(
                declared.criteria[key].reason.get(lang),
                {"value": number_text(print_decimal(enterprise.figures[declared.criteria[key].measure]), lang)},
                f"reports/{indicators.series.id}/series.yml: enterprises.{name}.criteria.{key}.reason",
            )
            for key in enterprise.met
        )
        figures = [number_text(print_decimal(enterprise.figures[measure]), lang) for measure in measures]
        where = indicators.series.unit(enterprise.unit).name(lang)
        texts = [enterprise.name, where, enterprise.industry, *figures, reasons]
        cells = tuple(PrintedCell(f"list-{name}-{number}-{i}", text, is_rank=False) for i, text in enumerate(texts))
        rows.append((str(number), cells))
    return PrintedTable(header, tuple(rows), total=False, texts=frozenset({0, 1, 2, len(header) - 2}))


def annex(bulletin: Bulletin, number: int) -> Display:
    """Annex ``number`` (from 1): its label, title, note and table.

    Raises:
        IndexError: the series declares no such annex.
    """
    declared = bulletin.series.annexes[number - 1]
    if declared.enterprises is not None:
        table = printed_list(bulletin.indicators, declared.enterprises, bulletin.lang)
    else:
        assert declared.table is not None  # noqa: S101  # an annex prints one of the two
        definition = bulletin.series.tables[declared.table]
        table = printed_table(bulletin.indicators, declared.table, definition, bulletin.lang)
    title = bulletin.narrative.heading(declared.title, "annexes")
    head = _head(bulletin, declared, number, title)
    body = Part({"text/html": _to_html(table, title), "text/markdown": _to_markdown(table), "text/plain": title})
    return Display.of(Part.markdown(head), body)


def _head(bulletin: Bulletin, declared: Annex, number: int, title: str) -> str:
    label = annex_label(number, len(bulletin.series.annexes), bulletin.lang)
    wide = " .wide" if declared.wide else ""
    lines = [f'## <span class="annex-label">{label}</span> {title} {{#annex-{number} .annex{wide}}}']
    if declared.note:
        lines += ["", f"::: {{.annex-note}}\n{plain(bulletin.narrative.text(declared.note, 'annexes'))}\n:::"]
    return "\n".join(lines) + "\n"


def _row(indicators: Indicators, definition: TableDef, scope: str, lang: Lang) -> tuple[PrintedCell, ...]:
    return tuple(
        PrintedCell(
            f"cell-{name}-{scope}",
            number_text(_text(indicators, definition, column, name, scope), lang),
            bool(column.rank_of),
        )
        for name, column in definition.columns.items()
    )


def _text(indicators: Indicators, definition: TableDef, column: Column, name: str, scope: str) -> str:
    if column.rank_of:
        if scope == AREA:
            return definition.total_mark
        rank = indicators.ranks(column.rank_of).get(scope)
        return "" if rank is None else str(rank)
    return indicators.figure(column.reports or name, scope).text


def _to_html(table: PrintedTable, title: str) -> str:
    head = "".join(f'<th scope="col">{html.escape(text)}</th>' for text in table.header)
    rows = []
    for index, (unit, cells) in enumerate(table.rows):
        row_class = ' class="total"' if table.total and index == len(table.rows) - 1 else ""
        body = "".join(_td(cell, is_text=place in table.texts) for place, cell in enumerate(cells))
        rows.append(f'<tr{row_class}><th scope="row">{html.escape(unit)}</th>{body}</tr>')
    return (
        f'<div class="table-scroll" role="region" aria-label="{html.escape(title)}" tabindex="0">\n'
        f'<table class="annex-table">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{chr(10).join(rows)}\n</tbody>\n'
        "</table>\n</div>"
    )


def _td(cell: PrintedCell, *, is_text: bool) -> str:
    kind = ' class="rank"' if cell.is_rank else ' class="words"' if is_text else ""
    return f'<td id="{cell.id}"{kind}>{html.escape(cell.text)}</td>'


def _to_markdown(table: PrintedTable) -> str:
    lines = [
        _pipe(table.header),
        "|:---|" + "".join(":---|" if place in table.texts else "---:|" for place in range(len(table.header) - 1)),
        *(_pipe((unit, *(cell.text for cell in cells))) for unit, cells in table.rows),
    ]
    return "\n".join(lines) + "\n"


def _pipe(texts: tuple[str, ...]) -> str:
    return "| " + " | ".join(map(escape_markdown, texts)) + " |"
