"""Begin a period of a series that exists: its figures in place, last period's words to revise, its facts to fill in.

Nothing is invented: what has to be given anew is marked, so that the period is a draft until it is.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tongbao.basics.errors import DataError, UsageError
from tongbao.basics.period import Period
from tongbao.definition.files import names_below, relative
from tongbao.definition.project import Project
from tongbao.definition.series import Series
from tongbao.reading.draft import open_points
from tongbao.reading.folder import is_there
from tongbao.reading.grid import SUFFIXES, read_sheets
from tongbao.reading.periods import other_period
from tongbao.reading.prose import EditionHeader, Header, Prose, read_edition, read_prose
from tongbao.reading.tables import read_table
from tongbao_desk.draft.create import Created, put_in_place
from tongbao_desk.templates import as_yaml, remarks_in, render

_VALUES, _SOURCES = ("数值", "英文数值"), ("来源", "英文来源")
_TITLE_ROWS = 5
_MARKED = re.compile(
    r"^<!-- CHECK: (?:last period's words|上期文字).*-->\n*", re.MULTILINE
)  # as next-period.md marks them


def begin(project: Project, name: str, period: Period, received: Sequence[Path] = (), lang: str = "en") -> Created:
    """Write what a period of a series begins with: all files, or none.

    These are the tables as received under the names that the series declares, a text for every language with last
    period's sections, and the facts that last period had, without their values. Last period is the one before.

    Arguments:
        project: where to write.
        name: the series.
        period: the new period.
        lang: of remarks.
        received: workbooks or text files, each with one or more of the series' tables.

    Raises:
        UsageError: an unknown series, a period that its figures cannot be of, or a file that would be overwritten.
        DataError: a file holds none of the series' tables; with its place.
    """
    series = project.get_series(name)
    project.require_cumulation(name, period)
    before = [known for known in project.periods(name) if known != period and known.end <= period.end]
    last = max(before, key=lambda known: known.end, default=None)
    project.made.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="new-", dir=project.made) as folder:
        staged = Project(Path(folder))
        for table in received:
            _put_figures(staged, series, period, table)
        texts = [(file, remarks_in(text, lang)) for file, text in _texts(project, series, period, last)]
        for file, text in (*texts, *_facts(project, series, period, last)):
            path = staged.root / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        files = [Path(name) for name in names_below(staged.root)]
        _refuse_taken(project, files)
        put_in_place(staged.root, project.root, files)
    points = (point for point in open_points(project, name, period) if not point.file.endswith(".csv"))
    said = [(table.name, other_period(_titles(table), period)) for table in received]
    remarks = [f"{file} speaks of {words}: are these the figures of {period}?" for file, words in said if words]
    remarks += [f"{point.place}  {point.text}" for point in points]
    raw = project.raw(name, period)
    wanted = [definition.file for definition in series.tables.values() if definition.file]
    if missing := [file for file in wanted if not is_there(raw, file)]:
        remarks.append(f"still to be put into data/raw/{name}/{period}/: {', '.join(missing)}")
    if any(file.name == "facts.csv" for file in files):
        remarks.append(f"data/raw/{name}/{period}/facts.csv: values are to be filled in, sources to be confirmed")
    return Created(name, period, tuple(files), tuple(remarks))


def _titles(table: Path) -> list[str]:
    """A file's name, and what its first rows say."""
    shown = [sheet for sheet in read_sheets(table, str(table)) if not sheet.hidden]
    return [table.stem, *(cell.text for sheet in shown for row in sheet.rows[:_TITLE_ROWS] for cell in row)]


def _refuse_taken(project: Project, files: list[Path]) -> None:
    """Nothing is written over; a table is there under any of its endings."""
    for file in files:
        endings = SUFFIXES if file.parts[0] == "data" and file.name != "facts.csv" else (file.suffix,)
        taken = [path for ending in endings if (path := file.with_suffix(ending)) and (project.root / path).exists()]
        if taken:
            hint = "nothing is overwritten: move it away, or edit it as it is"
            raise UsageError("the period has been begun already", found=taken[0].as_posix(), hint=hint)


