"""The layout's page says what the layout says, in both languages, and its declaration is one."""

import pytest
import yaml

from conftest import copy_project
from tongbao.definition.case_records import EnterpriseList, RecordSource
from tongbao.definition.project import Project
from tongbao.definition.tables import TableDef
from tongbao_desk.names import names_of
from tongbao_records.layout import FIELDS
from tongbao_records.measures import MEASURES
from walk import blocks, page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_field_and_measure_is_documented(lang):
    text = page("case-records", lang)
    for field in FIELDS:
        assert f"| `{field.name}` | {field.header} |" in text
        for word in field.values:
            assert word in text
    for name, measure in MEASURES.items():
        assert f"| `{name}` | {measure.label} | {measure.unit} |" in text


def test_what_it_declares_is_the_same_in_both_languages_and_can_be_read():
    chinese, english = ([yaml.safe_load(b.text) for b in blocks(page("case-records", lang))] for lang in ("zh", "en"))
    assert chinese == english
    declared, _, lists = chinese
    RecordSource.model_validate(declared["records"])
    TableDef.model_validate(declared["tables"]["hazchem"])
    EnterpriseList.model_validate(lists["enterprises"]["key"])
    assert lists["annexes"][0]["enterprises"] in lists["enterprises"]


def test_the_counts_of_a_list_are_named(tmp_path):
    project = Project(copy_project(tmp_path / "project", "assessment"))
    assert {"enterprises.key", "enterprises.key_slow"} <= {
        row["name"] for row in names_of(project, "assessment")["measures"]
    }
