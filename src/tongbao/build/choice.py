"""Which bulletins, with which parameters, in which formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tongbao.basics.errors import UsageError, did_you_mean
from tongbao.basics.period import Period
from tongbao.definition.formats import FORMATS
from tongbao.definition.project import Project


@dataclass(frozen=True)
class Choice:
    """A bulletin chosen for a build, with its parameters."""

    series: str
    period: Period
    parameters: Mapping[str, Decimal]

    @property
    def id(self) -> str:
        """``series@period``."""
        return f"{self.series}@{self.period}"


def choose(project: Project, targets: Sequence[str], parameters: Mapping[str, str]) -> list[Choice]:
    """Resolve ``SERIES[@PERIOD] …`` (none: all) and check the parameters of each.

    Raises:
        UsageError: an unknown series, period or parameter, or a value out of range; before anything runs.
    """
    chosen: dict[str, Choice] = {}
    for target in targets or project.series_names:
        name, at, period_text = target.partition("@")
        periods = [] if targets else project.bulletins(name)
        if not targets and not periods:
            continue
        series = project.get_series(name)
        periods = periods or ([project.get_period(name, period_text)] if at else project.bulletins(name))
        if not periods:
            if project.periods(name):
                newest = project.periods(name)[-1]
                raise UsageError(f"no period of series {name} has a text", expected=f"reports/{name}/{newest}.md")
            raise UsageError(f"series {name} has no figures yet", expected=f"a folder data/raw/{name}/<period>/")
        try:
            values = series.parameter_values(parameters)
        except UsageError as error:
            if not targets and error.hint:
                error.hint += " (or name the series it belongs to)"
            raise
        chosen |= {choice.id: choice for choice in (Choice(name, period, values) for period in periods)}
    return list(chosen.values())


def choose_formats(text: str | None) -> tuple[str, ...]:
    """Read ``html,pdf``; ``None`` stands for every format a series declares.

    Raises:
        UsageError: an unknown format.
    """
    if text is None:
        return ()
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in FORMATS:
            raise UsageError(f"no format {name}", expected=", ".join(FORMATS), hint=did_you_mean(name, FORMATS))
    if not names:
        raise UsageError("no format given", expected=f"{','.join(FORMATS)} or some of them")
    return names
