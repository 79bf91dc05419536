"""What the site says of a published bulletin beside its title, and pages that lead to others."""

from __future__ import annotations

import html
from datetime import datetime

from tongbao.basics.period import long_date
from tongbao.definition.model import LANGUAGES, Lang
from tongbao.words import WORDS
from tongbao_office.records import PublishedBulletin, Version, in_language
from tongbao_site.entry import Shown

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


def shown(bulletin: PublishedBulletin) -> Shown:
    """A draft for comment, a correction or a retraction, and every version with its page."""
    now = bulletin.shown
    gone = now.retracted
    return Shown(
        number=now.number,
        correction={lang: now.note_in(lang) for lang in LANGUAGES if now.note_in(lang)},
        retracted={lang: in_language(gone, lang) for lang in LANGUAGES} if gone else {},
        published=now.last_told,
        versions=[
            ({lang: _named(one, lang) for lang in LANGUAGES}, f"{one.folder}index.html")
            for one in bulletin.all_versions
        ],
    )


def _named(version: Version, lang: Lang) -> str:
    words = WORDS[lang]
    day = long_date(datetime.fromisoformat(version.published).date(), lang)
    return words.version_number.format(number=version.number, date=day) if version.number else words.for_comment
