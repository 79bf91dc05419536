"""YAML as people type it: what is typed by mistake is refused at its own line, with what to type."""

import typing

import pytest
from pydantic_core import core_schema

from conftest import edit
from tongbao.basics.errors import DefinitionError
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.complaints import problem_of
from tongbao.definition.loader import load_series, raw_definition
from tongbao.definition.project import Project

LIMITS = dict.fromkeys(
    ("max_length", "min_length", "ge", "gt", "le", "lt", "expected", "expected_tags", "tag", "discriminator"), "3"
)
FILE = "reports/wenzhou-monthly/series.yml"
SLIPS = [
    ("authority: {zh", "authority： {zh", "full-width colon", "authority："),
    ("authority: {zh", "authority:　{zh", "full-width or hard space", "authority:"),
    ("authority: {zh: ", "authority: ｛zh: ", "full-width braces", "authority:"),
    ("authority: {zh: ", "authority: {zh： ", "full-width colon", "authority:"),
    ("default: 20, min: 0,", "default: 20，min: 0,", "full-width comma", "default: 20"),
    ("default: 20, min: 0,", "default: 20, min：0,", "full-width colon", "default: 20"),
    ("row_order: [lucheng, ", "row_order: [lucheng，", "full-width comma", "row_order"),
    ("notebook: monthly", "notebook: monthly\nunbroken: [检查，处罚, 情况]", "full-width comma", "unbroken"),
    ("notebook: monthly", "notebook: monthly\nunbroken: [检查、处罚]", "full-width comma", "unbroken"),
    ("row_order: [lucheng, ", "row_order: 【lucheng, ", "full-width brackets", "row_order"),
    ("notebook: monthly", "notebook: “monthly”", "curly quotation marks", "notebook"),
    ("notebook: monthly", "notebook: ‘monthly’", "curly quotation marks", "notebook"),
    ("notebook: monthly", "notebook:\tmonthly", "a tab", "notebook"),
    ("notebook: monthly", "notebook: monthly\ncharts2: {zh: {{ period }}, en: x}", "a placeholder", "charts2"),
    ("notebook: monthly", "notebook: monthly\nx: {{ period }}通报", "a placeholder", "x: {{"),
    ("notebook: monthly", "notebook: monthly\nx: {zh: 关于{{ period }}通报, en: x}", "a placeholder", "x: {zh"),
    ("    rule: list\n", "　　rule: list\n", "full-width or hard space", "　　rule"),
    ("    rule: list\n", "    rule： list\n", "full-width colon", "rule："),
    ("    rule: list\n", "\trule: list\n", "a tab", "\trule"),
    ("notebook: monthly", 'notebook: monthly\nnumber: "｛｛ number ｝｝号"', "full-width braces", "｛｛"),
]


@pytest.mark.parametrize(("old", "new", "problem", "words"), SLIPS)
def test_a_slip_of_typing_is_refused_at_its_own_line(project, old, new, problem, words):
    edit(project / FILE, old, new)
    lines = (project / FILE).read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if words in text)
    with pytest.raises(DefinitionError) as caught:
        load_series(project / FILE, FILE)
    assert problem in str(caught.value)
    assert f"{FILE}:{line}:" in str(caught.value)
    assert caught.value.expected


@pytest.mark.parametrize(
    "text",
    [
        "a: “双随机”检查",  # quotation marks that are part of the text
        'a: "“双随机”"',
        "a: 关于{{ period }}的通报：全市",  # in a plain text outside braces YAML has no use for the signs
        "a: {zh: 检查，处罚, en: x}",
        'a: ["只有这一条，别无其他"]',
        "a:\n  - 只有这一条，别无、其他",
        "a: |\n  说明：\n  “甲”，乙\n  {{ x }}\nb: 1",
        "a: '：，“'  # ：，“",
        "a: 罚款（万元）",
    ],
)
def test_texts_keep_their_own_signs(tmp_path, text):
    path = tmp_path / "x" / "series.yml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    assert raw_definition(path, "series.yml")["a"]


