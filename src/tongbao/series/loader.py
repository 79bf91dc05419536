"""Read YAML so that every error can name its file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from tongbao.errors import DefinitionError
from tongbao.series.models import Series

Model = TypeVar("Model", bound=BaseModel)
_Lines = dict[tuple[str | int, ...], int]


def load_series(path: Path) -> Series:
    """Read and check a series definition.

    Raises:
        DefinitionError: unreadable YAML, an unknown or missing key, a wrong type, or a reference to
            something not declared; with file, line and, for a misspelt name, the closest known one.
    """
    return load_model(path.read_text("utf-8"), Series, str(path), context={"series": path.parent.name})


def load_model(
    text: str, model: type[Model], name: str, *, first_line: int = 1, context: dict[str, Any] | None = None
) -> Model:
    """Read YAML ``text`` into ``model``; ``name`` and ``first_line`` say where the text stands."""
    try:
        node = yaml.compose(text, Loader=_Loader)
        data = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + first_line
        raise DefinitionError(f"not valid YAML: {error.problem or error}", place=f"{name}:{line}") from None
    lines: _Lines = {}
    if node is not None:
        _collect_lines(node, (), lines, first_line)
    try:
        return model.model_validate({} if data is None else data, context=context)
    except ValidationError as error:
        raise _definition_error(error, lines, name, first_line) from None


class _Loader(yaml.SafeLoader):
    """Safe YAML that refuses a key given twice and keeps decimals as typed (``5.10`` stays ``5.10``)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key.value!r} stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: loader.construct_scalar(node))


def _collect_lines(node: yaml.Node, path: tuple[str | int, ...], lines: _Lines, first_line: int) -> None:
    lines.setdefault(path, node.start_mark.line + first_line)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines[(*path, key.value)] = key.start_mark.line + first_line
            _collect_lines(value, (*path, key.value), lines, first_line)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _collect_lines(value, (*path, index), lines, first_line)


def _definition_error(error: ValidationError, lines: _Lines, name: str, first_line: int) -> DefinitionError:
    details = error.errors()
    messages = []
    for detail in details:
        location = tuple(part for part in detail["loc"] if isinstance(part, str | int))
        key = (detail.get("ctx") or {}).get("key")
        line, known = _line_of((*location, key) if isinstance(key, str) else location, lines, first_line)
        where = ".".join(str(part) for part in known) or "top level"
        messages.append((line, where, detail["msg"].removeprefix("Value error, "), detail["input"]))
    messages.sort(key=lambda item: item[0])
    line, where, message, found = messages[0]
    more = "\n".join(f"{name}:{at}: {path}: {text}" for at, path, text, _ in messages[1:])
    return DefinitionError(
        f"{where}: {message}" + (f"\n{more}" if more else ""),
        place=f"{name}:{line}",
        found=found if isinstance(found, str | int | float) else None,
    )


def _line_of(location: tuple[str | int, ...], lines: _Lines, first_line: int) -> tuple[int, tuple[str | int, ...]]:
    """The line of the deepest part of ``location`` that stands in the file (pydantic adds union tags of its own)."""
    known: tuple[str | int, ...] = ()
    for part in location:
        if (*known, part) in lines:
            known = (*known, part)
    return lines.get(known, first_line), known
