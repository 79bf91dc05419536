"""The reviewer's part of the page: each number with its calculation and cells, and where it all came from."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from itertools import groupby

from tongbao.basics.formula import Formula
from tongbao.basics.key import Key
from tongbao.basics.language import qualifier_text, unit_name
from tongbao.basics.marks import capital
from tongbao.basics.rounding import print_decimal
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.names import bare
from tongbao.display.mime import Display, Part
from tongbao.display.words import WORDS
from tongbao.figures.figure import AREA, Figure
from tongbao.reading.cell import Cell, Source


def evidence(bulletin: Bulletin) -> Display:
    """数字溯源: every number of the text with its formula, its calculation and its cells, linked into the annex tables.

    The page's script shows the same entries beside a number that is opened; without it, and in print, they stand here.
    """
    lang, words = bulletin.lang, WORDS[bulletin.lang]
    items = [
        _group(f"finding-{finding.id}", words.sentence.format(capital(finding.text[lang])), bulletin, finding.figures)
        for finding in bulletin.findings.values()
        if lang in finding.text
    ]
    others = bulletin.figures_outside_findings(lang)
    if others:
        items.append(_group("finding-none", words.other_numbers, bulletin, others))
    return Display.of(
        Part.web(
            f'<section class="evidence" aria-labelledby="evidence">\n<h2 id="evidence">{words.evidence}</h2>\n'
            f"<p>{words.evidence_help}</p>\n" + "\n".join(items) + "\n</section>"
        )
    )


def provenance(bulletin: Bulletin) -> Display:
    """来源与版本: the files received with their fingerprints, the parameters, the version of the software."""
    series, lang, words = bulletin.series, bulletin.lang, WORDS[bulletin.lang]
    files = "".join(
        f"<tr><td>{html.escape(file)}</td><td><code>{digest[:12]}</code></td></tr>"
        for file, digest in bulletin.received.files.items()
    )
    parameters = ""
    for name, parameter in series.parameters.items():
        label = words.brackets.format(html.escape(parameter.label.get(lang)), f"<code>{name}</code>")
        value, default = bulletin.parameters[name], print_decimal(parameter.default)
        note = "" if value == parameter.default else words.default.format(default)
        parameters += f"<tr><td>{label}</td><td>{print_decimal(value)}{note}</td></tr>"
    made = words.made_from.format(source=html.escape(series.source.get(lang)), version=version("tongbao"))
    return Display.of(
        Part.web(
            f'<section class="provenance" aria-labelledby="provenance">\n<h2 id="provenance">{words.provenance}</h2>\n'
            f"<p>{made}</p>\n"
            f'<table><thead><tr><th scope="col">{words.file}</th><th scope="col">{words.digest}</th></tr></thead>'
            f"<tbody>{files}</tbody></table>\n"
            f'<table><thead><tr><th scope="col">{words.setting}</th>'
            f'<th scope="col">{words.setting_value}</th></tr></thead>'
            f"<tbody>{parameters}</tbody></table>\n</section>"
        )
    )


def _group(element_id: str, summary: str, bulletin: Bulletin, figures: Mapping[str, Figure]) -> str:
    entries = "\n".join(_entry(bulletin, key, figure) for key, figure in figures.items())
    return f'<details id="{element_id}"><summary>{html.escape(summary)}</summary>\n{entries}\n</details>'


def _entry(bulletin: Bulletin, key: str, figure: Figure) -> str:
    """One number: what it is, its value, how it came about, the cells behind it."""
    lang, words = bulletin.lang, WORDS[bulletin.lang]
    shown = bulletin.indicators.shown(figure, lang)
    value = (
        f"{shown}{unit_name(figure.unit, lang, shown)}{qualifier_text(figure.qualifier, lang)}"
        if shown
        else words.blank
    )
    name = html.escape(capital(_label(bulletin, key, figure)))
    lines = [
        (
            f'<p class="figure-name">{name}<span class="visually-hidden">{words.colon}</span>'
            f"<b>{html.escape(value)}</b></p>"
        )
    ]
    if figure.formula:
        lines.append(f'<p class="formula">{html.escape(words.formula.format(_in_words(bulletin, figure.formula)))}</p>')
    if figure.calculation:
        unit = "%" if figure.unit == "%" else ""
        lines.append(f'<p class="calculation">{html.escape(figure.calculation)}{unit}</p>')
    if figure.origin == "parameter":
        lines.append(f'<p class="formula">{words.parameter}</p>')
    if figure.origin == "fact":
        lines.append(f'<p class="formula">{html.escape(words.document.format(_document(bulletin, figure)))}</p>')
    lines += [_cells(bulletin, file, list(cells)) for file, cells in groupby(figure.cells, _file)]
    return f'<div class="figure-evidence" data-evidence="{html.escape(key)}">\n{"".join(lines)}\n</div>'


def _document(bulletin: Bulletin, figure: Figure) -> str:
    """The document that a fact was taken from; another period's fact names its file below, and its period."""
    fact = bulletin.received.facts.get(figure.name.removeprefix("fact."))
    if figure.period is not None or fact is None:
        return figure.period.label(bulletin.lang) if figure.period else ""
    return fact.source_document.get(bulletin.lang)


