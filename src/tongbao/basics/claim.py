"""What a sentence asserts, in a form that can be checked without reading it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """One of the few kinds of claims of ``docs/proof.md`` with what it says.

    >>> Claim("case", {"case": "holds", "when": "cases > visits", "scope": "lucheng"}).record()
    {'claim': 'case', 'case': 'holds', 'when': 'cases > visits', 'scope': 'lucheng'}
    """

    kind: str
    says: Mapping[str, object]

    def record(self) -> dict[str, object]:
        """The claim as the record holds it."""
        return {"claim": self.kind, **self.says}
