"""The parts of the review page in the order in which a reviewer works, but for what changed."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import groupby

from tongbao.basics.catalogue import catalogue
from tongbao.basics.language import join_names
from tongbao.basics.marks import capital, to_bare_html
from tongbao.bulletin.reviews import ReviewSection
from tongbao.checks import QualityIssue
from tongbao.definition.model import Lang
from tongbao.display.evidence import cells_of_file, file_of
from tongbao.findings import Finding
from tongbao_office.decisions import Decided
from tongbao_review.subject import Subject
from tongbao_review.words import REVIEW_WORDS, ReviewWords


def listed(items: Iterable[str], kind: str = "") -> str:
    """Items as a list; each brings its own ``li``."""
    return f"<ul{kind and f' class={chr(34)}{kind}{chr(34)}'}>\n" + "\n".join(items) + "\n</ul>"


def table(label: str, heads: Sequence[str], rows: Iterable[str]) -> str:
    """A table that scrolls by itself; each row brings its cells, the first a ``th``."""
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in heads)
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f'<div class="table-scroll" role="region" aria-label="{html.escape(label)}" tabindex="0">'
        f'<table class="reviewer-table">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'
    )


def sentence(marked: str, lang: Lang) -> str:
    """A finding as a sentence, its numbers marked."""
    return to_bare_html(REVIEW_WORDS[lang].sentence.format(capital(marked)))


def standing(subject: Subject, lang: Lang) -> Iterator[ReviewSection]:
    """When it was built, from what; who approves; parameters that are not the default."""
    words = REVIEW_WORDS[lang]
    if failure := subject.failure:
        why = html.escape(failure.told(lang, catalogue(lang))).replace("\n", "<br>")
        facts = [(words.built, f"<p><strong>{words.not_built}</strong></p><p>{why}</p>")]
    else:
        facts = [
            (words.built, f"{subject.built_at:%Y-%m-%d %H:%M}"),
            (words.manifest, f"<code>sha256:{subject.digest}</code>"),
        ]
    if now := subject.standing:
        told = [words.approvals_held.format(needed=now.needed, holding=len(now.holding))]
        told += [f"{_approval(one, words)}" for one in now.holding]
        for one, reason in now.fallen:
            why = html.escape(catalogue(lang)(reason)).replace("\n", "<br>")
            told.append(words.fallen.format(by=html.escape(one.record.by), reason=why))
        facts.append((words.approvals, "".join(f"<p>{one}</p>" for one in told)))
        facts += [(words.authors, html.escape(join_names(subject.authors, lang=lang)))] if subject.authors else []
    declared = subject.bulletin.series.parameters
    values = [
        words.parameter_value.format(label=html.escape(declared[name].label.get(lang)), value=value, default=default)
        for name, (value, default) in subject.parameters.items()
    ]
    facts.append((words.changed_parameters, "".join(f"<p>{one}</p>" for one in values) or words.all_default))
    rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    yield ReviewSection("standing", words.standing, f'<dl class="facts">{rows}</dl>')


def _approval(one: Decided, words: ReviewWords) -> str:
    record = one.record
    said = words.approved_by.format(by=html.escape(record.by), time=record.time[:16].replace("T", " "))
    signed = words.signed if one.signed == "signed" else words.not_signed
    note = words.in_brackets.format(html.escape(record.note)) if record.note else ""
    return f"{said}{words.in_brackets.format(signed)}{note}"


def open_points(subject: Subject, lang: Lang) -> Iterator[ReviewSection]:
    """What is left to settle in a draft, with its places."""
    words = REVIEW_WORDS[lang]
    points = subject.bulletin.open_points
    items = [f"<li><code>{html.escape(point.place)}</code> {html.escape(point.text)}</li>" for point in points]
    yield ReviewSection("open-points", words.open_points, listed(items) if items else f"<p>{words.none_open}</p>")


def audit(subject: Subject, lang: Lang) -> Iterator[ReviewSection]:
    """How many numbers are held, by document; what is left over, with sentence and reason."""
    words, account, tell = REVIEW_WORDS[lang], subject.account, catalogue(lang)
    if account is None:
        yield ReviewSection("audit", words.audit, f"<p>{words.no_audit}</p>")
        return
    held: dict[str, int] = {}
    for kind, count in account.held.items():
        name = kind.rpartition(": ")[0]
        name = name if name != "findings.json" else ""
        held[name] = held.get(name, 0) + count
    left: dict[str, int] = dict.fromkeys(held, 0)
    for item in account.left:
        name = item.document if item.document in held else ""
        left[name] += 1
    rows = [
        f'<th scope="row">{html.escape(name) or words.of_raw}</th><td>{held[name]}</td><td>{left[name]}</td>'
        for name in held
    ]
    items = []
    for item in account.left:
        where = html.escape(f"{item.document}: {tell(item.place)}")
        said = f"<p>{words.left_in.format(html.escape(item.sentence))}</p>" if item.sentence else ""
        items.append(
            f"<li><p><b>{html.escape(item.text)}</b> {where}</p>{said}<p>{html.escape(tell(item.reason))}</p></li>"
        )
    notes = [f"<li>{words.not_read.format(html.escape(tell(note)))}</li>" for note in account.notes]
    more = [listed(items, "left-over")] if items else []
    more += [listed(notes)] if notes else []
    shown = table(words.audit, (words.audited_file, words.held, words.left), rows)
    yield ReviewSection("audit", words.audit, "\n".join([shown, *more]))


def returns(subject: Subject, lang: Lang) -> Iterator[ReviewSection]:
    """What the checks found in the returns: where it stands, and which sentences rest on it."""
    words = REVIEW_WORDS[lang]
    items = [_issue(subject, number, issue, lang) for number, issue in enumerate(subject.bulletin.quality, start=1)]
    yield ReviewSection("returns", words.returns, listed(items) if items else f"<p>{words.nothing_found}</p>")


def _issue(subject: Subject, number: int, issue: QualityIssue, lang: Lang) -> str:
    bulletin, words = subject.bulletin, REVIEW_WORDS[lang]
    level = {"error": words.error, "warning": words.warning, "note": words.note}[issue.level]
    state = {"error": words.must_be_mended, "warning": words.open, "note": words.for_information}[issue.level]
    if issue.level != "error" and issue in bulletin.disclosed:
        state = words.disclosed
    badge = f'<span class="badge">{state}</span>'
    lines = [f"<p><b>{level}</b> {badge} {to_bare_html(capital(issue.marked[lang]))}</p>"]
    places = [cells_of_file(bulletin, file, list(cells)) for file, cells in groupby(issue.cells, file_of)]
    resting = [
        f'<li><a href="#finding-{finding.id}">{sentence(finding.marked[lang], lang)}</a></li>'
        for finding in bulletin.findings.values()
        if lang in finding.marked and not set(map(id, issue.cells)).isdisjoint(map(id, finding.evidence))
    ]
    lines += [f"<p>{words.resting}</p>", listed(resting)] if resting else []
    follow = [f"<li>{to_bare_html(capital(one.marked[lang]))}</li>" for one in issue.follow]
    lines += [f"<p>{words.follow}</p>", listed(follow)] if follow else []
    if places:
        lines.append(f"<details><summary>{words.places}</summary>\n{''.join(places)}\n</details>")
    return f'<li class="issue" id="r-issue-{number}">{"".join(lines)}</li>'


def reviews(subject: Subject, lang: Lang) -> Iterator[ReviewSection]:
    """What other annexes tell reviewers."""
    del lang  # of the bulletin
    for review in subject.bulletin.reviews.values():
        yield from review.sections()


def ticks(subject: Subject, lang: Lang) -> Iterator[ReviewSection]:
    """A list to tick: each finding, each open issue; with lines to sign on paper."""
    words, bulletin = REVIEW_WORDS[lang], subject.bulletin
    changed = {one.name for one in subject.changes.findings} if subject.changes else set()
    findings = [
        _tick(
            _mark_of(finding, lang),
            sentence(finding.marked[lang], lang),
            f"#finding-{finding.id}",
            words.changed_mark if finding.id in changed else "",
            words,
        )
        for finding in bulletin.findings.values()
        if lang in finding.marked
    ]
    issues = [
        _tick(_digest(issue.message), to_bare_html(capital(issue.marked[lang])), f"#r-issue-{number}", "", words)
        for number, issue in subject.open_issues
    ]
    count = f'<output id="ticked" data-review="{bulletin.id} {lang}"></output>'
    blocks = [f'<p class="screen-only">{words.ticks_help} {count}</p>']
    for head, items in ((words.each_finding, findings), (words.each_issue, issues)):
        blocks += [f"<h3>{head}</h3>", listed(items, "ticks")] if items else []
    lines = "".join(f"<p>{name}</p>" for name in (words.reviewer, words.day, words.signature))
    blocks.append(f'<div class="paper-only to-sign">{lines}</div>')
    yield ReviewSection("ticks", words.ticks, "\n".join(blocks))


def _tick(name: str, shown: str, target: str, badge: str, words: ReviewWords) -> str:
    marked = f'<span class="badge">{badge}</span> ' if badge else ""
    return (
        f'<li><input type="checkbox" id="tick-{name}"> <label for="tick-{name}">{marked}{shown}</label>'
        f' <a href="{target}">{words.see}</a></li>'
    )


def _mark_of(finding: Finding, lang: Lang) -> str:
    """What a tick is bound to: the sentence, and the figures behind it."""
    figures = [(key, figure.text, figure.calculation) for key, figure in finding.figures.items()]
    return _digest([finding.id, finding.text[lang], figures])


def _digest(what: object) -> str:
    return sha256(json.dumps(what, ensure_ascii=False).encode()).hexdigest()[:12]
