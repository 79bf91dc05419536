"""What a table states of its own figures: the names of a totals' row, and how it is held to what the figures give."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from tongbao.basics.rounding import Number, minus
from tongbao.definition.model import Quantity, ShortForm, Strict, Text

# What a totals' row is called, whatever else the table calls it.
TOTALS = frozenset({"合计", "总计", "合计数", "全市", "全市合计", "全省", "全省合计"})


class Stated(Strict):
    """How what a table states of a column is held to what its figures give.

    It states the column's total, a rate or rank that the column repeats, or what its months add up to.

    Options:
        level: how grave a difference is: ``error``, ``warning``, ``note``, ``allowed``; without it, as the check says.
            What ``allowed`` stands at may be what there is at the end of a month, and is not summed over several.
        tolerance: how far it may be off without a word.
        printed: whether annexes print it as stated; the data notes name the computed one where it differs.
        reason: why it may differ, in words, behind the message (名次按未显示的小数排定).
    """

    short_form = ShortForm("level", str, {"enum": ["error", "warning", "note", "allowed"], "type": "string"})

    level: Literal["error", "warning", "note", "allowed"] | None = None
    tolerance: Quantity = Field(Decimal(0), ge=0)
    printed: bool = False
    reason: Text | None = None

    def allows(self, stated: Number | None, right: Number | None) -> bool:
        """Whether one figure may stand for another; a blank stands for a blank only."""
        if self.level == "allowed" or stated is None or right is None:
            return self.level == "allowed" or stated is right
        return -self.tolerance <= minus(stated, right) <= self.tolerance

    @property
    def gravity(self) -> Literal["error", "warning", "note"] | None:
        """How grave a difference is; ``None`` for what the check says."""
        return None if self.level == "allowed" else self.level

    def reasoned(self, says: Text) -> Text:
        """A message with the reason behind it."""
        if self.reason is None:
            return says
        zh, en = (self.reason.get(lang).replace("{", "{{").replace("}", "}}") for lang in ("zh", "en"))
        return Text(zh=f"{says.zh}{zh}。", en=f"{says.en} {en}.")
