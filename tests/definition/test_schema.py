"""The schema of series.yml: what editors are told is what the loader does."""

import json
import re

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from conftest import ROOT
from tongbao.basics.errors import DefinitionError
from tongbao.bulletin.schemas import DIALECT, schema_text
from tongbao.definition.loader import _Loader, load_series

PATH = ROOT / "schemas" / "series.schema.json"
SCHEMA = json.loads(PATH.read_text("utf-8"))
VALID = Draft202012Validator(SCHEMA)
SERIES = sorted((ROOT / "reports").glob("*/series.yml"))
HINT = "# yaml-language-server: $schema=../../schemas/series.schema.json\n"


def as_an_editor_reads(text):
    return yaml.load(text.replace("!replace", ""), yaml.CSafeLoader)


def faults(text):
    return [f"{error.json_path}: {error.message}" for error in VALID.iter_errors(as_an_editor_reads(text))]


def load(tmp_path, text, name="wenzhou-monthly"):
    path = tmp_path / name / "series.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return load_series(path, f"reports/{name}/series.yml")


def definitions():
    for name, found in SCHEMA["$defs"].items():
        for part in (found, *found.get("anyOf", ())):
            if "properties" in part:
                yield name, part


def test_the_published_schema_is_current():
    assert PATH.read_text("utf-8") == schema_text("series"), "run make schemas"
    assert SCHEMA["$schema"] == DIALECT
    Draft202012Validator.check_schema(SCHEMA)


def test_every_mapping_is_closed_and_every_key_described():
    for name, part in definitions():
        assert part["additionalProperties"] is False, name
        for key, there in part["properties"].items():
            assert there.get("description"), f"{name}: say in the docstring what {key} is"
            assert "``" not in there["description"]


@pytest.mark.parametrize("path", SERIES, ids=lambda path: path.parent.name)
def test_every_series_fits_and_tells_editors_so(path):
    text = path.read_text("utf-8")
    assert text.startswith(HINT)
    assert faults(text) == []
    as_the_loader_reads = yaml.load(text, Loader=_Loader)  # noqa: S506  # a SafeLoader underneath
    assert list(VALID.iter_errors(as_the_loader_reads)) == []


MONTHLY = (ROOT / "reports/wenzhou-monthly/series.yml").read_text("utf-8")
MISTAKES = [
    ("\nopening:", "\nopenning:"),
    ("\nnotebook: monthly", ""),
    ("\nsource:\n  zh:", "\nsource:\n  cn:"),
    ("    rule: list", "    rule: lists"),
    ("    rule: list\n", ""),
    ("    below: param.below_rate", "    bellow: param.below_rate"),
    ("    below: param.below_rate", "    below: true"),
    ("    below: 100\n    order: official", "    below: 100\n    order: offical"),
    ("      incomplete: *reached", "      incompleet: *reached"),
    ("    wording:\n      default:", "    wording:\n      defualt:"),
    ("    rule: list\n    table: enforcement", "    rule: list\n    table: enforcement\n    measure: fines"),
    ("    rule: list\n    table: enforcement", "    rule: list"),
    ("level: warning}", "level: warn}"),
    ("check: holds", "check: hold"),
    ("relation: <=", 'relation: "<"'),
    ("type: number, default: 20", "type: numbers, default: 20"),
    ("type: number, default: 20", "type: number, default: high"),
    ("type: number, default: 20, ", ""),
    ("- {id: lucheng,", "- {id: Lucheng,"),
    ("- {id: lucheng,", "- {id: lucheng, shrot: x,"),
    (", en: Lucheng}", "}"),
    ("    file: annex1.csv\n", ""),
    ("    file: annex1.csv\n", "    file: annex1.csv\n    records: true\n"),
    ("        decimals: 2\n", "        decimals: 20\n"),
    ("        decimals: 2\n        area: fact.", "        area: fact."),
    ("    formula: non_accident_fines / fines * 100\n", ""),
    ("    formula: non_accident_fines", "    formulae: non_accident_fines"),
    ("value: {formula: fines, unit: 万元}}", "value: fines / 100}"),
    (", en: Fines}, value: {formula: fines, unit: 万元}}", ", en: Fines}}"),
    ("annexes:\n  - table: enforcement\n    title", "annexes:\n  - title"),
    ("names: [A3表]", "names: [表]"),
    ("check: change, measure: fines, factor: 5", "check: change, measure: fines, factor: 1"),
    ("  headline:\n", "  unworded: {rule: state, values: {x: fines}}\n  headline:\n"),
    ("charts:\n", "formats: [htm]\ncharts:\n"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), MISTAKES)
def test_a_mistake_is_refused_by_schema_and_loader(tmp_path, old, new):
    assert old in MONTHLY
    text = MONTHLY.replace(old, new, 1)
    assert faults(text)
    with pytest.raises(DefinitionError) as caught:
        load(tmp_path, text)
    assert re.match(r"reports/wenzhou-monthly/series\.yml:\d+: ", str(caught.value))


