"""The reviewer's part of the page: each number with its calculation and cells, and where it all came from."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from urllib.parse import quote

from tongbao import __version__
from tongbao.basics.key import Key
from tongbao.basics.language import MONEY
from tongbao.basics.marks import backed, capital, furniture, marked_text, proof, proved, to_bare_html
from tongbao.basics.rounding import print_decimal
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.files import DICTIONARY, SCHEMA, published_raw, raw_files
from tongbao.bulletin.printed import cell_key
from tongbao.definition.names import bare
from tongbao.display.mime import Display
from tongbao.figures.figure import AREA, Figure
from tongbao.figures.in_words import formula_in_words, operand, with_unit
from tongbao.reading.cell import Cell, Source
from tongbao.words import WORDS


def evidence(bulletin: Bulletin) -> Display:
    """数字溯源: every number of the text with its formula, its calculation and its cells, linked into the annex tables.

    The page's script shows the same entries beside a number that is opened; without it, and in print, they stand here.
    """
    lang, words = bulletin.lang, WORDS[bulletin.lang]
    items = [
        _group(f"finding-{finding.id}", words.sentence.format(capital(finding.marked[lang])), bulletin, finding.figures)
        for finding in bulletin.findings.values()
        if lang in finding.text
    ]
    others = bulletin.figures_outside_findings(lang)
    if others:
        items.append(_group("no-finding", words.other_numbers, bulletin, others))
    choice = f'<p class="print-choice"><label><input type="checkbox">{words.print_evidence}</label></p>'
    return Display.section("evidence", words.evidence, f"<p>{words.evidence_help}</p>", choice, *items)


def provenance(bulletin: Bulletin) -> Display:
    """来源与版本: the files received with their fingerprints, the parameters, the version of the software."""
    series, lang, words = bulletin.series, bulletin.lang, WORDS[bulletin.lang]
    raw = raw_files(bulletin)
    files = "".join(
        f"<tr><td{proved('input', file)}>{_linked(file, raw.get(file, ''))}</td>"
        f"<td><code{proved('input', file)}>{digest[:12]}</code></td></tr>"
        for file, digest in bulletin.received.files.items()
    )
    parameters = ""
    for name, parameter in series.parameters.items():
        label = words.brackets.format(html.escape(parameter.label.get(lang)), f"<code>{name}</code>")
        value = marked_text(f"param.{name}", print_decimal(bulletin.parameters[name]))
        if bulletin.parameters[name] != parameter.default:
            value += words.default.format(proof(f"default param.{name}", print_decimal(parameter.default)))
        parameters += f"<tr><td>{label}</td><td>{to_bare_html(value)}</td></tr>"
    made = words.made_from.format(source=series.source.get(lang), version=proof("furniture", __version__))
    return Display.section(
        "provenance",
        words.provenance,
        f"<p>{to_bare_html(made)}</p>",
        _data_files(bulletin),
        _table(words.file, to_bare_html(furniture(words.digest)), files),
        _table(words.setting, words.setting_value, parameters),
    )


def _data_files(bulletin: Bulletin) -> str:
    """What can be downloaded to be used again: figures with their dictionary, findings with their schema."""
    words = WORDS[bulletin.lang]
    items = "".join(
        f'<li><a class="download" href="{name}">{label}</a></li>'
        for name, label in (
            (f"{bulletin.period}.csv", words.all_figures),
            (f"{bulletin.period}.{DICTIONARY}", words.dictionary),
            (f"{bulletin.period}.json", words.findings_file),
            (f"{bulletin.period}.{SCHEMA}", words.findings_schema),
        )
    )
    return f'<p>{words.data_files}</p>\n<ul class="data-files">{items}</ul>'


def _table(first: str, second: str, rows: str) -> str:
    head = "".join(f'<th scope="col">{header}</th>' for header in (first, second))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _group(element_id: str, summary: str, bulletin: Bulletin, figures: Mapping[str, Figure]) -> str:
    entries = "\n".join(_entry(bulletin, key, figure) for key, figure in figures.items())
    return f'<details id="{element_id}"><summary>{to_bare_html(summary)}</summary>\n{entries}\n</details>'


def _entry(bulletin: Bulletin, key: str, figure: Figure) -> str:
    """One number: what it is, its value, how it came about, the cells behind it."""
    words = WORDS[bulletin.lang]
    name = to_bare_html(capital(figure_label(bulletin, key, figure)))
    value = _value(bulletin, key, figure)
    lines = [f'<p class="figure-name">{name}<span class="visually-hidden">{words.colon}</span>{value}</p>']
    if figure.formula:
        formula = html.escape(
            words.formula.format(formula_in_words(bulletin.indicators, bulletin.lang, figure.formula))
        )
        lines.append(f'<p class="formula"{proved("formula", key)}>{formula}</p>')
    # English says an amount in yuan; its calculation and cells are in the unit received.
    received = {10**4: words.in_ten_thousand, 10**8: words.in_hundred_million}.get(MONEY.get(figure.unit, 1))
    if bulletin.lang == "en" and received and figure.cells:
        lines.append(f'<p class="formula">{to_bare_html(furniture(received))}</p>')
    if figure.calculation:
        calculation = html.escape(figure.calculation) + ("%" if figure.unit == "%" else "")
        lines.append(f'<p class="calculation"{proved("calculation", key)}>{calculation}</p>')
    if figure.origin == "parameter":
        lines.append(f'<p class="formula">{words.parameter}</p>')
    if figure.origin == "fact":
        lines.append(f'<p class="formula">{html.escape(words.document.format(_document(bulletin, figure)))}</p>')
    lines += [cells_of_file(bulletin, file, list(cells)) for file, cells in groupby(figure.cells, file_of)]
    return f'<div class="figure-evidence" data-evidence="{html.escape(key)}">\n{"".join(lines)}\n</div>'


def _value(bulletin: Bulletin, key: str, figure: Figure) -> str:
    """A figure with its unit; beside a name stands what its unit or item has."""
    if not figure.text:
        return f"<b>{WORDS[bulletin.lang].blank}</b>"
    shown = with_unit(bulletin.indicators, figure, bulletin.lang)
    return f"<b{proved('value', key) if Key.parse(key).is_name else backed(key)}>{html.escape(shown)}</b>"


def _document(bulletin: Bulletin, figure: Figure) -> str:
    """The document that a fact was taken from; another period's fact names its file below, and its period."""
    fact = bulletin.received.facts.get(figure.name.removeprefix("fact."))
    if figure.period is not None or fact is None:
        return figure.period.label(bulletin.lang) if figure.period else ""
    return fact.source_document.get(bulletin.lang)


