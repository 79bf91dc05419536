"""Words: the head of the document, its sections, main points, closing, notes."""

from __future__ import annotations

import html
from datetime import date

from tongbao.basics.marks import escape_markdown, plain, to_bare_html, to_html, to_markdown
from tongbao.basics.period import long_date
from tongbao.basics.yaml_text import write_yaml
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.notes import data_notes
from tongbao.definition.formats import FORMATS, PAGE
from tongbao.definition.model import Lang
from tongbao.definition.official import OfficialForm
from tongbao.display.frame import frame_words, page_foot, page_head
from tongbao.display.mime import Display, Part, block, raw_html
from tongbao.words import WORDS


def masthead(bulletin: Bulletin) -> Display:
    """The document's metadata (issuer, number, title, addressees), which the page templates lay out."""
    narrative, series, lang = bulletin.narrative, bulletin.series, bulletin.lang
    words = WORDS[lang]
    edition = bulletin.project.edition(series.id, bulletin.period, lang)
    addressees = series.addressees.get(lang) + words.colon.rstrip()
    metadata = {
        "lang": lang,
        "title": escape_markdown(narrative.title),
        "pagetitle": escape_markdown(narrative.title),
        "issuer": escape_markdown(series.authority.get(lang)),
        "docnumber": escape_markdown(narrative.number),
        "addressees": escape_markdown(addressees),
        "issued": narrative.issued,
        "issued-iso": bulletin.header.issued.isoformat(),
        "covers": words.covers + bulletin.period.label(lang),
        **_official(narrative.document, narrative.prose.header.issued, lang),
        "totals": [escape_markdown(table.total_row.get(lang)) for table in series.tables.values() if table.total_row],
        "unbroken": [*map(escape_markdown, series.unbroken), bulletin.period.label(lang), *narrative.marks]
        if lang == "zh"
        else [],
        "description": escape_markdown(plain(next(iter(narrative.main_points()), ""))),  # of PDF and Word
        "page-head": raw_html(page_head(bulletin)),
        "page-foot": raw_html(page_foot(bulletin)),
        "site-root": "../..",
        "notice": escape_markdown(narrative.notice),
        "draft-mark": words.draft_mark if narrative.draft else "",
        **frame_words(lang),
        "downloads-title": words.downloads,
        "attached": [{"file": f"/reports/{series.id}/{bulletin.period}.csv", "says": words.data}],
        "downloads": [
            *(
                {"label": label, "href": f"{edition}.{name}"}
                for name in series.formats
                if (label := FORMATS[name].label)
            ),
            {"label": words.data, "href": f"{bulletin.period}.csv"},
        ],
        "editions": [
            {
                "label": WORDS[other].other_edition,
                "href": f"{bulletin.project.edition(series.id, bulletin.period, other)}.html",
                "lang": other,
            }
            for other in series.languages
            if other != lang and PAGE.name in series.formats
        ],
    }
    # An empty field must be absent, or a template would print its frame.
    text = write_yaml({key: value for key, value in metadata.items() if value})
    lines = (narrative.notice, series.authority.get(lang), narrative.number, narrative.title, addressees)
    shown = "".join(f"<p>{html.escape(str(line))}</p>" for line in lines if line)
    parts = [Part.head(text), Part.in_notebook(shown)]
    if narrative.draft:  # before anything else is read
        parts.append(Part.markdown(block(f"**{words.draft_notice}**", classes="draft") + "\n"))
    if lang != series.lang:
        parts.append(Part.markdown(block(words.translation, classes="translation") + "\n"))
    return Display.of(*parts)


def _official(form: OfficialForm, issued: date, lang: Lang) -> dict[str, object]:
    """What an official document bears besides its text, as metadata."""
    words = WORDS[lang]
    return {
        "letter": form.form == "letter",
        "copy-number": form.copy_number,
        "grades": [escape_markdown(grade.get(lang)) for grade in (form.secrecy, form.urgency) if grade],
        "signatories-label": form.signatories and words.signed_by,
        "signatories": [escape_markdown(name.get(lang)) for name in form.signatories],
        "copies-label": form.copies_to and words.copies_to,
        "copies-to": form.copies_to and escape_markdown(words.sentence.format(form.copies_to.get(lang))),
        "printed-by": form.printed_by and escape_markdown(form.printed_by.get(lang)),
        "printed-on": form.printed_by and words.printed_on.format(long_date(form.printed or issued, lang)),
    }


