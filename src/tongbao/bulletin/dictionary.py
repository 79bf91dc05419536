"""The data dictionary beside a page: what each column of its CSV files holds, as CSV on the Web says it (W3C CSVW)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json

from tongbao.bulletin.annexes import Heading, annex_tables
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.files import annex_file
from tongbao.definition.model import Lang, Text
from tongbao.words import WORDS

_BLANK = Text(zh="空单元格表示没有数据，不是零", en="an empty cell is a missing figure, not a zero")
# The columns of <period>.csv: what they hold, and their datatype.
_FIGURES = {
    "series": (Text(zh="通报系列", en="series of bulletins"), "string"),
    "period": (Text(zh="统计时段", en="period"), "string"),
    "synthetic": (
        Text(zh="是否合成数据", en="whether the figures are made up"),
        {"base": "boolean", "format": "True|False"},
    ),
    "measure": (Text(zh="指标编号", en="measure's id"), "string"),
    "measure_zh": (Text(zh="指标名称", en="measure's Chinese name"), "string"),
    "unit": (Text(zh="单位编号；area 为全部单位", en="reporting unit's id; area is all units together"), "string"),
    "unit_zh": (Text(zh="单位名称", en="reporting unit's Chinese name"), "string"),
    "value": (Text(zh="数值，未舍入，最多12位小数", en="figure, unrounded, at most 12 decimals"), "decimal"),
    "text": (Text(zh="印出的文字", en="figure as printed"), "string"),
    "unit_of_measure": (Text(zh="计量单位", en="unit of measurement"), "string"),
    "rank": (Text(zh="名次，并列者同名次", en="rank; ties share one"), "integer"),
    "origin": (Text(zh="来历：填报、计算等", en="whether reported or computed"), "string"),
    "formula": (Text(zh="算式", en="formula"), "string"),
    "source": (Text(zh="所依据的单元格", en="cells behind the figure"), "string"),
}


def dictionary(bulletin: Bulletin) -> bytes:
    """``<period>.csv-metadata.json``: the table of all figures and, per language, those of the annexes."""
    series = bulletin.series
    titles = {lang: narrative.title for lang, narrative in bulletin.narratives.items()}
    figures = [
        {"name": name, "titles": name, "datatype": kind, "null": "", "dc:description": _in_languages(bulletin, text)}
        for name, (text, kind) in _FIGURES.items()
    ]
    tables = [_table(f"{bulletin.period}.csv", titles, figures, ["measure", "unit"])]
    printed = {lang: annex_tables(bulletin.indicators, lang) for lang in series.languages}
    for number in printed[series.lang]:
        headers = {lang: printed[lang][number].header for lang in series.languages}
        tables += [_annex(bulletin, number, lang, headers) for lang in series.languages]
    record = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": series.lang}],
        "dc:title": _said(titles),
        "dc:publisher": _in_languages(bulletin, series.authority),
        "dc:issued": str(bulletin.header.issued),
        "dc:source": _in_languages(bulletin, series.source),
        "dc:description": _in_languages(bulletin, _BLANK),
        "rdfs:comment": _said({lang: text.notice for lang, text in bulletin.narratives.items() if text.notice}),
        "dialect": {"encoding": "utf-8", "header": True},
        "tables": tables,
    }
    return to_json(record, indent=1) + b"\n"  # json's own takes ten times as long with an indent


def _said(texts: Mapping[Lang, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": lang} for lang, text in texts.items()]


def _in_languages(bulletin: Bulletin, text: Text) -> list[dict[str, str]]:
    return _said({lang: text.get(lang) for lang in bulletin.series.languages})


def _table(url: str, titles: dict[Lang, str], columns: list[dict[str, Any]], key: list[str]) -> dict[str, Any]:
    return {"url": url, "dc:title": _said(titles), "tableSchema": {"columns": columns, "primaryKey": key}}


def _annex(bulletin: Bulletin, number: int, lang: Lang, headers: Mapping[Lang, tuple[Heading, ...]]) -> dict[str, Any]:
    """An edition's annex; the titles of its columns in all languages."""
    columns = [_column({one: header[at] for one, header in headers.items()}) for at in range(len(headers[lang]))]
    titles = {one: narrative.annex_title(number) for one, narrative in bulletin.narratives.items()}
    key = "number" if bulletin.series.annexes[number - 1].enterprises else "unit"
    return _table(annex_file(bulletin, number, lang, "csv"), titles, columns, [key]) | {"lang": lang}


def _column(headings: dict[Lang, Heading]) -> dict[str, Any]:
    heading = next(iter(headings.values()))
    kind = {"rank": "integer", "number": "integer", "figure": "decimal"}.get(heading.kind, "string")
    found: dict[str, Any] = {
        "name": heading.name,
        "titles": {lang: one.full(lang) for lang, one in headings.items()},
        "datatype": kind,
        "null": "",
        "required": heading.kind in ("name", "number"),
    }
    if heading.unit:
        found["schema:unitText"] = heading.unit
    if heading.ranks:
        found["dc:description"] = _said({lang: WORDS[lang].rank_of.format(one.ranks) for lang, one in headings.items()})
    return found
