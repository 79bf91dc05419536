"""Words: the head of the document, its sections, main points, closing, notes."""

from __future__ import annotations

import html

import yaml

from tongbao.bulletin import Bulletin
from tongbao.checks.reported import repeats_figures
from tongbao.display.mime import Display, Part
from tongbao.findings.marks import plain, to_html, to_markdown

_FORMAT_LABELS = {"pdf": "PDF", "docx": "Word"}


def masthead(bulletin: Bulletin) -> Display:
    """The document's metadata (issuer, number, title, addressees), which the page templates lay out."""
    narrative, series = bulletin.narrative, bulletin.series
    metadata = {
        "title": narrative.title,
        "pagetitle": narrative.title,
        "issuer": series.authority.zh,
        "docnumber": narrative.number,
        "addressees": series.addressees.zh,
        "issued": narrative.issued,
        "period": bulletin.period.label(),
        "unbroken": [*series.unbroken, *filter(None, [series.mark()])],
        "description": plain(narrative.main_points()[0]),
        "site-root": "../..",
        "downloads": [
            *(
                {"label": _FORMAT_LABELS[suffix], "href": f"{bulletin.period}.{suffix}"}
                for suffix in series.formats
                if suffix in _FORMAT_LABELS
            ),
            {"label": "数据（CSV）", "href": f"{bulletin.period}.csv"},
        ],
    }
    # An empty field must be absent, or a template would print its frame.
    text = yaml.safe_dump({key: value for key, value in metadata.items() if value}, allow_unicode=True, sort_keys=False)
    parts = [Part.markdown(f"---\n{text}---\n")]
    if narrative.notice:  # before anything else is read
        parts.append(Part.markdown(f"::: {{.synthetic}}\n**{narrative.notice}**\n:::\n"))
    return Display.of(*parts)


def main_points(bulletin: Bulletin) -> Display:
    """要点: at most six sentences, each with its figure; on the page only."""
    narrative = bulletin.narrative
    points = narrative.main_points()
    items = "\n".join(f"<li>{to_html(point)}</li>" for point in points)
    return Display.of(
        Part.web(
            f'<section class="main-points" aria-labelledby="main-points">\n<h2 id="main-points">要点</h2>\n'
            f"<ul>\n{items}\n</ul>\n</section>"
        )
    )


def key_figures(bulletin: Bulletin) -> Display:
    """Three to five numbers with their unit and what they are compared with; on the page only."""
    narrative = bulletin.narrative
    cards = [
        f'<div class="key-figure"><dt>{html.escape(figure.label)}</dt>'
        f'<dd><span class="number">{to_html(figure.marked)}</span>'
        f'<span class="unit">{html.escape(figure.unit)}</span></dd>'
        f'<dd class="change">{html.escape(figure.change)}</dd></div>'
        for figure in narrative.key_figures()
    ]
    return Display.of(Part.web('<dl class="key-figures" aria-label="主要指标">\n' + "\n".join(cards) + "\n</dl>"))


def opening(bulletin: Bulletin) -> Display:
    """The paragraph before the first section."""
    return _prose([bulletin.narrative.opening()])


def section(bulletin: Bulletin, section_id: str) -> Display:
    """A section with its numbered heading; each figure carries what backs it."""
    return _prose(bulletin.narrative.section(section_id))


def closing(bulletin: Bulletin) -> Display:
    """The list of annexes, the issuer and the date (GB/T 9704-2012)."""
    narrative, series = bulletin.narrative, bulletin.series
    titles = [narrative.heading(annex.title, "annexes") for annex in series.annexes]
    blocks = []
    if len(titles) == 1:
        blocks.append(f"::: {{.annex-list}}\n附件：[{titles[0]}](#annex-1)\n:::")
    elif titles:
        lines = [
            f"{'附件：' if number == 1 else ''}{number}\\. [{title}](#annex-{number})"
            for number, title in enumerate(titles, start=1)
        ]
        blocks.append("::: {.annex-list}\n" + "\n\n".join(lines) + "\n:::")
    blocks.append(f"::: {{.signature}}\n{series.authority.zh}\n\n{narrative.issued}\n:::")
    return Display.of(Part.markdown("\n\n".join(blocks) + "\n"))


def notes(bulletin: Bulletin) -> Display:
    """Data notes: definitions, rounding, what is blank, and the quality of reporting; on the page only."""
    narrative = bulletin.narrative
    items = [f"<li>{to_html(narrative.text(note, 'notes'))}</li>" for note in bulletin.series.notes]
    messages = [issue.message["zh"] for issue in bulletin.quality]
    if repeats_figures(bulletin.indicators) and not any(i.check.startswith("reported") for i in bulletin.quality):
        messages.insert(0, "填报的合计、比率和排名与按数据计算的结果一致。")
    quality = "\n".join(f"<li>{html.escape(message)}</li>" for message in messages or ["未发现问题。"])
    return Display.of(
        Part.web(
            '<section class="notes" aria-labelledby="notes">\n<h2 id="notes">数据说明</h2>\n'
            f"<ul>\n{chr(10).join(items)}\n</ul>\n<h3>填报质量</h3>\n<ul>\n{quality}\n</ul>\n</section>"
        )
    )


def _prose(blocks: list[str]) -> Display:
    return Display.of(Part.markdown("\n\n".join(map(to_markdown, blocks)) + "\n"))


def annex_label(number: int, count: int) -> str:
    """``附件``, or ``附件1`` where there are several."""
    return "附件" if count == 1 else f"附件{number}"
