"""A page in its place among what is published: its links, its resources, what is said above it. All can be undone."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import SequenceMatcher

from tongbao.basics.errors import ToolError
from tongbao.basics.period import long_date
from tongbao.bulletin.schemas import SentenceRecord
from tongbao.definition.model import Lang
from tongbao.words import WORDS
from tongbao_office.records import RAW, ChangeRecord, FigureChange, PublishedBulletin, Version, in_language
from tongbao_verify.published import restored

# Folders of the site that hold what pages are shown with.
RESOURCES = ("theme", "site_libs")
_LINK = re.compile(r'(?<=\s)(?P<name>href|src)="(?P<target>[^"]*)"')
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/#?]|$")
_RESOURCE = re.compile(rf"(?P<up>(?:\.\./)+)(?P<rest>(?:{'|'.join(RESOURCES)})/.*)")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z]+|.", re.DOTALL)
# As many changes of a kind are listed above a page; published.json has all.
_LISTED = 20
_MAIN = re.compile(r"<main\b[^>]*>")
_ENGLISH = re.compile(r'<html\b[^>]*\blang="en')


def language_of(page: str) -> Lang:
    """The language that a page says it is in."""
    return "en" if _ENGLISH.search(page) else "zh"


def placed(page: str, version: Version, notice: str, *, in_version: bool) -> str:
    """A page as built, put into its place.

    Arguments:
        page: as built, for ``reports/<series>/``.
        version: whose page it is; in its folder links to its own files stay as they are.
        notice: what is said above the page; empty for nothing.
        in_version: whether it goes into the version's folder, two levels further down, or to the plain address.

    Raises:
        ToolError: it could not be brought back from there, and so not be checked.
    """

    def moved(link: re.Match[str]) -> str:
        target = link["target"]
        if _ELSEWHERE.match(target):
            return link[0]
        if match := _RESOURCE.fullmatch(target):
            target = f"{match['up']}{version.resources}{match['rest']}"
        if target.startswith(RAW):
            way = "" if in_version else f"{version.period}/"
        else:
            way = "../../" if in_version and re.split(r"[?#]", target)[0] not in version.files else ""
        return f'{link["name"]}="{way}{target}"'

    there = _LINK.sub(moved, page)
    if notice:
        block = f"<!-- publication -->{notice}<!-- /publication -->"
        there = _MAIN.sub(lambda match: match[0] + block, there, count=1)
    if restored(there, in_version=in_version, period=version.period) != page:
        raise ToolError("a page cannot be published so that it can be checked", found=version.files[0])
    return there


def notice_of(bulletin: PublishedBulletin, version: Version, name: str, lang: Lang, *, in_version: bool) -> str:
    """What is said above a page: a draft, a retraction, a newer version, the corrections that it holds.

    Arguments:
        bulletin: with all its versions.
        version: whose page it is.
        name: the page's file.
        lang: the language of the page.
        in_version: where it stands.
    """
    words, up = WORDS[lang], "../../" if in_version else ""
    parts: list[str] = []
    if version.number is None:
        text = f"<strong>{words.for_comment}</strong>{words.for_comment_notice}"
        mark = f'<div class="watermark" aria-hidden="true" data-mark="{words.for_comment}"></div>'
        return f'<div class="publication" role="note"><p>{text}</p></div>{mark}'
    mark = ""
    if gone := version.retracted:
        day = long_date(datetime.fromisoformat(gone.time).date(), lang)
        why = f"{words.retracted_notice.format(date=day)}{html.escape(in_language(gone, lang))}"
        parts.append(f"<p><strong>{words.retracted}</strong>{why}</p>")
        mark = f'<div class="watermark" aria-hidden="true" data-mark="{words.retracted.strip()}"></div>'
    if (newest := bulletin.versions[-1]) is not version:
        link = f'<a href="{up}{_page_of(newest, name)}">{_dated(words.newest_version, newest, lang)}</a>'
        parts.append(f"<p><strong>{_dated(words.superseded, version, lang)}</strong>{link}</p>")
    for one in reversed(
        [one for one in bulletin.versions if one.note_in(lang) and (one.number or 0) <= version.number]
    ):
        before = bulletin.versions[(one.number or 0) - 2]
        link = f'<a href="{up}{before.folder.split("/", 2)[2]}{_page_of(before, name)}">{words.version_before}</a>'
        why = f"{_dated(words.corrected, one, lang)}{html.escape(one.note_in(lang))}"
        sentences = [_change(change, lang) for change in one.changes if _is_in(lang, change.old, change.new)]
        sentences += [_marked(line.old, line.new) for line in one.lines if line.lang == lang]
        what = _listed(words.changed_sentences, sentences, lang)
        figures = [_figure(figure, lang) for figure in one.figures if _is_in(lang, figure.name)]
        what += _listed(words.changed_figures, figures, lang)
        parts.append(f"<p><strong>{words.correction}</strong>{why}</p>{what}<p>{link}</p>")
    shown = f'<div class="publication" role="note" aria-label="{words.about_version}">{"".join(parts)}</div>'
    return shown + mark if parts else ""


def changes_between(old: Sequence[dict[str, object]], new: Sequence[dict[str, object]]) -> tuple[ChangeRecord, ...]:
    """Findings whose sentence is another one, in the order of the new record; what is gone comes last."""
    before, after = ({str(one["id"]): one["text"] for one in side} for side in (old, new))
    return tuple(
        ChangeRecord.model_validate({"finding": name, "old": before.get(name), "new": after.get(name)})
        for name in dict.fromkeys([*after, *before])
        if before.get(name) != after.get(name)
    )


def _page_of(version: Version, name: str) -> str:
    """The page of a name in another version; its first edition where that had no such edition."""
    return name if name in version.files else f"{version.period}.html"


def _dated(word: str, version: Version, lang: Lang) -> str:
    day = datetime.fromisoformat(version.published).date()
    return word.format(number=version.number, date=long_date(day, lang))


def _change(change: ChangeRecord, lang: Lang) -> str:
    """A finding's sentence with what is gone from it and what is new."""
    return _marked(*(_said(side, lang) for side in (change.old, change.new)))


