"""``robustness.json``: what chance leaves of each rate of counts, as typed models with a published schema.

Rates, intervals and limits are in the measure's own unit, unrounded here and written to 6 decimals: finer than any
circular prints, coarser than what processors differ in.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer, TypeAdapter, WithJsonSchema

from tongbao.basics.rounding import round_decimal
from tongbao.bulletin.schemas import Number, Record
from tongbao_chance.funnel import Position
from tongbao_chance.intervals import Interval, Model
from tongbao_chance.rates import Reason

_Rate = Annotated[
    Decimal,
    PlainSerializer(lambda value: format(round_decimal(value, 6), "f")),
    WithJsonSchema(TypeAdapter(Number).json_schema()),
]
_Ends = tuple[_Rate, _Rate]


class DispersionRecord(Record):
    """How much more the units differ than chance makes them."""

    factor: str
    beyond_chance: bool


class StandingRecord(Record):
    """One unit's rate with what chance leaves open; limits, rates and intervals are decimal numbers."""

    unit: str
    part: int
    whole: int
    rate: _Rate
    interval_95: _Ends
    rank: int
    possible_ranks: tuple[int, int]
    limits_95: _Ends
    limits_998: _Ends
    position: Position


class NearMissRecord(Record):
    """A unit whose side of a finding's threshold chance could have decided."""

    finding: str
    unit: str
    threshold: str
    line: Annotated[str, Field(exclude=True)] = ""  # the threshold as a formula


class DoubtRecord(Record):
    """Units that chance alone could have put on a list or kept off it."""

    finding: str
    may_not_belong: tuple[str, ...]
    may_belong: tuple[str, ...]


class RateRecord(Record):
    """A rate of counts, unit by unit."""

    measure: str
    model: Annotated[Model, WithJsonSchema({"type": "string"})]
    scale: Number
    area: _Rate
    dispersion: DispersionRecord
    units: tuple[StandingRecord, ...]
    swaps: tuple[tuple[str, str], ...] = Field(description="Neighbours whose order chance could turn round.")
    near_misses: tuple[NearMissRecord, ...]
    lists: tuple[DoubtRecord, ...]

    @property
    def target(self) -> Decimal:
        """The area's share, which the funnel is drawn around."""
        return self.area / Decimal(self.scale)

    def at(self, *positions: Position) -> list[str]:
        """The units at these places of the funnel, in order of rank."""
        return [standing.unit for standing in self.units if standing.position in positions]

    def outside_widened(self) -> list[str]:
        """The units outside the 95 % limits even when these are widened by √φ."""
        factor = max(Decimal(1), Decimal(self.dispersion.factor)).sqrt()

        def widened(standing: StandingRecord) -> Interval:
            return Interval(*(self.area + (end - self.area) * factor for end in standing.limits_95))

        return [standing.unit for standing in self.units if not widened(standing).holds(standing.rate)]


class RobustnessRecord(Record):
    """robustness.json: what chance alone could do to rates and ranks; for reviewers."""

    version: Literal[1] = Field(1, alias="schema")
    series: str
    period: str
    synthetic: bool = Field(description="Whether the figures are made up.")
    rates: tuple[RateRecord, ...]
    without: Annotated[
        dict[str, Reason], WithJsonSchema({"type": "object", "additionalProperties": {"type": "string"}})
    ] = Field(description="Rates of which no interval can be given, and why.")