def main_points(bulletin: Bulletin) -> Display:
    """要点: at most six sentences, each with its figure; on the page only."""
    lang = bulletin.lang
    items = [f"<li>{to_html(point, lang)}</li>" for point in bulletin.narrative.main_points()]
    if not items:
        return Display.of(Part.web(""))
    return Display.section("main-points", WORDS[lang].main_points, "<ul>", *items, "</ul>")


def key_figures(bulletin: Bulletin) -> Display:
    """Three to five numbers with their unit and what they are compared with; on the page only."""
    narrative = bulletin.narrative
    cards = [
        f'<div class="key-figure"><dt>{html.escape(figure.label)}</dt>'
        f'<dd><span class="number">{to_html(figure.marked, bulletin.lang)}</span>'
        f'<span class="unit">{html.escape(figure.unit)}</span></dd>'
        f"{_beside(figure.change, bulletin.lang)}{_beside(figure.without, bulletin.lang)}</div>"
        for figure in narrative.key_figures()
    ]
    if not cards:
        return Display.of(Part.web(""))
    label = WORDS[bulletin.lang].key_figures
    lines = [f'<p class="not-compared">{html.escape(line)}</p>' for line in narrative.not_compared()]
    shown = [f'<dl class="key-figures" aria-label="{label}">', *cards, "</dl>", *lines]
    return Display.of(Part.web("\n".join(shown)))


def _beside(marked: str, lang: Lang) -> str:
    return f'<dd class="change">{to_html(marked, lang)}</dd>' if marked else ""


def opening(bulletin: Bulletin) -> Display:
    """The paragraph before the first section."""
    return _prose([bulletin.narrative.opening()], bulletin.lang)


def section(bulletin: Bulletin, section_id: str) -> Display:
    """A section with its numbered heading; each figure carries what backs it."""
    return _prose(bulletin.narrative.section(section_id), bulletin.lang)


def closing(bulletin: Bulletin) -> Display:
    """The list of annexes, the issuer and the date (GB/T 9704-2012)."""
    narrative, series, words = bulletin.narrative, bulletin.series, WORDS[bulletin.lang]
    titles = [escape_markdown(narrative.annex_title(number)) for number in range(1, len(series.annexes) + 1)]
    signed = "signature sealed" if narrative.document.sealed else "signature"
    blocks = []
    if len(titles) == 1:
        blocks.append(block(f"{words.annex}{words.colon}[{titles[0]}](#annex-1)", classes="annex-list"))
    elif titles:
        lines = [
            f"{words.annexes if number == 1 else ''}{number}\\. [{title}](#annex-{number})"
            for number, title in enumerate(titles, start=1)
        ]
        blocks.append(block("\n\n".join(lines), classes="annex-list"))
    blocks.append(
        block(f"{escape_markdown(series.authority.get(bulletin.lang))}\n\n{narrative.issued}", classes=signed)
    )
    return Display.of(Part.markdown("\n\n".join(blocks) + "\n"))


def notes(bulletin: Bulletin) -> Display:
    """Data notes: definitions, rounding, what is blank, where print differs from what is computed; on the page only."""
    lang = bulletin.lang
    found = data_notes(bulletin, bulletin.narrative)
    items = [f"<li>{to_html(one.marked, lang) if one.opens else to_bare_html(one.marked)}</li>" for one in found]
    return Display.section("notes", WORDS[lang].notes, "<ul>", *items, "</ul>") if items else Display.of()


def _prose(blocks: list[str], lang: Lang) -> Display:
    return Display.of(Part.markdown("\n\n".join(to_markdown(block, lang) for block in blocks) + "\n"))


def annex_label(number: int, count: int, lang: Lang) -> str:
    """``附件``, or ``附件1`` where there are several; ``Annex 1``."""
    return WORDS[lang].annex if count == 1 else WORDS[lang].annex_number.format(number)
