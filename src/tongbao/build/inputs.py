"""What bulletins and the index are made from now, each file looked at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from tongbao.basics.period import Period
from tongbao.build.hashes import Hashes
from tongbao.bulletin.manifest import (
    Manifest,
    changed_inputs,
    changed_outputs,
    code_hash,
    read_manifest,
)
from tongbao.definition.files import names_below, relative
from tongbao.definition.project import Project
from tongbao.definition.sources import sources_of


class Inputs:
    """The inputs of a project's bulletins.

    Arguments:
        project: where they lie.
        hashes: of its files.
        engine: the renderer and the versions behind it.
    """

    def __init__(self, project: Project, hashes: Hashes, engine: Mapping[str, str]) -> None:
        self.project, self.hashes, self.engine = project, hashes, dict(engine)
        self._years: dict[str, dict[int, list[Period]]] = {}
        self._raw: dict[tuple[str, Period], list[str]] = {}

    def manifest(
        self, series: str, period: Period, parameters: Mapping[str, Decimal], compared: Iterable[Period] | None = None
    ) -> Manifest:
        """The manifest that a bulletin would have if it were built now, without its outputs.

        Arguments:
            series: its series.
            period: its period.
            parameters: their values.
            compared: the periods that it asks for; where that is not known, all that it could.
        """
        spans = list(self.project.get_series(series).compared_with(period) if compared is None else compared)
        values = {name: format(value.normalize(), "f") for name, value in parameters.items()}
        names = [*self._own(series, period), *self._figures(series, [period, *spans])]
        inputs = dict(sorted((self._shared | self._hashed(names)).items()))
        return Manifest(series, str(period), inputs, values, code_hash(), self.engine, compared=sorted(map(str, spans)))

    def again(self, series: str, period: Period, built: Manifest) -> Manifest:
        """The same of a bulletin that was built: with the parameters, and the periods that it asked for, of then."""
        parameters = {name: Decimal(value) for name, value in built.parameters.items()}
        return self.manifest(series, period, parameters, map(Period.parse, built.compared))

    @cached_property
    def _shared(self) -> dict[str, str]:
        """What every page depends on."""
        root = self.project.root
        below = [*(root / "theme").rglob("*"), *(root / "fonts").glob("*")]
        names = self._names([root / "_quarto.yml", root / "requirements.lock", *below])
        return self._hashed(names)

    def _own(self, series: str, period: Period) -> list[str]:
        """Definitions, texts and notebook of a bulletin."""
        project = self.project
        texts = [project.prose(series, period, lang) for lang in project.get_series(series).languages]
        return self._names([*project.definitions(series), *texts, project.notebook(series)])

    def _figures(self, series: str, spans: Sequence[Period]) -> list[str]:
        """The files received for periods, and for the shorter ones inside them, whose sum may stand for theirs.

        Figures that count from January on are never summed; case records are looked at across periods all the same.
        """
        if series not in self._years:
            years: dict[int, list[Period]] = {}
            for received in self.project.periods(series):
                years.setdefault(received.year, []).append(received)
            self._years[series] = years
        near = {one for span in spans for one in self._inside(series, span)}
        return [name for received in near for name in self._received(series, received)]

    def _inside(self, series: str, span: Period) -> list[Period]:
        """The periods received of which the figures of one may be made."""
        known, declared = self._years[series].get(span.year, []), self.project.get_series(series)
        if declared.cumulative and not sources_of(declared) and all(one.first == 1 for one in known):
            return [one for one in known if one in span.same_span()]
        return [one for one in known if one.lies_in(span)]

    def _received(self, series: str, period: Period) -> list[str]:
        if (series, period) not in self._raw:
            project, folder = self.project, self.project.raw(series, period)
            above = relative(folder, project.root)
            with suppress(FileNotFoundError):  # it went away
                self._raw[series, period] = [f"{above}/{name}" for name in names_below(folder)]
            others = [*project.records(series, period), project.facts(series, period)]
            self._raw.setdefault((series, period), []).extend(self._names(others))
        return self._raw[series, period]

    def _names(self, paths: Iterable[Path]) -> list[str]:
        return [relative(path, self.project.root) for path in paths]

    def _hashed(self, names: Iterable[str]) -> dict[str, str]:
        return {name: digest for name in names if (digest := self.hashes.of(name)) is not None}


def changes_since_build(project: Project, series: str, period: Period) -> list[str]:
    """What no longer is as it was built: outputs against their recorded hashes, and inputs against theirs.

    Unlike ``reasons`` this asks nothing of the engine or the code: it is for whoever receives a built bulletin.
    """
    built = read_manifest(project.processed(series, period))
    if built is None:
        return ["never built"]
    hashes = Hashes(project, trust=False)
    now = Inputs(project, hashes, built.engine).again(series, period, built)
    return [*changed_outputs(built, hashes.of), *changed_inputs(now, built)]
