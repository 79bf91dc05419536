"""What pages and prints need from this machine: fonts for Typst, the page's chart library."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pylopdf_fonts_zh_cn
import vl_convert

from tongbao.definition.project import Project

# The faces of GB/T 9704-2012 under the file names they are sold and shipped with; used where installed.
OFFICIAL_FONTS = frozenset(
    (
        "fzxbsjw.ttf",  # 方正小标宋
        "fzxiaobiaosong-b05s.ttf",
        "fzxiaobiaosong-b05.ttf",
        "simfang.ttf",  # 仿宋
        "fangsong_gb2312.ttf",
        "stfangso.ttf",
        "simhei.ttf",  # 黑体
        "simkai.ttf",  # 楷体
        "kaiti_gb2312.ttf",
        "stkaiti.ttf",
        "simsun.ttc",  # 宋体
        "simsun.ttf",
    )
)


_EXPORTS = "window.vegaEmbed = vegaEmbed;"


def prepare_assets(project: Project) -> None:
    """Assemble ``.tongbao/fonts`` and ``theme/vega.js``, unless they are there."""
    folder = project.work / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {path.name: path for path in find_fonts(project.root)}
    for stale in folder.iterdir():
        if stale.name not in wanted:
            stale.unlink(missing_ok=True)
    for name, path in wanted.items():
        if not (folder / name).exists():
            (folder / name).unlink(missing_ok=True)  # a link whose target has moved
            _link(path, folder / name)
    script = project.root / "theme" / "vega.js"
    if not script.exists():
        # Whole or not at all: notebooks run side by side, and each asks for the assets.
        with tempfile.NamedTemporaryFile(dir=script.parent, delete=False) as file:
            file.write(vl_convert.javascript_bundle(_EXPORTS, vl_version="6.4").encode())
        Path(file.name).replace(script)


def find_fonts(root: Path) -> list[Path]:
    """The bundled fonts, those in the project's ``fonts/``, and the official ones found on this machine."""
    bundled = [pylopdf_fonts_zh_cn.serif_path(), pylopdf_fonts_zh_cn.sans_path()]
    own = [path for path in sorted((root / "fonts").glob("*")) if path.suffix.lower() in (".ttf", ".otf", ".ttc")]
    return [*bundled, *own, *_official_fonts()]


def _official_fonts() -> Iterator[Path]:
    folders = {
        "win32": [Path("C:/Windows/Fonts")],
        "darwin": [Path("/Library/Fonts"), Path("/System/Library/Fonts"), Path.home() / "Library/Fonts"],
    }.get(sys.platform, [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"])
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.name.lower() in OFFICIAL_FONTS:
                yield path


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source)
    except FileExistsError:  # another notebook was quicker
        pass
    except OSError:  # Windows without the right to make links
        shutil.copyfile(source, target)
