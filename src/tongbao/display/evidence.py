"""The reviewer's part of the page: each statement with its calculation and cells, and where it all came from."""

from __future__ import annotations

import html
from importlib.metadata import version

from tongbao.bulletin import Bulletin
from tongbao.cells import Cell
from tongbao.display.mime import Display, Part
from tongbao.display.text import explain
from tongbao.findings import Finding
from tongbao.indicators import AREA, Figure
from tongbao.rounding import print_decimal
from tongbao.series.heads import bare


def evidence(bulletin: Bulletin) -> Display:
    """数字溯源: every finding, its numbers with their calculation, and the cells, linked into the annex tables."""
    items = "\n".join(_item(bulletin, finding) for finding in bulletin.findings.values())
    return Display.of(
        Part.web(
            '<section class="evidence" aria-labelledby="evidence">\n<h2 id="evidence">数字溯源</h2>\n'
            "<p>每一句结论的算式和所依据的单元格；点击单元格可在附件表中查看。</p>\n"
            f"{items}\n</section>"
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


def _item(bulletin: Bulletin, finding: Finding) -> str:
    numbers = "".join(
        f"<li>{html.escape(_label(bulletin, key, figure))}：{html.escape(explain(figure))}</li>"
        for key, figure in finding.figures.items()
    )
    cells = "、".join(_cell(bulletin, cell) for cell in finding.evidence)
    return (
        f'<details id="finding-{finding.id}"><summary>{html.escape(finding.text["zh"])}。</summary>\n'
        f'<ul>{numbers}</ul>\n<p class="cells">单元格：{cells}</p>\n</details>'
    )


def _label(bulletin: Bulletin, key: str, figure: Figure) -> str:
    """What a figure behind a finding is, in words."""
    head, _, rest = key.partition(".")
    when = figure.period.label() if figure.period else ""
    if figure.label is not None:
        name = figure.label.zh
    elif bare(figure.name) in bulletin.series.measures:
        name = bulletin.indicators.measure_name(figure.name)
    else:
        name = figure.formula or figure.name
    if rest.startswith("unit."):
        return f"{when}{bulletin.series.unit(rest.removeprefix('unit.')).zh}{name}"
    if head == "fact" and not when:
        fact = bulletin.received.facts[rest]
        return f"{fact.name}（{fact.source_document}）"
    if head == "param":
        return bulletin.series.parameters[rest].label.zh
    if head == "enterprises":
        return "名单企业数"
    if figure.name in bulletin.series.measures and figure.scope == AREA:
        return f"{when}{bulletin.series.area.zh}{name}"
    return when + name


def _cell(bulletin: Bulletin, cell: Cell) -> str:
    printed = {annex.table for annex in bulletin.series.annexes}
    place = html.escape(str(cell.source))
    if cell.table in printed and cell.unit is not None:
        return (
            f'<a href="#cell-{cell.column}-{cell.unit}" title="{place}">{html.escape(cell.text.strip() or "空白")}</a>'
        )
    return f'<span title="{place}">{html.escape(cell.text.strip() or "空白")}</span>'
