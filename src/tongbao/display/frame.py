"""The frame of a page: what its head tells machines, and its foot: issuer, licence, corrections, how to cite it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from tongbao.basics.marks import plain, proved
from tongbao.definition.model import Lang
from tongbao.words import WORDS

if TYPE_CHECKING:  # the site's pages have the frame without it
    from tongbao.bulletin.bulletin import Bulletin


def frame_words(lang: Lang) -> dict[str, str]:
    """What the frame of every page says, as its template asks for it."""
    words = WORDS[lang]
    return {
        "site-name": words.site,
        "site-index": words.site_index,
        "site-home": "index.html" if lang == "zh" else f"index.{lang}.html",
        "toc-title": words.contents,
        "skip": words.skip,
        "to-top": words.to_top,
    }


def page_head(bulletin: Bulletin) -> str:
    """Description, Open Graph and schema.org's Dataset, HTML; who looks for og:description takes the description."""
    narrative, series = bulletin.narrative, bulletin.series
    points = narrative.main_points()
    described = plain(points[0]) if points else narrative.title
    address = _address(bulletin)
    tags = {
        "og:type": "article",
        "og:title": narrative.title,
        "og:site_name": series.authority.get(bulletin.lang),
        "og:locale": {"zh": "zh_CN", "en": "en_GB"}[bulletin.lang],
        "og:url": address,
        "article:published_time": bulletin.header.issued.isoformat(),
    }
    lines = [f'<meta name="description" content="{html.escape(described)}">']
    lines += [f'<meta property="{name}" content="{html.escape(text)}">' for name, text in tags.items() if text]
    if address:
        lines.append(f'<link rel="canonical" href="{html.escape(address)}">')
    data = json.dumps(_dataset(bulletin), ensure_ascii=False)
    escaped = data.replace("<", "\\u003c").replace(">", "\\u003e")
    return "\n".join([*lines, f'<script type="application/ld+json">{escaped}</script>'])


def unbroken(title: str, words: Iterable[str]) -> str:
    """A title as HTML in which each of the words stays on one line.

    >>> unbroken("关于执法工作的通报", ["执法", "的通报"])
    '关于<span class="unbroken">执法</span>工作<span class="unbroken">的通报</span>'
    """
    known = sorted(map(re.escape, words), key=len, reverse=True)
    pieces = re.split(f"({'|'.join(known)})", title) if known else [title]
    return "".join(
        f'<span class="unbroken">{html.escape(piece)}</span>' if number % 2 else html.escape(piece)
        for number, piece in enumerate(pieces)
    )


def _dataset(bulletin: Bulletin) -> dict[str, Any]:
    """The page's figures as a Dataset of schema.org; what is not declared is left out."""
    series, lang, period = bulletin.series, bulletin.lang, bulletin.period
    folder = _folder(bulletin)
    files = {"text/csv": f"{folder}{period}.csv", "application/json": f"{folder}{period}.json"}
    issued = bulletin.header.issued
    issuer = {"@type": "GovernmentOrganization", "name": series.authority.get(lang)}
    found = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": bulletin.narrative.title,
        "description": WORDS[lang].semicolon.join((series.subject.get(lang), series.source.get(lang))),
        "url": _address(bulletin),
        "identifier": bulletin.narrative.number,
        "inLanguage": lang,
        "datePublished": issued.isoformat(),
        "dateModified": max([issued, *(one.day for one in bulletin.header.corrections)]).isoformat(),
        "temporalCoverage": f"{period.start.isoformat()}/{period.end.isoformat()}",
        "spatialCoverage": [unit.name(lang) for unit in series.units],
        "license": series.licence.get(lang) if series.licence else "",
        "creator": issuer,
        "publisher": issuer,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": url} for kind, url in files.items()
        ],
    }
    return {name: value for name, value in found.items() if value}


def page_foot(bulletin: Bulletin) -> str:
    """Issuer, contact, licence, corrections, stable address and citation, HTML."""
    items = "\n".join(f"<div><dt>{name}</dt><dd>{shown}</dd></div>" for name, shown in _foot(bulletin))
    return f"<dl>\n{items}\n</dl>"


def _foot(bulletin: Bulletin) -> Iterator[tuple[str, str]]:
    """What the foot says, name and HTML; only what the series declares, and what is always so."""
    series, lang, words, narrative = bulletin.series, bulletin.lang, WORDS[bulletin.lang], bulletin.narrative
    yield words.issuer, html.escape(series.authority.get(lang))
    day = f'<time datetime="{bulletin.header.issued.isoformat()}">{narrative.issued}</time>'
    yield words.published, day
    for name, text in ((words.contact, series.contact), (words.licence, series.licence)):
        if text is not None:
            yield name, html.escape(text.get(lang))
    yield words.corrections, "<br>".join([html.escape(series.corrections.get(lang)), *_corrected(bulletin)])
    link, address = "", _address(bulletin)
    if address:
        shown = html.escape(address)
        link = f'<a href="{shown}"{proved("address")}>{shown}</a>'
        yield words.address, link
    issued = bulletin.header.issued.isoformat()
    cited = words.citation.format(issuer=series.authority.get(lang), title=narrative.title, issued=issued)
    yield words.cite, html.escape(cited) + (" " + link + "." if link else "")


def _corrected(bulletin: Bulletin) -> Iterator[str]:
    for one in bulletin.header.corrections:
        day = f'<time datetime="{one.day.isoformat()}">{one.day.isoformat()}</time>'
        says = f"<span{proved('correction')}>{html.escape(one.says.get(bulletin.lang))}</span>"
        yield day + WORDS[bulletin.lang].colon + says


def _folder(bulletin: Bulletin) -> str:
    """The address of the series' folder, with a slash behind it; empty where the series declares no site."""
    site = bulletin.series.site
    return f"{site.rstrip('/')}/reports/{bulletin.series.id}/" if site else ""


def _address(bulletin: Bulletin) -> str:
    folder = _folder(bulletin)
    return folder and f"{folder}{bulletin.project.edition(bulletin.series.id, bulletin.period, bulletin.lang)}.html"
