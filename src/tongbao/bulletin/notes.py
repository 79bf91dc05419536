"""Data notes: definitions, rounding, what is blank, where print differs from what is computed."""

from __future__ import annotations

from typing import NamedTuple

from tongbao.basics.language import join_names
from tongbao.basics.marks import capital
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.narrative import Narrative
from tongbao.checks.reported import repeated_figures
from tongbao.words import WORDS


class Note(NamedTuple):
    """A note, marked; the numbers of one that quotes what was received open nothing."""

    marked: str
    opens: bool = True


def data_notes(bulletin: Bulletin, narrative: Narrative) -> list[Note]:
    """The notes of an edition, in their order."""
    series, lang, words = bulletin.series, narrative.lang, WORDS[narrative.lang]
    found = [Note(narrative.text(note, "notes", number)) for number, note in enumerate(series.notes)]
    if series.left_out == "notes":
        for table in dict.fromkeys(annex.table for annex in series.annexes if annex.table):
            title = words.in_table.format(series.tables[table].title.get(lang))
            found += [Note(title + line) for line in narrative.incomplete(table)]
        found += [Note(capital(line)) for line in narrative.alike()]
    for period, names in bulletin.former_units.items():
        said = words.comma.join(name.get(lang) for name in names)
        found.append(Note(words.former_units.format(period=period.label(lang), names=said)))
    found += [Note(capital(issue.marked[lang]), opens=False) for issue in bulletin.disclosed]
    compared = repeated_figures(bulletin.indicators)
    if compared and not any(issue.check.startswith("reported") for issue in bulletin.quality):
        said = join_names([getattr(words, f"repeated_{what}") for what in compared], lang=lang)
        found.append(Note(capital(words.agrees.format(said))))
    return found
