"""What the command line says, in the reader's language: accounts, issues, progress, errors."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from tongbao.basics.catalogue import Lang, catalogue
from tongbao.basics.errors import DataError, TongbaoError, UsageError, system_error
from tongbao.definition.files import relative
from tongbao.definition.formats import FORMATS

if TYPE_CHECKING:
    from tongbao.build.build import Progress, Result
    from tongbao.build.choice import Choice
    from tongbao.bulletin.bulletin import Bulletin
    from tongbao.checks import QualityIssue
    from tongbao.definition.project import Project
    from tongbao_desk.draft import Created
    from tongbao_office.approval import Standing
    from tongbao_verify.record import Record


class Voice(Console):
    """A console that says what it prints in one language; messages come in English."""

    lang: Lang = "en"

    def print(self, *objects: Any, **options: Any) -> None:
        """Print, texts translated; all else as it is."""
        super().print(*(self.tell(one) if isinstance(one, str) else one for one in objects), **options)

    def tell(self, text: str) -> str:
        """A message in the console's language."""
        return catalogue(self.lang)(text)


# As many bulletins are listed by name.
FEW = 20

out = Voice(highlight=False, soft_wrap=True)
err = Voice(stderr=True)


def print_error(error: TongbaoError | OSError) -> None:
    """What a user has to mend, without a traceback."""
    told = system_error(error, f"standard output or {Path.cwd()}") if isinstance(error, OSError) else error
    said = told.told(err.lang, err.tell)
    err.print(Text.assemble((err.tell("error"), "bold red"), " ", said), soft_wrap=True)


# A Latin word or a Chinese character, with the marks that may not be parted from it at the end of a line.
_UNBROKEN = re.compile(r"[（《〈「“‘【〔]*(?:[!-~…—]+|[^!-~\s])[，。；：、？！）》〉」”’】〕]*|\s+")


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns; Chinese, two columns a character, may be broken between any two."""
    lines = [""]
    for piece in _UNBROKEN.findall(text):
        if cell_len(lines[-1]) + cell_len(piece.rstrip()) > width and lines[-1].strip():
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] or len(lines) == 1 else piece.lstrip()
    return lines


def listed(rows: Sequence[tuple[str, str]], width: int) -> str:
    """Names with what is said of each in a second column."""
    left = min(max(cell_len(name) for name, _ in rows), width // 2)
    lines = []
    for name, text in rows:
        lines += [f"  {name}"] if cell_len(name) > left else []
        for number, line in enumerate(wrapped(text, width - left - 4)):
            shown = name if number == 0 and cell_len(name) <= left else ""
            lines.append(f"  {shown}{' ' * (left - cell_len(shown))}  {line}".rstrip())
    return "\n".join(lines)


def print_json(value: object) -> None:
    """A record for machines."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def account_record(account: Record) -> dict[str, object]:
    """An account as JSON."""
    left = [item._asdict() for item in account.left]
    return {"held": dict(account.held), "left_over": left, "not_read": list(account.notes)}


def print_account(account: Record) -> None:
    """An account: what is left over, each with its sentence and the reason."""
    color, count = "red" if account.left else "green", len(account.left)
    out.print(f"  [{color}]{count} left over[/] of {account.held.total()} held to each other")
    for item in account.left:
        out.print(f"  [red]{escape(item.text)}[/]  {item.document}: {escape(item.place)}")
        if item.sentence:
            out.print(f"      in    {escape(item.sentence)}")
        out.print(f"      but   {escape(item.reason)}")
    for what in account.notes:
        out.print(f"  [yellow]not read here[/]  {escape(what)}")


def say_written(path: Path, root: Path) -> None:
    """A file that was written, by its name in the project if it lies there."""
    out.print(f"[green]written[/]     {escape(relative(path, root))}")


def say_sheets(sheets: Sequence[Path], project: Project) -> None:
    """Where return sheets were written."""
    where = sheets[0].parent.relative_to(project.root)
    out.print(f"  {len(sheets) // 2} return sheets: {where}/")


def say_created(made: Created) -> None:
    """What `new` wrote, what is to be looked at, and what comes next."""
    for path in made.files:
        out.print(f"[green]written[/]     {escape(path.as_posix())}")
    for remark in made.remarks:
        out.print(f"[yellow]to check[/]    {escape(remark)}")
    bulletin = f"{made.series}@{made.period}"
    for command, what in (
        (f"tongbao build {bulletin}", "make the page, the PDF and the Word file"),
        (f"tongbao check {bulletin}", "what does not fit in the figures, and what is left to settle"),
        (f"tongbao verify --audit {bulletin}", "account for every number"),
    ):
        _say_next(command, what)


def _say_next(command: str, what: str) -> None:
    out.print(f"[bold]next[/]        {command}  [dim]{what}[/]")


