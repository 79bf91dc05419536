"""Fonts for Typst: those of the package, the project's own, and the official ones where a machine has them."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from struct import unpack_from
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # who looks whether anything has changed needs none
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


def prepare_fonts(project: Project) -> None:
    """Assemble ``.tongbao/fonts``, unless it is there."""
    assemble_fonts(project.root, project.work / "fonts")


def assemble_fonts(root: Path, folder: Path) -> None:
    """Put every font that prints of a project may take into a folder, and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {path.name: path for path in find_fonts(root)}
    for stale in folder.iterdir():
        if stale.name not in wanted:
            stale.unlink(missing_ok=True)
    for name, path in wanted.items():
        if not (folder / name).exists():
            (folder / name).unlink(missing_ok=True)  # a link whose target has moved
            _link(path, folder / name)


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source)
    except FileExistsError:  # another notebook was quicker
        pass
    except OSError:  # Windows without the right to make links
        shutil.copyfile(source, target)


def font_folders() -> list[Path]:
    """Where this machine keeps its fonts."""
    return {
        "win32": [Path("C:/Windows/Fonts")],
        "darwin": [Path("/Library/Fonts"), Path("/System/Library/Fonts"), Path.home() / "Library/Fonts"],
    }.get(sys.platform, [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"])


def substituted_faces(root: Path, folder: Path) -> dict[str, list[str]]:
    """Faces of the printed form that are not in a folder of fonts, by the one that stands in for them in the PDF."""
    import typst  # only needed here

    at_hand = set(typst.Fonts(include_system_fonts=False, font_paths=[str(folder)]).families())
    found: dict[str, list[str]] = {}
    for faces in _FACES.findall((root / "theme" / "typst-template.typ").read_text("utf-8")):
        families = re.findall('"(.*?)"', faces)
        used = next(filter(at_hand.__contains__, families), "")
        if _STAND_IN.match(used):
            found.setdefault(used, []).append(_NAMES.get(families[0], families[0]))
    return found


def _official_fonts() -> Iterator[Path]:
    for folder in font_folders():
        listed = ((top, name) for top, _, names in os.walk(folder) for name in names)
        yield from sorted(Path(top, name) for top, name in listed if name.lower() in OFFICIAL_FONTS)


def characters(font: Path) -> Iterator[int]:
    """The code points that a font has glyphs for, by its ``cmap`` (OpenType 1.9, formats 4 and 12)."""
    data = font.read_bytes()

    def at(form: str, place: int) -> tuple[Any, ...]:
        return unpack_from(f">{form}", data, place)

    (start,) = at("L", 12) if data[:4] == b"ttcf" else (0,)
    tables = (at("4sLLL", start + 12 + 16 * number) for number in range(at("H", start + 4)[0]))
    cmap = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    for number in range(at("H", cmap + 2)[0]):
        table = cmap + at("L", cmap + 8 + 8 * number)[0]
        match at("H", table)[0]:
            case 4:
                yield from _segments(at, table)
            case 12:
                for group in range(at("L", table + 12)[0]):
                    first, last, glyph = at("LLL", table + 16 + 12 * group)
                    yield from range(first + (glyph == 0), last + 1)


def _segments(at: Callable[[str, int], tuple[Any, ...]], table: int) -> Iterator[int]:
    """The code points of a ``cmap`` of format 4."""
    double = at("H", table + 6)[0]
    for place in range(table + 14, table + 14 + double, 2):
        (last,), (first,), (delta,) = at("H", place), at("H", place + double + 2), at("H", place + 2 * double + 2)
        offset_at = place + 3 * double + 2
        (offset,) = at("H", offset_at)
        for code in range(first, last + 1):
            glyph = at("H", offset_at + offset + 2 * (code - first))[0] if offset and code != 0xFFFF else code
            if glyph and (glyph + delta) % 0x10000 and code != 0xFFFF:
                yield code
