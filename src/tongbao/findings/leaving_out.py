"""What a statement must say of the units that its figures leave out: （不含大洼区）."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from tongbao.basics.key import Key
from tongbao.basics.language import join_names
from tongbao.basics.marks import ends_with_name, marked_text
from tongbao.figures.figure import Absent, Figure
from tongbao.figures.indicators import Indicators
from tongbao.findings.outcome import BASES
from tongbao.words import WORDS


def leaving_out(
    absents: Iterable[Absent], indicators: Indicators, lang: str, owner: str, *, short: bool = False, behind: str = ""
) -> tuple[str, dict[str, Figure]]:
    """Whom figures over all units leave out, in brackets, with the blanks behind each name by mark key.

    Those of another period are said to be left out there: （2020年1-2月不含大洼区）.

    Arguments:
        absents: who, in the order to be named; each once and period.
        indicators: whose units they are.
        lang: ``zh`` or ``en``.
        owner: the statement, for the keys.
        short: by their short names.
        behind: what it follows; behind a name or a bracket it stands after a comma, or it would seem said of that.
    """
    words, names = WORDS[lang], indicators.unit_names(lang, short=short)
    figures: dict[str, Figure] = {}
    said = []
    for (zero, then), group in groupby(sorted(absents, key=_order), key=lambda absent: (absent.zero, absent.period)):
        keys: dict[str, str] = {}
        for absent in group:
            key = str(Key("unit", absent.unit, str(then or ""), owner))
            keys[key] = names[absent.unit]
            figures.setdefault(key, absent.figure)
        joined = join_names([marked_text(key, name) for key, name in keys.items()], lang=lang)
        if zero:
            said.append(words.base_zero.format(names=joined, base=BASES[zero].get(lang)))
        else:
            said.append(words.without.format(period=then.label(lang) if then else "", names=joined).strip())
    bare = behind.endswith(("）", ")")) or ends_with_name(behind)
    around = words.behind_comma if bare else words.in_brackets
    return around.format(words.semicolon.join(said)) if said else "", figures


def _order(absent: Absent) -> tuple[str, str]:
    return absent.zero, str(absent.period or "")


def not_named(absents: Iterable[Absent], figures: Mapping[str, Figure]) -> tuple[Absent, ...]:
    """Those whose unit no name in a statement stands for yet; ``figures`` are what the statement's marks mean."""
    named = {(figure.scope, figure.period) for key, figure in figures.items() if Key.parse(key).is_name}
    return tuple(absent for absent in absents if (absent.unit, absent.period) not in named)
