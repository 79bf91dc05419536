"""One bulletin: raw → figures → checks → findings → words. This is the methodology in ten lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, partial

from tongbao.basics.errors import DataError, UsageError, combined
from tongbao.basics.period import Period
from tongbao.bulletin.annexes import require_room
from tongbao.bulletin.narrative import Narrative
from tongbao.bulletin.reviews import Review, load_reviews
from tongbao.checks import QualityIssue, check
from tongbao.definition.files import relative, require_inside
from tongbao.definition.model import Lang, Text
from tongbao.definition.project import Project
from tongbao.definition.series import Series
from tongbao.definition.sources import sources_of
from tongbao.figures.figure import Figure
from tongbao.figures.history import History
from tongbao.figures.indicators import Indicators
from tongbao.findings import Finding, find
from tongbao.reading.draft import OpenPoint, open_points
from tongbao.reading.gathered import Doubt
from tongbao.reading.prose import Header, Prose, read_edition, read_prose
from tongbao.reading.received import Received, read_received


@dataclass(frozen=True)
class Bulletin:
    """All there is to say about one period of one series.

    ``lang`` is the edition to show, ``prose`` the authored text of each, ``history`` the figures of other periods;
    with any ``open_points`` it is a draft.
    """

    project: Project
    series: Series
    period: Period
    parameters: Mapping[str, Decimal]
    prose: Mapping[Lang, Prose]
    history: History
    indicators: Indicators
    findings: Mapping[str, Finding]
    quality: tuple[QualityIssue, ...]
    open_points: tuple[OpenPoint, ...]
    lang: Lang

    @classmethod
    def open(
        cls, project: Project, series_id: str, period_id: str, parameters: Mapping[str, object], lang: str | None = None
    ) -> Bulletin:
        """Read a period's figures and compute everything the bulletin says.

        Arguments:
            project: where the series lies.
            series_id: ``wenzhou-monthly``.
            period_id: ``2021-01-to-02``.
            parameters: values for the series' parameters; what is not given takes its default.
            lang: the edition to show; the issuer's own language where it is not given.

        Raises:
            UsageError: unknown series, period, parameter or edition, or a value out of range.
            DataError: figures that cannot be used.
        """
        series = project.get_series(series_id)
        period = project.get_period(series_id, period_id)
        values = series.parameter_values(parameters)
        shown = edition(series, lang)
        prose = _read_editions(project, series, period)
        header = prose[series.lang].header
        history = History(series, values, partial(_received, project, series, values, period))
        indicators = history.at(period)
        _require_present_units(indicators.received)
        _ask_for_doubted(project, series, history, indicators.received)
        quality = check(indicators, header, period)
        findings = find(indicators, period, quality, header)
        left = open_points(project, series_id, period)
        return cls(project, series, period, values, prose, history, indicators, findings, tuple(quality), left, shown)

    def __getstate__(self) -> dict[str, object]:
        """What was computed, and the words; not what chance can do."""
        return {name: value for name, value in vars(self).items() if name != "reviews"}

    def require_sound(self) -> None:
        """Stop where a check of level ``error`` found something, or texts and annexes cannot be printed.

        Raises:
            DataError: all such issues, each with its place.
            DefinitionError: as ``require_printable``.
        """
        errors = [issue for issue in self.quality if issue.level == "error"]
        if errors:
            raise combined([_refusal(issue) for issue in errors])
        self.require_printable()

    def require_printable(self) -> None:
        """Stop where a text cannot be filled or an annex has no room.

        Raises:
            DefinitionError: a placeholder that is unknown or has no figure; an annex wider than its page.
        """
        for narrative in self.narratives.values():
            narrative.compose()
        require_room(self.indicators)

    @property
    def received(self) -> Received:
        """The period's figures as received."""
        return self.indicators.received

    @property
    def header(self) -> Header:
        """Dates and number of the document, the same for every edition."""
        return self.prose[self.series.lang].header

    @property
    def id(self) -> str:
        """``series@period``."""
        return f"{self.series.id}@{self.period}"

    def shown_in(self, lang: Lang) -> Bulletin:
        """The same bulletin, with another edition to show."""
        shown = replace(self)
        vars(shown).update(vars(self) | {"lang": lang})  # with what has followed from it already
        return shown

    @cached_property
    def narratives(self) -> Mapping[Lang, Narrative]:
        """The words of every edition."""
        return {
            lang: Narrative(self.indicators, self.findings, prose, self.period, lang, draft=bool(self.open_points))
            for lang, prose in self.prose.items()
        }

    @property
    def narrative(self) -> Narrative:
        """The words of the edition to show."""
        return self.narratives[self.lang]

    def figures_outside_findings(self, lang: Lang) -> dict[str, Figure]:
        """The figures of an edition's text that stand in no finding's sentence, by mark key."""
        narrative = self.narratives[lang]
        narrative.compose()
        stated = {key for finding in self.findings.values() for key in finding.figures}
        return {key: figure for key, figure in narrative.figures.items() if key not in stated}

    @property
    def disclosed(self) -> tuple[QualityIssue, ...]:
        """What the public page says of the returns: where it prints what they state, not what is computed."""
        columns = self.series.columns
        printed = {name for name, column in columns.items() if column.stated.printed}
        totals = {name for name, column in columns.items() if column.area == "reported"}
        return tuple(
            issue
            for issue in self.quality
            if printed & set(issue.columns) or (issue.check == "reported-total" and totals & set(issue.columns))
        )

    @property
    def former_units(self) -> dict[Period, tuple[Text, ...]]:
        """Units that are none any more, by the periods compared with that leave their rows out, in order."""
        found: dict[Period, tuple[Text, ...]] = {}
        for period, indicators in sorted(self.history.known.items()):
            names = {name for table in indicators.received.tables.values() for name in table.former}
            if left := tuple(name for name in self.series.former_units if name.zh in names):
                found[period] = left
        return found

    @cached_property
    def published(self) -> dict[tuple[str, str], str]:
        """Where the raw file of a table's cells is published, from the page, as far as it was asked for."""
        return {}

    @cached_property
    def reviews(self) -> Mapping[str, Review]:
        """What reviewers are told beside the circular; never in its text."""
        return {name: review(self) for name, review in load_reviews().items()}