def file_of(cell: Cell) -> tuple[str, str]:
    """The file that a cell stands in or was counted from, and the sheet."""
    source = cell.source
    return source.file, f" [{source.sheet}]" if isinstance(source, Source) and source.sheet else ""


def cells_of_file(bulletin: Bulletin, file: tuple[str, str], cells: Iterable[Cell]) -> str:
    """A file (see ``file_of``) with those of its cells that are behind something, each with its place."""
    found = list(cells)
    shown = _linked("".join(file), published_raw(bulletin, found[0]))
    place = f'<p class="file"{proved("input", file[0])}>{shown}</p>'
    items = "".join(f"<li>{_cell(bulletin, cell)}</li>" for cell in found)
    return f'{place}\n<ul class="cells">{items}</ul>'


def _linked(text: str, address: str) -> str:
    """A file's name, a link where it is published; what would end a path in an address is written as its code."""
    link = html.escape(re.sub("[%#?]", lambda sign: quote(sign[0]), address))
    return f'<a href="{link}">{html.escape(text)}</a>' if address else html.escape(text)


def _cell(bulletin: Bulletin, cell: Cell) -> str:
    """``鹿城区 罚款额 42.5  第2行B列``, a link where an annex prints the cell; counted ones say what was counted."""
    lang, words = bulletin.lang, WORDS[bulletin.lang]
    names = [bulletin.series.unit(cell.unit).name(lang)] if cell.unit else []
    if cell.column in bulletin.series.columns:
        table = bulletin.series.tables.get(cell.table)  # a fact may bear the name of a column
        total = table.total_row if table else None
        names += [total.get(lang)] if total and not cell.unit else []
        names.append(bulletin.series.columns[cell.column].measure_name(lang))
    shown = html.escape(" ".join([*names, cell.text.strip() or words.blank]))
    source = cell.source
    where = (
        words.cell_place.format(row=source.row, column=source.column)
        if isinstance(source, Source)
        else words.counted.format(source.records, source.what.get(lang))
    )
    key = cell_key(bulletin.series, bulletin.period, cell)
    place = f'<span class="place"{proved("place", key)}>{html.escape(where)}</span>'
    if _is_printed(bulletin, cell):
        return f'<a href="#cell-{cell.column}-{cell.unit or AREA}"{proved("cell", key)}>{shown}</a> {place}'
    return f"<span{proved('cell', key)}>{shown}</span> {place}"


def _is_printed(bulletin: Bulletin, cell: Cell) -> bool:
    """Whether an annex prints the cell: another period's cells stand in other files, and in no annex of this one."""
    series = bulletin.series
    printed = (column for annex in series.annexes for column in series.columns_printed(annex))
    if cell.table not in series.tables or cell.column not in printed:
        return False
    table = bulletin.received.tables[cell.table]
    if cell.unit is None:  # of the totals' row annexes print what is taken from there
        return bulletin.series.columns[cell.column].area == "reported" and table.total.get(cell.column) is cell
    return table.cell(cell.unit, cell.column) is cell


def figure_label(bulletin: Bulletin, key: str, figure: Figure) -> str:
    """What a figure behind a finding is, in words; a unit's name and the numerals of a formula are marked."""
    lang, words = bulletin.lang, WORDS[bulletin.lang]
    named = Key.parse(key)
    head = figure.name.partition(".")[0] if not named.owner and figure.formula is None else ""  # not of a formula
    when = figure.period.label(lang) + words.space if figure.period else ""
    if figure.label is not None:
        name = figure.label.get(lang)
    elif bare(figure.name) in bulletin.series.measures:
        name = bulletin.indicators.measure_name(figure.name, lang)
    elif figure.formula:
        formula = figure.name if figure.name.startswith("change(") else figure.formula
        name = proof(f"formula {key}", formula_in_words(bulletin.indicators, bulletin.lang, formula))
    else:
        name = words.count if figure.name == "count" else figure.name
    if named.owner and named.name == "unit":
        return f"{when}{marked_text(key, bulletin.series.unit(named.scope).name(lang))}{words.space}{name}"
    if head == "fact":
        return when + operand(bulletin.indicators, lang, figure.name)
    if head == "param":
        return operand(bulletin.indicators, lang, figure.name)
    if head == "enterprises":
        return words.listed
    if figure.name in bulletin.series.measures and figure.scope == AREA:
        return f"{when}{bulletin.series.area.get(lang)}{words.space}{name}"
    if figure.formula is None and figure.origin == "parameter":
        return words.declared_number
    return when + name
