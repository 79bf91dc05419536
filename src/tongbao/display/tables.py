"""Annex tables: HTML with scoped headers and addressable cells, and a Markdown table for print."""

from __future__ import annotations

import html
import re

from tongbao.basics.marks import backed, escape_markdown, plain, to_bare_html, to_markdown
from tongbao.bulletin.annexes import Heading, PrintedCell, PrintedTable, annex_table, is_turned
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.files import TABLE_FILES, annex_file
from tongbao.bulletin.sheets import width_of
from tongbao.definition.annex import Annex
from tongbao.definition.model import Lang
from tongbao.display.charts import chart
from tongbao.display.mime import Display, Part, anchor, block
from tongbao.display.text import annex_label
from tongbao.words import WORDS

_NUMBER = re.compile(r"-?[\d,]+(?:\.(\d+))?")


def annex(bulletin: Bulletin, number: int) -> Display:
    """Annex ``number`` (from 1): its label, title, note and table.

    Raises:
        IndexError: the series declares no such annex.
    """
    declared = bulletin.series.annexes[number - 1]
    title = bulletin.narrative.annex_title(number)
    table = annex_table(bulletin.indicators, number, bulletin.lang)
    if table is None:
        assert declared.chart is not None  # noqa: S101  # an annex prints one of the three
        return Display.of(
            Part.markdown(_head(bulletin, declared, number, title, wide=bool(declared.wide))),
            *chart(bulletin, declared.chart).parts,
        )
    head = _head(bulletin, declared, number, title, wide=is_turned(declared, table))
    lines = []
    if declared.table is not None and bulletin.series.left_out == "sentence":
        lines = [
            to_markdown(line, bulletin.lang) for line in bulletin.narrative.incomplete(declared.table, declared.columns)
        ]
    if declared.table is not None and not table.rows:
        lines = [WORDS[bulletin.lang].no_table]
    below = [Part.markdown(block("\n\n".join(lines), classes="annex-note") + "\n")] if lines else []
    page = _framed(bulletin, number, table, _to_html(table, title, bulletin.lang))
    told = "\n".join(map("\t".join, table.texts))
    body = Part({"text/html": page, "text/markdown": _to_markdown(table), "text/plain": told})
    return Display.of(Part.markdown(head), body, *below)


def _head(bulletin: Bulletin, declared: Annex, number: int, title: str, *, wide: bool) -> str:
    label = annex_label(number, len(bulletin.series.annexes), bulletin.lang)
    place = anchor(f"annex-{number}", "annex wide" if wide else "annex")
    lines = [f'## {place}<span class="annex-label">{label}</span> {escape_markdown(title)}']
    if declared.note:
        note = to_markdown(bulletin.narrative.text(declared.note, "annexes", number - 1, "note"), bulletin.lang)
        lines += ["", block(note, classes="annex-note")]
    return "\n".join(lines) + "\n"


def _framed(bulletin: Bulletin, number: int, table: PrintedTable, shown: str) -> str:
    """The table with what the page says around it: the unit, a cue for narrow screens, what blanks mean, its files."""
    words = WORDS[bulletin.lang]
    above = [f'<p class="table-hint table-aside">{words.more_columns} →</p>']
    if table.common_unit:
        unit = words.common_unit.format(html.escape(table.common_unit))
        above.insert(0, f'<p class="table-unit table-aside">{unit}</p>')
    note = words.no_figure_note.format(
        mark=f"<b>{html.escape(bulletin.series.annexes[number - 1].blank or words.no_figure)}</b>",
        why=words.comma.join(table.absences),
    )
    below = [f'<p class="table-note table-aside">{note}</p>'] if table.absences else []
    links = "".join(
        f'<li><a class="download" href="{annex_file(bulletin, number, bulletin.lang, ending)}">'
        f"{words.this_table.format(ending.upper())}</a></li>"
        for ending in TABLE_FILES
    )
    below.append(f'<ul class="table-files table-aside" aria-label="{words.downloads}">{links}</ul>')
    return "\n".join(['<div class="annex-figure">', *above, shown, *below, "</div>"])


