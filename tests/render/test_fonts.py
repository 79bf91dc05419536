"""Typst's fonts are read once, and again when they are others."""

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