SHORT = """
notebook: monthly
authority: 某局
area: {zh: 全市, en: the city}
subject: 某事
title: {zh: "{{ period }}某事", en: "A matter, {{ period }}"}
addressees: 各地
source: 各地
units: [{id: jia, zh: 甲县, en: Jia}, {id: yi, zh: 乙县, en: Yi}]
tables:
  annex:
    file: annex.csv
    title: 表
    columns:
      fines: {header: 罚款, unit: 万元, min: null, max: 5.10}
      cases: {header: 案件, unit: 起, area: none}
indicators:
  mean: {label: 均值, formula: fines / cases, decimals: 1, counts: false}
  score:
    label: 得分
    score: [{measure: fines, target: 2.5, weight: 60}, {measure: cases, target: param.n, weight: 40.0}]
parameters:
  n: {default: 20, min: 0, max: 99.5, label: 数}
  m: {default: "2.5", label: 数}
checks:
  jump: {check: change, measure: fines, factor: 2.5}
findings:
  a: {rule: state, values: {x: fines, y: {formula: fines / 2, decimals: 1}}, wording: "{{ x }}"}
  b: {rule: list, measure: fines, below: 20, wording: {zh: 甲, en: a}}
  c: {rule: list, measure: {formula: fines, unit: 元}, take: 2.0, wording: {default: 甲, partial: {zh: 乙}}}
  d: {rule: list, items: {x: {label: 甲, value: fines}, y: {label: 乙, value: cases}}, label: 丙, focus: x}
  e: {rule: judge, when: {up: [{value: fines, above: 1.5}]}, wording: {up: 甲, otherwise: 乙, unknown: 丙}}
  f: {rule: target, value: fines, target: 3}
  g: {rule: split, measure: fines, at: mean.fines}
  h: {rule: change, value: fines, against: last_year, bounded: 10}
  i: {rule: faults, checks: [jump]}
  j: {rule: list, table: annex, since: previous, wording: {cleared: 甲}}
main_points: ["{{ finding.a }}", {zh: 甲}]
key_figures: [{label: 甲, value: fines}, {label: 乙, value: {formula: fines / cases, decimals: 1}}]
opening: 甲
sections: []
"""
EXTENDING = """
extends: base
title: {en: Another title}
number: null
parameters: {n: {default: 15}, m: null}
tables:
  annex:
    file: null
    records: true
    where: {industry: 工贸, fine: {below: 3000}, terminal: [电脑端, 移动端]}
    columns: !replace
      fines: {header: 罚款, measure: fines, unit: 万元}
      cases: {header: 案件, measure: cases, unit: 起}
records: {files: "*.csv"}
checks: {jump: {factor: 3}}
findings:
  b: {below: 15, wording: {en: b}}
  g: null
  k: {rule: range, measure: fines}
notes: [一条]
"""


def test_short_forms_are_taken_by_both(tmp_path):
    assert faults(SHORT) == []
    load(tmp_path, SHORT)


def test_a_series_that_extends_another_may_be_partial(tmp_path):
    load(tmp_path, SHORT, "base")
    assert faults(EXTENDING) == []
    more = load(tmp_path, EXTENDING, "more")
    assert more.parameters["n"].default == 15
    assert faults(EXTENDING.replace("extends: base\n", ""))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{below: 15, ", "{bellow: 15, "),
        ("extends: base\n", "extends: base\nopenning: x\n"),
        ("{rule: range, measure: fines}", "{rule: rang, measure: fines}"),
        ("{default: 15}", "{defualt: 15}"),
        ("jump: {factor: 3}", "jump: {factor: many}"),
        ("notes: [一条]", "notes: [{en: one}]"),
    ],
)
def test_a_mistake_in_a_series_that_extends_is_refused_by_both(tmp_path, old, new):
    assert old in EXTENDING
    load(tmp_path, SHORT, "base")
    text = EXTENDING.replace(old, new)
    assert faults(text)
    with pytest.raises(DefinitionError):
        load(tmp_path, text, "more")


def test_a_fault_is_named_where_it_stands():
    (fault,) = faults(MONTHLY.replace("    below: param.below_rate", "    bellow: param.below_rate", 1))
    assert fault.startswith("$.findings.rate_below: ")
    assert "'bellow' was unexpected" in fault


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_editor_never_complains_of_what_can_be_built(data, tmp_path):
    """One value anywhere is taken away or replaced: what the schema refuses, the loader refuses, too."""
    tree = as_an_editor_reads(SHORT)
    place = tree
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        place = inner
    change = data.draw(st.sampled_from(["remove", "null", "text", "number", "list"]))
    if change == "remove" and isinstance(place, dict):
        del place[key]
    else:
        place[key] = {"null": None, "text": "x", "number": 3, "list": [], "remove": {}}[change]
    if list(VALID.iter_errors(tree)):
        with pytest.raises(DefinitionError):
            load(tmp_path, yaml.safe_dump(tree, allow_unicode=True))
