"""Read YAML so that every error can name its file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from tongbao.basics.errors import DefinitionError, did_you_mean
from tongbao.definition.complaints import problem_of
from tongbao.definition.editions import missing_translations
from tongbao.definition.names import Origins, Place, origin
from tongbao.definition.references import broken_references
from tongbao.definition.series import Series
from tongbao.definition.typed import Slip, refused, slip_near

Model = TypeVar("Model", bound=BaseModel)
MAX_BYTES = 2 * 1024 * 1024  # of a text of the project's own
_DEEPEST = 200  # brackets in brackets
_IN_FILE = itemgetter(0, 1)  # file and line
MAX_NODES = 100_000  # of a definition, what its aliases stand for counted each time


def load_series(path: Path, name: str | None = None, *, names_are_known: bool = True) -> Series:
    """Read and check a series definition; ``name`` is how messages name the file.

    With ``names_are_known=False`` what it refers to need not be declared: to list what is.

    Raises:
        DefinitionError: unreadable YAML, an unknown or missing key, a wrong type, or a reference to
            something not declared; with file, line and, for a misspelt name, the closest known one.
    """
    return _series(_chain(path, name or str(path)), path.parent.name, names_are_known)


def raw_definition(path: Path, name: str) -> dict[str, Any]:
    """A definition as written, merged with what it extends: plain mappings, lists and texts."""
    data: dict[str, Any] = _over(_chain(path, name)).data
    return data


def extended(path: Path, name: str) -> tuple[str, ...]:
    """The ids of a series, of the one that it extends, and so on; each may be partial by itself."""
    return tuple(Path(source.name).parent.name for source in _chain(path, name))


@lru_cache(maxsize=16)  # a worker makes many bulletins of a series
def _series(chain: tuple[_Source, ...], name: str, names_are_known: bool) -> Series:
    source = _over(chain)
    series = source.check(Series, {"series": name})
    series.stands_at(source.origins)
    problems = (*broken_references(series), *missing_translations(series)) if names_are_known else ()
    if problems:
        error = source.error((place, message, None) for place, message in problems)
        error.hint = f"`tongbao names {name}` lists every name"
        raise error
    return series


def _chain(path: Path, name: str) -> tuple[_Source, ...]:
    """A definition, the one it extends, and so on.

    Raises:
        DefinitionError: one cannot be read, extends itself or extends what is not there.
    """
    chain: dict[str, _Source] = {}
    while True:
        source = chain[path.parent.name] = _read(read_utf8(path, name), name)
        base = source.data.get("extends") if isinstance(source.data, dict) else None
        if base is None:
            return (*chain.values(),)
        place = ":".join(map(str, source.origins.get(("extends",), (name, 1))))
        if not isinstance(base, str):
            expected = "the id of one series, in quotation marks where it is a number"
            raise DefinitionError("not the id of a series", place=place, found=str(base), expected=expected)
        known = sorted(other.parent.name for other in path.parent.parent.glob("*/series.yml"))
        if base in chain or base not in known:
            itself = "a series cannot extend itself"
            problem = itself if base in chain else f"no series {base}; {did_you_mean(base, known)}"
            raise DefinitionError(problem, place=place, found=" → ".join((*chain, str(base))))
        name = name.replace(f"{path.parent.name}/series.yml", f"{base}/series.yml")
        path = path.parent.parent / base / "series.yml"


def _over(chain: tuple[_Source, ...]) -> _Source:
    """A definition over the one it extends.

    Keys are merged, lists and values replaced; ``null`` takes a key away, ``!replace`` puts one mapping in
    the place of another, as a text with its Chinese and a rule of another kind do by themselves.
    """
    source, *under = chain
    if not under:
        return source
    below = _over((*under,))
    if not isinstance(below.data, dict):
        return source
    return replace(source, data=_merged(below.data, source.data), origins={**below.origins, **source.origins})


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict) and not _says_all(value, merged[key]):
            merged[key] = _merged(merged[key], value)
        else:
            merged[key] = value
    return merged


def _says_all(above: dict[str, Any], below: dict[str, Any]) -> bool:
    """Whether a mapping leaves nothing of the one it stands over: English would stay that says something else."""
    is_text = "zh" in above and above.keys() <= {"zh", "en"}
    is_other_kind = any(key in above and above[key] != below.get(key, above[key]) for key in ("rule", "check"))
    return isinstance(above, _Whole) or is_text or is_other_kind


def read_utf8(path: Path, name: str) -> str:
    """A text file of the project's own.

    Raises:
        DefinitionError: it is not UTF-8 (names the line), or far too long.
    """
    data = path.read_bytes()
    if len(data) > MAX_BYTES:
        raise DefinitionError("far more text than a person writes", place=name, expected=f"at most {MAX_BYTES} bytes")
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
    return _Source.read(text, name, first_line).check(model)


@lru_cache(maxsize=32)
def _read(text: str, name: str) -> _Source:
    return _Source.read(text, name)


@dataclass(frozen=True, eq=False)
class _Source:
    """A YAML text, read: its data, and the file and line of every key and item."""

    name: str
    data: Any
    origins: Origins
    text: str
    first_line: int

    @classmethod
    def read(cls, text: str, name: str, first_line: int = 1) -> _Source:
        """Read a text; ``name`` and ``first_line`` say where it stands."""
        try:
            loader, node = _composed(text)
            slip = next(refused(node), None) if node is not None else None
            data = {} if node is None or slip is not None else loader.construct_document(node)
        except RecursionError:
            raise DefinitionError("not valid YAML: brackets inside brackets without end", place=name) from None
        except (yaml.YAMLError, ValueError) as error:
            slip = _slip_behind(error, text)
            if slip is None:
                mark = getattr(error, "problem_mark", None)
                # Beside YAML's own faults: a control character.
                what = "not valid YAML" if isinstance(error, yaml.YAMLError) else "not a value"
                problem = f"{what}: {getattr(error, 'problem', None) or error}"
                raise DefinitionError(problem, place=f"{name}:{(mark.line if mark else 0) + first_line}") from None
        if slip is not None:
            raise _of_slip(slip, name, text, first_line) from None
        lines = {place: (name, line + first_line) for place, line in (() if node is None else _lines(node))}
        return cls(name, {} if data is None else data, lines, text, first_line)

    def check(self, model: type[Model], context: dict[str, Any] | None = None) -> Model:
        """The data as a model; every fault with its line."""
        try:
            return model.model_validate(self.data, context=context or {})
        except ValidationError as error:
            raise self.error([problem_of(detail) for detail in error.errors()]) from None

    def error(self, problems: Iterable[tuple[Place, str, object]]) -> DefinitionError:
        """One error that lists every problem, in the order of the file; a slip of typing behind one goes first."""
        located = sorted(((*self._at(place), message, found) for place, message, found in problems), key=_IN_FILE)
        own = [line - self.first_line for file, line, *_ in located if file == self.name]
        everywhere = () if isinstance(self.data, dict) else range(self.text.count("\n") + 1)
        slip = slip_near(self.text, (*own, *everywhere))
        if slip is not None:
            return _of_slip(slip, self.name, self.text, self.first_line)
        (file, line, where, message, found), *others = located
        more = "".join(f"\n{file}:{line}: {where}: {message}" for file, line, where, message, _ in others)
        shown = found if isinstance(found, str | int | float) else None
        return DefinitionError(f"{where}: {message}{more}", place=f"{file}:{line}", found=shown)

    def _at(self, place: Place) -> tuple[str, int, str]:
        """File, line and name of the deepest part of a place that stands in a file."""
        known, _ = origin(self.origins, place)
        return *self.origins.get(known, (self.name, self.first_line)), ".".join(map(str, known)) or "top level"


def _slip_behind(error: Exception, text: str) -> Slip | None:
    """The slip of typing that YAML stumbled over: at the line it names, shortly before, or where it began."""
    problem, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if problem is None:
        return None
    began = [context.line] if context is not None else []
    return slip_near(text, [*range(problem.line, problem.line - 4, -1), *began], of_yaml=True)


def _of_slip(slip: Slip, name: str, text: str, first_line: int) -> DefinitionError:
    return DefinitionError(
        f"{slip.problem} outside a quoted text" if "outside" not in slip.problem else slip.problem,
        place=f"{name}:{slip.line + first_line}",
        found=text.splitlines()[slip.line].strip().replace("\t", "⇥"),
        expected=slip.expected,
    )


class _Strict:
    """Safe YAML that refuses a key given twice and keeps decimals as typed (``5.10`` stays ``5.10``)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                begins = "a text that begins with { must stand in quotation marks"
                raise yaml.constructor.ConstructorError(None, None, begins, key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key.value!r} stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)  # type: ignore[misc,no-any-return]  # of the loader beside it


