"""What a sentence or an issue asserts, in the few primitives of ``docs/proof.md``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tongbao.basics.rounding import Number, round_decimal

Kind = Literal["value", "members", "order", "extreme", "count", "case", "blank", "sign"]
# What is compared: a formula of the units, or a formula for each named item.
Of = str | Mapping[str, str]
_NAME = re.compile(r"(?<![\w.])(?!(?:and|or|not|it|size)\b)[a-z_][\w.]*\b(?!\s*\()")


@dataclass(frozen=True)
class Claim:
    """One assertion: its kind and what it says of which figures; a fact about numbers, in no language.

    >>> Claim("case", {"case": "none", "when": "count(it < 20) == 0", "of": "rate"}).record()
    {'claim': 'case', 'case': 'none', 'when': 'count(it < 20) == 0', 'of': 'rate'}
    """

    claim: Kind
    says: Mapping[str, Any]

    def record(self) -> dict[str, Any]:
        """As ``findings.json`` holds it: numbers as decimal texts, what is not said left out."""
        return {"claim": self.claim} | {key: _plain(value) for key, value in self.says.items() if value is not None}

    def names(self) -> set[str]:
        """The figures that its formulas name.

        >>> sorted(Claim("case", {"when": "round(change(cases, last_year.cases), 1) == 0 and not it > 2"}).names())
        ['cases', 'last_year.cases']
        """
        of = self.says.get("of") or ""
        formulas = [*(of.values() if isinstance(of, Mapping) else [of]), self.says.get("when"), self.says.get("that")]
        return {name for formula in formulas for name in _NAME.findall(formula or "")}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Number):
        return stored_number(value)
    return list(value) if isinstance(value, tuple) else value


def stored_number(value: Number) -> str:
    """A number as records hold it: at most 12 decimals, exact for every figure an issuer prints.

    >>> from decimal import Decimal
    >>> stored_number(Decimal("35.080645161290322580645")), stored_number(Decimal("42.50"))
    ('35.08064516129', '42.5')
    """
    text = format(round_decimal(value, 12), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
