"""Whether a notebook follows its series: a cell for each section, chart and annex, a line for each parameter."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tongbao.basics.errors import Original, UsageError
from tongbao.definition.series import Series
from tongbao.run.notebooks import nbformat

KINDS = ("section", "chart", "annex")
OPEN = "open_bulletin"
# What every notebook passes; all else that it passes are parameters of the series.
ALWAYS = ("series", "period", "lang")


@dataclass(frozen=True)
class Shown:
    """What a notebook shows: each part with the index of its cell; the parameters that it passes on.

    ``anything`` holds the kinds whose cells say only when they run what they show.
    """

    parts: tuple[tuple[str, int], ...]
    passed: frozenset[str]
    anything: frozenset[str] = field(default=frozenset())


def code_of(cell: Any) -> str:
    """A cell's Python, without a notebook's own commands (``%time``, ``!ls``)."""
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in cell.source.splitlines())


def calls_in(cell: Any) -> Iterator[ast.Call]:
    """The calls in a code cell, in the order of its lines; none where Python cannot read it."""
    try:
        tree = ast.parse(code_of(cell) if cell.cell_type == "code" else "")
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # the last two of brackets within brackets
        return
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def shown_in(notebook: Any) -> Shown:
    """What a notebook's cells show."""
    parts: list[tuple[str, int]] = []
    passed, anything = set[str](), set[str]()
    for index, cell in enumerate(notebook.cells):
        for call in calls_in(cell):
            if isinstance(call.func, ast.Name) and call.func.id == OPEN:
                passed |= {keyword.arg for keyword in call.keywords if keyword.arg} - set(ALWAYS)
            elif isinstance(call.func, ast.Attribute) and call.func.attr in KINDS:
                given = call.args[0] if call.args else None
                if not isinstance(given, ast.Constant):
                    anything.add(call.func.attr)
                elif isinstance(given.value, str):
                    parts.append((f'{call.func.attr}("{given.value}")', index))
                elif isinstance(given.value, int):
                    parts.append((f"{call.func.attr}({given.value})", index))
    return Shown(tuple(parts), frozenset(passed), frozenset(anything))


def differences(notebook: Any, series: Series) -> list[str]:
    """Where a notebook and its series are apart, in words; nothing where it follows it."""
    shown, found = shown_in(notebook), []
    names = [name for name, _ in shown.parts]
    for kind, parts in series.parts.items():
        if kind in shown.anything:
            continue
        declared = list(parts.values())
        own = [name for name in names if name.startswith(f"{kind}(")]
        found += [f"no cell for bulletin.{name}" for name in declared if name not in own]
        found += [
            f"a cell for bulletin.{name}, which the series does not declare" for name in own if name not in declared
        ]
        if sorted(own) == sorted(declared) and own != declared:
            found.append(f"the cells of the {kind}s stand in another order")
    found += [f"parameter {name} is not passed on" for name in series.parameters if name not in shown.passed]
    found += [f"{name} is not a parameter of the series" for name in shown.passed if name not in series.parameters]
    return found + other_defaults(notebook, series)


def parameters_cell(notebook: Any) -> Any:
    """The cell with a notebook's parameters; ``None`` where it has none."""
    return next((cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])), None)


def other_defaults(notebook: Any, series: Series) -> list[str]:
    """The defaults of the notebook that are not those of its series, where it names this one as its own."""
    cell = parameters_cell(notebook)
    if cell is None or f'series = "{series.id}"' not in cell.source:
        return []
    given = dict(re.findall(r"^(\w+) = ([-+.\d]+)", cell.source, re.MULTILINE))
    return [
        f"{name} is {given[name]} here, {one.default} in the series"
        for name, one in series.parameters.items()
        if name in given and given[name] != str(one.default)
    ]


def read_notebook(path: Path, place: str) -> Any:
    """A notebook in version 4 of the format; ``place`` is how messages name it.

    Raises:
        UsageError: it is none.
    """
    faults: dict[str, Exception] = {}
    try:
        notebook = nbformat.read(path, as_version=4, capture_validation_error=faults)  # type: ignore[no-untyped-call]
    except Exception as error:  # noqa: BLE001  # nbformat raises whatever its parts do
        faults["reading"] = error
    if faults:
        hint = "save it again in JupyterLab, or take the last good version"
        found = str(next(iter(faults.values()))).partition("\n")[0]
        raise UsageError("not a notebook that can be read", place=place, found=Original(found), hint=hint)
    return notebook


def require_following(path: Path, series: Series, place: str) -> None:
    """Hold a notebook to follow its series, before it is run.

    Raises:
        UsageError: it is no notebook; or they are apart: says where, and the command that brings the notebook in line.
    """
    found = differences(read_notebook(path, place), series)
    if found:
        hint = f"tongbao notebook {series.id}"
        raise UsageError(
            f"the notebook does not follow series {series.id}", place=place, found="; ".join(found), hint=hint
        )
