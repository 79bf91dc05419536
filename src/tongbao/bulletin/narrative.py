"""The circular's words: title, number, paragraphs and authored passages, filled with figures that carry marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tongbao.basics.errors import DefinitionError
from tongbao.basics.formula import Formula
from tongbao.basics.key import Key
from tongbao.basics.language import MONEY, join_names, outline_number, unit_name
from tongbao.basics.marks import Mark, capital, findings_in, linked, marked_text, plain
from tongbao.basics.period import Period, long_date
from tongbao.definition.model import Lang, Text
from tongbao.definition.names import bare, headed, split_head
from tongbao.definition.official import OfficialForm
from tongbao.definition.series import KeyFigure, Section
from tongbao.figures.figure import Absent, Figure
from tongbao.figures.in_words import marked_with_unit
from tongbao.figures.indicators import Indicators
from tongbao.figures.kept import not_kept, summed_behind
from tongbao.figures.lacking import lack_of_area, lack_of_total
from tongbao.figures.measured import require_units_behind
from tongbao.findings.changes import compared, left_out_of
from tongbao.findings.engine import Finding, dates
from tongbao.findings.lacking import said_of
from tongbao.findings.leaving_out import leaving_out, told
from tongbao.findings.other_periods import BASES, base_name, renamed
from tongbao.findings.sentence import fact_names, plain_mark
from tongbao.findings.subject import evaluated
from tongbao.findings.templates import Names, fill, see_names
from tongbao.reading.prose import Prose
from tongbao.words import WORDS

_SUBHEADING = re.compile(r"^(#{2,4}) +(.+?)\s*$")
_CHART = re.compile(r"@fig-([\w-]+)")
_FINDING = re.compile(r"\bfinding\.([a-z_][a-z0-9_]*)")


@dataclass(frozen=True)
class KeyFigureText:
    """A number at the head of the page, with its change against the same period last year in words; both with marks.

    ``without`` says which units it leaves out, or why there is no number; ``missing`` why there is no change; both are
    empty where it is whole, and there.
    """

    label: str
    marked: str
    unit: str
    change: str
    without: str = ""
    missing: str = ""


@dataclass
class Narrative:
    """Fills every template of a bulletin, each once; ``figures`` collects what backs the text, by mark key.

    The title of a ``draft`` says that it is one.
    """

    indicators: Indicators
    findings: Mapping[str, Finding]
    prose: Prose
    period: Period
    lang: Lang = "zh"
    figures: dict[str, Figure] = field(default_factory=dict)
    draft: bool = False
    filled: dict[tuple[str, str, int], str] = field(default_factory=dict)

    def __getstate__(self) -> dict[str, Any]:
        """All but the names that templates may use, which are made anew."""
        return {name: value for name, value in vars(self).items() if name != "_context"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._context = self._known()

    def __post_init__(self) -> None:
        self._context = self._known()

    def _known(self) -> dict[str, Any]:
        series = self.indicators.series
        header = self.prose.header
        known = {
            **dates(self.period, header, self.lang),
            "year": self.period.year,
            "issued_year": header.issued.year,
            "fact": fact_names(self.indicators, self.figures, self.lang),
            "figure": Names("figure", list(series.measures), self._figure),
            "param": Names("param", list(series.parameters), lambda name: self._figure(f"param.{name}")),
            "finding": Names("finding", list(self.findings), self._finding),
        }
        # What the header does not give is not known to templates: a text that needs it is refused.
        if header.number is not None:
            known["number"] = header.number
        return known

    def text(self, template: Text, *place: str | int) -> str:
        """A declared template, filled; the result carries marks. ``place`` is its own in the definition."""
        return self._fill(template.get(self.lang), self.indicators.series.where(*place, self.lang))

    def _fill(self, template: str, place: str, first_line: int = 0) -> str:
        key = (template, place, first_line)
        if key not in self.filled:
            filled = fill(template, self._context, place, first_line, see_names(self.indicators.series.id))
            require_units_behind(filled, self.figures, place)
            self.filled[key] = told(filled, self.figures, self.indicators, self.lang, "text")
        return self.filled[key]

    @property
    def title(self) -> str:
        """The document's title."""
        return plain(self.text(self.indicators.series.title, "title")) + "".join(self.marks)

    @property
    def marks(self) -> list[str]:
        """What the title ends with where figures are made up, or where it is a draft."""
        draft = WORDS[self.lang].draft_title if self.draft else ""
        return [mark for mark in (self.indicators.series.mark(self.lang), draft) if mark]

    @property
    def number(self) -> str:
        """The document number (发文字号), or an empty text."""
        template = self.indicators.series.number
        return plain(self.text(template, "number")) if template else ""

    @property
    def document(self) -> OfficialForm:
        """What it bears as an official document: the series' declarations, and those of the period's file."""
        return self.indicators.series.document.changed_by(self.prose.header.document)

    @property
    def issued(self) -> str:
        """The date of issue in words."""
        return long_date(self.prose.header.issued, self.lang)

    def annex_title(self, number: int) -> str:
        """The title of annex ``number`` (from 1); one of made-up figures says so."""
        series = self.indicators.series
        title = self.text(series.annexes[number - 1].title, "annexes", number - 1, "title")
        return plain(title) + series.mark(self.lang)

    @property
    def notice(self) -> str:
        """What every form says at its head of made-up figures, or of a reconstruction; empty for an issuer's own."""
        series = self.indicators.series
        if series.synthetic:
            return series.synthetic_notice.get(self.lang)
        if series.reconstruction is None:
            return ""
        original = plain(self.text(series.reconstruction, "reconstruction"))
        return WORDS[self.lang].reconstruction.format(original)

    def opening(self) -> str:
        """The paragraph before the first section."""
        return self.text(self.indicators.series.opening, "opening")

    def section(self, section_id: str) -> list[str]:
        """A section as blocks of Markdown with marks: numbered headings and paragraphs."""
        series = self.indicators.series
        index, section = next((i, s) for i, s in enumerate(series.sections, start=1) if s.id == section_id)
        heading = f"{outline_number(1, index, self.lang)}{section.heading.get(self.lang)}"
        blocks = [f'## <span id="{section.id}"></span>{heading}']
        place = ("sections", index - 1, "paragraphs")
        blocks += [self.text(paragraph, *place, number) for number, paragraph in enumerate(section.paragraphs)]
        return blocks + self._passage(section)

    def _passage(self, section: Section) -> list[str]:
        passage = self.prose.passages.get(section.id)
        if passage is None:
            return []
        filled = self._fill(passage.text, self.prose.file, passage.line)
        counters = [0, 0, 0]
        lines = []
        for line in filled.splitlines():
            match = _SUBHEADING.match(line)
            if match:
                depth = len(match[1]) - 2
                counters[depth] += 1
                counters[depth + 1 :] = [0] * (len(counters) - depth - 1)
                lines.append(f"{match[1]}# {outline_number(depth + 2, counters[depth], self.lang)}{match[2]}")
            else:
                lines.append(line)
        return ["\n".join(lines).strip()]

    def compose(self) -> None:
        """Fill everything once, so that a fault in any text is found before a notebook runs.

        Raises:
            DefinitionError: an unknown placeholder, or one with no figure behind it; with its place.
        """
        series = self.indicators.series
        _ = (self.title, self.number, self.notice, self.main_points(), self.key_figures())
        said = [self.opening(), *(block for section in series.sections for block in self.section(section.id))]
        self._number_charts("\n".join(said))
        texts: list[tuple[tuple[str | int, ...], Text | None]] = []
        for number, annex in enumerate(series.annexes):
            texts += [(("annexes", number, "title"), annex.title), (("annexes", number, "note"), annex.note)]
        for name, chart in series.charts.items():
            texts += [(("charts", name, key), getattr(chart, key)) for key in ("title", "subtitle", "caption")]
        texts += [(("notes", number), note) for number, note in enumerate(series.notes)]
        for place, text in texts:
            if text is not None:
                self.text(text, *place)

    def _number_charts(self, said: str) -> None:
        """Hold the charts to be declared, and so numbered, in the order in which the text speaks of them."""
        names = {name.replace("_", "-"): name for name in self.indicators.series.charts}
        spoken = [names[name] for name in dict.fromkeys(_CHART.findall(said)) if name in names]
        declared = sorted(spoken, key=list(names.values()).index)
        for first, second in zip(spoken, declared, strict=True):
            if first != second:
                place = self.indicators.series.where("charts", second)
                raise DefinitionError(
                    f"the text speaks of chart {first} before chart {second}",
                    place=place,
                    expected="the order in which the text speaks of them: it is that of their numbers",
                    hint=f"declare {first} before {second}, then: tongbao notebook {self.indicators.series.id}",
                )

    def main_points(self) -> list[str]:
        """The main points (要点), one sentence each, with marks; without those that would say that nothing is known."""
        points = self.indicators.series.main_points
        filled = [self.text(point, "main_points", number) for number, point in enumerate(points)]
        return [one for one in filled if not any(self.findings[name].empty for name in findings_in(one))]

    def key_figures(self) -> list[KeyFigureText]:
        """The numbers at the head of the page."""
        found = []
        for number, declared in enumerate(self.indicators.series.key_figures, start=1):
            value = declared.value
            figure = evaluated(value, self.indicators)
            owner = f"key-{number}"
            if value.decimals is None and figure.origin in ("fact", "parameter"):
                key = str(Key(figure.name, period=str(figure.period or "")))
            elif value.is_name and value.decimals is None and figure.period is None:
                key = str(Key(figure.name, figure.scope))
            else:
                key = str(Key("value", owner=owner))
            self.figures[key] = figure
            marked, unit = self._amount(key, figure, value.unit or figure.unit)
            change, missing = self._change(declared, figure, str(Key("change", owner=owner)))
            without, blanks = leaving_out(figure.without, self.indicators, self.lang, owner, behind=None)
            self.figures |= blanks
            without = without if figure.text else self._why_blank(value.formula)
            found.append(KeyFigureText(declared.label.get(self.lang), marked, unit, change, without, missing))
        return found

    def _amount(self, key: str, figure: Figure, unit: str) -> tuple[str, str]:
        """A number at the head of the page with its mark, and its unit; a dash that is no number has neither."""
        if not figure.text:
            return "—", ""
        if self.lang == "en" and figure.unit in MONEY:
            return marked_with_unit(self.indicators, key, figure, self.lang), ""
        marked = str(Mark(key, self.indicators.shown(figure, self.lang)))
        return marked, unit_name(unit, self.lang, figure.text).strip()

    def _why_blank(self, formula: str) -> str:
        """Why a number at the head of the page is none."""
        if not_kept(self.indicators, [formula]):
            return WORDS[self.lang].no_table_here
        return said_of(self.indicators, lack_of_total(self.indicators, formula), self.lang)

    def not_compared(self) -> list[str]:
        """Why key figures have no change, a line for each reason; it names those that it is about unless it is all."""
        words, figures = WORDS[self.lang], self.key_figures()
        lines = []
        for why in dict.fromkeys(figure.missing for figure in figures if figure.missing):
            about = [figure.label for figure in figures if figure.missing == why]
            named = words.comma.join(about) + words.colon if len(about) < len(figures) else ""
            lines.append(capital(words.sentence.format(named + why)))
        return lines

    def _change(self, declared: KeyFigure, figure: Figure, key: str) -> tuple[str, str]:
        """同比 or 环比, with marks: a rate's change in points, a quantity's in percent; or why there is none."""
        words, value, against = WORDS[self.lang], declared.value, declared.against
        if against == "none":
            return "", ""
        if against in ("last_year", "previous"):
            if not self.indicators.compared(against).any_received:
                unknown = words.year_unknown if against == "last_year" else words.previous_unknown
                return "", renamed(self.indicators, unknown, self.lang)
            before = self.indicators.before(against, value.formula, unit=value.unit)
            formulas = (value.formula, headed(value.formula, against))
        else:
            before, formulas = self.indicators.evaluate(against, unit=value.unit), (value.formula, against)
        now = replace(figure, unit=value.unit or figure.unit)
        found = compared(self.indicators, (now, before), None, (None, value.rounding), formulas)
        others = list(found.without)
        if self.indicators.series.left_out == "sentence":
            said = {(one.unit, one.period) for one in now.without}  # under the figure itself
            absents = left_out_of((now, before), found.without)
            others = [one for one in absents if one.alike or (one.unit, one.period) not in said]
        alike, blanks = leaving_out(others, self.indicators, self.lang, Key.parse(key).owner)
        self.figures |= blanks
        of = "period" if against == "previous" else "year"
        rose, fell, same, about, zero, negative, missing = (
            renamed(self.indicators, getattr(words, f"{of}_{how}"), self.lang)
            for how in ("up", "down", "same", "about", "zero_base", "negative_base", "not_reported")
        )
        if against in BASES and lack_of_area(before) == "undefined":
            missing = words.not_computable_before.format(base_name(self.indicators, against, self.lang))
        if found.without:  # both have a figure, but no unit is in both
            base = base_name(self.indicators, against if against in BASES else "last_year", self.lang)
            missing = words.none_alike.format(base)
        if found.figure is not None:
            self.figures[key] = found.figure
            size = marked_with_unit(self.indicators, key, found.figure, self.lang)
            told = {"rise": rose, "fall": fell, "about_flat": about}.get(found.case, same).format(size)
            return told + alike, ""
        no_base = {"zero_base": zero, "negative_base": negative}.get(found.case, "")
        return no_base and no_base + alike, {"no_comparison": missing}.get(found.case, "")

    def incomplete(self, table: str, columns: Iterable[str] = ()) -> list[str]:
        """Whom the totals and ranks of a table leave out, a sentence for each set of its columns, with marks."""
        words, series = WORDS[self.lang], self.indicators.series
        measures = [name for name in columns or series.tables[table].columns if series.columns[name].is_measure]
        groups: dict[tuple[bool, tuple[str, ...]], list[str]] = {}
        for name in measures:
            blank = self.indicators.blank(name)
            self.figures |= {str(Key("unit", one.unit, owner=f"blank-{name}")): one.figure for one in blank}
            if blank:
                has_total = series.columns[name].area == "reported"
                groups.setdefault((has_total, tuple(one.unit for one in blank)), []).append(name)
        names = self.indicators.unit_names(self.lang)
        return [
            (words.blank_beside_total if has_total else words.blank_in_table).format(
                columns=words.each_column
                if columns == measures
                else words.comma.join(self.indicators.measure_name(name, self.lang) for name in columns),
                names=join_names(
                    [marked_text(str(Key("unit", unit, owner=f"blank-{columns[0]}")), names[unit]) for unit in units],
                    lang=self.lang,
                ),
            )
            for (has_total, units), columns in groups.items()
        ]

    def alike(self) -> list[str]:
        """Whom totals leave out where they are compared like for like, a sentence for each set of units, with marks."""
        words, groups = WORDS[self.lang], dict[tuple[str, frozenset[str]], tuple[dict[str, None], list[Absent]]]()
        said = [
            *self.figures.values(),
            *(one for name in self.findings for one in self.findings[name].figures.values()),
        ]
        for figure in said:
            absents = [one for one in figure.without if one.alike]
            names = Formula.parse(figure.formula or figure.name).names
            heads = [head for head, _ in map(split_head, names) if head in ("last_year", "previous")]
            if absents and heads:
                base, units = base_name(self.indicators, heads[0], self.lang), frozenset(one.unit for one in absents)
                group = groups.setdefault((base, units), ({}, []))
                group[0].update(dict.fromkeys(self._compared_by(names, absents)))
                group[1].extend(absents)
        lines = []
        for number, ((base, _), (measures, absents)) in enumerate(groups.items(), start=1):
            whom, blanks = leaving_out(absents, self.indicators, self.lang, f"alike-{number}", behind=None)
            self.figures |= blanks
            lines.append(words.compared_alike.format(columns=words.comma.join(measures), base=base, names=whom))
        return lines

    def _compared_by(self, names: Sequence[str], absents: Iterable[Absent]) -> Iterator[str]:
        """The measures in a formula that leave somebody out, by name: a rate, not what it is made of."""
        series = self.indicators.series
        for column in dict.fromkeys(bare(absent.of) for absent in absents):
            own = [name for name in map(bare, names) if column in summed_behind(series, name)]
            yield from (self.indicators.measure_name(name, self.lang) for name in own or [column])

    def section_of(self, finding: str) -> str | None:
        """The section whose text states a finding."""
        for section in self.indicators.series.sections:
            passage = self.prose.passages.get(section.id)
            texts = [paragraph.get(self.lang) for paragraph in section.paragraphs] + ([passage.text] if passage else [])
            if any(finding in _FINDING.findall(text) for text in texts):
                return section.id
        return None

    def _figure(self, name: str) -> Mark:
        figure = self.indicators.figure(name)
        key = str(figure.key)
        self.figures[key] = figure
        absent = [self.indicators.series.tables[table].title.zh for table in not_kept(self.indicators, [name])]
        return plain_mark(self.indicators, key, figure, self.figures, self.lang, ", ".join(absent))

    def _finding(self, name: str) -> str:
        finding = self.findings[name]
        self.figures.update(finding.figures)
        return linked(finding.marked[self.lang], name)
