"""The reviewer's part of the page: each number with its calculation and cells, and where it all came from."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from itertools import groupby

from tongbao.bulletin import Bulletin
from tongbao.cells import Cell, Source
from tongbao.display.mime import Display, Part
from tongbao.formula import Formula
from tongbao.indicators import AREA, Figure
from tongbao.rounding import print_decimal
from tongbao.series.heads import bare


def evidence(bulletin: Bulletin) -> Display:
    """数字溯源: every number of the text with its formula, its calculation and its cells, linked into the annex tables.

    The page's script shows the same entries beside a number that is opened; without it, and in print, they stand here.
    """
    items = [
        _group(f"finding-{finding.id}", f"{finding.text['zh']}。", bulletin, finding.figures)
        for finding in bulletin.findings.values()
    ]
    others = bulletin.figures_outside_findings
    if others:
        items.append(_group("finding-none", "正文中的其他数字", bulletin, others))
    return Display.of(
        Part.web(
            '<section class="evidence" aria-labelledby="evidence">\n<h2 id="evidence">数字溯源</h2>\n'
            "<p>正文中每个数字的算式和所依据的单元格。点击正文中的数字可就地查看（键盘：Tab 键到达句中数字，左右方向键"
            "在句内移动，回车键打开）；点击单元格可在附件表中查看。</p>\n" + "\n".join(items) + "\n</section>"
        )
    )


def provenance(bulletin: Bulletin) -> Display:
    """来源与版本: the files received with their fingerprints, the parameters, the version of the software."""
    series = bulletin.series
    files = "".join(
        f"<tr><td>{html.escape(file)}</td><td><code>{digest[:12]}</code></td></tr>"
        for file, digest in bulletin.received.files.items()
    )
    parameters = "".join(
        f"<tr><td>{html.escape(parameter.label.zh)}（<code>{name}</code>）</td>"
        f"<td>{print_decimal(bulletin.parameters[name])}"
        + ("" if bulletin.parameters[name] == parameter.default else f"（默认{print_decimal(parameter.default)}）")
        + "</td></tr>"
        for name, parameter in series.parameters.items()
    )
    return Display.of(
        Part.web(
            '<section class="provenance" aria-labelledby="provenance">\n<h2 id="provenance">来源与版本</h2>\n'
            f"<p>数据来源：{html.escape(series.source.zh)}。"
            f"由 tongbao {version('tongbao')} 根据下列文件和参数生成。</p>\n"
            f'<table><thead><tr><th scope="col">原始文件</th><th scope="col">SHA-256（前12位）</th></tr></thead>'
            f"<tbody>{files}</tbody></table>\n"
            f'<table><thead><tr><th scope="col">参数</th><th scope="col">取值</th></tr></thead>'
            f"<tbody>{parameters}</tbody></table>\n</section>"
        )
    )


def _group(element_id: str, summary: str, bulletin: Bulletin, figures: Mapping[str, Figure]) -> str:
    entries = "\n".join(_entry(bulletin, key, figure) for key, figure in figures.items())
    return f'<details id="{element_id}"><summary>{html.escape(summary)}</summary>\n{entries}\n</details>'


def _entry(bulletin: Bulletin, key: str, figure: Figure) -> str:
    """One number: what it is, its value, how it came about, the cells behind it."""
    value = f"{figure.text}{figure.unit}{figure.qualifier}" if figure.text else "空白"
    name = html.escape(_label(bulletin, key, figure))
    lines = [f'<p class="figure-name">{name}<span class="visually-hidden">：</span><b>{html.escape(value)}</b></p>']
    if figure.formula:
        lines.append(f'<p class="formula">算式：{html.escape(_in_words(bulletin, figure.formula))}</p>')
    if figure.calculation:
        unit = "%" if figure.unit == "%" else ""
        lines.append(f'<p class="calculation">{html.escape(figure.calculation)}{unit}</p>')
    if figure.origin == "parameter":
        lines.append('<p class="formula">参数，由系列定义或生成时给定。</p>')
    if figure.origin == "fact":
        lines.append(f'<p class="formula">出处：{html.escape(_document(bulletin, figure))}</p>')
    lines += [_cells(bulletin, file, list(cells)) for file, cells in groupby(figure.cells, _file)]
    return f'<div class="figure-evidence" data-evidence="{html.escape(key)}">\n{"".join(lines)}\n</div>'


def _document(bulletin: Bulletin, figure: Figure) -> str:
    """The document that a fact was taken from; another period's fact names its file below, and its period."""
    fact = bulletin.received.facts.get(figure.name.removeprefix("fact."))
    if figure.period is not None or fact is None:
        return figure.period.label() if figure.period else ""
    return fact.source_document


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
    names = [bulletin.series.unit(cell.unit).zh] if cell.unit else []
    if cell.column in bulletin.series.columns:
        names.append(bulletin.series.columns[cell.column].measure_name())
    shown = html.escape(" ".join([*names, cell.text.strip() or "空白"]))
    source = cell.source
    where = (
        f"第{source.row}行{source.column}列" if isinstance(source, Source) else f"{source.records}条记录，{source.what}"
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
    head, _, rest = key.partition(".")
    when = figure.period.label() if figure.period else ""
    if figure.label is not None:
        name = figure.label.zh
    elif bare(figure.name) in bulletin.series.measures:
        name = bulletin.indicators.measure_name(figure.name)
    else:
        name = _in_words(bulletin, figure.formula) if figure.formula else figure.name
    if rest.startswith("unit."):
        return f"{when}{bulletin.series.unit(rest.removeprefix('unit.')).zh}{name}"
    if head == "fact":
        return when + _operand(bulletin, figure.name)
    if head == "param":
        return _operand(bulletin, key)
    if head == "enterprises":
        return "名单企业数"
    if figure.name in bulletin.series.measures and figure.scope == AREA:
        return f"{when}{bulletin.series.area.zh}{name}"
    if figure.formula is None and figure.origin == "parameter":
        return "系列定义中的数"
    if not figure.formula and figure.name.startswith("count"):
        return "个数"
    return when + name


def _in_words(bulletin: Bulletin, formula: str) -> str:
    """A formula with the names that readers know: 立案调查 ÷ 检查家次 × 100; one that is none stands as it is."""
    for function, words in (("sum(", "各单位{}之和"), ("mean(", "各单位{}的平均"), ("rank(", "{}的名次")):
        if formula.startswith(function) and formula.endswith(")"):
            return words.format(_operand(bulletin, formula[len(function) : -1]))
    try:
        return Formula.parse(formula).show(lambda name: _operand(bulletin, name))
    except ValueError:  # what a count was made of, a change between two periods
        return formula


def _operand(bulletin: Bulletin, name: str) -> str:
    head, _, rest = name.partition(".")
    if head == "fact":
        fact = bulletin.received.facts.get(rest)
        return fact.name if fact else rest
    if head == "param":
        return bulletin.series.parameters[rest].label.zh
    return bulletin.indicators.measure_name(name)
