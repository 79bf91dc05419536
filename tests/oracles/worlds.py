"""Small made-up worlds (synthetic figures): a series with every kind of column and measure, and what came for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from oracles.books import Archive, Books
from province import Rows, define, indicators_of, receive
from tongbao.basics.period import Period
from tongbao.definition.series import Series
from tongbao.figures.indicators import Indicators

COLUMNS = {
    "cases": {"header": "立案", "unit": "起"},
    "visits": {"header": "检查", "unit": "家次"},
    "fines": {"header": "罚款", "unit": "万元", "rank": "ascending"},
    "rate": {"header": "填报处罚率", "unit": "%", "area": "none"},
    "city": {"header": "全市率", "unit": "%", "area": "fact.east / fact.west * 100", "decimals": 2},
}
OTHER = {"serious": {"header": "重大案件", "unit": "起"}, "moved": {"header": "移送", "unit": "起"}}
INDICATORS = {
    "share": {"label": "处罚率", "formula": "cases / visits * 100", "decimals": 1, "unit": "%"},
    "mean_fine": {
        "label": "案均罚款",
        "formula": "fines / cases",
        "decimals": 2,
        "unit": "万元",
        "rounding": "truncate",
        "rank": "ascending",
    },
    "score": {
        "label": "得分",
        "score": [
            {"measure": "share", "target": "param.line", "weight": 70, "blank": "zero"},
            {"measure": "fines", "target": 4, "weight": 30, "blank": "full"},
        ],
    },
}
PARAMETERS = {"line": {"default": 20, "label": "线"}, "n": {"type": "integer", "default": 2, "label": "n"}}
FACTS = {
    "east": ("东市", "6", "起"),
    "west": ("西市", "8", "起"),
    "goal": ("目标", "33.3", "%"),
    "much": ("多", "较多", ""),
}
MEASURES = ("cases", "fines", "rate", "share", "mean_fine", "score")

# Ties, zeros and blanks are likely; two counts differ by less than a printed change shows.
_count = st.sampled_from([None, 0, 1, 2, 3, 4, 5, 6, 10000, 10001])
_amount = st.sampled_from([None, "0", "0.00", "1", "2", "2.0", "2.5", "3", "4.75", "9.1", "1234.56"])
_rate = st.sampled_from([None, "0", "20.0", "33.3", "50", "66.7", "66.70", "120.5"])
_VALUES = {"cases": _count, "visits": _count, "serious": _count, "moved": _count, "fines": _amount}


def rows(size: int) -> st.SearchStrategy[Rows]:
    """What some units reported: ties, zeros and blanks are likely."""
    return st.fixed_dictionaries(
        {name: st.lists(_VALUES.get(name, _rate), min_size=size, max_size=size) for name in (*COLUMNS, *OTHER)}
    )


@lru_cache
def base(size: int) -> Series:
    """The series with so many units and no rules."""
    return define({"work": COLUMNS, "more": OTHER}, {}, size, indicators=INDICATORS, parameters=PARAMETERS)


def with_rule(size: int, rule: Mapping[str, Any]) -> Series:
    """The series with one rule, ``it``."""
    return define({"work": COLUMNS, "more": OTHER}, {"it": rule}, size, indicators=INDICATORS, parameters=PARAMETERS)


def both(series: Series, received: Mapping[str, Rows], period: str) -> tuple[Indicators, Books]:
    """A period's figures on both paths; periods by id, each with what the units reported."""
    periods = {name: receive(series, name, data, FACTS) for name, data in received.items()}
    parameters = {name: parameter.default for name, parameter in series.parameters.items()}
    archive = Archive(series, {Period.parse(name): one for name, one in periods.items()}, parameters)
    return indicators_of(series, periods, period), archive.at(Period.parse(period))