def _file(cell: Cell) -> str:
    """The file that a cell stands in or was counted from."""
    source = cell.source
    sheet = f" [{source.sheet}]" if isinstance(source, Source) and source.sheet else ""
    return f"{source.file}{sheet}"


def _cells(bulletin: Bulletin, file: str, cells: Iterable[Cell]) -> str:
    items = "".join(f"<li>{_cell(bulletin, cell)}</li>" for cell in cells)
    return f'<p class="file">{html.escape(file)}</p>\n<ul class="cells">{items}</ul>'


def _cell(bulletin: Bulletin, cell: Cell) -> str:
    """``鹿城区 罚款额 42.5  第2行B列``, a link where an annex prints the cell; counted ones say what was counted."""
    lang, words = bulletin.lang, WORDS[bulletin.lang]
    names = [bulletin.series.unit(cell.unit).name(lang)] if cell.unit else []
    if cell.column in bulletin.series.columns:
        names.append(bulletin.series.columns[cell.column].measure_name(lang))
    shown = html.escape(" ".join([*names, cell.text.strip() or words.blank]))
    source = cell.source
    where = (
        words.cell_place.format(row=source.row, column=source.column)
        if isinstance(source, Source)
        else words.counted.format(source.records, source.what)
    )
    place = f'<span class="place">{html.escape(where)}</span>'
    if _is_printed(bulletin, cell):
        return f'<a href="#cell-{cell.column}-{cell.unit}">{shown}</a> {place}'
    return f"<span>{shown}</span> {place}"


def _is_printed(bulletin: Bulletin, cell: Cell) -> bool:
    """Whether an annex prints the cell: another period's cells stand in other files, and in no annex of this one."""
    if cell.unit is None or cell.table not in {annex.table for annex in bulletin.series.annexes}:
        return False
    table = bulletin.received.tables[cell.table]
    return table.cell(cell.unit, cell.column) is cell


def _label(bulletin: Bulletin, key: str, figure: Figure) -> str:
    """What a figure behind a finding is, in words."""
    lang, words = bulletin.lang, WORDS[bulletin.lang]
    space = "" if lang == "zh" else " "
    named = Key.parse(key)
    head = figure.name.partition(".")[0] if not named.owner else ""
    when = figure.period.label(lang) + space if figure.period else ""
    if figure.label is not None:
        name = figure.label.get(lang)
    elif bare(figure.name) in bulletin.series.measures:
        name = bulletin.indicators.measure_name(figure.name, lang)
    else:
        name = _in_words(bulletin, figure.formula) if figure.formula else figure.name
    if named.owner and named.name == "unit":
        return f"{when}{bulletin.series.unit(named.scope).name(lang)}{space}{name}"
    if head == "fact":
        return when + _operand(bulletin, figure.name)
    if head == "param":
        return _operand(bulletin, figure.name)
    if head == "enterprises":
        return words.listed
    if figure.name in bulletin.series.measures and figure.scope == AREA:
        return f"{when}{bulletin.series.area.get(lang)}{space}{name}"
    if figure.formula is None and figure.origin == "parameter":
        return words.declared_number
    if not figure.formula and figure.name.startswith("count"):
        return words.count
    return when + name


def _in_words(bulletin: Bulletin, formula: str) -> str:
    """A formula with the names that readers know: 立案调查 ÷ 检查家次 × 100; one that is none stands as it is."""
    words = WORDS[bulletin.lang]
    for function, said in (("sum(", words.sum_of), ("mean(", words.mean_of), ("rank(", words.rank_of)):
        if formula.startswith(function) and formula.endswith(")"):
            return said.format(_operand(bulletin, formula[len(function) : -1]))
    try:
        return Formula.parse(formula).show(lambda name: _operand(bulletin, name))
    except ValueError:  # what a count was made of, a change between two periods
        return formula


def _operand(bulletin: Bulletin, name: str) -> str:
    head, _, rest = name.partition(".")
    if head == "fact":
        fact = bulletin.received.facts.get(rest)
        return fact.name.get(bulletin.lang) if fact else rest
    if head == "param":
        return bulletin.series.parameters[rest].label.get(bulletin.lang)
    return bulletin.indicators.measure_name(name, bulletin.lang)
