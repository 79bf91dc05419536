"""What every page of the site stands in: the frame of the bulletins, made by Pandoc once for each language."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from functools import cached_property

from tongbao.definition.files import relative
from tongbao.definition.project import Project
from tongbao.render.embedded import frame
from tongbao.render.settings import read_settings
from tongbao_site.pages import WORDS, SitePage

_TITLE, _BODY, _ROOT = "tongbaotitle", "tongbaobody", "tongbaoroot"
_HEAD = f"""<link rel="stylesheet" href="{_ROOT}/theme/site.css">
<script defer src="{_ROOT}/theme/site.js"></script>
"""
_TEXT = """---
title: {title}
pagetitle: {title}
lang: {lang}
skip: {skip}
format: {{html: {{toc: false}}}}
---

{body}
"""


@dataclass
class Frame:
    """The frame of a project's pages."""

    project: Project
    _made: dict[str, str] = field(default_factory=dict)

    @cached_property
    def title(self) -> str:
        """What the site is called."""
        return str(read_settings(self.project.root, ("website.title",))["website"]["title"])

    def shared(self) -> dict[str, bytes]:
        """Styles and scripts that pages link to, by their place in the site."""
        settings = read_settings(self.project.root, ("project.type", "format.html.css"))
        patterns = [*settings["project"].get("resources", []), settings["format"]["html"]["css"]]
        found = [path for pattern in patterns for path in self.project.root.glob(pattern)]
        below = {relative(path, self.project.root): path for path in found}
        return {name: path.read_bytes() for name, path in below.items() if not name.startswith("reports/")}

    def around(self, page: SitePage) -> str:
        """A page as it is published.

        Raises:
            ToolError: Pandoc failed, or ``_quarto.yml`` lacks a setting.
        """
        if page.lang not in self._made:
            text = _TEXT.format(title=_TITLE, body=_BODY, lang=page.lang, skip=WORDS[page.lang].skip)
            self._made[page.lang] = frame(self.project.root, text, _ROOT)
        whole = self._made[page.lang].replace(f"<p>{_BODY}</p>", page.body).replace(_TITLE, html.escape(page.title))
        return whole.replace("</head>", f"{_HEAD}</head>", 1).replace(_ROOT, page.root)
