"""What differs from the version published last: raw cells, figures, findings, sentences; and what each cell touches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, NamedTuple

from tongbao.basics.key import Key
from tongbao.figures.figure import own_key
from tongbao_desk.diff import Change, changes, said
from tongbao_review.baseline import Json
from tongbao_review.direction import direction_of
from tongbao_review.lines import Line

_WHAT_COUNTS = ("value", "unit", "qualifier")


class LineChange(NamedTuple):
    """A sentence of the page before and after; ``words``: by more than the figures in it."""

    old: Line | None
    new: Line | None
    words: bool


@dataclass(frozen=True)
class Changes:
    """What differs, in the order of the new record; what is gone comes last.

    Arguments:
        files: raw files that are new or gone, and those of which no cell that is used has changed.
        cells: records of cells, by key.
        figures: records of figures, by the key that each has for itself. What a finding says only before or only now is
            told by the finding.
        findings: their records, by id.
        parameters: their values.
        definition: what ``series.yml`` says, by its place there.
        lines: by language, the sentences that differ in more than the findings that they quote.
        now: by language, what the pages say now.
        names: the key that a figure has for itself, by any of its keys.
        behind: the cells that each changed figure comes from, with those that only a finding tells.
        units: the units as they were declared then.
    """

    files: tuple[Change, ...]
    cells: tuple[Change, ...]
    figures: tuple[Change, ...]
    findings: tuple[Change, ...]
    parameters: tuple[Change, ...]
    definition: tuple[Change, ...]
    lines: Mapping[str, tuple[LineChange, ...]]
    now: Mapping[str, Sequence[Line]]
    names: Mapping[str, str]
    behind: Mapping[str, Collection[str]]
    units: Sequence[Json]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        parts = (self.files, self.cells, self.figures, self.findings, self.parameters, self.definition)
        return not any((*parts, *self.lines.values()))

    def touched_by(self, cell: str) -> set[str]:
        """The changed figures that a cell is behind."""
        return {name for name, cells in self.behind.items() if cell in cells}

    def stated(self, finding: Change) -> set[str]:
        """The figures of a finding, before and after."""
        return self._own(key for side in (finding.old, finding.new) if side for key in side["figures"])

    def printed(self, line: LineChange) -> set[str]:
        """The figures that stand in a sentence, before and after."""
        return self._own(key for side in (line.old, line.new) if side for key in side.keys("figure"))

    def _own(self, keys: Iterable[str]) -> set[str]:
        return {self.names.get(key, key) for key in keys}


def compare(old: Json, new: Json, old_lines: Mapping[str, list[Line]], new_lines: Mapping[str, list[Line]]) -> Changes:
    """What differs between two records, each as ``findings.json``, and between the pages of theirs.

    Arguments:
        old: of the version published last.
        new: as it is now.
        old_lines: what its pages say, by language.
        new_lines: the same of the pages now.
    """
    renamed = _renamed(old, new)
    names = {key: _own_key(figure) for side in (old, new) for key, figure in side["figures"].items()}
    names = {key: renamed.get(own, own) for key, own in names.items()}
    cells = tuple(_cells(old, new))
    touched = {file for one in cells for file in (one.new or one.old)["source"]["file"].split("，")}
    files = [one for one in changes(old["inputs"], new["inputs"], str) if one.name not in touched]
    before, after = (_figures(side, renamed) for side in (old, new))
    figures = tuple(changes(before, after, _what_counts))
    said_before, said_now = ({one["id"]: one for one in side["findings"]} for side in (old, new))
    return Changes(
        tuple(files),
        cells,
        tuple(one for one in figures if one.kind == "changed" or _stands_alone(one.new or one.old)),
        tuple(changes(said_before, said_now, said)),
        tuple(changes(old["parameters"], new["parameters"], str)),
        tuple(changes(dict(_leaves(old["definition"])), dict(_leaves(new["definition"])), str)),
        {lang: tuple(_lines(old_lines[lang], new_lines[lang])) for lang in new_lines if lang in old_lines},
        new_lines,
        names,
        {one.name: {cell for side in (one.old, one.new) if side for cell in side["cells"]} for one in figures},
        old["definition"]["units"],
    )


def _own_key(figure: Json) -> str:
    return str(own_key(figure["name"], figure["scope"], figure["period"] or ""))


def _what_counts(figure: Json) -> list[object]:
    return [direction_of(figure), *(figure[name] for name in _WHAT_COUNTS)]


def _stands_alone(figure: Json) -> bool:
    """Whether a figure is on record for itself, and not only for the sentence of a finding."""
    return any(not Key.parse(key).owner for key in figure["keys"])


def _renamed(old: Json, new: Json) -> dict[str, str]:
    """Figures whose formula is written otherwise now, as of one that has turned: by the former key, the present."""
    before, after = ({key: _own_key(figure) for key, figure in side["figures"].items()} for side in (old, new))
    gone, come = set(before.values()) - set(after.values()), set(after.values()) - set(before.values())
    same = ("scope", "period", "unit", "origin")
    return {
        before[key]: after[key]
        for key, figure in old["figures"].items()
        if before[key] in gone
        and after.get(key) in come
        and figure["origin"] == "computed"
        and all(figure[name] == new["figures"][key][name] for name in same)
    }


def _figures(record: Json, renamed: Mapping[str, str]) -> dict[str, Json]:
    """Each figure once, by its present name: findings and key figures call the same one by names of their own."""
    found: dict[str, Json] = {}
    for key, figure in record["figures"].items():
        own = _own_key(figure)
        own = renamed.get(own, own)
        known = found.setdefault(own, {**figure, "keys": [], "cells": []})
        known["keys"].append(key)
        known["cells"].extend(figure["cells"])
    return found


def _cells(old: Json, new: Json) -> Iterator[Change]:
    """Cells whose text differs; of files that are there once only, the file is named.

    Totals and facts are on record where something uses them: one that is there once only need not be new.
    """
    both = old["inputs"].keys() & new["inputs"].keys()
    for change in changes(old["cells"], new["cells"], lambda cell: cell["text"].strip()):
        known = change.new or change.old
        if all(file in both for file in known["source"]["file"].split("，")) and (
            change.kind == "changed" or known["unit"] is not None
        ):
            yield change


def _leaves(tree: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """What a definition says, by its place there; items of lists by their id."""
    if isinstance(tree, dict):
        for name, part in tree.items():
            yield from _leaves(part, f"{place}.{name}".lstrip("."))
    elif isinstance(tree, list):
        for number, part in enumerate(tree):
            name = part.get("id") or part.get("table") or number if isinstance(part, dict) else number
            yield from _leaves(part, f"{place}.{name}")
    else:
        yield place, str(tree)


def _lines(old: Sequence[Line], new: Sequence[Line]) -> Iterator[LineChange]:
    before, after = ([line.words for line in side] for side in (old, new))
    for kind, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for pair in zip_longest(old[start:end], new[first:last]):
            if len({side.beside_findings if side else "" for side in pair}) > 1:
                yield LineChange(*pair, words=kind != "equal")