def _figure(change: FigureChange, lang: Lang) -> str:
    """A figure by its name, as it was and as it is."""
    words = WORDS[lang]
    sides = [
        words.absent if side is None else f"<{tag}>{html.escape(_said(side, lang) or words.blank)}</{tag}>"
        for tag, side in (("del", change.old), ("ins", change.new))
    ]
    return f"{html.escape(_said(change.name, lang) or '')}{words.colon}{' → '.join(sides)}"


def _is_in(lang: Lang, *sides: SentenceRecord | None) -> bool:
    """Whether a change is on record in a language: a series may have got one since."""
    return any(_said(side, lang) for side in sides)


def _said(side: SentenceRecord | None, lang: Lang) -> str | None:
    return (side.en if lang == "en" else side.zh) if side else None


def _listed(head: str, items: Sequence[str], lang: Lang) -> str:
    """The first of some changes under their heading; nothing where there are none."""
    more = [WORDS[lang].more_changes.format(len(items) - _LISTED)] if len(items) > _LISTED else []
    shown = "".join(f"<li>{item}</li>" for item in (*items[:_LISTED], *more))
    return f"<p>{head}</p><ul>{shown}</ul>" if items else ""


def _marked(old: str | None, new: str | None) -> str:
    """A sentence with what is gone from it and what is new, words and numbers whole."""
    return "".join(
        gone if gone == came else (gone and f"<del>{gone}</del>") + (came and f"<ins>{came}</ins>")
        for gone, came in differing(old or "", new or "")
    )


def differing(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Two sentences piece by piece, as HTML: what both have, or what is gone and what came; words and numbers whole."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    for _, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield html.escape("".join(before[start:end])), html.escape("".join(after[first:last]))


def own_files(outputs: Mapping[str, str], series: str) -> dict[str, str]:
    """What of a bulletin's outputs is published, relative to ``reports/<series>/``, each with its SHA-256."""
    base = f"_site/reports/{series}/"
    return {name.removeprefix(base): outputs[name] for name in sorted(outputs) if name.startswith(base)}
