"""What a correction changes beside the findings, for readers: figures with their names, sentences of the pages."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from tongbao.bulletin import bulletin as computed
from tongbao.bulletin.schemas import FINDINGS_VERSION, SentenceRecord
from tongbao.definition.files import read_kept
from tongbao_office.approval import Bulletin
from tongbao_office.records import FigureChange, LineChange
from tongbao_review.baseline import Json, lines_of
from tongbao_review.changes import Changes, compare
from tongbao_review.named import figure_names, printed


def corrected(bulletin: Bulletin, before: Path) -> tuple[tuple[FigureChange, ...], tuple[LineChange, ...]]:
    """What differs from the version published before; nothing where its record is of another form.

    Arguments:
        bulletin: as built now.
        before: the folder of the version published before.
    """
    old, period = read_kept(before / f"{bulletin.period}.json"), str(bulletin.period)
    if old.get("schema") != FINDINGS_VERSION:
        return (), ()
    pages = bulletin.project.page(bulletin.series, bulletin.period, "html").with_suffix("")
    new = json.loads(bulletin.record_file.read_text("utf-8"))
    found = compare(old, new, lines_of(old, before / period), lines_of(new, pages))
    lines = [
        LineChange(lang=lang, old=one.old.text if one.old else None, new=one.new.text if one.new else None)
        for lang, changed in found.lines.items()
        for one in changed
    ]
    return tuple(_figures(bulletin, found)) if found.figures else (), tuple(lines)


def _figures(bulletin: Bulletin, changes: Changes) -> list[FigureChange]:
    """Figures that are printed otherwise than before, each with its name and unit in every language.

    A fact or parameter that is quoted only before or only now has not changed; the sentence that quotes it is told.
    """
    values = {name: Decimal(value) for name, value in bulletin.manifest.parameters.items()}
    now = computed.Bulletin.open(bulletin.project, bulletin.series, str(bulletin.period), values)
    shown = {lang: now.shown_in(lang) for lang in now.series.languages}
    names = {lang: figure_names(one, changes) for lang, one in shown.items()}

    def in_words(record: Json | None) -> SentenceRecord | None:
        return None if record is None else _both({lang: printed(one, record) for lang, one in shown.items()})

    found = [
        FigureChange(
            figure=one.name,
            name=_both({lang: said[one.name] for lang, said in names.items()}),
            old=in_words(one.old),
            new=in_words(one.new),
        )
        for one in changes.figures
        if one.kind == "changed" or not one.name.startswith(("fact.", "param."))
    ]
    return [one for one in found if one.old != one.new]


def _both(said: dict[str, str]) -> SentenceRecord:
    """A text in the languages of a series; the issuer's own stands for Chinese where it has none."""
    return SentenceRecord(zh=said.get("zh") or next(iter(said.values())), en=said.get("en"))
