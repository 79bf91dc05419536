"""What makes a bulletin a draft, found with file and line; and that its head says so."""

import pytest

from conftest import ROOT, edit, tongbao
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.proof import Proof
from tongbao.definition.project import Project
from tongbao.display.text import masthead
from tongbao.reading.draft import open_points

SERIES, PERIOD = "wenzhou-monthly", "2021-01-to-02"
FOLDER = f"reports/{SERIES}"


def places(project):
    found = Project(project)
    return [(point.place, point.text) for point in open_points(found, SERIES, found.periods(SERIES)[0])]


def test_no_series_of_the_project_is_a_draft():
    project = Project(ROOT)
    for name in project.series_names:
        for period in project.periods(name):
            assert open_points(project, name, period) == ()


@pytest.mark.parametrize(
    ("file", "line", "text", "found"),
    [
        (f"{FOLDER}/series.yml", 1, "# CHECK: x", "CHECK: x"),
        (f"{FOLDER}/series.yml", 1, "# CHECK：全角", "CHECK：全角"),
        (f"{FOLDER}/{PERIOD}.md", 3, "number: 7 # CHECK: which", "CHECK: which"),
        (f"{FOLDER}/{PERIOD}.md", 8, "原因是（待填：原因）。", "（待填：原因）"),
        (f"{FOLDER}/{PERIOD}.en.md", 4, "<!-- CHECK: revise -->", "CHECK: revise"),
        (f"{FOLDER}/{PERIOD}.md", 8, "处罚率为XX%，较上月提高", "XX"),
        (f"{FOLDER}/{PERIOD}.md", 8, "检查××家、罚款___万元", "××"),
        (f"{FOLDER}/{PERIOD}.md", 8, "罚款___万元", "___"),
        (f"{FOLDER}/{PERIOD}.md", 8, "【此处补充问题】", "【此处补充问题】"),
        (f"{FOLDER}/{PERIOD}.md", 8, "原因（待核实）", "（待核实）"),
        (f"{FOLDER}/{PERIOD}.md", 8, "TODO write", "TODO"),
        (f"data/raw/{SERIES}/{PERIOD}/facts.csv", 3, 'x,名称,1,,,"CHECK: last period\'s"', "CHECK: last period's"),
    ],
)
def test_each_mark_is_found_where_it_stands(project, file, line, text, found):
    lines = (project / file).read_text("utf-8").splitlines()
    (project / file).write_text("\n".join([*lines[: line - 1], text, *lines[line - 1 :]]), "utf-8")
    assert places(project) == [(f"{file}:{line}", found)]


@pytest.mark.parametrize(
    "words",
    [
        "# CHECKS: all of them",
        "# CHECK the names",
        "# RECHECK: no",
        "# （此处）",
        "# 待核实线索、××公司、XX村",
        "# XX人民政府、××家具、《XX日报》、（待查处）、【待审批件】、MAXX%",
        "# ___",
    ],
)
def test_other_words_are_no_marks(project, words):
    edit(project / f"{FOLDER}/series.yml", "notebook:", f"{words}\nnotebook:")
    assert places(project) == []


def opened(project, lang):
    return Bulletin.open(Project(project), SERIES, PERIOD, {}, lang)


@pytest.mark.parametrize(
    ("lang", "title", "notice", "mark"),
    [
        ("zh", "（草稿）", "【草稿】本文尚有待定内容，不得发布。", "draft-mark: 草稿"),
        ("en", " (draft)", "[Draft] Parts of this text are to be settled", "draft-mark: DRAFT"),
    ],
)
def test_the_head_of_a_draft_says_so_in_each_edition(project, lang, title, notice, mark):
    sound = opened(project, lang)
    assert not sound.narrative.title.endswith(title)
    assert "draft" not in masthead(sound).parts[0].content["text/markdown"]
    assert Proof(sound).quality().draft is False
    edit(project / f"{FOLDER}/series.yml", "notebook:", "# CHECK: x\nnotebook:")
    draft = opened(project, lang)
    head, said = masthead(draft).parts[0], masthead(draft).parts[2]  # between them, what JupyterLab shows
    assert draft.narrative.title == sound.narrative.title + title
    assert mark in head.content["text/markdown"]
    assert notice in said.content["text/markdown"]
    assert Proof(draft).quality().draft is True


def test_check_lists_them_also_where_the_figures_cannot_be_read(project):
    edit(project / f"{FOLDER}/{PERIOD}.md", "issued: 2021-03-10", "issued: 2021-03-10 # CHECK: the day")
    edit(project / f"data/raw/{SERIES}/{PERIOD}/annex1.csv", "42.5", "4?2.5")
    said = tongbao(project, "check", SERIES, code=1).stdout
    assert f"draft       {SERIES}@{PERIOD}: 1 point left to settle, not for publication" in said
    assert f"{FOLDER}/{PERIOD}.md:2  CHECK: the day" in said
