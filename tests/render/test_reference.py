"""The Word template is a file of the theme, and is what its script makes."""

from conftest import ROOT
from reference_docx import word_reference


def test_the_script_gives_the_committed_template():
    assert (ROOT / "theme/reference.docx").read_bytes() == word_reference(), "run make reference"
