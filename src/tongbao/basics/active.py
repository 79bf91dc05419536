"""What in a text is no text: HTML, raw blocks, shortcodes, images, addresses that do something, signs that hide."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

# Controls, no width, another direction, and our own marks.
_HIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ue000-\ue005]"
_ACTIVE = re.compile(
    r"(?<!\\)(?:\\\\)*<(?!https?://|mailto:|!--(?! head))[a-z/!?][^\s<>]*"  # HTML but for remarks; an address is none
    r"|\{=[\w.+-]+\}|\{\{[<%]|!\["
    r"|\](?:\(|:)\s*<?\s*(?!https?:|mailto:)[a-z][\w+.&#;-]*:"
    rf"|{_HIDDEN}",
    re.IGNORECASE,
)


def active_in(text: str) -> re.Match[str] | None:
    r"""The first thing in a text that would do something, or hide something, where it is shown.

    >>> active_in("处罚率<20%，见[公报](https://example.org)、<https://example.org>，\\<b>") is None
    True
    >>> [active_in(text)[0] for text in ("<b onclick=x>", "`x`{=typst}", "{{< x >}}", "![](x)", "[a](javascript:x)")]
    ['<b', '{=typst}', '{{<', '![', '](javascript:']
    """
    return _ACTIVE.search(text)


def hidden_in(text: str) -> str | None:
    r"""The first sign in a text that is not seen, or turns what is.

    >>> hidden_in("更正 a\tb"), hidden_in("87\u202e起")
    (None, '\u202e')
    """
    found = re.search(_HIDDEN, text)
    return found[0] if found else None


def stays_inside(path: str) -> bool:
    r"""Whether a declared path stays in the folder that it starts from.

    >>> stays_inside("returns/*.xlsx"), stays_inside("../x.csv"), stays_inside("/etc/passwd"), stays_inside("C:\\x")
    (True, False, False, False)
    """
    parts = PurePosixPath(path)
    return not (parts.is_absolute() or ".." in parts.parts or "\\" in path or "\0" in path or ":" in path)