def edition(series: Series, lang: str | None) -> Lang:
    """The language of an edition; the issuer's own where none is given.

    Raises:
        UsageError: the series does not appear in it.
    """
    for known in series.languages:
        if lang in (None, known):
            return known
    raise UsageError(
        f"series {series.id} does not appear in this language",
        found=lang,
        expected=" or ".join(series.languages),
        hint=f"to add it, list it under languages in reports/{series.id}/series.yml",
    )


def _read_editions(project: Project, series: Series, period: Period) -> dict[Lang, Prose]:
    """The authored text of every language, the issuer's own first."""
    original = read_prose(project.prose(series.id, period), series, project.root)
    found: dict[Lang, Prose] = {series.lang: original}
    for lang in series.languages[1:]:
        found[lang] = read_edition(project.prose(series.id, period, lang), series, project.root, lang, original)
    return found


def _received(
    project: Project, series: Series, parameters: Mapping[str, Decimal], own: Period, period: Period
) -> Received | None:
    """A period's figures as received; ``None`` where there are none. The bulletin's own are seen beside the others."""
    if not project.raw(series.id, period).is_dir():
        return None
    received = read_received(project, series, period, parameters)
    if period != own:
        return received
    return replace(received, doubts=(*received.doubts, *_beside_others(project, series, own)))


def _beside_others(project: Project, series: Series, own: Period) -> Iterator[Doubt]:
    """What is doubtful in a period's figures beside those of the periods that it may be summed or compared with."""
    sources = sources_of(series)
    if sources:
        spans = [own, *series.compared_with(own)]
        near = [period for period in project.periods(series.id) if any(period.lies_in(span) for span in spans)]
        files = {
            period: [(require_inside(path, project.root), relative(path, project.root)) for path in paths]
            for period in near
            if (paths := project.records(series.id, period))
        }
        for source in sources:
            yield from source.beside_others(series, own, files)


def _ask_for_doubted(project: Project, series: Series, history: History, received: Received) -> None:
    """Take the periods whose files hold a record in doubt for inputs of the bulletin."""
    doubted = {cell.source.file.partition(" [")[0] for doubt in received.doubts for cell in doubt.cells}
    for period in project.periods(series.id) if doubted - received.files.keys() else ():
        if doubted & {relative(path, project.root) for path in project.records(series.id, period)}:
            history.at(period)


def _require_present_units(received: Received) -> None:
    """See that no row is of a unit that is none any more.

    Raises:
        DataError: one is; its total would be without it.
    """
    rows = [(name, place) for table in received.tables.values() for name, place in table.former.items()]
    if rows:
        raise combined(
            [
                DataError(
                    "a row of a former unit",
                    place=place,
                    found=name,
                    expected="a unit of the series: former_units are read of earlier periods only",
                    hint="take the row out; a bulletin of the time before needs the series as it was then",
                )
                for name, place in rows
            ]
        )


def _refusal(issue: QualityIssue) -> DataError:
    error = DataError(issue.message["en"], place=issue.place)
    error.wordings = issue.message
    return error
