"""The review page: what is for reviewers only, part by part; a file of its own, which nothing public links to."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from tongbao.basics.marks import capital, to_bare_html
from tongbao.basics.yaml_text import write_yaml
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.manifest import FILE
from tongbao.bulletin.reviews import ReviewSection
from tongbao.checks import QualityIssue
from tongbao.definition.files import file_hash, relative
from tongbao.definition.formats import PAGE
from tongbao.definition.model import Lang
from tongbao.display.evidence import cells_of_file, file_of
from tongbao.display.frame import frame_words
from tongbao.render.embedded import frame
from tongbao.render.policy import standing_alone
from tongbao_review.words import REVIEW_WORDS

# The theme's, which stand in the page itself: it can be sent to a reviewer.
_SHEETS = ("bulletin.css", "charts.css", "tables.css")
_LINKED_SHEET = re.compile(r'<link rel="stylesheet"[^>]*>')


def review_sections(bulletin: Bulletin) -> list[ReviewSection]:
    """All that reviewers are told, in the order of the page."""
    return [section for part in PARTS for section in part(bulletin)]


def write_pages(bulletin: Bulletin) -> list[Path]:
    """Write the page of each edition; returns the files.

    Raises:
        ToolError: Pandoc failed.
    """
    project, series, period = bulletin.project, bulletin.series, bulletin.period
    written = []
    for lang in series.languages:
        public = relative(project.page(series.id, period, PAGE.name, lang), project.root)
        path = project.review(series.id, period, lang)
        path.parent.mkdir(parents=True, exist_ok=True)
        page = review_page(replace(bulletin, lang=lang), f"../../{public}")
        path.write_text(page, "utf-8", newline="\n")
        written.append(path)
    return written


def review_page(bulletin: Bulletin, public: str) -> str:
    """The review page, a file that needs no other.

    Arguments:
        bulletin: in the edition to show.
        public: where the public page lies, seen from this one.

    Raises:
        ToolError: Pandoc failed.
    """
    words, project = REVIEW_WORDS[bulletin.lang], bulletin.project
    title = words.review_of.format(bulletin.narrative.title)
    metadata = {
        "lang": bulletin.lang,
        "title": title,
        "pagetitle": title,
        "robots": "noindex",
        **frame_words(bulletin.lang),
        "notice": bulletin.narrative.notice,
    }
    link = f'<a href="{public}">{words.public_page}</a>'
    head = f'<p class="review-only"><strong>{words.review_only}</strong> {link}</p>'
    manifest = project.processed(bulletin.series.id, bulletin.period) / FILE
    made_of = file_hash(manifest) if manifest.is_file() else ""
    parts = [_raw(f'<div data-manifest="{made_of}">{head}</div>')]
    beside = public.rpartition("/")[0]
    for section in review_sections(bulletin):
        shown = section.html.replace('href="#', f'href="{public}#').replace('href="raw/', f'href="{beside}/raw/')
        parts += [f"## {section.heading} {{#{section.name} .{section.name}}}", _raw(shown)]
    front = f"---\n{write_yaml({key: value for key, value in metadata.items() if value})}---\n\n"
    page = frame(project, front + "\n\n".join(parts), "../../_site")
    style = "".join((project.root / "theme" / name).read_text("utf-8") for name in _SHEETS)
    return standing_alone(_LINKED_SHEET.sub(lambda _: f"<style>\n{style}</style>", page))


def _raw(text: str) -> str:
    return f"```{{=html}}\n{text}\n```"


def _left_to_settle(bulletin: Bulletin) -> Iterator[ReviewSection]:
    """What is left to settle in a draft, with its places."""
    items = [
        f"<li><code>{html.escape(point.place)}</code> {html.escape(point.text)}</li>" for point in bulletin.open_points
    ]
    if items:
        yield ReviewSection("open-points", REVIEW_WORDS[bulletin.lang].open_points, _list(items))


def _returns(bulletin: Bulletin) -> Iterator[ReviewSection]:
    """What the checks found in the returns: where it stands, and which sentences rest on it."""
    words = REVIEW_WORDS[bulletin.lang]
    items = [_issue(bulletin, issue) for issue in bulletin.quality]
    shown = _list(items) if items else f"<p>{words.nothing_found}</p>"
    yield ReviewSection("returns", words.returns, shown)


def _issue(bulletin: Bulletin, issue: QualityIssue) -> str:
    lang, words = bulletin.lang, REVIEW_WORDS[bulletin.lang]
    level = {"error": words.error, "warning": words.warning, "note": words.note}[issue.level]
    lines = [f"<p><b>{level}</b> {to_bare_html(capital(issue.marked[lang]))}</p>"]
    places = [cells_of_file(bulletin, file, list(cells)) for file, cells in groupby(issue.cells, file_of)]
    resting = [
        f'<li><a href="#finding-{finding.id}">{_sentence(finding.marked[lang], lang)}</a></li>'
        for finding in bulletin.findings.values()
        if lang in finding.marked and not set(map(id, issue.cells)).isdisjoint(map(id, finding.evidence))
    ]
    lines += [f"<p>{words.resting}</p>", _list(resting)] if resting else []
    follow = [f"<li>{to_bare_html(capital(one.marked[lang]))}</li>" for one in issue.follow]
    lines += [f"<p>{words.follow}</p>", _list(follow)] if follow else []
    if places:
        lines.append(f"<details><summary>{words.places}</summary>\n{''.join(places)}\n</details>")
    return f'<li class="issue">{"".join(lines)}</li>'


def _sentence(marked: str, lang: Lang) -> str:
    return to_bare_html(REVIEW_WORDS[lang].sentence.format(capital(marked)))


def _reviews(bulletin: Bulletin) -> Iterator[ReviewSection]:
    for review in bulletin.reviews.values():
        yield from review.sections()


def _list(items: list[str]) -> str:
    return "<ul>\n" + "\n".join(items) + "\n</ul>"


# In the order of the page; a further part is a function here.
PARTS: tuple[Callable[[Bulletin], Iterator[ReviewSection]], ...] = (_left_to_settle, _returns, _reviews)
