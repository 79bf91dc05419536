"""The published JSON schemas: current, strict, and true of every record that is built."""

import json
from copy import deepcopy

import pytest
from jsonschema import Draft202012Validator

from conftest import ROOT
from pages import GOLDEN
from tongbao.bulletin.schemas import DIALECT, KEPT, published, schema_text

SCHEMAS = ROOT / "schemas"
documents = pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["series"])
records = pytest.mark.parametrize("name", published())
all_of_them = pytest.mark.parametrize("name", [*published(), *KEPT])


def schema(name):
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))


def built(site, golden, name):
    return json.loads(
        (site / "data/processed" / golden["series"] / golden["period"] / f"{name}.json").read_text("utf-8")
    )


def faults(name, record):
    return [error.json_path for error in Draft202012Validator(schema(name)).iter_errors(record)]


@all_of_them
def test_the_published_schema_is_current(name):
    assert (SCHEMAS / f"{name}.schema.json").read_text("utf-8") == schema_text(name), "run make schemas"


@all_of_them
def test_the_schema_is_valid_and_strict(name):
    found = schema(name)
    assert found["$schema"] == DIALECT
    Draft202012Validator.check_schema(found)
    objects = [part for part in (found, *found.get("$defs", {}).values()) if part.get("type") == "object"]
    assert objects
    assert all(part["additionalProperties"] is False for part in objects)
    claims = found.get("$defs", {}).get("ClaimRecord")  # the one record that leaves out what it does not say
    assert all(set(part["required"]) == set(part["properties"]) for part in objects if part is not claims)


@documents
@records
def test_every_built_record_fits_its_schema(site, golden, name):
    assert faults(name, built(site, golden, name)) == []


@documents
def test_a_record_that_says_less_or_more_does_not_fit(site, golden):
    record = built(site, golden, "findings")
    key = next(key for key, figure in record["figures"].items() if figure["cells"])
    cell = next(key for key, cell in record["cells"].items() if "row" in cell["source"])
    for change in (
        lambda record: record["findings"][0].pop("numbers"),
        lambda record: record["figures"][key].pop("cells"),
        lambda record: record["figures"][key].update(value=5.9),
        lambda record: record["cells"][cell]["source"].update(row=0),
        lambda record: record["findings"][0].update(comment="x"),
        lambda record: record["findings"][0]["numbers"]["zh"][0].update(start=-1),
    ):
        changed = deepcopy(record)
        change(changed)
        assert faults("findings", changed), change
