"""What a figure says of its calculation gives the figure, whatever its parts are rounded to."""

from fractions import Fraction

import pytest

from province import define, indicators_of, receive
from tongbao.basics.rounding import print_decimal

COLUMNS = {"cases": {"header": "立案", "unit": "起"}, "visits": {"header": "检查", "unit": "家次"}}
RATE = {"label": "处罚率", "formula": "cases / visits * 100", "decimals": 1, "unit": "%"}
SHARE = {"label": "份额", "formula": "visits / sum(visits) * 100", "decimals": 0, "unit": "%"}
SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-"})


def worked_out(calculation):
    """The left side of a calculation, in fractions."""
    left = calculation.rpartition(" = ")[0].translate(SIGNS)
    numbers = dict.fromkeys(("Fraction",), Fraction)
    spelled = "".join(f"Fraction('{part}')" if part[:1].isdigit() else part for part in _parts(left))
    return eval(spelled, {"__builtins__": {}}, numbers)  # noqa: S307  # what our own figures say


def _parts(text):
    number = ""
    for sign in [*text, ""]:
        if sign and (sign.isdigit() or sign == "."):
            number += sign
            continue
        if number:
            yield number
        number = ""
        yield sign


@pytest.mark.parametrize(
    ("formula", "decimals"),
    [
        ("rate / 20 * 60 + share / 100 * 40", 2),
        ("rate - share", 1),
        ("area.rate - rate", 2),
        ("min(rate / 20, 1) * 60 + min(share / 100, 1) * 40", 2),
        ("change(rate, area.rate)", 1),
    ],
)
def test_a_figure_of_rounded_figures_is_worked_out_from_what_they_are_made_of(formula, decimals):
    indicators = {"rate": RATE, "share": SHARE}
    indicators["score"] = {"label": "得分", "formula": formula, "decimals": decimals, "unit": "分"}
    series = define({"annex": COLUMNS}, {}, 3, indicators=indicators)
    received = receive(series, "2021-01", {"cases": [137, 11, 89], "visits": [993, 77, 431]})
    figure = indicators_of(series, {"2021-01": received}, "2021-01").figure("score", "yi")
    result = worked_out(figure.calculation) if "change" not in formula else figure.value
    assert figure.text == print_decimal(result, decimals) == print_decimal(figure.value, decimals)
