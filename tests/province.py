"""A made-up area (synthetic figures) in memory: a series, its periods, its findings; no files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tongbao.basics.period import Period
from tongbao.checks import check
from tongbao.definition.model import Text
from tongbao.definition.references import broken_references
from tongbao.definition.series import Series
from tongbao.figures.history import History
from tongbao.figures.indicators import Indicators
from tongbao.findings import Finding, find
from tongbao.reading.cell import Cell, Source
from tongbao.reading.facts import Fact
from tongbao.reading.prose import Header
from tongbao.reading.received import Received
from tongbao.reading.tables import Table

STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
PINYIN = [
    "Jia",
    "Yi",
    "Bing",
    "Ding",
    "Wu",
    "Ji",
    "Geng",
    "Xin",
    "Ren",
    "Gui",
    "Zi",
    "Chou",
    "Yin",
    "Mao",
    "Chen",
    "Si",
    "Wuu",
    "Wei",
    "Shen",
    "You",
    "Xu",
    "Hai",
]
Rows = Mapping[str, Sequence[object]]
"""Column → its value for each unit in official order; ``None`` is a blank."""


def units(count: int) -> list[dict[str, str]]:
    return [
        {"id": PINYIN[index].lower(), "zh": f"{STEMS[index]}县", "short": STEMS[index], "en": PINYIN[index]}
        for index in range(count)
    ]


def define(tables: Mapping[str, Mapping[str, Any]], findings: Mapping[str, Any], count: int, /, **more: Any) -> Series:
    """A series of ``count`` units; ``tables`` gives each table's columns as in series.yml."""
    text = {"zh": "合成数据", "en": "synthetic"}
    series = Series.model_validate(
        {
            "id": "synthetic",
            "notebook": "none",
            "authority": text,
            "area": {"zh": "全市", "en": "the city"},
            "subject": text,
            "title": text,
            "addressees": text,
            "source": {"zh": "各地填报（合成数据）", "en": "the counties' returns (synthetic)"},
            "units": units(count),
            "tables": {
                name: {"file": f"{name}.csv", "title": {"zh": f"{name}表", "en": f"table {name}"}, "columns": columns}
                for name, columns in tables.items()
            },
            "findings": findings,
            "main_points": [],
            "key_figures": [{"label": "x", "value": next(iter(next(iter(tables.values()))))}],
            "opening": text,
            "sections": [],
        }
        | more
    )
    broken = list(broken_references(series))
    assert broken == [], broken
    return series


def receive(series: Series, period: str, rows: Rows, facts: Mapping[str, tuple[str, ...]] | None = None) -> Received:
    """What was received for a period; ``facts`` gives name, value and unit of each, and what stands behind it."""
    tables = {}
    for table, definition in series.tables.items():
        file = f"data/raw/{series.id}/{period}/{definition.file}"
        body: dict[str, dict[str, Cell]] = {unit.id: {} for unit in series.units}
        for index, column in enumerate(definition.columns):
            for number, unit in enumerate(series.units):
                value = rows[column][number] if column in rows else None
                text = "" if value is None else str(value)
                source = Source(file, None, number + 2, chr(ord("B") + index))
                body[unit.id][column] = Cell(table, unit.id, column, text, Decimal(text) if text else None, source)
        tables[table] = Table(table, body)
    found = {}
    for number, (name, (label, text, unit, *qualifier)) in enumerate((facts or {}).items(), start=2):
        source = Source(f"data/raw/{series.id}/{period}/facts.csv", None, number, "C")
        value = Decimal(text) if text.replace(".", "").isdigit() else None
        found[name] = Fact(
            name,
            Text(zh=label),
            Text(zh=text),
            value,
            unit,
            "".join(qualifier),
            Text(zh="合成"),
            Cell("facts", None, name, text, value, source),
        )
    return Received(tables, found, {})


def indicators_of(series: Series, periods: Mapping[str, Received], period: str, **parameters: Decimal) -> Indicators:
    known = {Period.parse(name): received for name, received in periods.items()}
    values = {name: parameter.default for name, parameter in series.parameters.items()} | parameters
    return History(series, values, known.get).at(Period.parse(period))


def findings_of(series: Series, periods: Mapping[str, Received], period: str) -> dict[str, Finding]:
    indicators = indicators_of(series, periods, period)
    parsed = Period.parse(period)
    following = (parsed.year + parsed.last // 12, parsed.last % 12 + 1)
    header = Header(issued=date(*following, 10), statistics_date=date(*following, 5))
    quality = check(indicators, header, parsed)
    return find(indicators, parsed, quality, header)


def say(
    rule: Mapping[str, Any], rows: Rows, *, last_year: Rows | None = None, previous: Rows | None = None,
    facts: Mapping[str, tuple[str, ...]] | None = None, unit: str = "起", **more: Any,
) -> Finding:  # fmt: skip
    """One rule over one table, in December 2020; the columns are what ``rows`` holds, with labels 案件 (cases) ….

    Every column is a count in ``unit``; a column whose name ends in ``rate`` is a rate in %.
    """
    count = len(next(iter(rows.values())))
    names = {"cases": ("立案数", "cases"), "rate": ("检查处罚率", "penalty rate"), "visits": ("检查数", "visits")}
    columns = {
        name: {
            "header": names.get(name, (name, name))[0],
            "short": dict(zip(("zh", "en"), names.get(name, (name, name)), strict=True)),
            "unit": "%" if name.endswith("rate") else unit,
            **({"area": "none"} if name.endswith("rate") else {}),
        }
        for name in rows
    }
    series = define({"annex": columns}, {"it": rule}, count, **more)
    periods = {"2020-12": receive(series, "2020-12", rows, facts)}
    if last_year is not None:
        periods["2019-12"] = receive(series, "2019-12", last_year)
    if previous is not None:
        periods["2020-11"] = receive(series, "2020-11", previous)
    return findings_of(series, periods, "2020-12")["it"]
