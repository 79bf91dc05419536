"""The kinds of checks and rules that a series can declare: a line here makes a kind known.

A kind is one class in one file of a later stage, with all that there is to know of it. It is loaded when the first
series is read; until then this stage names it and nothing more.
"""

from __future__ import annotations

import operator
from functools import cache, reduce
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import Field

if TYPE_CHECKING:
    from tongbao.checks.kind import Check
    from tongbao.definition.rule import Rule

# In the order in which a sentence counts what they found.
CHECKS = (
    "tongbao.checks.complete:Complete",
    "tongbao.checks.incomplete:Incomplete",
    "tongbao.checks.blank_returns:BlankReturns",
    "tongbao.checks.holds:Holds",
    "tongbao.checks.also_reported:AlsoReported",
    "tongbao.checks.feasible_rate:FeasibleRate",
    "tongbao.checks.reported:Reported",
    "tongbao.checks.totals:Totals",
    "tongbao.checks.cumulative:Cumulative",
    "tongbao.checks.span:Span",
    "tongbao.checks.repeated:Repeated",
    "tongbao.checks.titles:Titles",
    "tongbao.checks.plausible:Plausible",
    "tongbao.checks.change:Change",
    "tongbao.checks.dates:Dates",
)
RULES = (
    "tongbao.findings.state:State",
    "tongbao.findings.list:List",
    "tongbao.findings.range:Range",
    "tongbao.findings.split:Split",
    "tongbao.findings.target:Target",
    "tongbao.findings.change:Change",
    "tongbao.findings.judge:Judge",
    "tongbao.findings.faults:Faults",
)
# What is always checked and no series declares.
ALWAYS = ("tongbao.checks.records:Records",)


@cache
def checks() -> dict[str, type[Check]]:
    """Every kind of check by its name, in the order in which a sentence counts what they found."""
    return _by_name("check", (*CHECKS, *ALWAYS))


@cache
def rules() -> dict[str, type[Rule]]:
    """Every kind of rule by its name."""
    return _by_name("rule", RULES)


@cache
def namespace() -> dict[str, Any]:
    """What the definition of a series leaves open: all kinds together, told apart by their name."""
    return {"AnyCheck": _any_of("check", CHECKS), "AnyRule": _any_of("rule", RULES)}


def _by_name(key: str, lines: tuple[str, ...]) -> dict[str, Any]:
    """The classes that some lines name, by the one value that each allows for ``key``."""
    found = [getattr(import_module(module), name) for module, name in (line.split(":") for line in lines)]
    return {get_args(kind.model_fields[key].annotation)[0]: kind for kind in found}


def _any_of(key: str, lines: tuple[str, ...]) -> Any:
    return Annotated[reduce(operator.or_, _by_name(key, lines).values()), Field(discriminator=key)]
