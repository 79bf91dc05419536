"""Rates reported without their parts: could whole numbers give them, and do they fit the area's totals together?

A printed rate r stands for the fractions part ÷ whole that round to it. Each unit's fractions within the totals are
listed; then it is asked whether one fraction per unit can be chosen so that parts and wholes add up to the totals (a
two-dimensional subset sum, solved with one bit set per possible part).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from tongbao.basics.errors import DataError
from tongbao.basics.rounding import round_decimal
from tongbao.checks.issue import QualityIssue, columns_of
from tongbao.definition.checks_tmp import FeasibleRate
from tongbao.figures.indicators import Indicators

Pair = tuple[int, int]


def feasible_rate(name: str, rule: FeasibleRate, indicators: Indicators) -> Iterator[QualityIssue]:
    """Units whose rate no whole numbers within the totals give; or all of them, if they do not fit together."""
    part, whole = indicators.evaluate(rule.part), indicators.evaluate(rule.whole)
    if part.value is None or whole.value is None:
        return
    totals = (int(part.value), int(whole.value))
    if totals[0] != part.value or totals[1] != whole.value:
        raise DataError("totals of a rate are whole numbers", found=f"{part.text}, {whole.text}", expected="counts")
    label, label_en = (indicators.measure_name(rule.rate, lang) for lang in ("zh", "en"))
    choices: dict[str, list[Pair]] = {}
    for unit in indicators.series.units:
        figure = indicators.figure(rule.rate, unit.id)
        if figure.value is None:
            continue
        choices[unit.id] = fractions(figure.value, *totals)
        if not choices[unit.id]:
            yield QualityIssue(
                name,
                rule.level,
                figure.cells[0].table,
                unit.id,
                columns_of(figure.cells),
                {
                    "zh": f"{unit.zh}{label}{figure.text}%不是全市合计（{part.text}÷{whole.text}）以内"
                    "任何两个整数之比，请核实。",
                    "en": f"{unit.en}: no whole numbers within {part.text} of {whole.text} give a {label_en} of "
                    f"{figure.text}%.",
                },
                figure.cells,
            )
    if choices and all(choices.values()) and solve(choices, *totals) is None:
        cells = (*part.cells, *whole.cells)
        yield QualityIssue(
            name,
            rule.level,
            cells[0].table if cells else "",
            None,
            columns_of(cells),
            {
                "zh": f"各地{label}与全市合计（{part.text}÷{whole.text}）不能同时成立，请核实。",
                "en": f"The units' {label_en} and the totals ({part.text} of {whole.text}) cannot all be right.",
            },
            cells,
        )


def fractions(rate: Decimal, part: int, whole: int) -> list[Pair]:
    """Every (part, whole) within bounds whose percentage rounds, half up, to ``rate`` at its decimals.

    >>> fractions(Decimal("7.69"), 87, 30)
    [(1, 13), (2, 26)]
    """
    exponent = rate.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    half = Decimal(1).scaleb(-decimals) / 2
    found: list[Pair] = []
    for below in range(1, whole + 1):
        first = int(((rate - half) * below / 100).to_integral_value(ROUND_CEILING))
        last = int(((rate + half) * below / 100).to_integral_value(ROUND_FLOOR))
        found += [
            (above, below)
            for above in range(max(0, first), min(last, part) + 1)
            if round_decimal(Decimal(above) / below * 100, decimals) == rate
        ]
    return found


def solve(choices: Mapping[str, list[Pair]], part: int, whole: int) -> dict[str, Pair] | None:
    """One pair per unit so that parts add up to ``part`` and wholes to ``whole``; ``None`` if there is no such choice.

    >>> solve({"a": [(1, 13), (2, 26)], "b": [(1, 2), (2, 4)]}, 3, 28)
    {'a': (2, 26), 'b': (1, 2)}
    """
    # reached[k][a] has bit b set if the first k units can add up to (a, b).
    mask = (1 << (whole + 1)) - 1
    reached: list[list[int]] = [[1] + [0] * part]
    for pairs in choices.values():
        following = [0] * (part + 1)
        for above, below in pairs:
            for have, bits in enumerate(reached[-1][: part + 1 - above]):
                if bits:
                    following[have + above] |= (bits << below) & mask
        reached.append(following)
    if not reached[-1][part] >> whole & 1:
        return None
    chosen: dict[str, Pair] = {}
    a, b = part, whole
    for level, (unit, pairs) in reversed(list(enumerate(choices.items()))):
        above, below = next(
            (above, below)
            for above, below in pairs
            if a >= above and b >= below and reached[level][a - above] >> (b - below) & 1
        )
        chosen[unit] = (above, below)
        a, b = a - above, b - below
    return {unit: chosen[unit] for unit in choices}
