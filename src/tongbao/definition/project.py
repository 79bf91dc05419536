"""Where things lie: the project's root, its series and their periods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tongbao.basics.errors import DefinitionError, UsageError, did_you_mean
from tongbao.basics.period import Period
from tongbao.definition.files import relative
from tongbao.definition.loader import extended, load_series, raw_definition
from tongbao.definition.series import Series

# The folders of what is built, each replaced whole; beside them stand ``index.ipynb`` and executed notebooks.
TREES = ("_site", "data/processed")


@dataclass(frozen=True)
class Project:
    """A project folder. ``root`` holds ``_quarto.yml``, ``reports/`` and ``data/``.

    ``coming`` is where the next state of what is built stands while it is made; otherwise that is the root, too.
    """

    root: Path
    coming: Path | None = None

    @classmethod
    def find(cls, start: Path | None = None) -> Project:
        """The project that ``start`` (default: the working folder) lies in.

        Raises:
            UsageError: no folder above holds ``_quarto.yml`` and ``reports/``.
        """
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / "_quarto.yml").is_file() and (folder / "reports").is_dir():
                return cls(folder)
        raise UsageError(
            "no project here",
            found=str(here),
            expected="a folder with _quarto.yml and reports/, or one below it",
            hint="change to the project's folder first",
        )

    @property
    def series_names(self) -> list[str]:
        """Ids of all declared series, in alphabetical order."""
        return sorted(path.parent.name for path in (self.root / "reports").glob("*/series.yml"))

    def get_series(self, name: str, *, names_are_known: bool = True) -> Series:
        """A series by id; with ``names_are_known=False`` also one that names what it does not declare.

        Raises:
            UsageError: there is none; names the closest.
            DefinitionError: its definition has faults.
        """
        if name not in self._loaded:
            if name not in self.series_names:
                raise UsageError(f"no series {name}", hint=did_you_mean(name, self.series_names))
            path = self._definition(name)
            self._loaded[name] = load_series(path, relative(path, self.root), names_are_known=names_are_known)
        return self._loaded[name]

    def raw_definition(self, name: str) -> dict[str, Any]:
        """A series' definition as written, merged with what it extends."""
        if name not in self._as_written:
            path = self._definition(name)
            self._as_written[name] = raw_definition(path, relative(path, self.root))
        return self._as_written[name]

    def _extended(self, name: str) -> tuple[str, ...]:
        """A series, the one that it extends, and so on."""
        if name not in self._chains:
            path = self._definition(name)
            self._chains[name] = extended(path, relative(path, self.root))
        return self._chains[name]

    def _definition(self, name: str) -> Path:
        return self.root / f"reports/{name}/series.yml"

    @cached_property
    def _loaded(self) -> dict[str, Series]:
        return {}

    @cached_property
    def _chains(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def _as_written(self) -> dict[str, dict[str, Any]]:
        return {}

    def periods(self, series: str) -> list[Period]:
        """The periods that have figures under ``data/raw/<series>/``, oldest first.

        Raises:
            UsageError: a folder there is not named after a period, or two hold the same months.
        """
        folder = self.root / f"data/raw/{series}"
        found: list[Period] = []
        for path in folder.glob("*"):
            if path.is_dir() and not path.name.startswith("."):
                place = path.relative_to(self.root).as_posix()
                try:
                    period = Period.parse(path.name)
                except UsageError as error:
                    error.place = place
                    raise
                if str(period) != path.name:
                    raise UsageError("not a period's id", place=place, found=path.name, expected=str(period))
                found.append(period)
        by_months: dict[tuple[int, int, int], Period] = {}
        for period in found:
            other = by_months.setdefault((period.year, period.first, period.last), period)
            if other is not period:  # comparisons would take the figures of one of them
                places = " and ".join(f"{relative(folder, self.root)}/{one}" for one in (other, period))
                hint = "keep the figures in one of them"
                raise UsageError("two folders hold the same months", found=places, hint=hint)
        found.sort()
        return found

    def bulletins(self, series: str) -> list[Period]:
        """The periods with figures and a text; others are there to be compared with."""
        return [period for period in self.periods(series) if self.prose(series, period).is_file()]

    def get_period(self, series: str, text: str) -> Period:
        """A period of a series.

        Raises:
            UsageError: the id is not a period, or no figures were received for it.
        """
        period, known = Period.parse(text), self.periods(series)
        if period not in known:
            raise UsageError(
                f"series {series} has no figures for {period}",
                expected=f"a folder data/raw/{series}/{period}/",
                hint=did_you_mean(str(period), map(str, known)),
            )
        self.require_cumulation(series, period)
        return period

    def require_cumulation(self, series: str, period: Period) -> None:
        """Refuse a period that figures which count from January cannot be of.

        Raises:
            UsageError: it begins later; or the figures come once a quarter, and it ends inside one.
        """
        cumulative = self.get_series(series).cumulative
        if cumulative and period.first > 1:
            raise UsageError(
                f"the figures of series {series} count from January on, and those of {period} would not",
                expected=f"a folder data/raw/{series}/{period.to_date()}/",
                hint="rename the folder and the text of the period, or take `cumulative` out of series.yml",
            )
        if cumulative == "quarterly" and period.last % 3:
            fitting = Period(period.year, 1, -(-period.last // 3) * 3, "months").to_date()
            raise UsageError(
                f"the figures of series {series} come once a quarter, and {period} ends inside one",
                expected=f"a period such as {fitting}",
                hint="where they come every month, `cumulative: monthly` in series.yml",
            )

    def raw(self, series: str, period: Period) -> Path:
        """Where the figures as received lie."""
        return self.root / f"data/raw/{series}/{period}"  # in one: parts are put together one by one

    def facts(self, series: str, period: Period) -> Path:
        """The facts declared for a period: the series' own, else those of the series it extends.

        Raises:
            DefinitionError: those are made up, and the series does not say so of itself.
        """
        path = self._own_or_extended(series, lambda name: self.raw(name, period) / "facts.csv")
        owner = path.parent.parent.name
        made_up = path.is_file() and owner != series and self.raw_definition(owner).get("synthetic")
        if made_up and not self.get_series(series).synthetic:
            place, hint = relative(path, self.root), f"give {series} facts of its own"
            raise DefinitionError("made-up facts for a series of real figures", place=place, hint=hint)
        return path

    def records(self, series: str, period: Period) -> list[Path]:
        """The files of case records that a period is counted from, in order of their names."""
        patterns = self.record_patterns(series, period)
        found = {path for one in patterns for path in self.root.glob(one) if not path.name.startswith(("~$", "."))}
        return sorted(path for path in found if path.is_file())

    def record_patterns(self, series: str, period: Period) -> list[str]:
        """What is declared of the files of case records of a period, relative to the project."""
        source = self.get_series(series).records
        return [f"data/raw/{name.replace('{period}', str(period))}" for name in (source.files if source else ())]

    def _own_or_extended(self, series: str, path_of: Callable[[str], Path]) -> Path:
        paths = [path_of(name) for name in self._extended(series)]
        return next((path for path in paths if path.is_file()), paths[-1])

    def definitions(self, series: str) -> list[Path]:
        """The definition of a series, then those it extends."""
        return list(map(self._definition, self._extended(series)))

    def processed(self, series: str, period: Period) -> Path:
        """Where indicators, findings, quality and manifest are written."""
        return self.built / f"data/processed/{series}/{period}"

    def prose(self, series: str, period: Period, lang: str | None = None) -> Path:
        """The authored text of a period: the series' own, else that of the series it extends."""
        edition = self.edition(series, period, lang)
        return self._own_or_extended(series, lambda name: self.root / f"reports/{name}/{edition}.md")

    def edition(self, series: str, period: Period, lang: str | None = None) -> str:
        """The name of a period's files in a language: ``2021-02``, and ``2021-02.en`` for a further edition.

        The issuer's own language is the first that the series declares, and the one meant where none is given.
        """
        return f"{period}" if lang in (None, self.get_series(series).lang) else f"{period}.{lang}"

    def executed(self, series: str, period: Period, lang: str | None = None) -> Path:
        """The notebook that papermill has run for a period, in one language."""
        return self.root / f"reports/{series}/{self.edition(series, period, lang)}.ipynb"

    def notebook(self, series: str) -> Path:
        """The parameterised notebook of a series.

        Raises:
            UsageError: there is none of that name.
        """
        name = self.get_series(series).notebook
        path = self.root / f"notebooks/{name}.ipynb"
        if not path.is_file():
            known = [path.stem for path in (self.root / "notebooks").glob("*.ipynb") if path.stem != "index"]
            hint = f"{did_you_mean(name, known)} `tongbao notebook {series}` writes one"
            place = self.get_series(series).where("notebook")
            raise UsageError(f"no notebook {name}", place=place, hint=hint)
        return path

    @property
    def built(self) -> Path:
        """Where ``TREES`` and the index stand."""
        return self.coming or self.root

    def name(self, path: Path) -> str:
        """How a file is named in records, wherever what is built stands now: ``_site/index.html``."""
        name = relative(path, self.built)
        return name if name != path.as_posix() else relative(path, self.root)

    @property
    def site(self) -> Path:
        """Where the finished pages go."""
        return self.built / "_site"

    @property
    def work(self) -> Path:
        """Scratch space and assembled fonts and scripts; ignored by git, safe to delete."""
        return self.root / ".tongbao"

    @property
    def made(self) -> Path:
        """Where a command works; what one that was killed left there, the next one removes."""
        return self.work / "made"

    def review(self, series: str, period: Period, lang: str | None = None) -> Path:
        """The page for a bulletin's reviewers, apart from the site: ``_review/<series>/<period>.html``."""
        return self.root / "_review" / series / f"{self.edition(series, period, lang)}.html"

    def page(self, series: str, period: Period, suffix: str, lang: str | None = None) -> Path:
        """The finished page of a bulletin: ``_site/reports/<series>/<period>.<suffix>``, ``<period>.en.<suffix>``."""
        return self.site / "reports" / series / f"{self.edition(series, period, lang)}.{suffix}"
