"""Write a new series into a project: everything is read back and computed once before a file is put in place."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tongbao.basics.errors import DataError, TongbaoError, UsageError, combined
from tongbao.basics.period import Period
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.files import move, names_below
from tongbao.definition.model import Lang
from tongbao.definition.project import Project
from tongbao.reading.periods import find_period
from tongbao_desk.draft.annexes import columns_by_annex
from tongbao_desk.draft.definition import define
from tongbao_desk.draft.notebook import notebook_text
from tongbao_desk.draft.survey import survey
from tongbao_desk.templates import remarks_in, render

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Created:
    """A series that was written: its files, the period, and the choices to look at."""

    series: str
    period: Period
    files: tuple[Path, ...]
    remarks: tuple[str, ...]


def create(
    project: Project,
    series: str,
    table: Path,
    period: Period | None = None,
    *,
    title: str | None = None,
    authority: str | None = None,
    synthetic: bool = False,
    lang: Lang = "zh",
) -> Created:
    """Draw up a series from a table as received, and write definition, notebook, first text and the table itself.

    Arguments:
        project: where to write.
        series: the new series' id.
        table: a workbook or text file.
        period: what the table covers; ``None`` takes it from the title row or the file's name.
        title: what the circular is about; ``None`` takes it from the title row.
        authority: the issuer.
        synthetic: whether the figures are made up.
        lang: of remarks.

    Raises:
        UsageError: the id cannot be used or is taken, or the period is not known; nothing is written.
        DataError: the table cannot be read; with file, sheet, row and column; nothing is written.
    """
    _refuse_taken(project, series)
    found = survey(table, str(table))
    known = period or find_period(table.stem, found.titles)
    if known is None:
        expected = "--period 2026-10, or a title row or file name that says one (2026年10月)"
        raise UsageError("the period is not known", place=str(table), expected=expected)
    name = f"{'synthetic-' if synthetic else ''}annex{table.suffix.lower()}"
    draw_up = partial(define, found, title, authority, series=series, file=name, period=known, synthetic=synthetic)
    definition = draw_up()
    project.made.mkdir(parents=True, exist_ok=True)
    own = f"data/raw/{series}/{known}/{name}"
    with TemporaryDirectory(prefix="new-", dir=project.made) as folder:
        stage = partial(_stage, Path(folder), series, known, table, name, lang)
        try:
            drafted = stage(definition.text)
            if len(annexes := columns_by_annex(drafted)) > 1:
                definition = draw_up(annexes=annexes)
                drafted = stage(definition.text)
            for narrative in drafted.narratives.values():
                narrative.compose()
        except DataError as error:
            raise combined([_renamed(part, own, str(table)) for part in error.parts or (error,)]) from None
        files = [Path(name) for name in names_below(Path(folder))]
        put_in_place(Path(folder), project.root, files)
    # What the table lacks does not keep a draft from being written; it stops a build.
    lacks = [f"{issue.place}: {issue.message[lang]}" for issue in drafted.quality if issue.level == "error"]
    others = [f"other sheets were not read: {', '.join(found.others)}"] if found.others else []
    files.sort(key=lambda path: [not path.name.endswith(end) for end in ("series.yml", ".md", ".ipynb")])
    return Created(series, known, tuple(files), (*others, *definition.remarks, *lacks))


def _refuse_taken(project: Project, series: str) -> None:
    if not _ID.fullmatch(series):
        expected = "small letters, digits and hyphens: hotline-monthly"
        raise UsageError("not a series' id", found=series, expected=expected)
    for place in (f"reports/{series}", f"data/raw/{series}", f"notebooks/{series}.ipynb"):
        if (project.root / place).exists():
            hint = f"take another id; to add a period: tongbao new {series}@PERIOD --from FILE"
            raise UsageError(f"series {series} exists already", found=place, hint=hint)


def _stage(root: Path, series: str, period: Period, table: Path, name: str, lang: str, definition: str) -> Bulletin:
    """Everything under a folder of its own, laid out as the project is; and read back."""
    staged = Project(root)
    reports, notebooks, raw = staged.root / "reports" / series, staged.root / "notebooks", staged.raw(series, period)
    for folder in (reports, notebooks, raw):
        folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(table, raw / name)
    (reports / "series.yml").write_text(remarks_in(definition, lang), "utf-8", newline="\n")
    loaded = staged.get_series(series)
    issued = period.end + timedelta(days=1)
    problems = [name for name in ("rate_below", "zero") if name in loaded.findings]
    prose = remarks_in(render("period.md", issued=issued.isoformat(), problems=problems), lang)
    staged.prose(series, period).write_text(prose, "utf-8", newline="\n")
    (notebooks / f"{series}.ipynb").write_text(notebook_text(loaded, str(period)), "utf-8", newline="\n")
    return Bulletin.open(staged, series, str(period), {})


def _renamed(error: TongbaoError, staged: str, given: str) -> TongbaoError:
    """Name the user's own file in what is wrong with the table."""
    place = error.place.replace(staged, given) if error.place else given
    return type(error)(error.message, place=place, found=error.found, expected=error.expected, hint=error.hint)


def put_in_place(source: Path, target: Path, files: list[Path]) -> None:
    """All files, or none: what was put in place is taken back if one cannot be."""
    done: list[Path] = []
    try:
        for file in files:
            place = target / file
            place.parent.mkdir(parents=True, exist_ok=True)
            move(source / file, place)
            done.append(place)
    except BaseException:
        for place in done:
            place.unlink(missing_ok=True)
        raise
