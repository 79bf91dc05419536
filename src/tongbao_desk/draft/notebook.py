"""The notebook of a series: written for a new one, brought in line with one that has changed."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from tongbao.basics.errors import UsageError
from tongbao.definition.files import write_whole
from tongbao.definition.project import Project
from tongbao.definition.series import Series
from tongbao.run.follows import (
    ALWAYS,
    KINDS,
    OPEN,
    calls_in,
    code_of,
    differences,
    other_defaults,
    parameters_cell,
    read_notebook,
    shown_in,
)
from tongbao.run.notebooks import nbformat
from tongbao_desk.templates import render

_LINE = 100


def notebook_text(series: Series, period: str) -> str:
    """A notebook without outputs, as the file holds it.

    Arguments:
        series: the definition; every section, chart and annex gets a cell.
        period: the period that the notebook runs with by itself.
    """
    sections, charts = (list(series.parts[kind].values()) for kind in ("section", "chart"))
    parts = [*sections[:1], *charts, *sections[1:]]
    code = render("notebook.txt", series=series, period=period, call=f"bulletin = {_call(series)}", parts=parts)
    v4 = nbformat.v4
    cells = [v4.new_raw_cell("---\nlang: zh\n---"), *map(v4.new_code_cell, code.rstrip("\n").split("\n# %%\n"))]  # type: ignore[no-untyped-call]  # nbformat has no types
    for number, cell in enumerate(cells):
        cell.id = f"c{number:02d}"
    cells[1].metadata["tags"] = ["parameters"]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return _text(v4.new_notebook(cells=cells, metadata=metadata, nbformat_minor=5))  # type: ignore[no-untyped-call]  # same


def bring_in_line(project: Project, name: str) -> tuple[Path, list[str]]:
    """Write a series' notebook anew, or change what does not follow the series; cells of somebody's own stay.

    Returns:
        The notebook, and in words what was changed; nothing where it followed already.

    Raises:
        UsageError: it runs other series, too, which would no longer be followed; or something is left to do by hand.
    """
    series = project.get_series(name)
    path = project.root / "notebooks" / f"{series.notebook}.ipynb"
    if not path.is_file():
        periods = project.periods(name)
        write_whole(path, notebook_text(series, str(periods[-1]) if periods else ""))
        return path, ["written anew"]
    place = path.relative_to(project.root).as_posix()
    notebook = read_notebook(path, place)
    found = differences(notebook, series)
    if not found:
        return path, []
    _follow(notebook, series)
    left = differences(notebook, series)
    if left:
        raise UsageError("change this by hand", place=place, found="; ".join(left))
    for other in project.series_names:
        used = other != name and project.get_series(other).notebook == series.notebook
        if used and differences(notebook, project.get_series(other)):
            hint = f"give {name} a notebook of its own (notebook: {name}), then run this command again"
            raise UsageError(
                f"this notebook also runs series {other}, which declares otherwise", place=place, hint=hint
            )
    write_whole(path, _text(notebook))
    return path, found


def _text(notebook: Any) -> str:
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"  # type: ignore[no-untyped-call]  # nbformat has no types


def _call(series: Series) -> str:
    passed = [*ALWAYS, *(f"{name}={name}" for name in series.parameters)]
    call = f"{OPEN}({', '.join(passed)})"
    if len(f"bulletin = {call}") > _LINE:
        call = f"{OPEN}(\n" + "".join(f"    {word},\n" for word in passed) + ")"
    return call


def _line(name: str, series: Series) -> str:
    parameter = series.parameters[name]
    return f"{name} = {parameter.default}  # {parameter.label.get('en')}"


def _follow(notebook: Any, series: Series) -> None:
    """Change a notebook, so that it shows and passes what its series declares."""
    _follow_parameters(notebook, series)
    declared = {kind: list(parts.values()) for kind, parts in series.parts.items()}
    known = {name for names in declared.values() for name in names}
    notebook.cells = [cell for cell in notebook.cells if (part := _generated(cell)) is None or part in known]
    for kind in KINDS:
        for at, name in enumerate(declared[kind]):
            if name not in dict(shown_in(notebook).parts) and kind not in shown_in(notebook).anything:
                cell: Any = nbformat.v4.new_code_cell(f"#| output: asis\nbulletin.{name}")  # type: ignore[no-untyped-call]  # same
                cell.id = re.sub(r"\W+", "-", name).strip("-")
                notebook.cells.insert(_place(notebook, kind, declared[kind][:at], declared[kind][at + 1 :]), cell)
        # Each kind is numbered in its order.
        order = {name: index for index, name in enumerate(declared[kind])}
        slots = {index: part for index, cell in enumerate(notebook.cells) if (part := _generated(cell)) in order}
        ordered = [notebook.cells[slot] for slot in sorted(slots, key=lambda slot: order[slots[slot] or ""])]
        for slot, cell in zip(slots, ordered, strict=True):
            notebook.cells[slot] = cell


def _generated(cell: Any) -> str | None:
    """The part that a cell shows, if that is all it does."""
    code = [line for line in code_of(cell).splitlines() if line.strip() and not line.startswith("#|")]
    match = re.fullmatch(rf"bulletin\.((?:{'|'.join(KINDS)})\(.*\))", code[0].strip()) if len(code) == 1 else None
    return match[1].replace("'", '"') if match and cell.cell_type == "code" else None


def _place(notebook: Any, kind: str, before: list[str], after: list[str]) -> int:
    """Where the cell of a part belongs: beside its neighbours, else at the place of its kind."""
    at = dict(shown_in(notebook).parts)
    calls = {
        call.func.attr: index
        for index, cell in enumerate(notebook.cells)
        for call in calls_in(cell)
        if isinstance(call.func, ast.Attribute)
    }
    following = [at[name] for name in after if name in at]
    earlier = [at[name] + 1 for name in before if name in at]
    sections = [index + 1 for name, index in at.items() if name.startswith("section(")]
    ends = {"section": calls.get("closing"), "chart": sections[0] if sections else calls.get("closing")}
    end = ends.get(kind, calls["closing"] + 1 if "closing" in calls else None)
    if kind == "section":  # charts stand behind the section they belong to
        return next(iter([*following[:1], *([end] if end is not None else []), *earlier[-1:]]), len(notebook.cells))
    return next(iter([*earlier[-1:], *following[:1], *([end] if end is not None else [])]), len(notebook.cells))


def _follow_parameters(notebook: Any, series: Series) -> None:
    cell = parameters_cell(notebook)
    if cell is not None:
        stale = set(shown_in(notebook).passed) - set(series.parameters)
        changed = {text.partition(" ")[0] for text in other_defaults(notebook, series)}
        lines = []
        for line in cell.source.splitlines():
            name = line.partition("=")[0].strip()
            if name not in stale:
                lines.append(_line(name, series) if name in changed else line)
        present = {line.partition("=")[0].strip() for line in lines}
        cell.source = "\n".join([*lines, *(_line(name, series) for name in series.parameters if name not in present)])
    for one in notebook.cells:
        for call in calls_in(one):
            passed = {keyword.arg for keyword in call.keywords}
            if (
                isinstance(call.func, ast.Name)
                and call.func.id == OPEN
                and passed - {*ALWAYS} != set(series.parameters)
            ):
                one.source = one.source.replace(ast.get_source_segment(code_of(one), call) or "", _call(series), 1)
