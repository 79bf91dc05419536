"""The review page: its parts in the theme's frame, a file that needs no other, which nothing public links to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from pathlib import Path
from pkgutil import get_data

from tongbao.basics.errors import ToolError
from tongbao.basics.marks import escape_markdown
from tongbao.basics.yaml_text import write_yaml
from tongbao.bulletin.reviews import ReviewSection
from tongbao.definition.files import relative, write_whole
from tongbao.definition.formats import PAGE
from tongbao.definition.model import Lang
from tongbao.display.frame import frame_words
from tongbao.display.mime import raw_html
from tongbao.render.embedded import frame
from tongbao.render.policy import standing_alone
from tongbao_review import parts, shown
from tongbao_review.subject import Subject
from tongbao_review.words import REVIEW_WORDS
from tongbao_verify.document import Document
from tongbao_verify.page import read_page

# In the order in which a reviewer works; a further part is a function here.
PARTS: tuple[Callable[[Subject, Lang], Iterator[ReviewSection]], ...] = (
    parts.standing,
    shown.changes,
    parts.open_points,
    parts.audit,
    parts.returns,
    parts.reviews,
    parts.ticks,
)
# What they quote is not this build's: earlier versions, what is still to be written.
_QUOTES = ("standing", "changes", "open-points", "audit")
# The theme's, which stand in the page itself: it can be sent to a reviewer.
_SHEETS = ("bulletin.css", "charts.css", "tables.css")
_LINKED = re.compile(r'<link rel="(icon|stylesheet)"[^>]*>')
# Of the public page, unless they are this page's own.
_PUBLIC = re.compile(r'<a href="(?:#(?!r-)|raw/)[^>]*>(?P<text>.*?)</a>', re.DOTALL)


def write_pages(subject: Subject) -> list[Path]:
    """Write the page of each edition and hold it to the record; returns the files.

    Raises:
        ToolError: Pandoc failed, or a number on the page is not that of the record.
    """
    bulletin, project = subject.bulletin, subject.project
    written = []
    for lang in bulletin.series.languages:
        path = project.review(bulletin.series.id, bulletin.period, lang)
        write_whole(path, review_page(subject, lang))
        written.append(path)
        if account := subject.account:
            own = copy(account)
            own.left, own.held = {}, Counter()
            Document(relative(path, project.root), lang, own, read_page(path)).check_review()
            if left := [" ".join(filter(None, one)) for one in own.left]:
                raise ToolError("the review page is not what was computed", found="\n".join(left[:3]))
    return written


def review_page(subject: Subject, lang: Lang) -> str:
    """The page of an edition as HTML.

    Raises:
        ToolError: Pandoc failed.
    """
    words, project = REVIEW_WORDS[lang], subject.project
    bulletin = replace(subject.bulletin, lang=lang)
    own = replace(subject, bulletin=bulletin)
    public = f"../../{relative(project.page(bulletin.series.id, bulletin.period, PAGE.name, lang), project.root)}"
    title = words.review_of.format(bulletin.narrative.title)
    metadata = {
        "lang": lang,
        "title": escape_markdown(title),
        "pagetitle": escape_markdown(title),
        "robots": "noindex",
        **frame_words(lang),
        "notice": escape_markdown(bulletin.narrative.notice),
    }
    link = "" if subject.failure else f' <a href="{public}">{words.public_page}</a>'
    blocks = [raw_html(f'<p class="review-only"><strong>{words.review_only}</strong>{link}</p>')]
    for section in (section for part in PARTS for section in part(own, lang)):
        text = _linked(section.html, "" if subject.failure else public)
        kind = "" if section.name in _QUOTES else " .audited"
        blocks += [f"## {section.heading} {{#{section.name} .{section.name}{kind}}}", raw_html(text)]
    front = f"---\n{write_yaml({key: value for key, value in metadata.items() if value})}---\n\n"
    page = frame(project, front + "\n\n".join(blocks), "../../_site")
    style = "".join((project.root / "theme" / name).read_text("utf-8") for name in _SHEETS) + _own("review.css")
    page = _LINKED.sub(lambda link: f"<style>\n{style}</style>" if link[1] == "stylesheet" else "", page)
    script = (project.root / "theme" / "bulletin.js").read_text("utf-8") + _own("review.js")
    return standing_alone(page.replace("</body>", f"<script>\n{script}</script>\n</body>"))


def _linked(text: str, public: str) -> str:
    """A section with its links to the public page; without them where there is none."""
    if not public:
        return _PUBLIC.sub(lambda link: link["text"], text)
    folder = public.rpartition("/")[0]
    return _PUBLIC.sub(lambda link: link[0].replace('"#', f'"{public}#').replace('"raw/', f'"{folder}/raw/'), text)


def _own(name: str) -> str:
    return (get_data("tongbao_review", name) or b"").decode()
