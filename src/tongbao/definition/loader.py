"""Read YAML so that every error can name its file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from tongbao.basics.errors import DefinitionError, did_you_mean
from tongbao.definition.editions import missing_translations
from tongbao.definition.references import broken_references
from tongbao.definition.series import Series

Model = TypeVar("Model", bound=BaseModel)
_Lines = dict[tuple[str | int, ...], int]


class _Located(NamedTuple):
    line: int
    where: str
    message: str
    found: object


def load_series(path: Path, name: str | None = None) -> Series:
    """Read and check a series definition; ``name`` is how messages name the file.

    Raises:
        DefinitionError: unreadable YAML, an unknown or missing key, a wrong type, or a reference to
            something not declared; with file, line and, for a misspelt name, the closest known one.
    """
    name = name or str(path)
    data, lines = _raw(path, name)
    series = _validate(data, lines, Series, name, 1, {"series": path.parent.name})
    found = (*broken_references(series), *missing_translations(series))
    problems = [_located(place, message, None, lines, 1) for place, message in found]
    if problems:
        raise _error(problems, name)
    return series


def raw_definition(path: Path, name: str) -> dict[str, Any]:
    """A definition as written, merged with what it extends: plain mappings, lists and texts."""
    data: dict[str, Any] = _raw(path, name)[0]
    return data


def _raw(path: Path, name: str) -> tuple[Any, _Lines]:
    data, lines = _read(read_utf8(path, name), name, 1)
    return _extended(data, path, name, lines, (path.parent.name,)), lines


def _extended(data: Any, path: Path, name: str, lines: _Lines, chain: tuple[str, ...]) -> Any:
    """The definition over the one it extends.

    Keys are merged, lists and values replaced; ``null`` takes a key away, ``!replace`` puts one mapping in
    the place of another.
    """
    base = data.get("extends") if isinstance(data, dict) else None
    if base is None:
        return data
    known = sorted(other.parent.name for other in path.parent.parent.glob("*/series.yml"))
    if base in chain or base not in known:
        problem = "a series cannot extend itself" if base in chain else f"no series {base}; {did_you_mean(base, known)}"
        raise DefinitionError(problem, place=f"{name}:{lines.get(('extends',), 1)}", found=" → ".join((*chain, base)))
    under = path.parent.parent / base / "series.yml"
    under_name = name.replace(f"{path.parent.name}/series.yml", f"{base}/series.yml")
    below, below_lines = _read(read_utf8(under, under_name), under_name, 1)
    below = _extended(below, under, under_name, below_lines, (*chain, base))
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
    data, lines = _read(text, name, first_line)
    return _validate(data, lines, model, name, first_line, None)


def _read(text: str, name: str, first_line: int) -> tuple[Any, _Lines]:
    """The data and the line of every key and item."""
    try:
        node = yaml.compose(text, Loader=_Loader)
        data = yaml.load(text, Loader=_Loader)  # noqa: S506  # a SafeLoader underneath
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + first_line
        raise DefinitionError(f"not valid YAML: {error.problem or error}", place=f"{name}:{line}") from None
    except yaml.YAMLError as error:  # a control character
        raise DefinitionError(f"not valid YAML: {error}", place=f"{name}:{first_line}") from None
    except ValueError as error:  # a date such as 2021-04-31
        raise DefinitionError(f"not a value: {error}", place=f"{name}:{first_line}") from None
    lines: _Lines = {}
    if node is not None:
        _collect_lines(node, (), lines, first_line)
    return ({} if data is None else data), lines


def _validate(
    data: Any, lines: _Lines, model: type[Model], name: str, first_line: int, context: dict[str, Any] | None
) -> Model:
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        raise _error([_located_detail(detail, lines, first_line) for detail in error.errors()], name) from None


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


def _collect_lines(node: yaml.Node, path: tuple[str | int, ...], lines: _Lines, first_line: int) -> None:
    lines.setdefault(path, node.start_mark.line + first_line)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines[(*path, key.value)] = key.start_mark.line + first_line
            _collect_lines(value, (*path, key.value), lines, first_line)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _collect_lines(value, (*path, index), lines, first_line)


def _located_detail(detail: Any, lines: _Lines, first_line: int) -> _Located:
    """Where pydantic's complaint stands in the file."""
    location = tuple(part for part in detail["loc"] if isinstance(part, str | int))
    key = (detail.get("ctx") or {}).get("key")
    place = (*location, key) if isinstance(key, str) else location
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "missing":
        message = f"the key {location[-1]} is missing"
    return _located(place, message, detail["input"], lines, first_line)


def _located(place: tuple[str | int, ...], message: str, found: object, lines: _Lines, first_line: int) -> _Located:
    line, known = _line_of(place, lines, first_line)
    return _Located(line, ".".join(str(part) for part in known) or "top level", message, found)


def _error(problems: list[_Located], name: str) -> DefinitionError:
    """One error that lists every problem, in the order of the file."""
    first, *others = sorted(problems, key=lambda problem: problem.line)
    more = "".join(f"\n{name}:{other.line}: {other.where}: {other.message}" for other in others)
    found = first.found if isinstance(first.found, str | int | float) else None
    return DefinitionError(f"{first.where}: {first.message}{more}", place=f"{name}:{first.line}", found=found)


def _line_of(location: tuple[str | int, ...], lines: _Lines, first_line: int) -> tuple[int, tuple[str | int, ...]]:
    """The line of the deepest part of ``location`` that stands in the file (pydantic adds union tags of its own)."""
    known: tuple[str | int, ...] = ()
    for part in location:
        if (*known, part) in lines:
            known = (*known, part)
    return lines.get(known, first_line), known
