"""The review page: what is for reviewers only, part by part; a file of its own, which nothing public links to."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from itertools import groupby

from tongbao.basics.marks import capital, escape_markdown, to_bare_html
from tongbao.basics.yaml_text import write_yaml
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.reviews import ReviewSection
from tongbao.checks import QualityIssue
from tongbao.definition.model import Lang
from tongbao.display.evidence import cells_of_file, file_of
from tongbao.display.frame import frame_words
from tongbao.display.mime import raw_html
from tongbao.words.review import REVIEW_WORDS


def review_sections(bulletin: Bulletin) -> list[ReviewSection]:
    """All that reviewers are told, in the order of the page."""
    return [section for part in PARTS for section in part(bulletin)]


def review_page(bulletin: Bulletin, public: str) -> str:
    """The review page as Markdown with its metadata.

    Arguments:
        bulletin: in the edition to show.
        public: where the public page lies, seen from this one.
    """
    words = REVIEW_WORDS[bulletin.lang]
    title = words.review_of.format(bulletin.narrative.title)
    metadata = {
        "lang": bulletin.lang,
        "title": escape_markdown(title),
        "pagetitle": escape_markdown(title),
        **frame_words(bulletin.lang),
        "notice": escape_markdown(bulletin.narrative.notice),
    }
    link = f'<a href="{public}">{words.public_page}</a>'
    head = f'<p class="review-only"><strong>{words.review_only}</strong> {link}</p>'
    parts = [raw_html(head)]
    beside = public.rpartition("/")[0]
    for section in review_sections(bulletin):
        shown = section.html.replace('href="#', f'href="{public}#').replace('href="raw/', f'href="{beside}/raw/')
        parts += [f"## {section.heading} {{#{section.name} .{section.name}}}", raw_html(shown)]
    return f"---\n{write_yaml({key: value for key, value in metadata.items() if value})}---\n\n" + "\n\n".join(parts)


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
