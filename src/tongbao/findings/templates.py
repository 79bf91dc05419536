"""Wordings and authored prose are templates: Jinja in its sandbox, where an unknown name is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping
from functools import lru_cache
from math import inf
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tongbao.basics.active import active_in
from tongbao.basics.errors import DefinitionError, did_you_mean
from tongbao.basics.formula import DEEPEST
from tongbao.basics.language import han_count, han_numeral
from tongbao.basics.marks import capital, without_marked
from tongbao.findings.directed import misdirected


class Names:
    """Names under one head (``fact.``), made on first use; a name that does not exist says what is near."""

    __slots__ = ("_head", "_make", "_names")

    def __init__(self, head: str, names: list[str], make: Callable[[str], Any]) -> None:
        self._head, self._names, self._make = head, names, make

    def __getattr__(self, name: str) -> Any:
        if name not in self._names:
            raise DefinitionError(f"{self._head}.{name} is not declared", hint=did_you_mean(name, self._names))
        return self._make(name)


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox with its globals in one dictionary: Jinja copies them for each sentence, a chain of two slowly."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


_TOO_LARGE = "a number of far too many digits"
_UNDEFINED = re.compile(r"'(\w+)' is undefined")
# Sums of numbers are not worked out beforehand: one without end has no name in the program that Jinja makes.
_ENVIRONMENT = _Environment(undefined=StrictUndefined, keep_trailing_newline=True, optimized=False)
# What texts are made of: names, whether there is one, and the filters below. Loops, calls, products and powers could
# take an hour or all memory.
_KNOWN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.Filter,
    nodes.Test,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Add,
    nodes.Sub,
    nodes.Neg,
    nodes.Concat,
)
_ENVIRONMENT.globals.clear()
_ENVIRONMENT.filters = {"default": _ENVIRONMENT.filters["default"]}
_ENVIRONMENT.filters["han"] = lambda value: _on_text(value, lambda text: han_numeral(int(text)))
_ENVIRONMENT.filters["capital"] = lambda value: capital(str(value))
_ENVIRONMENT.filters["han_count"] = lambda value: _on_text(value, lambda text: han_count(int(text)))


def _on_text(value: Any, change: Any) -> Any:
    """Apply ``change`` to a plain value, or to the text of a mark, which keeps its key."""
    if hasattr(value, "key"):
        return type(value)(value.key, change(value.text))
    return change(str(value))


def _changed(value: Any) -> str:
    """A number with its sign in words."""
    change = getattr(value, "change", None)
    if change is None:
        raise DefinitionError("change is for numbers", found=str(value), expected="a figure, which may have a minus")
    str(value)  # a blank is refused
    return str(change())


_ENVIRONMENT.filters["change"] = _changed


def see_names(series: str) -> str:
    """How to see every name that a text may use."""
    return f"`tongbao names {series}` lists every name"


def fill(template: str, values: Mapping[str, Any], place: str, first_line: int = 0, see: str = "") -> str:
    """Fill a template.

    Arguments:
        template: Jinja; filters ``han`` (4 → 四), ``han_count`` (2 → 两), ``change`` (-5.2 → 下降5.2%) and ``capital``
            (in May → In May).
        values: what it may name.
        place: where the template stands, for errors.
        first_line: the line it starts at, if it is part of a file.
        see: where every name is listed.

    Raises:
        DefinitionError: a syntax error, an unknown name, or markup that does something; with its place.
    """
    try:
        filled = _compile(template).render(values)
    except TemplateSyntaxError as error:
        raise DefinitionError(f"template: {error.message}", place=_at(place, first_line, error.lineno)) from None
    except (UndefinedError, SecurityError, TypeError, ValueError, ArithmeticError) as error:
        unknown = _UNDEFINED.fullmatch(str(error))
        hint = did_you_mean(unknown[1], values) if unknown else None
        where = _at(place, first_line, _line_of(error))
        raise DefinitionError(f"template: {error}", place=where, hint=_joined(hint, see)) from None
    except DefinitionError as error:
        if error.place is None:
            error.place = _at(place, first_line, _line_of(error))
            error.hint = _joined(error.hint, see)
        raise
    own = without_marked(filled)
    if active := active_in(own):
        raise DefinitionError(
            "markup that a text cannot hold",
            place=_at(place, first_line, own.count("\n", 0, active.start()) + 1),
            found=active[0],
            expected="Markdown without HTML, raw blocks, shortcodes, images, and links but https:, http: and mailto:",
            hint="put \\ before a sign that is meant as such",
        )
    if wrong := misdirected(filled):
        raise DefinitionError(
            "a number with a minus behind a word that says which way it went",
            place=_at(place, first_line, filled.count("\n", 0, wrong[0]) + 1),
            found=wrong[1],
            expected="the number without its minus, and the word that is true of it",
            hint="write {{ x | change }} for word, number and unit: 增长5.2%, 下降5.2%, 持平; up 5.2%, unchanged",
        )
    return filled


def _joined(*hints: str | None) -> str | None:
    return "; ".join(filter(None, hints)).replace("?; ", "? ") or None


def names_in(template: str, place: str = "") -> frozenset[str]:
    """The names that a template uses.

    >>> sorted(names_in("{{ units }}：{{ fact.target }}%"))
    ['fact', 'units']

    Raises:
        DefinitionError: a syntax error, with its place.
    """
    try:
        return _names_in(template)
    except TemplateSyntaxError as error:
        raise DefinitionError(f"template: {error.message}", place=place) from None


@lru_cache(maxsize=2048)
def _names_in(template: str) -> frozenset[str]:
    return frozenset(meta.find_undeclared_variables(_parse(template)))


@lru_cache(maxsize=2048)
def _compile(template: str) -> Template:
    parsed = _parse(template)
    try:
        return _ENVIRONMENT.from_string(parsed)
    except (SyntaxError, RecursionError, MemoryError):  # Python's, of the program that Jinja makes of it
        raise TemplateSyntaxError("brackets inside brackets without end", 1) from None


def _parse(template: str) -> nodes.Template:
    """A template of what texts may hold; what they may not, Jinja works out as soon as it is asked for names."""
    try:
        parsed = _ENVIRONMENT.parse(template)
    except RecursionError:
        parsed = None
    except ValueError:  # Python's, of an integer
        raise TemplateSyntaxError(_TOO_LARGE, 1) from None
    level: list[nodes.Node] = [parsed] if parsed else []
    for _ in range(DEEPEST):
        if strange := next((node for node in level if not isinstance(node, _KNOWN)), None):
            what = type(strange).__name__.lower()
            raise TemplateSyntaxError(f"{what} is not for texts: they take names, if, and the filters", strange.lineno)
        if large := next((node for node in level if isinstance(node, nodes.Const) and node.value in (inf, -inf)), None):
            raise TemplateSyntaxError(_TOO_LARGE, large.lineno)
        level = [child for node in level for child in node.iter_child_nodes()]
    if parsed is None or level:
        raise TemplateSyntaxError("brackets inside brackets without end", 1)
    return parsed


def _line_of(error: BaseException) -> int:
    """The template's line: Jinja rewrites the traceback so that its frames carry template lines."""
    line, step = 1, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == "<template>":
            line = step.tb_lineno
        step = step.tb_next
    return line


def _at(place: str, first_line: int, line: int) -> str:
    return f"{place}:{first_line + line - 1}" if first_line else place
