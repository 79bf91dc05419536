"""What chance leaves of rates and ranks, in marked sentences for reviewers; none of it belongs into the circular."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pkgutil import get_data
from typing import get_args

from tongbao.basics.language import join_names
from tongbao.basics.marks import furniture
from tongbao.basics.yaml_text import read_yaml
from tongbao.definition.model import Lang
from tongbao.figures.indicators import Indicators
from tongbao.findings import Finding
from tongbao_chance.funnel import Position
from tongbao_chance.intervals import Model
from tongbao_chance.page_words import CHANCE_WORDS
from tongbao_chance.printed import Printed
from tongbao_chance.rates import Reason
from tongbao_chance.records import RateRecord, RobustnessRecord

# Words that hold a numeral are those of the page.
_WITH_NUMERALS = (
    *("level_95", "level_998", "level_100", "one_in_twenty"),
    *("about_one", "binomial", "every_two", "under_two"),
)
TEXTS: Mapping[str, Mapping[Lang, str]] = read_yaml(get_data("tongbao_chance", "words.yml") or b"")


def meaning(robustness: RobustnessRecord, indicators: Indicators, lang: Lang) -> list[str]:
    """What intervals and limits say of figures that are no sample, how they were made, and how they are to be read."""
    methods = []
    for model in get_args(Model):
        names = [indicators.measure_name(rate.measure, lang) for rate in robustness.rates if rate.model == model]
        methods += [_fill(model, lang, names=join_names(names, lang=lang))] if names else []
    made = TEXTS["semicolon"][lang].join(methods)
    return [_fill("meaning", lang, methods=made), _fill("reading", lang)] if methods else []


def without(robustness: RobustnessRecord, indicators: Indicators, lang: Lang) -> str | None:
    """Which rates get no interval, and why; ``None`` if there is no such rate."""
    parts = []
    for reason in get_args(Reason):
        names = [indicators.measure_name(rate, lang) for rate, why in robustness.without.items() if why == reason]
        parts += [_fill(reason, lang, names=join_names(names, lang=lang))] if names else []
    return TEXTS["semicolon"][lang].join(parts) + TEXTS["stop"][lang] if parts else None


def statements(rate: RateRecord, indicators: Indicators, lang: Lang) -> list[str]:
    """What a reviewer should know of one rate: who is outside, and which ranks chance may explain."""
    said = _Said(rate, indicators, lang)
    return [*said.outside(), said.spread(), *said.ranks()]


def doubts(rate: RateRecord, indicators: Indicators, findings: Mapping[str, Finding], lang: Lang) -> list[str]:
    """Findings that name units which chance may have put there."""
    return list(_Said(rate, indicators, lang).in_doubt(findings))


class _Said:
    """The sentences on one rate."""

    def __init__(self, rate: RateRecord, indicators: Indicators, lang: Lang) -> None:
        self._rate, self._indicators, self._lang = rate, indicators, lang
        self._printed = Printed(rate, indicators, lang)

    def outside(self) -> Iterator[str]:
        """Units outside the funnel's limits."""
        sides: dict[str, Position] = {"above": "above_998", "below": "below_998"}
        beyond = {side: units for side, position in sides.items() if (units := self._rate.at(position))}
        if beyond:
            shown = self._join("semicolon", (self._say(side, names=units) for side, units in beyond.items()))
            yield self._say("outside", count=self._printed.statistic("outside"), sides=shown)
        else:
            yield self._say("inside")
        if between := self._rate.at("above_95", "below_95"):
            yield self._say("between", names=between)

    def spread(self) -> str:
        """Whether the units differ more than by chance, and who stands out even so."""
        factor = self._printed.statistic("dispersion")
        if not self._rate.dispersion.beyond_chance:
            return self._say("alike", factor=factor)
        out = self._rate.outside_widened()
        widened = self._say("some_still", names=out) if out else self._say("none_still")
        return self._say("unlike", factor=factor, widened=widened)

    def ranks(self) -> Iterator[str]:
        """Ranks that stand, and runs of neighbours that chance may have put in order."""
        firm = [standing.unit for standing in self._rate.units if len(set(standing.possible_ranks)) == 1]
        if firm:
            yield self._say("firm", places=self._join("comma", (self._place("firm_place", unit) for unit in firm)))
        runs: list[list[str]] = []  # neighbours in doubt, joined where one unit is in doubt on both sides
        for first, second in self._rate.swaps:
            if runs and runs[-1][-1] == first:
                runs[-1].append(second)
            else:
                runs.append([first, second])
        for run in runs:
            first, last = (self._place("place", unit) for unit in (run[0], run[-1]))
            yield self._say("pair" if len(run) == 2 else "run", first=first, last=last)

    def in_doubt(self, findings: Mapping[str, Finding]) -> Iterator[str]:
        """A sentence for each finding whose list chance may have put together, or that names a unit near its line."""
        said: dict[str, list[str]] = {}
        for doubt in self._rate.lists:
            parts = {"listed": doubt.may_not_belong, "left_off": doubt.may_belong}
            said[doubt.finding] = [self._say(key, names=units) for key, units in parts.items() if units]
        for miss in self._rate.near_misses:
            ends = (str(self._printed.statistic(side, miss.unit).full) for side in ("lower", "upper"))
            near = self._say(
                "near",
                name=self._printed.unit(miss.unit),
                own=self._printed.figure("rate", miss.unit).full,
                line=f"{self._printed.figure(miss.line)}{self._indicators.unit_of(self._rate.measure)}",
                interval=self._join("range", ends),
            )
            said.setdefault(miss.finding, []).append(near)
        for name, parts_of_it in said.items():
            text = findings[name].marked
            shown = self._join("semicolon", parts_of_it)
            yield self._say("of_finding", text=text.get(self._lang, text["zh"]), said=shown)

    def _say(self, key: str, *, names: Iterable[str] | None = None, **values: object) -> str:
        """A sentence with its marks; ``names`` are ids of units."""
        if names is not None:
            values["names"] = join_names(list(map(self._printed.unit, names)), lang=self._lang)
        return _fill(key, self._lang, **values)

    def _join(self, key: str, texts: Iterable[str]) -> str:
        return TEXTS[key][self._lang].join(texts)

    def _place(self, key: str, unit: str) -> str:
        return self._say(key, name=self._printed.unit(unit), rank=self._printed.figure("rank", unit))


def _fill(key: str, lang: Lang, **values: object) -> str:
    words = {name: furniture(getattr(CHANCE_WORDS[lang], name)) for name in _WITH_NUMERALS}
    return TEXTS[key][lang].format(**words, **values)
