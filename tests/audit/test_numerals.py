import pytest
from tongbao.audit.numerals import CALENDAR, read_numerals


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("罚款额299.74万元，占比率100%", ["299.74", "100"]),
        ("共１２起，①乐清", ["１２", "①"]),
        ("前三位、后四位、第十二名", ["三", "四", "十二"]),
        ("椒江、黄岩两地，五个检查小组，二季度", ["两", "五", "二"]),
        ("降幅达百分之三十，三成以上，增长两倍", ["百分之三十", "三", "两"]),
        ("近一半企业，翻番", ["一半", "翻番"]),
        ("数十家企业", ["数十"]),
        ("仅一家企业", ["一"]),
        ("一是力度不足。二是重视不够", ["一", "二"]),
        ("进一步统一口径，一般企业，一系列问题，一项重点工作，零上报，万元，十分重视，全部", []),
        ("2021年1-2月", ["2021", "1", "2"]),
    ],
)
def test_numerals_are_read_where_they_count(text, expected):
    assert [numeral.text for numeral in read_numerals(text)] == expected


@pytest.mark.parametrize("text", ["2021年", "2021年1-2月", "1-6月份", "4月", "2019年7月22日", "3月10日", "二季度"])
def test_dates_are_read_whole(text):
    assert CALENDAR.search(f"自{text}起")[0] == text