def _to_html(table: PrintedTable, title: str, lang: Lang) -> str:
    head = "".join(_heading_html(heading, drops_unit=bool(table.common_unit), lang=lang) for heading in table.header)
    pads = [_pads([row[at] for row in table.rows]) for at in range(len(table.header))]
    name = max((width_of(row[table.name_at].value) for row in table.rows), default=2)
    rows = []
    for number, row in enumerate(table.rows):
        cells = (
            _cell_html(cell, heading, pads[at][number], lang)
            for at, (cell, heading) in enumerate(zip(row, table.header, strict=True))
        )
        total = ' class="total"' if number == table.total else ""
        rows.append(f"<tr{total}>{''.join(cells)}</tr>")
    columns = f'<table class="annex-table" style="--name: {name:g}em">\n<thead><tr>{head}</tr></thead>'
    return (
        f'<div class="table-scroll" role="region" aria-label="{html.escape(title)}" tabindex="0">\n'
        f"{columns}\n<tbody>\n{chr(10).join(rows)}\n</tbody>\n</table>\n</div>"
    )


def _heading_html(heading: Heading, *, drops_unit: bool, lang: Lang) -> str:
    """A column's header: the unit of measurement on a line of its own, a rank with what it ranks."""
    shown = html.escape(heading.short if heading.kind == "figure" else heading.text)
    unit = heading.text.removeprefix(heading.short).strip() if heading.kind == "figure" and not drops_unit else ""
    if unit:
        shown += f' <span class="unit">{html.escape(unit)}</span>'
    if heading.ranks:
        ranked = f'<span class="ranked">{html.escape(heading.ranks)}</span>'
        shown = WORDS[lang].rank_by.format(rank=shown, of=ranked)
    return f'<th scope="col"{_class(heading)}>{shown}</th>'


def _cell_html(cell: PrintedCell, heading: Heading, pad: str, lang: Lang) -> str:
    """A cell of the page: what is blank is marked and said, decimals are filled up without a change of the text."""
    tag, attributes = ("th", ' scope="row"') if heading.kind == "name" else ("td", _class(heading))
    shown = to_bare_html(cell.marked)
    if cell.is_blank:
        mark = html.escape(cell.marked or WORDS[lang].no_figure)
        attributes = ' class="blank"'
        shown = f'<span aria-hidden="true">{mark}</span><span class="visually-hidden">{cell.absent}</span>'
    attributes += f' id="{cell.place}"' if cell.place else ""
    attributes += f' data-pad="{pad}"' if pad else ""
    return f"<{tag}{attributes}{backed(cell.key) if cell.key else ''}>{shown}</{tag}>"


def _class(heading: Heading) -> str:
    return f' class="{heading.kind}"' if heading.kind in ("number", "rank", "words") else ""


def _pads(cells: list[PrintedCell]) -> list[str]:
    """What each figure of a column lacks so that decimal points stand under each other.

    >>> _pads([PrintedCell("42.5"), PrintedCell("23"), PrintedCell("4.25"), PrintedCell("")])
    ['0', '.00', '', '']
    """
    found = [_NUMBER.fullmatch(cell.value) for cell in cells]
    most = max((len(match[1] or "") for match in found if match), default=0)
    return ["" if not one or not most else ("" if one[1] else ".") + "0" * (most - len(one[1] or "")) for one in found]


def _to_markdown(table: PrintedTable) -> str:
    lines = [
        _pipe([heading.text for heading in table.header]),
        "|" + "".join(f"{'---:' if heading.kind in ('figure', 'rank') else ':---'}|" for heading in table.header),
        *(_pipe([plain(cell.marked) for cell in row]) for row in table.rows),
    ]
    return "\n".join(lines) + "\n"


def _pipe(texts: list[str]) -> str:
    return "| " + " | ".join(map(escape_markdown, texts)) + " |"
