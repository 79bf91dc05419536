"""Lines over the periods as a drawing in the page; written here, since a page of them takes a hundredth of a second."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from tongbao.definition.model import Lang
from tongbao_site.entry import Entry

_WIDTH, _HEIGHT, _TOP, _FOOT, _LETTER = 370, 190, 10, 24, 7.4  # a letter's width; all in pixels of a phone's page


@dataclass(frozen=True)
class Trend:
    """A trend on a page: its title, what its other lines are, the drawing, from when on it is not comparable."""

    title: str
    note: str
    svg: str
    breaks: tuple[str, ...] = ()


_UNIT = {"zh": "计量单位", "en": "unit of measurement"}
_FORMULA = {"zh": "计算方法", "en": "formula"}


@dataclass(frozen=True)
class Setting:
    """What a period is worked out with otherwise than those before: a parameter with its values, or a word for it."""

    label: dict[str, str]
    before: str = ""
    now: str = ""


def changed_settings(entries: Sequence[Entry], measure: str) -> Iterator[tuple[Entry, list[Setting]]]:
    """The periods from which on a measure is worked out otherwise; its figures before are of another kind.

    By other parameters, another formula or in another unit of measurement: published bulletins keep their definitions.

    Arguments:
        entries: the periods, oldest first.
        measure: its name.
    """
    known: dict[str, str] = {}
    before: dict[str, Any] = {}
    for entry in entries:
        if (made := entry.held.measures.get(measure)) is None:
            continue
        now = entry.held.parameters.get(measure, {})
        names = [name for name, value in now.items() if known.get(name, value) != value]
        found = [Setting(entry.held.settings[name], known[name], now[name]) for name in names]
        kinds = (("worked_out", _FORMULA), ("unit", _UNIT)) if before else ()
        found += [Setting(said) for key, said in kinds if made[key] != before[key]]
        if found:
            yield entry, found
        known, before = known | now, made


def draw(entries: Sequence[Entry], measure: str, scope: str, others: Sequence[str], said: str, lang: Lang) -> str:
    """A unit's figures of a measure over the periods among those of others, as SVG; empty where all are the same.

    Periods stand as far apart as they are in time, and a line is broken where a period has no figure, or one that is
    worked out with other parameters than those before; where they differ in length, each counting from January, with
    every year.

    Arguments:
        entries: the periods, oldest first; two of them at least.
        measure: its name.
        scope: the unit, or ``area``.
        others: units whose lines stand behind it.
        said: the drawing's message, its text alternative.
        lang: the language of its labels.
    """
    lines = {unit: [_number(entry, measure, unit) for entry in entries] for unit in (*others, scope)}
    numbers = [value for line in lines.values() for value in line if value is not None]
    if min(numbers) == max(numbers):
        return ""
    ticks = _ticks(min(numbers), max(numbers))
    names = [f"{tick:,f}" if lang == "en" else f"{tick:f}" for tick in ticks]
    own = [(entry, value) for entry, value in zip(entries, lines[scope], strict=True) if value is not None]
    end = own[-1][0].held.values[measure][scope][0]
    left, right = 8 + _LETTER * max(map(len, names)), _WIDTH - 10 - _LETTER * len(end)
    bottom, low = _HEIGHT - _FOOT, float(ticks[0])
    begin, until = (_month(entry) for entry in (entries[0], entries[-1]))
    across, up = (right - left) / max(until - begin, 1), (bottom - _TOP) / (float(ticks[-1]) - low)
    x = [round(left + (_month(entry) - begin) * across, 1) for entry in entries]
    height = {value: round(bottom - (float(value) - low) * up, 1) for value in (*numbers, *ticks)}
    parts = [
        f'<path class="grid" d="M{left:g} {height[tick]:g}H{right:g}"/>'
        f'<text class="value" x="{left - 6:g}" y="{height[tick] + 4:g}">{name}</text>'
        for tick, name in zip(ticks, names, strict=True)
    ]
    parts += [f'<text class="period" x="{at:g}" y="{_HEIGHT - 6}">{name}</text>' for at, name in _labels(entries, x)]
    kind = "many" if scope == "area" else "one"
    anew = {entry.period for entry, _ in changed_settings(entries, measure)}
    years = [entry.when.end.year for entry in entries]
    joined = len({entry.when.length for entry in entries}) == 1
    starts = [entry.period in anew or not (joined or years[n] == years[n - 1]) for n, entry in enumerate(entries)]
    parts += [
        f'<path class="break" d="M{(x[n - 1] + x[n]) / 2:g} {_TOP}V{bottom}"/>'
        for n, entry in enumerate(entries)
        if entry.period in anew
    ]
    for unit, line in lines.items():
        points = [(at, None if value is None else height[value]) for at, value in zip(x, line, strict=True)]
        parts.append(f'<path class="{"own" if unit == scope else kind}" d="{_path(points, starts)}"/>')
    places = dict(zip((entry.period for entry in entries), x, strict=True))
    for entry, value in own:
        title = f"{entry.when.label(lang)} {entry.held.values[measure][scope][0]}"
        parts.append(
            f'<circle cx="{places[entry.period]:g}" cy="{height[value]:g}" r="2.6"><title>{title}</title></circle>'
        )
    at = own[-1]
    parts.append(f'<text x="{places[at[0].period] + 6:g}" y="{height[at[1]] + 4:g}">{end}</text>')
    label = html.escape(said)
    return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _number(entry: Entry, measure: str, unit: str) -> Decimal | None:
    value = entry.held.values.get(measure, {}).get(unit, [None, None])[1]
    return None if value is None else Decimal(value)


def _month(entry: Entry) -> int:
    return entry.when.end.year * 12 + entry.when.end.month


def _ticks(low: Decimal, high: Decimal) -> list[Decimal]:
    """Round numbers around what is drawn.

    >>> [f"{tick:f}" for tick in _ticks(Decimal("-3.2"), Decimal("97"))]
    ['-20', '0', '20', '40', '60', '80', '100']
    >>> [f"{tick:f}" for tick in _ticks(Decimal(99), Decimal("99.5"))]
    ['99.0', '99.1', '99.2', '99.3', '99.4', '99.5']
    """
    unit = Decimal(1).scaleb((high - low).adjusted())
    step = next(unit * part for part in map(Decimal, ("0.2", "0.5", "1", "2")) if (high - low) / (unit * part) <= 6)
    first, last = int(low // step) - (low % step < 0), int(high // step) + (high % step > 0)
    return [number * step for number in range(first, last + 1)]


def _labels(entries: Sequence[Entry], x: Sequence[float]) -> list[tuple[float, str]]:
    """What stands below the axis: years, where there are three, else periods; from the latest, as many as have room."""
    ends = [entry.when.end for entry in entries]
    names = [f"{end.year}-{end.month:02}" for end in ends]
    if entries[0].when.kind == "year" or ends[-1].year - ends[0].year > 1:
        first = [True, *(before.year < after.year for before, after in pairwise(ends))]
        names = [str(end.year) if is_first else "" for end, is_first in zip(ends, first, strict=True)]
    placed: list[tuple[float, str]] = []
    for at, name in reversed([*zip(x, names, strict=True)]):
        if name and (not placed or placed[-1][0] - at > _LETTER * len(name) + 8):
            placed.append((at, name))
    return placed


def _path(points: Iterable[tuple[float, float | None]], starts: Iterable[bool]) -> str:
    """A line through the points, broken where there is none and where one starts anew; a dash where none is beside it.

    >>> _path([(0, 1), (5, 2), (10, None), (15, 2.5)], [False] * 4)
    'M0 1L5 2M12 2.5h6'
    >>> _path([(0, 1), (5, 2), (10, 3)], [False, True, False])
    'M5 2L10 3M-3 1h6'
    """
    parts, joined = list[list[tuple[float, float]]](), False
    for (x, y), starts_anew in zip(points, starts, strict=True):
        if y is not None and joined and not starts_anew:
            parts[-1].append((x, y))
        elif y is not None:
            parts.append([(x, y)])
        joined = y is not None
    drawn = ["L".join(f"{x:g} {y:g}" for x, y in part) for part in parts if len(part) > 1]
    drawn += [f"{x - 3:g} {y:g}h6" for part in parts if len(part) == 1 for x, y in part]
    return "".join(f"M{one}" for one in drawn)
