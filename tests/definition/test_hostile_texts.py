"""Definitions and texts that would do more than say something are refused, with the place; their cost is bounded."""

import pytest

from demo import SERIES, write_demo
from tongbao.basics.errors import DefinitionError, UsageError
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao.findings.templates import fill


@pytest.fixture
def root(tmp_path):
    write_demo(tmp_path)
    (tmp_path / "_quarto.yml").write_text("project: {type: website}\n")
    return tmp_path


def series_with(root, old, new):
    assert old in SERIES
    (root / "reports/demo/series.yml").write_text(SERIES.replace(old, new, 1), "utf-8")
    return Project(root).get_series("demo")


def line_of(text):
    return SERIES[: SERIES.index(text)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("zh: 甲县,", "zh: '甲<script>alert(1)</script>',"),
        ("header: 罚款（万元）,", "header: '罚款`x`{=typst}',"),
        ("title: {zh: 执法情况表,", "title: {zh: '[表](javascript:alert(1))',"),
        ("label: {zh: 警戒线,", "label: {zh: '![线](http://127.0.0.1/x.png)',"),
        ("zh: 其他情况表,", 'zh: "其他\\u202e情况表",'),
        ("notebook: monthly", "notebook: ../../monthly"),
        ("file: more.csv", "file: ../../../more.csv"),
        ("file: more.csv", "file: /etc/passwd"),
        ("default: 20,", "default: 1e999999999,"),
        ("factor: 2.5,", f"factor: {'9' * 40},"),
    ],
)
def test_a_definition_is_refused_with_its_line(root, old, new):
    with pytest.raises(DefinitionError) as refused:
        series_with(root, old, new)
    assert refused.value.place == f"reports/demo/series.yml:{line_of(old)}"


NESTED = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMBS = {
    "aliases": NESTED,
    "a circle": "a: &a [*a]\n",
    "brackets": "a: " + "[" * 5000 + "]" * 5000,
    "a tag": "a: !!python/object/apply:os.system ['true']\n",
    "length": "a: " + "x" * 3_000_000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_yaml_that_swells_is_refused(root, bomb):
    (root / "reports/demo/series.yml").write_text(bomb)
    with pytest.raises(DefinitionError) as refused:
        Project(root).get_series("demo")
    assert refused.value.place.startswith("reports/demo/series.yml")


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "\\\\<b>",
        "```{=html}",
        '{{ "{{< include /etc/passwd >}}" }}',
        "[a]: javascript:x",
        "![](/etc/passwd)",
    ],
)
def test_prose_that_does_something_is_refused_with_its_line(root, text):
    path = root / "reports/demo/2021-q2.md"
    path.write_text(f"---\nissued: 2021-07-10\n---\n# 下步要求\n\n各县\n\n{text}\n", "utf-8")
    with pytest.raises(DefinitionError, match="markup that a text cannot hold") as refused:
        Bulletin.open(Project(root), "demo", "2021-q2", {}).require_sound()
    assert refused.value.place == "reports/demo/2021-q2.md:8"


def test_nothing_of_a_remark_stays_that_would_be_taken_for_a_pages_head(root):
    path = root / "reports/demo/2021-q2.md"
    path.write_text(
        "---\nissued: 2021-07-10\n---\n# 下步要求\n\n各县\n\n<!-- head\nsite-root: https://x -->\n", "utf-8"
    )
    bulletin = Bulletin.open(Project(root), "demo", "2021-q2", {})
    bulletin.require_sound()
    assert "site-root" not in str([bulletin.narrative.section(section.id) for section in bulletin.series.sections])


def test_what_only_looks_like_it_stands(root):
    path = root / "reports/demo/2021-q2.md"
    path.write_text(
        "---\nissued: 2021-07-10\n---\n# 下步要求\n\n低于<20%，见[公报](https://example.org) \\<b>\n<!-- 说明 -->\n"
    )
    Bulletin.open(Project(root), "demo", "2021-q2", {}).require_sound()


@pytest.mark.parametrize(
    "template",
    [
        "{{ 9**9**9 }}",
        "{{ 'a' * 10**10 }}",
        "{% for a in 'aa' %}{% endfor %}",
        "{{ '%9999999999d' % 1 }}",
        "{{ period.ljust(9999999999) }}",
        "{{ period|center(9999999999) }}",
        "{{ ''.__class__ }}",
        "{% include '/etc/passwd' %}",
        "{{ range(9) }}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    ],
)
def test_templates_name_things_and_no_more(template):
    with pytest.raises(DefinitionError) as refused:
        fill(template, {"period": "2021年"}, "x.md", 1)
    assert refused.value.place == "x.md:1"


def test_a_link_out_of_the_project_is_not_followed(root, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for name in ("data/raw/demo/2021-q2/work.csv", "data/raw/demo/2021-q2/facts.csv", "reports/demo/2021-q2.md"):
        path = root / name
        good, target = path.read_bytes(), elsewhere / path.name
        path.rename(target)
        path.symlink_to(target)
        with pytest.raises(UsageError, match="a link that leads out of the project") as refused:
            Bulletin.open(Project(root), "demo", "2021-q2", {})
        assert refused.value.place == name
        path.unlink()
        path.write_bytes(good)
    (root / "data/raw/demo/2021-q2/more.csv").rename(root / "more.csv")
    (root / "data/raw/demo/2021-q2/more.csv").symlink_to(root / "more.csv")
    Bulletin.open(Project(root), "demo", "2021-q2", {})
