"""What changed since it was published, on the review page: side by side, each cell leading to what it touches."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from tongbao.basics.period import Period, long_date
from tongbao.bulletin.reviews import ReviewSection
from tongbao.definition.model import Lang
from tongbao_desk.diff import Change
from tongbao_office.placing import differing
from tongbao_review.baseline import Json
from tongbao_review.changes import Changes, LineChange
from tongbao_review.lines import Line
from tongbao_review.named import figure_names, printed, told_apart, unit_names
from tongbao_review.parts import listed, table
from tongbao_review.subject import Subject
from tongbao_review.words import REVIEW_WORDS

_ID = re.compile(r'\bid="([^"]+)"')


def changes(subject: Subject, lang: Lang) -> Iterator[ReviewSection]:
    """What differs from the version published last; or that there is none, or none to compare with."""
    words, baseline = REVIEW_WORDS[lang], subject.baseline
    place = f"<code>{html.escape(baseline.place)}</code>"
    if not baseline.place:
        said = words.never_published
    elif baseline.version is None:
        said = words.not_there.format(place)
    elif baseline.unreadable:
        said = words.other_record.format(place)
    elif subject.changes is None:
        said = words.not_compared
    else:
        day = long_date(datetime.fromisoformat(baseline.version.published).date(), lang)
        said = words.compared_with.format(number=baseline.version.number, date=day, place=place)
        said += words.nothing_changed if subject.changes.is_empty else ""
    blocks = [f"<p>{said}</p>"]
    if subject.changes is not None and not subject.changes.is_empty:
        blocks += _Shown(subject, subject.changes, lang).blocks()
    yield ReviewSection("changes", words.changes, "\n".join(blocks))


class _Shown:
    """The changes in one language."""

    def __init__(self, subject: Subject, found: Changes, lang: Lang) -> None:
        self._subject, self._found, self._lang, self._words = subject, found, lang, REVIEW_WORDS[lang]
        self._bulletin, self._series = subject.bulletin, subject.bulletin.series
        self._touched = [one for one in found.lines.get(lang, ()) if not one.words]
        self._own = [one for one in found.lines.get(lang, ()) if one.words]
        self._units = unit_names(self._bulletin, found)
        self._numbers = {one.name: n for n, one in enumerate(found.figures, start=1)}
        page = subject.project.page(self._series.id, self._bulletin.period, "html", lang)
        self._anchors = set(_ID.findall(page.read_text("utf-8"))) if page.is_file() else set()

    def blocks(self) -> Iterator[str]:
        """Each kind of change under its heading, where there is any."""
        words, found = self._words, self._found
        parts: tuple[tuple[str, Sequence[Any], Callable[[Any], str]], ...] = (
            (words.files_changed, found.files, self._files),
            (words.cells_changed, found.cells, self._cells),
            (words.figures_changed, found.figures, self._figures),
            (words.findings_changed, found.findings, self._findings),
            (words.lines_changed, self._touched, self._lines),
            (words.words_changed, self._own, self._lines),
            (words.settings_changed, [*found.parameters, *found.definition], self._settings),
        )
        for head, ones, shown in parts:
            if ones:
                yield f"<h3>{head.format(len(ones))}</h3>\n{shown(ones)}"

    def _files(self, files: Sequence[Change]) -> str:
        states = {"added": self._words.file_new, "removed": self._words.file_gone, "changed": self._words.file_same}
        return listed(f"<li><code>{html.escape(one.name)}</code> {states[one.kind]}</li>" for one in files)

    def _cells(self, cells: Sequence[Change]) -> str:
        items = []
        for number, one in enumerate(cells, start=1):
            known = one.new or one.old
            source, place = known["source"], html.escape(known["source"]["file"])
            if source.get("sheet"):
                place += f" [{html.escape(source['sheet'])}]"
            if "row" in source:
                place += f" {html.escape(self._words.cell_place.format(row=source['row'], column=source['column']))}"
            name = self._link(self._cell_name(one.name, known), [f"cell-{known['column']}-{known['unit']}"])
            texts = f"<del>{self._received(one.old)}</del> → <ins>{self._received(one.new)}</ins>"
            items.append(
                f'<li id="r-cell-{number}"><p>{name}{self._words.colon}{texts}</p><p><small>{place}</small></p>'
                f"{self._touches(one)}</li>"
            )
        return listed(items, "changed-cells")

    def _cell_name(self, key: str, cell: Json) -> str:
        """``甲县 罚款``; a fact by what it is called, with its period where it is another one's."""
        name, _, period = key.partition("~")
        parts = [Period.parse(period).label(self._lang)] if period else []
        if cell["unit"] in self._units:
            parts.append(self._units[cell["unit"]])
        elif name.endswith("@total"):
            parts.append(self._series.area.get(self._lang))
        columns, fact = self._series.columns, name.removeprefix("fact.")
        if cell["column"] in columns:
            parts.append(columns[cell["column"]].measure_name(self._lang))
        elif fact in self._bulletin.received.facts:
            parts.append(self._bulletin.received.facts[fact].name.get(self._lang))
        return html.escape(" ".join(parts) or key)

    def _received(self, cell: Json | None) -> str:
        if cell is None:
            return self._words.absent
        return html.escape(cell["text"].strip()) or self._words.blank

    def _touches(self, cell: Change) -> str:
        """Links to the figures and sentences that a cell is behind."""
        words, touched = self._words, self._found.touched_by(cell.name)
        links = [
            (f"#r-figure-{self._numbers[one]}", self._figure_names[one]) for one in self._numbers if one in touched
        ]
        links += [
            (f"#r-finding-{one.name}", words.at_sentence.format(n))
            for n, one in enumerate(self._found.findings, start=1)
            if touched & self._found.stated(one)
        ]
        links += [
            (f"#r-line-{n}", words.at_line.format(n))
            for n, one in enumerate([*self._touched, *self._own], start=1)
            if touched & self._found.printed(one)
        ]
        shown = "".join(f'<li><a href="{target}">{html.escape(name)}</a></li>' for target, name in links)
        return f'<p>{words.touches}</p><ul class="touches">{shown}</ul>' if links else ""

    def _figures(self, figures: Sequence[Change]) -> str:
        words = self._words
        rows = []
        for one in figures:
            name = html.escape(self._figure_names[one.name])
            keys = [key for side in (one.new, one.old) if side for key in side["keys"]]
            rows.append(
                f'<th scope="row" id="r-figure-{self._numbers[one.name]}">{self._link(name, self._places(keys))}</th>'
                + "".join(f"<td>{side}</td>" for side in self._printed(one))
            )
        return table(words.figures_changed.format(len(figures)), (words.figure_name, words.before, words.now), rows)

    @cached_property
    def _figure_names(self) -> Mapping[str, str]:
        """What each changed figure is, in words."""
        return figure_names(self._bulletin, self._found)

    def _printed(self, figure: Change) -> list[str]:
        """A figure before and now."""
        words, old, new = self._words, figure.old, figure.new
        if old is not None and new is not None:
            return [html.escape(said or words.blank) for said in told_apart(self._bulletin, old, new)]
        sides = ((side, side and printed(self._bulletin, side)) for side in (old, new))
        return [words.absent if side is None else html.escape(said or words.blank) for side, said in sides]

    def _places(self, keys: Sequence[str]) -> Iterator[str]:
        """Where on the public page a figure may be looked up: its cell of an annex, the evidence of a finding."""
        for key in keys:
            name, _, scope = key.partition("@")
            yield f"cell-{name}-{scope}"
        for finding in self._bulletin.findings.values():
            if not set(keys).isdisjoint(finding.figures):
                yield f"finding-{finding.id}"
        yield "no-finding"

    def _link(self, shown: str, anchors: Sequence[str] | Iterator[str]) -> str:
        """A link to the first of some places that the public page has."""
        anchor = next((one for one in anchors if one in self._anchors), None)
        return shown if anchor is None else f'<a href="#{html.escape(anchor)}">{shown}</a>'

    def _findings(self, findings: Sequence[Change]) -> str:
        items = []
        for number, one in enumerate(findings, start=1):
            old, new = (side and side["text"].get(self._lang) for side in (one.old, one.new))
            notes = [f"<b>{self._words.at_sentence.format(number)}</b>"]
            lines = [line for line in self._found.now.get(self._lang, ()) if one.name in line.keys("finding")]
            in_text = [line for line in lines if line.anchor != "main-points"]
            notes += [self._place(line, line.anchor) for line in (in_text or lines)[:1]]
            if f"finding-{one.name}" in self._anchors:
                notes.append(self._link(self._words.evidence_there, [f"finding-{one.name}"]))
            if one.old and one.new and one.old["text"] == one.new["text"]:
                told = [getattr(self._words, key) for key in ("case", "level", "units") if one.old[key] != one.new[key]]
                notes.append(self._words.same_sentence + self._words.comma.join(told))
            items.append(self._sides(f"r-finding-{one.name}", old, new, notes))
        return listed(items, "sides")

    def _lines(self, lines: Sequence[LineChange]) -> str:
        items = []
        for one in lines:
            number = [*self._touched, *self._own].index(one) + 1
            old, new = (side.text if side else None for side in (one.old, one.new))
            place = next(self._place(side, one.new.anchor if one.new else "") for side in (one.new, one.old) if side)
            notes = [f"<b>{self._words.at_line.format(number)}</b>", place]
            items.append(self._sides(f"r-line-{number}", old, new, notes))
        return listed(items, "sides")

    def _place(self, line: Line, anchor: str) -> str:
        """Where a sentence stands: the heading above it, a link to the public page where that has it."""
        return self._link(html.escape(line.heading or self._words.page_top), [anchor])

    def _sides(self, name: str, old: str | None, new: str | None, notes: Sequence[str]) -> str:
        """Two sentences side by side, what differs marked in each."""
        pieces = list(differing(old or "", new or ""))
        before = "".join(gone if gone == came else gone and f"<del>{gone}</del>" for gone, came in pieces)
        after = "".join(came if gone == came else came and f"<ins>{came}</ins>" for gone, came in pieces)
        sides = [
            f"<div><small>{head}</small><p>{shown if text is not None else self._words.absent}</p></div>"
            for head, shown, text in ((self._words.before, before, old), (self._words.now, after, new))
        ]
        return f'<li id="{html.escape(name)}"><p class="notes-of">{" · ".join(notes)}</p>{"".join(sides)}</li>'

    def _settings(self, settings: Sequence[Change]) -> str:
        words = self._words
        rows = [
            f'<th scope="row"><code>{html.escape(one.name)}</code></th>'
            + "".join(f"<td>{words.absent if side is None else html.escape(side)}</td>" for side in (one.old, one.new))
            for one in settings
        ]
        return table(words.settings_changed, (words.setting_name, words.before, words.now), rows)
