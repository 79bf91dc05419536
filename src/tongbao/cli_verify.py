"""The command that holds what was built to its manifest, to itself, and to a rebuild."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.text import Text

from tongbao.basics.errors import DataError, TongbaoError, combined
from tongbao.cli_notebooks import Targets
from tongbao.cli_output import account_record, out, print_account, print_json, progress
from tongbao.definition.files import read_kept

if TYPE_CHECKING:
    from tongbao.build.choice import Choice
    from tongbao.build.rebuild import Rebuilt
    from tongbao.definition.project import Project


def verify(
    targets: Targets = None,
    audit: Annotated[bool, typer.Option("--audit", help="Account for every numeral and unit name, too.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make it again in a scratch place, too, and compare every file.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write the accounts as JSON.")] = False,
) -> None:
    """Check that what was built is unchanged; exit 1 if it is not, or if a number is left over.

    With --audit, a program that shares no code with the rest reads raw files, record, pages, PDF and Word afresh, holds
    one to the other, and names each numeral that nothing backs with its sentence. With --rebuild, each bulletin is made
    again from what its manifest names, and what comes out is compared byte for byte. Examples:

        tongbao verify --audit wenzhou-monthly@2021-01-to-02

        tongbao verify --rebuild wenzhou-monthly@2021-01-to-02
    """
    from tongbao.build.choice import choose
    from tongbao.build.inputs import changes_since_build
    from tongbao.definition.project import Project
    from tongbao_verify.checker import check

    project = Project.find()
    choices = choose(project, targets or [], {})
    again = _again(project, choices) if rebuild else {}
    records, failed, errors = [], False, list[TongbaoError]()
    for choice in choices:
        changes, account = changes_since_build(project, choice.series, choice.period), None
        try:
            changes += _off_record(project, choice)
            account = check(*_record_and_pages(project, choice), [project.root]) if audit else None
        except DataError as error:  # never built
            errors.append(error)
            continue
        except (ValueError, LookupError, TypeError, AttributeError):
            changes.append("its record is damaged, or of another version: build it again")
        made = again.get(choice.id)
        records.append(
            {"bulletin": choice.id, "changes": changes}
            | ({"audit": account_record(account)} if account is not None else {})
            | ({"rebuild": _rebuild_record(made)} if made is not None else {})
        )
        failed = failed or bool(changes) or bool(account and account.left) or bool(getattr(made, "differing", ()))
        if as_json:
            continue
        state = "[red]changed since the build[/]" if changes else "[green]as built[/]"
        out.print(f"[bold]{choice.id}[/]  {state}")
        for change in changes:
            out.print(f"  {escape(change)}")
        if account is not None:
            print_account(account)
        if made is not None and not isinstance(made, TongbaoError):
            _print_rebuilt(made)
    if as_json:
        print_json(records)
    if errors := [*errors, *(made for made in again.values() if isinstance(made, TongbaoError))]:
        raise combined(errors)
    if failed:
        raise typer.Exit(1)


def _again(project: Project, choices: Sequence[Choice]) -> Mapping[str, Rebuilt | TongbaoError]:
    from tongbao.build.rebuild import rebuild
    from tongbao.build.workers import LocalWorkers

    with progress() as shown:
        return rebuild(project, choices, LocalWorkers(), shown)


def _rebuild_record(made: Rebuilt | TongbaoError) -> dict[str, Any]:
    if isinstance(made, TongbaoError):
        return {"error": str(made)}
    return {
        "same": made.same,
        "differing": [vars(difference) for difference in made.differing],
        "otherwise": list(made.otherwise),
    }


def _print_rebuilt(made: Rebuilt) -> None:
    """What came out the same, and of the rest where it differs."""
    color, count = "red" if made.differing else "green", len(made.differing)
    out.print(f"  [{color}]{count} differing[/] of {made.same + count} files made again")
    for one in made.differing:
        at = out.tell(f"line {one.line}") if one.line else ""
        out.print(f"  [red]{escape(one.file)}[/]  {out.tell(one.what)}  {at}".rstrip())
        for name, line in (("present", one.present), ("rebuilt", one.rebuilt)) if one.line else ():
            out.print(Text(f"      {out.tell(name)}  {line}"))  # as it stands in the file
    for what in made.otherwise:
        out.print(f"  [yellow]otherwise now[/]  {escape(what)}")


def _record_and_pages(project: Project, choice: Choice) -> tuple[Path, Path]:
    record = project.processed(choice.series, choice.period) / "findings.json"
    if not record.is_file():
        raise DataError("not built", place=choice.id, hint=f"tongbao build {choice.id}")
    return record, project.page(choice.series, choice.period, "html").with_suffix("")


def _off_record(project: Project, choice: Choice) -> list[str]:
    """What the record holds otherwise than the files it was written from: the definition and the texts."""
    from tongbao.reading.prose import as_recorded  # only needed here

    path = project.processed(choice.series, choice.period) / "findings.json"
    if not path.is_file():
        return []
    record, found = json.loads(path.read_bytes()), []
    for recorded in record["texts"].values():
        text = project.root / recorded["file"]
        if not text.is_file() or as_recorded(text.read_text("utf-8-sig")) != recorded["text"]:
            found.append(f"{recorded['file']} is not the text on record")
    recorded = record["definition"]
    # Where the checks are kept, which are not published.
    recorded |= {"checks": checks} if (checks := read_kept(path.with_name("quality.json")).get("checks")) else {}
    now = json.loads(json.dumps(project.raw_definition(choice.series), default=str))
    other = sorted(key for key in now.keys() | recorded.keys() if now.get(key) != recorded.get(key))
    found += [f"series.yml is not the definition on record: {', '.join(other)}"] if other else []
    return found
