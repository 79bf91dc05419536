import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongbao.basics.language import han_count, han_numeral, join_names, outline_number


@pytest.mark.parametrize(
    ("names", "options", "joined"),
    [
        ([], {}, ""),
        (["龙港市"], {}, "龙港市"),
        (["龙港市", "苍南县"], {}, "龙港市和苍南县"),
        (["龙港市", "苍南县", "泰顺县"], {}, "龙港市、苍南县和泰顺县"),
        (["路桥", "椒江", "天台", "仙居"], {"last": "、", "tail": "等地"}, "路桥、椒江、天台、仙居等地"),
        (["椒江", "黄岩"], {"last": "、", "tail": "N地"}, "椒江、黄岩两地"),
        (["椒江"], {"last": "、", "tail": "N地"}, "椒江"),
        (["A"], {"lang": "en"}, "A"),
        (["A", "B"], {"lang": "en"}, "A and B"),
    ],
)
def test_lists_of_names(names, options, joined):
    assert join_names(names, **options) == joined


@given(st.integers(1, 99))
def test_numerals_are_distinct_and_end_with_their_ones(number):
    assert han_numeral(number) not in {han_numeral(other) for other in range(100) if other != number}
    assert han_count(2) == "两"


def test_outline_of_official_documents():
    assert [outline_number(level, 12) for level in (1, 2, 3, 4)] == ["十二、", "（十二）", "12. ", "（12）"]


def test_no_numeral_beyond_two_digits():
    with pytest.raises(ValueError, match="100"):
        han_numeral(100)
