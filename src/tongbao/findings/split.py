"""Every unit on one side of a figure: 满意率高于全市的有3个，低于全市的有2个; or risen and fallen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import ClassVar, Literal

from tongbao.checks.issue import QualityIssue
from tongbao.definition.expressions import Bounds
from tongbao.definition.model import Expression, Text
from tongbao.definition.names import Place
from tongbao.figures.indicators import Indicators
from tongbao.findings.bounds import comparable_with, held_to, is_of_each, limit, reported, than, told_apart
from tongbao.findings.compares import Compares
from tongbao.findings.kind import text
from tongbao.findings.lacking import WHO_HAS
from tongbao.findings.list_words import is_own, level_with
from tongbao.findings.outcome import Outcome, head_of
from tongbao.findings.unheld import nothing_compared

_SIGNS = {"above": ">", "below": "<", "level": "=="}


_PARTS = ("above", "below", "same")


@cache
def split_words(*, changes: bool, trends: bool, qualities: bool, compared: bool, own: str = "") -> dict[str, Text]:
    """Words for sides of a figure, or for rises and falls.

    Arguments:
        changes: whether changes are held against the figure.
        trends: whether that is zero, so that they are rises and falls.
        qualities: whether words are, of which the smallest is the best.
        compared: whether who has reported may have nothing to be compared with.
        own: the figure, where it is one of the unit's own.
    """
    above, below = (
        (("差于", "worse than"), ("好于", "better than")) if qualities else (("高于", "above"), ("低于", "below"))
    )
    said = ("{{ measure }}{{ compared }}", "{{ measure }} {{ compared }}")
    words = {
        "head": said if changes else ("{{ measure }}", "{{ measure }}"),
        "up": ("上升", "up") if trends else (above[0] + "{{ than_at }}", above[1] + " {{ than_at }}"),
        "down": ("下降", "down") if trends else (below[0] + "{{ than_at }}", below[1] + " {{ than_at }}"),
        "level": ("持平", "unchanged") if trends else ("为{{ than_at }}", "at {{ than_at }}"),
    }
    if own and not changes:
        level = level_with(own)
        words["level"] = level.zh.replace("[than]", "{{ than_at }}"), level.en.replace("[than]", "{{ than_at }}")
    if changes and not trends:
        words["head"] = (said[0] + "变化", "change of " + said[1])
    who = ("{% if uncomputed %}有数据{% else %}报送{% endif %}的", WHO_HAS[1].removeprefix("of "))
    if compared:
        who = ("可比的", "the {{ reporting }} {{ unit_kind }} that can be compared")
    has = ("可比", "that can be compared") if compared else ("有数据", "with a figure")
    all_zh, all_en = who[0] + "{{ reporting }}个{{ unit_kind }}[head]均", " in " + who[1].replace("the ", "all ", 1)
    return {
        "default": text(
            "[head][up]的有{{ above_count }}个：{{ above_units }}；[down]的有{{ below_count }}个：{{ below_units }}",
            "[head]: [up] in {{ above_count }} ({{ above_units }}), [down] in {{ below_count }} ({{ below_units }})",
            **words,
        ),
        "some_level": text(
            "[head][up]的有{{ above_count }}个[above]；[down]的有{{ below_count }}个[below]；"
            "[level]的有{{ level_count }}个[same]",
            "[head]: [up] in {{ above_count }}[above], [down] in {{ below_count }}[below], "
            "[level] in {{ level_count }}[same]",
            **words,
            **{
                part: _named(f"{side}_units")
                for part, side in (("above", "above"), ("below", "below"), ("same", "level"))
            },
        ),
    } | {
        f"all_{side}": text(
            f"{{% if alone %}}[head]仅{{{{ {side}_units }}}}{has[0]}，[{way}]{{% else %}}{all_zh}[{way}]{{% endif %}}",
            f"[head]: [{way}]{{% if alone %}} in {{{{ {side}_units }}}}, the only one {has[1]}"
            f"{{% else %}}{all_en}{{% endif %}}",
            **words,
        )
        for side, way in (("above", "up"), ("below", "down"), ("level", "level"))
    }


def _named(names: str) -> tuple[str, str]:
    """A list of names behind its count, where it has any."""
    shown = "{{ " + names + " }}"
    return f"{{% if {names} %}}：{shown}{{% endif %}}", f"{{% if {names} %}} ({shown}){{% endif %}}"


class Split(Compares):
    """Every unit on one side of a figure: above, below or level with it, counted and named.

    Options:
        at: the dividing figure.
    """

    own: ClassVar[frozenset[str]] = Compares.own | {
        "than_at",
        "above_units",
        "above_count",
        "below_units",
        "below_count",
        "level_units",
        "level_count",
    }

    rule: Literal["split"]
    at: Expression

    def cases(self) -> tuple[str, ...]:
        """By which sides there are units on."""
        return ("default", "some_level", "all_above", "all_below", "all_level", *self.missing_cases())

    def expressions(self) -> Iterator[tuple[Place, str]]:
        """As for every comparison, and the dividing figure."""
        yield from super().expressions()
        yield ("at",), self.at

    @property
    def head(self) -> str:
        """The period of a change or of the dividing figure."""
        return self.change or head_of(self.at)

    def held_against(self) -> dict[str, str]:
        """The dividing figure."""
        return {"at": self.at}

    def said(self, indicators: Indicators) -> dict[str, Text]:
        """Words for sides of a figure, or for rises and falls."""
        changes, qualities = self.change is not None, self.has_qualities(indicators)
        compared = changes or is_of_each(Bounds(at=self.at))
        trends = changes and self.at == "0"
        own = self.at if is_own(self.at) else ""
        return split_words(changes=changes, trends=trends, qualities=qualities, compared=compared, own=own)

    def find(self, indicators: Indicators, quality: Sequence[QualityIssue]) -> Outcome:  # noqa: ARG002  # figures alone
        """Every unit on one side of a figure, or level with it."""
        subject = self.subject(indicators)
        known = subject.reporting
        bound = told_apart(held_to(limit(self.at, indicators, subject.unit), known), known.values())
        values, has_figure = comparable_with(subject, {"at": bound}), reported({"at": bound})
        outcome = self.begin(subject, values, has_figure, indicators)
        outcome.phrases["than_at"] = than(bound, indicators, subject.unit, subject.name)
        if not values:
            outcome.cases = nothing_compared(outcome, subject, [bound], indicators)
            return outcome
        outcome.left_out += indicators.blank(self.at) if bound.figure is None else bound.figure.without
        sides: dict[str, list[str]] = {"above": [], "below": [], "level": []}
        for name, value in values.items():
            against = bound.at(name)
            if against is not None:
                sides["above" if value > against else "below" if value < against else "level"].append(name)
        for side, names in sides.items():
            that = f"it {_SIGNS[side]} {self.at}"
            outcome.lists[f"{side}_units"] = names
            outcome.count(f"{side}_count", names, that)
            outcome.claims.append(subject.claim("members", that=that, units=tuple(names)))
            outcome.when[f"all_{side}"] = f"count({that}) == count({has_figure})"
        outcome.when |= {"some_level": f"count(it == {self.at}) > 0", "default": f"count({has_figure}) > 0"}
        outcome.units = [*sides["above"], *sides["below"]]
        sole = [side for side, names in sides.items() if len(names) == len(values)]
        if sole:
            outcome.cases = (f"all_{sole[0]}",)
        elif sides["level"]:
            outcome.cases = ("some_level", "default")
        return outcome
