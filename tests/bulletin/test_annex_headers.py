"""Headers of annexes as printed."""

import pytest

from province import define, indicators_of, receive
from tongbao.bulletin.annexes import printed_table
from tongbao.definition.annex import Annex


@pytest.mark.parametrize(
    ("header", "unit", "zh", "en"),
    [
        ("满意率", "%", "满意率（%）", "satisfied (%)"),  # its cells said 81.8%
        ("满意率（%）", "%", "满意率（%）", "satisfied (%)"),
        ("罚款", "万元", "罚款", "satisfied"),
    ],
)
def test_a_percentage_says_that_it_is_one(header, unit, zh, en):
    column = {"header": header, "label": {"zh": header, "en": "satisfied"}, "unit": unit, "area": "none"}
    series = define({"annex": {"rate": column}}, {}, 2)
    indicators = indicators_of(series, {"2021-01": receive(series, "2021-01", {"rate": [81.8, 90]})}, "2021-01")
    for lang, text in (("zh", zh), ("en", en)):
        assert printed_table(indicators, Annex(table="annex", title="表"), "annex", lang).header[1].text == text
