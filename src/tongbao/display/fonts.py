"""Fonts for Typst: those of the package, the project's own, and the official ones where a machine has them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

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

# How offices call the faces that the theme names first.
_NAMES = {
    "FZXiaoBiaoSong-B05S": "方正小标宋",
    "FangSong_GB2312": "仿宋_GB2312",
    "SimHei": "黑体",
    "KaiTi_GB2312": "楷体_GB2312",
    "SimSun": "宋体",
}
_FACES = re.compile(r"^#let face-[\w-]+ = \((.*?)\)", re.MULTILINE)
_STAND_IN = re.compile("Noto|Libertinus")


def find_fonts(root: Path) -> list[Path]:
    """The bundled fonts, those in the project's ``fonts/``, and the official ones found on this machine."""
    import pylopdf_fonts_zh_cn  # only needed here

    bundled = [pylopdf_fonts_zh_cn.serif_path(), pylopdf_fonts_zh_cn.sans_path()]
    own = [path for path in sorted((root / "fonts").glob("*")) if path.suffix.lower() in (".ttf", ".otf", ".ttc")]
    return [*bundled, *own, *_official_fonts()]


def font_folders() -> list[Path]:
    """Where this machine keeps its fonts."""
    return {
        "win32": [Path("C:/Windows/Fonts")],
        "darwin": [Path("/Library/Fonts"), Path("/System/Library/Fonts"), Path.home() / "Library/Fonts"],
    }.get(sys.platform, [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"])


def substituted_faces(root: Path) -> dict[str, list[str]]:
    """Faces of the printed form that are not at hand, by the one that stands in for them in the PDF."""
    import typst  # only needed here

    at_hand = set(typst.Fonts(include_system_fonts=False, font_paths=[str(root / ".tongbao" / "fonts")]).families())
    found: dict[str, list[str]] = {}
    for faces in _FACES.findall((root / "theme" / "typst-template.typ").read_text("utf-8")):
        families = re.findall('"(.*?)"', faces)
        used = next(filter(at_hand.__contains__, families), "")
        if _STAND_IN.match(used):
            found.setdefault(used, []).append(_NAMES.get(families[0], families[0]))
    return found


def _official_fonts() -> Iterator[Path]:
    for folder in font_folders():
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.name.lower() in OFFICIAL_FONTS:
                yield path
