"""Typst's fonts are read once, and again when they are others; what none of them has is said."""

from conftest import bare_project, edit, tongbao
from demo import write_demo
from tongbao.render import embedded


def test_fonts_are_read_once_for_links_to_the_same_folder(tmp_path):
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    (fonts / "a.otf").write_bytes(b"1")
    for name in ("one", "two"):
        (tmp_path / name).symlink_to(fonts)
    first = embedded._fonts(tmp_path / "one")
    assert embedded._fonts(tmp_path / "two") is first
    (fonts / "a.otf").write_bytes(b"22")
    changed = embedded._fonts(tmp_path / "one")
    assert changed is not first
    (fonts / "b.otf").write_bytes(b"1")
    assert embedded._fonts(tmp_path / "one") is not changed


def test_a_character_that_no_font_has_is_named_with_its_place(tmp_path):
    root = bare_project(tmp_path / "project", to_build=True)
    write_demo(root)
    edit(root / "reports/demo/2021-q2.md", "认真核对", "认真𠮷核对")
    tongbao(root, "notebook", "demo")
    said = tongbao(root, "build", "demo", "--format", "pdf", "--engine", "embedded", code=2).stderr
    assert (
        "reports/demo/2021-q2.md:7: no font at hand has the character 𠮷 (U+20BB7), and the PDF cannot be made" in said
    )
    assert "hint:     write another character, or put a font that has it into fonts/" in said
    assert "page.typ" not in said
