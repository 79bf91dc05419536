"""Read YAML so that every error can name its file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from tongbao.basics.errors import DefinitionError, did_you_mean
from tongbao.definition.editions import missing_translations
from tongbao.definition.names import Place
from tongbao.definition.references import broken_references
from tongbao.definition.series import Series

Model = TypeVar("Model", bound=BaseModel)


def load_series(path: Path, name: str | None = None) -> Series:
    """Read and check a series definition; ``name`` is how messages name the file.

    Raises:
        DefinitionError: unreadable YAML, an unknown or missing key, a wrong type, or a reference to
            something not declared; with file, line and, for a misspelt name, the closest known one.
    """
    name = name or str(path)
    source = _Source.read(read_utf8(path, name), name)
    series = source.check(Series, _extended(source, path), {"series": path.parent.name})
    problems = [
        (place, message, None) for place, message in (*broken_references(series), *missing_translations(series))
    ]
    if problems:
        raise source.error(problems)
    return series


def raw_definition(path: Path, name: str) -> dict[str, Any]:
    """A definition as written, merged with what it extends: plain mappings, lists and texts."""
    data: dict[str, Any] = _extended(_Source.read(read_utf8(path, name), name), path)
    return data


def _extended(source: _Source, path: Path, chain: tuple[str, ...] = ()) -> Any:
    """The definition over the one it extends.

    Keys are merged, lists and values replaced; ``null`` takes a key away, ``!replace`` puts one mapping in
    the place of another.
    """
    data, chain = source.data, (*chain, path.parent.name)
    base = data.get("extends") if isinstance(data, dict) else None
    if base is None:
        return data
    known = sorted(other.parent.name for other in path.parent.parent.glob("*/series.yml"))
    if base in chain or base not in known:
        problem = "a series cannot extend itself" if base in chain else f"no series {base}; {did_you_mean(base, known)}"
        line = source.lines.get(("extends",), 1)
        raise DefinitionError(problem, place=f"{source.name}:{line}", found=" → ".join((*chain, base)))
    under = path.parent.parent / base / "series.yml"
    name = source.name.replace(f"{path.parent.name}/series.yml", f"{base}/series.yml")
    below = _extended(_Source.read(read_utf8(under, name), name), under, chain)
    return _merged(below, data) if isinstance(below, dict) else data


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict) and not isinstance(value, _Whole):
            merged[key] = _merged(merged[key], value)
        else:
            merged[key] = value
    return merged


def read_utf8(path: Path, name: str) -> str:
    """A text file of the project's own.

    Raises:
        DefinitionError: it is not UTF-8; names the line.
    """
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DefinitionError("not UTF-8 text", place=f"{name}:{line}", hint="save the file as UTF-8") from None


def load_model(text: str, model: type[Model], name: str, *, first_line: int = 1) -> Model:
    """Read YAML ``text`` into ``model``; ``name`` and ``first_line`` say where the text stands.

    Raises:
        DefinitionError: as ``load_series``.
    """
    source = _Source.read(text, name, first_line)
    return source.check(model, source.data)


@dataclass(frozen=True)
class _Source:
    """A YAML text, read: its data, and the line of every key and item."""

    name: str
    data: Any
    lines: dict[Place, int]
    first_line: int

    @classmethod
    def read(cls, text: str, name: str, first_line: int = 1) -> _Source:
        """Read a text; ``name`` and ``first_line`` say where it stands."""
        try:
            loader = _Loader(text)
            node = loader.get_single_node()
            data = {} if node is None else loader.construct_document(node)
        except (yaml.YAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            # Beside YAML's own faults: a control character, or a date such as 2021-04-31.
            what = "not valid YAML" if isinstance(error, yaml.YAMLError) else "not a value"
            problem = f"{what}: {getattr(error, 'problem', None) or error}"
            raise DefinitionError(problem, place=f"{name}:{(mark.line if mark else 0) + first_line}") from None
        lines = {place: line + first_line for place, line in (() if node is None else _lines(node))}
        return cls(name, {} if data is None else data, lines, first_line)

    def check(self, model: type[Model], data: Any, context: dict[str, Any] | None = None) -> Model:
        """The data as a model; every fault with its line."""
        try:
            return model.model_validate(data, context=context)
        except ValidationError as error:
            raise self.error(map(_problem, error.errors())) from None

    def error(self, problems: Iterable[tuple[Place, str, object]]) -> DefinitionError:
        """One error that lists every problem, in the order of the file."""
        located = [(*self._at(place), message, found) for place, message, found in problems]
        (line, where, message, found), *others = sorted(located, key=lambda problem: problem[0])
        more = "".join(f"\n{self.name}:{line}: {where}: {message}" for line, where, message, _ in others)
        shown = found if isinstance(found, str | int | float) else None
        return DefinitionError(f"{where}: {message}{more}", place=f"{self.name}:{line}", found=shown)

    def _at(self, place: Place) -> tuple[int, str]:
        """The deepest part of a place that stands in the file, and its line (pydantic adds union tags of its own)."""
        known: Place = ()
        for part in place:
            if (*known, part) in self.lines:
                known = (*known, part)
        return self.lines.get(known, self.first_line), ".".join(map(str, known)) or "top level"


class _Loader(yaml.SafeLoader):
    """Safe YAML that refuses a key given twice and keeps decimals as typed (``5.10`` stays ``5.10``)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a text that begins with { must stand in quotation marks", key.start_mark
                )
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key.value!r} stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _as_written(loader: _Loader, node: yaml.ScalarNode) -> object:
    return loader.construct_scalar(node)


