"""A kind of rule: what a series declares of it, what it finds, its cases and its words; one module each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from tongbao.checks.issue import QualityIssue
from tongbao.definition.model import Text
from tongbao.definition.rule import Rule
from tongbao.figures.indicators import Indicators
from tongbao.findings.outcome import Outcome


class Kind(Rule, ABC):
    """A rule that can be evaluated and has words of the project's own."""

    rule: str

    @abstractmethod
    def find(self, indicators: Indicators, quality: Sequence[QualityIssue]) -> Outcome:
        """What the figures make true: case, units in order, values, claims. No words yet.

        Raises:
            DefinitionError: an option is not a number.
        """

    def own_words(self) -> dict[str, Text]:
        """The project's words by case, Chinese and English."""
        return {}

    def words(self, indicators: Indicators) -> dict[str, Text]:  # noqa: ARG002  # kinds whose words follow the measure look
        """The same, as they fit what the rule is about."""
        return self.own_words()


def text(zh: str, en: str, **parts: tuple[str, str]) -> Text:
    """A wording with its ``[parts]`` filled in, each in both languages; parts may hold others."""
    for name, (part_zh, part_en) in parts.items():
        zh, en = zh.replace(f"[{name}]", part_zh), en.replace(f"[{name}]", part_en)
    return Text(zh=zh, en=en)
