"""The index of what is published, from the list alone."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date, datetime

from tongbao.basics.period import long_date
from tongbao.words import WORDS
from tongbao_office.records import PublishedBulletin, Version

_WORDS = WORDS["zh"]
_PAGE = """\
<!DOCTYPE html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>通报</title>
<link rel="stylesheet" href="{resources}theme/bulletin.css">
</head>
<body>
<div class="page"><main id="content">
<h1>通报</h1>
{entries}
</main></div>
</body>
</html>
"""
_WAY = """\
<!DOCTYPE html>
<html lang="zh">
<head><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={0}"><title>{0}</title></head>
<body><p><a href="{0}">{0}</a></p></body>
</html>
"""


def way_to(name: str) -> str:
    """A page that leads to another one beside it."""
    return _WAY.format(html.escape(name))


def index_page(bulletins: Sequence[PublishedBulletin], resources: str) -> str:
    """The index: every bulletin, the latest issued first, those of synthetic data apart; corrections are said."""
    latest = sorted(bulletins, key=lambda one: (one.entry.issued, one.id), reverse=True)
    real, made_up = ([_entry(one) for one in latest if one.entry.synthetic is synthetic] for synthetic in (False, True))
    parts = ['<div class="bulletin-list">', *real, "</div>"] if real else []
    if made_up:
        heading = f"<h2>{_WORDS.demonstration}</h2>\n<p>{_WORDS.made_up}</p>"
        parts += ['<section class="bulletin-list synthetic-list">', heading, *made_up, "</section>"]
    return _PAGE.format(resources=resources, entries="\n".join(parts))


def _entry(bulletin: PublishedBulletin) -> str:
    entry, shown = bulletin.entry, bulletin.shown
    issued = date.fromisoformat(str(entry.issued))
    meta = [f"<span>{html.escape(one)}</span>" for one in (entry.authority, entry.number) if one]
    meta.append(f'<time datetime="{issued}">{long_date(issued)}</time>')
    meta += [f"<strong>{_WORDS.for_comment}</strong>"] if shown.number is None else []
    points = "".join(f"<li>{html.escape(point)}</li>" for point in entry.main_points[:3])
    corrected = f"<p><strong>{_WORDS.correction}</strong>{html.escape(shown.note)}</p>" if shown.note else ""
    return (
        f'<article class="bulletin-entry"><p class="meta">{"".join(meta)}</p>\n'
        f'<h2><a href="{bulletin.page}">{html.escape(entry.title)}</a></h2>\n{corrected}<ul>{points}</ul>\n'
        f'<p class="downloads">{"".join(map(_link, bulletin.all_versions))}</p></article>'
    )


def _link(version: Version) -> str:
    day = long_date(datetime.fromisoformat(version.published).date())
    name = _WORDS.version_number.format(number=version.number, date=day) if version.number else _WORDS.for_comment
    return f'<a class="download" href="{version.folder}index.html">{name}</a>'