def say_built(project: Project, result: Result) -> None:
    """What a build did."""
    for path in result.removed:
        out.print(f"removed     {escape(str(path.relative_to(project.root)))}")
    say_up_to_date([choice.id for choice in result.fresh])
    for choice in result.built:
        out.print(f"[green]built[/]       {choice.id}")
    for path in (path for path in result.files if path.suffix[1:] in FORMATS):  # data files stand beside them
        out.print(f"            {escape(str(path.relative_to(project.root)))}")
    if any(path.suffix == ".pdf" for path in result.files):
        from tongbao.display.fonts import substituted_faces  # only needed here

        for used, faces in substituted_faces(project.root, project.work / "fonts").items():
            out.print(f"fonts       {', '.join(faces)}: not at hand, {used} stands in (fonts/README.md)")
    say_strays(project, result.built)
    _say_warnings(project, result.built)
    if files := result.around:
        index = (project.site / "index.html").relative_to(project.root)
        out.print(f"[green]written[/]     {escape(str(index))} and around it: {len(files)} files")


def say_strays(project: Project, choices: Sequence[Choice]) -> None:
    """Tables that lie beside the figures of bulletins under names that nothing is read from."""
    from tongbao.reading.folder import strays  # only needed here
    from tongbao.reading.grid import SUFFIXES  # same

    for choice in choices:
        folder, records = project.raw(choice.series, choice.period), project.records(choice.series, choice.period)
        for path in strays(folder, project.get_series(choice.series)):
            if path not in records and path.suffix.lower() in SUFFIXES:
                place = escape(path.relative_to(project.root).as_posix())
                out.print(f"[yellow]not read[/]    {place}: no table of the series has this name")


def say_unused_totals(bulletins: Sequence[Bulletin]) -> None:
    """What totals' rows state of columns that have no figure of the whole area."""
    from tongbao.checks.totals import unused_totals  # only needed here

    for bulletin in bulletins:
        for column, cell in unused_totals(bulletin.indicators):
            found, place = escape(f"{column.header}: {cell.text.strip()}"), escape(str(cell.source))
            out.print(f"[yellow]not used[/]    {place}: the totals' row states {found} (area: none)")
            out.print("            area: reported at the column takes it as the figure of the whole area")


def say_wordings(project: Project, choices: Sequence[Choice]) -> None:
    """Wordings of the series that seem to contradict their rules."""
    from tongbao.definition.wordings import contrary_wordings  # only needed here

    for name in dict.fromkeys(choice.series for choice in choices):
        series = project.get_series(name)
        for place, problem in contrary_wordings(series):
            where, told = escape(series.where(*place)), escape(out.tell(problem))
            out.print(f"[yellow]wording[/]     {where}: {told}")


def _say_warnings(project: Project, choices: Sequence[Choice]) -> None:
    """Of which bulletins that were built the figures are doubted."""
    told: dict[str, int] = {}
    for choice in choices:
        quality = json.loads((project.processed(choice.series, choice.period) / "quality.json").read_bytes())
        if count := sum(issue["level"] == "warning" for issue in quality["issues"]):
            told[escape(choice.id)] = count
    for name, count in told.items() if len(told) <= FEW else ():
        what = "1 warning" if count == 1 else f"{count} warnings"
        out.print(f"[yellow]doubtful[/]    {name}: {what} about the figures, see tongbao check {name}")
    if len(told) > FEW:
        out.print(f"[yellow]doubtful[/]    figures of {len(told)} bulletins, see tongbao check")


def say_summary(project: Project, result: Result, seconds: float) -> None:
    """How many bulletins were built, left alone and not built, how long it took, and where to look."""
    if result.built or result.failed:
        built, fresh, failed = map(len, (result.built, result.fresh, result.failed))
        said = f"{built} built, {fresh} unchanged, {failed} failed in {seconds:.0f} s"
        index = (project.site / "index.html").relative_to(project.root)
        out.print(f"[red]not all[/]     {said}" if failed else f"[green]done[/]        {said}, see {index}")
    wrong = [name for name, error in result.failed.items() if isinstance(error, DataError)]
    for name in wrong[:3]:
        _say_next(f"tongbao check {name}", "what does not fit, and a return sheet for each county that has to answer")


def say_fresh(known: Mapping[str, Any]) -> None:
    """That nothing is to be done."""
    say_up_to_date(known["bulletins"])
    say_drafts(known["drafts"])


def say_up_to_date(names: Sequence[str]) -> None:
    """Bulletins that are up to date; of many, how many."""
    if len(names) > FEW:
        out.print(f"[green]up to date[/]  {len(names)} bulletins")
    for name in names if len(names) <= FEW else ():
        out.print(f"[green]up to date[/]  {name}")


