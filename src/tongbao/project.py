"""Where things lie: the project's root, its series and their periods."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tongbao.errors import UsageError, did_you_mean
from tongbao.period import Period
from tongbao.series import Series, load_series


@dataclass(frozen=True)
class Project:
    """A project folder. ``root`` holds ``_quarto.yml``, ``reports/`` and ``data/``."""

    root: Path

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

    @cached_property
    def series(self) -> dict[str, Series]:
        """Every declared series, by id, in alphabetical order."""
        found = {path.parent.name: path for path in sorted((self.root / "reports").glob("*/series.yml"))}
        return {
            name: load_series(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
            for name, path in found.items()
        }

    def get_series(self, name: str) -> Series:
        """A series by id.

        Raises:
            UsageError: there is none; names the closest.
        """
        if name not in self.series:
            raise UsageError(f"no series {name}", hint=did_you_mean(name, self.series))
        return self.series[name]

    def periods(self, series: str) -> list[Period]:
        """The periods that have figures under ``data/raw/<series>/``, oldest first."""
        folder = self.root / "data" / "raw" / series
        return sorted(Period.parse(path.name) for path in folder.glob("*") if path.is_dir())

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
        return period

    def raw(self, series: str, period: Period) -> Path:
        """Where the figures as received lie."""
        return self.root / "data" / "raw" / series / str(period)

    def processed(self, series: str, period: Period) -> Path:
        """Where indicators, findings, quality and manifest are written."""
        return self.root / "data" / "processed" / series / str(period)

    def prose(self, series: str, period: Period) -> Path:
        """The authored text of a period."""
        return self.root / "reports" / series / f"{period}.md"

    def executed(self, series: str, period: Period) -> Path:
        """The notebook that papermill has run for a period."""
        return self.root / "reports" / series / f"{period}.ipynb"

    def notebook(self, series: str) -> Path:
        """The parameterised notebook of a series."""
        return self.root / "notebooks" / f"{self.get_series(series).notebook}.ipynb"

    @property
    def site(self) -> Path:
        """Where the finished pages go."""
        return self.root / "_site"

    @property
    def work(self) -> Path:
        """Scratch space and assembled fonts and scripts; ignored by git, safe to delete."""
        return self.root / ".tongbao"

    def page(self, series: str, period: Period, suffix: str) -> Path:
        """The finished page of a bulletin: ``_site/reports/<series>/<period>.<suffix>``."""
        return self.site / "reports" / series / f"{period}.{suffix}"
