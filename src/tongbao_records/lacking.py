"""Records that leave blank what the series' figures are counted from: told, because they count in none of these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tongbao.basics.period import Period
from tongbao_records.count import Counted
from tongbao_records.examine import Rule
from tongbao_records.layout import BY_NAME

# The layout's rules, or the examination of codes, ask for these of every record that needs them.
_ASKED_ALREADY = {"enterprise_code", "fine", "accident_fine", "serious_violation"}


def lacking_rules(asked: Iterable[Counted], period: Period) -> list[Rule]:
    """A doubt for each field that a figure of the period needs: it is blank in records that may count.

    >>> [rule.broken for rule in lacking_rules([Counted("hazards")], Period.parse("2021-02"))]
    ["hazards IS NULL AND ((inspection_date BETWEEN DATE '2021-02-01' AND DATE '2021-02-28'))"]
    """
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for counted in asked:
        within = f"{counted.definition.date} BETWEEN DATE '{period.start}' AND DATE '{period.end}'"
        for name, conditions in counted.needs.items():
            found[name][" AND ".join(f"({part})" for part in (within, *conditions))] = None
    return [
        Rule(
            f"{name}_blank",
            "warning",
            f"{name} IS NULL AND ({' OR '.join(concerned)})",
            f"{BY_NAME[name].header}为空白，按此统计的数未计入",
            f"{name.replace('_', ' ')} is blank, so that what is counted by it lacks the record",
        )
        for name, concerned in found.items()
        if name not in _ASKED_ALREADY
    ]