def say_drafts(drafts: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """Which bulletins are drafts, with the first of what is left to settle."""
    for name, points in drafts.items():
        say_draft(name, points, few=3)


def say_draft(name: str, points: Sequence[Sequence[str]], few: int | None = None) -> None:
    """That a bulletin is a draft and what is left to settle: place and text, all of it or the first few."""
    if not points:
        return
    what = "1 point" if len(points) == 1 else f"{len(points)} points"
    more = f": tongbao check {name} lists them" if few is not None and len(points) > few else ""
    out.print(f"[yellow]draft[/]       {escape(name)}: {what} left to settle, not for publication{escape(more)}")
    for place, text in points[:few]:
        out.print(Text(f"            {place}  {text}"))  # as it stands in the file, in whatever language


def print_issues(name: str, issues: Sequence[QualityIssue]) -> None:
    """What the checks found, the most serious first."""
    colours = {"error": "red", "warning": "yellow", "note": "dim"}
    counts = ("，" if out.lang == "zh" else ", ").join(
        out.tell(f"{count} {level}{'s' if count > 1 else ''}")
        for level in colours
        if (count := sum(issue.level == level for issue in issues))
    )
    out.print(f"[bold]{name}[/]  {counts or 'nothing found'}")
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    room = out.width - max((cell_len(out.tell(issue.level)) for issue in issues), default=0) - 4
    for issue in issues:
        place = f"\n[dim]{escape(issue.place_in(out.lang))}[/]" if issue.cells else ""
        level = f"[{colours[issue.level]}]{out.tell(issue.level)}[/]"
        hint = f"\n[dim]{escape(chr(10).join(wrapped(out.tell(issue.hint), room)))}[/]" if issue.hint else ""
        table.add_row(f"  {level}", escape("\n".join(wrapped(issue.message[out.lang], room))) + place + hint)
    out.print(table, soft_wrap=False)


def say_approvals(project: Project, choices: Sequence[Choice]) -> None:
    """Of every bulletin on which somebody has decided: who approves, and why other approvals no longer count."""
    decided = [
        one for one in choices if any((project.root / "reports" / one.series / "approvals").glob(f"{one.period}.*"))
    ]
    if not decided:
        return
    from tongbao_office.approval import Bulletin, standing

    for choice in decided:
        try:
            now = standing(Bulletin.open(project, choice.series, choice.period))
        except DataError as error:
            out.print(f"[yellow]not approved[/]  {choice.id}: {escape(out.tell(error.message))}")
            continue
        state = out.tell("approved" if now.is_approved else "not approved")
        color = "green" if now.is_approved else "yellow"
        out.print(f"[{color}]{state}[/]  {choice.id}: {len(now.holding)} of {now.needed}")
        _say_standing(now)


def _say_standing(now: Standing) -> None:
    for one in now.holding:
        note = f"  {one.record.note}" if one.record.note else ""
        signed = out.tell("signed" if one.signed == "signed" else "not signed")
        out.print(f"  {escape(one.record.by)}  {one.record.time[:16]}  {signed}{escape(note)}")
    for one, reason in now.fallen:
        first, *more = map(escape, out.tell(reason).splitlines())
        out.print(f"  [yellow]approval by {escape(one.record.by)} does not count[/]: {first}")
        for line in more:
            out.print(f"      {line}")


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress bar on a terminal, lines where the output goes to a file."""
    from tongbao.build.build import Progress

    if not err.is_terminal:
        lines = _Lines()
        yield Progress(lines.started, lines.step)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars
    from rich.progress import TimeRemainingColumn as Left

    stage, last = TextColumn("{task.description:<18}"), TextColumn("{task.fields[last]}", style="dim")
    columns = (SpinnerColumn(), stage, BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn(), Left(), last)
    with Bars(*columns, console=err, transient=True) as bars:
        task: list[Any] = []

        def started(stage: str, count: int) -> None:
            if task:
                bars.update(task[-1], last="")
            task.append(bars.add_task(err.tell(stage), total=count, last=""))

        def step(what: str) -> None:
            bars.update(task[-1], advance=1, last=what)

        yield Progress(started, step)


class _Lines:
    """A line as a stage begins, and one every ten seconds at most."""

    def started(self, stage: str, count: int) -> None:
        self.stage, self.count, self.done = stage, count, 0
        self.began = self.said = monotonic()
        err.print(f"{err.tell(stage)}  0/{count}")

    def step(self, _what: str) -> None:
        self.done += 1
        now = monotonic()
        if now - self.said >= 10:
            self.said = now
            left = (now - self.began) * (self.count - self.done) / self.done
            err.print(f"{err.tell(self.stage)}  {self.done}/{self.count}  {err.tell(f'about {left:.0f} s left')}")


def say_stopped() -> None:
    """What an interrupt left behind."""
    err.print("stopped; what was done is kept, the rest is as it was")


def one_period(project: Project, target: str, what: str) -> tuple[str, str]:
    """The series and period of a target that must name both; ``what`` is made of it.

    Raises:
        UsageError: no period stands in it.
    """
    name, at, period = target.partition("@")
    if not at:
        periods = project.periods(name) if name in project.series_names else []
        given = f"{name}@{periods[-1]}" if periods else "SERIES@PERIOD"
        raise UsageError(f"{what} is for one period", found=target, expected=given)
    return name, period
