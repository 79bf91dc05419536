"""An output format is a record; both engines know how each is made."""

import functools
import operator
from pathlib import Path

import pytest
import yaml

from conftest import ROOT, bare_project, tongbao
from tongbao.basics.errors import DefinitionError, ToolError
from tongbao.definition.formats import FORMATS
from tongbao.definition.loader import load_series
from tongbao.definition.project import Project
from tongbao.render.embedded import _WRITERS, frame, render_embedded
from tongbao.render.job import RenderJob
from tongbao.render.quarto import render_with_quarto


def test_each_engine_makes_every_format():
    assert set(_WRITERS) == set(FORMATS)
    settings = yaml.safe_load((ROOT / "_quarto.yml").read_text("utf-8"))
    assert set(settings["format"]) == {made.writer for made in FORMATS.values()}


def test_a_format_that_nobody_makes_is_refused_with_the_closest(project):
    path = project / "reports" / "taizhou-andun" / "series.yml"
    path.write_text(path.read_text("utf-8") + "formats: [html, pfd]\n", "utf-8")
    with pytest.raises(DefinitionError, match=r"series\.yml:\d+: formats.1: no format pfd; did you mean pdf"):
        load_series(path)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("project", None, "project: type: …"),
        ("format", None, "format: html: css: …"),
        ("format", "html", "format: html: css: …"),
        ("format.html", "default", "format: html: css: …"),
        ("format.typst", None, "format: typst: font-paths: …"),
        ("format.docx", "default", "format: docx: reference-doc: …"),
    ],
)
def test_a_setting_that_is_missing_is_named(tmp_path, path, text, expected):
    settings = yaml.safe_load((ROOT / "_quarto.yml").read_text("utf-8"))
    *above, last = path.split(".")
    at = settings
    for key in above:
        at = at[key]
    at |= {last: text}
    (tmp_path / "_quarto.yml").write_text(yaml.safe_dump(settings), "utf-8")
    with pytest.raises(ToolError) as caught:
        render_embedded(tmp_path, [RenderJob(Path("index.ipynb"), ("html", "pdf", "docx"), 0)])
    assert str(caught.value) == f"_quarto.yml: a setting is missing\n  expected: {expected}"


@pytest.mark.parametrize("text", ["- a list\n", "", "project: website\n"])
def test_what_is_no_configuration_of_a_site_is_refused_by_each_engine_and_by_hand(tmp_path, text):
    root = bare_project(tmp_path / "project")
    (root / "index.ipynb").write_text("{}", "utf-8")
    (root / "_quarto.yml").write_text(text, "utf-8")
    with pytest.raises(ToolError, match="a setting is missing"):
        render_with_quarto("quarto", root, [])
    said = tongbao(root, "render", "index.ipynb", "--lang", "zh", code=3).stderr
    assert "_quarto.yml：缺少一项设置" in said
    assert "应为：project: type: …" in said


@pytest.mark.parametrize("value", [5, True, [5], [None], [""], ["../x"], {"a": 1}, [{"at": "post-render"}]])
@pytest.mark.parametrize("path", ["project.resources", "filters", "format.html.css", "format.typst.font-paths", "lang"])
def test_a_setting_of_another_kind_is_named(tmp_path, path, value):
    settings = yaml.safe_load((ROOT / "_quarto.yml").read_text("utf-8"))
    *above, last = path.split(".")
    functools.reduce(operator.getitem, above, settings)[last] = value
    (tmp_path / "_quarto.yml").write_text(yaml.safe_dump(settings), "utf-8")
    with pytest.raises(ToolError, match="a setting is of another kind") as caught:
        render_embedded(tmp_path, [RenderJob(Path("index.ipynb"), ("html", "pdf", "docx"), 0)])
    assert str(caught.value).startswith(f"_quarto.yml: {path.replace('.', ': ')}: ")


@pytest.mark.parametrize("path", ["project.resources", "filters", "lang"])
def test_a_setting_that_is_left_empty_is_none(built, path):
    settings = yaml.safe_load((built / "_quarto.yml").read_text("utf-8"))
    *above, last = path.split(".")
    functools.reduce(operator.getitem, above, settings)[last] = None
    (built / "_quarto.yml").write_text(yaml.safe_dump(settings), "utf-8")
    assert "<p>正文</p>" in frame(Project(built), "---\ntitle: 题\n---\n\n正文\n", ".")


def test_settings_that_are_no_utf8_are_named(tmp_path):
    (tmp_path / "_quarto.yml").write_bytes("lang: zh\ntitle: 通报\n".encode("gb18030"))
    with pytest.raises(DefinitionError, match=r"_quarto\.yml:2: not UTF-8 text"):
        render_embedded(tmp_path, [])