class _Loader(_Strict, yaml.SafeLoader):
    """Says best what is wrong."""


class _Quick(_Strict, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # not in every wheel
    """Ten times as fast."""


def _composed(text: str) -> tuple[Any, yaml.Node | None]:
    """A text's node, and the loader that makes data of it; the quick one, which bears tabs, where nothing is wrong."""
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", text):  # Python's own parser takes longer, the more of them are open
        depth = max(depth + (1 if bracket in "[{" else -1), 0)
        if depth > _DEEPEST:
            raise RecursionError
    with suppress(yaml.YAMLError):
        quick = _Quick(text)
        if "\t" not in text:
            return quick, _bounded(quick.get_single_node())
    loader = _Loader(text)
    return loader, _bounded(loader.get_single_node())


def _bounded(node: yaml.Node | None) -> yaml.Node | None:
    """A node that is no larger than a definition.

    Raises:
        YAMLError: what its aliases stand for makes it larger, or endless.
    """
    if node is not None and _size(node, {}) > MAX_NODES:
        raise yaml.YAMLError("its aliases (*name) stand for more than a definition holds, or for themselves")
    return node


def _as_written(loader: Any, node: yaml.ScalarNode) -> object:
    return loader.construct_scalar(node)


class _Whole(dict[Any, Any]):
    """A mapping that replaces the one it stands over, instead of being merged with it."""


def _whole(loader: Any, node: yaml.Node) -> _Whole:
    if not isinstance(node, yaml.MappingNode):
        needless = "!replace goes before keys with values; a list or a text replaces another one by itself"
        raise yaml.constructor.ConstructorError(None, None, needless, node.start_mark)
    return _Whole(loader.construct_mapping(node, deep=True))


for _loader in (_Loader, _Quick):
    _loader.add_constructor("tag:yaml.org,2002:float", _as_written)
    _loader.add_constructor("tag:yaml.org,2002:timestamp", _as_written)  # the model reads dates, and knows their lines
    _loader.add_constructor("!replace", _whole)


def _size(node: yaml.Node, known: dict[int, float]) -> float:
    """How many parts a node has, those behind an alias each time; without end where one stands in itself."""
    if id(node) not in known:
        known[id(node)] = float("inf")
        parts: list[yaml.Node] = []
        if isinstance(node, yaml.MappingNode):
            parts = [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            parts = node.value
        known[id(node)] = 1 + sum(_size(part, known) for part in parts)
    return known[id(node)]


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
