"""What a statement must say of the units that its figures leave out: （不含大洼区）."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tongbao.basics.claim import Claim
from tongbao.basics.key import Key
from tongbao.basics.language import join_names
from tongbao.basics.marks import clauses, ends_with_name, keys, marked_text
from tongbao.basics.period import Period
from tongbao.figures.figure import Absent, Figure, NoBase, left_out
from tongbao.figures.indicators import Indicators
from tongbao.findings.other_periods import base_name
from tongbao.words import CLAUSE_ENDS, WORDS

_ENDS = f"{CLAUSE_ENDS},;. "


def leaving_out(
    absents: Iterable[Absent],
    indicators: Indicators,
    lang: str,
    owner: str,
    *,
    short: bool = False,
    behind: str | None = "",
) -> tuple[str, dict[str, Figure]]:
    """Whom figures over all units leave out, in brackets, with the blanks behind each name by mark key.

    Those of another period are said to be left out there: （2020年1-2月不含大洼区）; those that a comparison leaves out
    of both sides, because one lacks them: （按可比口径均不含大洼区）.

    Arguments:
        absents: who; they are named in official order.
        indicators: whose units they are.
        lang: ``zh`` or ``en``.
        owner: the statement, for the keys.
        short: by their short names.
        behind: what it follows; behind a name or a bracket it stands after a comma, or it would seem said of that;
            ``None`` where it stands alone.
    """
    words, names = WORDS[lang], indicators.unit_names(lang, short=short)
    absents = list(absents)
    figures: dict[str, Figure] = {}
    said = []
    for (base, alike, periods), units in _together(absents).items():
        then = periods[0] if periods else None
        keys = {unit: str(Key("unit", unit, str(then or ""), owner)) for unit in names if unit in units}
        figures |= {keys[one.unit]: one.figure for one in reversed(absents) if one.unit in keys and one.period == then}
        joined = join_names([marked_text(key, names[unit]) for unit, key in keys.items()], lang=lang)
        when = words.comma.join(period.label(lang) for period in periods)
        why = words.without_alike if alike else words.without
        if base:
            why = {"zero": words.base_zero, "negative": words.base_negative}[base.sign]
        then_said = base_name(indicators, base.period, lang) if base else ""
        said.append(why.format(period=when, names=joined, base=then_said).strip())
    if behind is None:
        return words.semicolon.join(said), figures
    bare = behind.endswith(("）", ")")) or ends_with_name(behind)
    around = words.behind_comma if bare else words.in_brackets
    return around.format(words.semicolon.join(said)) if said else "", figures


def told(marked: str, figures: dict[str, Figure], indicators: Indicators, lang: str, owner: str) -> str:
    """A text with whom its own figures leave out said at the end of their clause, once a text.

    The sentences of findings in it say so themselves. ``figures`` has what its marks mean, and takes the blanks.
    """
    own = {key: figure for key, figure in figures.items() if not Key.parse(key).owner}
    found, blank = told_in_clauses(marked, own, indicators, lang, owner)
    figures |= blank
    return found


def told_in_clauses(
    marked: str, figures: Mapping[str, Figure], indicators: Indicators, lang: str, owner: str, *, short: bool = False
) -> tuple[str, dict[str, Figure]]:
    """A text that says at the end of a clause whom the figures in it leave out; with the blanks by mark key."""
    if indicators.series.left_out != "sentence" or not any(figure.without for figure in figures.values()):
        return marked, {}
    said: dict[str, Figure] = {}
    told: list[Absent] = []
    found = []
    for clause in clauses(marked):
        own = left_out(figures[key] for key in keys(clause) if key in figures)
        body = clause.rstrip(_ENDS)
        unnamed = own if not_named(own, said, told) else ()  # whoever names some names all, or the rest seem in it
        words, blank = leaving_out(unnamed, indicators, lang, owner, short=short, behind=body)
        said |= blank
        told += own
        found.append(body + words + clause[len(body) :])
    return "".join(found), said


def _together(absents: Iterable[Absent]) -> dict[tuple[NoBase | None, bool, tuple[Period, ...]], list[str]]:
    """Units by why, whether for a comparison's sake, and in which other periods they are left out.

    There are none where this period leaves them out, too.
    """
    found: dict[str, list[Absent]] = {}
    for absent in absents:
        found.setdefault(absent.unit, []).append(absent)
    groups: dict[tuple[NoBase | None, bool, tuple[Period, ...]], list[str]] = {}
    for unit, reasons in sorted(found.items(), key=lambda item: all(reason.period for reason in item[1])):
        base = next((reason.base for reason in reasons if reason.base), None)
        alike = base is None and any(reason.alike for reason in reasons)
        own = base or alike or any(reason.period is None for reason in reasons)
        periods = () if own else tuple(dict.fromkeys(reason.period for reason in reasons if reason.period))
        groups.setdefault((base, alike, periods), []).append(unit)
    return dict(sorted(groups.items(), key=lambda item: (item[0][0] or ("", ""), item[0][1], bool(item[0][2]))))


def blanks(absents: Iterable[Absent]) -> list[Claim]:
    """Whom statements leave out, as claims: exactly these units have no figure."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for absent in absents:
        found.setdefault((absent.of, str(absent.period or "")), {})[absent.unit] = None
    return [
        Claim("blank", {"of": of, "period": period or None, "units": tuple(units)})
        for (of, period), units in found.items()
    ]


def not_named(
    absents: Iterable[Absent], figures: Mapping[str, Figure], told: Iterable[Absent] = ()
) -> tuple[Absent, ...]:
    """Those whose unit no name in a statement stands for yet; ``figures`` are what the statement's marks mean.

    That a comparison leaves a unit out of both sides is said even so, unless it was ``told``.
    """
    named = {(figure.scope, figure.period) for key, figure in figures.items() if Key.parse(key).is_name}
    alike = {(absent.unit, absent.period) for absent in told if absent.alike}
    return tuple(one for one in absents if (one.unit, one.period) not in (alike if one.alike else named))
