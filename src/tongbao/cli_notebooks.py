"""Commands around notebooks and definitions by hand: render, notebook, names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from tongbao.cli_output import out, print_json
from tongbao.definition.formats import FORMATS

Target = Annotated[str, typer.Argument(metavar="SERIES@PERIOD", help="Which bulletin.")]
Targets = Annotated[
    list[str] | None, typer.Argument(metavar="SERIES[@PERIOD]", help="Which bulletins; none means all.")
]
LogFile = Annotated[
    Path | None,
    typer.Option("--log-json", metavar="FILE", help="Append what is done to this file, one JSON object a line."),
]
Engine = Annotated[
    str, typer.Option("--engine", help="auto, quarto or embedded; auto takes Quarto when it is on PATH.")
]
Formats = Annotated[
    str | None,
    typer.Option("--format", metavar=",".join(FORMATS), help="Formats to make; default: all the series declares."),
]

CellTimeout = Annotated[
    int, typer.Option("--cell-timeout", metavar="SECONDS", min=1, help="How long a cell of a notebook may take.")
]


def render(
    notebooks: Annotated[list[Path], typer.Argument(metavar="NOTEBOOK...", help="Executed notebooks.")],
    formats: Formats = None,
    engine: Engine = "auto",
) -> None:
    """Render executed notebooks as they are into _site; nothing is run.

    Example, after papermill by hand:

    tongbao render reports/wenzhou-monthly/2021-01-to-02.ipynb index.ipynb
    """
    from tongbao.build.by_hand import render_notebooks
    from tongbao.build.choice import choose_formats
    from tongbao.definition.project import Project
    from tongbao.render.engines import choose_engine

    project = Project.find()
    files = render_notebooks(project, notebooks, choose_engine(engine), choose_formats(formats))
    for path in files:
        out.print(f"[green]rendered[/]    {escape(str(path.relative_to(project.root)))}")


def notebook(series: Annotated[str, typer.Argument(metavar="SERIES", help="Which series.")]) -> None:
    """Bring a series' notebook in line with its definition, or write it where there is none.

    Missing cells of sections, charts and annexes are put in at their place, those of what is no more are taken out, and
    parameters are passed on; cells of your own stay. Example:

        tongbao notebook wenzhou-monthly
    """
    from tongbao.definition.project import Project
    from tongbao_desk.draft.notebook import bring_in_line

    project = Project.find()
    path, changes = bring_in_line(project, series)
    for change in changes:
        out.print(f"[yellow]was apart[/]   {escape(change)}")
    state = "[green]written[/]    " if changes else "[green]in line[/]    "
    out.print(f"{state} {escape(path.relative_to(project.root).as_posix())}")


def names(
    series: Annotated[str, typer.Argument(metavar="SERIES", help="Which series.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write the names as JSON.")] = False,
) -> None:
    """List every name that a definition and a text may use, and what a wording of each rule may use.

    Measures, facts (of the latest period that has any), parameters and findings. It works while the definition still
    names something that is not declared. Example:

        tongbao names wenzhou-monthly
    """
    from tongbao.definition.project import Project
    from tongbao_desk.names import names_of

    found = names_of(Project.find(), series)
    if as_json:
        print_json(found)
        return
    for kind, rows in found.items():
        table = Table("name", "what", Column("detail", overflow="fold"), box=None, pad_edge=False, show_header=False)
        for row in rows:  # of which most is the definition's own
            what = out.tell(row["what"]) if kind in ("rules", "texts") else row["what"]
            detail = out.tell(row["detail"]) if kind == "parameters" else row["detail"]
            for label in ("cases", "values"):
                detail = detail.replace(f"{label}: ", f"{out.tell(label)}: ") if kind == "findings" else detail
            table.add_row(*map(escape, (row["name"], what, detail)))
        out.print(f"[bold]{out.tell(kind)}[/]" + ("" if rows else "  none"))
        out.print(table, soft_wrap=False)
