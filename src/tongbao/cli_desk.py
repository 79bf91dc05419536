"""Commands of the analyst's desk: form, new."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tongbao.basics.errors import UsageError
from tongbao.basics.period import Period
from tongbao.cli_output import one_period, out, say_created, say_written


def form(
    target: Annotated[str, typer.Argument(metavar="SERIES@PERIOD", help="Which series and period.")],
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="UNIT", help="Only this county's row; default: all rows.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FOLDER", help="Folder to write into; default: forms/SERIES/PERIOD."),
    ] = None,
) -> None:
    """Write the workbooks that counties fill in; put the filled ones under data/raw/SERIES/PERIOD.

    The period need not have figures yet. Example:

        tongbao form wenzhou-monthly@2021-03 --unit 鹿城区
    """
    from tongbao.definition.project import Project
    from tongbao_desk.forms import write_forms

    project = Project.find()
    name, text = one_period(project, target, "a form")
    series = project.get_series(name)
    period = Period.parse(text)
    for path in write_forms(series, period, output or project.root / "forms" / name / str(period), unit):
        say_written(path, project.root)


def new(
    series: Annotated[
        str,
        typer.Argument(metavar="SERIES[@PERIOD]", help="Id of the new series; or of one there is, and its new period."),
    ],
    table: Annotated[
        list[Path] | None,
        typer.Option(
            "--from", metavar="FILE", help="A table as received: .xlsx, .xls, .ods, .csv; for a period, several."
        ),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period", metavar="PERIOD", help="What the table covers; default: what its title row or name says."
        ),
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TITLE", help="What the circular is about; default: the title row.")
    ] = None,
    authority: Annotated[str | None, typer.Option("--authority", metavar="NAME", help="The issuer.")] = None,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="The figures are made up; everything says so.")
    ] = False,
) -> None:
    """Draw up a new series from one table, or begin a further period of a series; all of it to be edited.

    A new series gets its definition, notebook and first text: units, measures, rates, ranks and totals are found
    from headers and figures. A further period gets the table in its place, last period's text to revise and its
    facts to fill in. What is not known is marked and listed; until it is settled, everything built says that it
    is a draft. Nothing that exists is overwritten. Examples:

        tongbao new hotline-monthly --from 2026年10月热线办理情况表.xlsx --authority 某市热线办

        tongbao new hotline-monthly@2026-11 --from 2026年11月热线办理情况表.xlsx
    """
    from tongbao.build.install import alone
    from tongbao.definition.project import Project
    from tongbao_desk.draft import begin, create

    project = Project.find()
    name, at, covered = series.partition("@")
    if at:
        options = {"--period": period, "--title": title, "--authority": authority, "--synthetic": synthetic or None}
        if given := ", ".join(option for option, value in options.items() if value is not None):
            raise UsageError("only a new series takes these options", found=given, expected=f"{series} --from FILE")
        with alone(project):
            made = begin(project, name, Period.parse(covered), table or (), out.lang)
    elif table is None or len(table) != 1:
        raise UsageError("a new series is drawn up from one table", expected=f"tongbao new {name} --from FILE")
    else:
        known = Period.parse(period) if period is not None else None
        with alone(project):
            made = create(
                project, name, table[0], known, title=title, authority=authority, synthetic=synthetic, lang=out.lang
            )
    say_created(made)
