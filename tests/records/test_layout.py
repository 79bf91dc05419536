"""The layout's page says what the layout says."""

from conftest import ROOT
from tongbao_records.layout import FIELDS
from tongbao_records.measures import MEASURES

PAGE = (ROOT / "docs/case-records.md").read_text("utf-8")


def test_every_field_and_measure_is_documented():
    for field in FIELDS:
        assert f"| `{field.name}` | {field.header} |" in PAGE
        for word in field.values:
            assert word in PAGE
    for name, measure in MEASURES.items():
        assert f"| `{name}` | {measure.label} | {measure.unit} |" in PAGE
