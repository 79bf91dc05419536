"""What every page of the site stands in: the frame of the bulletins, made by Pandoc once for each language."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlsplit

from tongbao.basics.yaml_text import write_yaml
from tongbao.bulletin.manifest import code_hash
from tongbao.definition.files import file_hash, relative, write_whole
from tongbao.definition.model import Lang
from tongbao.definition.project import Project
from tongbao.display.frame import frame_words
from tongbao.render.embedded import frame
from tongbao.render.engines import EmbeddedRenderer
from tongbao.render.settings import read_settings
from tongbao.words import WORDS
from tongbao_site.pages import ROOT, SitePage, feed_name

_TITLE, _BODY = "tongbaotitle", "tongbaobody"
HEAD = f"""<link rel="stylesheet" href="{ROOT}/theme/charts.css">
<link rel="stylesheet" href="{ROOT}/theme/tables.css">
<link rel="stylesheet" href="{ROOT}/theme/site.css">
<script defer src="{ROOT}/theme/tables.js"></script>
<script defer src="{ROOT}/theme/site.js"></script>
"""


@dataclass
class Frame:
    """The frame of a project's pages; ``base`` is the site's address, ending in ``/``, empty where it is not known."""

    project: Project
    base: str = ""
    _made: dict[str, str] = field(default_factory=dict)

    def shared(self) -> dict[str, bytes]:
        """Styles and scripts that pages link to, by their place in the site."""
        settings = read_settings(self.project.root, ("project.type", "format.html.css"))
        patterns = [*(settings["project"].get("resources") or ()), settings["format"]["html"]["css"]]
        shared = [pattern for pattern in patterns if not pattern.startswith("reports/")]
        found = [path for pattern in shared for path in self.project.root.glob(pattern)]
        return {relative(path, self.project.root): path.read_bytes() for path in found}

    def own(self, lang: Lang) -> str:
        """What stands around every page in a language; see ``around``."""
        if lang not in self._made:
            fields = write_yaml({"title": _TITLE, "pagetitle": _TITLE, "lang": lang, **frame_words(lang)})
            self._made[lang] = self._kept(lang, f"---\n{fields}---\n\n{_BODY}\n")
        return self._made[lang]

    def _kept(self, lang: Lang, text: str) -> str:
        """A text in the frame, as it was made before of the same settings, theme and code."""
        root, made_of = self.project.root, sha256(f"{code_hash()} {EmbeddedRenderer().versions()} {text}".encode())
        for path in (root / "_quarto.yml", *sorted(path for path in (root / "theme").rglob("*") if path.is_file())):
            made_of.update(f"{path.name} {file_hash(path)}".encode())
        key, kept = f"<!-- {made_of.hexdigest()} -->\n", self.project.work / "site" / f"frame.{lang}.html"
        if kept.is_file() and (said := kept.read_text("utf-8")).startswith(key):
            return said.removeprefix(key)
        made = frame(self.project, text, ROOT)
        write_whole(kept, f"{key}{made}")
        return made

    def around(self, page: SitePage) -> str:
        """A page as it is published.

        Raises:
            ToolError: Pandoc failed, or ``_quarto.yml`` lacks a setting.
        """
        whole = self.own(page.lang).replace(f"<p>{_BODY}</p>", page.body).replace(_TITLE, html.escape(page.title))
        head = [HEAD, f'<link rel="alternate" type="application/atom+xml" href="{ROOT}/{feed_name(page.lang)}">\n']
        if page.path.startswith("index"):
            head.append(f'<meta name="description" content="{html.escape(WORDS[page.lang].about_index)}">\n')
        if self.base:
            head.append(f'<link rel="canonical" href="{html.escape(self.base + page.path)}">\n')
        root = page.root
        if page.path.startswith("404") and self.base:  # shown at any address
            root = urlsplit(self.base).path.rstrip("/")
        return whole.replace("</head>", f"{''.join(head)}</head>", 1).replace(ROOT, root)
