"""The same inputs give the same bytes: in any folder, time zone, language, home, with any number of workers."""

import struct
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest

from conftest import copy_project, sums, tongbao

# It is never the same day in both.
EAST, WEST = "Pacific/Kiritimati", "Etc/GMT+12"


def renamed(font, old, new):
    """A font that says it is another: ``new`` is shorter than ``old``."""
    data, short, long = bytearray(font.read_bytes()), new.encode("utf-16-be"), old.encode("utf-16-be")
    tables = (
        struct.unpack_from(">4sLLL", data, 12 + 16 * number) for number in range(struct.unpack_from(">H", data, 4)[0])
    )
    start = next(offset for tag, _, offset, _ in tables if tag == b"name")
    _, count, texts = struct.unpack_from(">HHH", data, start)
    for record in range(start + 6, start + 6 + 12 * count, 12):
        name, length, offset = struct.unpack_from(">HHH", data, record + 6)
        place = start + texts + offset
        if name in (1, 16) and data[place : place + length] == long:
            data[place : place + len(short)] = short
            struct.pack_into(">H", data, record + 8, len(short))
    return bytes(data)


@pytest.fixture
def another_home(tmp_path):
    """What somebody keeps for the programs behind a build, all of it unlike what they bring."""
    home = tmp_path / "某人 home"
    files = {
        ".local/share/fonts/sans.otf": renamed(Path(pylopdf_fonts_zh_cn.serif_path()), "Noto Serif SC", "Noto Sans SC"),
        ".local/share/pandoc/abbreviations": "通报\n".encode(),
        ".local/share/pandoc/templates/styles.html": b"p { color: red }",
        ".ipython/profile_default/startup/first.py": b"import altair; altair.theme.enable('dark'); print('started')",
        ".ipython/profile_default/ipython_kernel_config.py": b"c.InteractiveShell.ast_node_interactivity = 'all'",
    }
    for name, data in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(data)
    return {"HOME": str(home), "TZ": WEST, "LC_ALL": "C", "PYTHONHASHSEED": "7"}


@pytest.mark.further
def test_in_another_home_time_zone_and_locale(built, another_home):
    before = sums(built)
    tongbao(built, "build", "taizhou-andun", "--force", "--engine", "embedded", env=another_home)
    assert sums(built) == before


@pytest.mark.long
def test_two_full_builds(tmp_path, another_home):
    here, there = tmp_path / "a", tmp_path / "市 局" / "通报（副本）" / "b" / "c"
    tongbao(copy_project(here), "build", "--jobs", "1", env={"TZ": EAST, "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"})
    tongbao(copy_project(there), "build", "--jobs", "2", env=another_home | {"LANGUAGE": "zh"})
    assert sums(here) == sums(there)
    assert len(sums(here)) > 400
