"""The checks a series can declare: what its figures must satisfy, and how serious it is when they do not."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from tongbao.definition.model import Expression, Strict, Text

Level = Annotated[
    Literal["error", "warning", "note"], Field(description="error stops the build; warning and note stand on the page.")
]


class Reported(Strict):
    """Reported ranks and rates are the computed ones, at their printed precision."""

    check: Literal["reported"]
    level: Level = "warning"


class Totals(Strict):
    """A reported total is the sum of the units."""

    check: Literal["totals"]
    level: Level = "warning"


class BlankReturns(Strict):
    """A unit left every item of a table blank (零上报): noted, and no zero."""

    check: Literal["blank_returns"]
    level: Level = "note"


class Complete(Strict):
    """A unit reports all figures that an indicator is computed from, or none; always an error.

    Else the area's figure would mix different sets of units.
    """

    check: Literal["complete"]
    level: Literal["error"] = Field("error", description="Always error.")


class Dates(Strict):
    """The period's dates are in order: it ends before figures are drawn, and they are drawn before the issue."""

    check: Literal["dates"]
    level: Level = "warning"


class Holds(Strict):
    """A relation inside each unit: part ≤ whole, collected ≤ fined. A blank side is no breach.

    Options:
        left, right: a measure or a formula.
        relation: what must hold between them.
        message: said where it does not; the project has words of its own.
    """

    check: Literal["holds"]
    left: Expression
    relation: Literal["<=", ">=", "=="]
    right: Expression
    level: Level = "error"
    message: Text | None = None


class AlsoReported(Strict):
    """A unit with a figure above zero in one table has figures in the other, too.

    Options:
        given: the measure that is above zero.
        expected: the measure that must then have a figure.
    """

    check: Literal["also_reported"]
    given: str
    expected: str
    level: Level = "warning"


class FeasibleRate(Strict):
    """A rate reported without its parts is a ratio of whole numbers, and all rates together fit the area's totals.

    Options:
        rate: the reported rate.
        part, whole: the area's totals that it divides.
    """

    check: Literal["feasible_rate"]
    rate: str
    part: Expression
    whole: Expression
    level: Level = "warning"


class Change(Strict):
    """A unit's figure has not grown or shrunk beyond a factor against an earlier period.

    Options:
        measure: the figure.
        factor: how many times as large or as small it may be.
        against: the period before, or the same period last year.
    """

    check: Literal["change"]
    measure: str
    factor: Decimal = Field(gt=1)
    against: Literal["previous", "last_year"] = "previous"
    level: Level = "warning"


AnyCheck = Annotated[
    Reported | Totals | BlankReturns | Complete | Dates | Holds | AlsoReported | FeasibleRate | Change,
    Field(discriminator="check"),
]
STANDARD: tuple[AnyCheck, ...] = (
    Reported(check="reported"),
    Totals(check="totals"),
    BlankReturns(check="blank_returns"),
    Complete(check="complete"),
    Dates(check="dates"),
)
