"""Evaluate declared rules: find what is true, choose its wording, word it, and keep the figures behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from tongbao.basics.aggregate import Aggregate
from tongbao.basics.claim import Claim
from tongbao.basics.errors import DefinitionError, UsageError, did_you_mean
from tongbao.basics.key import Key
from tongbao.basics.marks import keys, plain
from tongbao.basics.period import Period, long_date
from tongbao.checks.issue import QualityIssue
from tongbao.definition.model import LANGUAGES, Lang, Text
from tongbao.definition.rule import worded
from tongbao.figures.figure import Absent, Figure, left_out
from tongbao.figures.indicators import Indicators
from tongbao.figures.kept import not_kept
from tongbao.figures.measured import require_units_behind
from tongbao.findings.bounds import printed_apart
from tongbao.findings.kind import Kind
from tongbao.findings.leaving_out import blanks, leaving_out, not_named, told_in_clauses
from tongbao.findings.outcome import Outcome, Phrase
from tongbao.findings.sentence import Sentence
from tongbao.findings.subject import evaluated
from tongbao.findings.templates import fill, names_in, see_names
from tongbao.reading.cell import Cell, unique
from tongbao.reading.prose import Header

# The cases that say that something is not known, or that there is nothing to compare with.
_EMPTY = frozenset(
    (
        "no_total",
        "no_bound",
        "unreported",
        "focus_unreported",
        "unknown",
        "missing",
        "no_comparison",
        "no_base",
        "zero_base",
        "negative_base",
    )
)
_NOT_KEPT = Text(zh="{{ period }}无{{ table }}", en="there is no “{{ table }}” for {{ period }}")


@dataclass(frozen=True)
class Finding:
    """A statement with its evidence.

    Arguments:
        id: as declared; ``rule`` is its kind and ``case`` the wording that the figures made true.
        marked: the sentence per language, with marks; ``text`` gives it plain.
        units: the units it names, in order.
        values: the numbers it computed or compared with, by name.
        figures: every figure behind it, by mark key.
        claims: what it asserts, in the primitives of ``docs/proof.md``.
        level: ``attention`` where something is missed or missing, else ``note``.
        empty: whether all it says is that there is nothing to say or to compare.
    """

    id: str
    rule: str
    case: str
    marked: Mapping[str, str]
    units: tuple[str, ...]
    values: Mapping[str, Figure]
    figures: Mapping[str, Figure]
    level: str = "note"
    claims: tuple[Claim, ...] = ()
    empty: bool = False

    @property
    def text(self) -> dict[str, str]:
        """The plain sentence per language."""
        return {lang: plain(marked) for lang, marked in self.marked.items()}

    @property
    def evidence(self) -> tuple[Cell, ...]:
        """Every cell behind the sentence, without repeats."""
        return unique(cell for figure in self.figures.values() for cell in figure.cells)


def find(
    indicators: Indicators, period: Period, quality: Sequence[QualityIssue] = (), header: Header | None = None
) -> dict[str, Finding]:
    """Evaluate every rule of the series, in declared order.

    Arguments:
        indicators: the period's figures; other periods' are reached through them.
        period: what they cover.
        quality: what the checks found, for rules on faults of reporting.
        header: the period's dates, for wordings that state them.

    Raises:
        DefinitionError: a wording names something unknown, or an option is not a number.
    """
    series = indicators.series
    common = {lang: _common(indicators, period, header, lang) for lang in LANGUAGES}
    return {name: _finding(name, rule, indicators, quality, common) for name, rule in series.findings.items()}


def _finding(
    name: str,
    rule: Kind,
    indicators: Indicators,
    quality: Sequence[QualityIssue],
    common: Mapping[Lang, Mapping[str, Any]],
) -> Finding:
    where = partial(indicators.series.where, "findings", name)
    _check_names(rule, where, indicators.series.id)
    try:
        absent = _not_kept(rule, indicators)
        outcome = absent or rule.find(indicators, quality)
        for key, value in rule.values.items() if absent is None else ():
            outcome.values[key] = printed_apart(evaluated(value, indicators), outcome.bounds.get(value.formula, ()))
    except UsageError as error:
        raise DefinitionError(
            error.message, place=error.place or where(), found=error.found, expected=error.expected, hint=error.hint
        ) from None
    if absent is None and "missing" in rule.wording and any(outcome.value(key).value is None for key in rule.values):
        outcome.cases = ("missing",)
        outcome.when["missing"] = " or ".join(f"blank({value.formula})" for value in rule.values.values())
    case, wording = worded(
        rule, outcome.cases, dict.fromkeys(outcome.cases, _NOT_KEPT) if absent else rule.words(indicators)
    )
    figures: dict[str, Figure] = {}
    named: dict[str, Claim] = {}
    absents: dict[Absent, None] = {}
    signs: dict[str, Claim] = {}
    used: dict[str, None] = {}  # in the order of the sentence: the same bytes every time
    marked: dict[str, str] = {}
    for lang in LANGUAGES:
        if lang == "en" and wording.en is None:
            continue
        template = wording.get(lang)
        sentence = Sentence(name, rule, outcome, indicators, lang, figures, named, signs)
        context = sentence.context(names_in(template), common[lang])
        marked[lang] = fill(template, context, where("wording", case, lang), see=see_names(indicators.series.id))
        require_units_behind(marked[lang], figures, where("wording", case, lang))
        if indicators.series.left_out == "sentence":
            marked[lang] = _leaving_out(marked[lang], sentence, absents)
        used |= dict.fromkeys(keys(marked[lang]))
    shown = {key: figures[key] for key in (*used, *signs) if key in figures}
    shown |= _behind(name, outcome, shown)
    shown |= _deciding(name, case, outcome, shown)
    values = {key: value for key, value in sorted(outcome.values.items()) if isinstance(value, Figure)}
    units = tuple(unit for unit in outcome.units if unit in indicators.units)
    level = "attention" if case in outcome.attention else "note"
    claims = (*_claims(case, outcome, used, figures, named), *signs.values(), *blanks(absents))
    empty = absent is not None or case in _EMPTY
    return Finding(name, rule.rule, case, marked, units, values, shown, level, claims, empty)


def _not_kept(rule: Kind, indicators: Indicators) -> Outcome | None:
    """What is said in place of a rule whose table the period does not have; ``None`` where it has all of them."""
    missing = not_kept(indicators, [expression for _, expression in rule.expressions()])
    table = getattr(rule, "table", None)
    if table in indicators.received.absent and not indicators.is_summed(table):
        missing[table] = next(iter(indicators.series.tables[table].columns))
    if not missing:
        return None
    table, column = next(iter(missing.items()))
    case = next(case for case in ("unreported", "unknown", "missing", "none") if case in rule.cases())
    title = indicators.series.tables[table].title
    phrases = {"table": Phrase(Text(zh=f"《{title.zh}》", en=title.get("en")))}
    return Outcome((case,), phrases=phrases, when={case: f"count(reported({column})) == 0"})


def _leaving_out(marked: str, sentence: Sentence, absents: dict[Absent, None]) -> str:
    """A sentence that says whom its figures leave out, as far as it does not name them; ``absents`` gets them all."""
    lang, name, short = sentence.lang, sentence.name, sentence.rule.naming.name == "short"
    shown = {key: sentence.figures[key] for key in keys(marked) if key in sentence.figures}
    listed = sentence.outcome.on_list
    absents |= dict.fromkeys((*sentence.outcome.left_out, *left_out(shown.values())))
    own = {key: figure for key, figure in shown.items() if Key.parse(key).name != "unit"}
    marked, blank = told_in_clauses(marked, own, sentence.indicators, lang, name, short=short)
    unnamed = not_named(sentence.outcome.left_out, shown | blank, left_out(own.values()))
    unnamed = tuple(one for one in unnamed if one.period is not None or one.unit not in listed)
    said, others = leaving_out(unnamed, sentence.indicators, lang, name, short=short, behind=marked)
    sentence.figures.update(blank | others)
    return marked + said


def _claims(
    case: str, outcome: Outcome, used: Iterable[str], figures: Mapping[str, Figure], named: Mapping[str, Claim]
) -> Iterator[Claim]:
    """What a finding asserts: what makes its case true, what is true of its units, the numbers it prints."""
    of = outcome.subject.of if outcome.subject is not None else None
    if case in outcome.when:
        yield Claim("case", {"case": case, "when": outcome.when[case], "of": of})
    yield from outcome.claims
    for key in used:
        if key not in figures or Key.parse(key).is_name:
            continue
        if key in named:
            yield named[key]
            continue
        counted = Aggregate.parse(figures[key].formula or "")
        if counted is not None and counted.where is not None and counted.function == "count":
            yield Claim("count", {"key": key, "of": figures[key].items, "that": counted.where.source})
        else:
            yield Claim("value", {"key": key})


def _behind(name: str, outcome: Outcome, shown: Mapping[str, Figure]) -> dict[str, Figure]:
    """What backs a sentence beside the figures in it: what was compared unit by unit, even where no name stands.

    A count in the sentence already brings the cells of all that was compared.
    """
    found: dict[str, Figure] = {}
    if outcome.behind is not None:
        for of, figure in outcome.behind().items():
            found[str(Key("unit", of, owner=name) if outcome.compared else Key(of, owner=name))] = figure
    elif outcome.subject is not None and outcome.subject.of_units:
        size = len(outcome.subject.values)
        if any(len(figure.cells) >= size for figure in shown.values()):
            return {}
        named = outcome.units if outcome.units and set(outcome.units) <= set(outcome.subject.values) else ()
        found = {str(Key("unit", unit, owner=name)): outcome.subject.figure(unit) for unit in named or outcome.compared}
    return {key: figure for key, figure in found.items() if key not in shown}


def _deciding(name: str, case: str, outcome: Outcome, shown: Mapping[str, Figure]) -> dict[str, Figure]:
    """The sides of a comparison over the whole area that make its case true and stand nowhere: the base of 持平."""
    if case not in outcome.when or outcome.subject is not None:
        return {}
    known = {id(cell) for figure in shown.values() for cell in figure.cells}
    sides = {key: outcome.value(key) for key in ("value", "before", "target") if key in outcome.values}
    return {
        str(Key(key, owner=name)): figure
        for key, figure in sides.items()
        if figure.value is not None and any(id(cell) not in known for cell in figure.cells)
    }


def _check_names(rule: Kind, where: Callable[..., str], series: str) -> None:
    """Every wording, also of cases that the figures do not make true now, names only what the rule brings.

    Raises:
        DefinitionError: it names something else.
    """
    known = rule.known()
    for case, text in rule.wording.items():
        for lang, template in (("zh", text.zh), ("en", text.en or "")):
            place = where("wording", case, lang)
            for unknown in sorted(names_in(template, place) - known):
                hint = f"{did_you_mean(unknown, known)}; {see_names(series)}"
                raise DefinitionError(f"template: {unknown!r} is not known here", place=place, hint=hint)


def _common(indicators: Indicators, period: Period, header: Header | None, lang: str) -> dict[str, Any]:
    """What every wording may name."""
    series = indicators.series
    return {
        **dates(period, header, lang),
        "area_name": series.area.get(lang),
        "unit_kind": series.unit_kind.get(lang),
        "source": series.source.get(lang),
    }


def dates(period: Period, header: Header | None, lang: str) -> dict[str, str]:
    """What every text may name of its period and of the document's dates, in words; a date not given is not known."""
    given = {"issued": header.issued, "statistics_date": header.statistics_date} if header is not None else {}
    return {
        "period": period.label(lang),
        "period_short": period.short_label(lang),
        "to_date": period.to_date().label(lang),
        "to_date_short": period.to_date().short_label(lang),
        **{name: long_date(day, lang) for name, day in given.items() if day is not None},
    }