class _Whole(dict[Any, Any]):
    """A mapping that replaces the one it stands over, instead of being merged with it."""


def _whole(loader: _Loader, node: yaml.MappingNode) -> _Whole:
    return _Whole(loader.construct_mapping(node, deep=True))


_Loader.add_constructor("tag:yaml.org,2002:float", _as_written)
_Loader.add_constructor("!replace", _whole)


def _lines(node: yaml.Node, place: Place = ()) -> Iterator[tuple[Place, int]]:
    """The line of every key and item, from 0; a key's is its own, not that of its value."""
    yield place, node.start_mark.line
    parts: list[tuple[Any, yaml.Node, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        parts = [(key.value, key, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        parts = [(index, item, item) for index, item in enumerate(node.value)]
    for name, start, value in parts:
        yield from _lines(value, (*place, name))
        yield (*place, name), start.start_mark.line


# Pydantic's kinds of complaint in plain words; what stands in braces comes with the complaint.
_COMPLAINTS = {
    "missing": "the key {name} is missing",
    "string": "a text is needed; quotation marks make one of a number",
    "int": "a whole number is needed",
    "float": "a number is needed",
    "decimal": "a number is needed",
    "finite": "a number is needed",
    "bool": "true or false is needed",
    "list": "a list is needed",
    "tuple": "a list is needed",
    "dict": "keys with values are needed, not one value",
    "model": "keys with values are needed, not one value",
    "date": "a date is needed, such as 2021-03-10",
    "literal": "one of these is needed: {expected}",
    "union_tag_invalid": "unknown {discriminator} {tag}; one of these is needed: {expected_tags}",
    "string_pattern": "small letters, digits and signs as in {pattern} are needed",
    "greater_than_equal": "{ge} or more is needed",
    "greater_than": "more than {gt} is needed",
    "less_than_equal": "{le} or less is needed",
    "less_than": "less than {lt} is needed",
    "string_too_short": "a text is needed",
    "mapping": "keys with values are needed, not one value",
    "too_short": "{min_length} or more are needed",
    "too_long": "{max_length} or fewer are needed",
    "union_tag_not": "the key {discriminator} is missing",
    "value": "{error}",
    "unknown_key": "unknown key {key}; {hint}",
}


def _problem(detail: Any) -> tuple[Place, str, object]:
    """Pydantic's complaint: where, what, and what was found there."""
    place = tuple(part for part in detail["loc"] if isinstance(part, str | int))
    given = {"name": place[-1] if place else ""} | (detail.get("ctx") or {})
    for name in given.keys() & {"expected", "expected_tags", "discriminator"}:
        given[name] = given[name].replace("'", "").replace(" or ", ", ")
    kinds = [kind for kind in _COMPLAINTS if detail["type"].startswith(kind)]
    message = _COMPLAINTS[max(kinds, key=len)] if kinds else "this value cannot stand here"
    key = given.get("key")
    return (*place, key) if isinstance(key, str) else place, message.format(**given), detail["input"]
