"""What a page that stands alone may do: the content-security policy of one with its styles and scripts inside.

The theme's policy (``theme/page.html``) lets a page load styles, scripts and images from its own site, and run nothing
that stands in it. Here it lets run what stands in it, told by its hash, and load nothing but an icon.
"""

import re
from base64 import b64encode
from hashlib import sha256

_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")[^"]*')
_INLINE = re.compile(r"<(style|script)>(.*?)</\1>", re.DOTALL)


def standing_alone(page: str) -> str:
    """The page with the policy of one that loads nothing."""
    hashes: dict[str, str] = {"style": "", "script": ""}
    for kind, text in _INLINE.findall(page):
        hashes[kind] += f" 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
    styles, scripts = (hashes[kind] or " 'none'" for kind in ("style", "script"))
    policy = (
        f"default-src 'none'; script-src{scripts}; style-src 'unsafe-inline'; style-src-elem{styles}; "
        "img-src 'self' data:; font-src data:; form-action 'none'; base-uri 'none'"
    )
    return _POLICY.sub(lambda match: match[1] + policy, page, count=1)
