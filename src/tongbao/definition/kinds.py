"""The kinds of rule and of check that a definition can name: each is one class in one module, known by one line here.

The modules come later on the way than definitions do, so they are imported only when a definition is read.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Annotated, Any, Union

from pydantic import Field

from tongbao.definition.series import Series

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


def classes(names: tuple[str, ...]) -> tuple[type[Any], ...]:
    """The classes that ``module:name`` names."""
    found = []
    for name in names:
        module, _, attribute = name.partition(":")
        found.append(getattr(import_module(module), attribute))
    return tuple(found)


@cache
def complete_series() -> type[Series]:
    """The model of a series with every kind it can hold."""
    rules: Any = Union.__getitem__(classes(RULES))
    Series.model_rebuild(_types_namespace={"AnyRule": Annotated[rules, Field(discriminator="rule")]})
    return Series
