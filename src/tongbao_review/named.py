"""Changed figures in words: what each is called, and how it is printed."""

from __future__ import annotations

from decimal import Decimal

from tongbao.basics.marks import capital, plain
from tongbao.basics.period import Period
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.proof import Proof
from tongbao.display.evidence import figure_label
from tongbao.figures.figure import Figure
from tongbao.figures.in_words import with_unit
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
        if figure.scope in units:
            name = units[figure.scope] + WORDS[bulletin.lang].space + name
        found[one.name] = capital(name)
    return found


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
