"""The heads that a name in a rule may have before it: whose figure is meant.

``area.x`` is the whole area's, ``mean.x`` the mean of the units', ``last_year.x``, ``previous.x`` and
``year_to_date.x`` the same figure of another period.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from tongbao.basics.errors import did_you_mean
from tongbao.basics.formula import Formula

Place = tuple[str | int, ...]
Problem = tuple[Place, str]
Origins = Mapping[Place, tuple[str, int]]
"""The file and line of every key and item of a definition."""

OTHER_PERIODS = ("last_year", "previous", "year_to_date")
HEADS = ("area", "mean", *OTHER_PERIODS)


def split_head(name: str) -> tuple[str, str]:
    """The head of a name, if it has one, and the rest.

    >>> split_head("last_year.fines"), split_head("fines"), split_head("fact.target")
    (('last_year', 'fines'), ('', 'fines'), ('', 'fact.target'))
    """
    head, dot, rest = name.partition(".")
    return (head, rest) if dot and head in HEADS else ("", name)


def bare(name: str) -> str:
    """A name without its heads: what must be declared.

    >>> bare("last_year.year_to_date.fines"), bare("last_year.fact.inspections")
    ('fines', 'fact.inspections')
    """
    head, rest = split_head(name)
    return bare(rest) if head else name


def of_unit(name: str) -> bool:
    """Whether a name has a figure of its own for each unit.

    >>> of_unit("fines"), of_unit("last_year.fines"), of_unit("area.fines"), of_unit("param.limit")
    (True, True, False, False)
    """
    head, rest = split_head(name)
    return head not in ("area", "mean") and (
        of_unit(rest) if head else not name.startswith(("fact.", "param.", "enterprises."))
    )


def headed(formula: str, head: str) -> str:
    """A formula with a head before each of its names: the same of another period. Parameters are no period's own.

    >>> headed("penalties / fact.visits * param.k", "last_year")
    'last_year.penalties / last_year.fact.visits * param.k'
    """
    names = sorted(Formula.parse(formula).leaves, key=len, reverse=True)
    if not names:
        return formula
    pattern = "|".join(map(re.escape, names))
    return re.sub(
        rf"(?<![\w.])(?:{pattern})(?![\w.])",
        lambda match: match[0] if match[0].startswith("param.") else f"{head}.{match[0]}",
        formula,
    )


def origin(origins: Origins, place: Place) -> tuple[Place, str]:
    """The deepest part of a place that stands in a file, and how messages name it: ``file:line``; empty for none.

    >>> origin({("title",): ("series.yml", 3)}, ("title", "zh"))
    (('title',), 'series.yml:3')
    """
    known: Place = ()
    for part in place:  # pydantic adds union tags of its own
        if (*known, part) in origins:
            known = (*known, part)
    return known, ":".join(map(str, origins[known])) if known in origins else ""


def unknown(place: Place, name: str, known: Collection[str]) -> Iterator[Problem]:
    """The problem that a name is not among those known, with the closest one; nothing where it is."""
    if name not in known:
        yield place, f"{name} is not declared; {did_you_mean(name, known)}"


def walk(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """All that a definition is made of, each with its place."""
    yield place, value
    parts: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, BaseModel):
        parts = ((name, getattr(value, name)) for name in type(value).model_fields)
    elif isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, tuple):
        parts = enumerate(value)
    for key, part in parts:
        yield from walk(part, (*place, key))
