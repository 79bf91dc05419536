"""What `tongbao doctor` finds, what it says an absence costs, and how it ends."""

import json
import struct
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest
from rich.cells import cell_len

from conftest import bare_project, edit, tongbao
from tongbao.display import fonts

SANS = Path(pylopdf_fonts_zh_cn.sans_path())


def examined(folder, code=0, **options):
    found = json.loads(tongbao(folder, "doctor", "--json", code=code, **options).stdout)
    return {check["name"]: check for check in found}


@pytest.mark.further
def test_what_no_build_needs_may_be_missing(project):
    found = examined(project, path="/nowhere")
    assert {check["state"] for check in found.values()} == {"ok", "missing"}
    for name in ("Quarto", "Chromium", "Git", "ssh-keygen"):
        assert found[name]["state"] == "missing"
        assert found[name]["found"].endswith("is not on PATH")
        assert found[name]["cost"]
    for name in ("Python", "packages", "Pandoc", "Typst", "disk", "writing", "definitions", "characters"):
        assert found[name]["state"] == "ok", found[name]
    assert not (project / ".tongbao").exists()


def test_what_a_build_needs_is_said_to_be_broken(project):
    edit(project / "requirements.lock", "pandas==", "pandas-of-old==")
    edit(project / "requirements.lock", "openpyxl==", "openpyxl==0.")
    edit(project / "reports/taizhou-andun/series.yml", "notebook:", "notbook:")
    edit(project / "reports/wenzhou-monthly/2021-01-to-02.md", "\n\n", "\n\n𱍐\n\n")
    found = examined(project, code=3)
    assert {name for name, check in found.items() if check["state"] == "broken"} == {"packages", "definitions"}
    assert found["packages"]["found"] == "not installed: pandas-of-old"
    assert "reports/taizhou-andun/series.yml" in found["definitions"]["found"]
    assert found["characters"] == {
        "name": "characters",
        "state": "missing",
        "found": "no font holds 𱍐 (U+31350)",
        "cost": "the PDF shows boxes in their place; put a font that holds them into fonts/",
    }


def test_without_a_project_and_in_another_encoding(tmp_path):
    found = examined(tmp_path, env={"PYTHONIOENCODING": "gb18030"})
    assert found["project folder"]["state"] == found["encoding"]["state"] == "missing"
    assert found["encoding"]["found"].startswith("gb18030")


@pytest.mark.further
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_fits_a_terminal_of_80_columns(tmp_path, lang):
    said = tongbao(bare_project(tmp_path / "p", to_build=True), "--lang", lang, "doctor", env={"COLUMNS": "80"}).stdout
    assert max(map(cell_len, said.splitlines())) <= 80
    assert len(said.splitlines()) > 15


def test_both_tables_of_a_font_name_the_same_characters():
    data, every = SANS.read_bytes(), set(fonts.characters(SANS))
    assert {ord("A"), ord("一"), 0x1F100} <= every
    assert not {0xE000, 0x31350} & every
    tables = [struct.unpack_from(">4sLLL", data, place) for place in range(12, 12 + 16 * 20, 16)]
    cmap = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    records = [struct.unpack_from(">HHL", data, cmap + 4 + 8 * number) for number in range(4)]
    places = [cmap + offset for _, _, offset in records]
    (four,) = {place for place in places if struct.unpack_from(">H", data, place)[0] == 4}
    found = set(fonts._segments(lambda form, place: struct.unpack_from(f">{form}", data, place), four))
    assert found == {code for code in every if code < 0x10000}
