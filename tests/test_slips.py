"""docs/slips.md: the table is what the script finds now, and nothing that could be known passes."""

import importlib.util
import sys

import pytest

from conftest import ROOT


@pytest.mark.long
def test_the_page_counts_what_is_found():
    spec = importlib.util.spec_from_file_location("corruptions", ROOT / "benchmarks" / "corruptions.py")
    corruptions = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = corruptions  # its dataclasses look there for their module
    spec.loader.exec_module(corruptions)
    page = (ROOT / "docs" / "slips.md").read_text("utf-8")
    tried, said = corruptions.try_all(), corruptions.honest()
    assert len(tried) == 300
    assert page.split("<!-- slips -->\n")[1].split("<!-- /slips -->")[0] == corruptions.table(tried, said)
    assert said["refused"] == 0
    # A blank, a wrong name, a wrong total and a fraction for a percentage are always found.
    never = {"blank", "unit misspelt", "unit twice", "total off by one", "percentage as a fraction"}
    assert [one.slip for one in tried if one.slip.kind in never and one.outcome in ("passes", "changes nothing")] == []