def test_every_series_of_the_project_is_read(project):
    found = Project.find(project)
    assert all(found.get_series(name) for name in found.series_names)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("languages: [zh, en]", "languages: []", "languages: too few: at least 1 are expected"),
        ("languages: [zh, en]", "languages: zh", "languages: a list is expected"),
        ("languages: [zh, en]", "languages: [zh, fr]", "languages.1: one of these is expected: zh or en"),
        ("notebook: monthly", "notebook: [monthly]", "notebook: a text is expected"),
        ("notebook: monthly", "notebook: monthly\nsynthetic: perhaps", "synthetic: true or false is expected"),
        ("notebook: monthly", "notebook: monthly\nenterprises: 3", "enterprises: keys with values are expected"),
        ("type: number, default: 20", "type: number, default: twenty", "below_rate.default: a number is expected"),
        ("type: number, default: 20", "type: numbers, default: 20", "one of these is expected: number or integer"),
        ("    rule: list\n", "    rule: lists\n", "no rule lists; did you mean list?"),
        ("    rule: list\n", "    naming: {show: 0}\n    rule: list\n", "show: a number of at least 1 is expected"),
        ("    rule: list\n", "", "the key rule is missing"),
    ],
)
def test_complaints_speak_of_yaml_not_of_python(project, old, new, complaint):
    path = project / FILE
    edit(path, old, new)
    with pytest.raises(DefinitionError) as caught:
        load_series(path, FILE)
    assert complaint in str(caught.value)


def test_no_words_of_pydantic_are_passed_on():
    """Whatever pydantic may say of a value, a user reads our words."""
    every = typing.get_args(core_schema.ErrorType)
    for kind in every:
        _, message, _ = problem_of({"type": kind, "loc": ("a",), "msg": f"Input {kind}", "input": 1, "ctx": LIMITS})
        assert message
        assert "Input" not in message or kind in ("value_error", "assertion_error"), kind


def test_a_placeholder_names_its_line_also_where_a_series_extends_another(project):
    edit(project / FILE, "{{ finding.fines_top }}", "{{ finding.fines_tops }}")
    lines = (project / FILE).read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if "fines_tops" in text)
    more = project / "reports/wenzhou-more"
    more.mkdir()
    (more / "series.yml").write_text("extends: wenzhou-monthly\nsubject: {zh: 又一, en: more}\n", "utf-8")
    raw = project / "data/raw"
    (raw / "wenzhou-more").symlink_to(raw / "wenzhou-monthly")
    for series in ("wenzhou-monthly", "wenzhou-more"):
        bulletin = Bulletin.open(Project.find(project), series, "2021-01-to-02", {})
        with pytest.raises(DefinitionError) as caught:
            bulletin.require_sound()
        assert str(caught.value).startswith(f"{FILE}:{line}: ")
        assert "did you mean fines_top?" in str(caught.value)
        assert f"tongbao names {series}" in str(caught.value)


def test_a_wording_names_its_line(project):
    edit(project / FILE, "{{ threshold }}", "{{ treshold }}")
    lines = (project / FILE).read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if "treshold" in text)
    with pytest.raises(DefinitionError) as caught:
        Bulletin.open(Project.find(project), "wenzhou-monthly", "2021-01-to-02", {})
    assert f"{FILE}:{line}: findings.rate_below.wording" in str(caught.value)
    assert "did you mean threshold?" in str(caught.value)


def test_a_fact_that_a_period_lacks_names_the_line_that_needs_it(project):
    edit(project / "data/raw/wenzhou-monthly/2021-01-to-02/facts.csv", "inspections,", "inspection,")
    with pytest.raises(DefinitionError) as caught:
        Bulletin.open(Project.find(project), "wenzhou-monthly", "2021-01-to-02", {})
    assert f"{FILE}:65: tables.enforcement.columns.penalty_rate.area" in str(caught.value)