def _put_figures(staged: Project, series: Series, period: Period, table: Path) -> None:
    """The file under the name of each table that is found in it; single cells are for the check to look at."""
    raw, complaints, put = staged.raw(series.id, period), list[DataError](), False
    raw.mkdir(parents=True, exist_ok=True)
    for name, definition in series.tables.items():
        if definition.file is None or "*" in definition.file:
            continue
        target = (raw / definition.file).with_suffix(table.suffix.lower())
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            continue
        try:
            shutil.copyfile(table, target)
            read_table(name, definition, series, raw, staged.root, [])
            put = True
        except DataError as error:
            target.unlink()
            own = relative(target, staged.root)
            error.place = error.place.replace(own, str(table)) if error.place else None
            complaints.append(error)
    if complaints and not put:
        raise complaints[0]
    if not put:
        hint = f"put the files into data/raw/{series.id}/{period}/ yourself"
        raise UsageError(f"series {series.id} reads no single file", found=str(table), hint=hint)


def _texts(project: Project, series: Series, period: Period, last: Period | None) -> Iterator[tuple[str, str]]:
    """The text of each language that the period has not inherited: last period's, to revise, or its headings."""
    before: Prose | None = None
    if last is not None and project.prose(series.id, last).is_file():
        before = read_prose(project.prose(series.id, last), series, project.root)
    for lang in series.languages:
        file = f"reports/{series.id}/{project.edition(series.id, period, lang)}.md"
        inherited = project.prose(series.id, period, lang)
        if inherited.is_file() and relative(inherited, project.root) != file:
            continue
        own = before
        if before is not None and lang != series.lang:
            assert last is not None  # noqa: S101  # there is its text
            path = project.prose(series.id, last, lang)
            own = read_edition(path, series, project.root, lang, before)
        passages = (
            {name: _MARKED.sub("", passage.written).strip() for name, passage in own.passages.items()} if own else {}
        )
        sections = [
            (section.heading.get(lang), passages.get(section.id, ""))
            for section in series.sections
            if section.id in passages or not section.paragraphs
        ]
        head = _header(own, period) if lang == series.lang else _edition_header(own)
        if lang == series.lang or sections:
            yield file, render("next-period.md", head=head, sections=sections)


def _header(last: Prose | None, period: Period) -> list[str]:
    """The lines of the header: dates and number to be given, with those of last period's that have to be given anew."""
    day = period.end + timedelta(days=1)
    lines = [f"issued: {day} # CHECK: the date of issue; this is the first day after the period"]
    header = last.header if last else Header(issued=day)
    if header.statistics_date is not None:
        lines.append(f"statistics_date: {day} # CHECK: the day the figures were drawn")
    if header.number is not None:
        lines.append(f"number: 0 # CHECK: the running number; last period's was {header.number}")
    return lines + _edition_header(last)


def _edition_header(last: Prose | None) -> list[str]:
    names = EditionHeader(names=last.names if last else ()).names
    return [f"names: [{', '.join(map(as_yaml, names))}]"] if names else []


def _facts(project: Project, series: Series, period: Period, last: Period | None) -> Iterator[tuple[str, str]]:
    """Last period's facts without their values; their sources are to be given anew."""
    if last is None or not (path := project.facts(series.id, last)).is_file():
        return
    header, *rows = [
        [cell.text.strip() for cell in row] for row in read_sheets(path, relative(path, project.root))[0].rows
    ]
    for row in filter(any, rows):
        for at, name in enumerate(header):
            if name in _VALUES:
                row[at] = ""
            elif name in _SOURCES and row[at]:
                row[at] = f"CHECK: {row[at].removeprefix('CHECK:').strip()}"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *filter(any, rows)])
    yield f"data/raw/{series.id}/{period}/facts.csv", text.getvalue()
