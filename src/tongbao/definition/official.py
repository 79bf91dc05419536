"""What an official document declares besides its text (GB/T 9704-2012)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from tongbao.basics.period import read_date
from tongbao.definition.model import Strict, Text


def _as_date(given: object) -> object:
    return read_date(given) if isinstance(given, str) else given


Day = Annotated[date, BeforeValidator(_as_date)]


class OfficialForm(Strict):
    """What an official document bears besides its text: the series gives what stays, a period's file what changes.

    Options:
        form: ``letter`` for a 便函 (信函格式), otherwise ``general``.
        sealed: whether issuer and date stand where a seal goes over them.
        copy_number: the number of the copy (份号), six digits in quotation marks.
        secrecy: its class, and for how long (``秘密★1年``).
        urgency: ``特急`` or ``加急``.
        signatories: who signed a document to a superior (签发人).
        copies_to: to whom copies go (抄送).
        printed_by: who printed it (印发机关).
        printed: when; without it the day of issue.
    """

    form: Literal["general", "letter"] = "general"
    sealed: bool = False
    copy_number: str | None = Field(None, pattern=r"^\d{6}$")
    secrecy: Text | None = None
    urgency: Text | None = None
    signatories: tuple[Text, ...] = ()
    copies_to: Text | None = None
    printed_by: Text | None = None
    printed: Day | None = None

    def changed_by(self, other: OfficialForm) -> OfficialForm:
        """This, with all that another one gives."""
        return self.model_copy(update={name: getattr(other, name) for name in other.model_fields_set})
