"""Which faces of the printed form are not at hand is said after a build."""

import pytest

from conftest import edit, tongbao


@pytest.mark.further
def test_a_build_that_makes_a_pdf_says_which_faces_are_substituted(project):
    """Neither 小标宋 nor 仿宋 comes with the package; a face that is at hand goes unsaid."""
    edit(project / "theme/typst-template.typ", '("SimHei"', '("New Computer Modern"')  # Typst brings it
    said = tongbao(project, "build", "taizhou-andun", "--format", "pdf").stdout
    lines = [line for line in said.splitlines() if line.startswith("fonts ")]
    assert len(lines) == 2
    assert "方正小标宋, 仿宋_GB2312, 楷体_GB2312, 宋体: not at hand, Noto Serif SC stands in" in lines[0]
    assert "Libertinus" in lines[1]
