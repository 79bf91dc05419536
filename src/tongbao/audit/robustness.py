"""robustness.json and the reviewers' section of the page, held against what chance leaves, worked out again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from tongbao.audit.chance import Rate, Standing
from tongbao.audit.chance_numbers import agrees
from tongbao.audit.chance_words import Words
from tongbao.audit.funnel import audit_funnel
from tongbao.audit.known import squeeze
from tongbao.audit.numerals import read_numerals
from tongbao.audit.page import Element
from tongbao.audit.quality import differences
from tongbao.audit.text import Reader
from tongbao.audit.words import capital
from tongbao.basics.period import Period

PLACE = "robustness.json"
_STORED = 6


def audit_robustness(
    record: Mapping[str, Any], rates: Sequence[Rate], without: Mapping[str, str], reader: Reader
) -> None:
    """Every figure on record is the one worked out again, and none is missing."""
    if record["without"] != dict(without):
        reader.leave(PLACE, str(record["without"]), "without", f"rates without an interval: {dict(without)}")
    else:
        for measure, reason in without.items():
            reader.enter(f"{PLACE}: without", measure, "computed", reason)
    for recorded, rate in zip_longest(record["rates"], rates):
        if recorded is None or rate is None or recorded["measure"] != rate.measure:
            shown, right = recorded["measure"] if recorded else "nothing", rate.measure if rate else "nothing"
            reader.leave(PLACE, shown, "rates", f"the rate here is {right}")
            continue
        for path, shown, right in _differences(recorded, _record(rate)):
            if isinstance(right, _Number) and right.agrees(shown, rate.scale):
                reader.enter(f"{PLACE}: {rate.measure}, {path}", shown, "computed", "worked out again")
            elif shown != right:
                reader.leave(f"{PLACE}: {rate.measure}, {path}", str(shown), path, f"recomputed {right}")
            elif not isinstance(shown, bool):
                reader.enter(f"{PLACE}: {rate.measure}, {path}", str(shown), "computed", "worked out again")


class _Number:
    """A number that is kept with so many decimals."""

    def __init__(self, value: Decimal | Fraction | float, decimals: int = _STORED) -> None:
        self.value, self.decimals = Fraction(value), decimals

    def agrees(self, shown: object, scale: Fraction) -> bool:
        return isinstance(shown, str) and agrees(shown, self.value, self.decimals, scale)

    def __str__(self) -> str:
        return f"{float(self.value):.{self.decimals}f}"


def _record(rate: Rate) -> dict[str, Any]:
    """What robustness.json must hold of a rate."""

    def scaled(*values: Decimal | Fraction) -> list[_Number]:
        return [_Number(Fraction(value) * rate.scale) for value in values]

    return {
        "measure": rate.measure,
        "model": rate.model,
        "scale": _Number(rate.scale, 0) if rate.scale.denominator == 1 else str(float(rate.scale)),
        "area": scaled(rate.target)[0],
        "dispersion": {"factor": _Number(rate.factor, 2), "beyond_chance": rate.beyond},
        "units": [
            {
                "unit": one.unit,
                "part": one.count[0],
                "whole": one.count[1],
                "rate": scaled(one.share)[0],
                "interval_95": scaled(*one.interval),
                "rank": one.rank,
                "possible_ranks": list(one.ranks),
                "limits_95": scaled(*one.inner),
                "limits_998": scaled(*one.outer),
                "position": one.position,
            }
            for one in rate.standings
        ],
        "swaps": [list(pair) for pair in rate.swaps],
        "near_misses": [{"finding": name, "unit": unit, "threshold": line.text} for name, unit, line in rate.near],
        "lists": [{"finding": name, "may_not_belong": list(leave), "may_belong": list(join)}
                  for name, leave, join in rate.lists],
    }  # fmt: skip


def _differences(shown: Any, right: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every leaf of two records side by side; ``None`` where one has none."""
    if isinstance(shown, dict) and isinstance(right, dict):
        for key in dict.fromkeys((*shown, *right)):
            yield from _differences(shown.get(key), right.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(shown, list) and isinstance(right, list):
        for index, (one, other) in enumerate(zip_longest(shown, right)):
            name = one["unit"] if isinstance(one, dict) and "unit" in one else str(index)
            yield from _differences(one, other, f"{path}[{name}]")
    else:
        yield path, shown, right


def audit_section(
    main: Element, rates: Sequence[Rate], without: Mapping[str, str], words: Words, period: Period, reader: Reader
) -> None:
    """The section of the page: per rate its sentences, its drawing with the data, its table."""
    sections = list(main.find("section", "robustness"))
    place = words.say("title")
    if not rates and not without:
        for section in sections:
            reader.leave(place, section.text()[:20], section.text(), "the series has no rate")
        return
    if len(sections) != 1:
        reader.leave(place, f"{len(sections)} sections", "", "the page has one section on chance")
        return
    shown = [(element.tag, element.text()) for element in sections[0].walk()
             if element.tag in ("h2", "h3", "p", "li")]  # fmt: skip
    right = [("h2", place)]
    for rate in rates:
        right += [
            ("h3", capital(words.measure(rate.measure))),
            ("p", words.say("meaning", model=words.say(rate.model))),
        ]
        right += [("li", capital(sentence)) for sentence in words.statements(rate)]
    right += [("p", capital(said))] if (said := words.without(without)) else []
    _sentences(shown, right, place, reader)
    _tables(sections[0], rates, words, reader)
    drawings = list(sections[0].find("div", "chart"))
    for rate, drawing in zip_longest(rates, drawings):
        if rate is None or drawing is None:
            reader.leave(place, f"{len(drawings)} drawings", "", f"there are {len(rates)} rates")
            return
        audit_funnel(drawing, rate, words, period, reader)


def _sentences(shown: list[tuple[str, str]], right: list[tuple[str, str]], place: str, reader: Reader) -> None:
    """The sentences in their order; one that is missing or too many is named, not all that follow."""
    rest = list(shown)
    for tag, sentence in right:
        same = next((one for one in rest if one[0] == tag and squeeze(one[1]) == squeeze(sentence)), None)
        if same is not None:
            rest.remove(same)
            for numeral in read_numerals(sentence):
                reader.enter(place, numeral.text, "computed", "worked out again")
            for name in reader.units:
                if name in sentence:
                    reader.enter(place, name, "unit name", "worked out again")
    missing = [one for one in right if (one[0], squeeze(one[1])) not in {(tag, squeeze(text)) for tag, text in shown}]
    for found, wanted in zip_longest(rest, missing):
        if found is None or wanted is None:
            text = (found or wanted or ("", ""))[1]
            reader.leave(place, text, text, "not to be said" if found else "the page does not say this")
            continue
        for old, new in differences(found[1], wanted[1]):
            reader.leave(place, old or "nothing", found[1], f"recomputed {new or 'nothing'}: {wanted[1]}")
    order = [one for one in right if one not in missing]
    if not rest and not missing and [squeeze(text) for _, text in shown] != [squeeze(text) for _, text in order]:
        reader.leave(place, "order", " ".join(text for _, text in shown), "the sentences stand in another order")


def _tables(section: Element, rates: Sequence[Rate], words: Words, reader: Reader) -> None:
    """Two tables for each rate: the data of its drawing, and the intervals with the possible ranks."""
    tables = list(section.find("table", "reviewer-table"))
    expected = [table for rate in rates for table in (_funnel_table(rate, words), _interval_table(rate, words))]
    if len(tables) != len(expected):
        reader.leave(words.say("title"), f"{len(tables)} tables", "", f"there are {len(expected)}")
    for table, (name, head, rows) in zip(tables, expected, strict=False):
        place = f"{words.say('title')}, {name}"
        shown = [[cell.text() for cell in row.children if isinstance(cell, Element)] for row in table.find("tr")]
        for line, right in zip_longest(shown, [[[one] for one in head], *rows]):
            if line is None or right is None or len(line) != len(right):
                reader.leave(place, " ".join(line or []), " ".join(line or []), "the rows differ from the ranking")
                continue
            for index, (text, allowed) in enumerate(zip(line, right, strict=True)):
                if text not in allowed:
                    reader.leave(f"{place}, {line[0]}, {head[index]}", text, " ".join(line), f"recomputed {allowed[0]}")
                else:
                    reader.enter(f"{place}, {line[0]}, {head[index]}", text, "computed" if index else "unit name",
                                 "worked out again")  # fmt: skip


Table = tuple[str, list[str], list[list[list[str]]]]


def _funnel_table(rate: Rate, words: Words) -> Table:
    name, unit = words.measure(rate.measure), words.series.indicators[rate.measure].unit
    head = [words.say("unit"), words.measure(rate.whole), words.say("in_unit", name=name, unit=unit),
            words.say("limits_95"), words.say("limits_998")]  # fmt: skip
    rows = [[[words.name(one.unit)], [str(one.count[1])], [one.amount.text], words.range(one.inner, rate),
             words.range(one.outer, rate)] for one in rate.standings]  # fmt: skip
    return name, head, rows


def _interval_table(rate: Rate, words: Words) -> Table:
    name, unit = words.measure(rate.measure), words.series.indicators[rate.measure].unit
    head = [words.say("unit"), words.say("in_unit", name=name, unit=unit),
            f"{words.measure(rate.part)} ÷ {words.measure(rate.whole)}", words.say("interval", unit=unit),
            words.say("rank"), words.say("ranks"), words.say("against")]  # fmt: skip
    rows = [[[words.name(one.unit)], [one.amount.text], [f"{one.count[0]} ÷ {one.count[1]}"],
             words.range(one.interval, rate), [str(one.rank)], [_ranks(one, words)], [words.say(one.position)]]
            for one in rate.standings]  # fmt: skip
    return name, head, rows


def _ranks(one: Standing, words: Words) -> str:
    return words.say("range").join(map(str, dict.fromkeys(one.ranks)))
