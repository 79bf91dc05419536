"""A figure: a number with all that is needed to print and to explain it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, NamedTuple

from tongbao.basics.formula import Formula
from tongbao.basics.key import Key
from tongbao.basics.period import Period
from tongbao.basics.rounding import TYPED, Number, Rounding, decimals_of, parse_decimal, print_decimal
from tongbao.definition.model import Text
from tongbao.reading.cell import Cell

Origin = Literal["reported", "computed", "fact", "parameter", "statistic"]
# The scope of the whole area's figures, where a unit's id stands otherwise.
AREA = "area"
_BELOW_ZERO = re.compile(r"(?<=[+−×÷] )-[\d.,]+|(?<=−)-[\d.,]+")


class NoBase(NamedTuple):
    """Why there is no change in percent: the figure of the other period (``last_year``) is zero or negative."""

    period: str
    sign: Literal["zero", "negative"]


class Absent(NamedTuple):
    """A unit that a figure over all units leaves out: ``of``, which it is made of, is blank there, in ``cells``.

    ``base`` tells of the base of a change, where that is the reason. ``alike`` says that the unit has what this is
    compared with, and is left out there, too, so that like is compared with like. ``label`` is what it is in words,
    where its name does not say it.
    """

    unit: str
    of: str
    cells: tuple[Cell, ...]
    period: Period | None = None
    base: NoBase | None = None
    alike: bool = False
    label: Text | None = None

    @property
    def figure(self) -> Figure:
        """The blank itself, as a figure that says where it stands; of a formula it is what that gives."""
        formula = None if Formula.parse(self.of).is_name else self.of
        origin: Origin = "computed" if formula else "reported"
        return Figure(
            self.of, self.unit, None, "", "", origin, formula, cells=self.cells, period=self.period, label=self.label
        )


@dataclass(frozen=True)
class Figure:
    """A number with all that is needed to print and to explain it.

    Arguments:
        name: the measure, fact or parameter, or the formula where it has no name.
        scope: a unit's id, or ``area`` for the whole area.
        value: unrounded; ``None`` for a blank.
        text: as printed; empty for a blank.
        unit: 家次, %, 万元 ….
        origin: ``reported``, ``computed``, ``fact``, ``parameter`` or ``statistic``.
        formula: as declared; ``None`` where nothing was computed.
        calculation: the formula with its numbers: ``87 ÷ 248 × 100 = 35.08``.
        cells: what it was read or computed from.
        period: which other period it belongs to; ``None`` for the bulletin's own.
        label: what it is in words, where its name does not say it.
        items: what functions over all units run over in its formula, where it is not the units: a formula for each.
        without: the units it leaves out, where it is a figure over all units; those of a later step inherit them.
        rounding: how its text was made from its value, should more decimals be needed.
    """

    name: str
    scope: str
    value: Number | None
    text: str
    unit: str
    origin: Origin
    formula: str | None = None
    calculation: str | None = None
    cells: tuple[Cell, ...] = ()
    qualifier: str = ""
    period: Period | None = None
    label: Text | None = None
    items: Mapping[str, str] | None = None
    without: tuple[Absent, ...] = ()
    rounding: Rounding = "half-up"

    def __post_init__(self) -> None:
        """What is below zero stands in brackets in its calculation: 0.0 − (-2.3)."""
        if self.calculation and "-" in self.calculation:
            object.__setattr__(self, "calculation", _BELOW_ZERO.sub(r"(\g<0>)", self.calculation))

    @property
    def key(self) -> Key:
        """What it is called where it stands for itself."""
        return own_key(self.name, self.scope, str(self.period or ""))

    @property
    def blank_at(self) -> str:
        """The first blank cell that makes it blank; empty for a number."""
        return "" if self.text else next((str(cell.source) for cell in self.cells if cell.value is None), "")

    @property
    def decimals(self) -> int:
        """How many decimals it prints."""
        return len(self.text.partition(".")[2])

    @property
    def worked_out(self) -> str:
        """It as a part of a calculation: by its own calculation where it has one and its text is rounded."""
        if self.calculation is None:
            return _as_received(self.value, self.text)
        if self.formula is None or self.value == parse_decimal(self.text):
            return self.text
        return f"({self.calculation.rpartition(' = ')[0]})"

    def of(self, period: Period | None) -> Figure:
        """The same figure, said to belong to another period."""
        without = tuple(absent._replace(period=absent.period or period) for absent in self.without)
        return replace(self, period=period, without=without)

    def called(self, label: Text | None) -> Figure:
        """The same figure with what it is in words."""
        return replace(self, label=label)


def own_key(name: str, scope: str, period: str) -> Key:
    """What a figure is called where it stands for itself; facts, parameters, counts of lists have no scope to tell."""
    alone = name.startswith(("fact.", "param.", "enterprises."))
    return Key(name, "" if alone else scope, period)


class Reading(NamedTuple):
    """What a unit reported, as a formula takes it: less than a figure, because most operands are never shown alone."""

    value: Number | None
    text: str
    cells: tuple[Cell, ...]
    without: tuple[Absent, ...] = ()

    @property
    def worked_out(self) -> str:
        """It as a part of a calculation."""
        return _as_received(self.value, self.text)


def _as_received(value: Number | None, text: str) -> str:
    """A number as a part of a calculation, with all its digits where somebody typed them: 0.0 − 2.26."""
    if isinstance(value, Decimal) and len(text.partition(".")[2]) < decimals_of(value) <= TYPED:
        return print_decimal(value)
    return text


def left_out(figures: Iterable[Figure | Reading]) -> tuple[Absent, ...]:
    """Whom figures leave out between them, without repeats, in order."""
    return tuple(dict.fromkeys(absent for figure in figures for absent in figure.without))
