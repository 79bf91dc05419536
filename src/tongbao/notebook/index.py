"""What the notebook of the index calls: the list of bulletins."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from tongbao.basics.marks import proved
from tongbao.basics.period import long_date
from tongbao.basics.yaml_text import write_yaml
from tongbao.bulletin.manifest import ENTRY, read_manifest, stands_as_built
from tongbao.definition.files import file_hash
from tongbao.definition.formats import FORMATS
from tongbao.definition.model import LANGUAGES
from tongbao.definition.project import Project
from tongbao.display.frame import unbroken
from tongbao.display.mime import Display, Part, raw_html
from tongbao.words import WORDS

_WORDS = WORDS["zh"]


def list_bulletins() -> Display:
    """The index: every bulletin whose findings are those of its page, newest first; those of synthetic data apart."""
    records = sorted(
        _records(Project.find()),
        key=lambda record: (record["issued"], record["series"], record["period"]),
        reverse=True,
    )
    real, synthetic = ([_entry(r) for r in records if r["synthetic"] is made_up] for made_up in (False, True))
    parts = ['<div class="bulletin-list">', *real, "</div>"]
    if synthetic:
        heading = f'<h2 id="synthetic">{_WORDS.demonstration}</h2>\n<p>{_WORDS.made_up}</p>'
        section = f'<section class="bulletin-list synthetic-list" aria-labelledby="synthetic">\n{heading}'
        parts += [section, *synthetic, "</section>"]
    about = html.escape(_WORDS.about_index)
    tags = f'<meta name="description" content="{about}">\n<meta property="og:site_name" content="{_WORDS.site}">'
    head = {"lang": "zh", "page-head": raw_html(tags)}
    return Display.of(Part.head(write_yaml(head)), Part.web("\n".join(parts)))


def _records(project: Project) -> Iterator[dict[str, Any]]:
    for path in (project.root / "data" / "processed").glob(f"*/*/{ENTRY}"):
        if stands_as_built(read_manifest(path.parent), path.name, file_hash(path)):
            yield json.loads(path.read_text("utf-8"))


def _entry(record: dict[str, Any]) -> str:
    """A bulletin in the list; all it says is its record's."""
    base = f"reports/{record['series']}/{record['period']}"
    title = unbroken(record["title"], record["unbroken"])
    level = "h3" if record["synthetic"] else "h2"
    points = "".join(f"<li>{html.escape(point)}</li>" for point in record["main_points"][:3])
    kind = _WORDS.synthetic if record["synthetic"] else _WORDS.example if record.get("reconstruction") else ""
    badge = f'<span class="badge">{kind}</span>' if kind else ""
    number = f"<span>{html.escape(record['number'])}</span>" if record["number"] else ""
    link = '<a class="edition" href="{0}.{1}.html" hreflang="{1}" lang="{1}">{2}</a>'
    editions = "".join(
        link.format(base, lang, WORDS[lang].other_edition) for lang in LANGUAGES if lang in record["editions"]
    )
    files = "".join(
        f'<a class="download" href="{base}.{made.name}">{made.label}</a>' for made in FORMATS.values() if made.label
    )
    return (
        f'<article class="bulletin-entry"{proved("bulletin", base)}>'
        f'<p class="meta">{badge}<span>{html.escape(record["authority"])}</span>{number}'
        f'<time datetime="{record["issued"]}">{long_date(date.fromisoformat(record["issued"]))}</time></p>\n'
        f'<{level}><a href="{base}.html">{title}</a></{level}>\n<ul>{points}</ul>\n'
        f'<p class="downloads">{files}<a class="download" href="{base}.csv">{_WORDS.data}</a>'
        f"{editions}</p></article>"
    )
