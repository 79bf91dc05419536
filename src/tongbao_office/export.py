"""A bulletin to hand on: one HTML file that needs nothing beside it, or an archive that verifies by itself."""

from __future__ import annotations

import base64
import html
import io
import json
import mimetypes
import re
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from urllib.parse import unquote

from tongbao.basics.errors import DataError
from tongbao.build.inputs import changes_since_build
from tongbao.bulletin.manifest import FILE
from tongbao.definition.files import relative
from tongbao.render.policy import standing_alone
from tongbao_office.approval import Bulletin
from tongbao_office.checker_file import bundle
from tongbao_office.decisions import folder_of
from tongbao_office.front import way_to
from tongbao_office.placing import own_files
from tongbao_office.tree import resources
from tongbao_site.entry import entry_of
from tongbao_site.make import PERIODS, periods_script

_STYLE = re.compile(r'<link\b[^>]*\bhref="(?P<href>[^"]+\.css)"[^>]*>')
_SCRIPT = re.compile(r'<script\b(?P<options>[^>]*)\bsrc="(?P<src>[^"]+)"[^>]*></script>')
_IMAGE = re.compile(r'(?P<before><(?:img\b[^>]*\bsrc|link rel="icon"[^>]*\bhref)=")(?P<src>[^"]+)"')
_ANCHOR = re.compile(r'(?P<before><a\b[^>]*?) href="(?P<href>[^"]*)"')
_URL = re.compile(r"""url\((["']?)(?P<name>[^)"'?#]+)[^)"']*\1\)""")
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|#")
_FONTS = (".otf", ".ttf", ".ttc")  # licensed to the office
_EPOCH = (1980, 1, 1, 0, 0, 0)
_README = """\
{id}

打开 index.html 阅读本期通报。/ Open index.html to read the bulletin.

核对（只需 Python 3.11 或更新版本）/ To check it, with nothing but Python 3.11 or newer:

    python verify.py .

清单和哈希值见 {manifest}。/ Every file with its SHA-256 is listed there.
由 _quarto.yml、reports、notebooks、theme 和 data/raw 可重新生成。/ It can be built again from these.
"""


def require_as_built(bulletin: Bulletin) -> None:
    """Hold a bulletin to be what was built from what lies there.

    Raises:
        DataError: something was changed since.
    """
    if changes := changes_since_build(bulletin.project, bulletin.series, bulletin.period):
        raise DataError(
            "changed since the build",
            place=bulletin.id,
            found="\n".join(changes[:5]),
            hint=f"tongbao build {bulletin.id}",
        )


def single_pages(bulletin: Bulletin) -> Iterator[tuple[str, bytes]]:
    """Each edition's page as one file: name and content.

    Style sheets, scripts and images stand in it, and what it offers for download; links to other pages are taken out.
    Charts stay drawings.
    """
    site = bulletin.project.site / "reports" / bulletin.series
    files = own_files(bulletin.manifest.outputs, bulletin.series)
    for name in (name for name in files if name.endswith(".html")):
        page = (site / name).read_bytes().decode()
        yield f"{bulletin.series}-{name}", _inlined(page, site / Path(name).parent, files).encode()


def archive(bulletin: Bulletin) -> bytes:
    """A ZIP file of all that a bulletin consists of, as it lies in the project, with the checker.

    The same bytes each time: files in the order of their names, undated, stored as they are. Fonts are left out.
    """
    project = bulletin.project
    manifest = relative(project.processed(bulletin.series, bulletin.period) / FILE, project.root)
    names = {name for name in bulletin.inputs if not name.lower().endswith(_FONTS)} | {*bulletin.read, manifest}
    decided = folder_of(project, bulletin.series).glob(f"{bulletin.period}.*")
    names |= {relative(path, project.root) for path in decided} | {f"_site/{name}" for name, _ in resources(bulletin)}
    files = {name: (project.root / name).read_bytes() for name in names}
    page = f"_site/reports/{bulletin.series}/{bulletin.period}.html"
    files |= {"index.html": way_to(page).encode(), "verify.py": bundle().encode()}
    files[f"{page.rpartition('/')[0]}/{PERIODS}"] = periods_script(
        [entry_of(json.loads(bulletin.record_file.read_text("utf-8")))]
    )
    files["README.txt"] = _README.format(id=bulletin.id, manifest=manifest).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as file:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{bulletin.series}-{bulletin.period}/{name}", _EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            file.writestr(info, files[name])
    return packed.getvalue()


def _inlined(page: str, folder: Path, own: Collection[str]) -> str:
    """A page with all that it is shown with inside."""
    last: list[str] = []

    def style(match: re.Match[str]) -> str:
        file = folder / match["href"]
        return f"<style>\n{_styles(file)}</style>" if file.is_file() else ""

    def script(match: re.Match[str]) -> str:
        file = folder / match["src"].partition("?")[0]
        if file.name == PERIODS or not file.is_file() or 'type="module"' in match[0]:  # these ask for others beside
            return ""
        code = file.read_text("utf-8").replace("</script", "<\\/script")
        text = f"<script>\n{code}</script>"
        if " defer" not in match["options"]:
            return text
        last.append(text)  # what waits for the page comes behind it
        return ""

    def image(match: re.Match[str]) -> str:
        file = folder / match["src"]
        return f'{match["before"]}{_data(file)}"' if file.is_file() else match[0]

    def anchor(match: re.Match[str]) -> str:
        target = unquote(html.unescape(match["href"]))
        if _OUTSIDE.match(target):
            return match[0]
        if target in own and not target.endswith(".html"):
            return f'{match["before"]} download="{match["href"]}" href="{_data(folder / target)}"'
        return match["before"]

    page = _ANCHOR.sub(anchor, _IMAGE.sub(image, _SCRIPT.sub(script, _STYLE.sub(style, page))))
    page = page.replace("</head>", "<style>a:not([href]) { color: inherit }</style></head>", 1)
    return standing_alone(page.replace("</body>", "".join(last) + "</body>", 1))


def _styles(file: Path) -> str:
    def url(match: re.Match[str]) -> str:
        target = file.parent / match["name"]
        return f"url({_data(target)})" if not _OUTSIDE.match(match["name"]) and target.is_file() else match[0]

    return _URL.sub(url, file.read_text("utf-8")).replace("</style", "<\\/style")


def _data(file: Path) -> str:
    kind = _KINDS.get(file.suffix) or mimetypes.guess_type(file.name, strict=True)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"


# The machine's own table of kinds does not matter for those that we make.
_KINDS = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
