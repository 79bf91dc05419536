"""Changed figures in words: what each is called, and how it is printed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tongbao.basics.key import Key
from tongbao.basics.marks import capital, plain
from tongbao.basics.period import Period
from tongbao.basics.rounding import DECIMALS, print_decimal
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.proof import Proof
from tongbao.display.evidence import figure_label
from tongbao.figures.figure import Figure
from tongbao.figures.in_words import with_unit
from tongbao.findings.compares import Compares
from tongbao.findings.other_periods import renamed
from tongbao.words import WORDS
from tongbao_review.baseline import Json
from tongbao_review.changes import Changes
from tongbao_review.direction import direction_of


def unit_names(bulletin: Bulletin, changes: Changes) -> dict[str, str]:
    """What each unit is called that the series has or had, in the language that the bulletin shows, by its id."""
    former = {str(unit["id"]): str(unit.get(bulletin.lang) or unit["zh"]) for unit in changes.units}
    return former | {unit.id: unit.name(bulletin.lang) for unit in bulletin.series.units}


def figure_names(bulletin: Bulletin, changes: Changes) -> dict[str, str]:
    """What each changed figure is, in the language that the bulletin shows, by its key."""
    live, units = Proof(bulletin).figures(), unit_names(bulletin, changes)
    found = {}
    for one in changes.figures:
        record = one.new or one.old
        figure = next((live[key] for key in record["keys"] if key in live), None) or _figure(record)
        try:
            name = plain(figure_label(bulletin, one.name, figure))
        except (LookupError, ValueError):  # of what the series no longer declares
            name = one.name
        name = renamed(bulletin.indicators, name, bulletin.lang) + _of_items(bulletin, figure, record["keys"])
        if figure.scope in units:
            name = units[figure.scope] + WORDS[bulletin.lang].space + name
        found[one.name] = capital(name)
    return found


def _of_items(bulletin: Bulletin, figure: Figure, keys: Iterable[str]) -> str:
    """What all the items of a comparison are, behind the one that a figure is of: 占受理量的比重 behind 市场消费."""
    for rule in (bulletin.series.findings.get(Key.parse(key).owner) for key in keys):
        if isinstance(rule, Compares) and rule.label and figure.label in [item.label for item in rule.items.values()]:
            return WORDS[bulletin.lang].space + rule.label.get(bulletin.lang)
    return ""


def told_apart(bulletin: Bulletin, old: Json, new: Json) -> tuple[str, str]:
    """A figure as printed before and now; where both are alike, with as many more decimals as tell them apart."""
    before, now = printed(bulletin, old), printed(bulletin, new)
    if before != now or old["value"] is None or new["value"] is None:
        return before, now

    def longer(record: Json, decimals: int) -> str:
        text = print_decimal(abs(Decimal(record["value"])), decimals)
        return printed(bulletin, {**record, "text": text})

    for decimals in range(len(new["text"].partition(".")[2]) + 1, DECIMALS + 1):
        exact = longer(old, decimals), longer(new, decimals)
        if exact[0] != exact[1]:
            brackets = WORDS[bulletin.lang].in_brackets
            return before + brackets.format(exact[0]), now + brackets.format(exact[1])
    return before, now


def printed(bulletin: Bulletin, record: Json) -> str:
    """A figure on record with its unit, in the language that the bulletin shows; empty where it is blank.

    A change has its direction before it: 下降14.3%.
    """
    figure, direction = _figure(record), direction_of(record)
    said = with_unit(bulletin.indicators, figure, bulletin.lang) if figure.text else ""
    return getattr(WORDS[bulletin.lang], direction) + said if direction else said


def _figure(record: Json) -> Figure:
    """A figure as recorded, to be printed."""
    value = record["value"]
    return Figure(
        record["name"],
        record["scope"],
        None if value is None else Decimal(value),
        record["text"],
        record["unit"],
        record["origin"],
        record["formula"],
        qualifier=record["qualifier"],
        period=Period.parse(record["period"]) if record["period"] else None,
    )
